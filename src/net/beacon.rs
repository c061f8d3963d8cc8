//! Beacons on the networks that this machine is in: a server sends its own, and a client listens.
//!
//! They go to a group of each network, no further than its next router, and nothing is answered: whoever listens is not
//! seen. A beacon leaves each address of this machine at which the server can be reached.
//!
//! Must not know: what a server or a client does with them.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV6, UdpSocket};
use std::time::Duration;

use async_io::{Async, Timer};
use futures_lite::FutureExt as _;
use nix::ifaddrs::getifaddrs;
use nix::net::if_::{InterfaceFlags, if_nametoindex};
use nix::sys::socket::SockaddrStorage;
use rustix::net::{AddressFamily, SocketFlags, SocketType, bind, socket_with, sockopt};

use super::address::ListenAddress;
use crate::model::{Fingerprint, Text};
use crate::protocol::beacon::{BEACON_PORT, Beacon, MAX_BEACON, NearbyServer};

/// The group of IPv4: of those for use within an organization (RFC 2365).
const GROUP_V4: Ipv4Addr = Ipv4Addr::new(239, 255, 84, 82);
/// The group of IPv6: of one network, and not assigned by an authority (RFC 4291, section 2.7).
const GROUP_V6: Ipv6Addr = Ipv6Addr::new(0xff12, 0, 0, 0, 0, 0, 0x5452, 0x3226);
/// How often a beacon is sent.
pub(crate) const BEACON_PAUSE: Duration = Duration::from_secs(2);
/// The most addresses of this machine that are used: some machines have thousands.
const MAX_INTERFACES: usize = 32;

/// An address of this machine in a network that knows groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct OwnAddress {
    ip: IpAddr,
    /// The number of its interface.
    interface: u32,
}

/// Sends the beacon of a server that listens at these addresses, until it is dropped. Addresses that come and go are
/// noticed; what cannot be sent is tried again at the next time.
pub(crate) async fn announce(name: Text, places: Vec<ListenAddress>, key: Option<Fingerprint>) {
    loop {
        for address in own_addresses() {
            if let Some(beacon) = beacon_at(address.ip, &name, &places, key) {
                // A network without a way for groups has nobody who could hear it.
                let _ = send(address, &beacon.write());
            }
        }
        Timer::after(BEACON_PAUSE).await;
    }
}

/// The beacon that leaves an address of this machine; `None` if the server cannot be reached there.
fn beacon_at(own: IpAddr, name: &Text, places: &[ListenAddress], key: Option<Fingerprint>) -> Option<Beacon> {
    let reached = |address: &SocketAddr| {
        let any = address.ip().is_unspecified() && (address.is_ipv6() || own.is_ipv4());
        (any || address.ip() == own).then_some(address.port())
    };
    let tls = places.iter().find_map(|place| match place {
        ListenAddress::Tls(address) => reached(address),
        ListenAddress::Tcp(_) | ListenAddress::Unix(_) => None,
    });
    let tcp = places.iter().find_map(|place| match place {
        ListenAddress::Tcp(address) => reached(address),
        ListenAddress::Tls(_) | ListenAddress::Unix(_) => None,
    });
    let key = key.filter(|_| tls.is_some());
    (tls.is_some() || tcp.is_some()).then(|| Beacon { name: name.clone(), tls, tcp, key })
}

/// Whether a server that listens at these addresses can be reached from other machines at all.
pub(crate) fn can_announce(places: &[ListenAddress]) -> bool {
    places.iter().any(|place| match place {
        ListenAddress::Tcp(address) | ListenAddress::Tls(address) => !address.ip().is_loopback(),
        ListenAddress::Unix(_) => false,
    })
}

fn send(OwnAddress { ip, interface }: OwnAddress, packet: &[u8]) -> io::Result<()> {
    // A packet to a group leaves by the interface that has the sender's address.
    let socket = UdpSocket::bind(SocketAddr::new(ip, 0))?;
    let group = match ip {
        IpAddr::V4(_) => SocketAddr::from((GROUP_V4, BEACON_PORT)),
        IpAddr::V6(_) => SocketAddrV6::new(GROUP_V6, BEACON_PORT, 0, interface).into(),
    };
    socket.send_to(packet, group).map(drop)
}

/// Hears the beacons of servers.
#[derive(Debug)]
pub(crate) struct BeaconListener {
    sockets: Vec<Async<UdpSocket>>,
}

impl BeaconListener {
    /// Listens in all networks that this machine is in now.
    ///
    /// # Errors
    /// None of them can be listened to.
    pub(crate) fn open() -> io::Result<Self> {
        let addresses = own_addresses();
        let of_family = |v4: bool| addresses.iter().filter(move |address| address.ip.is_ipv4() == v4);
        let mut sockets = Vec::new();
        let mut failed = io::Error::from(io::ErrorKind::NetworkUnreachable);
        for v4 in [true, false] {
            match listen(of_family(v4)) {
                Ok(Some(socket)) => sockets.push(socket),
                Ok(None) => {}
                Err(error) => failed = error,
            }
        }
        if sockets.is_empty() { Err(failed) } else { Ok(Self { sockets }) }
    }

