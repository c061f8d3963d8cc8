//! Deletes what is to be kept no longer on a node, by the time of the log that it shares with others: what is there to be
//! decided on must be the same on all of them.
//!
//! It is called once a minute of the log's time, and looks at some of the conversations each time.
//!
//! Must not know: how a server does it that stands alone (`prune`).

use rusqlite::{Connection, OptionalExtension as _, Result};

use super::ended_rooms;
use super::expunge::expunge;
use super::high_water::{self, Counter};
use super::modlog;
use crate::model::Timestamp;
use crate::server::store::api::Retention;
use crate::server::store::limits::{PRUNE_CHUNK, PRUNE_MOST};

/// Each conversation is looked at once in so many minutes.
const ROUND: i64 = 60;
/// So many chunks of rooms that have ended are deleted a minute.
const ENDED_CHUNKS: usize = 64;

/// Deletes what is due at this time of the log, inside a transaction. Says whether anything was.
pub(super) fn minute(conn: &Connection, keep: Retention, time: Timestamp) -> Result<bool> {
    // Their numbers are not used again, even if these were the last.
    high_water::raise(conn, Counter::Message)?;
    let mut any = false;
    for _ in 0..ENDED_CHUNKS {
        if !ended_rooms::delete_some(conn, PRUNE_CHUNK)? {
            break;
        }
        any = true;
    }
    if let Some(oldest) = keep.oldest(time) {
        any |= delete_too_old(conn, oldest)?;
        any |= modlog::forget(conn, oldest, PRUNE_MOST)? > 0;
    }
    if let Some(messages) = keep.messages {
        any |= delete_too_many(conn, messages, time)?;
    }
    Ok(any)
}

/// The numbers of messages rise with their times.
fn delete_too_old(conn: &Connection, oldest: i64) -> Result<bool> {
    let mut select = conn.prepare_cached("SELECT id, time FROM message ORDER BY id LIMIT ?1")?;
    let first = select.query_map([PRUNE_MOST], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)))?;
    let mut ids = Vec::new();
    for found in first {
        let (id, time) = found?;
        if time >= oldest {
            break;
        }
        ids.push(id);
    }
    expunge(conn, &ids, usize::MAX)?;
    Ok(!ids.is_empty())
}

fn delete_too_many(conn: &Connection, kept: u64, time: Timestamp) -> Result<bool> {
    let minute = time.0.div_euclid(60_000).rem_euclid(ROUND);
    let kept = i64::try_from(kept).unwrap_or(i64::MAX);
    let mut cutoff =
        conn.prepare_cached("SELECT id FROM located WHERE conversation = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2")?;
    let mut beyond =
        conn.prepare_cached("SELECT id FROM located WHERE conversation = ?1 AND id <= ?2 ORDER BY id LIMIT ?3")?;
    let mut select = conn.prepare_cached("SELECT id FROM conversation WHERE id % ?1 = ?2 ORDER BY id")?;
    let conversations = select.query_map((ROUND, minute), |row| row.get(0))?.collect::<Result<Vec<i64>>>()?;
    let mut any = false;
    for conversation in conversations {
        let last = cutoff.query_row((conversation, kept), |row| row.get::<_, i64>(0)).optional()?;
        let Some(last) = last else { continue };
        let ids = beyond.query_map((conversation, last, PRUNE_MOST), |row| row.get(0))?.collect::<Result<Vec<_>>>()?;
        expunge(conn, &ids, usize::MAX)?;
        any = true;
    }
    Ok(any)
}
