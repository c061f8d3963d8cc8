//! The head of a coded picture: its number, the one it refers to, whether later ones refer to it, its stream and quantiser.
//!
//! ```text
//! bytes 0, 1   number, counted on beyond 65,535 from 0
//! byte 2       bits 7-5: version (0); bit 4: no later picture refers to this one; bits 3-0: how many numbers before this
//!              one the picture is that it refers to; 0: it refers to none (a key picture)
//! byte 3       bits 7-6: which of the sender's streams; bits 5-0: quantiser, 0 to 63
//! then         the macroblocks, row by row, as the range coder writes them
//! ```
//!
//! Must not know: macroblocks, or how packets are sent.

pub use super::transform::COARSEST;

/// The bytes of the head.
pub const HEAD: usize = 4;
/// The largest coded picture, in bytes.
pub const LARGEST_PACKET: usize = 16 * 1024;
/// A picture refers to one at most so many numbers before it.
pub const FARTHEST_REFERENCE: u16 = 15;

const LEAF: u8 = 0x10;

/// The head of a coded picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PacketHead {
    /// The picture's number.
    pub number: u16,
    /// The number of the picture that it refers to; a key picture refers to none.
    pub reference: Option<u16>,
    /// No picture refers to this one: the upper of two layers in time, which may be left out.
    pub is_leaf: bool,
    /// Which of up to four streams it is of. Pictures of one stream have one size, which the peers agree on elsewhere.
    pub stream: u8,
    /// From 0, the finest, to [`COARSEST`].
    pub quantiser: u8,
}

/// Why a packet holds no picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PacketError {
    /// It is too short or too long, or of another version.
    Malformed,
    /// It refers to a picture that is not there (any more).
    NoReference,
    /// The picture is there already, or too old.
    Stale,
}

impl PacketHead {
    /// The head of a packet, and what follows it.
    ///
    /// # Errors
    ///
    /// [`PacketError::Malformed`].
    pub fn read(packet: &[u8]) -> Result<(Self, &[u8]), PacketError> {
        let Some(([high, low, kind, fineness], rest)) = packet.split_first_chunk() else {
            return Err(PacketError::Malformed);
        };
        if packet.len() > LARGEST_PACKET || kind >> 5 != 0 {
            return Err(PacketError::Malformed);
        }
        let number = u16::from_be_bytes([*high, *low]);
        let back = u16::from(kind & 0x0F);
        let reference = (back != 0).then(|| number.wrapping_sub(back));
        let (stream, quantiser) = (fineness >> 6, fineness & COARSEST);
        Ok((Self { number, reference, is_leaf: kind & LEAF != 0, stream, quantiser }, rest))
    }

    /// The bytes of the head.
    pub(super) fn write(&self) -> Vec<u8> {
        let [high, low] = self.number.to_be_bytes();
        let back = self.reference.map_or(0, |reference| self.number.wrapping_sub(reference) & FARTHEST_REFERENCE);
        let kind = back as u8 | if self.is_leaf { LEAF } else { 0 };
        vec![high, low, kind, self.stream << 6 | self.quantiser.min(COARSEST)]
    }
}

/// Whether a number is after another, counting on beyond the largest.
#[must_use]
pub fn is_after(number: u16, other: u16) -> bool {
    (1..0x8000).contains(&number.wrapping_sub(other))
}
