//! The life of a name: its user takes another one, or leaves for good.
//!
//! From the request until the store has kept it, all sessions of the user wait, so that nothing is said under a name that is
//! no longer theirs. Then they end: whoever took another name joins under it.
//!
//! Must not know: who may have which name (`access`), or how a session ends beyond what is told of it.

use super::access::name_policy::Login;
use super::access::{NewName, in_the_way, taken};
use super::caller::{Caller, Denial};
use super::moderation::bans::Suspect;
use super::peers::{Awaits, Hold, Leaving, Peer};
use super::promises::{NameEnd, Then};
use super::{Broker, Outbox};
use crate::model::{Name, Now, Rank};
use crate::protocol::words::IS_NOW;
use crate::protocol::{Code, Envelope, Event, SessionEvent};
use crate::server::ids::ConnId;
use crate::server::telemetry::events::Note;

impl Broker {
    /// A user asks for another name; that of a local user is looked up as a login first.
    pub(super) fn ask_to_rename(&mut self, now: Now, caller: &Caller, wanted: String, out: &mut Outbox) {
        let local_user = self.peers.origin(caller.conn).and_then(|origin| origin.local_user());
        if let (Some(uid), Ok(name)) = (local_user, Name::restored(&wanted)) {
            if let Err(denial) = self.access.begin_lookup() {
                return caller.refuse(denial, out);
            }
            self.peers.hold(caller.conn, caller.reference.clone(), Awaits::NewLogin(wanted));
            return out.lookups.push((caller.conn, uid, name));
        }
        self.rename(now, caller, (&wanted, Login::Nobodys), out);
    }

    /// A user takes another name, if they may.
    pub(super) fn rename(&mut self, now: Now, caller: &Caller, wanted: (&str, Login), out: &mut Outbox) {
        if let Err(denial) = self.begin(caller.conn, true, out) {
            return caller.refuse(denial, out);
        }
        let done = self.new_name(now, caller, wanted).and_then(|new_name| {
            self.hold_sessions(&caller.user)?;
            self.take_name(now, caller, new_name, out);
            Ok(())
        });
        caller.conclude(done, out);
        self.conclude(now, (caller.conn, caller.reference.clone()), out);
    }

    fn new_name(&self, now: Now, caller: &Caller, (wanted, login): (&str, Login)) -> Result<NewName, Denial> {
        let name = Name::parse(wanted).map_err(|error| Denial::new(Code::BadName, error.to_string()))?;
        let (time, rules) = (self.moderation.time(now), self.lifecycle.rules());
        let new_name = self.access.may_rename((now, time), (caller, &self.peers), (name.clone(), login), rules)?;
        let Some(peer) = self.peers.get(caller.conn) else { return Err(Denial::new(Code::NotVerified, "")) };
        let key = name.key();
        let suspect = Suspect { key: &key, identity: peer.identity(), origin: peer.origin() };
        self.moderation.not_banned(now, Rank::of(caller.role, None), suspect)?;
        if self.moderation.is_named(now, &caller.user) {
            let text = "A ban or a mute names you; you can take another name once it has ended.";
            return Err(Denial::new(Code::NotAllowed, text));
        }
        if in_the_way(&self.peers, &caller.user, peer.identity(), &key) {
            return Err(taken(&name, false));
        }
        Ok(new_name)
    }

    fn take_name(&mut self, now: Now, caller: &Caller, new_name: NewName, out: &mut Outbox) {
        let (old, new) = (new_name.from().clone(), new_name.to().clone());
        self.forget_claims(&new, out);
        self.rooms.rename_user(&old.folded(), &new, out);
        self.moderation.rename_user(&old, &new, out);
        for name in [&old, &new] {
            self.messages.begin_generation(name, out);
            self.access.begin_change(name);
            self.promises.then(Then::EndChange(name.clone()));
        }
        self.access.rename((now, self.moderation.time(now)), new_name, &self.peers, out);
        out.notes.push(Note::Renamed { conn: caller.conn, name: old, to: new.clone() });
        let end = NameEnd::Renamed(new, caller.conn, caller.reference.clone());
        self.promises.then(Then::EndName(caller.user.clone(), end));
    }

