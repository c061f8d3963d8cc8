//! One conversation: its entries in the server's order, what is unread, and the reader's position. `loading` inserts
//! and unloads history, `marks` changes delivery states, `hiding` deletes and hides messages, `changes` edits
//! them and keeps reactions, `waiting` has what came before its turn, `direct` what only direct conversations need.
//!
//! Must not know: rows and columns beyond the anchor, or the connection.

mod changes;
mod direct;
mod hiding;
mod loading;
mod marks;
mod waiting;

use std::collections::VecDeque;

use super::entry::{ChatEntry, Crowd, EntryKind, Mark};
use super::reach::{Older, Reach};
use super::venue::Venue;
use crate::client::text::editor::Editor;
use crate::client::view::MessageRef;
use crate::model::{MessageId, Name, Target, Timestamp};
use crate::protocol::limits::MAX_PAGE;

/// The most entries of a conversation; the oldest ones are dropped.
pub const MAX_ENTRIES: usize = 100_000;

/// The bytes that the entries of a conversation may take; the oldest ones are dropped.
pub const MAX_BYTES_OF_ONE: usize = 32 * 1024 * 1024;

/// The bytes of a page of older messages: a server sends fewer.
const PAGE_BYTES: usize = 256 * 1024;

/// The reader's position.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Anchor {
    /// At the newest entry, following what comes.
    #[default]
    Bottom,
    /// The first visible row is this row of this entry.
    At(usize, usize),
}

/// A conversation with everyone, with one user, or in a room; or directly with one user.
#[derive(Clone, Debug)]
pub struct Conversation {
    /// Where what is said here goes.
    pub venue: Venue,
    /// The draft, while another conversation is in view.
    pub draft: Editor,
    /// The reader's position.
    pub anchor: Anchor,
    /// The number of messages that came since it was last in view.
    pub unread: usize,
    /// The number of those that mention the user.
    pub mentions: usize,
    /// When the newest message was sent, or the conversation was opened.
    pub active: Timestamp,
    /// How much of it is loaded and read.
    pub reach: Reach,
    /// Whether the user was told that the other user is offline and will see the messages later.
    pub told_offline: bool,
    /// Whether the user was told that the other user is away, and why.
    pub told_away: bool,
    entries: VecDeque<ChatEntry>,
    /// Messages that wait for those missed before them.
    waiting: Vec<ChatEntry>,
    /// The bytes that the entries take.
    bytes: usize,
    first_unread: Option<usize>,
    key: Option<String>,
    not_sent: usize,
    /// The number of messages that came since the reader scrolled back.
    arrived: usize,
}

impl Conversation {
    /// An empty conversation. A direct one has no history: it begins with what is said in it.
    #[must_use]
    pub fn new(venue: Venue) -> Self {
        let key = venue.key();
        let older = if venue.direct().is_some() { Older::Beginning } else { Older::Unknown };
        Self {
            venue,
            draft: Editor::default(),
            anchor: Anchor::Bottom,
            unread: 0,
            mentions: 0,
            active: Timestamp::default(),
            reach: Reach { older, ..Reach::default() },
            told_offline: false,
            told_away: false,
            entries: VecDeque::new(),
            waiting: Vec::new(),
            bytes: 0,
            first_unread: None,
            key,
            not_sent: 0,
            arrived: 0,
        }
    }

    /// The recipient on the server of what is said here; `None` if it goes directly.
    #[must_use]
    pub fn target(&self) -> Option<&Target> {
        self.venue.target()
    }

    /// The look-up key of the venue; `None` for everyone.
    #[must_use]
    pub fn key(&self) -> Option<&str> {
        self.key.as_deref()
    }

    /// The entries, oldest first.
    #[must_use]
    pub fn entries(&self) -> &VecDeque<ChatEntry> {
        &self.entries
    }

    /// The index of the entry under the "new" line.
    #[must_use]
    pub(crate) fn first_unread(&self) -> Option<usize> {
        self.first_unread
    }

    /// The number of the user's messages that were not sent.
    #[must_use]
    pub(crate) fn not_sent(&self) -> usize {
        self.not_sent
    }

    /// The index of a message.
    #[must_use]
    pub(crate) fn index_of(&self, reference: &MessageRef) -> Option<usize> {
        self.entries.iter().rposition(|entry| entry.is(reference))
    }

