//! One room: its modes, members and invitations, and which members are online.
//!
//! Must not know: what users may do there, or the other rooms.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use super::presence::Presence;
use crate::model::{FoldedName, Name, RoomName, RoomRole, Text, Timestamp};
use crate::server::ids::{ConnId, RoomId};

/// The modes of a room, or of the one that everyone is in.
#[derive(Clone, Debug, Default)]
pub struct Modes {
    /// The topic; blank if there is none.
    pub(super) topic: Text,
    /// The time between two messages of one user; zero is none.
    pub(super) slow: Duration,
    /// Whether only moderators may write.
    pub(super) read_only: bool,
    /// Whether only moderators may set the topic.
    pub(super) locked: bool,
    /// When users last spoke and under which label, while there is a wait.
    pub(super) said: HashMap<FoldedName, (Timestamp, Option<String>)>,
}

/// A room.
#[derive(Debug)]
pub(in crate::server::broker) struct Room {
    pub(super) id: RoomId,
    pub(super) name: RoomName,
    /// Whether users need an invitation.
    pub(super) private: bool,
    pub(super) modes: Modes,
    pub(super) members: BTreeMap<FoldedName, Member>,
    pub(super) invited: BTreeMap<FoldedName, Invitee>,
    /// The connections of the online members whose clients support rooms.
    pub(super) online: BTreeSet<ConnId>,
    /// Arrivals and departures that were not announced yet.
    pub(super) presence: Presence,
}

/// A user who is invited to a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Invitee {
    /// The name, as spelled then.
    pub(super) name: Name,
    /// The only connection that the invitation is for, if its user only claims the name: another may come under it.
    /// `None` if it is for the owner of the name.
    pub(super) only: Option<ConnId>,
}

/// A member of a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The name, as spelled last.
    pub name: Name,
    /// The role in the room.
    pub role: RoomRole,
    /// Whether the member is verified.
    pub proved: bool,
}

impl Modes {
    /// Whether all members may write without restriction.
    pub(super) fn is_free(&self) -> bool {
        self.slow.is_zero() && !self.read_only
    }

    /// Whether nothing about them differs from a new room.
    pub(super) fn is_plain(&self) -> bool {
        self.is_free() && !self.locked && self.topic.is_blank()
    }
}

impl Room {
    /// A room without members.
    pub(super) fn new(id: RoomId, name: RoomName, private: bool, modes: Modes) -> Self {
        Self {
            id,
            name,
            private,
            modes,
            members: BTreeMap::new(),
            invited: BTreeMap::new(),
            online: BTreeSet::new(),
            presence: Presence::default(),
        }
    }

    /// The room's number.
    pub(in crate::server::broker) fn id(&self) -> RoomId {
        self.id
    }

    /// The room's name.
    pub(in crate::server::broker) fn name(&self) -> &RoomName {
        &self.name
    }

    /// Whether users need an invitation.
    pub(super) fn is_private(&self) -> bool {
        self.private
    }

    /// The members, online or not.
    pub(in crate::server::broker) fn members(&self) -> impl Iterator<Item = &Member> {
        self.members.values()
    }

    /// A member by folded name.
    pub(in crate::server::broker) fn member(&self, user: &FoldedName) -> Option<&Member> {
        self.members.get(user)
    }

    /// The role of a member.
    pub(super) fn role(&self, user: &FoldedName) -> Option<RoomRole> {
        self.members.get(user).map(|member| member.role)
    }

    /// Whether a connection's user is invited; `proved` is whether the user is verified.
    pub(super) fn invites(&self, user: &FoldedName, conn: ConnId, proved: bool) -> bool {
        self.invited.get(user).is_some_and(|invitee| match invitee.only {
            Some(only) => only == conn,
            None => proved,
        })
    }

    /// Whether all members only claim their names, and none of them is online.
    pub(super) fn is_abandoned(&self) -> bool {
        self.online.is_empty() && self.members.values().all(|member| !member.proved)
    }
}
