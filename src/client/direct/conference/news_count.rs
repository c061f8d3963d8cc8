//! The count of the server's newest news, of which one was sent after the other: what was overtaken on its way is not
//! believed. Packets from elsewhere may lead astray for a moment, and not for longer.
//!
//! Must not know: what the news are about.

use crate::protocol::conference_packet::is_later;

/// The count of the newest news.
#[derive(Debug, Default)]
pub(super) struct NewsCount {
    newest: Option<u8>,
    /// The count of the last answer, if it contradicted the newest news.
    doubted: Option<u8>,
}

impl NewsCount {
    /// Whether news with this count are to be believed; `is_answer` says whether they answer a request of ours. They are if
    /// none were later, or if two answers in a row say that what was believed did not come from the server.
    pub(super) fn take(&mut self, count: u8, is_answer: bool) -> bool {
        let is_newest = self.newest == Some(count);
        let is_new = self.newest.is_none_or(|newest| is_later(count, newest));
        let is_said_again = is_answer && !is_newest && self.doubted.is_some_and(|doubted| !is_later(doubted, count));
        if is_new || is_said_again {
            *self = Self { newest: Some(count), doubted: None };
            return true;
        }
        if is_answer {
            self.doubted = (!is_newest).then_some(count);
        }
        false
    }
}
