//! Promises are made, kept and taken back: what a request changes is stored before anybody is told of it.
//!
//! Must not know: what a request asks for, or how anything is stored.

use super::caller::Denial;
use super::facts::kind;
use super::messages::Health;
use super::outbox::Said;

use super::peers::{Awaits, Hold};
use super::promises::{NameEnd, Settlement, Then};
use super::{Broker, Outbox};
use crate::model::{Now, Role};
use crate::protocol::Code;
use crate::server::ids::ConnId;
use crate::server::store::api::{Job, Kept, Update};
use crate::server::telemetry::events::Note;

impl Broker {
    /// Holds back what a request says, if it may change something or read what is not stored yet.
    pub(super) fn begin(&mut self, conn: ConnId, changes: bool, out: &mut Outbox) -> Result<(), Denial> {
        if changes || !self.promises.is_empty() {
            self.promises.have_room(conn)?;
            out.begin_promise();
        }
        Ok(())
    }

    /// Ends what [`Broker::begin`] began: what was changed goes to the store, and what was said waits for it.
    pub(super) fn conclude(&mut self, now: Now, request: (ConnId, Option<String>), out: &mut Outbox) {
        let (conn, open) = (request.0, out.end_promise());
        if !open.changes.is_empty() {
            out.jobs.push(Job::Promise(open.changes.clone()));
        }
        match self.promises.add(request, open) {
            Some(due) => self.keep(now, due.then, (due.said, due.notes), out),
            None => self.peers.count_pending(conn),
        }
    }

    /// Holds back what is said because of a connection that waits for a promise, so that its answers come in the order of
    /// its requests; says whether that is so.
    pub(super) fn begin_behind(&mut self, conn: ConnId, out: &mut Outbox) -> bool {
        let waits = self.promises.wait_for(conn);
        if waits {
            out.begin_promise();
        }
        waits
    }

    /// Ends what [`Broker::begin_behind`] began: what was said goes out after the connection's last promise.
    pub(super) fn end_behind(&mut self, conn: ConnId, behind: bool, out: &mut Outbox) {
        if behind {
            let mut open = out.end_promise();
            out.notes.append(&mut open.notes);
            self.promises.say_after(conn, open);
        }
    }

    /// The store has kept the oldest promise, or could not.
    pub(super) fn promised(&mut self, now: Now, kept: Kept, out: &mut Outbox) {
        if kept.is_err() && !self.promises.first_is_broken() {
            for before in self.promises.break_all() {
                self.take_back(before, out);
            }
            out.jobs.push(Job::GoOn);
        }
        let mut next = self.promises.take_first();
        while let Some(due) = next {
            self.settle_promise(now, due, out);
            next = self.promises.take_ready();
        }
        let works = kept.is_ok();
        self.messages.diagnose(&self.peers, Health { trouble: kept.err(), works }, out);
        self.close_if_settled(out);
    }

    fn settle_promise(&mut self, now: Now, due: Settlement, out: &mut Outbox) {
        let Settlement { conn, reference, kept, then, said, notes, after } = due;
        if kept {
            self.keep(now, then, (said, notes), out);
        } else {
            self.give_up(now, (conn, reference), then, out);
        }
        out.say(after, Vec::new());
        if let Some(leaving) = self.peers.settle(conn) {
            self.finish_leaving(conn, leaving, out);
        }
    }

    /// Does and says what follows from a promise that is kept.
    fn keep(&mut self, now: Now, then: Vec<Then>, (said, notes): (Vec<Said>, Vec<Note>), out: &mut Outbox) {
        let (joins, others): (Vec<_>, Vec<_>) = then.into_iter().partition(|then| matches!(then, Then::Join(..)));
        for then in others {
            match then {
                Then::End(name, removal) => {
                    let conns: Vec<ConnId> = self.peers.sessions(name.as_str()).collect();
                    conns.into_iter().for_each(|conn| self.end_session(conn, removal.clone(), out));
                }
                Then::Sweep(sweep) => {
                    self.sweeps.add(sweep);
                    self.sweep(out);
                }
                Then::Displace(conn, text) => self.displace(conn, text, false, out),
                Then::Promote(conn) => self.promote(conn, Role::Moderator, "You are now a moderator.", out),
                Then::TellDemoted { conn, name, by, .. } => self.tell_demoted(conn, &name, &by, out),
                Then::EndChange(name) => self.access.end_change(&name),
                Then::EndName(name, end) => self.end_name(&name, end, out),
                Then::EndCalls(place, whom) => self.end_muted_calls(now, &place, &whom, out),
                Then::EndConference(room) => self.end_conference_if_off(room, out),
                Then::Report(conn, text) => out.outcomes.push((conn, Ok(text))),
                Then::Join(..) => {}
            }
        }
        out.say(said, notes);
        for then in joins {
            let Then::Join(conn, wanted, login) = then else { continue };
            self.access.settle_code(conn, true);
            self.go_on_joining(now, conn, out, |broker, reference, out| {
                broker.join(now, (conn, reference), &wanted, login, out);
            });
        }
    }

