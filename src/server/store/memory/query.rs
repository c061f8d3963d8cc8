//! Answers from memory: pages of conversations, the summary of each conversation, what moderators did.
//!
//! Must not know: how messages are kept (`history`), or how a search goes on (`search`).

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};
use std::ops::Bound;

use super::history::{KeptMessage, MemoryHistory};
use crate::model::{FoldedName, MessageId, RoomName, Target};
use crate::protocol::{ChangeEvent, Envelope, Event, RoomEvent, Span, Summary};
use crate::server::ids::RoomId;
use crate::server::store::api::{Answer, ConversationId, Question, Recipient, What};
use crate::server::store::limits::{MAX_CONVERSATIONS, MAX_UNREAD, UNREAD_SCAN};
use crate::server::store::members::{MemberSet, place_for};
use crate::server::store::page_builder::PageBuilder;
use crate::server::store::reply::{Reply, act_envelope, add_summary};

/// Answers a question that is not a search (`search` does those).
pub(super) fn answer(history: &MemoryHistory, question: &Question) -> Answer {
    let mut reply = Reply::new(question);
    match &question.what {
        What::Conversations => conversations(history, &mut reply),
        What::Page { with, span } => page(history, &mut reply, with, span),
        What::Changes { with, span } => changes(history, &mut reply, with, span),
        What::Modlog { room, whole, span } => modlog(history, &mut reply, room.as_ref(), *whole, span),
        What::Found(_) => {}
    }
    reply.finish(Ok(()))
}

fn page(history: &MemoryHistory, reply: &mut Reply<'_>, with: &ConversationId, span: &Span) {
    let mut page = PageBuilder::new(span);
    let members = members_of(history, reply, with);
    let all = members
        .iter()
        .filter_map(|members| history.ids_of(*members))
        .map(|ids| ids.range(between(span)).map(|(id, ())| id));
    let ids: Box<dyn DoubleEndedIterator<Item = MessageId>> = match members.len() {
        ..=1 => Box::new(all.flatten()),
        // The same name was held by several users.
        _ => Box::new(all.flatten().collect::<BTreeSet<_>>().into_iter()),
    };
    page.fill(in_order(ids, span).filter_map(|id| history.message(id)), |kept| lines(history, reply, kept));
    let more = page.finish(reply);
    reply.add_event(Event::HistoryEnd { more, damaged: 0 });
}

/// The messages that have changed, in the order of their changes: the first ones after `since`.
fn changes(history: &MemoryHistory, reply: &mut Reply<'_>, with: &ConversationId, span: &Span) {
    let span = Span { since: Some(span.since.unwrap_or_default()), ..*span };
    let mut page = PageBuilder::new(&span);
    let (from, to) = between(&span);
    let of = |members: &MemberSet| {
        let members = *members;
        let to = match to {
            Bound::Unbounded => Bound::Included((members, MessageId(u64::MAX))),
            bound => bound.map(|id| (members, id)),
        };
        history.changes.range((from.map(|id| (members, id)), to)).map(|((_, number), id)| (*number, *id))
    };
    let members = members_of(history, reply, with);
    let changed: BTreeSet<(MessageId, MessageId)> = members.iter().flat_map(of).collect();
    page.fill(changed.into_iter().filter_map(|(_, id)| history.message(id)), |kept| lines(history, reply, kept));
    let more = page.finish(reply);
    reply.add_event(Event::Change(ChangeEvent::End { more, damaged: 0 }));
}

/// A message with the reactions to it; nothing if the user who asks is not in its room.
fn lines(history: &MemoryHistory, reply: &Reply<'_>, kept: &KeptMessage) -> Vec<u8> {
    let Some(envelope) = shown_to(history, reply, kept) else { return Vec::new() };
    let user = history.users().number(&reply.question().user);
    reply.lines(envelope, if reply.question().plain { Vec::new() } else { kept.reactions.tally(user) })
}

fn modlog(history: &MemoryHistory, reply: &mut Reply<'_>, room: Option<&(RoomId, RoomName)>, whole: bool, span: &Span) {
    let place = room.map_or(Target::Everyone, |(_, name)| Target::Room(name.clone()));
    let acts = history.acts(room.map(|(id, _)| *id), between(span));
    let mut page = PageBuilder::new(span);
    page.fill(in_order(acts, span), |(id, act)| {
        reply.line(act_envelope((id, act.time), act.by.clone(), &place, act.done.clone(), whole))
    });
    let more = page.finish(reply);
    reply.add_event(Event::Room(RoomEvent::ModlogEnd { more }));
}

