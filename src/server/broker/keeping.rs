//! Promises are made, kept and taken back: what a request changes is stored before anybody is told of it.
//!
//! Must not know: what a request asks for, or how anything is stored.

use super::access::name_policy::Login;
use super::caller::Denial;
use super::facts::kind;
use super::messages::Health;
use super::peers::{Awaits, Hold, NameRequest};
use super::promises::Promise;
use super::sessions::Removal;
use super::{Broker, Outbox};
use crate::model::{Name, Now, Role, Text};
use crate::protocol::{Code, Event};
use crate::server::ids::ConnId;
use crate::server::store::api::{Change, Job, Kept};

/// What is done once the changes of a request are stored.
#[derive(Debug)]
pub(super) enum Then {
    /// A session ends.
    End(ConnId, Removal),
    /// A session ends in favour of its user's other session, or for the owner of its name.
    Displace(ConnId, &'static str),
    /// An online user becomes a moderator.
    Promote(ConnId),
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
    /// A connection that asked for a name goes on.
    Join(ConnId, NameRequest, Login),
}

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
        let mut open = out.end_promise();
        let changes = std::mem::take(&mut open.changes);
        let mut promise = Promise::of(request, open, !changes.is_empty(), self.promises.take_then());
        if changes.is_empty() && self.promises.is_empty() {
            return self.keep(now, &mut promise, out);
        }
        if !changes.is_empty() {
            out.jobs.push(Job::Promise(changes));
        }
        self.peers.count_pending(promise.conn);
        self.promises.add(promise);
    }

    /// The store has kept the oldest promise, or could not.
    pub(super) fn promised(&mut self, now: Now, kept: Kept, out: &mut Outbox) {
        if kept.is_err() && !self.promises.first_is_broken() {
            for before in self.promises.break_all() {
                self.take_back(before);
            }
            out.jobs.push(Job::GoOn);
        }
        let mut next = self.promises.take_first();
        while let Some(promise) = next {
            self.settle_promise(now, promise, out);
            next = self.promises.take_ready();
        }
        let works = kept.is_ok();
        self.messages.diagnose(&self.peers, Health { trouble: kept.err(), works }, out);
        self.close_if_settled(out);
    }

    fn settle_promise(&mut self, now: Now, mut promise: Promise<Then>, out: &mut Outbox) {
        if promise.is_broken() {
            self.give_up(now, &mut promise, out);
        } else {
            self.keep(now, &mut promise, out);
        }
        if let Some(leaving) = self.peers.settle(promise.conn) {
            self.finish_leaving(promise.conn, leaving, out);
        }
    }

    /// Does and says what follows from a promise that is kept.
    fn keep(&mut self, now: Now, promise: &mut Promise<Then>, out: &mut Outbox) {
        let (joins, others): (Vec<_>, Vec<_>) =
            std::mem::take(&mut promise.then).into_iter().partition(|then| matches!(then, Then::Join(..)));
        for then in others {
            match then {
                Then::End(conn, removal) => self.end_session(conn, removal, out),
                Then::Displace(conn, text) => self.displace(conn, text, false, out),
                Then::Promote(conn) => self.promote(conn, Role::Moderator, "You are now a moderator.", out),
                Then::TellDemoted { conn, name, by, .. } => self.tell_demoted(conn, &name, &by, out),
                Then::Join(..) => {}
            }
        }
        out.say(std::mem::take(&mut promise.said), std::mem::take(&mut promise.notes));
        for then in joins {
            let Then::Join(conn, wanted, login) = then else { continue };
            self.access.settle_code(conn, true);
            self.go_on_joining(now, conn, out, |broker, reference, out| {
                broker.join_now(now, (conn, reference), &wanted, login, out);
            });
        }
    }

    /// Refuses the request behind a promise that was not kept.
    fn give_up(&mut self, now: Now, promise: &mut Promise<Then>, out: &mut Outbox) {
        let (conn, mut joins) = (promise.conn, false);
        let changed = promise.has_changes();
        for then in std::mem::take(&mut promise.then) {
            let (conn, wanted, login) = match then {
                Then::Join(conn, wanted, login) => (conn, wanted, login),
                Then::TellDemoted { conn, role, passphrase, .. } => {
                    self.peers.set_role(conn, role);
                    self.peers.set_passphrase(conn, passphrase);
                    continue;
                }
                Then::End(..) | Then::Displace(..) | Then::Promote(_) => continue,
            };
            joins = true;
            self.access.settle_code(conn, false);
            self.go_on_joining(now, conn, out, |broker, reference, out| {
                if changed {
                    broker.refuse_name((conn, reference), &wanted.name, not_kept(), out);
                } else {
                    // It only waited for its turn.
                    broker.join_now(now, (conn, reference), &wanted, login, out);
                }
            });
        }
        if !joins {
            not_kept().tell(conn, promise.reference.take(), out);
        }
    }

    /// Goes on with a connection whose join waited, and then with the requests that it has sent meanwhile.
    fn go_on_joining(
        &mut self,
        now: Now,
        conn: ConnId,
        out: &mut Outbox,
        join: impl FnOnce(&mut Self, Option<String>, &mut Outbox),
    ) {
        let hold = self.peers.release(conn, now.steady, |awaits| *awaits == Awaits::Turn);
        let Some(Hold { reference, parked, .. }) = hold.filter(|_| !self.peers.is_leaving(conn)) else { return };
        join(self, reference, out);
        self.go_on(now, conn, parked, out);
    }

    /// Takes back a change that could not be stored: this held before.
    fn take_back(&mut self, before: Change) {
        let fact = match before {
            Change::Own(owner) => return self.access.take_back_owner(owner),
            Change::Log(_) => return,
            Change::Fact(fact) => fact,
        };
        let (key, value) = (&fact.key, fact.value.as_deref());
        match fact.kind {
            kind::BAN => self.moderation.take_back_ban(key, value),
            kind::MODERATOR => self.moderation.take_back_moderator(key, value),
            kind::IGNORED => self.access.take_back_ignored(key, value),
            kind => self.rooms.take_back(&self.peers, kind, key, value),
        }
    }

    /// Ends the rights of a moderator who is online at once; they are told once that is stored.
    pub(super) fn demote(&mut self, name: &Name, by: &Name) {
        let online = self.peers.find(name.as_str()).and_then(|conn| Some((conn, self.peers.get(conn)?)));
        let Some((conn, peer)) = online.filter(|(_, peer)| peer.role().is_moderator()) else { return };
        let (role, passphrase) = (peer.role(), peer.gave_passphrase());
        self.peers.set_role(conn, Role::User);
        self.peers.set_passphrase(conn, false);
        self.promises.then(Then::TellDemoted { conn, name: name.clone(), by: by.clone(), role, passphrase });
    }

    fn tell_demoted(&mut self, conn: ConnId, name: &Name, by: &Name, out: &mut Outbox) {
        self.lifecycle.end_countdown_of(name, by, out);
        let own = name.folded() == by.folded();
        let text = if own { "You gave up your moderator rights." } else { "You are no longer a moderator." };
        out.send(conn, &Event::Demoted(Text::line(text)).into());
    }
}

/// The refusal of what could not be stored.
fn not_kept() -> Denial {
    let text = "The server cannot store anything at the moment, so nothing was changed; try again later.";
    Denial::new(Code::StoreUnavailable, text)
}
