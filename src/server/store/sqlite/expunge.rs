//! Deletes messages, with their words in the search index: no mark of them stays.
//!
//! Must not know: why they are deleted.

use rusqlite::{Connection, Result};

use super::lookup::NameCache;
use super::search_index;

/// Deletes messages.
pub(super) fn expunge(conn: &Connection, ids: &[i64]) -> Result<()> {
    let mut names = NameCache::default();
    let mut from_messages = conn.prepare_cached("DELETE FROM message WHERE id = ?1")?;
    for id in ids {
        search_index::remove(conn, &mut names, *id)?;
        from_messages.execute([id])?;
    }
    Ok(())
}
