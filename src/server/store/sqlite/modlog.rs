//! What moderators did, in the order in which they did it. It only ever grows.
//!
//! Must not know: who may read of it (`broker`).

use rusqlite::{Connection, Error, Result, Row};

use super::checksum;
use super::lookup::sql_room;
use super::query::Lines;
use super::row::message_id;
use crate::model::name::lenient;
use crate::model::{MessageId, Name, RoomName, Target, Timestamp, Whom};
use crate::protocol::{Done, Envelope, Event, RoomEvent, Span};
use crate::server::ids::RoomId;
use crate::server::store::api::Acted;
use crate::server::store::page_builder::Part;

/// The number of the newest act; 0 if there is none.
pub(in crate::server::store) fn newest(conn: &Connection) -> Result<i64> {
    conn.query_row("SELECT coalesce(max(id), 0) FROM act", [], |row| row.get(0))
}

/// Writes down an act under the next number.
pub(in crate::server::store) fn put(conn: &Connection, id: i64, act: &Acted) -> Result<()> {
    let (room, by, data) = (act.room.map(sql_room), act.by.as_str(), act.done.data());
    conn.prepare_cached("INSERT INTO act (id, time, room, by, data, sum) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?
        .execute((id, act.time.0, room, by, &data, sum(id, act.time.0, room, by, &data)))?;
    Ok(())
}

/// Tells a part of them, as of a conversation; those of one room, or those that are about the whole server.
pub(in crate::server::store) fn tell(
    conn: &Connection,
    lines: &mut Lines<'_>,
    room: Option<&(RoomId, RoomName)>,
    whole: bool,
    span: &Span,
) -> Result<()> {
    let place = room.map_or(Target::Everyone, |(_, name)| Target::Room(name.clone()));
    let mut part = Part::new(span);
    let mut select = conn.prepare_cached(&format!(
        "SELECT id, time, room, by, data, sum FROM act WHERE room IS ?1 AND id > ?2 AND id < ?3 ORDER BY id {}",
        part.order()
    ))?;
    let (since, before) = part.bounds();
    let mut rows = select.query((room.map(|(id, _)| sql_room(*id)), since, before))?;
    while let Some(row) = rows.next()? {
        if part.is_full() {
            break;
        }
        match read(row, &place, whole) {
            Ok(Some(envelope)) => {
                if !part.add(lines.line(envelope)) {
                    break;
                }
            }
            Err(error) if error.sqlite_error_code().is_some() => return Err(error),
            Ok(None) | Err(_) => {
                lines.damaged_act(row.get(0)?);
                part.leave_out();
            }
        }
    }
    let more = part.tell(lines);
    lines.event(Event::Room(RoomEvent::ModlogEnd { more }));
    Ok(())
}

/// An act as it is told; `None` if it is not as it was written.
fn read(row: &Row<'_>, place: &Target, whole: bool) -> Result<Option<Envelope>> {
    let text = |at| row.get_ref(at)?.as_str().map_err(Error::from);
    let (id, time, by, data) = (row.get(0)?, row.get(1)?, text(3)?, text(4)?);
    let sound = sum(id, time, row.get(2)?, by, data) == row.get::<_, i64>(5)?;
    let of = (message_id(id), Timestamp(time));
    Ok(lenient(by).zip(Done::read(data)).filter(|_| sound).map(|(by, done)| told(of, by, place, done, whole)))
}

/// An act as it is told: `whole`, or without addresses and keys.
pub(in crate::server::store) fn told(
    (id, time): (MessageId, Timestamp),
    by: Name,
    place: &Target,
    mut done: Done,
    whole: bool,
) -> Envelope {
    let is_name = |whom: &str| whom.parse().is_ok_and(|whom: Whom| whom.is_name());
    done.subject = done.subject.filter(|subject| whole || is_name(subject.as_str()));
    let event = Event::Room(RoomEvent::Acted { by, place: place.clone(), done });
    Envelope { id: Some(id), time: Some(time), ..event.into() }
}

fn sum(id: i64, time: i64, room: Option<i64>, by: &str, data: &str) -> i64 {
    checksum::of_row(&[id, time, i64::from(room.is_some()), room.unwrap_or_default()], &[by, data])
}
