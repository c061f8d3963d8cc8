//! The scrollback: which rows of a conversation are visible, whatever its length.
//!
//! Only what is visible is wrapped: drawing costs the same for a hundred messages as for a hundred thousand.
//!
//! Must not know: the session, or where on the screen the rows go.

use chrono::FixedOffset;

use crate::client::chat::conversation::{Anchor, Conversation};
use crate::client::chat::entry::{ChatEntry, EntryKind, Mark};
use crate::client::chat::reach::Older;
use crate::client::text::wrap::{cells, fit, fit_line, line_cells, pad, wrap_after};
use crate::client::view::{NAME_HUES, Scope, StyledLine, VERIFIED};
use crate::model::Name;
use crate::model::time::day_title;

/// The widest column of names, in cells.
const NAME_COLUMN: usize = 12;
/// The narrowest column of names, so that it does not change its width all the time.
const LEAST_NAME_COLUMN: usize = 7;
/// From this width on, times are shown.
const WITH_TIME: usize = 26;
/// From this width on, names have a column.
const WITH_NAMES: usize = 14;
/// The indentation of a message's rows where room is short, in cells.
const NARROW_INDENT: usize = 2;

/// Lays out one conversation at one size.
#[derive(Clone, Copy, Debug)]
pub struct Scrollback<'a> {
    /// The conversation.
    pub conversation: &'a Conversation,
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// Whether room is short: then a message continues below its sender's name instead of beside the text above.
    pub narrow: bool,
    /// The reader's time zone.
    pub zone: FixedOffset,
    /// Whether the reader is online: only then are messages being sent; offline, they are queued.
    pub online: bool,
}

