//! The rooms: their members, roles and modes; and the room that everyone is in.
//!
//! - [`room`]: one room; [`members`]: its members. [`registry`]: all rooms, by number, name and member; [`room_index`]: by
//!   what is asked of all of them.
//! - [`membership`]: rooms are made, joined and left. [`ghosts`]: members who are away for too long.
//! - [`inviting`]: users are invited; [`invited`]: the invitations.
//! - [`returning`]: users connect and disconnect. [`presence`]: arrivals and departures, collected.
//! - [`place`]: everyone or one room, and a user's rank there. [`modes`]: topic, slow mode and the like.
//! - [`listing`]: answers about rooms. [`announce`]: events to all members.
//! - [`facts`]: the stored state. [`restoring`]: restores it. [`taking_back`]: takes back what could not be stored.
//!
//! Must not know: what moderators do (`moderation`), what users write (`messages`), or who owns a name; callers say so.

mod announce;
pub mod facts;
mod ghosts;
mod invited;
mod inviting;
mod listing;
mod members;
mod membership;
mod modes;
mod place;
pub mod presence;
mod registry;
mod restoring;
mod returning;
mod room;
mod room_index;
mod taking_back;

use crate::model::{FoldedName, NameKey, RoomName, Timestamp};
use crate::server::ids::{ConnId, RoomId};
use serde::{Deserialize, Serialize};

use self::invited::Invited;
use self::presence::Presence;
use self::registry::Registry;
use self::room::Modes;

pub(in crate::server::broker) use self::announce::{NODE_LOST, SENT_ELSEWHERE};
pub use self::members::Member;
pub(in crate::server::broker) use self::membership::{Ended, Entered};
pub(in crate::server::broker) use self::modes::ModeChange;
pub(in crate::server::broker) use self::place::Place;
pub(in crate::server::broker) use self::restoring::Restored;
pub(in crate::server::broker) use self::room::Room;

/// The rooms.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(in crate::server::broker) struct Rooms {
    registry: Registry,
    everyone: Everyone,
    invited: Invited,
    /// The steady clock at the last tick.
    now: Timestamp,
    /// Connections whose users were taken out of rooms in which they were.
    #[serde(skip)]
    departures: Vec<(RoomId, ConnId)>,
}

/// The room that everyone is in.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Everyone {
    modes: Modes,
    /// Arrivals and departures that were not announced yet.
    presence: Presence,
}

impl Rooms {
    /// A room by its number.
    pub(in crate::server::broker) fn get(&self, id: RoomId) -> Option<&Room> {
        self.registry.get(id)
    }

    /// Room numbers up to this one were given.
    pub(in crate::server::broker) fn skip(&mut self, last: RoomId) {
        self.registry.skip(last);
    }

    /// The connections whose users were taken out of rooms in which they were, since this was asked last.
    pub(in crate::server::broker) fn take_departures(&mut self) -> Vec<(RoomId, ConnId)> {
        std::mem::take(&mut self.departures)
    }

    /// The number of the room of this name, in any case.
    pub(in crate::server::broker) fn find(&self, name: &RoomName) -> Option<RoomId> {
        self.registry.find(name).map(Room::id)
    }

    /// The members of a room who have this name, or one that looks like it.
    pub(in crate::server::broker) fn alike(&self, id: RoomId, key: &NameKey) -> Vec<&Member> {
        self.registry.alike(id, key)
    }

    /// The rooms of a user, oldest first.
    pub(in crate::server::broker) fn of_user(&self, user: &FoldedName) -> Vec<RoomId> {
        self.registry.of_user(user)
    }

    /// The rooms that a connection's user is in, whose history they may read.
    pub(in crate::server::broker) fn of_connection(&self, conn: ConnId, user: &FoldedName) -> Vec<(RoomId, RoomName)> {
        let rooms = self.registry.of_user(user).into_iter().filter_map(|id| self.registry.get(id));
        rooms.filter(|room| room.members.is_online(conn)).map(|room| (room.id, room.name.clone())).collect()
    }
}
