//! The store of a server that writes nothing to a disk: bounded, and gone with the process.
//!
//! It does the jobs that `sqlite` does to a file, and its answers are the same. `history` is what it keeps, in the order of `numbered`, with `users`
//! for their numbers and `reactions`; `rename` lets users take other names; `change` changes messages, with `change_labels`; `query` answers questions, and `search` searches a slice at a time.
//!
//! Must not know: who waits for its reports, or the history in a file (`sqlite`).

mod change;
mod change_labels;
mod history;
mod numbered;
mod query;
mod reactions;
mod rename;
mod search;
mod users;

use std::collections::VecDeque;

use self::history::MemoryHistory;
use self::search::RunningSearch;
use super::api::{Job, Question, Report, Retention, What};
use super::limits::{PRUNE_EVERY, SEARCH_SLICE};
use super::transaction_counts::TransactionCounts;
use crate::model::Timestamp;
use crate::sys::clock::Clock;
use crate::sys::trusted_time::TrustedTime;

/// A store in memory, at work: it does each job at once, except for questions.
pub(super) struct MemoryStore {
    history: MemoryHistory,
    clock: Clock,
    time: TrustedTime,
    prune_at: Timestamp,
    /// Questions that wait, except for searches.
    questions: VecDeque<Question>,
    searches: VecDeque<RunningSearch>,
    report: Box<dyn Fn(Report) + Send>,
}

impl MemoryStore {
    /// A store that keeps nothing yet.
    pub(super) fn new(keep: Retention, report: impl Fn(Report) + Send + 'static, time: TrustedTime) -> Self {
        let clock = Clock::start();
        Self {
            history: MemoryHistory::new(keep),
            prune_at: clock.now().steady.after(PRUNE_EVERY),
            clock,
            time,
            questions: VecDeque::new(),
            searches: VecDeque::new(),
            report: Box::new(report),
        }
    }

    /// Does a job; a question waits until the store is tended.
    pub(super) fn take(&mut self, job: Job, counts: &TransactionCounts) {
        match job {
            Job::KeepFor(keep) => self.history.keep_for(keep, self.time.look().time),
            Job::Ask(question) if matches!(question.what, What::Found(_)) => {
                self.searches.push_back(RunningSearch::new(question));
            }
            Job::Ask(question) => self.questions.push_back(question),
            job => {
                counts.add(true);
                self.history.take(job).into_iter().for_each(&self.report);
            }
        }
    }

    /// Answers a question, and goes on with a search for a moment. Says whether there is more to do.
    pub(super) fn tend(&mut self) -> bool {
        let now = self.clock.now();
        if now.steady >= self.prune_at {
            self.history.prune(self.time.look().time);
            self.prune_at = now.steady.after(PRUNE_EVERY);
        }
        if let Some(question) = self.questions.pop_front() {
            (self.report)(Report::Answered(query::answer(&self.history, &question)));
        }
        let slice = Clock::start();
        let is_over = || slice.elapsed() >= SEARCH_SLICE;
        if let Some(answer) = self.searches.front_mut().and_then(|search| search.go_on(&self.history, is_over)) {
            self.searches.pop_front();
            (self.report)(Report::Answered(answer));
        }
        !self.questions.is_empty() || !self.searches.is_empty()
    }
}
