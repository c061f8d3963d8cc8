//! A file beside a history that is there while its write-ahead log holds what is promised and perhaps not yet in the
//! history: then a log that is missing or not whole is a loss, and not just an end.
//!
//! It is made after the first commit and removed before the log is emptied, so that no kill and no power cut leaves a mark
//! without its log.
//!
//! Must not know: what the log holds.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::file::{create, sync_folder};
use super::log_file::{beside, open, read_whole};
use crate::server::store::api::Durability;

/// What is added to the history's name.
const MARK: &str = "-mark";
/// What stands in it, if each commit is on the disk before it is reported, and if not.
const SYNCED: &[u8] = b"synced\n";
const UNSYNCED: &[u8] = b"unsynced\n";

/// The mark of an open history.
#[derive(Debug)]
pub(super) struct LogMark {
    path: PathBuf,
    /// The log that it is about.
    log: PathBuf,
    content: &'static [u8],
    /// Whether it is there, as far as is known.
    there: bool,
}

/// What a mark says of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Marked {
    /// Nothing that was promised is in the log alone.
    No,
    /// The log holds commits; each was on the disk before it was reported.
    Synced,
    /// The log holds commits; a power cut may have taken the last ones.
    Unsynced,
}

impl LogMark {
    /// The mark of the history at `path`, not set yet.
    pub(super) fn new(path: &Path, durability: Durability) -> Self {
        let content = if durability == Durability::Full { SYNCED } else { UNSYNCED };
        Self { path: place(path), log: beside(path, "-wal"), content, there: false }
    }

    /// Sets it after a transaction, if it is not set and the log holds anything: a transaction that changes nothing leaves
    /// an empty log empty.
    pub(super) fn set(&mut self) -> io::Result<()> {
        if self.there || fs::metadata(&self.log)?.len() == 0 {
            return Ok(());
        }
        remove(&self.path)?;
        let mut file = create(&self.path)?;
        file.write_all(self.content)?;
        file.sync_all()?;
        sync_folder(&self.path)?;
        self.there = true;
        Ok(())
    }

    /// Removes it: from now on, the log may be emptied.
    pub(super) fn clear(&mut self) -> io::Result<()> {
        self.there = false;
        remove(&self.path)
    }
}

/// Where the mark of the history at `path` is.
pub(super) fn place(path: &Path) -> PathBuf {
    beside(path, MARK)
}

/// Reads the mark of the history at `path`. One that cannot be read whole says the least that it can say.
pub(super) fn read(path: &Path) -> io::Result<Marked> {
    let Some(mut file) = open(&place(path))? else { return Ok(Marked::No) };
    let mut content = [0; SYNCED.len()];
    let synced = read_whole(&mut file, &mut content)? && content == *SYNCED;
    Ok(if synced { Marked::Synced } else { Marked::Unsynced })
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Ok(()) => sync_folder(path),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}
