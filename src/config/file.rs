//! Reads the configuration file, whole or not at all, and checks its keys.
//!
//! Must not know: what a value means (`value`).

use std::fs::OpenOptions;
use std::io::{self, Read as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::Path;
use std::thread;
use std::time::Duration;

use rustix::fs::OFlags;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::given::{Given, Position, Problem, TableEntry, Word};
use super::keys::{ConfigKey, ValueKind};
use crate::cli;
use crate::language::{configuration as say, system};
use crate::sys::secure_files;

/// The longest configuration file, in bytes.
const MAX_FILE: u64 = 256 * 1024;
/// How often a file that is being changed is read again.
const READINGS: usize = 10;
/// The pause between two readings.
const PAUSE: Duration = Duration::from_millis(5);

/// What a file may hold, and whose it has to be.
pub(super) struct FileKind {
    /// The keys outside tables.
    pub(super) keys: &'static [ConfigKey],
    /// The tables: their names, and the kind of each value in them.
    pub(super) tables: &'static [ConfigKey],
    /// The page of the manual.
    pub(super) manual: &'static str,
    /// Whether it has to be this user's own, or root's, and closed to what others would write.
    pub(super) private: bool,
    /// Whether it has to end with a line feed: an interrupted editor leaves a number cut short, and that is a number, too.
    pub(super) ends_with_line_feed: bool,
}

/// Reads a file: what it sets, unless it cannot be read, and everything that is wrong with it.
pub(super) fn read(path: &str, kind: &FileKind) -> (Option<Given>, Vec<Problem>) {
    match text(path, kind) {
        Ok(text) => understand(&text, kind),
        Err(problem) => (None, vec![problem]),
    }
}

/// Reads the text of a file.
///
/// # Errors
/// It cannot be read, or is no text.
pub(super) fn text(path: &str, kind: &FileKind) -> Result<String, Problem> {
    let failed = |error: io::Error| Problem::failed(say::unreadable(system::whole(&error)));
    let (_, bytes) = stable(|| once(path, kind.private)).map_err(failed)?;
    String::from_utf8(bytes).map_err(|error| {
        let whole = String::from_utf8_lossy(error.as_bytes());
        let position = Position::of(&whole, error.utf8_error().valid_up_to());
        Problem::usage(say::not_utf8()).at(position)
    })
}

/// Reads until two readings in a row are the same.
fn stable<T: PartialEq>(mut read: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    let mut before = read()?;
    for _ in 0..READINGS {
        thread::sleep(PAUSE);
        let now = read()?;
        if now == before {
            return Ok(now);
        }
        before = now;
    }
    Err(io::Error::other(say::changing()))
}

/// A state of a file: device, inode, and the time of the last change.
type Stamp = (u64, u64, i64, i64);

fn once(path: &str, private: bool) -> io::Result<(Stamp, Vec<u8>)> {
    // Without this flag, opening a pipe waits for its other end.
    let mut options = OpenOptions::new();
    options.read(true).custom_flags(OFlags::NONBLOCK.bits().cast_signed());
    let file = options.open(path)?;
    let seen = file.metadata()?;
    if !seen.is_file() {
        return Err(io::Error::other(say::not_a_file()));
    }
    if private {
        secure_files::only_ours_to_write(&seen, Path::new(path))?;
    }
    let mut bytes = Vec::new();
    file.take(MAX_FILE + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_FILE {
        return Err(io::Error::other(say::too_large(MAX_FILE)));
    }
    Ok(((seen.dev(), seen.ino(), seen.mtime(), seen.mtime_nsec()), bytes))
}

/// Parses a text: what it sets, and everything that is wrong with it.
pub(super) fn understand(text: &str, kind: &FileKind) -> (Option<Given>, Vec<Problem>) {
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut problems: Vec<Problem> = errors
        .iter()
        .map(|error| {
            let position = Position::of(text, error.span().map_or(text.len(), |span| span.start));
            Problem::usage(say::not_toml(error.message().replace('\n', ", "))).at(position)
        })
        .collect();
    if !problems.is_empty() {
        // The rest of invalid TOML means nothing: after a missing quote, values are read that are none.
        return (None, problems);
    }
    if kind.ends_with_line_feed && !text.ends_with('\n') {
        let what = say::no_line_feed();
        problems.push(Problem::usage(what).at(Position::of(text, text.len())));
    }
    let mut given = Given::default();
    for (name, value) in table.get_ref().iter() {
        let position = Position::of(text, name.span().start);
        let named = |keys: &'static [ConfigKey]| keys.iter().find(|key| key.name == &**name.get_ref());
        match (named(kind.keys), named(kind.tables)) {
            (None, None) => problems.push(Problem::usage(unknown(name.get_ref(), kind)).at(position)),
            (Some(key), _) => match words(key, key.name, value, text) {
                Ok(words) => given.put(key.name, words),
                Err(problem) => problems.push(problem),
            },
            (None, Some(table)) => given.put_entries(table.name, entries(table, value, text, &mut problems)),
        }
    }
    (Some(given), problems)
}

/// Reads a table, in the order of the file.
fn entries(
    table: &ConfigKey,
    value: &Spanned<DeValue<'_>>,
    text: &str,
    problems: &mut Vec<Problem>,
) -> Vec<TableEntry> {
    let DeValue::Table(found) = value.get_ref() else {
        let what = say::must_be_table(table.name);
        let position = Some(Position::of(text, value.span().start));
        problems.push(Problem { position, key: Some(table.name), ..Problem::usage(what) });
        return Vec::new();
    };
    let mut entries = Vec::new();
    for (name, value) in found.iter() {
        let position = Some(Position::of(text, name.span().start));
        let name = Word { text: name.get_ref().to_string(), position };
        match words(table, &name.text, value, text) {
            Ok(words) => entries.push(TableEntry { name, words }),
            Err(problem) => problems.push(Problem { word: Some(name.text), ..problem }),
        }
    }
    entries.sort_by_key(|entry| entry.name.position);
    entries
}

/// Reads a value as words, of the kind that its key takes; `name` is what stands before the equals sign.
fn words(key: &ConfigKey, name: &str, value: &Spanned<DeValue<'_>>, text: &str) -> Result<Vec<Word>, Problem> {
    let word = |text_of: String, value: &Spanned<DeValue<'_>>| Word {
        text: text_of,
        position: Some(Position::of(text, value.span().start)),
    };
    let wrong = |value: &Spanned<DeValue<'_>>, what: &str| {
        let expected = say::must_be_as_in(what, name, key.sample);
        let position = Some(Position::of(text, value.span().start));
        Problem { position, key: Some(key.name), ..Problem::usage(expected) }
    };
    match (key.kind, value.get_ref()) {
        (ValueKind::Text | ValueKind::TextOrTexts, DeValue::String(string)) => {
            Ok(vec![word(string.to_string(), value)])
        }
        (ValueKind::Switch, DeValue::Boolean(on)) => Ok(vec![word(on.to_string(), value)]),
        (ValueKind::Number, DeValue::Integer(number)) => match i128::from_str_radix(number.as_str(), number.radix()) {
            Ok(number) => Ok(vec![word(number.to_string(), value)]),
            Err(_) => Err(wrong(value, say::smaller_number())),
        },
        (ValueKind::Texts | ValueKind::TextOrTexts, DeValue::Array(list)) => {
            let each = |item: &Spanned<DeValue<'_>>| match item.get_ref() {
                DeValue::String(string) => Ok(word(string.to_string(), item)),
                _ => Err(wrong(item, key.kind.expected())),
            };
            list.iter().map(each).collect()
        }
        _ => Err(wrong(value, key.kind.expected())),
    }
}

fn unknown(name: &str, kind: &FileKind) -> String {
    let known: Vec<String> = kind.keys.iter().chain(kind.tables).map(|key| key.name.to_owned()).collect();
    let shown: String = name.chars().take(60).collect();
    match cli::nearest(name, &known) {
        Some(near) => say::unknown_key_near(&shown, near),
        None => say::unknown_key(&shown, kind.manual),
    }
}

#[cfg(test)]
mod tests {
    use super::{READINGS, stable};

    #[test]
    fn what_changes_while_it_is_read_is_read_again_but_not_for_ever() {
        let states = |states: Vec<u32>| {
            let (mut read, last) = (states.into_iter(), std::cell::Cell::new(0));
            let next = || {
                last.set(last.get() + 1);
                Ok(read.next().unwrap_or(last.get()))
            };
            (stable(next).ok(), last.get())
        };
        assert_eq!(states(vec![7, 7]), (Some(7), 2));
        assert_eq!(states(vec![70, 71, 72, 72]), (Some(72), 4));
        assert_eq!(states(Vec::new()), (None, u32::try_from(READINGS).unwrap() + 1));
    }
}
