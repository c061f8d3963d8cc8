//! Cells: what is drawn is like the picture, in every kind of drawing, and hardly anything is drawn twice.

use tr2::media::cells::{CellDrawing, ColourDepth, TileCell, TileColour, TileDrawer, fitting};
use tr2::media::colours::{Rgb, indexed, nearest_of_16, nearest_of_256};
use tr2::media::picture::Picture;
use tr2::media::plane::Plane;
use tr2::media::test_source::test_picture;

use super::{coded, size};
use crate::likeness::ssim;

fn rgb(colour: TileColour) -> Rgb {
    match colour {
        TileColour::Own => Rgb::new(0, 0, 0),
        TileColour::Indexed(index) => indexed(index),
        TileColour::Rgb(colour) => colour,
    }
}

/// Which of a cell's quarters have ink, from the upper left, row by row.
fn quarters(symbol: char) -> [bool; 4] {
    let at = " ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█".chars().position(|one| one == symbol).unwrap();
    [0, 1, 2, 3].map(|bit| at >> bit & 1 == 1)
}

/// What a terminal shows of cells of blocks: four samples of brightness for each.
fn shown(cells: impl Iterator<Item = TileCell>, columns: usize) -> Plane {
    let cells: Vec<TileCell> = cells.collect();
    let rows = cells.len() / columns;
    let mut plane = Plane::filled(2 * columns, 2 * rows, 0);
    for (at, cell) in cells.iter().enumerate() {
        for (quarter, has_ink) in quarters(cell.symbol).into_iter().enumerate() {
            let colour = rgb(if has_ink { cell.ink } else { cell.paper });
            let (x, y) = (at % columns * 2 + quarter % 2, at / columns * 2 + quarter / 2);
            plane.row_mut(y)[x] = colour.brightness();
        }
    }
    plane
}

/// The brightness of a picture, as a terminal has it, at the size of a plane.
fn brightness(picture: &Picture, like: &Plane) -> Plane {
    let mut luma = picture.planes()[0].scaled(like.width(), like.height());
    luma.samples_mut().iter_mut().for_each(|sample| *sample = Rgb::of_sample(*sample, 128, 128).brightness());
    luma
}

#[test]
fn colours_of_samples_are_those_of_the_standard() {
    for (sample, colour) in [
        ([16, 128, 128], [0, 0, 0]),
        ([235, 128, 128], [255, 255, 255]),
        ([81, 90, 240], [255, 0, 0]),
        ([145, 54, 34], [0, 255, 1]),
        ([41, 240, 110], [0, 0, 255]),
    ] {
        let Rgb { red, green, blue } = Rgb::of_sample(sample[0], sample[1], sample[2]);
        let near = [red, green, blue].iter().zip(colour).all(|(one, other): (&u8, u8)| one.abs_diff(other) <= 2);
        assert!(near, "{sample:?} is {red} {green} {blue}");
    }
}

#[test]
fn colours_of_terminals_are_the_nearest() {
    for index in 16..=255 {
        assert!(indexed(nearest_of_256(indexed(index))) == indexed(index), "{index}");
    }
    for index in 0..16 {
        assert_eq!(indexed(nearest_of_16(indexed(index))), indexed(index));
    }
    assert_eq!(nearest_of_256(Rgb::new(128, 128, 128)), 244);
    assert_eq!(nearest_of_256(Rgb::new(250, 10, 5)), 196);
}

#[test]
fn what_is_drawn_is_like_the_picture() {
    let source = test_picture(size(80, 48), 3);
    let cases = [
        (CellDrawing::HalfBlocks, ColourDepth::Rgb, 0.90),
        (CellDrawing::HalfBlocks, ColourDepth::Ansi256, 0.85),
        (CellDrawing::HalfBlocks, ColourDepth::Ansi16, 0.35),
        (CellDrawing::Quadrants, ColourDepth::Rgb, 0.93),
        (CellDrawing::Quadrants, ColourDepth::Ansi256, 0.88),
    ];
    for (drawing, depth, least) in cases {
        let mut tile = TileDrawer::new(80, 24, drawing, depth, 0);
        tile.draw(&source);
        let shown = shown(tile.cells(), 80);
        let likeness = ssim(&brightness(&source, &shown), &shown);
        assert!(likeness > least, "{drawing:?} in {depth:?}: {likeness}");
    }
}

