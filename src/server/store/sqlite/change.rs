//! Changes a message for a user: edits it, deletes it for its sender, puts a reaction on it or takes one away, for a
//! moderator also another's.
//!
//! Must not know: who may speak where (`broker`), or when it is committed (`writer`).

use rusqlite::{Connection, Result};

use super::change_labels;
use super::intern::Interner;
use super::lookup::{self, NameCache};
use super::reactions::{self, Put};
use super::rewrite::{Rewrite, RowBefore};
use super::row::{self, COLUMNS, Participants, RowContent};
use super::values::sql_id;
use crate::model::Name;
use crate::server::store::api::{
    Alteration, ChangeDone, ChangeLabel, Changed, ConversationId, ReactionRemoval, Revision,
};
use crate::server::store::members::MemberSet;

/// Changes a message; what its row held before is added to `before`.
pub(super) fn change(
    conn: &Connection,
    interner: &mut Interner,
    change: &Revision,
    before: &mut Vec<RowBefore>,
) -> Result<Changed> {
    if change.meddles() {
        return Ok(Changed::NotThere);
    }
    let by = interner.intern(conn, &change.by)?;
    let conversations = conversations(conn, by.user, &change.within)?;
    let rooms = match &change.within {
        ConversationId::Room(id, name) => vec![(*id, name.clone())],
        ConversationId::Everyone | ConversationId::User(_) => Vec::new(),
    };
    let label = ChangeLabel::wanted(change);
    let earlier = label.map(|label| change_labels::find(conn, by.user, label)).transpose()?.flatten();
    let mut names = NameCache::default();
    let mut select = conn.prepare_cached(&format!("SELECT {COLUMNS}, conversation FROM message WHERE id = ?1"))?;
    let mut rows = select.query([sql_id(earlier.as_ref().map_or(change.id, |earlier| earlier.message))])?;
    let Some(row) = rows.next()? else { return Ok(Changed::NotThere) };
    let (conversation, author): (i64, i64) = (row.get(row::CONVERSATION)?, row.get(row::AUTHOR)?);
    let Some(&(_, members)) = conversations.iter().find(|(id, _)| *id == conversation) else {
        return Ok(earlier.map_or(Changed::NotThere, |earlier| earlier.again(change, None)));
    };
    let participants = Participants::of(conn, &mut names, members)?;
    // A new checksum would make a damaged message look whole; it is not shown anyway.
    let content = row::read(conn, &mut names, row, participants.as_ref(), &rooms)?;
    let RowContent::Whole(record) = content else { return Ok(Changed::NotThere) };
    if let Some(earlier) = earlier {
        return Ok(earlier.again(change, Some(&record)));
    }
    if record.deleted.is_some() {
        return Ok(Changed::NotThere);
    }
    if change.erases()
        && let Err(outcome) = change.own.judge(&record, author == by.user)
    {
        return Ok(outcome);
    }
    let present = match &change.within {
        ConversationId::User(other) => {
            lookup::user(conn, &other.folded())?.is_some_and(|other| members == MemberSet::two(by.user, other))
        }
        ConversationId::Everyone | ConversationId::Room(..) => true,
    };
    let mut done = ChangeDone {
        from: record.from.clone(),
        verified: record.verified,
        fresh: true,
        present,
        count: 0,
        removed: None,
    };
    let rewrite = Rewrite { id: change.id, number: change.number, participants: participants.as_ref() };
    // An erasure takes all reactions away, and a moderator those of others.
    let whose = match change.how {
        Alteration::Retract | Alteration::Remove(_) => None,
        Alteration::Edit(_) | Alteration::React(_) | Alteration::Unreact(_) => Some(by.user),
    };
    let image = RowBefore::of(conn, sql_id(change.id), whose)?;
    let at = (sql_id(change.id), by.user);
    let put = match &change.how {
        Alteration::Edit(text) if *text == record.text => Put::Same(0),
        Alteration::Edit(text) => {
            rewrite.edit(conn, &mut names, text.as_str(), change.time)?;
            Put::Done(0)
        }
        Alteration::Retract => {
            rewrite.erase(conn, &mut names, by.name)?;
            Put::Done(0)
        }
        Alteration::React(reaction) => reactions::put(conn, at, reaction, change.number)?,
        Alteration::Unreact(reaction) => reactions::take(conn, at, reaction)?,
        Alteration::Remove(removal) => match remove(conn, interner, at.0, removal)? {
            Ok((removed, left)) => {
                change_labels::erase(conn, at.0, Some(removal.reaction.as_str()))?;
                done.removed = removed;
                Put::Done(left)
            }
            Err(outcome) => return Ok(outcome),
        },
    };
    match put {
        Put::TooMany => return Ok(Changed::TooMany),
        Put::Same(count) => (done.fresh, done.count) = (false, count),
        Put::Done(count) => {
            before.extend(image);
            done.count = count;
            if !change.erases() {
                rewrite.touch(conn, &mut names)?;
            }
        }
    }
    if let Some((label, kept)) = label.zip(ChangeLabel::of(change, &done)) {
        change_labels::put(conn, by.user, label, &kept)?;
    }
    Ok(Changed::Done(done))
}

/// Takes a reaction from a message for a moderator, if there is one; says whose it was, if it was from one user, and from
/// how many it still is.
fn remove(
    conn: &Connection,
    interner: &Interner,
    message: i64,
    removal: &ReactionRemoval,
) -> Result<Result<(Option<Name>, usize), Changed>> {
    let mut holders = reactions::holders(conn, message, &removal.reaction)?;
    if let Some(of) = &removal.of {
        let of = lookup::user(conn, &of.folded())?;
        holders.retain(|holder| Some(*holder) == of);
    }
    if holders.is_empty() {
        return Ok(Err(Changed::NoSuchReaction));
    }
    for spared in &removal.spared {
        let user = lookup::user(conn, spared)?;
        if let Some(holder) = holders.iter().find(|holder| Some(**holder) == user)
            && let Some(name) = interner.shown(conn, *holder)?
        {
            return Ok(Err(Changed::Spared(name)));
        }
    }
    let mut left = 0;
    for holder in &holders {
        if let Put::Done(others) | Put::Same(others) = reactions::take(conn, (message, *holder), &removal.reaction)? {
            left = others;
        }
    }
    let removed = match (&removal.of, holders.as_slice()) {
        (Some(of), _) => Some(of.clone()),
        (None, [holder]) => interner.shown(conn, *holder)?,
        (None, _) => None,
    };
    Ok(Ok((removed, left)))
}

fn conversations(conn: &Connection, user: i64, within: &ConversationId) -> Result<Vec<(i64, MemberSet)>> {
    let members = match within {
        ConversationId::Everyone => MemberSet::Everyone,
        ConversationId::Room(id, _) => MemberSet::Room(*id),
        ConversationId::User(other) => return lookup::conversations_with(conn, user, &other.folded()),
    };
    Ok(lookup::conversation(conn, members)?.map(|id| (id, members)).into_iter().collect())
}
