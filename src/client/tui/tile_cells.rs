//! Pictures on the terminal: which cells of the screen show one, and the fewest bytes that turn them into the next.
//!
//! A picture's cells are no part of the grid: they have colours of their own, and change at another pace than text. Here is
//! what the terminal shows of them, so that the grid can leave them alone, and clean up behind them.
//!
//! Must not know: text, or when pictures may be written.

use std::io::Write as _;
use std::sync::Arc;

use super::look::{Depth, Look};
use crate::client::view::{Background, PictureStyle, Rect};
use crate::media::cells::{CellDrawing, ColourDepth, TileCell, TileColour, TileDrawer, fitting};
use crate::media::picture::Picture;

/// A cell stays while its colours differ by no more than this: with 24 bits, and with fewer, where one step is larger.
const HOLD_RGB: u8 = 8;
const HOLD: u8 = 16;

/// How cells are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PictureDrawing {
    drawing: CellDrawing,
    depth: ColourDepth,
    hold: u8,
    /// Whether characters are dark on bright.
    is_negative: bool,
}

impl PictureDrawing {
    /// The style that is chosen on a terminal; none if there are to be no pictures.
    pub(super) fn of(
        style: PictureStyle,
        look: Look,
        colourless: bool,
        background: Option<Background>,
    ) -> Option<Self> {
        let depth = if colourless { Depth::Mono } else { look.depth };
        let blocks = |drawing, depth| {
            let hold = if depth == ColourDepth::Rgb { HOLD_RGB } else { HOLD };
            Some(Self { drawing, depth, hold, is_negative: false })
        };
        let is_negative = background.or(look.background) == Some(Background::Light);
        let text = Some(Self { drawing: CellDrawing::Ascii, depth: ColourDepth::Ansi16, hold: HOLD, is_negative });
        let best = match depth {
            Depth::True => ColourDepth::Rgb,
            Depth::Palette => ColourDepth::Ansi256,
            Depth::Sixteen | Depth::Mono => ColourDepth::Ansi16,
        };
        match style {
            PictureStyle::Off => None,
            // Neither blocks nor colours: whatever was chosen, the terminal has none.
            _ if !look.unicode || depth == Depth::Mono => text,
            // In sixteen colours nobody is recognised.
            PictureStyle::Auto if depth == Depth::Sixteen => text,
            PictureStyle::Auto => blocks(CellDrawing::HalfBlocks, best),
            PictureStyle::Rgb => blocks(CellDrawing::HalfBlocks, ColourDepth::Rgb),
            PictureStyle::Palette => blocks(CellDrawing::HalfBlocks, ColourDepth::Ansi256),
            PictureStyle::Sixteen => blocks(CellDrawing::HalfBlocks, ColourDepth::Ansi16),
            PictureStyle::Quadrants => blocks(CellDrawing::Quadrants, best),
            PictureStyle::Text => text,
        }
    }
}

/// A picture that is to be shown.
#[derive(Debug)]
struct ShownPicture {
    /// Where it is, with its proportions.
    area: Rect,
    picture: Arc<Picture>,
    style: PictureDrawing,
    drawer: TileDrawer,
    /// Whether the drawer has drawn it.
    is_drawn: bool,
}

/// The pictures of a screen.
#[derive(Debug, Default)]
pub(super) struct TileCells {
    cols: usize,
    pictures: Vec<ShownPicture>,
    /// What lies over them.
    covered: Option<Rect>,
    /// What the terminal shows of pictures: a cell, where it shows one.
    shown: Vec<Option<TileCell>>,
    /// Whether what is to be shown is not what the terminal shows.
    is_stale: bool,
}

impl TileCells {
    /// The pictures of a screen of this size.
    #[must_use]
    pub(super) fn new((cols, rows): (u16, u16)) -> Self {
        let cells = usize::from(cols) * usize::from(rows);
        Self { cols: cols.into(), shown: vec![None; cells], ..Self::default() }
    }

