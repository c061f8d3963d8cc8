//! A UDP socket that neither sending nor receiving waits for.
//!
//! Must not know: what packets hold, or who sends them.

use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::os::fd::{AsFd, BorrowedFd};

use rustix::net::sockopt;

/// The kernel's receive buffer of a socket, in bytes, as far as the system allows: what arrives while nobody reads.
const RECEIVE_BUFFER: usize = 512 * 1024;

/// A UDP socket.
#[derive(Debug)]
pub(crate) struct UdpPort(UdpSocket);

impl UdpPort {
    /// Binds a socket to an address; with the port 0, to a port that the system chooses.
    ///
    /// # Errors
    /// An error of the system: the port is in use, the address is not local, no permission.
    pub(crate) fn bind(address: SocketAddr) -> io::Result<Self> {
        let socket = UdpSocket::bind(address)?;
        socket.set_nonblocking(true)?;
        // With a smaller one it works as well.
        let _ = sockopt::set_socket_recv_buffer_size(&socket, RECEIVE_BUFFER);
        Ok(Self(socket))
    }

    /// Its address.
    ///
    /// # Errors
    /// An error of the system.
    pub(crate) fn address(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }

    /// Takes a packet, if there is one; what does not fit into `buffer` is lost.
    ///
    /// # Errors
    /// `WouldBlock` if there is none, or an error of the system.
    pub(crate) fn try_receive(&self, buffer: &mut [u8]) -> io::Result<(usize, SocketAddr)> {
        self.0.recv_from(buffer)
    }

    /// Sends a packet, if it can be sent at once.
    ///
    /// # Errors
    /// `WouldBlock` if the kernel has no room, or an error of the system.
    pub(crate) fn try_send(&self, packet: &[u8], to: SocketAddr) -> io::Result<()> {
        self.0.send_to(packet, to).map(drop)
    }
}

impl AsFd for UdpPort {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}
