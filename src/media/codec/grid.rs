//! The size of what is coded: the picture's, up to whole blocks of 8x8; and in which order its macroblocks come.
//!
//! Must not know: what is in them.

use crate::media::picture::{Picture, PictureSize};

use super::map::BlockMap;
use super::transform::{COARSEST, step};
use super::unit::Spot;

/// How much coarser the quantiser of colour is.
const COLOUR_COARSER: u8 = 2;

/// The sizes of pictures and of what is coded for them.
#[derive(Clone, Copy, Debug)]
pub(super) struct CodedGrid {
    size: PictureSize,
    coded: PictureSize,
}

impl CodedGrid {
    /// The grid of a size, if pictures of it may be sent.
    pub(super) fn new(size: PictureSize) -> Option<Self> {
        let coded = PictureSize::new(size.width().next_multiple_of(8), size.height().next_multiple_of(8))?;
        size.may_be_sent().then_some(Self { size, coded })
    }

    pub(super) fn size(&self) -> PictureSize {
        self.size
    }

    pub(super) fn coded_size(&self) -> PictureSize {
        self.coded
    }

    /// A map of which nothing is known.
    pub(super) fn map(&self) -> BlockMap {
        BlockMap::new(self.coded.width() / 8, self.coded.height() / 8)
    }

    /// The macroblocks, row by row; the last ones may be partly outside.
    pub(super) fn spots(&self) -> impl Iterator<Item = Spot> + use<> {
        let (width, height) = (self.coded.width() / 8, self.coded.height() / 8);
        let place = move |down| (0..width).step_by(2).map(move |across| Spot { across, down, blocks: 2 });
        (0..height).step_by(2).flat_map(place)
    }

    /// The steps of brightness and colour.
    pub(super) fn steps(quantiser: u8) -> [i32; 2] {
        [step(quantiser), step(quantiser.saturating_add(COLOUR_COARSER).min(COARSEST))]
    }

    /// A picture as it is coded.
    pub(super) fn extended(&self, picture: &Picture) -> Option<Picture> {
        let [luma, blue, red] = picture.planes();
        let (width, height) = (self.coded.width(), self.coded.height());
        let half = |plane: &crate::media::plane::Plane| plane.extended(width / 2, height / 2);
        let planes = [luma.extended(width, height), half(blue), half(red)];
        (picture.size() == self.size).then_some(())?;
        Picture::from_planes(self.coded, planes)
    }

    /// A coded picture as it is shown.
    pub(super) fn shown(&self, picture: &Picture) -> Picture {
        let [luma, blue, red] = picture.planes();
        let (width, height) = (self.size.width(), self.size.height());
        let half = |plane: &crate::media::plane::Plane| plane.part(0, 0, width / 2, height / 2);
        let planes = [luma.part(0, 0, width, height), half(blue), half(red)];
        Picture::from_planes(self.size, planes).unwrap_or_else(|| Picture::filled(self.size, 0))
    }
}
