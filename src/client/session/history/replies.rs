//! How the answers about the history come in: entry by entry, until an answer is whole.
//!
//! Must not know: when something is asked, or how entries are put into conversations.

use super::History;
use super::wish::Wish;
use crate::client::chat::entry::{ChatEntry, EntryKind};
use crate::client::chat::keys::{folded, room_key};
use crate::client::session::chat::Chat;
use crate::client::session::chat::told::{Header, Lacking};
use crate::model::{Target, Timestamp};
use crate::protocol::limits::MAX_PAGE;

/// Conversations that a server may tell of at once.
const MAX_STANDINGS: usize = 500;

impl History {
    /// A message that is part of an answer, or what stands in its place. What nobody asked for is left out.
    pub(in crate::client::session) fn take_entry(
        &mut self,
        header: &Header,
        target: Target,
        kind: EntryKind,
        now: Timestamp,
    ) {
        let (id, time) = (header.id(), header.time());
        if self.search.awaits(header.reference()) {
            return self.found(id, time, target, kind);
        }
        let Some(asked) = self.requests.asked.get_mut(header.label()) else { return };
        let Some(wanted) = asked.wish.target().filter(|_| !asked.abandoned) else { return };
        if asked.entries.len() >= MAX_PAGE || id.is_none() || !same(wanted, &target) {
            return;
        }
        asked.entries.push(ChatEntry { time: time.unwrap_or(now), id, kind });
    }

    /// The server tells where the person stands in a conversation; whether that was asked for.
    pub(in crate::client::session) fn counts_standing(&mut self, label: &str) -> bool {
        let asked = self.requests.asked.get_mut(label).filter(|asked| asked.wish == Wish::Standings);
        asked.is_some_and(|asked| {
            asked.standings += 1;
            asked.standings <= MAX_STANDINGS
        })
    }

    /// Whether where the person stands is told for the first time.
    pub(in crate::client::session) fn is_first_time(&self) -> bool {
        !self.caught_up
    }

    /// Whether plain mode prints what was said before.
    pub(in crate::client::session) fn prints_backlog(&self) -> bool {
        self.backlog
    }

    /// What a conversation lacks is asked for, unless it is already.
    pub(in crate::client::session) fn want_lacking(&mut self, target: Target, lacking: Lacking) {
        match lacking {
            Lacking::Nothing => {}
            Lacking::Older => self.want(Wish::Older(target)),
            Lacking::Missed => self.want(Wish::Missed(target, 0)),
        }
    }

    /// An answer is whole: what was asked, and the entries that came. `None` if nobody wants it.
    pub(in crate::client::session) fn take_answer(&mut self, label: &str) -> Option<(Wish, Vec<ChatEntry>)> {
        let asked = self.requests.asked.remove(label).filter(|asked| !asked.abandoned)?;
        Some((asked.wish, asked.entries))
    }

    /// It is known now how far everything was read. Unread conversations are asked for first, each group with the most
    /// recent first, as the server tells them.
    pub(in crate::client::session) fn standings_ended(&mut self, chat: &Chat) {
        self.requests.standing = true;
        self.caught_up = true;
        let unread = |wish: &Wish| match wish {
            Wish::Older(target) => chat.conversations().find(target).is_some_and(|one| one.unread > 0),
            Wish::Standings | Wish::Missed(..) | Wish::UpTo(..) | Wish::Newer(_) => true,
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
