//! Reports which of many sockets can be read, without a system call before each read.
//!
//! The runtime's reactor registers its interest anew for each event, which costs a system call for each read. Here a socket
//! is registered once, and the kernel reports each time that more bytes have arrived. Where the system has no such list,
//! sockets are read by the reactor.
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

/// How long to wait after an error of the system, although none should occur.
const PAUSE: Duration = Duration::from_millis(100);

/// A list of sockets that are watched. One task has to run [`ReadWatch::run`].
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
    /// Whether bytes have arrived, or may have, since the last read began.
    fresh: bool,
    /// Whether the last read filled its buffer, so that bytes may be left.
    more: bool,
    /// Whether the other side has ended the stream. The kernel reports nothing more then, so it is read until nothing is
    /// left.
    ended: bool,
    /// Wakes the task that waits to read.
    waiting: Option<Waker>,
}

/// What the kernel reports of one socket.
#[derive(Clone, Copy, Debug)]
struct Readable {
    /// The number that the socket got when it was entered.
    number: usize,
    /// Whether the other side has ended the stream.
    ended: bool,
}

impl ReadWatch {
    /// An empty list.
    ///
    /// # Errors
    /// An error of the system, or the system has no such list.
    pub fn start() -> io::Result<Self> {
        Ok(Self(Arc::new(WatchList { reports: Reports::new()?, sockets: Mutex::default() })))
    }

    /// Wakes the readers whose sockets can be read. It never ends.
    pub async fn run(self) {
        loop {
            match self.0.reports.next().await {
                Ok(reports) => reports.into_iter().for_each(|report| self.pass_on(report)),
                Err(_) => drop(Timer::after(PAUSE).await),
            }
        }
    }

    fn pass_on(&self, Readable { number, ended }: Readable) {
        // The socket may have left since.
        let Some(socket) = locked(&self.0.sockets).get(number).cloned() else { return };
        let mut news = locked(&socket);
        news.fresh = true;
        news.ended |= ended;
        let waiting = news.waiting.take();
        drop(news);
        waiting.into_iter().for_each(Waker::wake);
    }

    /// Enters a socket without TLS, until the returned value is dropped. Nothing else may read the socket meanwhile.
    ///
    /// # Errors
    /// An error of the system, such as too many watched sockets.
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
                // A read that does not fill its buffer leaves nothing, unless the sender has put a mark there (urgent bytes,
                // file descriptors). Bytes that arrive from now on are reported.
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
                    // There was nothing, whatever was reported before.
                    news.ended &= news.fresh;
                }
            }
        }
    }

    /// Waits until bytes may have arrived since it last returned. It returns after any wake-up: when the time limit of a read
    /// ends, bytes that arrived within it are to be found, even if the watch has not yet had its turn to report them.
    async fn fresh(&self) {
        let more = {
            let mut news = locked(&self.news);
            let more = std::mem::take(&mut news.more);
            news.fresh |= more;
            more
        };
        if more {
            // A peer that sends without a pause must not keep the others from being read.
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
        // The socket may stay open and be read by somebody else.
        self.watch.0.reports.leave(&self.socket);
        locked(&self.watch.0.sockets).try_remove(self.number);
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What the lock protects is whole after each statement.
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

    /// The most reports that are taken at once.
    const MOST: usize = 256;

    /// The kernel's list of sockets. The runtime's reactor sees only whether the list has something to report.
    #[derive(Debug)]
    pub(super) struct Reports(Async<OwnedFd>);

    impl Reports {
        pub(super) fn new() -> io::Result<Self> {
            Ok(Self(Async::new(epoll::create(CreateFlags::CLOEXEC)?)?))
        }

        /// Waits for the next reports.
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
            // A socket that could not be entered is not in the list.
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
