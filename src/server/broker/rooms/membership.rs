//! Making, joining, leaving and ending rooms; a room ends when it has no members.
//!
//! Must not know: why a member is removed, or who is banned; callers say so.

use super::inviting::{keep_ended, no_longer_invited};
use super::members::Member;
use super::room::Room;
use super::{Rooms, facts};
use crate::model::{FoldedName, Name, RoomName, RoomRole, Text};
use crate::protocol::{Code, Envelope, Event, RoomEvent};
use crate::server::broker::caller::{Caller, Denial};
use crate::server::broker::outbox::{FactChange, Outbox};
use crate::server::broker::peers::Peers;
use crate::server::broker::user_conns::UserConns;
use crate::server::ids::{ConnId, RoomId};
use crate::server::limits::{MAX_MEMBERS, MAX_ROOMS, MAX_ROOMS_OF_CLAIMED, MAX_ROOMS_OF_ONE};
use crate::server::store::api::ConversationId;
use crate::server::telemetry::events::Note;

/// A room that has ended because it has no members. Other parts drop their state about it too.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub(in crate::server::broker) struct Ended {
    /// The room.
    pub(in crate::server::broker) room: RoomId,
    /// What is to be kept of its end, after what other parts kept about it was forgotten: nothing may outlast its room.
    pub(in crate::server::broker) facts: Vec<FactChange>,
}

/// The outcome of joining a room.
#[derive(Debug, Default)]
#[must_use]
pub(in crate::server::broker) struct Entered {
    /// The room's conversation, unless the user was in it before.
    pub(in crate::server::broker) joined: Option<ConversationId>,
    /// The room that ended to make room for this one.
    pub(in crate::server::broker) ended: Vec<Ended>,
}

impl Rooms {
    /// A user joins a room, which is made if it does not exist. `ban` is the refusal of a ban that holds for them there.
    pub(in crate::server::broker) fn join(
        &mut self,
        peers: &Peers,
        caller: &Caller,
        (name, private): (RoomName, bool),
        ban: Option<Denial>,
        out: &mut Outbox,
    ) -> Result<Entered, Denial> {
        let Caller { conn, user, proved, .. } = caller;
        let (conn, proved) = (*conn, *proved);
        let folded = user.folded();
        let found = self.registry.find(&name).map(|room| (room.id, room.members.is_online(conn)));
        if let Some((id, true)) = found {
            self.tell_room(peers, conn, caller.reference.clone(), id, out);
            return Ok(Entered::default());
        }
        let most = if proved { MAX_ROOMS_OF_ONE } else { MAX_ROOMS_OF_CLAIMED };
        if self.registry.of_user(&folded).len() >= most {
            let text = format!("You are already in {most} rooms; leave one first.");
            return Err(Denial::new(Code::TooManyRooms, text));
        }
        let (id, role, ended) = match found {
            Some((id, _)) => {
                self.may_enter(caller, id, &folded, ban)?;
                (id, RoomRole::Member, self.make_place(id, &folded, out))
            }
            None => {
                let (id, ended) = self.make(peers, caller, name, private, out)?;
                (id, RoomRole::Maker, ended)
            }
        };
        let member = Member { name: user.clone(), role, proved };
        let before = self.registry.get(id).and_then(|room| room.members.get(&folded)).cloned();
        self.keep_member(id, before.as_ref(), &member, out);
        keep_ended(self.invited.remove(id, &folded), out);
        self.registry.enter(id, member, self.now);
        let Some(mut room) = self.registry.get_mut(id) else { return Ok(Entered { joined: None, ended }) };
        let (name, present) = (room.name.clone(), room.members.present());
        let told = room.presence.join(user, proved, present);
        drop(room);
        if told {
            let joined = RoomEvent::Joined { room: name.clone(), names: vec![user.clone()] };
            self.say_in_room(id, None, &Envelope { verified: proved, ..Event::Room(joined).into() }, out);
        }
        let others: Vec<ConnId> = peers.others(conn, user).filter(|other| !peers.is_original(*other)).collect();
        if let Some(mut room) = self.registry.get_mut(id) {
            [conn].iter().chain(&others).for_each(|conn| room.members.come(&folded, *conn));
        }
        self.tell_room(peers, conn, caller.reference.clone(), id, out);
        others.iter().for_each(|other| self.tell_room(peers, *other, None, id, out));
        Ok(Entered { joined: Some(ConversationId::Room(id, name)), ended })
    }

