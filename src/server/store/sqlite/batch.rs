//! Gathers the jobs that are committed together.
//!
//! Must not know: what the jobs do (`transaction`), or what becomes of them (`writer`).

use std::thread;

use super::queue::QueueReceiver;
use super::uncertain::records;
use crate::server::store::api::{
    Changed, Deleted, Deletion, Erasure, ErasureStep, Job, Outcome, Receipt, Report, Revision,
};
use crate::server::store::limits::{BATCH_BYTES, BATCH_RECORDS, GATHER_PAUSE, MANY_RECORDS};

/// The jobs for the writer; `None` ends it.
pub(super) type Jobs = QueueReceiver<Option<Job>>;

/// What a job counts for in a batch, in records.
fn weight(job: &Job) -> usize {
    match job {
        Job::Promise(changes) => changes.len(),
        job => records(job).len(),
    }
    .max(1)
}

/// Whether somebody is told what became of a job.
pub(super) fn is_answered(job: &Job) -> bool {
    matches!(job, Job::Append(_) | Job::Promise(_) | Job::Delete(_) | Job::Change(_) | Job::Erase(_))
}

/// Whether a job takes a text out of the history.
pub(super) fn erases(job: &Job) -> bool {
    match job {
        Job::Delete(_) | Job::Erase(_) => true,
        Job::Change(change) => change.erases() || change.is_removal(),
        _ => false,
    }
}

/// What is told of a job that failed; the job itself if nobody is told.
pub(super) fn failed(job: Job, why: &str) -> Result<Report, Box<Job>> {
    Ok(match job {
        Job::Append(records) => {
            let outcomes = records.iter().map(|_| Outcome::Unavailable).collect();
            Report::Stored(Receipt { outcomes, trouble: Some(why.to_owned()) })
        }
        Job::Promise(_) => Report::Promised(Err(why.to_owned())),
        Job::Delete(deletion) => Report::Deleted(Deletion { outcome: Some(Deleted::Unavailable), ..deletion }),
        Job::Change(change) => Report::Changed(Revision { outcome: Some(Changed::Unavailable), ..change }),
        Job::Erase(erasure) => Report::Erased(Box::new(Erasure { trouble: Some(why.to_owned()), ..*erasure })),
        job => return Err(Box::new(job)),
    })
}

/// Whether a report says that everything that was to be erased is, except from the log of the history.
pub(super) fn is_last_of_erasure(report: &Report) -> bool {
    matches!(report, Report::Erased(erasure) if matches!(erasure.step, ErasureStep::Done { .. }))
}

/// Takes the jobs that wait behind `first`, as many as fit into one transaction, and says whether the queue has ended. If
/// there are many records, it pauses once to take more: a commit costs as much as a hundred records.
pub(super) fn gather(first: Job, jobs: &Jobs) -> (Vec<Job>, bool) {
    let (mut batch, mut count, mut bytes, mut paused) = (Vec::new(), 0, 0, false);
    let mut next = first;
    loop {
        count += weight(&next);
        bytes += match &next {
            Job::Change(change) => change.text_bytes(),
            job => records(job).iter().map(|record| record.text.as_str().len()).sum::<usize>(),
        };
        batch.push(next);
        if count >= BATCH_RECORDS || bytes >= BATCH_BYTES {
            return (batch, false);
        }
        let mut waiting = jobs.try_recv();
        if waiting.is_none() && count >= MANY_RECORDS && !std::mem::replace(&mut paused, true) {
            // A plain sleep, because a wait for the queue would end with the first job.
            thread::sleep(GATHER_PAUSE);
            waiting = jobs.try_recv();
        }
        match waiting {
            Some(Some(job)) => next = job,
            Some(None) => return (batch, true),
            None => return (batch, false),
        }
    }
}
