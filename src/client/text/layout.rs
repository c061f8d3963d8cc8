//! The layout: where each pane goes on a screen of a given size.
//!
//! Must not know: what the panes show.

use super::draft_rows::MAX_ROWS;
use crate::client::view::Rect;

/// Below this many columns, there are no side panes.
pub(crate) const NARROW: u16 = 60;
/// From this many columns on, there is an online pane.
pub(crate) const WIDE: u16 = 76;
/// Below this many rows, messages and composer have no borders.
pub(crate) const LOW: u16 = 12;

/// The width of the menu and the conversations, with borders: the menu's longest entry fits.
const LEFT: u16 = 21;
/// The width of the online pane, with borders.
const RIGHT: u16 = 16;
/// The height of the menu, with borders: the original's six entries, search, rooms and moderation.
const MENU: u16 = 11;

/// The areas of all panes, with borders. A pane that is not shown is empty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// The menu.
    pub menu: Rect,
    /// The conversations.
    pub conversations: Rect,
    /// The messages.
    pub messages: Rect,
    /// The composer.
    pub composer: Rect,
    /// Who is online.
    pub online: Rect,
    /// The status bar.
    pub status: Rect,
    /// Whether messages and composer have borders.
    pub bordered: bool,
}

impl Layout {
    /// The layout of a screen whose draft has `draft_rows` rows.
    #[must_use]
    pub fn of(cols: u16, rows: u16, draft_rows: u16) -> Self {
        let bordered = rows >= LOW && cols >= 20;
        let frame = if bordered { 2 } else { 0 };
        let status = Rect { x: 0, y: rows.saturating_sub(1), width: cols, height: rows.min(1) };
        let body = rows.saturating_sub(1);
        let left = if cols >= NARROW && rows >= MENU + 5 { LEFT } else { 0 };
        let right = if cols >= WIDE && left > 0 { RIGHT } else { 0 };
        // The draft gets at least one row, and at most a third of the middle, and no more than eight rows.
        let draft = draft_rows.clamp(1, (body / 3).clamp(1, MAX_ROWS)) + frame;
        let composer_height = draft.min(body);
        let composer_y = body - composer_height;
        // Neighbours share the border between them.
        let shared = frame / 2;
        let middle_x = left.saturating_sub(shared);
        let online_x = cols.saturating_sub(right);
        let middle = (online_x + if right > 0 { shared } else { 0 }).saturating_sub(middle_x);
        let conversations_y = MENU - 1;
        let at = |x, y, width, height| Rect { x, y, width, height };
        Self {
            menu: if left > 0 { at(0, 0, left, MENU) } else { Rect::default() },
            conversations: if left > 0 {
                at(0, conversations_y, left, body.saturating_sub(conversations_y))
            } else {
                Rect::default()
            },
            messages: at(middle_x, 0, middle, (composer_y + shared).min(body)),
            composer: at(middle_x, composer_y, middle, composer_height),
            online: if right > 0 { at(online_x, 0, right, body) } else { Rect::default() },
            status,
            bordered,
        }
    }
}
