//! The quantiser that makes pictures as large as a line takes: from what the last ones cost, and what was used beyond the rate.
//!
//! Must not know: pictures, references, or how a line is measured (that is the ladder's).

use super::transform::COARSEST;

/// The finest quantiser that is chosen: finer ones show no difference in a terminal.
const FINEST: u8 = 16;
/// The coarsest: beyond it, fewer and smaller pictures look better.
const COARSEST_CHOSEN: u8 = 46;
/// The quantiser at first.
const FIRST: u8 = 34;
/// The most that the quantiser changes from one picture to the next.
const MOST_CHANGE: i32 = 4;
/// How many quantisers make a picture half as large, in 16ths: 5.8.
const HALVING: i32 = 93;
/// So many pictures pay for what one used too much.
const REPAID_IN: i64 = 8;

/// Keeps the pictures of a sender at a rate.
#[derive(Clone, Copy, Debug)]
pub struct RateControl {
    /// Bytes for each picture.
    budget: i64,
    quantiser: u8,
    /// What a picture costs at that quantiser: the mean of the last ones.
    cost: i64,
    /// What was used beyond the budget; below zero, what was saved.
    debt: i64,
}

impl RateControl {
    /// Control at a rate in bytes, and pictures, a second.
    #[must_use]
    pub fn new(bytes_a_second: u32, pictures_a_second: u32) -> Self {
        let budget = budget(bytes_a_second, pictures_a_second);
        Self { budget, quantiser: FIRST, cost: budget, debt: 0 }
    }

    /// Changes the rate. What was learned stays.
    pub fn set_rate(&mut self, bytes_a_second: u32, pictures_a_second: u32) {
        self.budget = budget(bytes_a_second, pictures_a_second);
        self.debt = self.debt.clamp(-self.budget, self.budget * REPAID_IN);
    }

    /// The quantiser of the next picture.
    #[must_use]
    pub fn quantiser(&self) -> u8 {
        self.quantiser.min(COARSEST)
    }

    /// Takes note of the size of a picture of this quantiser, in bytes. A key picture only adds to what is to be repaid.
    pub fn coded(&mut self, bytes: usize, is_key: bool) {
        let bytes = i64::try_from(bytes).unwrap_or(i64::MAX / 4);
        self.debt = (self.debt + bytes - self.budget).clamp(-2 * self.budget, 16 * self.budget);
        if !is_key {
            self.cost = (3 * self.cost + bytes.min(64 * self.budget)) / 4;
        }
        let wanted = (self.budget - self.debt / REPAID_IN).clamp(self.budget / 3, 2 * self.budget);
        let change = (logarithm(self.cost) - logarithm(wanted)) * HALVING / 256;
        let change = change.clamp(-MOST_CHANGE, MOST_CHANGE);
        let next = (i32::from(self.quantiser) + change).clamp(i32::from(FINEST), i32::from(COARSEST_CHOSEN));
        let change = next - i32::from(self.quantiser);
        self.quantiser = u8::try_from(next).unwrap_or(FIRST);
        // What pictures cost at the new quantiser: a step of it is worth about an eighth.
        for _ in 0..change.abs() {
            self.cost = if change > 0 { self.cost * 8 / 9 } else { self.cost * 9 / 8 };
        }
    }
}

fn budget(bytes_a_second: u32, pictures_a_second: u32) -> i64 {
    i64::from(bytes_a_second / pictures_a_second.max(1)).max(8)
}

/// The logarithm to the base of two, in 16ths; between powers, along a line.
fn logarithm(of: i64) -> i32 {
    let of = of.max(1).unsigned_abs();
    let whole = of.ilog2();
    let fraction = ((of << 4) >> whole) & 15;
    i32::try_from(whole * 16).unwrap_or(0) + i32::try_from(fraction).unwrap_or(0)
}
