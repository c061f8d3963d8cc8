//! Messages that came while earlier ones were missing, and wait for those: plain mode prints in order.
//!
//! Must not know: how missed messages are requested.

use super::Conversation;
use crate::client::chat::entry::ChatEntry;
use crate::model::MessageId;
use crate::protocol::limits::MAX_PAGE;

/// The most messages that wait.
const MAX_WAITING: usize = MAX_PAGE;

impl Conversation {
    /// A message waits for those that were missed before it. If too many do, all of them are requested again with those.
    pub(crate) fn wait(&mut self, entry: ChatEntry) {
        if self.reach.again {
            return;
        }
        if self.waiting.len() < MAX_WAITING {
            return self.waiting.push(entry);
        }
        self.waiting = Vec::new();
        self.reach.again = true;
    }

    /// The messages that have waited and come after this one.
    pub(crate) fn take_waiting(&mut self, after: MessageId) -> Vec<ChatEntry> {
        let mut waiting = std::mem::take(&mut self.waiting);
        waiting.retain(|entry| entry.id > Some(after));
        waiting
    }

    /// The connection is lost. The messages that waited are requested again, together with those that were missed.
    pub(crate) fn cut(&mut self) {
        self.waiting = Vec::new();
        self.reach.cut();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::chat::entry::EntryKind;
    use crate::client::chat::venue::Venue;
    use crate::model::{Target, Text, Timestamp};

    #[test]
    fn as_many_messages_wait_as_fit_and_then_all_are_requested_again() {
        let mut conversation = Conversation::new(Venue::Server(Target::Everyone));
        let entry = |number: usize| ChatEntry {
            time: Timestamp(0),
            id: Some(MessageId(number as u64)),
            kind: EntryKind::Notice(Text::line("x")),
            extra: None,
        };
        let numbers = |entries: Vec<ChatEntry>| entries.iter().filter_map(|entry| entry.id).collect::<Vec<_>>();
        (1..=MAX_WAITING).for_each(|number| conversation.wait(entry(number)));
        assert!(!conversation.reach.again);
        let last = MessageId(MAX_WAITING as u64);
        assert_eq!(numbers(conversation.take_waiting(MessageId(last.0 - 1))), [last]);
        assert_eq!(numbers(conversation.take_waiting(MessageId(0))), []);
        (0..=MAX_WAITING).for_each(|number| conversation.wait(entry(number)));
        assert!(conversation.reach.again);
        conversation.wait(entry(MAX_WAITING));
        assert_eq!(numbers(conversation.take_waiting(MessageId(0))), []);
        conversation.cut();
        assert!(!conversation.reach.again);
    }
}
