//! What a user may do: on a server, in a room, and towards one another.
//!
//! Must not know: how a role is gained, or what the acts are (`server::authority`).

use std::fmt;

/// A user's role on the server, looked up when an act is carried out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Talks.
    #[default]
    User,
    /// Keeps the peace, and may close the server.
    Moderator,
    /// The same, and cannot be touched by a moderator: named by the server's admin, or with the passphrase.
    Keeper,
}

impl Role {
    /// Whether this role keeps the peace on the whole server.
    #[must_use]
    pub fn is_moderator(self) -> bool {
        self >= Self::Moderator
    }
}

/// A member's role in a room.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RoomRole {
    /// Talks.
    #[default]
    Member,
    /// Keeps the peace there.
    Moderator,
    /// Has made the room, and names its moderators.
    Maker,
}

impl RoomRole {
    /// The word on the wire and in the store.
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

/// Where somebody stands in one place, server and room taken together: whoever stands higher may act on who stands lower.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rank {
    /// Talks.
    #[default]
    User,
    /// Moderates the room.
    RoomModerator,
    /// Has made the room.
    Maker,
    /// Moderates the server.
    Moderator,
    /// Keeps the server.
    Keeper,
}

impl Rank {
    /// The rank of somebody with this role on the server, and this one in the room at hand if there is one.
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
