//! What happens to the broker.
//!
//! Must not know: what follows from it.

use std::time::Duration;

use super::access::CodeHash;
use super::access::name_policy::Login;
use super::moderation::clock::ClockNews;
use super::peers::{CutReason, Introduction};
use super::rules::Rules;
use super::shared_rules::SharedRules;
use crate::model::{Fingerprint, Origin};
use crate::protocol::{Dialect, Refusal, Request};
use crate::server::host_order::HostOrder;
use crate::server::ids::{ConnId, NodeSeat};
use crate::server::relay::orders::RelayNews;
use crate::server::store::api::{Answer, Deletion, Erasure, Kept, Receipt, Revision};

/// Something that happened.
#[derive(Clone, Debug)]
pub enum Input {
    /// A connection was made.
    Connected(ConnId, Origin),
    /// A connection has proved to have this key.
    Proved(ConnId, Fingerprint),
    /// A connection's first bytes told its dialect.
    Speaks(ConnId, Dialect),
    /// A connection sent a request, or a malformed one.
    Received(ConnId, Result<Request, Refusal>),
    /// A connection to another node of the chat asks for something for the first time; on its own node, it is
    /// known.
    Introduced(ConnId, Introduction),
    /// A connection is gone, for this reason.
    Disconnected(ConnId, &'static str),
    /// A connection is gone, and nothing can be said to it: the first half of [`Input::Disconnected`], on its own node.
    Unplugged(ConnId),
    /// The second half, on every node.
    Gone(ConnId, &'static str),
    /// Another node of the chat is gone, and all its connections with it.
    NodeGone(NodeSeat),
    /// A node of the chat comes in: a chat that was closed is open again.
    NodeCame,
    /// The server ends a connection, for this reason.
    Cut(ConnId, CutReason),
    /// A connection shows a code of which only this is known, with a request of this label.
    Shown(ConnId, Option<String>, CodeHash),
    /// A connection's passphrase was checked; whether it is right.
    Checked(ConnId, bool),
    /// A connection gave the moderator passphrase, with a request of this label; whether it is right.
    Judged(ConnId, Option<String>, bool),
    /// The login of a connection's local user.
    LoginOf(ConnId, String),
    /// The name that a connection asked for was looked up as a login.
    LookedUp(ConnId, Login),
    /// The store reports the outcome of messages.
    Stored(Receipt),
    /// The store reports whether it has kept what a request changes.
    Promised(Kept),
    /// The store reports the outcome of a deletion.
    Deleted(Deletion),
    /// The store reports the outcome of a user's change of a message.
    Changed(Revision),
    /// The store reports on a slice of an erasure.
    Erased(Box<Erasure>),
    /// Whoever keeps the machine orders something, under this number.
    Ordered(ConnId, HostOrder),
    /// The store has an answer.
    Answered(Answer),
    /// The relay has news.
    Relay(RelayNews),
    /// New rules of this server come into force.
    Rules(Box<Rules>),
    /// New rules of all nodes come into force.
    Agreed(Box<SharedRules>),
    /// This server is out of touch with the other nodes, or drains: clients go elsewhere, as the sentence tells them.
    Withdraw(String),
    /// This server serves clients again.
    Return,
    /// Whether this server has not heard the other nodes for some seconds: then users are told.
    Behind(bool),
    /// What is done in slices may go on.
    GoOn,
    /// The server itself stood still for so long, as a process does that is stopped.
    StoodStill(Duration),
    /// What is known of the wall clock has changed.
    Clock(ClockNews),
    /// About a second went by.
    Tick,
    /// The connections are to be looked at: which of them are silent, or too late.
    Watch,
    /// The process is asked to end.
    Shutdown,
}

impl Input {
    /// The connection that it is about, if it is about one.
    #[must_use]
    pub fn conn(&self) -> Option<ConnId> {
        match self {
            Self::Connected(conn, _)
            | Self::Introduced(conn, _)
            | Self::Proved(conn, _)
            | Self::Speaks(conn, _)
            | Self::Received(conn, _)
            | Self::Disconnected(conn, _)
            | Self::Unplugged(conn)
            | Self::Gone(conn, _)
            | Self::Cut(conn, _)
            | Self::Shown(conn, ..)
            | Self::Checked(conn, _)
            | Self::Judged(conn, ..)
            | Self::LoginOf(conn, _)
            | Self::LookedUp(conn, _) => Some(*conn),
            Self::NodeGone(_)
            | Self::NodeCame
            | Self::Stored(_)
            | Self::Promised(_)
            | Self::Deleted(_)
            | Self::Changed(_)
            | Self::Erased(_)
            | Self::Ordered(..)
            | Self::Answered(_)
            | Self::Relay(_)
            | Self::Rules(_)
            | Self::Agreed(_)
            | Self::GoOn
            | Self::StoodStill(_)
            | Self::Clock(_)
            | Self::Tick
            | Self::Watch
            | Self::Withdraw(_)
            | Self::Return
            | Self::Behind(_)
            | Self::Shutdown => None,
        }
    }
}
