//! A listening TCP socket.
//!
//! Must not know: who may connect.

use std::io;
use std::net::{SocketAddr, TcpListener};

use async_io::Async;
use rustix::net::SocketFlags;

use super::socket::Socket;

/// A listening socket.
#[derive(Debug)]
pub struct Listener(Async<TcpListener>);

impl Listener {
    /// Listens at an address, with room for `backlog` connections that wait to be accepted.
    ///
    /// # Errors
    /// What the system says: the port is in use, the address is not ours, no permission.
    pub fn bind(address: SocketAddr, backlog: i32) -> io::Result<Self> {
        let listener = Async::<TcpListener>::bind(address)?;
        rustix::net::listen(&listener, backlog)?;
        Ok(Self(listener))
    }

    /// Where it listens: with the port that the system chose, if it was asked to.
    ///
    /// # Errors
    /// What the system says.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.get_ref().local_addr()
    }

    /// Waits for a connection.
    ///
    /// # Errors
    /// What the system says: no free file descriptor, a connection that was given up.
    pub async fn accept(&self) -> io::Result<(Socket, SocketAddr)> {
        let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
        let accept = |listener: &TcpListener| Ok(rustix::net::acceptfrom_with(listener, flags)?);
        let (fd, address) = self.0.read_with(accept).await?;
        let address = address.map(SocketAddr::try_from).transpose()?.ok_or(io::ErrorKind::InvalidData)?;
        Ok((Socket::new(fd)?, address))
    }
}
