//! Messages that were deleted, and those hidden because their sender is ignored.
//!
//! Must not know: who may delete, or who is ignored.

use super::Conversation;
use crate::client::chat::entry::{ChatEntry, EntryKind};
use crate::model::{MessageId, Name};

impl Conversation {
    /// Replaces a message with its marker; does nothing if it is not loaded. What is known of its sender stays.
    pub fn delete(&mut self, id: MessageId, mut marker: EntryKind) {
        if let Some(entry) = self.entries.iter_mut().rev().find(|entry| entry.id == Some(id)) {
            if let (Some(known), EntryKind::Deleted { verified, .. }) = (entry.kind.sender_verified(), &mut marker) {
                *verified = known;
            }
            self.bytes -= entry.bytes();
            (entry.kind, entry.extra) = (marker, None);
            self.bytes += entry.bytes();
        }
        self.quote_again(id);
    }

    /// Takes a message out, of which no mark stays. Returns whether it was there and was the last one.
    pub(crate) fn expunge(&mut self, id: MessageId) -> bool {
        let Some(at) = self.entries.iter().rposition(|entry| entry.id == Some(id)) else { return false };
        let gone = self.remove(at);
        if id > self.reach.read && gone.is_some_and(|entry| matches!(entry.kind, EntryKind::Message { own: false, .. }))
        {
            self.unread = self.unread.saturating_sub(1);
            self.mentions = self.mentions.min(self.unread);
        }
        self.not_sent == 0 && !self.entries.iter().any(|entry| entry.id.is_some() || entry.mark().is_some())
    }

    /// Hides the messages of ignored users, and shows those of all others.
    pub fn hide(&mut self, ignored: impl Fn(&Name) -> bool) {
        for entry in &mut self.entries {
            let kind = std::mem::replace(&mut entry.kind, EntryKind::Notice(Default::default()));
            entry.kind = kind.hidden(&ignored);
        }
    }

    /// The visible messages that have their number, newest first.
    pub(crate) fn newest_messages(&self) -> impl Iterator<Item = &ChatEntry> {
        let seen = |entry: &&ChatEntry| entry.id.is_some() && matches!(entry.kind, EntryKind::Message { .. });
        self.entries.iter().rev().filter(seen)
    }

    /// The same for a message from the history, which says nothing of what is known of later ones.
    pub(crate) fn note_old(&mut self, entry: ChatEntry, most: usize) {
        let newest = self.reach.newest;
        self.note(entry, most);
        self.reach.newest = newest;
    }

    /// Keeps a message that is shown elsewhere, and only the `most` newest ones, so that they can be named by their
    /// position.
    pub fn note(&mut self, entry: ChatEntry, most: usize) {
        self.add(entry);
        while self.entries.len() > most {
            self.remove(0);
        }
    }
}

impl EntryKind {
    /// Whether the sender of a message was verified; `None` if it is none.
    fn sender_verified(&self) -> Option<bool> {
        match self {
            Self::Message { verified, .. } | Self::Deleted { verified, .. } => Some(*verified),
            Self::Hidden(kind) => kind.sender_verified(),
            Self::Notice(_) | Self::Loud(_) | Self::File { .. } | Self::Presence { .. } => None,
        }
    }

    /// The same content: hidden if its sender is ignored, shown if not.
    #[must_use]
    pub fn hidden(self, ignored: &impl Fn(&Name) -> bool) -> Self {
        let shown = if let Self::Hidden(kind) = self { *kind } else { self };
        match &shown {
            Self::Message { from, own: false, .. } if ignored(from) => Self::Hidden(Box::new(shown)),
            _ => shown,
        }
    }
}
