//! Learns which of many sockets can be read, without telling the kernel before each read that it is waited for.
//!
//! The runtime's reactor asks for one event at a time, which is a system call more for each read. Here a socket is
//! entered once, and the kernel reports each time that more has come. Where that is not possible, a socket goes on being
//! read by the reactor.
//!
//! Must not know: what is read, or who reads it.

use std::future::poll_fn;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};
use std::time::Duration;

use async_io::Timer;
use futures_lite::future::yield_now;
use slab::Slab;

use self::kernel::Reports;
use super::socket::{READ_SIZE, Socket};

/// How long to wait after an error of the system that no manual page leads one to expect.
const PAUSE: Duration = Duration::from_millis(100);

/// Watches sockets. One task has to [`ReadWatch::run`] it.
#[derive(Clone, Debug)]
pub struct ReadWatch(Arc<WatchList>);

#[derive(Debug)]
struct WatchList {
    reports: Reports,
    sockets: Mutex<Slab<Arc<Mutex<SocketNews>>>>,
}

/// What is known of one socket.
#[derive(Debug, Default)]
struct SocketNews {
    /// Whether something came, or may have come, since the last read began.
    fresh: bool,
    /// Whether the last read has left something.
    more: bool,
    /// Whether the other side has ended: the kernel reports nothing more, so that only a read that finds nothing tells
    /// that nothing is left.
    ended: bool,
    /// Whoever waits to read.
    waiting: Option<Waker>,
}

/// What the kernel reports of one socket.
#[derive(Clone, Copy, Debug)]
struct Readable {
    /// The number under which it was entered.
    number: usize,
    /// Whether the other side has ended.
    ended: bool,
}

impl ReadWatch {
    /// Watches nothing yet.
    ///
    /// # Errors
    /// An error of the system, or this system has no such thing.
    pub fn start() -> io::Result<Self> {
        Ok(Self(Arc::new(WatchList { reports: Reports::new()?, sockets: Mutex::default() })))
    }

    /// Wakes those who wait for a socket, for as long as it is polled.
    pub async fn run(self) {
        loop {
            match self.0.reports.next().await {
                Ok(reports) => reports.into_iter().for_each(|report| self.pass_on(report)),
                Err(_) => drop(Timer::after(PAUSE).await),
            }
        }
    }

    fn pass_on(&self, Readable { number, ended }: Readable) {
        // It may have left since.
        let Some(socket) = locked(&self.0.sockets).get(number).cloned() else { return };
        let mut news = locked(&socket);
        news.fresh = true;
        news.ended |= ended;
        let waiting = news.waiting.take();
        drop(news);
        waiting.into_iter().for_each(Waker::wake);
    }

    /// Watches a socket without TLS, until what this returns is dropped. Nothing else may read it meanwhile.
    ///
    /// # Errors
    /// An error of the system: it watches too much already.
    pub fn enter(&self, socket: Socket) -> io::Result<WatchedSocket> {
        let news: Arc<Mutex<SocketNews>> = Arc::default();
        let number = locked(&self.0.sockets).insert(Arc::clone(&news));
        let watched = WatchedSocket { socket, news, number, watch: self.clone() };
        // Bytes that are already waiting are reported too.
        self.0.reports.enter(&watched.socket, number)?;
        Ok(watched)
    }
}

/// A socket that is watched.
#[derive(Debug)]
pub struct WatchedSocket {
    socket: Socket,
    news: Arc<Mutex<SocketNews>>,
    number: usize,
    watch: ReadWatch,
}

impl WatchedSocket {
    /// The socket itself, to be written to.
    #[must_use]
    pub fn socket(&self) -> &Socket {
        &self.socket
    }

