//! Serves the metrics over HTTP, to a few clients at a time, all on this machine.
//!
//! What disks tell is asked for on a thread of its own, because they may hang, and at most once at a time.
//!
//! It asks the broker's task through the inbox, as connections do, at most four times a second; all clients share the
//! page.
//!
//! Must not know: what is counted (`metrics`).

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use async_std::channel::{Receiver, Sender, bounded};
use async_std::future::timeout;
use async_std::sync::Mutex;
use async_std::task::{self, JoinHandle};

use super::executor::Executor;
use super::http::{self, Status};
use super::inbox::Arrival;
use super::listener::next_connection;
use crate::model::Timestamp;
use crate::net::listen::Listener;
use crate::net::socket::{READ_SIZE, Socket};
use crate::net::tls_config::Acceptor;
use crate::server::limits::{
    METRICS_AGE, METRICS_CLIENTS, METRICS_DEADLINE, METRICS_LOOK, METRICS_PATIENCE, METRICS_REQUEST,
};
use crate::server::store::{self, backup_mark};
use crate::server::telemetry::metrics::Upkeep;
use crate::server::telemetry::openmetrics;
use crate::sys::clock::Clock;
use crate::sys::disk;

/// Serves the metrics.
#[derive(Clone, Debug)]
pub(in crate::server) struct MetricsEndpoint {
    inbox: Sender<Arrival>,
    clock: Clock,
    executor: Executor,
    start: Timestamp,
    watched: Watched,
    latest: Arc<Mutex<Latest>>,
    /// Holds one token for each client that is being served.
    slots: (Sender<()>, Receiver<()>),
}

/// What is looked at besides the broker.
#[derive(Clone, Debug)]
pub(in crate::server) struct Watched {
    /// The data folder.
    pub(in crate::server) data: PathBuf,
    /// Whether there is a history in it.
    pub(in crate::server) has_history: bool,
    /// What shows the certificate.
    pub(in crate::server) acceptor: Option<Acceptor>,
}

/// What the clients share.
#[derive(Debug, Default)]
struct Latest {
    /// The newest page, and when it was written.
    page: Option<(Duration, Arc<str>)>,
    disk: DiskLook,
}

/// Looks at a disk, which may hang: one look at a time.
#[derive(Debug, Default)]
struct DiskLook {
    /// The one that takes long.
    under_way: Option<JoinHandle<Upkeep>>,
}

impl DiskLook {
    /// What `look` finds on a thread of its own; `None` if that takes too long. Then it goes on, and the next call waits for it
    /// and not for another.
    async fn find(&mut self, look: impl FnOnce() -> Upkeep + Send + 'static) -> Option<Upkeep> {
        // It stays here meanwhile, also if the client that waits for it is cut.
        let under_way = self.under_way.get_or_insert_with(|| task::spawn_blocking(look));
        let found = timeout(METRICS_LOOK, under_way).await.ok();
        if found.is_some() {
            self.under_way = None;
        }
        found
    }
}

impl MetricsEndpoint {
    pub(in crate::server) fn new(inbox: Sender<Arrival>, watched: Watched, clock: Clock, executor: Executor) -> Self {
        let (start, latest) = (clock.now().wall, Arc::default());
        Self { inbox, clock, executor, start, watched, latest, slots: bounded(METRICS_CLIENTS) }
    }

    /// Serves clients for as long as the server runs.
    pub(in crate::server) async fn serve(self, mut listener: Listener) {
        loop {
            let (socket, _) = next_connection(&mut listener).await;
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
        if let Some((_, page)) = latest.page.as_ref().filter(|(made, _)| now.saturating_sub(*made) < METRICS_AGE) {
            return Some(Arc::clone(page));
        }
        let (answer, asked) = bounded(1);
        let snapshot = timeout(METRICS_PATIENCE, async {
            self.inbox.send(Arrival::Measure(answer)).await.ok()?;
            asked.recv().await.ok()
        });
        let snapshot = snapshot.await.ok()??;
        let Watched { data, has_history, acceptor } = self.watched.clone();
        let certificate_end = acceptor.as_ref().and_then(Acceptor::end);
        let found = latest.disk.find(move || look_at(&data, has_history)).await;
        let upkeep = Upkeep { certificate_end, ..found.unwrap_or_default() };
        let page: Arc<str> = openmetrics::write(&snapshot, &upkeep, self.start).into();
        latest.page = Some((self.clock.elapsed(), Arc::clone(&page)));
        Some(page)
    }
}

/// Looks at the disk.
fn look_at(data: &Path, has_history: bool) -> Upkeep {
    let (history, log) = store::files(data);
    let only_there = has_history.then_some(());
    Upkeep {
        free: disk::free(data),
        history: only_there.and_then(|()| disk::length(&history)),
        log: only_there.and_then(|()| disk::length(&log)),
        last_backup: only_there.and_then(|()| disk::changed(&backup_mark::path(data))),
        certificate_end: None,
    }
}

fn take(head: &mut Vec<u8>, bytes: &[u8]) -> usize {
    head.extend_from_slice(bytes);
    bytes.len()
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use async_std::task::block_on;
    use futures_lite::future::poll_once;

    use super::{DiskLook, Upkeep};

    #[test]
    fn a_disk_that_hangs_holds_up_no_page_and_takes_one_thread() {
        let free = |free| Upkeep { free: Some(free), ..Upkeep::default() };
        let (works_again, hangs) = channel::<()>();
        let mut disk = DiskLook::default();
        let first = disk.find(move || {
            let _ = hangs.recv();
            free(1)
        });
        assert_eq!(block_on(first), None);
        // A client that is cut while it waits takes nothing along.
        assert_eq!(block_on(poll_once(disk.find(move || free(2)))), None);
        // Nobody looks again meanwhile.
        assert_eq!(block_on(disk.find(move || free(2))), None);
        drop(works_again);
        assert_eq!(block_on(disk.find(move || free(3))), Some(free(1)));
        assert_eq!(block_on(disk.find(move || free(4))), Some(free(4)));
    }
}
