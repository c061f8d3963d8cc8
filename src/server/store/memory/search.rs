//! A search in memory: newest first, in what the asking user may see. It goes on a slice at a time, so that no message
//! waits for it.
//!
//! Must not know: what is done between two slices.

use std::ops::Bound;

use super::history::{KeptMessage, MemoryHistory};
use super::query::{members_of, shown_to};
use crate::model::{MessageId, Name};
use crate::protocol::limits::MAX_FOUND;
use crate::protocol::{Event, Query};
use crate::server::store::api::{Answer, Question, What};
use crate::server::store::limits::PAGE_BYTES;
use crate::server::store::members::{MemberSet, Viewer, conversation_named};
use crate::server::store::reply::Reply;
use crate::server::store::terms::Terms;

/// A search that is under way.
#[derive(Debug)]
pub(super) struct RunningSearch {
    question: Question,
    /// The answer so far, and how many messages it holds.
    written: Vec<u8>,
    found: usize,
    /// Messages older than this have not been looked at yet.
    before: Bound<MessageId>,
}

impl RunningSearch {
    /// A search that has looked at nothing yet.
    pub(super) fn new(question: Question) -> Self {
        Self { question, written: Vec::new(), found: 0, before: Bound::Unbounded }
    }

    /// Looks at one message, and at more until the slice `is_over`. Returns the answer once it is complete.
    pub(super) fn go_on(&mut self, history: &MemoryHistory, is_over: impl Fn() -> bool) -> Option<Answer> {
        let Self { question, written, found, before } = self;
        let mut reply = Reply::resume(question, std::mem::take(written));
        let filter = match &question.what {
            What::Found(query) => MemoryFilter::of(history, &reply, query),
            _ => None,
        };
        let mut more = false;
        if let Some(filter) = filter {
            for (nth, (id, kept)) in history.messages_before(*before).enumerate() {
                if nth > 0 && is_over() {
                    *written = reply.into_bytes();
                    return None;
                }
                *before = Bound::Excluded(id);
                let shown = filter.matches(kept).then(|| shown_to(history, &reply, kept)).flatten();
                let Some(envelope) = shown else { continue };
                more = *found >= MAX_FOUND || *found > 0 && reply.len() >= PAGE_BYTES;
                if more {
                    break;
                }
                *found += 1;
                reply.add_envelope(envelope);
            }
        }
        reply.add_event(Event::SearchEnd { more, damaged: 0 });
        Some(reply.finish(Ok(())))
    }
}

/// A query with names replaced by the store's numbers.
struct MemoryFilter<'a> {
    viewer: Viewer,
    /// The senders: all who ever held the name.
    authors: Option<Vec<i64>>,
    /// The conversations: several if it is with users who held the same name.
    within: Option<Vec<MemberSet>>,
    terms: Terms,
    query: &'a Query,
}

impl<'a> MemoryFilter<'a> {
    /// `None` if nothing can match.
    fn of(history: &MemoryHistory, reply: &Reply<'_>, query: &'a Query) -> Option<Self> {
        let question = reply.question();
        let authors = match &query.from {
            Some(from) => Some(history.users().holders(&Name::restored(from).ok()?)),
            None => None,
        };
        let within = match &query.within {
            Some(within) => Some(members_of(history, reply, &conversation_named(question, within)?)),
            None => None,
        };
        let terms = Terms::of(query)?;
        Some(Self {
            viewer: Viewer::of(question, history.users().number(&question.user)),
            authors,
            within,
            terms,
            query,
        })
    }

    fn matches(&self, kept: &KeptMessage) -> bool {
        let KeptMessage { record, author, members, .. } = kept;
        let seen =
            self.within.as_ref().map_or_else(|| members.include(&self.viewer), |wanted| wanted.contains(members));
        let in_time = self.query.after.is_none_or(|after| record.time >= after)
            && self.query.before.is_none_or(|before| record.time < before);
        let by_whom = self.authors.as_ref().is_none_or(|wanted| wanted.contains(author));
        seen && in_time && by_whom && record.deleted.is_none() && self.terms.match_text(record.text.as_str())
    }
}
