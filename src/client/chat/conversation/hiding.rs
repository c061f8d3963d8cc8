//! Messages that are deleted for all, or hidden from one who ignores their sender.
//!
//! Must not know: who may delete, or who is ignored.

use super::Conversation;
use crate::client::chat::entry::{Entry, Kind};
use crate::model::{MessageId, Name};

impl Conversation {
    /// A mark stands in a message's place from now on; nothing if it is not loaded.
    pub fn delete(&mut self, id: MessageId, from: Name, by: Name) {
        if let Some(entry) = self.entries.iter_mut().rev().find(|entry| entry.id == Some(id)) {
            entry.kind = Kind::Deleted { from, by };
        }
    }

    /// Hides the messages of those who are ignored, and shows those of all others.
    pub fn hide(&mut self, ignored: impl Fn(&Name) -> bool) {
        for entry in &mut self.entries {
            let kind = std::mem::replace(&mut entry.kind, Kind::Notice(Default::default()));
            entry.kind = kind.hidden(&ignored);
        }
    }

    /// The newest messages that can be seen and have their number, the newest first.
    pub fn newest_messages(&self) -> impl Iterator<Item = &Entry> {
        let seen = |entry: &&Entry| entry.id.is_some() && matches!(entry.kind, Kind::Message { .. });
        self.entries.iter().rev().filter(seen)
    }

    /// Keeps a message that is shown elsewhere, and so few before it that they can be named by their place.
    pub fn note(&mut self, entry: Entry, most: usize) {
        self.add(entry);
        while self.entries.len() > most {
            self.remove(0);
        }
    }
}

impl Kind {
    /// The same, hidden if its sender is ignored and shown if not.
    #[must_use]
    pub fn hidden(self, ignored: &impl Fn(&Name) -> bool) -> Self {
        let shown = if let Self::Hidden(kind) = self { *kind } else { self };
        match &shown {
            Self::Message { from, own: false, .. } if ignored(from) => Self::Hidden(Box::new(shown)),
            _ => shown,
        }
    }
}
