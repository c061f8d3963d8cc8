//! The last time that was known to be right, kept for the next start: a clock that is far ahead of it is not believed.
//!
//! Must not know: how far a clock is believed (`model::trusted_clock`).

use rusqlite::{Connection, OptionalExtension as _, Result};

use crate::model::Timestamp;
use crate::model::trusted_clock::CLOCK_GAP;

/// The kept time, or that of the newest message if it is a little later: the time is kept only now and then.
pub(super) fn read(conn: &Connection) -> Result<Option<Timestamp>> {
    let ask = |sql: &str| conn.query_row(sql, [], |row| row.get(0).map(Timestamp)).optional();
    let kept = ask("SELECT value FROM meta WHERE key = 'known_time'")?;
    let newest = ask("SELECT time FROM message ORDER BY id DESC LIMIT 1")?;
    Ok(match (kept, newest) {
        (Some(kept), Some(newest)) if newest <= kept.after(CLOCK_GAP) => Some(kept.max(newest)),
        (Some(kept), _) => Some(kept),
        (None, newest) => newest,
    })
}

/// Keeps the time.
pub(super) fn put(conn: &Connection, known: Timestamp) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO meta (key, value) VALUES ('known_time', ?1) ON CONFLICT DO UPDATE SET value = excluded.value",
    )?
    .execute([known.0])
    .map(drop)
}
