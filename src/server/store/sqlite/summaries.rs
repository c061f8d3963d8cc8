//! The summary of each of a user's conversations: the newest message, the last one read, and how many came since.
//!
//! Must not know: what was said in them.

use std::cmp::Reverse;
use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension as _, Result};

use super::format::EVERYONE;
use super::lookup;
use super::values::message_id;
use crate::model::name::lenient;
use crate::model::{MessageId, RoomName, Target};
use crate::protocol::{Event, Summary};
use crate::server::ids::RoomId;
use crate::server::store::limits::{MAX_CONVERSATIONS, MAX_UNREAD, UNREAD_SCAN};
use crate::server::store::members::MemberSet;
use crate::server::store::reply::{Reply, add_summary};

/// Writes the summaries of everyone's conversation, then of the user's rooms and of the most recent conversations with
/// other users.
pub(super) fn write_summaries(conn: &Connection, reply: &mut Reply<'_>) -> Result<()> {
    let user = lookup::user(conn, &reply.question().user.key().folded)?;
    let unplaced = UnplacedRows::read(conn)?;
    reply.add_event(everyone(conn, &unplaced, user)?);
    let mut others = rooms(conn, &unplaced, reply, user)?;
    if let Some(user) = user {
        let mut of_name: HashMap<String, usize> = HashMap::new();
        for (conversation, other, last) in newest_conversations(conn, &unplaced, user)? {
            // A conversation with a user whose name is lost cannot be named.
            let Some((key, with)) = shown(conn, other)?.and_then(|(key, shown)| Some((key, lenient(&shown)?))) else {
                continue;
            };
            let summary = summary(conn, &unplaced, Target::User(with), (user, conversation, last))?;
            match of_name.get(&key).and_then(|at| others.get_mut(*at)) {
                // With an earlier holder of the same name.
                Some(newer) => add_summary(newer, &summary),
                None => {
                    of_name.insert(key, others.len());
                    others.push(summary);
                }
            }
        }
    }
    others.sort_by_key(|summary| Reverse(summary.last));
    others.into_iter().for_each(|summary| reply.add_event(Event::Conversation(summary)));
    reply.add_event(Event::ConversationsEnd);
    Ok(())
}

/// The rooms that the user is in, including those in which nothing was said yet.
fn rooms(conn: &Connection, unplaced: &UnplacedRows, reply: &Reply<'_>, user: Option<i64>) -> Result<Vec<Summary>> {
    let summarize = |(id, name): &(RoomId, RoomName)| {
        let with = Target::Room(name.clone());
        match user.zip(lookup::conversation(conn, MemberSet::Room(*id))?) {
            Some((user, conversation)) => {
                let last = lookup::last_of(conn, conversation)?;
                summary(conn, unplaced, with, (user, conversation, last))
            }
            None => Ok(Summary { with, last: MessageId(0), read: MessageId(0), unread: 0 }),
        }
    };
    reply.question().rooms.iter().map(summarize).collect()
}

fn summary(
    conn: &Connection,
    unplaced: &UnplacedRows,
    with: Target,
    (user, conversation, last): (i64, i64, i64),
) -> Result<Summary> {
    let read = lookup::read_mark(conn, user, conversation)?.unwrap_or(0);
    let unread = unread(conn, unplaced, (user, conversation), read)?;
    Ok(Summary { with, last: message_id(last), read: message_id(read), unread })
}

/// A user without a mark is here for the first time: all that was said before counts as read.
fn everyone(conn: &Connection, unplaced: &UnplacedRows, user: Option<i64>) -> Result<Event> {
    let last = lookup::last_of(conn, EVERYONE)?;
    let mark = user.map(|user| lookup::read_mark(conn, user, EVERYONE)).transpose()?.flatten();
    let unread = match user.zip(mark) {
        Some((user, read)) => unread(conn, unplaced, (user, EVERYONE), read)?,
        None => 0,
    };
    let (last, read) = (message_id(last), message_id(mark.unwrap_or(last)));
    Ok(Event::Conversation(Summary { with: Target::Everyone, last, read, unread }))
}

/// Messages of others after a mark, up to a bound; a deleted message cannot be read.
fn unread(conn: &Connection, unplaced: &UnplacedRows, (user, conversation): (i64, i64), read: i64) -> Result<usize> {
    let mut select = conn.prepare_cached(
        "SELECT count(*) FROM (
             SELECT 1 FROM (
                 SELECT author, deleted FROM place CROSS JOIN message ON message.id = place.id
                 WHERE place.conversation = ?1 AND place.id > ?2 ORDER BY place.id LIMIT ?3
             ) WHERE author <> ?4 AND deleted IS NULL LIMIT ?5
         )",
    )?;
    let placed: usize = select.query_row((conversation, read, UNREAD_SCAN, user, MAX_UNREAD), |row| row.get(0))?;
    let of_others = |row: &&UnplacedRow| row.id > read && row.author != user && !row.deleted;
    Ok((placed + unplaced.of(conversation).iter().filter(of_others).count()).min(MAX_UNREAD))
}

/// The conversations of a user in which anything was said, each with the number of the other one and its newest message:
/// those with the newest messages, newest first.
fn newest_conversations(conn: &Connection, unplaced: &UnplacedRows, user: i64) -> Result<Vec<(i64, i64, i64)>> {
    let mut select = conn.prepare_cached(
        "SELECT id, low + high - ?1, coalesce((SELECT max(id) FROM place WHERE conversation = conversation.id), 0)
         FROM conversation WHERE low = ?1 OR high = ?1",
    )?;
    let rows = select.query_map([user], |row| {
        let (conversation, other, placed): (i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        Ok((conversation, other, unplaced.of(conversation).last().map_or(placed, |row| row.id)))
    })?;
    let mut newest: Vec<(i64, i64, i64)> = rows.collect::<Result<_>>()?;
    newest.retain(|(_, _, last)| *last > 0);
    newest.sort_unstable_by_key(|(_, _, last)| Reverse(*last));
    newest.truncate(MAX_CONVERSATIONS);
    Ok(newest)
}

/// The messages that are not placed yet, grouped by conversation, oldest first.
struct UnplacedRows(HashMap<i64, Vec<UnplacedRow>>);

struct UnplacedRow {
    id: i64,
    author: i64,
    deleted: bool,
}

impl UnplacedRows {
    fn read(conn: &Connection) -> Result<Self> {
        let mut select = conn.prepare_cached(
            "SELECT conversation, id, author, deleted IS NOT NULL FROM message
             WHERE id > coalesce((SELECT value FROM meta WHERE key = 'placed'), 0) ORDER BY id",
        )?;
        let mut all: HashMap<i64, Vec<UnplacedRow>> = HashMap::new();
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            let found = UnplacedRow { id: row.get(1)?, author: row.get(2)?, deleted: row.get(3)? };
            all.entry(row.get(0)?).or_default().push(found);
        }
        Ok(Self(all))
    }

    fn of(&self, conversation: i64) -> &[UnplacedRow] {
        self.0.get(&conversation).map(Vec::as_slice).unwrap_or_default()
    }
}

/// The folded name of a user, and the name as its present holder spells it.
fn shown(conn: &Connection, user: i64) -> Result<Option<(String, String)>> {
    conn.prepare_cached(
        "SELECT key, coalesce((SELECT shown FROM user AS now WHERE now.key = user.key AND now.retired = 0), shown)
         FROM user WHERE id = ?1",
    )?
    .query_row([user], |row| Ok((row.get(0)?, row.get(1)?)))
    .optional()
}
