//! The part of the broker that lets connections in under a name, and ends the older ones that stand in the way.
//!
//! Must not know: who may come in under which name (`entry`), or how a login is looked up.

use super::invitations::Grant;
use super::names::{Allowance, groups};
use super::owners::Unbound;
use super::policy::{Asker, Bind, Entry, Login, decide};
use crate::model::name::lenient;
use crate::model::{Identity, Name, Now, Origin, Rank, Role, Text};
use crate::protocol::{Code, Command, Dialect, Envelope, Event, Refusal, Request};
use crate::server::broker::moderation::bans::Suspect;
use crate::server::broker::outbox::Outbox;
use crate::server::broker::peer::{Awaits, Hold, Leaving};
use crate::server::broker::{Broker, say_refusal};
use crate::server::ids::ConnId;
use crate::server::limits::{LIST_BYTES, MAX_LOOKUPS, MAX_NAMES_OF_ONE};
use crate::server::store::api::Job;
use crate::server::telemetry::events::Note;

/// What is told of who is away beside their text, in bytes, at most about.
const AWAY_BYTES: usize = 256;

/// What a connection asks for when it gives a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The name, as the person wrote it.
    pub name: String,
    /// Whether an older session of the same owner is to end.
    pub take_over: bool,
}

/// What somebody who comes in is given.
struct Place {
    name: Name,
    /// The rights that come with it.
    role: Role,
    /// Whether they were there already, in a session that this one ended.
    again: bool,
}

impl Broker {
    /// A connection asks for a name. Whatever the outcome, everybody else can still join.
    pub(in crate::server) fn join(&mut self, now: Now, conn: ConnId, request: Request, out: &mut Outbox) {
        let Some(peer) = self.peers.get_mut(&conn) else { return };
        let Request { reference, command } = request;
        let wanted = match command {
            Command::Name(name) => Wanted { name, take_over: false },
            Command::TakeOver(name) => Wanted { name, take_over: true },
            _ => return,
        };
        if peer.name.is_some() {
            let text = "You have a name already; leave and join again for another.";
            return say_refusal(conn, Refusal::new(reference, Code::NamedAlready, text), out);
        }
        if let (Origin::Unix(uid), Ok(name)) = (peer.origin, Name::parse(&wanted.name)) {
            if self.lookups >= MAX_LOOKUPS {
                let text = "Too many are joining at once; try again in a moment.".to_owned();
                return self.refuse_name(conn, &wanted.name, Refusal::new(reference, Code::Busy, text), out);
            }
            self.lookups += 1;
            peer.hold = Some(Box::new(Hold { reference, awaits: Awaits::Login(wanted), held: Vec::new() }));
            return out.lookups.push((conn, uid, name));
        }
        self.join_as(now, conn, reference, wanted, Login::Nobodys, out);
    }

    /// A login was looked up.
    pub(in crate::server) fn looked_up(&mut self, now: Now, conn: ConnId, login: Login, out: &mut Outbox) {
        self.lookups = self.lookups.saturating_sub(1);
        let Some(peer) = self.peers.get_mut(&conn) else { return };
        let Some(Hold { reference, awaits, held }) = peer.hold.take().map(|hold| *hold) else { return };
        let Awaits::Login(wanted) = awaits else { return };
        peer.since = now.steady;
        self.join_as(now, conn, reference, wanted, login, out);
        for request in held {
            self.request(now, conn, request, out);
        }
    }

    fn join_as(
        &mut self,
        now: Now,
        conn: ConnId,
        reference: Option<String>,
        wanted: Wanted,
        login: Login,
        out: &mut Outbox,
    ) {
        match self.name_for(now, conn, &wanted, login, out) {
            Ok(place) => self.welcome(now, conn, place, reference, out),
            Err((code, text)) => self.refuse_name(conn, &wanted.name, Refusal::new(reference, code, text), out),
        }
    }

