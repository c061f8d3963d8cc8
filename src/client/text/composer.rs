//! The composer: the draft, undo, recalled texts, the search in them, and completion.
//!
//! Must not know: conversations (each keeps its draft; only the key of the one in view is known), or what happens to a
//! message.

use std::borrow::Borrow;

use super::completion;
use super::draft_rows::{self, Rows};
use super::editor::Editor;
use super::kill_ring::KillRing;
use super::recall::Recall;
use super::recall_search::RecallSearch;
use super::undo::UndoStack;
use super::words::last_word;
use crate::client::key::Key;
use crate::client::msg::SentText;

/// The composer.
#[derive(Clone, Debug, Default)]
pub struct Composer {
    editor: Editor,
    kills: KillRing,
    undo: UndoStack,
    sent: Recall,
    /// The key of the conversation in view.
    place: String,
    /// The width of its rows in cells; 0 if it is not known: then a row is a line.
    width: usize,
    /// The text of `sent` that the editor shows unchanged.
    recalled: Option<Recalled>,
    search: Option<RecallSearch>,
    cycle: Option<Cycle>,
    /// The word that Alt-. brought back: the index of its text, and its length in bytes.
    last_word: Option<(usize, usize)>,
    /// Whether the last key was Esc: another one puts the draft away.
    escaped: bool,
    /// Whether a key found no room since the draft was last told to be full.
    overflowed: bool,
}

/// A recalled text.
#[derive(Clone, Debug)]
struct Recalled {
    /// Its index, counted from the newest.
    at: usize,
    /// The draft that it replaced; Down brings it back.
    draft: Editor,
}

/// A completion; another Tab goes on to its next choice.
#[derive(Clone, Debug)]
struct Cycle {
    choices: Vec<String>,
    at: usize,
    before: String,
}

impl Composer {
    /// The draft.
    #[must_use]
    pub fn editor(&self) -> &Editor {
        &self.editor
    }

    /// Says which conversation is in view, by its key, and how wide the rows are, in cells.
    pub fn set_place(&mut self, place: &str, width: usize) {
        if self.place != place {
            place.clone_into(&mut self.place);
            self.recalled = None;
            self.search = None;
            self.last_word = None;
        }
        self.width = width;
    }

    /// Takes another draft and returns the old one.
    pub fn swap(&mut self, draft: Editor) -> Editor {
        self.rest();
        self.undo.clear();
        std::mem::replace(&mut self.editor, draft)
    }

    /// Inserts text at the cursor; `false` if it was too long and was cut.
    pub fn insert(&mut self, text: &str) -> bool {
        self.rest();
        self.undo.changed(self.editor.clone(), false);
        self.editor.insert(text)
    }

    /// Replaces the whole draft, as one change that can be undone; `false` if it was too long and was cut.
    pub fn replace(&mut self, text: &str) -> bool {
        self.rest();
        self.undo.changed(self.editor.clone(), false);
        self.editor.clear();
        self.editor.insert(text)
    }

    /// Remembers a sent text, for Up; `false` if it is the same as the last one.
    pub fn remember(&mut self, sent: SentText) -> bool {
        self.sent.add(sent)
    }

    /// Keeps a text for Ctrl-Y, as if it had been cut.
    pub fn keep_cut(&mut self, text: &str) {
        Editor::with(text).cut_all(&mut self.kills);
    }

    /// Whether a key found no room in the draft; says so once until the draft is shorter.
    pub fn take_overflow(&mut self) -> bool {
        std::mem::take(&mut self.overflowed)
    }

    /// Handles Esc. Returns whether it put the draft away, which the second of two in a row does; Ctrl-Y brings it back.
    pub fn escape(&mut self) -> bool {
        if self.search.is_some() {
            self.key(Key::Esc);
            return false;
        }
        let again = std::mem::replace(&mut self.escaped, true);
        if !again || self.editor.is_empty() {
            return false;
        }
        self.undo.changed(self.editor.clone(), false);
        self.editor.cut_all(&mut self.kills);
        self.rest();
        true
    }

    /// Handles an editing key; `false` if it is not one.
    pub fn key(&mut self, key: Key) -> bool {
        self.escaped = false;
        if self.search.is_some() && self.search_key(key) {
            return true;
        }
        match key {
            Key::AltEnter => {
                self.overflowed |= !self.insert("\n");
            }
            Key::Up => return self.editor.up(self.row_width()) || self.recall_older(),
            Key::Down => return self.editor.down(self.row_width()) || self.recall_newer(),
            Key::Ctrl('r') => self.search = Some(RecallSearch::new(self.editor.clone())),
            Key::Ctrl('_') => {
                self.rest();
                if let Some(draft) = self.undo.undo() {
                    self.editor = draft;
                }
            }
            Key::Alt('.') => self.insert_last_word(),
            key => return self.edit(key),
        }
        true
    }

