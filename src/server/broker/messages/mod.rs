//! Messages: each gets its number, is stored, and is delivered only then.
//!
//! - [`posting`]: a message is accepted for storing, and gets its number from [`numbering`]. [`delivery`]: it is stored, and delivered.
//! - [`changing`]: messages are edited, deleted by their senders, and reacted to.
//! - [`history`]: history requests. [`marks`]: read marks. [`generations`]: what was for the former holder of a name.
//!
//! Must not know: who may write (`moderation`, `rooms`), or how messages are stored and found (`store`).

mod changing;
pub(crate) mod delivery;
mod generations;
mod history;
mod marks;
mod numbering;
pub(crate) mod posting;

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use crate::model::{FoldedName, MessageId, Name};
use crate::server::ids::ConnId;
use crate::server::in_order;
use crate::server::limits::{MAX_PENDING, MAX_PENDING_BYTES, MUCH_PENDING};
use crate::server::store::api::{ConversationId, Record};
use serde::{Deserialize, Serialize};

use self::numbering::Numbering;

pub(in crate::server::broker) use self::changing::Wanted;
pub(in crate::server::broker) use self::delivery::{Health, Settled};
pub(in crate::server::broker) use self::history::HistoryQuestion;

/// The messages and history requests that wait for the store.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::server::broker) struct Messages {
    numbering: Numbering,
    /// Messages that the store has not answered for yet, in order.
    #[serde(skip)]
    pending: VecDeque<Pending>,
    /// The bytes of their texts, and of those of changes.
    #[serde(skip)]
    pending_bytes: usize,
    /// How many changes of messages the store has not answered for yet.
    #[serde(skip)]
    changing: usize,
    /// Why the store failed at its last use; `None` if it did not.
    #[serde(skip)]
    sick: Option<String>,
    /// The number of open history requests.
    #[serde(skip)]
    questions: usize,
    /// Names that have changed hands while messages were pending: those up to this number were for a former holder.
    #[serde(serialize_with = "in_order::map")]
    renewed: HashMap<FoldedName, MessageId>,
    /// Read marks that are not stored yet.
    marks: BTreeMap<(Name, ConversationId), MessageId>,
    /// Damaged messages that moderators were told of.
    #[serde(skip)]
    damaged: BTreeSet<MessageId>,
}

/// A message that the store has not answered for yet.
#[derive(Debug)]
struct Pending {
    conn: ConnId,
    /// The label by which the sender's connection knows it.
    reference: Option<String>,
    record: Record,
}

impl Messages {
    /// What was read of a state that other nodes of the chat share goes on with this secret.
    pub(in crate::server::broker) fn goes_on(&mut self, secret: &[u8; 32]) {
        self.numbering.goes_on(secret);
    }

    /// Goes on after this number; `secret` is random and known to nobody else.
    pub(in crate::server::broker) fn new(last_id: MessageId, secret: &[u8; 32]) -> Self {
        Self {
            numbering: Numbering::new(last_id, secret),
            pending: VecDeque::new(),
            pending_bytes: 0,
            changing: 0,
            sick: None,
            questions: 0,
            renewed: HashMap::new(),
            marks: BTreeMap::new(),
            damaged: BTreeSet::new(),
        }
    }

    /// The messages that wait for the store, and the bytes of their texts.
    pub(in crate::server::broker) fn pending(&self) -> (usize, usize) {
        (self.pending.len() + self.changing, self.pending_bytes)
    }

    /// Whether every message was answered for.
    pub(in crate::server::broker) fn are_settled(&self) -> bool {
        self.pending.is_empty() && self.changing == 0
    }

    /// Whether so much waits for the store that nothing more should be taken for a while.
    pub(in crate::server::broker) fn are_full(&self) -> bool {
        self.pending.len() + self.changing >= MAX_PENDING / 2 || self.pending_bytes >= MAX_PENDING_BYTES / 2
    }

    /// Whether many messages wait for the store.
    pub(in crate::server::broker) fn are_many(&self) -> bool {
        self.pending.len() >= MUCH_PENDING
    }
}
