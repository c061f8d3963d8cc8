//! What one user's sessions have in common: whether the user is away or not to be disturbed, their list, and the end of one
//! that is asked for in another.
//!
//! Must not know: how a session begins (`sessions`), or what is said in one.

use super::caller::{Caller, Denial};
use super::peers::Peer;
use super::promises::Removal;
use super::{Broker, Outbox};
use crate::model::{Name, Text};
use crate::protocol::{Code, Envelope, Event, SessionEvent, SessionLine};
use crate::server::ids::ConnId;
use crate::server::telemetry::events::Note;

impl Broker {
    // --- away

    /// A user is away in one session, or back with a blank text; others see it once it is so in all of them.
    pub(super) fn turn_away(&mut self, caller: &Caller, text: Text, out: &mut Outbox) {
        self.peers.set_away(caller.conn, &text);
        caller.answer(Event::Away(caller.user.clone(), text.clone()), out);
        self.tell_away(&caller.user, Some(caller.conn), out);
        let seen = self.peers.away_as_seen(&caller.user);
        if seen != text {
            out.send(caller.conn, &Event::Away(caller.user.clone(), seen).into());
        }
    }

    /// Tells everybody, but not this connection, if a user's being away has changed with their sessions.
    pub(super) fn tell_away(&mut self, user: &Name, except: Option<ConnId>, out: &mut Outbox) {
        if let Some(text) = self.peers.update_away(user) {
            out.broadcast(except, &Event::Away(user.clone(), text).into());
        }
    }

    // --- not to be disturbed

    /// A user is not to be disturbed in any session, and is away in all of them; or ends that with a blank text.
    pub(super) fn set_undisturbed(&mut self, caller: &Caller, text: Text, out: &mut Outbox) {
        let told = Event::Session(SessionEvent::Undisturbed(text.clone()));
        let conns: Vec<ConnId> = self.peers.sessions(caller.user.as_str()).collect();
        conns.iter().for_each(|conn| self.peers.set_away(*conn, &text));
        self.peers.mark_undisturbed(&caller.user, text);
        caller.answer(told.clone(), out);
        self.tell_others(caller, &told.into(), out);
        self.tell_away(&caller.user, None, out);
    }

    /// A session has begun: it is as undisturbed as the user's others, and a user who was away is back otherwise.
    pub(super) fn join_undisturbed(&mut self, conn: ConnId, user: &Name, out: &mut Outbox) {
        if let Some(text) = self.peers.undisturbed(user).cloned() {
            self.peers.set_away(conn, &text);
            out.send(conn, &Event::Session(SessionEvent::Undisturbed(text)).into());
        }
        self.tell_away(user, None, out);
    }

    // --- the list

    /// Tells the user's other sessions.
    pub(super) fn tell_others(&self, caller: &Caller, envelope: &Envelope, out: &mut Outbox) {
        self.peers.others(caller.conn, &caller.user).for_each(|other| out.send(other, envelope));
    }

    /// Lists the user's own sessions, oldest first.
    pub(super) fn list_sessions(&self, caller: &Caller, out: &mut Outbox) {
        let line = |conn, peer: &Peer| SessionLine {
            number: peer.number(),
            since: peer.joined(),
            from: peer.origin(),
            proof: peer.identity(),
            here: conn == caller.conn,
        };
        for conn in self.peers.sessions(caller.user.as_str()) {
            if let Some(peer) = self.peers.get(conn) {
                caller.answer(Event::Session(SessionEvent::Line(line(conn, peer))), out);
            }
        }
        caller.answer(Event::Session(SessionEvent::End), out);
    }

    /// Ends another session of the user.
    pub(super) fn end_own_session(&mut self, caller: &Caller, number: u32, out: &mut Outbox) -> Result<(), Denial> {
        let is_it = |conn: &ConnId| self.peers.get(*conn).is_some_and(|peer| peer.number() == number);
        let Some(conn) = self.peers.sessions(caller.user.as_str()).find(is_it) else {
            let text = format!("You have no session {number}; /sessions lists them.");
            return Err(Denial::new(Code::NoSuchSession, text));
        };
        if conn == caller.conn {
            return Err(Denial::new(Code::NotAllowed, "This is the session that you are in; leave it with /exit."));
        }
        if let Some(from) = self.peers.origin(conn) {
            out.notes.push(Note::SessionEnded { conn, from, name: caller.user.clone() });
        }
        let denial = Denial::new(Code::TakenOver, "You ended this session from another one.");
        self.end_session(conn, Removal { denial, why: "ended by its user", told: None }, out);
        caller.answer(Event::Session(SessionEvent::Ended(number)), out);
        Ok(())
    }
}