    /// Whether a user may enter a room that exists.
    fn may_enter(&self, caller: &Caller, id: RoomId, user: &FoldedName, ban: Option<Denial>) -> Result<(), Denial> {
        let Some(room) = self.registry.get(id) else { return Ok(()) };
        let above = caller.role.is_moderator();
        let invited = self.invites(id, user, caller.conn, caller.proved);
        if room.members.get(user).is_some_and(|member| member.proved) && !caller.proved {
            let text = format!("A verified user is in {} under this name.", room.name);
            return Err(Denial::new(Code::NotVerified, text));
        }
        if room.private && !invited && !above {
            // It seems not to exist, except that it cannot be made.
            let text = format!("{} is private; one of its moderators must invite you.", room.name);
            return Err(Denial::new(Code::NotInvited, text));
        }
        if let Some(ban) = ban.filter(|_| !above) {
            return Err(ban);
        }
        let full = room.members.len() >= MAX_MEMBERS && room.members.ghosts() == 0;
        if full && !room.members.contains(user) {
            return Err(Denial::new(Code::TooManyMembers, format!("{} is full.", room.name)));
        }
        Ok(())
    }

    /// Where a room is full, the member who only claims a name and has been away longest makes place for a new one.
    fn make_place(&mut self, id: RoomId, user: &FoldedName, out: &mut Outbox) -> Vec<Ended> {
        let full = |room: &Room| room.members.len() >= MAX_MEMBERS && !room.members.contains(user);
        if self.registry.get(id).is_some_and(full) {
            return self.drop_ghost(id, out).into_iter().collect();
        }
        Vec::new()
    }

    fn make(
        &mut self,
        peers: &Peers,
        caller: &Caller,
        name: RoomName,
        private: bool,
        out: &mut Outbox,
    ) -> Result<(RoomId, Vec<Ended>), Denial> {
        if let Some(like) = self.registry.like(&name) {
            // A private room stays secret, even when a new name looks like it.
            let visible = self.may_see(peers, caller.conn, like);
            let like = if visible { like.name.to_string() } else { "another room".to_owned() };
            return Err(Denial::new(Code::RoomTaken, format!("{name} looks like {like}; choose another name.")));
        }
        let ended = self.make_space(out)?;
        let id = self.registry.make(name.clone(), private);
        out.keep(facts::last_room(self.registry.last()));
        if let Some(room) = self.registry.get(id) {
            out.keep(facts::room(room));
        }
        out.notes.push(Note::RoomMade { conn: caller.conn, room: name, private });
        Ok((id, ended))
    }

    /// Ends the oldest abandoned rooms if there are too many for another one.
    fn make_space(&mut self, out: &mut Outbox) -> Result<Vec<Ended>, Denial> {
        let excess = (self.registry.len() + 1).saturating_sub(MAX_ROOMS);
        let abandoned = self.registry.index().abandoned.iter().take(excess).filter_map(|id| self.registry.get(*id));
        let users = |room: &Room| room.members.iter().map(|member| member.name.folded()).collect();
        let abandoned: Vec<(RoomId, Vec<FoldedName>)> = abandoned.map(|room| (room.id, users(room))).collect();
        if abandoned.len() < excess {
            return Err(Denial::new(Code::TooManyRooms, "The server has too many rooms."));
        }
        let members = abandoned.into_iter().flat_map(|(id, users)| users.into_iter().map(move |user| (id, user)));
        Ok(members.filter_map(|(id, user)| self.take_out(id, &user, None, out)).collect())
    }

