//! How a line that was written is read: as a message, as a /command, or as a slip that must not be sent.
//!
//! A slip is what a person meant as a command, and what would be said to everyone instead: with a blank in front, with
//! a slash that only looks like one, or on another line of the message. Nothing that may hold a passphrase is ever sent.
//!
//! Must not know: what a command does, who reads a message.

use unicode_normalization::UnicodeNormalization as _;

use super::{Action, of_command};
use crate::model::nearest::distance;
use crate::model::text::is_harmless;

/// Slashes, and what passes for one.
const SLASHES: [char; 9] = ['/', '\\', '／', '⁄', '∕', '⧸', '╱', '⟋', '⫽'];

/// The shortest word that is compared with the commands that take a passphrase, in bytes.
const LEAST_NEAR: usize = 6;

/// How a text is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading<'a> {
    /// A message with this text.
    Message(String),
    /// A command: its word without the slash, and its argument.
    Command(&'a str, &'a str),
    /// A known command with something in front: the command as it was probably meant, with its slash.
    Slip(String),
    /// Something that may hold a passphrase, or close the server, but is no command as it stands: the word of that
    /// command.
    Secret(&'static str),
}

/// Reads a text that was written.
#[must_use]
pub fn read(text: &str) -> Reading<'_> {
    let plain = command(text).filter(|(word, _)| !word.contains('/'));
    // A command that is unknown is never sent, so only the lines behind a known one matter.
    let behind = usize::from(plain.is_some());
    let known = plain.is_none_or(|(word, _)| of_command(word).is_some());
    if let Some(word) = text.split('\n').skip(behind).find_map(secret).filter(|_| known) {
        return Reading::Secret(word);
    }
    if let Some((word, argument)) = plain {
        return Reading::Command(word, argument);
    }
    if let Some(rest) = text.strip_prefix("//") {
        return Reading::Message(format!("/{rest}"));
    }
    // A second slash in the first word makes it a path.
    let asked = if command(text).is_some() { None } else { slip(text) };
    asked.map_or_else(|| Reading::Message(text.to_owned()), Reading::Slip)
}

/// Whether a text may hold a passphrase, in whatever way it is written; then it is never kept.
#[must_use]
pub fn holds_secret(text: &str) -> bool {
    text.split('\n').any(|line| secret(line).is_some() || command(line).is_some_and(|(word, _)| is_secret(word)))
}

fn command(text: &str) -> Option<(&str, &str)> {
    let line = text.strip_prefix('/')?;
    Some(line.split_once(char::is_whitespace).unwrap_or((line, "")))
}

/// A known command behind blanks or a slash that only looks like one, with one plain slash.
fn slip(text: &str) -> Option<String> {
    let (word, argument) = disguised(text)?;
    of_command(&word)?;
    Some(if argument.is_empty() { format!("/{word}") } else { format!("/{word} {argument}") })
}

/// The word of the command, if a line may hold a passphrase or closes the server, and something follows that word.
fn secret(line: &str) -> Option<&'static str> {
    let (word, argument) = disguised(line)?;
    if argument.is_empty() {
        return None;
    }
    let row = match of_command(&word) {
        Some(action) => super::row(action),
        None => super::table().filter(|row| is_secret(row.command)).find(|row| is_near(&word, row.command)),
    };
    row.filter(|row| is_secret(row.command)).map(|row| row.command)
}

/// Whether a word is probably a mistyped `command`. A short word says too little.
fn is_near(word: &str, command: &str) -> bool {
    (LEAST_NEAR..=2 * command.len()).contains(&word.len()) && distance(word, command) <= command.len() / 3
}

fn is_secret(word: &str) -> bool {
    matches!(of_command(word), Some(Action::Moderator | Action::CloseServer))
}

/// The first word and the rest of a line that has a slash behind nothing but blanks, dots and slashes; `None` if it has
/// none. What cannot be seen is left out, and letters of full width become plain ones.
fn disguised(line: &str) -> Option<(String, String)> {
    let seen = line.chars().filter(|&c| is_harmless(c) || c.is_whitespace());
    let plain: String = seen.map(|c| if SLASHES.contains(&c) { '/' } else { c }).nfkc().collect();
    let front = |c: char| c == '/' || c == '.' || c.is_whitespace() || c.is_control();
    let start = plain.find(|c| !front(c)).unwrap_or(plain.len());
    let (before, rest) = plain.split_at(start);
    if !before.contains('/') {
        return None;
    }
    let (word, argument) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    Some((word.trim_end_matches('/').to_lowercase(), argument.trim().to_owned()))
}
