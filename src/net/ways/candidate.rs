//! The addresses that may be probed: those of another machine's ordinary programs, and nothing that a peer could use to
//! have packets sent where it cannot send any itself.
//!
//! Must not know: whose an address is.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// The lowest port that may be probed: below it are the system's services.
pub const LOWEST_PORT: u16 = 1024;

/// Which addresses are allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Candidates {
    /// Those of other machines.
    Others,
    /// Those of this machine as well: for tests, where all ends are on one.
    Loopback,
}

impl Candidates {
    /// Whether packets may go there.
    #[must_use]
    pub fn allow(self, address: SocketAddr) -> bool {
        let ip = canonical(address).ip();
        if ip.is_loopback() && self == Self::Others {
            return false;
        }
        address.port() >= LOWEST_PORT
            && match ip {
                IpAddr::V4(ip) => is_host_v4(ip),
                IpAddr::V6(ip) => is_host_v6(ip),
            }
    }
}

/// The address with IPv4 as IPv4, even where IPv6 holds it.
#[must_use]
pub fn canonical(address: SocketAddr) -> SocketAddr {
    SocketAddr::new(address.ip().to_canonical(), address.port())
}

/// Whether it may be the address of one host (RFC 6890). Link-local ones are left out: clouds have services there.
fn is_host_v4(ip: Ipv4Addr) -> bool {
    let [first, ..] = ip.octets();
    // 0.0.0.0/8 is this network, 240.0.0.0/4 is reserved and has the broadcast.
    !(first == 0 || first >= 240 || ip.is_multicast() || ip.is_link_local())
}

/// The same of IPv6. Addresses that hold one of IPv4 in another way are left out: what they lead to is not looked at.
fn is_host_v6(ip: Ipv6Addr) -> bool {
    let [first, second, ..] = ip.segments();
    let translated = first == 0x64 && second == 0xff9b;
    let six_to_four = first == 0x2002;
    let compatible = ip.segments()[..6].iter().all(|segment| *segment == 0) && !ip.is_loopback();
    !(ip.is_unspecified() || ip.is_multicast() || ip.is_unicast_link_local() || translated || six_to_four || compatible)
}
