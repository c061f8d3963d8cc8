//! What is asked of the past, a few questions at a time, and how the answers come in.
//!
//! After a cut, what is missing after the newest known message is asked for, oldest first; before the oldest known one, a
//! page at a time as the reader goes there. Every message has its number, so that none is shown twice.
//!
//! Must not know: how entries are kept in order (`conversation`), or what is shown of them.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use super::{Mode, Session};
use crate::client::conversation::Anchor;
use crate::client::entry::{Entry, Kind, Mark};
use crate::client::msg::{Effect, Printed};
use crate::client::reach::Older;
use crate::model::{MessageId, Name, Target, Text, Timestamp};
use crate::protocol::limits::{MAX_PAGE, PAGE};
use crate::protocol::words::ALL_CLIENTS;
use crate::protocol::{Code, Command, Event, Span, Standing};

/// How much of a conversation is loaded at first.
pub const BACKLOG: usize = 100;
/// Pages of what was missed; if there is more, the reader goes on from the newest instead.
pub const MAX_MISSED: usize = 10;
/// Questions under way at once: as many as the server takes.
const UNDER_WAY: usize = 2;
/// Questions that are asked right away; the rest is paced, so that what the person sends is never held up.
const AT_ONCE: usize = 6;
/// The pace.
const PACE: Duration = Duration::from_millis(500);
/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// The wait before what could not be answered is asked again.
const AGAIN: Duration = Duration::from_secs(5);
/// How near to the oldest entry, in entries, the reader may come before older ones are asked for.
const NEAR: usize = 40;
/// Conversations that a server may tell of at once.
const MAX_STANDINGS: usize = 500;

/// Something to be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Wish {
    /// Which conversations there are.
    Standings,
    /// The page before the oldest known message.
    Older(Target),
    /// What was missed; so many pages of it have come.
    Missed(Target, usize),
}

/// A question under way.
#[derive(Clone, Debug)]
struct Asked {
    wish: Wish,
    until: Timestamp,
    entries: Vec<Entry>,
    standings: usize,
}

/// What is to be asked, and what is under way.
#[derive(Clone, Debug, Default)]
pub(super) struct Past {
    wishes: VecDeque<Wish>,
    asked: BTreeMap<String, Asked>,
    count: usize,
    next_at: Timestamp,
    /// Whether it is known how far everything was read.
    pub(super) standing: bool,
    pub(super) read_at: Timestamp,
}

impl Past {
    fn wants(&self, wish: &Wish) -> bool {
        self.wishes.contains(wish) || self.asked.values().any(|asked| asked.wish == *wish)
    }
}

impl Session {
    /// The name is taken up: what was missed is asked for.
    pub(super) fn look_back(&mut self) {
        self.past = Past::default();
        if !self.abilities.history {
            return;
        }
        self.past.wishes.push_back(Wish::Standings);
        let holes = self.conversations.iter().filter(|conversation| conversation.reach.hole.is_some());
        let missed: Vec<Wish> = holes.map(|conversation| Wish::Missed(conversation.target.clone(), 0)).collect();
        self.past.wishes.extend(missed);
    }

    /// The connection is gone, and with it every answer.
    pub(super) fn cut_off(&mut self) {
        self.past = Past::default();
        self.conversations.iter_mut().for_each(|conversation| conversation.reach.cut());
    }

    /// Asks what is to be asked now.
    pub(super) fn ask_past(&mut self) {
        if self.left || self.connection.online().is_none() {
            return;
        }
        self.want_what_is_in_view();
        while let Some(wish) = self.next_wish() {
            self.past.count += 1;
            self.past.next_at = self.now.steady.after(PACE);
            self.put(wish);
        }
        self.tell_read(false);
    }

    /// The reader is where older messages are needed.
    fn want_what_is_in_view(&mut self) {
        if !self.abilities.history || self.mode == Mode::Plain {
            return;
        }
        let rows = usize::from(self.rows);
        let conversation = self.conversations.current_mut();
        let wanted = match (conversation.reach.older, conversation.anchor) {
            (Older::Unknown, _) => true,
            (Older::More, Anchor::At(entry, _)) => entry < NEAR,
            (Older::More, Anchor::Bottom) => conversation.entries().len() < rows,
            (Older::Loading | Older::Beginning, _) => false,
        };
        if wanted && conversation.has_room() {
            let wish = Wish::Older(conversation.target.clone());
            if conversation.reach.older == Older::More {
                conversation.reach.older = Older::Loading;
            }
            if !self.past.asked.values().any(|asked| asked.wish == wish) {
                self.past.wishes.retain(|waiting| *waiting != wish);
                // What is in view comes first, but for what it stands on.
                let at = self.past.wishes.iter().take_while(|wish| !matches!(wish, Wish::Older(_))).count();
                self.past.wishes.insert(at, wish);
            }
        }
    }

