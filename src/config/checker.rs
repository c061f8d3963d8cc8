//! Checks the words of options one by one, and collects the problems.
//!
//! Must not know: which options there are.

use std::path::{Path, PathBuf};

use super::given::{Given, Problem, Word};
use super::value::{self, Meant};

/// Checks words one by one and collects the problems.
pub(super) struct Checker<'a> {
    /// What was given.
    pub(super) given: &'a Given,
    /// The folder of the file.
    pub(super) folder: Option<&'a Path>,
    /// What was found wrong.
    pub(super) problems: Vec<Problem>,
}

impl Checker<'_> {
    /// The meaning of an option's only word; `None` if it is missing or wrong.
    pub(super) fn one<T>(&mut self, key: &'static str, meaning: impl Fn(&str) -> Meant<T>) -> Option<T> {
        self.each(key, meaning).pop()
    }

    /// A path; in the file, it is relative to the folder of the file.
    pub(super) fn path(&mut self, key: &'static str) -> Option<PathBuf> {
        let in_file = self.given.words(key).first().is_some_and(|word| word.position.is_some());
        let path = self.one(key, value::path)?;
        Some(self.folder.filter(|_| in_file).map_or_else(|| path.clone(), |folder| folder.join(&path)))
    }

    /// The meaning of each word of an option.
    pub(super) fn each<T>(&mut self, key: &'static str, meaning: impl Fn(&str) -> Meant<T>) -> Vec<T> {
        let mut meant = Vec::new();
        for Word { text, position } in self.given.words(key) {
            match meaning(text) {
                Ok(value) => meant.push(value),
                Err(problem) => {
                    let about = Problem { position: *position, key: Some(key), word: Some(text.clone()), ..problem };
                    self.problems.push(about);
                }
            }
        }
        meant
    }

    /// The default of an option that needs a value.
    pub(super) fn needed<T>(&mut self, found: Meant<T>) -> Option<T> {
        found.map_err(|problem| self.problems.push(problem)).ok()
    }

    /// Adds a problem with an option as a whole.
    pub(super) fn complain(&mut self, key: &'static str, what: &str) {
        let position = self.given.words(key).first().and_then(|word| word.position);
        self.problems.push(Problem { position, key: Some(key), ..Problem::usage(what) });
    }
}
