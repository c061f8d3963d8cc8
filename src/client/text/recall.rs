//! What was sent, by conversation: Up and Down go through it, Ctrl-R searches it.
//!
//! Keeps true: what was sent in one conversation is never brought up in another.
//!
//! Must not know: what a conversation is (only its key), where the texts are kept between two runs.

use std::collections::VecDeque;

use crate::client::msg::SentText;

/// The most texts that are kept, of all conversations; beyond that, the oldest is dropped.
pub const MAX_RECALLED: usize = 1000;
/// The bytes that all kept texts may take; beyond that, the oldest are dropped.
pub const MAX_RECALLED_BYTES: usize = 512 * 1024;

/// The texts that were sent, the newest first.
#[derive(Clone, Debug, Default)]
pub struct Recall {
    sent: VecDeque<SentText>,
    bytes: usize,
}

impl Recall {
    /// Adds a text; `false` if it is the same as the one before it in that conversation.
    pub fn add(&mut self, sent: SentText) -> bool {
        if self.nth(&sent.place, 0) == Some(&sent.text) {
            return false;
        }
        self.bytes += sent.text.len();
        self.sent.push_front(sent);
        while self.sent.len() > MAX_RECALLED || self.bytes > MAX_RECALLED_BYTES && self.sent.len() > 1 {
            self.bytes -= self.sent.pop_back().map_or(0, |dropped| dropped.text.len());
        }
        true
    }

    /// The text with this index in a conversation, counted from the newest.
    #[must_use]
    pub fn nth(&self, place: &str, at: usize) -> Option<&str> {
        self.of(place).nth(at)
    }

    /// The number of texts in a conversation.
    #[must_use]
    pub fn count(&self, place: &str) -> usize {
        self.of(place).count()
    }

    /// The newest text of a conversation from this index on that contains `query`, whatever the case; with its index.
    #[must_use]
    pub fn find(&self, place: &str, from: usize, query: &str) -> Option<(usize, &str)> {
        let query = query.to_lowercase();
        self.of(place).enumerate().skip(from).find(|(_, text)| text.to_lowercase().contains(&query))
    }

    fn of(&self, place: &str) -> impl Iterator<Item = &str> {
        self.sent.iter().filter(move |sent| sent.place == place).map(|sent| sent.text.as_str())
    }
}
