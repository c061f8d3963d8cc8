//! The search: newest first, in what its asker may see. What has not entered the index yet is read message by message.
//!
//! Must not know: how the index is filled (`index`), or what a word is (`words`).

use rusqlite::{Connection, Result};

use super::answer::Lines;
use super::limits::{MAX_DAMAGED, MAX_TAIL, PAGE_BYTES};
use super::lookup::{self, Lookup};
use super::row::{self, Between, COLUMNS, Found};
use super::schema::EVERYONE;
use super::{index, page};
use crate::model::Name;
use crate::model::words::{fold, holds};
use crate::protocol::limits::MAX_FOUND;
use crate::protocol::{Event, Query};
use crate::server::history::Conversation;

/// A query in numbers.
#[derive(Debug)]
struct Sought {
    /// Who asks; a user who is not known sees only what everyone does.
    user: Option<i64>,
    author: Option<i64>,
    conversation: Option<i64>,
    /// Folded, and whether the last word may go on.
    terms: Vec<(String, bool)>,
    after: Option<i64>,
    before: Option<i64>,
}

/// Tells what is found.
pub(super) fn tell(conn: &Connection, lookup: &mut Lookup, lines: &mut Lines<'_>, query: &Query) -> Result<()> {
    let mut more = false;
    if let Some(sought) = Sought::of(conn, &lines.question().user, query)? {
        let mut told = 0;
        let indexed = index::mark(conn)?;
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
    let mut select = conn.prepare_cached(&format!("SELECT {COLUMNS}, conversation FROM message WHERE id = ?1"))?;
    let mut rows = select.query([id])?;
    let Some(row) = rows.next()? else { return Ok(false) };
    let conversation = row.get(10)?;
    let members = lookup.members(conn, conversation)?;
    // The row itself says once more who may see it.
    if !members.is_some_and(|members| members.include(sought.user)) || !sought.in_time(row.get(1)?) {
        return Ok(false);
    }
    if *told >= MAX_FOUND || lines.damaged.len() >= MAX_DAMAGED || *told > 0 && lines.len() >= PAGE_BYTES {
        return Ok(true);
    }
    let between = members.map(|members| Between::of(conn, lookup, members)).transpose()?.flatten();
    let found = row::read(conn, lookup, row, between.as_ref())?;
    *told += usize::from(matches!(found, Found::Whole(_)));
    lines.message(found);
    Ok(false)
}

impl Sought {
    /// `None` if nothing can be found.
    fn of(conn: &Connection, user: &Name, query: &Query) -> Result<Option<Self>> {
        let known = |name: &str| match Name::parse(name) {
            Ok(name) => lookup::user(conn, &name.key().folded),
            Err(_) => Ok(None),
        };
        let author = query.from.as_deref().map(known).transpose()?;
        let conversation = match query.within.as_deref() {
            None => None,
            Some(name) if name.eq_ignore_ascii_case("everyone") => Some(Some(EVERYONE)),
            Some(name) => Some(match Name::parse(name) {
                Ok(name) => page::conversation(conn, user, &Conversation::User(name))?.map(|(id, _)| id),
                Err(_) => None,
            }),
        };
        let terms: Vec<_> = query.terms.iter().map(|term| (fold(&term.text), term.prefix)).collect();
        let void = author == Some(None)
            || conversation == Some(None)
            || !query.terms.is_empty() && terms.iter().all(|(words, _)| words.is_empty());
        Ok((!void).then_some(Self {
            user: lookup::user(conn, &user.key().folded)?,
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
                Some(wanted) => wanted == conversation,
                None => lookup.members(conn, conversation)?.is_some_and(|members| members.include(self.user)),
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
        let Some((first, last)) = index::numbers(conn, self.after, self.before)? else { return Ok(false) };
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
        let mut parts = vec![match (self.conversation, self.user) {
            (Some(EVERYONE), _) | (None, None) => "scope : \"e\"".to_owned(),
            (Some(conversation), _) => format!("scope : \"c{conversation}\""),
            (None, Some(user)) => format!("scope : (\"e\" OR \"m{user}\")"),
        }];
        parts.extend(self.author.map(|author| format!("scope : \"a{author}\"")));
        parts.extend(self.terms.iter().map(|(words, prefix)| {
            let star = if *prefix { " *" } else { "" };
            format!("body : \"{}\"{star}", words.replace('"', ""))
        }));
        parts.join(" AND ")
    }
}
