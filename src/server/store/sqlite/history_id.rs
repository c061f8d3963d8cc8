//! The number that tells a history from every other one: the log of another history would bring another number.
//!
//! Must not know: what else is in a history.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension as _, Result};

use super::file;
use super::format::VERSION;

/// What is wrong with a log of another history.
pub(super) const OTHER: &str = "the log is of another history";

/// Gives a history its number, if it has none, and moves it into the main file.
pub(super) fn begin(conn: &Connection) -> Result<()> {
    if of(conn)?.is_some() {
        return Ok(());
    }
    let mut random = [0; 8];
    if getrandom::fill(&mut random).is_err() {
        // Without a number everything works as well.
        return Ok(());
    }
    conn.execute("INSERT INTO meta (key, value) VALUES ('history_id', ?1)", [i64::from_ne_bytes(random)])?;
    conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    // The log begins with the history's header, as that of any other history: its version can be read from outside.
    conn.execute_batch(&format!("PRAGMA user_version = {VERSION}"))
}

/// The number of a history.
pub(super) fn of(conn: &Connection) -> Result<Option<i64>> {
    conn.query_row("SELECT value FROM meta WHERE key = 'history_id'", [], |row| row.get(0)).optional()
}

/// The number in the main file at `path`, without its log; `None` if there is none, or it cannot be read that way. No
/// connection may have the file open: closing it again would drop their locks.
pub(super) fn in_main_file(path: &Path) -> Option<i64> {
    of(&file::open_alone(path).ok()?).ok()?
}
