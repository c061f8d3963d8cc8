//! The statements that add messages, users and read marks, inside a transaction that the caller begins and ends.
//!
//! Must not know: when it is committed, or what happens when it cannot be (`writer`).

use rusqlite::{Connection, OptionalExtension as _, Result, Statement};

use super::errors::{is_local, reason};
use super::format::EVERYONE;
use super::intern::{Interner, MessageNumbers};
use super::lookup::{self, NameCache};
use super::row::Participants;
use super::shown;
use super::values::{message_id, sql_id};
use crate::model::{FoldedName, MessageId, Name, Timestamp};
use crate::protocol::Quote;
use crate::server::store::api::{ConversationId, Outcome, Receipt, Recipient, Record};
use crate::server::store::limits::MAX_USERS;
use crate::server::store::members::MemberSet;

/// Writes records.
///
/// # Errors
/// The whole transaction is to be undone. An error that concerns one record alone is that record's outcome instead.
pub(super) fn records(
    conn: &Connection,
    interner: &mut Interner,
    newest: &mut i64,
    records: &[Record],
) -> Result<Receipt> {
    let mut receipt = Receipt::default();
    let mut insert = conn.prepare_cached(
        "INSERT INTO message (id, conversation, time, author, signed, dest, me_too, ref, body, sum, verified, reply)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
    )?;
    for record in records {
        // Reading by number, as the search does for what it has not indexed, relies on their order.
        let outcome = if sql_id(record.id) > *newest {
            one(conn, &mut insert, interner, record)
        } else {
            Ok(receipt.refuse_old_number(record.id))
        };
        let outcome = match outcome {
            // Some of these end the transaction as well.
            Err(error) if is_local(&error) && !conn.is_autocommit() => {
                receipt.trouble.get_or_insert(reason(&error));
                Outcome::Unavailable
            }
            outcome => outcome?,
        };
        if matches!(outcome, Outcome::Kept | Outcome::KeptReply(_)) {
            *newest = sql_id(record.id);
        }
        receipt.outcomes.push(outcome);
    }
    Ok(receipt)
}

fn one(conn: &Connection, insert: &mut Statement<'_>, interner: &mut Interner, record: &Record) -> Result<Outcome> {
    let numbers = interner.numbers(conn, record)?;
    let reference = record.reference.as_deref();
    let labelled = reference.map(|label| interner.unplaced().labelled(conn, numbers.author, label));
    let before = match labelled.transpose()?.flatten() {
        Some(id) => earlier(conn, &numbers, id, record)?,
        None => None,
    };
    let quote = match record.extra.reply {
        Some(answered) => answered_by(conn, record, (answered, numbers.conversation))?,
        None => None,
    };
    if record.extra.reply.is_some() && quote.is_none() {
        // What was kept under the label stays so, whatever has become of the message that it answers.
        return Ok(before.unwrap_or(Outcome::NoSuchMessage));
    }
    if let Some(before) = before {
        return Ok(before);
    }
    insert.execute((
        sql_id(record.id),
        numbers.conversation,
        record.time.0,
        numbers.author,
        numbers.signed,
        numbers.dest,
        numbers.me_too,
        &record.reference,
        record.text.as_str(),
        numbers.sum,
        record.verified,
        record.extra.reply.map(sql_id),
    ))?;
    interner.unplaced().add(numbers.conversation, sql_id(record.id), (numbers.author, reference));
    Ok(quote.map_or(Outcome::Kept, Outcome::KeptReply))
}

/// How the message begins that a message answers; `None` if there is no such message in its conversation.
fn answered_by(conn: &Connection, record: &Record, answered: (MessageId, i64)) -> Result<Option<Quote>> {
    let mut names = NameCache::default();
    let members = names.members(conn, answered.1)?;
    let participants = members.map(|members| Participants::of(conn, &mut names, members)).transpose()?.flatten();
    let rooms = match &record.to {
        Recipient::Room { id, name, .. } => vec![(*id, name.clone())],
        Recipient::Everyone { .. } | Recipient::User(_) => Vec::new(),
    };
    shown::quote(conn, &mut names, answered, (participants.as_ref(), &rooms))
}

/// What became of a message whose label another one has; `None` if that is gone.
fn earlier(conn: &Connection, numbers: &MessageNumbers, labelled: i64, record: &Record) -> Result<Option<Outcome>> {
    let mut select = conn.prepare_cached(
        // What a deleted or edited message said is gone and cannot be compared.
        "SELECT id, time, conversation = ?3 AND me_too = ?4
             AND (deleted IS NOT NULL OR reply IS ?6 AND (body = ?5 OR edited IS NOT NULL))
         FROM message WHERE id = ?7 AND author = ?1 AND ref = ?2",
    )?;
    let wanted = (
        numbers.author,
        record.reference.as_deref(),
        numbers.conversation,
        numbers.me_too,
        record.text.as_str(),
        record.extra.reply.map(sql_id),
        labelled,
    );
    let found = select.query_row(wanted, |row| {
        let same: bool = row.get(2)?;
        Ok(if same { Outcome::Again(message_id(row.get(0)?), Timestamp(row.get(1)?)) } else { Outcome::RefUsed })
    });
    found.optional()
}

/// Adds a user. Everything said to everyone so far counts as read. `false` if no more users can be known.
pub(super) fn know(conn: &Connection, interner: &mut Interner, name: &Name) -> Result<bool> {
    if !interner.knows(name) && lookup::user(conn, &name.folded())?.is_none() && interner.users(conn)? >= MAX_USERS {
        return Ok(false);
    }
    let user = interner.intern_present(conn, name)?.user;
    conn.prepare_cached(
        "INSERT INTO read (user, conversation, id)
         VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
    )?
    .execute((user, EVERYONE, interner.unplaced().last_of(conn, EVERYONE)?))?;
    Ok(true)
}

/// Moves a read mark forward, at most to the newest message there is.
pub(super) fn mark(
    conn: &Connection,
    interner: &mut Interner,
    (user, with): (&Name, &ConversationId),
    id: MessageId,
) -> Result<()> {
    let Some(user) = lookup::user(conn, &user.key().folded)? else { return Ok(()) };
    let conversations: Vec<i64> = match with {
        ConversationId::Everyone => vec![EVERYONE],
        ConversationId::User(name) => with_holders(conn, user, &name.folded())?,
        ConversationId::Room(room, _) => lookup::conversation(conn, MemberSet::Room(*room))?.into_iter().collect(),
    };
    let mut upsert = conn.prepare_cached(
        "INSERT INTO read (user, conversation, id) VALUES (?1, ?2, ?3)
         ON CONFLICT DO UPDATE SET id = max(id, excluded.id)",
    )?;
    for conversation in conversations {
        let last = interner.unplaced().last_of(conn, conversation)?;
        // Where nothing is said there is nothing to mark.
        if last > 0 {
            upsert.execute((user, conversation, sql_id(id).min(last)))?;
        }
    }
    Ok(())
}

fn with_holders(conn: &Connection, user: i64, other: &FoldedName) -> Result<Vec<i64>> {
    Ok(lookup::conversations_with(conn, user, other)?.into_iter().map(|(id, _)| id).collect())
}
