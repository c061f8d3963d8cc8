//! What moderators are shown: the bans and mutes in force, the log of what was done, and the announced end of the server.
//!
//! Keeps true: a list is shown only once it is whole, and the countdown is the one that was announced last.
//!
//! Must not know: how any of it is asked for, or how it looks; terminals, sockets.

mod closing;
pub(in crate::client::session) mod lists;

use crate::model::{MessageId, Name, Text, Timestamp};
use crate::protocol::act::BanLine;

#[derive(Clone, Debug, Default)]
pub(in crate::client::session) struct Moderating {
    bans: Vec<BanLine>,
    /// The log as far as it was read back, the oldest line first.
    log: Vec<LogLine>,
    /// The page of it that is on its way.
    page: Vec<LogLine>,
    ending: Option<Ending>,
    /// Whether the person wants to close the server as soon as they may.
    closing: bool,
}

/// An end of the server that is announced.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Ending {
    by: Option<Name>,
    /// When, on the steady clock.
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
