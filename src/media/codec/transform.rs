//! The cosine transform of blocks of 8x8 and 4x4, in integers, and its inverse; and the quantiser.
//!
//! Frequencies are orthonormal with two fractional bits. The inverse is exact to the bit everywhere: it is part of the format.
//!
//! Sources: the transform as in ITU-T T.81 (JPEG), 1992, with a rounding of its own; a uniform quantiser whose step grows
//! geometrically.
//!
//! Must not know: predictions, or how levels are coded.

use super::tables::{COSINES_4, COSINES_8};

/// The coarsest quantiser.
pub const COARSEST: u8 = 63;
/// The largest level, in either direction.
pub(super) const MOST_LEVEL: i32 = 2047;
/// Frequencies beyond this do not occur in pictures; up to it, nothing overflows.
const MOST_FREQUENCY: i32 = 8191;

/// The steps of the quantiser by its number, with six fractional bits: they double every eight.
const STEPS: [i32; 64] = [
    64, 70, 76, 83, 91, 99, 108, 117, 128, 140, 152, 166, 181, 197, 215, 235, 256, 279, 304, 332, 362, 395, 431, 470,
    512, 558, 609, 664, 724, 790, 861, 939, 1024, 1117, 1218, 1328, 1448, 1579, 1722, 1878, 2048, 2233, 2435, 2656,
    2896, 3158, 3444, 3756, 4096, 4467, 4871, 5312, 5793, 6317, 6889, 7512, 8192, 8933, 9742, 10624, 11585, 12634,
    13777, 15024,
];

/// The step of a quantiser, with six fractional bits.
pub(super) fn step(quantiser: u8) -> i32 {
    STEPS.get(usize::from(quantiser)).copied().unwrap_or(15024)
}

/// The frequency that a level stands for.
pub(super) fn frequency(level: i32, step: i32) -> i32 {
    let size = (level.abs().min(MOST_LEVEL) * step + 8) >> 4;
    size.min(MOST_FREQUENCY) * level.signum()
}

/// The level nearest to a frequency; `favour`, in 64ths of a step, is added before it is cut off: 32 rounds.
pub(super) fn level(frequency: i32, step: i32, favour: i32) -> i32 {
    let size = (frequency.abs() * 16 + step * favour / 64) / step.max(1);
    size.min(MOST_LEVEL) * frequency.signum()
}

/// The frequencies of samples: `side` (8 or 4) in a row, row by row.
pub(super) fn forward(side: usize, samples: &[i16], frequencies: &mut [i32]) {
    if side == 8 {
        transform(&COSINES_8, samples, frequencies, (9, 15));
    } else {
        transform(&COSINES_4, samples, frequencies, (9, 15));
    }
}

/// The samples of frequencies, likewise.
pub(super) fn inverse(side: usize, frequencies: &[i32], samples: &mut [i16]) {
    if side == 8 {
        transform(&transposed(&COSINES_8), frequencies, samples, (11, 17));
    } else {
        transform(&transposed(&COSINES_4), frequencies, samples, (11, 17));
    }
}

/// The matrix, times the samples, times the matrix transposed; after each product, so many bits are rounded off.
fn transform<const N: usize, From, To>(matrix: &[[i32; N]; N], from: &[From], to: &mut [To], shifts: (u32, u32))
where
    From: Copy + Into<i32>,
    To: TryFrom<i32>,
{
    let mut rows = [[0; N]; N];
    for (row, samples) in rows.iter_mut().zip(from.chunks_exact(N)) {
        row.iter_mut().zip(samples).for_each(|(to, from)| *to = (*from).into());
    }
    let once = product(matrix, &rows, shifts.0);
    let twice = product(matrix, &once, shifts.1);
    for (row, result) in to.chunks_exact_mut(N).zip(&twice) {
        for (to, from) in row.iter_mut().zip(result) {
            // Neither sums of frequencies within the bound nor their frequencies are too large.
            if let Ok(value) = To::try_from(*from) {
                *to = value;
            }
        }
    }
}

/// A matrix times the transpose of another.
fn product<const N: usize>(matrix: &[[i32; N]; N], rows: &[[i32; N]; N], shift: u32) -> [[i32; N]; N] {
    let half = 1 << (shift - 1);
    matrix.map(|factors| {
        rows.map(|row| {
            let sum: i32 = factors.iter().zip(&row).map(|(factor, sample)| factor * sample).sum();
            (sum + half) >> shift
        })
    })
}

fn transposed<const N: usize>(matrix: &[[i32; N]; N]) -> [[i32; N]; N] {
    let mut result = [[0; N]; N];
    for (x, row) in matrix.iter().enumerate() {
        for (y, value) in row.iter().enumerate() {
            if let Some(to) = result.get_mut(y).and_then(|row| row.get_mut(x)) {
                *to = *value;
            }
        }
    }
    result
}
