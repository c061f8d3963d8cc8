//! What moderators are shown: the bans and mutes in force, the log, and the announced closing of the server.
//!
//! Keeps true: a list is shown only once it is complete, and the countdown is the one announced last.
//!
//! Must not know: how any of it is requested, or how it looks; terminals, sockets.

mod closing;
pub(in crate::client::session) mod lists;

use crate::model::{MessageId, Name, Text, Timestamp};
use crate::protocol::{BanLine, InvitationLine};

#[derive(Clone, Debug, Default)]
pub(in crate::client::session) struct Moderating {
    invitations: Vec<InvitationLine>,
    bans: Vec<BanLine>,
    /// The log as far as it was read, oldest line first.
    log: Vec<LogLine>,
    /// The page of the log that is coming in.
    page: Vec<LogLine>,
    ending: Option<Ending>,
    /// Whether the person wants to close the server once they are a moderator.
    closing: bool,
}

/// An announced closing of the server.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Ending {
    by: Option<Name>,
    /// The time of the closing, on the steady clock.
    at: Timestamp,
    reason: Text,
}

/// An act of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
struct LogLine {
    id: MessageId,
    time: Timestamp,
    words: String,
}
