//! One page of a conversation, as its members see it.
//!
//! Must not know: which pages the user has already.

use rusqlite::{Connection, Result};

use super::lookup::{self, NameCache};
use super::row::{self, COLUMNS, Participants};
use super::values::{page_bounds, page_order};
use crate::model::Name;
use crate::protocol::{Event, Span};
use crate::server::store::api::{ConversationId, Question};
use crate::server::store::members::{MemberSet, members_for};
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
    if let Some((conversation, members)) = conversation(conn, reply.question(), with)? {
        let participants = Participants::of(conn, names, members)?;
        let mut select = conn.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM message WHERE conversation = ?1 AND id > ?2 AND id < ?3 ORDER BY id {}",
            page_order(span)
        ))?;
        let (since, before) = page_bounds(span);
        let mut rows = select.query((conversation, since, before))?;
        while let Some(row) = rows.next()? {
            if page.is_full() {
                break;
            }
            let content = row::read(conn, names, row, participants.as_ref(), &reply.question().rooms)?;
            let Some(envelope) = content.envelope(reply) else {
                page.leave_out();
                continue;
            };
            if !page.add(reply.line(envelope)) {
                break;
            }
        }
    }
    let more = page.finish(reply);
    let damaged = reply.damaged().len();
    reply.add_event(Event::HistoryEnd { more, damaged });
    Ok(())
}

/// The number and the members of a conversation of the asking user; `None` if nothing was ever said in it, or if it is
/// not one of the user's.
pub(super) fn conversation(
    conn: &Connection,
    question: &Question,
    with: &ConversationId,
) -> Result<Option<(i64, MemberSet)>> {
    let user = |name: &Name| lookup::user(conn, &name.key().folded);
    let pair = |other: &Name| -> Result<_> { Ok(user(&question.user)?.zip(user(other)?)) };
    let members = members_for(question, with, pair)?;
    let Some(members) = members else { return Ok(None) };
    Ok(lookup::conversation(conn, members)?.map(|id| (id, members)))
}
