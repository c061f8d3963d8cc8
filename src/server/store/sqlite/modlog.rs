//! What moderators did, in the order in which they did it. An act is never altered, except that its reason goes
//! when what a user said is erased; it goes when it is too old, or with its room. Its number counts the acts in the same place only, so that it says nothing of other places.
//!
//! Must not know: who may read them (`broker`).

use rusqlite::{Connection, Error, Result, Row};

use super::checksum;
use super::values::{message_id, page_bounds, page_order, room_id, sql_room};
use crate::model::name::lenient;
use crate::model::{FoldedName, RoomName, Target, Text, Timestamp};
use crate::protocol::{Done, Envelope, Event, RoomEvent, Span};
use crate::server::ids::RoomId;
use crate::server::store::api::{HOST, LoggedAct};
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

/// Reads all acts that are not damaged, in their order.
pub(super) fn each<E>(
    conn: &Connection,
    mut each: impl FnMut(LoggedAct) -> std::result::Result<(), E>,
    failed: impl Fn(Error) -> E,
) -> std::result::Result<(), E> {
    let mut select =
        conn.prepare("SELECT id, time, room, by, data, sum, number FROM act ORDER BY id").map_err(&failed)?;
    let mut rows = select.query([]).map_err(&failed)?;
    while let Some(row) = rows.next().map_err(&failed)? {
        if let Some(act) = whole(row).map_err(&failed)? {
            each(act)?;
        }
    }
    Ok(())
}

/// An act as it was logged; `None` if it does not match its checksum.
fn whole(row: &Row<'_>) -> Result<Option<LoggedAct>> {
    let (id, time, room, number): (i64, i64, Option<i64>, i64) = (row.get(0)?, row.get(1)?, row.get(2)?, row.get(6)?);
    let (Ok(by), Ok(data)) = (row.get_ref(3)?.as_str(), row.get_ref(4)?.as_str()) else { return Ok(None) };
    let sound = sum([id, time, number], room, by, data) == row.get::<_, i64>(5)?;
    let read = lenient(by).zip(Done::read(data)).filter(|_| sound);
    Ok(read.map(|(by, done)| LoggedAct { time: Timestamp(time), by, room: room.map(room_id), done }))
}

/// How many acts have a reason that [`erase_reasons`] would take.
pub(super) fn count_reasons(conn: &Connection, user: &FoldedName) -> Result<u64> {
    let mut count = 0;
    each(
        conn,
        |act| {
            count += u64::from(is_about(&act.done, act.by.as_str(), user));
            Ok(())
        },
        |error| error,
    )?;
    Ok(count)
}

/// Whether a user did an act that has a reason, or it was done to them.
fn is_about(done: &Done, by: &str, user: &FoldedName) -> bool {
    let is_theirs = |written: &str| lenient(written).is_some_and(|name| name.folded() == *user);
    // What is ordered on the machine says nothing that anybody said.
    !done.reason.is_blank()
        && by != HOST
        && (is_theirs(by) || done.subject.as_ref().is_some_and(|subject| is_theirs(subject.as_str())))
}

/// Takes the reasons out of those of the next `limit` acts that a user did or that were done to them; returns the number of
/// the last act, unless it is the last of all, and how many lost their reason.
pub(super) fn erase_reasons(
    conn: &Connection,
    user: &FoldedName,
    after: i64,
    limit: usize,
) -> Result<(Option<i64>, u64)> {
    let mut select = conn
        .prepare_cached("SELECT id, time, room, by, data, sum, number FROM act WHERE id > ?1 ORDER BY id LIMIT ?2")?;
    let mut update = conn.prepare_cached("UPDATE act SET data = ?2, sum = ?3 WHERE id = ?1")?;
    let (mut seen, mut last, mut erased) = (0, after, 0);
    let mut rows = select.query((after, limit))?;
    while let Some(row) = rows.next()? {
        let (id, time, room, number): (i64, i64, Option<i64>, i64) =
            (row.get(0)?, row.get(1)?, row.get(2)?, row.get(6)?);
        (seen, last) = (seen + 1, id);
        let (Ok(by), Ok(data)) = (row.get_ref(3)?.as_str(), row.get_ref(4)?.as_str()) else { continue };
        let Some(done) = Done::read(data) else { continue };
        if !is_about(&done, by, user) {
            continue;
        }
        let sound = sum([id, time, number], room, by, data) == row.get::<_, i64>(5)?;
        let data = Done { reason: Text::default(), ..done }.data();
        // A damaged act stays damaged.
        let new = if sound { sum([id, time, number], room, by, &data) } else { row.get(5)? };
        update.execute((id, &data, new))?;
        erased += 1;
    }
    Ok(((seen == limit).then_some(last), erased))
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
