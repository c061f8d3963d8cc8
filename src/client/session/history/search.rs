//! Searching: the dialog's keys, the question, the answer, and going to what was found.
//!
//! Must not know: how what was found looks (`search`), or how what lies around it is loaded (`past`).

use crate::client::action::{self, Action};
use crate::client::chat::conversation::Anchor;
use crate::client::chat::entry::Kind;
use crate::client::chat::search::{Hit, State};
use crate::client::key::Key;
use crate::client::msg::{Effect, Printed};
use crate::client::session::{Mode, Session};
use crate::client::text::editor::Editor;
use crate::model::{MessageId, Target, Text, Timestamp};
use crate::protocol::{Command, HistoryCommand, Query};

/// How many rows PageUp and PageDown move.
const PAGE: isize = 10;

impl Session {
    /// Opens the dialog, with these words searched for at once if there are any. Plain mode prints what is found.
    pub(in crate::client::session) fn search(&mut self, words: &str) -> bool {
        if self.mode == Mode::Plain && words.is_empty() {
            return self.explain(Action::Search);
        }
        if self.connection.online().is_some() && !self.abilities.search {
            self.complain("This server cannot search.");
            return false;
        }
        self.dialog = None;
        self.search.open = self.mode == Mode::Screen;
        if !words.is_empty() {
            self.search.editor = Editor::with(Text::line(words).as_str());
            self.ask_search();
        }
        self.mode == Mode::Screen || self.search.awaits_anything()
    }

    fn ask_search(&mut self) {
        let text = Text::line(&self.search.editor.text());
        self.search.in_list = false;
        let failed = |why: String| State::Failed(why);
        let query = match Query::parse(text.as_str(), self.zone) {
            Ok(query) if self.connection.online().is_some() && self.abilities.search => query,
            Ok(_) => {
                self.search.ask(String::new(), Vec::new());
                return self.search_failed(failed("You are not online; search again once you are.".to_owned()));
            }
            Err(error) => {
                self.search.ask(String::new(), Vec::new());
                return self.search_failed(failed(error.to_string()));
            }
        };
        let label = self.ask(Command::History(HistoryCommand::Search(Text::line(&query.to_string()))), None);
        self.search.ask(label, query.terms);
    }

    fn search_failed(&mut self, state: State) {
        if let (Mode::Plain, State::Failed(why)) = (self.mode, &state) {
            self.complain(why);
        }
        self.search.state = state;
    }

    /// A message that is part of an answer.
    pub(in crate::client::session) fn found(
        &mut self,
        id: Option<MessageId>,
        time: Option<Timestamp>,
        target: Target,
        kind: Kind,
    ) {
        let (Some(id), Some(time), Kind::Message { from, verified, text, .. }) = (id, time, kind) else { return };
        self.search.found(Hit { id, time, target, from, verified, text });
    }

    /// The answer is whole.
    pub(in crate::client::session) fn search_ends(&mut self, reference: Option<&str>, more: bool, damaged: usize) {
        if !self.search.awaits(reference) {
            return;
        }
        self.search.done(more, damaged);
        if self.mode == Mode::Plain {
            let hits: Vec<Hit> = self.search.hits().iter().rev().cloned().collect();
            if hits.is_empty() {
                self.tell("Nothing was found.");
            }
            for Hit { time, target, from, verified, text, .. } in hits {
                self.emit(Effect::Print(Printed::Found { time, from, verified, to: target, text }));
            }
        }
    }

    /// The question was refused, or its answer cannot come any more; `false` if there was none under this label.
    pub(in crate::client::session) fn search_refused(&mut self, label: &str, why: &str) -> bool {
        let ours = self.search.awaits(Some(label));
        if ours {
            self.search_failed(State::Failed(why.to_owned()));
        }
        ours
    }

    pub(in crate::client::session) fn search_cut_off(&mut self) {
        if matches!(self.search.state, State::Asked(_)) {
            let why = "The connection is gone; search again once you are back.";
            self.search_failed(State::Failed(why.to_owned()));
        }
    }

    pub(in crate::client::session) fn search_paste(&mut self, raw: &str) {
        self.search.in_list = false;
        self.search.editor.insert(Text::line(raw).as_str());
    }

    /// A key while the dialog is open.
    pub(in crate::client::session) fn search_key(&mut self, key: Key) {
        match key {
            Key::Esc => self.search.open = false,
            Key::Tab | Key::BackTab => self.search.in_list = !self.search.in_list && !self.search.hits().is_empty(),
            _ if action::of_key(key) == Some(Action::Search) => self.search.in_list = false,
            Key::Enter => match self.search.picked().cloned() {
                Some(hit) => self.jump(&hit),
                None => self.ask_search(),
            },
            Key::Up if self.search.in_list => self.search.in_list = self.search.step(-1),
            Key::Down if self.search.in_list => drop_bool(self.search.step(1)),
            Key::Down => self.search.in_list = !self.search.hits().is_empty(),
            Key::PageUp if self.search.in_list => drop_bool(self.search.step(-PAGE)),
            Key::PageDown if self.search.in_list => drop_bool(self.search.step(PAGE)),
            Key::Home if self.search.in_list => drop_bool(self.search.step(isize::MIN)),
            Key::End if self.search.in_list => drop_bool(self.search.step(isize::MAX)),
            key => {
                // Whoever writes wants to write, wherever the keys go.
                self.search.in_list = false;
                self.search.editor.key(key, &mut String::new());
            }
        }
    }

    /// Goes to what was found.
    fn jump(&mut self, hit: &Hit) {
        self.search.open = false;
        if let Target::Room(room) = &hit.target
            && self.rooms.is_outside(room)
        {
            return drop_bool(self.not_inside(room.clone()));
        }
        let index = self.conversations.begin(&hit.target);
        self.show(index);
        let conversation = self.conversations.current_mut();
        conversation.reach.found = Some(hit.id);
        match conversation.loaded(hit.id) {
            Some(entry) => self.look_at(entry),
            None => {
                conversation.detach();
                self.load_around(hit.target.clone(), hit.id);
            }
        }
    }

    /// Scrolls so that an entry stands in the middle.
    pub(in crate::client::session) fn look_at(&mut self, entry: usize) {
        self.conversations.current_mut().anchor = Anchor::At(entry, 0);
        self.scroll(-(self.page() / 2));
    }
}

/// Where it does not matter whether there was anywhere to go.
fn drop_bool(_: bool) {}
