//! The search: the keys of its dialog, its request, and its answer.
//!
//! Must not know: how results look, or how the messages around them are loaded.

use super::History;
use crate::client::chat::entry::EntryKind;
use crate::client::chat::mentions::MentionSearch;
use crate::client::chat::search::{Hit, SearchDialog, SearchState};
use crate::client::key::Key;
use crate::client::text::editor::Editor;
use crate::client::text::kill_ring::KillRing;
use crate::language::chat as say;
use crate::model::{MessageId, Name, Target, Text, Timestamp, Zone};
use crate::protocol::query::{MAX_TERMS, QueryError};
use crate::protocol::{Code, Query};

/// How many rows PageUp and PageDown move.
const PAGE: isize = 10;

/// The outcome of a key in the dialog of the search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::client::session) enum SearchKey {
    /// Nothing beyond the dialog.
    Nothing,
    /// Search for what is written.
    Ask,
    /// Go to a result.
    GoTo(Hit),
}

impl History {
    pub(in crate::client::session) fn search(&self) -> &SearchDialog {
        &self.search
    }

    /// Opens or closes the dialog.
    pub(in crate::client::session) fn open_search(&mut self, open: bool) {
        // Asked for once more, it takes other words.
        self.search.in_list &= !(open && self.search.open);
        self.search.kept |= open && !self.search.open;
        self.search.open = open;
    }

    /// Starts a search for messages that have one of these words.
    pub(in crate::client::session) fn search_mentions(&mut self, words: &[String], zone: &Zone) {
        self.search.ask_mentions(MentionSearch::new(words, zone));
    }

    /// Ends a search for mentions: the dialog takes words again.
    pub(in crate::client::session) fn end_mentions(&mut self) {
        self.search.end_mentions();
    }

    /// The next query of a search for mentions, if one may be asked now.
    pub(in crate::client::session) fn next_mention(&mut self, now: Timestamp) -> Option<Query> {
        self.search.mentions_under_way()?.next(now)
    }

    /// The next query of a search for mentions was requested under this label.
    pub(in crate::client::session) fn mention_asked(&mut self, label: String) {
        self.search.state = SearchState::Asked(label);
    }

    /// The server has no time for the query of a search for mentions; `false` if the search is another one.
    pub(in crate::client::session) fn postpone_mention(&mut self, code: Code, now: Timestamp) -> bool {
        let busy = matches!(code, Code::Busy | Code::RateLimited | Code::StoreUnavailable);
        let Some(mentions) = self.search.mentions_under_way().filter(|_| busy) else { return false };
        mentions.postpone(now);
        self.search.state = SearchState::GoesOn;
        true
    }

    /// When the next query of a search for mentions may be asked.
    pub(super) fn mention_deadline(&self) -> Option<Timestamp> {
        self.search.mentions().filter(|_| self.search.awaits_anything())?.deadline()
    }

    /// Fills in the words to search for.
    pub(in crate::client::session) fn write_search(&mut self, words: &str) {
        self.search.editor = Editor::with(Text::line(words).as_str());
    }

    /// The query as it is written; `able` if there is a server that searches.
    ///
    /// # Errors
    /// The query is invalid, or there is no such server.
    pub(in crate::client::session) fn search_query(&mut self, able: bool, zone: &Zone) -> Result<Query, String> {
        let text = Text::line(&self.search.editor.text());
        self.search.in_list = false;
        let query = match Query::parse(text.as_str(), zone) {
            Ok(query) if able => return Ok(query),
            Ok(_) => Err(say::search_once_online().to_owned()),
            Err(error) => Err(query_sentence(&error)),
        };
        self.search.ask(String::new(), Vec::new());
        query
    }

    /// The search was requested under this label.
    pub(in crate::client::session) fn search_asked(&mut self, label: String, query: Query) {
        self.search.ask(label, query.terms);
    }

    /// The search failed.
    pub(in crate::client::session) fn search_failed(&mut self, why: String) {
        self.search.state = SearchState::Failed(why);
    }

