//! A part of a conversation, as its members see it.
//!
//! Must not know: what other parts there are of use to the asker.

use rusqlite::{Connection, Result};

use super::answer::Lines;
use super::limits::{MAX_DAMAGED, PAGE_BYTES};
use super::lookup::{self, Lookup, Members};
use super::row::{self, Between, COLUMNS, sql_id};
use super::schema::EVERYONE;
use crate::model::Name;
use crate::protocol::{Event, Span};
use crate::server::history::Conversation;

/// Tells a page: with `since` the oldest messages after it, otherwise the newest; ascending in any case.
pub(super) fn tell(
    conn: &Connection,
    lookup: &mut Lookup,
    lines: &mut Lines<'_>,
    with: &Conversation,
    span: &Span,
) -> Result<()> {
    let mut page: Vec<Vec<u8>> = Vec::new();
    let mut more = false;
    if let Some((conversation, members)) = conversation(conn, &lines.question().user, with)? {
        let between = Between::of(conn, lookup, members)?;
        let order = if span.since.is_some() { "ASC" } else { "DESC" };
        let mut select = conn.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM message WHERE conversation = ?1 AND id > ?2 AND id < ?3 ORDER BY id {order}"
        ))?;
        let (since, before) = (span.since.map_or(-1, sql_id), span.before.map_or(i64::MAX, sql_id));
        let mut rows = select.query((conversation, since, before))?;
        let mut bytes = 0;
        while let Some(row) = rows.next()? {
            if page.len() >= span.limit || lines.damaged.len() >= MAX_DAMAGED {
                more = true;
                break;
            }
            let found = row::read(conn, lookup, row, between.as_ref())?;
            let Some(line) = lines.line(found) else { continue };
            bytes += line.len();
            if bytes > PAGE_BYTES && !page.is_empty() {
                more = true;
                break;
            }
            page.push(line);
        }
    }
    if span.since.is_some() {
        lines.append(page.iter());
    } else {
        lines.append(page.iter().rev());
    }
    let damaged = lines.damaged.len();
    lines.event(Event::HistoryEnd { more, damaged });
    Ok(())
}

/// The number and the members of a user's conversation; `None` if nothing was ever said in it.
pub(super) fn conversation(conn: &Connection, user: &Name, with: &Conversation) -> Result<Option<(i64, Members)>> {
    let Conversation::User(other) = with else { return Ok(Some((EVERYONE, Members::All))) };
    let Some((user, other)) = lookup::user(conn, &user.key().folded)?.zip(lookup::user(conn, &other.key().folded)?)
    else {
        return Ok(None);
    };
    let members = Members::Two(user.min(other), user.max(other));
    Ok(lookup::conversation(conn, user, other)?.map(|id| (id, members)))
}
