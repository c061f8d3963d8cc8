//! Rooms that have ended: what was said and done in them is deleted, a little at a time. A room is noted as ended in the
//! transaction that ends it, so that a start after a crash goes on where it stopped.
//!
//! Must not know: why a room ends.

use rusqlite::{Connection, OptionalExtension as _, Result};

use super::expunge::expunge;
use super::high_water::{self, Counter};
use super::lookup;
use super::modlog;
use super::values::{room_id, sql_room};
use crate::server::ids::RoomId;
use crate::server::store::limits::PRUNE_BYTES;
use crate::server::store::members::MemberSet;

/// Notes that a room has ended; no room has its number again.
pub(super) fn note(conn: &Connection, room: RoomId) -> Result<()> {
    high_water::keep(conn, Counter::Room, sql_room(room))?;
    conn.prepare_cached("INSERT OR IGNORE INTO ended_room (room) VALUES (?1)")?.execute([sql_room(room)])?;
    Ok(())
}

/// Whether there are rooms that have ended and whose messages are not all deleted.
pub(super) fn any(conn: &Connection) -> Result<bool> {
    conn.query_row("SELECT EXISTS (SELECT 1 FROM ended_room)", [], |row| row.get(0))
}

/// Deletes up to `limit` of what rooms left behind that have ended. Says whether there is more to do.
pub(super) fn delete_some(conn: &Connection, limit: usize) -> Result<bool> {
    let mut select = conn.prepare_cached("SELECT room FROM ended_room LIMIT 1")?;
    let Some(room) = select.query_row([], |row| row.get(0)).optional()? else { return Ok(false) };
    let left = match lookup::conversation(conn, MemberSet::Room(room_id(room)))? {
        Some(conversation) => delete_conversation(conn, conversation, limit)?,
        None => false,
    };
    if !left && !modlog::forget_room(conn, room_id(room), limit)? {
        conn.prepare_cached("DELETE FROM ended_room WHERE room = ?1")?.execute([room])?;
    }
    Ok(true)
}

/// Deletes a part of a conversation, and in the end the conversation itself. Says whether there is more to delete.
fn delete_conversation(conn: &Connection, conversation: i64, limit: usize) -> Result<bool> {
    let mut select = conn.prepare_cached("SELECT id FROM located WHERE conversation = ?1 LIMIT ?2")?;
    let ids = select.query_map((conversation, limit), |row| row.get(0))?.collect::<Result<Vec<i64>>>()?;
    expunge(conn, &ids, PRUNE_BYTES)?;
    if !ids.is_empty() {
        return Ok(true);
    }
    let marks = conn
        .prepare_cached(
            "DELETE FROM read WHERE conversation = ?1 AND user IN (SELECT user FROM read WHERE conversation = ?1 LIMIT ?2)",
        )?
        .execute((conversation, limit))?;
    if marks == 0 {
        conn.prepare_cached("DELETE FROM conversation WHERE id = ?1")?.execute([conversation])?;
    }
    Ok(marks > 0)
}
