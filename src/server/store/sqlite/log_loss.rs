//! Whether the write-ahead log of a history has lost something that was committed to it.
//!
//! A power cut may tear the last transaction, of which nobody was told. Anything else that is not whole was damaged: the
//! history would be opened without it, and without the bans and names in it.
//!
//! Must not know: what the log holds, or who may go on without it.

use std::io::{self, Read as _};
use std::os::unix::fs::FileExt as _;
use std::path::Path;

use super::log_file::{self, LogFile, beside};
use super::log_mark::{self, Marked};

/// The length of each of the two equal headers of the log's index, and where they say that they count, how many frames of
/// the log are committed, and by which salt (SQLite's WAL-index format; numbers in the byte order of the machine).
const INDEX_HEAD: usize = 48;
const IS_SET_AT: usize = 12;
const COMMITTED_AT: usize = 16;
const SALT_AT: usize = 32;

/// What is lost of the log of the history at `path`, in words; `None` if nothing is.
pub(super) fn find(path: &Path) -> io::Result<Option<&'static str>> {
    let found = match log_mark::read(path)? {
        Marked::No => None,
        // A backup was put in place.
        _ if !log_file::has_log(path)? => None,
        marked => look(path, marked == Marked::Synced)?,
    };
    // A server that runs may have emptied it meanwhile; it removes the mark before.
    Ok(if log_mark::read(path)? == Marked::No { None } else { found })
}

fn look(path: &Path, synced: bool) -> io::Result<Option<&'static str>> {
    let Some(log) = LogFile::read(path, false)? else {
        return Ok(Some(match log_file::open(&beside(path, "-wal"))? {
            None => "it is missing",
            Some(file) if file.metadata()?.len() == 0 => "it is empty",
            Some(_) => "its beginning is damaged",
        }));
    };
    let lost = synced && (log.committed < index(path, &log.salt)? || log.commits_behind()? > 1);
    Ok(lost.then_some("a part of it is damaged or missing"))
}

/// How many frames of the log with this salt are committed, as the log's index says. It is written after each commit, and
/// outlasts a kill.
fn index(path: &Path, salt: &[u8]) -> io::Result<u64> {
    let Some(file) = log_file::open(&beside(path, "-shm"))? else { return Ok(0) };
    let mut both = Vec::new();
    file.take(2 * INDEX_HEAD as u64).read_to_end(&mut both)?;
    let Some((head, copy)) = both.split_at_checked(INDEX_HEAD) else { return Ok(0) };
    let counts =
        head == copy && head.get(IS_SET_AT) == Some(&1) && head.get(SALT_AT..SALT_AT + salt.len()) == Some(salt);
    let committed = head.get(COMMITTED_AT..COMMITTED_AT + 4).and_then(|four| <[u8; 4]>::try_from(four).ok());
    Ok(if counts { committed.map_or(0, |four| u64::from(u32::from_ne_bytes(four))) } else { 0 })
}

impl LogFile {
    /// How many commits stand behind the last frame that is whole. More than one cannot have been torn by a power cut.
    fn commits_behind(&self) -> io::Result<usize> {
        let length = self.file.metadata()?.len();
        let mut commits = 0;
        let mut head = [0; log_file::FRAME_HEAD];
        for frame in self.whole.. {
            let at = self.frame_at(frame);
            if commits > 1 || at + self.frame_length() > length {
                break;
            }
            self.file.read_exact_at(&mut head, at)?;
            let is_commit = log_file::number(&head, 4) != 0;
            commits += usize::from(is_commit && head.get(8..16) == Some(&self.salt[..]));
        }
        Ok(commits)
    }
}
