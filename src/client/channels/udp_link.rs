//! A socket for UDP of one channel: its leg at the server, and the packets that bypass it.
//!
//! Must not know: what the packets hold, or which way they are to go.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};

use crate::net::udp_port::{UdpPort, any_readable};
use crate::protocol::leg::MAX_LEG_PACKET;

/// An address in no network (RFC 5737): the way to it is the way to most.
const ELSEWHERE: (Ipv4Addr, u16) = (Ipv4Addr::new(192, 0, 2, 1), 9);

/// A socket.
#[derive(Debug)]
pub(super) struct UdpLink {
    ports: [UdpPort; 1],
    /// The server's address, if it relays over UDP.
    server: Option<SocketAddr>,
    /// Our own address in the network that leads to the server, or to most others.
    own: Option<SocketAddr>,
    /// One byte more than a packet has, so that a longer one is none.
    buffer: [u8; MAX_LEG_PACKET + 1],
}

impl UdpLink {
    /// A socket for the server that was reached at `address`, and relays at `port`.
    ///
    /// # Errors
    /// An error of the system.
    pub(super) fn open(address: SocketAddr, port: u16) -> io::Result<Self> {
        let mut server = address;
        server.set_port(port);
        Self::with(Some(server), server)
    }

    /// A socket for packets that bypass the server.
    ///
    /// # Errors
    /// An error of the system.
    pub(super) fn without_server() -> io::Result<Self> {
        Self::with(None, ELSEWHERE.into())
    }

    fn with(server: Option<SocketAddr>, towards: SocketAddr) -> io::Result<Self> {
        let any = match towards {
            SocketAddr::V4(_) => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
            SocketAddr::V6(_) => IpAddr::V6(Ipv6Addr::UNSPECIFIED),
        };
        let port = UdpPort::bind(SocketAddr::new(any, 0))?;
        let number = port.address()?.port();
        let own = own_ip(any, towards).map(|ip| SocketAddr::new(ip, number)).ok();
        Ok(Self { ports: [port], server, own, buffer: [0; MAX_LEG_PACKET + 1] })
    }

    /// Our own address, as this machine knows it.
    pub(super) fn own(&self) -> Option<SocketAddr> {
        self.own
    }

    /// Sends a packet to the server, if it can be sent at once.
    pub(super) fn send(&self, packet: &[u8]) {
        if let Some(server) = self.server {
            self.send_to(packet, server);
        }
    }

    /// Sends a packet, if it can be sent at once.
    pub(super) fn send_to(&self, packet: &[u8], to: SocketAddr) {
        for port in &self.ports {
            // What cannot be sent is lost; that nothing gets through is noticed elsewhere.
            let _ = port.try_send(packet, to);
        }
    }

    /// Waits until there may be a packet.
    pub(super) async fn readable(&self) {
        any_readable(&self.ports).await;
    }

    /// The next packet, if there is one now: where it came from, `None` for the server.
    pub(super) fn receive(&mut self) -> Option<(Option<SocketAddr>, &[u8])> {
        let [port] = &self.ports;
        loop {
            match port.try_receive(&mut self.buffer) {
                Ok((length, from)) => {
                    let from = Some(from).filter(|from| Some(*from) != self.server);
                    return self.buffer.get(..length).map(|packet| (from, packet));
                }
                // Somebody who cannot be reached is told of as an error of the next call.
                Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => {}
                Err(_) => return None,
            }
        }
    }
}

/// The address of this machine from which packets to another address leave. None is sent.
fn own_ip(any: IpAddr, towards: SocketAddr) -> io::Result<IpAddr> {
    let socket = UdpSocket::bind(SocketAddr::new(any, 0))?;
    socket.connect(towards)?;
    Ok(socket.local_addr()?.ip())
}
