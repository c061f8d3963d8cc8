//! Headers of the PROXY protocol, made by hand.

use std::net::{IpAddr, SocketAddr};

/// What every header of version 2 begins with.
pub(crate) const SIGNATURE: &[u8] = b"\r\n\r\n\0\r\nQUIT\n";

/// A header with this command and family, and this block.
pub(crate) fn header(command: u8, family: u8, block: &[u8]) -> Vec<u8> {
    let length = u16::try_from(block.len()).unwrap().to_be_bytes();
    [SIGNATURE, &[command, family], &length, block].concat()
}

/// The block about a client, with whatever follows the addresses.
pub(crate) fn block(client: SocketAddr, rest: &[u8]) -> (u8, Vec<u8>) {
    let (family, addresses) = match client.ip() {
        IpAddr::V4(ip) => (0x11, [ip.octets(), [192, 0, 2, 1]].concat()),
        IpAddr::V6(ip) => (0x21, [ip.octets(), [0x20; 16]].concat()),
    };
    let ports = [client.port().to_be_bytes(), 1234_u16.to_be_bytes()].concat();
    (family, [&addresses, &ports, rest].concat())
}

/// The header about a client.
pub(crate) fn about(client: &str) -> Vec<u8> {
    let (family, block) = block(client.parse().unwrap(), &[]);
    header(0x21, family, &block)
}
