//! Parts the present owners of names from what was said to those names before they were theirs. Done once, for histories
//! of a version that did not tell the holders of a name apart: of what is older than the time since which a name belongs
//! to its owner, the owner keeps nothing.
//!
//! Must not know: how holders are told apart from then on (`owners`).

use rusqlite::{Connection, Result};

use super::high_water::{self, Counter};

/// An owner whose name was used before it was theirs.
struct Successor {
    /// The number of the name's row, which stays with what is older.
    before: i64,
    /// The number of the owner from now on.
    after: i64,
    /// Since when the name is the owner's.
    since: i64,
}

/// Gives each such owner a number of their own, with everything since the name is theirs.
pub(super) fn part_with(conn: &Connection) -> Result<()> {
    conn.execute_batch(
        "CREATE TEMP TABLE successor (before INTEGER PRIMARY KEY, after INTEGER, since INTEGER) STRICT;",
    )?;
    let mut select = conn.prepare(
        "SELECT user.id, owner.since FROM owner JOIN user ON user.key = owner.key WHERE retired = 0 AND EXISTS (
             SELECT 1 FROM conversation JOIN message ON conversation = conversation.id
             WHERE (low = user.id OR high = user.id) AND time < owner.since
         )",
    )?;
    let pairs: Vec<(i64, i64)> = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_>>()?;
    let last = high_water::highest(conn, Counter::User)?;
    for (after, (before, since)) in (last + 1..).zip(pairs) {
        part(conn, &Successor { before, after, since })?;
    }
    // What they said to everyone and in rooms, too: whose a message is decides what counts as unread.
    conn.execute_batch(
        "UPDATE message SET author = (SELECT after FROM successor WHERE before = author)
             WHERE EXISTS (SELECT 1 FROM successor WHERE before = author AND time >= since);
         DROP TABLE successor;",
    )
}

fn part(conn: &Connection, Successor { before, after, since }: &Successor) -> Result<()> {
    conn.execute("INSERT INTO successor VALUES (?1, ?2, ?3)", (before, after, since))?;
    conn.execute("UPDATE user SET retired = id WHERE id = ?1", [before])?;
    conn.execute("INSERT INTO user (id, key, shown) SELECT ?2, key, shown FROM user WHERE id = ?1", (before, after))?;
    let mut select = conn.prepare_cached(
        "SELECT id, low, high FROM conversation WHERE (low = ?1 OR high = ?1) AND EXISTS (
             SELECT 1 FROM message WHERE conversation = conversation.id AND time >= ?2
         )",
    )?;
    let rows = select.query_map((before, since), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let shared: Vec<(i64, i64, i64)> = rows.collect::<Result<_>>()?;
    let last = high_water::highest(conn, Counter::Conversation)?;
    for (new, (old, low, high)) in (last + 1..).zip(shared) {
        let other = if low == high { *after } else { low + high - before };
        conn.execute(
            "INSERT INTO conversation (id, low, high) VALUES (?1, ?2, ?3)",
            (new, other.min(*after), other.max(*after)),
        )?;
        conn.execute("UPDATE message SET conversation = ?2 WHERE conversation = ?1 AND time >= ?3", (old, new, since))?;
        conn.execute(
            "INSERT OR IGNORE INTO read (user, conversation, id)
             SELECT CASE user WHEN ?3 THEN ?4 ELSE user END, ?2, id FROM read WHERE conversation = ?1",
            (old, new, before, after),
        )?;
    }
    conn.execute(
        "INSERT INTO read (user, conversation, id) SELECT ?2, conversation, read.id FROM read
             JOIN conversation ON conversation.id = conversation WHERE user = ?1 AND low IS NULL",
        (before, after),
    )?;
    Ok(())
}
