//! One connection of a crowd, over any transport, that never blocks.

use std::fs::File;
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::{Arc, OnceLock};

use rustix::event::epoll::EventFlags;
use rustix::io::Errno;
use rustix::net::{AddressFamily, SocketAddrUnix, SocketFlags, SocketType, connect, socket_with};
use rustls::ClientConnection;
use tr2::net::certificate::Credential;
use tr2::net::tls_config;

use super::secure::{Anybody, credential};
use super::server::Place;

/// Names that one user, or one key, may have.
const NAMES_OF_ONE: usize = 8;
/// Users that a crowd comes as over a socket file, from this number on: of nobody, so that no name is a login.
const FIRST_USER: u32 = 2_000_000;
/// People that there are keys for.
const MOST: usize = 20_000;

pub struct Line {
    socket: File,
    tls: Option<Box<ClientConnection>>,
    /// What the socket has not taken yet.
    out: Vec<u8>,
    /// What epoll waits for.
    pub watched: EventFlags,
}

impl Line {
    /// Begins to connect.
    pub fn open(place: &Place, at: usize) -> io::Result<Self> {
        let flags = SocketFlags::NONBLOCK | SocketFlags::CLOEXEC;
        let family = if matches!(place, Place::Unix(_)) { AddressFamily::UNIX } else { AddressFamily::INET };
        let socket = socket_with(family, SocketType::STREAM, flags, None)?;
        let begun = match place {
            Place::Unix(path) => as_user(at, || connect(&socket, &SocketAddrUnix::new(path)?)),
            Place::Tcp(address) | Place::Tls(address) => {
                rustix::net::sockopt::set_tcp_nodelay(&socket, true)?;
                connect(&socket, address)
            }
        };
        if !matches!(begun, Ok(()) | Err(Errno::INPROGRESS)) {
            begun?;
        }
        let tls = matches!(place, Place::Tls(_)).then(|| Box::new(secured(at)));
        let mut line = Self { socket: OwnedFd::into(socket), tls, out: Vec::new(), watched: EventFlags::empty() };
        line.flush()?;
        Ok(line)
    }

    /// Says this, at once as far as the socket takes it.
    pub fn say(&mut self, bytes: &[u8]) -> io::Result<()> {
        match &mut self.tls {
            Some(tls) => tls.writer().write_all(bytes)?,
            None => self.out.extend_from_slice(bytes),
        }
        self.flush()
    }

    pub fn flush(&mut self) -> io::Result<()> {
        while self.is_clogged() {
            let written = match &mut self.tls {
                Some(tls) => tls.write_tls(&mut &self.socket),
                None => (&self.socket).write(&self.out),
            };
            match written {
                Ok(written) => drop(self.out.drain(..written.min(self.out.len()))),
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::NotConnected) => break,
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Whether something waits to be said.
    pub fn is_clogged(&self) -> bool {
        !self.out.is_empty() || self.tls.as_ref().is_some_and(|tls| tls.wants_write())
    }

    /// Reads once into the first half of the buffer: `None` if nothing is there yet, no bytes at the end.
    pub fn hear<'a>(&mut self, buffer: &'a mut [u8]) -> io::Result<Option<&'a [u8]>> {
        let (plain, raw) = buffer.split_at_mut(buffer.len() / 2);
        let Some(tls) = &mut self.tls else {
            let read = read_now(&self.socket, plain)?;
            return Ok(read.map(|read| &plain[..read]));
        };
        let read = match read_now(&self.socket, raw)? {
            None => return Ok(None),
            Some(0) => return Ok(Some(&[])),
            Some(read) => read,
        };
        let (mut left, mut heard) = (&raw[..read], 0);
        while !left.is_empty() {
            tls.read_tls(&mut left)?;
            let state = tls.process_new_packets().map_err(io::Error::other)?;
            let there = state.plaintext_bytes_to_read();
            tls.reader().read_exact(&mut plain[heard..heard + there])?;
            heard += there;
        }
        self.flush()?;
        Ok((heard > 0).then_some(&plain[..heard]))
    }
}

fn read_now(mut socket: &File, buffer: &mut [u8]) -> io::Result<Option<usize>> {
    match socket.read(buffer) {
        Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(None),
        read => read.map(Some),
    }
}

impl AsFd for Line {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }
}

/// The client's side of TLS, with a key that this person and seven others have.
fn secured(at: usize) -> ClientConnection {
    static KEYS: OnceLock<Vec<OnceLock<Credential>>> = OnceLock::new();
    let keys = KEYS.get_or_init(|| (0..MOST / NAMES_OF_ONE).map(|_| OnceLock::new()).collect());
    let key = keys[at / NAMES_OF_ONE].get_or_init(credential);
    let mut tls = tls_config::connect("localhost", key, Arc::new(Anybody)).unwrap();
    tls.set_buffer_limit(None);
    tls
}

/// Does this as a user of this machine who this person and seven others are.
fn as_user<T>(at: usize, act: impl FnOnce() -> T) -> T {
    let become_user = |user: u32| nix::unistd::seteuid(user.into()).unwrap();
    become_user(FIRST_USER + u32::try_from(at / NAMES_OF_ONE).unwrap());
    let done = act();
    become_user(0);
    done
}
