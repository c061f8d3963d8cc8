//! A search in memory: newest first, in what its asker may see. It goes on a slice at a time, so that no message waits for it.
//!
//! Must not know: what is done between two slices (`memory`).

use std::ops::Bound;

use super::query::{own, told};
use super::{Kept, Memory};
use crate::model::words::{fold, holds};
use crate::model::{MessageId, Name};
use crate::protocol::limits::MAX_FOUND;
use crate::protocol::{Event, Query};
use crate::server::store::api::{Answer, Question, What};
use crate::server::store::limits::PAGE_BYTES;
use crate::server::store::sqlite::lookup::{Asker, Members};
use crate::server::store::sqlite::query::Lines;
use crate::server::store::sqlite::search::called;

/// A search that is under way.
#[derive(Debug)]
pub(in crate::server::store) struct Search {
    question: Question,
    /// The answer so far, and how many messages are in it.
    written: Vec<u8>,
    found: usize,
    /// What is older than this was not looked at yet.
    before: Bound<MessageId>,
}

impl Search {
    /// One that has looked at nothing yet.
    pub(in crate::server::store) fn new(question: Question) -> Self {
        Self { question, written: Vec::new(), found: 0, before: Bound::Unbounded }
    }

    /// Looks at one message, and at more until it is `enough`. The answer, once it is whole.
    pub(in crate::server::store) fn go_on(&mut self, memory: &Memory, enough: impl Fn() -> bool) -> Option<Answer> {
        let Self { question, written, found, before } = self;
        let mut lines = Lines::resume(question, std::mem::take(written));
        let sought = match &question.what {
            What::Found(query) => Sought::of(memory, &lines, query),
            _ => None,
        };
        let mut more = false;
        if let Some(sought) = sought {
            for (nth, (&id, kept)) in memory.messages.range((Bound::Unbounded, *before)).rev().enumerate() {
                if nth > 0 && enough() {
                    *written = lines.into_bytes();
                    return None;
                }
                *before = Bound::Excluded(id);
                let Some(record) = sought.is_met_by(kept).then(|| told(&lines, kept)).flatten() else { continue };
                more = *found >= MAX_FOUND || *found > 0 && lines.len() >= PAGE_BYTES;
                if more {
                    break;
                }
                *found += 1;
                lines.append([lines.line(record.envelope())].iter());
            }
        }
        lines.event(Event::SearchEnd { more, damaged: 0 });
        Some(lines.end(Ok(())))
    }
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
