//! The search for messages that mention the person: one query for each of the words that call them, because a server
//! finds messages that have all words of a query. The first few follow one another at once, the others at a pace.
//!
//! Must not know: how the server is asked, or how results look.

use std::collections::VecDeque;
use std::time::Duration;

use super::notify;
use crate::model::{Timestamp, Zone, search_words};
use crate::protocol::Query;
use crate::protocol::query::Term;

/// The queries that are sent without a pause between them.
pub const AT_ONCE: usize = 6;
/// The pause before each query after those, so that the person's own messages are never delayed.
pub const PACE: Duration = Duration::from_millis(500);
/// The wait before a query that the server had no time for is repeated.
pub const AGAIN: Duration = Duration::from_secs(5);

/// A search for mentions under way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct MentionSearch {
    /// The words that call the person.
    words: Vec<String>,
    /// The queries that are still to be asked.
    waiting: VecDeque<Query>,
    /// The query under way.
    under_way: Option<Query>,
    /// How many were asked.
    count: usize,
    /// When the next one may be asked.
    next_at: Timestamp,
    /// Whether the server has more results for one of them than it sent.
    more: bool,
    /// The most damaged messages that one of them met: each search meets the same ones.
    damaged: usize,
}

impl MentionSearch {
    /// A search for these words; one that has nothing to search for is left out.
    #[must_use]
    pub(crate) fn new(words: &[String], zone: &Zone) -> Self {
        let mut seen: Vec<String> = Vec::new();
        let mut waiting = VecDeque::new();
        for word in words {
            let folded = search_words::fold(word);
            if seen.contains(&folded) {
                continue;
            }
            seen.push(folded);
            waiting.extend(Query::parse(&format!("\"{word}\""), zone));
        }
        Self { words: words.to_vec(), waiting, ..Self::default() }
    }

    /// What is searched for, to be shown in the results.
    #[must_use]
    pub(crate) fn terms(&self) -> Vec<Term> {
        self.waiting.iter().flat_map(|query| query.terms.iter().cloned()).collect()
    }

    /// Whether a text mentions the person: a server finds the word also in an address or a path.
    #[must_use]
    pub(crate) fn is_mention(&self, text: &str) -> bool {
        self.words.iter().any(|word| notify::mentions(text, word))
    }

    /// The next query, if one may be asked now.
    pub(crate) fn next(&mut self, now: Timestamp) -> Option<Query> {
        if self.under_way.is_some() || self.deadline()? > now {
            return None;
        }
        self.count += 1;
        self.next_at = if self.count < AT_ONCE { now } else { now.after(PACE) };
        self.under_way = self.waiting.pop_front();
        self.under_way.clone()
    }

    /// When the next query may be asked, if there is one.
    #[must_use]
    pub(crate) fn deadline(&self) -> Option<Timestamp> {
        (self.under_way.is_none() && !self.waiting.is_empty()).then_some(self.next_at)
    }

    /// The server has no time for the query under way: it is repeated later.
    pub(crate) fn postpone(&mut self, now: Timestamp) {
        if let Some(query) = self.under_way.take() {
            self.waiting.push_front(query);
        }
        (self.count, self.next_at) = (AT_ONCE, now.after(AGAIN));
    }

    /// The answer to the query under way is complete. After the last one: whether the server has more results than it sent,
    /// and the number of damaged messages.
    pub(crate) fn answered(&mut self, more: bool, damaged: usize) -> Option<(bool, usize)> {
        self.under_way = None;
        self.more |= more;
        self.damaged = self.damaged.max(damaged);
        self.waiting.is_empty().then_some((self.more, self.damaged))
    }
}
