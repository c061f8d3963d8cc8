//! The encoder: pictures in, packets out. It keeps the pictures as the decoder has them.
//!
//! Must not know: which reference is wise (that is the chooser's), rates, or how packets are sent.

use crate::media::picture::{Picture, PictureSize};

use super::decide::{Decider, SoFar};
use super::fit::Prices;
use super::grid::CodedGrid;
use super::kept::KeptPictures;
use super::models::Models;
use super::packet::{COARSEST, FARTHEST_REFERENCE, LARGEST_PACKET, PacketHead};
use super::range::RangeWriter;
use super::syntax::Syntax;

/// How a picture is to be coded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodingRequest {
    /// The number of the picture to refer to; where the encoder does not have it (any more), and for none, a key picture
    /// is made.
    pub reference: Option<u16>,
    /// No later picture will refer to this one.
    pub is_leaf: bool,
    /// From 0, the finest, to [`COARSEST`].
    pub quantiser: u8,
    /// The packet is to be no longer: for that the quantiser is made coarser, as far as that goes. Never longer than
    /// [`LARGEST_PACKET`].
    pub most_bytes: usize,
}

/// A coded picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodedPicture {
    /// What the packet says.
    pub head: PacketHead,
    /// The packet: at most [`LARGEST_PACKET`] bytes.
    pub packet: Vec<u8>,
    /// The picture as the decoder has it.
    pub picture: Picture,
}

/// An encoder for one picture after the other.
#[derive(Debug)]
pub struct PictureEncoder {
    grid: CodedGrid,
    kept: KeptPictures,
    stream: u8,
    next: u16,
}

impl PictureEncoder {
    /// An encoder of pictures of a size, as one of four streams, beginning with a number; none if such pictures are not
    /// sent.
    #[must_use]
    pub fn new(size: PictureSize, stream: u8, first: u16) -> Option<Self> {
        Some(Self { grid: CodedGrid::new(size)?, kept: KeptPictures::default(), stream: stream & 3, next: first })
    }

    /// The size of the pictures.
    #[must_use]
    pub fn size(&self) -> PictureSize {
        self.grid.size()
    }

    /// The number that the next picture gets.
    #[must_use]
    pub fn next_number(&self) -> u16 {
        self.next
    }

    /// Codes the next picture; nothing if it has another size.
    pub fn encode(&mut self, picture: &Picture, request: CodingRequest) -> Option<CodedPicture> {
        let source = self.grid.extended(picture)?;
        let number = self.next;
        let within_reach = |reference: &u16| (1..=FARTHEST_REFERENCE).contains(&number.wrapping_sub(*reference));
        let reference = request.reference.filter(within_reach).filter(|reference| self.kept.get(*reference).is_some());
        let (is_leaf, quantiser) = (request.is_leaf, request.quantiser.min(COARSEST));
        let mut head = PacketHead { number, reference, is_leaf, stream: self.stream, quantiser };
        let most_bytes = request.most_bytes.min(LARGEST_PACKET);
        let (packet, rebuilt, models) = loop {
            // The coarsest quantiser makes every picture small enough for the largest packet.
            let is_last = head.quantiser == COARSEST;
            if let Some(coded) = self.attempt(&source, &head, if is_last { usize::MAX } else { most_bytes }) {
                break coded;
            }
            head.quantiser = (head.quantiser + 8).min(COARSEST);
        };
        let shown = self.grid.shown(&rebuilt);
        self.kept.keep(number, reference.is_none(), (!head.is_leaf).then_some((rebuilt, models)));
        self.next = number.wrapping_add(1);
        Some(CodedPicture { head, packet, picture: shown })
    }

    /// Codes a picture; nothing, as soon as its packet is too long.
    fn attempt(&self, source: &Picture, head: &PacketHead, most_bytes: usize) -> Option<(Vec<u8>, Picture, Models)> {
        let reference = head.reference.and_then(|number| self.kept.get(number));
        let mut models = reference.map_or_else(Models::default, |kept| kept.models.clone());
        let reference = reference.map(|kept| &kept.picture);
        let steps = CodedGrid::steps(head.quantiser);
        let decider = Decider { source, reference, prices: Prices::new(steps) };
        let mut picture = Picture::filled(self.grid.coded_size(), 0);
        let mut map = self.grid.map();
        let mut writer = RangeWriter::after(head.write());
        for spot in self.grid.spots() {
            let mut so_far = SoFar { picture: &mut picture, map: &mut map, models: &mut models };
            let block = decider.macroblock(&mut so_far, spot);
            Syntax::new(&mut writer, &mut models, reference.is_some()).macroblock(&mut map, spot, &block);
            if writer.written() > most_bytes {
                return None;
            }
        }
        let packet = writer.finish();
        (packet.len() <= most_bytes).then_some((packet, picture, models))
    }
}
