//! What a server goes by, and what it goes on from.
//!
//! Must not know: how either was read.

use std::time::Duration;

use crate::model::{MessageId, Name, Text};
use crate::server::limits::{CUT_AFTER, MAX_CONNECTIONS, NAME_DEADLINE, PASSPHRASE_TRIES, PING_AFTER};
use crate::server::store::api::Owner;

/// What the admin decides.
#[derive(Clone, Debug)]
pub struct Rules {
    /// Names whose owners are moderators; kept for them until they belong to somebody.
    pub moderators: Vec<Name>,
    /// Whether those who claim a name from this machine are believed, as in the original.
    pub trust_names: bool,
    /// Who may come under a name that belongs to nobody.
    pub registration: Registration,
    /// The user of this machine that the server runs as.
    pub own_uid: u32,
    /// Connections in all.
    pub max_connections: usize,
    /// Connections from one address, if the admin says.
    pub max_per_address: Option<usize>,
    /// Whether each message is noted.
    pub note_messages: bool,
    /// What is said to who joins.
    pub welcome: Option<Text>,
    /// How long a connection has to give a name.
    pub name_deadline: Duration,
    /// How long a TR2.26 peer may be silent before it is pinged.
    pub ping_after: Duration,
    /// How long it may be silent before it is cut.
    pub cut_after: Duration,
    /// Tries of the passphrase for a user in a minute.
    pub passphrase_tries: u32,
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
        }
    }
}

/// Who may come under a name that belongs to nobody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Registration {
    /// Anybody.
    #[default]
    Open,
    /// Whoever brings a code.
    Invite,
    /// Nobody.
    Closed,
}

/// What a broker goes on from.
#[derive(Clone, Debug, Default)]
pub struct Beginning {
    /// The highest number a message had.
    pub last_id: MessageId,
    /// The users there were.
    pub users: Vec<Name>,
    /// Whose which name is.
    pub owners: Vec<Owner>,
    /// What else holds: kind, key and value of each.
    pub facts: Vec<(String, String, String)>,
    /// Random bytes, known to nobody else.
    pub secret: [u8; 32],
}
