//! The search index: messages enter it in chunks, in the order of their numbers, some time after they are kept.
//!
//! The `scope` column beside a message's words says who may find it: `e` for everyone, `m` and a number for each of two
//! members, `c` and the number of their conversation, `r` and the number of the room whose members may, `a` and the
//! number of its sender. So the index alone decides what is found, except for the time. Deleted messages are not in it.
//!
//! Must not know: what is searched for (`search`).

use rusqlite::{Connection, OptionalExtension as _, Result, Row};

use super::high_water::{self, INDEXED};
use super::lookup::NameCache;
use crate::model::search_words::fold;
use crate::server::ids::RoomId;
use crate::server::store::limits::{MERGE_PAGES, MERGED_AT, SLOT};
use crate::server::store::members::MemberSet;

/// The last message that the index holds; it holds all before it.
pub(super) fn mark(conn: &Connection) -> Result<i64> {
    let mut select = conn.prepare_cached("SELECT value FROM meta WHERE key = ?1")?;
    Ok(select.query_row([INDEXED], |row| row.get(0)).optional()?.unwrap_or(0))
}

/// How many messages are not in the index yet.
pub(super) fn missing(conn: &Connection) -> Result<u64> {
    conn.prepare_cached("SELECT count(*) FROM message WHERE id > ?1")?.query_row([mark(conn)?], |row| row.get(0))
}

/// Adds the next messages to the index, inside a transaction. Says how many there were.
pub(super) fn chunk(conn: &Connection, limit: usize) -> Result<usize> {
    let mut names = NameCache::default();
    let mut select = conn.prepare_cached(
        "SELECT id, time, author, conversation, body, deleted IS NULL FROM message WHERE id > ?1 ORDER BY id LIMIT ?2",
    )?;
    let mut insert = conn.prepare_cached("INSERT INTO search (rowid, body, scope) VALUES (?1, ?2, ?3)")?;
    let mut upsert = conn.prepare_cached(
        "INSERT INTO slot (slot, first, last) VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET last = excluded.last",
    )?;
    let mut rows = select.query((mark(conn)?, limit))?;
    let mut slot: Option<(i64, i64, i64)> = None;
    let (mut count, mut bytes, mut last) = (0_usize, 0, None);
    while let Some(row) = rows.next()? {
        let (id, time): (i64, i64) = (row.get(0)?, row.get(1)?);
        if row.get(5)? {
            let (body, scope) = indexed_text(conn, &mut names, row)?;
            bytes += body.len();
            insert.execute((id, body, scope))?;
        }
        let at = time.div_euclid(SLOT);
        slot = match slot {
            Some((current, first, _)) if current == at => Some((at, first, id)),
            before => {
                before.map(|before| upsert.execute(before)).transpose()?;
                Some((at, id, id))
            }
        };
        (count, last) = (count + 1, Some(id));
    }
    slot.map(|slot| upsert.execute(slot)).transpose()?;
    if let Some(last) = last {
        high_water::put(conn, INDEXED, last)?;
        merge_some(conn, count / MERGED_AT.0 + bytes / MERGED_AT.1 + 1)?;
    }
    Ok(count)
}

/// Turns off the automatic merges of the index, which write hundreds of pages at once while messages wait. From now on
/// [`chunk`] merges a few pages each time.
pub(super) fn merge_evenly(conn: &Connection) -> Result<()> {
    let automerge = conn.prepare("SELECT v FROM search_config WHERE k = 'automerge'")?.query_row([], |row| row.get(0));
    if automerge.optional()? != Some(0) {
        conn.execute("INSERT INTO search (search, rank) VALUES ('automerge', 0)", [])?;
    }
    Ok(())
}

/// Merges parts of the index if there are many, and writes about this many pages.
fn merge_some(conn: &Connection, pages: usize) -> Result<()> {
    conn.prepare_cached("INSERT INTO search (search, rank) VALUES ('merge', ?1)")?.execute([pages])?;
    Ok(())
}

