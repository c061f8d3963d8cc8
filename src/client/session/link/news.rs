//! What happened to the link, as values.
//!
//! Must not know: what is done about any of it.

use std::time::Duration;

use crate::model::{NameError, Text};
use crate::net::dial_failure::DialFailure;
use crate::protocol::beacon::NearbyServer;
use crate::protocol::{Command, Envelope};

/// The result of news of the connection.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::client::session) enum News {
    /// Nothing that concerns other parts.
    Nothing,
    /// The request of the next step of the handshake.
    Ask(Command),
    /// A notice from the server during the handshake.
    Notice(Text),
    /// The server was met for the first time; the sentences say what to know of it.
    Met(String),
    /// The server is not the one it should be.
    Distrusted(String),
    /// The person has to act to be on the server.
    Hindered(Hindrance),
    /// The server cannot accept the name for now, and is tried again later.
    Postponed(Text),
    /// The server is too busy for the first join, and is tried again soon.
    Busy {
        /// What the server says.
        text: Text,
        /// Whether it is the first time.
        first: bool,
    },
    /// The server accepted the name.
    Joined {
        /// Whether it was accepted before.
        again: bool,
        /// Whether the name is another one than before.
        renamed: bool,
    },
    /// The connection is lost; the sentence says why.
    Lost(String),
    /// An event from the server while online.
    Heard(Box<Envelope>),
}

/// The reason why the person is not on the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::client::session) enum Hindrance {
    /// The requested name is invalid.
    BadName(NameError),
    /// The first attempt found no server, for this reason.
    NoAnswer(DialFailure),
    /// The server refused the first attempt; the sentence says why.
    NotLetIn(String),
    /// The first attempt met a ban; the sentence says by whom and until when.
    Banned(Text),
    /// The server has removed or banned the person.
    KeptOut {
        /// What the server says.
        text: Text,
        /// Whether it is a ban.
        banned: bool,
    },
    /// An older session has the name.
    NameInUse(Text),
    /// The requested name has the form of an invitation code.
    CodeAsName,
    /// The server refused the name.
    NameRefused {
        /// What the server says.
        text: Text,
        /// Whether it is about the invitation code.
        about_code: bool,
    },
    /// The first attempt met maintenance, during which only moderators can join; the sentence says more.
    Maintenance(Text),
    /// The name is reserved for those who know the passphrase.
    NameReserved(Text),
    /// Another session took over: reconnecting without asking would end that one in turn.
    TakenOver(Text),
}

/// A deadline that has passed.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::client::session) enum Due {
    /// Nothing.
    Nothing,
    /// Plain mode has reached no server and has listened for others long enough: it leaves.
    Nobody(DialFailure, Vec<NearbyServer>),
    /// It is time to redial.
    Dial,
    /// An address has not answered, and there are others.
    NextAddress,
    /// The handshake took too long.
    Late,
    /// The server has been silent for this long, which is too long.
    Silent(Duration),
    /// A TR2.26 server is to be pinged.
    Ping,
    /// A TR2.23 server is to be asked for the list of who is online.
    List,
}
