//! Promises that wait for the store: what requests have changed, and what is said and done once that is kept.
//!
//! An answer is a promise. A request changes the broker's state at once, so that the next request sees it, but nothing of it
//! is said before the store has kept the changes; if it cannot, they are taken back, newest first. What is only read while
//! promises wait may rest on them, and is said in its turn.
//!
//! Must not know: what the changes mean, or what follows from them; callers say so with `Then`.

use std::collections::{HashMap, VecDeque};

use crate::protocol::Code;
use crate::server::broker::caller::Denial;
use crate::server::broker::outbox::{OpenPromise, Said};
use crate::server::ids::ConnId;
use crate::server::limits::{MAX_PROMISE_BYTES, MAX_PROMISES, MAX_PROMISES_OF_ONE};
use crate::server::store::api::Change;
use crate::server::telemetry::events::Note;

/// The promises that wait, in order; `Then` is what is done once one is kept.
#[derive(Debug)]
pub(in crate::server::broker) struct Promises<Then> {
    waiting: VecDeque<Promise<Then>>,
    /// How many of each connection wait.
    of: HashMap<ConnId, usize>,
    /// About how many bytes all of them hold.
    bytes: usize,
    /// What is to be done for the request that is being handled.
    then: Vec<Then>,
}

/// What a request has changed, and what it leads to.
#[derive(Debug)]
pub(in crate::server::broker) struct Promise<Then> {
    /// The connection that asked.
    pub(in crate::server::broker) conn: ConnId,
    /// The label of its request.
    pub(in crate::server::broker) reference: Option<String>,
    /// Whether the store was given something to keep.
    changes: bool,
    /// What held before, oldest change first.
    before: Vec<Change>,
    /// Whether it rests on a promise that was not kept, or is one.
    broken: bool,
    /// About how many bytes it holds.
    bytes: usize,
    /// What is said once it is kept.
    pub(in crate::server::broker) said: Vec<Said>,
    /// What the log says then.
    pub(in crate::server::broker) notes: Vec<Note>,
    /// What is done then, before anything is said.
    pub(in crate::server::broker) then: Vec<Then>,
}

impl<Then> Default for Promises<Then> {
    fn default() -> Self {
        Self { waiting: VecDeque::new(), of: HashMap::new(), bytes: 0, then: Vec::new() }
    }
}

impl<Then> Promises<Then> {
    /// Whether none waits.
    pub(in crate::server::broker) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Whether so many wait that nothing more should be taken for a while.
    pub(in crate::server::broker) fn are_many(&self) -> bool {
        self.waiting.len() >= MAX_PROMISES / 2 || self.bytes >= MAX_PROMISE_BYTES / 2
    }

    /// Refuses a request for which there is no room.
    pub(in crate::server::broker) fn have_room(&self, conn: ConnId) -> Result<(), Denial> {
        let of_one = self.of.get(&conn).copied().unwrap_or(0);
        if self.waiting.len() < MAX_PROMISES && self.bytes < MAX_PROMISE_BYTES && of_one < MAX_PROMISES_OF_ONE {
            return Ok(());
        }
        Err(Denial::new(Code::Busy, "The server's disk cannot keep up; try again in a moment."))
    }

    /// Has something done once what the present request changes is kept.
    pub(in crate::server::broker) fn then(&mut self, then: Then) {
        self.then.push(then);
    }

    /// Takes what is to be done for the request that was handled.
    pub(in crate::server::broker) fn take_then(&mut self) -> Vec<Then> {
        std::mem::take(&mut self.then)
    }

    /// Adds a promise behind those that wait.
    pub(in crate::server::broker) fn add(&mut self, promise: Promise<Then>) {
        *self.of.entry(promise.conn).or_default() += 1;
        self.bytes += promise.bytes;
        self.waiting.push_back(promise);
    }

    /// Takes the one that waits longest, once the store has answered for it.
    pub(in crate::server::broker) fn take_first(&mut self) -> Option<Promise<Then>> {
        let promise = self.waiting.pop_front()?;
        self.bytes -= promise.bytes;
        if let Some(count) = self.of.get_mut(&promise.conn) {
            *count -= 1;
            if *count == 0 {
                self.of.remove(&promise.conn);
            }
        }
        Some(promise)
    }

    /// Takes the one that waits longest, if it does not wait for the store.
    pub(in crate::server::broker) fn take_ready(&mut self) -> Option<Promise<Then>> {
        if self.waiting.front()?.changes { None } else { self.take_first() }
    }

    /// The first was not kept, and all that wait may rest on it: returns what held before, newest change first; nothing if
    /// that was done before.
    pub(in crate::server::broker) fn break_all(&mut self) -> Vec<Change> {
        let mut before = Vec::new();
        for promise in self.waiting.iter_mut().rev().filter(|promise| !promise.broken) {
            promise.broken = true;
            before.extend(std::mem::take(&mut promise.before).into_iter().rev());
        }
        before
    }

    /// Whether the store has yet to learn that the first was not kept.
    pub(in crate::server::broker) fn first_is_broken(&self) -> bool {
        self.waiting.front().is_some_and(|promise| promise.broken)
    }
}

impl<Then> Promise<Then> {
    /// What a request of a connection has said, and what held before what it has changed, if it has.
    pub(in crate::server::broker) fn of(
        (conn, reference): (ConnId, Option<String>),
        open: OpenPromise,
        changes: bool,
        then: Vec<Then>,
    ) -> Self {
        let bytes = open.bytes();
        let OpenPromise { before, said, notes, .. } = open;
        Self { conn, reference, changes, before, broken: false, bytes, said, notes, then }
    }

    /// Whether the store was given something to keep.
    pub(in crate::server::broker) fn has_changes(&self) -> bool {
        self.changes
    }

    /// Whether it rests on a promise that was not kept, or is one.
    pub(in crate::server::broker) fn is_broken(&self) -> bool {
        self.broken
    }
}
