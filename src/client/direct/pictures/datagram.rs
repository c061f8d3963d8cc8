//! The datagrams of pictures: bytes to values and back.
//!
//! ```text
//! byte 0       bits 7-4: the kind; bits 3-0: which of its ways the sender uses, counted on beyond 15 from 0
//!
//! kind 1       a packet, or a part of one
//! bytes 1, 2   when it was sent, in milliseconds of the sender's clock, counted on beyond 65,535 from 0
//! then         the packet or the part, as media::parts cuts it
//!
//! kind 2       a packet and those before it, the oldest first
//! bytes 1, 2   as above
//! then         for each packet, its length in two bytes, and the packet
//!
//! kind 3       a report of what came; the way says nothing
//! bytes 1-6    which pictures were decoded, as media::codec::receipts has it
//! bytes 7-12   which packets came by themselves, not only with later ones, likewise
//! bytes 13, 14 the queue on the way, in milliseconds
//! ```
//!
//! Must not know: what is done with them.

use crate::media::codec::receipts::ReceivedPictures;

/// The bytes of a part's or some packets' datagram before its first packet.
pub const DATAGRAM_HEAD: usize = 3;
/// The bytes before each of several packets.
pub const PACKET_LENGTH: usize = 2;
/// The most packets in a datagram.
pub const MOST_PACKETS: usize = 3;

const PART: u8 = 1;
const PACKETS: u8 = 2;
const REPORT: u8 = 3;

/// When a datagram was sent, and which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SendStamp {
    /// The sender's count of its ways, of which the lower four bits go over the line.
    pub way: u8,
    /// Milliseconds of the sender's clock.
    pub time: u16,
}

/// What a receiver reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineReport {
    /// Which pictures were decoded.
    pub pictures: ReceivedPictures,
    /// Which packets came by themselves, not only with later ones.
    pub packets: ReceivedPictures,
    /// The queue on the way, in milliseconds.
    pub queue: u16,
}

/// A datagram.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PictureDatagram {
    /// A packet, or a part of one.
    Part {
        /// When it was sent.
        stamp: SendStamp,
        /// As `media::parts` cuts it.
        part: Vec<u8>,
    },
    /// A packet and those before it.
    Packets {
        /// When they were sent.
        stamp: SendStamp,
        /// The oldest first; at most [`MOST_PACKETS`].
        packets: Vec<Vec<u8>>,
    },
    /// A report.
    Report(LineReport),
}

impl PictureDatagram {
    /// The bytes.
    #[must_use]
    pub fn write(&self) -> Vec<u8> {
        let head = |kind: u8, stamp: &SendStamp| {
            let [high, low] = stamp.time.to_be_bytes();
            vec![kind << 4 | stamp.way & 15, high, low]
        };
        match self {
            Self::Part { stamp, part } => [head(PART, stamp), part.clone()].concat(),
            Self::Packets { stamp, packets } => {
                let mut bytes = head(PACKETS, stamp);
                for packet in packets {
                    bytes.extend(u16::try_from(packet.len()).unwrap_or(u16::MAX).to_be_bytes());
                    bytes.extend(packet);
                }
                bytes
            }
            Self::Report(LineReport { pictures, packets, queue }) => {
                let mut bytes = vec![REPORT << 4];
                bytes.extend(pictures.to_bytes());
                bytes.extend(packets.to_bytes());
                bytes.extend(queue.to_be_bytes());
                bytes
            }
        }
    }

    /// The value of some bytes; `None` if they are not about pictures.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let (first, rest) = bytes.split_first()?;
        let stamped = || {
            let (time, rest) = rest.split_first_chunk()?;
            Some((SendStamp { way: first & 15, time: u16::from_be_bytes(*time) }, rest))
        };
        match first >> 4 {
            PART => stamped().map(|(stamp, part)| Self::Part { stamp, part: part.to_vec() }),
            PACKETS => {
                let (stamp, mut rest) = stamped()?;
                let mut packets = Vec::new();
                while !rest.is_empty() {
                    let (length, after) = rest.split_first_chunk()?;
                    let (packet, after) = after.split_at_checked(u16::from_be_bytes(*length).into())?;
                    packets.push(packet.to_vec());
                    rest = after;
                }
                (1..=MOST_PACKETS).contains(&packets.len()).then_some(Self::Packets { stamp, packets })
            }
            REPORT => {
                let (pictures, rest) = rest.split_first_chunk()?;
                let (packets, rest) = rest.split_first_chunk()?;
                let &[high, low] = rest else { return None };
                let [pictures, packets] = [pictures, packets].map(|bytes| ReceivedPictures::from_bytes(*bytes));
                Some(Self::Report(LineReport { pictures, packets, queue: u16::from_be_bytes([high, low]) }))
            }
            _ => None,
        }
    }
}
