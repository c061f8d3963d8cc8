//! What one entry of the log means, as values: the state before and after it, and what is to be done.
//!
//! Must not know: how that is found out.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::chain::ChainValue;
use super::entry::{LogCommand, NodeId, SettingsHash};
use super::entry_bytes::EntryError;
use super::roll::Roll;
use crate::model::time::Timestamp;

/// All that the meaning of the next entry depends on. It is kept with what was decided, in one transaction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TurnState {
    /// How often the log was founded.
    pub founding: u32,
    /// The last position that was taken.
    pub position: u64,
    /// The chain's value there.
    pub chain: ChainValue,
    /// The chain's value at the position before: with it, the last entry can be known again.
    pub chain_before: ChainValue,
    /// The log's time, in milliseconds since 1970.
    pub time: i64,
    /// The version of the rules that holds.
    pub version: u16,
    /// The hash of the settings that all share; `None` before the first node came in.
    pub settings: Option<SettingsHash>,
    /// The nodes.
    pub roll: Roll,
}

impl TurnState {
    /// The state before the first entry of a chat's log.
    #[must_use]
    pub fn founded(chat: &str) -> Self {
        let chain = ChainValue::founded(chat);
        Self {
            founding: 1,
            position: 0,
            chain,
            chain_before: chain,
            time: 0,
            version: 0,
            settings: None,
            roll: Roll::default(),
        }
    }

    /// As bytes.
    #[must_use]
    pub fn write(&self) -> Vec<u8> {
        // Nothing in it can fail to be written.
        postcard::to_allocvec(self).unwrap_or_default()
    }

    /// A state from its bytes; `None` if they are none.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Option<Self> {
        postcard::from_bytes(bytes).ok()
    }

    /// The state from which a log is founded anew, after this one: its next position is the one after this. Nodes that do
    /// not start from a copy of this state do not come in.
    #[must_use]
    pub fn founded_anew(&self) -> Self {
        Self { founding: self.founding + 1, ..self.clone() }
    }
}

/// Why a node's epoch ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndOfEpoch {
    /// It was silent for too long.
    Silent,
    /// It began another epoch.
    Replaced,
    /// It said farewell.
    Left,
}

/// An epoch that ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndedEpoch {
    /// Whose it was.
    pub node: NodeId,
    /// The node's seat.
    pub seat: u16,
    /// The epoch.
    pub epoch: u64,
    /// Why it ended.
    pub why: EndOfEpoch,
}

/// Why a hello does not let its node in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unwelcome {
    /// Its settings are not those of the nodes that are in.
    Settings,
    /// It cannot apply rules as new as those that hold.
    TooOld {
        /// The version that holds.
        needed: u16,
    },
    /// It cannot apply rules as old as those that hold.
    TooNew {
        /// The version that holds.
        needed: u16,
    },
    /// The log knows too many nodes.
    TooMany,
}

impl fmt::Display for Unwelcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Settings => f.write_str(
                "its settings differ from those of the nodes that run, in what all must share; make tr2.conf the same on all",
            ),
            Self::TooOld { needed } => {
                write!(f, "the cluster goes by version {needed} of the rules; install the tr2 of the other nodes")
            }
            Self::TooNew { needed } => {
                write!(f, "the cluster goes by version {needed} of the rules, which this tr2 has given up; update in steps")
            }
            Self::TooMany => f.write_str("the log knows too many nodes; use the name of a node that is no more"),
        }
    }
}

/// Why an entry does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disregard {
    /// It cannot be read, or was written without the secret.
    Unreadable(EntryError),
    /// A node wrote it that was left over from a log that was founded before this one.
    OlderFounding,
    /// Its node's epoch is void, or not the newest.
    Void,
    /// Its node's epoch has not begun.
    NotBegun,
    /// An entry with its number counted before.
    Again,
    /// Entries before it are missing.
    TooEarly,
}

/// Who says an entry, and which of that node's it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntrySender {
    /// The node.
    pub node: NodeId,
    /// Its epoch.
    pub epoch: u64,
    /// The number of the entry in the epoch.
    pub n: u64,
}

/// What an entry means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Its commands are to be carried out, in their order.
    Counts {
        /// Who says it.
        sender: EntrySender,
        /// The sender's seat.
        seat: u16,
        /// What its connections ask for.
        commands: Vec<LogCommand>,
    },
    /// A node came in.
    CameIn {
        /// Who says it.
        sender: EntrySender,
        /// The sender's seat.
        seat: u16,
        /// The random number of that run of the program.
        life: u64,
    },
    /// A node left as planned. It is among the ended ones.
    Left {
        /// Who says it.
        sender: EntrySender,
    },
    /// A node did not come in.
    TurnedAway {
        /// Who says it.
        sender: EntrySender,
        /// Why not.
        why: Unwelcome,
    },
    /// It does not count.
    Nothing {
        /// Who says it, if that can be told.
        sender: Option<EntrySender>,
        /// Why not.
        why: Disregard,
    },
}

/// One position of the log: what is to be done, in the order of the fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogStep {
    /// The position.
    pub position: u64,
    /// The log's time from here on.
    pub time: Timestamp,
    /// The epochs that end here, before anything else is done. The connections of those nodes end with them.
    pub ended: Vec<EndedEpoch>,
    /// Whether the log's time entered another second. Then a tick is due, and after this step a sum over all decisions.
    pub tick: bool,
    /// What the entry means.
    pub verdict: Verdict,
    /// The state after this step; its time, version and nodes hold while it is carried out.
    pub state: Arc<TurnState>,
}
