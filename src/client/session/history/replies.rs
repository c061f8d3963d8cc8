//! The answers about the history as they come in, entry by entry.
//!
//! Must not know: when something is requested, or how entries are put into conversations.

use super::History;
use super::wish::Wish;
use crate::client::chat::entry::{ChatEntry, EntryKind};
use crate::client::chat::lookup_keys::{folded, room_key};
use crate::client::session::chat::Chat;
use crate::client::session::chat::told::{Header, Lacking};
use crate::model::{Target, Timestamp};
use crate::protocol::Tally;
use crate::protocol::limits::MAX_PAGE;

/// The most reactions to one message that are taken from a server.
const MAX_REACTIONS: usize = 100;
/// The most read marks that a server may send.
const MAX_STANDINGS: usize = 500;

impl History {
    /// Takes an entry of an answer. Entries that were not requested are ignored.
    pub(in crate::client::session) fn take_entry(
        &mut self,
        header: &Header,
        target: Target,
        kind: EntryKind,
        now: Timestamp,
    ) {
        let (id, time) = (header.id(), header.time());
        if self.search.awaits(header.reference()) {
            return self.add_hit(id, time, target, kind);
        }
        let Some(asked) = self.requests.asked.get_mut(header.label()) else { return };
        let Some(wanted) = asked.wish.target().filter(|_| !asked.abandoned) else { return };
        if asked.entries.len() >= MAX_PAGE || id.is_none() || !same(wanted, &target) {
            return;
        }
        asked.entries.push(ChatEntry { time: time.unwrap_or(now), id, kind, extra: header.extra() });
    }

    /// Takes the reactions to the message before.
    pub(in crate::client::session) fn take_reactions(&mut self, header: &Header, mut reactions: Vec<Tally>) {
        let Some(asked) = self.requests.asked.get_mut(header.label()) else { return };
        if let Some(entry) = asked.entries.last_mut().filter(|entry| entry.id == header.id()) {
            reactions.truncate(MAX_REACTIONS);
            entry.extra.get_or_insert_default().reactions = reactions;
        }
    }

    /// Whether a read mark under this label was requested; counts it.
    pub(in crate::client::session) fn counts_summary(&mut self, label: &str) -> bool {
        let asked = self.requests.asked.get_mut(label).filter(|asked| asked.wish == Wish::Standings);
        asked.is_some_and(|asked| {
            asked.standings += 1;
            asked.standings <= MAX_STANDINGS
        })
    }

    /// Whether the read marks come for the first time.
    pub(in crate::client::session) fn is_first_time(&self) -> bool {
        !self.caught_up
    }

    /// Whether plain mode prints earlier messages.
    pub(in crate::client::session) fn prints_backlog(&self) -> bool {
        self.backlog
    }

    /// Requests what a conversation lacks, unless that is under way.
    pub(in crate::client::session) fn want_lacking(&mut self, target: Target, lacking: Lacking) {
        match lacking {
            Lacking::Nothing => {}
            Lacking::Older => self.want(Wish::Older(target)),
            Lacking::Missed => self.want(Wish::Missed(target, 0)),
        }
    }

    /// Whether the newest messages for plain mode are requested under this label.
    pub(in crate::client::session) fn awaits_tail(&self, label: &str) -> bool {
        self.requests.asked.get(label).is_some_and(|asked| matches!(asked.wish, Wish::Tail(..)))
    }

    /// Takes a complete answer: the request and its entries. `None` if it is not wanted.
    pub(in crate::client::session) fn take_answer(&mut self, label: &str) -> Option<(Wish, Vec<ChatEntry>)> {
        let asked = self.requests.asked.remove(label).filter(|asked| !asked.abandoned)?;
        Some((asked.wish, asked.entries))
    }

    /// All read marks are known. Unread conversations are requested first, each group with the most recent first, in
    /// the order of the server.
    pub(in crate::client::session) fn standings_ended(&mut self, chat: &Chat) {
        self.requests.standing = true;
        self.caught_up = true;
        let unread = |wish: &Wish| match wish {
            Wish::Older(target) => chat.conversations().find(target).is_some_and(|one| one.unread > 0),
            Wish::Standings
            | Wish::Missed(..)
            | Wish::UpTo(..)
            | Wish::Newer(_)
            | Wish::Tail(..)
            | Wish::Notes(..)
            | Wish::Changes(..) => true,
        };
        let (mut first, rest): (Vec<_>, Vec<_>) = self.requests.wishes.drain(..).partition(unread);
        first.extend(rest);
        self.requests.wishes = first.into();
    }
}

fn same(one: &Target, other: &Target) -> bool {
    match (one, other) {
        (Target::User(one), Target::User(other)) => folded(one) == folded(other),
        (Target::Room(one), Target::Room(other)) => room_key(one) == room_key(other),
        (Target::Everyone, Target::Everyone) => true,
        (Target::Everyone | Target::User(_) | Target::Room(_), _) => false,
    }
}
