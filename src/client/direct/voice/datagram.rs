//! The datagrams of voice: bytes to values and back. The kinds are those that pictures leave free.
//!
//! ```text
//! byte 0       bits 7-4: the kind; bits 3-0: as with pictures, which of its ways the sender uses
//!
//! kind 4       packets, one after the other, the last of which is the newest
//! bytes 1, 2   when they were sent, in milliseconds of the sender's clock, counted on beyond 65,535 from 0
//! byte 3       bit 7: the newest is the last before a pause; bits 6-0: how many are sent for the first time
//! bytes 4, 5   the number of the newest, counted on beyond 65,535 from 0
//! bytes 6, 7   the number of the first after the last pause: it needs none before it
//! then         for each packet, its length in a byte, and the packet
//!
//! kind 5       a report of what came; the way says nothing
//! bytes 1-6    which packets came by themselves, not only with later ones, as media::codec::receipts has it
//! bytes 7, 8   the queue on the way, in milliseconds
//! ```
//!
//! Must not know: what is done with them.

use crate::client::direct::pictures::datagram::SendStamp;
use crate::media::codec::receipts::ReceivedPictures;
use crate::media::voice::codec::MOST_VOICE_PACKET;

/// The most packets in a datagram.
pub const MOST_VOICE_PACKETS: usize = 4;

const PACKETS: u8 = 4;
const REPORT: u8 = 5;
const LAST: u8 = 0x80;

/// Packets of voice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VoicePackets {
    /// When they were sent.
    pub stamp: SendStamp,
    /// The number of the newest.
    pub newest: u16,
    /// The number of the first after the last pause.
    pub first: u16,
    /// Whether the newest is the last before a pause.
    pub is_last: bool,
    /// How many are sent for the first time.
    pub new: u8,
    /// The oldest first; at most [`MOST_VOICE_PACKETS`].
    pub packets: Vec<Vec<u8>>,
}

/// What a receiver reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VoiceReport {
    /// Which packets came by themselves.
    pub packets: ReceivedPictures,
    /// The queue on the way, in milliseconds.
    pub queue: u16,
}

/// A datagram.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VoiceDatagram {
    /// Packets.
    Packets(VoicePackets),
    /// A report.
    Report(VoiceReport),
}

impl VoiceDatagram {
    /// The bytes.
    #[must_use]
    pub fn write(&self) -> Vec<u8> {
        match self {
            Self::Packets(VoicePackets { stamp, newest, first, is_last, new, packets }) => {
                let mut bytes = vec![PACKETS << 4 | stamp.way & 15];
                bytes.extend(stamp.time.to_be_bytes());
                bytes.push(if *is_last { LAST } else { 0 } | new & !LAST);
                bytes.extend(newest.to_be_bytes());
                bytes.extend(first.to_be_bytes());
                for packet in packets {
                    bytes.push(u8::try_from(packet.len()).unwrap_or(u8::MAX));
                    bytes.extend(packet);
                }
                bytes
            }
            Self::Report(VoiceReport { packets, queue }) => {
                let mut bytes = vec![REPORT << 4];
                bytes.extend(packets.to_bytes());
                bytes.extend(queue.to_be_bytes());
                bytes
            }
        }
    }

    /// The value of some bytes; `None` if they are not about voice, or contradict themselves.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let (kind, rest) = bytes.split_first()?;
        match kind >> 4 {
            PACKETS => {
                let (&[t0, t1, flags, n0, n1, f0, f1], mut rest) = rest.split_first_chunk()?;
                let [time, newest, first] = [[t0, t1], [n0, n1], [f0, f1]].map(u16::from_be_bytes);
                let mut packets = Vec::new();
                while let Some((length, after)) = rest.split_first() {
                    let (packet, after) = after.split_at_checked((*length).into())?;
                    if packets.len() >= MOST_VOICE_PACKETS || packet.len() > MOST_VOICE_PACKET {
                        return None;
                    }
                    packets.push(packet.to_vec());
                    rest = after;
                }
                let (stamp, new) = (SendStamp { way: kind & 15, time }, flags & !LAST);
                // None is older than the first.
                let since = usize::from(newest.wrapping_sub(first));
                let is_sound = !packets.is_empty() && usize::from(new) <= packets.len() && packets.len() <= since + 1;
                let packets = VoicePackets { stamp, newest, first, is_last: flags & LAST != 0, new, packets };
                is_sound.then_some(Self::Packets(packets))
            }
            REPORT => {
                let (packets, rest) = rest.split_first_chunk()?;
                let &[high, low] = rest else { return None };
                let packets = ReceivedPictures::from_bytes(*packets);
                Some(Self::Report(VoiceReport { packets, queue: u16::from_be_bytes([high, low]) }))
            }
            _ => None,
        }
    }
}
