//! The part of the broker that gives and takes moderator rights, and writes down and tells what moderators did.
//!
//! Must not know: which rank an act takes (`authority`), or how the moderators' log is kept.

use super::Actor;
use super::authority::Subject;
use super::ranks::Spot;
use crate::model::{Name, Now, Rank, Role, RoomRole, Text, Whom};
use crate::protocol::{Code, Done, Envelope, Event, Refusal, RoomEvent, Span, Verb};
use crate::server::broker::lifecycle::facts;
use crate::server::broker::outbox::Outbox;
use crate::server::broker::{Broker, say_refusal};
use crate::server::ids::ConnId;
use crate::server::store::api::{Acted, Deleted, Deletion, Job, What};
use crate::server::telemetry::events::Note;

type Refused = (Code, String);

impl Broker {
    /// Writes down what was done, and tells those it concerns. Whoever is no moderator is told of names, but not of addresses
    /// and keys.
    pub(in crate::server) fn record(&mut self, now: Now, actor: &Actor<'_>, done: Done, out: &mut Outbox) {
        let Actor { conn, user, reference, spot } = actor;
        let acted = Acted { time: now.wall, by: (*user).clone(), room: spot.room(), done: done.clone() };
        out.jobs.push(Job::Log(acted));
        out.notes.push(Note::Acted { conn: *conn, name: (*user).clone(), place: spot.target(), done: done.clone() });
        let event = |done| Event::Room(RoomEvent::Acted { by: (*user).clone(), place: spot.target(), done });
        out.send(*conn, &Envelope::answer(reference.clone(), event(done.clone())));
        let public = |subject: &Text| matches!(subject.as_str().parse(), Ok(Whom::Name(_)));
        let short = Done { subject: done.subject.clone().filter(public), ..done };
        self.say_at(spot, Some(*conn), &event(short).into(), out);
    }

    /// Somebody becomes a moderator of a place.
    pub(in crate::server) fn grant(&mut self, actor: &Actor<'_>, name: &Name, out: &mut Outbox) -> Result<(), Refused> {
        self.permit(actor, Verb::Grant, Some(name))?;
        let folded = name.key().folded;
        let online = self.names.find(name.as_str());
        match &actor.spot {
            Spot::Room(id, room) => {
                let member = self.rooms.get_mut(*id).and_then(|room| room.members.get_mut(&folded));
                let member = member.ok_or_else(|| (Code::NotInRoom, format!("{name} is not in {room}.")))?;
                member.role = RoomRole::Moderator;
                let member = member.clone();
                self.keep_member(*id, &member, self.is_private(*id), out);
                self.tell_standing(online, &actor.spot, out);
            }
            Spot::Everyone => {
                if self.owners.get(name).is_none() {
                    let text =
                        format!("{name} has not proved who they are, so another could have these rights instead.");
                    return Err((Code::NotVerified, text));
                }
                self.moderators.insert(folded, name.clone());
                self.keep(facts::moderator(name, true), out);
                let verified = |conn: &ConnId| self.peers.get(conn).is_some_and(|peer| peer.identity.is_some());
                if let Some(conn) = online.filter(verified) {
                    self.promote(conn, Role::Moderator, "You are a moderator now.", out);
                }
            }
        }
        Ok(())
    }

