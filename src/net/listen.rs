//! Listening sockets: TCP, TCP with TLS, socket files, and those from socket activation.
//!
//! Must not know: who may connect.

use super::address::ListenAddress;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixListener;
use std::path::Path;

use async_io::Async;
use nix::sys::socket::getsockopt;
use nix::sys::socket::sockopt::PeerCredentials;
use rustix::net::SocketFlags;

use super::socket::Socket;
use super::socket_activation::ActivatedSocket;
use super::tls_config::Acceptor;
use super::unix::{self, SocketAccess, SocketError, SocketFile};
use crate::model::Origin;

/// A listening socket.
#[derive(Debug)]
pub(crate) struct Listener(ListenerKind);

#[derive(Debug)]
enum ListenerKind {
    Tcp(Async<TcpListener>),
    Tls(Async<TcpListener>, Acceptor),
    Unix(Async<UnixListener>, String),
}

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

    /// Listens on a socket file, which is removed when the [`SocketFile`] is dropped.
    ///
    /// # Errors
    /// Why the socket file could not be made.
    pub(crate) fn unix(path: &str, access: SocketAccess, backlog: i32) -> Result<(Self, SocketFile), SocketError> {
        let (listener, file) = unix::bind(Path::new(path), access, backlog)?;
        Ok((Self(ListenerKind::Unix(Async::new_nonblocking(listener)?, path.to_owned())), file))
    }

    /// Takes a socket file that listens already.
    ///
    /// # Errors
    /// An error of the system.
    pub(crate) fn of_file(listener: UnixListener, path: &Path) -> io::Result<Self> {
        Ok(Self(ListenerKind::Unix(Async::new(listener)?, path.display().to_string())))
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
                ListenAddress::Unix(path) => ListenerKind::Unix(Async::new(listener)?, path),
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
            ListenerKind::Unix(_, path) => ListenAddress::Unix(path.clone()),
        })
    }

    /// Waits for a connection. With TLS, the handshake is still to come.
    ///
    /// # Errors
    /// An error of the system: no free file descriptor, or a connection that ended meanwhile.
    pub(crate) async fn accept(&self) -> io::Result<(Socket, Origin)> {
        match &self.0 {
            ListenerKind::Tcp(listener) => {
                let (fd, address) = accept_tcp(listener).await?;
                Ok((Socket::new(fd)?, Origin::Tcp(address)))
            }
            ListenerKind::Tls(listener, acceptor) => {
                let (fd, address) = accept_tcp(listener).await?;
                let tls = acceptor.accept().map_err(io::Error::other)?;
                Ok((Socket::secure(fd, tls)?, Origin::Tls(address)))
            }
            ListenerKind::Unix(listener, _) => {
                let accept = |listener: &UnixListener| Ok(rustix::net::accept_with(listener, FLAGS)?);
                let fd = listener.read_with(accept).await?;
                // A peer in another namespace of processes has the number 0 here, for which rustix has no value.
                let user = getsockopt(&fd, PeerCredentials)?.uid();
                Ok((Socket::new(fd)?, Origin::Unix(user)))
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
