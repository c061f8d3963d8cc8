//! Completion: what the word before the cursor may become: a command, its options, a name, a room, or an emoji.
//!
//! Must not know: who is online (the names come in, those who spoke last first), or how a choice is put into the draft.

use std::borrow::Borrow;

use super::emoji::emoji_like;
use crate::client::action::{self, Action};
use crate::client::settings::table::{CONVERSATIONS_TABLE, KEYS_TABLE, SETTINGS};
use crate::client::settings::{RESET, SettingKey};
use crate::model::Target;
use crate::model::room::ROOM_SIGN;
use crate::model::search_words::fold;

/// The signs within a name, which do not end it.
const WITHIN: [char; 3] = ['-', '_', '.'];
/// Behind these signs no name begins: the word is a path, an address or an emoji.
const NO_NAME_BEHIND: [char; 6] = ['/', '\\', ':', '.', '-', '_'];
/// The shortest name of an emoji that is completed, in bytes.
const LEAST_EMOJI: usize = 2;

/// The choices for the end of a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choices {
    /// How many bytes before the cursor a choice replaces.
    pub replaced: usize,
    /// The choices, the best first.
    pub texts: Vec<String>,
}

/// What the end of `before` may become, where `after` follows; `None` if nothing.
#[must_use]
pub fn choices<T: Borrow<str>>(before: &str, after: &str, names: &[T]) -> Option<Choices> {
    if after.starts_with(|c: char| !c.is_whitespace()) {
        return None;
    }
    let word = before.rsplit(char::is_whitespace).next().unwrap_or_default();
    let first = word.len() == before.len();
    if let Some(stem) = word.strip_prefix('/').filter(|_| first) {
        return found(word, word.len(), action::commands_like(stem));
    }
    let command = before.strip_prefix('/').and_then(|line| line.split(char::is_whitespace).next()).filter(|_| !first);
    let done = before.get(..before.len() - word.len()).unwrap_or_default();
    let options = command.map(|command| options_like(command, done, word, names)).unwrap_or_default();
    found(word, word.len(), options).or_else(|| emoji(word)).or_else(|| {
        let starts = stems(word);
        starts.into_iter().find_map(|at| {
            let stem = word.get(at..)?;
            let end = if first && at == 0 && !stem.starts_with(ROOM_SIGN) { ": " } else { " " };
            let texts = names_like(stem, names.iter()).into_iter().map(|name| name + end).collect();
            found(stem, stem.len(), texts)
        })
    })
}

/// The choices, unless there is none that changes the word.
fn found(word: &str, replaced: usize, texts: Vec<String>) -> Option<Choices> {
    let useless = texts.iter().all(|text| text.trim_end() == word);
    (!useless).then_some(Choices { replaced, texts })
}

/// The options of a command that begin with `stem`, behind the words in `done`: those that the table of settings knows,
/// or those that the table of actions writes, where small letters are typed as they stand.
fn options_like<T: Borrow<str>>(command: &str, done: &str, stem: &str, names: &[T]) -> Vec<String> {
    let action = action::of_command(command);
    let given: Vec<&str> = done.split_whitespace().skip(1).collect();
    match (action, given.as_slice()) {
        (Some(Action::Set), []) => return settings_like(stem, names),
        (Some(Action::Set), [name]) => {
            return SettingKey::parse(name).map_or(Vec::new(), |key| values_like(&key, stem));
        }
        (Some(Action::Notify), []) => return values_like(&SettingKey::Conversation(Target::Everyone), stem),
        (Some(Action::Set | Action::Notify), _) => return Vec::new(),
        _ => {}
    }
    let row = action.and_then(action::row);
    let words = row.map_or("", |row| row.argument).split(|c: char| c.is_whitespace() || "[]|".contains(c));
    let typed = words.filter(|word| word.starts_with(|c: char| c.is_lowercase() || c == '-'));
    typed.filter(|word| !stem.is_empty() && word.starts_with(stem)).map(|word| format!("{word} ")).collect()
}

