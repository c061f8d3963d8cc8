//! The reactions to messages: who put which on what, and how many of each there are.
//!
//! Must not know: who may react (`broker`), or when anything is committed (`writer`).

use rusqlite::{Connection, Result, Row};

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

impl ReactionRow {
    /// The number of the user.
    pub(super) fn user(&self) -> i64 {
        self.user
    }

    /// The reaction.
    pub(super) fn text(&self) -> &str {
        &self.text
    }
}

/// Which reactions to a message are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Which<'a> {
    /// All.
    All,
    /// Those of one user.
    Of(i64),
    /// Those that are the same.
    Same(&'a str),
}

/// Reactions to a message, without those that are damaged.
pub(super) fn of(conn: &Connection, message: i64, which: Which<'_>) -> Result<Vec<ReactionRow>> {
    const ALL: &str = "SELECT user, text, number, sum FROM reaction WHERE message = ?1";
    let mut select = match which {
        Which::All => conn.prepare_cached(ALL)?,
        Which::Of(_) => conn.prepare_cached(&format!("{ALL} AND user = ?2"))?,
        Which::Same(_) => conn.prepare_cached(&format!("{ALL} AND text = ?2"))?,
    };
    let read =
        |row: &Row<'_>| Ok(ReactionRow { user: row.get(0)?, text: row.get(1)?, number: row.get(2)?, sum: row.get(3)? });
    let rows = match which {
        Which::All => select.query_map([message], read)?,
        Which::Of(user) => select.query_map([message, user], read)?,
        Which::Same(text) => select.query_map((message, text), read)?,
    };
    let whole = |row: &ReactionRow| sum(message, row.user, row.number, &row.text) == row.sum;
    rows.filter(|row| row.as_ref().map_or(true, whole)).collect()
}

/// How many there are of each, the earliest first, for this user.
pub(super) fn tally(conn: &Connection, message: i64, user: Option<i64>) -> Result<Vec<Tally>> {
    let mut rows = of(conn, message, Which::All)?;
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
    let (text, number) = (reaction.as_str(), sql_id(number));
    let rows = of(conn, message, Which::Same(text))?;
    let same = rows.len();
    if rows.iter().any(|row| row.user == user) {
        return Ok(Put::Same(same));
    }
    // Whoever reacts does not wait for a thousand rows to be read.
    let mut count = conn.prepare_cached(
        "SELECT count(*), coalesce(sum(user = ?2), 0), count(DISTINCT text) FROM reaction WHERE message = ?1",
    )?;
    let (all, own, different): (usize, usize, usize) =
        count.query_row([message, user], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    if all >= MAX_REACTIONS_IN_ALL || own >= MAX_REACTIONS_OF_ONE || same == 0 && different >= MAX_REACTIONS {
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
    let left = of(conn, message, Which::Same(reaction.as_str()))?.len();
    Ok(if gone > 0 { Put::Done(left) } else { Put::Same(left) })
}

/// Who put a reaction on a message.
pub(super) fn holders(conn: &Connection, message: i64, reaction: &Reaction) -> Result<Vec<i64>> {
    let mut select = conn.prepare_cached("SELECT user FROM reaction WHERE message = ?1 AND text = ?2")?;
    select.query_map((message, reaction.as_str()), |row| row.get(0))?.collect()
}

/// Deletes the reactions of a user to a message; says how many there were.
pub(super) fn clear_of(conn: &Connection, message: i64, user: i64) -> Result<usize> {
    conn.prepare_cached("DELETE FROM reaction WHERE message = ?1 AND user = ?2")?.execute([message, user])
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
