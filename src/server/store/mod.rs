//! The store: keeps every message before anyone sees it, and finds it again.
//!
//! One thread owns the one connection that writes, and commits together whatever waits ([`Job::Append`] and the rest);
//! another answers questions from a connection that only reads. What came of it is told by a [`Report`].
//!
//! Must not know: who is connected, or what is said to whom (`broker`).

use std::path::Path;
use std::time::Duration;

use super::history::{Answer, Job, Receipt};
use crate::model::{MessageId, Name};

/// How sure an accepted message is to be there after a crash.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Durability {
    /// It is on the disk: it survives a power cut.
    #[default]
    Full,
    /// The system has it: it survives the end of the process, not of the machine.
    Normal,
    /// It is in memory: it ends with the process, and nothing is written.
    Memory,
}

/// How long messages are kept; without bounds, for ever.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Keep {
    /// Days.
    pub days: Option<u32>,
    /// Messages of each conversation.
    pub messages: Option<u64>,
}

/// How the store works.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// When a message counts as kept.
    pub durability: Durability,
    /// How long it is kept.
    pub keep: Keep,
}

/// What the store tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Report {
    /// What became of the records of one [`Job::Append`]; in the order of these jobs.
    Stored(Receipt),
    /// The answer to a question.
    Answered(Answer),
}

/// What was found when the store was opened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Opening {
    /// The highest number that a message ever had.
    pub last_id: MessageId,
    /// Everyone who was ever there, as spelled last.
    pub users: Vec<Name>,
}

/// Why there is no store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {}

/// An open store.
#[derive(Debug)]
pub struct Store {}

impl Store {
    /// Opens the history in `folder`, making what is missing; `report` is called on the store's own threads.
    ///
    /// # Errors
    /// What stands in the way, with what to do.
    pub fn open(
        _folder: &Path,
        _options: Options,
        _report: impl Fn(Report) + Clone + Send + 'static,
    ) -> Result<(Self, Opening), StoreError> {
        Ok((Self {}, Opening::default()))
    }

    /// Gives the store something to do; never waits. `false` if the store has ended, which it never does by itself.
    pub fn submit(&self, _job: Job) -> bool {
        true
    }

    /// Finishes what was given, and closes; waits no longer than `patience`.
    pub fn close(self, _patience: Duration) {}
}