/// The visible rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Window {
    /// The rows, from the top.
    pub lines: Vec<StyledLine>,
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

    /// The sender of the newest message, if the message is so tall that its first row is out of view.
    fn cut_sender(&self, (entry, row): (usize, usize)) -> Option<StyledLine> {
        let newest = self.conversation.entries().get(entry).filter(|_| entry + 1 == self.len() && self.height > 1)?;
        let EntryKind::Message { from, own, verified, .. } = &newest.kind else { return None };
        let mut rows = Vec::new();
        self.entry(newest, &mut rows);
        let above = self.rows(entry).len() - rows.len();
        let scope = if *own { Scope::Own } else { Scope::Name(hue(from.as_str())) };
        let name = StyledLine::of(Scope::Dim, self.time(newest)).and(scope, signed(from, *verified));
        (row > above).then(|| fit_line(name.and(Scope::Dim, " …"), self.width))
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

    /// The rows of one entry, with the lines above it (date, "new", "found").
    fn rows(&self, at: usize) -> Vec<StyledLine> {
        let entries = self.conversation.entries();
        let Some(entry) = entries.get(at) else { return Vec::new() };
        let day = entry.time.day(self.zone);
        let before = at.checked_sub(1).and_then(|before| entries.get(before)).map(|before| before.time.day(self.zone));
        let mut rows = Vec::new();
        match self.conversation.reach.older {
            Older::Loading if at == 0 => rows.push(self.rule(Scope::Dim, "loading older messages…")),
            Older::Beginning if at == 0 => rows.push(self.rule(Scope::Dim, "the beginning of this conversation")),
            _ => {}
        }
        if before != Some(day) {
            let title = day_title(day);
            let short = cells(&title) + 2 > self.width;
            let title = if short { day.format("%-d %b %Y").to_string() } else { title };
            rows.push(self.rule(Scope::Dim, &title));
        }
        if self.conversation.first_unread() == Some(at) {
            rows.push(self.rule(Scope::Unread, "new"));
        }
        if entry.id.is_some() && entry.id == self.conversation.reach.found {
            rows.push(self.rule(Scope::Unread, "found"));
        }
        self.entry(entry, &mut rows);
        rows
    }

    /// A horizontal line with words in its middle.
    fn rule(&self, scope: Scope, words: &str) -> StyledLine {
        let words = if cells(words) + 2 > self.width { fit(words, self.width) } else { format!(" {words} ") };
        let rest = self.width.saturating_sub(cells(&words));
        let dashes = |count| "─".repeat(count);
        StyledLine::of(scope, [dashes(rest / 2), words, dashes(rest - rest / 2)].concat())
    }

    fn time(&self, entry: &ChatEntry) -> String {
        if self.width >= WITH_TIME { entry.time.clock(self.zone) + " " } else { String::new() }
    }

    fn entry(&self, entry: &ChatEntry, rows: &mut Vec<StyledLine>) {
        let time = self.time(entry);
        match &entry.kind {
            EntryKind::Message { from, own, verified, text, mark } => {
                let scope = if *own { Scope::Own } else { Scope::Name(hue(from.as_str())) };
                let (scope_of_mark, words) = match mark {
                    Mark::Accepted if entry.is_edit_pending() => (Scope::Pending, "[sending]"),
                    Mark::Accepted if entry.edited().is_some() => (Scope::Dim, "(edited)"),
                    Mark::Accepted => (Scope::Dim, ""),
                    Mark::Sending(_) if self.online => (Scope::Pending, "[sending]"),
                    Mark::Sending(_) => (Scope::Pending, "[queued]"),
                    Mark::NotSent { unsure: true, .. } => (Scope::Error, "[not confirmed]"),
                    Mark::NotSent { .. } => (Scope::Error, "[not sent]"),
                };
                if self.width < WITH_NAMES {
                    let head = StyledLine::of(scope, fit(&format!("{}:", signed(from, *verified)), self.width));
                    rows.push(head);
                    self.hang(StyledLine::default(), text.as_str(), (scope_of_mark, words), Scope::Text, rows);
                } else {
                    let name = signature(from, *verified, self.name_column());
                    let mut head = StyledLine::default();
                    if !time.is_empty() {
                        head = head.and(Scope::Dim, time);
                    }
                    let head = head.and(scope, name);
                    self.hang(head, text.as_str(), (scope_of_mark, words), Scope::Text, rows);
                }
            }
            EntryKind::Notice(text) => self.told(time, text.as_str(), Scope::Dim, rows),
            EntryKind::Loud(text) => self.told(time, text.as_str(), Scope::Heading, rows),
            EntryKind::Deleted { from, by } => {
                let name = if self.width < WITH_NAMES {
                    format!("{from} ")
                } else {
                    signature(from, false, self.name_column())
                };
                let head = StyledLine::of(Scope::Dim, time + &name);
                self.hang(head, &format!("[deleted by {by}]"), (Scope::Dim, ""), Scope::Dim, rows);
            }
            EntryKind::Hidden(_) => {}
            EntryKind::Presence { joined, left } => {
                let sentences: Vec<String> =
                    joined.sentence("joined").into_iter().chain(left.sentence("left")).collect();
                self.told(time, &sentences.join("; "), Scope::Dim, rows);
            }
        }
    }

    /// A notice, behind a star.
    fn told(&self, time: String, text: &str, scope: Scope, rows: &mut Vec<StyledLine>) {
        self.hang(StyledLine::of(Scope::Dim, time + "* "), text, (Scope::Dim, ""), scope, rows);
    }

    /// The head and the text beside it; the text's rows begin at the same column where there is room, and end with the
    /// mark.
    fn hang(&self, head: StyledLine, text: &str, mark: (Scope, &str), scope: Scope, rows: &mut Vec<StyledLine>) {
        let head_cells = line_cells(&head).min(self.width.saturating_sub(1));
        let below = if self.narrow { head_cells.min(NARROW_INDENT) } else { head_cells };
        let room = (self.width - below.min(self.width)).max(1);
        let taken = head_cells - below;
        let mut head = Some(fit_line(head, head_cells));
        let indent = " ".repeat(below);
        let mut start = || {
            head.take().unwrap_or_else(|| {
                if below > 0 { StyledLine::of(Scope::Text, &*indent) } else { StyledLine::default() }
            })
        };
        let mut texts = wrap_after(taken, text, room);
        let (mark_scope, words) = mark;
        let words = fit(words, room);
        let last = texts.pop().unwrap_or_default();
        let taken = if texts.is_empty() { taken } else { 0 };
        rows.extend(texts.into_iter().map(|text| start().and(scope, text)));
        let beside = taken + cells(&last) + cells(&words) < room;
        let line = start().and(scope, last);
        match (words.is_empty(), beside) {
            (true, _) => rows.push(line),
            (false, true) => rows.push(line.and(mark_scope, format!(" {words}"))),
            (false, false) => rows.extend([line, start().and(mark_scope, words)]),
        }
    }

    fn name_column(&self) -> usize {
        let most = NAME_COLUMN.min(self.width / 4).max(4);
        self.conversation.longest_name().clamp(LEAST_NAME_COLUMN.min(most), most)
    }
}

/// A name with the mark of a verified user.
fn signed(name: &Name, verified: bool) -> String {
    format!("{name}{}", if verified { VERIFIED } else { "" })
}

/// The same in a column, with the space before the text. A name that must be cut keeps its mark.
fn signature(name: &Name, verified: bool, column: usize) -> String {
    if !verified {
        return pad(name.as_str(), column) + " ";
    }
    let fitted = fit(name.as_str(), column.saturating_sub(cells(VERIFIED)));
    pad(&(fitted + VERIFIED), column) + " "
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
