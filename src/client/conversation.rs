//! One conversation: its entries in the server's order, what is unread, where its reader stands.
//!
//! Must not know: rows and columns beyond the anchor it keeps, or the connection.

use std::collections::VecDeque;

use chrono::FixedOffset;

use super::editor::Editor;
use super::entry::{Crowd, Entry, Kind, Mark};
use super::people::folded;
use super::reach::{Older, Reach};
use crate::model::room::ROOM_SIGN;
use crate::model::{MessageId, Name, RoomName, Target, Timestamp};
use crate::protocol::limits::MAX_PAGE;

/// How many entries a conversation keeps; the oldest go first.
pub const MAX_ENTRIES: usize = 100_000;

/// Where the reader stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Anchor {
    /// At the newest entry, going along with what comes.
    #[default]
    Bottom,
    /// The first visible row is this row of this entry.
    At(usize, usize),
}

/// What a room is looked up by: the same for all spellings of one, and no user's.
#[must_use]
pub fn room_key(room: &RoomName) -> String {
    format!("{ROOM_SIGN}{}", room.key().folded)
}

/// A conversation with everyone, with one user, or in a room.
#[derive(Clone, Debug)]
pub struct Conversation {
    /// With whom.
    pub target: Target,
    /// What is being written there while another conversation is in view.
    pub draft: Editor,
    /// Where the reader stands.
    pub anchor: Anchor,
    /// How many messages came since it was last in view.
    pub unread: usize,
    /// When something last came or went.
    pub active: Timestamp,
    /// How much of it is loaded and read.
    pub reach: Reach,
    /// Whether it was told that the other is offline and will see what is written later.
    pub told_offline: bool,
    entries: VecDeque<Entry>,
    first_unread: Option<usize>,
    key: Option<String>,
    longest_name: usize,
    not_sent: usize,
}

impl Conversation {
    /// An empty conversation.
    #[must_use]
    pub fn new(target: Target) -> Self {
        let key = match &target {
            Target::Everyone => None,
            Target::User(name) => Some(folded(name)),
            Target::Room(room) => Some(room_key(room)),
        };
        Self {
            target,
            draft: Editor::default(),
            anchor: Anchor::Bottom,
            unread: 0,
            active: Timestamp::default(),
            reach: Reach::default(),
            told_offline: false,
            entries: VecDeque::new(),
            first_unread: None,
            key,
            longest_name: 0,
            not_sent: 0,
        }
    }

    /// The name it is with, with its case folded, or the room; `None` for everyone.
    #[must_use]
    pub fn key(&self) -> Option<&str> {
        self.key.as_deref()
    }

    /// What it holds, oldest first.
    #[must_use]
    pub fn entries(&self) -> &VecDeque<Entry> {
        &self.entries
    }

    /// The entry above which the "new" line stands.
    #[must_use]
    pub fn first_unread(&self) -> Option<usize> {
        self.first_unread
    }

    /// The cells of the widest name in it.
    #[must_use]
    pub fn longest_name(&self) -> usize {
        self.longest_name
    }

    /// How many of one's own messages were not sent.
    #[must_use]
    pub fn not_sent(&self) -> usize {
        self.not_sent
    }

    /// Puts an entry at its place: by its number if it has one, otherwise at the end. `false` if it is there already.
    pub fn add(&mut self, entry: Entry) -> bool {
        let Some(at) = self.place(entry.id) else { return false };
        if let Kind::Message { from, .. } = &entry.kind {
            self.longest_name = self.longest_name.max(super::wrap::cells(from.as_str()));
        }
        self.not_sent += usize::from(entry.is_not_sent());
        self.active = self.active.max(entry.time);
        self.reach.saw(entry.id);
        self.entries.insert(at, entry);
        self.shift(|index| if index >= at { index + 1 } else { index });
        while self.entries.len() > MAX_ENTRIES {
            self.remove(0);
        }
        true
    }

    /// The oldest message that has its place.
    #[must_use]
    pub fn oldest(&self) -> Option<MessageId> {
        self.entries.iter().find_map(|entry| entry.id)
    }

    /// Whether older messages may still be loaded.
    #[must_use]
    pub fn has_room(&self) -> bool {
        self.entries.len() + MAX_PAGE <= MAX_ENTRIES
    }

