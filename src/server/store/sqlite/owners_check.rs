//! A checksum over all owners of names: a damaged record must not free a name, or give it to somebody else.
//!
//! It is the sum of the checksums of all rows, so that a change takes no longer than the rows that it concerns.
//!
//! Must not know: who owns what (`owners`).

use rusqlite::{Connection, OptionalExtension as _, Result, Row};

use super::checksum;
use crate::model::{Name, Text};

/// What is summed up of each row.
const ROWS: &str = "SELECT owner.key, owner.name, proof.identity, coalesce(proof.login, ''), owner.since, proof.since
     FROM owner JOIN proof USING (key)";

/// Adds the rows of a name to the checksum, or takes them out of it (`sign` is 1 or -1).
pub(super) fn change(conn: &Connection, key: &str, sign: i64) -> Result<()> {
    let mut select = conn.prepare_cached(&format!("{ROWS} WHERE owner.key = ?1"))?;
    let sum: i64 = select.query_map([key], sum)?.sum::<Result<i64>>()?;
    conn.prepare_cached("UPDATE meta SET value = value + ?1 WHERE key = 'owners'")?.execute([sign * sum]).map(drop)
}

/// Whether all rows are as they were written. Where nothing is known, as in a history of before there was a checksum,
/// they are.
pub(super) fn is_right(conn: &Connection) -> Result<bool> {
    let kept = conn.query_row("SELECT value FROM meta WHERE key = 'owners'", [], |row| row.get::<_, i64>(0));
    Ok(match kept.optional()? {
        Some(kept) => kept == total(conn)?,
        None => true,
    })
}

/// Takes all rows as they are now for right, and deletes those that belong to nothing.
pub(super) fn accept(conn: &Connection) -> Result<()> {
    conn.execute("DELETE FROM proof WHERE key NOT IN (SELECT key FROM owner)", [])?;
    conn.execute("DELETE FROM owner WHERE key NOT IN (SELECT key FROM proof)", [])?;
    keep_total(conn)
}

/// Begins to sum up, if there is no checksum yet.
pub(super) fn begin(conn: &Connection) -> Result<()> {
    let known = conn.query_row("SELECT 1 FROM meta WHERE key = 'owners'", [], |_| Ok(())).optional()?;
    if known.is_some() { Ok(()) } else { keep_total(conn) }
}

/// Rows that belong to nothing, in a few words each: one of a pair is damaged.
pub(super) fn orphans(conn: &Connection) -> Result<Vec<String>> {
    let mut select = conn.prepare(
        "SELECT key FROM owner WHERE key NOT IN (SELECT key FROM proof)
         UNION SELECT key FROM proof WHERE key NOT IN (SELECT key FROM owner)",
    )?;
    let keys = select.query_map([], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>>>()?;
    let mut lost: Vec<String> = keys.iter().map(|key| about(key)).collect();
    let mut select = conn.prepare("SELECT key, name FROM owner")?;
    for row in select.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))? {
        let (key, name) = row?;
        if Name::restored(&name).is_ok_and(|name| name.key().folded.as_str() != key) {
            lost.push(about(&key));
        }
    }
    Ok(lost)
}

fn about(key: &str) -> String {
    format!("the owner of the name {}", Text::line(key))
}

fn keep_total(conn: &Connection) -> Result<()> {
    let total = total(conn)?;
    conn.execute(
        "INSERT INTO meta (key, value) VALUES ('owners', ?1) ON CONFLICT DO UPDATE SET value = excluded.value",
        [total],
    )
    .map(drop)
}

fn total(conn: &Connection) -> Result<i64> {
    conn.prepare(ROWS)?.query_map([], sum)?.sum()
}

fn sum(row: &Row<'_>) -> Result<i64> {
    let text = |at| row.get::<_, String>(at);
    let (key, name, identity, login) = (text(0)?, text(1)?, text(2)?, text(3)?);
    Ok(checksum::of_row(&[row.get(4)?, row.get(5)?], &[&key, &name, &identity, &login]))
}
