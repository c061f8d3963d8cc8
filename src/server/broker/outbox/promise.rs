//! A promise: what a request changes, and what it says, which is said only once the changes are kept.
//!
//! Must not know: what the changes mean, or when the store has kept them (`promises`).

use super::Outbox;
use super::hearers::Hearers;
use crate::model::Name;
use crate::protocol::Envelope;
use crate::server::ids::{ConnId, RoomId};
use crate::server::store::api::{Fact, Job, LoggedAct, Owner, Update};
use crate::server::telemetry::events::Note;

/// The bytes that an event or a change counts for beside what it points to.
const ENTRY_BYTES: usize = 256;

/// What a request has changed and said so far.
#[derive(Debug, Default)]
pub(in crate::server::broker) struct OpenPromise {
    /// The changes, in order.
    pub(in crate::server::broker) changes: Vec<Update>,
    /// For each change, except of the moderation log, and for changes that are not stored, the one that takes it back.
    pub(in crate::server::broker) before: Vec<Update>,
    /// What is said, in order.
    pub(in crate::server::broker) said: Vec<Said>,
    /// Entries for the log.
    pub(in crate::server::broker) notes: Vec<Note>,
    /// How many entries there were before.
    earlier_notes: usize,
}

/// Something that is said later.
#[derive(Debug)]
pub(in crate::server::broker) enum Said {
    /// A refusal is addressed to the requested name (TR2.23).
    Address(ConnId, Option<Name>),
    /// To one connection.
    ToOne(ConnId, Envelope),
    /// Complete lines to one connection.
    Lines(ConnId, Vec<u8>),
    /// To several connections.
    ToSome(Vec<ConnId>, Envelope),
    /// To the hearers of a room, except one if it is given.
    ToRoom(RoomId, Hearers, Option<ConnId>, Envelope),
    /// To every user, except one if it is given.
    ToAllBut(Option<ConnId>, Envelope),
    /// A connection ends.
    Close(ConnId),
}

/// A change of a fact, and what takes it back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::server::broker) struct FactChange {
    /// What holds from now on.
    pub(in crate::server::broker) now: Fact,
    /// What held before under the same kind and key; `None` if nothing did.
    pub(in crate::server::broker) before: Option<Fact>,
}

impl OpenPromise {
    /// Says something once the promise is kept.
    pub(super) fn say(&mut self, said: Said) {
        self.said.push(said);
    }

    /// About how many bytes it holds.
    pub(in crate::server::broker) fn bytes(&self) -> usize {
        let of_change = |change: &Update| match change {
            Update::Fact(fact) => fact.key.len() + fact.value.as_ref().map_or(0, String::len),
            Update::Own(_) | Update::Rename { .. } | Update::EndRoom(_) | Update::Log(_) => 0,
        };
        let of_said = |said: &Said| match said {
            Said::Lines(_, lines) => lines.len(),
            Said::ToSome(conns, _) => size_of_val(conns.as_slice()),
            // As much, once the room changes.
            Said::ToRoom(_, hearers, ..) => hearers.len() * size_of::<ConnId>(),
            Said::Address(..) | Said::ToOne(..) | Said::ToAllBut(..) | Said::Close(_) => 0,
        };
        let entries = self.changes.len() + self.before.len() + self.said.len();
        entries * ENTRY_BYTES
            + self.changes.iter().chain(&self.before).map(of_change).sum::<usize>()
            + self.said.iter().map(of_said).sum::<usize>()
    }
}

impl Outbox {
    /// From now on, what is said is held back, and changes are gathered.
    pub(in crate::server::broker) fn begin_promise(&mut self) {
        self.promise = Some(OpenPromise { earlier_notes: self.notes.len(), ..OpenPromise::default() });
    }

    /// What was said and changed since [`Outbox::begin_promise`]; from now on, what is said goes out again.
    pub(in crate::server::broker) fn end_promise(&mut self) -> OpenPromise {
        let mut promise = self.promise.take().unwrap_or_default();
        let earlier = promise.earlier_notes.min(self.notes.len());
        promise.notes = self.notes.split_off(earlier);
        promise
    }

    /// Says what was held back.
    pub(in crate::server::broker) fn say(&mut self, said: Vec<Said>, mut notes: Vec<Note>) {
        self.notes.append(&mut notes);
        for one in said {
            match one {
                Said::Address(conn, name) => self.address(conn, name),
                Said::ToOne(conn, envelope) => self.send(conn, &envelope),
                Said::Lines(conn, lines) => self.send_lines(conn, &lines),
                Said::ToSome(conns, envelope) => self.send_to_all(conns.into_iter(), &envelope),
                Said::ToRoom(room, hearers, except, envelope) => self.send_to_room(room, &hearers, except, &envelope),
                Said::ToAllBut(except, envelope) => self.broadcast(except, &envelope),
                Said::Close(conn) => self.close(conn),
            }
        }
    }

    /// Has the store save or delete a fact that did not hold before, or that nobody is told of.
    pub fn keep(&mut self, fact: Fact) {
        self.change(FactChange { now: fact, before: None });
    }

    /// Has the store replace a fact.
    pub(in crate::server::broker) fn change(&mut self, FactChange { now, before }: FactChange) {
        let before = before.unwrap_or_else(|| Fact { value: None, ..now.clone() });
        self.make(Update::Fact(now), Some(Update::Fact(before)));
    }

    /// Has the store replace a name's owner.
    pub(in crate::server::broker) fn own(&mut self, now: Owner, before: Owner) {
        self.make(Update::Own(now), Some(Update::Own(before)));
    }

    /// Has the store give a name's owner another name.
    pub(in crate::server::broker) fn rename(&mut self, from: Owner, to: Owner) {
        let before = Update::Rename { from: to.clone(), to: from.clone() };
        self.make(Update::Rename { from, to }, Some(before));
    }

    /// Has the store delete all that was said and done in a room that has ended.
    pub(in crate::server::broker) fn end_room(&mut self, room: RoomId) {
        self.make(Update::EndRoom(room), None);
    }

    /// Has the store add an act to the moderation log.
    pub(in crate::server::broker) fn log(&mut self, act: LoggedAct) {
        self.make(Update::Log(act), None);
    }

    /// A change was made that is not stored: this fact held before, and does again if what the request waits for is not
    /// kept.
    pub(in crate::server::broker) fn held_before(&mut self, before: Fact) {
        if let Some(promise) = &mut self.promise {
            promise.before.push(Update::Fact(before));
        }
    }

    fn make(&mut self, change: Update, before: Option<Update>) {
        match &mut self.promise {
            Some(promise) => {
                promise.changes.push(change);
                promise.before.extend(before);
            }
            // Nobody asked for it, so nobody is told.
            None => self.jobs.push(Job::Keep(change)),
        }
    }
}

impl FactChange {
    /// A fact that replaces another of the same kind and key.
    pub(in crate::server::broker) fn of(before: Fact, now: Fact) -> Self {
        Self { now, before: Some(before) }
    }
}
