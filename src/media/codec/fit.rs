//! Which levels are worth their bits: for each block those with the least error plus price.
//!
//! Sources: choosing by a Lagrangian sum of error and bits, Everett, 1963; Shoham and Gersho, 1988.
//!
//! Must not know: predictions, or where a block is.

use super::models::Models;
use super::range::BitCount;
use super::square::Square;
use super::syntax::Syntax;
use super::tables::zig_zag;
use super::transform::{forward, frequency, level};
use super::unit::{BlockKind, Residual};

/// What an error of one costs: a squared difference of one sample.
pub(super) const ERROR: u64 = 16 * 256;
/// From so many levels on, not each is looked at.
const MANY_LEVELS: usize = 24;

/// The steps of the quantiser, and what a bit is worth.
#[derive(Clone, Copy, Debug)]
pub(super) struct Prices {
    /// Of brightness and colour.
    pub(super) steps: [i32; 2],
    /// What a 256th of a bit costs, where an error costs [`ERROR`].
    bit: u64,
}

impl Prices {
    pub(super) fn new(steps: [i32; 2]) -> Self {
        let [step, _] = steps;
        let step = u64::from(step.unsigned_abs());
        Self { steps, bit: (step * step / 1830).max(1) }
    }

    pub(super) fn bits(&self, count: &BitCount) -> u64 {
        self.bit * u64::from(count.cost())
    }
}

/// Fits the levels of blocks.
#[derive(Debug)]
pub(super) struct Fit<'a> {
    pub(super) prices: Prices,
    pub(super) models: &'a mut Models,
    /// The picture refers to another.
    pub(super) inter: bool,
}

/// A level that is one less saves hardly more than so many bits.
const MOST_SAVED: u64 = 9;

/// Levels that were fitted, and their error plus price.
type Fitted = ([i16; 64], u64);

impl Fit<'_> {
    /// What to leave over in 8x8 of brightness, and its error plus price.
    pub(super) fn luma(&mut self, rest: &Square, around: usize, intra: bool) -> (Residual, u64) {
        let none = Residual::default();
        let price = |fit: &mut Self, residual: &Residual, error| {
            let mut count = BitCount::default();
            Syntax::new(&mut count, fit.models, fit.inter).luma(around, intra, false, residual);
            error + fit.prices.bits(&count)
        };
        let mut frequencies = [0; 64];
        forward(8, rest.samples(), &mut frequencies);
        let error = frequencies.iter().map(|frequency| squared(*frequency)).sum();
        let mut best = (none, price(self, &none, error));
        let [step, _] = self.prices.steps;
        // Nothing that is rounded to a level: then there are no bits to be weighed.
        if frequencies.iter().all(|frequency| level(*frequency, step, 24) == 0) {
            return best;
        }
        let (levels, error) = self.levels(BlockKind::Luma, 8, &frequencies, step);
        let whole = Residual { fine: false, levels };
        let cost = price(self, &whole, error);
        if whole.is_coded() && cost < best.1 {
            best = (whole, cost);
        }
        let (fine, error) = self.fine(rest, step);
        let cost = price(self, &fine, error);
        if fine.is_coded() && cost < best.1 {
            best = (fine, cost);
        }
        best
    }

    /// Four blocks of 4x4, and their error.
    fn fine(&mut self, rest: &Square, step: i32) -> (Residual, u64) {
        let mut residual = Residual { fine: true, ..Residual::default() };
        let mut error = 0;
        for ((x, y), to) in super::rebuild::quarters().zip(residual.levels.chunks_exact_mut(16)) {
            let (levels, part) = self.block(BlockKind::FineLuma, &rest.part(x, y, 4), step);
            to.iter_mut().zip(levels).for_each(|(to, level)| *to = level);
            error += part;
        }
        (residual, error)
    }

    /// What to leave over in a block of colour.
    pub(super) fn colour(&mut self, rest: &Square) -> Residual {
        let [_, step] = self.prices.steps;
        Residual { fine: false, levels: self.block(BlockKind::Colour, rest, step).0 }
    }

    /// The levels of a block, or none if that is better, and their error.
    pub(super) fn block(&mut self, kind: BlockKind, rest: &Square, step: i32) -> Fitted {
        let side = rest.side();
        let mut frequencies = [0; 64];
        forward(side, rest.samples(), &mut frequencies);
        let nothing = frequencies.iter().map(|frequency| squared(*frequency)).sum();
        if frequencies.iter().all(|frequency| level(*frequency, step, 24) == 0) {
            return ([0; 64], nothing);
        }
        let (levels, error) = self.levels(kind, side, &frequencies, step);
        // About two bits say that there are levels.
        let cost = error + self.price(kind, side, &levels) + 2 * 256 * self.prices.bit;
        if cost < nothing { (levels, error) } else { ([0; 64], nothing) }
    }

    /// The levels of frequencies, each at most as large as the nearest, and their error.
    fn levels(&mut self, kind: BlockKind, side: usize, frequencies: &[i32], step: i32) -> Fitted {
        let mut levels = [0i16; 64];
        let mut wanted = [0i32; 64];
        let order = zig_zag(side);
        let error_of = |wanted: i32, level: i16| squared(wanted - frequency(i32::from(level), step));
        for (((x, y), to), wanted) in order.iter().zip(&mut levels).zip(&mut wanted) {
            *wanted = frequencies.get(usize::from(*y) * side + usize::from(*x)).copied().unwrap_or(0);
            *to = Residual::cut(level(*wanted, step, 30));
        }
        let mut error: u64 = levels.iter().zip(&wanted).map(|(level, wanted)| error_of(*wanted, *level)).sum();
        let count = levels.iter().filter(|level| **level != 0).count();
        if count == 0 || count > MANY_LEVELS {
            return (levels, error);
        }
        let mut price = self.price(kind, side, &levels);
        let most_saved = self.prices.bit * 256 * MOST_SAVED;
        for at in (0..side * side).rev() {
            let (Some(now), Some(wanted)) = (levels.get(at).copied(), wanted.get(at).copied()) else { break };
            if now == 0 {
                continue;
            }
            let less = now - now.signum();
            let (worse, better) = (error_of(wanted, less), error_of(wanted, now));
            if worse > better + most_saved.min(price) {
                continue;
            }
            let mut set = |level| {
                if let Some(to) = levels.get_mut(at) {
                    *to = level;
                }
                levels
            };
            let tried = set(less);
            let tried_error = error + worse - better;
            let tried_price = self.price(kind, side, &tried);
            if tried_error + tried_price < error + price {
                (error, price) = (tried_error, tried_price);
            } else {
                set(now);
            }
        }
        (levels, error)
    }

    /// What levels cost; nothing, if there are none.
    fn price(&mut self, kind: BlockKind, side: usize, levels: &[i16; 64]) -> u64 {
        let mut count = BitCount::default();
        let (mut ignored, levels) = ([0; 64], levels.get(..side * side).unwrap_or_default());
        if levels.iter().any(|level| *level != 0) {
            let ignored = ignored.get_mut(..side * side).unwrap_or_default();
            Syntax::new(&mut count, self.models, self.inter).levels(kind, levels, ignored);
        }
        self.prices.bits(&count)
    }
}

/// The error of a frequency: squares have four fractional bits.
fn squared(difference: i32) -> u64 {
    u64::from(difference.unsigned_abs()) * u64::from(difference.unsigned_abs()) * (ERROR / 16)
}
