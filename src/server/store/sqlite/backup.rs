//! A copy of the history in one file, as of one moment, while a server may go on writing.
//!
//! Must not know: whether a server runs.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};

use super::errors::{reason, store_error};
use super::file::{self, HistoryFile};
use super::format;
use super::lookup::NameCache;
use super::placing;
use super::preflight;
use super::row::{self, Participants, RowContent};
use crate::server::store::api::Durability;
use crate::server::store::error::StoreError;
use crate::sys::secure_files;

/// The pause between two tries while the history is busy.
const PAUSE: Duration = Duration::from_millis(20);

/// How many times a busy history is tried.
const TRIES: u32 = 500;

/// A copy that was made and found sound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BackupDone {
    /// Messages in the copy.
    pub messages: u64,
    /// How many of these are damaged, as they were in the original.
    pub damaged: u64,
    /// The length of the file in bytes.
    pub bytes: u64,
}

/// Copies the history in `folder` to the new file `file`, and checks the copy. The server of that folder may be
/// running.
///
/// # Errors
/// What stands in the way, with what to do; no file is left behind.
pub fn backup(folder: &Path, file: &Path) -> Result<BackupDone, StoreError> {
    let history = HistoryFile::new(folder, Durability::Full, "");
    let source = history.path();
    match fs::symlink_metadata(source) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(StoreError::Missing(source.to_owned())),
        Ok(metadata) if metadata.len() == 0 => return Err(StoreError::Missing(source.to_owned())),
        _ => {}
    }
    // A log that is not of this history would spoil the copy.
    let owner = rustix::process::geteuid().as_raw();
    preflight::settled(source, || preflight::check(source, owner, true))?;
    if file.symlink_metadata().is_ok() {
        return Err(StoreError::Exists(file.to_owned()));
    }
    let conn = history.open_to_read().map_err(|error| store_error(source, &error))?;
    if format::version(&conn, source)? == 0 {
        return Err(StoreError::Missing(source.to_owned()));
    }
    copy(&conn, file)
}

/// Copies a whole history to the new file `file`, and checks the copy.
pub(super) fn copy(source: &Connection, file: &Path) -> Result<BackupDone, StoreError> {
    let draft = draft(file);
    let failed = |error: io::Error| StoreError::Copy(file.to_owned(), error.to_string());
    let made = file::create(&draft).map_err(failed)?;
    let done = write(source, &draft, file).and_then(|done| {
        made.sync_all().map_err(failed)?;
        publish(&draft, file)?;
        Ok(done)
    });
    if done.is_err() {
        // The draft is of no use, and the error is returned already.
        let _ = fs::remove_file(&draft);
    }
    done
}

/// The name under which a copy is written: hidden, and unique to this process.
fn draft(file: &Path) -> PathBuf {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    file.with_file_name(format!(".{name}.{}", std::process::id()))
}

fn write(source: &Connection, draft: &Path, file: &Path) -> Result<BackupDone, StoreError> {
    let failed = |error: rusqlite::Error| StoreError::Copy(file.to_owned(), reason(&error));
    let unsound = |why: String| StoreError::Unsound(file.to_owned(), why);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut target = Connection::open_with_flags(draft, flags).map_err(failed)?;
    // The whole file is synced at its end.
    target.execute_batch("PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF").map_err(failed)?;
    all_at_once(source, &mut target).map_err(failed)?;
    target.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(())).map_err(failed)?;
    let checked: String =
        target.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0)).map_err(|error| unsound(reason(&error)))?;
    if checked != "ok" {
        return Err(unsound(checked.replace(char::is_control, " ")));
    }
    if format::is_newest(&target).map_err(|error| unsound(reason(&error)))?
        && let Some(why) = placing::check(&target).map_err(|error| unsound(reason(&error)))?
    {
        return Err(unsound(why.to_owned()));
    }
    let (messages, damaged) = sums(&target).map_err(|error| unsound(reason(&error)))?;
    target.close().map_err(|(_, error)| failed(error))?;
    let bytes = fs::metadata(draft).map_err(|error| StoreError::Copy(file.to_owned(), error.to_string()))?.len();
    Ok(BackupDone { messages, damaged, bytes })
}

/// Copies everything in one step, so that the copy is of one moment.
fn all_at_once(source: &Connection, target: &mut Connection) -> rusqlite::Result<()> {
    let backup = Backup::new(source, target)?;
    for _ in 0..TRIES {
        if backup.step(-1)? == StepResult::Done {
            return Ok(());
        }
        std::thread::sleep(PAUSE);
    }
    Err(rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_BUSY), None))
}

/// How many messages there are, and how many of them do not match their checksum.
pub(super) fn sums(conn: &Connection) -> rusqlite::Result<(u64, u64)> {
    let version: i64 = conn.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let mut names = NameCache::of_version(version);
    let columns = row::columns_of(version);
    let mut select = conn.prepare(&format!("SELECT {columns}, conversation FROM message ORDER BY id"))?;
    let mut rows = select.query([])?;
    let (mut messages, mut damaged) = (0, 0);
    while let Some(row) = rows.next()? {
        let members = names.members(conn, row.get(row::CONVERSATION)?)?;
        let participants = members.map(|members| Participants::of(conn, &mut names, members)).transpose()?.flatten();
        messages += 1;
        if let RowContent::Damaged(id) = row::read(conn, &mut names, row, participants.as_ref(), &[])? {
            log::error!(id = id.0; "message_damaged");
            damaged += 1;
        }
    }
    Ok((messages, damaged))
}

/// Gives the draft its name, unless a file of that name has appeared.
fn publish(draft: &Path, file: &Path) -> Result<(), StoreError> {
    let failed = |error: io::Error| match error.kind() {
        io::ErrorKind::AlreadyExists => StoreError::Exists(file.to_owned()),
        _ => StoreError::Copy(file.to_owned(), error.to_string()),
    };
    secure_files::place_new(draft, file).map_err(failed)
}