/// What the index holds of a row of number, time, author, conversation and text.
fn indexed_text(conn: &Connection, names: &mut NameCache, row: &Row<'_>) -> Result<(String, String)> {
    let scope = scope(row.get(2)?, row.get(3)?, names.members(conn, row.get(3)?)?);
    // A body that is not text any more can be found by its scope alone, and then turns out to be damaged.
    Ok((row.get_ref(4)?.as_str().map(fold).unwrap_or_default(), scope))
}

/// Takes a message out of the index, and its words out of the file, before it changes or goes. It must be as it was when
/// it entered the index.
pub(super) fn remove(conn: &Connection, names: &mut NameCache, id: i64) -> Result<()> {
    let mut select = conn.prepare_cached(
        "SELECT id, time, author, conversation, body FROM message WHERE id = ?1 AND id <= ?2 AND deleted IS NULL",
    )?;
    let mut rows = select.query((id, mark(conn)?))?;
    // A message that is not in the index yet enters it as it is then.
    let Some(row) = rows.next()? else { return Ok(()) };
    let (body, scope) = indexed_text(conn, names, row)?;
    conn.prepare_cached("INSERT INTO search (search, rowid, body, scope) VALUES ('delete', ?1, ?2, ?3)")?
        .execute((id, body, scope))?;
    Ok(())
}

/// Puts a message into the index again that [`remove`] has taken out of it, as it is now.
pub(super) fn put_back(conn: &Connection, names: &mut NameCache, id: i64) -> Result<()> {
    let mut select = conn.prepare_cached(
        "SELECT id, time, author, conversation, body FROM message WHERE id = ?1 AND id <= ?2 AND deleted IS NULL",
    )?;
    let mut rows = select.query((id, mark(conn)?))?;
    let Some(row) = rows.next()? else { return Ok(()) };
    let (body, scope) = indexed_text(conn, names, row)?;
    conn.prepare_cached("INSERT INTO search (rowid, body, scope) VALUES (?1, ?2, ?3)")?.execute((id, body, scope))?;
    Ok(())
}

/// Whether words that are taken out leave the file at once, which takes a hundred times as long; otherwise
/// [`merge`] takes them out later.
pub(super) fn erase_at_once(conn: &Connection, at_once: bool) -> Result<()> {
    conn.prepare_cached("INSERT INTO search (search, rank) VALUES ('secure-delete', ?1)")?.execute([at_once])?;
    Ok(())
}

/// Writes a part of the index anew, without the words that were taken out of it. Says whether there is more to do.
pub(super) fn merge(conn: &Connection) -> Result<bool> {
    let before = conn.total_changes();
    // Negative: all of the index is written anew, in the end, however few parts it has.
    conn.prepare_cached("INSERT INTO search (search, rank) VALUES ('merge', ?1)")?.execute([-MERGE_PAGES])?;
    // One change is the statement itself.
    Ok(conn.total_changes() - before > 1)
}

fn scope(author: i64, conversation: i64, members: Option<MemberSet>) -> String {
    match members {
        Some(MemberSet::Room(RoomId(room))) => format!("r{room} a{author}"),
        Some(MemberSet::Everyone) => format!("e a{author}"),
        Some(MemberSet::Two(low, high)) => format!("m{low} m{high} c{conversation} a{author}"),
        None => String::new(),
    }
}

/// The first and last numbers that indexed messages said in a stretch of time may have; `None` if there are none.
/// Clocks jump: messages between these numbers may have been said at another time.
pub(super) fn numbers(conn: &Connection, after: Option<i64>, before: Option<i64>) -> Result<Option<(i64, i64)>> {
    let first = match after {
        None => Some(0),
        Some(time) => conn
            .prepare_cached("SELECT min(first) FROM slot WHERE slot >= ?1")?
            .query_row([time.div_euclid(SLOT)], |row| row.get(0))?,
    };
    let last = match before {
        None => Some(i64::MAX),
        Some(time) => conn
            .prepare_cached("SELECT max(last) FROM slot WHERE slot <= ?1")?
            .query_row([time.saturating_sub(1).div_euclid(SLOT)], |row| row.get(0))?,
    };
    Ok(first.zip(last))
}
