//! What is asked of the past, a few questions at a time.
//!
//! After a cut, what is missing after the newest known message is asked for, oldest first; before the oldest known one, a
//! page at a time as the reader goes there.
//!
//! Must not know: what comes of the answers (`answers`).

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use crate::client::chat::conversation::Anchor;
use crate::client::chat::entry::Entry;
use crate::client::chat::reach::Older;
use crate::client::session::{Mode, Session};
use crate::model::{MessageId, Target, Timestamp};
use crate::protocol::limits::{MAX_PAGE, PAGE};
use crate::protocol::place::destination;
use crate::protocol::{Code, Command, HistoryCommand, Span};

/// How much of a conversation is loaded at first.
pub const BACKLOG: usize = 100;
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
pub(in crate::client::session) const NEAR: usize = 40;

/// Something to be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::client::session) enum Wish {
    /// Which conversations there are.
    Standings,
    /// The page before the oldest known message.
    Older(Target),
    /// What was missed; so many pages of it have come.
    Missed(Target, usize),
    /// The page up to a message that was found.
    UpTo(Target, MessageId),
    /// The page after the newest one loaded, where newer ones are not.
    Newer(Target),
}

/// A question under way.
#[derive(Clone, Debug)]
pub(in crate::client::session) struct Asked {
    pub(in crate::client::session) wish: Wish,
    until: Timestamp,
    /// Whether nobody wants the answer any more.
    pub(in crate::client::session) abandoned: bool,
    pub(in crate::client::session) entries: Vec<Entry>,
    pub(in crate::client::session) standings: usize,
}

/// What is to be asked, and what is under way.
#[derive(Clone, Debug, Default)]
pub(in crate::client::session) struct Past {
    pub(in crate::client::session) wishes: VecDeque<Wish>,
    pub(in crate::client::session) asked: BTreeMap<String, Asked>,
    count: usize,
    next_at: Timestamp,
    /// Whether it is known how far everything was read.
    pub(in crate::client::session) standing: bool,
    pub(in crate::client::session) read_at: Timestamp,
}

impl Wish {
    /// Which conversation it is about.
    pub(in crate::client::session) fn target(&self) -> Option<&Target> {
        match self {
            Self::Standings => None,
            Self::Older(target) | Self::Missed(target, _) | Self::UpTo(target, _) | Self::Newer(target) => Some(target),
        }
    }
}

impl Past {
    pub(in crate::client::session) fn wants(&self, wish: &Wish) -> bool {
        self.wishes.contains(wish) || self.awaits(wish)
    }

    fn awaits(&self, wish: &Wish) -> bool {
        self.asked.values().any(|asked| asked.wish == *wish && !asked.abandoned)
    }
}

impl Session {
    /// The name is taken up: what was missed is asked for.
    pub(in crate::client::session) fn look_back(&mut self) {
        self.past = Past::default();
        if !self.abilities.history {
            return;
        }
        self.past.wishes.push_back(Wish::Standings);
        let holes = self.conversations.iter().filter(|conversation| conversation.reach.hole.is_some());
        let mut missed: Vec<Target> = holes.map(|conversation| conversation.target.clone()).collect();
        let in_view = &self.conversations.current().target;
        missed.sort_by_key(|target| target != in_view);
        self.past.wishes.extend(missed.into_iter().map(|target| Wish::Missed(target, 0)));
    }

    /// The connection is gone, and with it every answer.
    pub(in crate::client::session) fn cut_off(&mut self) {
        self.past = Past::default();
        self.search_cut_off();
        for conversation in self.conversations.iter_mut() {
            if conversation.reach.detached {
                conversation.attach();
            }
            conversation.reach.cut();
        }
    }