    /// Puts messages before all that is there, in the order of their numbers. What the reader sees stays where it is.
    pub fn take_older(&mut self, page: Vec<Entry>, zone: FixedOffset) {
        let oldest = self.oldest();
        // Those beyond the oldest one are there already, or fill a place among them.
        let (older, rest): (Vec<_>, Vec<_>) =
            page.into_iter().partition(|entry| oldest.is_none_or(|oldest| entry.id < Some(oldest)));
        let day = |entry: Option<&Entry>| entry.map(|entry| entry.time.day(zone));
        if let Anchor::At(0, row) = &mut self.anchor
            && !older.is_empty()
        {
            // What stood above it is gone: that older ones are on their way, and its day where that is no new one.
            let loading = usize::from(self.reach.older == Older::Loading);
            let gone = loading + usize::from(day(older.last()) == day(self.entries.front()));
            *row = row.saturating_sub(gone);
        }
        let mut before = None;
        let mut count = 0;
        for entry in older.into_iter().rev() {
            // In the order of their numbers from the back, so that one that comes twice stands beside itself.
            if before == Some(entry.id) {
                continue;
            }
            before = Some(entry.id);
            if let Kind::Message { from, .. } = &entry.kind {
                self.longest_name = self.longest_name.max(super::wrap::cells(from.as_str()));
            }
            self.reach.saw(entry.id);
            self.entries.push_front(entry);
            count += 1;
        }
        self.shift(|index| index + count);
        self.take_newer(rest);
    }

    /// Puts messages where their numbers belong.
    pub fn take_newer(&mut self, page: Vec<Entry>) {
        for entry in page {
            self.add(entry);
        }
    }

    /// Lets go of all messages up to this one, and of what was told beside them: there is a gap after it.
    pub fn forget_up_to(&mut self, id: MessageId) {
        let up_to = self.entries.iter().rposition(|entry| entry.id.is_some_and(|other| other <= id));
        self.let_go(up_to.map_or(0, |last| last + 1));
        self.reach.older = Older::Unknown;
    }

    /// Lets go of the first so many entries, but for what waits to be sent.
    fn let_go(&mut self, count: usize) {
        let waits = |entry: &Entry| matches!(entry.mark(), Some(Mark::Sending(_) | Mark::NotSent { .. }));
        let rest = self.entries.split_off(count.min(self.entries.len()));
        let kept: VecDeque<Entry> = self.entries.drain(..).filter(waits).collect();
        let gone = count.saturating_sub(kept.len());
        self.entries = kept;
        self.entries.extend(rest);
        self.shift(|index| index.saturating_sub(gone));
        self.first_unread = None;
    }

    /// Where the message of this number stands, if it is loaded together with what lies around it.
    #[must_use]
    pub fn loaded(&self, id: MessageId) -> Option<usize> {
        let whole = self.reach.floor.is_none_or(|floor| floor <= id);
        self.entries.iter().position(|entry| entry.id == Some(id)).filter(|_| whole)
    }

    /// Lets go of what is loaded, to begin anew at another place; what waits to be sent stays.
    pub fn detach(&mut self) {
        self.let_go(self.entries.len());
        self.reach.detached = true;
        self.reach.older = Older::Loading;
        self.reach.floor = None;
        self.reach.hole = None;
        self.anchor = Anchor::Bottom;
    }

    /// Goes back to the newest messages, which have to be loaded, if it was elsewhere.
    pub fn attach(&mut self) {
        self.anchor = Anchor::Bottom;
        self.reach.found = None;
        if std::mem::take(&mut self.reach.detached) {
            self.let_go(self.entries.len());
            self.reach.older = Older::Unknown;
            self.reach.floor = None;
            self.reach.newer = false;
            self.reach.again = false;
        }
    }

    /// Whether the server has given it its place: by number, the newest that is loaded.
    #[must_use]
    pub fn newest(&self) -> Option<MessageId> {
        self.entries.iter().rev().find_map(|entry| entry.id)
    }

    /// The "new" line stands above the first message of somebody else after what was read.
    pub fn draw_new_line(&mut self) {
        let Some(read) = self.reach.new_after else { return };
        let new = |entry: &Entry| entry.id > Some(read) && matches!(entry.kind, Kind::Message { own: false, .. });
        self.first_unread = self.entries.iter().position(new).or(self.first_unread);
    }

