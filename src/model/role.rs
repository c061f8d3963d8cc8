//! Roles: what a user may do on a server, in a room, and towards other users.
//!
//! Must not know: how a user gets a role, or which action needs which role (`server::broker::moderation::authority`).

use std::fmt;

use serde::{Deserialize, Serialize};

/// A user's role on the server, looked up at the moment of an action.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Role {
    /// May talk.
    #[default]
    User,
    /// May moderate every room, and close the server.
    Moderator,
    /// As a moderator, but out of other moderators' reach: named by the server's admin, or joined with the passphrase.
    Keeper,
}

impl Role {
    /// Whether this role may moderate the whole server.
    #[must_use]
    pub fn is_moderator(self) -> bool {
        self >= Self::Moderator
    }
}

/// A member's role in a room.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum RoomRole {
    /// May talk.
    #[default]
    Member,
    /// May moderate the room.
    Moderator,
    /// Made the room, and appoints its moderators.
    Maker,
}

impl RoomRole {
    /// The word for it on the wire and in the store.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Moderator => "moderator",
            Self::Maker => "maker",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Member, Self::Moderator, Self::Maker].into_iter().find(|role| role.as_str() == word)
    }
}

impl fmt::Display for RoomRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A user's rank in one place, from server role and room role together: a user may act on those of lower rank.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rank {
    /// May talk.
    #[default]
    User,
    /// Moderates the room.
    RoomModerator,
    /// Made the room.
    Maker,
    /// Moderates the server.
    Moderator,
    /// A keeper of the server.
    Keeper,
}

impl Rank {
    /// The rank of a user with this role on the server, and this one in the room, if the place is a room.
    #[must_use]
    pub fn of(role: Role, in_room: Option<RoomRole>) -> Self {
        match (role, in_room) {
            (Role::Keeper, _) => Self::Keeper,
            (Role::Moderator, _) => Self::Moderator,
            (Role::User, Some(RoomRole::Maker)) => Self::Maker,
            (Role::User, Some(RoomRole::Moderator)) => Self::RoomModerator,
            (Role::User, _) => Self::User,
        }
    }
}
