//! The rows of one entry: time, name and text in columns, with the lines above it.
//!
//! A speaker is named once for a run of messages, and a time is shown when its minute is new.
//!
//! Must not know: which entries are visible.

use std::ops::Range;
use std::time::Duration;

use chrono::Datelike as _;

use super::linked::row_links;
use super::{Scrollback, hue};
use crate::client::chat::entry::{ChatEntry, EntryKind, Mark};
use crate::client::chat::notify;
use crate::client::chat::reach::Older;
use crate::client::text::action_text::{SIGN, with_sender};
use crate::client::text::links;
use crate::client::text::names::cut_middle;
use crate::client::text::wrap::{cells, fit, fit_line, line_cells, wrap_placed};
use crate::client::view::{LineMark, MessageLine, Scope, StyledLine, UNVERIFIED};
use crate::language::chat as say;
use crate::language::times;
use crate::model::{Name, Text};
use crate::protocol::Tally;

/// The columns of names, right-aligned: in a pane of at least [`ROOMY`] columns, and below. A longer name takes room from
/// its text, so that no two names look the same.
const NAME_COLUMN: (usize, usize) = (9, 7);
/// From this width on, there is room for the wide column of names.
const ROOMY: usize = 58;
/// Below this width, names have no column, and a message continues below its sender's name.
const NARROW: usize = 44;
/// From this width on, times are shown.
const WITH_TIME: usize = 26;
/// From this width on, text begins beside the name.
const WITH_NAMES: usize = 14;
/// The blanks between name and text.
const GAP: usize = 2;
/// The indentation of a message's further rows where room is short, in cells.
const NARROW_INDENT: usize = 2;
/// The fewest columns of text beside a name.
const LEAST_TEXT: usize = 6;
/// How many entries are looked at for the last time that was shown.
const LOOK_BACK: usize = 100;
/// A speaker is named again after this long.
const RUN: Duration = Duration::from_secs(5 * 60);
/// The sign in the column of names before a notice.
const NOTICE: &str = "*";
/// A text beside its head.
#[derive(Clone, Copy)]
struct HungText<'a> {
    text: &'a str,
    scope: Scope,
    /// What is said of the delivery, after the text.
    delivery: Option<(Scope, &'static str)>,
    /// Whether links in it are links.
    linked: bool,
}

impl<'a> HungText<'a> {
    /// A text without anything else.
    fn plain(text: &'a str, scope: Scope) -> Self {
        Self { text, scope, delivery: None, linked: false }
    }
}

/// The sender of a message, as it is shown.
#[derive(Clone, Copy)]
struct Sender<'a> {
    name: &'a Name,
    own: bool,
    verified: bool,
}

