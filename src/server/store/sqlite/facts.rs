//! Facts, such as bans and rooms, each with its own checksum.
//!
//! Must not know: what any of them means (`broker`).

use rusqlite::types::Value;
use rusqlite::{Connection, Error, OptionalExtension as _, Result, Row};

use super::checksum;
use crate::model::Text;
use crate::server::store::api::Fact;

/// Replaces or removes a fact.
pub(super) fn put(conn: &Connection, fact: &Fact) -> Result<()> {
    let Fact { kind, key, value } = fact;
    match value {
        Some(value) => {
            let sum = checksum::of_row(&[], &[kind, key, value]);
            conn.prepare_cached(
                "INSERT INTO fact (kind, key, value, sum) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT DO UPDATE SET value = excluded.value, sum = excluded.sum",
            )?
            .execute((kind, key, value, sum))?;
        }
        None => {
            conn.prepare_cached("DELETE FROM fact WHERE kind = ?1 AND key = ?2")?.execute((kind, key))?;
        }
    }
    Ok(())
}

/// Reads the stored fact of the same kind and key; without a value if there is none.
pub(super) fn get(conn: &Connection, fact: &Fact) -> Result<Fact> {
    let Fact { kind, key, .. } = fact;
    let mut select = conn.prepare_cached("SELECT value FROM fact WHERE kind = ?1 AND key = ?2")?;
    let value = select.query_row((kind, key), |row| row.get(0)).optional()?;
    Ok(Fact { kind, key: key.clone(), value })
}

/// Facts, each as kind, key and value; and the damaged ones, in a few words each.
pub(super) type Facts = (Vec<(String, String, String)>, Vec<String>);

/// All facts. Rows that do not match their checksum are left out; with `delete` they are deleted.
pub(super) fn all(conn: &Connection, delete: bool) -> Result<Facts> {
    let mut select = conn.prepare("SELECT kind, key, value, sum FROM fact ORDER BY kind, key")?;
    let mut rows = select.query([])?;
    let (mut facts, mut lost, mut keys) = (Vec::new(), Vec::new(), Vec::new());
    while let Some(row) = rows.next()? {
        match whole(row) {
            Ok(Some(fact)) => facts.push(fact),
            Err(error) if error.sqlite_error_code().is_some() => return Err(error),
            Ok(None) | Err(_) => {
                let key: (Value, Value) = (row.get(0)?, row.get(1)?);
                lost.push(format!("{} {}", shown(&key.0), shown(&key.1)));
                keys.push(key);
            }
        }
    }
    for key in keys.iter().filter(|_| delete) {
        conn.execute("DELETE FROM fact WHERE kind IS ?1 AND key IS ?2", (&key.0, &key.1))?;
    }
    if !lost.is_empty() {
        log::error!(count = lost.len(); "facts_damaged");
    }
    Ok((facts, lost))
}

/// A value that may be anything, on one line.
fn shown(value: &Value) -> String {
    match value {
        Value::Text(text) => Text::line(text).to_string(),
        other => format!("{other:?}"),
    }
}

fn whole(row: &Row<'_>) -> Result<Option<(String, String, String)>> {
    let text = |at| row.get_ref(at)?.as_str().map_err(Error::from);
    let (kind, key, value) = (text(0)?, text(1)?, text(2)?);
    let sound = checksum::of_row(&[], &[kind, key, value]) == row.get::<_, i64>(3)?;
    Ok(sound.then(|| (kind.to_owned(), key.to_owned(), value.to_owned())))
}
