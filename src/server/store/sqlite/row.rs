//! Turns a row back into the message that was written: whole, or not at all.
//!
//! Must not know: who asks for it.

use std::sync::Arc;

use rusqlite::{Connection, Error, Result, Row};

use super::checksum::ChecksumInput;
use super::lookup::NameCache;
use super::values::message_id;
use crate::model::{MessageId, Name, RoomName, Text, Timestamp};
use crate::server::ids::RoomId;
use crate::server::store::api::{Recipient, Record, RecordExtra};
use crate::server::store::members::MemberSet;

/// The columns that [`read`] needs, in this order.
pub(super) const COLUMNS: &str =
    "id, time, author, signed, dest, me_too, ref, body, sum, verified, deleted, reply, edited, changed";

/// The number of the column of the sender among them.
pub(super) const AUTHOR: usize = 2;

/// The number of a column right behind them, which queries use for the conversation.
pub(super) const CONVERSATION: usize = 14;

/// The same columns in a history of an older version.
pub(super) fn columns_of(version: i64) -> &'static str {
    match version {
        ..=2 => "id, time, author, signed, dest, me_too, ref, body, sum, 0, NULL, NULL, NULL, 0",
        3 => "id, time, author, signed, dest, me_too, ref, body, sum, verified, NULL, NULL, NULL, 0",
        4 | 5 => "id, time, author, signed, dest, me_too, ref, body, sum, verified, deleted, NULL, NULL, 0",
        _ => COLUMNS,
    }
}

/// What a row turned out to hold.
#[derive(Debug)]
pub(super) enum RowContent {
    /// A message as it was written.
    Whole(Record),
    /// A message as it was written, in a room that is none of those given.
    Elsewhere,
    /// Something other than what was written.
    Damaged(MessageId),
}

/// What of a conversation is covered by the checksum of each of its messages.
#[derive(Clone, Debug, Default)]
pub(super) struct Participants {
    low: String,
    high: String,
    room: Option<RoomId>,
    /// The numbers of the two users who see it, added up.
    both: i64,
}

impl Participants {
    /// The participants of a conversation; `None` if the name of one is lost.
    pub(super) fn of(conn: &Connection, names: &mut NameCache, members: MemberSet) -> Result<Option<Self>> {
        Ok(match members {
            MemberSet::Everyone => Some(Self::default()),
            MemberSet::Room(room) => Some(Self { room: Some(room), ..Self::default() }),
            MemberSet::Two(low, high) => {
                let keys = names.key(conn, low)?.zip(names.key(conn, high)?);
                let both = low + high;
                keys.map(|(low, high)| Self { low: low.to_string(), high: high.to_string(), room: None, both })
            }
        })
    }
}

/// Reads a row of [`COLUMNS`] in the conversation of these `participants`, and checks its checksum. A message in one of
/// the `rooms` goes by the room's name there; users who have taken another name since go by that one.
///
/// # Errors
/// The history cannot be read. A row that can be read but makes no sense is [`RowContent::Damaged`].
pub(super) fn read(
    conn: &Connection,
    names: &mut NameCache,
    row: &Row<'_>,
    participants: Option<&Participants>,
    rooms: &[(RoomId, RoomName)],
) -> Result<RowContent> {
    let id = row.get(0)?;
    Ok(match whole(conn, names, row, id, participants, rooms) {
        Ok(Some(content)) => content,
        Ok(None) => RowContent::Damaged(message_id(id)),
        Err(error) if error.sqlite_error_code().is_none() => RowContent::Damaged(message_id(id)),
        Err(error) => return Err(error),
    })
}

/// The checksum that a row should have.
pub(super) fn sum_of(
    conn: &Connection,
    names: &mut NameCache,
    id: i64,
    participants: Option<&Participants>,
) -> Result<Option<i64>> {
    let mut select = conn.prepare_cached(&format!("SELECT {COLUMNS} FROM message WHERE id = ?1"))?;
    let mut rows = select.query([id])?;
    let (Some(row), Some(participants)) = (rows.next()?, participants) else { return Ok(None) };
    let Some(spelled) = RowNames::of(conn, names, row)? else { return Ok(None) };
    Ok(spelled.sealed(row, participants)?.map(|sealed| sealed.sum()))
}

