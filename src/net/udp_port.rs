//! A UDP socket through which many packets go: one wait is for many of them, and sending never waits.
//!
//! Must not know: what packets hold, or who sends them.

use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::os::fd::{AsFd, BorrowedFd};
use std::task::Poll;

use async_io::Async;
use rustix::net::sockopt;

use super::socket::woken;

/// The kernel's receive buffer of a socket, in bytes, as far as the system allows: what arrives while nobody reads.
const RECEIVE_BUFFER: usize = 512 * 1024;

/// A UDP socket.
#[derive(Debug)]
pub(crate) struct UdpPort(Async<UdpSocket>);

impl UdpPort {
    /// Binds a socket to an address; with the port 0, to a port that the system chooses.
    ///
    /// # Errors
    /// An error of the system: the port is in use, the address is not local, no permission.
    pub(crate) fn bind(address: SocketAddr) -> io::Result<Self> {
        let socket = Async::<UdpSocket>::bind(address)?;
        // With a smaller one it works as well.
        let _ = sockopt::set_socket_recv_buffer_size(&socket, RECEIVE_BUFFER);
        Ok(Self(socket))
    }

    /// Its address.
    ///
    /// # Errors
    /// An error of the system.
    pub(crate) fn address(&self) -> io::Result<SocketAddr> {
        self.0.get_ref().local_addr()
    }

    /// Takes a packet, if there is one; what does not fit into `buffer` is lost.
    ///
    /// # Errors
    /// `WouldBlock` if there is none, or an error of the system.
    pub(crate) fn try_receive(&self, buffer: &mut [u8]) -> io::Result<(usize, SocketAddr)> {
        self.0.get_ref().recv_from(buffer)
    }

    /// Sends a packet, if it can be sent at once.
    ///
    /// # Errors
    /// `WouldBlock` if the kernel has no room, or an error of the system.
    pub(crate) fn try_send(&self, packet: &[u8], to: SocketAddr) -> io::Result<()> {
        self.0.get_ref().send_to(packet, to).map(drop)
    }

    /// Sends several packets to one address, if they can be sent at once: all of one size, but for the last, which may be
    /// shorter. The kernel cuts them apart, and the network card if it can (UDP generic segmentation offload).
    ///
    /// # Errors
    /// `WouldBlock` if the kernel has no room, or an error of the system: it may know nothing of this, or not on this way.
    /// None of them is sent then.
    pub(crate) fn try_send_several(&self, packets: &[u8], size: u16, to: SocketAddr) -> io::Result<()> {
        send_several(self.0.get_ref(), packets, size, to)
    }
}

impl AsFd for UdpPort {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

/// Waits until one of the sockets may have a packet; for ever, if there are none.
pub(crate) async fn any_readable(ports: &[UdpPort]) {
    if ports.is_empty() {
        return std::future::pending().await;
    }
    // An error shows when a packet is taken.
    let _ = woken(|cx| {
        // Each is asked, so that each wakes this task.
        let ready = ports.iter().filter(|port| port.0.poll_readable(cx).is_ready()).count();
        if ready > 0 { Poll::Ready(Ok(())) } else { Poll::Pending }
    })
    .await;
}

#[cfg(target_os = "linux")]
fn send_several(socket: &UdpSocket, packets: &[u8], size: u16, to: SocketAddr) -> io::Result<()> {
    use nix::sys::socket::{ControlMessage, MsgFlags, SockaddrStorage, sendmsg};
    use std::os::fd::AsRawFd as _;

    let cut = [ControlMessage::UdpGsoSegments(&size)];
    let bytes = [io::IoSlice::new(packets)];
    sendmsg(socket.as_raw_fd(), &bytes, &cut, MsgFlags::MSG_DONTWAIT, Some(&SockaddrStorage::from(to)))?;
    Ok(())
}

#[cfg(not(target_os = "linux"))]
fn send_several(_: &UdpSocket, _: &[u8], _: u16, _: SocketAddr) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}
