//! The borders of panes. Neighbours share a border; lines that meet are joined.
//!
//! Must not know: what the panes show.

use std::collections::BTreeMap;

use super::paint::Painter;
use crate::client::view::Rect;

/// The directions in which lines leave the middle of a cell.
const UP: u8 = 1;
const DOWN: u8 = 2;
const LEFT: u8 = 4;
const RIGHT: u8 = 8;

/// The cells of the borders: by row and column, the directions of the lines and whether the focused pane has a part in
/// it.
#[derive(Debug, Default)]
pub(super) struct Borders(BTreeMap<(u16, u16), (u8, bool)>);

impl Borders {
    /// Adds the border along the inner edge of an area; an area too small for a border gets none.
    pub(super) fn add(&mut self, area: Rect, focused: bool) {
        if area.width < 2 || area.height < 2 {
            return;
        }
        let (left, top) = (area.x, area.y);
        let (right, bottom) = (left.saturating_add(area.width - 1), top.saturating_add(area.height - 1));
        for x in left + 1..right {
            self.join(x, top, LEFT | RIGHT, focused);
            self.join(x, bottom, LEFT | RIGHT, focused);
        }
        for y in top + 1..bottom {
            self.join(left, y, UP | DOWN, focused);
            self.join(right, y, UP | DOWN, focused);
        }
        self.join(left, top, DOWN | RIGHT, focused);
        self.join(right, top, DOWN | LEFT, focused);
        self.join(left, bottom, UP | RIGHT, focused);
        self.join(right, bottom, UP | LEFT, focused);
    }

    fn join(&mut self, x: u16, y: u16, lines: u8, focused: bool) {
        let cell = self.0.entry((y, x)).or_default();
        cell.0 |= lines;
        cell.1 |= focused;
    }

    /// Draws the borders.
    pub(super) fn draw(&self, painter: &Painter<'_, '_, '_>) {
        for (&(y, x), &(lines, focused)) in &self.0 {
            painter.text(x, y, 1, sign(painter, lines), painter.theme.border(focused));
        }
    }
}

fn sign(painter: &Painter<'_, '_, '_>, lines: u8) -> &'static str {
    const ACROSS: u8 = LEFT | RIGHT;
    const ALONG: u8 = UP | DOWN;
    let drawn = match (lines & ALONG, lines & ACROSS) {
        (0, _) => "─",
        (_, 0) => "│",
        (DOWN, RIGHT) => "┌",
        (DOWN, LEFT) => "┐",
        (UP, RIGHT) => "└",
        (UP, LEFT) => "┘",
        (ALONG, RIGHT) => "├",
        (ALONG, LEFT) => "┤",
        (DOWN, _) => "┬",
        (UP, _) => "┴",
        _ => "┼",
    };
    match drawn {
        "─" => painter.sign(drawn, "-"),
        "│" => painter.sign(drawn, "|"),
        _ => painter.sign(drawn, "+"),
    }
}