    /// Waits for bytes, at most `most` of them, and passes them to `take`; an empty slice is the end of the stream.
    ///
    /// # Errors
    /// An error of the system.
    pub async fn read<T>(&self, most: usize, take: impl FnOnce(&[u8]) -> T) -> io::Result<T> {
        let most = most.min(READ_SIZE);
        let mut take = Some(take);
        loop {
            self.fresh().await;
            let read = self.socket.try_read_clear(most, |bytes| {
                // A read that was not filled has left nothing, unless its sender has put a mark there (urgent bytes, file
                // descriptors); what comes from now on is reported.
                let more = bytes.len() == most;
                take.take().map(|take| (take(bytes), more))
            });
            match read {
                Ok(Some((taken, more))) => {
                    locked(&self.news).more = more;
                    return Ok(taken);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => locked(&self.news).fresh = true,
                Err(error) if error.kind() != io::ErrorKind::WouldBlock => return Err(error),
                Ok(None) | Err(_) => {
                    let mut news = locked(&self.news);
                    // There is nothing, whatever was reported before.
                    news.ended &= news.fresh;
                }
            }
        }
    }

    /// Waits until something may have come since this returned last. Any wake-up is enough: whoever limits the time of a read
    /// is to find what came within it, even if the watch had no turn to say so.
    async fn fresh(&self) {
        let more = {
            let mut news = locked(&self.news);
            let more = std::mem::take(&mut news.more);
            news.fresh |= more;
            more
        };
        if more {
            // Whoever sends without a pause is not to keep the others from being read.
            yield_now().await;
        }
        let mut asked = false;
        poll_fn(|cx| {
            let mut news = locked(&self.news);
            if std::mem::take(&mut news.fresh) || news.ended || std::mem::replace(&mut asked, true) {
                return Poll::Ready(());
            }
            match &mut news.waiting {
                Some(waiting) => waiting.clone_from(cx.waker()),
                waiting => *waiting = Some(cx.waker().clone()),
            }
            Poll::Pending
        })
        .await;
    }
}

impl Drop for WatchedSocket {
    fn drop(&mut self) {
        // Others may hold the socket open and go on reading it.
        self.watch.0.reports.leave(&self.socket);
        locked(&self.watch.0.sockets).try_remove(self.number);
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing is left half done under such a lock.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(target_os = "linux")]
mod kernel {
    use std::io;
    use std::os::fd::{AsFd, OwnedFd};

    use async_io::Async;
    use rustix::event::Timespec;
    use rustix::event::epoll::{self, CreateFlags, Event, EventData, EventFlags};

    use super::Readable;
    use crate::net::socket::woken;

    /// Reports that are taken at a time.
    const MOST: usize = 256;

    /// The kernel's list of sockets, of which the runtime's reactor sees only that it has something to report.
    #[derive(Debug)]
    pub(super) struct Reports(Async<OwnedFd>);

    impl Reports {
        pub(super) fn new() -> io::Result<Self> {
            Ok(Self(Async::new(epoll::create(CreateFlags::CLOEXEC)?)?))
        }

        /// Waits for the next ones.
        pub(super) async fn next(&self) -> io::Result<Vec<Readable>> {
            let mut events: Vec<Event> = Vec::with_capacity(MOST);
            loop {
                woken(|cx| self.0.poll_readable(cx)).await?;
                match epoll::wait(&self.0, rustix::buffer::spare_capacity(&mut events), Some(&Timespec::default())) {
                    Ok(0) | Err(rustix::io::Errno::INTR) => {}
                    Ok(_) => return Ok(events.iter().map(report).collect()),
                    Err(error) => return Err(error.into()),
                }
            }
        }

        pub(super) fn enter(&self, socket: impl AsFd, number: usize) -> io::Result<()> {
            let flags = EventFlags::IN | EventFlags::RDHUP | EventFlags::ET;
            Ok(epoll::add(&self.0, socket, EventData::new_u64(number as u64), flags)?)
        }

        pub(super) fn leave(&self, socket: impl AsFd) {
            // If it was never entered, there is nothing to leave.
            let _ = epoll::delete(&self.0, socket);
        }
    }

    fn report(event: &Event) -> Readable {
        let (data, flags) = (event.data, event.flags);
        let ended = flags.intersects(EventFlags::RDHUP | EventFlags::HUP | EventFlags::ERR);
        Readable { number: usize::try_from(data.u64()).unwrap_or(usize::MAX), ended }
    }
}

#[cfg(not(target_os = "linux"))]
mod kernel {
    use std::io;
    use std::os::fd::AsFd;

    use super::Readable;

    /// There is no such list here.
    #[derive(Debug)]
    pub(super) enum Reports {}

    impl Reports {
        pub(super) fn new() -> io::Result<Self> {
            Err(io::ErrorKind::Unsupported.into())
        }

        pub(super) async fn next(&self) -> io::Result<Vec<Readable>> {
            match *self {}
        }

        pub(super) fn enter(&self, _: impl AsFd, _: usize) -> io::Result<()> {
            match *self {}
        }

        pub(super) fn leave(&self, _: impl AsFd) {
            match *self {}
        }
    }
}
