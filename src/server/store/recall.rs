//! Answers out of memory: parts of conversations, where a user stands in each, what moderators did, what is searched for.
//!
//! Must not know: how it came to be kept (`memory`).

use std::cmp::Reverse;
use std::ops::Bound;

use super::acts;
use super::answer::Lines;
use super::found::called;
use super::limits::{MAX_CONVERSATIONS, MAX_UNREAD, PAGE_BYTES, UNREAD_SCAN};
use super::lookup::{Asker, Members};
use super::memory::{Kept, Memory};
use super::part::Part;
use crate::model::words::{fold, holds};
use crate::model::{MessageId, Name, RoomName, Target};
use crate::protocol::limits::MAX_FOUND;
use crate::protocol::{Event, Query, RoomEvent, Span, Standing};
use crate::server::history::{Acted, Conversation, Recipient, Record, RoomId, What};

/// Tells what is asked.
pub(super) fn tell(memory: &Memory, lines: &mut Lines<'_>) {
    match &lines.question().what {
        What::Conversations => conversations(memory, lines),
        What::Page { with, span } => page(memory, lines, with, span),
        What::Modlog { room, whole, span } => modlog(memory, lines, room.as_ref(), *whole, span),
        What::Found(query) => found(memory, lines, query),
    }
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

fn found(memory: &Memory, lines: &mut Lines<'_>, query: &Query) {
    let mut more = false;
    if let Some(sought) = Sought::of(memory, lines, query) {
        let mut told_of = 0;
        for kept in memory.messages.values().rev().filter(|kept| sought.is_met_by(kept)) {
            let Some(record) = told(lines, kept) else { continue };
            more = told_of >= MAX_FOUND || told_of > 0 && lines.len() >= PAGE_BYTES;
            if more {
                break;
            }
            told_of += 1;
            lines.append([lines.line(record.envelope())].iter());
        }
    }
    lines.event(Event::SearchEnd { more, damaged: 0 });
}

/// A query in numbers.
struct Sought<'a> {
    asker: Asker,
    author: Option<i64>,
    members: Option<Members>,
    /// Folded, and whether the last word may go on.
    terms: Vec<(String, bool)>,
    query: &'a Query,
}

impl<'a> Sought<'a> {
    /// `None` if nothing can be found.
    fn of(memory: &Memory, lines: &Lines<'_>, query: &'a Query) -> Option<Self> {
        let question = lines.question();
        let author = match &query.from {
            Some(from) => Some(memory.user(&Name::parse(from).ok()?)?),
            None => None,
        };
        let members = match &query.within {
            Some(within) => Some(own(memory, lines, &called(question, within)?)?),
            None => None,
        };
        let terms: Vec<_> = query.terms.iter().map(|term| (fold(&term.text), term.prefix)).collect();
        if !terms.is_empty() && terms.iter().all(|(words, _)| words.is_empty()) {
            return None;
        }
        let terms = terms.into_iter().filter(|(words, _)| !words.is_empty()).collect();
        let rooms = question.rooms.iter().map(|(id, _)| *id).collect();
        Some(Self { asker: Asker { user: memory.user(&question.user), rooms }, author, members, terms, query })
    }

    fn is_met_by(&self, kept: &Kept) -> bool {
        let Kept { record, author, members } = kept;
        let seen = self.members.map_or_else(|| members.include(&self.asker), |wanted| wanted == *members);
        let in_time = self.query.after.is_none_or(|after| record.time >= after)
            && self.query.before.is_none_or(|before| record.time < before);
        let by_whom = self.author.is_none_or(|wanted| wanted == *author);
        if !seen || !in_time || !by_whom || record.deleted.is_some() {
            return false;
        }
        if self.terms.is_empty() {
            return true;
        }
        let text = fold(record.text.as_str());
        self.terms.iter().all(|(words, prefix)| holds(&text, words, *prefix))
    }
}

/// Who sees a conversation, if it is one of those of who asks.
fn own(memory: &Memory, lines: &Lines<'_>, with: &Conversation) -> Option<Members> {
    let question = lines.question();
    match with {
        Conversation::Everyone => Some(Members::All),
        Conversation::Room(room, _) => question.rooms.iter().any(|(id, _)| id == room).then_some(Members::Room(*room)),
        Conversation::User(_) => memory.members(memory.user(&question.user)?, with),
    }
}

/// A message as who asks is told of it: a room goes by the name that it has for them.
fn told(lines: &Lines<'_>, kept: &Kept) -> Option<Record> {
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