    /// The place that is given for what was asked.
    fn name_for(
        &mut self,
        now: Now,
        conn: ConnId,
        wanted: &Wanted,
        login: Login,
        out: &mut Outbox,
    ) -> Result<Place, (Code, String)> {
        let name = Name::parse(&wanted.name).map_err(|error| (Code::BadName, error.to_string()))?;
        let Some(peer) = self.peers.get(&conn) else { return Err((Code::BadName, String::new())) };
        let grant = peer.ticket.and_then(|ticket| self.invitations.grant(ticket, now.steady));
        let asker = Asker { identity: peer.identity, origin: peer.origin, role: peer.role, grant, login };
        let key = name.key();
        let kept = self.rules.moderators.iter().find(|kept| kept.key().clashes(&key));
        let entry = decide(&asker, &name, self.owners.find(&key), kept, &self.rules)?;
        let granted = entry.own && !matches!(entry.bind, Bind::Alone(_)) && self.moderators.contains_key(&key.folded);
        let rank = if entry.moderator || asker.identity == Some(Identity::Uid(self.rules.own_uid)) {
            Rank::Keeper
        } else {
            Rank::of(if granted { Role::Moderator } else { asker.role }, None)
        };
        self.not_banned(now, rank, Suspect { key: &key, identity: asker.identity, origin: asker.origin })?;
        if let Bind::Add(identity) = entry.bind {
            self.owners.has_room(&name, identity).map_err(|why| self.no_room(identity, why))?;
        }
        let original = peer.is_original();
        let (ticket, newcomer) = (peer.ticket, matches!(asker.grant, Some(Grant::Newcomer)));
        let is_login = asker.login == Login::Own;
        let again = self.make_way(conn, &name, (entry, is_login), wanted.take_over, out)?;
        if !self.names.give(&name, conn, asker.identity.is_some()) {
            return Err((Code::NameTaken, taken(&name, original)));
        }
        let used = matches!(entry.bind, Bind::Add(_)) && (entry.own || newcomer);
        if let Some(ticket) = ticket.filter(|_| used) {
            self.invitations.take(ticket);
        }
        let owner = match entry.bind {
            Bind::Not => None,
            Bind::Add(identity) => Some(self.owners.bind(&name, identity, now.wall)),
            Bind::Alone(identity) => {
                // Codes of whoever had the name before would let them in again.
                self.invitations.forget(&name);
                self.forget_user(&name, out);
                if let Some(evicted) = self.owners.evict_look_alike(&key) {
                    self.forget_user(&evicted.name, out);
                    out.jobs.push(Job::Own(evicted));
                }
                Some(self.owners.reclaim(&name, identity, now.wall))
            }
        };
        if let Some(owner) = owner {
            out.notes.push(Note::Bound { name: name.clone(), proofs: owner.proofs.len() });
            out.jobs.push(Job::Own(owner));
        }
        if let Some(peer) = self.peers.get_mut(&conn) {
            peer.is_login = is_login;
        }
        let role = if entry.moderator {
            Role::Keeper
        } else if granted {
            Role::Moderator
        } else {
            Role::User
        };
        Ok(Place { name, role, again })
    }

    /// Ends the sessions that stand in the way of one that may have the name for itself; `true` if one was of the same
    /// person.
    fn make_way(
        &mut self,
        conn: ConnId,
        name: &Name,
        (entry, is_login): (Entry, bool),
        take_over: bool,
        out: &mut Outbox,
    ) -> Result<bool, (Code, String)> {
        let mut again = false;
        for other in self.names.clashing(&name.key()) {
            let Some(peer) = self.peers.get(&other) else { continue };
            let same_name = peer.name.as_ref().is_some_and(|held| held.key().folded == name.key().folded);
            let same_owner = entry.own && same_name && peer.identity.is_some() && !matches!(entry.bind, Bind::Alone(_));
            if same_owner && take_over {
                self.displace(other, "You have joined from elsewhere, and this session ends here.", true, out);
                again = true;
            } else if same_owner {
                let text = format!("You are online as {name} already; that session can be taken over.");
                return Err((Code::NameInUse, text));
            } else if entry.own && (same_name || peer.identity.is_none() || is_login && !peer.is_login) {
                let text = format!("The name {name} belongs to somebody who has come now; join under another.");
                self.displace(other, &text, false, out);
            } else {
                let original = self.is_original(conn);
                return Err((Code::NameTaken, taken(name, original)));
            }
        }
        Ok(again)
    }

    /// Ends a session and frees its name at once. What it has said is still stored; whoever is told of people hears
    /// nothing if it is the same person who comes.
    pub(in crate::server) fn displace(&mut self, conn: ConnId, text: &str, same_person: bool, out: &mut Outbox) {
        let Some(name) = self.peers.get(&conn).and_then(|peer| peer.name.clone()) else { return };
        out.notes.push(Note::TakenOver { conn, name });
        self.end_session(conn, (Code::TakenOver, text), (!same_person).then_some("name taken over"), "taken over", out);
    }

    /// Ends a session that a moderator wants to be gone.
    pub(in crate::server) fn expel(
        &mut self,
        conn: ConnId,
        code: Code,
        text: &str,
        why: &'static str,
        out: &mut Outbox,
    ) {
        self.end_session(conn, (code, text), Some(why), why, out);
    }

    fn end_session(
        &mut self,
        conn: ConnId,
        (code, text): (Code, &str),
        told: Option<&'static str>,
        why: &'static str,
        out: &mut Outbox,
    ) {
        let Some(peer) = self.peers.get_mut(&conn) else { return };
        let Some(name) = peer.name.take() else { return };
        say_refusal(conn, Refusal::new(None, code, text), out);
        out.close(conn);
        self.depart(&name, told, conn, out);
        self.leave_after(conn, Leaving::Gone(why), out);
    }