    fn edit(&mut self, key: Key) -> bool {
        let before = self.editor.clone();
        if !self.editor.key(key, &mut self.kills) {
            return false;
        }
        let typed = matches!(key, Key::Char(c) if !c.is_whitespace());
        let changed = self.editor.len() != before.len() || self.editor.text() != before.text();
        if changed {
            self.undo.changed(before, typed);
        } else {
            self.undo.rest();
            self.overflowed |= matches!(key, Key::Char(_) | Key::Ctrl('y'));
        }
        self.recalled = None;
        self.cycle = None;
        self.last_word = None;
        true
    }

    /// What was begun with the keys before ends: a completion, a recall, a search, successive cuts.
    fn rest(&mut self) {
        self.recalled = None;
        self.search = None;
        self.cycle = None;
        self.last_word = None;
        self.escaped = false;
        self.kills.rest();
        self.undo.rest();
    }

    fn row_width(&self) -> usize {
        if self.width == 0 { usize::MAX } else { self.width }
    }

    fn recall_older(&mut self) -> bool {
        let (at, draft) = match &self.recalled {
            None => (0, self.editor.clone()),
            Some(recalled) => (recalled.at + 1, recalled.draft.clone()),
        };
        let Some(text) = self.sent.nth(&self.place, at) else { return false };
        self.editor = Editor::with(text);
        self.recalled = Some(Recalled { at, draft });
        self.cycle = None;
        true
    }

    fn recall_newer(&mut self) -> bool {
        let Some(Recalled { at, draft }) = self.recalled.take() else { return false };
        let newer = at.checked_sub(1).and_then(|at| Some((at, self.sent.nth(&self.place, at)?)));
        match newer {
            Some((at, text)) => {
                self.editor = Editor::with(text);
                self.recalled = Some(Recalled { at, draft });
            }
            None => self.editor = draft,
        }
        true
    }

    /// Inserts the last word of the newest sent text; again, that of the one before it in its place.
    fn insert_last_word(&mut self) {
        let (at, length) = self.last_word.map_or((0, 0), |(at, length)| (at + 1, length));
        let Some(word) = self.sent.nth(&self.place, at).map(last_word) else { return };
        let word = word.to_owned();
        self.undo.changed(self.editor.clone(), false);
        self.editor.replace_before(length, &word);
        self.last_word = Some((at, word.len()));
        self.recalled = None;
    }

    /// The query of the search in what was sent, and whether something was found; `None` if no search is going on.
    #[must_use]
    pub fn searching(&self) -> Option<(&str, bool)> {
        self.search.as_ref().map(|search| (search.query(), search.has_found()))
    }

    /// A key during the search; `false` if it ends the search and is to be handled as usual.
    fn search_key(&mut self, key: Key) -> bool {
        let Some(search) = &mut self.search else { return false };
        match key {
            Key::Esc | Key::Ctrl('g') => {
                if let Some(search) = self.search.take() {
                    self.editor = search.into_draft();
                }
                return true;
            }
            Key::Char(c) => search.write(c, &self.sent, &self.place),
            Key::Backspace | Key::Ctrl('h') => search.erase(&self.sent, &self.place),
            Key::Ctrl('r') => search.older(&self.sent, &self.place),
            _ => {
                // What was found stays in the draft; undo brings back the one before.
                if let Some(search) = self.search.take() {
                    self.undo.changed(search.into_draft(), false);
                }
                return false;
            }
        }
        self.editor = search.shown(&self.sent, &self.place);
        true
    }

    /// Puts the cursor at a cell of the draft, or the nearest one.
    pub fn place_cursor(&mut self, row: usize, column: usize) {
        self.rest();
        self.editor.place(self.row_width(), row, column);
    }

    /// Completes the word before the cursor; when called again, with the next choice. `names` are the names of users and
    /// rooms, the best first. `false` if there is nothing to complete.
    pub fn complete<T: Borrow<str>>(&mut self, names: &[T]) -> bool {
        self.escaped = false;
        if let Some(search) = self.search.take() {
            self.undo.changed(search.into_draft(), false);
        }
        if let Some(mut cycle) = self.cycle.take().filter(|cycle| cycle.before == self.editor.before()) {
            let last = cycle.choices.get(cycle.at).map_or(0, String::len);
            cycle.at = (cycle.at + 1) % cycle.choices.len().max(1);
            self.put(cycle, last);
            return true;
        }
        let Some(found) = completion::choices(self.editor.before(), self.editor.after(), names) else { return false };
        let only = found.texts.len() == 1;
        self.put(Cycle { choices: found.texts, at: 0, before: String::new() }, found.replaced);
        if only {
            // There is no other choice: another Tab completes what comes next.
            self.cycle = None;
        }
        true
    }

    fn put(&mut self, mut cycle: Cycle, replaced: usize) {
        if let Some(choice) = cycle.choices.get(cycle.at) {
            self.undo.changed(self.editor.clone(), false);
            self.editor.replace_before(replaced, choice);
            self.recalled = None;
            self.kills.rest();
            self.editor.before().clone_into(&mut cycle.before);
            self.cycle = Some(cycle);
        }
    }

    /// The draft, in rows of `width` cells.
    #[must_use]
    pub fn rows(&self, width: usize) -> Rows {
        draft_rows::rows(&self.editor.text(), self.editor.before().len(), width)
    }
}
