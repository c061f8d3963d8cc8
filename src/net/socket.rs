//! A connected socket: writes without waiting, and reads through a buffer that idle sockets do not occupy.
//!
//! It works on the file descriptor, so that every kind of stream socket is the same here, with TLS or without.
//!
//! Must not know: what is sent.

use std::cell::RefCell;
use std::future::poll_fn;
use std::io::{self, IoSlice};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::{Arc, Weak};
use std::task::{Context, Poll};
use std::time::Duration;

use async_io::Async;
use rustix::net::{self, RecvFlags, SendAncillaryBuffer, SendFlags, Shutdown, sockopt};
use rustls::Connection;

use super::tls::{Taken, Tls};
use crate::model::Fingerprint;

/// The most that one read takes, in bytes.
pub const READ_SIZE: usize = 32 * 1024;

/// The most pieces that one write gathers.
pub const MAX_PIECES: usize = 64;

/// Kernel keep-alive: the idle time before the first probe, the pause between probes, and the unanswered probes that
/// end the connection.
const KEEP_ALIVE: (Duration, Duration, u32) = (Duration::from_secs(60), Duration::from_secs(10), 3);

thread_local! {
    /// One buffer per thread, borrowed for the length of a poll: idle connections occupy none.
    static BUFFER: RefCell<Vec<u8>> = RefCell::new(vec![0; READ_SIZE]);
}

/// A connected socket, shared between its reader and its writer.
#[derive(Clone, Debug)]
pub struct Socket(Arc<Inner>);

/// A socket that is closed once nobody else has it.
#[derive(Clone, Debug)]
pub struct WeakSocket(Weak<Inner>);

impl WeakSocket {
    /// Whether the connection is still open here.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.0.strong_count() > 0
    }

    /// Ends the connection in both directions, if it is still open.
    pub fn cut(&self) {
        if let Some(inner) = self.0.upgrade() {
            Socket(inner).cut();
        }
    }
}

#[derive(Debug)]
struct Inner {
    fd: Async<OwnedFd>,
    tls: Option<Box<Tls>>,
}

impl Socket {
    /// Takes a connected socket and makes it non-blocking.
    ///
    /// # Errors
    /// An error of the system.
    pub fn new(fd: OwnedFd) -> io::Result<Self> {
        Ok(Self(Arc::new(Inner { fd: Async::new(fd)?, tls: None })))
    }

    /// As [`Socket::new`], with TLS. What is written before the end of the handshake waits for it.
    ///
    /// # Errors
    /// An error of the system.
    pub fn secure(fd: OwnedFd, connection: impl Into<Connection>) -> io::Result<Self> {
        Ok(Self(Arc::new(Inner { fd: Async::new(fd)?, tls: Some(Box::new(Tls::new(connection))) })))
    }

    /// Sets the options of a TCP connection: no delay, keep-alive, and a send buffer of `send_buffer` bytes.
    pub fn tune(&self, send_buffer: Option<usize>) {
        // Where a socket does not know an option (a Unix socket, another system), it works without it.
        let (idle, pause, probes) = KEEP_ALIVE;
        let fd = &self.0.fd;
        let _ = sockopt::set_tcp_nodelay(fd, true);
        let _ = sockopt::set_socket_keepalive(fd, true);
        let _ = sockopt::set_tcp_keepidle(fd, idle);
        let _ = sockopt::set_tcp_keepintvl(fd, pause);
        let _ = sockopt::set_tcp_keepcnt(fd, probes);
        if let Some(bytes) = send_buffer {
            let _ = sockopt::set_socket_send_buffer_size(fd, bytes);
        }
    }

    /// Completes the TLS handshake; returns at once without TLS. Gives the key that the other side has proved, if any.
    ///
    /// # Errors
    /// An error of TLS or of the system.
    pub async fn handshake(&self) -> io::Result<Option<Fingerprint>> {
        let Some(tls) = &self.0.tls else { return Ok(None) };
        loop {
            match tls.handshake(&self.0.fd) {
                Ok(true) => {
                    if tls.is_to_finish() {
                        self.finish();
                    }
                    return Ok(tls.peer_key());
                }
                Ok(false) => self.0.fd.readable().await?,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => self.0.fd.writable().await?,
                Err(error) => return Err(error),
            }
        }
    }

    /// Writes what the kernel accepts now, and returns how much that was; under TLS, some of it may still be unflushed.
    ///
    /// # Errors
    /// `WouldBlock` if nothing was accepted, or an error of the system.
    pub fn try_write(&self, bytes: &[u8]) -> io::Result<usize> {
        match &self.0.tls {
            None => Ok(net::send(&self.0.fd, bytes, SendFlags::NOSIGNAL | SendFlags::DONTWAIT)?),
            Some(tls) => tls.write(&self.0.fd, &[IoSlice::new(bytes)]),
        }
    }

    /// As [`Socket::try_write`], from several pieces; only the first [`MAX_PIECES`] are used.
    ///
    /// # Errors
    /// As [`Socket::try_write`].
    pub fn try_write_pieces(&self, pieces: &[IoSlice<'_>]) -> io::Result<usize> {
        let pieces = pieces.get(..MAX_PIECES).unwrap_or(pieces);
        let flags = SendFlags::NOSIGNAL | SendFlags::DONTWAIT;
        match &self.0.tls {
            None => Ok(net::sendmsg(&self.0.fd, pieces, &mut SendAncillaryBuffer::default(), flags)?),
            Some(tls) => tls.write(&self.0.fd, pieces),
        }
    }

    /// Whether the connection uses TLS.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.0.tls.is_some()
    }

    /// Whether accepted bytes still have to reach the kernel; [`Socket::write_all`] of nothing flushes them.
    #[must_use]
    pub fn has_unflushed(&self) -> bool {
        self.0.tls.as_ref().is_some_and(|tls| tls.has_unflushed())
    }

