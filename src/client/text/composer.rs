//! The composer: the draft, recalled messages, and completion.
//!
//! Must not know: conversations (each keeps its draft), or what happens to a message.

use std::borrow::Borrow;
use std::collections::VecDeque;

use super::editor::{Editor, names_like};
use super::wrap;
use crate::client::action;
use crate::client::key::Key;
use crate::model::room::ROOM_SIGN;

/// The most sent messages that Up and Down recall.
pub const MAX_RECALLED: usize = 100;

/// The composer.
#[derive(Clone, Debug, Default)]
pub struct Composer {
    editor: Editor,
    killed: String,
    sent: VecDeque<String>,
    /// The index of the message of `sent` that the editor shows unchanged, counted from the newest.
    recalled: Option<usize>,
    cycle: Option<Cycle>,
}

/// A completion; another Tab goes on to its next choice.
#[derive(Clone, Debug)]
struct Cycle {
    choices: Vec<String>,
    at: usize,
    before: String,
}

/// The draft as rows, and the cursor's position in them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rows {
    /// The rows.
    pub rows: Vec<String>,
    /// The cursor's column.
    pub column: usize,
    /// The cursor's row.
    pub row: usize,
}

impl Composer {
    /// The draft.
    #[must_use]
    pub fn editor(&self) -> &Editor {
        &self.editor
    }

    /// Takes another draft and returns the old one.
    pub fn swap(&mut self, draft: Editor) -> Editor {
        self.recalled = None;
        self.cycle = None;
        std::mem::replace(&mut self.editor, draft)
    }

    /// Inserts text at the cursor; `false` if it was too long and was cut.
    pub fn insert(&mut self, text: &str) -> bool {
        self.recalled = None;
        self.cycle = None;
        self.editor.insert(text)
    }

    /// Remembers a sent message, for Up.
    pub fn remember(&mut self, text: String) {
        if self.sent.front() != Some(&text) {
            self.sent.push_front(text);
            self.sent.truncate(MAX_RECALLED);
        }
    }

    /// Handles an editing key; `false` if it is not one.
    pub fn key(&mut self, key: Key) -> bool {
        match key {
            Key::AltEnter => {
                self.insert("\n");
            }
            Key::Up => return self.editor.up() || self.recall(true),
            Key::Down => return self.editor.down() || self.recall(false),
            _ if self.editor.key(key, &mut self.killed) => {
                self.recalled = None;
                self.cycle = None;
            }
            _ => return false,
        }
        true
    }

    fn recall(&mut self, older: bool) -> bool {
        if self.recalled.is_none() && !self.editor.is_empty() {
            return false;
        }
        let next = match (self.recalled, older) {
            (None, true) => Some(0),
            (Some(at), true) => Some((at + 1).min(self.sent.len().saturating_sub(1))),
            (Some(at), false) => at.checked_sub(1),
            (None, false) => return false,
        };
        let text = next.and_then(|at| self.sent.get(at));
        self.editor = Editor::with(text.map_or("", String::as_str));
        self.recalled = next.filter(|_| text.is_some());
        true
    }

    /// Completes the word before the cursor: a /command, or one of `names`; when called again, with the next choice.
    /// `false` if there is nothing to complete.
    pub fn complete<'a, T: Borrow<str> + 'a>(&mut self, names: impl Iterator<Item = &'a T>) -> bool {
        if let Some(mut cycle) = self.cycle.take().filter(|cycle| cycle.before == self.editor.before()) {
            let last = cycle.choices.get(cycle.at).map_or(0, String::len);
            cycle.at = (cycle.at + 1) % cycle.choices.len().max(1);
            self.put(cycle, last);
            return true;
        }
        let before = self.editor.before();
        let word = before.rsplit(char::is_whitespace).next().unwrap_or_default().to_owned();
        let first = word.len() == before.len();
        if self.editor.after().starts_with(|c: char| !c.is_whitespace()) {
            return false;
        }
        let choices = match word.strip_prefix('/') {
            Some(stem) if first => action::commands_like(stem),
            _ => {
                let end = if first && !word.starts_with(ROOM_SIGN) { ": " } else { " " };
                names_like(&word, names).into_iter().map(|name| name + end).collect()
            }
        };
        if choices.is_empty() || choices.iter().all(|choice| choice.trim_end() == word) {
            return false;
        }
        self.put(Cycle { choices, at: 0, before: String::new() }, word.len());
        true
    }

    fn put(&mut self, mut cycle: Cycle, replaced: usize) {
        if let Some(choice) = cycle.choices.get(cycle.at) {
            self.editor.replace_before(replaced, choice);
            self.recalled = None;
            self.editor.before().clone_into(&mut cycle.before);
            self.cycle = Some(cycle);
        }
    }

    /// The draft, in rows of `width` cells.
    #[must_use]
    pub fn rows(&self, width: usize) -> Rows {
        let width = width.max(1);
        let mut rows = wrap::chop(&self.editor.text(), width);
        let until = wrap::chop(self.editor.before(), width);
        let (mut row, mut column) = (until.len() - 1, until.last().map_or(0, |last| wrap::cells(last)));
        if column >= width {
            (row, column) = (row + 1, 0);
        }
        // Behind a full last row, the cursor gets a row of its own.
        while rows.len() <= row {
            rows.push(String::new());
        }
        Rows { rows, column, row }
    }
}
