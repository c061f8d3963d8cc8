//! What is said: every message gets its place in the order, then the store, and only then reaches anybody's screen.
//!
//! - [`posting`]: a message is taken. [`delivery`]: it is stored, and those who should see it do.
//! - [`history`]: questions about what was said before. [`marks`]: what was read.
//!
//! Must not know: who may speak (`moderation`, `rooms`), or how messages are kept and found (`store`).

pub(crate) mod delivery;
mod history;
mod marks;
pub(crate) mod posting;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::model::{MessageId, Name};
use crate::server::ids::ConnId;
use crate::server::limits::{MAX_PENDING, MAX_PENDING_BYTES, MUCH_PENDING};
use crate::server::store::api::{ConversationId, Record};

pub(in crate::server::broker) use self::delivery::{Health, Settled, no_such_user};
pub(in crate::server::broker) use self::history::HistoryQuestion;

/// The messages that wait for the store, and the questions about what was said before.
#[derive(Debug)]
pub(in crate::server::broker) struct Messages {
    /// The highest number that was given.
    last_id: MessageId,
    /// Messages that the store has not answered for yet, in order.
    pending: VecDeque<Pending>,
    /// The bytes of their texts.
    pending_bytes: usize,
    /// Why the store failed when it was last used.
    sick: Option<String>,
    /// Questions that are open.
    questions: usize,
    /// Questions that were ever asked; numbers the answers.
    asked: u64,
    /// What was read and is to be kept.
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
