//! The file that keeps what a person sent on a server, for the next run: read once at the start, then one line is added
//! for each text. Only its owner can read it.
//!
//! Must not know: which texts are worth keeping, or how they are recalled.

use std::io;
use std::path::{Path, PathBuf};

use super::msg::{Msg, Sent, SentText};
use super::text::recall::MAX_RECALLED;
use super::text::sent_lines::{self, HEAD};
use crate::language::terminal as say;
use crate::sys::secure_files;

/// The largest file, in bytes; a fuller one is cut to its newest half.
pub(crate) const MAX_FILE: u64 = 1024 * 1024;

/// The folder of these files, and whether they can be used.
#[derive(Debug)]
pub(in crate::client) struct SentFiles {
    /// `None` if there is no home folder, or a file could not be used: then nothing is kept.
    folder: Option<PathBuf>,
}

impl SentFiles {
    pub(in crate::client) fn new(folder: Option<PathBuf>) -> Self {
        Self { folder }
    }

    /// What this person sent on this server, oldest first.
    ///
    /// # Errors
    /// A sentence: the file cannot be used. Then nothing is added to it either.
    pub(in crate::client) fn load(&mut self, name: &str, server: &str) -> Result<Vec<SentText>, String> {
        let Some(folder) = &self.folder else { return Ok(Vec::new()) };
        let path = folder.join(sent_lines::name_of(name, server));
        match read(&path) {
            Ok(mut sent) => {
                sent.drain(..sent.len().saturating_sub(MAX_RECALLED));
                Ok(sent)
            }
            Err(error) => Err(self.give_up(&path, &error)),
        }
    }

    /// Adds a text; returns what the person must be told if that fails, which happens once.
    pub(in crate::client) fn add(&mut self, sent: &Sent) -> Option<Msg> {
        let path = self.folder.as_ref()?.join(sent_lines::file_name(sent));
        let added = write(&path, &sent_lines::line(&sent.sent));
        added.err().map(|error| Msg::Trouble(self.give_up(&path, &error)))
    }

    fn give_up(&mut self, path: &Path, error: &io::Error) -> String {
        self.folder = None;
        let path = path.display();
        say::sent_not_remembered(&path, error)
    }
}

fn read(path: &Path) -> io::Result<Vec<SentText>> {
    let Some(text) = secure_files::read_secret(path, MAX_FILE)? else { return Ok(Vec::new()) };
    let damaged = |line| io::Error::other(say::sent_line_damaged(line));
    sent_lines::read(&text).map_err(damaged)
}

fn write(path: &Path, line: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        secure_files::make_folder(folder)?;
    }
    // Another client of the same person may add a line at the same time.
    let lock = secure_files::lock(&path.with_extension("lock"), true)?;
    let added = secure_files::append_secret(path, &format!("{HEAD}\n"), line, MAX_FILE)?;
    if !added {
        let sent = read(path)?;
        let newest = sent.get(sent.len() / 2..).unwrap_or_default().iter().map(sent_lines::line);
        let text: String = std::iter::once(format!("{HEAD}\n")).chain(newest).chain([line.to_owned()]).collect();
        secure_files::replace(path, &text)?;
    }
    drop(lock);
    Ok(())
}
