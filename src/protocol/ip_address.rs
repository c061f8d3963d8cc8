//! An address and port as 18 bytes: those of IPv6, where IPv4 is mapped (RFC 4291, section 2.5.5.2), and the port.
//!
//! Must not know: whose address it is.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

/// How long it is, in bytes.
pub const ADDRESS: usize = 18;

/// The address as bytes.
#[must_use]
pub fn write(address: &SocketAddr) -> [u8; ADDRESS] {
    let ip = match address.ip() {
        IpAddr::V4(ip) => ip.to_ipv6_mapped(),
        IpAddr::V6(ip) => ip,
    };
    let mut bytes = [0; ADDRESS];
    let all = ip.octets().into_iter().chain(address.port().to_be_bytes());
    bytes.iter_mut().zip(all).for_each(|(to, from)| *to = from);
    bytes
}

/// Reads what [`write()`] wrote; a mapped address of IPv4 is one of IPv4.
#[must_use]
pub fn read([ip @ .., high, low]: [u8; ADDRESS]) -> SocketAddr {
    let port = u16::from_be_bytes([high, low]);
    let ip = Ipv6Addr::from(ip);
    SocketAddr::new(ip.to_canonical(), port)
}
