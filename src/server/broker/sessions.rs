//! The beginning and the end of sessions: a name is requested and given; a user leaves, is cut off, taken over, kicked
//! or banned. All arrivals and departures are in this file.
//!
//! A user's messages are stored even if the user leaves: a connection leaves only once none of its messages is pending.
//!
//! Must not know: who may have which name (`access`), or why a user has to leave, beyond the sentence about it.

use super::access::name_policy::Login;
use super::access::{self, gives_way, taken};
use super::caller::Denial;
use super::moderation::bans::Suspect;
use super::peers::{Awaits, CutReason, Hold, Leaving, NameRequest};
use super::promises::{Removal, Then};
use super::rooms::SENT_ELSEWHERE;
use super::{Broker, Outbox};
use crate::model::name::lenient;
use crate::model::{Name, Now, Origin, Role, Text};
use crate::protocol::{Code, Dialect, Envelope, Event};
use crate::server::ids::ConnId;
use crate::server::store::api::{ConversationId, Job};
use crate::server::telemetry::events::Note;

/// The outcome of asking for a name.
enum Naming {
    /// The name was given.
    Name(Welcomed),
    /// The name is the connection's own from now on, which is to be stored before it is given.
    Bound,
}

/// A connection that was given a name.
struct Welcomed {
    name: Name,
    /// The rights that come with the name.
    role: Role,
    /// Whether the user was online already, in a session that this one ended, or in one that goes on.
    again: bool,
}

impl Broker {
    // --- a session begins

    /// A connection asks for a name. Whatever the outcome, other users can still join.
    pub(super) fn ask_for_name(
        &mut self,
        now: Now,
        (conn, reference): (ConnId, Option<String>),
        (name, take_over): (String, bool),
        out: &mut Outbox,
    ) {
        let Some(peer) = self.peers.get(conn) else { return };
        let wanted = NameRequest { name, take_over };
        if peer.name().is_some() {
            let text = "You already have a name; /rename takes another one.";
            return Denial::new(Code::NamedAlready, text).tell(conn, reference, out);
        }
        if let (Some(uid), Ok(name)) = (peer.origin().local_user(), Name::restored(&wanted.name)) {
            if let Err(denial) = self.access.begin_lookup() {
                return self.refuse_name((conn, reference), &wanted.name, denial, out);
            }
            self.peers.hold(conn, reference, Awaits::Login(wanted));
            return out.lookups.push((conn, uid, name));
        }
        self.join(now, (conn, reference), &wanted, Login::Nobodys, out);
    }

    /// Continues a join once its login was looked up.
    pub(super) fn looked_up(&mut self, now: Now, conn: ConnId, login: Login, out: &mut Outbox) {
        self.access.end_lookup();
        let is_login = |awaits: &Awaits| matches!(awaits, Awaits::Login(_) | Awaits::NewLogin(_));
        let Some(Hold { reference, awaits, parked }) = self.peers.release(conn, now.steady, is_login) else { return };
        if let Awaits::Login(wanted) = awaits {
            self.join(now, (conn, reference), &wanted, login, out);
        } else if let (Awaits::NewLogin(wanted), Ok(caller)) = (awaits, self.peers.caller(conn, reference)) {
            self.rename(now, &caller, (&wanted, login), out);
        }
        self.go_on(now, conn, parked, out);
    }

    /// A connection joins under the name that it asked for, waits until it is stored that the name is its own, or is refused.
    pub(super) fn join(
        &mut self,
        now: Now,
        (conn, reference): (ConnId, Option<String>),
        wanted: &NameRequest,
        login: Login,
        out: &mut Outbox,
    ) {
        match self.give_name(now, conn, wanted, login, out) {
            Ok(Naming::Name(welcomed)) => self.welcome(now, (conn, reference), welcomed, out),
            Ok(Naming::Bound) => {
                self.peers.hold(conn, reference.clone(), Awaits::Binding);
                self.promises.then(Then::Join(conn, wanted.clone(), login));
                self.conclude(now, (conn, reference), out);
            }
            Err(denial) if denial.waits => {
                self.peers.shut_out(conn, reference, wanted.name.clone(), denial);
            }
            Err(denial) => self.refuse_name((conn, reference), &wanted.name, denial, out),
        }
    }

