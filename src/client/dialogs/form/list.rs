//! The lists of dialogs: rows of any kind to pick from, narrowed by writing.
//!
//! Must not know: what the rows are about.

use super::values::{FieldKey, Pick};
use crate::client::key::Key;
use crate::client::text::wrap::{cells, pad};
use crate::client::view::{Line, Scope, VERIFIED};
use crate::model::{Name, Text};

/// The widest first column of rows with columns.
const COLUMN: usize = 16;

/// A row to pick: what it stands for, and how it looks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Item {
    /// What is picked.
    pub value: Pick,
    /// To the left; cut where there is no room.
    pub left: Line,
    /// To the right.
    pub right: Line,
}

/// Rows to pick from; writing while the keys go here narrows them.
#[derive(Clone, Debug, Default)]
pub struct List {
    /// All rows.
    pub rows: Vec<Item>,
    /// What there is, one of it and several.
    pub what: (&'static str, &'static str),
    /// Whether there is more than the rows.
    pub more: bool,
    /// What is said if there is nothing.
    pub nothing: &'static str,
    /// What must be in a row for it to be shown.
    pub filter: String,
    /// Which of the shown rows has the cursor.
    pub at: usize,
    /// The field that Enter writes the row into.
    pub fills: Option<FieldKey>,
}

impl Item {
    /// Somebody.
    #[must_use]
    pub fn person(name: &Name, verified: bool, note: &str) -> Self {
        let left = Line::of(Scope::Text, name.as_str()).and(Scope::Good, if verified { VERIFIED } else { "" });
        let right = if note.is_empty() { Line::default() } else { Line::of(Scope::Dim, note) };
        Self { value: Pick::Person(name.clone()), left, right }
    }

    /// A word and what is to be said of it, in two columns; `widest` is the longest word of all rows.
    #[must_use]
    pub fn pair(value: Pick, word: &str, meaning: &str, widest: usize) -> Self {
        let left = Line::of(Scope::Text, pad(word, widest.min(COLUMN)) + "  ").and(Scope::Dim, meaning);
        Self { value, left, right: Line::default() }
    }

    /// Whether the row stands for this user.
    #[must_use]
    pub fn is_person(&self, name: Option<&Name>) -> bool {
        matches!(&self.value, Pick::Person(person) if Some(person.as_str()) == name.map(Name::as_str))
    }

    fn holds(&self, filter: &str) -> bool {
        filter.is_empty()
            || [&self.left, &self.right].into_iter().any(|line| line.text().to_lowercase().contains(filter))
    }
}

/// The longest of some words, in cells.
pub fn widest<'a>(words: impl Iterator<Item = &'a str>) -> usize {
    words.map(cells).max().unwrap_or(0)
}

impl List {
    /// A list of people.
    #[must_use]
    pub fn people(rows: Vec<Item>) -> Self {
        Self { rows, what: ("online", "online"), nothing: "Nobody is there.", ..Self::default() }
    }

    /// The rows that pass the filter.
    pub fn shown(&self) -> impl Iterator<Item = &Item> {
        let filter = self.filter.to_lowercase();
        self.rows.iter().filter(move |row| row.holds(&filter))
    }

    /// The row under the cursor.
    #[must_use]
    pub fn picked(&self) -> Option<&Item> {
        self.shown().nth(self.at)
    }

    /// Puts other rows in; the cursor stays on what it is on.
    pub fn set(&mut self, rows: Vec<Item>) {
        let picked = self.picked().map(|item| item.value.clone());
        self.rows = rows;
        let at = picked.and_then(|value| self.shown().position(|row| row.value == value));
        self.at = at.unwrap_or_else(|| self.at.min(self.shown().count().saturating_sub(1)));
    }

    /// Puts the cursor on a row.
    pub fn pick(&mut self, value: &Pick) {
        let at = self.shown().position(|row| row.value == *value);
        self.at = at.unwrap_or(self.at);
    }

    /// Moves the cursor; `false` at the edges.
    fn step(&mut self, by: isize) -> bool {
        let last = self.shown().count().saturating_sub(1);
        let to = self.at.saturating_add_signed(by).min(last);
        let moved = to != self.at;
        self.at = to;
        moved
    }

    /// A key while the keys go here; `false` if it is not for it.
    pub fn key(&mut self, key: Key) -> bool {
        match key {
            Key::Up => return self.step(-1),
            Key::Down => return self.step(1),
            Key::PageUp => self.step(-10),
            Key::PageDown => self.step(10),
            Key::Home => self.step(isize::MIN),
            Key::End => self.step(isize::MAX),
            Key::Char(c) => {
                self.filter.push_str(Text::line(c.encode_utf8(&mut [0; 4])).as_str());
                self.filter = Text::line(&self.filter).to_string();
                self.at = 0;
                true
            }
            Key::Backspace => {
                self.filter.pop();
                self.at = 0;
                true
            }
            _ => return false,
        };
        true
    }
}
