//! A draft in rows, broken between words where possible, with nothing left out: every place in the text has a cell.
//!
//! Must not know: what the draft is for, or where it is shown.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

use super::wrap::cells;

/// Stands for a cluster that is wider than the row.
const CUT: &str = "…";

/// The most rows that a composer grows to; a longer draft scrolls.
pub const MAX_ROWS: u16 = 8;

/// The draft as rows, and the cursor's position in them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rows {
    /// The rows.
    pub rows: Vec<String>,
    /// The cursor's column.
    pub column: usize,
    /// The cursor's row.
    pub row: usize,
}

/// Lays a draft out in rows of `width` cells, with the cursor behind the byte `cursor`.
///
/// A word fits if it leaves the last cell free: that is where the blank behind it goes, or the cursor.
#[must_use]
pub fn rows(text: &str, cursor: usize, width: usize) -> Rows {
    let width = width.max(1);
    let all = ranges(text, width);
    let (row, column) = position(text, &all, cursor, width);
    Rows { rows: all.into_iter().map(|range| shown(text, range, width)).collect(), column, row }
}

/// The byte of the text in the row above the cursor, or below it, at the cursor's column; `None` at the first or the
/// last row.
#[must_use]
pub fn vertical(text: &str, cursor: usize, width: usize, down: bool) -> Option<usize> {
    let width = width.max(1);
    let all = ranges(text, width);
    let (row, column) = position(text, &all, cursor, width);
    let next = if down { row + 1 } else { row.checked_sub(1)? };
    in_row(text, &all, next, column, width)
}

/// The byte of the text at a cell, or the nearest one, in rows of `width` cells.
#[must_use]
pub fn at_cell(text: &str, width: usize, row: usize, column: usize) -> usize {
    let width = width.max(1);
    let all = ranges(text, width);
    in_row(text, &all, row.min(all.len().saturating_sub(1)), column, width).unwrap_or(text.len())
}

/// The byte of the text in a row, at a column or before it.
fn in_row(text: &str, all: &[Range<usize>], row: usize, column: usize, width: usize) -> Option<usize> {
    let range = all.get(row)?.clone();
    let soft = all.get(row + 1).is_some_and(|below| below.start == range.end);
    let (mut at, mut used) = (range.start, 0);
    for cluster in text.get(range.clone())?.graphemes(true) {
        let wide = width_of(cluster, width);
        // The end of a row that goes on below is the beginning of that one.
        if used + wide > column || soft && at + cluster.len() == range.end {
            break;
        }
        (at, used) = (at + cluster.len(), used + wide);
    }
    Some(at)
}

/// The bytes of each row. A row that follows a line feed begins behind it; any other begins where the one above ends.
fn ranges(text: &str, width: usize) -> Vec<Range<usize>> {
    let mut all = Vec::new();
    let mut start = 0;
    for line in text.split('\n') {
        line_ranges(text, start..start + line.len(), width, &mut all);
        start += line.len() + 1;
    }
    all
}

fn line_ranges(text: &str, line: Range<usize>, width: usize, all: &mut Vec<Range<usize>>) {
    let (mut start, mut at, mut used) = (line.start, line.start, 0);
    // Behind the last blank of the row.
    let mut between = None;
    for cluster in text.get(line.clone()).unwrap_or_default().graphemes(true) {
        let wide = width_of(cluster, width);
        let blank = cluster == " ";
        let room = if blank || width == 1 { width } else { width - 1 };
        if used + wide > room.max(wide) {
            let end = between.take().filter(|_| !blank).unwrap_or(at);
            all.push(start..end);
            start = end;
            used = text.get(start..at).map_or(0, cells);
            if used + wide > room.max(wide) {
                all.push(start..at);
                (start, used) = (at, 0);
            }
        }
        at += cluster.len();
        used += wide;
        if blank {
            between = Some(at);
        }
    }
    all.push(start..line.end);
    // Behind a full last row, the cursor gets a row of its own.
    if used >= width {
        all.push(line.end..line.end);
    }
}

/// The row and the column of a byte.
fn position(text: &str, all: &[Range<usize>], cursor: usize, width: usize) -> (usize, usize) {
    let row = all.iter().rposition(|range| range.start <= cursor && cursor <= range.end).unwrap_or(0);
    let start = all.get(row).map_or(0, |range| range.start);
    let before = text.get(start..cursor).unwrap_or_default();
    (row, before.graphemes(true).map(|cluster| width_of(cluster, width)).sum::<usize>().min(width - 1))
}

fn shown(text: &str, range: Range<usize>, width: usize) -> String {
    let row = text.get(range).unwrap_or_default();
    row.graphemes(true).map(|cluster| if cluster.width() > width { CUT } else { cluster }).collect()
}

fn width_of(cluster: &str, width: usize) -> usize {
    match cluster.width() {
        wide if wide > width => 1,
        wide => wide,
    }
}