    /// Refuses those who came too often since the last tick.
    pub(super) fn refuse_the_hasty(&mut self, now: Now, out: &mut Outbox) {
        for conn in self.peers.take_shut_out() {
            let hold = self.peers.release(conn, now.steady, |awaits| matches!(awaits, Awaits::Refusal(..)));
            if let Some(Hold { reference, awaits: Awaits::Refusal(name, denial), .. }) = hold {
                self.refuse_name((conn, reference), &name, denial, out);
            }
        }
    }

    fn give_name(
        &mut self,
        now: Now,
        conn: ConnId,
        wanted: &NameRequest,
        login: Login,
        out: &mut Outbox,
    ) -> Result<Naming, Denial> {
        let Some(peer) = self.peers.get(conn) else { return Err(Denial::new(Code::BadName, "")) };
        let name = self.access.parse(&wanted.name, peer.identity())?;
        let (times, rules) = ((now, self.moderation.time(now)), self.lifecycle.rules());
        let admitted = self.access.admit_name(times, (conn, peer), name, login, rules)?;
        let granted = admitted.inherits() && self.moderation.is_granted(&admitted.key().folded);
        let suspect = Suspect { key: admitted.key(), identity: peer.identity(), origin: peer.origin() };
        self.moderation.not_banned(now, admitted.rank(granted), suspect)?;
        self.lifecycle.lets_in(admitted.rank(granted))?;
        let may_go = |name: &Name| {
            let user = name.folded();
            let kept = self.lifecycle.rules().moderators.iter().any(|kept| kept.folded() == user);
            !kept && !self.moderation.is_granted(&user) && self.peers.find(name.as_str()).is_none()
        };
        let stale = self.access.has_room(now, &admitted, may_go)?;
        let original = peer.is_original();
        let near = self.kept_apart(&admitted, peer.identity(), original)?;
        let obstacles = self.obstacles(&admitted, (peer, wanted.take_over))?;
        if let Some(bound) = self.access.bind(now, conn, &admitted, stale) {
            self.keep_binding(admitted.name(), bound, out);
            return Ok(Naming::Bound);
        }
        for other in near {
            self.displace(other, &gives_way(admitted.name()), false, out);
        }
        let again = self.remove_obstacles(admitted.name(), obstacles, out);
        // Another session of a user has the name as the first one spelled it.
        let beside = self.peers.online(admitted.name().as_str()).and_then(|peer| peer.name().cloned());
        let given = match &beside {
            Some(name) => again && self.peers.join_name(conn, name, admitted.is_login()),
            None => self.peers.give_name(conn, admitted.name(), admitted.is_login()),
        };
        if !given {
            return Err(taken(admitted.name(), original));
        }
        self.access.comes(now, conn, &admitted);
        let name = beside.unwrap_or_else(|| admitted.name().clone());
        Ok(Naming::Name(Welcomed { name, role: admitted.role(granted), again }))
    }

