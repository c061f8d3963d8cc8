//! Places: the whole server or one room; which of them a user may know of, and their rank there.
//!
//! Must not know: which rank an act takes (`moderation`).

use super::Rooms;
use super::room::{Modes, Room};
use crate::model::room::ROOM_SIGN;
use crate::model::{FoldedName, Rank, RoomName, RoomRole, Target, Text};
use crate::protocol::Code;
use crate::protocol::words::ALL_CLIENTS;
use crate::server::broker::caller::Denial;
use crate::server::broker::peers::Peers;
use crate::server::ids::{ConnId, RoomId};
use crate::server::store::api::ConversationId;

/// The whole server, which is the room that everyone is in, or one room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::server::broker) enum Place {
    /// The whole server.
    Everyone,
    /// One room, with its name as it was then.
    Room(RoomId, RoomName),
}

impl Place {
    /// The place of a conversation that is not between two users.
    pub(in crate::server::broker) fn of(conversation: &ConversationId) -> Self {
        match conversation {
            ConversationId::Room(id, name) => Self::Room(*id, name.clone()),
            ConversationId::Everyone | ConversationId::User(_) => Self::Everyone,
        }
    }

    /// The room's number, if it is one.
    pub(in crate::server::broker) fn room(&self) -> Option<RoomId> {
        match self {
            Self::Everyone => None,
            Self::Room(id, _) => Some(*id),
        }
    }

    /// The room's name, if it is one.
    pub(in crate::server::broker) fn room_name(&self) -> Option<&RoomName> {
        match self {
            Self::Everyone => None,
            Self::Room(_, name) => Some(name),
        }
    }

    /// The place as it is shown to users.
    pub(in crate::server::broker) fn target(&self) -> Target {
        self.conversation().target()
    }

    /// The conversation of the place.
    pub(in crate::server::broker) fn conversation(&self) -> ConversationId {
        match self {
            Self::Everyone => ConversationId::Everyone,
            Self::Room(id, name) => ConversationId::Room(*id, name.clone()),
        }
    }
}

impl Rooms {
    /// The place that a user names: everyone, or a room that they may know of.
    pub(in crate::server::broker) fn place(&self, peers: &Peers, conn: ConnId, written: &str) -> Result<Place, Denial> {
        if written == ALL_CLIENTS {
            return Ok(Place::Everyone);
        }
        if !written.starts_with(ROOM_SIGN) {
            let written = Text::line(written);
            return Err(Denial::new(
                Code::NoSuchRoom,
                format!("{written} is not a room; room names begin with #, as in #ops."),
            ));
        }
        let room = self.visible(peers, conn, written)?;
        Ok(Place::Room(room.id, room.name.clone()))
    }

    /// A room that a user may know of. A private one exists only for its members, for those who are invited, and for
    /// moderators of the server.
    pub(super) fn visible(&self, peers: &Peers, conn: ConnId, written: &str) -> Result<&Room, Denial> {
        let name = RoomName::parse(written).map_err(|error| Denial::new(Code::BadRoom, error.to_string()))?;
        let room = self.registry.find(&name).filter(|room| self.may_see(peers, conn, room));
        room.ok_or_else(|| Denial::new(Code::NoSuchRoom, format!("There is no room {name}; join it to create it.")))
    }

    /// A room that a user is in.
    pub(in crate::server::broker) fn own(&self, peers: &Peers, conn: ConnId, written: &str) -> Result<&Room, Denial> {
        let room = self.visible(peers, conn, written)?;
        if room.members.is_online(conn) {
            return Ok(room);
        }
        Err(Denial::new(Code::NotInRoom, format!("You are not in {}; join it first.", room.name)))
    }

    /// The rank of a connection's user there.
    pub(in crate::server::broker) fn rank(&self, peers: &Peers, conn: ConnId, room: Option<RoomId>) -> Rank {
        Rank::of(peers.role(conn), self.room_role(peers, conn, room))
    }

    fn room_role(&self, peers: &Peers, conn: ConnId, room: Option<RoomId>) -> Option<RoomRole> {
        let room = self.registry.get(room?).filter(|room| room.members.is_online(conn))?;
        room.role(&peers.folded(conn)?)
    }

    /// The modes there; `None` if the room has ended.
    pub(super) fn modes(&self, place: &Place) -> Option<&Modes> {
        match place {
            Place::Everyone => Some(&self.everyone.modes),
            Place::Room(id, _) => self.registry.get(*id).map(|room| &room.modes),
        }
    }

    /// Changes the modes there, unless the room has ended.
    pub(super) fn change_modes<T>(&mut self, place: &Place, change: impl FnOnce(&mut Modes) -> T) -> Option<T> {
        match place {
            Place::Everyone => Some(change(&mut self.everyone.modes)),
            Place::Room(id, _) => self.registry.get_mut(*id).map(|mut room| change(&mut room.modes)),
        }
    }

    /// Whether a user may know of a room.
    pub(super) fn may_see(&self, peers: &Peers, conn: ConnId, room: &Room) -> bool {
        let invited =
            || peers.folded(conn).is_some_and(|user| self.invites(room.id, &user, conn, peers.has_proved(conn)));
        !room.private || room.members.is_online(conn) || peers.role(conn).is_moderator() || invited()
    }

    /// Whether a connection's user is invited to a room; `proved` is whether the user is verified.
    pub(super) fn invites(&self, room: RoomId, user: &FoldedName, conn: ConnId, proved: bool) -> bool {
        self.invited.get(room, user).is_some_and(|invitee| match invitee.only {
            Some(only) => only == conn,
            None => proved,
        })
    }
}
