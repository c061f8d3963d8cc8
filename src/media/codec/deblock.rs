//! The filter over the edges of blocks, within the loop: later pictures refer to what it leaves.
//!
//! Sources: ITU-T H.263, 1998, annex J.
//!
//! Must not know: bits, or how units were chosen.

use crate::media::picture::Picture;
use crate::media::plane::Plane;

use super::map::{BlockFacts, BlockMap};
use super::tables::STRENGTHS;

/// Smooths the edges of a picture's blocks, where one side of an edge was coded.
pub(super) fn smooth(picture: &mut Picture, map: &BlockMap, steps: [i32; 2]) {
    let [luma, blue, red] = picture.planes_mut();
    let [luma_step, colour_step] = steps;
    smooth_plane(luma, map, luma_step, 1);
    smooth_plane(blue, map, colour_step, 2);
    smooth_plane(red, map, colour_step, 2);
}

/// A plane; a block of eight of its samples is so many blocks of the map wide and high.
fn smooth_plane(plane: &mut Plane, map: &BlockMap, step: i32, blocks: usize) {
    let strength = STRENGTHS.get((step >> 7).clamp(1, 31) as usize).copied().unwrap_or(0);
    let was_coded = |facts: Option<BlockFacts>| facts.is_some_and(|facts| !facts.skipped);
    let (width, height) = (plane.width(), plane.height());
    let edges = |side: usize| (1..side.div_ceil(8)).map(|edge| edge * 8);
    // Rows of an edge share a block of the map.
    let rows = 8 / blocks;
    for y in 0..height {
        let down = y / rows;
        for x in edges(width) {
            let across = x / rows;
            if was_coded(map.at(across, down)) || was_coded(map.at(across - 1, down)) {
                let samples = plane.row_mut(y).get_mut(x - 2..x + 2).unwrap_or_default();
                if let [a, b, c, d] = samples {
                    smooth_edge([a, b, c, d], strength);
                }
            }
        }
    }
    for y in edges(height) {
        let down = y / rows;
        let samples = plane.samples_mut().get_mut((y - 2) * width..(y + 2) * width).unwrap_or_default();
        let mut lines = samples.chunks_exact_mut(width.max(1));
        let (Some(a), Some(b), Some(c), Some(d)) = (lines.next(), lines.next(), lines.next(), lines.next()) else {
            continue;
        };
        for (x, (((a, b), c), d)) in a.iter_mut().zip(b).zip(c).zip(d).enumerate() {
            let across = x / rows;
            if was_coded(map.at(across, down)) || was_coded(map.at(across, down - 1)) {
                smooth_edge([a, b, c, d], strength);
            }
        }
    }
}

/// Two samples on each side of an edge.
fn smooth_edge([a, b, c, d]: [&mut u8; 4], strength: i32) {
    let [ia, ib, ic, id] = [*a, *b, *c, *d].map(i32::from);
    let step = (ia - 4 * ib + 4 * ic - id) / 8;
    // Up and down again: a large step is no artifact but an edge of what is seen.
    let size = (step.abs() - (2 * (step.abs() - strength)).max(0)).max(0);
    let inner = size * step.signum();
    let most = size / 2;
    let outer = ((ia - id) / 4).clamp(-most, most);
    for (sample, value) in [(a, ia - outer), (b, ib + inner), (c, ic - inner), (d, id + outer)] {
        *sample = value.clamp(0, 255) as u8;
    }
}
