//! Squares of samples, 4, 8 or 16 on a side: what is predicted, and what is left over.
//!
//! Must not know: how either is coded.

use crate::media::plane::Plane;

/// The largest side.
pub(super) const MOST_SIDE: usize = 16;

/// Samples, or differences of samples.
#[derive(Clone, Debug)]
pub(super) struct Square {
    side: usize,
    samples: [i16; MOST_SIDE * MOST_SIDE],
}

impl Square {
    /// A square of one value.
    pub(super) fn filled(side: usize, value: i16) -> Self {
        Self { side: side.clamp(1, MOST_SIDE), samples: [value; MOST_SIDE * MOST_SIDE] }
    }

    /// The samples of a plane at a place; zero outside.
    pub(super) fn read(plane: &Plane, x: usize, y: usize, side: usize) -> Self {
        let mut square = Self::filled(side, 0);
        for (dy, row) in square.rows_mut().enumerate() {
            let from = plane.row(y + dy).get(x..).unwrap_or_default();
            row.iter_mut().zip(from).for_each(|(to, from)| *to = i16::from(*from));
        }
        square
    }

    /// Writes the samples into a plane, as far as they are inside; each becomes a byte.
    pub(super) fn write(&self, plane: &mut Plane, x: usize, y: usize) {
        for (dy, row) in self.rows().enumerate() {
            let to = plane.row_mut(y + dy).get_mut(x..).unwrap_or_default();
            to.iter_mut().zip(row).for_each(|(to, from)| *to = (*from).clamp(0, 255) as u8);
        }
    }

    pub(super) fn side(&self) -> usize {
        self.side
    }

    /// All of it, row by row.
    pub(super) fn samples(&self) -> &[i16] {
        self.samples.get(..self.side * self.side).unwrap_or_default()
    }

    /// All of it, row by row.
    pub(super) fn samples_mut(&mut self) -> &mut [i16] {
        self.samples.get_mut(..self.side * self.side).unwrap_or_default()
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = &[i16]> {
        self.samples().chunks_exact(self.side)
    }

    pub(super) fn rows_mut(&mut self) -> impl Iterator<Item = &mut [i16]> {
        let side = self.side;
        self.samples_mut().chunks_exact_mut(side)
    }

    /// A smaller square in it.
    pub(super) fn part(&self, x: usize, y: usize, side: usize) -> Self {
        let mut part = Self::filled(side, 0);
        for (to, from) in part.rows_mut().zip(self.rows().skip(y)) {
            to.iter_mut().zip(from.iter().skip(x)).for_each(|(to, from)| *to = *from);
        }
        part
    }

    /// Puts a smaller square into it.
    pub(super) fn put(&mut self, x: usize, y: usize, part: &Self) {
        for (to, from) in self.rows_mut().skip(y).zip(part.rows()) {
            to.iter_mut().skip(x).zip(from).for_each(|(to, from)| *to = *from);
        }
    }

    /// What is left over of it beside another.
    pub(super) fn minus(&self, other: &Self) -> Self {
        let mut rest = self.clone();
        rest.samples_mut().iter_mut().zip(other.samples()).for_each(|(to, from)| *to -= *from);
        rest
    }

    /// Adds what was left over; the sums are samples again.
    pub(super) fn add(&mut self, rest: &Self) {
        for (to, from) in self.samples_mut().iter_mut().zip(rest.samples()) {
            *to = (*to + *from).clamp(0, 255);
        }
    }

    /// The sum of the squared differences to another.
    pub(super) fn error(&self, other: &Self) -> u32 {
        let pairs = self.samples().iter().zip(other.samples());
        pairs
            .map(|(one, other)| i32::from(one - other))
            .map(|difference| (difference * difference).unsigned_abs())
            .sum()
    }

    /// The sum of the differences to another, without their signs.
    pub(super) fn distance(&self, other: &Self) -> u32 {
        self.samples().iter().zip(other.samples()).map(|(one, other)| u32::from(one.abs_diff(*other))).sum()
    }
}