    fn next_wish(&mut self) -> Option<Wish> {
        if self.past.asked.len() >= UNDER_WAY {
            return None;
        }
        let in_view = Wish::Older(self.conversations.current().target.clone());
        let now = self.past.count < AT_ONCE || self.past.next_at <= self.now.steady;
        let urgent = self.mode == Mode::Screen && self.past.wishes.front() == Some(&in_view);
        if now || urgent { self.past.wishes.pop_front() } else { None }
    }

    /// Puts a question to the server.
    fn put(&mut self, wish: Wish) {
        let command = match &wish {
            Wish::Standings => Command::Conversations,
            Wish::Older(target) => {
                let reach = &self.conversations.with(target).reach;
                let newest = reach.older == Older::Unknown;
                let (limit, before) = if newest { (BACKLOG, None) } else { (PAGE, reach.floor) };
                Command::History { with: written(target), span: Span { before, ..Span::newest(limit) } }
            }
            Wish::Missed(target, _) => {
                let Some(hole) = self.conversations.with(target).reach.hole else { return };
                Command::History { with: written(target), span: Span { limit: MAX_PAGE, ..Span::since(hole) } }
            }
        };
        let label = self.ask(command, None);
        let until = self.now.steady.after(PATIENCE);
        self.past.asked.insert(label, Asked { wish, until, entries: Vec::new(), standings: 0 });
    }

    /// A message that is part of an answer. What nobody asked for is left out.
    pub(super) fn remembered(
        &mut self,
        reference: Option<&str>,
        id: Option<MessageId>,
        time: Option<Timestamp>,
        (from, target, text): (Name, Target, Text),
    ) {
        let own = self.is_me(&from);
        let Some(asked) = reference.and_then(|label| self.past.asked.get_mut(label)) else { return };
        let (Wish::Older(wanted) | Wish::Missed(wanted, _)) = &asked.wish else { return };
        if asked.entries.len() >= MAX_PAGE || id.is_none() || !same(wanted, &target) {
            return;
        }
        let time = time.unwrap_or(self.now.wall);
        let kind = Kind::Message { from, own, text, mark: Mark::Accepted };
        asked.entries.push(Entry { time, id, kind });
    }

    /// Where we stand in a conversation.
    pub(super) fn standing(&mut self, reference: Option<&str>, standing: Standing) {
        let asked = reference.and_then(|label| self.past.asked.get_mut(label));
        let Some(asked) = asked.filter(|asked| asked.wish == Wish::Standings) else { return };
        asked.standings += 1;
        if asked.standings > MAX_STANDINGS {
            return;
        }
        let Standing { with, last, read, unread } = standing;
        let first_time = !self.caught_up;
        let plain = self.mode == Mode::Plain;
        let conversation = self.conversations.with(&with);
        let reach = &mut conversation.reach;
        reach.told = read;
        reach.read = reach.read.max(read);
        if last > reach.read {
            reach.new_after = Some(reach.read);
        }
        conversation.unread = if last > conversation.reach.read { unread } else { 0 };
        let wanted = match (plain, self.backlog && first_time) {
            (false, _) => conversation.reach.older == Older::Unknown,
            (true, true) => with == Target::Everyone || unread > 0,
            (true, false) => false,
        };
        if plain && !wanted && conversation.reach.hole.is_none() {
            // What was said before we came is not printed.
            conversation.reach.saw(Some(last));
            conversation.reach.older = Older::Beginning;
        }
        conversation.draw_new_line();
        let wish = Wish::Older(with);
        if wanted && !self.past.wants(&wish) {
            self.past.wishes.push_back(wish);
        }
        let at = self.conversations.index();
        if let Some(current) = self.conversations.iter_mut().nth(at).filter(|_| !plain) {
            current.enter();
        }
    }

    /// An answer is whole.
    pub(super) fn answer_ends(&mut self, reference: Option<&str>, event: &Event) {
        let Some(asked) = reference.and_then(|label| self.past.asked.remove(label)) else { return };
        match (asked.wish, event) {
            (Wish::Standings, Event::ConversationsEnd) => {
                self.past.standing = true;
                self.caught_up = true;
                // Unread ones first, each group with the most recent first, as the server tells them.
                let unread = |wish: &Wish| match wish {
                    Wish::Older(target) => self.conversations.find(target).is_some_and(|one| one.unread > 0),
                    _ => true,
                };
                let (mut first, rest): (Vec<_>, Vec<_>) = self.past.wishes.drain(..).partition(unread);
                first.extend(rest);
                self.past.wishes = first.into();
            }
            (Wish::Older(target), &Event::HistoryEnd { more, damaged }) => {
                self.damaged(&target, damaged);
                self.older(&target, asked.entries, more);
            }
            (Wish::Missed(target, pages), &Event::HistoryEnd { more, damaged }) => {
                self.damaged(&target, damaged);
                self.missed_page(target, asked.entries, more, pages);
            }
            _ => {}
        }
    }

