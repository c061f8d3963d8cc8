//! The words that were given for each option, with their places in the file; and the problems found in them.
//!
//! Must not know: what a word means (`value`), or how it was read (`file`, `cli`).

use std::collections::BTreeMap;
use std::fmt;

use super::keys::KEYS;
use crate::error::Error;
use crate::model::Text;

/// The most problems that are reported at once.
const MAX_PROBLEMS: usize = 50;
/// The longest word that a problem shows, in characters.
const MAX_SHOWN: usize = 60;

/// A position in the file, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Position {
    /// The line.
    pub line: usize,
    /// The character in the line.
    pub column: usize,
}

impl Position {
    /// The position of a byte of a text.
    #[must_use]
    pub(crate) fn of(text: &str, at: usize) -> Self {
        let before = text.get(..text.floor_char_boundary(at)).unwrap_or_default();
        let line = before.rsplit('\n').next().unwrap_or_default();
        Self { line: before.matches('\n').count() + 1, column: line.chars().count() + 1 }
    }
}

/// A word that was given for an option.
#[derive(Clone, Debug)]
pub(crate) struct Word {
    /// The word as written; a number is in decimal.
    pub text: String,
    /// Its position in the file; `None` for the command line.
    pub(crate) position: Option<Position>,
}

/// All words that were given, by option; and the entries of tables, in the order of the file.
#[derive(Clone, Debug, Default)]
pub struct Given {
    options: BTreeMap<&'static str, Vec<Word>>,
    entries: BTreeMap<&'static str, Vec<TableEntry>>,
}

/// An entry of a table.
#[derive(Clone, Debug)]
pub(crate) struct TableEntry {
    /// Its name.
    pub(crate) name: Word,
    /// Its words.
    pub(crate) words: Vec<Word>,
}

impl Given {
    /// Sets the words of an option, replacing earlier ones.
    pub(crate) fn put(&mut self, key: &'static str, words: Vec<Word>) {
        self.options.insert(key, words);
    }

    /// Sets the words of an option from the command line, replacing earlier ones; no words change nothing.
    pub(crate) fn put_flags(&mut self, key: &'static str, words: impl IntoIterator<Item = String>) {
        let words: Vec<Word> = words.into_iter().map(|text| Word { text, position: None }).collect();
        if !words.is_empty() {
            self.put(key, words);
        }
    }

    /// The words of an option.
    #[must_use]
    pub(crate) fn words(&self, key: &str) -> &[Word] {
        self.options.get(key).map(Vec::as_slice).unwrap_or_default()
    }

    /// Sets the entries of a table.
    pub(crate) fn put_entries(&mut self, table: &'static str, entries: Vec<TableEntry>) {
        self.entries.insert(table, entries);
    }

    /// The entries of a table.
    #[must_use]
    pub(crate) fn entries(&self, table: &str) -> &[TableEntry] {
        self.entries.get(table).map(Vec::as_slice).unwrap_or_default()
    }

    /// Everything as text, by name; an entry of a table is named `table.name`.
    #[must_use]
    pub(crate) fn texts(&self) -> BTreeMap<String, Vec<String>> {
        let texts = |words: &[Word]| words.iter().map(|word| word.text.clone()).collect::<Vec<_>>();
        let options = self.options.iter().map(|(name, words)| ((*name).to_owned(), texts(words)));
        let entries = self.entries.iter().flat_map(|(table, entries)| {
            entries.iter().map(move |entry| (format!("{table}.{}", entry.name.text), texts(&entry.words)))
        });
        options.chain(entries).collect()
    }

    /// The options whose words differ from those before.
    #[must_use]
    pub fn changes(&self, before: &Self) -> Vec<&'static str> {
        KEYS.iter().filter(|key| !self.is_as_in(before, key.name)).map(|key| key.name).collect()
    }

    fn is_as_in(&self, before: &Self, key: &str) -> bool {
        let texts = |given: &Self| given.words(key).iter().map(|word| word.text.clone()).collect::<Vec<_>>();
        texts(self) == texts(before)
    }

    /// The problem of each changed option that needs a restart.
    #[must_use]
    pub(crate) fn fixed_changes(&self, before: &Self) -> Vec<Problem> {
        let changed = KEYS.iter().filter(|key| !key.live && !self.is_as_in(before, key.name));
        let problem = |name: &'static str| {
            let position = self.words(name).first().and_then(|word| word.position);
            Problem { position, key: Some(name), ..Problem::usage("needs a restart; nothing was changed") }
        };
        changed.map(|key| problem(key.name)).collect()
    }
}

/// A problem with an option.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Its position in the file, if it is there.
    pub(crate) position: Option<Position>,
    /// The option.
    pub key: Option<&'static str>,
    /// The word.
    pub word: Option<String>,
    /// What is wrong, and what is expected.
    pub what: String,
    /// Whether the configuration itself is wrong, and not something that it refers to.
    pub usage: bool,
}

impl Problem {
    /// A problem in the configuration itself.
    pub fn usage(what: impl Into<String>) -> Self {
        Self { position: None, key: None, word: None, what: what.into(), usage: true }
    }

    /// A problem with something that the configuration refers to.
    pub fn failed(what: impl Into<String>) -> Self {
        Self { usage: false, ..Self::usage(what) }
    }

    /// Whether the command line is wrong.
    #[must_use]
    pub fn is_misuse(&self) -> bool {
        self.usage && self.position.is_none() && self.word.is_some()
    }

    /// The same problem, at a position in the file.
    #[must_use]
    pub(crate) fn at(self, position: Position) -> Self {
        Self { position: Some(position), ..self }
    }
}

/// All problems, in the order of the file.
#[derive(Clone, Debug, Default)]
pub struct Problems {
    /// The file, if one was named.
    pub file: Option<String>,
    /// The problems.
    pub list: Vec<Problem>,
}

impl Problems {
    /// Sorts the problems, and drops duplicates and those beyond the limit.
    #[must_use]
    pub fn new(file: Option<String>, mut list: Vec<Problem>) -> Self {
        list.sort_by_key(|problem| problem.position);
        list.dedup();
        list.truncate(MAX_PROBLEMS);
        Self { file, list }
    }

    /// One line for each problem.
    pub fn lines(&self) -> impl Iterator<Item = String> {
        self.list.iter().map(|problem| ProblemLine { file: self.file.as_deref(), problem }.to_string())
    }
}

impl From<Problems> for Error {
    fn from(problems: Problems) -> Self {
        let text = problems.lines().collect::<Vec<_>>().join("\n");
        if problems.list.iter().any(|problem| problem.usage) { Self::Usage(text) } else { Self::Failed(text) }
    }
}

/// A problem as it is shown.
struct ProblemLine<'a> {
    file: Option<&'a str>,
    problem: &'a Problem,
}

impl fmt::Display for ProblemLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Problem { position, key, word, what, .. } = self.problem;
        match (position, self.file) {
            (Some(Position { line, column }), Some(file)) => write!(f, "{}:{line}:{column}: ", Text::line(file))?,
            (None, Some(file)) if key.is_none() || word.is_none() => write!(f, "{}: ", Text::line(file))?,
            _ => {}
        }
        if let Some(key) = key {
            f.write_str(if position.is_none() && word.is_some() { "--" } else { "" })?;
            f.write_str(key)?;
            if let Some(word) = word {
                let shown: String = word.chars().take(MAX_SHOWN).collect();
                write!(f, " {}", Text::line(&shown))?;
            }
            f.write_str(": ")?;
        }
        f.write_str(Text::line(what).as_str())
    }
}
