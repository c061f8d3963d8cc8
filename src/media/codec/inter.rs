//! Prediction from another picture: what was at a vector, to an eighth of a sample.
//!
//! Sources: half and quarter samples, MPEG-1, 1992, and MPEG-4 Part 2, 1999; vectors that leave the picture, H.263, 1996; the
//! filters of VP8, RFC 6386.
//!
//! Must not know: how a vector was found, or what is left over.

use crate::media::plane::Plane;

use super::square::{MOST_SIDE, Square};
use super::tables::TAPS;

/// Samples that the filters need around a square: two before it, three after.
const MARGIN: usize = 5;
const MOST_PATCH: usize = (MOST_SIDE + MARGIN) * (MOST_SIDE + MARGIN);

/// The square of a plane at a place, moved by eighths of a sample.
pub(super) fn moved(plane: &Plane, x: usize, y: usize, side: usize, eighths: (i32, i32)) -> Square {
    let place = |at: usize, eighths: i32| i32::try_from(at).unwrap_or(0) + (eighths >> 3);
    let (x, y) = (place(x, eighths.0), place(y, eighths.1));
    let taps = |eighths: i32| TAPS.get((eighths & 7) as usize).filter(|taps| taps.get(2) != Some(&128));
    let mut square = Square::filled(side, 0);
    match (taps(eighths.0), taps(eighths.1)) {
        (None, None) => fetch(plane, x, y, side, square.samples_mut()),
        (Some(across), None) => {
            let mut patch = [0; MOST_PATCH];
            let patch = patch.get_mut(..(side + MARGIN) * side).unwrap_or_default();
            fetch(plane, x - 2, y, side + MARGIN, patch);
            filter_across(patch, side, across, square.samples_mut());
        }
        (None, Some(down)) => {
            let mut patch = [0; MOST_PATCH];
            let patch = patch.get_mut(..(side + MARGIN) * side).unwrap_or_default();
            fetch(plane, x, y - 2, side, patch);
            filter_down(patch, side, down, square.samples_mut());
        }
        (Some(across), Some(down)) => {
            let (mut patch, mut once) = ([0; MOST_PATCH], [0; MOST_PATCH]);
            let patch = patch.get_mut(..(side + MARGIN) * (side + MARGIN)).unwrap_or_default();
            let once = once.get_mut(..(side + MARGIN) * side).unwrap_or_default();
            fetch(plane, x - 2, y - 2, side + MARGIN, patch);
            filter_across(patch, side, across, once);
            filter_down(once, side, down, square.samples_mut());
        }
    }
    square
}

/// Fills rows of a width with the samples at a place; beyond the edges, those at the edge.
fn fetch(plane: &Plane, x: i32, y: i32, width: usize, to: &mut [i16]) {
    let last = i32::try_from(plane.height()).unwrap_or(1) - 1;
    let inside = usize::try_from(x).ok().filter(|x| x + width <= plane.width());
    for (row, to) in (y..).zip(to.chunks_exact_mut(width.max(1))) {
        let from = plane.row(row.clamp(0, last.max(0)).unsigned_abs() as usize);
        if let Some(start) = inside {
            to.iter_mut().zip(from.get(start..).unwrap_or_default()).for_each(|(to, from)| *to = i16::from(*from));
        } else {
            (x..).zip(to).for_each(|(x, to)| *to = i16::from(plane.nearest(x, row)));
        }
    }
}

fn filter_across(from: &[i16], side: usize, taps: &[i16; 6], to: &mut [i16]) {
    for (from, to) in from.chunks_exact(side + MARGIN).zip(to.chunks_exact_mut(side)) {
        for (samples, to) in from.windows(6).zip(to) {
            let sum: i32 = samples.iter().zip(taps).map(|(sample, tap)| i32::from(*sample) * i32::from(*tap)).sum();
            *to = rounded(sum);
        }
    }
}

fn filter_down(from: &[i16], side: usize, taps: &[i16; 6], to: &mut [i16]) {
    for (rows, to) in from.windows(6 * side).step_by(side).zip(to.chunks_exact_mut(side)) {
        let mut sums = [0; MOST_SIDE];
        for (row, tap) in rows.chunks_exact(side).zip(taps) {
            sums.iter_mut().zip(row).for_each(|(sum, sample)| *sum += i32::from(*sample) * i32::from(*tap));
        }
        to.iter_mut().zip(sums).for_each(|(to, sum)| *to = rounded(sum));
    }
}

fn rounded(sum: i32) -> i16 {
    ((sum + 64) >> 7).clamp(0, 255) as i16
}
