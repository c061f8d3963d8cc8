//! Cells of a screen, and the fewest bytes that turn one screen into the next.
//!
//! Must not know: what the cells mean.

use std::io::Write as _;
use std::ops::Range;

/// How a cell is painted, on the terminal's own background.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pen {
    /// The SGR number of the text's colour; 39 is the terminal's own.
    pub colour: u8,
    /// The SGR numbers of effects, 1 to 7, as bits.
    pub effects: u8,
}

impl Pen {
    /// As the terminal paints by itself.
    pub const PLAIN: Self = Self { colour: 39, effects: 0 };

    /// Whether a blank painted with it can be seen.
    fn shows_blanks(self) -> bool {
        self.effects & (1 << 4 | 1 << 7) != 0
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Cell {
    /// One cluster; empty in the columns that a wide cluster to the left takes.
    text: String,
    pen: Pen,
}

impl Cell {
    fn blank() -> Self {
        Self { text: " ".to_owned(), pen: Pen::PLAIN }
    }

    fn is_blank(&self) -> bool {
        self.text == " " && !self.pen.shows_blanks()
    }
}

/// A screen of cells.
#[derive(Clone, Debug, Default)]
pub struct Grid {
    cols: usize,
    cells: Vec<Cell>,
}

impl Grid {
    /// A blank screen.
    #[must_use]
    pub fn blank(cols: usize, rows: usize) -> Self {
        Self { cols, cells: vec![Cell::blank(); cols.saturating_mul(rows)] }
    }

    /// Puts a cluster of a width at a place; beyond the edges nothing happens.
    pub fn put(&mut self, x: usize, y: usize, text: &str, width: usize, pen: Pen) {
        if x >= self.cols || width == 0 {
            return;
        }
        let start = y.saturating_mul(self.cols).saturating_add(x);
        let cells = self.cells.iter_mut().skip(start).take(width.min(self.cols - x));
        for (index, cell) in cells.enumerate() {
            cell.pen = pen;
            cell.text.clear();
            cell.text.push_str(if index == 0 { text } else { "" });
        }
    }

    /// Columns.
    #[must_use]
    pub fn cols(&self) -> usize {
        self.cols
    }

    /// Rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.cells.len() / self.cols.max(1)
    }

    fn row(&self, y: usize) -> &[Cell] {
        self.cells.chunks(self.cols.max(1)).nth(y).unwrap_or_default()
    }

    /// About how many bytes turn row `old` of `before` into row `y`.
    #[must_use]
    pub fn row_cost(&self, y: usize, before: &Self, old: usize) -> usize {
        let mut out = Vec::new();
        let mut brush = Brush { out: &mut out, pen: Pen::PLAIN, at: None };
        brush.row(y, self.row(y), before.row(old));
        out.len()
    }

    /// Moves rows up as the terminal does; blank ones follow.
    pub fn scroll(&mut self, rows: Range<usize>, by: usize) {
        let cells = rows.start * self.cols..rows.end * self.cols;
        let by = by * self.cols;
        if let Some(cells) = self.cells.get_mut(cells)
            && by <= cells.len()
        {
            cells.rotate_left(by);
            let kept = cells.len() - by;
            cells.iter_mut().skip(kept).for_each(|cell| *cell = Cell::blank());
        }
    }

    /// Writes what turns a terminal that shows `before` into one that shows this. The pen is plain before and after.
    pub fn write_difference(&self, before: &Self, out: &mut Vec<u8>) {
        let mut brush = Brush { out, pen: Pen::PLAIN, at: None };
        let cols = self.cols.max(1);
        for (y, (row, old)) in self.cells.chunks(cols).zip(before.cells.chunks(cols)).enumerate() {
            brush.row(y, row, old);
        }
        brush.dip(Pen::PLAIN);
    }
}

/// A jump within a row costs at least this many bytes; so many unchanged cells are rather written again.
const JUMP: usize = 4;
/// Erasing blanks and jumping on costs less than writing them from so many on.
const ERASE: usize = 9;

struct Brush<'a> {
    out: &'a mut Vec<u8>,
    pen: Pen,
    /// Where the terminal's cursor is, if that is certain.
    at: Option<(usize, usize)>,
}

