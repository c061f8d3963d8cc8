//! The file that keeps what was not sent when the client had to end.
//!
//! Must not know: what is done with it at the next start.

use std::io;
use std::path::{Path, PathBuf};

use super::msg::{Farewell, Unsent};
use super::text::unsent;
use crate::language::connecting as say;
use crate::language::system::words;
use crate::sys::secure_files;

/// The file, and whose texts it is asked for.
#[derive(Clone, Debug)]
pub(crate) struct UnsentTexts {
    /// The file; empty if there is no home folder.
    pub path: PathBuf,
    /// The server.
    pub server: String,
    /// The name.
    pub name: String,
}

impl UnsentTexts {
    /// Takes out what was not sent last time. A file that cannot be used has nothing.
    pub(crate) fn take(&self) -> Vec<Unsent> {
        // Nothing is made where there is nothing.
        if !self.path.try_exists().unwrap_or(false) {
            return Vec::new();
        }
        self.change(|file| unsent::take(file, &self.server, &self.name)).unwrap_or_default()
    }

    /// Keeps what was not sent; returns the farewell that says so.
    pub(crate) fn keep(&self, texts: &[Unsent], farewell: Farewell) -> Farewell {
        // Nothing is made where there is nothing to keep.
        if texts.is_empty() {
            return farewell;
        }
        let kept = self.change(|file| unsent::with(file, &self.server, &self.name, texts));
        let messages = texts.iter().filter(|text| !text.draft).count();
        if messages == 0 {
            // A draft was never sent: nobody counts on it.
            return farewell;
        }
        let path = self.path.display();
        Farewell::Failed(match kept {
            Ok(0) => say::kept_for_next_start(messages, path),
            Ok(dropped) => say::kept_in_part(messages, path, dropped),
            Err(error) => say::not_kept(messages, path, words(&error)),
        })
    }

    /// Replaces the file, which nobody else changes meanwhile.
    fn change<T>(&self, change: impl FnOnce(&str) -> (String, T)) -> io::Result<T> {
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.ok_or_else(|| io::Error::other(say::no_home_folder()))?;
        secure_files::make_folder(folder)?;
        let _lock = secure_files::lock(&lock_of(&self.path), true)?;
        let most = u64::try_from(unsent::MAX_FILE).unwrap_or(u64::MAX);
        let file = secure_files::read_secret(&self.path, most)?.unwrap_or_default();
        let (changed, value) = change(&file);
        if changed != file {
            secure_files::replace(&self.path, &changed)?;
        }
        Ok(value)
    }
}

fn lock_of(path: &Path) -> PathBuf {
    let mut lock = path.as_os_str().to_owned();
    lock.push(".lock");
    lock.into()
}
