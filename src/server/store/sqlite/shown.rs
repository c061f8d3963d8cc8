//! A message as it is shown to who asks: with the beginning of the one that it answers, and with the reactions to it.
//!
//! Must not know: what was asked for.

use rusqlite::{Connection, Result};

use super::lookup::{self, NameCache};
use super::reactions;
use super::row::{self, COLUMNS, Participants, RowContent};
use super::values::sql_id;
use crate::model::{MessageId, RoomName};
use crate::protocol::{Envelope, Quote, Tally};
use crate::server::ids::RoomId;
use crate::server::store::api::{Question, Record};

/// The frame of a message.
pub(super) fn envelope(
    conn: &Connection,
    names: &mut NameCache,
    record: &Record,
    (participants, rooms): (Option<&Participants>, &[(RoomId, RoomName)]),
) -> Result<Envelope> {
    let quote = match record.extra.reply {
        Some(answered) => beside(conn, names, (answered, record.id), (participants, rooms))?,
        None => None,
    };
    Ok(record.envelope(quote))
}

/// How a message begins that is in the same conversation as another one; `None` if it is gone.
fn beside(
    conn: &Connection,
    names: &mut NameCache,
    (answered, other): (MessageId, MessageId),
    who: (Option<&Participants>, &[(RoomId, RoomName)]),
) -> Result<Option<Quote>> {
    let mut select = conn.prepare_cached("SELECT conversation FROM message WHERE id = ?1")?;
    let conversation = select.query_row([sql_id(other)], |row| row.get(0))?;
    quote(conn, names, (answered, conversation), who)
}

/// How a message of a conversation begins; `None` if it is not there.
pub(super) fn quote(
    conn: &Connection,
    names: &mut NameCache,
    (id, conversation): (MessageId, i64),
    (participants, rooms): (Option<&Participants>, &[(RoomId, RoomName)]),
) -> Result<Option<Quote>> {
    let mut select = conn.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM message WHERE id = ?1 AND conversation = ?2 AND deleted IS NULL"
    ))?;
    let mut rows = select.query((sql_id(id), conversation))?;
    let Some(row) = rows.next()? else { return Ok(None) };
    Ok(match row::read(conn, names, row, participants, rooms)? {
        RowContent::Whole(record) => Some(Quote::of(&record.from, &record.text)),
        RowContent::Elsewhere | RowContent::Damaged(_) => None,
    })
}

/// The reactions to a message, for the user who asks.
pub(super) fn reactions(conn: &Connection, question: &Question, record: &Record) -> Result<Vec<Tally>> {
    if record.extra.changed.is_none() || record.deleted.is_some() || question.plain {
        return Ok(Vec::new());
    }
    reactions::tally(conn, sql_id(record.id), lookup::user(conn, &question.user.folded())?)
}
