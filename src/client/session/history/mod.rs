//! The server's history: what is asked of it, a few questions at a time, what has come of the answers, and the search.
//!
//! After a cut, what is missing after the newest known message is asked for, oldest first; before the oldest known one, a
//! page at a time as the reader goes there.
//!
//! Keeps true: no page is asked for twice at once, and no more at once than the server takes.
//!
//! Must not know: how pages are put into conversations, the screen's size, terminals, sockets.

mod replies;
mod requests;
pub(in crate::client::session) mod search;
pub(in crate::client::session) mod wish;

use std::collections::{BTreeMap, VecDeque};

use self::wish::Wish;
use crate::client::chat::entry::ChatEntry;
use crate::client::chat::search::SearchDialog;
use crate::model::Timestamp;

/// Pages of what was missed; if there is more, the reader goes on from the newest instead.
pub const MAX_MISSED: usize = 10;

#[derive(Clone, Debug, Default)]
pub(in crate::client::session) struct History {
    requests: Requests,
    /// Whether plain mode prints what was said before.
    backlog: bool,
    /// Whether what was said before the first connection has been told.
    caught_up: bool,
    search: SearchDialog,
}

/// What is to be asked over this connection, and what is under way.
#[derive(Clone, Debug, Default)]
struct Requests {
    wishes: VecDeque<Wish>,
    asked: BTreeMap<String, PageRequest>,
    count: usize,
    next_at: Timestamp,
    /// Whether it is known how far everything was read.
    standing: bool,
    /// When the server may be told how far the person has read.
    read_at: Timestamp,
}

/// A question under way.
#[derive(Clone, Debug)]
struct PageRequest {
    wish: Wish,
    /// When the answer has taken too long.
    until: Timestamp,
    /// Whether nobody wants the answer any more.
    abandoned: bool,
    entries: Vec<ChatEntry>,
    standings: usize,
}

/// What became of a question that was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::client::session) enum Rejected {
    /// It was not asked here.
    NotOurs,
    /// It is asked again later, or nobody wants the answer any more.
    Settled,
    /// It will not be answered.
    For(Wish),
}
