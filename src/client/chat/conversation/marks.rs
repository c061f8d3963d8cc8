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
        self.fail_at(at, Mark::NotSent { label: reference.to_owned(), me_too, unsure })
    }

    /// The user's newest message without a number turned out not to be sent; it is labelled `reference` from now on.
    pub(crate) fn fail_last(&mut self, reference: String) -> bool {
        let sent = |entry: &ChatEntry| {
            entry.id.is_none() && matches!(entry.kind, EntryKind::Message { own: true, mark: Mark::Accepted, .. })
        };
        let at = self.entries.iter().rposition(sent);
        self.fail_at(at, Mark::NotSent { label: reference, me_too: false, unsure: false })
    }

    fn fail_at(&mut self, at: Option<usize>, failed: Mark) -> bool {
        let entry = at.and_then(|at| self.entries.get_mut(at));
        let Some(ChatEntry { kind: EntryKind::Message { mark, .. }, .. }) = entry else { return false };
        *mark = failed;
        self.not_sent += 1;
        true
    }

    /// The message labelled `reference`, if it was not sent.
    pub(crate) fn unsent(&self, reference: &str) -> Option<&ChatEntry> {
        self.entries.iter().rev().find(|entry| entry.is_unsent(reference))
    }

    /// Takes out the message labelled `reference`, if it was not sent.
    pub(crate) fn take_unsent(&mut self, reference: &str) -> Option<ChatEntry> {
        self.remove(self.entries.iter().rposition(|entry| entry.is_unsent(reference))?)
    }
}
