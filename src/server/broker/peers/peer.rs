//! One connection and its user: the name, the proved identity, and the role.
//!
//! Must not know: the socket, the other peers, or what the user says.

use super::connection_state::ConnectionState;
use crate::model::{Identity, MessageId, Name, Origin, Role, Text, Timestamp};
use crate::protocol::Dialect;

/// A connection from its first byte to its last.
#[derive(Debug)]
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
    /// The user's away message; blank while they are present.
    pub(super) away: Text,
    /// When the user got the name, on the wall clock.
    pub(super) joined: Timestamp,
    /// The last message before the user got the name.
    pub(super) joined_after: MessageId,
    pub(super) state: ConnectionState,
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
            away: Text::default(),
            joined: Timestamp::default(),
            joined_after: MessageId::default(),
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

    /// The last message before the user got the name: later ones under it are the user's own.
    pub(in crate::server::broker) fn joined_after(&self) -> MessageId {
        self.joined_after
    }

    /// When the user got the name, on the wall clock.
    pub(in crate::server::broker) fn joined(&self) -> Timestamp {
        self.joined
    }
}
