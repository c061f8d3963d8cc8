//! The sheet: text without a frame over the whole screen, and a QR code.
//!
//! Must not know: what the text is for.

use super::paint::Painter;
use super::theme::QrInk;
use crate::client::view::{Rect, SheetView};

/// Draws a sheet on a screen of this size.
pub(super) fn draw(painter: &Painter<'_, '_, '_>, sheet: &SheetView, (cols, rows): (u16, u16)) {
    painter.clear(Rect { x: 0, y: 0, width: cols, height: rows });
    for (row, y) in sheet.rows.iter().zip(0..rows) {
        painter.line(0, y, cols, &row.line, None);
    }
    painter.line(0, rows.saturating_sub(1), cols, &sheet.hint, None);
    let (Some((area, modules)), Some(ink)) = (&sheet.qr, painter.qr_ink()) else { return };
    let QrInk { style, inverted } = ink;
    for row in 0..area.height {
        let cells = (0..area.width).map(|col| {
            let (upper, lower) = modules.cell(col, row);
            match (upper != inverted, lower != inverted) {
                (true, true) => '█',
                (true, false) => '▀',
                (false, true) => '▄',
                (false, false) => ' ',
            }
        });
        let text: String = cells.collect();
        painter.text(area.x, area.y.saturating_add(row), area.width, &text, style);
    }
}

/// The rows of the screen whose text goes on in the next one.
pub(super) fn joined_rows(sheet: Option<&SheetView>) -> Vec<usize> {
    let rows = sheet.into_iter().flat_map(|sheet| sheet.rows.iter().enumerate());
    rows.filter(|(_, row)| row.goes_on).map(|(y, _)| y).collect()
}
