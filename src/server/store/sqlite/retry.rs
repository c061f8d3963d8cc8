//! Jobs that could not be written and are tried again: nobody waits for them, but they must not be lost.
//!
//! Must not know: why they could not be written, or when they are tried again (`writer`).

use crate::server::store::api::Job;
use crate::server::store::limits::{MAX_RETRIES, MAX_RETRY_FACTS};

/// The jobs to be tried again, in their order.
#[derive(Debug, Default)]
pub(super) struct RetryQueue {
    jobs: Vec<Job>,
    /// Whether the log says already that jobs are lost.
    reported: bool,
}

impl RetryQueue {
    /// Takes all jobs.
    pub(super) fn take(&mut self) -> Vec<Job> {
        std::mem::take(&mut self.jobs)
    }

    /// Puts jobs back that were taken, before any is added.
    pub(super) fn put_back(&mut self, jobs: Vec<Job>) {
        self.jobs = jobs;
    }

    /// Adds a job, and drops older ones that it makes needless. A job for which there is no room is lost, which is
    /// logged.
    pub(super) fn push(&mut self, job: Job) {
        self.jobs.retain(|older| !replaces(&job, older));
        let (bound, weighty) = if is_weighty(&job) { (MAX_RETRY_FACTS, true) } else { (MAX_RETRIES, false) };
        if self.jobs.iter().filter(|waiting| is_weighty(waiting) == weighty).count() < bound {
            self.jobs.push(job);
        } else {
            self.report_lost(1);
        }
    }

    /// All jobs are written: a later loss is logged again.
    pub(super) fn all_written(&mut self) {
        self.reported = false;
    }

    /// Logs that this many jobs are lost.
    pub(super) fn report_lost(&mut self, count: usize) {
        if count > 0 && !std::mem::replace(&mut self.reported, true) {
            log::error!(count = count; "owed_lost");
        }
    }
}

/// Whether losing the job would let somebody do what they may not.
fn is_weighty(job: &Job) -> bool {
    matches!(job, Job::Keep(_) | Job::Log(_) | Job::Own(_) | Job::EndRoom(_))
}

/// Whether doing `job` makes doing the `older` one needless.
fn replaces(job: &Job, older: &Job) -> bool {
    match (job, older) {
        (Job::Keep(new), Job::Keep(old)) => new.kind == old.kind && new.key == old.key,
        (Job::Own(new), Job::Own(old)) => new.name.key().folded == old.name.key().folded,
        (Job::Mark { user, with, id }, Job::Mark { user: same_user, with: same, id: earlier }) => {
            user == same_user && with == same && id >= earlier
        }
        (Job::Know(name), Job::Know(same)) => name == same,
        _ => false,
    }
}