    fn no_room(&self, identity: Identity, why: Unbound) -> (Code, String) {
        match why {
            Unbound::TooManyNames => {
                let names: Vec<&str> = self.owners.names_of(identity).map(Name::as_str).collect();
                let text = format!("You have {MAX_NAMES_OF_ONE} names already: {}; join under one.", names.join(", "));
                (Code::TooManyNames, text)
            }
            Unbound::Full => (Code::ServerFull, "The server cannot remember more names.".to_owned()),
            Unbound::TooManyProofs => {
                (Code::TooManyNames, "This name has too many keys; revoke one with /revoke-key first.".to_owned())
            }
        }
    }

    fn welcome(
        &mut self,
        now: Now,
        conn: ConnId,
        Place { name, role, again }: Place,
        reference: Option<String>,
        out: &mut Outbox,
    ) {
        let Some(peer) = self.peers.get_mut(&conn) else { return };
        peer.name = Some(name.clone());
        peer.joined = now.wall;
        peer.ticket = None;
        let dialect = peer.dialect.unwrap_or(Dialect::Tr226);
        let proof = peer.identity;
        let welcome = Event::welcome(&peer.origin.as_original());
        out.notes.push(Note::Joined { conn, name: name.clone(), dialect, proof });
        if self.known.meet(&name) {
            out.jobs.push(Job::Know(name.clone()));
        }
        out.enter(conn, &name);
        let verified = proof.is_some();
        out.send(conn, &Envelope { time: Some(now.wall), verified, ..Envelope::answer(reference, welcome) });
        if let Some(words) = &self.rules.welcome {
            out.send(conn, &Event::Notice(words.clone()).into());
        }
        self.promote(conn, role, "You are a moderator.", out);
        if dialect == Dialect::Tr226 {
            self.come_back(now, conn, &name, verified, out);
            if self.hides_somebody(&name) {
                self.tell_ignored((conn, &name), None, out);
            }
        }
        self.tell_countdown(now.steady, conn, out);
        if !again {
            self.arrive(conn, &name, verified, out);
        }
    }

    /// A refused name ends the connection, as in the original.
    fn refuse_name(&mut self, conn: ConnId, raw: &str, refusal: Refusal, out: &mut Outbox) {
        out.notes.push(Note::NameRefused { conn, name: raw.to_owned(), code: refusal.code });
        if self.is_original(conn) {
            out.address(conn, lenient(raw));
            out.send(conn, &Event::NameRefused(Text::line(&refusal.text)).into());
        } else {
            say_refusal(conn, refusal, out);
        }
        out.close(conn);
        self.leave(conn, "name refused", out);
    }

    /// Who is connected, in the order in which they came, in as many frames as it takes: first those who have proved who
    /// they are, for whoever can be told so.
    pub(in crate::server) fn list(&self, conn: ConnId, reference: Option<String>, out: &mut Outbox) {
        let batch = Some(format!("list-{conn}"));
        let mut allowance = Allowance::default();
        let frame =
            |event, verified| Envelope { batch: batch.clone(), verified, ..Envelope::answer(reference.clone(), event) };
        if self.is_original(conn) {
            // Told in packets, of which not many may wait.
            for group in groups(self.names.in_order().map(|(name, _)| name), LIST_BYTES) {
                if allowance.takes(LIST_BYTES) {
                    out.send(conn, &frame(Event::Clients(group), false));
                }
            }
        } else {
            for verified in [true, false] {
                let names = self.names.in_order().filter(|(_, proved)| *proved == verified).map(|(name, _)| name);
                for group in groups(names, LIST_BYTES).into_iter().filter(|group| !group.is_empty()) {
                    if allowance.takes(LIST_BYTES) {
                        out.send(conn, &frame(Event::Clients(group), verified));
                    }
                }
            }
        }
        let original = self.is_original(conn);
        for name in self.names.away().filter(|_| !original) {
            let peer = self.names.find(name.as_str()).and_then(|conn| self.peers.get(&conn));
            if let Some(peer) = peer.filter(|peer| allowance.takes(AWAY_BYTES + peer.away.as_str().len())) {
                out.send(conn, &frame(Event::Away(name.clone(), peer.away.clone()), false));
            }
        }
        out.send(conn, &frame(Event::ListEnd, false));
    }
}

fn taken(name: &Name, original: bool) -> String {
    if original {
        return "This username is already taken. You need to connect again and use another one".to_owned();
    }
    format!("The name {name}, or one that looks like it, is taken; choose another.")
}
