//! Deletes a message for a moderator: a mark stays in its place, and nothing of what it said.
//!
//! Must not know: who may delete what (`broker`), or when it is committed (`writer`).

use rusqlite::{Connection, Result};

use super::intern::Interner;
use super::lookup::{self, NameCache};
use super::rewrite::Rewrite;
use super::row::{self, COLUMNS, Participants, RowContent};
use super::values::sql_id;
use crate::model::Name;
use crate::server::store::api::{ConversationId, Deleted, Deletion};
use crate::server::store::members::MemberSet;

/// Deletes a message, if it is in the conversation where it must have been said. `unsure` if a commit that failed may
/// have deleted it already, so that nobody was told.
pub(super) fn delete(conn: &Connection, interner: &mut Interner, deletion: &Deletion, unsure: bool) -> Result<Deleted> {
    let (members, rooms) = match &deletion.within {
        ConversationId::Everyone => (MemberSet::Everyone, Vec::new()),
        ConversationId::Room(id, name) => (MemberSet::Room(*id), vec![(*id, name.clone())]),
        // What two users say to each other is their own matter.
        ConversationId::User(_) => return Ok(Deleted::NotThere),
    };
    let Some(conversation) = lookup::conversation(conn, members)? else { return Ok(Deleted::NotThere) };
    let mut names = NameCache::default();
    let participants = Participants::of(conn, &mut names, members)?;
    let mut select =
        conn.prepare_cached(&format!("SELECT {COLUMNS} FROM message WHERE id = ?1 AND conversation = ?2"))?;
    let mut rows = select.query((sql_id(deletion.id), conversation))?;
    let Some(row) = rows.next()? else { return Ok(Deleted::NotThere) };
    // A new checksum would make a damaged message look whole; it is not shown anyway.
    let content = row::read(conn, &mut names, row, participants.as_ref(), &rooms)?;
    let RowContent::Whole(record) = content else { return Ok(Deleted::NotThere) };
    if record.deleted.is_some() {
        let mine = record.deleted.as_ref().map(Name::key) == Some(deletion.by.key());
        return Ok(if unsure && mine { Deleted::Done(record.from) } else { Deleted::NotThere });
    }
    if deletion.spared.contains(&record.from.key().folded) {
        return Ok(Deleted::Spared(record.from));
    }
    let by = interner.intern(conn, &deletion.by)?;
    let rewrite = Rewrite { id: record.id, number: deletion.number, participants: participants.as_ref() };
    rewrite.erase(conn, &mut names, by.name)?;
    Ok(Deleted::Done(record.from))
}