/// The names of settings that begin with `stem`; without a dot in it, those of a table only by its name.
fn settings_like<T: Borrow<str>>(stem: &str, names: &[T]) -> Vec<String> {
    let tables = [KEYS_TABLE, CONVERSATIONS_TABLE];
    let plain = SETTINGS.iter().map(|setting| format!("{} ", setting.name));
    let all: Vec<String> = match stem.split_once('.') {
        None => plain.chain(tables.map(|table| format!("{table}."))).collect(),
        Some((KEYS_TABLE, _)) => {
            let rows = action::table().filter(|row| !action::has_fixed_keys(row.action));
            rows.map(|row| format!("{KEYS_TABLE}.{} ", row.id())).collect()
        }
        Some((CONVERSATIONS_TABLE, _)) => {
            let places = std::iter::once("everyone").chain(names.iter().map(T::borrow));
            places.map(|place| format!("{CONVERSATIONS_TABLE}.{place} ")).collect()
        }
        Some(_) => Vec::new(),
    };
    let small = stem.to_lowercase();
    all.into_iter().filter(|name| name.to_lowercase().starts_with(&small)).collect()
}

/// The values of a setting that begin with `stem`, and what resets it.
fn values_like(key: &SettingKey, stem: &str) -> Vec<String> {
    let values = key.values().into_iter().chain([RESET]);
    values.filter(|value| value.starts_with(stem)).map(|value| format!("{value} ")).collect()
}

/// The emoji whose name stands at the end of the word, behind a colon.
fn emoji(word: &str) -> Option<Choices> {
    let at = word.rfind(':')?;
    let stem = word.get(at + 1..)?;
    let alone = word.get(..at)?.chars().next_back().is_none_or(|c| !c.is_alphanumeric());
    let texts: Vec<String> = emoji_like(stem).map(|(_, emoji)| emoji.to_owned()).collect();
    (alone && stem.len() >= LEAST_EMOJI && !texts.is_empty()).then_some(Choices { replaced: stem.len() + 1, texts })
}

/// Where in a word a name may begin, from the left: at its start, and behind a sign such as a bracket or `@`.
fn stems(word: &str) -> Vec<usize> {
    if word.contains("://") {
        return Vec::new();
    }
    let mut starts = vec![0];
    let mut before = ' ';
    for (at, sign) in word.char_indices() {
        let begins = !sign.is_alphanumeric() && !NO_NAME_BEHIND.contains(&sign) && sign != ROOM_SIGN;
        // `bob@ho` is an address, `@ho` is not.
        if begins && !(sign == '@' && before.is_alphanumeric()) {
            starts.push(at + sign.len_utf8());
        }
        if sign == ROOM_SIGN && !before.is_alphanumeric() {
            starts.push(at);
        }
        before = sign;
    }
    starts.dedup();
    starts
}

/// The names that begin with `stem`, whatever the case and the accents, in the order given; none for an empty stem.
#[must_use]
pub fn names_like<'a, T: Borrow<str> + 'a>(stem: &str, names: impl Iterator<Item = &'a T>) -> Vec<String> {
    if stem.is_empty() || stem.starts_with(char::is_whitespace) {
        return Vec::new();
    }
    let (small, folded) = (stem.to_lowercase(), fold(stem));
    // Folding drops signs, so a stem that ends with one, or is nothing else, is compared as it stands.
    let letters = !folded.is_empty() && stem.starts_with(char::is_alphanumeric) && !stem.ends_with(WITHIN);
    let like = |name: &&str| name.to_lowercase().starts_with(&small) || letters && fold(name).starts_with(&folded);
    let rooms = stem.starts_with(ROOM_SIGN);
    names.map(T::borrow).filter(|name| name.starts_with(ROOM_SIGN) == rooms).filter(like).map(str::to_owned).collect()
}
