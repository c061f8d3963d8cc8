//! TLS over a socket's file descriptor, written and read without waiting. Version 1.3 only.
//!
//! The reader and the writer of a socket share one TLS state, so it is behind a lock; the lock is held for a few
//! kilobytes of cryptography, and never while waiting.
//!
//! Must not know: whom TLS trusts (`tls_config`), or what is sent.

use std::io::{self, IoSlice, Read, Write};
use std::os::fd::OwnedFd;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_io::Async;
use rustix::net::{self, RecvFlags, SendAncillaryBuffer, SendFlags};
use rustls::Connection;

use super::certificate;
use crate::model::Fingerprint;

/// The most encrypted bytes that may wait for the kernel.
const MAX_INSIDE: usize = 64 * 1024;
/// The most records that one read goes through without finding data.
const MAX_RECORDS: usize = 16;

/// The TLS state of one connection.
pub(super) struct Tls {
    connection: Mutex<Connection>,
    /// Whether nothing more is written once the handshake is done.
    ends_after_handshake: AtomicBool,
}

/// The result of one attempt to read.
pub(super) enum Taken {
    /// This many bytes; 0 at the end of the stream.
    Bytes(usize),
    /// Nothing yet: the kernel has no more.
    Empty,
    /// Nothing yet: there is more, but other connections should have their turn first.
    Busy,
}

impl Tls {
    pub(super) fn new(connection: impl Into<Connection>) -> Self {
        let mut connection = connection.into();
        connection.set_buffer_limit(Some(MAX_INSIDE));
        Self { connection: Mutex::new(connection), ends_after_handshake: AtomicBool::new(false) }
    }

    /// Encrypts what there is room for, and writes what the kernel accepts. Returns how much was encrypted; the rest of
    /// it waits to be flushed.
    pub(super) fn write(&self, fd: &Async<OwnedFd>, pieces: &[IoSlice<'_>]) -> io::Result<usize> {
        let mut tls = self.lock();
        flush(&mut tls, fd)?;
        let taken = tls.writer().write_vectored(pieces)?;
        if taken == 0 && pieces.iter().any(|piece| !piece.is_empty()) {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        match flush(&mut tls, fd) {
            Err(error) if error.kind() != io::ErrorKind::WouldBlock => Err(error),
            _ => Ok(taken),
        }
    }

    /// Whether encrypted bytes wait for the kernel.
    pub(super) fn has_unflushed(&self) -> bool {
        self.lock().wants_write()
    }

    /// Writes the encrypted bytes that wait.
    pub(super) fn flush(&self, fd: &Async<OwnedFd>) -> io::Result<()> {
        flush(&mut self.lock(), fd)
    }

    /// Has the writing end once the handshake is done, and what was written before is out; `false` if it is done already.
    pub(super) fn finish_after_handshake(&self) -> bool {
        let handshaking = self.lock().is_handshaking();
        self.ends_after_handshake.store(handshaking, Ordering::Release);
        handshaking
    }

    /// Whether the writing is to end, now that the handshake is done.
    pub(super) fn is_to_finish(&self) -> bool {
        self.ends_after_handshake.load(Ordering::Acquire)
    }

    /// Announces that nothing more will be written.
    pub(super) fn finish(&self, fd: &Async<OwnedFd>) {
        let mut tls = self.lock();
        tls.send_close_notify();
        // A peer that reads no more need not be told.
        let _ = flush(&mut tls, fd);
    }

    /// Reads into `buffer` what is there.
    pub(super) fn read(&self, fd: &Async<OwnedFd>, buffer: &mut [u8]) -> io::Result<Taken> {
        let mut tls = self.lock();
        for _ in 0..MAX_RECORDS {
            match tls.reader().read(buffer) {
                Ok(read) => return Ok(Taken::Bytes(read)),
                // The connection was cut without a close message; what that means is for the reader to say, as with any
                // socket.
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(Taken::Bytes(0)),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(error),
            }
            if !receive(&mut tls, fd)? {
                return Ok(Taken::Empty);
            }
        }
        Ok(Taken::Busy)
    }

    /// Continues the handshake. `Ok(true)` once it is done and all of it is written.
    pub(super) fn handshake(&self, fd: &Async<OwnedFd>) -> io::Result<bool> {
        let mut tls = self.lock();
        loop {
            flush(&mut tls, fd)?;
            if !tls.is_handshaking() {
                return Ok(true);
            }
            if !receive(&mut tls, fd)? {
                return Ok(false);
            }
            if tls.is_handshaking() && !tls.wants_read() && !tls.wants_write() {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
    }

    /// The key that the other side has proved to have, if any.
    pub(super) fn peer_key(&self) -> Option<Fingerprint> {
        let tls = self.lock();
        tls.peer_certificates().and_then(|chain| certificate::fingerprint(chain.first()?).ok())
    }

    fn lock(&self) -> MutexGuard<'_, Connection> {
        // A task that panicked while it held the lock has ended its connection.
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Tls {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tls")
    }
}

/// Takes a few records at most from the kernel; `false` if it has none.
fn receive(tls: &mut Connection, fd: &Async<OwnedFd>) -> io::Result<bool> {
    match tls.read_tls(&mut FdStream(fd)) {
        Ok(0) if tls.is_handshaking() => return Err(io::ErrorKind::UnexpectedEof.into()),
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(false),
        Err(error) => return Err(error),
    }
    let judged = tls.process_new_packets();
    // What the other side must receive: an answer of the handshake, or why it ends. What the kernel does not accept
    // waits.
    let _ = flush(tls, fd);
    judged.map(|_| true).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}

/// Writes the encrypted bytes that wait.
fn flush(tls: &mut Connection, fd: &Async<OwnedFd>) -> io::Result<()> {
    while tls.wants_write() {
        tls.write_tls(&mut FdStream(fd))?;
    }
    Ok(())
}

/// The file descriptor, with the traits that rustls needs.
struct FdStream<'a>(&'a Async<OwnedFd>);

impl Read for FdStream<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match net::recv(self.0, &mut *buffer, RecvFlags::DONTWAIT) {
                Ok((read, _)) => return Ok(read),
                Err(rustix::io::Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
}

impl Write for FdStream<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_vectored(&[IoSlice::new(bytes)])
    }

    fn write_vectored(&mut self, pieces: &[IoSlice<'_>]) -> io::Result<usize> {
        let flags = SendFlags::NOSIGNAL | SendFlags::DONTWAIT;
        loop {
            match net::sendmsg(self.0, pieces, &mut SendAncillaryBuffer::default(), flags) {
                Err(rustix::io::Errno::INTR) => {}
                written => return Ok(written?),
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
