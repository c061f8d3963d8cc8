//! The part of the broker in which rooms are made, joined and left, and in which people are asked in.
//!
//! Must not know: what moderators do there (`moderation`), what is said (`messages`), or how any of it is told (`room_told`).

use super::{Invited, Member};
use crate::model::{Name, Now, Rank, RoomName, RoomRole, Text};
use crate::protocol::{Code, Envelope, Event, RoomEvent};
use crate::server::broker::Broker;
use crate::server::broker::lifecycle::facts;
use crate::server::broker::moderation::ranks::Spot;
use crate::server::broker::outbox::Outbox;
use crate::server::ids::ConnId;
use crate::server::ids::RoomId;
use crate::server::limits::{MAX_INVITED, MAX_MEMBERS, MAX_ROOMS, MAX_ROOMS_OF_CLAIMED, MAX_ROOMS_OF_ONE};
use crate::server::store::api::{Conversation, Fact, Job};
use crate::server::telemetry::events::Note;

type Refused = (Code, String);

impl Broker {
    /// A user wants to be in a room, which is made if there is none.
    pub(in crate::server) fn join_room(
        &mut self,
        now: Now,
        (conn, user): (ConnId, &Name),
        reference: Option<String>,
        (written, private): (&str, bool),
        out: &mut Outbox,
    ) -> Result<(), Refused> {
        let name = RoomName::parse(written).map_err(|error| (Code::BadRoom, error.to_string()))?;
        let folded = user.key().folded;
        let proved = self.peers.get(&conn).is_some_and(|peer| peer.identity.is_some());
        let found = self.rooms.find(&name).map(|room| room.id);
        if found.and_then(|id| self.rooms.get(id)).is_some_and(|room| room.online.contains(&conn)) {
            let Some(id) = found else { return Ok(()) };
            self.tell_room(conn, reference, id, out);
            return Ok(());
        }
        let most = if proved { MAX_ROOMS_OF_ONE } else { MAX_ROOMS_OF_CLAIMED };
        if self.rooms.of_user(&folded).len() >= most {
            return Err((Code::TooManyRooms, format!("You are in {most} rooms already; leave one first.")));
        }
        let (id, role) = match found {
            Some(id) => (id, self.may_enter(now, conn, id, &folded)?),
            None => (self.make_room(conn, name, private, out)?, RoomRole::Maker),
        };
        let member = Member { name: user.clone(), role, proved };
        self.keep_member(id, &member, self.is_private(id), out);
        if self.rooms.get(id).is_some_and(|room| room.invited.contains_key(&folded)) {
            self.keep(facts::not_invited(id, &folded), out);
        }
        self.rooms.enter(id, member);
        let Some(room) = self.rooms.get_mut(id) else { return Ok(()) };
        let name = room.name.clone();
        let told = room.presence.join(user, proved, room.online.len());
        // What was said before counts as read.
        self.marks.insert((user.clone(), Conversation::Room(id, name.clone())), self.last_id);
        if told {
            let joined = RoomEvent::Joined { room: name, names: vec![user.clone()] };
            self.say_in_room(id, None, &Envelope { verified: proved, ..Event::Room(joined).into() }, out);
        }
        if let Some(room) = self.rooms.get_mut(id) {
            room.online.insert(conn);
        }
        self.tell_room(conn, reference, id, out);
        Ok(())
    }

