//! Prediction from the samples to the left and above, which are decoded already.
//!
//! Sources: the four ways of VP8, RFC 6386, section 12.
//!
//! Must not know: how a way was chosen, or what is left over.

use crate::media::plane::Plane;

use super::square::{MOST_SIDE, Square};
use super::unit::IntraMode;

/// What stands for samples above the picture, and to its left (RFC 6386).
const ABOVE: i16 = 127;
const LEFT: i16 = 129;

/// The samples around a square.
#[derive(Debug)]
pub(super) struct Surroundings {
    above: Option<[i16; MOST_SIDE]>,
    left: Option<[i16; MOST_SIDE]>,
    corner: i16,
    side: usize,
}

impl Surroundings {
    /// Those of a square at a place.
    pub(super) fn read(plane: &Plane, x: usize, y: usize, side: usize) -> Self {
        let above = y.checked_sub(1).map(|y| {
            let mut samples = [ABOVE; MOST_SIDE];
            let from = plane.row(y).get(x..).unwrap_or_default();
            samples.iter_mut().zip(from).take(side).for_each(|(to, from)| *to = i16::from(*from));
            samples
        });
        let left = x.checked_sub(1).map(|x| {
            let mut samples = [LEFT; MOST_SIDE];
            for (dy, to) in samples.iter_mut().take(side).enumerate() {
                *to = plane.row(y + dy).get(x).copied().map_or(LEFT, i16::from);
            }
            samples
        });
        let corner = match (x.checked_sub(1), y.checked_sub(1)) {
            (Some(x), Some(y)) => plane.row(y).get(x).copied().map_or(ABOVE, i16::from),
            (None, Some(_)) => LEFT,
            (_, None) => ABOVE,
        };
        Self { above, left, corner, side }
    }

    /// What they say that the square is.
    pub(super) fn predict(&self, mode: IntraMode) -> Square {
        let (above, left) = (self.above.unwrap_or([ABOVE; MOST_SIDE]), self.left.unwrap_or([LEFT; MOST_SIDE]));
        let mut square = Square::filled(self.side, self.mean());
        for (row, left) in square.rows_mut().zip(left) {
            match mode {
                IntraMode::Mean => {}
                IntraMode::Down => row.iter_mut().zip(above).for_each(|(to, above)| *to = above),
                IntraMode::Across => row.fill(left),
                IntraMode::Slope => {
                    row.iter_mut().zip(above).for_each(|(to, above)| *to = (left + above - self.corner).clamp(0, 255));
                }
            }
        }
        square
    }

    fn mean(&self) -> i16 {
        let known = || self.above.iter().chain(&self.left).flat_map(|samples| samples.iter().take(self.side));
        let count = known().count() as i16;
        if count == 0 { 128 } else { (known().sum::<i16>() + count / 2) / count }
    }
}
