//! Takes back changes of rooms that the store could not keep.
//!
//! Must not know: which request made a change, or who is told.

use super::facts::RoomFact;
use super::room::{Invitee, Member};
use super::{Place, Rooms, facts};
use crate::model::FoldedName;
use crate::protocol::{Event, RoomEvent};
use crate::server::broker::outbox::Outbox;
use crate::server::broker::peers::Peers;
use crate::server::ids::RoomId;

impl Rooms {
    /// Takes back a change of a fact about rooms: this held before under its kind and key, or nothing did.
    /// Its users are told how it is.
    pub(in crate::server::broker) fn take_back(
        &mut self,
        peers: &Peers,
        (kind, key, value): (&str, &str, Option<&str>),
        out: &mut Outbox,
    ) {
        match value.and_then(|value| facts::read(kind, key, value)) {
            Some(RoomFact::Room(id, name, private, modes)) => match self.registry.get_mut(id) {
                Some(room) => {
                    room.modes = modes;
                    self.tell_state(peers, &Place::Room(id, name), out);
                }
                None => self.registry.put(id, name, private, modes),
            },
            Some(RoomFact::Everyone(modes)) => {
                self.everyone.modes = modes;
                self.tell_state(peers, &Place::Everyone, out);
            }
            Some(RoomFact::Member(room, member)) => self.put_back_member(peers, room, member),
            Some(RoomFact::Invited(room, name)) => {
                if let Some(room) = self.registry.get_mut(room) {
                    room.invited.insert(name.folded(), Invitee { name, only: None });
                }
            }
            // A number that was given is not given again, whatever became of the room.
            Some(RoomFact::LastRoom(_)) => {}
            None => self.take_back_new(peers, facts::subject(kind, key)),
        }
    }

    fn tell_state(&self, peers: &Peers, place: &Place, out: &mut Outbox) {
        let told = Event::Room(RoomEvent::Told(self.info(peers, place, None)));
        self.say(place, None, &told.into(), out);
    }

    /// A member is in the room again, or has the former role again.
    fn put_back_member(&mut self, peers: &Peers, id: RoomId, member: Member) {
        let here = peers
            .find(member.name.as_str())
            .filter(|conn| !peers.is_original(*conn) && peers.has_proved(*conn) == member.proved);
        let name = member.name.clone();
        self.registry.enter(id, member);
        if let Some(room) = self.registry.get_mut(id) {
            room.presence.forget(&name);
            room.online.extend(here);
        }
    }

    /// What did not exist before is no more.
    fn take_back_new(&mut self, peers: &Peers, subject: Option<(RoomId, Option<FoldedName>, bool)>) {
        match subject {
            Some((id, Some(user), true)) => {
                let Some(member) = self.registry.leave(id, &user) else { return };
                let conn = peers.find(member.name.as_str());
                if let Some(room) = self.registry.get_mut(id) {
                    room.presence.forget(&member.name);
                    conn.map(|conn| room.online.remove(&conn));
                }
            }
            Some((id, Some(user), false)) => {
                self.registry.get_mut(id).and_then(|room| room.invited.remove(&user));
            }
            Some((id, None, _)) => {
                let members = self.registry.get(id).map(|room| room.members.keys().cloned().collect::<Vec<_>>());
                for user in members.into_iter().flatten() {
                    self.registry.leave(id, &user);
                }
                self.registry.remove_if_empty(id);
            }
            None => {}
        }
    }
}
