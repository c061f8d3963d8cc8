//! How a store is opened, what it finds then, and what it reports while it works.
//!
//! Must not know: where the history is kept (`sqlite`, `memory`).

use super::change::Revision;
use super::erasure::Erasure;
use super::job::{Deletion, Retention};
use super::message::{Kept, Receipt};
use super::owner::Owner;
use super::question::Answer;
use crate::model::{MessageId, Name};
use crate::server::ids::RoomId;

/// What an accepted message survives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Durability {
    /// It is on the disk: it survives a power cut.
    #[default]
    Full,
    /// The operating system has it: it survives the end of the process, but not of the machine.
    Normal,
    /// It is in memory: it ends with the process, and nothing is written to a disk.
    Memory,
}

/// How the store works.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// When a message counts as kept.
    pub durability: Durability,
    /// How long messages are kept.
    pub keep: Retention,
}

/// What the store found when it was opened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Opening {
    /// The highest number that a message ever had.
    pub last_id: MessageId,
    /// The highest number of a room that anything mentions.
    pub last_room: RoomId,
    /// All known users, as they spelled their names last.
    pub users: Vec<Name>,
    /// All names that belong to somebody.
    pub owners: Vec<Owner>,
    /// All facts in force, each as kind, key and value.
    pub facts: Vec<(String, String, String)>,
    /// Records that are damaged, in a few words each: none of them is among those above.
    pub lost: Vec<String>,
}

/// What the administrator has decided about data that cannot be used as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Decisions {
    /// To begin a new history where one was lost.
    pub new_history: bool,
    /// That the history of a node is to be one of a server that stands alone from here on.
    pub alone: bool,
    /// To go on without damaged records of owners, bans and rooms, which are deleted.
    pub without_damaged: bool,
}

/// What the store reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Report {
    /// What became of the records of one [`super::Job::Append`]. These reports and those of promises come in the order of
    /// their jobs.
    Stored(Receipt),
    /// What became of a [`super::Job::Promise`].
    Promised(Kept),
    /// What became of a [`super::Job::Delete`].
    Deleted(Deletion),
    /// What became of a [`super::Job::Change`].
    Changed(Revision),
    /// How far a [`super::Job::Erase`] has come.
    Erased(Box<Erasure>),
    /// The answer to a question.
    Answered(Answer),
    /// Why nothing can be kept any more, found while nothing was to be kept.
    Trouble(String),
    /// The wall clock is believed no longer, or again.
    Clock,
}
