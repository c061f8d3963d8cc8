//! What moderators did, in the order in which they did it. Acts are only ever added.
//!
//! Must not know: who may read them (`broker`).

use rusqlite::{Connection, Error, Result, Row};

use super::checksum;
use super::values::{message_id, page_bounds, page_order, sql_room};
use crate::model::name::lenient;
use crate::model::{RoomName, Target, Timestamp};
use crate::protocol::{Done, Envelope, Event, RoomEvent, Span};
use crate::server::ids::RoomId;
use crate::server::store::api::LoggedAct;
use crate::server::store::page_builder::PageBuilder;
use crate::server::store::reply::{Reply, act_envelope};

/// The number of the newest act; 0 if there is none.
pub(super) fn newest(conn: &Connection) -> Result<i64> {
    conn.query_row("SELECT coalesce(max(id), 0) FROM act", [], |row| row.get(0))
}

/// Adds an act under the next number.
pub(super) fn put(conn: &Connection, id: i64, act: &LoggedAct) -> Result<()> {
    let (room, by, data) = (act.room.map(sql_room), act.by.as_str(), act.done.data());
    conn.prepare_cached("INSERT INTO act (id, time, room, by, data, sum) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?
        .execute((id, act.time.0, room, by, &data, sum(id, act.time.0, room, by, &data)))?;
    Ok(())
}

/// Writes a page of the acts in one room, or of those that concern the whole server.
pub(super) fn write_page(
    conn: &Connection,
    reply: &mut Reply<'_>,
    room: Option<&(RoomId, RoomName)>,
    whole: bool,
    span: &Span,
) -> Result<()> {
    let place = room.map_or(Target::Everyone, |(_, name)| Target::Room(name.clone()));
    let mut page = PageBuilder::new(span);
    let mut select = conn.prepare_cached(&format!(
        "SELECT id, time, room, by, data, sum FROM act WHERE room IS ?1 AND id > ?2 AND id < ?3 ORDER BY id {}",
        page_order(span)
    ))?;
    let (since, before) = page_bounds(span);
    let mut rows = select.query((room.map(|(id, _)| sql_room(*id)), since, before))?;
    while let Some(row) = rows.next()? {
        if page.is_full() {
            break;
        }
        match read(row, &place, whole) {
            Ok(Some(envelope)) => {
                if !page.add(reply.line(envelope)) {
                    break;
                }
            }
            Err(error) if error.sqlite_error_code().is_some() => return Err(error),
            Ok(None) | Err(_) => {
                reply.leave_out_act(row.get(0)?);
                page.leave_out();
            }
        }
    }
    let more = page.finish(reply);
    reply.add_event(Event::Room(RoomEvent::ModlogEnd { more }));
    Ok(())
}

/// An act as a user may see it; `None` if it does not match its checksum.
fn read(row: &Row<'_>, place: &Target, whole: bool) -> Result<Option<Envelope>> {
    let text = |at| row.get_ref(at)?.as_str().map_err(Error::from);
    let (id, time, by, data) = (row.get(0)?, row.get(1)?, text(3)?, text(4)?);
    let sound = sum(id, time, row.get(2)?, by, data) == row.get::<_, i64>(5)?;
    let of = (message_id(id), Timestamp(time));
    Ok(lenient(by).zip(Done::read(data)).filter(|_| sound).map(|(by, done)| act_envelope(of, by, place, done, whole)))
}

fn sum(id: i64, time: i64, room: Option<i64>, by: &str, data: &str) -> i64 {
    checksum::of_row(&[id, time, i64::from(room.is_some()), room.unwrap_or_default()], &[by, data])
}