    /// The same, for a message that was last seen at `hint`: quick wherever it is, as long as little has moved.
    #[must_use]
    pub(crate) fn index_near(&self, reference: &MessageRef, hint: usize) -> Option<usize> {
        let near = [Some(hint), hint.checked_sub(1), hint.checked_add(1)].into_iter().flatten();
        let there = |at: &usize| self.entries.get(*at).is_some_and(|entry| entry.is(reference));
        near.into_iter().find(there).or_else(|| self.index_of(reference))
    }

    /// A loaded message.
    #[must_use]
    pub(crate) fn entry(&self, reference: &MessageRef) -> Option<&ChatEntry> {
        self.entries.get(self.index_of(reference)?)
    }

    /// Inserts an entry: by its number if it has one, otherwise at the end. `false` if it is there already.
    pub fn add(&mut self, entry: ChatEntry) -> bool {
        let Some(at) = self.place(entry.id) else { return false };
        if matches!(entry.kind, EntryKind::Message { .. }) {
            self.active = self.active.max(entry.time);
        }
        self.not_sent += usize::from(entry.is_not_sent());
        self.reach.saw(entry.id);
        self.bytes += entry.bytes();
        self.entries.insert(at, entry);
        self.shift(|index| if index >= at { index + 1 } else { index });
        self.keep_within(MAX_BYTES_OF_ONE);
        true
    }

    /// Drops the oldest entries until there are no more than [`MAX_ENTRIES`], and the others take at most so many bytes.
    pub(super) fn keep_within(&mut self, bytes: usize) {
        while self.entries.len() > MAX_ENTRIES || self.bytes > bytes && !self.entries.is_empty() {
            self.remove(0);
            if self.reach.older == Older::Beginning {
                self.reach.older = Older::More;
            }
        }
    }

    /// The bytes that the entries take.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// The oldest loaded message that has its number.
    #[must_use]
    pub fn oldest(&self) -> Option<MessageId> {
        self.entries.iter().find_map(|entry| entry.id)
    }

    /// Whether there is room for another page of older messages.
    #[must_use]
    pub fn has_room(&self) -> bool {
        self.entries.len() + MAX_PAGE <= MAX_ENTRIES && self.bytes + PAGE_BYTES <= MAX_BYTES_OF_ONE
    }

    /// The newest loaded message that has its number.
    #[must_use]
    pub fn newest(&self) -> Option<MessageId> {
        self.entries.iter().rev().find_map(|entry| entry.id)
    }

    /// Puts the "new" line above the first message of others after the newest one that was read.
    pub(crate) fn draw_new_line(&mut self) {
        let Some(read) = self.reach.new_after else { return };
        let new =
            |entry: &ChatEntry| entry.id > Some(read) && matches!(entry.kind, EntryKind::Message { own: false, .. });
        self.first_unread = self.entries.iter().position(new).or(self.first_unread);
    }

    /// Counts the newest message as unread.
    pub(crate) fn count_unread(&mut self, mention: bool) {
        if self.unread == 0 && self.reach.new_after.is_none() {
            let waits = |entry: &ChatEntry| matches!(entry.mark(), Some(Mark::Sending(_)));
            self.first_unread = self.entries.iter().rposition(|entry| !waits(entry));
        }
        self.unread += 1;
        self.mentions += usize::from(mention);
    }

    /// Counts a message of somebody else that comes while the reader is scrolled back.
    pub(crate) fn count_arrived(&mut self) {
        self.arrived = if self.anchor == Anchor::Bottom { 0 } else { self.arrived + 1 };
    }

    /// The number of messages that came since the reader scrolled back.
    #[must_use]
    pub(crate) fn arrived(&self) -> usize {
        self.arrived
    }

    /// Moves the reader's position.
    pub(crate) fn scroll_to(&mut self, anchor: Anchor) {
        self.anchor = anchor;
        if anchor == Anchor::Bottom {
            self.arrived = 0;
        }
    }

    /// The number of unread messages without the hidden ones, as far as they are loaded; and the number of those that
    /// `mention` matches.
    #[must_use]
    pub fn counted(&self, mention: impl Fn(&ChatEntry) -> bool) -> (usize, usize) {
        if self.unread == 0 {
            return (0, 0);
        }
        let read = self.reach.read;
        let unread = || self.entries.iter().rev().take_while(|entry| entry.id.is_none_or(|id| id > read));
        let whole = self.reach.older == Older::Beginning || self.oldest().is_some_and(|oldest| oldest <= read);
        let seen = |entry: &&ChatEntry| matches!(entry.kind, EntryKind::Message { own: false, .. });
        let shown = if whole { unread().filter(seen).count() } else { self.unread };
        (shown, unread().filter(|entry| mention(entry)).count())
    }