    /// The next server that is heard.
    ///
    /// # Errors
    /// An error of the system.
    pub(crate) async fn hear(&self) -> io::Result<NearbyServer> {
        loop {
            let (packet, from) = match self.sockets.as_slice() {
                [only] => next(only).await?,
                [one, other, ..] => next(one).or(next(other)).await?,
                [] => return Err(io::ErrorKind::NotConnected.into()),
            };
            if let Some(server) = Beacon::read(&packet).and_then(|beacon| beacon.server(from.ip().to_canonical())) {
                return Ok(server);
            }
        }
    }
}

/// The next packet and where it came from; one that is too long for a beacon comes as too long a one.
async fn next(socket: &Async<UdpSocket>) -> io::Result<(Vec<u8>, SocketAddr)> {
    let mut packet = vec![0; MAX_BEACON + 1];
    let (length, from) = socket.recv_from(&mut packet).await?;
    packet.truncate(length);
    Ok((packet, from))
}

/// Listens to the group in the networks of these addresses, which are of one family; `None` if there are none.
fn listen<'a>(addresses: impl Iterator<Item = &'a OwnAddress>) -> io::Result<Option<Async<UdpSocket>>> {
    let mut addresses = addresses.peekable();
    let Some(first) = addresses.peek() else { return Ok(None) };
    let (family, any): (_, SocketAddr) = match first.ip {
        IpAddr::V4(_) => (AddressFamily::INET, (Ipv4Addr::UNSPECIFIED, BEACON_PORT).into()),
        IpAddr::V6(_) => (AddressFamily::INET6, (Ipv6Addr::UNSPECIFIED, BEACON_PORT).into()),
    };
    let socket = socket_with(family, SocketType::DGRAM, SocketFlags::CLOEXEC, None)?;
    // Several clients of one machine hear them.
    sockopt::set_socket_reuseaddr(&socket, true)?;
    if any.is_ipv6() {
        sockopt::set_ipv6_v6only(&socket, true)?;
    }
    bind(&socket, &any)?;
    let socket = UdpSocket::from(socket);
    let (mut joined, mut failed) = (false, None);
    for OwnAddress { ip, interface } in addresses {
        let outcome = match ip {
            IpAddr::V4(ip) => socket.join_multicast_v4(&GROUP_V4, ip),
            IpAddr::V6(_) => socket.join_multicast_v6(&GROUP_V6, *interface),
        };
        match outcome {
            Ok(()) => joined = true,
            // Two addresses of one interface: it is in the group already.
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => joined = true,
            Err(error) => failed = Some(error),
        }
    }
    match failed {
        Some(error) if !joined => Err(error),
        _ => Async::new(socket).map(Some),
    }
}

/// The addresses of this machine in networks that know groups, other than link-local ones of IPv6, at which nobody could
/// name a server without naming an interface.
fn own_addresses() -> Vec<OwnAddress> {
    let wanted = InterfaceFlags::IFF_UP | InterfaceFlags::IFF_MULTICAST;
    let Ok(all) = getifaddrs() else { return Vec::new() };
    let all = all.filter(|found| found.flags.contains(wanted) && !found.flags.contains(InterfaceFlags::IFF_LOOPBACK));
    let own = all.filter_map(|found| {
        let ip = ip_of(found.address.as_ref()?)?;
        Some(OwnAddress { ip, interface: if_nametoindex(found.interface_name.as_str()).ok()? })
    });
    own.take(MAX_INTERFACES).collect()
}

fn ip_of(address: &SockaddrStorage) -> Option<IpAddr> {
    if let Some(v4) = address.as_sockaddr_in() {
        return Some(v4.ip().into());
    }
    let ip = address.as_sockaddr_in6()?.ip();
    (!ip.is_unicast_link_local()).then_some(ip.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_beacon_leaves_the_addresses_at_which_the_server_is_reached() {
        let tls = |text: &str| ListenAddress::Tls(text.parse().unwrap());
        let tcp = |text: &str| ListenAddress::Tcp(text.parse().unwrap());
        let key = Some(Fingerprint([1; 32]));
        let at = |own: &str, places: &[ListenAddress]| {
            let beacon = beacon_at(own.parse().unwrap(), &Text::line("lab"), places, key)?;
            assert_eq!(beacon.key.is_some(), beacon.tls.is_some());
            Some((beacon.tls, beacon.tcp))
        };
        let all = [tls("0.0.0.0:7223"), tcp("127.0.0.1:1234"), ListenAddress::Unix("/run/tr2.sock".to_owned())];
        assert_eq!(at("192.168.1.5", &all), Some((Some(7223), None)));
        assert_eq!(at("2001:db8::5", &all), None, "it does not listen to IPv6");
        assert_eq!(at("192.168.1.5", &[tls("[::]:7223"), tcp("192.168.1.5:1234")]), Some((Some(7223), Some(1234))));
        assert_eq!(at("2001:db8::5", &[tls("[::]:7223")]), Some((Some(7223), None)));
        assert_eq!(at("192.168.1.5", &[tls("10.0.0.1:7223")]), None);
        assert!(can_announce(&all));
        assert!(!can_announce(&all[1..]));
    }
}
