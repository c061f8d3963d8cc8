//! A list of those whose keys are known: a file that is read whole and replaced whole, and whose loss is noticed. Beside it
//! lies a lock, in which stands that there is a list.
//!
//! Must not know: what stands in the list.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::own_key::unusable;
use crate::sys::secure_files;

/// The longest list, in bytes.
pub(super) const MAX_LIST: usize = 1024 * 1024;

/// What is said of a list.
#[derive(Clone, Copy, Debug)]
pub(super) struct ListWords {
    /// What the lock says once there is a list.
    pub(super) made: &'static str,
    /// The list is missing; the lock's path goes into it.
    pub(super) missing: fn(&Path) -> String,
    /// The list is empty, likewise.
    pub(super) empty: fn(&Path) -> String,
}

/// A list.
#[derive(Clone, Copy, Debug)]
pub(super) struct KnownList<'a> {
    pub(super) path: &'a Path,
    pub(super) words: ListWords,
}

impl KnownList<'_> {
    /// Reads it. If it is lost or empty although something was remembered in it, that is an error: everybody would pass for
    /// somebody new.
    ///
    /// # Errors
    /// That, or that a file cannot be read.
    pub(super) fn read(&self) -> io::Result<String> {
        let (lock, most) = (self.lock_path(), MAX_LIST as u64);
        // Read before the list: another client may be making both, and makes the list first.
        let made = secure_files::read(&lock, most).map_err(|error| self.failed(&error))?;
        let list = secure_files::read(self.path, most).map_err(|error| self.failed(&error))?;
        let made = made.is_some_and(|text| !text.is_empty());
        if made && list.as_ref().is_none_or(String::is_empty) {
            let words = if list.is_some() { self.words.empty } else { self.words.missing };
            return Err(self.failed(&io::Error::other(words(&lock))));
        }
        Ok(list.unwrap_or_default())
    }

    /// Replaces it by what `change` makes of it; no other client changes it meanwhile.
    ///
    /// # Errors
    /// What `change` says, or that a file cannot be read or written.
    pub(super) fn change(&self, change: impl FnOnce(&str) -> io::Result<String>) -> io::Result<()> {
        if let Some(folder) = self.path.parent() {
            secure_files::make_folder(folder).map_err(|error| self.failed(&error))?;
        }
        let mut lock = secure_files::lock(&self.lock_path(), true).map_err(|error| self.failed(&error))?;
        let changed = change(&self.read()?)?;
        secure_files::replace(self.path, &changed).map_err(|error| self.failed(&error))?;
        if let Some(lock) = lock.as_mut().filter(|lock| lock.metadata().is_ok_and(|found| found.len() == 0)) {
            // If this cannot be written, only a later loss of the list is not noticed.
            let _ = lock.write_all(self.words.made.as_bytes());
        }
        Ok(())
    }

    /// The list cannot be used, for this reason.
    pub(super) fn failed(&self, error: &io::Error) -> io::Error {
        unusable(self.path, error)
    }

    /// The file that is locked while the list changes.
    fn lock_path(&self) -> PathBuf {
        let mut path = self.path.as_os_str().to_owned();
        path.push(".lock");
        path.into()
    }
}
