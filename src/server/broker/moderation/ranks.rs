//! The part of the broker that knows which place somebody means, and where they and others stand there.
//!
//! Must not know: which rank an act takes (`authority`).

use super::authority::Subject;
use super::bans::{Ban, Suspect};
use crate::model::room::ROOM_SIGN;
use crate::model::{Identity, Name, NameKey, Rank, Role, RoomName, RoomRole, Target, Text, Timestamp};
use crate::protocol::Code;
use crate::protocol::words::ALL_CLIENTS;
use crate::server::broker::Broker;
use crate::server::broker::peer::Peer;
use crate::server::broker::rooms::{Modes, Room};
use crate::server::ids::ConnId;
use crate::server::ids::RoomId;
use crate::server::store::api::Conversation;

/// A place where something can be done: everyone's, or a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::server) enum Spot {
    Everyone,
    Room(RoomId, RoomName),
}

impl Spot {
    /// The place of a conversation; one of two users is none, and is never asked for.
    pub(in crate::server) fn of(conversation: &Conversation) -> Self {
        match conversation {
            Conversation::Room(id, name) => Self::Room(*id, name.clone()),
            Conversation::Everyone | Conversation::User(_) => Self::Everyone,
        }
    }

    pub(in crate::server) fn room(&self) -> Option<RoomId> {
        match self {
            Self::Everyone => None,
            Self::Room(id, _) => Some(*id),
        }
    }

    pub(in crate::server) fn room_name(&self) -> Option<&RoomName> {
        match self {
            Self::Everyone => None,
            Self::Room(_, name) => Some(name),
        }
    }

    pub(in crate::server) fn target(&self) -> Target {
        self.conversation().target()
    }

    pub(in crate::server) fn conversation(&self) -> Conversation {
        match self {
            Self::Everyone => Conversation::Everyone,
            Self::Room(id, name) => Conversation::Room(*id, name.clone()),
        }
    }
}

impl Broker {
    /// The place that a user means: everyone's, or a room that they may know of.
    pub(in crate::server) fn spot(&self, conn: ConnId, written: &str) -> Result<Spot, (Code, String)> {
        if written == ALL_CLIENTS {
            return Ok(Spot::Everyone);
        }
        if !written.starts_with(ROOM_SIGN) {
            let written = Text::line(written);
            return Err((Code::NoSuchRoom, format!("{written} is no room; a room is written as in #ops.")));
        }
        let room = self.visible(conn, written)?;
        Ok(Spot::Room(room.id, room.name.clone()))
    }

    /// A room that a user may know of. A private one is there only for those in it, those who are asked, and moderators of
    /// the server.
    pub(in crate::server) fn visible(&self, conn: ConnId, written: &str) -> Result<&Room, (Code, String)> {
        let name = RoomName::parse(written).map_err(|error| (Code::BadRoom, error.to_string()))?;
        let room = self.rooms.find(&name).filter(|room| self.may_see(conn, room));
        room.ok_or_else(|| (Code::NoSuchRoom, format!("There is no room {name}; join it to make it.")))
    }

    pub(in crate::server) fn may_see(&self, conn: ConnId, room: &Room) -> bool {
        let invited = || self.key_of(conn).is_some_and(|key| room.invites(&key.folded, conn, self.has_proved(conn)));
        !room.private || room.online.contains(&conn) || self.role_of(conn).is_moderator() || invited()
    }

    /// A room that a user is in.
    pub(in crate::server) fn own_room(&self, conn: ConnId, written: &str) -> Result<&Room, (Code, String)> {
        let room = self.visible(conn, written)?;
        if room.online.contains(&conn) {
            return Ok(room);
        }
        Err((Code::NotInRoom, format!("You are not in {}; join it first.", room.name)))
    }

    /// Whether a connection speaks the original's dialect.
    pub(in crate::server) fn is_original(&self, conn: ConnId) -> bool {
        self.peers.get(&conn).is_some_and(|peer| peer.is_original())
    }

    /// Whether a connection's user has proved who they are.
    pub(in crate::server) fn has_proved(&self, conn: ConnId) -> bool {
        self.peers.get(&conn).is_some_and(|peer| peer.identity.is_some())
    }

