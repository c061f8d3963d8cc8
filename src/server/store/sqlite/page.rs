//! One page of a conversation, as its members see it.
//!
//! Must not know: which pages the user has already.

use rusqlite::{Connection, Result, Row};

use super::lookup::{self, NameCache};
use super::row::{self, COLUMNS, Participants, RowContent};
use super::shown;
use super::values::{page_bounds, page_order};
use crate::protocol::{ChangeEvent, Event, Span};
use crate::server::store::api::{ConversationId, Question};
use crate::server::store::members::{MemberSet, place_for};
use crate::server::store::page_builder::PageBuilder;
use crate::server::store::reply::Reply;

/// Writes a page: with `since` the oldest messages after it, otherwise the newest; always in ascending order.
pub(super) fn write_page(
    conn: &Connection,
    names: &mut NameCache,
    reply: &mut Reply<'_>,
    with: &ConversationId,
    span: &Span,
) -> Result<()> {
    let mut page = PageBuilder::new(span);
    let conversations = conversations(conn, reply.question(), with)?;
    fill(conn, names, reply, &mut page, &conversations, span)?;
    let more = page.finish(reply);
    let damaged = reply.damaged().len();
    reply.add_event(Event::HistoryEnd { more, damaged });
    Ok(())
}

/// Fills a page from a conversation, or from those with all who ever held a name: what was said in any of them, in the
/// order in which it was said.
fn fill(
    conn: &Connection,
    names: &mut NameCache,
    reply: &mut Reply<'_>,
    page: &mut PageBuilder<'_>,
    conversations: &[(i64, MemberSet)],
    span: &Span,
) -> Result<()> {
    let participants = conversations.iter().map(|(_, members)| Participants::of(conn, names, *members));
    let participants = participants.collect::<Result<Vec<_>>>()?;
    let (mut since, mut before) = page_bounds(span);
    let mut next = conn.prepare_cached(&format!(
        "SELECT id FROM located WHERE conversation = ?1 AND id > ?2 AND id < ?3 ORDER BY id {} LIMIT ?4",
        page_order(span)
    ))?;
    let mut select = conn.prepare_cached(&format!("SELECT {COLUMNS} FROM message WHERE id = ?1"))?;
    loop {
        let mut ids: Vec<(i64, Option<&Participants>)> = Vec::new();
        for ((conversation, _), participants) in conversations.iter().zip(&participants) {
            let found = next.query_map((*conversation, since, before, span.limit + 1), |row| row.get(0))?;
            for id in found {
                ids.push((id?, participants.as_ref()));
            }
        }
        ids.sort_unstable_by_key(|(id, _)| if span.since.is_some() { *id } else { -*id });
        ids.truncate(span.limit + 1);
        let Some((last, _)) = ids.last().copied() else { return Ok(()) };
        for (id, participants) in ids {
            let mut rows = select.query([id])?;
            let Some(row) = rows.next()? else { continue };
            if page.is_full() || !add(conn, names, reply, page, (row, participants))? {
                return Ok(());
            }
        }
        // Only damaged messages make it necessary to look further.
        if span.since.is_some() { since = last } else { before = last }
    }
}

/// Adds a message; `false` if the page has no room for it.
fn add(
    conn: &Connection,
    names: &mut NameCache,
    reply: &mut Reply<'_>,
    page: &mut PageBuilder<'_>,
    (row, participants): (&Row<'_>, Option<&Participants>),
) -> Result<bool> {
    let question = reply.question();
    let record = match row::read(conn, names, row, participants, &question.rooms)? {
        RowContent::Whole(record) => record,
        RowContent::Elsewhere => {
            page.leave_out();
            return Ok(true);
        }
        RowContent::Damaged(id) => {
            reply.leave_out(id);
            page.leave_out();
            return Ok(true);
        }
    };
    let envelope = shown::envelope(conn, names, &record, (participants, &question.rooms))?;
    let reactions = shown::reactions(conn, question, &record)?;
    Ok(page.add(reply.lines(envelope, reactions)))
}

/// Writes the messages that have changed, in the order of their changes: the first ones after `since`.
pub(super) fn write_changes(
    conn: &Connection,
    names: &mut NameCache,
    reply: &mut Reply<'_>,
    with: &ConversationId,
    span: &Span,
) -> Result<()> {
    let span = Span { since: Some(span.since.unwrap_or_default()), ..*span };
    let mut page = PageBuilder::new(&span);
    let (since, before) = page_bounds(&span);
    let mut changed: Vec<(i64, i64, MemberSet)> = Vec::new();
    let mut next = conn.prepare_cached(
        "SELECT changed, id FROM message WHERE conversation = ?1 AND changed > ?2 AND changed < ?3 AND changed > 0
         ORDER BY changed LIMIT ?4",
    )?;
    for (conversation, members) in conversations(conn, reply.question(), with)? {
        let found =
            next.query_map((conversation, since, before, span.limit + 1), |row| Ok((row.get(0)?, row.get(1)?)))?;
        for found in found {
            let (number, id) = found?;
            changed.push((number, id, members));
        }
    }
    changed.sort_unstable_by_key(|(number, ..)| *number);
    let mut select = conn.prepare_cached(&format!("SELECT {COLUMNS} FROM message WHERE id = ?1"))?;
    for (_, id, members) in changed {
        let participants = Participants::of(conn, names, members)?;
        let mut rows = select.query([id])?;
        let Some(row) = rows.next()? else { continue };
        if page.is_full() || !add(conn, names, reply, &mut page, (row, participants.as_ref()))? {
            break;
        }
    }
    let more = page.finish(reply);
    let damaged = reply.damaged().len();
    reply.add_event(Event::Change(ChangeEvent::End { more, damaged }));
    Ok(())
}

/// The conversation of the asking user that is meant; several if it is with users who held the same name one after the
/// other. None if nothing was ever said in it, or if it is not one of the user's.
pub(super) fn conversations(
    conn: &Connection,
    question: &Question,
    with: &ConversationId,
) -> Result<Vec<(i64, MemberSet)>> {
    match with {
        ConversationId::User(other) => match lookup::user(conn, &question.user.folded())? {
            Some(user) => lookup::conversations_with(conn, user, &other.folded()),
            None => Ok(Vec::new()),
        },
        ConversationId::Everyone | ConversationId::Room(..) => match place_for(question, with) {
            Some(members) => Ok(lookup::conversation(conn, members)?.map(|id| (id, members)).into_iter().collect()),
            None => Ok(Vec::new()),
        },
    }
}