    /// The conversation comes into view: nothing is unread any more; the "new" line still shows where the unread part
    /// began.
    pub fn enter(&mut self) {
        self.unread = 0;
        self.mentions = 0;
    }

    /// Everything up to a message was read in another session of the person.
    pub(crate) fn read_elsewhere(&mut self, id: MessageId, mention: impl Fn(&ChatEntry) -> bool) {
        self.reach.read = self.reach.read.max(id);
        self.reach.told = self.reach.told.max(id);
        let read = self.reach.read;
        // What was read there is not new here: the "new" line moves down, or goes.
        self.reach.new_after =
            self.reach.new_after.map(|after| after.max(read)).filter(|after| *after < self.reach.newest);
        if self.first_unread.take().is_some() {
            let is_new = |entry: &ChatEntry| {
                entry.id.is_none_or(|id| id > read) && matches!(entry.kind, EntryKind::Message { own: false, .. })
            };
            self.first_unread = self.entries.iter().position(is_new);
        }
        if read >= self.reach.newest {
            return self.enter();
        }
        let later = || self.entries.iter().rev().take_while(|entry| entry.id.is_none_or(|id| id > read));
        let of_others = |entry: &&ChatEntry| matches!(entry.kind, EntryKind::Message { own: false, .. });
        self.unread = self.unread.min(later().filter(of_others).count());
        self.mentions = self.mentions.min(later().filter(|entry| mention(entry)).count());
    }

    /// The reader looks elsewhere: what comes from now on is new, and what has been seen is not.
    pub fn look_away(&mut self) {
        if self.unread == 0 && self.anchor == Anchor::Bottom {
            self.reach.new_after = None;
        }
    }

    /// Counts the unread messages that `mention` matches, as far as they are loaded.
    pub fn count_mentions(&mut self, mention: impl Fn(&ChatEntry) -> bool) {
        if self.unread > 0 {
            let seen = |entry: &&ChatEntry| matches!(entry.kind, EntryKind::Message { own: false, .. });
            let unread = self.entries.iter().rev().filter(seen).take(self.unread);
            self.mentions = unread.filter(|entry| mention(entry)).count();
        }
    }

    /// The conversation goes out of view.
    pub fn leave(&mut self) {
        self.first_unread = None;
        self.reach.new_after = None;
        self.reach.found = None;
    }

    /// Adds users who joined or left, to the last row if that is such a row. Who does both is named for the last of it.
    pub fn presence(&mut self, now: Timestamp, names: &[Name], came: bool) {
        if !matches!(self.entries.back(), Some(ChatEntry { kind: EntryKind::Presence { .. }, .. })) {
            let kind = EntryKind::Presence { joined: Crowd::default(), left: Crowd::default() };
            self.add(ChatEntry { time: now, id: None, kind, extra: None });
        }
        let Some(last) = self.entries.back_mut() else { return };
        self.bytes -= last.bytes();
        if let EntryKind::Presence { joined, left } = &mut last.kind {
            let (to, from) = if came { (joined, left) } else { (left, joined) };
            for name in names {
                from.remove(name);
                to.add(name.clone());
            }
        }
        self.bytes += last.bytes();
    }

    /// The index at which a message with this number belongs; `None` if it is there already. Searches from the end, no
    /// further than needed. Messages that are still on their way come after it, because their numbers will be higher.
    fn place(&self, id: Option<MessageId>) -> Option<usize> {
        let mut place = self.entries.len();
        let Some(id) = id else { return Some(place) };
        for (at, entry) in self.entries.iter().enumerate().rev() {
            match entry.id {
                Some(other) if other == id => return None,
                Some(other) if other < id => break,
                Some(_) => place = at,
                None if matches!(entry.mark(), Some(Mark::Sending(_))) => place = at,
                None => {}
            }
        }
        Some(place)
    }

    fn position(&self, reference: &str) -> Option<usize> {
        self.entries.iter().rposition(|entry| entry.is_sending(reference))
    }

    fn remove(&mut self, at: usize) -> Option<ChatEntry> {
        let entry = self.entries.remove(at)?;
        self.bytes -= entry.bytes();
        self.not_sent -= usize::from(entry.is_not_sent());
        self.shift(|index| if index > at { index - 1 } else { index });
        Some(entry)
    }

    /// Moves everything that points at entries along with them.
    fn shift(&mut self, to: impl Fn(usize) -> usize) {
        if let Anchor::At(entry, _) = &mut self.anchor {
            *entry = to(*entry);
        }
        self.first_unread = self.first_unread.map(to);
    }
}
