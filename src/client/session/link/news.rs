//! What news of the connection and the clock come to, as values.
//!
//! Must not know: what is done about it.

use crate::model::{NameError, Text};
use crate::protocol::{Command, Envelope};

/// What happened to the link.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::client::session) enum News {
    /// Nothing that anybody else has to do with.
    Nothing,
    /// The next step of the handshake asks this.
    Ask(Command),
    /// The server tells something on the way.
    Notice(Text),
    /// The server was met for the first time; the sentences say what to know of it.
    Met(String),
    /// The server is not the one it should be.
    Distrusted(String),
    /// The person cannot be on the server without doing something.
    Hindered(Hindrance),
    /// The server cannot take the name up for now, and is tried again.
    Postponed(Text),
    /// The name is taken up.
    Joined {
        /// Whether it was before.
        again: bool,
        /// Whether it is another name than before.
        renamed: bool,
    },
    /// The connection is gone; the sentence says why.
    Lost(String),
    /// The server said something while online.
    Heard(Box<Envelope>),
}

/// Why the person is not on the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::client::session) enum Hindrance {
    /// The wanted name cannot be a name.
    BadName(NameError),
    /// The very first try found no server; the sentence says why.
    NoAnswer(String),
    /// The server was there the first time, but did not let the person in; the sentence says why.
    NotLetIn(String),
    /// The server does not let the person in any more, or not for now.
    KeptOut(Text),
    /// An older session has the name.
    NameInUse(Text),
    /// The name will not do.
    NameRefused(Text),
    /// The name is reserved for whoever knows the passphrase.
    NameReserved(Text),
    /// This session was ended for another one: coming back by itself would end that one in turn.
    TakenOver(Text),
}

/// What has come due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::client::session) enum Due {
    /// Nothing.
    Nothing,
    /// The server is tried again.
    Dial,
    /// The handshake has taken too long.
    Late,
    /// Nothing has come from the server for too long.
    Silent,
    /// A TR2.26 server is pinged: whether it is there, and how far.
    Ping,
    /// A TR2.23 server is asked who is online.
    List,
}