    /// A user leaves a room, and is no longer a member.
    pub(in crate::server::broker) fn leave(
        &mut self,
        peers: &Peers,
        caller: &Caller,
        written: &str,
        out: &mut Outbox,
    ) -> Result<Option<Ended>, Denial> {
        let room = self.own(peers, caller.conn, written)?;
        let (id, name) = (room.id, room.name.clone());
        let others: Vec<ConnId> = room.members.conns_of(&caller.user.folded()).collect();
        let left = Event::Room(RoomEvent::Left { room: name, names: vec![caller.user.clone()], why: None });
        caller.answer(left.clone(), out);
        let left = left.into();
        others.into_iter().filter(|other| *other != caller.conn).for_each(|other| out.send(other, &left));
        Ok(self.take_out(id, &caller.user.folded(), None, out))
    }

    /// Takes a member out of a room. The others are told, and the member too if there is a reason to tell.
    pub(in crate::server::broker) fn take_out(
        &mut self,
        id: RoomId,
        user: &FoldedName,
        why: Option<&Text>,
        out: &mut Outbox,
    ) -> Option<Ended> {
        let (member, here) = self.registry.leave(id, user)?;
        let here: Vec<ConnId> = here.iter().flat_map(UserConns::iter).collect();
        self.departures.extend(here.iter().map(|conn| (id, *conn)));
        out.change(FactChange::of(facts::member(id, &member), facts::no_member(id, user)));
        let mut room = self.registry.get_mut(id)?;
        // When they spoke last is not forgotten: whoever leaves and comes back waits all the same in slow mode.
        let present = room.members.present() + usize::from(!here.is_empty());
        let left = RoomEvent::Left { room: room.name.clone(), names: vec![member.name.clone()], why: why.cloned() };
        let left = Envelope::from(Event::Room(left));
        let told = room.presence.leave(&member.name, member.proved, present);
        drop(room);
        if told {
            self.say_in_room(id, None, &left, out);
        }
        if why.is_some() {
            here.into_iter().for_each(|conn| out.send(conn, &left));
        }
        self.end(id)
    }

    /// Ends a room if it has no members.
    pub(super) fn end(&mut self, id: RoomId) -> Option<Ended> {
        let room = self.registry.remove_if_empty(id)?;
        let invited = self.invited.forget_room(id).into_iter().filter(|ended| ended.stored);
        let invited = invited.map(|ended| no_longer_invited(&ended));
        let ended = FactChange::of(facts::room(&room), facts::no_room(id));
        Some(Ended { room: id, facts: invited.chain([ended]).collect() })
    }

    /// Gives a member another role, and tells them if they are online.
    pub(in crate::server::broker) fn appoint(
        &mut self,
        peers: &Peers,
        id: RoomId,
        name: &Name,
        role: RoomRole,
        out: &mut Outbox,
    ) {
        let Some(mut room) = self.registry.get_mut(id) else { return };
        let Some(before) = room.members.get(&name.folded()).cloned() else { return };
        let member = Member { role, ..before.clone() };
        room.members.put(member.clone(), self.now);
        let here: Vec<ConnId> = room.members.conns_of(&name.folded()).collect();
        drop(room);
        self.keep_member(id, Some(&before), &member, out);
        for conn in here {
            self.tell_room(peers, conn, None, id, out);
        }
    }

    /// Has a membership stored if it is to outlast the connection and the server's end: a user who only claims a name
    /// keeps no rights, and no place in a private room.
    pub(super) fn keep_member(&self, id: RoomId, before: Option<&Member>, member: &Member, out: &mut Outbox) {
        let before = before.map(|before| facts::member(id, before));
        if member.proved {
            out.change(FactChange { now: facts::member(id, member), before });
        } else if !self.registry.get(id).is_some_and(Room::is_private) {
            let now = facts::member(id, &Member { role: RoomRole::Member, ..member.clone() });
            out.change(FactChange { now, before });
        } else {
            out.held_before(before.unwrap_or_else(|| facts::no_member(id, &member.name.folded())));
        }
    }
}
