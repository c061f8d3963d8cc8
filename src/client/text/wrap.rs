//! Text in terminal cells: its width, where it wraps, how it is cut.
//!
//! Must not know: what the text is about, or where it is shown.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::client::view::StyledLine;

/// From this width on, an overlong first word is broken where it stands, because it may be a text without spaces.
const BESIDE: usize = 16;

/// Replaces what was cut off, and a cluster that is wider than the row.
pub(crate) const CUT: &str = "…";

/// The width of a text in cells, cluster by cluster, which is how it is printed.
#[must_use]
pub fn cells(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.graphemes(true).map(UnicodeWidthStr::width).sum() }
}

/// The width of a row in cells.
#[must_use]
pub fn line_cells(line: &StyledLine) -> usize {
    line.0.iter().map(|span| cells(&span.text)).sum()
}

/// Wraps text into rows of at most `width` cells, between words where possible. Never empty.
#[must_use]
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    wrap_after(0, text, width)
}

/// As [`wrap`], where the first `taken` cells of the first row are in use. A word with little room there begins below.
#[must_use]
pub fn wrap_after(taken: usize, text: &str, width: usize) -> Vec<String> {
    wrap_placed(taken, text, width).into_iter().map(|(row, _)| row).collect()
}

/// As [`wrap_after`], each row with the byte of the text that it begins with.
#[must_use]
pub fn wrap_placed(taken: usize, text: &str, width: usize) -> Vec<(String, usize)> {
    let mut rows = Vec::new();
    let mut start = 0;
    for (at, line) in text.split('\n').enumerate() {
        wrap_line((line, start), width.max(1), if at == 0 { taken } else { 0 }, &mut rows);
        start += line.len() + 1;
    }
    rows
}

fn wrap_line((line, from): (&str, usize), width: usize, taken: usize, rows: &mut Vec<(String, usize)>) {
    let mut row = String::new();
    // The byte that the row begins with, and the one that has been reached.
    let (mut start, mut at) = (from, from);
    let mut used = taken;
    // A first row whose beginning is taken counts as a row even if nothing else is in it.
    let mut beside = taken > 0;
    let mut after_space = (beside && width.saturating_sub(taken) < BESIDE).then_some(0);
    for (cluster, wide, bytes) in clusters(line, width) {
        if used + wide > width {
            if cluster == " " {
                // At a space, the row would break anyway.
                rows.push((std::mem::take(&mut row), start));
                (used, after_space, beside) = (0, None, false);
                at += bytes;
                start = at;
                continue;
            }
            let word = after_space.take().map(|at| row.split_off(at)).unwrap_or_default();
            row.truncate(row.trim_end().len());
            if !row.is_empty() || std::mem::take(&mut beside) {
                rows.push((std::mem::take(&mut row), start));
            }
            start = at.saturating_sub(word.len());
            row = word;
            used = cells(&row);
            if used + wide > width {
                rows.push((std::mem::take(&mut row), start));
                start = at;
                used = 0;
            }
        }
        row.push_str(cluster);
        used += wide;
        at += bytes;
        if cluster == " " {
            after_space = Some(row.len());
        }
    }
    rows.push((row, start));
}

/// The text cut to `width` cells, with `…` at its end if something is missing.
#[must_use]
pub fn fit(text: &str, width: usize) -> String {
    if cells(text) <= width {
        return text.to_owned();
    }
    let mut kept = take(text, width.saturating_sub(1));
    if width > 0 {
        kept.push_str(CUT);
    }
    kept
}

/// As much of the beginning as fits into `width` cells.
#[must_use]
pub fn take(text: &str, width: usize) -> String {
    let mut used = 0;
    text.graphemes(true)
        .take_while(|cluster| {
            used += cluster.width();
            used <= width
        })
        .collect()
}

/// As much of the end as fits into `width` cells.
#[must_use]
pub(crate) fn take_end(text: &str, width: usize) -> &str {
    let mut used = 0;
    let kept: usize = text
        .graphemes(true)
        .rev()
        .take_while(|cluster| {
            used += cluster.width();
            used <= width
        })
        .map(str::len)
        .sum();
    text.get(text.len() - kept..).unwrap_or_default()
}

/// The row cut to `width` cells.
#[must_use]
pub(crate) fn fit_line(mut line: StyledLine, width: usize) -> StyledLine {
    let mut room = width;
    for span in &mut line.0 {
        if cells(&span.text) > room {
            span.text = fit(&span.text, room);
        }
        room = room.saturating_sub(cells(&span.text));
    }
    line.0.retain(|span| !span.text.is_empty());
    line
}

/// The text, padded with spaces to `width` cells.
#[must_use]
pub fn pad(text: &str, width: usize) -> String {
    let mut padded = fit(text, width);
    let missing = width.saturating_sub(cells(&padded));
    padded.extend(std::iter::repeat_n(' ', missing));
    padded
}

/// The clusters of a line as they are shown, each with its width and its length in the line.
fn clusters(line: &str, width: usize) -> impl Iterator<Item = (&str, usize, usize)> {
    line.graphemes(true).map(move |cluster| match cluster.width() {
        wide if wide > width => (CUT, 1, cluster.len()),
        wide => (cluster, wide, cluster.len()),
    })
}