/// Everyone's conversation, then the user's rooms and the most recent conversations with other users.
fn conversations(history: &MemoryHistory, reply: &mut Reply<'_>) {
    let user = history.users().number(&reply.question().user);
    let mark = user.and_then(|user| history.read_mark(user, MemberSet::Everyone));
    let everyone = match user.zip(mark) {
        Some((user, _)) => summary(history, user, Target::Everyone, MemberSet::Everyone),
        // A user without a mark is here for the first time: all that was said before counts as read.
        None => {
            let last = history.last_of(MemberSet::Everyone);
            Summary { with: Target::Everyone, last, read: last, unread: 0 }
        }
    };
    reply.add_event(Event::Conversation(everyone));
    let rooms = reply.question().rooms.iter().map(|(id, name)| (Target::Room(name.clone()), MemberSet::Room(*id)));
    let mut all: Vec<Summary> = rooms
        .map(|(with, members)| match user {
            Some(user) => summary(history, user, with, members),
            None => Summary { with, last: MessageId(0), read: MessageId(0), unread: 0 },
        })
        .collect();
    all.extend(user.into_iter().flat_map(|user| with_users(history, user)));
    all.sort_by_key(|summary| Reverse(summary.last));
    all.into_iter().for_each(|summary| reply.add_event(Event::Conversation(summary)));
    reply.add_event(Event::ConversationsEnd);
}

/// The most recent conversations of a user with others.
fn with_users(history: &MemoryHistory, user: i64) -> Vec<Summary> {
    let users = history.users();
    let other = |members| match members {
        MemberSet::Two(low, high) if low == user || high == user => Some((low + high - user, members)),
        _ => None,
    };
    let mut all: Vec<(i64, MemberSet)> = history.conversations().filter_map(other).collect();
    all.sort_by_key(|(_, members)| Reverse(history.last_of(*members)));
    all.truncate(MAX_CONVERSATIONS);
    let mut summaries: Vec<Summary> = Vec::new();
    let mut of_name: HashMap<FoldedName, usize> = HashMap::new();
    for (other, members) in all {
        let Some(shown) = users.shown(other) else { continue };
        let name = users.number(shown).and_then(|present| users.shown(present)).unwrap_or(shown);
        let summary = summary(history, user, Target::User(name.clone()), members);
        match of_name.get(&name.folded()).and_then(|at| summaries.get_mut(*at)) {
            // With an earlier holder of the same name.
            Some(newer) => add_summary(newer, &summary),
            None => {
                of_name.insert(name.folded(), summaries.len());
                summaries.push(summary);
            }
        }
    }
    summaries
}

fn summary(history: &MemoryHistory, user: i64, with: Target, members: MemberSet) -> Summary {
    let read = history.read_mark(user, members).unwrap_or_default();
    let after = (Bound::Excluded(read), Bound::Unbounded);
    let ids = history.ids_of(members).into_iter().flat_map(|ids| ids.range(after));
    let new = ids.take(UNREAD_SCAN).filter_map(|(id, ())| history.message(id));
    let unread = new.filter(|kept| kept.author != user && kept.record.deleted.is_none()).take(MAX_UNREAD).count();
    Summary { with, last: history.last_of(members), read, unread }
}

/// The members of one of the asking user's conversations: several sets if it is with users who held the same name.
pub(super) fn members_of(history: &MemoryHistory, reply: &Reply<'_>, with: &ConversationId) -> Vec<MemberSet> {
    match (with, history.users().number(&reply.question().user)) {
        (ConversationId::User(_), Some(user)) => history.members(user, with),
        (ConversationId::User(_), None) => Vec::new(),
        (ConversationId::Everyone | ConversationId::Room(..), _) => {
            place_for(reply.question(), with).into_iter().collect()
        }
    }
}

/// A message as the asking user sees it: a room goes by the name that the question gives it. `None` if the user is not
/// in the room.
pub(super) fn shown_to(history: &MemoryHistory, reply: &Reply<'_>, kept: &KeptMessage) -> Option<Envelope> {
    let mut record = history.told(kept);
    if let Recipient::Room { id, name, .. } = &mut record.to {
        *name = reply.question().rooms.iter().find(|(room, _)| room == id)?.1.clone();
    }
    let quote = record.extra.reply.and_then(|answered| history.quote(answered, kept.members));
    Some(record.envelope(quote))
}

fn between(span: &Span) -> (Bound<MessageId>, Bound<MessageId>) {
    match (span.since, span.before) {
        // A range may not end before it begins.
        (Some(since), Some(before)) if before <= since => (Bound::Included(since), Bound::Excluded(since)),
        (since, before) => {
            (since.map_or(Bound::Unbounded, Bound::Excluded), before.map_or(Bound::Unbounded, Bound::Excluded))
        }
    }
}

/// The entries in the order in which a page is to be filled.
fn in_order<'a, T: 'a>(all: impl DoubleEndedIterator<Item = T> + 'a, span: &Span) -> Box<dyn Iterator<Item = T> + 'a> {
    if span.since.is_some() { Box::new(all) } else { Box::new(all.rev()) }
}
