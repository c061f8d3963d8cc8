//! Text with a cursor, and the editing keys of readline.
//!
//! Must not know: whether it is the composer or a field of a dialog, or what the text is for.

use std::borrow::Borrow;

use unicode_segmentation::UnicodeSegmentation;

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

    /// Handles an editing key; `killed` is the text that Ctrl-Y pastes. `false` if it is not such a key.
    pub fn key(&mut self, key: Key, killed: &mut String) -> bool {
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
            Key::Ctrl('u') => *killed = self.cut_before(self.line_before()),
            Key::Ctrl('k') => {
                // At the end of a line, this removes the line feed, as in Emacs.
                let cut = if self.after.starts_with('\n') { 1 } else { self.line_after() };
                *killed = self.cut_after(cut);
            }
            Key::Ctrl('w') | Key::AltBackspace => {
                let spaces = self.before.len() - self.before.trim_end().len();
                let word = self.before.trim_end().rsplit(char::is_whitespace).next().map_or(0, str::len);
                *killed = self.cut_before(spaces + word);
            }
            Key::Alt('d') => *killed = self.cut_after(bytes(&self.after, self.word_right())),
            Key::Ctrl('y') => {
                self.insert(killed);
            }
            _ => return false,
        }
        true
    }

    /// Moves to the line above, keeping the column; `false` at the first line.
    pub fn up(&mut self) -> bool {
        let column = self.before.rsplit('\n').next().map_or(0, |line| line.graphemes(true).count());
        let Some(start) = self.before.rfind('\n') else { return false };
        self.move_to(start);
        let above = self.before.rsplit('\n').next().unwrap_or_default();
        let at = self.before.len() - above.len() + above.graphemes(true).take(column).map(str::len).sum::<usize>();
        self.move_to(at);
        true
    }

    /// Moves to the line below, keeping the column; `false` at the last line.
    pub fn down(&mut self) -> bool {
        let column = self.before.rsplit('\n').next().map_or(0, |line| line.graphemes(true).count());
        let Some(end) = self.after.find('\n') else { return false };
        let below = self.after.split('\n').nth(1).unwrap_or_default();
        let step: usize = below.graphemes(true).take(column).map(str::len).sum();
        self.move_to(self.before.len() + end + 1 + step);
        true
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
        word(self.before.graphemes(true).rev())
    }

    fn word_right(&self) -> usize {
        word(self.after.graphemes(true))
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

/// The length of the first `count` clusters, in bytes.
fn bytes(text: &str, count: usize) -> usize {
    text.graphemes(true).take(count).map(str::len).sum()
}

/// The number of clusters up to the end of the next word.
fn word<'a>(clusters: impl Iterator<Item = &'a str>) -> usize {
    let mut inside = false;
    clusters
        .take_while(|cluster| {
            let letter = cluster.chars().any(char::is_alphanumeric);
            let done = inside && !letter;
            inside |= letter;
            !done
        })
        .count()
}

/// The names that begin with `stem`, whatever the case; none for an empty stem.
#[must_use]
pub(crate) fn names_like<'a, T: Borrow<str> + 'a>(stem: &str, names: impl Iterator<Item = &'a T>) -> Vec<String> {
    let stem = stem.to_lowercase();
    if stem.is_empty() {
        return Vec::new();
    }
    names.map(T::borrow).filter(|name| name.to_lowercase().starts_with(&stem)).map(str::to_owned).collect()
}
