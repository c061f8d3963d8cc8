//! What is coded: macroblocks of 16x16, each one unit or four of 8x8, with what predicts them and what is left over.
//!
//! Sources: macroblocks and skipped ones, ITU-T H.261, 1990; four vectors in one, H.263, 1996; the ways to predict from the
//! samples around, VP8, RFC 6386.
//!
//! Must not know: bits, or samples.

use super::transform::MOST_LEVEL;

/// How far something moved since the picture that is referred to, in quarters of a sample.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Vector {
    pub(super) x: i16,
    pub(super) y: i16,
}

/// The farthest that something moves, in quarters of a sample.
pub(super) const FARTHEST: i16 = 511;

impl Vector {
    /// A vector, cut off at the farthest.
    pub(super) fn new(x: i32, y: i32) -> Self {
        let cut = |at: i32| at.clamp(-i32::from(FARTHEST), i32::from(FARTHEST)) as i16;
        Self { x: cut(x), y: cut(y) }
    }

    /// The middle one of three, for each direction by itself (H.263).
    pub(super) fn median(of: [Self; 3]) -> Self {
        let [a, b, c] = of;
        let middle = |a: i16, b: i16, c: i16| a.max(b).min(a.min(b).max(c));
        Self { x: middle(a.x, b.x, c.x), y: middle(a.y, b.y, c.y) }
    }
}

/// How a unit is predicted from the samples to its left and above it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum IntraMode {
    /// Their mean.
    #[default]
    Mean,
    /// Each column goes on.
    Down,
    /// Each row goes on.
    Across,
    /// Left plus above minus the corner.
    Slope,
}

impl IntraMode {
    pub(super) const ALL: [Self; 4] = [Self::Mean, Self::Down, Self::Across, Self::Slope];
}

/// How a unit is predicted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Prediction {
    /// As the picture referred to has it at the vector, and nothing is left over.
    Skip(Vector),
    /// As the picture referred to has it at the vector.
    Inter(Vector),
    /// From the samples around.
    Intra(IntraMode),
    /// From the samples around, for each block of 4x4 by itself. Only in units of 8x8; the colours follow the first mode.
    FineIntra([IntraMode; 4]),
}

impl Prediction {
    /// The vector, if it is predicted from another picture.
    pub(super) fn vector(self) -> Option<Vector> {
        match self {
            Self::Skip(vector) | Self::Inter(vector) => Some(vector),
            Self::Intra(_) | Self::FineIntra(_) => None,
        }
    }
}

/// What a block is, for the models.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BlockKind {
    /// Brightness, 8x8.
    Luma,
    /// Brightness, 4x4.
    FineLuma,
    /// Colour difference.
    Colour,
}

/// What is left over in a block, as levels in the order of the zig-zag: one transform of 64 or 16, or four of 16.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Residual {
    /// Four blocks of 4x4 instead of one of 8x8.
    pub(super) fine: bool,
    /// At most [`MOST_LEVEL`] in either direction.
    pub(super) levels: [i16; 64],
}

impl Default for Residual {
    fn default() -> Self {
        Self { fine: false, levels: [0; 64] }
    }
}

impl Residual {
    /// Whether anything is left over.
    pub(super) fn is_coded(&self) -> bool {
        self.levels.iter().any(|level| *level != 0)
    }

    /// A level from the wire, cut off.
    pub(super) fn cut(level: i32) -> i16 {
        level.clamp(-MOST_LEVEL, MOST_LEVEL) as i16
    }
}

/// A unit of 16x16 or 8x8.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unit {
    pub(super) prediction: Prediction,
    /// Four blocks of brightness; a unit of 8x8 has the first alone.
    pub(super) luma: [Residual; 4],
    /// Blue and red difference: 8x8, or 4x4 in a unit of 8x8.
    pub(super) colours: [Residual; 2],
}

impl Unit {
    /// A unit of which nothing is left over.
    pub(super) fn new(prediction: Prediction) -> Self {
        Self { prediction, luma: [Residual::default(); 4], colours: [Residual::default(); 2] }
    }
}

/// A macroblock.
#[derive(Clone, Debug)]
pub(super) enum Macroblock {
    /// One unit of 16x16.
    Whole(Box<Unit>),
    /// Four of 8x8, row by row; those outside the picture are not coded.
    Split(Box<[Unit; 4]>),
}

/// Where a unit is, in blocks of 8x8, and how many it has on a side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spot {
    pub(super) across: usize,
    pub(super) down: usize,
    pub(super) blocks: usize,
}

impl Spot {
    /// The four units of a split macroblock.
    pub(super) fn quarters(self) -> [Self; 4] {
        [(0, 0), (1, 0), (0, 1), (1, 1)].map(|(x, y)| Self { across: self.across + x, down: self.down + y, blocks: 1 })
    }

    /// Samples of brightness on a side.
    pub(super) fn side(self) -> usize {
        self.blocks * 8
    }

    /// The left and upper edge, in samples of brightness.
    pub(super) fn corner(self) -> (usize, usize) {
        (self.across * 8, self.down * 8)
    }
}
