//! The scrollback: which rows of a conversation are visible, whatever its length.
//!
//! Only what is visible is wrapped: drawing costs the same for a hundred messages as for a hundred thousand.
//!
//! Must not know: the session, or where on the screen the rows go.

mod linked;
mod rows;

use crate::client::chat::conversation::{Anchor, Conversation};
use crate::client::settings::Times;
use crate::client::view::{MessageLine, MessageRef, NAME_HUES};
use crate::model::Zone;

/// Lays out one conversation at one size.
#[derive(Clone, Copy, Debug)]
pub struct Scrollback<'a> {
    /// The conversation.
    pub conversation: &'a Conversation,
    /// Columns, without the gutter.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// The reader's time zone.
    pub zone: &'a Zone,
    /// Whether the reader is online: only then are messages being sent; offline, they are queued.
    pub online: bool,
    /// The words that call the reader: their name, and words of their own.
    pub called: &'a [String],
    /// Whether users who are not verified are marked; not on a server that verifies nobody.
    pub marks_unverified: bool,
    /// The message that the reader has picked.
    pub picked: Option<&'a MessageRef>,
    /// Whether only messages are shown, for copying.
    pub bare: bool,
    /// How times are written.
    pub times: Times,
    /// Whether it is shown who joined and left.
    pub join_notices: bool,
}

/// The visible rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Window {
    /// The rows, from the top.
    pub lines: Vec<MessageLine>,
    /// The first visible row: the index of its entry, and its row in the entry.
    pub top: (usize, usize),
    /// The number of entries below.
    pub below: usize,
    /// The number of entries that were wrapped to find this out.
    pub wrapped: usize,
}

impl Scrollback<'_> {
    /// What is visible from the reader's position.
    #[must_use]
    pub fn window(&self) -> Window {
        match self.conversation.anchor {
            Anchor::Bottom => self.bottom(),
            Anchor::At(entry, row) => self.from(entry, row).unwrap_or_else(|| self.bottom()),
        }
    }

    /// Whether the last row is in view.
    #[must_use]
    pub fn is_at_end(&self) -> bool {
        match self.conversation.anchor {
            Anchor::Bottom => true,
            Anchor::At(entry, row) => self.from(entry, row).is_none(),
        }
    }

    /// The reader's position after scrolling `rows` up (negative) or down.
    #[must_use]
    pub fn scrolled(&self, rows: isize) -> Anchor {
        let window = self.window();
        let (entry, row) = window.top;
        if rows < 0 {
            let (entry, row) = self.back(entry, row, rows.unsigned_abs());
            let unchanged = (entry, row) == window.top;
            return if unchanged { self.conversation.anchor } else { Anchor::At(entry, row) };
        }
        if self.conversation.anchor == Anchor::Bottom {
            return Anchor::Bottom;
        }
        let (mut entry, mut row) = (entry, row + rows.unsigned_abs());
        while entry < self.len() {
            let rows = self.rows(entry).len();
            if row < rows {
                break;
            }
            row -= rows;
            entry += 1;
        }
        match self.from(entry, row) {
            Some(_) => Anchor::At(entry, row),
            None => Anchor::Bottom,
        }
    }

    fn len(&self) -> usize {
        self.conversation.entries().len()
    }

    /// The newest rows that fit.
    fn bottom(&self) -> Window {
        let mut window = Window { top: (self.len(), 0), ..Window::default() };
        let mut parts = Vec::new();
        let mut filled = 0;
        for entry in (0..self.len()).rev() {
            if filled >= self.height {
                break;
            }
            let rows = self.rows(entry);
            window.wrapped += 1;
            filled += rows.len();
            window.top = (entry, 0);
            parts.push(rows);
        }
        let surplus = filled.saturating_sub(self.height);
        window.top.1 = surplus;
        window.lines = parts.into_iter().rev().flatten().skip(surplus).collect();
        if let (Some(sender), Some(first)) = (self.cut_sender(window.top), window.lines.first_mut()) {
            *first = sender;
        }
        window
    }

    /// The rows from `row` of `entry` on; `None` if they do not fill the height, so that the bottom is in view.
    fn from(&self, entry: usize, row: usize) -> Option<Window> {
        let mut window = Window { top: (entry, row), ..Window::default() };
        let mut skip = row;
        let mut next = entry;
        while window.lines.len() < self.height && next < self.len() {
            let rows = self.rows(next);
            window.wrapped += 1;
            if next == entry {
                skip = skip.min(rows.len().saturating_sub(1));
                window.top.1 = skip;
            }
            window.lines.extend(rows.into_iter().skip(if next == entry { skip } else { 0 }));
            next += 1;
        }
        let more = next < self.len() || window.lines.len() > self.height;
        window.lines.truncate(self.height);
        window.below = self.len() - next;
        more.then_some(window)
    }

    /// The position `rows` above a row.
    fn back(&self, mut entry: usize, mut row: usize, mut rows: usize) -> (usize, usize) {
        while rows > row {
            rows -= row;
            row = 0;
            let Some(before) = entry.checked_sub(1) else { return (0, 0) };
            entry = before;
            row += self.rows(entry).len();
        }
        (entry, row - rows)
    }
}

/// The colour of a name: the same everywhere and always (FNV-1a).
#[must_use]
pub fn hue(name: &str) -> u8 {
    let hash = name
        .to_lowercase()
        .bytes()
        .fold(0x811C_9DC5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    u8::try_from(hash % u32::from(NAME_HUES)).unwrap_or(0)
}
