//! The line that a person types in plain mode: edited here, so that what is printed meanwhile stands above it and does
//! not break it.
//!
//! Must not know: the terminal, or what a line means to the session.

use std::collections::VecDeque;

use crate::client::action::{self, Action};
use crate::client::key::Key;
use crate::client::text::editor::Editor;
use crate::client::text::kill_ring::{CutSide, KillRing};
use crate::client::text::wrap::{cells, take, take_end};

/// The most lines that Up brings back.
pub const MAX_RECALLED: usize = 100;
/// Goes to the beginning of the row and clears it.
const ERASE: &str = "\r\x1b[K";

/// The line.
#[derive(Clone, Debug, Default)]
pub struct LineEdit {
    editor: Editor,
    killed: KillRing,
    recalled: VecDeque<String>,
    /// The position among the recalled lines, from the newest; 0 is the line that is typed.
    at: usize,
    /// The line that is typed, while another one is recalled.
    kept: String,
}

/// What a key has done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Typed {
    /// It changed the line, or nothing.
    Edited,
    /// It entered the line.
    Entered(String),
    /// It gave up the line.
    GivenUp,
    /// It asks to leave: the input ends.
    Ended,
    /// It asks to leave at once.
    Left,
    /// It asks to suspend the program.
    Suspended,
}

impl LineEdit {
    /// Handles a key.
    pub fn key(&mut self, key: Key) -> Typed {
        match key {
            Key::Enter | Key::AltEnter => return Typed::Entered(self.enter()),
            Key::Ctrl('c') if self.editor.is_empty() => return Typed::Left,
            Key::Ctrl('c') => {
                self.killed.cut(self.editor.text(), CutSide::Before);
                self.editor.clear();
                return Typed::GivenUp;
            }
            Key::Ctrl('d') if self.editor.is_empty() => return Typed::Ended,
            Key::Ctrl('z') => return Typed::Suspended,
            Key::Up | Key::Ctrl('p') => self.recall(self.at + 1),
            Key::Down | Key::Ctrl('n') => self.recall(self.at.saturating_sub(1)),
            key => drop(self.editor.key(key, &mut self.killed)),
        }
        Typed::Edited
    }

    /// Inserts pasted text; returns the lines that it completes.
    pub fn paste(&mut self, text: &str) -> Vec<String> {
        let mut entered = Vec::new();
        for (count, line) in text.split('\n').enumerate() {
            if count > 0 {
                entered.push(self.enter());
            }
            self.editor.insert(line);
        }
        entered
    }

    /// What makes room for other text in the line's row.
    #[must_use]
    pub fn erase(&self) -> &'static str {
        if self.editor.is_empty() { "" } else { ERASE }
    }

    /// Draws the line in one row of a terminal with so many columns: of a long line, the part around the cursor.
    #[must_use]
    pub fn draw(&self, cols: u16) -> String {
        let room = usize::from(cols).saturating_sub(1).max(2);
        let before = take_end(self.editor.before(), room / 2 + room / 4);
        let after = take(self.editor.after(), room.saturating_sub(cells(before)));
        let mut drawn = format!("{ERASE}{before}{after}\r");
        let column = cells(before);
        if column > 0 {
            drawn += &format!("\x1b[{column}C");
        }
        drawn
    }

    /// The line as it was entered, in whole, with its end.
    #[must_use]
    pub fn entered(line: &str) -> String {
        format!("{ERASE}{line}\n")
    }

    fn enter(&mut self) -> String {
        let line = self.editor.text();
        self.editor.clear();
        (self.at, self.kept) = (0, String::new());
        if !line.trim().is_empty() && !holds_secret(&line) && self.recalled.back() != Some(&line) {
            if self.recalled.len() == MAX_RECALLED {
                self.recalled.pop_front();
            }
            self.recalled.push_back(line.clone());
        }
        line
    }

    fn recall(&mut self, at: usize) {
        if at > self.recalled.len() || at == self.at {
            return;
        }
        if self.at == 0 {
            self.kept = self.editor.text();
        }
        let line = self.recalled.len().checked_sub(at).and_then(|index| self.recalled.get(index));
        self.editor = Editor::with(line.unwrap_or(&self.kept));
        self.at = at;
    }
}

/// Whether a line holds a passphrase, which Up must not bring back.
fn holds_secret(line: &str) -> bool {
    let command = line.trim_start().strip_prefix('/').and_then(|line| line.split_whitespace().next());
    matches!(command.and_then(action::of_command), Some(Action::CloseServer | Action::Moderator))
}
