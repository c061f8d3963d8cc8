//! Text with a cursor, and the editing keys of readline.
//!
//! Must not know: whether it is the composer or a field of a dialog, or what the text is for.

use unicode_segmentation::UnicodeSegmentation;

use super::draft_rows;
use super::kill_ring::{CutSide, KillRing};
use super::words::{bytes, capitalized, clusters_of_word, upper};
use crate::client::key::Key;
use crate::model::Text;
use crate::model::text::is_clean;

/// The longest draft, in bytes: several messages' worth.
pub const MAX_DRAFT: usize = 64 * 1024;

/// A draft: what stands before the cursor, and what stands after it. Always harmless text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Editor {
    before: String,
    after: String,
}

impl Editor {
    /// An editor with `text`, the cursor at its end.
    #[must_use]
    pub fn with(text: &str) -> Self {
        let mut editor = Self::default();
        editor.insert(text);
        editor
    }

    /// The whole text.
    #[must_use]
    pub fn text(&self) -> String {
        [self.before.as_str(), self.after.as_str()].concat()
    }

    /// The text before the cursor.
    #[must_use]
    pub fn before(&self) -> &str {
        &self.before
    }

    /// The text after the cursor.
    #[must_use]
    pub fn after(&self) -> &str {
        &self.after
    }

