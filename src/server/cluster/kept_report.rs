//! What the store reported on a job, without what the job says itself.
//!
//! Must not know: how a job is done.

use serde::{Deserialize, Serialize};

use crate::server::broker::Input;
use crate::server::store::api::{Changed, Deleted, Deletion, Erasure, Job, Outcome, Receipt, Revision};

/// What became of a job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum KeptReport {
    /// Of messages.
    Stored(Vec<Outcome>),
    /// Of changes that somebody is told of: they are made.
    Promised,
    /// Of a message to be deleted.
    Deleted(Option<Deleted>),
    /// Of a message to be changed.
    Changed(Option<Changed>),
    /// Of a slice of an erasure.
    Erased(Box<Erasure>),
}

impl KeptReport {
    /// What is kept of a report; `None` for an answer to a question, and for a failure.
    #[must_use]
    pub fn of(report: &Input) -> Option<Self> {
        Some(match report {
            Input::Stored(receipt) => Self::Stored(receipt.outcomes.clone()),
            Input::Promised(Ok(())) => Self::Promised,
            Input::Deleted(deletion) => Self::Deleted(deletion.outcome.clone()),
            Input::Changed(change) => Self::Changed(change.outcome.clone()),
            Input::Erased(erasure) => Self::Erased(erasure.clone()),
            _ => return None,
        })
    }

    /// Whether a report follows from a job at once.
    #[must_use]
    pub fn follows(job: &Job) -> bool {
        match job {
            Job::Append(_) | Job::Promise(_) | Job::Delete(_) | Job::Change(_) | Job::Erase(_) => true,
            Job::Know(_) | Job::Mark { .. } | Job::GoOn | Job::Keep(_) | Job::KeepFor(_) | Job::Ask(_) => false,
        }
    }

    /// The report once more; `None` if it is not one on this job.
    #[must_use]
    pub fn again(self, job: Job) -> Option<Input> {
        Some(match (self, job) {
            (Self::Stored(outcomes), Job::Append(records)) if outcomes.len() == records.len() => {
                Input::Stored(Receipt { outcomes, trouble: None })
            }
            (Self::Promised, Job::Promise(_)) => Input::Promised(Ok(())),
            (Self::Deleted(outcome), Job::Delete(deletion)) => Input::Deleted(Deletion { outcome, ..deletion }),
            (Self::Changed(outcome), Job::Change(change)) => Input::Changed(Revision { outcome, ..change }),
            (Self::Erased(erasure), Job::Erase(_)) => Input::Erased(erasure),
            _ => return None,
        })
    }
}
