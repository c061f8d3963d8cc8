//! What a node keeps of the log that it shares with others: the state of the log, the state of the chat at some step, and what
//! was done since, each with a checksum.
//!
//! Must not know: what the bytes mean, or when they are written (`steps`).

use rusqlite::{Connection, OptionalExtension as _, Result};

use super::checksum;
use crate::server::store::api::NodePlace;

/// The state of the log after the last step.
const LOG: &str = "log";
/// The state of the chat from which on deeds are kept.
const CHAT: &str = "chat";

/// The tables.
pub(super) fn make(conn: &Connection) -> Result<()> {
    conn.execute_batch(
        "CREATE TABLE node (key TEXT PRIMARY KEY, bytes BLOB NOT NULL, sum INTEGER NOT NULL) STRICT;
         CREATE TABLE deed (number INTEGER PRIMARY KEY, bytes BLOB NOT NULL, sum INTEGER NOT NULL) STRICT;",
    )
}

/// Whether the history is a node's.
pub(super) fn is_there(conn: &Connection) -> Result<bool> {
    conn.query_row("SELECT EXISTS (SELECT 1 FROM node)", [], |row| row.get(0))
}

/// What is kept; `None` if the history is no node's, or what is kept is damaged.
pub(super) fn read(conn: &Connection) -> Result<Option<NodePlace>> {
    let (Some(log), Some(chat)) = (state(conn, LOG)?, state(conn, CHAT)?) else { return Ok(None) };
    let mut select = conn.prepare("SELECT number, bytes, sum FROM deed ORDER BY number")?;
    let mut rows = select.query([])?;
    let (mut deeds, mut last) = (Vec::new(), None);
    while let Some(row) = rows.next()? {
        let (number, bytes, sum): (i64, Vec<u8>, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let follows = last.is_none_or(|last: i64| last.checked_add(1) == Some(number));
        if !follows || checksum::of_bytes(number, &bytes) != sum {
            return Ok(None);
        }
        deeds.push(bytes);
        last = Some(number);
    }
    Ok(Some(NodePlace { log, chat, deeds }))
}

fn state(conn: &Connection, key: &str) -> Result<Option<Vec<u8>>> {
    let mut select = conn.prepare("SELECT bytes, sum FROM node WHERE key = ?1")?;
    let found = select.query_row([key], |row| Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, i64>(1)?))).optional()?;
    Ok(found.filter(|(bytes, sum)| checksum::of_bytes(0, bytes) == *sum).map(|(bytes, _)| bytes))
}

/// Replaces the state of the log.
pub(super) fn put_log(conn: &Connection, log: &[u8]) -> Result<()> {
    put(conn, LOG, log)
}

/// Replaces the state of the chat; what was done before it is forgotten.
pub(super) fn put_chat(conn: &Connection, chat: &[u8]) -> Result<()> {
    conn.execute("DELETE FROM deed", [])?;
    put(conn, CHAT, chat)
}

fn put(conn: &Connection, key: &str, bytes: &[u8]) -> Result<()> {
    conn.prepare_cached("INSERT OR REPLACE INTO node (key, bytes, sum) VALUES (?1, ?2, ?3)")?.execute((
        key,
        bytes,
        checksum::of_bytes(0, bytes),
    ))?;
    Ok(())
}

/// Adds what was done by the next step.
pub(super) fn add_deed(conn: &Connection, bytes: &[u8]) -> Result<()> {
    let number: i64 =
        conn.prepare_cached("SELECT coalesce(max(number), 0) + 1 FROM deed")?.query_row([], |row| row.get(0))?;
    conn.prepare_cached("INSERT INTO deed (number, bytes, sum) VALUES (?1, ?2, ?3)")?.execute((
        number,
        bytes,
        checksum::of_bytes(number, bytes),
    ))?;
    Ok(())
}

/// Makes it the history of a server that stands alone.
pub(super) fn forget(conn: &Connection) -> Result<()> {
    conn.execute_batch("DELETE FROM node; DELETE FROM deed;")
}
