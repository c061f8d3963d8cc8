//! A part of a conversation, as its members see it.
//!
//! Must not know: what other parts there are of use to the asker.

use rusqlite::{Connection, Result};

use super::lookup::{self, Lookup, Members};
use super::query::Lines;
use super::row::{self, Between, COLUMNS};
use crate::model::Name;
use crate::protocol::{Event, Span};
use crate::server::store::api::{Conversation, Question};
use crate::server::store::page_builder::Part;

/// Tells a page: with `since` the oldest messages after it, otherwise the newest; ascending in any case.
pub(in crate::server::store) fn tell(
    conn: &Connection,
    lookup: &mut Lookup,
    lines: &mut Lines<'_>,
    with: &Conversation,
    span: &Span,
) -> Result<()> {
    let mut part = Part::new(span);
    if let Some((conversation, members)) = conversation(conn, lines.question(), with)? {
        let between = Between::of(conn, lookup, members)?;
        let mut select = conn.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM message WHERE conversation = ?1 AND id > ?2 AND id < ?3 ORDER BY id {}",
            part.order()
        ))?;
        let (since, before) = part.bounds();
        let mut rows = select.query((conversation, since, before))?;
        while let Some(row) = rows.next()? {
            if part.is_full() {
                break;
            }
            let found = row::read(conn, lookup, row, between.as_ref(), &lines.question().rooms)?;
            let Some(envelope) = lines.whole(found) else {
                part.leave_out();
                continue;
            };
            if !part.add(lines.line(envelope)) {
                break;
            }
        }
    }
    let more = part.tell(lines);
    let damaged = lines.damaged.len();
    lines.event(Event::HistoryEnd { more, damaged });
    Ok(())
}

/// The number and the members of a conversation of who asks; `None` if nothing was ever said in it, or if it is none of
/// theirs.
pub(in crate::server::store) fn conversation(
    conn: &Connection,
    question: &Question,
    with: &Conversation,
) -> Result<Option<(i64, Members)>> {
    let user = |name: &Name| lookup::user(conn, &name.key().folded);
    let members = match with {
        Conversation::Everyone => Some(Members::All),
        Conversation::User(other) => {
            user(&question.user)?.zip(user(other)?).map(|(one, other)| Members::two(one, other))
        }
        Conversation::Room(room, _) => {
            let is_in = question.rooms.iter().any(|(id, _)| id == room);
            is_in.then_some(Members::Room(*room))
        }
    };
    let Some(members) = members else { return Ok(None) };
    Ok(lookup::conversation(conn, members)?.map(|id| (id, members)))
}
