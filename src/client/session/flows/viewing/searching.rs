//! The search: for words that the person writes, and for what mentions them.
//!
//! Must not know: how results look, or how a visit to one works.

use super::Viewing;
use crate::client::chat::search::Hit;
use crate::language::{chat as say, sending};
use crate::model::Text;
use crate::protocol::{Command, HistoryCommand, Query};

impl Viewing<'_> {
    /// Searches for these words; without any, only opens the dialog of the search. `false` if that fails.
    pub(in crate::client::session) fn search(&mut self, words: &str) -> bool {
        let screen = self.out.is_screen();
        self.ui.close_dialog();
        self.history.end_mentions();
        self.history.open_search(screen);
        if !words.is_empty() {
            self.history.write_search(words);
            self.ask_search();
        }
        screen || self.history.search().awaits_anything()
    }

    /// Searches for all that mentions the person. `false` if that fails.
    pub(in crate::client::session) fn search_mentions(&mut self) -> bool {
        let screen = self.out.is_screen();
        self.ui.close_dialog();
        self.history.open_search(screen);
        self.history.search_mentions(self.link.me().called(), self.out.zone());
        if !self.link.is_online() {
            self.search_failed(say::search_once_online().to_owned());
        }
        self.ask_mention();
        screen || self.history.search().awaits_anything()
    }

    /// Asks for the next word of a search for mentions, if that is due.
    pub(super) fn ask_mention(&mut self) {
        if let Some(query) = self.history.next_mention(self.out.steady()) {
            let label = self.ask_query(&query);
            self.history.mention_asked(label);
        }
    }

    fn ask_query(&mut self, query: &Query) -> String {
        let words = Text::line(&query.to_string());
        self.outbound.ask(Command::History(HistoryCommand::Search(words)), self.out)
    }

    /// Requests the search of the dialog once more, or what is written there.
    pub(in crate::client::session) fn ask_search(&mut self) {
        if self.history.search().is_for_mentions() {
            self.search_mentions();
            return;
        }
        let able = self.link.is_online() && self.link.abilities().search;
        match self.history.search_query(able, self.out.zone()) {
            Ok(query) => {
                let label = self.ask_query(&query);
                self.history.search_asked(label, query);
            }
            Err(why) => self.search_failed(why),
        }
    }

    /// The search failed; its dialog says why, or a notice in plain mode.
    pub(in crate::client::session) fn search_failed(&mut self, why: String) {
        if self.out.is_plain() {
            self.chat.trouble(&why, self.out);
        }
        self.history.search_failed(why);
    }

    /// The answer of the search is complete.
    pub(in crate::client::session) fn search_ended(&mut self, label: &str, more: bool, damaged: usize) {
        let mentions = self.history.search().is_for_mentions();
        let Some(hits) = self.history.search_ended(label, more, damaged) else { return };
        if self.out.is_screen() {
            return;
        }
        let hits: Vec<&Hit> = hits.collect();
        if hits.is_empty() {
            let nothing = if mentions { say::no_mentions() } else { sending::nothing_found() };
            self.chat.news(nothing, self.out);
        }
        for hit in hits {
            self.out.print_hit(hit);
        }
    }
}
