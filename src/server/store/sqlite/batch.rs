//! Gathers the jobs that are committed together.
//!
//! Must not know: what the jobs do (`transaction`), or what becomes of them (`writer`).

use super::queue::QueueReceiver;
use super::transaction::records;
use crate::server::store::api::Job;
use crate::server::store::limits::{BATCH_BYTES, BATCH_RECORDS};

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
    matches!(job, Job::Append(_) | Job::Promise(_) | Job::Delete(_) | Job::Change(_))
}

/// A job and those that wait behind it, within bounds; and whether the end was among them.
pub(super) fn gather(first: Job, jobs: &Jobs) -> (Vec<Job>, bool) {
    let (mut batch, mut count, mut bytes) = (Vec::new(), 0, 0);
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
        match jobs.try_recv() {
            Some(Some(job)) => next = job,
            Some(None) => return (batch, true),
            None => return (batch, false),
        }
    }
}
