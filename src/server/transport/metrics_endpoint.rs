//! Gives out the server's numbers over HTTP, a few connections at a time and to this machine alone.
//!
//! The broker's task is asked for them as any connection asks it for something, and no more often than four times a
//! second, however many want to know: they are given the same page.
//!
//! Must not know: what is counted (`metrics`).

use std::io;
use std::sync::Arc;
use std::time::Duration;

use async_std::channel::{Receiver, Sender, bounded};
use async_std::future::timeout;
use async_std::sync::Mutex;
use async_std::task;

use super::executor::Crew;
use super::http::{self, Status};
use super::inbox::Arrival;
use crate::model::Timestamp;
use crate::net::listen::Listener;
use crate::net::socket::{READ_SIZE, Socket};
use crate::server::limits::{
    ACCEPT_PAUSE, METRICS_AGE, METRICS_CLIENTS, METRICS_DEADLINE, METRICS_PATIENCE, METRICS_REQUEST,
};
use crate::server::telemetry::openmetrics as exposition;
use crate::sys::clock::Clock;

/// What gives out numbers.
#[derive(Clone, Debug)]
pub(in crate::server) struct Exporter {
    inbox: Sender<Arrival>,
    clock: Clock,
    crew: Crew,
    start: Timestamp,
    /// The page as it was made last, and when.
    latest: Arc<Mutex<Option<Made>>>,
    /// Holds a token for each client that is served.
    places: (Sender<()>, Receiver<()>),
}

/// A page, and when it was made.
type Made = (Duration, Arc<str>);

impl Exporter {
    pub(in crate::server) fn new(inbox: Sender<Arrival>, clock: Clock, crew: Crew) -> Self {
        let (start, latest) = (clock.now().wall, Arc::default());
        Self { inbox, clock, crew, start, latest, places: bounded(METRICS_CLIENTS) }
    }

    /// Serves whoever comes, for as long as the server runs.
    pub(in crate::server) async fn serve(self, listener: Listener) {
        loop {
            let Ok((socket, _)) = listener.accept().await else {
                task::sleep(ACCEPT_PAUSE).await;
                continue;
            };
            // Who is one too many waits in the kernel.
            if self.places.0.send(()).await.is_err() {
                return;
            }
            let exporter = self.clone();
            self.crew.here(async move {
                // Who takes too long is cut, and whatever goes wrong concerns nobody else.
                let _ = timeout(METRICS_DEADLINE, exporter.answer(&socket)).await;
                socket.cut();
                let _ = exporter.places.1.try_recv();
            });
        }
    }

    async fn answer(&self, socket: &Socket) -> io::Result<()> {
        let mut head = Vec::new();
        while !http::is_whole(&head) && head.len() <= METRICS_REQUEST {
            let most = (METRICS_REQUEST + 1 - head.len()).min(READ_SIZE);
            if socket.read(most, |bytes| take(&mut head, bytes)).await? == 0 {
                break;
            }
        }
        let mut status = http::judge(&head);
        let page = if status == Status::Page { self.page().await } else { None };
        if status == Status::Page && page.is_none() {
            status = Status::Unavailable;
        }
        let answer = http::answer(status, (exposition::CONTENT_TYPE, page.as_deref().unwrap_or_default()));
        socket.write_all(&answer, METRICS_DEADLINE).await?;
        socket.finish();
        // What is still on its way would otherwise have the kernel throw the answer away.
        while socket.read(READ_SIZE, <[u8]>::len).await? > 0 {}
        Ok(())
    }

    /// The page; none if the broker does not answer in time.
    async fn page(&self) -> Option<Arc<str>> {
        let mut latest = self.latest.lock().await;
        let now = self.clock.elapsed();
        if let Some((_, page)) = latest.as_ref().filter(|(made, _)| now.saturating_sub(*made) < METRICS_AGE) {
            return Some(Arc::clone(page));
        }
        let (answer, asked) = bounded(1);
        let snapshot = timeout(METRICS_PATIENCE, async {
            self.inbox.send(Arrival::Measure(answer)).await.ok()?;
            asked.recv().await.ok()
        });
        let page: Arc<str> = exposition::write(&snapshot.await.ok()??, self.start).into();
        *latest = Some((self.clock.elapsed(), Arc::clone(&page)));
        Some(page)
    }
}

fn take(head: &mut Vec<u8>, bytes: &[u8]) -> usize {
    head.extend_from_slice(bytes);
    bytes.len()
}
