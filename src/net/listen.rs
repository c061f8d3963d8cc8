//! Listening sockets: TCP, TCP with TLS, socket files, and those from socket activation.
//!
//! Must not know: who may connect.

use super::address::ListenAddress;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_io::{Async, Timer};
use futures_lite::FutureExt as _;
use nix::sys::socket::getsockopt;
use nix::sys::socket::sockopt::PeerCredentials;
use rustix::net::SocketFlags;

use super::socket::Socket;
use super::socket_activation::ActivatedSocket;
use super::socket_file::{FileNews, SocketFile};
use super::tls_config::Acceptor;
use super::unix::{self, SocketAccess, SocketError};
use crate::model::Origin;
use crate::sys::user_numbers::UserNumbers;

/// A listening socket.
#[derive(Debug)]
pub(crate) struct Listener(ListenerKind);

#[derive(Debug)]
enum ListenerKind {
    Tcp(Async<TcpListener>),
    Tls(Async<TcpListener>, Acceptor),
    Unix(Async<UnixListener>, UserNumbers, Option<WatchedFile>, String),
}

/// A socket file that is in use, shared between its listener and whoever removes it at the end.
pub(crate) type WatchedFile = Arc<Mutex<SocketFile>>;

/// What a listener has to say.
#[derive(Debug)]
pub(crate) enum Accepted {
    /// A connection was made.
    Connection(Socket, Origin),
    /// Its socket file has changed.
    File(PathBuf, FileNews),
}

/// How often a socket file is looked at.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

impl Listener {
    /// Listens on an address; `backlog` connections may wait to be accepted.
    ///
    /// # Errors
    /// An error of the system: the port is in use, the address is not local, no permission.
    pub(crate) fn tcp(address: SocketAddr, backlog: i32) -> io::Result<Self> {
        listen(address, backlog).map(|listener| Self(ListenerKind::Tcp(listener)))
    }

    /// As [`Listener::tcp`], with TLS.
    ///
    /// # Errors
    /// As for [`Listener::tcp`].
    pub(crate) fn tls(address: SocketAddr, backlog: i32, acceptor: Acceptor) -> io::Result<Self> {
        listen(address, backlog).map(|listener| Self(ListenerKind::Tls(listener, acceptor)))
    }

    /// Listens on a socket file, which is removed when nobody holds the [`WatchedFile`] any more.
    ///
    /// # Errors
    /// Why the socket file could not be made.
    pub(crate) fn unix(path: &str, access: SocketAccess, backlog: i32) -> Result<(Self, WatchedFile), SocketError> {
        let (listener, file) = unix::bind(Path::new(path), access, backlog)?;
        let (listener, file) = (Async::new_nonblocking(listener)?, Arc::new(Mutex::new(file)));
        let kind = ListenerKind::Unix(listener, UserNumbers::read(), Some(Arc::clone(&file)), path.to_owned());
        Ok((Self(kind), file))
    }

    /// Listens on a socket from socket activation.
    ///
    /// # Errors
    /// If it needs TLS and there is no certificate, or an error of the system.
    pub(crate) fn activated(socket: ActivatedSocket, acceptor: Option<&Acceptor>) -> io::Result<Self> {
        let address = socket.address()?;
        Ok(Self(match (socket, acceptor) {
            (ActivatedSocket::Tcp(listener), _) => ListenerKind::Tcp(Async::new(listener)?),
            (ActivatedSocket::Tls(listener), Some(acceptor)) => {
                ListenerKind::Tls(Async::new(listener)?, acceptor.clone())
            }
            (ActivatedSocket::Tls(_), None) => return Err(io::Error::other("there is no certificate")),
            (ActivatedSocket::Unix(listener), _) => match address {
                ListenAddress::Unix(path) => {
                    let file = SocketFile::given(&path).map(|file| Arc::new(Mutex::new(file)));
                    ListenerKind::Unix(Async::new(listener)?, UserNumbers::read(), file, path)
                }
                ListenAddress::Tcp(_) | ListenAddress::Tls(_) => return Err(io::ErrorKind::InvalidInput.into()),
            },
        }))
    }

