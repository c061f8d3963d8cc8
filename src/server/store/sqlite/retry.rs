//! What could not be written and is tried again: nobody waits for it, but it shall not be lost.
//!
//! Must not know: why it could not be written, or when it is tried again (`writer`).

use crate::server::store::api::Job;
use crate::server::store::limits::{MAX_RETRIES, MAX_RETRY_FACTS};

/// What is owed, in its order.
#[derive(Debug, Default)]
pub(super) struct RetryQueue {
    jobs: Vec<Job>,
    /// Whether it was told that something is lost.
    reported: bool,
}

impl RetryQueue {
    /// Takes all of it.
    pub(super) fn take(&mut self) -> Vec<Job> {
        std::mem::take(&mut self.jobs)
    }

    /// Puts what was taken back, before anything is added.
    pub(super) fn put_back(&mut self, jobs: Vec<Job>) {
        self.jobs = jobs;
    }

    /// Adds a job; what it makes needless goes. What there is no room for is lost, and the log tells so.
    pub(super) fn push(&mut self, job: Job) {
        self.jobs.retain(|older| !replaces(&job, older));
        let (bound, weighty) = if is_weighty(&job) { (MAX_RETRY_FACTS, true) } else { (MAX_RETRIES, false) };
        if self.jobs.iter().filter(|owed| is_weighty(owed) == weighty).count() < bound {
            self.jobs.push(job);
        } else {
            self.report_lost(1);
        }
    }

    /// All of it is written.
    pub(super) fn all_written(&mut self) {
        self.reported = false;
    }

    /// So many will not be written.
    pub(super) fn report_lost(&mut self, count: usize) {
        if count > 0 && !std::mem::replace(&mut self.reported, true) {
            log::error!(count = count; "owed_lost");
        }
    }
}

/// Whether losing it lets somebody do what they may not.
fn is_weighty(job: &Job) -> bool {
    matches!(job, Job::Keep(_) | Job::Log(_) | Job::Own(_))
}

/// Whether once a job is done it is as if an older one had not been.
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
