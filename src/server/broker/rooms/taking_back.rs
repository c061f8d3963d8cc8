//! Takes back changes of rooms that the store could not keep.
//!
//! Must not know: which request made a change, or who is told.

use super::facts::RoomFact;
use super::members::Member;
use super::room::Modes;
use super::{Place, Rooms, facts};
use crate::model::FoldedName;
use crate::protocol::{Event, RoomEvent};
use crate::server::broker::outbox::Outbox;
use crate::server::broker::peers::Peers;
use crate::server::broker::user_conns::UserConns;
use crate::server::ids::RoomId;

impl Rooms {
    /// Takes back a change of a fact about rooms: this held before under its kind and key, or nothing did.
    /// Its users are told how it is. Returns the room whose modes have changed with it.
    pub(in crate::server::broker) fn take_back(
        &mut self,
        peers: &Peers,
        (kind, key, value): (&str, &str, Option<&str>),
        out: &mut Outbox,
    ) -> Option<RoomId> {
        match value.and_then(|value| facts::read(kind, key, value)) {
            Some(RoomFact::Room(id, name, private, modes)) if self.registry.get(id).is_none() => {
                self.registry.put(id, name, private, modes);
            }
            Some(RoomFact::Room(id, name, _, modes)) => {
                self.put_back_modes(peers, &Place::Room(id, name), modes, out);
                return Some(id);
            }
            Some(RoomFact::Everyone(modes)) => self.put_back_modes(peers, &Place::Everyone, modes, out),
            Some(RoomFact::Member(room, member)) => self.put_back_member(peers, room, member),
            Some(RoomFact::Invited(room, name)) => {
                self.invited.remove(room, &name.folded());
                self.invited.restore(room, name, self.now);
            }
            // A number that was given is not given again, whatever became of the room.
            Some(RoomFact::LastRoom(_)) => {}
            None => self.take_back_new(facts::subject(kind, key)),
        }
        None
    }

    fn put_back_modes(&mut self, peers: &Peers, place: &Place, before: Modes, out: &mut Outbox) {
        self.change_modes(place, |modes| modes.put_back(before));
        let told = Event::Room(RoomEvent::Told(self.info(peers, place, None)));
        self.say(place, None, &told.into(), out);
    }

    /// A member is in the room again, or has the former role again.
    fn put_back_member(&mut self, peers: &Peers, id: RoomId, member: Member) {
        let proved = member.proved;
        let here: Vec<_> = peers
            .sessions(member.name.as_str())
            .filter(|conn| !peers.is_original(*conn) && peers.has_proved(*conn) == proved)
            .collect();
        let (name, user) = (member.name.clone(), member.name.folded());
        self.registry.enter(id, member, self.now);
        if let Some(mut room) = self.registry.get_mut(id) {
            room.presence.forget(&name);
            for conn in here {
                room.members.come(&user, conn);
            }
        }
    }

    /// What did not exist before is no more.
    fn take_back_new(&mut self, subject: Option<(RoomId, Option<FoldedName>, bool)>) {
        match subject {
            Some((id, Some(user), true)) => {
                let Some((member, here)) = self.registry.leave(id, &user) else { return };
                self.departures.extend(here.iter().flat_map(UserConns::iter).map(|conn| (id, conn)));
                if let Some(mut room) = self.registry.get_mut(id) {
                    room.presence.forget(&member.name);
                }
            }
            Some((id, Some(user), false)) => drop(self.invited.remove(id, &user)),
            Some((id, None, _)) => {
                let members = self.registry.get(id).into_iter().flat_map(|room| room.members.iter());
                let members: Vec<FoldedName> = members.map(|member| member.name.folded()).collect();
                for user in members {
                    let here = self.registry.leave(id, &user).and_then(|(_, here)| here);
                    self.departures.extend(here.iter().flat_map(UserConns::iter).map(|conn| (id, conn)));
                }
                self.registry.remove_if_empty(id);
            }
            None => {}
        }
    }
}
