//! The decoder: packets in, pictures out. Its size is fixed when it is made; what a packet costs is bounded by that size.
//!
//! A packet that is no picture gives an error, and the decoder goes on as if it had not come. That a packet is whole and its
//! sender's is for the transport to see to: damage is noticed mostly, not always.
//!
//! Must not know: where packets come from, or in how many parts.

use crate::media::picture::{Picture, PictureSize};

use super::grid::CodedGrid;
use super::kept::KeptPictures;
use super::models::Models;
use super::packet::{PacketError, PacketHead};
use super::range::RangeReader;
use super::rebuild;
use super::syntax::Syntax;
use super::unit::{IntraMode, Macroblock, Prediction, Unit};

/// A decoder of one sender's pictures.
#[derive(Debug)]
pub struct PictureDecoder {
    grid: CodedGrid,
    kept: KeptPictures,
}

/// A decoded picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodedPicture {
    /// Its head.
    pub head: PacketHead,
    /// The picture, of the decoder's size.
    pub picture: Picture,
}

impl PictureDecoder {
    /// A decoder of pictures of a size; none if such pictures are not sent.
    #[must_use]
    pub fn new(size: PictureSize) -> Option<Self> {
        Some(Self { grid: CodedGrid::new(size)?, kept: KeptPictures::default() })
    }

    /// The size of the pictures.
    #[must_use]
    pub fn size(&self) -> PictureSize {
        self.grid.size()
    }

    /// Decodes a picture.
    ///
    /// # Errors
    ///
    /// The packet is malformed, or refers to a picture that is not there, or was decoded already.
    pub fn decode(&mut self, packet: &[u8]) -> Result<DecodedPicture, PacketError> {
        let (head, rest) = PacketHead::read(packet)?;
        if !self.kept.is_news(head.number) {
            return Err(PacketError::Stale);
        }
        let reference = match head.reference {
            Some(number) => Some(self.kept.get(number).ok_or(PacketError::NoReference)?),
            None => None,
        };
        let mut models = reference.map_or_else(Models::default, |kept| kept.models.clone());
        let reference = reference.map(|kept| &kept.picture);
        let mut picture = Picture::filled(self.grid.coded_size(), 0);
        let mut map = self.grid.map();
        let mut reader = RangeReader::new(rest);
        let steps = CodedGrid::steps(head.quantiser);
        let none = Macroblock::Whole(Box::new(Unit::new(Prediction::Intra(IntraMode::Mean))));
        for spot in self.grid.spots() {
            let block = Syntax::new(&mut reader, &mut models, reference.is_some()).macroblock(&mut map, spot, &none);
            if reader.overran() {
                return Err(PacketError::Malformed);
            }
            rebuild::macroblock(&mut picture, reference, spot, &block, steps);
        }
        if !reader.ended() {
            return Err(PacketError::Malformed);
        }
        let shown = self.grid.shown(&picture);
        let kept = (!head.is_leaf).then_some((picture, models));
        self.kept.keep(head.number, head.reference.is_none(), kept);
        Ok(DecodedPicture { head, picture: shown })
    }
}
