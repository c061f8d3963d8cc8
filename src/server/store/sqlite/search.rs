//! The search: newest first, in what the asking user may see. Messages that are not in the index yet are read one by
//! one.
//!
//! Must not know: how the index is filled (`search_index`), or what a word is (`words`).

use rusqlite::{Connection, Result};

use super::lookup::{self, NameCache};
use super::page;
use super::row::{self, COLUMNS, Participants, RowContent};
use super::search_index;
use super::shown;
use crate::model::Name;
use crate::protocol::limits::MAX_FOUND;
use crate::protocol::{Event, Query};
use crate::server::ids::RoomId;
use crate::server::store::api::Question;
use crate::server::store::limits::{MAX_DAMAGED, MAX_TAIL, PAGE_BYTES};
use crate::server::store::members::{MemberSet, Viewer, conversation_named};
use crate::server::store::reply::Reply;
use crate::server::store::terms::Terms;

/// A query with names replaced by the history's numbers.
#[derive(Debug)]
struct SqlFilter {
    viewer: Viewer,
    /// The senders: all who ever held the name.
    authors: Option<Vec<i64>>,
    /// The conversations: several if it is with users who held the same name.
    conversations: Option<Vec<(i64, MemberSet)>>,
    terms: Terms,
    after: Option<i64>,
    before: Option<i64>,
}

/// Writes the messages that match.
pub(super) fn write_results(
    conn: &Connection,
    names: &mut NameCache,
    reply: &mut Reply<'_>,
    query: &Query,
) -> Result<()> {
    let mut more = false;
    if let Some(filter) = SqlFilter::of(conn, reply.question(), query)? {
        let mut written = 0;
        let indexed = search_index::mark(conn)?;
        more = filter.in_tail(conn, names, indexed, |id, names| take(conn, names, reply, &filter, &mut written, id))?
            || filter.in_index(conn, indexed, |id| take(conn, names, reply, &filter, &mut written, id))?;
    }
    let damaged = reply.damaged().len();
    reply.add_event(Event::SearchEnd { more, damaged });
    Ok(())
}

/// Writes a message that was found. `true` if it is one too many.
fn take(
    conn: &Connection,
    names: &mut NameCache,
    reply: &mut Reply<'_>,
    filter: &SqlFilter,
    written: &mut usize,
    id: i64,
) -> Result<bool> {
    let mut select =
        conn.prepare_cached(&format!("SELECT {COLUMNS}, conversation FROM message WHERE id = ?1 AND deleted IS NULL"))?;
    let mut rows = select.query([id])?;
    let Some(row) = rows.next()? else { return Ok(false) };
    let conversation = row.get(row::CONVERSATION)?;
    let members = names.members(conn, conversation)?;
    // The row itself decides once more who may see it, and whether there is still something to be found.
    if !members.is_some_and(|members| members.include(&filter.viewer)) || !filter.in_time(row.get(1)?) {
        return Ok(false);
    }
    if *written >= MAX_FOUND || reply.damaged().len() >= MAX_DAMAGED || *written > 0 && reply.len() >= PAGE_BYTES {
        return Ok(true);
    }
    let participants = members.map(|members| Participants::of(conn, names, members)).transpose()?.flatten();
    let rooms = &reply.question().rooms;
    match row::read(conn, names, row, participants.as_ref(), rooms)? {
        RowContent::Whole(record) => {
            *written += 1;
            reply.add_envelope(shown::envelope(conn, names, &record, (participants.as_ref(), rooms))?);
        }
        RowContent::Elsewhere => {}
        RowContent::Damaged(id) => reply.leave_out(id),
    }
    Ok(false)
}

