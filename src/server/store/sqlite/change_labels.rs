//! The labels of changes: what was asked for under each, so that nothing is done twice.
//!
//! Must not know: what becomes of a request under a label that is known (`api`).

use rusqlite::{Connection, OptionalExtension as _, Result, Row};

use super::checksum;
use super::values::{message_id, sql_id};
use crate::model::Timestamp;
use crate::server::store::api::{ChangeKind, ChangeLabel};
use crate::server::store::limits::MAX_CHANGE_LABELS;

/// What a user asked for under a label; `None` if there is nothing, or it is damaged.
pub(super) fn find(conn: &Connection, user: i64, label: &str) -> Result<Option<ChangeLabel>> {
    let mut select = conn.prepare_cached(
        "SELECT message, kind, reaction, number, time, fresh, count, sum FROM change_label WHERE user = ?1 AND ref = ?2",
    )?;
    let read = |row: &Row<'_>| {
        let (message, kind, number, time): (i64, i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(3)?, row.get(4)?);
        let (fresh, count, sum): (bool, i64, i64) = (row.get(5)?, row.get(6)?, row.get(7)?);
        let whole = sum == sum_of(user, label, [message, kind, number, time, fresh.into(), count]);
        let Some(kind) = ChangeKind::numbered(kind).filter(|_| whole) else { return Ok(None) };
        Ok(Some(ChangeLabel {
            message: message_id(message),
            kind,
            reaction: row.get(2)?,
            number: message_id(number),
            time: Timestamp(time),
            fresh,
            count: usize::try_from(count).unwrap_or(0),
        }))
    };
    Ok(select.query_row((user, label), read).optional()?.flatten())
}

/// Keeps what a user asked for under a label, in place of what is damaged. Of one message, only the latest are kept.
pub(super) fn put(conn: &Connection, user: i64, label: &str, kept: &ChangeLabel) -> Result<()> {
    let ChangeLabel { message, kind, reaction, number, time, fresh, count } = kept;
    let count = i64::try_from(*count).unwrap_or(i64::MAX);
    let (message, kind, number) = (sql_id(*message), *kind as i64, sql_id(*number));
    let sum = sum_of(user, label, [message, kind, number, time.0, i64::from(*fresh), count]);
    conn.prepare_cached(
        "INSERT OR REPLACE INTO change_label (user, ref, message, kind, reaction, number, time, fresh, count, sum)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?
    .execute((user, label, message, kind, reaction, number, time.0, fresh, count, sum))?;
    conn.prepare_cached(
        "DELETE FROM change_label WHERE message = ?1 AND number <= (
             SELECT number FROM change_label WHERE message = ?1 ORDER BY number DESC LIMIT 1 OFFSET ?2
         )",
    )?
    .execute((message, MAX_CHANGE_LABELS))?;
    Ok(())
}

/// Forgets the change of a message that has this number.
pub(super) fn forget(conn: &Connection, message: i64, number: i64) -> Result<()> {
    conn.prepare_cached("DELETE FROM change_label WHERE message = ?1 AND number = ?2")?.execute([message, number])?;
    Ok(())
}

/// Forgets all changes of a message that is gone.
pub(super) fn clear(conn: &Connection, message: i64) -> Result<()> {
    conn.prepare_cached("DELETE FROM change_label WHERE message = ?1")?.execute([message])?;
    Ok(())
}

/// Forgets up to `limit` of the changes that a user asked for; says how many there were.
pub(super) fn forget_some_of(conn: &Connection, user: i64, limit: usize) -> Result<usize> {
    conn.prepare_cached(
        "DELETE FROM change_label WHERE user = ?1 AND ref IN (SELECT ref FROM change_label WHERE user = ?1 LIMIT ?2)",
    )?
    .execute((user, limit))
}

/// Erases a reaction, or all of them, from what was asked for: nothing of it stays in the file.
pub(super) fn erase(conn: &Connection, message: i64, reaction: Option<&str>) -> Result<()> {
    conn.prepare_cached(
        "UPDATE change_label SET reaction = NULL WHERE message = ?1 AND (?2 IS NULL OR reaction = ?2)",
    )?
    .execute((message, reaction))?;
    Ok(())
}

/// The checksum of a row. The reaction is not in it, so that it can be erased; a damaged one is another reaction, which
/// refuses the request.
fn sum_of(user: i64, label: &str, [message, kind, number, time, fresh, count]: [i64; 6]) -> i64 {
    checksum::of_row(&[user, message, kind, number, time, fresh, count], &[label])
}
