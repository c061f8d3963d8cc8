//! From a picture to the cells of a terminal: half blocks and quadrants in as many colours as there are, or characters by
//! brightness. The cells are plain data.
//!
//! A cell stays as it was while its colours hardly change: then nothing is sent for it.
//!
//! Must not know: escape sequences, where on the screen the cells are, or when they are drawn.

use super::colours::{Rgb, nearest_of_16, nearest_of_256};
use super::picture::{Picture, PictureSize};

/// What a cell is drawn with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellDrawing {
    /// Two samples in a cell, one above the other.
    HalfBlocks,
    /// Four samples in a cell, in two colours.
    Quadrants,
    /// One sample in a cell: blocks of four shades.
    Shades,
    /// One sample in a cell: ASCII characters.
    Ascii,
}

/// The colours of a terminal. Characters by brightness have none of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColourDepth {
    /// 24 bits.
    Rgb,
    /// 256 colours.
    Ansi256,
    /// 16 colours.
    Ansi16,
}

/// A colour of a cell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TileColour {
    /// The terminal's own.
    #[default]
    Own,
    /// One of the terminal's 16 or 256.
    Indexed(u8),
    /// 24 bits.
    Rgb(Rgb),
}

/// A cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TileCell {
    /// One column wide.
    pub symbol: char,
    /// The colour of the symbol.
    pub ink: TileColour,
    /// The colour behind it.
    pub paper: TileColour,
}

impl TileCell {
    const BLANK: Self = Self { symbol: ' ', ink: TileColour::Own, paper: TileColour::Own };

    /// A cell that looks the same with ink and paper changed over; none if they are the terminal's own, which are not known.
    #[must_use]
    pub fn swapped(self) -> Option<Self> {
        let at = QUADRANTS.iter().position(|symbol| *symbol == self.symbol)?;
        let symbol = QUADRANTS.iter().rev().nth(at).copied()?;
        (self.paper != TileColour::Own).then_some(Self { symbol, ink: self.paper, paper: self.ink })
    }
}

/// Quadrants by which of the four samples have ink: upper left, upper right, lower left, lower right, from the lowest bit.
const QUADRANTS: [char; 16] = [' ', '▘', '▝', '▀', '▖', '▌', '▞', '▛', '▗', '▚', '▐', '▜', '▄', '▙', '▟', '█'];
const SHADES: [char; 5] = [' ', '░', '▒', '▓', '█'];
const ASCII: [char; 10] = [' ', '.', ':', '-', '=', '+', '*', '#', '%', '@'];

/// The most columns and rows of a tile.
const MOST_CELLS: (usize, usize) = (512, 256);

/// The samples of a cell, row by row; those that it has not are black.
type CellSamples = [Rgb; 4];

/// Draws the pictures of one person, each beside the one before.
#[derive(Clone, Debug)]
pub struct TileDrawer {
    columns: usize,
    rows: usize,
    drawing: CellDrawing,
    depth: ColourDepth,
    hold: u8,
    /// What each cell shows, and the samples that it was drawn from.
    cells: Vec<(TileCell, Option<CellSamples>)>,
}

impl TileDrawer {
    /// A tile of columns and rows. A cell stays while none of its colours differs by more than `hold`.
    #[must_use]
    pub fn new(columns: usize, rows: usize, drawing: CellDrawing, depth: ColourDepth, hold: u8) -> Self {
        let (columns, rows) = (columns.min(MOST_CELLS.0), rows.min(MOST_CELLS.1));
        Self { columns, rows, drawing, depth, hold, cells: vec![(TileCell::BLANK, None); columns * rows] }
    }

    /// The columns of a row.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// The cells, row by row.
    pub fn cells(&self) -> impl Iterator<Item = TileCell> {
        self.cells.iter().map(|(cell, _)| *cell)
    }

    /// Draws a picture over all of the tile, and says how many cells changed.
    pub fn draw(&mut self, picture: &Picture) -> usize {
        let (across, down) = self.drawing.samples();
        let samples = colours(picture, self.columns * across, self.rows * down);
        let stride = self.columns * across;
        let mut changed = 0;
        for (row, cells) in self.cells.chunks_exact_mut(self.columns.max(1)).enumerate() {
            for (column, (cell, shown)) in cells.iter_mut().enumerate() {
                let mut now = CellSamples::default();
                let places = (0..down).flat_map(|y| (0..across).map(move |x| (x, y)));
                for (to, (x, y)) in now.iter_mut().zip(places) {
                    let at = (row * down + y) * stride + column * across + x;
                    *to = samples.get(at).copied().unwrap_or_default();
                }
                let stays =
                    |shown: &CellSamples| shown.iter().zip(&now).all(|(one, other)| one.is_near(*other, self.hold));
                if shown.as_ref().is_some_and(stays) {
                    continue;
                }
                let drawn = self.drawing.cell(&now, self.depth);
                changed += usize::from(drawn != *cell);
                (*cell, *shown) = (drawn, Some(now));
            }
        }
        changed
    }
}

