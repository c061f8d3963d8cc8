//! Promises that wait for the store: what requests have changed, and what is said and done once that is kept.
//!
//! An answer is a promise. A request changes the broker's state at once, so that the next request sees it, but nothing of it
//! is said before the store has kept the changes; if it cannot, they are taken back, newest first. What is only read while
//! promises wait may rest on them, and is said in its turn.
//!
//! Must not know: what the changes mean, or how what follows from them is carried out.

use std::collections::{HashMap, VecDeque};

use crate::model::{BanTarget, Name, Role};
use crate::protocol::Code;
use crate::server::broker::access::name_policy::Login;
use crate::server::broker::caller::Denial;
use crate::server::broker::outbox::{OpenPromise, Said};
use crate::server::broker::peers::NameRequest;
use crate::server::broker::rooms::Place;
use crate::server::broker::sweep::Sweep;
use crate::server::ids::{ConnId, RoomId};
use crate::server::limits::{MAX_PROMISE_BYTES, MAX_PROMISES, MAX_PROMISES_OF_ONE};
use crate::server::store::api::Update;
use crate::server::telemetry::events::Note;

/// The promises that wait, in order.
#[derive(Debug, Default)]
pub(in crate::server::broker) struct Promises {
    waiting: VecDeque<Promise>,
    /// How many of each connection wait.
    of: HashMap<ConnId, usize>,
    /// About how many bytes all of them hold.
    bytes: usize,
    /// What is to be done for the request that is being handled.
    then: Vec<Then>,
}

/// What a request has changed, and what it leads to.
#[derive(Debug)]
struct Promise {
    /// Whether the store was given something to keep.
    changes: bool,
    /// What held before, oldest change first.
    before: Vec<Update>,
    /// About how many bytes it holds.
    bytes: usize,
    /// Whether it rests on a promise that was not kept, or is one.
    broken: bool,
    conn: ConnId,
    reference: Option<String>,
    then: Vec<Then>,
    said: Vec<Said>,
    notes: Vec<Note>,
    after: Vec<Said>,
}

/// What is due once the store has answered for a promise.
#[derive(Debug)]
pub(in crate::server::broker) struct Settlement {
    /// The connection that asked.
    pub(in crate::server::broker) conn: ConnId,
    /// The label of its request.
    pub(in crate::server::broker) reference: Option<String>,
    /// Whether the promise was kept; what rests on one that was not is not kept either.
    pub(in crate::server::broker) kept: bool,
    /// What is done if it was kept, before anything is said.
    pub(in crate::server::broker) then: Vec<Then>,
    /// What is said if it was kept.
    pub(in crate::server::broker) said: Vec<Said>,
    /// What the log says if it was kept.
    pub(in crate::server::broker) notes: Vec<Note>,
    /// What is said in any case, after that.
    pub(in crate::server::broker) after: Vec<Said>,
}

/// What is done once the changes of a request are stored.
#[derive(Debug)]
pub(in crate::server::broker) enum Then {
    /// All sessions of a user end, also those that have begun meanwhile.
    End(Name, Removal),
    /// All whom a ban hits are removed.
    Sweep(Sweep),
    /// A session ends in favour of its user's other session, or for the owner of its name.
    Displace(ConnId, &'static str),
    /// An online user becomes a moderator.
    Promote(ConnId),
    /// The calls of users who were muted in a place end.
    EndCalls(Place, Vec<BanTarget>),
    /// A room's call ends if calls are still off there.
    EndConference(RoomId),
    /// A user is told that they are no longer a moderator.
    TellDemoted {
        /// The connection.
        conn: ConnId,
        /// The user.
        name: Name,
        /// The user who dismissed them.
        by: Name,
        /// The role that they had.
        role: Role,
        /// Whether they had it by the passphrase.
        passphrase: bool,
    },
    /// A name has changed hands, or has not: who writes to it knows to whom.
    EndChange(Name),
    /// Whoever keeps the machine is told that an order is carried out.
    Report(ConnId, String),
    /// The sessions of a user end, whose name is another one or free; or go on.
    EndName(Name, NameEnd),
    /// A connection that asked for a name goes on.
    Join(ConnId, NameRequest, Login),
}

/// Why nobody is online under a name any longer.
#[derive(Clone, Debug)]
pub(in crate::server::broker) enum NameEnd {
    /// Its user took this name, over this connection and with a request of this label.
    Renamed(Name, ConnId, Option<String>),
    /// Its user left for good, in the same way.
    Left(ConnId, Option<String>),
    /// It was taken from its owner.
    Freed(Removal),
}

/// Why another session ends this one, and the reason that other users see.
#[derive(Clone, Debug)]
pub(in crate::server::broker) struct Removal {
    /// What the user is told.
    pub(in crate::server::broker) denial: Denial,
    /// What the log says.
    pub(in crate::server::broker) why: &'static str,
    /// What the others see; `None` if the same person stays, in another session.
    pub(in crate::server::broker) told: Option<&'static str>,
}

impl Promises {
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

    /// Whether a connection waits for one of its promises.
    pub(in crate::server::broker) fn wait_for(&self, conn: ConnId) -> bool {
        !self.waiting.is_empty() && self.of.contains_key(&conn)
    }

    /// Has something said to a connection after its last promise was kept or refused, so that its answers come in order.
    pub(in crate::server::broker) fn say_after(&mut self, conn: ConnId, open: OpenPromise) {
        let bytes = open.bytes();
        if let Some(last) = self.waiting.iter_mut().rev().find(|promise| promise.conn == conn) {
            last.after.extend(open.said);
            last.bytes += bytes;
            self.bytes += bytes;
        }
    }

    /// Has something done once what the present request changes is kept.
    pub(in crate::server::broker) fn then(&mut self, then: Then) {
        self.then.push(then);
    }

    /// What the request that was handled leads to is due: at once, if nothing waits and the store is given nothing;
    /// otherwise later.
    pub(in crate::server::broker) fn add(
        &mut self,
        (conn, reference): (ConnId, Option<String>),
        open: OpenPromise,
    ) -> Option<Settlement> {
        let bytes = open.bytes();
        let OpenPromise { changes, before, said, notes, .. } = open;
        let (changes, then, after) = (!changes.is_empty(), std::mem::take(&mut self.then), Vec::new());
        if !changes && self.waiting.is_empty() {
            return Some(Settlement { conn, reference, kept: true, then, said, notes, after });
        }
        *self.of.entry(conn).or_default() += 1;
        self.bytes += bytes;
        let broken = false;
        self.waiting.push_back(Promise { changes, before, bytes, broken, conn, reference, then, said, notes, after });
        None
    }

    /// Takes the one that waits longest, once the store has answered for it.
    pub(in crate::server::broker) fn take_first(&mut self) -> Option<Settlement> {
        let Promise { bytes, broken, conn, reference, then, said, notes, after, .. } = self.waiting.pop_front()?;
        self.bytes -= bytes;
        if let Some(count) = self.of.get_mut(&conn) {
            *count -= 1;
            if *count == 0 {
                self.of.remove(&conn);
            }
        }
        Some(Settlement { conn, reference, kept: !broken, then, said, notes, after })
    }

    /// Takes the one that waits longest, if it does not wait for the store.
    pub(in crate::server::broker) fn take_ready(&mut self) -> Option<Settlement> {
        if self.waiting.front()?.changes { None } else { self.take_first() }
    }

    /// The first was not kept, and all that wait may rest on it: returns what held before, newest change first; nothing if
    /// that was done before.
    pub(in crate::server::broker) fn break_all(&mut self) -> Vec<Update> {
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
