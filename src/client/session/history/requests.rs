//! The pace of the requests: a few at once, then spaced.
//!
//! Must not know: what the answers lead to.

use std::time::Duration;

use super::wish::Wish;
use super::{History, PageRequest, Rejected, Requests};
use crate::client::session::effects::Effects;
use crate::client::session::link::Link;
use crate::model::{Target, Timestamp};
use crate::protocol::Code;

/// The most requests under way at once: as many as the server allows.
const UNDER_WAY: usize = 2;
/// The requests that are sent at once; the rest is spaced, so that the person's own messages are never delayed.
const AT_ONCE: usize = 6;
/// The pause between two requests after those.
const PACE: Duration = Duration::from_millis(500);
/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// The wait before a request is repeated.
const AGAIN: Duration = Duration::from_secs(5);
/// The least time between two read marks.
const READ_EVERY: Duration = Duration::from_secs(3);

impl Requests {
    fn awaits(&self, wish: &Wish) -> bool {
        self.asked.values().any(|asked| asked.wish == *wish && !asked.abandoned)
    }

    fn wants(&self, wish: &Wish) -> bool {
        self.wishes.contains(wish) || self.awaits(wish)
    }
}

impl History {
    /// `backlog` if plain mode prints earlier messages.
    pub(in crate::client::session) fn new(backlog: bool) -> Self {
        Self { backlog, ..Self::default() }
    }

    /// Requests read marks and missed messages, once online with a server that keeps messages.
    pub(in crate::client::session) fn look_back(&mut self, missed: Vec<Target>) {
        self.requests.wishes.push_back(Wish::Standings);
        self.requests.wishes.extend(missed.into_iter().map(|target| Wish::Missed(target, 0)));
    }

    /// Requests what has changed in these conversations.
    pub(in crate::client::session) fn look_for_changes(&mut self, missed: Vec<Target>) {
        self.requests.wishes.extend(missed.into_iter().map(|target| Wish::Changes(target, 0)));
    }

    /// Drops all requests, because the connection changed.
    pub(in crate::client::session) fn cut_off(&mut self) {
        self.requests = Requests::default();
    }

    /// Wishes for something after everything else, unless it is wished for or under way.
    pub(in crate::client::session) fn want(&mut self, wish: Wish) {
        if !self.requests.wants(&wish) {
            self.requests.wishes.push_back(wish);
        }
    }

    /// Wishes for something next.
    pub(in crate::client::session) fn want_next(&mut self, wish: Wish) {
        self.requests.wishes.push_front(wish);
    }

    /// Wishes for newer messages next, unless they are wished for or under way.
    pub(in crate::client::session) fn want_newer(&mut self, target: Target) {
        let wish = Wish::Newer(target);
        if !self.requests.wants(&wish) {
            self.requests.wishes.push_front(wish);
        }
    }

    /// Wishes for older messages of the conversation in view next, right after the read marks.
    pub(in crate::client::session) fn want_older(&mut self, target: Target) {
        let wish = Wish::Older(target);
        let wishes = &mut self.requests.wishes;
        if self.requests.asked.values().any(|asked| asked.wish == wish && !asked.abandoned) {
            return;
        }
        wishes.retain(|waiting| *waiting != wish);
        let at = wishes.iter().take_while(|wish| matches!(wish, Wish::Standings)).count();
        wishes.insert(at, wish);
    }

    /// The wish to request now. Wishes about the conversation in view are not spaced.
    pub(in crate::client::session) fn next(&mut self, in_view: Option<&Target>, now: Timestamp) -> Option<Wish> {
        let requests = &mut self.requests;
        if requests.asked.len() >= UNDER_WAY {
            return None;
        }
        let at_once = requests.count < AT_ONCE || requests.next_at <= now;
        let next = requests.wishes.front()?.target();
        let urgent = in_view.is_some() && next == in_view;
        if !at_once && !urgent {
            return None;
        }
        requests.count += 1;
        requests.next_at = now.after(PACE);
        requests.wishes.pop_front()
    }

    /// A wish was requested under this label.
    pub(in crate::client::session) fn asked(&mut self, label: String, wish: Wish, now: Timestamp) {
        let until = now.after(PATIENCE);
        let request = PageRequest { wish, until, abandoned: false, entries: Vec::new(), standings: 0 };
        self.requests.asked.insert(label, request);
    }

    /// The server refused the request with this label.
    pub(in crate::client::session) fn refused(&mut self, label: &str, code: Code, now: Timestamp) -> Rejected {
        let Some(asked) = self.requests.asked.remove(label) else { return Rejected::NotOurs };
        if asked.abandoned {
            return Rejected::Settled;
        }
        if !matches!(code, Code::Busy | Code::RateLimited | Code::StoreUnavailable) {
            return Rejected::For(asked.wish);
        }
        self.ask_again(asked.wish, now);
        Rejected::Settled
    }

    fn ask_again(&mut self, wish: Wish, now: Timestamp) {
        self.requests.count = AT_ONCE;
        self.requests.next_at = now.after(AGAIN);
        self.requests.wishes.push_back(wish);
    }

    /// Repeats requests whose answers are late.
    pub(in crate::client::session) fn tick(&mut self, now: Timestamp) {
        let late = |(label, asked): (&String, &PageRequest)| (asked.until <= now).then(|| label.clone());
        let late: Vec<String> = self.requests.asked.iter().filter_map(late).collect();
        for label in late {
            if let Some(asked) = self.requests.asked.remove(&label).filter(|asked| !asked.abandoned) {
                self.ask_again(asked.wish, now);
            }
        }
    }

    /// The next deadline; `read_on` if a read mark is to be sent.
    pub(in crate::client::session) fn deadline(&self, read_on: bool) -> Option<Timestamp> {
        let requests = &self.requests;
        let late = requests.asked.values().map(|asked| asked.until).min();
        let waits = !requests.wishes.is_empty() && requests.asked.len() < UNDER_WAY;
        let next = waits.then_some(requests.next_at);
        let read = read_on.then_some(requests.read_at);
        late.into_iter().chain(next).chain(read).chain(self.mention_deadline()).min()
    }

    /// Drops all wishes and answers about a conversation.
    pub(in crate::client::session) fn forget(&mut self, target: &Target) {
        self.requests.wishes.retain(|wish| wish.target() != Some(target));
        for asked in self.requests.asked.values_mut().filter(|asked| asked.wish.target() == Some(target)) {
            asked.abandoned = true;
        }
    }

    /// Whether read marks are told to the server: it takes them, they are known, and a person sees what is read.
    pub(in crate::client::session) fn tells_read(&self, link: &Link, out: &Effects) -> bool {
        link.is_online() && link.abilities().read && self.knows_read_marks() && out.is_screen()
    }

    /// Whether the read marks are known.
    pub(in crate::client::session) fn knows_read_marks(&self) -> bool {
        self.requests.standing
    }

    /// Whether a read mark may be sent: now and then, or at once.
    pub(in crate::client::session) fn may_tell_read(&self, at_once: bool, now: Timestamp) -> bool {
        at_once || self.requests.read_at <= now
    }

    /// A read mark is sent.
    pub(in crate::client::session) fn told_read(&mut self, now: Timestamp) {
        self.requests.read_at = now.after(READ_EVERY);
    }
}
