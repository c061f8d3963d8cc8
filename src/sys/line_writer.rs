//! Writes lines from a thread of its own, so that whoever has a line never waits for whoever reads it. What waits is
//! bounded in bytes; lines over the bound are dropped and counted, and the count is written as soon as lines are again.
//!
//! Must not know: what the lines say.

use std::io;
use std::os::fd::BorrowedFd;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;

/// The most bytes of one write: lines that are written together reach a pipe whole, whoever else writes to it.
const PIECE: usize = 4096;

/// Lines that wait for the writing thread.
#[derive(Debug)]
pub struct LineWriter {
    state: Mutex<State>,
    changed: Condvar,
    /// Bytes that may wait; as many again may be being written.
    most: usize,
}

#[derive(Debug)]
struct State {
    waiting: Vec<u8>,
    /// Lines that were dropped and are not told of yet.
    dropped: u64,
    /// Whether the thread writes.
    writing: bool,
}

impl LineWriter {
    /// Nothing waits, and at most this many bytes may.
    #[must_use]
    pub const fn new(most: usize) -> Self {
        let state = State { waiting: Vec::new(), dropped: 0, writing: false };
        Self { state: Mutex::new(state), changed: Condvar::new(), most }
    }

    /// Adds a line, which ends in a line feed. Never waits for a reader.
    pub fn push(&self, line: &str) {
        let mut state = self.state();
        if state.waiting.len() + line.len() > self.most {
            state.dropped += 1;
            return;
        }
        state.waiting.extend_from_slice(line.as_bytes());
        drop(state);
        self.changed.notify_all();
    }

    /// Writes what is added, for ever. `count` makes the line that tells how many lines were dropped.
    pub fn work(&self, mut write: impl FnMut(&[u8]) -> io::Result<()>, count: impl Fn(u64) -> String) {
        loop {
            let (mut lines, dropped) = self.take();
            if dropped > 0 {
                lines.extend_from_slice(count(dropped).as_bytes());
            }
            let mut rest = lines.as_slice();
            while !rest.is_empty() {
                let (piece, later) = rest.split_at(piece_of(rest));
                rest = later;
                if write(piece).is_err() {
                    let lost = rest.iter().chain(piece).filter(|&&byte| byte == b'\n').count();
                    self.state().dropped += lost as u64;
                    break;
                }
            }
            self.state().writing = false;
            self.changed.notify_all();
        }
    }

    /// Waits until everything is written, for a limited time; `false` if something still waits then.
    pub fn finish(&self, patience: Duration) -> bool {
        let busy = |state: &mut State| state.writing || !state.waiting.is_empty();
        let waited = self.changed.wait_timeout_while(self.state(), patience, busy);
        !waited.unwrap_or_else(PoisonError::into_inner).1.timed_out()
    }

    /// Waits for lines, and takes them all with the count of those dropped since.
    fn take(&self) -> (Vec<u8>, u64) {
        let empty = |state: &mut State| state.waiting.is_empty();
        let waited = self.changed.wait_while(self.state(), empty);
        let mut state = waited.unwrap_or_else(PoisonError::into_inner);
        state.writing = true;
        (std::mem::take(&mut state.waiting), std::mem::take(&mut state.dropped))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Whoever panicked did so outside of it.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The length of the lines to write at once: at least one, and no more than fit into a piece.
fn piece_of(lines: &[u8]) -> usize {
    let ends = |bytes: &[u8]| bytes.iter().rposition(|&byte| byte == b'\n').map(|at| at + 1);
    let whole = lines.get(..PIECE).map_or(Some(lines.len()), ends);
    whole.or_else(|| lines.iter().position(|&byte| byte == b'\n').map(|at| at + 1)).unwrap_or(lines.len())
}

/// Writes all bytes, waiting for as long as that takes. No lock of the standard library is held, so that a reader that
/// never reads stops this thread alone.
///
/// # Errors
/// What the system says.
pub fn write_all(fd: BorrowedFd<'_>, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match rustix::io::write(fd, bytes) {
            Ok(written) => bytes = bytes.get(written..).unwrap_or_default(),
            Err(Errno::INTR) => {}
            // Another process has made the pipe non-blocking.
            Err(Errno::AGAIN) => {
                let _ = poll(&mut [PollFd::from_borrowed_fd(fd, PollFlags::OUT)], None);
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}
