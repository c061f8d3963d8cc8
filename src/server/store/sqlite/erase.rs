//! Erases what a user said, a slice at a time.
//!
//! Must not know: who asks for it, or when it is committed (`writer`).

use rusqlite::{Connection, Result};

use super::change_labels;
use super::expunge::expunge;
use super::lookup::{self, NameCache};
use super::modlog;
use super::reactions;
use super::rewrite::Rewrite;
use super::row::Participants;
use super::search_index;
use super::values::{message_id, sql_id};
use crate::model::MessageId;
use crate::server::store::api::{ErasedMark, ErasedPlace, Erasure, ErasureStep};
use crate::server::store::limits::{ERASE_ACTS, ERASE_SCAN, ERASED_SLOWLY, PRUNE_BYTES, PRUNE_CHUNK};
use crate::server::store::members::MemberSet;

/// A message that is looked at.
struct Looked {
    id: i64,
    author: i64,
    /// The number of the spelling of its sender.
    signed: i64,
    conversation: i64,
    bytes: usize,
    deleted: bool,
}

/// Erases the next slice; returns how far that has come.
pub(super) fn slice(conn: &Connection, wanted: &Erasure) -> Result<Erasure> {
    let mut erasure = wanted.clone();
    let holder = match erasure.holder {
        Some(holder) => holder,
        None => match lookup::user(conn, &erasure.name.folded())? {
            Some(holder) => *erasure.holder.insert(holder),
            None => return Ok(Erasure { step: ErasureStep::Nobody, ..erasure }),
        },
    };
    erasure.step = match erasure.step {
        ErasureStep::Messages(before) if erasure.counts.marked + erasure.counts.expunged < ERASED_SLOWLY => {
            erasure.numbers.truncate(PRUNE_CHUNK);
            messages(conn, &mut erasure, (holder, before), PRUNE_BYTES)?
        }
        ErasureStep::Messages(before) => {
            search_index::erase_at_once(conn, false)?;
            let next = messages(conn, &mut erasure, (holder, before), usize::MAX)?;
            search_index::erase_at_once(conn, true)?;
            next
        }
        // Also where nothing was erased just now: an earlier erasure may have been cut short.
        ErasureStep::Index if search_index::merge(conn)? => ErasureStep::Index,
        ErasureStep::Index => ErasureStep::Labels,
        ErasureStep::Labels => labels(conn, holder)?,
        ErasureStep::Acts(after) => {
            let (last, count) = modlog::erase_reasons(conn, &erasure.name.folded(), after, ERASE_ACTS)?;
            erasure.counts.acts += count;
            last.map_or(ErasureStep::Done { wiped: false }, ErasureStep::Acts)
        }
        step @ (ErasureStep::Done { .. } | ErasureStep::Nobody) => step,
    };
    Ok(erasure)
}

/// The next messages, newest first: goes on until the numbers are used up, too many bytes are erased, or enough was looked at.
fn messages(
    conn: &Connection,
    erasure: &mut Erasure,
    (holder, before): (i64, MessageId),
    most: usize,
) -> Result<ErasureStep> {
    let mut names = NameCache::default();
    let mut numbers = std::mem::take(&mut erasure.numbers).into_iter();
    let (mut last, mut bytes) = (before, 0);
    let found = next(conn, before)?;
    let more = found.len() == ERASE_SCAN;
    for row in &found {
        let members = names.members(conn, row.conversation)?;
        let private = match members {
            Some(MemberSet::Two(low, high)) if low == holder || high == holder => Some((low, high)),
            Some(MemberSet::Everyone | MemberSet::Room(_) | MemberSet::Two(..)) | None => None,
        };
        let Some(number) = numbers.as_slice().first().copied().filter(|_| bytes < most) else {
            return Ok(ErasureStep::Messages(last));
        };
        if let Some(members) = private {
            erasure.marks.extend(private_mark(conn, row, members, number)?);
            expunge(conn, &[row.id], usize::MAX)?;
            erasure.counts.expunged += 1;
        } else {
            let own = row.author == holder && !row.deleted;
            let gone = if own { 0 } else { reactions::clear_of(conn, row.id, holder)? };
            if own || gone > 0 {
                let participants = members.map(|members| Participants::of(conn, &mut names, members)).transpose()?;
                let participants = participants.flatten();
                let rewrite = Rewrite { id: message_id(row.id), number, participants: participants.as_ref() };
                if own { rewrite.erase(conn, &mut names, row.signed)? } else { rewrite.touch(conn, &mut names)? }
            }
            if own {
                erasure.counts.marked += 1;
                erasure.marks.push(ErasedMark {
                    id: message_id(row.id),
                    number,
                    from: names.name(conn, row.signed)?.unwrap_or_else(|| erasure.name.clone()),
                    place: if let Some(MemberSet::Room(room)) = members {
                        ErasedPlace::Room(room)
                    } else {
                        ErasedPlace::Everyone
                    },
                });
            } else if gone == 0 {
                last = message_id(row.id);
                continue;
            }
            erasure.counts.reactions += gone as u64;
        }
        numbers.next();
        bytes += row.bytes;
        last = message_id(row.id);
    }
    Ok(if more { ErasureStep::Messages(last) } else { ErasureStep::Index })
}

/// What is told of a private message between two users; `None` if the name of one is lost.
fn private_mark(
    conn: &Connection,
    row: &Looked,
    (low, high): (i64, i64),
    number: MessageId,
) -> Result<Option<ErasedMark>> {
    let other = if row.author == low { high } else { low };
    let Some((from, to)) = lookup::shown(conn, row.author)?.zip(lookup::shown(conn, other)?) else { return Ok(None) };
    let mut present = Vec::new();
    for (name, user) in [(&from, row.author), (&to, other)] {
        if lookup::user(conn, &name.folded())? == Some(user) && !present.contains(name) {
            present.push(name.clone());
        }
    }
    Ok(Some(ErasedMark { id: message_id(row.id), number, from, place: ErasedPlace::Private { to, present } }))
}

fn next(conn: &Connection, before: MessageId) -> Result<Vec<Looked>> {
    let mut select = conn.prepare_cached(
        "SELECT id, author, signed, conversation, length(CAST(body AS BLOB)), deleted IS NOT NULL FROM message
         WHERE id < ?1 ORDER BY id DESC LIMIT ?2",
    )?;
    let rows = select.query_map((sql_id(before), ERASE_SCAN), |row| {
        Ok(Looked {
            id: row.get(0)?,
            author: row.get(1)?,
            signed: row.get(2)?,
            conversation: row.get(3)?,
            bytes: row.get(4)?,
            deleted: row.get(5)?,
        })
    })?;
    rows.collect()
}

/// What the user asked for under labels: reactions stand there too.
fn labels(conn: &Connection, holder: i64) -> Result<ErasureStep> {
    let gone = change_labels::forget_some_of(conn, holder, ERASE_SCAN)?;
    Ok(if gone == ERASE_SCAN { ErasureStep::Labels } else { ErasureStep::Acts(0) })
}
