//! Dialogs: they cover the panes and take the keys.
//!
//! Must not know: what a dialog is about.

use super::output::Cursor;
use super::paint::{Painter, inner, width};
use super::panes::list_row;
use super::theme::plain;
use crate::client::text::layout::button_spans;
use crate::client::view::{DialogRow, DialogView, ListRow, Rect, StyledLine};

/// What a dialog covers: its area, with a blank column on either side, which keeps what is cut off from running into the
/// border.
#[must_use]
pub(super) fn covered(area: Rect) -> Rect {
    let x = area.x.saturating_sub(1);
    Rect { x, width: area.width.saturating_add(area.x - x + 1), ..area }
}

/// Draws a dialog.
pub(super) fn draw(painter: &Painter<'_, '_, '_>, dialog: &DialogView) {
    painter.clear(covered(dialog.area));
    let labels = label_width(dialog);
    let area = painter.frame(dialog.area, &dialog.title);
    for (row, y) in rows_that_fit(dialog, area.height).into_iter().zip(area.y..area.y.saturating_add(area.height)) {
        let area = Rect { y, height: 1, ..area };
        match row {
            DialogRow::Text(line) => painter.padded(area, y, line, None),
            DialogRow::Field { label, text, cursor } => field(painter, area, labels, label, text, *cursor),
            DialogRow::Choice { row, selected, focused, on } => {
                choice(painter, area, row, *selected, *selected && *focused, *on);
            }
            DialogRow::Buttons(labels, chosen) => buttons(painter, area, labels, *chosen),
        }
    }
}

/// The rows that fit. Where room is short, blank lines go first, and then text: what can be used comes first.
fn rows_that_fit(dialog: &DialogView, height: u16) -> Vec<&DialogRow> {
    let mut excess = dialog.rows.len().saturating_sub(height.into());
    let mut rows: Vec<&DialogRow> = dialog.rows.iter().collect();
    for blank_only in [true, false] {
        rows.retain(|row| {
            let spare = matches!(row, DialogRow::Text(line) if !blank_only || line.text().trim().is_empty());
            let drop = spare && excess > 0;
            excess -= usize::from(drop);
            !drop
        });
    }
    rows
}

/// The width of the widest label: all fields begin in the same column.
fn label_width(dialog: &DialogView) -> u16 {
    let labels = dialog.rows.iter().filter_map(|row| match row {
        DialogRow::Field { label, .. } => Some(width(label.trim_end())),
        _ => None,
    });
    labels.max().unwrap_or(0)
}

/// Draws a field: the label, then the underlined text.
fn field(painter: &Painter<'_, '_, '_>, area: Rect, labels: u16, label: &str, text: &str, cursor: Option<u16>) {
    let start = field_start(area, labels, label, text, cursor);
    let label_x = area.x.saturating_add(u16::from(start > area.x.saturating_add(width(label))));
    let style = if cursor.is_some() { painter.theme.title() } else { plain() };
    painter.text(label_x, area.y, start.saturating_sub(label_x), label, style);
    let end = area.x.saturating_add(area.width);
    let used = painter.text(start, area.y, end.saturating_sub(start), text, painter.theme.field());
    let rest = start.saturating_add(used);
    // The last column belongs to the edge, unless the text needs it.
    painter.fill(rest, area.y, end.saturating_sub(rest.saturating_add(1)), " ", painter.theme.field());
}

/// The column where a field's text begins: after the labels with a blank on either side, or further left if the text
/// needs the room.
fn field_start(area: Rect, labels: u16, label: &str, text: &str, cursor: Option<u16>) -> u16 {
    let wanted = width(text).max(cursor.map_or(0, |column| column.saturating_add(1)));
    let room = area.width.saturating_sub(wanted);
    let blanks = if labels == 0 { 1 } else { 2 };
    area.x.saturating_add(labels.saturating_add(blanks).min(room.max(width(label))).min(area.width))
}

/// Draws a row of a list, or an option with its mark.
fn choice(painter: &Painter<'_, '_, '_>, area: Rect, row: &ListRow, selected: bool, chosen: bool, on: Option<bool>) {
    let mark = match on {
        None => "",
        Some(true) => painter.sign("(•) ", "(*) "),
        Some(false) => "( ) ",
    };
    // The selected row stays visible while keys go elsewhere; the rows are aligned.
    let mark = match (on, selected && !chosen) {
        (None, true) => painter.sign("› ", "> "),
        (None, false) => "  ",
        (Some(_), _) => mark,
    };
    let mut spans = StyledLine::of(crate::client::view::Scope::Text, mark);
    spans.0.extend(row.left.0.iter().cloned());
    list_row(painter, area, &ListRow { left: spans, ..row.clone() }, chosen);
}

/// Draws buttons next to each other, centred.
fn buttons(painter: &Painter<'_, '_, '_>, area: Rect, labels: &[String], chosen: Option<usize>) {
    for ((index, label), span) in labels.iter().enumerate().zip(button_spans(labels, area.width)) {
        let style = if chosen == Some(index) { painter.theme.chosen() } else { plain() };
        painter.text(area.x.saturating_add(span.start), area.y, span.end - span.start, &format!("[ {label} ]"), style);
    }
}

/// The cursor's position: in the field that is being written, or hidden at the selected row or button.
#[must_use]
pub(super) fn cursor(dialog: &DialogView) -> Option<Cursor> {
    let area = inner(dialog.area);
    let labels = label_width(dialog);
    let rows = rows_that_fit(dialog, area.height).into_iter().zip(area.y..area.y.saturating_add(area.height));
    rows.filter_map(|(row, y)| match row {
        DialogRow::Field { label, text, cursor: Some(column) } => {
            let x = field_start(area, labels, label, text, Some(*column)).saturating_add(*column);
            Some(Cursor { x: x.min(area.x.saturating_add(area.width.saturating_sub(1))), y, visible: true })
        }
        DialogRow::Choice { selected: true, focused: true, .. } => Some(Cursor { x: area.x, y, visible: false }),
        DialogRow::Buttons(labels, Some(chosen)) => {
            let start = button_spans(labels, area.width).get(*chosen).map_or(0, |span| span.start);
            let x = area.x.saturating_add(start);
            Some(Cursor { x, y, visible: false })
        }
        _ => None,
    })
    .next()
}
