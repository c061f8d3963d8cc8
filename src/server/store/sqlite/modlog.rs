//! What moderators did, in the order in which they did it. An act is never altered; it goes when it is too old, or with its
//! room. Its number counts the acts in the same place only, so that it says nothing of other places.
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

/// The value of the column `place` for acts that concern the whole server.
const WHOLE_SERVER: i64 = 0;

/// The highest number of a row; 0 if there is none.
pub(super) fn newest(conn: &Connection) -> Result<i64> {
    conn.query_row("SELECT coalesce(max(id), 0) FROM act", [], |row| row.get(0))
}

/// Adds an act as the next row.
pub(super) fn put(conn: &Connection, id: i64, act: &LoggedAct) -> Result<()> {
    let (room, by, data) = (act.room.map(sql_room), act.by.as_str(), act.done.data());
    let number: i64 = conn
        .prepare_cached(
            // The acts themselves say it too, if that row is lost.
            "INSERT INTO act_number (place, last)
             VALUES (?1, 1 + coalesce((SELECT max(number) FROM act WHERE room IS ?2), 0))
             ON CONFLICT DO UPDATE SET last = max(last + 1, excluded.last) RETURNING last",
        )?
        .query_row((room.unwrap_or(WHOLE_SERVER), room), |row| row.get(0))?;
    conn.prepare_cached("INSERT INTO act (id, time, room, by, data, sum, number) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?
        .execute((id, act.time.0, room, by, &data, sum([id, act.time.0, number], room, by, &data), number))?;
    Ok(())
}

/// Deletes acts from before `time`, in milliseconds of the wall clock, up to `limit`; says how many. An act that the clock
/// put later keeps those after it until it is too old itself.
pub(super) fn forget(conn: &Connection, time: i64, limit: usize) -> Result<usize> {
    let mut select = conn.prepare_cached("SELECT id, time FROM act ORDER BY id LIMIT ?1")?;
    let rows = select.query_map([limit], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let acts = rows.collect::<Result<Vec<(i64, i64)>>>()?;
    let Some((last, _)) = acts.iter().take_while(|(_, done)| *done < time).last() else { return Ok(0) };
    conn.prepare_cached("DELETE FROM act WHERE id <= ?1")?.execute([last])
}

/// Deletes up to `limit` acts in a room that has ended. Says whether there were any.
pub(super) fn forget_room(conn: &Connection, room: RoomId, limit: usize) -> Result<bool> {
    let gone = conn
        .prepare_cached("DELETE FROM act WHERE id IN (SELECT id FROM act WHERE room = ?1 LIMIT ?2)")?
        .execute((sql_room(room), limit))?;
    if gone == 0 {
        conn.prepare_cached("DELETE FROM act_number WHERE place = ?1")?.execute([sql_room(room)])?;
    }
    Ok(gone > 0)
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
        "SELECT id, time, room, by, data, sum, number FROM act
         WHERE room IS ?1 AND number > ?2 AND number < ?3 ORDER BY number {}",
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
    let (time, by, data, number) = (row.get(1)?, text(3)?, text(4)?, row.get(6)?);
    let sound = sum([row.get(0)?, time, number], row.get(2)?, by, data) == row.get::<_, i64>(5)?;
    let of = (message_id(number), Timestamp(time));
    Ok(lenient(by).zip(Done::read(data)).filter(|_| sound).map(|(by, done)| act_envelope(of, by, place, done, whole)))
}

fn sum([id, time, number]: [i64; 3], room: Option<i64>, by: &str, data: &str) -> i64 {
    checksum::of_row(&[id, time, i64::from(room.is_some()), room.unwrap_or_default(), number], &[by, data])
}

/// Gives the acts of an older version, which had no numbers of their own, their checksums; a damaged one stays damaged.
pub(super) fn seal_numbers(conn: &Connection) -> Result<()> {
    let mut select = conn.prepare("SELECT id, time, room, by, data, sum, number FROM act")?;
    let mut update = conn.prepare("UPDATE act SET sum = ?2 WHERE id = ?1")?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let (Ok(by), Ok(data)) = (row.get_ref(3)?.as_str(), row.get_ref(4)?.as_str()) else { continue };
        let (id, time, room, number) = (row.get(0)?, row.get(1)?, row.get::<_, Option<i64>>(2)?, row.get(6)?);
        let before = checksum::of_row(&[id, time, i64::from(room.is_some()), room.unwrap_or_default()], &[by, data]);
        if before == row.get::<_, i64>(5)? {
            update.execute((id, sum([id, time, number], room, by, data)))?;
        }
    }
    Ok(())
}
