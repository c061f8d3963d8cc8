//! A message as it stands in its table, back to what was said: whole, or not at all.
//!
//! Must not know: who asks for it.

use rusqlite::{Connection, Error, Result, Row};

use super::checksum::Sealed;
use super::lookup::{Lookup, Members};
use crate::model::{MessageId, Name, RoomName, Text, Timestamp};
use crate::server::ids::RoomId;
use crate::server::store::api::{Recipient, Record};

/// What [`read`] needs of a row, in this order.
pub(in crate::server::store) const COLUMNS: &str =
    "id, time, author, signed, dest, me_too, ref, body, sum, verified, deleted";

/// The same of a history of an older form.
pub(in crate::server::store) fn columns_of(version: i64) -> &'static str {
    match version {
        ..=2 => "id, time, author, signed, dest, me_too, ref, body, sum, 0, NULL",
        3 => "id, time, author, signed, dest, me_too, ref, body, sum, verified, NULL",
        _ => COLUMNS,
    }
}

/// What stands in a row.
#[derive(Debug)]
pub(in crate::server::store) enum Found {
    /// A message as it was written.
    Whole(Record),
    /// The same, in a room that is none of those given.
    Elsewhere,
    /// Something else than what was written.
    Damaged(MessageId),
}

/// What of a conversation goes into the sum of each of its messages.
#[derive(Clone, Debug, Default)]
pub(in crate::server::store) struct Between {
    low: String,
    high: String,
    room: Option<RoomId>,
}

impl Between {
    /// The keys of those who see it; `None` if one is lost.
    pub(in crate::server::store) fn of(
        conn: &Connection,
        lookup: &mut Lookup,
        members: Members,
    ) -> Result<Option<Self>> {
        Ok(match members {
            Members::All => Some(Self::default()),
            Members::Room(room) => Some(Self { room: Some(room), ..Self::default() }),
            Members::Two(low, high) => {
                let keys = lookup.key(conn, low)?.zip(lookup.key(conn, high)?);
                keys.map(|(low, high)| Self { low: low.to_string(), high: high.to_string(), room: None })
            }
        })
    }
}

/// Reads a row of [`COLUMNS`] that should be of the conversation `between`, and makes sure of its sum. What was said in
/// one of the `rooms` is told under its name.
///
/// # Errors
/// The history cannot be read. A row that can be but makes no sense is [`Found::Damaged`].
pub(in crate::server::store) fn read(
    conn: &Connection,
    lookup: &mut Lookup,
    row: &Row<'_>,
    between: Option<&Between>,
    rooms: &[(RoomId, RoomName)],
) -> Result<Found> {
    let id = row.get(0)?;
    Ok(match whole(conn, lookup, row, id, between, rooms) {
        Ok(Some(found)) => found,
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
    rooms: &[(RoomId, RoomName)],
) -> Result<Option<Found>> {
    let text = |at| row.get_ref(at)?.as_str_or_null().map_err(Error::from);
    let (Some(key), Some(from)) = (lookup.key(conn, row.get(2)?)?, lookup.name(conn, row.get(3)?)?) else {
        return Ok(None);
    };
    let mut name = |at| match row.get(at)? {
        None => Ok(Some(None)),
        Some(name) => Ok::<_, Error>(lookup.name(conn, name)?.map(Some)),
    };
    let (Some(dest), Some(deleted)) = (name(4)?, name(10)?) else { return Ok(None) };
    let (reference, Some(body), Some(between)) = (text(6)?, text(7)?, between) else { return Ok(None) };
    let sealed = Sealed {
        id,
        time: row.get(1)?,
        author: &key,
        signed: from.as_str(),
        dest: dest.as_ref().map(Name::as_str),
        me_too: row.get(5)?,
        verified: row.get(9)?,
        reference,
        body,
        between: [&between.low, &between.high],
        room: between.room,
        deleted: deleted.as_ref().map(Name::as_str),
    };
    if sealed.sum() != row.get::<_, i64>(8)? {
        return Ok(None);
    }
    let (time, verified, me_too) = (Timestamp(sealed.time), sealed.verified, sealed.me_too);
    let to = match (dest, between.room) {
        (Some(user), _) => Recipient::User(user),
        (None, None) => Recipient::Everyone { me_too },
        (None, Some(room)) => match rooms.iter().find(|(id, _)| *id == room) {
            Some((id, name)) => Recipient::Room { id: *id, name: name.clone(), me_too },
            None => return Ok(Some(Found::Elsewhere)),
        },
    };
    Ok(Some(Found::Whole(Record {
        id: message_id(id),
        time,
        from: from.clone(),
        verified,
        to,
        reference: reference.map(str::to_owned),
        text: Text::block(body),
        deleted,
    })))
}

/// A message's number as SQLite has it.
pub(in crate::server::store) fn sql_id(id: MessageId) -> i64 {
    i64::try_from(id.0).unwrap_or(i64::MAX)
}

/// A message's number as the chat has it.
pub(in crate::server::store) fn message_id(id: i64) -> MessageId {
    MessageId(u64::try_from(id).unwrap_or(0))
}
