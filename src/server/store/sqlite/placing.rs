//! Where the messages of each conversation are, and which message has which label: two tables that messages enter in
//! chunks, some time after they are kept. Until then a message is only in its own table, at its end, which costs whoever
//! waits for it one page and not one for each conversation.
//!
//! Readers find both by the view `located`.
//!
//! Must not know: when there is time for it (`writer`), or who reads.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension as _, Result};

use super::high_water::{self, PLACED};

/// The tables, filled from the messages that there are, in place of indexes on these.
pub(super) fn make(conn: &Connection) -> Result<()> {
    conn.execute_batch(
        "CREATE TABLE place (
             conversation INTEGER NOT NULL, id INTEGER NOT NULL, PRIMARY KEY (conversation, id)
         ) STRICT, WITHOUT ROWID;
         CREATE TABLE label (
             author INTEGER NOT NULL, ref TEXT NOT NULL, id INTEGER NOT NULL, PRIMARY KEY (author, ref)
         ) STRICT, WITHOUT ROWID;
         INSERT INTO place SELECT conversation, id FROM message ORDER BY conversation, id;
         INSERT INTO label SELECT author, ref, id FROM message WHERE ref IS NOT NULL ORDER BY author, ref;
         DROP INDEX message_conversation;
         DROP INDEX message_ref;
         CREATE VIEW located (conversation, id) AS
             SELECT conversation, id FROM place
             UNION ALL
             SELECT conversation, id FROM message
             WHERE id > coalesce((SELECT value FROM meta WHERE key = 'placed'), 0);
         CREATE TRIGGER message_gone AFTER DELETE ON message BEGIN
             DELETE FROM place WHERE conversation = old.conversation AND id = old.id;
             DELETE FROM label WHERE author = old.author AND ref = old.ref AND id = old.id;
         END;
         CREATE TRIGGER message_moved AFTER UPDATE OF id, conversation, author, ref ON message BEGIN
             INSERT OR IGNORE INTO place
                 SELECT new.conversation, new.id FROM place WHERE conversation = old.conversation AND id = old.id
                 AND new.id <= coalesce((SELECT value FROM meta WHERE key = 'placed'), 0);
             DELETE FROM place WHERE conversation = old.conversation AND id = old.id
                 AND (old.conversation <> new.conversation OR old.id <> new.id);
             DELETE FROM label WHERE author = old.author AND ref = old.ref AND id = old.id;
             INSERT OR IGNORE INTO label SELECT new.author, new.ref, new.id WHERE new.ref IS NOT NULL
                 AND EXISTS (SELECT 1 FROM place WHERE conversation = new.conversation AND id = new.id);
         END;",
    )?;
    let newest = conn.query_row("SELECT coalesce(max(id), 0) FROM message", [], |row| row.get(0))?;
    high_water::put(conn, PLACED, newest)
}

/// Finds the last message that was placed, if its number is damaged. Says how many messages are to be placed.
pub(super) fn begin(conn: &Connection) -> Result<u64> {
    let mut placed = high_water::kept(conn, PLACED)?;
    // What the view takes for the number must be what the checksum confirms.
    if !conn.prepare_cached("SELECT value FROM meta WHERE key = ?1 AND value = ?2")?.exists((PLACED, placed))? {
        // They are placed in the order of their numbers.
        placed = conn.query_row("SELECT coalesce(max(id), 0) FROM place", [], |row| row.get(0))?;
        high_water::put(conn, PLACED, placed)?;
    }
    conn.prepare_cached("SELECT count(*) FROM message WHERE id > ?1")?.query_row([placed], |row| row.get(0))
}

/// Places the next messages, inside a transaction. Says how many there were.
pub(super) fn chunk(conn: &Connection, limit: usize) -> Result<u64> {
    let placed = high_water::kept(conn, PLACED)?;
    let (last, count): (Option<i64>, u64) = conn
        .prepare_cached("SELECT max(id), count(*) FROM (SELECT id FROM message WHERE id > ?1 ORDER BY id LIMIT ?2)")?
        .query_row((placed, limit), |row| Ok((row.get(0)?, row.get(1)?)))?;
    let Some(last) = last else { return Ok(0) };
    // In the order of the tables, so that each of their pages is come to once.
    conn.prepare_cached(
        "INSERT OR IGNORE INTO place
         SELECT conversation, id FROM message WHERE id > ?1 AND id <= ?2 ORDER BY conversation, id",
    )?
    .execute((placed, last))?;
    conn.prepare_cached(
        "INSERT OR REPLACE INTO label
         SELECT author, ref, id FROM message WHERE id > ?1 AND id <= ?2 AND ref IS NOT NULL ORDER BY author, ref",
    )?
    .execute((placed, last))?;
    high_water::put(conn, PLACED, last)?;
    Ok(count)
}

