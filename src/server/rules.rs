//! What a server goes by, and what it goes on from.
//!
//! Must not know: how either was read.

use super::owners::Owner;
use crate::model::{MessageId, Name};

/// What the admin decides.
#[derive(Clone, Debug, Default)]
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
