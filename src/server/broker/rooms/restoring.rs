//! Restores the rooms of the server's previous run.
//!
//! Must not know: where they are stored, or how facts are written (`facts`).

use super::Rooms;
use super::facts;
use super::facts::RoomFact;
use super::membership::Ended;
use crate::model::Timestamp;
use crate::server::ids::RoomId;
use crate::server::limits::MAX_GHOSTS;
use crate::server::store::api::Fact;

/// What a restart ended.
#[derive(Debug, Default)]
pub(in crate::server::broker) struct Restored {
    /// Rooms without members: a private room of users who only claimed their names ended with the server.
    pub(in crate::server::broker) ended: Vec<Ended>,
    /// What is stored of rooms that are not there, and of members who only claim their names where there are too many.
    pub(in crate::server::broker) facts: Vec<Fact>,
}

impl Rooms {
    /// Restores the stored rooms.
    pub(in crate::server::broker) fn restore(&mut self, facts: Vec<RoomFact>) -> Restored {
        let mut restored = Restored::default();
        // Rooms come before their members.
        let (people, rooms): (Vec<_>, Vec<_>) =
            facts.into_iter().partition(|fact| matches!(fact, RoomFact::Member(..) | RoomFact::Invited(..)));
        for fact in rooms.into_iter().chain(people) {
            match fact {
                RoomFact::Room(id, name, private, modes) => self.registry.put(id, name, private, modes),
                RoomFact::LastRoom(id) => self.registry.skip(id),
                RoomFact::Everyone(modes) => self.everyone.modes = modes,
                RoomFact::Member(room, member) => {
                    let user = member.name.folded();
                    let ghosts = self.registry.get(room).map(|room| room.members.ghosts());
                    if ghosts.is_some_and(|ghosts| member.proved || ghosts < MAX_GHOSTS) {
                        // Members who only claim their names have been away since the start.
                        self.registry.enter(room, member, Timestamp::default());
                    } else {
                        restored.facts.push(facts::no_member(room, &user));
                    }
                }
                RoomFact::Invited(room, name) => match self.registry.get(room) {
                    Some(_) => self.invited.restore(room, name, Timestamp::default()),
                    None => restored.facts.push(facts::not_invited(room, &name.folded())),
                },
            }
        }
        let empty: Vec<RoomId> =
            self.registry.iter().filter(|room| room.members.is_empty()).map(|room| room.id).collect();
        restored.ended = empty.into_iter().filter_map(|id| self.end(id)).collect();
        restored
    }
}