    /// How a place is.
    pub(in crate::server) fn modes(&self, spot: &Spot) -> Option<&Modes> {
        match spot {
            Spot::Everyone => Some(&self.everyone),
            Spot::Room(id, _) => self.rooms.get(*id).map(|room| &room.modes),
        }
    }

    /// The same, to be changed.
    pub(in crate::server) fn modes_mut(&mut self, spot: &Spot) -> Option<&mut Modes> {
        match spot {
            Spot::Everyone => Some(&mut self.everyone),
            Spot::Room(id, _) => self.rooms.get_mut(*id).map(|room| &mut room.modes),
        }
    }

    /// What a connection's name is known by, once it has one.
    pub(in crate::server) fn key_of(&self, conn: ConnId) -> Option<NameKey> {
        Some(self.peers.get(&conn)?.name.as_ref()?.key())
    }

    pub(in crate::server) fn role_of(&self, conn: ConnId) -> Role {
        self.peers.get(&conn).map_or(Role::User, |peer| peer.role)
    }

    /// Where somebody who is here stands in a place.
    pub(in crate::server) fn rank(&self, conn: ConnId, room: Option<RoomId>) -> Rank {
        Rank::of(self.role_of(conn), self.room_role(conn, room))
    }

    fn room_role(&self, conn: ConnId, room: Option<RoomId>) -> Option<RoomRole> {
        let room = self.rooms.get(room?).filter(|room| room.online.contains(&conn))?;
        room.role(&self.key_of(conn)?.folded)
    }

    /// Where the user of a name stands in a place, whether they are here or not.
    pub(in crate::server) fn rank_of(&self, name: &Name, room: Option<RoomId>) -> Rank {
        let key = name.key();
        let here = self.names.find(name.as_str()).map_or(Rank::User, |conn| self.rank(conn, room));
        let kept = self.rules.moderators.iter().any(|kept| kept.key().clashes(&key));
        let role = if kept {
            Role::Keeper
        } else if self.moderators.contains_key(&key.folded) {
            Role::Moderator
        } else {
            Role::User
        };
        let in_room = room.and_then(|room| self.rooms.get(room)?.role(&key.folded));
        here.max(Rank::of(role, in_room))
    }

    /// Whom an act of `user` about `name` is about.
    pub(in crate::server) fn subject(&self, user: &Name, name: &Name, room: Option<RoomId>) -> Subject {
        if user.key().folded == name.key().folded {
            return Subject::Oneself;
        }
        Subject::Other(self.rank_of(name, room))
    }

    /// The ban or mute that stands against somebody in a place.
    pub(in crate::server) fn ban_of(
        &self,
        conn: ConnId,
        room: Option<RoomId>,
        mute: bool,
        now: Timestamp,
    ) -> Option<&Ban> {
        let peer = self.peers.get(&conn)?;
        let key = &self.key_of(conn)?;
        self.bans.find(room, mute, Suspect { key, identity: peer.identity, origin: peer.origin }, now)
    }

    /// The user whose name this is, as spelled, whether they are here or not.
    pub(in crate::server) fn user_named(&self, written: &str) -> Result<Name, (Code, String)> {
        let online = self.names.find(written).and_then(|conn| self.peers.get(&conn)?.name.clone());
        let known = || self.known.find(written).cloned();
        let owned = || Some(self.owners.get(&Name::parse(written).ok()?)?.name.clone());
        online.or_else(known).or_else(owned).ok_or_else(|| {
            (Code::NoSuchUser, format!("There is no user {}; the list shows who is online.", Text::line(written)))
        })
    }

    /// The connections of users who are here, in the order of their numbers.
    pub(in crate::server) fn named(&self) -> impl Iterator<Item = (ConnId, &Peer, &Name)> {
        let mut conns: Vec<ConnId> = self.peers.keys().copied().collect();
        conns.sort_unstable();
        conns.into_iter().filter_map(|conn| {
            let peer = self.peers.get(&conn)?;
            Some((conn, &**peer, peer.name.as_ref()?))
        })
    }

    /// What a name's owner has proved with, if it belongs to somebody.
    pub(in crate::server) fn proofs_of(&self, name: &Name) -> Vec<Identity> {
        self.owners.get(name).map(|owner| owner.proofs.iter().map(|proof| proof.identity).collect()).unwrap_or_default()
    }
}
