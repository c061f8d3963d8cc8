//! How the chat's numbers stand in SQL, and how a page is asked for.
//!
//! Must not know: tables.

use crate::model::MessageId;
use crate::protocol::Span;
use crate::server::ids::RoomId;

/// A message's number as SQLite has it.
pub(super) fn sql_id(id: MessageId) -> i64 {
    i64::try_from(id.0).unwrap_or(i64::MAX)
}

/// A message's number as the chat has it.
pub(super) fn message_id(id: i64) -> MessageId {
    MessageId(u64::try_from(id).unwrap_or(0))
}

/// A room's number as SQLite has it: signed, and still different for each room.
pub(super) fn sql_room(room: RoomId) -> i64 {
    room.0.cast_signed()
}

/// A room's number as the chat has it.
pub(super) fn room_id(room: i64) -> RoomId {
    RoomId(room.cast_unsigned())
}

/// The order in which a page's entries are to be found.
pub(super) fn page_order(span: &Span) -> &'static str {
    if span.since.is_some() { "ASC" } else { "DESC" }
}

/// The numbers between which a page's entries lie, both excluded.
pub(super) fn page_bounds(span: &Span) -> (i64, i64) {
    (span.since.map_or(-1, sql_id), span.before.map_or(i64::MAX, sql_id))
}
