//! A message as it stands in its table, back to what was said: whole, or not at all.
//!
//! Must not know: who asks for it.

use rusqlite::{Connection, Error, Result, Row};

use super::checksum::Sealed;
use super::lookup::{Lookup, Members};
use crate::model::{MessageId, Text, Timestamp};
use crate::server::history::{Recipient, Record};

/// What [`read`] needs of a row, in this order.
pub(super) const COLUMNS: &str = "id, time, author, signed, dest, me_too, ref, body, sum, verified";

/// The same of a history from before it was kept who had proved who they are (version 2).
pub(super) const OLD_COLUMNS: &str = "id, time, author, signed, dest, me_too, ref, body, sum, 0";

/// What stands in a row.
#[derive(Debug)]
pub(super) enum Found {
    /// A message as it was written.
    Whole(Record),
    /// Something else than what was written.
    Damaged(MessageId),
}

/// The texts of a conversation that go into the sum of each of its messages.
#[derive(Clone, Debug, Default)]
pub(super) struct Between(String, String);

impl Between {
    /// The keys of those who see it; `None` if one is lost.
    pub(super) fn of(conn: &Connection, lookup: &mut Lookup, members: Members) -> Result<Option<Self>> {
        let Members::Two(low, high) = members else { return Ok(Some(Self::default())) };
        let keys = lookup.key(conn, low)?.zip(lookup.key(conn, high)?);
        Ok(keys.map(|(low, high)| Self(low.to_string(), high.to_string())))
    }
}

/// Reads a row of [`COLUMNS`] that should be of the conversation `between`, and makes sure of its sum.
///
/// # Errors
/// The history cannot be read. A row that can be but makes no sense is [`Found::Damaged`].
pub(super) fn read(conn: &Connection, lookup: &mut Lookup, row: &Row<'_>, between: Option<&Between>) -> Result<Found> {
    let id = row.get(0)?;
    Ok(match whole(conn, lookup, row, id, between) {
        Ok(Some(record)) => Found::Whole(record),
        Ok(None) => Found::Damaged(message_id(id)),
        Err(error) if error.sqlite_error_code().is_none() => Found::Damaged(message_id(id)),
        Err(error) => return Err(error),
    })
}

fn whole(
    conn: &Connection,
    lookup: &mut Lookup,
    row: &Row<'_>,
    id: i64,
    between: Option<&Between>,
) -> Result<Option<Record>> {
    let text = |at| row.get_ref(at)?.as_str_or_null().map_err(Error::from);
    let (Some(key), Some(from)) = (lookup.key(conn, row.get(2)?)?, lookup.name(conn, row.get(3)?)?) else {
        return Ok(None);
    };
    let to = match row.get(4)? {
        None => None,
        Some(dest) => match lookup.name(conn, dest)? {
            None => return Ok(None),
            name => name,
        },
    };
    let (reference, Some(body), Some(Between(low, high))) = (text(6)?, text(7)?, between) else { return Ok(None) };
    let sealed = Sealed {
        id,
        time: row.get(1)?,
        author: &key,
        signed: from.as_str(),
        dest: to.as_ref().map(|name| name.as_str()),
        me_too: row.get(5)?,
        verified: row.get(9)?,
        reference,
        body,
        between: [low, high],
    };
    if sealed.sum() != row.get::<_, i64>(8)? {
        return Ok(None);
    }
    Ok(Some(Record {
        id: message_id(id),
        time: Timestamp(sealed.time),
        from: from.clone(),
        verified: sealed.verified,
        to: to.clone().map_or(Recipient::Everyone { me_too: sealed.me_too }, Recipient::User),
        reference: reference.map(str::to_owned),
        text: Text::block(body),
        deleted: None,
    }))
}

/// A message's number as SQLite has it.
pub(super) fn sql_id(id: MessageId) -> i64 {
    i64::try_from(id.0).unwrap_or(i64::MAX)
}

/// A message's number as the chat has it.
pub(super) fn message_id(id: i64) -> MessageId {
    MessageId(u64::try_from(id).unwrap_or(0))
}