    /// Writes and flushes everything, however long it takes.
    ///
    /// # Errors
    /// `TimedOut` if nothing at all could be written for `stall`, or an error of the system.
    pub async fn write_all(&self, mut bytes: &[u8], stall: Duration) -> io::Result<()> {
        loop {
            match async_std::io::timeout(stall, self.write_some(bytes)).await? {
                0 => return Ok(()),
                written => bytes = bytes.get(written..).unwrap_or_default(),
            }
        }
    }

    /// Writes a part of `bytes` once there is room, and returns how much; without bytes, flushes. Nothing is written if it is
    /// dropped before.
    ///
    /// # Errors
    /// An error of the system.
    pub(crate) async fn write_some(&self, bytes: &[u8]) -> io::Result<usize> {
        loop {
            let written = match &self.0.tls {
                Some(tls) if bytes.is_empty() => tls.flush(&self.0.fd).map(|()| 0),
                _ if bytes.is_empty() => return Ok(0),
                _ => self.try_write(bytes),
            };
            match written {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => self.writable().await?,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                written => return written,
            }
        }
    }

    /// Waits for bytes, at most `most` of them, and passes them to `take`; an empty slice is the end of the stream.
    ///
    /// # Errors
    /// An error of TLS or of the system.
    pub async fn read<T>(&self, most: usize, take: impl FnOnce(&[u8]) -> T) -> io::Result<T> {
        let Some(tls) = &self.0.tls else { return self.read_clear(most, take).await };
        loop {
            let outcome = BUFFER.with_borrow_mut(|buffer| tls.read(&self.0.fd, room(buffer, most)))?;
            match outcome {
                Taken::Bytes(read) => return Ok(taken(read, take)),
                Taken::Empty => self.readable().await?,
                Taken::Busy => async_std::task::yield_now().await,
            }
        }
    }

    /// Reads what is there, at most `most` bytes, and passes it to `take`; an empty slice is the end of the stream. Not for
    /// TLS, of which this reads the encrypted bytes.
    ///
    /// # Errors
    /// `WouldBlock` if there is nothing, or an error of the system.
    pub(crate) fn try_read_clear<T>(&self, most: usize, take: impl FnOnce(&[u8]) -> T) -> io::Result<T> {
        let read = BUFFER.with_borrow_mut(|buffer| net::recv(&self.0.fd, room(buffer, most), RecvFlags::DONTWAIT));
        Ok(taken(read?.0, take))
    }

    /// As [`Socket::read`], of the bytes as they come: with TLS, those before its handshake.
    ///
    /// # Errors
    /// An error of the system.
    pub(crate) async fn read_clear<T>(&self, most: usize, take: impl FnOnce(&[u8]) -> T) -> io::Result<T> {
        loop {
            // A read rarely leaves anything; asking the kernel to wait first saves the read that finds nothing.
            self.readable().await?;
            let outcome = BUFFER.with_borrow_mut(|buffer| {
                net::recv(&self.0.fd, room(buffer, most), RecvFlags::empty()).map(|(read, _)| read)
            });
            match outcome {
                Ok(read) => return Ok(taken(read, take)),
                Err(rustix::io::Errno::AGAIN | rustix::io::Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    async fn readable(&self) -> io::Result<()> {
        woken(|cx| self.0.fd.poll_readable(cx)).await
    }

    async fn writable(&self) -> io::Result<()> {
        woken(|cx| self.0.fd.poll_writable(cx)).await
    }

    /// Announces that nothing more will be written.
    pub fn finish(&self) {
        if let Some(tls) = &self.0.tls {
            tls.finish(&self.0.fd);
        }
        // A connection that is gone need not be told.
        let _ = net::shutdown(&self.0.fd, Shutdown::Write);
    }

    /// Closes the writing side once the handshake under way is done, so that the other side is told what was written;
    /// `false` if there is none, and nothing is closed.
    #[must_use]
    pub fn finish_after_handshake(&self) -> bool {
        self.0.tls.as_ref().is_some_and(|tls| tls.finish_after_handshake())
    }

    /// The same socket, without keeping it open.
    #[must_use]
    pub fn downgrade(&self) -> WeakSocket {
        WeakSocket(Arc::downgrade(&self.0))
    }

    /// Ends the connection in both directions; its reader sees the end.
    pub fn cut(&self) {
        let _ = net::shutdown(&self.0.fd, Shutdown::Both);
    }
}

impl AsFd for Socket {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.fd.as_fd()
    }
}

/// Waits until a socket may be ready; the next attempt tells whether it is. Any wake-up is enough.
///
/// async-io (2.6) reports a socket as ready only in a later turn of its reactor than the one in which it was asked.
/// Where this thread is busy for long, another thread turns the reactor and is in that later turn already, each time: a
/// socket with much to read would be asked again and again, and never read.
pub(super) async fn woken(mut poll: impl FnMut(&mut Context<'_>) -> Poll<io::Result<()>>) -> io::Result<()> {
    let mut asked = false;
    poll_fn(|cx| match poll(cx) {
        Poll::Pending if std::mem::replace(&mut asked, true) => Poll::Ready(Ok(())),
        polled => polled,
    })
    .await
}

/// The part of the buffer that may be filled.
fn room(buffer: &mut [u8], most: usize) -> &mut [u8] {
    let most = most.min(buffer.len());
    buffer.get_mut(..most).unwrap_or_default()
}

/// Passes on what was read into the buffer.
fn taken<T>(read: usize, take: impl FnOnce(&[u8]) -> T) -> T {
    BUFFER.with_borrow(|buffer| take(buffer.get(..read).unwrap_or_default()))
}