    fn older(&mut self, target: &Target, mut entries: Vec<Entry>, more: bool) {
        let (zone, plain) = (self.zone, self.mode == Mode::Plain);
        entries.sort_by_key(|entry| entry.id);
        let conversation = self.conversations.with(target);
        // A server that has more and shows nothing of it would be asked for ever.
        let older = if more && !entries.is_empty() { Older::More } else { Older::Beginning };
        if let Some(first) = entries.first() {
            conversation.reach.floor = first.id;
        }
        if !plain {
            conversation.take_older(entries, zone);
            conversation.reach.older = older;
            return conversation.draw_new_line();
        }
        let new_after = conversation.reach.new_after.take();
        let newest = conversation.reach.newest;
        conversation.reach.saw(entries.last().and_then(|entry| entry.id));
        let read = |entry: &Entry| new_after.is_none_or(|read| entry.id <= Some(read));
        let mut drawn = false;
        for entry in entries.into_iter().filter(|entry| newest == MessageId(0) || entry.id < Some(newest)) {
            if *target != Target::Everyone && read(&entry) {
                continue;
            }
            let other = !matches!(entry.kind, Kind::Message { own: true, .. });
            if other && !read(&entry) && !std::mem::replace(&mut drawn, true) {
                self.emit(Effect::Print(Printed::New));
            }
            self.print(target, entry);
        }
    }

    fn missed_page(&mut self, target: Target, mut entries: Vec<Entry>, more: bool, pages: usize) {
        entries.sort_by_key(|entry| entry.id);
        let plain = self.mode == Mode::Plain;
        let conversation = self.conversations.with(&target);
        let Some(hole) = conversation.reach.hole else { return };
        entries.retain(|entry| entry.id > Some(hole));
        let last = entries.last().and_then(|entry| entry.id);
        conversation.reach.saw(last);
        let again = std::mem::take(&mut conversation.reach.again);
        let goes_on = more && last.is_some() || again;
        conversation.reach.hole = goes_on.then_some(last.unwrap_or(hole));
        if plain {
            for entry in entries {
                if !matches!(entry.kind, Kind::Message { own: true, .. }) {
                    self.print(&target, entry);
                }
            }
        } else {
            conversation.take_newer(entries);
            conversation.draw_new_line();
        }
        if !goes_on {
            return;
        }
        if pages + 1 < MAX_MISSED {
            return self.past.wishes.push_front(Wish::Missed(target, pages + 1));
        }
        let conversation = self.conversations.with(&target);
        if let Some(hole) = conversation.reach.hole.take().filter(|_| !plain) {
            conversation.forget_up_to(hole);
        }
        self.complain(format!("More was said to {target} than is shown at once; scroll up for what is missing."));
    }

    fn print(&mut self, target: &Target, entry: Entry) {
        if let Kind::Message { from, text, .. } = entry.kind {
            self.emit(Effect::Print(Printed::Message { time: entry.time, from, to: target.clone(), text }));
        }
    }

    fn damaged(&mut self, target: &Target, count: usize) {
        let are = match count {
            0 => return,
            1 => "1 message here is damaged on the server's disk and cannot be shown.".to_owned(),
            count => format!("{count} messages here are damaged on the server's disk and cannot be shown."),
        };
        match self.mode {
            Mode::Plain => self.complain(are),
            Mode::Screen => self.remark(target, &are),
        }
    }

    /// A question was refused; `false` if it was none of these.
    pub(super) fn past_refused(&mut self, label: &str, code: Code) -> bool {
        let Some(asked) = self.past.asked.remove(label) else { return false };
        let later = matches!(code, Code::Busy | Code::RateLimited | Code::StoreUnavailable);
        match (&asked.wish, later) {
            (_, true) => {
                self.past.count = AT_ONCE;
                self.past.next_at = self.now.steady.after(AGAIN);
                self.past.wishes.push_back(asked.wish);
            }
            (Wish::Older(target), false) => self.conversations.with(target).reach.older = Older::Beginning,
            (Wish::Missed(target, _), false) => self.conversations.with(target).reach.hole = None,
            (Wish::Standings, false) => {}
        }
        true
    }

    /// Answers that do not come are not waited for.
    pub(super) fn past_tick(&mut self) {
        let now = self.now.steady;
        let late: Vec<String> =
            self.past.asked.iter().filter(|(_, asked)| asked.until <= now).map(|(label, _)| label.clone()).collect();
        for label in late {
            self.past_refused(&label, Code::Busy);
        }
    }

    pub(super) fn past_deadline(&self) -> Option<Timestamp> {
        self.connection.online()?;
        let late = self.past.asked.values().map(|asked| asked.until).min();
        let waits = !self.past.wishes.is_empty() && self.past.asked.len() < UNDER_WAY;
        let next = waits.then_some(self.past.next_at);
        let read = self.has_read_on().then_some(self.past.read_at);
        late.into_iter().chain(next).chain(read).min()
    }
}

/// A conversation as it stands on the wire.
pub(super) fn written(target: &Target) -> String {
    match target {
        Target::Everyone => ALL_CLIENTS.to_owned(),
        Target::User(name) => name.to_string(),
    }
}

fn same(one: &Target, other: &Target) -> bool {
    match (one, other) {
        (Target::User(one), Target::User(other)) => {
            crate::client::people::folded(one) == crate::client::people::folded(other)
        }
        _ => one == other,
    }
}