    fn may_enter(&self, now: Now, conn: ConnId, id: RoomId, folded: &str) -> Result<RoomRole, Refused> {
        let Some(room) = self.rooms.get(id) else { return Ok(RoomRole::Member) };
        let above = self.role_of(conn).is_moderator();
        let asked = room.invites(folded, conn, self.has_proved(conn));
        if room.members.get(folded).is_some_and(|member| member.proved) && !self.has_proved(conn) {
            let text = format!("Somebody who has proved who they are is in {} under this name.", room.name);
            return Err((Code::NotVerified, text));
        }
        if room.private && !asked && !above {
            // As if there were none, but for that it cannot be made.
            return Err((
                Code::NotInvited,
                format!("{} is private; one of its moderators has to ask you in.", room.name),
            ));
        }
        if let Some(ban) = self.ban_of(conn, Some(id), false, now.wall).filter(|_| !above) {
            return Err((Code::Banned, ban.explain(Some(&room.name), now.wall)));
        }
        if room.members.len() >= MAX_MEMBERS && !room.members.contains_key(folded) {
            return Err((Code::TooManyMembers, format!("{} is full.", room.name)));
        }
        Ok(RoomRole::Member)
    }

    fn make_room(&mut self, conn: ConnId, name: RoomName, private: bool, out: &mut Outbox) -> Result<RoomId, Refused> {
        if let Some(like) = self.rooms.like(&name) {
            // A private room is not told of, not even by what looks like it.
            let like = if self.may_see(conn, like) { like.name.to_string() } else { "another room".to_owned() };
            return Err((Code::RoomTaken, format!("{name} looks like {like}; choose another name.")));
        }
        self.end_abandoned(out);
        if self.rooms.len() >= MAX_ROOMS {
            return Err((Code::TooManyRooms, "The server has too many rooms already.".to_owned()));
        }
        let id = self.rooms.make(name.clone(), private);
        self.keep(facts::last_room(self.rooms.last()), out);
        if let Some(room) = self.rooms.get(id) {
            out.jobs.push(Job::Keep(facts::room(room)));
        }
        out.notes.push(Note::RoomMade { conn, room: name, private });
        Ok(id)
    }

    /// A user leaves a room for good.
    pub(in crate::server) fn leave_room(
        &mut self,
        (conn, user): (ConnId, &Name),
        reference: Option<String>,
        written: &str,
        out: &mut Outbox,
    ) -> Result<(), Refused> {
        let room = self.own_room(conn, written)?;
        let (id, name) = (room.id, room.name.clone());
        let left = RoomEvent::Left { room: name, names: vec![user.clone()], why: None };
        out.send(conn, &Envelope::answer(reference, Event::Room(left)));
        self.take_out(id, &user.key().folded, None, out);
        Ok(())
    }

    /// Somebody is not in a room any more; the others are told, and they themselves if there is a reason to tell.
    pub(in crate::server) fn take_out(&mut self, id: RoomId, folded: &str, why: Option<&Text>, out: &mut Outbox) {
        let Some(member) = self.rooms.leave(id, folded) else { return };
        self.keep(facts::no_member(id, folded), out);
        let conn = self.names.find(member.name.as_str());
        let Some(room) = self.rooms.get_mut(id) else { return };
        room.modes.said.remove(folded);
        let present = room.online.len();
        let here = conn.filter(|conn| room.online.remove(conn));
        let left = RoomEvent::Left { room: room.name.clone(), names: vec![member.name.clone()], why: why.cloned() };
        let left = Envelope::from(Event::Room(left));
        if room.presence.leave(&member.name, member.proved, present) {
            self.say_in_room(id, None, &left, out);
        }
        if let Some(conn) = here.filter(|_| why.is_some()) {
            out.send(conn, &left);
        }
        self.end_if_empty(id, out);
    }

    fn end_if_empty(&mut self, id: RoomId, out: &mut Outbox) {
        out.jobs.extend(self.end_room(id).into_iter().map(Job::Keep));
    }

    /// Ends a room, if nobody is in it; gives what is to be kept of that.
    pub(in crate::server) fn end_room(&mut self, id: RoomId) -> Vec<Fact> {
        let Some(room) = self.rooms.remove_if_empty(id) else { return Vec::new() };
        let mut facts: Vec<Fact> = room.invited.keys().map(|folded| facts::not_invited(id, folded)).collect();
        for number in self.bans.numbers_of(id) {
            self.bans.remove(number);
            facts.push(facts::no_ban(number));
        }
        facts.push(facts::no_room(id));
        facts
    }

