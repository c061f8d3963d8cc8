//! The delivery state of the user's own messages: accepted, not sent, to be resent.
//!
//! Must not know: who sends them, or why one was refused.

use super::Conversation;
use crate::client::chat::entry::{ChatEntry, EntryKind, Mark};
use crate::model::{MessageId, Text, Timestamp};

impl Conversation {
    /// The server has accepted the message labelled `reference`; it moves to its place.
    pub fn accept(&mut self, reference: &str, id: Option<MessageId>, time: Option<Timestamp>) -> bool {
        let Some(mut entry) = self.position(reference).and_then(|at| self.remove(at)) else { return false };
        if let EntryKind::Message { mark, .. } = &mut entry.kind {
            *mark = Mark::Accepted;
        }
        entry.id = id;
        entry.time = time.unwrap_or(entry.time);
        // If a copy of it came first, the copy stays.
        self.add(entry);
        true
    }

    /// The message labelled `reference`, which waits, has another text.
    pub(crate) fn rewrite(&mut self, reference: &str, text: Text) {
        let Some(entry) = self.position(reference).and_then(|at| self.entries.get_mut(at)) else { return };
        self.bytes -= entry.bytes();
        if let Some(shown) = entry.kind.text_mut() {
            *shown = text;
        }
        self.bytes += entry.bytes();
    }

    /// The message labelled `reference`, which waits, is not to be sent.
    pub(crate) fn withdraw(&mut self, reference: &str) {
        if let Some(at) = self.position(reference) {
            self.remove(at);
        }
    }

    /// The message labelled `reference` was not sent, or if `unsure`, perhaps not.
    pub fn fail(&mut self, reference: &str, me_too: bool, unsure: bool) -> bool {
        let at = self.position(reference);
        self.fail_at(at, Mark::NotSent { me_too, unsure })
    }

    /// The user's newest message without a number turned out not to be sent.
    pub(crate) fn fail_last(&mut self) -> bool {
        let sent = |entry: &ChatEntry| {
            entry.id.is_none() && matches!(entry.kind, EntryKind::Message { own: true, mark: Mark::Accepted, .. })
        };
        let at = self.entries.iter().rposition(sent);
        self.fail_at(at, Mark::NotSent { me_too: false, unsure: false })
    }

    fn fail_at(&mut self, at: Option<usize>, failed: Mark) -> bool {
        let entry = at.and_then(|at| self.entries.get_mut(at));
        let Some(ChatEntry { kind: EntryKind::Message { mark, .. }, .. }) = entry else { return false };
        *mark = failed;
        self.not_sent += 1;
        true
    }

    /// Takes out the messages that were not sent, oldest first.
    pub(crate) fn take_not_sent(&mut self) -> Vec<ChatEntry> {
        let mut taken = Vec::new();
        let mut at = 0;
        while self.not_sent > 0 && at < self.entries.len() {
            if self.entries.get(at).is_some_and(ChatEntry::is_not_sent) {
                taken.extend(self.remove(at));
            } else {
                at += 1;
            }
        }
        taken
    }
}
