//! Messages: each gets its number, is stored, and is delivered only then.
//!
//! - [`posting`]: a message is accepted for storing. [`delivery`]: it is stored, and delivered.
//! - [`history`]: history requests. [`marks`]: read marks.
//!
//! Must not know: who may write (`moderation`, `rooms`), or how messages are stored and found (`store`).

pub(crate) mod delivery;
mod history;
mod marks;
pub(crate) mod posting;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::model::{MessageId, Name};
use crate::server::ids::ConnId;
use crate::server::limits::{MAX_PENDING, MAX_PENDING_BYTES, MUCH_PENDING};
use crate::server::store::api::{ConversationId, Record};

pub(in crate::server::broker) use self::delivery::{Health, Settled};
pub(in crate::server::broker) use self::history::HistoryQuestion;

/// The messages and history requests that wait for the store.
#[derive(Debug)]
pub(in crate::server::broker) struct Messages {
    /// The highest number that was given.
    last_id: MessageId,
    /// Messages that the store has not answered for yet, in order.
    pending: VecDeque<Pending>,
    /// The bytes of their texts.
    pending_bytes: usize,
    /// Why the store failed at its last use; `None` if it did not.
    sick: Option<String>,
    /// The number of open history requests.
    questions: usize,
    /// The number of history requests ever made; it numbers the answers.
    asked: u64,
    /// Read marks that are not stored yet.
    marks: BTreeMap<(Name, ConversationId), MessageId>,
    /// Damaged messages that moderators were told of.
    damaged: BTreeSet<MessageId>,
}

/// A message that the store has not answered for yet.
#[derive(Debug)]
struct Pending {
    conn: ConnId,
    record: Record,
}

impl Messages {
    /// Goes on after this number.
    pub(in crate::server::broker) fn new(last_id: MessageId) -> Self {
        Self {
            last_id,
            pending: VecDeque::new(),
            pending_bytes: 0,
            sick: None,
            questions: 0,
            asked: 0,
            marks: BTreeMap::new(),
            damaged: BTreeSet::new(),
        }
    }

    /// The messages that wait for the store, and the bytes of their texts.
    pub(in crate::server::broker) fn pending(&self) -> (usize, usize) {
        (self.pending.len(), self.pending_bytes)
    }

    /// Whether every message was answered for.
    pub(in crate::server::broker) fn are_settled(&self) -> bool {
        self.pending.is_empty()
    }

    /// Whether so much waits for the store that nothing more should be taken for a while.
    pub(in crate::server::broker) fn are_full(&self) -> bool {
        self.pending.len() >= MAX_PENDING / 2 || self.pending_bytes >= MAX_PENDING_BYTES / 2
    }

    /// Whether many messages wait for the store.
    pub(in crate::server::broker) fn are_many(&self) -> bool {
        self.pending.len() >= MUCH_PENDING
    }
}
