//! The words of a query, folded, and whether a text holds them.
//!
//! Must not know: where texts come from, or what a word is (`words`).

use crate::model::search_words::{fold, holds};
use crate::protocol::Query;

/// The folded words of each term, and whether the last word is only a beginning.
#[derive(Debug)]
pub(super) struct Terms(Vec<(String, bool)>);

impl Terms {
    /// `None` if there are terms, but no words in them: then nothing can match.
    pub(super) fn of(query: &Query) -> Option<Self> {
        let folded = query.terms.iter().map(|term| (fold(&term.text), term.prefix));
        let terms: Vec<_> = folded.filter(|(words, _)| !words.is_empty()).collect();
        (query.terms.is_empty() || !terms.is_empty()).then_some(Self(terms))
    }

    /// Whether a text holds all terms.
    pub(super) fn match_text(&self, text: &str) -> bool {
        if self.0.is_empty() {
            return true;
        }
        let text = fold(text);
        self.0.iter().all(|(words, prefix)| holds(&text, words, *prefix))
    }

    /// Each term's folded words, and whether the last word is only a beginning.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, bool)> {
        self.0.iter().map(|(words, prefix)| (words.as_str(), *prefix))
    }
}
