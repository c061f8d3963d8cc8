//! A stream in the clear that carries a leg. The relay's thread reads and writes it, and never waits for it.
//!
//! Must not know: where packets go.

use std::io;
use std::os::fd::{AsFd, BorrowedFd};

use super::leg_queue::LegQueue;
use crate::model::Timestamp;
use crate::net::socket::Socket;
use crate::net::socket_wait::Readiness;
use crate::server::limits::{LEG_READ_SIZE, LEG_STALL, LEG_WRITE_SIZE, OVER_RATE_PAUSE};

/// A stream in the clear.
#[derive(Debug)]
pub(super) struct ClearStream {
    socket: Socket,
    queue: LegQueue,
    /// What is being written, of which the first bytes are written already.
    out: Vec<u8>,
    written: usize,
    /// Since when the stream takes nothing.
    full_since: Option<Timestamp>,
    /// When it was over its rate.
    over_rate: Option<Timestamp>,
}

impl ClearStream {
    /// A stream to which `first` is written before anything else.
    pub(super) fn new(socket: Socket, first: Vec<u8>) -> Self {
        Self { socket, queue: LegQueue::default(), out: first, written: 0, full_since: None, over_rate: None }
    }

    /// What the stream is waited for.
    pub(super) fn wants(&self, now: Timestamp) -> Readiness {
        let pauses = self.over_rate.is_some_and(|over| now.since(over) < OVER_RATE_PAUSE);
        Readiness { read: !pauses, write: self.full_since.is_some() }
    }

    /// Reads what is there and passes it to `take`; nothing is the end of the stream.
    ///
    /// # Errors
    /// `WouldBlock` if there is nothing, or an error of the system.
    pub(super) fn read(&self, take: impl FnOnce(&[u8])) -> io::Result<usize> {
        self.socket.try_read_clear(LEG_READ_SIZE, |bytes| {
            take(bytes);
            bytes.len()
        })
    }

    /// Lets a packet wait; returns how many older ones had to go.
    pub(super) fn push(&self, packet: Vec<u8>) -> (u64, usize) {
        self.queue.push(packet)
    }

    /// Writes what waits, as far as the stream takes it.
    ///
    /// # Errors
    /// An error of the system, or `TimedOut` if the stream has taken nothing for too long.
    pub(super) fn flush(&mut self, now: Timestamp) -> io::Result<()> {
        loop {
            let rest = self.out.get(self.written..).unwrap_or_default();
            if rest.is_empty() {
                (self.written, self.full_since) = (0, None);
                self.out.clear();
                if !self.queue.gather(&mut self.out, LEG_WRITE_SIZE) {
                    return Ok(());
                }
                continue;
            }
            match self.socket.try_write(rest) {
                Ok(written) => (self.written, self.full_since) = (self.written + written, None),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    let since = *self.full_since.get_or_insert(now);
                    return if now.since(since) < LEG_STALL { Ok(()) } else { Err(io::ErrorKind::TimedOut.into()) };
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Has the stream be read more slowly for a moment.
    pub(super) fn slow_down(&mut self, now: Timestamp) {
        self.over_rate = Some(now);
    }

    /// Whether it is read more slowly now.
    pub(super) fn pauses(&self, now: Timestamp) -> bool {
        !self.wants(now).read
    }
}

impl AsFd for ClearStream {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }
}

impl Drop for ClearStream {
    fn drop(&mut self) {
        // What the stream takes at once is the end of what the other client said.
        let _ = self.flush(Timestamp::default());
        self.socket.finish();
        self.socket.cut();
    }
}