    /// Somebody is no moderator of a place any more. From this moment on they cannot act.
    pub(in crate::server) fn revoke_rights(
        &mut self,
        actor: &Actor<'_>,
        name: &Name,
        out: &mut Outbox,
    ) -> Result<(), Refused> {
        self.permit(actor, Verb::Revoke, Some(name))?;
        let folded = name.key().folded;
        let online = self.names.find(name.as_str());
        match &actor.spot {
            Spot::Room(id, room) => {
                let member = self.rooms.get_mut(*id).and_then(|room| room.members.get_mut(&folded));
                let member = member.filter(|member| member.role != RoomRole::Member);
                let member = member.ok_or_else(|| (Code::NotAllowed, format!("{name} is no moderator of {room}.")))?;
                member.role = RoomRole::Member;
                let member = member.clone();
                self.keep_member(*id, &member, self.is_private(*id), out);
                self.tell_standing(online, &actor.spot, out);
            }
            Spot::Everyone => {
                let own = self.subject(actor.user, name, None) == Subject::Oneself;
                let granted = self.moderators.remove(&folded).is_some();
                let here = online.filter(|conn| self.role_of(*conn).is_moderator());
                if !granted && here.is_none() {
                    return Err((Code::NotAllowed, format!("{name} is no moderator of the server.")));
                }
                self.keep(facts::moderator(name, false), out);
                // What they made for others may be in the wrong hands.
                self.invitations.forget(name);
                if let Some(peer) = here.and_then(|conn| self.peers.get_mut(&conn)) {
                    (peer.role, peer.passphrase) = (Role::User, false);
                }
                if let Some(conn) = here {
                    self.end_countdown_of(name, actor.user, out);
                    let text = if own {
                        "You are no moderator any more, as you wish."
                    } else {
                        "You are no moderator any more."
                    };
                    out.send(conn, &Event::Demoted(Text::line(text)).into());
                }
            }
        }
        Ok(())
    }

    /// A session has moderator rights from now on.
    pub(in crate::server) fn promote(&mut self, conn: ConnId, role: Role, words: &str, out: &mut Outbox) {
        let Some(peer) = self.peers.get_mut(&conn).filter(|peer| peer.role < role) else { return };
        let (proved, original) = (peer.identity.is_some(), peer.is_original());
        peer.role = role;
        out.notes.push(Note::Moderator { conn, name: peer.name.clone(), trusted: !proved });
        if !original {
            out.send(conn, &Event::Moderator(Text::line(words)).into());
        }
        self.tell_trouble(conn, out);
    }

    fn tell_standing(&self, online: Option<ConnId>, spot: &Spot, out: &mut Outbox) {
        let here = |conn: &ConnId| {
            spot.room().and_then(|id| self.rooms.get(id)).is_some_and(|room| room.online.contains(conn))
        };
        if let (Some(conn), Some(id)) = (online.filter(here), spot.room()) {
            self.tell_room(conn, None, id, out);
        }
    }

    /// The store tells what became of a message that was to be deleted.
    pub(in crate::server) fn deleted(&mut self, now: Now, deletion: Deletion, out: &mut Outbox) {
        let Deletion { requester, reference, by, within, id, reason, outcome, .. } = deletion;
        let conn = ConnId(requester.0);
        let refused = match outcome {
            Some(Deleted::Done(from)) => {
                let spot = Spot::of(&within);
                let event =
                    Event::Room(RoomEvent::Deleted { from: from.clone(), place: within.target(), by: by.clone() });
                self.say_at(&spot, None, &Envelope { id: Some(id), ..event.into() }, out);
                let subject = Some(Text::line(from.as_str()));
                let done = Done { verb: Verb::Delete, subject, time: None, on: false, reason };
                return self.record(now, &Actor { conn, user: &by, reference, spot }, done, out);
            }
            Some(Deleted::Spared(from)) => {
                let text = format!("It is a message of {from}, who stands as high as you do here, or higher.");
                return say_refusal(conn, Refusal::new(reference, Code::NotAllowed, text), out);
            }
            Some(Deleted::NotThere) => (Code::NoSuchMessage, "There is no such message there, or not any more."),
            Some(Deleted::Unavailable) | None => {
                (Code::StoreUnavailable, "The server cannot change its history at present; try again later.")
            }
        };
        say_refusal(conn, Refusal::new(reference, refused.0, refused.1), out);
    }

    /// What moderators did in a place: all of it for moderators, what concerns their room in short for its members.
    pub(in crate::server) fn modlog(&self, conn: ConnId, written: &str, span: Span) -> Result<What, Refused> {
        let spot = self.spot(conn, written)?;
        let whole = self.rank(conn, spot.room()) > Rank::User;
        if spot == Spot::Everyone && !whole {
            return Err((Code::NotModerator, "Only moderators read what was done on the whole server.".to_owned()));
        }
        if !whole {
            self.own_room(conn, written)?;
        }
        let room = match spot {
            Spot::Everyone => None,
            Spot::Room(id, name) => Some((id, name)),
        };
        Ok(What::Modlog { room, whole, span })
    }
}
