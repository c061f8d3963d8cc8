//! The server's history: requests for it, a few at a time, their answers while they come in, and the search.
//!
//! After a reconnect, the messages after the newest known one are requested, oldest first. Older ones are requested a
//! page at a time as the reader scrolls there.
//!
//! Keeps true: no page is requested twice at the same time, and no more at a time than the server allows.
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

/// The most pages of missed messages to load; beyond that, the reader continues with the newest.
pub const MAX_MISSED: usize = 10;

#[derive(Clone, Debug, Default)]
pub(in crate::client::session) struct History {
    requests: Requests,
    /// Whether plain mode prints earlier messages.
    backlog: bool,
    /// Whether the read marks were received at least once.
    caught_up: bool,
    search: SearchDialog,
}

/// The wishes and requests of one connection.
#[derive(Clone, Debug, Default)]
struct Requests {
    wishes: VecDeque<Wish>,
    asked: BTreeMap<String, PageRequest>,
    count: usize,
    next_at: Timestamp,
    /// Whether the read marks are known.
    standing: bool,
    /// The earliest time of the next read mark.
    read_at: Timestamp,
}

/// A request under way.
#[derive(Clone, Debug)]
struct PageRequest {
    wish: Wish,
    /// The deadline of the answer.
    until: Timestamp,
    /// Whether the answer is no longer wanted.
    abandoned: bool,
    entries: Vec<ChatEntry>,
    standings: usize,
}

/// The consequence of a refused request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::client::session) enum Rejected {
    /// The label belongs to another request.
    NotOurs,
    /// It is repeated later, or no longer wanted.
    Settled,
    /// It cannot be answered.
    For(Wish),
}