    /// Refuses the request behind a promise that was not kept.
    fn give_up(&mut self, now: Now, (conn, reference): (ConnId, Option<String>), then: Vec<Then>, out: &mut Outbox) {
        let (mut answered, mut held) = (false, Vec::new());
        for then in then {
            match then {
                Then::Report(conn, _) => {
                    answered = true;
                    out.outcomes.push((conn, Err(not_kept().text)));
                }
                Then::Join(conn, wanted, _) => {
                    answered = true;
                    self.access.settle_code(conn, false);
                    self.go_on_joining(now, conn, out, |broker, reference, out| {
                        broker.refuse_name((conn, reference), &wanted.name, not_kept(), out);
                    });
                }
                Then::TellDemoted { conn, role, passphrase, .. } => {
                    self.peers.set_role(conn, role);
                    self.peers.set_passphrase(conn, passphrase);
                }
                Then::EndChange(name) => self.access.end_change(&name),
                Then::EndName(name, end) => {
                    if matches!(end, NameEnd::Renamed(..)) {
                        self.access.not_renamed(&name);
                    }
                    held.push(name);
                }
                Then::End(..)
                | Then::Sweep(_)
                | Then::Displace(..)
                | Then::Promote(_)
                | Then::EndCalls(..)
                | Then::EndConference(_) => {}
            }
        }
        if !answered {
            not_kept().tell(conn, reference, out);
        }
        held.iter().for_each(|name| self.release_sessions(now, name, out));
    }

    /// Goes on with a connection whose join waited, and then with the requests that it has sent meanwhile.
    fn go_on_joining(
        &mut self,
        now: Now,
        conn: ConnId,
        out: &mut Outbox,
        join: impl FnOnce(&mut Self, Option<String>, &mut Outbox),
    ) {
        let hold = self.peers.release(conn, now.steady, |awaits| *awaits == Awaits::Binding);
        let Some(Hold { reference, parked, .. }) = hold.filter(|_| !self.peers.is_leaving(conn)) else { return };
        join(self, reference, out);
        self.go_on(now, conn, parked, out);
    }

    /// Takes back a change that could not be stored: this held before. Users who joined meanwhile have been told the state
    /// with the change.
    fn take_back(&mut self, before: Update, out: &mut Outbox) {
        let fact = match before {
            Update::Own(owner) => return self.access.take_back_owner(owner),
            Update::Rename { from, to } => return self.access.take_back_rename(to, from),
            Update::Log(_) | Update::EndRoom(_) => return,
            Update::Fact(fact) => fact,
        };
        let (key, value) = (&fact.key, fact.value.as_deref());
        match fact.kind {
            kind::BAN => self.moderation.take_back_ban(key, value),
            kind::MODERATOR => {
                self.moderation.take_back_moderator(key, value);
                if value.is_none() {
                    self.end_unkept_rights(key, out);
                }
            }
            kind::IGNORED => self.access.take_back_ignored(key, value),
            kind::INVITATION => self.access.take_back_invitation(key, value),
            kind::MAINTENANCE => self.lifecycle.take_back_maintenance(value),
            kind::RESTING => self.access.take_back_resting(key, value),
            kind => {
                // Somebody may have joined a room's call where calls are off again.
                if let Some(room) = self.rooms.take_back(&self.peers, (kind, key, value), out) {
                    self.end_conference_if_off(room, out);
                }
            }
        }
    }
}

/// The refusal of what could not be stored.
fn not_kept() -> Denial {
    let text = "The server cannot store anything at the moment, so nothing was changed; try again later.";
    Denial::new(Code::StoreUnavailable, text)
}
