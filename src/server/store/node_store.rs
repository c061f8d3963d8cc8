//! The store of a node of a chat: it does each job at once, and keeps what follows with the node's place in the log that it
//! shares with others.
//!
//! Must not know: what a step is, or what the place says (`cluster`).

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use super::TransactionCounts;
use super::api::{Decisions, Job, NodePlace, Opening, Options, Report};
use super::error::StoreError;
use super::sqlite::{SqliteStore, StepKept, StepWriter};
use crate::sys::trusted_time::TrustedTime;

/// The open store of a node. Once something has failed, nothing is kept any more.
pub struct NodeStore {
    steps: StepWriter,
    counts: Arc<TransactionCounts>,
    time: TrustedTime,
    failed: Option<String>,
}

impl NodeStore {
    /// Opens the history in `folder`, making what is missing. `report` is called with answers, on a thread of the store.
    /// Returns also what was found, and from what the node goes on; `None` if the history is not a node's.
    ///
    /// # Errors
    /// What stands in the way, with what to do.
    pub fn open(
        folder: &Path,
        options: Options,
        decisions: Decisions,
        report: impl Fn(Report) + Send + 'static,
    ) -> Result<(Self, Opening, Option<NodePlace>), StoreError> {
        Self::open_with(folder, (options, decisions), "", report)
    }

    /// Opens a store whose writing connection executes `extra` statements of SQLite: for tests that make it fail.
    #[doc(hidden)]
    pub fn open_with(
        folder: &Path,
        (options, decisions): (Options, Decisions),
        extra: &str,
        report: impl Fn(Report) + Send + 'static,
    ) -> Result<(Self, Opening, Option<NodePlace>), StoreError> {
        let (counts, time): (Arc<TransactionCounts>, _) = (Arc::default(), TrustedTime::believed());
        let opened = SqliteStore::open_node(folder, options, extra, report, (&counts, &time, decisions))?;
        let (steps, opening, place) = opened;
        Ok((Self { steps, counts, time, failed: None }, opening, place))
    }

    /// Does a job, and reports on it at once; a question is answered after the next commit. `None` also after a failure.
    pub fn does(&mut self, job: Job) -> Option<Report> {
        if self.failed.is_some() {
            return None;
        }
        self.steps.does(job).unwrap_or_else(|why| {
            self.failed = Some(why);
            None
        })
    }

    /// Begins at a place: what was done before it is forgotten, and it must have the state of the chat.
    pub fn begin(&mut self, place: &StepKept<'_>) {
        self.steps.begin_anew();
        self.reached(place);
    }

    /// A step is carried out: it is kept with the next commit.
    pub fn reached(&mut self, step: &StepKept<'_>) {
        if self.failed.is_none() {
            self.failed = self.steps.reached(step).err();
        }
    }

    /// Commits all steps since the last commit. They survive the end of the process, and a power cut as far as the log of the
    /// chat does; those that are awaited are on the disk of this machine too, which takes as long as the disk does. Says
    /// whether there were such.
    ///
    /// # Errors
    /// Why nothing of them, nor anything else, is kept.
    pub fn commit(&mut self) -> Result<bool, String> {
        let done = self.failed.clone().map_or_else(|| self.steps.commit(), Err);
        if let Err(why) = &done {
            self.failed = Some(why.clone());
        }
        done
    }

    /// Whether too much upkeep is due to wait for a quiet moment.
    #[must_use]
    pub fn is_behind(&self) -> bool {
        self.failed.is_none() && self.steps.is_behind()
    }

    /// Spends some milliseconds, between two commits, on work that nobody waits for. Says whether there is more of it.
    ///
    /// # Errors
    /// Why nothing is kept any more.
    pub fn tend(&mut self) -> Result<bool, String> {
        match self.failed.clone().map_or_else(|| self.steps.tend(), Err) {
            Ok(more) => Ok(more),
            Err(why) => {
                self.failed = Some(why.clone());
                Err(why)
            }
        }
    }

    /// The time by which the machine's clock is believed.
    #[must_use]
    pub fn time(&self) -> &TrustedTime {
        &self.time
    }

    /// How many transactions were committed, and how many failed.
    #[must_use]
    pub fn transactions(&self) -> (u64, u64) {
        self.counts.get()
    }

    /// Ends. What was not committed is undone.
    pub fn close(self) {
        self.steps.close();
    }
}

impl fmt::Debug for NodeStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NodeStore")
    }
}