    pub(in crate::server) fn is_private(&self, id: RoomId) -> bool {
        self.rooms.get(id).is_some_and(|room| room.private)
    }

    /// Where there is no room for another, the oldest that nobody cares for ends.
    fn end_abandoned(&mut self, out: &mut Outbox) {
        if self.rooms.len() < MAX_ROOMS {
            return;
        }
        let Some(room) = self.rooms.iter().find(|room| room.is_abandoned()) else { return };
        let (id, members): (_, Vec<String>) = (room.id, room.members.keys().cloned().collect());
        for folded in members {
            self.take_out(id, &folded, None, out);
        }
    }

    /// Has it kept that somebody is in a room, as far as it is to outlast their connection and the server's end.
    pub(in crate::server) fn keep_member(&self, id: RoomId, member: &Member, private: bool, out: &mut Outbox) {
        if member.proved {
            self.keep(facts::member(id, member), out);
        } else if !private {
            self.keep(facts::member(id, &Member { role: RoomRole::Member, ..member.clone() }), out);
        }
    }

    /// A name is another's from now on: nothing that was its former owner's is theirs.
    pub(in crate::server) fn forget_user(&mut self, name: &Name, out: &mut Outbox) {
        let folded = name.key().folded;
        for id in self.rooms.of_user(&folded) {
            self.take_out(id, &folded, None, out);
        }
        let invited: Vec<RoomId> =
            self.rooms.iter().filter(|room| room.invited.contains_key(&folded)).map(|room| room.id).collect();
        for id in invited {
            self.keep(facts::not_invited(id, &folded), out);
            if let Some(room) = self.rooms.get_mut(id) {
                room.invited.remove(&folded);
            }
        }
        if self.moderators.remove(&folded).is_some() {
            self.keep(facts::moderator(name, false), out);
        }
        self.forget_ignored(&folded, out);
    }

    /// A user who has come is where they were before, as far as it is theirs.
    pub(in crate::server) fn come_back(&mut self, now: Now, conn: ConnId, name: &Name, proved: bool, out: &mut Outbox) {
        let folded = name.key().folded;
        for id in self.rooms.of_user(&folded) {
            if self.ban_of(conn, Some(id), false, now.wall).is_some() && !self.role_of(conn).is_moderator() {
                // Whom it was about was not here when it came into force.
                self.take_out(id, &folded, None, out);
                continue;
            }
            let Some(room) = self.rooms.get_mut(id) else { continue };
            let Some(member) = room.members.get_mut(&folded) else { continue };
            if member.proved && !proved {
                // It was somebody who had proved who they are.
                continue;
            }
            let (private, present) = (room.private, Member { name: name.clone(), role: member.role, proved });
            let changed = *member != present;
            member.clone_from(&present);
            room.online.insert(conn);
            if changed {
                self.keep_member(id, &present, private, out);
            }
            self.tell_room(conn, None, id, out);
        }
        if !self.everyone.is_plain() {
            let info = self.info(&Spot::Everyone, None);
            out.send(conn, &Event::Room(RoomEvent::Told(info)).into());
        }
    }

    /// A connection's user goes. Whoever only claims a name keeps no rights, and no place where one has to be invited:
    /// another may come under that name.
    pub(in crate::server) fn go_away(&mut self, conn: ConnId, folded: &str, out: &mut Outbox) {
        for id in self.rooms.of_user(folded) {
            let Some(room) = self.rooms.get_mut(id) else { continue };
            if !room.online.remove(&conn) {
                continue;
            }
            let private = room.private;
            let Some(member) = room.members.get_mut(folded).filter(|member| !member.proved) else { continue };
            member.role = RoomRole::Member;
            if private {
                self.take_out(id, folded, None, out);
            }
        }
        if !self.has_proved(conn) {
            self.forget_ignored(folded, out);
        }
    }

