//! The probabilities that are learned, one for each kind of bit and its surroundings. They are kept with each picture, so that a
//! picture goes on from those of the one it refers to (as in VP8, RFC 6386, where probabilities last beyond a picture).
//!
//! Must not know: in which order bits are coded.

use super::defaults::{DEFAULTS, WORTH};
use super::range::BitModel;
use super::unit::BlockKind;

/// The models of one kind of bit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bank {
    start: usize,
    count: usize,
}

impl Bank {
    /// The models that follow another kind's.
    const fn after(other: Self, count: usize) -> Self {
        Self { start: other.start + other.count, count }
    }
}

/// Nothing moved, nothing is left over: by the blocks beside it that are so, and the unit's size.
pub(super) const SKIP: Bank = Bank { start: 0, count: 6 };
/// A macroblock is split: by the blocks beside it that were.
pub(super) const SPLIT: Bank = Bank::after(SKIP, 3);
/// A unit is predicted from the samples around: by the blocks beside it that are, and the unit's size.
pub(super) const INTRA: Bank = Bank::after(SPLIT, 6);
/// It is predicted in blocks of 4x4.
pub(super) const FINE_INTRA: Bank = Bank::after(INTRA, 1);
/// How it is predicted: three bits, for units of 16, of 8, and blocks of 4.
pub(super) const MODE: Bank = Bank::after(FINE_INTRA, 9);
/// What is skipped did not move, although it was expected to.
pub(super) const STILL: Bank = Bank::after(MODE, 2);
/// The size of what a vector differs from the one expected, across and down.
pub(super) const ACROSS: Bank = Bank::after(STILL, 12);
pub(super) const DOWN: Bank = Bank::after(ACROSS, 12);
/// Something is left over in a block of brightness: by the blocks before it; from the samples around or not.
pub(super) const CODED: Bank = Bank::after(DOWN, 12);
/// A block is transformed in four parts: from the samples around or not.
pub(super) const FINE: Bank = Bank::after(CODED, 2);
/// Something is left over in one of the four: by how many before it.
pub(super) const PART_CODED: Bank = Bank::after(FINE, 4);
/// Something is left over in a block of colour: by size, which, and whether it is so in brightness or blue.
pub(super) const COLOUR_CODED: Bank = Bank::after(PART_CODED, 8);
/// There are more levels: by kind, how high the frequency, how many so far.
const MORE: Bank = Bank::after(COLOUR_CODED, 18 * 3);
/// The level is not zero: by kind, how high the frequency, and the levels around it.
const NONZERO: Bank = Bank::after(MORE, 24 * 3);
/// It is above one: by kind, whether it is the lowest frequency, and the levels around it.
const LARGE: Bank = Bank::after(NONZERO, 8 * 3);
/// How much it is above two: by kind.
const REST: Bank = Bank::after(LARGE, 6 * 3);

/// How many models there are.
const COUNT: usize = REST.start + REST.count;

/// The banks of a block's levels.
#[derive(Clone, Copy, Debug)]
pub(super) struct LevelBanks {
    pub(super) more: Bank,
    pub(super) nonzero: Bank,
    pub(super) large: Bank,
    pub(super) rest: Bank,
}

impl LevelBanks {
    pub(super) fn new(kind: BlockKind) -> Self {
        let at = match kind {
            BlockKind::Luma => 0,
            BlockKind::FineLuma => 1,
            BlockKind::Colour => 2,
        };
        let third = |bank: Bank| Bank { start: bank.start + at * bank.count / 3, count: bank.count / 3 };
        Self { more: third(MORE), nonzero: third(NONZERO), large: third(LARGE), rest: third(REST) }
    }
}

/// All models.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Models {
    models: [BitModel; COUNT],
    /// What a bank without models would give; none is.
    spare: BitModel,
}

impl Default for Models {
    fn default() -> Self {
        Self { models: DEFAULTS.map(|clear| BitModel::new(clear, WORTH)), spare: BitModel::new(128, 0) }
    }
}

impl Models {
    /// A model of a bank; the last of it for surroundings beyond it.
    pub(super) fn at(&mut self, bank: Bank, surroundings: usize) -> &mut BitModel {
        let at = bank.start + surroundings.min(bank.count.saturating_sub(1));
        self.models.get_mut(at).unwrap_or(&mut self.spare)
    }
}