    /// The terminal shows none of them any more.
    pub(super) fn forget(&mut self) {
        self.shown.fill(None);
        self.is_stale = !self.pictures.is_empty();
    }

    /// Says which pictures are to be shown, each in the middle of its area and over those before it, and what lies over them.
    pub(super) fn set(
        &mut self,
        pictures: Vec<(Rect, Arc<Picture>)>,
        covered: Option<Rect>,
        style: Option<PictureDrawing>,
    ) {
        let mut before = std::mem::take(&mut self.pictures).into_iter();
        let was_covered = std::mem::replace(&mut self.covered, covered);
        self.is_stale |= was_covered != covered;
        let areas_before: Vec<Rect> = before.as_slice().iter().map(|shown| shown.area).collect();
        for (area, picture) in pictures {
            let Some(style) = style else { continue };
            let area = middle(area, &picture);
            if area.is_empty() {
                continue;
            }
            let before = before.next().filter(|before| before.area == area && before.style == style);
            let shown = match before {
                Some(before) if Arc::ptr_eq(&before.picture, &picture) => before,
                Some(before) => ShownPicture { picture, is_drawn: false, ..before },
                None => {
                    let PictureDrawing { drawing, depth, hold, .. } = style;
                    let drawer = TileDrawer::new(area.width.into(), area.height.into(), drawing, depth, hold);
                    ShownPicture { area, picture, style, drawer, is_drawn: false }
                }
            };
            self.is_stale |= !shown.is_drawn;
            self.pictures.push(shown);
        }
        // Where one lay over another, that is seen again.
        self.is_stale |= !self.pictures.iter().map(|shown| shown.area).eq(areas_before) && !self.pictures.is_empty();
    }

    /// Whether [`Self::write`] is to be called, once there is room on the line.
    #[must_use]
    pub(super) fn is_stale(&self) -> bool {
        self.is_stale
    }

    /// Forgets the cells that are to show no picture any more: they are the grid's again.
    pub(super) fn release(&mut self) {
        let (cols, covered) = (self.cols.max(1), self.covered);
        for (at, shown) in self.shown.iter_mut().enumerate().filter(|(_, shown)| shown.is_some()) {
            let (x, y) = (at % cols, at / cols);
            let is_ours = self.pictures.iter().any(|picture| is_within(picture.area, x, y));
            if !is_ours || covered.is_some_and(|covered| is_within(covered, x, y)) {
                *shown = None;
            }
        }
    }

    /// The cells in which the terminal shows pictures.
    pub(super) fn cells(&self) -> impl Iterator<Item = usize> {
        self.shown.iter().enumerate().filter(|(_, shown)| shown.is_some()).map(|(at, _)| at)
    }

    /// Writes what turns the terminal's pictures into those that are to be shown. The style is the default before and after.
    pub(super) fn write(&mut self, out: &mut Vec<u8>) {
        let mut writer = CellWriter { out, ink: TileColour::Own, paper: TileColour::Own, at: None };
        let (cols, covered) = (self.cols, self.covered);
        let areas: Vec<Rect> = self.pictures.iter().map(|shown| shown.area).collect();
        for (at, shown) in self.pictures.iter_mut().enumerate() {
            let ShownPicture { area, picture, style, drawer, is_drawn } = shown;
            // Later ones lie over earlier ones.
            let over = areas.get(at + 1..).unwrap_or_default();
            if !std::mem::replace(is_drawn, true) {
                if style.is_negative {
                    drawer.draw(&picture.negative());
                } else {
                    drawer.draw(picture);
                }
            }
            let width = usize::from(area.width).max(1);
            for (at, cell) in drawer.cells().enumerate() {
                let (x, y) = (usize::from(area.x) + at % width, usize::from(area.y) + at / width);
                if x >= cols || over.iter().chain(&covered).any(|covered| is_within(*covered, x, y)) {
                    continue;
                }
                let Some(shown) = self.shown.get_mut(y * cols + x) else { continue };
                if *shown != Some(cell) {
                    *shown = Some(cell);
                    writer.put(x, y, cell);
                }
            }
        }
        writer.end();
        self.is_stale = false;
    }
}

