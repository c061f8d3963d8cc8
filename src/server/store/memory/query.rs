//! Answers out of memory: parts of conversations, where a user stands in each, what moderators did.
//!
//! Must not know: how it came to be kept (`memory`), or what is searched for (`seeking`).

use std::cmp::Reverse;
use std::ops::Bound;

use super::{Kept, Memory};
use crate::model::{MessageId, RoomName, Target};
use crate::protocol::{Event, RoomEvent, Span, Standing};
use crate::server::ids::RoomId;
use crate::server::store::api::{Acted, Answer, Conversation, Question, Recipient, Record, What};
use crate::server::store::limits::{MAX_CONVERSATIONS, MAX_UNREAD, UNREAD_SCAN};
use crate::server::store::page_builder::Part;
use crate::server::store::sqlite::lookup::Members;
use crate::server::store::sqlite::modlog as acts;
use crate::server::store::sqlite::query::Lines;

/// The answer to a question that is no search (`seeking`).
pub(in crate::server::store) fn answer(memory: &Memory, question: &Question) -> Answer {
    let mut lines = Lines::new(question);
    match &question.what {
        What::Conversations => conversations(memory, &mut lines),
        What::Page { with, span } => page(memory, &mut lines, with, span),
        What::Modlog { room, whole, span } => modlog(memory, &mut lines, room.as_ref(), *whole, span),
        What::Found(_) => {}
    }
    lines.end(Ok(()))
}

fn page(memory: &Memory, lines: &mut Lines<'_>, with: &Conversation, span: &Span) {
    let mut part = Part::new(span);
    let ids = own(memory, lines, with).and_then(|members| memory.conversations.get(&members));
    let ids = ids.into_iter().flat_map(|ids| ids.range(between(span)));
    part.fill(in_order(ids, span).filter_map(|id| told(lines, memory.messages.get(id)?)), |record| {
        lines.line(record.envelope())
    });
    let more = part.tell(lines);
    lines.event(Event::HistoryEnd { more, damaged: 0 });
}

fn modlog(memory: &Memory, lines: &mut Lines<'_>, room: Option<&(RoomId, RoomName)>, whole: bool, span: &Span) {
    let place = room.map_or(Target::Everyone, |(_, name)| Target::Room(name.clone()));
    let there = |(_, act): &(&MessageId, &Acted)| act.room == room.map(|(id, _)| *id);
    let mut part = Part::new(span);
    part.fill(in_order(memory.acts.range(between(span)), span).filter(there), |(id, act)| {
        lines.line(acts::told((*id, act.time), act.by.clone(), &place, act.done.clone(), whole))
    });
    let more = part.tell(lines);
    lines.event(Event::Room(RoomEvent::ModlogEnd { more }));
}

/// Everyone, then the rooms that the user is in and those that they talked with last.
fn conversations(memory: &Memory, lines: &mut Lines<'_>) {
    let user = memory.user(&lines.question().user);
    let mark = user.and_then(|user| memory.read.get(&(user, Members::All)).copied());
    let everyone = match user.zip(mark) {
        Some((user, _)) => standing(memory, user, Target::Everyone, Members::All),
        // Who has no mark yet is there for the first time: all that was said before counts as read.
        None => {
            let last = memory.last_of(Members::All);
            Standing { with: Target::Everyone, last, read: last, unread: 0 }
        }
    };
    lines.event(Event::Conversation(everyone));
    let mut others: Vec<(Target, Members)> = Vec::new();
    if let Some(user) = user {
        let with = |members: &Members| match *members {
            Members::Two(low, high) if low == user || high == user => {
                Some((Target::User(memory.shown_as(low + high - user)?.clone()), *members))
            }
            _ => None,
        };
        others.extend(memory.conversations.keys().filter_map(with));
        others.sort_by_key(|(_, members)| Reverse(memory.last_of(*members)));
        others.truncate(MAX_CONVERSATIONS);
    }
    let rooms = lines.question().rooms.iter();
    let mut all: Vec<Standing> = rooms
        .map(|(id, name)| (Target::Room(name.clone()), Members::Room(*id)))
        .chain(others)
        .map(|(with, members)| match user {
            Some(user) => standing(memory, user, with, members),
            None => Standing { with, last: MessageId(0), read: MessageId(0), unread: 0 },
        })
        .collect();
    all.sort_by_key(|standing| Reverse(standing.last));
    all.into_iter().for_each(|standing| lines.event(Event::Conversation(standing)));
    lines.event(Event::ConversationsEnd);
}

fn standing(memory: &Memory, user: i64, with: Target, members: Members) -> Standing {
    let read = memory.read.get(&(user, members)).copied().unwrap_or_default();
    let after = (Bound::Excluded(read), Bound::Unbounded);
    let ids = memory.conversations.get(&members).into_iter().flat_map(|ids| ids.range(after));
    let new = ids.take(UNREAD_SCAN).filter_map(|id| memory.messages.get(id));
    let unread = new.filter(|kept| kept.author != user && kept.record.deleted.is_none()).take(MAX_UNREAD).count();
    Standing { with, last: memory.last_of(members), read, unread }
}

/// Who sees a conversation, if it is one of those of who asks.
pub(in crate::server::store) fn own(memory: &Memory, lines: &Lines<'_>, with: &Conversation) -> Option<Members> {
    let question = lines.question();
    match with {
        Conversation::Everyone => Some(Members::All),
        Conversation::Room(room, _) => question.rooms.iter().any(|(id, _)| id == room).then_some(Members::Room(*room)),
        Conversation::User(_) => memory.members(memory.user(&question.user)?, with),
    }
}

/// A message as who asks is told of it: a room goes by the name that it has for them.
pub(in crate::server::store) fn told(lines: &Lines<'_>, kept: &Kept) -> Option<Record> {
    let mut record = kept.record.clone();
    if let Recipient::Room { id, name, .. } = &mut record.to {
        *name = lines.question().rooms.iter().find(|(room, _)| room == id)?.1.clone();
    }
    Some(record)
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

/// In the order in which a part is to be found.
fn in_order<'a, T: 'a>(all: impl DoubleEndedIterator<Item = T> + 'a, span: &Span) -> Box<dyn Iterator<Item = T> + 'a> {
    if span.since.is_some() { Box::new(all) } else { Box::new(all.rev()) }
}