    /// Somebody sets what is talked about.
    pub(in crate::server) fn set_topic(
        &mut self,
        now: Now,
        (conn, user): (ConnId, &Name),
        reference: Option<String>,
        (written, text): (&str, Text),
        out: &mut Outbox,
    ) -> Result<(), Refused> {
        let spot = self.spot(conn, written)?;
        let rank = self.rank(conn, spot.room());
        if spot.room().is_some() && rank < Rank::Moderator {
            self.own_room(conn, written)?;
        }
        // Everyone's topic is the whole server's: it is locked from the beginning.
        let locked = spot == Spot::Everyone || self.modes(&spot).is_some_and(|modes| modes.locked);
        self.may_be_heard(now, conn, &spot)?;
        let silent = self.modes(&spot).is_some_and(|modes| modes.read_only);
        if (locked || silent) && rank == Rank::User {
            return Err((Code::NotAllowed, format!("Only moderators set the topic of {}.", spot.target())));
        }
        if let Some(modes) = self.modes_mut(&spot) {
            modes.topic = text.clone();
        }
        self.keep_modes(&spot, out);
        let topic = Event::Room(RoomEvent::Topic { by: user.clone(), place: spot.target(), text });
        out.send(conn, &Envelope::answer(reference, topic.clone()));
        self.say_at(&spot, Some(conn), &topic.into(), out);
        Ok(())
    }

    /// Somebody asks somebody else in.
    pub(in crate::server) fn invite_to_room(
        &mut self,
        now: Now,
        (conn, user): (ConnId, &Name),
        reference: Option<String>,
        (written, whom): (&str, &str),
        out: &mut Outbox,
    ) -> Result<(), Refused> {
        let room =
            if self.role_of(conn).is_moderator() { self.visible(conn, written) } else { self.own_room(conn, written) }?;
        let (id, name) = (room.id, room.name.clone());
        if room.private && self.rank(conn, Some(id)) == Rank::User {
            return Err((Code::NotModerator, format!("{name} is private: only its moderators ask people in.")));
        }
        self.may_be_heard(now, conn, &Spot::Room(id, name.clone()))?;
        let whom = self.user_named(whom)?;
        let folded = whom.key().folded;
        let only = self.invitee(&whom)?;
        if room.members.contains_key(&folded) {
            return Err((Code::NotAllowed, format!("{whom} is in {name} already.")));
        }
        if room.invited.len() >= MAX_INVITED && !room.invited.contains_key(&folded) {
            return Err((Code::TooManyMembers, format!("Too many are asked into {name} and did not come yet.")));
        }
        if only.is_none() {
            self.keep(facts::invited(id, &whom), out);
        }
        if let Some(room) = self.rooms.get_mut(id) {
            room.invited.insert(folded, Invited { name: whom.clone(), only });
        }
        let invited = Event::Room(RoomEvent::Invited { by: user.clone(), room: name });
        out.send(conn, &Envelope::answer(reference, invited.clone()));
        if let Some(other) = self.names.find(whom.as_str()) {
            out.send(other, &invited.into());
        }
        Ok(())
    }

    /// For which connection alone an invitation is; none if it is for the owner of the name.
    fn invitee(&self, whom: &Name) -> Result<Option<ConnId>, Refused> {
        if self.owners.get(whom).is_some() {
            return Ok(None);
        }
        let online = self.names.find(whom.as_str());
        online.map(Some).ok_or_else(|| {
            let text = format!("{whom} is not here, and the name belongs to nobody, so another could come under it.");
            (Code::NotVerified, text)
        })
    }

    /// Has it kept how a place is.
    pub(in crate::server) fn keep_modes(&self, spot: &Spot, out: &mut Outbox) {
        match spot.room().and_then(|id| self.rooms.get(id)) {
            Some(room) => self.keep(facts::room(room), out),
            None => self.keep(facts::everyone(&self.everyone), out),
        }
    }

    pub(in crate::server) fn keep(&self, fact: Fact, out: &mut Outbox) {
        out.jobs.push(Job::Keep(fact));
    }
}
