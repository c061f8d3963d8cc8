//! A call's picture as it stands on a terminal, read back from the colours of its cells, and the films that cameras show.

use tr2::media::colours::{Rgb, indexed};
use tr2::media::picture::{Picture, PictureSize};
use tr2::media::plane::Plane;
use tr2::media::test_source::test_picture;

use crate::likeness::ssim;

/// The first colour that pictures alone have on a terminal of 256 colours, but for a few words in the bottom row.
const FIRST: u8 = 16;
/// The fewest columns of a picture. Fewer such cells in a row are words.
const FEWEST: usize = 12;
/// The sides of a film's pictures.
const SIDES: (usize, usize) = (160, 96);

/// The brightness of the picture on a screen, two samples a cell; none if there is none. It is the smallest rectangle
/// around all rows of cells that have colours of pictures: two pictures would be one.
pub(crate) fn tile_on(screen: &vt100::Screen) -> Option<Plane> {
    let (rows, cols) = screen.size();
    let is_picture = |row, col: &u16| {
        let cell = screen.cell(row, *col);
        let cell = cell.filter(|cell| ["", " ", "▀", "▄", "█"].contains(&cell.contents()));
        cell.is_some_and(|cell| [cell.fgcolor(), cell.bgcolor()].iter().any(|colour| of_picture(*colour).is_some()))
    };
    let in_row = |row| (0..cols.get()).filter(|col| is_picture(row, col)).collect::<Vec<u16>>();
    let found = (0..rows.get()).map(|row| (row, in_row(row))).filter(|(_, cells)| cells.len() >= FEWEST);
    let found: Vec<(u16, Vec<u16>)> = found.collect();
    let (top, bottom) = (found.first()?.0, found.last()?.0);
    let (left, right) =
        (found.iter().filter_map(|row| row.1.first()).min()?, found.iter().filter_map(|row| row.1.last()).max()?);
    let mut samples = Vec::new();
    for row in top..=bottom {
        for lower in [false, true] {
            samples.extend((*left..=*right).map(|col| sample(screen.cell(row, col).unwrap(), lower)));
        }
    }
    Plane::from_samples(usize::from(right - left) + 1, 2 * (usize::from(bottom - top) + 1), samples)
}

/// The brightness of the upper or the lower half of a cell; black where it shows something else.
fn sample(cell: &vt100::Cell, lower: bool) -> u8 {
    let has_ink = match (cell.contents(), lower) {
        ("▀", lower) => !lower,
        ("▄", lower) => lower,
        ("█", _) => true,
        _ => false,
    };
    let colour = if has_ink { cell.fgcolor() } else { cell.bgcolor() };
    of_picture(colour).map_or(0, Rgb::brightness)
}

fn of_picture(colour: vt100::Color) -> Option<Rgb> {
    match colour {
        vt100::Color::Idx(index @ FIRST..) => Some(indexed(index)),
        _ => None,
    }
}

/// How much a picture on a screen is like its source, which is scaled to the same samples: SSIM of brightness.
pub(crate) fn likeness(shown: &Plane, source: &Picture) -> f64 {
    let planes = source.planes().each_ref().map(|plane| plane.scaled(shown.width(), shown.height()));
    let [luma, blue, red] = planes.each_ref().map(Plane::samples);
    let colours = luma.iter().zip(blue.iter().zip(red));
    let samples = colours.map(|(luma, (blue, red))| Rgb::of_sample(*luma, *blue, *red).brightness()).collect();
    ssim(shown, &Plane::from_samples(shown.width(), shown.height(), samples).unwrap())
}

/// The pictures of a person who moves, by their numbers.
pub(crate) fn scenes(numbers: impl IntoIterator<Item = u32>) -> Vec<Picture> {
    let size = PictureSize::new(SIDES.0, SIDES.1).unwrap();
    numbers.into_iter().map(|number| test_picture(size, number)).collect()
}

/// A YUV4MPEG2 stream of 15 pictures a second.
pub(crate) fn film(pictures: &[Picture]) -> Vec<u8> {
    let mut bytes = format!("YUV4MPEG2 W{} H{} F15:1 Ip A1:1 C420jpeg\n", SIDES.0, SIDES.1).into_bytes();
    for picture in pictures {
        bytes.extend(b"FRAME\n");
        picture.planes().iter().for_each(|plane| bytes.extend(plane.samples()));
    }
    bytes
}