/// The names in a row.
struct RowNames {
    /// The sender's folded name.
    key: Arc<str>,
    from: Name,
    dest: Option<Name>,
    deleted: Option<Name>,
}

impl RowNames {
    /// `None` if one of them is not there.
    fn of(conn: &Connection, names: &mut NameCache, row: &Row<'_>) -> Result<Option<Self>> {
        let (Some(key), Some(from)) = (names.key(conn, row.get(AUTHOR)?)?, names.name(conn, row.get(3)?)?) else {
            return Ok(None);
        };
        let mut name = |at| match row.get(at)? {
            None => Ok(Some(None)),
            Some(name) => Ok::<_, Error>(names.name(conn, name)?.map(Some)),
        };
        let (Some(dest), Some(deleted)) = (name(4)?, name(10)?) else { return Ok(None) };
        Ok(Some(Self { key, from, dest, deleted }))
    }

    /// What the checksum of the row covers.
    fn sealed<'a>(&'a self, row: &'a Row<'_>, participants: &'a Participants) -> Result<Option<ChecksumInput<'a>>> {
        let text = |at| row.get_ref(at)?.as_str_or_null().map_err(Error::from);
        let (reference, Some(body)) = (text(6)?, text(7)?) else { return Ok(None) };
        Ok(Some(ChecksumInput {
            id: row.get(0)?,
            time: row.get(1)?,
            author: &self.key,
            signed: self.from.as_str(),
            dest: self.dest.as_ref().map(Name::as_str),
            me_too: row.get(5)?,
            verified: row.get(9)?,
            reference,
            body,
            between: [&participants.low, &participants.high],
            room: participants.room,
            deleted: self.deleted.as_ref().map(Name::as_str),
            reply: row.get(11)?,
            edited: row.get(12)?,
            changed: row.get(13)?,
        }))
    }
}

fn whole(
    conn: &Connection,
    names: &mut NameCache,
    row: &Row<'_>,
    id: i64,
    participants: Option<&Participants>,
    rooms: &[(RoomId, RoomName)],
) -> Result<Option<RowContent>> {
    let (Some(spelled), Some(participants)) = (RowNames::of(conn, names, row)?, participants) else {
        return Ok(None);
    };
    let Some(sealed) = spelled.sealed(row, participants)? else { return Ok(None) };
    let sum = row.get::<_, i64>(8)?;
    // One of the two may have had a lower number when the message was written.
    let swapped = ChecksumInput { between: [&participants.high, &participants.low], ..sealed };
    if sealed.sum() != sum && swapped.sum() != sum {
        return Ok(None);
    }
    let ChecksumInput { time, verified, me_too, reference, body, reply, edited, changed, .. } = sealed;
    let author: i64 = row.get(AUTHOR)?;
    let renamed = names.renamed(conn, author)?;
    // Whoever deletes their own message goes by the same name as its sender.
    let by_sender = |by: &Name| by.folded() == spelled.from.folded();
    let deleted = spelled.deleted.as_ref().map(|by| renamed.as_ref().filter(|_| by_sender(by)).unwrap_or(by).clone());
    let to = match (&spelled.dest, participants.room) {
        (Some(user), _) => {
            let other = names.renamed(conn, participants.both - author)?;
            Recipient::User(other.unwrap_or_else(|| user.clone()))
        }
        (None, None) => Recipient::Everyone { me_too },
        (None, Some(room)) => match rooms.iter().find(|(id, _)| *id == room) {
            Some((id, name)) => Recipient::Room { id: *id, name: name.clone(), me_too },
            None => return Ok(Some(RowContent::Elsewhere)),
        },
    };
    let extra = RecordExtra {
        reply: reply.map(message_id),
        edited: edited.map(Timestamp),
        changed: (changed != 0).then(|| message_id(changed)),
    };
    Ok(Some(RowContent::Whole(Record {
        id: message_id(id),
        time: Timestamp(time),
        from: renamed.unwrap_or_else(|| spelled.from.clone()),
        verified,
        to,
        reference: reference.map(str::to_owned),
        text: Text::block(body),
        deleted,
        extra,
    })))
}
