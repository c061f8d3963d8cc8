//! The range coder: bits with probabilities become bytes and back. One trait codes, counts and reads, so that every rule of
//! the format is written once.
//!
//! Sources: range coding, G. N. N. Martin, 1979; a binary coder with adaptive probabilities as in the Q-coder, Pennebaker and
//! others, 1988; the first steps of a probability are quick, as in the estimate of Krichevsky and Trofimov, 1981.
//!
//! Must not know: what the bits mean.

/// The bits of a probability.
const PRECISION: u32 = 15;
/// A range below this takes up the next byte.
const LEAST_RANGE: u32 = 1 << 24;
/// No bit is ever certain: the least probability of either value.
const LEAST: i32 = 1 << 5;
/// Bits are counted in 256ths.
pub(super) const BIT: u32 = 256;

/// How likely the next bit of one kind is to be set, learned from those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BitModel {
    /// The probability that it is not set, of 2 to the 15.
    clear: u16,
    /// How much was learned, up to the limit.
    seen: u8,
}

/// From this many bits on, old ones are forgotten as new ones come.
const MEMORY: u8 = 80;

impl BitModel {
    /// A probability of its value being clear, in 256ths, worth so many bits seen.
    pub(super) const fn new(clear: u8, seen: u8) -> Self {
        let clear = (clear as u16) << 7;
        Self { clear: if clear < LEAST as u16 { LEAST as u16 } else { clear }, seen }
    }

    fn learn(&mut self, bit: bool) {
        let target = if bit { LEAST } else { (1 << PRECISION) - LEAST };
        let clear = i32::from(self.clear);
        let step = (target - clear) * 2 / (2 * i32::from(self.seen) + 3);
        self.clear = u16::try_from(clear + step).unwrap_or(self.clear);
        self.seen = (self.seen + 1).min(MEMORY);
    }

    /// What a bit costs, in 256ths of a bit.
    fn cost(self, bit: bool) -> u32 {
        let clear = u32::from(self.clear);
        let probability = if bit { (1 << PRECISION) - clear } else { clear };
        COSTS.get((probability >> 8) as usize).copied().map_or(0, u32::from)
    }
}

/// The cost of probabilities of (n + 1/2) / 128, in 256ths of a bit.
const COSTS: [u16; 128] = costs();

const fn costs() -> [u16; 128] {
    let mut costs = [0; 128];
    let mut rest: &mut [u16] = &mut costs;
    let mut at: u64 = 0;
    while let Some((cost, others)) = rest.split_first_mut() {
        // The logarithm by squaring: of (2 n + 1) / 256, in 32nds of a 2 to the 31.
        let (mut whole, mut value) = (0u32, (2 * at + 1) << 23);
        while value < 1 << 31 {
            value <<= 1;
            whole += 256;
        }
        let (mut fraction, mut bit) = (0, 128);
        while bit > 0 {
            value = (value * value) >> 31;
            if value >= 1 << 32 {
                value >>= 1;
                fraction += bit;
            }
            bit /= 2;
        }
        *cost = (whole - fraction) as u16;
        rest = others;
        at += 1;
    }
    costs
}

/// Takes or gives bits: the writer and the counter are told the bit, the reader finds it.
pub(super) trait BitCoder {
    /// A bit whose probability is learned. Gives the bit back.
    fn bit(&mut self, model: &mut BitModel, bit: bool) -> bool;

    /// A bit of which nothing is known. Gives the bit back.
    fn even_bit(&mut self, bit: bool) -> bool;
}

/// Writes bits.
#[derive(Debug)]
pub(super) struct RangeWriter {
    low: u64,
    range: u32,
    bytes: Vec<u8>,
}

impl RangeWriter {
    /// A writer that appends to bytes.
    pub(super) fn after(bytes: Vec<u8>) -> Self {
        Self { low: 0, range: u32::MAX, bytes }
    }

    /// The bytes so far.
    pub(super) fn written(&self) -> usize {
        self.bytes.len()
    }

