//! How a history of tr2 is told from other files, and of which version it is.
//!
//! Must not know: what is in a history, or how an older one is brought to the newest version (`schema`).

use std::path::Path;

use rusqlite::{Connection, Result};

use super::errors::store_error;
use crate::server::store::error::StoreError;

/// The application number that tells a history of tr2 from other files of SQLite: `tr2h`.
pub(super) const APPLICATION: i64 = 0x7472_3268;

/// The newest version.
pub(super) const VERSION: i64 = 11;

/// The number of everyone's conversation, the same in every history.
pub(super) const EVERYONE: i64 = 1;

/// The version of a history; 0 if there is nothing in it.
pub(super) fn version(conn: &Connection, path: &Path) -> Result<i64, StoreError> {
    let ask = |pragma: &str| conn.query_row(pragma, [], |row| row.get::<_, i64>(0));
    let seen = ask("PRAGMA application_id").and_then(|application| {
        Ok((application, ask("PRAGMA user_version")?, ask("SELECT count(*) FROM sqlite_schema")?))
    });
    match seen.map_err(|error| store_error(path, &error))? {
        (0, 0, 0) => Ok(0),
        (APPLICATION, version, _) if version > VERSION => Err(StoreError::Newer(path.to_owned(), version, VERSION)),
        (APPLICATION, version @ 1.., _) => Ok(version),
        _ => Err(StoreError::Damaged(path.to_owned(), "it was made by another program".to_owned())),
    }
}

/// Whether a history that was open before is still there, and of the newest version.
pub(super) fn is_newest(conn: &Connection) -> Result<bool> {
    let ask = |pragma: &str| conn.query_row(pragma, [], |row| row.get::<_, i64>(0));
    Ok(ask("PRAGMA application_id")? == APPLICATION && ask("PRAGMA user_version")? == VERSION)
}

/// Writes what is there already, so that a transaction is not empty.
pub(super) fn touch(conn: &Connection) -> Result<()> {
    conn.execute_batch(&format!("PRAGMA user_version = {VERSION}"))
}
