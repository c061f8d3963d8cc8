//! The UDP sockets of the relay: the same port number at every host at which the server listens.
//!
//! They are open only while calls are relayed. The number is chosen when the server starts, so that it can be told before
//! the first call, and was free then.
//!
//! Must not know: whom packets are from, or where they go.

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, SocketAddr};

use super::departures::Departures;
use crate::net::udp_port::UdpPort;
use crate::protocol::leg::MAX_LEG_PACKET;
use crate::server::limits::MAX_RELAY_HOSTS;
use crate::server::relay::MAX_RELAYED;

/// Addresses for which it is remembered at which socket they are: more than there are legs.
const MAX_REMEMBERED: usize = 4 * MAX_RELAYED;

/// The hosts and the port number of the UDP sockets.
#[derive(Clone, Debug, Default)]
pub struct PortPlan {
    hosts: Vec<IpAddr>,
    /// 0 if there are no hosts.
    port: u16,
}

impl PortPlan {
    /// Plans sockets at the hosts of these TCP addresses, at the port number of the first if it can be had.
    #[must_use]
    pub fn make(listening: &[SocketAddr]) -> Self {
        let port = listening.first().map_or(0, SocketAddr::port);
        let mut hosts = Vec::new();
        // One that stands for all hosts leaves no room for others.
        for address in listening.iter().filter(|at| at.ip().is_unspecified()).chain(listening) {
            if !hosts.contains(&address.ip()) && hosts.len() < MAX_RELAY_HOSTS {
                hosts.push(address.ip());
            }
        }
        let port = port_of(&bind_all(&hosts, port));
        Self { hosts, port }
    }

    /// The port number; 0 if there are no sockets.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }
}

/// Binds the same port number at all hosts where it can be had: this one, or another.
fn bind_all(hosts: &[IpAddr], port: u16) -> Vec<UdpPort> {
    let bind = |port| -> io::Result<Vec<UdpPort>> {
        let Some((first, others)) = hosts.split_first() else { return Ok(Vec::new()) };
        let first = UdpPort::bind((*first, port).into())?;
        let port = first.address()?.port();
        let others = others.iter().filter_map(|host| UdpPort::bind((*host, port).into()).ok());
        Ok(std::iter::once(first).chain(others).collect())
    };
    bind(port).or_else(|_| bind(0)).unwrap_or_default()
}

fn port_of(ports: &[UdpPort]) -> u16 {
    ports.first().and_then(|port| port.address().ok()).map_or(0, |address| address.port())
}

/// The sockets.
#[derive(Debug)]
pub(super) struct Ports {
    plan: PortPlan,
    open: Vec<UdpPort>,
    /// At which socket an address is, if there are several.
    at: HashMap<SocketAddr, usize>,
    /// Who sent the last packet, and to which socket.
    last: Option<(SocketAddr, usize)>,
    buffer: Vec<u8>,
    departures: Departures,
    /// Whether the kernel does not take several packets at once.
    one_by_one: bool,
}

impl Ports {
    pub(super) fn new(plan: PortPlan) -> Self {
        // A longer packet does not fit, and is none.
        let buffer = vec![0; MAX_LEG_PACKET + 1];
        let (at, departures) = (HashMap::new(), Departures::default());
        Self { plan, open: Vec::new(), at, last: None, buffer, departures, one_by_one: false }
    }

    /// Opens the sockets, unless they are open. Returns the port number if it is another one than before.
    pub(super) fn open(&mut self) -> Option<u16> {
        if !self.open.is_empty() {
            return None;
        }
        self.open = bind_all(&self.plan.hosts, self.plan.port);
        self.one_by_one = false;
        let port = port_of(&self.open);
        (std::mem::replace(&mut self.plan.port, port) != port).then_some(port)
    }

    /// Closes the sockets. What has to leave leaves before: [`Self::flush`].
    pub(super) fn close(&mut self) {
        self.open.clear();
        self.at.clear();
        self.last = None;
    }

    /// The sockets that are open.
    pub(super) fn sockets(&self) -> &[UdpPort] {
        &self.open
    }

    /// Takes a packet, if there is one: who sent it, and its length. [`Self::packet`] is the packet.
    pub(super) fn receive(&mut self) -> Option<(SocketAddr, usize)> {
        let after = self.last.map_or(0, |(_, socket)| socket + 1);
        let turns = (0..self.open.len()).map(|turn| (after + turn) % self.open.len());
        for at in turns {
            // What fails for one packet need not fail for the next, and is of no use to anybody.
            if let Some(port) = self.open.get(at)
                && let Ok((length, from)) = port.try_receive(&mut self.buffer)
            {
                self.last = Some((from, at));
                return Some((from, length));
            }
        }
        None
    }

    /// The packet that was taken last.
    pub(super) fn packet(&self, length: usize) -> &[u8] {
        self.buffer.get(..length).unwrap_or_default()
    }

    /// Remembers where the sender of the last packet is: it has a leg, or says so and is answered.
    pub(super) fn remember(&mut self) {
        if self.open.len() > 1
            && let Some((from, at)) = self.last
        {
            if self.at.len() >= MAX_REMEMBERED {
                self.at.clear();
            }
            self.at.insert(from, at);
        }
    }

    /// Sends a packet with the next [`Self::flush`] at the latest; returns how many could not be sent.
    pub(super) fn send(&mut self, packet: &[u8], to: SocketAddr) -> u64 {
        if self.departures.add(packet, to) {
            return 0;
        }
        let lost = self.flush();
        // All have left, so that there is room.
        lost + u64::from(!self.departures.add(packet, to))
    }

    /// Sends what waits; returns how many packets could not be sent at once.
    pub(super) fn flush(&mut self) -> u64 {
        let Self { open, at, departures, one_by_one, .. } = self;
        departures.leave(|packets, size, to| {
            let count = packets.len().div_ceil(size.max(1)).max(1) as u64;
            let Some(port) = port_for(open, at, to) else { return count };
            if count > 1 && !*one_by_one {
                match u16::try_from(size).map(|size| port.try_send_several(packets, size, to)) {
                    Ok(Ok(())) => return 0,
                    Ok(Err(error)) if error.kind() == io::ErrorKind::WouldBlock => return count,
                    Ok(Err(_)) | Err(_) => {}
                }
            }
            let each = packets.chunks(size.max(1));
            let lost = each.map(|packet| u64::from(port.try_send(packet, to).is_err())).sum();
            // Where they go alone and not together, that is not tried again.
            *one_by_one |= count > 1 && lost < count;
            lost
        })
    }
}

/// The socket that an address is at.
fn port_for<'a>(open: &'a [UdpPort], at: &HashMap<SocketAddr, usize>, to: SocketAddr) -> Option<&'a UdpPort> {
    let port = at.get(&to).and_then(|&at| open.get(at));
    let of_family = |port: &&UdpPort| port.address().is_ok_and(|own| own.is_ipv4() == to.is_ipv4());
    match open {
        [only] => Some(only),
        ports => port.or_else(|| ports.iter().find(of_family)),
    }
}
