//! The format of a picture's macroblocks as bits. Each rule is written once, for writing, counting and reading: what is to be
//! written is the hint, which a reader leaves at its default.
//!
//! Sources: levels by the number of those before and the sizes of those around, as in VP8 (RFC 6386) and in Wu's coder of
//! wavelets (ECECOW, 1997); numbers in the way of Elias, 1975.
//!
//! Must not know: samples, or how a unit was chosen.

use super::map::BlockMap;
use super::models::{
    ACROSS, Bank, CODED, COLOUR_CODED, DOWN, FINE, FINE_INTRA, INTRA, LevelBanks, MODE, Models, PART_CODED, SKIP,
    SPLIT, STILL,
};
use super::range::BitCoder;
use super::tables::zig_zag;
use super::unit::{BlockKind, IntraMode, Macroblock, Prediction, Residual, Spot, Unit, Vector};

/// The most bits of a number after its first.
const LONGEST: usize = 11;

/// Codes what a picture is made of.
#[derive(Debug)]
pub(super) struct Syntax<'a, C> {
    coder: &'a mut C,
    models: &'a mut Models,
    /// The picture refers to another.
    inter: bool,
}

impl<'a, C: BitCoder> Syntax<'a, C> {
    pub(super) fn new(coder: &'a mut C, models: &'a mut Models, inter: bool) -> Self {
        Self { coder, models, inter }
    }

    /// A macroblock. It is noted in the map.
    pub(super) fn macroblock(&mut self, map: &mut BlockMap, spot: Spot, hint: &Macroblock) -> Macroblock {
        if !self.split(map, spot, matches!(hint, Macroblock::Split(_))) {
            let none = Unit::new(Prediction::Intra(IntraMode::Mean));
            let unit = self.unit(map, spot, if let Macroblock::Whole(unit) = hint { unit } else { &none });
            map.note(spot, &unit);
            return Macroblock::Whole(Box::new(unit));
        }
        let mut units = match hint {
            Macroblock::Split(units) => **units,
            Macroblock::Whole(unit) => [**unit; 4],
        };
        for (unit, spot) in units.iter_mut().zip(spot.quarters()) {
            if map.holds(spot) {
                *unit = self.unit(map, spot, unit);
                map.note(spot, unit);
            }
        }
        Macroblock::Split(Box::new(units))
    }

    /// Whether a macroblock is split; one that is not all inside always is.
    pub(super) fn split(&mut self, map: &BlockMap, spot: Spot, hint: bool) -> bool {
        !map.holds(spot) || self.flag(SPLIT, map.count(spot, |block| block.small), hint)
    }

    /// A unit.
    pub(super) fn unit(&mut self, map: &BlockMap, spot: Spot, hint: &Unit) -> Unit {
        let mut unit = Unit::new(self.prediction(map, spot, hint.prediction));
        if !matches!(unit.prediction, Prediction::Skip(_)) {
            self.residuals(map, spot, hint, &mut unit);
        }
        unit
    }

    fn prediction(&mut self, map: &BlockMap, spot: Spot, hint: Prediction) -> Prediction {
        let small = if spot.blocks == 1 { 3 } else { 0 };
        if self.inter {
            let expected = map.expected(spot);
            let around = small + map.count(spot, |block| block.skipped);
            if self.flag(SKIP, around, matches!(hint, Prediction::Skip(_))) {
                let still = Vector::default();
                let is_still = expected != still && {
                    self.flag(STILL, small / 3, matches!(hint, Prediction::Skip(vector) if vector != expected))
                };
                return Prediction::Skip(if is_still { still } else { expected });
            }
            let intra = matches!(hint, Prediction::Intra(_) | Prediction::FineIntra(_));
            if !self.flag(INTRA, small + map.count(spot, |block| block.vector.is_none()), intra) {
                let vector = if let Prediction::Inter(vector) = hint { vector } else { expected };
                let x = self.signed(ACROSS, i32::from(vector.x) - i32::from(expected.x));
                let y = self.signed(DOWN, i32::from(vector.y) - i32::from(expected.y));
                return Prediction::Inter(Vector::new(i32::from(expected.x) + x, i32::from(expected.y) + y));
            }
        }
        if spot.blocks == 1 && self.flag(FINE_INTRA, 0, matches!(hint, Prediction::FineIntra(_))) {
            let modes = if let Prediction::FineIntra(modes) = hint { modes } else { Default::default() };
            return Prediction::FineIntra(modes.map(|mode| self.mode(2, mode)));
        }
        let mode = if let Prediction::Intra(mode) = hint { mode } else { IntraMode::Mean };
        Prediction::Intra(self.mode(small / 3, mode))
    }

    fn mode(&mut self, size: usize, hint: IntraMode) -> IntraMode {
        if !self.flag(MODE, 3 * size, hint != IntraMode::Mean) {
            return IntraMode::Mean;
        }
        if self.flag(MODE, 3 * size + 1, hint == IntraMode::Slope) {
            return IntraMode::Slope;
        }
        if self.flag(MODE, 3 * size + 2, hint == IntraMode::Across) { IntraMode::Across } else { IntraMode::Down }
    }