/// Where a picture is within an area, with its proportions.
fn middle(area: Rect, picture: &Picture) -> Rect {
    let (columns, rows) = fitting(picture.size(), area.width.into(), area.height.into());
    let small = |side: usize, most: u16| u16::try_from(side).unwrap_or(most).min(most);
    let (width, height) = (small(columns, area.width), small(rows, area.height));
    let (x, y) = (area.x + (area.width - width) / 2, area.y + (area.height - height) / 2);
    Rect { x, y, width, height }
}

fn is_within(area: Rect, x: usize, y: usize) -> bool {
    let inside =
        |at: usize, start: u16, size: u16| (start.into()..usize::from(start) + usize::from(size)).contains(&at);
    inside(x, area.x, area.width) && inside(y, area.y, area.height)
}

/// Writes cells with the fewest changes of colour.
struct CellWriter<'a> {
    out: &'a mut Vec<u8>,
    ink: TileColour,
    paper: TileColour,
    /// Where the terminal's cursor is, if it is certain.
    at: Option<(usize, usize)>,
}

impl CellWriter<'_> {
    fn put(&mut self, x: usize, y: usize, cell: TileCell) {
        match self.at {
            Some(at) if at == (x, y) => {}
            Some((from, line)) if line == y && from + 1 == x => self.out.extend_from_slice(b"\x1b[C"),
            Some((from, line)) if line == y && from < x => _ = write!(self.out, "\x1b[{}C", x - from),
            _ => _ = write!(self.out, "\x1b[{};{}H", y + 1, x + 1),
        }
        // A blank stays one: many fonts leave hairlines around a full block, in which the paper would show.
        let other = cell.swapped().filter(|other| other.symbol != '█' && self.changes(*other) < self.changes(cell));
        let TileCell { symbol, ink, paper } = other.unwrap_or(cell);
        // A blank has no ink.
        let ink = if symbol == ' ' { self.ink } else { ink };
        self.colour(ink, paper);
        let mut bytes = [0; 4];
        self.out.extend_from_slice(symbol.encode_utf8(&mut bytes).as_bytes());
        // At the right edge, terminals disagree about where the cursor is: the next row begins with a jump.
        self.at = Some((x + 1, y));
    }

    /// How many colours would have to be changed for a cell.
    fn changes(&self, cell: TileCell) -> usize {
        let ink = cell.symbol != ' ' && cell.ink != self.ink;
        usize::from(ink) + usize::from(cell.paper != self.paper)
    }

    fn colour(&mut self, ink: TileColour, paper: TileColour) {
        let changed = [(ink, self.ink, 30), (paper, self.paper, 40)];
        let mut changed = changed.into_iter().filter(|(now, before, _)| now != before).peekable();
        if changed.peek().is_none() {
            return;
        }
        self.out.extend_from_slice(b"\x1b[");
        while let Some((colour, _, first)) = changed.next() {
            let _ = match colour {
                TileColour::Own => write!(self.out, "{}", first + 9),
                TileColour::Indexed(number @ 0..8) => write!(self.out, "{}", first + u16::from(number)),
                TileColour::Indexed(number @ 8..16) => write!(self.out, "{}", first + 52 + u16::from(number)),
                TileColour::Indexed(number) => write!(self.out, "{};5;{number}", first + 8),
                TileColour::Rgb(colour) => {
                    write!(self.out, "{};2;{};{};{}", first + 8, colour.red, colour.green, colour.blue)
                }
            };
            if changed.peek().is_some() {
                self.out.push(b';');
            }
        }
        self.out.push(b'm');
        (self.ink, self.paper) = (ink, paper);
    }

    fn end(&mut self) {
        if (self.ink, self.paper) != (TileColour::Own, TileColour::Own) {
            self.out.extend_from_slice(b"\x1b[m");
        }
    }
}
