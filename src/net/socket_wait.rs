//! Waits for many sockets at once, on a thread that does nothing else meanwhile. Other threads can wake it.
//!
//! It is for a thread of its own: the runtime's reactor is shared by all threads, and what one of them waits for often
//! passes through another.
//!
//! Must not know: what the sockets are for.

use std::io::{self, Read as _, Write as _};
use std::os::fd::{AsFd as _, BorrowedFd};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};

/// What a socket is waited for, or is ready for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Readiness {
    pub(crate) read: bool,
    pub(crate) write: bool,
}

/// The waiting thread's end.
#[derive(Debug)]
pub(crate) struct SocketWait {
    woken: UnixStream,
    thread: WakeUp,
}

/// Wakes the thread.
#[derive(Clone, Debug)]
pub(crate) struct WakeUp(Arc<Sleeper>);

#[derive(Debug)]
struct Sleeper {
    waker: UnixStream,
    /// Whether the thread waits, or is about to.
    waits: AtomicBool,
}

impl WakeUp {
    /// Has the thread look at what was given to it before, if it waits.
    pub(crate) fn wake(&self) {
        if self.0.waits.swap(false, Ordering::SeqCst) {
            // If there is no room, it is woken already.
            let _ = (&self.0.waker).write(&[0]);
        }
    }
}

impl SocketWait {
    /// Both ends.
    ///
    /// # Errors
    /// An error of the system: no free file descriptor.
    pub(crate) fn new() -> io::Result<(Self, WakeUp)> {
        let (waker, woken) = UnixStream::pair()?;
        waker.set_nonblocking(true)?;
        woken.set_nonblocking(true)?;
        let thread = WakeUp(Arc::new(Sleeper { waker, waits: AtomicBool::new(false) }));
        Ok((Self { woken, thread: thread.clone() }, thread))
    }

    /// Announces that the thread will wait. What is given to it from now on wakes it; what was given before, it has to look
    /// for after this.
    pub(crate) fn announce(&self) {
        self.thread.0.waits.store(true, Ordering::SeqCst);
    }

    /// Waits until a socket is ready for what is wanted of it, or for so long. Returns what each is ready for; one that has
    /// failed is ready for everything.
    ///
    /// # Errors
    /// An error of the system.
    pub(crate) fn wait(
        &self,
        sockets: &[(BorrowedFd<'_>, Readiness)],
        timeout: Option<Duration>,
    ) -> io::Result<Vec<Readiness>> {
        let mut polled = Vec::with_capacity(sockets.len() + 1);
        polled.push(PollFd::from_borrowed_fd(self.woken.as_fd(), PollFlags::IN));
        polled.extend(sockets.iter().map(|(socket, wanted)| PollFd::from_borrowed_fd(*socket, flags(*wanted))));
        // One that is out of range is longer than anybody waits.
        let timeout = timeout.and_then(|timeout| Timespec::try_from(timeout).ok());
        let waited = match poll(&mut polled, timeout.as_ref()) {
            Err(rustix::io::Errno::INTR) => Ok(0),
            waited => waited,
        };
        self.thread.0.waits.store(false, Ordering::SeqCst);
        if waited? > 0 && polled.first().is_some_and(|own| !own.revents().is_empty()) {
            let _ = (&self.woken).read(&mut [0; 16]);
        }
        Ok(polled.iter().skip(1).map(|polled| readiness(polled.revents())).collect())
    }
}

fn flags(wanted: Readiness) -> PollFlags {
    let mut flags = PollFlags::empty();
    flags.set(PollFlags::IN, wanted.read);
    flags.set(PollFlags::OUT, wanted.write);
    flags
}

fn readiness(flags: PollFlags) -> Readiness {
    let failed = flags.intersects(PollFlags::ERR | PollFlags::HUP | PollFlags::NVAL);
    Readiness { read: failed || flags.contains(PollFlags::IN), write: failed || flags.contains(PollFlags::OUT) }
}
