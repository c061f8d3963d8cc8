//! One connection and its user: the name, the proved identity, and the role.
//!
//! Must not know: the socket, the other peers, or what the user says.

use super::connection_state::ConnectionState;
use crate::model::{Identity, MessageId, Name, Origin, Role, Text, Timestamp};
use crate::protocol::{Dialect, SessionToken};
use serde::{Deserialize, Serialize};

/// A connection from its first byte to its last.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::server::broker) struct Peer {
    pub(super) origin: Origin,
    /// The dialect, known from the first bytes on.
    pub(super) dialect: Option<Dialect>,
    /// The user's name, given once.
    pub(super) name: Option<Name>,
    pub(super) role: Role,
    /// Whether the user gave the moderator passphrase.
    pub(super) passphrase: bool,
    /// The proved identity, if any.
    pub(super) identity: Option<Identity>,
    /// Whether the name is the user's login on this machine.
    pub(super) is_login: bool,
    /// Whether the user's client has said that it can be called.
    pub(super) calls: bool,
    /// Which of the user's sessions it is, counted since the user came online.
    pub(super) number: u32,
    /// What the client gave to be known by when it comes back after a lost connection, if it did.
    pub(super) token: Option<SessionToken>,
    /// Sets the labels of a client with a token apart from those of the user's other clients.
    pub(super) scope: Option<u64>,
    /// The away message of this session; blank while the user is present in it.
    pub(super) away: Text,
    /// When that was set, in the order of all such changes.
    pub(super) went_away: u64,
    /// When the user got the name, on the wall clock.
    pub(super) joined: Timestamp,
    /// The last message before the user got the name.
    pub(super) joined_after: MessageId,
    /// Whether other nodes of the chat know of it.
    #[serde(skip, default = "introduced")]
    pub(super) introduced: bool,
    pub(super) state: ConnectionState,
}

/// A connection that is read is one of which others know.
fn introduced() -> bool {
    true
}

impl Peer {
    /// A peer that has just connected.
    pub(super) fn new(origin: Origin, now: Timestamp) -> Self {
        Self {
            origin,
            dialect: None,
            name: None,
            role: Role::User,
            passphrase: false,
            identity: match origin {
                Origin::Unix(uid) => Some(Identity::Uid(uid)),
                Origin::Tcp(_) | Origin::Tls(_) | Origin::Proxied { .. } | Origin::Unmapped => None,
            },
            is_login: false,
            calls: false,
            number: 0,
            token: None,
            scope: None,
            away: Text::default(),
            went_away: 0,
            joined: Timestamp::default(),
            joined_after: MessageId::default(),
            introduced: false,
            state: ConnectionState::new(now),
        }
    }

    /// The address or local user that it connects from.
    pub(in crate::server::broker) fn origin(&self) -> Origin {
        self.origin
    }

    /// Its dialect, once its first bytes have told.
    pub(in crate::server::broker) fn dialect(&self) -> Option<Dialect> {
        self.dialect
    }

    /// Whether it speaks TR2.23.
    pub(in crate::server::broker) fn is_original(&self) -> bool {
        self.dialect == Some(Dialect::Tr223)
    }

    /// The user's name, once one was given.
    pub(in crate::server::broker) fn name(&self) -> Option<&Name> {
        self.name.as_ref()
    }

    /// The user's role on the server.
    pub(in crate::server::broker) fn role(&self) -> Role {
        self.role
    }

    /// Whether the role was gained with the moderator passphrase.
    pub(in crate::server::broker) fn gave_passphrase(&self) -> bool {
        self.passphrase
    }

    /// The proved identity, if any.
    pub(in crate::server::broker) fn identity(&self) -> Option<Identity> {
        self.identity
    }

    /// Whether the user is verified.
    pub(in crate::server::broker) fn has_proved(&self) -> bool {
        self.identity.is_some()
    }

    /// Whether the name is the user's login on this machine.
    pub(in crate::server::broker) fn is_login(&self) -> bool {
        self.is_login
    }

    /// Whether the user's client can be called.
    pub(in crate::server::broker) fn can_be_called(&self) -> bool {
        self.calls && !self.is_original()
    }

    /// Which of the user's sessions it is, counted since the user came online.
    pub(in crate::server::broker) fn number(&self) -> u32 {
        self.number
    }

    /// Whether it and another connection are of the same client, which has come back after a lost connection.
    pub(in crate::server::broker) fn comes_back_as(&self, other: &Self) -> bool {
        self.token.is_some() && self.token == other.token
    }

    /// The last message before the user got the name: later ones under it are the user's own.
    pub(in crate::server::broker) fn joined_after(&self) -> MessageId {
        self.joined_after
    }

    /// When the user got the name, on the wall clock.
    pub(in crate::server::broker) fn joined(&self) -> Timestamp {
        self.joined
    }
}
