//! A connected socket: written without waiting, read through a buffer that idle sockets do not hold.
//!
//! Works on the file descriptor, so that every kind of stream socket is the same here.
//!
//! Must not know: what is sent.

use std::cell::RefCell;
use std::io::{self, IoSlice};
use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::time::Duration;

use async_io::Async;
use rustix::net::{self, RecvFlags, SendAncillaryBuffer, SendFlags, Shutdown, sockopt};

/// What is read at once at most, in bytes.
pub const READ_SIZE: usize = 16 * 1024;

/// Pieces that one write gathers.
pub const MAX_PIECES: usize = 64;

/// Kernel keep-alive: the first probe, the pause between probes, and how many go unanswered.
const KEEP_ALIVE: (Duration, Duration, u32) = (Duration::from_secs(60), Duration::from_secs(10), 3);

thread_local! {
    /// One buffer a thread, borrowed for the length of a poll: idle connections hold none.
    static BUFFER: RefCell<Vec<u8>> = RefCell::new(vec![0; READ_SIZE]);
}

/// A connected socket, shared between whoever reads and whoever writes it.
#[derive(Clone, Debug)]
pub struct Socket(Arc<Async<OwnedFd>>);

impl Socket {
    /// Takes a connected socket and makes it non-blocking.
    ///
    /// # Errors
    /// What the system says.
    pub fn new(fd: OwnedFd) -> io::Result<Self> {
        Ok(Self(Arc::new(Async::new(fd)?)))
    }

    /// Sets what a TCP connection needs: no delay, keep-alive, and a send buffer of `send_buffer` bytes.
    pub fn tune(&self, send_buffer: Option<usize>) {
        // A socket that does not know an option (a Unix socket, another system) works without it.
        let (idle, pause, probes) = KEEP_ALIVE;
        let _ = sockopt::set_tcp_nodelay(&*self.0, true);
        let _ = sockopt::set_socket_keepalive(&*self.0, true);
        let _ = sockopt::set_tcp_keepidle(&*self.0, idle);
        let _ = sockopt::set_tcp_keepintvl(&*self.0, pause);
        let _ = sockopt::set_tcp_keepcnt(&*self.0, probes);
        if let Some(bytes) = send_buffer {
            let _ = sockopt::set_socket_send_buffer_size(&*self.0, bytes);
        }
    }

    /// Writes what the kernel takes now, and says how much that was.
    ///
    /// # Errors
    /// `WouldBlock` if that is nothing, or what the system says.
    pub fn try_write(&self, bytes: &[u8]) -> io::Result<usize> {
        Ok(net::send(&*self.0, bytes, SendFlags::NOSIGNAL | SendFlags::DONTWAIT)?)
    }

    /// As [`Socket::try_write`], from several pieces; no more than [`MAX_PIECES`] of them are looked at.
    ///
    /// # Errors
    /// As [`Socket::try_write`].
    pub fn try_write_pieces(&self, pieces: &[IoSlice<'_>]) -> io::Result<usize> {
        let pieces = pieces.get(..MAX_PIECES).unwrap_or(pieces);
        let flags = SendFlags::NOSIGNAL | SendFlags::DONTWAIT;
        Ok(net::sendmsg(&*self.0, pieces, &mut SendAncillaryBuffer::default(), flags)?)
    }

    /// Writes all of it, however long it takes.
    ///
    /// # Errors
    /// `TimedOut` if nothing at all could be written for `stall`, or what the system says.
    pub async fn write_all(&self, mut bytes: &[u8], stall: Duration) -> io::Result<()> {
        while !bytes.is_empty() {
            match self.try_write(bytes) {
                Ok(written) => bytes = bytes.get(written..).unwrap_or_default(),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    async_std::io::timeout(stall, self.0.writable()).await?;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Waits for bytes, at most `most` of them, and hands them to `take`; none at the end of the stream.
    ///
    /// # Errors
    /// What the system says.
    pub async fn read<T>(&self, most: usize, take: impl FnOnce(&[u8]) -> T) -> io::Result<T> {
        loop {
            // What one read leaves is rare; asking the kernel to wait first saves the read that finds nothing.
            self.0.readable().await?;
            let outcome = BUFFER.with_borrow_mut(|buffer| {
                let most = most.min(buffer.len());
                let buffer = buffer.get_mut(..most).unwrap_or_default();
                net::recv(&*self.0, buffer, RecvFlags::empty()).map(|(read, _)| read)
            });
            match outcome {
                Ok(read) => return Ok(BUFFER.with_borrow(|buffer| take(buffer.get(..read).unwrap_or_default()))),
                Err(rustix::io::Errno::AGAIN | rustix::io::Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Says that nothing more will be written.
    pub fn finish(&self) {
        // A connection that is gone already has nothing to be told.
        let _ = net::shutdown(&*self.0, Shutdown::Write);
    }

    /// Ends the connection in both directions; whoever reads it finds its end.
    pub fn cut(&self) {
        let _ = net::shutdown(&*self.0, Shutdown::Both);
    }
}