    /// The address, with the port that the system chose if it was asked to.
    ///
    /// # Errors
    /// An error of the system.
    pub(crate) fn address(&self) -> io::Result<ListenAddress> {
        Ok(match &self.0 {
            ListenerKind::Tcp(listener) => ListenAddress::Tcp(listener.get_ref().local_addr()?),
            ListenerKind::Tls(listener, _) => ListenAddress::Tls(listener.get_ref().local_addr()?),
            ListenerKind::Unix(.., path) => ListenAddress::Unix(path.clone()),
        })
    }

    /// Waits for a connection, or for a change of the socket file. With TLS, the handshake is still to come.
    ///
    /// # Errors
    /// An error of the system: no free file descriptor, or a connection that ended meanwhile.
    pub(crate) async fn accept(&mut self) -> io::Result<Accepted> {
        loop {
            if !matches!(&self.0, ListenerKind::Unix(_, _, Some(_), _)) {
                return self.connection().await;
            }
            let connection = async { self.connection().await.map(Some) };
            let nothing = async {
                Timer::after(LOOK_AGAIN).await;
                Ok(None)
            };
            // A connection comes through the file, which need not be looked at meanwhile.
            if let Some(accepted) = connection.or(nothing).await? {
                return Ok(accepted);
            }
            if let Some(news) = self.look()? {
                return Ok(news);
            }
        }
    }

    /// Looks at the socket file, and listens at a new one from now on if it was gone.
    fn look(&mut self) -> io::Result<Option<Accepted>> {
        let ListenerKind::Unix(listener, _, Some(file), _) = &mut self.0 else { return Ok(None) };
        let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(news) = file.look() else { return Ok(None) };
        if let FileNews::Made(made) = &news {
            *listener = Async::new_nonblocking(made.try_clone()?)?;
        }
        Ok(Some(Accepted::File(file.path().to_owned(), news)))
    }

    async fn connection(&self) -> io::Result<Accepted> {
        match &self.0 {
            ListenerKind::Tcp(listener) => {
                let (fd, address) = accept_tcp(listener).await?;
                Ok(Accepted::Connection(Socket::new(fd)?, Origin::Tcp(address)))
            }
            ListenerKind::Tls(listener, acceptor) => {
                let (fd, address) = accept_tcp(listener).await?;
                let tls = acceptor.accept().map_err(io::Error::other)?;
                Ok(Accepted::Connection(Socket::secure(fd, tls)?, Origin::Tls(address)))
            }
            ListenerKind::Unix(listener, numbers, ..) => {
                let accept = |listener: &UnixListener| Ok(rustix::net::accept_with(listener, FLAGS)?);
                let fd = listener.read_with(accept).await?;
                // A peer in another namespace of processes has the number 0 here, for which rustix has no value.
                let user = getsockopt(&fd, PeerCredentials)?.uid();
                let origin = if numbers.tell(user) { Origin::Unix(user) } else { Origin::Unmapped };
                Ok(Accepted::Connection(Socket::new(fd)?, origin))
            }
        }
    }
}

const FLAGS: SocketFlags = SocketFlags::CLOEXEC.union(SocketFlags::NONBLOCK);

fn listen(address: SocketAddr, backlog: i32) -> io::Result<Async<TcpListener>> {
    let listener = Async::<TcpListener>::bind(address)?;
    rustix::net::listen(&listener, backlog)?;
    Ok(listener)
}

async fn accept_tcp(listener: &Async<TcpListener>) -> io::Result<(OwnedFd, SocketAddr)> {
    let accept = |listener: &TcpListener| Ok(rustix::net::acceptfrom_with(listener, FLAGS)?);
    let (fd, address) = listener.read_with(accept).await?;
    let address = address.map(SocketAddr::try_from).transpose()?.ok_or(io::ErrorKind::InvalidData)?;
    Ok((fd, address))
}