    /// Asks what is to be asked now.
    pub(in crate::client::session) fn ask_past(&mut self) {
        if self.left || self.connection.online().is_none() {
            return;
        }
        self.want_what_is_in_view();
        self.want_newer();
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
            if !self.past.awaits(&wish) {
                self.past.wishes.retain(|waiting| *waiting != wish);
                // What is in view comes first, but for where we stand in it.
                let at = self.past.wishes.iter().take_while(|wish| matches!(wish, Wish::Standings)).count();
                self.past.wishes.insert(at, wish);
            }
        }
    }

    fn next_wish(&mut self) -> Option<Wish> {
        if self.past.asked.len() >= UNDER_WAY {
            return None;
        }
        let now = self.past.count < AT_ONCE || self.past.next_at <= self.now.steady;
        let next = self.past.wishes.front().and_then(Wish::target);
        let urgent = self.mode == Mode::Screen && next == Some(&self.conversations.current().target);
        if now || urgent { self.past.wishes.pop_front() } else { None }
    }

    /// Puts a question to the server.
    fn put(&mut self, wish: Wish) {
        let command = match &wish {
            Wish::Standings => Command::History(HistoryCommand::Conversations),
            Wish::Older(target) => {
                let reach = &self.conversations.with(target).reach;
                let newest = reach.older == Older::Unknown;
                let (limit, before) = if newest { (BACKLOG, None) } else { (PAGE, reach.floor) };
                Command::History(HistoryCommand::Page {
                    with: written(target),
                    span: Span { before, ..Span::newest(limit) },
                })
            }
            Wish::UpTo(target, id) => {
                let before = Some(MessageId(id.0.saturating_add(1)));
                Command::History(HistoryCommand::Page {
                    with: written(target),
                    span: Span { before, ..Span::newest(BACKLOG) },
                })
            }
            Wish::Newer(target) => {
                let newest = self.conversations.with(target).newest().unwrap_or_default();
                Command::History(HistoryCommand::Page {
                    with: written(target),
                    span: Span { limit: BACKLOG, ..Span::since(newest) },
                })
            }
            Wish::Missed(target, _) => {
                let Some(hole) = self.conversations.with(target).reach.hole else { return };
                Command::History(HistoryCommand::Page {
                    with: written(target),
                    span: Span { limit: MAX_PAGE, ..Span::since(hole) },
                })
            }
        };
        let label = self.ask(command, None);
        let until = self.now.steady.after(PATIENCE);
        self.past.asked.insert(label, Asked { wish, until, abandoned: false, entries: Vec::new(), standings: 0 });
    }

    /// A question was refused; `false` if it was none of these.
    pub(in crate::client::session) fn past_refused(&mut self, label: &str, code: Code) -> bool {
        let Some(asked) = self.past.asked.remove(label) else { return false };
        if asked.abandoned {
            return true;
        }
        let later = matches!(code, Code::Busy | Code::RateLimited | Code::StoreUnavailable);
        match (&asked.wish, later) {
            (_, true) => {
                self.past.count = AT_ONCE;
                self.past.next_at = self.now.steady.after(AGAIN);
                self.past.wishes.push_back(asked.wish);
            }
            (Wish::UpTo(target, _) | Wish::Newer(target), false) => self.conversations.with(target).attach(),
            (Wish::Older(target), false) => self.conversations.with(target).reach.older = Older::Beginning,
            (Wish::Missed(target, _), false) => self.conversations.with(target).reach.hole = None,
            (Wish::Standings, false) => {}
        }
        true
    }

    /// Answers that do not come are not waited for.
    pub(in crate::client::session) fn past_tick(&mut self) {
        let now = self.now.steady;
        let late: Vec<String> =
            self.past.asked.iter().filter(|(_, asked)| asked.until <= now).map(|(label, _)| label.clone()).collect();
        for label in late {
            self.past_refused(&label, Code::Busy);
        }
    }

    pub(in crate::client::session) fn past_deadline(&self) -> Option<Timestamp> {
        self.connection.online()?;
        let late = self.past.asked.values().map(|asked| asked.until).min();
        let waits = !self.past.wishes.is_empty() && self.past.asked.len() < UNDER_WAY;
        let next = waits.then_some(self.past.next_at);
        let read = self.has_read_on().then_some(self.past.read_at);
        late.into_iter().chain(next).chain(read).min()
    }

    /// Nothing is asked of a conversation any more, and no answer about it is taken.
    pub(in crate::client::session) fn forget_wishes(&mut self, target: &Target) {
        self.past.wishes.retain(|wish| wish.target() != Some(target));
        for asked in self.past.asked.values_mut().filter(|asked| asked.wish.target() == Some(target)) {
            asked.abandoned = true;
        }
    }
}

/// A conversation as it stands on the wire.
pub(in crate::client::session) fn written(target: &Target) -> String {
    destination(target).to_owned()
}