    /// Counts the newest message as not seen.
    pub fn count_unread(&mut self) {
        if self.unread == 0 && self.reach.new_after.is_none() {
            let waits = |entry: &Entry| matches!(entry.mark(), Some(Mark::Sending(_)));
            self.first_unread = self.entries.iter().rposition(|entry| !waits(entry));
        }
        self.unread += 1;
    }

    /// The conversation comes into view: nothing is unread, and the "new" line says where it began.
    pub fn enter(&mut self) {
        self.unread = 0;
    }

    /// The conversation goes out of view.
    pub fn leave(&mut self) {
        self.first_unread = None;
        self.reach.new_after = None;
        self.reach.found = None;
    }

    /// The server has accepted the message on its way under `reference`: it goes to its place.
    pub fn accept(&mut self, reference: &str, id: Option<MessageId>, time: Option<Timestamp>) -> bool {
        let Some(mut entry) = self.position(reference).and_then(|at| self.remove(at)) else { return false };
        if let Kind::Message { mark, .. } = &mut entry.kind {
            *mark = Mark::Accepted;
        }
        entry.id = id;
        entry.time = time.unwrap_or(entry.time);
        // If its copy came before, the copy stays.
        self.add(entry);
        true
    }

    /// The message on its way under `reference` was not sent, or if that is `unsure`, perhaps not.
    pub fn fail(&mut self, reference: &str, me_too: bool, unsure: bool) -> bool {
        let at = self.position(reference);
        self.fail_at(at, Mark::NotSent { me_too, unsure })
    }

    /// The last own message without a number was not sent, as turned out.
    pub fn fail_last(&mut self) -> bool {
        let sent = |entry: &Entry| {
            entry.id.is_none() && matches!(entry.kind, Kind::Message { own: true, mark: Mark::Accepted, .. })
        };
        let at = self.entries.iter().rposition(sent);
        self.fail_at(at, Mark::NotSent { me_too: false, unsure: false })
    }

    fn fail_at(&mut self, at: Option<usize>, failed: Mark) -> bool {
        let entry = at.and_then(|at| self.entries.get_mut(at));
        let Some(Entry { kind: Kind::Message { mark, .. }, .. }) = entry else { return false };
        *mark = failed;
        self.not_sent += 1;
        true
    }

    /// Takes out the messages that were not sent, oldest first.
    pub fn take_not_sent(&mut self) -> Vec<Entry> {
        let mut taken = Vec::new();
        let mut at = 0;
        while self.not_sent > 0 && at < self.entries.len() {
            if self.entries.get(at).is_some_and(Entry::is_not_sent) {
                taken.extend(self.remove(at));
            } else {
                at += 1;
            }
        }
        taken
    }

    /// Tells who came or went, in the same row as those just before.
    pub fn presence(&mut self, now: Timestamp, names: &[Name], came: bool) {
        if !matches!(self.entries.back(), Some(Entry { kind: Kind::Presence { .. }, .. })) {
            let kind = Kind::Presence { joined: Crowd::default(), left: Crowd::default() };
            self.add(Entry { time: now, id: None, kind });
        }
        if let Some(Entry { kind: Kind::Presence { joined, left }, .. }) = self.entries.back_mut() {
            let crowd = if came { joined } else { left };
            names.iter().cloned().for_each(|name| crowd.add(name));
        }
    }

    /// Where a message of this number goes; `None` if it is there already. Looks no further back than needed. What is
    /// still on its way comes after it, since its own number will be higher.
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

    fn remove(&mut self, at: usize) -> Option<Entry> {
        let entry = self.entries.remove(at)?;
        self.not_sent -= usize::from(entry.is_not_sent());
        self.shift(|index| if index > at { index - 1 } else { index });
        Some(entry)
    }

    /// Entries moved: what points at them moves along.
    fn shift(&mut self, to: impl Fn(usize) -> usize) {
        if let Anchor::At(entry, _) = &mut self.anchor {
            *entry = to(*entry);
        }
        self.first_unread = self.first_unread.map(to);
    }
}
