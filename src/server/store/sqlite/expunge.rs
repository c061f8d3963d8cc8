//! Deletes messages, with their reactions, the labels of their changes and their words in the search index: no mark of
//! them stays.
//!
//! Must not know: why they are deleted.

use rusqlite::{Connection, OptionalExtension as _, Result};

use super::change_labels;
use super::lookup::NameCache;
use super::reactions;
use super::search_index;

/// Deletes messages, in their order, until texts of `bytes` are deleted; one in any case.
pub(super) fn expunge(conn: &Connection, ids: &[i64], bytes: usize) -> Result<()> {
    let mut names = NameCache::default();
    let mut delete = conn.prepare_cached("DELETE FROM message WHERE id = ?1 RETURNING length(CAST(body AS BLOB))")?;
    let mut deleted = 0;
    for id in ids {
        if deleted >= bytes {
            return Ok(());
        }
        search_index::remove(conn, &mut names, *id)?;
        reactions::clear(conn, *id)?;
        change_labels::clear(conn, *id)?;
        deleted += delete.query_row([id], |row| row.get::<_, usize>(0)).optional()?.unwrap_or(0);
    }
    Ok(())
}