    fn welcome(
        &mut self,
        now: Now,
        (conn, reference): (ConnId, Option<String>),
        Welcomed { name, role, again }: Welcomed,
        out: &mut Outbox,
    ) {
        self.peers.enter(conn, &name, (now.wall, self.messages.last_number()));
        let Some(peer) = self.peers.get(conn) else { return };
        let (dialect, proof) = (peer.dialect().unwrap_or(Dialect::Tr226), peer.identity());
        let from = peer.origin();
        let welcome = Event::welcome(&from.as_original());
        out.notes.push(Note::Joined { conn, from, name: name.clone(), dialect, proof });
        if self.access.meet(now, &self.peers, &name) {
            out.jobs.push(Job::Know(name.clone()));
        }
        out.enter(conn, &name);
        let verified = proof.is_some();
        out.send(conn, &Envelope { time: Some(now.wall), verified, ..Envelope::answer(reference, welcome) });
        let unmapped = (from == Origin::Unmapped).then(|| Text::line(access::UNMAPPED));
        for words in self.lifecycle.rules().welcome.clone().into_iter().chain(unmapped) {
            out.send(conn, &Event::Notice(words).into());
        }
        self.promote(conn, role, "You are a moderator.", out);
        if dialect == Dialect::Tr226 {
            self.come_back(now, (conn, &name), verified, out);
        }
        self.lifecycle.tell_countdown(now.steady, conn, out);
        self.join_undisturbed(conn, &name, out);
        self.tell_nodes(conn, out);
        if !again {
            self.rooms.arrive((conn, &name), verified, self.peers.users(), out);
        }
    }

    /// A user of TR2.26 is in their rooms again, and is told whom they ignore.
    pub(super) fn come_back(&mut self, now: Now, (conn, name): (ConnId, &Name), verified: bool, out: &mut Outbox) {
        let rooms = self.rooms.of_user(&name.folded());
        let banned = self.moderation.banned_from(now, &self.peers, conn, &rooms);
        let ended = self.rooms.come_back(&self.peers, (conn, name), &banned, out);
        self.end_rooms(ended, out);
        self.tell_calls_of_rooms(conn, out);
        self.ring_here_too(now, conn, out);
        let own = verified || !self.access.is_owned(name);
        if own
            && self.access.hides_anybody(name)
            && let Ok(caller) = self.peers.caller(conn, None)
        {
            self.access.tell_ignored(&caller, out);
        }
    }

    /// A refused name ends the connection, as in TR2.23.
    pub(super) fn refuse_name(
        &mut self,
        (conn, reference): (ConnId, Option<String>),
        written: &str,
        denial: Denial,
        out: &mut Outbox,
    ) {
        if let Some(from) = self.peers.origin(conn) {
            out.notes.push(Note::NameRefused { conn, from, name: written.to_owned(), code: denial.code });
        }
        if self.peers.is_original(conn) {
            out.address(conn, lenient(written));
            out.send(conn, &Event::NameRefused(Text::line(&denial.text)).into());
        } else {
            denial.tell(conn, reference, out);
        }
        out.close(conn);
        self.forget(conn, "name refused", out);
    }

    // --- a session ends

    /// A connection leaves once its messages are settled, so that no user's message arrives after their departure.
    pub(super) fn leave(&mut self, conn: ConnId, leaving: Leaving, out: &mut Outbox) {
        if let Some(leaving) = self.peers.leave(conn, leaving) {
            self.finish_leaving(conn, leaving, out);
        }
    }

    /// Ends a leaving connection once none of its messages is pending.
    pub(super) fn finish_leaving(&mut self, conn: ConnId, leaving: Leaving, out: &mut Outbox) {
        match leaving {
            Leaving::Gone(why) => self.forget(conn, why, out),
            Leaving::Exit(reference) => {
                let farewell = Event::Exited(Text::line("client disconnected"));
                out.send(conn, &Envelope::answer(reference, farewell));
                out.close(conn);
                self.forget(conn, "exit", out);
            }
        }
    }

    /// Closes a connection that has taken too long, or goes on elsewhere.
    pub(super) fn cut(&mut self, conn: ConnId, reason: CutReason, out: &mut Outbox) {
        let why = match reason {
            CutReason::NoName => {
                let text = Text::line("No name was given in time; connect again.");
                out.send(conn, &Event::NameRefused(text).into());
                "no name given"
            }
            CutReason::NoPong => {
                let text = "Nothing was received from you for too long; connect again.";
                Denial::new(Code::TooSlow, text).tell(conn, None, out);
                "no answer to a ping"
            }
            CutReason::Elsewhere => SENT_ELSEWHERE,
        };
        out.close(conn);
        self.leave(conn, Leaving::Gone(why), out);
    }

