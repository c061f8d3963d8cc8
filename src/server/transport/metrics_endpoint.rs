//! Serves the metrics over HTTP, to a few clients at a time, all on this machine.
//!
//! It asks the broker's task through the inbox, as connections do, at most four times a second; all clients share the
//! page.
//!
//! Must not know: what is counted (`metrics`).

use std::io;
use std::sync::Arc;
use std::time::Duration;

use async_std::channel::{Receiver, Sender, bounded};
use async_std::future::timeout;
use async_std::sync::Mutex;
use async_std::task;

use super::executor::Executor;
use super::http::{self, Status};
use super::inbox::Arrival;
use super::listener::log_news;
use crate::model::Timestamp;
use crate::net::listen::{Accepted, Listener};
use crate::net::socket::{READ_SIZE, Socket};
use crate::server::limits::{
    ACCEPT_PAUSE, METRICS_AGE, METRICS_CLIENTS, METRICS_DEADLINE, METRICS_PATIENCE, METRICS_REQUEST,
};
use crate::server::telemetry::openmetrics;
use crate::sys::clock::Clock;

/// Serves the metrics.
#[derive(Clone, Debug)]
pub(in crate::server) struct MetricsEndpoint {
    inbox: Sender<Arrival>,
    clock: Clock,
    executor: Executor,
    start: Timestamp,
    /// The newest page.
    latest: Arc<Mutex<Option<CachedPage>>>,
    /// Holds one token for each client that is being served.
    slots: (Sender<()>, Receiver<()>),
}

/// A page, and when it was written.
type CachedPage = (Duration, Arc<str>);

impl MetricsEndpoint {
    pub(in crate::server) fn new(inbox: Sender<Arrival>, clock: Clock, executor: Executor) -> Self {
        let (start, latest) = (clock.now().wall, Arc::default());
        Self { inbox, clock, executor, start, latest, slots: bounded(METRICS_CLIENTS) }
    }

    /// Serves clients for as long as the server runs.
    pub(in crate::server) async fn serve(self, mut listener: Listener) {
        loop {
            let socket = match listener.accept().await {
                Ok(Accepted::Connection(socket, _)) => socket,
                Ok(Accepted::File(path, news)) => {
                    log_news(&path, &news);
                    continue;
                }
                Err(_) => {
                    task::sleep(ACCEPT_PAUSE).await;
                    continue;
                }
            };
            // Further clients wait in the kernel.
            if self.slots.0.send(()).await.is_err() {
                return;
            }
            let endpoint = self.clone();
            self.executor.spawn(async move {
                // A client that takes too long is cut, and an error concerns nobody else.
                let _ = timeout(METRICS_DEADLINE, endpoint.answer(&socket)).await;
                socket.cut();
                let _ = endpoint.slots.1.try_recv();
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
        let answer = http::answer(status, (openmetrics::CONTENT_TYPE, page.as_deref().unwrap_or_default()));
        socket.write_all(&answer, METRICS_DEADLINE).await?;
        socket.finish();
        // Unread bytes of the request would make the kernel discard the response.
        while socket.read(READ_SIZE, <[u8]>::len).await? > 0 {}
        Ok(())
    }

    /// The page; `None` if the broker does not answer in time.
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
        let page: Arc<str> = openmetrics::write(&snapshot.await.ok()??, self.start).into();
        *latest = Some((self.clock.elapsed(), Arc::clone(&page)));
        Some(page)
    }
}

fn take(head: &mut Vec<u8>, bytes: &[u8]) -> usize {
    head.extend_from_slice(bytes);
    bytes.len()
}
