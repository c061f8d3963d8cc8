//! Examines a whole history from outside: its structure, every checksum, and the records that trust rests on.
//!
//! A history with an empty log is read where it is; else a copy is read, into which the log was put. The files themselves
//! are only read, by name, and a server may go on writing.
//!
//! Must not know: whether a server runs.

use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use super::backup;
use super::errors::{reason, store_error};
use super::facts;
use super::file::{self, FILE};
use super::format::{self, VERSION};
use super::history_id;
use super::inspect;
use super::log_file::{self, LogFile};
use super::node_place;
use super::owners;
use super::placing;
use super::preflight;
use super::soundness;
use crate::server::store::error::StoreError;

/// How often a history that is being written is read again.
const TRIES: u32 = 5;

/// What was found in a history.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Examined {
    /// Whether there is a history.
    pub exists: bool,
    /// Whether it is a node's, and not that of a server that stands alone.
    pub is_node: bool,
    /// Damaged records of owners, bans and rooms, in a few words each.
    pub lost: Vec<String>,
    /// Damaged messages.
    pub damaged: u64,
    /// All facts that are not damaged, each as kind, key and value.
    pub facts: Vec<(String, String, String)>,
}

/// A copy that is removed when this is dropped.
struct Scratch(PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        // It is of no use to anybody; if it cannot be removed, the system's own tidying does it.
        let _ = fs::remove_file(&self.0);
    }
}

/// Examines the history in `folder` for a server that runs as `owner`.
///
/// # Errors
/// What would stand in the way of using it.
pub fn examine(folder: &Path, owner: u32, new_history: bool) -> Result<Examined, StoreError> {
    let path = folder.join(FILE);
    let look = || {
        preflight::check(&path, owner, new_history)?;
        inspect::look(folder)
    };
    if !preflight::settled(&path, look)? {
        return Ok(Examined::default());
    }
    let unread = |error: io::Error| StoreError::Unexamined(path.clone(), error.to_string());
    for _ in 0..TRIES {
        let before = stamp(&path).map_err(unread)?;
        let found = examine_once(&path);
        // What changed meanwhile may have been read half.
        if stamp(&path).map_err(unread)? == before {
            return found;
        }
    }
    Err(unread(io::Error::other("it changed while it was being read")))
}

fn examine_once(path: &Path) -> Result<Examined, StoreError> {
    let path = path.to_owned();
    let unread = |error: io::Error| StoreError::Unexamined(path.clone(), error.to_string());
    let copy = copy_with_log(&path).map_err(unread)?;
    let read = copy.as_ref().map_or(&path, |copy| &copy.0);
    let failed = |error: rusqlite::Error| store_error(&path, &error);
    let conn = file::open_alone(read).map_err(failed)?;
    let version = format::version(&conn, &path)?;
    if version == 0 {
        return Ok(Examined::default());
    }
    if let Some(alone) = copy.as_ref().and_then(|_| history_id::in_main_file(&path))
        && history_id::of(&conn).is_ok_and(|found| found.is_some_and(|found| found != alone))
    {
        return Err(soundness::mixed(&path, history_id::OTHER));
    }
    let checked: String = conn.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0)).map_err(failed)?;
    if checked != "ok" {
        return Err(StoreError::Damaged(path, checked.replace(char::is_control, " ")));
    }
    let (_, damaged) = backup::sums(&conn).map_err(|error| StoreError::Damaged(path.clone(), reason(&error)))?;
    let mut examined = Examined { exists: true, damaged, ..Examined::default() };
    if version == VERSION {
        if let Some(why) = placing::check(&conn).map_err(failed)? {
            return Err(StoreError::Damaged(path, why.to_owned()));
        }
        let (_, mut lost) = owners::all(&conn).map_err(failed)?;
        let (facts, lost_facts) = facts::all(&conn, false).map_err(failed)?;
        lost.extend(lost_facts);
        (examined.lost, examined.facts) = (lost, facts);
        examined.is_node = node_place::is_there(&conn).map_err(failed)?;
    }
    Ok(examined)
}

/// A copy of the history as of one moment, with its log put into it; `None` if the log holds nothing.
fn copy_with_log(path: &Path) -> io::Result<Option<Scratch>> {
    let Some(mut log) = LogFile::read(path, false)?.filter(|log| !log.pages.is_empty()) else { return Ok(None) };
    let scratch = Scratch(std::env::temp_dir().join(format!("tr2-check-{}-{}.db", std::process::id(), random()?)));
    let mut target = file::create(&scratch.0)?;
    io::copy(&mut File::open(path)?, &mut target)?;
    put(&mut log, &mut target)?;
    Ok(Some(scratch))
}

/// Puts the pages of a log into a copy.
fn put(log: &mut LogFile, target: &mut File) -> io::Result<()> {
    let page_size = log.page_size as u64;
    for number in log.pages.keys().copied().collect::<Vec<_>>() {
        if let Some(page) = log.page(number)? {
            target.seek(SeekFrom::Start(u64::from(number.saturating_sub(1)) * page_size))?;
            target.write_all(&page)?;
        }
    }
    target.set_len(u64::from(log.length) * page_size)
}

/// What changes when the history itself is written, or its log begins anew: the log's end may grow.
fn stamp(path: &Path) -> io::Result<(i64, i64, u64, [u8; 32])> {
    let history = fs::metadata(path)?;
    let mut head = [0; 32];
    if let Some(log) = log_file::open(&log_file::beside(path, "-wal"))? {
        let mut seen = Vec::new();
        log.take(32).read_to_end(&mut seen)?;
        head.iter_mut().zip(seen).for_each(|(byte, seen)| *byte = seen);
    }
    Ok((history.mtime(), history.mtime_nsec(), history.len(), head))
}

fn random() -> io::Result<u32> {
    let mut random = [0; 4];
    getrandom::fill(&mut random).map_err(|error| io::Error::other(error.to_string()))?;
    Ok(u32::from_ne_bytes(random))
}
