//! The rules that an admin sets for the server, and the state that a broker starts from.
//!
//! Must not know: how the rules or the state were read.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::model::{MessageId, Name, Text, Url};
use crate::server::ids::RoomId;
use crate::server::limits::{
    CUT_AFTER, EDIT_TIME, MAX_CONNECTIONS, NAME_DEADLINE, PASSPHRASE_TRIES, PING_AFTER, RELAY_RATE, RELAY_TOTAL,
};
use crate::server::relay::RelayRates;
use crate::server::store::api::Owner;

/// The admin's rules.
#[derive(Clone, Debug)]
pub struct Rules {
    /// Names whose owners are moderators; they are reserved until they have an owner.
    pub moderators: Vec<Name>,
    /// Whether a claimed name is trusted without proof from this machine, as in the original.
    pub trust_names: bool,
    /// Who may join under a name without an owner.
    pub registration: Registration,
    /// The user id that the server runs as.
    pub own_uid: u32,
    /// The most connections.
    pub max_connections: usize,
    /// The most connections from one address; `None` for the default.
    pub max_per_address: Option<usize>,
    /// Whether each message is logged.
    pub note_messages: bool,
    /// The welcome message for users who join.
    pub welcome: Option<Text>,
    /// How long a connection may take to give a name.
    pub name_deadline: Duration,
    /// How long a TR2.26 peer may be silent before it is pinged.
    pub ping_after: Duration,
    /// How long a TR2.26 peer may be silent before it is cut.
    pub cut_after: Duration,
    /// Tries of the passphrase that a user has in a minute.
    pub passphrase_tries: u32,
    /// How long users may edit and delete their own messages; zero: not at all.
    pub edit_time: Duration,
    /// Whether users can call one another.
    pub calls: bool,
    /// How much of calls is relayed.
    pub relay: RelayRates,
    /// The addresses of all nodes of this chat, which clients are told; empty where there is only this server.
    pub nodes: Vec<Url>,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            moderators: Vec::new(),
            trust_names: false,
            registration: Registration::default(),
            own_uid: 0,
            max_connections: MAX_CONNECTIONS,
            max_per_address: None,
            note_messages: false,
            welcome: None,
            name_deadline: NAME_DEADLINE,
            ping_after: PING_AFTER,
            cut_after: CUT_AFTER,
            passphrase_tries: PASSPHRASE_TRIES,
            edit_time: EDIT_TIME,
            calls: true,
            relay: RelayRates { leg: RELAY_RATE, all: RELAY_TOTAL },
            nodes: Vec::new(),
        }
    }
}

/// Who may join under a name without an owner.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Registration {
    /// Any user.
    #[default]
    Open,
    /// Only users with an invitation code.
    Invite,
    /// No new users.
    Closed,
}

/// The stored state that a broker starts from.
#[derive(Clone, Debug, Default)]
pub struct Beginning {
    /// The highest message number in use.
    pub last_id: MessageId,
    /// The highest number of a room that the store mentions.
    pub last_room: RoomId,
    /// The known users.
    pub users: Vec<Name>,
    /// The owners of names.
    pub owners: Vec<Owner>,
    /// All other facts: the kind, key and value of each.
    pub facts: Vec<(String, String, String)>,
    /// Random bytes that nobody else knows.
    pub secret: [u8; 32],
}