/// Whether the tables say what the messages do; a reason if they do not.
pub(super) fn check(conn: &Connection) -> Result<Option<&'static str>> {
    let placed = high_water::kept(conn, PLACED)?;
    let is = |sql: &str| conn.query_row(sql, [placed], |row| row.get::<_, bool>(0));
    let lost = is("SELECT EXISTS (
         SELECT 1 FROM message WHERE id <= ?1
         AND NOT EXISTS (SELECT 1 FROM place WHERE place.conversation = message.conversation AND place.id = message.id)
     ) OR (SELECT count(*) FROM place) <> (SELECT count(*) FROM message WHERE id <= ?1)")?;
    let unlabelled = is("SELECT EXISTS (
         SELECT 1 FROM message WHERE id <= ?1 AND ref IS NOT NULL
         AND NOT EXISTS (SELECT 1 FROM label WHERE label.author = message.author AND label.ref = message.ref)
     )")?;
    Ok(match (lost, unlabelled) {
        (true, _) => Some("messages are missing in their conversations"),
        (_, true) => Some("labels of messages are missing"),
        (false, false) => None,
    })
}

/// What the writer knows of the messages that are not placed yet.
#[derive(Debug, Default)]
pub(super) struct Unplaced {
    /// For each author, the message that has each label; `None` until it is read.
    labels: Option<HashMap<i64, HashMap<String, i64>>>,
    /// The newest message of each conversation; `None` until it is read.
    newest: Option<HashMap<i64, i64>>,
}

impl Unplaced {
    /// The message of an author that has a label, or had it and is gone.
    pub(super) fn labelled(&mut self, conn: &Connection, author: i64, label: &str) -> Result<Option<i64>> {
        if self.labels.is_none() {
            self.labels = Some(labels(conn)?);
        }
        let fresh = self.labels.as_ref().and_then(|labels| labels.get(&author)?.get(label).copied());
        match fresh {
            Some(id) => Ok(Some(id)),
            None => conn
                .prepare_cached("SELECT id FROM label WHERE author = ?1 AND ref = ?2")?
                .query_row((author, label), |row| row.get(0))
                .optional(),
        }
    }

    /// The newest message of a conversation; 0 if it has none.
    pub(super) fn last_of(&mut self, conn: &Connection, conversation: i64) -> Result<i64> {
        if self.newest.is_none() {
            self.newest = Some(newest(conn)?);
        }
        match self.newest.as_ref().and_then(|newest| newest.get(&conversation)) {
            Some(last) => Ok(*last),
            None => conn
                .prepare_cached("SELECT coalesce(max(id), 0) FROM place WHERE conversation = ?1")?
                .query_row([conversation], |row| row.get(0)),
        }
    }

    /// A message was added.
    pub(super) fn add(&mut self, conversation: i64, id: i64, (author, label): (i64, Option<&str>)) {
        if let Some(newest) = &mut self.newest {
            newest.insert(conversation, id);
        }
        if let Some((label, labels)) = label.zip(self.labels.as_mut()) {
            labels.entry(author).or_default().insert(label.to_owned(), id);
        }
    }
}

fn labels(conn: &Connection) -> Result<HashMap<i64, HashMap<String, i64>>> {
    let mut labels: HashMap<i64, HashMap<String, i64>> = HashMap::new();
    let mut select = conn.prepare_cached("SELECT author, ref, id FROM message WHERE id > ?1 AND ref IS NOT NULL")?;
    let mut rows = select.query([high_water::kept(conn, PLACED)?])?;
    while let Some(row) = rows.next()? {
        labels.entry(row.get(0)?).or_default().insert(row.get(1)?, row.get(2)?);
    }
    Ok(labels)
}

fn newest(conn: &Connection) -> Result<HashMap<i64, i64>> {
    let mut select =
        conn.prepare_cached("SELECT conversation, max(id) FROM message WHERE id > ?1 GROUP BY conversation")?;
    let rows = select.query_map([high_water::kept(conn, PLACED)?], |row| Ok((row.get(0)?, row.get(1)?)))?;
    rows.collect()
}
