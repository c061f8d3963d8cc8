//! The store as the steps of a node use it.
//!
//! Must not know: what a step is, or when it is committed.

use crate::model::Timestamp;
use crate::server::broker::Input;
use crate::server::cluster::step_store::{StepDone, StepStore};
use crate::server::store::StepKept;
use crate::server::store::api::{Job, Report};
use crate::server::store::node_store::NodeStore;

/// A store, and what was kept in it.
#[derive(Debug)]
pub(super) struct Steps {
    store: NodeStore,
    /// Messages that were accepted, and those that had been before.
    accepted: (u64, u64),
}

impl Steps {
    pub(super) fn new(store: NodeStore) -> Self {
        Self { store, accepted: (0, 0) }
    }

    /// How many transactions were committed, and how many failed.
    pub(super) fn transactions(&self) -> (u64, u64) {
        self.store.transactions()
    }

    /// How many messages were accepted, and how many of those that were sent had been before.
    pub(super) fn accepted(&self) -> (u64, u64) {
        self.accepted
    }

    /// Does jobs on which nothing is reported.
    pub(super) fn keep(&mut self, jobs: impl Iterator<Item = Job>) {
        for job in jobs {
            self.store.does(job);
        }
    }

    /// Commits everything; what is awaited is on the disk then.
    pub(super) fn commit(&mut self) -> Result<(), String> {
        self.store.commit().map(drop)
    }

    /// Whether much waits to be tended.
    pub(super) fn is_behind(&self) -> bool {
        self.store.is_behind()
    }

    /// Does what nobody waits for, and gives itself back.
    pub(super) fn tend(mut self) -> (Self, Result<(), String>) {
        let done = self.store.tend().map(drop);
        (self, done)
    }

    pub(super) fn close(self) {
        self.store.close();
    }
}

impl StepStore for Steps {
    fn does(&mut self, job: Job) -> Option<Input> {
        Some(match self.store.does(job)? {
            Report::Stored(receipt) => {
                self.accepted.0 += receipt.kept() as u64;
                self.accepted.1 += receipt.repeated() as u64;
                Input::Stored(receipt)
            }
            Report::Promised(kept) => Input::Promised(kept),
            Report::Deleted(deletion) => Input::Deleted(deletion),
            Report::Changed(change) => Input::Changed(change),
            Report::Erased(erasure) => Input::Erased(erasure),
            Report::Answered(answer) => Input::Answered(answer),
            Report::Trouble(_) | Report::Clock => return None,
        })
    }

    fn reached(&mut self, step: &StepDone<'_>) {
        let (log, deed) = (step.state.write(), step.deed.write());
        let minute = step.minute.then_some(Timestamp(step.state.time));
        self.store.reached(&StepKept { log: &log, deed: &deed, chat: step.chat, minute, awaited: step.awaited });
    }
}
