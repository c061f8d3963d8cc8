//! The search: newest first, in what its asker may see. What has not entered the index yet is read message by message.
//!
//! Must not know: how the index is filled (`index`), or what a word is (`words`).

use rusqlite::{Connection, Result};

use super::lookup::{self, Asker, Lookup, Members};
use super::page;
use super::query::Lines;
use super::row::{self, Between, COLUMNS, Found};
use super::search_index;
use crate::model::words::{fold, holds};
use crate::model::{Name, RoomName};
use crate::protocol::limits::MAX_FOUND;
use crate::protocol::{Event, Query};
use crate::server::ids::RoomId;
use crate::server::store::api::{Conversation, Question};
use crate::server::store::limits::{MAX_DAMAGED, MAX_TAIL, PAGE_BYTES};

/// A query in numbers.
#[derive(Debug)]
struct Sought {
    asker: Asker,
    author: Option<i64>,
    conversation: Option<(i64, Members)>,
    /// Folded, and whether the last word may go on.
    terms: Vec<(String, bool)>,
    after: Option<i64>,
    before: Option<i64>,
}

/// Tells what is found.
pub(in crate::server::store) fn tell(
    conn: &Connection,
    lookup: &mut Lookup,
    lines: &mut Lines<'_>,
    query: &Query,
) -> Result<()> {
    let mut more = false;
    if let Some(sought) = Sought::of(conn, lines.question(), query)? {
        let mut told = 0;
        let indexed = search_index::mark(conn)?;
        more = sought.in_tail(conn, lookup, indexed, |id, lookup| take(conn, lookup, lines, &sought, &mut told, id))?
            || sought.in_index(conn, indexed, |id| take(conn, lookup, lines, &sought, &mut told, id))?;
    }
    let damaged = lines.damaged.len();
    lines.event(Event::SearchEnd { more, damaged });
    Ok(())
}

/// Tells a message that was found. Says whether that is one too many.
fn take(
    conn: &Connection,
    lookup: &mut Lookup,
    lines: &mut Lines<'_>,
    sought: &Sought,
    told: &mut usize,
    id: i64,
) -> Result<bool> {
    let mut select =
        conn.prepare_cached(&format!("SELECT {COLUMNS}, conversation FROM message WHERE id = ?1 AND deleted IS NULL"))?;
    let mut rows = select.query([id])?;
    let Some(row) = rows.next()? else { return Ok(false) };
    let conversation = row.get(11)?;
    let members = lookup.members(conn, conversation)?;
    // The row itself says once more who may see it, and whether there is still something to be found.
    if !members.is_some_and(|members| members.include(&sought.asker)) || !sought.in_time(row.get(1)?) {
        return Ok(false);
    }
    if *told >= MAX_FOUND || lines.damaged.len() >= MAX_DAMAGED || *told > 0 && lines.len() >= PAGE_BYTES {
        return Ok(true);
    }
    let between = members.map(|members| Between::of(conn, lookup, members)).transpose()?.flatten();
    let found = row::read(conn, lookup, row, between.as_ref(), &lines.question().rooms)?;
    *told += usize::from(matches!(found, Found::Whole(_)));
    lines.message(found);
    Ok(false)
}

impl Sought {
    /// `None` if nothing can be found.
    fn of(conn: &Connection, question: &Question, query: &Query) -> Result<Option<Self>> {
        let known = |name: &str| match Name::parse(name) {
            Ok(name) => lookup::user(conn, &name.key().folded),
            Err(_) => Ok(None),
        };
        let author = query.from.as_deref().map(known).transpose()?;
        let with = query.within.as_deref().map(|name| called(question, name));
        let conversation =
            with.map(|with| with.map_or(Ok(None), |with| page::conversation(conn, question, &with))).transpose()?;
        let terms: Vec<_> = query.terms.iter().map(|term| (fold(&term.text), term.prefix)).collect();
        let void = author == Some(None)
            || conversation == Some(None)
            || !query.terms.is_empty() && terms.iter().all(|(words, _)| words.is_empty());
        Ok((!void).then_some(Self {
            asker: Asker {
                user: lookup::user(conn, &question.user.key().folded)?,
                rooms: question.rooms.iter().map(|(id, _)| *id).collect(),
            },
            author: author.flatten(),
            conversation: conversation.flatten(),
            terms: terms.into_iter().filter(|(words, _)| !words.is_empty()).collect(),
            after: query.after.map(|time| time.0),
            before: query.before.map(|time| time.0),
        }))
    }

    fn in_time(&self, time: i64) -> bool {
        self.after.is_none_or(|after| time >= after) && self.before.is_none_or(|before| time < before)
    }

    /// Gives the numbers of what is found beside the index, newest first, until `take` has enough.
    fn in_tail(
        &self,
        conn: &Connection,
        lookup: &mut Lookup,
        indexed: i64,
        mut take: impl FnMut(i64, &mut Lookup) -> Result<bool>,
    ) -> Result<bool> {
        let mut select = conn.prepare_cached(
            "SELECT id, author, conversation, time, body FROM message WHERE id > ?1 ORDER BY id DESC LIMIT ?2",
        )?;
        let mut rows = select.query((indexed, MAX_TAIL))?;
        while let Some(row) = rows.next()? {
            let (author, conversation): (i64, i64) = (row.get(1)?, row.get(2)?);
            let seen = match self.conversation {
                Some((wanted, _)) => wanted == conversation,
                None => lookup.members(conn, conversation)?.is_some_and(|members| members.include(&self.asker)),
            };
            if !seen || self.author.is_some_and(|wanted| wanted != author) || !self.in_time(row.get(3)?) {
                continue;
            }
            let body = if self.terms.is_empty() {
                String::new()
            } else {
                row.get_ref(4)?.as_str().map_or_else(|_| String::new(), fold)
            };
            if self.terms.iter().all(|(words, prefix)| holds(&body, words, *prefix)) && take(row.get(0)?, lookup)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The same of the index.
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
        let scope = match &self.conversation {
            Some((_, Members::All)) => "\"e\"".to_owned(),
            Some((conversation, Members::Two(..))) => format!("\"c{conversation}\""),
            Some((_, Members::Room(id))) => room(id),
            None => {
                let user = self.asker.user.map(|user| format!("\"m{user}\""));
                let all = ["\"e\"".to_owned()].into_iter().chain(user).chain(self.asker.rooms.iter().map(room));
                format!("({})", all.collect::<Vec<_>>().join(" OR "))
            }
        };
        let mut parts = vec![format!("scope : {scope}")];
        parts.extend(self.author.map(|author| format!("scope : \"a{author}\"")));
        parts.extend(self.terms.iter().map(|(words, prefix)| {
            let star = if *prefix { " *" } else { "" };
            format!("body : \"{}\"{star}", words.replace('"', ""))
        }));
        parts.join(" AND ")
    }
}

/// The conversation that is meant by a name; a room only for who is in it.
pub(in crate::server::store) fn called(question: &Question, name: &str) -> Option<Conversation> {
    if name.eq_ignore_ascii_case("everyone") {
        return Some(Conversation::Everyone);
    }
    let Ok(wanted) = RoomName::parse(name) else { return Name::parse(name).ok().map(Conversation::User) };
    let same = |(_, room): &&(RoomId, RoomName)| room.key().folded == wanted.key().folded;
    question.rooms.iter().find(same).map(|(id, room)| Conversation::Room(*id, room.clone()))
}