    /// Ends a session for another one, and frees its name at once. With `same_person`, the new session is the
    /// same user's, and the others are not told.
    pub(super) fn displace(&mut self, conn: ConnId, text: &str, same_person: bool, out: &mut Outbox) {
        let Some(peer) = self.peers.get(conn) else { return };
        let Some(name) = peer.name().cloned() else { return };
        out.notes.push(Note::TakenOver { conn, from: peer.origin(), name });
        let told = (!same_person).then_some("name taken over");
        self.end_session(conn, Removal { denial: Denial::new(Code::TakenOver, text), why: "taken over", told }, out);
    }

    /// Ends a session that its client has lost. What an earlier try of the client had asked for may come after the session
    /// that it has now, where one of several nodes was slow; then it is that one which ends, and the client comes again.
    pub(super) fn replace_lost(&mut self, conn: ConnId, out: &mut Outbox) {
        let Some(peer) = self.peers.get(conn) else { return };
        let Some(name) = peer.name().cloned() else { return };
        out.notes.push(Note::TakenOver { conn, from: peer.origin(), name });
        let denial = Denial::new(Code::Elsewhere, "You came back over another connection; connect again.");
        self.end_session(conn, Removal { denial, why: "taken over", told: None }, out);
    }

    /// Ends a session at once, which frees its name if it was the last one.
    pub(super) fn end_session(&mut self, conn: ConnId, removal: Removal, out: &mut Outbox) {
        let Some(name) = self.peers.take_name(conn) else { return };
        removal.denial.tell(conn, None, out);
        out.close(conn);
        self.depart(conn, &name, removal.told, out);
        self.leave(conn, Leaving::Gone(removal.why), out);
    }

    /// Forgets a connection; does nothing if that was done before.
    pub(super) fn forget(&mut self, conn: ConnId, why: &'static str, out: &mut Outbox) {
        let Some(peer) = self.peers.remove(conn) else { return };
        self.rooms.forget_connection(conn);
        if let Some(name) = peer.name() {
            if peer.is_original() {
                // Everything that it received counts as read.
                self.messages.mark_all(name, ConversationId::Everyone);
            }
            self.depart_as(conn, name, peer.has_proved(), Some(why), out);
            if self.peers.users() == 0 {
                self.rooms.forget_presence();
                self.messages.flush_marks(out);
            }
        }
        out.notes.push(Note::Left { conn, from: peer.origin(), name: peer.name().cloned(), why });
    }

    /// Ends a session of a name's user, and announces the user's departure with this reason if it was the last one.
    pub(super) fn depart(&mut self, conn: ConnId, name: &Name, why: Option<&str>, out: &mut Outbox) {
        self.depart_as(conn, name, self.peers.has_proved(conn), why, out);
    }

    fn depart_as(&mut self, conn: ConnId, name: &Name, proved: bool, why: Option<&str>, out: &mut Outbox) {
        let users = self.peers.users();
        let user = self.access.name_in_rooms(name);
        self.access.end_session(conn);
        self.end_calls_of(conn, out);
        self.leave_conferences(conn, out);
        let ended = self.rooms.go_away(conn, &user, out);
        self.end_rooms(ended, out);
        // With --trust-names, an unverified user may have had the name of an owner, whose list this is.
        if !proved && !self.access.is_owned(name) {
            self.access.forget_ignored(&name.folded(), out);
        }
        let Some(verified) = self.peers.leave_name(conn, name) else {
            // The user goes on in other sessions.
            return self.tell_away(name, None, out);
        };
        if let Some(why) = why {
            self.rooms.depart((conn, name), verified, users, why, out);
        }
    }
}
