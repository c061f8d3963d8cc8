//! The lists of dialogs: rows to pick from, filtered by typing.
//!
//! Must not know: what the rows stand for.

use std::borrow::Cow;

use super::values::{FieldKey, Pick};
use crate::client::key::Key;
use crate::client::text::wrap::{cells, pad};
use crate::client::view::{Scope, StyledLine};
use crate::language::dialogs as say;
use crate::model::{Name, Text, search_words};

/// The widest first column of rows with two columns, in cells.
const COLUMN: usize = 16;

/// A row of a list: its value, and how it looks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Item {
    /// The value that is picked with the row.
    pub value: Pick,
    /// The left text; cut if there is no room.
    pub left: StyledLine,
    /// Whether it is a user who is not verified: then a sign stands before the left text.
    pub unverified: bool,
    /// The right text.
    pub right: StyledLine,
}

/// Rows to pick from; typing filters them while the list has the focus.
#[derive(Clone, Debug, Default)]
pub struct List {
    /// All rows, whether they pass the filter or not.
    pub rows: Vec<Item>,
    /// The noun for one row, and for several.
    pub what: (&'static str, &'static str),
    /// Whether there are more than these rows.
    pub more: bool,
    /// The text shown while there are no rows.
    pub nothing: Cow<'static, str>,
    /// The filter: text that a row must contain to be shown.
    pub filter: String,
    /// Whether a row is shown, too, if it has the letters of the filter in their order with others between them.
    pub fuzzy: bool,
    /// Whether the whole text of the row under the cursor stands below the list, if a row is cut.
    pub whole: bool,
    /// The index of the cursor among the shown rows.
    pub at: usize,
    /// The field that Enter fills with the row.
    pub fills: Option<FieldKey>,
}

impl Item {
    /// A row for a user, with a note on the right.
    #[must_use]
    pub fn person(name: &Name, verified: bool, note: &str) -> Self {
        let left = StyledLine::of(Scope::Text, name.as_str());
        let right = if note.is_empty() { StyledLine::default() } else { StyledLine::of(Scope::Dim, note) };
        Self { value: Pick::Person(name.clone()), left, unverified: !verified, right }
    }

    /// A row of two columns, a word and its meaning; `widest` is the width of the longest word of all rows, in cells.
    #[must_use]
    pub fn pair(value: Pick, word: &str, meaning: &str, widest: usize) -> Self {
        let left = StyledLine::of(Scope::Text, pad(word, widest.min(COLUMN)) + "  ").and(Scope::Dim, meaning);
        Self { value, left, ..Self::default() }
    }

    /// Whether the row stands for this user.
    #[must_use]
    pub fn is_person(&self, name: Option<&Name>) -> bool {
        matches!(&self.value, Pick::Person(person) if Some(person.as_str()) == name.map(Name::as_str))
    }

    fn resembles(&self, filter: &str) -> bool {
        has_in_order(&search_words::fold(&self.left.text()), &search_words::fold(filter))
    }

    fn holds(&self, filter: &str) -> bool {
        filter.is_empty()
            || [&self.left, &self.right].into_iter().any(|line| line.text().to_lowercase().contains(filter))
    }

    pub(super) fn begins(&self, filter: &str) -> bool {
        self.left.text().to_lowercase().starts_with(filter)
    }
}

/// Whether a text has these letters in their order, with others between them.
fn has_in_order(text: &str, letters: &str) -> bool {
    let mut left = text.chars();
    letters.chars().filter(|letter| !letter.is_whitespace()).all(|letter| left.any(|c| c == letter))
}

/// The width of the longest word, in cells.
pub fn widest<'a>(words: impl Iterator<Item = &'a str>) -> usize {
    words.map(cells).max().unwrap_or(0)
}

impl List {
    /// A list of people.
    #[must_use]
    pub fn people(rows: Vec<Item>) -> Self {
        Self {
            rows,
            what: (say::online_noun(), say::online_noun()),
            nothing: say::nobody_online().into(),
            ..Self::default()
        }
    }

    /// The rows that pass the filter, those that begin with it first.
    pub fn shown(&self) -> impl Iterator<Item = &Item> {
        let filter = self.filter.to_lowercase();
        let (first, then, loose) = (filter.clone(), filter.clone(), filter);
        let begin = self.rows.iter().filter(move |row| row.begins(&first));
        let hold = self.rows.iter().filter(move |row| !row.begins(&then) && row.holds(&then));
        let others = self.rows.iter().filter(move |row| self.fuzzy && !row.holds(&loose) && row.resembles(&loose));
        begin.chain(hold).chain(others)
    }

    /// The row under the cursor.
    #[must_use]
    pub fn picked(&self) -> Option<&Item> {
        self.shown().nth(self.at)
    }

    /// Replaces the rows; the cursor stays on its value.
    pub fn set(&mut self, rows: Vec<Item>) {
        let picked = self.picked().map(|item| item.value.clone());
        self.rows = rows;
        let at = picked.and_then(|value| self.shown().position(|row| row.value == value));
        self.at = at.unwrap_or_else(|| self.at.min(self.shown().count().saturating_sub(1)));
    }

    /// Moves the cursor to a value.
    pub fn pick(&mut self, value: &Pick) {
        let at = self.shown().position(|row| row.value == *value);
        self.at = at.unwrap_or(self.at);
    }

    /// The index of the first row that is shown of so many.
    pub(super) fn first_shown(&self, rows: usize) -> usize {
        (self.at + 1).saturating_sub(rows)
    }

    /// Moves the cursor; `false` at the edges.
    pub(super) fn step(&mut self, by: isize) -> bool {
        let last = self.shown().count().saturating_sub(1);
        let to = self.at.saturating_add_signed(by).min(last);
        let moved = to != self.at;
        self.at = to;
        moved
    }

    /// Handles a key while the list has the focus; `false` if the list does not use it.
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