    /// The length of the text, in bytes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.before.len() + self.after.len()
    }

    /// Whether there is no text.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.before.is_empty() && self.after.is_empty()
    }

    /// Removes all text.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Inserts `text` before the cursor, made harmless; what exceeds [`MAX_DRAFT`] is dropped, and `false` says so.
    pub fn insert(&mut self, text: &str) -> bool {
        let clean = Text::block(text);
        let room = MAX_DRAFT.saturating_sub(self.before.len() + self.after.len());
        let fits = clean.as_str().len() <= room;
        let kept = clean.as_str().get(..clean.as_str().floor_char_boundary(room)).unwrap_or_default();
        self.before.push_str(kept);
        self.keep_clean();
        fits
    }

    /// Replaces the last `len` bytes before the cursor.
    pub(crate) fn replace_before(&mut self, len: usize, text: &str) {
        let keep = self.before.floor_char_boundary(self.before.len().saturating_sub(len));
        self.before.truncate(keep);
        self.insert(text);
    }

    /// Handles an editing key; `kills` is what was cut, for Ctrl-Y. `false` if it is not such a key.
    pub fn key(&mut self, key: Key, kills: &mut KillRing) -> bool {
        if self.cut_key(key, kills) {
            return true;
        }
        if !matches!(key, Key::Ctrl('y') | Key::Alt('y')) {
            kills.rest();
        }
        match key {
            Key::Char(c) => {
                self.insert(c.encode_utf8(&mut [0; 4]));
            }
            Key::Left | Key::Ctrl('b') => self.left(1),
            Key::Right => self.right(1),
            Key::CtrlLeft | Key::Alt('b') => self.left(self.word_left()),
            Key::CtrlRight | Key::Alt('f') => self.right(self.word_right()),
            Key::Home | Key::Ctrl('a') => self.left(usize::MAX),
            Key::End | Key::Ctrl('e') => self.right(usize::MAX),
            Key::Backspace | Key::Ctrl('h') => {
                let cut = self.before.graphemes(true).next_back().map_or(0, str::len);
                self.cut_before(cut);
            }
            Key::Delete | Key::Ctrl('d') => {
                let cut = self.after.graphemes(true).next().map_or(0, str::len);
                self.cut_after(cut);
            }
            Key::Ctrl('t') => self.transpose(),
            Key::Alt('u') => self.change_word(upper),
            Key::Alt('c') => self.change_word(capitalized),
            Key::Ctrl('y') => {
                if let Some(text) = kills.paste() {
                    self.insert(text);
                }
            }
            Key::Alt('y') => {
                if let Some((pasted, text)) = kills.paste_older() {
                    self.replace_before(pasted, text);
                }
            }
            _ => return false,
        }
        true
    }

    /// The keys that cut text and keep it.
    fn cut_key(&mut self, key: Key, kills: &mut KillRing) -> bool {
        let (cut, side) = match key {
            Key::Ctrl('u') => (self.cut_before(self.line_before()), CutSide::Before),
            Key::Ctrl('k') => {
                // At the end of a line, this removes the line feed, as in Emacs.
                let cut = if self.after.starts_with('\n') { 1 } else { self.line_after() };
                (self.cut_after(cut), CutSide::After)
            }
            Key::Ctrl('w') | Key::AltBackspace => {
                let spaces = self.before.len() - self.before.trim_end().len();
                let word = self.before.trim_end().rsplit(char::is_whitespace).next().map_or(0, str::len);
                (self.cut_before(spaces + word), CutSide::Before)
            }
            Key::Alt('d') => (self.cut_after(bytes(&self.after, self.word_right())), CutSide::After),
            _ => return false,
        };
        kills.cut(cut, side);
        true
    }

    /// Cuts everything, for Ctrl-Y.
    pub fn cut_all(&mut self, kills: &mut KillRing) {
        kills.rest();
        kills.cut(self.text(), CutSide::Before);
        kills.rest();
        self.clear();
    }

    /// Exchanges the two characters around the cursor, or at the end of a line the two before it.
    fn transpose(&mut self) {
        if self.line_before() == 0 {
            return;
        }
        if self.line_after() == 0 {
            self.left(1);
        }
        let Some(second) = self.after.graphemes(true).next().filter(|second| *second != "\n") else { return };
        let Some(first) = self.before.graphemes(true).next_back().filter(|first| *first != "\n") else {
            return self.right(1);
        };
        let (swapped, length) = ([second, first].concat(), second.len());
        let keep = self.before.len() - first.len();
        self.cut_after(length);
        self.before.truncate(keep);
        self.insert(&swapped);
    }

    /// Changes the rest of the word after the cursor, and moves behind it.
    fn change_word(&mut self, change: fn(&str) -> String) {
        let length = bytes(&self.after, self.word_right());
        let word = self.cut_after(length);
        self.insert(&change(&word));
    }

    /// Moves to the row above, keeping the column, in rows of `width` cells; `false` at the first row.
    pub fn up(&mut self, width: usize) -> bool {
        self.vertical(width, false)
    }

    /// Moves to the row below, keeping the column, in rows of `width` cells; `false` at the last row.
    pub fn down(&mut self, width: usize) -> bool {
        self.vertical(width, true)
    }

    /// Puts the cursor at a cell, or the nearest one, in rows of `width` cells.
    pub(crate) fn place(&mut self, width: usize, row: usize, column: usize) {
        let at = draft_rows::at_cell(&self.text(), width, row, column);
        self.move_to(at);
    }

    fn vertical(&mut self, width: usize, down: bool) -> bool {
        let to = draft_rows::vertical(&self.text(), self.before.len(), width, down);
        if let Some(at) = to {
            self.move_to(at);
        }
        to.is_some()
    }

    /// Joining texts can create new clusters; cleans the joined text again, with the cursor at its end if need be.
    fn keep_clean(&mut self) {
        let whole = self.text();
        if is_clean(&whole) {
            return;
        }
        self.before = Text::block(&self.before).to_string();
        self.after = Text::block(&self.after).to_string();
        if !is_clean(&self.text()) {
            self.before = Text::block(&whole).to_string();
            self.after.clear();
        }
    }

    fn move_to(&mut self, at: usize) {
        let whole = self.text();
        if let Some((before, after)) = whole.split_at_checked(at) {
            (self.before, self.after) = (before.to_owned(), after.to_owned());
        }
    }

    /// Moves left by `count` clusters; `usize::MAX` is to the start of the line.
    fn left(&mut self, count: usize) {
        let len = match count {
            usize::MAX => self.line_before(),
            _ => self.before.graphemes(true).rev().take(count).map(str::len).sum(),
        };
        self.move_to(self.before.len() - len);
    }

    fn right(&mut self, count: usize) {
        let len = if count == usize::MAX { self.line_after() } else { bytes(&self.after, count) };
        self.move_to(self.before.len() + len);
    }

    fn line_before(&self) -> usize {
        self.before.rsplit('\n').next().map_or(0, str::len)
    }

    fn line_after(&self) -> usize {
        self.after.split('\n').next().map_or(0, str::len)
    }

    fn word_left(&self) -> usize {
        clusters_of_word(self.before.graphemes(true).rev())
    }

    fn word_right(&self) -> usize {
        clusters_of_word(self.after.graphemes(true))
    }

    fn cut_before(&mut self, len: usize) -> String {
        let cut = self.before.split_off(self.before.floor_char_boundary(self.before.len().saturating_sub(len)));
        self.keep_clean();
        cut
    }

    fn cut_after(&mut self, len: usize) -> String {
        let rest = self.after.split_off(self.after.floor_char_boundary(len));
        let cut = std::mem::replace(&mut self.after, rest);
        self.keep_clean();
        cut
    }
}
