//! Packets on a leg: the way of a channel's packets between a client and its server, which relays them to the other
//! client's leg. Over UDP, and over a stream.
//!
//! A packet of the channel goes as it is: QUIC sets the second highest bit of its first byte, so everything below 0x40 is
//! ours (RFC 9443). Over a stream, each packet follows a length of two bytes, big-endian.
//!
//! Must not know: who has which leg, or what the channel's packets hold.

use std::fmt;
use std::net::SocketAddr;
use std::str::FromStr;

use super::hex::{Hex16, NoHex};
use super::ip_address as address;

/// The largest packet, in bytes.
pub const MAX_LEG_PACKET: usize = 1232;
/// From this first byte on, a packet is the channel's.
const CHANNEL: u8 = 0x40;

mod kind {
    pub(super) const BIND: u8 = 1;
    pub(super) const CHALLENGE: u8 = 2;
    pub(super) const ANSWER: u8 = 3;
    pub(super) const BOUND: u8 = 4;
}

/// What a client shows to have a leg: random, and known to nobody else.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LegToken(pub [u8; 16]);

impl fmt::Display for LegToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&Hex16(self.0), f)
    }
}

/// A secret is not for logs.
impl fmt::Debug for LegToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LegToken")
    }
}

impl FromStr for LegToken {
    type Err = NoHex;

    fn from_str(text: &str) -> Result<Self, NoHex> {
        text.parse().map(|Hex16(bytes)| Self(bytes))
    }
}

/// A packet over UDP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LegPacket<'a> {
    /// From a client: it wants its leg to be at the address that this comes from. As long as a challenge.
    Bind(LegToken),
    /// From the server: show that you get what is sent to that address.
    Challenge([u8; 16]),
    /// From the client: the challenge, from the same address.
    Answer(LegToken, [u8; 16]),
    /// From the server: packets go to that address from now on, which is this one as the server sees it. Shorter than an
    /// answer.
    Bound(SocketAddr),
    /// A packet of the channel.
    Channel(&'a [u8]),
}

impl<'a> LegPacket<'a> {
    /// The packet as bytes.
    #[must_use]
    pub fn write(&self) -> Vec<u8> {
        match self {
            Self::Bind(LegToken(token)) => [&[kind::BIND], &token[..]].concat(),
            Self::Challenge(challenge) => [&[kind::CHALLENGE], &challenge[..]].concat(),
            Self::Answer(LegToken(token), challenge) => [&[kind::ANSWER], &token[..], &challenge[..]].concat(),
            Self::Bound(address) => [&[kind::BOUND], &address::write(address)[..]].concat(),
            Self::Channel(packet) => packet.to_vec(),
        }
    }

    /// Reads a packet; `None` if it is none.
    #[must_use]
    pub fn read(bytes: &'a [u8]) -> Option<Self> {
        let (&first, rest) = bytes.split_first()?;
        match first {
            CHANNEL.. if bytes.len() <= MAX_LEG_PACKET => Some(Self::Channel(bytes)),
            kind::BIND => Some(Self::Bind(LegToken(rest.try_into().ok()?))),
            kind::CHALLENGE => Some(Self::Challenge(rest.try_into().ok()?)),
            kind::ANSWER => {
                let (token, challenge) = rest.split_first_chunk()?;
                Some(Self::Answer(LegToken(*token), challenge.try_into().ok()?))
            }
            kind::BOUND => Some(Self::Bound(address::read(rest.try_into().ok()?))),
            _ => None,
        }
    }
}

/// Appends a packet of the channel to what is written to a stream.
pub fn write_on_stream(packet: &[u8], out: &mut Vec<u8>) {
    let Ok(length) = u16::try_from(packet.len()) else { return };
    out.extend(length.to_be_bytes());
    out.extend_from_slice(packet);
}

/// The stream holds something else than packets: nothing that follows can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a packet of {0} bytes on a leg")]
pub struct NoLegStream(usize);

/// Finds packets in a stream of bytes. It holds at most what it was fed and one packet.
#[derive(Debug, Default)]
pub struct LegStream {
    bytes: Vec<u8>,
    /// How many of the bytes were taken.
    taken: usize,
}

impl LegStream {
    /// Takes bytes that have arrived.
    pub fn feed(&mut self, bytes: &[u8]) {
        // Once for all packets that came together, however small they are.
        self.bytes.drain(..self.taken);
        self.taken = 0;
        self.bytes.extend_from_slice(bytes);
    }

    /// The next packet; `None` if it has not arrived whole.
    ///
    /// # Errors
    /// If the bytes are no packets of a channel.
    pub fn packet(&mut self) -> Result<Option<Vec<u8>>, NoLegStream> {
        let Some((length, rest)) = self.bytes.get(self.taken..).and_then(<[u8]>::split_first_chunk) else {
            return Ok(None);
        };
        let length = usize::from(u16::from_be_bytes(*length));
        if length == 0 || length > MAX_LEG_PACKET || rest.first().is_some_and(|first| *first < CHANNEL) {
            return Err(NoLegStream(length));
        }
        let Some(packet) = rest.get(..length) else { return Ok(None) };
        let packet = packet.to_vec();
        self.taken += 2 + length;
        Ok(Some(packet))
    }
}