#[test]
fn a_decoded_picture_drawn_as_half_blocks_is_like_its_source() {
    let mut tile = TileDrawer::new(40, 12, CellDrawing::HalfBlocks, ColourDepth::Ansi256, 16);
    for (source, coded) in coded(size(40, 24), 8, 32) {
        tile.draw(&coded.picture);
        let shown = shown(tile.cells(), 40);
        let likeness = ssim(&brightness(&source, &shown), &shown);
        assert!(likeness > 0.80, "{likeness}");
    }
}

#[test]
fn cells_that_hardly_change_stay() {
    let changes = |hold| {
        let mut tile = TileDrawer::new(40, 12, CellDrawing::HalfBlocks, ColourDepth::Rgb, hold);
        assert!(tile.draw(&test_picture(size(80, 48), 0)) > 400, "at first all are drawn");
        (1..6).map(|number| tile.draw(&test_picture(size(80, 48), number))).sum::<usize>()
    };
    let [all, some, few] = [0, 8, 24].map(changes);
    assert!(all > 2 * some && some > few && few > 0, "{all}, {some}, {few}");
    // It stays for what it shows, not for what came last: a slow change shows in the end.
    let grey = |brightness| Picture::filled(size(8, 8), brightness);
    let mut tile = TileDrawer::new(4, 2, CellDrawing::HalfBlocks, ColourDepth::Rgb, 16);
    let drawn: Vec<usize> = (0..30).map(|step| tile.draw(&grey(60 + step))).collect();
    assert_eq!(drawn.iter().filter(|count| **count == 8).count(), 3, "{drawn:?}");
}

#[test]
fn characters_follow_the_brightness() {
    let mut samples = vec![0; 16 * 8];
    samples
        .chunks_mut(16)
        .for_each(|row| row.iter_mut().enumerate().for_each(|(x, to)| *to = 16 + (x * 219 / 15) as u8));
    let ramp = Picture::grey(size(16, 8), Plane::from_samples(16, 8, samples).unwrap()).unwrap();
    let line = |drawing| {
        let mut tile = TileDrawer::new(16, 1, drawing, ColourDepth::Ansi16, 0);
        tile.draw(&ramp);
        assert!(tile.cells().all(|cell| cell.ink == TileColour::Own && cell.paper == TileColour::Own));
        tile.cells().map(|cell| cell.symbol).collect::<String>()
    };
    assert_eq!(line(CellDrawing::Ascii), "  ..:--=++*##%@@");
    assert_eq!(line(CellDrawing::Shades), "    ░░░▒▒▒▓▓▓███");
}

#[test]
fn a_tile_of_any_size_can_be_drawn() {
    for (columns, rows) in [(0, 0), (0, 5), (5, 0), (1, 1), (3, 2), (100_000, 1)] {
        for drawing in [CellDrawing::HalfBlocks, CellDrawing::Quadrants, CellDrawing::Shades, CellDrawing::Ascii] {
            let mut tile = TileDrawer::new(columns, rows, drawing, ColourDepth::Ansi256, 0);
            tile.draw(&Picture::filled(size(8, 8), 90));
            assert_eq!(tile.cells().count(), columns.min(512) * rows);
        }
    }
    assert_eq!(fitting(size(80, 48), 80, 24), (80, 24));
    assert_eq!(fitting(size(80, 48), 40, 24), (40, 12));
    assert_eq!(fitting(size(80, 48), 200, 12), (40, 12));
    assert_eq!(fitting(size(80, 48), 0, 0), (0, 0));
}
