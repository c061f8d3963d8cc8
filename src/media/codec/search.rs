//! Where a unit was in another picture: the search of the encoder for vectors.
//!
//! Sources: steps that grow smaller, Koga and others, 1981; what was found nearby as a start.
//!
//! Must not know: bits beyond an estimate, or what is left over.

use crate::media::plane::Plane;

use super::rebuild::moved_luma;
use super::square::Square;
use super::unit::Vector;

/// The steps of the search, in quarters of a sample, and how often each is taken at most.
const STEPS: [(i32, usize); 4] = [(12, 4), (4, 8), (2, 2), (1, 2)];

/// A search for one unit.
#[derive(Debug)]
pub(super) struct VectorSearch<'a> {
    pub(super) source: &'a Square,
    pub(super) reference: &'a Plane,
    pub(super) corner: (usize, usize),
    /// The vector that costs least to say.
    pub(super) expected: Vector,
    pub(super) step: i32,
}

impl VectorSearch<'_> {
    /// The best vector found from some starts, and the distance of what is there. A search that is to be short takes no
    /// large steps.
    pub(super) fn run(&self, starts: impl Iterator<Item = Vector>, is_short: bool) -> (Vector, u32) {
        let mut best = (self.expected, u64::MAX);
        let mut distance = u32::MAX;
        let mut tried: Vec<Vector> = Vec::with_capacity(48);
        let mut look = |vector: Vector, best: &mut (Vector, u64)| {
            if tried.contains(&vector) {
                return;
            }
            tried.push(vector);
            let (cost, found) = self.cost(vector);
            if cost < best.1 {
                *best = (vector, cost);
                distance = found;
            }
        };
        for start in std::iter::once(self.expected).chain(starts) {
            look(start, &mut best);
        }
        for (step, times) in STEPS.into_iter().skip(usize::from(is_short)) {
            for _ in 0..times {
                let (middle, _) = best;
                // At whole samples four neighbours do; between them, all eight.
                let around: &[(i32, i32)] = if step >= 4 {
                    &[(0, -1), (-1, 0), (1, 0), (0, 1)]
                } else {
                    &[(0, -1), (-1, 0), (1, 0), (0, 1), (-1, -1), (1, -1), (-1, 1), (1, 1)]
                };
                for (x, y) in around {
                    let vector = Vector::new(i32::from(middle.x) + x * step, i32::from(middle.y) + y * step);
                    look(vector, &mut best);
                }
                if best.0 == middle {
                    break;
                }
            }
        }
        (best.0, distance)
    }

    /// The distance of what is at a vector, with the price of saying it; and the distance alone.
    fn cost(&self, vector: Vector) -> (u64, u32) {
        let square = moved_luma(self.reference, self.corner, self.source.side(), vector);
        let distance = self.source.distance(&square);
        let bits = |to: i16, from: i16| 2 * to.abs_diff(from).saturating_add(1).ilog2() + 1;
        let bits = bits(vector.x, self.expected.x) + bits(vector.y, self.expected.y);
        (u64::from(distance) * 64 + u64::from(bits) * u64::from(self.step.unsigned_abs()) * 3 / 8, distance)
    }
}