impl Brush<'_> {
    fn row(&mut self, y: usize, row: &[Cell], old: &[Cell]) {
        let differs = |x: usize| row.get(x) != old.get(x);
        let mut x = 0;
        while x < row.len() {
            if !differs(x) {
                x += 1;
                continue;
            }
            // Half of a wide cluster has changed: it is written from its beginning.
            while x > 0 && row.get(x).is_some_and(|cell| cell.text.is_empty()) {
                x -= 1;
            }
            self.go(x, y, row);
            let blanks = row.iter().skip(x).take_while(|cell| cell.is_blank()).count();
            let changed = (x..x + blanks).rev().find(|&x| differs(x)).map_or(0, |last| last + 1 - x);
            if changed >= ERASE {
                self.dip(Pen::PLAIN);
                let _ = write!(self.out, "\x1b[{changed}X");
                x += changed;
                continue;
            }
            let Some(cell) = row.get(x) else { break };
            let width = 1 + row.iter().skip(x + 1).take_while(|cell| cell.text.is_empty()).count();
            self.paint(cell);
            x += width;
            // At the right edge terminals differ in where the cursor is, and after rare clusters in how wide they are.
            self.at = (x < row.len() && width_is_certain(&cell.text)).then_some((x, y));
        }
    }

    fn paint(&mut self, cell: &Cell) {
        // Blanks look the same in many pens.
        if !cell.is_blank() || self.pen.shows_blanks() {
            self.dip(cell.pen);
        }
        self.out.extend_from_slice(cell.text.as_bytes());
    }

    /// Moves the cursor; a short way over cells painted alike is written again.
    fn go(&mut self, x: usize, y: usize, row: &[Cell]) {
        match self.at {
            Some(at) if at == (x, y) => return,
            Some((from, line)) if line == y && from < x => {
                let between = row.get(from..x).unwrap_or_default();
                let cheap =
                    between.iter().all(|cell| cell.text.len() == 1 && (cell.pen == self.pen || cell.is_blank()));
                if between.len() <= JUMP && cheap && !self.pen.shows_blanks() {
                    between.iter().for_each(|cell| self.out.extend_from_slice(cell.text.as_bytes()));
                } else {
                    let _ = write!(self.out, "\x1b[{}C", x - from);
                }
            }
            _ => {
                let _ = write!(self.out, "\x1b[{};{}H", y + 1, x + 1);
            }
        }
        self.at = Some((x, y));
    }

    /// Changes the pen.
    fn dip(&mut self, pen: Pen) {
        if pen == self.pen {
            return;
        }
        let mut codes = Vec::new();
        let mut have = self.pen;
        if have.effects & !pen.effects != 0 {
            codes.push(0);
            have = Pen::PLAIN;
        }
        codes.extend((1..8).filter(|code| (pen.effects & !have.effects) >> code & 1 == 1));
        if pen.colour != have.colour {
            codes.push(pen.colour);
        }
        let codes: Vec<String> = codes.iter().map(ToString::to_string).collect();
        // All effects and colours off needs no number.
        let codes = if pen == Pen::PLAIN { String::new() } else { codes.join(";") };
        let _ = write!(self.out, "\x1b[{codes}m");
        self.pen = pen;
    }
}

/// Whether every terminal agrees on the width: Latin and its neighbours, lines and boxes, and the common wide scripts,
/// one character each.
fn width_is_certain(text: &str) -> bool {
    let mut chars = text.chars();
    let certain = |c| {
        matches!(c, ' '..='\u{2ff}' | '\u{370}'..='\u{52f}' | '\u{2010}'..='\u{2027}' | '\u{2190}'..='\u{2193}'
            | '\u{2500}'..='\u{259f}' | '\u{3041}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}')
    };
    chars.next().is_some_and(certain) && chars.next().is_none()
}