impl CellDrawing {
    /// How many samples of a cell are beside and above one another.
    #[must_use]
    pub fn samples(self) -> (usize, usize) {
        match self {
            Self::HalfBlocks => (1, 2),
            Self::Quadrants => (2, 2),
            Self::Shades | Self::Ascii => (1, 1),
        }
    }

    fn cell(self, samples: &CellSamples, depth: ColourDepth) -> TileCell {
        let [first, second, ..] = *samples;
        match self {
            Self::HalfBlocks => two_colours('▀', depth.colour(first), depth.colour(second)),
            Self::Quadrants => quadrants(samples, depth),
            Self::Shades => by_brightness(&SHADES, first),
            Self::Ascii => by_brightness(&ASCII, first),
        }
    }
}

impl ColourDepth {
    fn colour(self, colour: Rgb) -> TileColour {
        match self {
            Self::Rgb => TileColour::Rgb(colour),
            Self::Ansi256 => TileColour::Indexed(nearest_of_256(colour)),
            Self::Ansi16 => TileColour::Indexed(nearest_of_16(colour)),
        }
    }
}

/// A cell of two colours; a blank, if they are the same.
fn two_colours(symbol: char, ink: TileColour, paper: TileColour) -> TileCell {
    if ink == paper { TileCell { paper, ..TileCell::BLANK } } else { TileCell { symbol, ink, paper } }
}

fn by_brightness(symbols: &[char], sample: Rgb) -> TileCell {
    let at = usize::from(sample.brightness()) * symbols.len() / 256;
    TileCell { symbol: symbols.get(at).copied().unwrap_or(' '), ..TileCell::BLANK }
}

/// The quadrants that come nearest to four samples with two colours, which are means.
fn quadrants(samples: &CellSamples, depth: ColourDepth) -> TileCell {
    // The other eight are the same with ink and paper changed over.
    let choices = QUADRANTS.iter().zip(0u8..).take(8).map(|(symbol, has_ink)| {
        let is_ink = |at: usize| has_ink >> at & 1 == 1;
        let group =
            |ink: bool| samples.iter().enumerate().filter(move |(at, _)| is_ink(*at) == ink).map(|(_, one)| *one);
        let (ink, paper) = (mean(group(true)), mean(group(false)));
        let error: i32 =
            group(true).map(|one| one.distance(ink)).chain(group(false).map(|one| one.distance(paper))).sum();
        (error, *symbol, ink, paper)
    });
    let best = choices.min_by_key(|(error, ..)| *error);
    best.map_or(TileCell::BLANK, |(_, symbol, ink, paper)| two_colours(symbol, depth.colour(ink), depth.colour(paper)))
}

fn mean(colours: impl Iterator<Item = Rgb>) -> Rgb {
    let (mut sums, mut count) = ([0; 3], 0);
    for colour in colours {
        sums.iter_mut().zip(colour.numbers()).for_each(|(sum, number)| *sum += number);
        count += 1;
    }
    let [red, green, blue] = sums.map(|sum| ((sum + count / 2) / count.max(1)).clamp(0, 255) as u8);
    Rgb::new(red, green, blue)
}

/// The colours of a picture at another size.
fn colours(picture: &Picture, width: usize, height: usize) -> Vec<Rgb> {
    let [luma, blue, red] = picture.planes().each_ref().map(|plane| plane.scaled(width, height));
    let differences = blue.samples().iter().zip(red.samples());
    let samples = luma.samples().iter().zip(differences);
    samples.map(|(luma, (blue, red))| Rgb::of_sample(*luma, *blue, *red)).collect()
}

/// The largest tile, within columns and rows, in which a picture keeps its proportions: cells are twice as high as wide.
#[must_use]
pub fn fitting(size: PictureSize, columns: usize, rows: usize) -> (usize, usize) {
    let (width, height) = (size.width(), size.height());
    if columns * height <= 2 * rows * width {
        (columns, (columns * height + width) / (2 * width))
    } else {
        ((2 * rows * width + height / 2) / height, rows)
    }
}