    fn narrow(&mut self, split: u32, bit: bool) {
        if bit {
            self.low += u64::from(split);
            self.range -= split;
        } else {
            self.range = split;
        }
        while self.range < LEAST_RANGE {
            self.shift();
            self.range <<= 8;
        }
    }

    /// Hands on the highest byte.
    fn shift(&mut self) {
        if self.low >> 32 != 0 {
            for byte in self.bytes.iter_mut().rev() {
                *byte = byte.wrapping_add(1);
                if *byte != 0 {
                    break;
                }
            }
        }
        self.bytes.push((self.low >> 24) as u8);
        self.low = (self.low << 8) & 0xFFFF_FFFF;
    }

    /// Ends with as few bytes as name a number in the range; the reader takes zeros after them.
    pub(super) fn finish(mut self) -> Vec<u8> {
        let last = self.low + u64::from(self.range) - 1;
        let cut = [32, 24, 16, 8].into_iter().find(|bits| (last >> bits) << bits >= self.low).unwrap_or(0);
        self.low = (last >> cut) << cut;
        let bytes = (32 - cut) / 8;
        if bytes == 0 && self.low >> 32 != 0 {
            // Only the carry is left to be handed on.
            self.shift();
            self.bytes.pop();
        }
        for _ in 0..bytes {
            self.shift();
        }
        self.bytes
    }
}

impl BitCoder for RangeWriter {
    fn bit(&mut self, model: &mut BitModel, bit: bool) -> bool {
        self.narrow((self.range >> PRECISION) * u32::from(model.clear), bit);
        model.learn(bit);
        bit
    }

    fn even_bit(&mut self, bit: bool) -> bool {
        self.narrow(self.range >> 1, bit);
        bit
    }
}

/// Reads bits.
#[derive(Debug)]
pub(super) struct RangeReader<'a> {
    value: u32,
    range: u32,
    rest: &'a [u8],
    /// Zeros that were read after the end.
    beyond: usize,
}

impl<'a> RangeReader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        let mut reader = Self { value: 0, range: u32::MAX, rest: bytes, beyond: 0 };
        for _ in 0..4 {
            reader.shift();
        }
        reader
    }

    fn shift(&mut self) {
        let byte = match self.rest.split_first() {
            Some((byte, rest)) => {
                self.rest = rest;
                *byte
            }
            None => {
                self.beyond = self.beyond.saturating_add(1);
                0
            }
        };
        self.value = (self.value << 8) | u32::from(byte);
    }

    fn narrow(&mut self, split: u32) -> bool {
        let bit = self.value >= split;
        if bit {
            self.value -= split;
            self.range -= split;
        } else {
            self.range = split;
        }
        while self.range < LEAST_RANGE {
            self.shift();
            self.range <<= 8;
        }
        bit
    }

    /// Whether the bits ended where the bytes do, as a writer's always do.
    pub(super) fn ended(&self) -> bool {
        self.rest.is_empty() && self.beyond <= 4
    }

    /// Whether bits were read that no writer has written.
    pub(super) fn overran(&self) -> bool {
        self.beyond > 4
    }
}

impl BitCoder for RangeReader<'_> {
    fn bit(&mut self, model: &mut BitModel, _: bool) -> bool {
        let bit = self.narrow((self.range >> PRECISION) * u32::from(model.clear));
        model.learn(bit);
        bit
    }

    fn even_bit(&mut self, _: bool) -> bool {
        self.narrow(self.range >> 1)
    }
}

/// Counts what bits would cost; the models learn nothing.
#[derive(Debug, Default)]
pub(super) struct BitCount {
    /// In 256ths of a bit.
    cost: u32,
}

impl BitCount {
    /// What was counted, in 256ths of a bit.
    pub(super) fn cost(&self) -> u32 {
        self.cost
    }
}

impl BitCoder for BitCount {
    fn bit(&mut self, model: &mut BitModel, bit: bool) -> bool {
        self.cost = self.cost.saturating_add(model.cost(bit));
        bit
    }

    fn even_bit(&mut self, bit: bool) -> bool {
        self.cost = self.cost.saturating_add(BIT);
        bit
    }
}