impl Scrollback<'_> {
    /// The rows of one entry, with the lines above it (date, "new", "found").
    pub(super) fn rows(&self, at: usize) -> Vec<MessageLine> {
        let entries = self.conversation.entries();
        let Some(entry) = entries.get(at) else { return Vec::new() };
        if self.is_left_out(entry) {
            return Vec::new();
        }
        let before = entries.range(..at).rev().find(|before| !self.is_left_out(before));
        let mut rows = Vec::new();
        match self.conversation.reach.older {
            Older::Loading if at == 0 => rows.push(self.rule(Scope::Dim, say::loading_older(), false)),
            Older::Beginning if at == 0 => rows.push(self.rule(Scope::Dim, say::beginning(), false)),
            _ => {}
        }
        let day = entry.time.day(self.zone);
        if before.map(|before| before.time.day(self.zone)) != Some(day) {
            rows.push(self.rule(Scope::Dim, &self.day(day), false));
        }
        if self.conversation.first_unread() == Some(at) {
            let count = entries.iter().skip(at).filter(|entry| entry.is_by_another()).count();
            rows.push(self.rule(
                Scope::Unread,
                &if count > 0 { say::count_new(count) } else { say::new().to_owned() },
                true,
            ));
        }
        if entry.id.is_some() && entry.id == self.conversation.reach.found {
            rows.push(self.rule(Scope::Unread, say::found_here(), true));
        }
        let timed = entries.range(..at).rev().take(LOOK_BACK).find(|before| shows_time(before));
        let timed = timed.filter(|_| rows.is_empty());
        let before = before.filter(|_| rows.is_empty());
        self.entry(entry, (before, timed), &mut rows);
        rows
    }

    /// Whether an entry is not shown because the reader does not want to see who joins and leaves.
    fn is_left_out(&self, entry: &ChatEntry) -> bool {
        !self.join_notices && matches!(entry.kind, EntryKind::Presence { .. })
    }

    /// The columns of a time with the blank behind it, where times are shown.
    fn time_column(&self) -> usize {
        match self.times.width() {
            0 => 0,
            _ if self.width < WITH_TIME => 0,
            width => width + 1,
        }
    }

    /// If the newest message is so tall that its first row is out of view: its first row, cut.
    pub(super) fn cut_sender(&self, (at, row): (usize, usize)) -> Option<MessageLine> {
        let newest = self.conversation.entries().get(at).filter(|_| at + 1 == self.len() && self.height > 1)?;
        let EntryKind::Message { from, own, verified, .. } = &newest.kind else { return None };
        let sender = Sender { name: from, own: *own, verified: *verified };
        let mut rows = Vec::new();
        self.entry(newest, (None, None), &mut rows);
        let above = self.rows(at).len().saturating_sub(rows.len());
        let time = Some(newest.time.clock(self.zone));
        let head = match newest.action() {
            Some(_) => self.action_head(time, sender, false),
            None => self.head(time, Some(sender), false),
        };
        let head = head.and(Scope::Dim, "…");
        (row > above).then(|| fit_line(head, self.width).into())
    }

    /// The title of a day; the year is left out in the year of the newest entry.
    fn day(&self, day: chrono::NaiveDate) -> String {
        let newest = self.conversation.entries().back().map(|newest| newest.time.day(self.zone).year());
        let title = if newest == Some(day.year()) { times::day_and_month(day) } else { times::day_title(day) };
        if cells(&title) + 4 <= self.width { title } else { times::short_day_and_year(day) }
    }

    /// A horizontal line with words near its beginning, or near its end.
    fn rule(&self, scope: Scope, words: &str, first: bool) -> MessageLine {
        if cells(words) + 4 > self.width {
            return StyledLine::of(scope, fit(words, self.width)).into();
        }
        let rest = "─".repeat(self.width - cells(words) - 4);
        let line = if first { format!("── {words} {rest}") } else { format!("{rest} {words} ──") };
        StyledLine::of(scope, line).into()
    }

    /// `before` is the entry in the row above, `timed` the last one before that shows a time.
    fn entry(
        &self,
        entry: &ChatEntry,
        (before, timed): (Option<&ChatEntry>, Option<&ChatEntry>),
        rows: &mut Vec<MessageLine>,
    ) {
        let minute = |entry: &ChatEntry| (entry.time.day(self.zone), entry.time.clock(self.zone));
        let same_minute = timed.is_some_and(|timed| minute(timed) == minute(entry));
        let time = (!same_minute).then(|| entry.time.clock(self.zone));
        match &entry.kind {
            EntryKind::Message { from, own, verified, text, mark } => {
                let sender = Sender { name: from, own: *own, verified: *verified };
                let called = !own && self.called.iter().any(|word| notify::mentions(text.as_str(), word));
                // A quote without a name above it would read as what the one quoted says.
                let quotes = entry.reply_to().is_some();
                let goes_on = before.is_some_and(|before| goes_on(entry, before)) && !quotes;
                let named = !goes_on || self.width < WITH_TIME;
                let head = match entry.action() {
                    Some(_) => self.action_head(time, sender, called),
                    None => self.head(time, named.then_some(sender), called),
                };
                let picked = self.picked.is_some_and(|picked| entry.is(picked));
                let shown = match (picked, called) {
                    (true, _) => LineMark::Picked,
                    (false, true) => LineMark::Mention,
                    (false, false) => LineMark::None,
                };
                let mut head = Some(head);
                let start = rows.len();
                if let Some(quote) = self.quote(entry) {
                    let head = head.take().unwrap_or_default();
                    let room = self.width.saturating_sub(line_cells(&head).min(self.width));
                    let quote = fit(&quote, room.max(LEAST_TEXT));
                    self.hang(head, HungText::plain(&quote, Scope::Dim), shown, rows);
                }
                let head = head.unwrap_or_else(|| self.column(None, StyledLine::default(), 0));
                let words = entry.action().unwrap_or(text.as_str());
                let delivery = self.delivery(entry, mark);
                self.hang(head, HungText { text: words, scope: Scope::Text, delivery, linked: true }, shown, rows);
                if let Some(reactions) = reactions(entry) {
                    let head = self.column(None, StyledLine::default(), 0);
                    let reactions = fit(&reactions, self.below_room());
                    self.hang(head, HungText::plain(&reactions, Scope::Dim), shown, rows);
                }
                rows.iter_mut().skip(start).for_each(|row| row.message = entry.reference());
            }
            EntryKind::Notice(text) | EntryKind::File { text, .. } => self.notice(time, text, Scope::Dim, rows),
            EntryKind::Loud(text) => self.notice(time, text, Scope::Heading, rows),
            EntryKind::Deleted { from, verified, own, by, by_own } => {
                let sender = Sender { name: from, own: *own, verified: *verified };
                let mut head = self.head(time, Some(sender), false);
                head.0.iter_mut().for_each(|span| span.scope = Scope::Dim);
                let words = if *by_own { say::deleted_by_you().to_owned() } else { say::deleted_by(by) };
                self.hang(head, HungText::plain(&words, Scope::Dim), LineMark::None, rows);
            }
            EntryKind::Hidden(_) => {}
            EntryKind::Presence { joined, left } => {
                let sentences: Vec<String> = joined.joined().into_iter().chain(left.left()).collect();
                let head = self.column(None, StyledLine::default(), 0);
                self.hang(head, HungText::plain(&sentences.join(" · "), Scope::Dim), LineMark::None, rows);
            }
        }
    }

    /// What a message answers, on one row above it.
    fn quote(&self, entry: &ChatEntry) -> Option<String> {
        let reply = entry.reply_to()?;
        Some(match &reply.quote {
            Some(quote) => format!("› {}", with_sender(&quote.from, &quote.words.as_str().replace('\n', " "))),
            None => say::quote_is_gone().to_owned(),
        })
    }

    /// The columns of a text below its head.
    fn below_room(&self) -> usize {
        self.width.saturating_sub(self.below()).max(1)
    }

    /// The column in which the further rows of a text begin.
    fn below(&self) -> usize {
        match self.width {
            NARROW.. => self.time_column() + self.name_column() + GAP,
            WITH_NAMES.. => NARROW_INDENT,
            _ => 0,
        }
    }

    /// What is said of the delivery of a message, after its text.
    fn delivery(&self, entry: &ChatEntry, mark: &Mark) -> Option<(Scope, &'static str)> {
        match mark {
            Mark::Accepted if entry.is_edit_pending() => Some((Scope::Pending, "◌")),
            Mark::Accepted if entry.edited().is_some() => Some((Scope::Dim, say::edited())),
            Mark::Accepted => None,
            Mark::Sending(_) if self.online => Some((Scope::Pending, "◌")),
            Mark::Sending(_) => Some((Scope::Pending, say::queued())),
            Mark::NotSent { unsure: true, .. } => Some((Scope::Error, say::not_confirmed())),
            Mark::NotSent { .. } => Some((Scope::Error, say::not_sent())),
        }
    }

    fn notice(&self, time: Option<String>, text: &Text, scope: Scope, rows: &mut Vec<MessageLine>) {
        let head = self.column(time, StyledLine::of(Scope::Dim, NOTICE), 1);
        self.hang(head, HungText::plain(text.as_str(), scope), LineMark::None, rows);
    }

    /// Time and name in front of a text.
    fn head(&self, time: Option<String>, sender: Option<Sender<'_>>, called: bool) -> StyledLine {
        let Some(Sender { name, own, verified }) = sender else {
            return self.column(time, StyledLine::default(), 0);
        };
        let words = if own { say::you().to_owned() } else { self.marked(name, verified) };
        let width = cells(&words);
        self.column(time, StyledLine::of(self.name_scope(Sender { name, own, verified }, called), words), width)
    }

    /// Time, sign and name in front of what somebody does: `* alice`. Always with the name, even of the reader.
    fn action_head(&self, time: Option<String>, sender: Sender<'_>, called: bool) -> StyledLine {
        let scope = self.name_scope(sender, called);
        let head = self.column(time, StyledLine::of(scope, SIGN), cells(SIGN));
        head.and(scope, self.marked(sender.name, sender.verified)).and(Scope::Text, " ")
    }

    /// A name, marked if it is not verified.
    fn marked(&self, name: &Name, verified: bool) -> String {
        let mark = if verified || !self.marks_unverified { "" } else { UNVERIFIED };
        format!("{mark}{name}")
    }

    fn name_scope(&self, Sender { name, own, verified }: Sender<'_>, called: bool) -> Scope {
        match (own, !verified && self.marks_unverified, called) {
            (true, ..) => Scope::Own,
            (false, _, true) => Scope::BoldName(hue(name.as_str())),
            (false, true, false) => Scope::Dim,
            (false, false, false) => Scope::Name(hue(name.as_str())),
        }
    }

    /// The column of times and the column of names.
    fn column(&self, time: Option<String>, name: StyledLine, width: usize) -> StyledLine {
        let mut head = StyledLine::default();
        match (self.time_column(), time) {
            (0, _) => {}
            (_, Some(time)) => head = head.and(Scope::Dim, self.times.shown(&time) + " "),
            (width, None) => head = head.and(Scope::Text, " ".repeat(width)),
        }
        let gap = if self.width < NARROW { 1 } else { GAP };
        let column = self.name_column();
        if column > width {
            head = head.and(Scope::Text, " ".repeat(column - width));
        }
        head.0.extend(name.0);
        if self.width >= NARROW || width > 0 { head.and(Scope::Text, " ".repeat(gap)) } else { head }
    }

    fn name_column(&self) -> usize {
        match self.width {
            ROOMY.. => NAME_COLUMN.0,
            NARROW.. => NAME_COLUMN.1,
            _ => 0,
        }
    }

    /// The head and the text beside it. The text's rows begin in the same column where there is room, and end with what
    /// is said of the delivery. In the bare view, a link that goes on begins its row, so that it can be copied.
    fn hang(&self, head: StyledLine, hung: HungText<'_>, mark: LineMark, rows: &mut Vec<MessageLine>) {
        let HungText { text, scope, delivery, linked } = hung;
        let mut push = |line: StyledLine, links| rows.push(MessageLine { mark, line, message: None, links });
        let mut head = Some(head).filter(|head| line_cells(head) > 0);
        // A name that leaves no room for text gets a row of its own, without the time if need be.
        let alone = |head: &StyledLine| self.width < WITH_NAMES || line_cells(head) + LEAST_TEXT > self.width;
        if let Some(mut head) = head.take_if(|head| alone(head)) {
            if cells(head.text().trim_end()) > self.width {
                head.0.retain(|span| span.scope != Scope::Dim || span.text.len() != self.time_column());
                head.0.retain(|span| !span.text.trim().is_empty());
            }
            let over = cells(head.text().trim_end()).saturating_sub(self.width);
            if let Some(name) = head.0.iter_mut().rfind(|span| over > 0 && !span.text.trim().is_empty()) {
                name.text = cut_middle(&name.text, cells(&name.text).saturating_sub(over));
            }
            push(fit_line(head, self.width), Vec::new());
        }
        let head_cells = head.as_ref().map_or(0, line_cells).min(self.width.saturating_sub(1));
        let below = self.below();
        let room = self.width.saturating_sub(below).max(1);
        let taken = head_cells.saturating_sub(below);
        let places: Vec<Range<usize>> = if linked { links::places(text).collect() } else { Vec::new() };
        let goes_on = |at: usize| self.bare && places.iter().any(|link| link.start < at && at < link.end);
        let mut start = |at: usize| match head.take() {
            Some(head) => fit_line(head, head_cells),
            None if below > 0 && !goes_on(at) => StyledLine::of(Scope::Text, " ".repeat(below)),
            None => StyledLine::default(),
        };
        let mut texts = wrap_placed(taken, text, room);
        let (last, last_at) = texts.pop().unwrap_or_default();
        let used = cells(&last) + if texts.is_empty() { taken } else { 0 };
        for (row, at) in texts {
            let head = start(at);
            let links = row_links(text, &places, (&row, at), line_cells(&head));
            push(head.and(scope, row), links);
        }
        let head = start(last_at);
        let links = row_links(text, &places, (&last, last_at), line_cells(&head));
        let line = head.and(scope, last);
        match delivery.map(|(scope, words)| (scope, fit(words, room))) {
            None => push(line, links),
            Some((scope, words)) if used + cells(&words) < room => push(line.and(scope, format!(" {words}")), links),
            Some((scope, words)) => {
                push(line, links);
                push(start(last_at).and(scope, words), Vec::new());
            }
        }
    }
}

/// The reactions to a message, counted; the person's own in brackets.
fn reactions(entry: &ChatEntry) -> Option<String> {
    let one = |tally: &Tally| {
        // The count tells it from a row of the message.
        let Tally { reaction, count, mine } = tally;
        if *mine { format!("[{reaction} {count}]") } else { format!("{reaction} {count}") }
    };
    let all: Vec<String> = entry.reactions().iter().map(one).collect();
    (!all.is_empty()).then(|| all.join("  "))
}

/// Whether an entry shows its time, if the minute is new.
fn shows_time(entry: &ChatEntry) -> bool {
    !matches!(entry.kind, EntryKind::Presence { .. } | EntryKind::Hidden(_))
}

/// Whether a message goes on what its sender said just before. What somebody does stands alone.
fn goes_on(entry: &ChatEntry, before: &ChatEntry) -> bool {
    let EntryKind::Message { from, own, verified, .. } = &entry.kind else { return false };
    let EntryKind::Message { from: earlier, own: mine, verified: proved, .. } = &before.kind else { return false };
    if entry.action().is_some() || before.action().is_some() {
        return false;
    }
    (from, own, verified) == (earlier, mine, proved) && entry.time.since(before.time) <= RUN
}
