//! The part of the broker that goes on from what was kept: rooms and who is in them, bans, moderators, whom people hide.
//!
//! Must not know: where it was kept, or how it is written (`facts`).

use super::facts::{self, Known};
use crate::server::broker::Broker;
use crate::server::broker::rooms::Invited;
use crate::server::ids::RoomId;
use crate::server::limits::{MAX_IGNORED, MAX_IGNORED_IN_ALL};

impl Broker {
    /// Takes up what holds. What makes no sense any more is left out.
    pub(in crate::server) fn remember(&mut self, kept: Vec<(String, String, String)>) {
        // Rooms come before those who are in them.
        let (mut members, mut damaged) = (Vec::new(), 0);
        for (kind, key, value) in kept {
            match facts::read(&kind, &key, &value) {
                Some(Known::Room(id, name, private, modes)) => self.rooms.put(id, name, private, modes),
                Some(Known::LastRoom(id)) => self.rooms.skip(id),
                Some(Known::Everyone(modes)) => self.everyone = modes,
                Some(Known::Ban(number, ban)) => self.bans.insert(number, ban),
                Some(Known::Moderator(name)) => {
                    self.moderators.insert(name.key().folded, name);
                }
                Some(Known::Ignored(user, other)) => {
                    let ignored = self.ignored.entry(user).or_default();
                    if ignored.len() < MAX_IGNORED && self.ignored_in_all < MAX_IGNORED_IN_ALL {
                        ignored.insert(other.key().folded, other);
                        self.ignored_in_all += 1;
                    }
                }
                Some(member @ (Known::Member(..) | Known::Invited(..))) => members.push(member),
                None => damaged += 1,
            }
        }
        for known in members {
            match known {
                Known::Member(room, member) => self.rooms.enter(room, member),
                Known::Invited(room, name) => {
                    if let Some(room) = self.rooms.get_mut(room) {
                        room.invited.insert(name.key().folded, Invited { name, only: None });
                    }
                }
                _ => {}
            }
        }
        // What was private among those who only claimed their names ended with the server.
        let empty: Vec<RoomId> = self.rooms.iter().filter(|room| room.members.is_empty()).map(|room| room.id).collect();
        for id in empty {
            let ended = self.end_room(id);
            self.forgotten.extend(ended);
        }
        self.facts_lost = damaged;
    }
}
