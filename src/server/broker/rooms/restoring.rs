//! Restores the rooms of the server's previous run.
//!
//! Must not know: where they are stored, or how facts are written (`facts`).

use super::Rooms;
use super::facts::RoomFact;
use super::membership::Ended;
use super::room::Invitee;
use crate::server::ids::RoomId;

impl Rooms {
    /// Restores the stored rooms. Rooms without members end: a private room of users who only claimed their names ended
    /// with the server. Returns the ended rooms with the changes to the stored facts.
    pub(in crate::server::broker) fn restore(&mut self, facts: Vec<RoomFact>) -> Vec<Ended> {
        // Rooms come before their members.
        let (people, rooms): (Vec<_>, Vec<_>) =
            facts.into_iter().partition(|fact| matches!(fact, RoomFact::Member(..) | RoomFact::Invited(..)));
        for fact in rooms.into_iter().chain(people) {
            match fact {
                RoomFact::Room(id, name, private, modes) => self.registry.put(id, name, private, modes),
                RoomFact::LastRoom(id) => self.registry.skip(id),
                RoomFact::Everyone(modes) => self.everyone.modes = modes,
                RoomFact::Member(room, member) => self.registry.enter(room, member),
                RoomFact::Invited(room, name) => {
                    if let Some(room) = self.registry.get_mut(room) {
                        room.invited.insert(name.folded(), Invitee { name, only: None });
                    }
                }
            }
        }
        let empty: Vec<RoomId> =
            self.registry.iter().filter(|room| room.members.is_empty()).map(|room| room.id).collect();
        empty.into_iter().filter_map(|id| self.end(id)).collect()
    }
}
