//! What the broker knows of one connection.
//!
//! Must not know: its socket, or the other peers.

use crate::model::{Identity, Name, Origin, Role, Text, Timestamp};
use crate::protocol::{Dialect, Request};
use crate::server::broker::access::invitations::Ticket;
use crate::server::broker::access::join::Wanted;

/// A connection, from its first byte to its last.
#[derive(Debug)]
pub struct Peer {
    /// Where it comes from.
    pub origin: Origin,
    /// Known from its first bytes on.
    pub dialect: Option<Dialect>,
    /// Given once.
    pub name: Option<Name>,
    /// What it may do.
    pub role: Role,
    /// Whether it gave the moderator passphrase.
    pub passphrase: bool,
    /// Who is there, if that was proved.
    pub identity: Option<Identity>,
    /// Whether its name is its login on this machine.
    pub is_login: bool,
    /// The invitation whose code it brought.
    pub ticket: Option<Ticket>,
    /// What its user is told to be doing elsewhere; blank for who is here.
    pub away: Text,
    /// When it connected, or was last kept waiting.
    pub since: Timestamp,
    /// When it got its name, on the wall clock.
    pub joined: Timestamp,
    /// When it last said anything.
    pub heard: Timestamp,
    /// Whether it was pinged and said nothing since.
    pub pinged: bool,
    /// What is being found out about it.
    pub hold: Option<Box<Hold>>,
    /// Messages of it that the store has not answered for yet.
    pub pending: u32,
    /// Questions of it that the store has not answered yet.
    pub questions: u32,
    /// It goes, once no message of it is pending.
    pub leaving: Option<Box<Leaving>>,
    /// Whether a bad frame of it was logged; one line is enough.
    pub told_of_bad_frame: bool,
}

/// How a connection goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Leaving {
    /// It asked for it, under this label, and is told.
    Exit(Option<String>),
    /// It is gone already; this is why.
    Gone(&'static str),
}

/// Something that is being found out beside the broker.
#[derive(Debug)]
pub struct Hold {
    /// The label of the request.
    pub reference: Option<String>,
    /// What.
    pub awaits: Awaits,
    /// What else it asked since, which waits for the outcome so that everything is answered in order.
    pub held: Vec<Request>,
}

/// What a connection is held for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Awaits {
    /// Whether its passphrase is right.
    Passphrase,
    /// Whose login the name is that it wants.
    Login(Wanted),
}

impl Peer {
    /// One that has just connected.
    #[must_use]
    pub fn new(origin: Origin, now: Timestamp) -> Self {
        Self {
            origin,
            dialect: None,
            name: None,
            role: Role::User,
            passphrase: false,
            identity: match origin {
                Origin::Unix(uid) => Some(Identity::Uid(uid)),
                Origin::Tcp(_) | Origin::Tls(_) => None,
            },
            is_login: false,
            ticket: None,
            away: Text::default(),
            since: now,
            joined: Timestamp::default(),
            heard: now,
            pinged: false,
            hold: None,
            pending: 0,
            questions: 0,
            leaving: None,
            told_of_bad_frame: false,
        }
    }

    /// Whether it speaks the original's dialect.
    #[must_use]
    pub fn is_original(&self) -> bool {
        self.dialect == Some(Dialect::Tr223)
    }
}
