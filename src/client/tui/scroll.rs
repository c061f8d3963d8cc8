//! Decides whether scrolling some rows first saves bytes: most changes in a chat are rows that move up.
//!
//! Must not know: what the rows show.

use std::io::Write as _;
use std::ops::Range;

use super::grid::Grid;

/// Scrolling by up to this many rows is always tried.
const NEAR: usize = 4;
/// Of the longer ways, this many are tried: those by which most rows are seen again. A long message takes many rows.
const FAR_TRIES: usize = 2;
/// A column in which this many rows change belongs to what moves; a count in a list does not.
const MOVING: usize = 3;
/// The cost of setting the scroll region and resetting it, in bytes; a smaller saving is no gain.
const COST: usize = 31;
/// What moving a row with a picture in it would save: pictures stay where they are.
const NEVER: i64 = -1_000_000;

/// Rows to scroll up, and how far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Scroll {
    /// The rows.
    pub rows: Range<usize>,
    /// By how many rows.
    pub by: usize,
}

impl Scroll {
    /// Finds the scrolling that saves most on the way from `before` to `after`, if any saves something.
    #[must_use]
    pub(super) fn find(before: &Grid, after: &Grid) -> Option<Self> {
        let blank = Grid::blank(after.cols(), 1);
        let plain: Vec<usize> = (0..after.rows()).map(|y| after.row_cost(y, before, y)).collect();
        if plain.iter().sum::<usize>() <= 2 * COST {
            return None;
        }
        let stays: Vec<bool> = (0..after.rows()).map(|y| before.has_picture(y) || after.has_picture(y)).collect();
        let stays = |y: usize| stays.get(y).copied().unwrap_or(true);
        let mut best = (COST, None);
        for by in (1..=NEAR).chain(far_ways(before, after)) {
            // What each row saves if the row `by` below it moves there, and if it becomes blank.
            let gain = |y: usize, from: usize, cost: usize| {
                if stays(y) || stays(from) { NEVER } else { signed(plain.get(y).copied().unwrap_or(0)) - signed(cost) }
            };
            let moved: Vec<i64> = (0..after.rows().saturating_sub(by))
                .map(|y| gain(y, y + by, after.row_cost(y, before, y + by)))
                .collect();
            let bared: Vec<i64> = (0..after.rows()).map(|y| gain(y, y, after.row_cost(y, &blank, 0))).collect();
            let mut run = 0;
            let mut start = 0;
            for (y, saved) in moved.iter().enumerate() {
                if run <= 0 {
                    (run, start) = (0, y);
                }
                run += saved;
                let total = run + bared.iter().skip(y + 1).take(by).sum::<i64>();
                if let Ok(total) = usize::try_from(total)
                    && total > best.0
                {
                    best = (total, Some(Self { rows: start..y + 1 + by, by }));
                }
            }
        }
        best.1
    }

    /// Writes the scrolling; afterwards, the cursor is in the first cell. Resetting the region moves it there on most
    /// terminals, but not on all. Line feeds at the region's end work on every terminal.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        let _ = write!(out, "\x1b[{};{}r\x1b[{}H", self.rows.start + 1, self.rows.end, self.rows.end);
        out.extend(std::iter::repeat_n(b'\n', self.by));
        out.extend_from_slice(b"\x1b[r\x1b[H");
    }
}

/// The ways beyond [`NEAR`] that are worth a try. What stands beside the moving rows stays, so only the columns that change
/// are compared.
fn far_ways(before: &Grid, after: &Grid) -> Vec<usize> {
    let changes = after.changes_by_column(before).into_iter().enumerate();
    let columns: Vec<usize> = changes.filter(|(_, rows)| *rows >= MOVING).map(|(x, _)| x).collect();
    let seen_again = |by: usize| {
        (0..after.rows().saturating_sub(by)).filter(|&y| after.shows_again(y, before, y + by, &columns)).count()
    };
    let ways = (NEAR + 1..after.rows()).map(|by| (seen_again(by), by));
    let mut ways: Vec<(usize, usize)> = ways.filter(|(rows, _)| *rows > 0).collect();
    ways.sort_unstable_by(|one, other| other.cmp(one));
    ways.into_iter().take(FAR_TRIES).map(|(_, by)| by).collect()
}

fn signed(bytes: usize) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}
