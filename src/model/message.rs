//! A message's number and its recipients.
//!
//! Must not know: how either is written on the wire.

use std::fmt;

use super::{Name, RoomName};
use serde::{Deserialize, Serialize};

/// A message's number: grows strictly in the order in which the server accepted messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct MessageId(pub u64);

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Whom a message is for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Target {
    /// Everybody on the server.
    Everyone,
    /// One user.
    User(Name),
    /// The members of a room.
    Room(RoomName),
}

impl Target {
    /// Reads a target as `Display` writes it; `None` if it is none.
    #[must_use]
    pub fn restored(text: &str) -> Option<Self> {
        match text {
            "everyone" => Some(Self::Everyone),
            room if room.starts_with('#') => RoomName::parse(room).ok().map(Self::Room),
            name => Name::restored(name).ok().map(Self::User),
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Everyone => f.write_str("everyone"),
            Self::User(name) => name.fmt(f),
            Self::Room(room) => room.fmt(f),
        }
    }
}
