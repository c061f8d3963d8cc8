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
    reply.add_event(everyone(conn, user)?);
    let mut others = rooms(conn, reply, user)?;
    if let Some(user) = user {
        let mut select = conn.prepare_cached(
            "SELECT id, low + high - ?1, (SELECT max(id) FROM message WHERE conversation = conversation.id) AS last
             FROM conversation WHERE (low = ?1 OR high = ?1) AND last IS NOT NULL ORDER BY last DESC LIMIT ?2",
        )?;
        let mut of_name: HashMap<String, usize> = HashMap::new();
        let mut rows = select.query((user, MAX_CONVERSATIONS))?;
        while let Some(row) = rows.next()? {
            let (conversation, other, last): (i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
            // A conversation with a user whose name is lost cannot be named.
            let Some((key, with)) = shown(conn, other)?.and_then(|(key, shown)| Some((key, lenient(&shown)?))) else {
                continue;
            };
            let summary = summary(conn, Target::User(with), user, conversation, last)?;
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
fn rooms(conn: &Connection, reply: &Reply<'_>, user: Option<i64>) -> Result<Vec<Summary>> {
    let summarize = |(id, name): &(RoomId, RoomName)| {
        let with = Target::Room(name.clone());
        match user.zip(lookup::conversation(conn, MemberSet::Room(*id))?) {
            Some((user, conversation)) => summary(conn, with, user, conversation, lookup::last_of(conn, conversation)?),
            None => Ok(Summary { with, last: MessageId(0), read: MessageId(0), unread: 0 }),
        }
    };
    reply.question().rooms.iter().map(summarize).collect()
}

fn summary(conn: &Connection, with: Target, user: i64, conversation: i64, last: i64) -> Result<Summary> {
    let read = lookup::read_mark(conn, user, conversation)?.unwrap_or(0);
    let unread = unread(conn, user, conversation, read)?;
    Ok(Summary { with, last: message_id(last), read: message_id(read), unread })
}

/// A user without a mark is here for the first time: all that was said before counts as read.
fn everyone(conn: &Connection, user: Option<i64>) -> Result<Event> {
    let last = lookup::last_of(conn, EVERYONE)?;
    let mark = user.map(|user| lookup::read_mark(conn, user, EVERYONE)).transpose()?.flatten();
    let unread = match user.zip(mark) {
        Some((user, read)) => unread(conn, user, EVERYONE, read)?,
        None => 0,
    };
    let (last, read) = (message_id(last), message_id(mark.unwrap_or(last)));
    Ok(Event::Conversation(Summary { with: Target::Everyone, last, read, unread }))
}

/// Messages of others after a mark, up to a bound; a deleted message cannot be read.
fn unread(conn: &Connection, user: i64, conversation: i64, read: i64) -> Result<usize> {
    let mut select = conn.prepare_cached(
        "SELECT count(*) FROM (
             SELECT 1 FROM (
                 SELECT author, deleted FROM message WHERE conversation = ?1 AND id > ?2 ORDER BY id LIMIT ?3
             ) WHERE author <> ?4 AND deleted IS NULL LIMIT ?5
         )",
    )?;
    select.query_row((conversation, read, UNREAD_SCAN, user, MAX_UNREAD), |row| row.get(0))
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
