//! A leg over UDP: a socket of our own, and the one address of the server.
//!
//! Must not know: what the packets hold, or whether the leg is there.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use crate::net::udp_port::{UdpPort, any_readable};
use crate::protocol::leg::MAX_LEG_PACKET;

/// A socket, and the server's address.
#[derive(Debug)]
pub(super) struct UdpLink {
    ports: [UdpPort; 1],
    server: SocketAddr,
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
        let here = match server {
            SocketAddr::V4(_) => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
            SocketAddr::V6(_) => IpAddr::V6(Ipv6Addr::UNSPECIFIED),
        };
        let ports = [UdpPort::bind(SocketAddr::new(here, 0))?];
        Ok(Self { ports, server, buffer: [0; MAX_LEG_PACKET + 1] })
    }

    /// Sends a packet, if it can be sent at once.
    pub(super) fn send(&self, packet: &[u8]) {
        for port in &self.ports {
            // What cannot be sent is lost; that nothing gets through is noticed elsewhere.
            let _ = port.try_send(packet, self.server);
        }
    }

    /// Waits until there may be a packet.
    pub(super) async fn readable(&self) {
        any_readable(&self.ports).await;
    }

    /// The next packet from the server, if there is one now; those of others are dropped.
    pub(super) fn receive(&mut self) -> Option<&[u8]> {
        let [port] = &self.ports;
        loop {
            match port.try_receive(&mut self.buffer) {
                Ok((length, from)) if from == self.server => return self.buffer.get(..length),
                Ok(_) => {}
                // A server that cannot be reached is told of as an error of the next call.
                Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => {}
                Err(_) => return None,
            }
        }
    }
}
