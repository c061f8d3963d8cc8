//! The highest numbers that were ever given to messages, users, conversations and rooms. None is given twice, whichever row
//! is damaged or lost: a number is looked for in everything that mentions it, and kept with a checksum besides.
//!
//! Must not know: who gives the next number.

use rusqlite::{Connection, OptionalExtension as _, Result};

use super::checksum;

/// What is numbered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Counter {
    /// Messages and their changes.
    Message,
    /// The rows of users: one for each generation of a name.
    User,
    /// Conversations.
    Conversation,
    /// Rooms.
    Room,
}

impl Counter {
    /// All of them.
    pub(super) const ALL: [Self; 4] = [Self::Message, Self::User, Self::Conversation, Self::Room];

    /// The key of the number that is kept.
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Message => "last_id",
            Self::User => "last_user",
            Self::Conversation => "last_conversation",
            Self::Room => "last_room",
        }
    }

    /// Everything that mentions such a number, except for what is kept.
    fn mentions(self) -> &'static str {
        match self {
            Self::Message => {
                "SELECT max(
                     (SELECT coalesce(max(id), 0) FROM message),
                     (SELECT coalesce(max(changed), 0) FROM message WHERE changed > 0)
                 )"
            }
            Self::User => {
                "SELECT max(
                     (SELECT coalesce(max(id), 0) FROM user), (SELECT coalesce(max(user), 0) FROM name),
                     (SELECT coalesce(max(low), 0) FROM conversation),
                     (SELECT coalesce(max(high), 0) FROM conversation), (SELECT coalesce(max(user), 0) FROM read)
                 )"
            }
            Self::Conversation => {
                "SELECT max(
                     (SELECT coalesce(max(id), 0) FROM conversation),
                     (SELECT coalesce(max(conversation), 0) FROM read)
                 )"
            }
            Self::Room => {
                "SELECT max(
                     (SELECT coalesce(max(room), 0) FROM conversation), (SELECT coalesce(max(room), 0) FROM act),
                     (SELECT coalesce(max(place), 0) FROM act_number), (SELECT coalesce(max(room), 0) FROM ended_room)
                 )"
            }
        }
    }
}

/// The highest number of a conversation in which there are messages. Older histories have an index in place of a table.
fn of_messages(conn: &Connection) -> Result<&'static str> {
    let placed =
        conn.query_row("SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'place')", [], |row| row.get(0))?;
    Ok(if placed {
        "SELECT max(
             (SELECT coalesce(max(conversation), 0) FROM place),
             (SELECT coalesce(max(conversation), 0) FROM message
              WHERE id > coalesce((SELECT value FROM meta WHERE key = 'placed'), 0))
         )"
    } else {
        "SELECT coalesce(max(conversation), 0) FROM message"
    })
}

/// The highest number that was ever given.
pub(super) fn highest(conn: &Connection, counter: Counter) -> Result<i64> {
    let mut mentioned: i64 = conn.prepare_cached(counter.mentions())?.query_row([], |row| row.get(0))?;
    if counter == Counter::Conversation {
        mentioned = mentioned.max(conn.query_row(of_messages(conn)?, [], |row| row.get(0))?);
    }
    let mut kept_too = kept(conn, counter.key())?;
    if counter == Counter::Message {
        kept_too = kept_too.max(kept(conn, INDEXED)?).max(kept(conn, PLACED)?);
        if kept_too == 0 {
            kept_too = conn.query_row("SELECT coalesce(max(last), 0) FROM slot", [], |row| row.get(0))?;
        }
    }
    Ok(mentioned.max(kept_too))
}

/// Keeps a number: none up to it is given again.
pub(super) fn keep(conn: &Connection, counter: Counter, number: i64) -> Result<()> {
    let number = number.max(kept(conn, counter.key())?);
    put(conn, counter.key(), number)
}

/// Keeps the highest number that was given so far.
pub(super) fn raise(conn: &Connection, counter: Counter) -> Result<()> {
    put(conn, counter.key(), highest(conn, counter)?)
}

/// The key of the last message that the search index holds.
pub(super) const INDEXED: &str = "indexed";

/// The key of the last message that is placed in its conversation.
pub(super) const PLACED: &str = "placed";

/// Writes a number with its checksum.
pub(super) fn put(conn: &Connection, key: &str, number: i64) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO meta (key, value, sum) VALUES (?1, ?2, ?3)
         ON CONFLICT DO UPDATE SET value = excluded.value, sum = excluded.sum",
    )?
    .execute((key, number, checksum::of_row(&[number], &[key])))?;
    Ok(())
}

/// A number that was written; 0 if it is damaged or lost.
pub(super) fn kept(conn: &Connection, key: &str) -> Result<i64> {
    let mut select = conn.prepare_cached("SELECT value, sum FROM meta WHERE key = ?1")?;
    let found: Option<(i64, i64)> = select.query_row([key], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    Ok(found.filter(|(number, sum)| checksum::of_row(&[*number], &[key]) == *sum).map_or(0, |(number, _)| number))
}