    fn residuals(&mut self, map: &BlockMap, spot: Spot, hint: &Unit, unit: &mut Unit) {
        let must_be_fine = matches!(unit.prediction, Prediction::FineIntra(_));
        let intra = must_be_fine || matches!(unit.prediction, Prediction::Intra(_));
        let mut coded = 0;
        for (at, (block, hint)) in unit.luma.iter_mut().zip(&hint.luma).take(spot.blocks * spot.blocks).enumerate() {
            let around = if at == 0 { map.count(spot, |block| block.coded) } else { 3 + coded.min(2) };
            *block = self.luma(if intra { 6 + around } else { around }, intra, must_be_fine, hint);
            coded += usize::from(block.is_coded());
        }
        let small = if spot.blocks == 1 { 4 } else { 0 };
        let mut before = coded > 0;
        for (at, (block, hint)) in unit.colours.iter_mut().zip(&hint.colours).enumerate() {
            if self.flag(COLOUR_CODED, small + 2 * at + usize::from(before), hint.is_coded()) {
                let count = spot.side() * spot.side() / 4;
                let (from, to) = (hint.levels.get(..count), block.levels.get_mut(..count));
                self.levels(BlockKind::Colour, from.unwrap_or_default(), to.unwrap_or_default());
            }
            before = block.is_coded();
        }
    }

    /// What is left over in 8x8 of brightness.
    pub(super) fn luma(&mut self, around: usize, intra: bool, must_be_fine: bool, hint: &Residual) -> Residual {
        let mut block = Residual { fine: must_be_fine, ..Residual::default() };
        if !self.flag(CODED, around, hint.is_coded()) {
            return block;
        }
        block.fine = must_be_fine || self.flag(FINE, usize::from(intra), hint.fine);
        if !block.fine {
            self.levels(BlockKind::Luma, &hint.levels, &mut block.levels);
            return block;
        }
        let mut coded = 0;
        for (from, to) in hint.levels.chunks_exact(16).zip(block.levels.chunks_exact_mut(16)) {
            if self.flag(PART_CODED, coded, from.iter().any(|level| *level != 0)) {
                self.levels(BlockKind::FineLuma, from, to);
                coded += 1;
            }
        }
        block
    }

    /// The levels of a block of which something is left over, as many as there is room for.
    pub(super) fn levels(&mut self, kind: BlockKind, hint: &[i16], levels: &mut [i16]) {
        let banks = LevelBanks::new(kind);
        let order = zig_zag(if levels.len() == 64 { 8 } else { 4 });
        let mut sizes = Sizes::default();
        let mut ahead = hint.iter().filter(|level| **level != 0).count();
        let mut so_far = 0;
        let mut after_zero = false;
        for (((x, y), hint), to) in order.iter().zip(hint).zip(levels) {
            let height = band(x + y);
            if so_far > 0 && !after_zero && !self.flag(banks.more, 3 * height + (so_far - 1).min(2), ahead > 0) {
                return;
            }
            let around = sizes.around(*x, *y);
            after_zero = !self.flag(banks.nonzero, 4 * height + around, *hint != 0);
            if after_zero {
                continue;
            }
            (so_far, ahead) = (so_far + 1, ahead.saturating_sub(1));
            let size = i32::from(*hint).abs();
            let mut read = 1;
            if self.flag(banks.large, around + if height == 0 { 4 } else { 0 }, size > 1) {
                read = 2 + self.number(banks.rest, (size - 2).max(0));
            }
            let below = self.coder.even_bit(*hint < 0);
            *to = Residual::cut(if below { -read } else { read });
            sizes.set(*x, *y, read);
        }
    }

    fn flag(&mut self, bank: Bank, surroundings: usize, hint: bool) -> bool {
        self.coder.bit(self.models.at(bank, surroundings), hint)
    }

    fn signed(&mut self, bank: Bank, hint: i32) -> i32 {
        let size = self.number(bank, hint.abs());
        if size != 0 && self.coder.even_bit(hint < 0) { -size } else { size }
    }

    /// A number from zero: how many bits it has, each step by a model of its own, and then all but the first.
    fn number(&mut self, bank: Bank, hint: i32) -> i32 {
        let hint = hint + 1;
        let mut bits = 0;
        while bits < LONGEST && self.flag(bank, bits, hint >> (bits + 1) != 0) {
            bits += 1;
        }
        let rest =
            (0..bits).rev().fold(1, |number, bit| number << 1 | i32::from(self.coder.even_bit(hint >> bit & 1 != 0)));
        rest - 1
    }
}

/// How high a frequency is, in six bands.
fn band(sum: u8) -> usize {
    match sum {
        0..=2 => usize::from(sum),
        3..=4 => 3,
        5..=6 => 4,
        7.. => 5,
    }
}

/// The sizes of the levels so far, up to two, by frequency; with a margin of zeros to the left and above.
#[derive(Debug)]
struct Sizes([u8; 81]);

impl Default for Sizes {
    fn default() -> Self {
        Self([0; 81])
    }
}

impl Sizes {
    /// How large those around a frequency are, from 0 to 3.
    fn around(&self, x: u8, y: u8) -> usize {
        let at = usize::from(y) * 9 + usize::from(x);
        let of = |at: usize| self.0.get(at).copied().map_or(0, usize::from);
        let (corner, above, left) = (of(at), of(at + 1), of(at + 9));
        ((2 * left + 2 * above + corner).div_ceil(2)).min(3)
    }

    fn set(&mut self, x: u8, y: u8, size: i32) {
        if let Some(to) = self.0.get_mut((usize::from(y) + 1) * 9 + usize::from(x) + 1) {
            *to = size.clamp(0, 2) as u8;
        }
    }
}
