//! The reactions to messages: who put which on what, and how many of each there are.
//!
//! Must not know: who may react (`broker`), or when anything is committed (`writer`).

use rusqlite::{Connection, Result};

use super::checksum;
use super::values::sql_id;
use crate::model::{MessageId, Reaction};
use crate::protocol::Tally;
use crate::server::store::limits::{MAX_REACTIONS, MAX_REACTIONS_IN_ALL, MAX_REACTIONS_OF_ONE};

/// One reaction of one user to a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ReactionRow {
    user: i64,
    text: String,
    /// The number of the change that put it there: reactions are shown in this order.
    number: i64,
    sum: i64,
}

/// All reactions to a message, without those that are damaged.
pub(super) fn of(conn: &Connection, message: i64) -> Result<Vec<ReactionRow>> {
    let mut select = conn.prepare_cached("SELECT user, text, number, sum FROM reaction WHERE message = ?1")?;
    let rows = select.query_map([message], |row| {
        Ok(ReactionRow { user: row.get(0)?, text: row.get(1)?, number: row.get(2)?, sum: row.get(3)? })
    })?;
    let whole = |row: &ReactionRow| sum(message, row.user, row.number, &row.text) == row.sum;
    rows.filter(|row| row.as_ref().map_or(true, whole)).collect()
}

/// How many there are of each, the earliest first, for this user.
pub(super) fn tally(conn: &Connection, message: i64, user: Option<i64>) -> Result<Vec<Tally>> {
    let mut rows = of(conn, message)?;
    rows.sort_by_key(|row| row.number);
    let mut all: Vec<Tally> = Vec::new();
    for row in rows {
        let Ok(reaction) = Reaction::parse(&row.text) else { continue };
        let mine = Some(row.user) == user;
        match all.iter_mut().find(|tally| tally.reaction == reaction) {
            Some(tally) => {
                tally.count += 1;
                tally.mine |= mine;
            }
            None => all.push(Tally { reaction, count: 1, mine }),
        }
    }
    Ok(all)
}

/// What becomes of a reaction that is to be put on a message or taken from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Put {
    /// It is done; from so many users it is now.
    Done(usize),
    /// It was so already.
    Same(usize),
    /// There are as many as there may be.
    TooMany,
}

/// Puts a reaction of a user on a message.
pub(super) fn put(
    conn: &Connection,
    (message, user): (i64, i64),
    reaction: &Reaction,
    number: MessageId,
) -> Result<Put> {
    let (rows, text, number) = (of(conn, message)?, reaction.as_str(), sql_id(number));
    let same = rows.iter().filter(|row| row.text == text).count();
    if rows.iter().any(|row| row.user == user && row.text == text) {
        return Ok(Put::Same(same));
    }
    let own = rows.iter().filter(|row| row.user == user).count();
    let mut different: Vec<&str> = rows.iter().map(|row| row.text.as_str()).collect();
    different.sort_unstable();
    different.dedup();
    if rows.len() >= MAX_REACTIONS_IN_ALL
        || own >= MAX_REACTIONS_OF_ONE
        || same == 0 && different.len() >= MAX_REACTIONS
    {
        return Ok(Put::TooMany);
    }
    let row = ReactionRow { user, text: text.to_owned(), number, sum: sum(message, user, number, text) };
    insert(conn, message, &row)?;
    Ok(Put::Done(same + 1))
}

/// Takes a reaction of a user from a message.
pub(super) fn take(conn: &Connection, (message, user): (i64, i64), reaction: &Reaction) -> Result<Put> {
    let mut delete = conn.prepare_cached("DELETE FROM reaction WHERE message = ?1 AND user = ?2 AND text = ?3")?;
    let gone = delete.execute((message, user, reaction.as_str()))?;
    let left = of(conn, message)?.iter().filter(|row| row.text == reaction.as_str()).count();
    Ok(if gone > 0 { Put::Done(left) } else { Put::Same(left) })
}

/// Who put a reaction on a message.
pub(super) fn holders(conn: &Connection, message: i64, reaction: &Reaction) -> Result<Vec<i64>> {
    let mut select = conn.prepare_cached("SELECT user FROM reaction WHERE message = ?1 AND text = ?2")?;
    select.query_map((message, reaction.as_str()), |row| row.get(0))?.collect()
}

/// Deletes all reactions to a message.
pub(super) fn clear(conn: &Connection, message: i64) -> Result<()> {
    conn.prepare_cached("DELETE FROM reaction WHERE message = ?1")?.execute([message])?;
    Ok(())
}

/// Writes a reaction, in place of a damaged one.
pub(super) fn insert(conn: &Connection, message: i64, row: &ReactionRow) -> Result<()> {
    conn.prepare_cached(
        "INSERT OR REPLACE INTO reaction (message, user, text, number, sum) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute((message, row.user, &row.text, row.number, row.sum))?;
    Ok(())
}

fn sum(message: i64, user: i64, number: i64, text: &str) -> i64 {
    checksum::of_row(&[message, user, number], &[text])
}
