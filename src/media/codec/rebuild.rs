//! From units to samples. Encoder and decoder both do this, so that they have the same picture to the bit.
//!
//! Must not know: bits, or how a unit was chosen.

use crate::media::picture::Picture;
use crate::media::plane::Plane;

use super::inter::moved;
use super::intra::Surroundings;
use super::square::Square;
use super::transform::{frequency, inverse};
use super::unit::{Macroblock, Prediction, Residual, Spot, Unit, Vector};

/// Rebuilds a macroblock; units outside the picture are left out.
pub(super) fn macroblock(
    picture: &mut Picture,
    reference: Option<&Picture>,
    spot: Spot,
    block: &Macroblock,
    steps: [i32; 2],
) {
    match block {
        Macroblock::Whole(whole) => unit(picture, reference, spot, whole, steps),
        Macroblock::Split(units) => {
            let (across, down) = (picture.size().width().div_ceil(8), picture.size().height().div_ceil(8));
            for (part, spot) in units.iter().zip(spot.quarters()) {
                if spot.across < across && spot.down < down {
                    unit(picture, reference, spot, part, steps);
                }
            }
        }
    }
}

/// Rebuilds a unit.
pub(super) fn unit(picture: &mut Picture, reference: Option<&Picture>, spot: Spot, unit: &Unit, steps: [i32; 2]) {
    let (x, y) = spot.corner();
    let [luma, colours @ ..] = picture.planes_mut();
    let [luma_step, colour_step] = steps;
    let side = spot.side();
    match (unit.prediction, reference) {
        (Prediction::Skip(vector) | Prediction::Inter(vector), Some(reference)) => {
            let [from, from_colours @ ..] = reference.planes();
            let mut square = moved_luma(from, (x, y), side, vector);
            for (block, residual) in blocks(spot.blocks).zip(&unit.luma) {
                add_luma(&mut square, block, residual, luma_step);
            }
            square.write(luma, x, y);
            for ((plane, from), residual) in colours.iter_mut().zip(from_colours).zip(&unit.colours) {
                let mut square = moved_colour(from, (x / 2, y / 2), side / 2, vector);
                add(&mut square, &residual.levels, colour_step);
                square.write(plane, x / 2, y / 2);
            }
        }
        // Without a picture to refer to, the reader asks for no such units.
        (Prediction::Skip(_) | Prediction::Inter(_), None) => {}
        (Prediction::Intra(mode), _) => {
            for ((dx, dy), residual) in blocks(spot.blocks).zip(&unit.luma) {
                let mut square = Surroundings::read(luma, x + dx, y + dy, 8).predict(mode);
                add_luma(&mut square, (0, 0), residual, luma_step);
                square.write(luma, x + dx, y + dy);
            }
            intra_colours(colours, (x / 2, y / 2), side / 2, unit, colour_step);
        }
        (Prediction::FineIntra(modes), _) => {
            let levels = unit.luma.iter().flat_map(|residual| residual.levels.chunks_exact(16));
            for (((dx, dy), mode), levels) in quarters().zip(modes).zip(levels) {
                let mut square = Surroundings::read(luma, x + dx, y + dy, 4).predict(mode);
                add(&mut square, levels, luma_step);
                square.write(luma, x + dx, y + dy);
            }
            intra_colours(colours, (x / 2, y / 2), side / 2, unit, colour_step);
        }
    }
}

fn intra_colours(colours: &mut [Plane], (x, y): (usize, usize), side: usize, unit: &Unit, step: i32) {
    let mode = match unit.prediction {
        Prediction::Intra(mode) => mode,
        Prediction::FineIntra([mode, ..]) => mode,
        Prediction::Skip(_) | Prediction::Inter(_) => return,
    };
    for (plane, residual) in colours.iter_mut().zip(&unit.colours) {
        let mut square = Surroundings::read(plane, x, y, side).predict(mode);
        add(&mut square, &residual.levels, step);
        square.write(plane, x, y);
    }
}

/// The corners of a unit's blocks of 8x8, row by row.
pub(super) fn blocks(on_a_side: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..on_a_side).flat_map(move |y| (0..on_a_side).map(move |x| (8 * x, 8 * y)))
}

/// The corners of the blocks of 4x4 in one of 8x8, row by row.
pub(super) fn quarters() -> impl Iterator<Item = (usize, usize)> {
    [(0, 0), (4, 0), (0, 4), (4, 4)].into_iter()
}

/// Brightness at a vector.
pub(super) fn moved_luma(plane: &Plane, (x, y): (usize, usize), side: usize, vector: Vector) -> Square {
    moved(plane, x, y, side, (2 * i32::from(vector.x), 2 * i32::from(vector.y)))
}

/// Colour at a vector: its samples are twice as large.
pub(super) fn moved_colour(plane: &Plane, (x, y): (usize, usize), side: usize, vector: Vector) -> Square {
    moved(plane, x, y, side, (i32::from(vector.x), i32::from(vector.y)))
}

/// Adds what is left over in 8x8 of brightness at a place of a square.
pub(super) fn add_luma(square: &mut Square, (x, y): (usize, usize), residual: &Residual, step: i32) {
    if !residual.is_coded() {
        return;
    }
    if !residual.fine {
        let mut part = square.part(x, y, 8);
        add(&mut part, &residual.levels, step);
        square.put(x, y, &part);
        return;
    }
    for ((dx, dy), levels) in quarters().zip(residual.levels.chunks_exact(16)) {
        let mut part = square.part(x + dx, y + dy, 4);
        add(&mut part, levels, step);
        square.put(x + dx, y + dy, &part);
    }
}

/// Adds what levels stand for to a square of 8x8 or 4x4.
pub(super) fn add(square: &mut Square, levels: &[i16], step: i32) {
    let side = square.side();
    let levels = levels.get(..side * side).unwrap_or_default();
    if levels.iter().all(|level| *level == 0) {
        return;
    }
    let mut frequencies = [0; 64];
    for ((x, y), level) in super::tables::zig_zag(side).iter().zip(levels) {
        if let Some(to) = frequencies.get_mut(usize::from(*y) * side + usize::from(*x)) {
            *to = frequency(i32::from(*level), step);
        }
    }
    let mut rest = Square::filled(side, 0);
    inverse(side, frequencies.get(..side * side).unwrap_or_default(), rest.samples_mut());
    square.add(&rest);
}
