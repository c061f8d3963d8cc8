//! How near an address is: what a server says must not lead a client from the internet into the client's own network, or to
//! its own machine.
//!
//! Must not know: who names an address, or what is there.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// How near an address is, nearest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Nearness {
    /// On this machine.
    Machine,
    /// In a network that only its own machines reach: private, of one link, or behind the provider's translation.
    Network,
    /// Anywhere else.
    Anywhere,
}

impl Nearness {
    /// How near an address is.
    #[must_use]
    pub(crate) fn of(ip: IpAddr) -> Self {
        match ip {
            IpAddr::V4(ip) => of_v4(ip),
            IpAddr::V6(ip) => match embedded(ip) {
                Some(inner) => of_v4(inner),
                None if ip.is_loopback() || ip.is_unspecified() => Self::Machine,
                None if ip.is_unique_local() || ip.is_unicast_link_local() || ip.is_multicast() => Self::Network,
                None => Self::Anywhere,
            },
        }
    }
}

fn of_v4(ip: Ipv4Addr) -> Nearness {
    let [first, second, ..] = ip.octets();
    // RFC 6598.
    let shared = first == 100 && second & 0xC0 == 64;
    if ip.is_loopback() || first == 0 {
        Nearness::Machine
    } else if ip.is_private() || ip.is_link_local() || ip.is_multicast() || ip.is_broadcast() || shared {
        Nearness::Network
    } else {
        Nearness::Anywhere
    }
}

/// The IPv4 address that an IPv6 address stands for: mapped (RFC 4291), or behind a translator (RFC 6052).
fn embedded(ip: Ipv6Addr) -> Option<Ipv4Addr> {
    let translated = || match ip.octets() {
        [0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0, a, b, c, d] => Some(Ipv4Addr::new(a, b, c, d)),
        _ => None,
    };
    ip.to_ipv4_mapped().or_else(translated)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_as_near_as_they_are_however_they_are_written() {
        let cases = [
            (Nearness::Machine, "127.0.0.1 127.9.9.9 0.0.0.0 0.1.2.3 ::1 :: ::ffff:127.0.0.1 64:ff9b::7f00:1"),
            (Nearness::Network, "10.0.0.1 172.16.0.1 172.31.9.9 192.168.7.7 169.254.169.254 100.64.0.1 100.127.9.9"),
            (Nearness::Network, "fd00::1 fe80::1 ff02::1 224.0.0.1 255.255.255.255 ::ffff:10.0.0.1 64:ff9b::a00:1"),
            (
                Nearness::Anywhere,
                "9.9.9.9 172.32.0.1 100.128.0.1 192.167.1.1 2001:db8::1 ::ffff:9.9.9.9 64:ff9b::909:909",
            ),
        ];
        for (nearness, addresses) in cases {
            for address in addresses.split(' ') {
                assert_eq!(address.parse().ok().map(Nearness::of), Some(nearness), "{address}");
            }
        }
        assert!(Nearness::Machine < Nearness::Network && Nearness::Network < Nearness::Anywhere);
    }
}
