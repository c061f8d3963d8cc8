//! The panes of the screen: lists, messages, composer, status bar.
//!
//! Must not know: dialogs, or what the rows are about.

use super::hyperlinks::LinkedCells;
use super::output::Cursor;
use super::paint::{Painter, pad, width, width_of};
use super::theme::plain;
use crate::client::text::layout::text_area;
use crate::client::view::{
    InputPane, LineLink, LineMark, ListPane, ListRow, MessageLine, MessagePane, Panel, Rect, Scope, StatusBar,
    StyledLine, Tile,
};

/// Draws a hairline.
pub(super) fn hairline(painter: &Painter<'_, '_, '_>, line: Rect) {
    for y in line.y..line.y.saturating_add(line.height) {
        painter.text(line.x, y, line.width, painter.sign("│", "|"), painter.theme.hairline());
    }
}

/// Draws a list, with its title above.
pub(super) fn list(painter: &Painter<'_, '_, '_>, pane: &ListPane) {
    let (area, title) = (pane.area, pane.title_rows());
    if area.is_empty() {
        return;
    }
    let over = pane.focused.then(|| painter.theme.title());
    painter.shortened(area.x + pad(area.width, 0), area.y, area.width.saturating_sub(1), &pane.title, over);
    let rows = area.y.saturating_add(title)..area.y.saturating_add(area.height);
    let (first, last) = (rows.start, rows.end.saturating_sub(1));
    for ((index, row), y) in pane.rows.iter().enumerate().zip(rows) {
        let chosen = pane.focused && pane.cursor == Some(index);
        list_row(painter, Rect { y, height: 1, ..area }, row, chosen);
    }
    let edge = area.x.saturating_add(area.width - 1);
    for (there, y, sign, ascii) in [(pane.more.above, first, "↑", "^"), (pane.more.below, last, "↓", "v")] {
        if there {
            painter.text(edge, y, 1, painter.sign(sign, ascii), painter.theme.scope(Scope::Dim));
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
    let right = width_of(&row.right).min(room);
    let right_x = x + room - right - pad(room, right);
    if right > 0 {
        painter.line(right_x, y, right, &row.right, over);
    }
    let start = x + pad(room, 0);
    // One column stays free between the parts, and at the edge.
    let end = if right > 0 { right_x.saturating_sub(1) } else { x + room - pad(room, 1) };
    let over = over.or_else(|| row.current.then(|| painter.theme.scope(Scope::Focus)));
    painter.shortened(start, y, end.saturating_sub(start), &row.left, over);
}

/// The cells of the messages that belong to links.
#[must_use]
pub(super) fn linked_cells(pane: &MessagePane) -> Vec<LinkedCells> {
    let area = pane.area;
    let rows = u16::try_from(pane.lines.len()).unwrap_or(u16::MAX);
    let top = area.y.saturating_add(area.height.saturating_sub(rows));
    let (left, right) = (area.x.saturating_add(pane.gutter), area.x.saturating_add(area.width));
    let bottom = area.y.saturating_add(area.height);
    let mut linked = Vec::new();
    for (line, y) in pane.lines.iter().zip(top..bottom) {
        for LineLink { start, width, url } in &line.links {
            let x = left.saturating_add(*start);
            let width = x.saturating_add(*width).min(right).saturating_sub(x);
            linked.push(LinkedCells { x, y, width, url: url.clone() });
        }
    }
    linked.retain(|cells| cells.width > 0);
    linked
}

/// Draws the messages, at the bottom of their pane, and the title above.
pub(super) fn messages(painter: &Painter<'_, '_, '_>, pane: &MessagePane) {
    title(painter, pane);
    let area = pane.area;
    if area.is_empty() {
        return;
    }
    let rows = u16::try_from(pane.lines.len()).unwrap_or(u16::MAX);
    let top = area.y.saturating_add(area.height.saturating_sub(rows));
    for (line, y) in pane.lines.iter().zip(top..area.y.saturating_add(area.height)) {
        message_line(painter, Rect { y, height: 1, ..area }, pane.gutter, line);
    }
}

/// Draws one row. The tint of a mention is a rectangle: it begins with the sign in the gutter and leaves free at the right
/// what the gutter takes at the left, however long the text is.
fn message_line(painter: &Painter<'_, '_, '_>, area: Rect, gutter: u16, line: &MessageLine) {
    let (mention, picked) = (line.mark == LineMark::Mention, line.mark == LineMark::Picked);
    if gutter > 0 && line.mark != LineMark::None {
        let style = painter.theme.gutter(picked);
        let style = if mention { painter.theme.tinted(style) } else { style };
        painter.text(area.x, area.y, gutter, painter.sign("▌", ">"), style);
    }
    let (x, room) = (area.x.saturating_add(gutter), area.width.saturating_sub(gutter));
    if mention && painter.theme.is_tinting() {
        painter.line_on_tint(x, area.y, room.saturating_sub(gutter), &line.line);
    } else {
        // Without a gutter, only the row itself can show that it is picked.
        let over = (gutter == 0 && picked).then(|| painter.theme.chosen());
        painter.line(x, area.y, room, &line.line, over);
    }
}

fn title(painter: &Painter<'_, '_, '_>, pane: &MessagePane) {
    let Rect { x, y, width: room, .. } = pane.title_area;
    if pane.title_area.is_empty() {
        return;
    }
    let over = pane.focused.then(|| painter.theme.title());
    let right = width_of(&pane.title_right).min(room);
    painter.line(x + room - right - pad(room, right), y, right, &pane.title_right, None);
    let start = x + pad(room, 0);
    let end = (x + room).saturating_sub(right + 2).max(start);
    painter.shortened(start, y, end - start, &pane.title, over);
}

/// Draws what stands around and in place of a picture.
pub(super) fn tile(painter: &Painter<'_, '_, '_>, tile: &Tile) {
    let Rect { x, y, width: room, height } = tile.area;
    if tile.picture.is_none() && !tile.area.is_empty() {
        let note = width_of(&tile.note).min(room);
        painter.line(x + (room - note) / 2, y + height / 2, note, &tile.note, None);
    }
    let area = tile.caption_area;
    for (line, y) in tile.caption.iter().zip(area.y..area.y.saturating_add(area.height)) {
        painter.padded(area, y, line, None);
    }
}

/// Draws the panel below the messages.
pub(super) fn panel(painter: &Painter<'_, '_, '_>, panel: &Panel) {
    let area = panel.area;
    if area.is_empty() {
        return;
    }
    painter.clear(area);
    painter.fill(area.x, area.y, area.width, painter.sign("─", "-"), painter.theme.border());
    let hint = width(&panel.hint).saturating_add(2).min(area.width);
    let hint_x = area.x + area.width - hint - pad(area.width, hint);
    painter.text(hint_x, area.y, hint, &format!(" {} ", panel.hint), painter.theme.scope(Scope::Dim));
    for (row, y) in panel.rows.iter().zip(area.y.saturating_add(1)..area.y.saturating_add(area.height)) {
        painter.padded(area, y, row, None);
    }
}

/// Draws the composer.
pub(super) fn composer(painter: &Painter<'_, '_, '_>, pane: &InputPane) {
    if pane.area.is_empty() {
        return;
    }
    painter.padded(pane.area, pane.area.y, &pane.heading, None);
    let (area, prompt) = text_area(pane);
    let style = if pane.focused { painter.theme.title() } else { plain() };
    painter.name(area.x, area.y, area.width, &pane.prompt, style);
    for (line, y) in pane.lines.iter().zip(area.y..area.y.saturating_add(area.height)) {
        painter.line(area.x.saturating_add(prompt), y, area.width.saturating_sub(prompt), line, None);
    }
    let note = width(&pane.note).min(area.width);
    painter.text(area.x + area.width - note, area.y, note, &pane.note, painter.theme.scope(Scope::Dim));
}

/// The position of the composer's cursor.
#[must_use]
pub(super) fn composer_cursor(pane: &InputPane) -> Option<Cursor> {
    let (column, row) = pane.cursor.filter(|_| pane.focused && !pane.area.is_empty())?;
    let (area, prompt) = text_area(pane);
    let column = prompt.saturating_add(column).min(area.width.saturating_sub(1));
    let row = row.min(area.height.saturating_sub(1));
    Some(Cursor { x: area.x.saturating_add(column), y: area.y.saturating_add(row), visible: true })
}

/// The position of a list's cursor; hidden, but followed by screen readers.
#[must_use]
pub(super) fn list_cursor(pane: &ListPane) -> Option<Cursor> {
    let index = pane.cursor.filter(|_| pane.focused && !pane.area.is_empty())?;
    let row = u16::try_from(index).unwrap_or(u16::MAX).saturating_add(pane.title_rows());
    let row = row.min(pane.area.height.saturating_sub(1));
    Some(Cursor { x: pane.area.x, y: pane.area.y.saturating_add(row), visible: false })
}

/// The position of the picked message; hidden, but followed by screen readers.
#[must_use]
pub(super) fn picked_cursor(pane: &MessagePane) -> Option<Cursor> {
    let line = pane.lines.iter().position(|line| line.mark == LineMark::Picked)?;
    let rows = u16::try_from(pane.lines.len()).unwrap_or(u16::MAX);
    let top = pane.area.y.saturating_add(pane.area.height.saturating_sub(rows));
    let y = top.saturating_add(u16::try_from(line).unwrap_or(u16::MAX));
    Some(Cursor { x: pane.area.x, y, visible: false })
}

/// Draws the status bar: its left part whole, and as many hints of its right part as fit.
pub(super) fn status(painter: &Painter<'_, '_, '_>, bar: &StatusBar) {
    let Rect { x, y, width: room, .. } = bar.area;
    if bar.area.is_empty() {
        return;
    }
    let start = pad(room, width_of(&bar.left));
    let used = start + painter.states(x + start, y, room - start, &bar.left);
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