    /// A user leaves for good: what they said stays, under their name, and nothing else does.
    pub(super) fn leave_for_good(&mut self, now: Now, caller: &Caller, out: &mut Outbox) -> Result<(), Denial> {
        if self.access.owns(&self.peers, caller).is_err() {
            let text = format!("{} is unverified: nothing is kept for that name. Leave with /exit.", caller.user);
            return Err(Denial::new(Code::NotVerified, text));
        }
        self.hold_sessions(&caller.user)?;
        self.forget_user(&caller.user, out);
        let ownership = self.access.leave_for_good(self.moderation.time(now), (caller, &self.peers), out)?;
        self.keep_owner(ownership, out);
        out.notes.push(Note::NameLeft { conn: caller.conn, name: caller.user.clone() });
        let end = NameEnd::Left(caller.conn, caller.reference.clone());
        self.promises.then(Then::EndName(caller.user.clone(), end));
        Ok(())
    }

    // --- the sessions wait, and end or go on

    /// Has all sessions of a user wait until it is stored what becomes of their name.
    pub(super) fn hold_sessions(&mut self, user: &Name) -> Result<(), Denial> {
        let conns: Vec<ConnId> = self.peers.sessions(user.as_str()).collect();
        if conns.iter().any(|conn| self.peers.is_held(*conn)) {
            let text = format!("Something is just being checked for {user}; try again in a moment.");
            return Err(Denial::new(Code::Busy, text));
        }
        conns.into_iter().for_each(|conn| self.peers.hold(conn, None, Awaits::NameChange));
        Ok(())
    }

    /// What was to become of a name could not be stored: the sessions of its user go on.
    pub(super) fn release_sessions(&mut self, now: Now, user: &Name, out: &mut Outbox) {
        let conns: Vec<ConnId> = self.peers.sessions(user.as_str()).collect();
        for conn in conns {
            let hold = self.peers.release(conn, now.steady, |awaits| *awaits == Awaits::NameChange);
            if let Some(Hold { parked, .. }) = hold.filter(|_| !self.peers.is_leaving(conn)) {
                self.go_on(now, conn, parked, out);
            }
        }
    }

    /// It is stored what becomes of a name: the sessions of its user end. What they asked for meanwhile is not answered.
    pub(super) fn end_name(&mut self, name: &Name, end: NameEnd, out: &mut Outbox) {
        let conns: Vec<ConnId> = self.peers.sessions(name.as_str()).collect();
        let label = |conn: ConnId, (asker, label): (ConnId, &Option<String>)| label.clone().filter(|_| conn == asker);
        for conn in conns {
            match &end {
                NameEnd::Renamed(to, asker, reference) => {
                    let told = Event::Session(SessionEvent::Renamed(to.clone()));
                    let told = Envelope::answer(label(conn, (*asker, reference)), told);
                    self.end_told(conn, &told, &format!("{IS_NOW}{to}"), "renamed", out);
                }
                NameEnd::Left(asker, reference) => {
                    let told = Event::Session(SessionEvent::LeftForGood);
                    let told = Envelope::answer(label(conn, (*asker, reference)), told);
                    self.end_told(conn, &told, "left for good", "left for good", out);
                }
                NameEnd::Freed(removal) => self.end_session(conn, removal.clone(), out),
            }
        }
        match end {
            NameEnd::Renamed(to, ..) => {
                self.access.renamed(name, &to);
                self.lifecycle.rename(name, &to);
            }
            NameEnd::Left(..) | NameEnd::Freed(_) => {
                self.access.forget_known(name);
                self.lifecycle.end_countdown_of(name, name, out);
            }
        }
    }

    /// Ends a session; its client is told why, and the others that its user `is` or did something.
    fn end_told(&mut self, conn: ConnId, told: &Envelope, is: &str, why: &'static str, out: &mut Outbox) {
        let Some(name) = self.peers.get(conn).and_then(Peer::name).cloned() else { return };
        self.peers.take_name(conn);
        out.send(conn, told);
        out.close(conn);
        self.depart(conn, &name, Some(is), out);
        self.leave(conn, Leaving::Gone(why), out);
    }
}
