//! The panes of the screen: lists, messages, composer, status bar.
//!
//! Must not know: dialogs, or what the rows are about.

use super::output::Cursor;
use super::paint::{Labels, Painter, inner, pad, width, width_of};
use super::theme::plain;
use crate::client::view::{InputPane, ListPane, ListRow, MessagePane, Rect, StatusBar, StyledLine};

/// Draws a list, inside its border.
pub(super) fn list(painter: &Painter<'_, '_, '_>, pane: &ListPane) {
    if pane.area.is_empty() {
        return;
    }
    let area = painter.labels(pane.area, &Labels { title: &pane.title, note: None, focused: pane.focused });
    for ((index, row), y) in pane.rows.iter().enumerate().zip(area.y..area.y.saturating_add(area.height)) {
        let chosen = pane.focused && pane.cursor == Some(index);
        list_row(painter, Rect { y, height: 1, ..area }, row, chosen);
    }
    let edge = pane.area.x.saturating_add(pane.area.width.saturating_sub(3));
    if pane.area.width >= 4 && pane.area.height >= 2 {
        let style = painter.theme.title(pane.focused);
        if pane.more.above {
            painter.text(edge, pane.area.y, 1, painter.sign("↑", "^"), style);
        }
        if pane.more.below {
            painter.text(edge, pane.area.y + pane.area.height - 1, 1, painter.sign("↓", "v"), style);
        }
    }
}

/// Draws a row of a list: the right part whole, the left part in the remaining room.
pub(super) fn list_row(painter: &Painter<'_, '_, '_>, area: Rect, row: &ListRow, chosen: bool) {
    let Rect { x, y, width: room, .. } = area;
    let over = if chosen { Some(painter.theme.chosen()) } else { None };
    if let Some(style) = over {
        painter.fill(x, y, room, " ", style);
    }
    if row.current {
        painter.text(x, y, room.min(1), painter.sign("▌", ">"), over.unwrap_or_else(|| painter.theme.title(true)));
    }
    let right = width_of(&row.right).min(room);
    let right_x = x + room - right - pad(room, right);
    if right > 0 {
        painter.line(right_x, y, right, &row.right, over);
    }
    let start = x + pad(room, 0);
    // One column stays free between the parts, and at the edge.
    let end = if right > 0 { right_x.saturating_sub(1) } else { x + room - pad(room, 1) };
    let over = over.or_else(|| row.current.then(|| painter.theme.current()));
    painter.shortened(start, y, end.saturating_sub(start), &row.left, over);
}

/// Draws the messages, at the bottom of their pane.
pub(super) fn messages(painter: &Painter<'_, '_, '_>, pane: &MessagePane, bordered: bool) {
    if pane.area.is_empty() {
        return;
    }
    let labels = Labels { title: &pane.title, note: None, focused: pane.focused };
    let area = if bordered { painter.labels(pane.area, &labels) } else { pane.area };
    let rows = u16::try_from(pane.lines.len()).unwrap_or(u16::MAX);
    let top = area.y.saturating_add(area.height.saturating_sub(rows));
    for (line, y) in pane.lines.iter().zip(top..area.y.saturating_add(area.height)) {
        if bordered {
            painter.padded(area, y, line, None);
        } else {
            painter.line(area.x, y, area.width, line, None);
        }
    }
    if let (Some(below), false) = (&pane.below, bordered) {
        let room = width(below).min(area.width);
        let (x, y) = (area.x + area.width - room, area.y.saturating_add(area.height - 1));
        painter.text(x, y, room, below, painter.theme.chosen());
    }
}

/// Draws the composer. Its upper border is also the lower border of the messages, and shows their note.
pub(super) fn composer(painter: &Painter<'_, '_, '_>, pane: &InputPane, messages: &MessagePane, bordered: bool) {
    if pane.area.is_empty() {
        return;
    }
    if bordered {
        let note = messages.below.as_deref();
        painter.labels(pane.area, &Labels { title: "", note, focused: pane.focused });
    }
    let (area, prompt) = text_area(pane, bordered);
    let style = if pane.focused { painter.theme.title(true) } else { plain() };
    painter.text(area.x, area.y, area.width, &pane.prompt, style);
    for (line, y) in pane.lines.iter().zip(area.y..area.y.saturating_add(area.height)) {
        painter.line(area.x.saturating_add(prompt), y, area.width.saturating_sub(prompt), line, None);
    }
}

/// The position of the composer's cursor.
#[must_use]
pub(super) fn composer_cursor(pane: &InputPane, bordered: bool) -> Option<Cursor> {
    let (column, row) = pane.cursor.filter(|_| pane.focused && !pane.area.is_empty())?;
    let (area, prompt) = text_area(pane, bordered);
    let column = prompt.saturating_add(column).min(area.width.saturating_sub(1));
    let row = row.min(area.height.saturating_sub(1));
    Some(Cursor { x: area.x.saturating_add(column), y: area.y.saturating_add(row), visible: true })
}

/// The position of a list's cursor; hidden, but followed by screen readers.
#[must_use]
pub(super) fn list_cursor(pane: &ListPane) -> Option<Cursor> {
    let index = pane.cursor.filter(|_| pane.focused && !pane.area.is_empty())?;
    let area = inner(pane.area);
    let row = u16::try_from(index).unwrap_or(u16::MAX).min(area.height.saturating_sub(1));
    Some(Cursor { x: area.x, y: area.y.saturating_add(row), visible: false })
}

/// The area of prompt and text, and the width of the prompt.
fn text_area(pane: &InputPane, bordered: bool) -> (Rect, u16) {
    let prompt = width(&pane.prompt);
    if !bordered {
        return (pane.area, prompt);
    }
    let area = inner(pane.area);
    let cursor = pane.cursor.map_or(0, |(column, _)| column.saturating_add(1));
    let widest = pane.lines.iter().map(width_of).max().unwrap_or(0).max(cursor);
    let pad = pad(area.width, prompt.saturating_add(widest));
    (Rect { x: area.x.saturating_add(pad), width: area.width.saturating_sub(pad), ..area }, prompt)
}

/// Draws the status bar: its left part whole, and as many hints of its right part as fit.
pub(super) fn status(painter: &Painter<'_, '_, '_>, bar: &StatusBar) {
    let Rect { x, y, width: room, .. } = bar.area;
    if bar.area.is_empty() {
        return;
    }
    let start = pad(room, width_of(&bar.left));
    let used = start + painter.line(x + start, y, room - start, &bar.left, None);
    let right = hints_that_fit(&bar.right, room.saturating_sub(used + 3));
    let right_width = width_of(&right);
    if right_width > 0 {
        painter.line(x + room - right_width - 1, y, right_width, &right, None);
    }
}

/// The first hints that fit; two blanks separate hints.
fn hints_that_fit(line: &StyledLine, room: u16) -> StyledLine {
    let text = line.text();
    let ends = text.match_indices("  ").map(|(at, _)| at).chain([text.len()]);
    let end = ends.filter(|&end| text.get(..end).is_some_and(|part| width(part) <= room)).last().unwrap_or(0);
    let mut left = end;
    let mut fitting = StyledLine::default();
    for span in &line.0 {
        let part = span.text.get(..left.min(span.text.len())).unwrap_or_default();
        left -= part.len();
        fitting = fitting.and(span.scope, part);
    }
    fitting
}