impl SqlFilter {
    /// `None` if nothing can match.
    fn of(conn: &Connection, question: &Question, query: &Query) -> Result<Option<Self>> {
        let known = |name: &str| match Name::restored(name) {
            Ok(name) => lookup::holders(conn, &name.key().folded),
            Err(_) => Ok(Vec::new()),
        };
        let authors = query.from.as_deref().map(known).transpose()?;
        let with = query.within.as_deref().map(|name| conversation_named(question, name));
        let conversations = with
            .map(|with| with.map_or(Ok(Vec::new()), |with| page::conversations(conn, question, &with)))
            .transpose()?;
        let nobody = authors.as_ref().is_some_and(Vec::is_empty) || conversations.as_ref().is_some_and(Vec::is_empty);
        let (Some(terms), false) = (Terms::of(query), nobody) else { return Ok(None) };
        Ok(Some(Self {
            viewer: Viewer::of(question, lookup::user(conn, &question.user.key().folded)?),
            authors,
            conversations,
            terms,
            after: query.after.map(|time| time.0),
            before: query.before.map(|time| time.0),
        }))
    }

    fn in_time(&self, time: i64) -> bool {
        self.after.is_none_or(|after| time >= after) && self.before.is_none_or(|before| time < before)
    }

    /// Gives `take` the numbers of matching messages outside the index, newest first, until it has enough.
    fn in_tail(
        &self,
        conn: &Connection,
        names: &mut NameCache,
        indexed: i64,
        mut take: impl FnMut(i64, &mut NameCache) -> Result<bool>,
    ) -> Result<bool> {
        let mut select = conn.prepare_cached(
            "SELECT id, author, conversation, time, body FROM message WHERE id > ?1 ORDER BY id DESC LIMIT ?2",
        )?;
        let mut rows = select.query((indexed, MAX_TAIL))?;
        while let Some(row) = rows.next()? {
            let (author, conversation): (i64, i64) = (row.get(1)?, row.get(2)?);
            let seen = match &self.conversations {
                Some(wanted) => wanted.iter().any(|(wanted, _)| *wanted == conversation),
                None => names.members(conn, conversation)?.is_some_and(|members| members.include(&self.viewer)),
            };
            if !seen
                || self.authors.as_ref().is_some_and(|wanted| !wanted.contains(&author))
                || !self.in_time(row.get(3)?)
            {
                continue;
            }
            let body = row.get_ref(4)?.as_str().unwrap_or_default();
            if self.terms.match_text(body) && take(row.get(0)?, names)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Gives `take` the numbers of matching messages in the index, newest first, until it has enough.
    fn in_index(&self, conn: &Connection, indexed: i64, mut take: impl FnMut(i64) -> Result<bool>) -> Result<bool> {
        let Some((first, last)) = search_index::numbers(conn, self.after, self.before)? else { return Ok(false) };
        let mut select = conn.prepare_cached(
            "SELECT rowid FROM search WHERE search MATCH ?1 AND rowid >= ?2 AND rowid <= ?3 ORDER BY rowid DESC",
        )?;
        let mut rows = select.query((self.expression(), first, last.min(indexed)))?;
        while let Some(row) = rows.next()? {
            if take(row.get(0)?)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The query in the language of the index. All words in it are folded, and quoted nonetheless.
    fn expression(&self) -> String {
        let room = |RoomId(room): &RoomId| format!("\"r{room}\"");
        let any = |all: Vec<String>| format!("({})", all.join(" OR "));
        let scope: Vec<String> = match &self.conversations {
            Some(conversations) => conversations
                .iter()
                .map(|(conversation, members)| match members {
                    MemberSet::Everyone => "\"e\"".to_owned(),
                    MemberSet::Two(..) => format!("\"c{conversation}\""),
                    MemberSet::Room(id) => room(id),
                })
                .collect(),
            None => {
                let user = self.viewer.user.map(|user| format!("\"m{user}\""));
                ["\"e\"".to_owned()].into_iter().chain(user).chain(self.viewer.rooms.iter().map(room)).collect()
            }
        };
        let mut parts = vec![format!("scope : {}", any(scope))];
        parts.extend(self.authors.as_ref().map(|authors| {
            let authors = authors.iter().map(|author| format!("\"a{author}\"")).collect();
            format!("scope : {}", any(authors))
        }));
        parts.extend(self.terms.iter().map(|(words, prefix)| {
            let star = if prefix { " *" } else { "" };
            format!("body : \"{}\"{star}", words.replace('"', ""))
        }));
        parts.join(" AND ")
    }
}
