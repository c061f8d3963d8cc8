//! A screen of cells, and the fewest bytes that turn one screen into another.
//!
//! Must not know: what the cells mean.

use std::io::Write as _;
use std::ops::Range;

use super::hyperlinks::{LinkNumber, LinkTable, LinkedCells};

/// A colour of text or background.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Paint {
    /// The terminal's own.
    #[default]
    Own,
    /// One of the sixteen colours of the terminal's palette.
    Palette(u8),
    /// One of the 256 colours of xterm.
    Indexed(u8),
}

/// How a cell is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct CellStyle {
    /// The colour of the text.
    pub text: Paint,
    /// The colour behind it.
    pub behind: Paint,
    /// The SGR numbers of the effects, 1 to 7, as bits.
    pub effects: u8,
}

impl CellStyle {
    /// The terminal's default style.
    pub(super) const PLAIN: Self = Self { text: Paint::Own, behind: Paint::Own, effects: 0 };

    /// Whether a blank in this style is visible.
    fn shows_blanks(self) -> bool {
        self.behind != Paint::Own || self.effects & (1 << 4 | 1 << 7) != 0
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Cell {
    /// One cluster; empty in the columns that a wide cluster to its left covers.
    text: String,
    style: CellStyle,
    /// The link that it belongs to.
    link: LinkNumber,
    /// Whether the terminal shows a part of a picture here: then this cell is not written.
    is_picture: bool,
}

impl Cell {
    fn blank() -> Self {
        Self { text: " ".to_owned(), style: CellStyle::PLAIN, link: 0, is_picture: false }
    }

    fn is_blank(&self) -> bool {
        self.text == " " && !self.style.shows_blanks() && self.link == 0 && !self.is_picture
    }
}

/// A screen of cells.
#[derive(Clone, Debug, Default)]
pub(super) struct Grid {
    cols: usize,
    cells: Vec<Cell>,
    /// The rows that go on in the next one.
    joined: Vec<usize>,
}

impl Grid {
    /// A blank screen.
    #[must_use]
    pub(super) fn blank(cols: usize, rows: usize) -> Self {
        Self { cols, cells: vec![Cell::blank(); cols.saturating_mul(rows)], joined: Vec::new() }
    }

    /// Blanks every cell.
    pub(super) fn clear(&mut self) {
        for cell in &mut self.cells {
            cell.style = CellStyle::PLAIN;
            cell.text.clear();
            cell.text.push(' ');
        }
    }

    /// Puts a cluster of this width at a position; ignored beyond the edges.
    pub(super) fn put(&mut self, x: usize, y: usize, text: &str, width: usize, style: CellStyle) {
        if x >= self.cols || width == 0 {
            return;
        }
        let start = y.saturating_mul(self.cols).saturating_add(x);
        let cells = self.cells.iter_mut().skip(start).take(width.min(self.cols - x));
        for (index, cell) in cells.enumerate() {
            cell.style = style;
            cell.text.clear();
            cell.text.push_str(if index == 0 { text } else { "" });
        }
    }

    /// Says which rows go on in the next one: the terminal is to know both as one line.
    pub(super) fn set_joined(&mut self, rows: Vec<usize>) {
        self.joined = rows;
    }

    /// Says which cells belong to links; all others belong to none.
    pub(super) fn set_links(&mut self, linked: &[(LinkedCells, LinkNumber)]) {
        self.cells.iter_mut().for_each(|cell| cell.link = 0);
        for (LinkedCells { x, y, width, .. }, number) in linked {
            let (x, width) = (usize::from(*x), usize::from(*width));
            let start = usize::from(*y).saturating_mul(self.cols).saturating_add(x);
            let room = self.cols.saturating_sub(x);
            self.cells.iter_mut().skip(start).take(width.min(room)).for_each(|cell| cell.link = *number);
        }
    }

    /// Forgets which numbers links had: every cell of a link differs from what it will be.
    pub(super) fn forget_links(&mut self) {
        self.cells.iter_mut().filter(|cell| cell.link > 0).for_each(|cell| cell.link = LinkNumber::MAX);
    }

    /// Says in which cells, counted row by row, the terminal shows pictures; in all others it shows none.
    pub(super) fn set_pictures(&mut self, cells: impl Iterator<Item = usize>) {
        self.cells.iter_mut().for_each(|cell| cell.is_picture = false);
        for at in cells {
            if let Some(cell) = self.cells.get_mut(at) {
                cell.is_picture = true;
            }
        }
    }

    /// Whether the terminal shows a part of a picture in a row.
    #[must_use]
    pub(super) fn has_picture(&self, y: usize) -> bool {
        self.row(y).iter().any(|cell| cell.is_picture)
    }

    /// The number of columns.
    #[must_use]
    pub(super) fn cols(&self) -> usize {
        self.cols
    }

    /// The number of rows.
    #[must_use]
    pub(super) fn rows(&self) -> usize {
        self.cells.len() / self.cols.max(1)
    }

    fn row(&self, y: usize) -> &[Cell] {
        self.cells.chunks(self.cols.max(1)).nth(y).unwrap_or_default()
    }

    /// Roughly how many bytes turn row `old` of `before` into row `y`.
    #[must_use]
    pub(super) fn row_cost(&self, y: usize, before: &Self, old: usize) -> usize {
        let mut out = Vec::new();
        let links = LinkTable::default();
        let mut writer = DiffWriter { out: &mut out, style: CellStyle::PLAIN, at: None, link: 0, links: &links };
        writer.row(y, self.row(y), before.row(old), Joined::default());
        out.len()
    }

    /// In how many rows each column differs from `before`.
    #[must_use]
    pub(super) fn changes_by_column(&self, before: &Self) -> Vec<usize> {
        let mut changes = vec![0; self.cols];
        let cols = self.cols.max(1);
        for (row, old) in self.cells.chunks(cols).zip(before.cells.chunks(cols)) {
            for ((rows, cell), other) in changes.iter_mut().zip(row).zip(old) {
                *rows += usize::from(cell != other);
            }
        }
        changes
    }

    /// Whether row `y` shows in these columns what row `old` of `before` does, and not only blanks.
    #[must_use]
    pub(super) fn shows_again(&self, y: usize, before: &Self, old: usize, columns: &[usize]) -> bool {
        let (row, old) = (self.row(y), before.row(old));
        let same = columns.iter().all(|&x| row.get(x) == old.get(x));
        same && columns.iter().filter_map(|&x| row.get(x)).any(|cell| !cell.is_blank())
    }

    /// Moves rows up as the terminal does; blank ones follow.
    pub(super) fn scroll(&mut self, rows: Range<usize>, by: usize) {
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

    /// Writes what turns a terminal that shows `before` into one that shows this grid. The style is the default before
    /// and after; `home` says that the cursor is in the first cell.
    pub(super) fn write_difference(&self, before: &Self, home: bool, links: &LinkTable, out: &mut Vec<u8>) {
        let mut writer = DiffWriter { out, style: CellStyle::PLAIN, at: home.then_some((0, 0)), link: 0, links };
        let cols = self.cols.max(1);
        for (y, (row, old)) in self.cells.chunks(cols).zip(before.cells.chunks(cols)).enumerate() {
            let joined = Joined { before: y > 0 && self.joined.contains(&(y - 1)), behind: self.joined.contains(&y) };
            writer.row(y, row, old, joined);
        }
        writer.set_link(0);
        writer.set_style(CellStyle::PLAIN);
    }
}

/// The least length of a jump within a row, in bytes; up to this many unchanged cells are written again instead.
const JUMP: usize = 4;
/// From this many blanks on, erasing them and jumping is shorter than writing them.
const ERASE: usize = 9;
/// The same where no jump follows.
const ERASE_LAST: usize = 5;

/// Whether a row is one line with the row before it, and with the one behind it.
#[derive(Clone, Copy, Default)]
struct Joined {
    before: bool,
    behind: bool,
}

struct DiffWriter<'a> {
    out: &'a mut Vec<u8>,
    style: CellStyle,
    /// The position of the terminal's cursor, if it is certain.
    at: Option<(usize, usize)>,
    /// The link that the terminal is in.
    link: LinkNumber,
    links: &'a LinkTable,
}

impl DiffWriter<'_> {
    fn row(&mut self, y: usize, row: &[Cell], old: &[Cell], joined: Joined) {
        // Rows that are one line are written as a whole, one right after the other.
        let whole = row != old && (joined.before || joined.behind);
        let differs = |x: usize| {
            let other = whole || row.get(x) != old.get(x);
            other && row.get(x).is_some_and(|cell| !cell.is_picture)
        };
        let mut x = 0;
        while x < row.len() {
            if !differs(x) {
                x += 1;
                continue;
            }
            // If half of a wide cluster has changed, it is written from its beginning.
            while x > 0 && row.get(x).is_some_and(|cell| cell.text.is_empty()) {
                x -= 1;
            }
            self.go(x, y, row);
            let blanks = row.iter().skip(x).take_while(|cell| cell.is_blank()).count();
            let changed = (x..x + blanks).rev().find(|&x| differs(x)).map_or(0, |last| last + 1 - x);
            // If nothing follows in the row, the cursor need not go behind them.
            let last = !(x + changed..row.len()).any(differs);
            if changed >= if last { ERASE_LAST } else { ERASE } {
                self.set_link(0);
                self.set_style(CellStyle::PLAIN);
                let _ = write!(self.out, "\x1b[{changed}X");
                x += changed;
                continue;
            }
            let Some(cell) = row.get(x) else { break };
            let width = 1 + row.iter().skip(x + 1).take_while(|cell| cell.text.is_empty()).count();
            self.paint(cell);
            x += width;
            // At the right edge, terminals disagree on the cursor's position; after rare clusters, on their width.
            self.at = (x < row.len() && width_is_certain(&cell.text)).then_some((x, y));
        }
        // The terminal goes on in the next row by itself, and remembers that.
        if whole && joined.behind {
            self.at = Some((0, y + 1));
        }
    }

    fn paint(&mut self, cell: &Cell) {
        self.set_link(cell.link);
        // A blank looks the same in many styles.
        if !cell.is_blank() || self.style.shows_blanks() {
            self.set_style(cell.style);
        }
        self.out.extend_from_slice(cell.text.as_bytes());
    }

    /// Moves the cursor by the fewest bytes; over a few cells in the same style, it writes them again.
    fn go(&mut self, x: usize, y: usize, row: &[Cell]) {
        match self.at {
            Some(at) if at == (x, y) => return,
            Some((from, line)) if line == y && from < x => self.forward(from, x, row),
            // A line feed keeps the column, or goes to the first one after a carriage return.
            Some((_, line)) if line + 1 == y => {
                self.out.extend_from_slice(b"\r\n");
                if x > 0 {
                    self.forward(0, x, row);
                }
            }
            _ => {
                let _ = match (x, y) {
                    (0, 0) => write!(self.out, "\x1b[H"),
                    (0, _) => write!(self.out, "\x1b[{}H", y + 1),
                    _ => write!(self.out, "\x1b[{};{}H", y + 1, x + 1),
                };
            }
        }
        self.at = Some((x, y));
    }

    fn forward(&mut self, from: usize, x: usize, row: &[Cell]) {
        let between = row.get(from..x).unwrap_or_default();
        let alike = |cell: &Cell| cell.style == self.style || cell.is_blank();
        let same = |cell: &Cell| cell.text.len() == 1 && cell.link == self.link && !cell.is_picture;
        let cheap = between.iter().all(|cell| same(cell) && alike(cell));
        if between.len() <= JUMP && cheap && !self.style.shows_blanks() {
            between.iter().for_each(|cell| self.out.extend_from_slice(cell.text.as_bytes()));
        } else {
            let _ = write!(self.out, "\x1b[{}C", x - from);
        }
    }

    /// Begins a link, or ends one.
    fn set_link(&mut self, link: LinkNumber) {
        if link != self.link {
            self.links.write(link, self.out);
            self.link = link;
        }
    }

    /// Changes the style.
    fn set_style(&mut self, style: CellStyle) {
        if style == self.style {
            return;
        }
        let mut codes: Vec<String> = Vec::new();
        let mut have = self.style;
        if have.effects & !style.effects != 0 {
            codes.push(String::new());
            have = CellStyle::PLAIN;
        }
        codes.extend(
            (1..8).filter(|code| (style.effects & !have.effects) >> code & 1 == 1).map(|code| code.to_string()),
        );
        if style.text != have.text {
            codes.push(colour(style.text, 30));
        }
        if style.behind != have.behind {
            codes.push(colour(style.behind, 40));
        }
        // The default style needs no number.
        let codes = if style == CellStyle::PLAIN { String::new() } else { codes.join(";") };
        let _ = write!(self.out, "\x1b[{codes}m");
        self.style = style;
    }
}

/// The SGR numbers of a colour; `first` is 30 for text and 40 for what is behind it.
fn colour(paint: Paint, first: u8) -> String {
    match paint {
        Paint::Own => (first + 9).to_string(),
        Paint::Palette(number @ 0..8) => (first + number).to_string(),
        Paint::Palette(number) => (first + 60 + number % 8).to_string(),
        Paint::Indexed(number) => format!("{};5;{number}", first + 8),
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