    /// Takes a result.
    pub(super) fn add_hit(&mut self, id: Option<MessageId>, time: Option<Timestamp>, target: Target, kind: EntryKind) {
        let (Some(id), Some(time), EntryKind::Message { from, verified, own, text, .. }) = (id, time, kind) else {
            return;
        };
        self.search.add(Hit { id, time, target, from, verified, text }, own);
    }

    /// The answer is complete: the results, oldest first. `None` if it was not requested, or if others are to come.
    pub(in crate::client::session) fn search_ended(
        &mut self,
        label: &str,
        more: bool,
        damaged: usize,
    ) -> Option<impl Iterator<Item = &Hit>> {
        if !self.search.awaits(Some(label)) {
            return None;
        }
        self.search.done(more, damaged);
        if self.search.awaits_anything() {
            return None;
        }
        Some(self.search.hits().iter().rev())
    }

    /// Removes results from ignored users.
    pub(in crate::client::session) fn hide_hits(&mut self, ignored: impl Fn(&Name) -> bool) {
        self.search.hide(ignored);
    }

    /// A message was deleted.
    pub(in crate::client::session) fn deleted(&mut self, id: MessageId) {
        self.search.delete(id);
    }

    /// A message was edited.
    pub(in crate::client::session) fn edited(&mut self, id: MessageId, text: &Text) {
        self.search.edit(id, text);
    }

    /// Pasted text goes into the dialog.
    pub(in crate::client::session) fn search_paste(&mut self, raw: &str) {
        self.search.end_mentions();
        self.search.in_list = false;
        self.search.replace_kept();
        self.search.editor.insert(Text::line(raw).as_str());
    }

    /// Moves the cursor in the results, if there are any.
    pub(in crate::client::session) fn step_hits(&mut self, by: isize) {
        self.search.in_list = !self.search.hits().is_empty();
        self.search.step(by);
    }

    /// What is typed changes what is searched for.
    pub(in crate::client::session) fn step_out_of_hits(&mut self) {
        self.search.in_list = false;
    }

    /// A key while the dialog is open.
    pub(in crate::client::session) fn search_key(&mut self, key: Key) -> SearchKey {
        let search = &mut self.search;
        match key {
            Key::Esc => search.open = false,
            Key::Tab | Key::BackTab if search.is_for_mentions() => {}
            Key::Tab | Key::BackTab => search.in_list = !search.in_list && !search.hits().is_empty(),
            Key::Enter => match search.picked().cloned() {
                Some(hit) => {
                    search.open = false;
                    return SearchKey::GoTo(hit);
                }
                None => return SearchKey::Ask,
            },
            Key::Up if search.in_list && search.is_for_mentions() => move_by(search, -1),
            Key::Up if search.in_list => search.in_list = search.step(-1),
            Key::Down if search.in_list => move_by(search, 1),
            Key::Down => search.in_list = !search.hits().is_empty(),
            Key::PageUp if search.in_list => move_by(search, -PAGE),
            Key::PageDown if search.in_list => move_by(search, PAGE),
            Key::Home if search.in_list => move_by(search, isize::MIN),
            Key::End if search.in_list => move_by(search, isize::MAX),
            key if search.is_for_mentions() && !matches!(key, Key::Char(_)) => {}
            key => {
                // Who types searches for words.
                search.end_mentions();
                match key {
                    Key::Char(_) | Key::Backspace | Key::Delete => search.replace_kept(),
                    _ => search.kept = false,
                }
                // Typing always goes to the text, whatever has the focus.
                search.in_list = false;
                search.editor.key(key, &mut KillRing::default());
            }
        }
        SearchKey::Nothing
    }
}

/// Moves the cursor; at its edges the list keeps the focus.
fn move_by(search: &mut SearchDialog, by: isize) {
    search.step(by);
}

/// What is wrong with the words of a search.
fn query_sentence(error: &QueryError) -> String {
    match error {
        QueryError::Empty => say::search_for_a_word().to_owned(),
        QueryError::TooMany => say::too_many_words(MAX_TERMS),
        QueryError::Day(written) => say::not_a_date(written),
    }
}
