//! Wakes the event loop from other threads and tasks.
//!
//! Must not know: what the message is; that goes through a channel of its own.

use std::io::{self, Read, Write};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Wakes the loop that holds the [`Wake`]. Send to the channel first, then wake.
#[derive(Clone, Debug)]
pub struct Waker {
    line: Arc<UnixStream>,
    rung: Arc<AtomicBool>,
}

impl Waker {
    /// Wakes the loop; costs nothing if it is about to wake anyway.
    pub fn wake(&self) {
        if !self.rung.swap(true, Ordering::AcqRel) {
            // A full socket wakes as well as one more byte; a closed one has nobody to wake.
            let _ = (&*self.line).write(&[1]);
        }
    }
}

/// The loop's end.
#[derive(Debug)]
pub struct Wake {
    line: UnixStream,
    rung: Arc<AtomicBool>,
}

impl Wake {
    /// Makes the two ends.
    pub fn pair() -> io::Result<(Waker, Self)> {
        let (near, far) = UnixStream::pair()?;
        near.set_nonblocking(true)?;
        far.set_nonblocking(true)?;
        let rung = Arc::new(AtomicBool::new(false));
        Ok((Waker { line: Arc::new(far), rung: rung.clone() }, Self { line: near, rung }))
    }

    /// Forgets earlier wake-ups. Look into the channel afterwards: what is sent from now on wakes the loop again.
    pub fn clear(&self) {
        let mut bytes = [0; 64];
        while matches!((&self.line).read(&mut bytes), Ok(count) if count == bytes.len()) {}
        self.rung.store(false, Ordering::Release);
    }
}

impl AsFd for Wake {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.line.as_fd()
    }
}
