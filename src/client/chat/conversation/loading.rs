//! Loading history page by page, and unloading it.
//!
//! Must not know: how a page is requested.

use std::collections::VecDeque;

use super::{Anchor, Conversation, MAX_BYTES_OF_ONE};
use crate::client::chat::entry::{ChatEntry, EntryKind, Mark};
use crate::client::chat::reach::Older;
use crate::model::{MessageId, Zone};

impl Conversation {
    /// Inserts a page in front of all entries, in the order of the messages' numbers. What the reader sees stays in
    /// place.
    pub(crate) fn take_older(&mut self, page: Vec<ChatEntry>, zone: &Zone) {
        let oldest = self.oldest();
        // Messages after the oldest loaded one are loaded already, or fill a gap.
        let (older, rest): (Vec<_>, Vec<_>) =
            page.into_iter().partition(|entry| oldest.is_none_or(|oldest| entry.id < Some(oldest)));
        let day = |entry: Option<&ChatEntry>| entry.map(|entry| entry.time.day(zone));
        if let Anchor::At(0, row) = &mut self.anchor
            && !older.is_empty()
        {
            // The rows above the anchor are gone: "loading", and the date unless the page ends on another day.
            let loading = usize::from(self.reach.older == Older::Loading);
            let gone = loading + usize::from(day(older.last()) == day(self.entries.front()));
            *row = row.saturating_sub(gone);
        }
        let mut before = None;
        let mut count = 0;
        for entry in older.into_iter().rev() {
            // From the back, in the order of their numbers, so that a duplicate follows its twin.
            if before == Some(entry.id) {
                continue;
            }
            before = Some(entry.id);
            if matches!(entry.kind, EntryKind::Message { .. }) {
                self.active = self.active.max(entry.time);
            }
            self.reach.saw(entry.id);
            self.bytes += entry.bytes();
            self.entries.push_front(entry);
            count += 1;
        }
        self.shift(|index| index + count);
        self.keep_within(MAX_BYTES_OF_ONE);
        self.take_newer(rest);
    }

    /// Inserts messages where their numbers belong.
    pub(crate) fn take_newer(&mut self, page: Vec<ChatEntry>) {
        for entry in page {
            self.add(entry);
        }
    }

    /// Unloads all entries up to a message: there is a gap after it.
    pub(crate) fn forget_up_to(&mut self, id: MessageId) {
        let up_to = self.entries.iter().rposition(|entry| entry.id.is_some_and(|other| other <= id));
        self.let_go(up_to.map_or(0, |last| last + 1));
        self.reach.older = Older::Unknown;
    }

    /// Unloads the first `count` entries, but not messages that wait to be sent.
    fn let_go(&mut self, count: usize) {
        let waits = |entry: &ChatEntry| matches!(entry.mark(), Some(Mark::Sending(_) | Mark::NotSent { .. }));
        let rest = self.entries.split_off(count.min(self.entries.len()));
        let kept: VecDeque<ChatEntry> = self.entries.drain(..).filter(waits).collect();
        let gone = count.saturating_sub(kept.len());
        self.entries = kept;
        self.entries.extend(rest);
        self.bytes = self.entries.iter().map(ChatEntry::bytes).sum();
        self.shift(|index| index.saturating_sub(gone));
        self.first_unread = None;
    }

    /// The position of a message, if everything after it is loaded, too.
    #[must_use]
    pub fn loaded(&self, id: MessageId) -> Option<usize> {
        let whole = self.reach.floor.is_none_or(|floor| floor <= id);
        self.entries.iter().position(|entry| entry.id == Some(id)).filter(|_| whole)
    }

    /// Unloads everything, to start again at another place in the history; messages that wait to be sent stay.
    pub fn detach(&mut self) {
        self.let_go(self.entries.len());
        self.reach.detached = true;
        self.reach.older = Older::Loading;
        self.reach.floor = None;
        self.reach.hole = None;
        self.scroll_to(Anchor::Bottom);
    }

    /// Clears the view: unloads everything but messages that wait to be sent, until the reader scrolls back.
    pub(crate) fn clear(&mut self) {
        self.attach();
        self.let_go(self.entries.len());
        // Nothing of what was said directly is kept anywhere else.
        self.reach.older = if self.venue.direct().is_some() { Older::Beginning } else { Older::Unknown };
        self.reach.floor = None;
        self.reach.cleared = true;
    }

    /// Returns to the newest messages; if the reader was elsewhere, they must be loaded again.
    pub(crate) fn attach(&mut self) {
        self.scroll_to(Anchor::Bottom);
        self.reach.found = None;
        if std::mem::take(&mut self.reach.detached) {
            self.let_go(self.entries.len());
            self.reach.older = Older::Unknown;
            self.reach.floor = None;
            self.reach.newer = false;
            self.reach.again = false;
        }
    }
}
