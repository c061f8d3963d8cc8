//! The file of the history: readable by its owner alone, and opened with the durability that was asked for.
//!
//! Must not know: what is in it (`schema`).

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt};
use std::path::{Path, PathBuf};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, Result};
use rustix::fs::OFlags;

use crate::server::store::api::Durability;
use crate::server::store::error::StoreError;
use crate::server::store::limits::{BUSY, CACHE_KIB, CHECKPOINT_PAGES, LOG_BYTES};

/// The name of the history in the data folder.
pub const FILE: &str = "history.db";

/// All files of a history in the data folder, itself first.
pub const FILES: [&str; 4] = [FILE, "history.db-wal", "history.db-shm", "history.db-mark"];

/// What is added to it for its write-ahead log.
const LOG: &str = "-wal";

const FILE_MODE: u32 = 0o600;

/// The history in a data folder, and its write-ahead log.
#[must_use]
pub(crate) fn files(folder: &Path) -> (PathBuf, PathBuf) {
    (folder.join(FILE), folder.join(format!("{FILE}{LOG}")))
}

/// Where the history is, and how it is opened.
#[derive(Clone, Debug)]
pub(super) struct HistoryFile {
    path: PathBuf,
    durability: Durability,
    /// Statements to execute on the writing connection, after those of the durability.
    extra: String,
}

impl HistoryFile {
    pub(super) fn new(folder: &Path, durability: Durability, extra: &str) -> Self {
        Self { path: folder.join(FILE), durability, extra: extra.to_owned() }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn durability(&self) -> Durability {
        self.durability
    }

    /// Makes the file if there is none. It is closed to others before anything is written to it.
    pub(super) fn make(&self) -> Result<(), StoreError> {
        let failed = |error: io::Error| StoreError::Unusable(self.path.clone(), error.to_string());
        match create(&self.path).and_then(|file| file.sync_all()).and_then(|()| sync_folder(&self.path)) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => close_to_others(&self.path).map_err(failed),
            made => made.map_err(failed),
        }
    }

    /// A connection that writes. It never makes a file: a missing one is an error.
    pub(super) fn open_to_write(&self) -> Result<Connection> {
        let conn = open(&self.path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        let synchronous = if self.durability == Durability::Full { "FULL" } else { "NORMAL" };
        conn.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
        conn.execute_batch(&format!(
            "PRAGMA synchronous = {synchronous};
             PRAGMA fullfsync = ON;
             PRAGMA checkpoint_fullfsync = ON;
             PRAGMA secure_delete = ON;
             PRAGMA cell_size_check = ON;
             PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES};
             PRAGMA journal_size_limit = {LOG_BYTES};"
        ))?;
        conn.execute_batch(&self.extra)?;
        Ok(conn)
    }

    /// A connection that changes nothing, except that it undoes a transaction that a power cut left unfinished.
    pub(super) fn open_unchanged(&self) -> Result<Connection> {
        let conn = open(&self.path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        conn.execute_batch("PRAGMA query_only = ON; PRAGMA cell_size_check = ON;")?;
        // The log stays as it is, even if this is the last connection that closes.
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        Ok(conn)
    }

    /// A connection that only reads.
    pub(super) fn open_to_read(&self) -> Result<Connection> {
        let conn = open(&self.path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        conn.execute_batch("PRAGMA query_only = ON; PRAGMA cell_size_check = ON;")?;
        Ok(conn)
    }
}

/// Takes away others' access to an existing file. Anything that is not a plain file is left to whoever opens it.
fn close_to_others(path: &Path) -> io::Result<()> {
    let metadata = path.symlink_metadata()?;
    if metadata.is_file() && metadata.permissions().mode() & 0o777 != FILE_MODE {
        fs::set_permissions(path, fs::Permissions::from_mode(FILE_MODE))?;
    }
    Ok(())
}

fn open(path: &Path, mode: OpenFlags) -> Result<Connection> {
    let flags = mode | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_NOFOLLOW;
    // The folder may be reached through links; the file itself may not be one.
    let whole = path.parent().and_then(|folder| fs::canonicalize(folder).ok());
    let whole = whole.zip(path.file_name()).map_or_else(|| path.to_owned(), |(folder, name)| folder.join(name));
    let conn = Connection::open_with_flags(whole, flags)?;
    conn.busy_timeout(BUSY)?;
    conn.set_prepared_statement_cache_capacity(64);
    // There are no statistics from which a plan for certain values could profit: no statement is planned anew for each.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    conn.execute_batch(&format!("PRAGMA cache_size = -{CACHE_KIB}; PRAGMA temp_store = MEMORY;"))?;
    Ok(conn)
}

/// A connection that reads nothing but this one file, and makes none.
pub(super) fn open_alone(path: &Path) -> Result<Connection> {
    let whole = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let escaped: String = whole
        .to_string_lossy()
        .chars()
        .map(|c| if matches!(c, '%' | '?' | '#') { format!("%{:02x}", c as u32) } else { c.to_string() })
        .collect();
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    let conn = Connection::open_with_flags(format!("file:{escaped}?immutable=1"), flags)?;
    conn.execute_batch("PRAGMA query_only = ON; PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY;")?;
    Ok(conn)
}

/// Makes a file for this user alone; an error if anything has that name, even a dangling link.
pub(super) fn create(path: &Path) -> io::Result<File> {
    let nofollow = OFlags::NOFOLLOW.bits().cast_signed();
    let file =
        OpenOptions::new().read(true).write(true).create_new(true).mode(FILE_MODE).custom_flags(nofollow).open(path)?;
    // Whatever the umask took away.
    file.set_permissions(fs::Permissions::from_mode(FILE_MODE))?;
    Ok(file)
}

/// Makes sure that a file's name is on the disk.
pub(super) fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}
