//! The header that a proxy puts before a connection, to say whose it is: the PROXY protocol, version 2. Its first version,
//! which is text, is not taken.
//!
//! A header has a head of 16 bytes and a block of the length that the head names. The block begins with addresses; what
//! follows them is passed over.
//!
//! Must not know: sockets, or which proxies are believed.

use std::net::{IpAddr, SocketAddr};

use super::limits::MAX_PROXY_BLOCK;

/// What every header of the second version begins with.
const SIGNATURE: [u8; 12] = *b"\r\n\r\n\0\r\nQUIT\n";
/// What the first version begins with.
const FIRST_VERSION: &[u8] = b"PROXY ";
/// The length of the head.
const HEAD: usize = 16;
/// The second version, with the command in the lower half of its byte.
const LOCAL: u8 = 0x20;
const PROXY: u8 = 0x21;
/// TCP over IPv4 and over IPv6.
const TCP4: u8 = 0x11;
const TCP6: u8 = 0x21;

/// Whose a connection is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProxyHeader {
    /// The proxy's own: it checks whether the server is there.
    Check,
    /// A client's, who connected to the proxy from this address.
    Client(SocketAddr),
}

/// How far a header was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeaderProgress {
    /// So many bytes more belong to it at least; none of what comes after it is among them.
    Needs(usize),
    /// It is whole.
    Whole(ProxyHeader),
}

/// Why bytes are no header that is taken. Its `Display` goes into the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProxyHeaderError {
    /// The bytes are something else.
    #[error("no PROXY protocol header")]
    NoHeader,
    /// The first version.
    #[error("a header of PROXY protocol version 1; version 2 is needed (send-proxy-v2)")]
    FirstVersion,
    /// Another version or command, in hexadecimal.
    #[error("an unknown version or command of the PROXY protocol: {0:#04x}")]
    Command(u8),
    /// The addresses are not of TCP, in hexadecimal.
    #[error("the PROXY protocol header names no address of TCP (family {0:#04x})")]
    Family(u8),
    /// The block is longer than any that is needed.
    #[error("a PROXY protocol header of {0} bytes, which is too long")]
    TooLong(usize),
    /// The block is too short for its addresses.
    #[error("a PROXY protocol header that is too short for its addresses")]
    TooShort,
}

/// Reads a header from the bytes so far.
///
/// # Errors
/// The bytes cannot become a header.
pub fn read(bytes: &[u8]) -> Result<HeaderProgress, ProxyHeaderError> {
    let begun = bytes.len().min(SIGNATURE.len());
    if bytes.get(..begun) != SIGNATURE.get(..begun) {
        return Err(if bytes.starts_with(FIRST_VERSION) {
            ProxyHeaderError::FirstVersion
        } else {
            ProxyHeaderError::NoHeader
        });
    }
    let Some((head, block)) = bytes.split_at_checked(HEAD) else {
        return Ok(HeaderProgress::Needs(HEAD - bytes.len()));
    };
    let &[.., command, family, high, low] = head else { return Err(ProxyHeaderError::NoHeader) };
    if !matches!(command, LOCAL | PROXY) {
        return Err(ProxyHeaderError::Command(command));
    }
    let length = usize::from(u16::from_be_bytes([high, low]));
    if length > MAX_PROXY_BLOCK {
        return Err(ProxyHeaderError::TooLong(length));
    }
    // A check may name anything, or nothing.
    let needed = match (command, family) {
        (LOCAL, _) => 0,
        (_, TCP4) => 12,
        (_, TCP6) => 36,
        (_, other) => return Err(ProxyHeaderError::Family(other)),
    };
    if length < needed {
        return Err(ProxyHeaderError::TooShort);
    }
    if let Some(missing) = length.checked_sub(block.len()).filter(|missing| *missing > 0) {
        return Ok(HeaderProgress::Needs(missing));
    }
    Ok(HeaderProgress::Whole(match command {
        LOCAL => ProxyHeader::Check,
        _ => ProxyHeader::Client(source(family, block).ok_or(ProxyHeaderError::TooShort)?),
    }))
}

/// The address that a block begins with: those of source and destination, then their ports.
fn source(family: u8, block: &[u8]) -> Option<SocketAddr> {
    let (address, ports): (IpAddr, usize) = if family == TCP4 {
        ((*block.first_chunk::<4>()?).into(), 8)
    } else {
        ((*block.first_chunk::<16>()?).into(), 32)
    };
    let port = block.get(ports..)?.first_chunk::<2>()?;
    Some((address, u16::from_be_bytes(*port)).into())
}
