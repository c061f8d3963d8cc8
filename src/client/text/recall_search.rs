//! The search in what was sent (Ctrl-R): what is typed narrows it at once, as in readline.
//!
//! Must not know: which key does what, or how it is shown.

use super::editor::Editor;
use super::recall::Recall;
use crate::model::Text;

/// The longest query, in bytes; what is typed beyond it is ignored.
pub const MAX_QUERY: usize = 200;

/// A search that is going on.
#[derive(Clone, Debug)]
pub struct RecallSearch {
    query: String,
    /// The index of the text that was found, counted from the newest.
    found: Option<usize>,
    /// Whether the query, as it is now, was found.
    fits: bool,
    /// The draft before the search.
    draft: Editor,
}

impl RecallSearch {
    /// A search without a query; `draft` comes back if it is given up.
    #[must_use]
    pub fn new(draft: Editor) -> Self {
        Self { query: String::new(), found: None, fits: true, draft }
    }

    /// What was typed.
    #[must_use]
    pub fn query(&self) -> &str {
        &self.query
    }

    /// Whether what was typed was found.
    #[must_use]
    pub fn has_found(&self) -> bool {
        self.fits
    }

    /// The draft before the search.
    #[must_use]
    pub fn into_draft(self) -> Editor {
        self.draft
    }

    /// Adds a letter to the query.
    pub fn write(&mut self, letter: char, sent: &Recall, place: &str) {
        let query = Text::line(&format!("{}{letter}", self.query));
        if query.as_str().len() <= MAX_QUERY {
            self.query = query.to_string();
            self.seek(self.found.unwrap_or(0), sent, place);
        }
    }

    /// Removes the last letter of the query, and searches again from the newest.
    pub fn erase(&mut self, sent: &Recall, place: &str) {
        self.query.pop();
        self.found = None;
        self.seek(0, sent, place);
    }

    /// Goes on to the next older text with the query.
    pub fn older(&mut self, sent: &Recall, place: &str) {
        self.seek(self.found.map_or(0, |at| at + 1), sent, place);
    }

    /// The text that was found, or else the draft before the search.
    #[must_use]
    pub fn shown(&self, sent: &Recall, place: &str) -> Editor {
        match self.found.and_then(|at| sent.nth(place, at)) {
            Some(text) => Editor::with(text),
            None => self.draft.clone(),
        }
    }

    /// Searches from an index on. What was found before stays if there is nothing more.
    fn seek(&mut self, from: usize, sent: &Recall, place: &str) {
        if self.query.is_empty() {
            (self.found, self.fits) = (None, true);
            return;
        }
        let found = sent.find(place, from, &self.query).map(|(at, _)| at);
        self.fits = found.is_some();
        self.found = found.or(self.found);
    }
}
