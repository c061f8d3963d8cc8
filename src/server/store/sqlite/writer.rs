//! The thread that writes: all waiting jobs are committed together, and only then reported.
//!
//! - [`upkeep`]: what it does besides, mostly during pauses. [`steps`]: the writing side of a node, which has no thread.
//!
//! Must not know: SQL (`transaction`, `search_index`, `placing`, `prune`), or who waits for its reports.

pub(super) mod steps;
mod upkeep;

use std::sync::Arc;
use std::time::Duration;

use rusqlite::{Connection, Error, Result};

use super::batch::{Jobs, erases, failed, gather, is_answered, is_last_of_erasure};
use super::ended_rooms;
use super::errors::{may_spare_others, reason};
use super::file::HistoryFile;
use super::known_time;
use super::log_mover::LogMover;
use super::placing;
use super::prune::Pruner;
use super::reader::QuestionSender;
use super::retry::RetryQueue;
use super::search_index;
use super::transaction::{TransactionRunner, given_up};
use super::watch::FileWatch;
use crate::model::Timestamp;
use crate::server::store::api::{Job, Report, Retention, Update};
use crate::server::store::limits::{
    INDEX_EVERY, INDEX_LITTLE, INDEX_MOST, INDEX_NOW, KNOW_EVERY, MAINTAIN_EVERY, MAX_POISON, PLACE_NOW, PRUNE_EVERY,
    PRUNE_MOST, QUIET, WATCH_EVERY, WIPE_AFTER,
};
use crate::server::store::transaction_counts::TransactionCounts;
use crate::sys::clock::Clock;
use crate::sys::trusted_time::TrustedTime;

/// An open history, the watch over its files, and the thread that moves its log.
pub(super) type OpenFile = (HistoryFile, FileWatch, LogMover);

/// The writing side of the history.
pub(super) struct Writer<R> {
    transactions: TransactionRunner,
    /// The channel to the reader.
    questions: QuestionSender,
    report: R,
    pruner: Pruner,
    /// Messages that are not in the search index.
    unindexed: u64,
    /// Messages that are not placed in their conversations.
    unplaced: u64,
    /// Whether no job came since the last pause.
    quiet: bool,
    /// Jobs that could not be written and that nobody is told of; they go first into the next transaction.
    retry: RetryQueue,
    /// Why a promise was not kept, until its maker has learnt of it: meanwhile nothing is kept that may rest on it.
    broken: Option<String>,
    clock: Clock,
    time: TrustedTime,
    /// Whether the wall clock was believed at the last look.
    believed: bool,
    /// When the known time is kept again, on the steady clock.
    know_at: Timestamp,
    /// On the steady clock: when pruning begins again, when maintenance is done even without a pause, when messages enter
    /// the search index without one, and until when maintenance rests after a failure.
    prune_at: Timestamp,
    /// When what was deleted is to leave the write-ahead log.
    wipe_at: Option<Timestamp>,
    maintain_at: Timestamp,
    index_at: Timestamp,
    rest_until: Timestamp,
}

impl<R: Fn(Report)> Writer<R> {
    /// The writer of an open history. `has_log` says that a server was killed, perhaps before what it had deleted left the
    /// log.
    pub(super) fn new(
        (file, conn, counts, time): (OpenFile, Connection, Arc<TransactionCounts>, TrustedTime),
        (newest, has_log): (i64, bool),
        keep: Retention,
        questions: QuestionSender,
        report: R,
    ) -> Result<Self> {
        let clock = Clock::start();
        search_index::merge_evenly(&conn)?;
        Ok(Self {
            pruner: Pruner::new(keep, ended_rooms::any(&conn)?),
            unindexed: search_index::missing(&conn)?,
            unplaced: placing::begin(&conn)?,
            transactions: TransactionRunner::new(file, conn, newest, counts)?,
            questions,
            report,
            quiet: false,
            retry: RetryQueue::default(),
            broken: None,
            prune_at: clock.now().steady.after(PRUNE_EVERY),
            maintain_at: clock.now().steady.after(MAINTAIN_EVERY),
            index_at: clock.now().steady.after(INDEX_EVERY),
            rest_until: clock.now().steady,
            wipe_at: has_log.then(|| clock.now().steady.after(WIPE_AFTER)),
            know_at: clock.now().steady.after(KNOW_EVERY),
            clock,
            believed: time.look().ahead.is_none(),
            time,
        })
    }

    /// Works until the end comes, and finishes the jobs that came before it.
    pub(super) fn run(mut self, jobs: Jobs) {
        let mut open = true;
        while open {
            let first = match jobs.recv_timeout(self.patience()) {
                Some(Some(job)) => job,
                None => {
                    self.quiet = true;
                    self.watch();
                    self.wipe_if_due();
                    self.maintain();
                    continue;
                }
                Some(None) => break,
            };
            let (batch, ended) = gather(first, &jobs);
            open = !ended;
            self.quiet = false;
            self.commit(batch);
            self.maintain_if_late();
            self.index_if_late();
            self.wipe_if_due();
            while self.unplaced >= PLACE_NOW && self.place(PLACE_NOW) {}
            while self.unindexed >= INDEX_NOW && self.index(INDEX_LITTLE) {}
            if self.pruner.is_late() && self.index(INDEX_MOST) {
                self.prune(PRUNE_MOST);
            }
        }
        // From here on no sender can believe that anything will still be written.
        drop(jobs);
        self.keep_time();
        self.transactions.close();
    }

    /// How long to wait for the next job before there is maintenance to do.
    fn patience(&self) -> Duration {
        let now = self.clock.now().steady;
        let rest = self.rest_until.since(now);
        if let Some(wipe_at) = self.wipe_at {
            return wipe_at.since(now).min(self.patience_for_upkeep(now, rest));
        }
        self.patience_for_upkeep(now, rest)
    }

    fn patience_for_upkeep(&self, now: Timestamp, rest: Duration) -> Duration {
        if !rest.is_zero() {
            rest.min(WATCH_EVERY)
        } else if self.pruner.is_due() || self.quiet && (self.unindexed > 0 || self.unplaced > 0) {
            Duration::ZERO
        } else if self.unindexed > 0 || self.unplaced > 0 {
            QUIET
        } else {
            self.prune_at.since(now).min(WATCH_EVERY)
        }
    }

    /// Looks at the files while nothing is written.
    fn watch(&mut self) {
        if let Some(trouble) = self.transactions.find_trouble() {
            (self.report)(Report::Trouble(trouble));
        }
        self.look_at_clock();
    }

    /// Reports a change of what is believed of the wall clock, and keeps the known time now and then.
    fn look_at_clock(&mut self) {
        let believed = self.time.look().ahead.is_none();
        if std::mem::replace(&mut self.believed, believed) != believed {
            (self.report)(Report::Clock);
            self.know_at = self.clock.now().steady;
            self.pruner.begin();
        }
        if self.know_at <= self.clock.now().steady {
            self.know_at = self.clock.now().steady.after(KNOW_EVERY);
            self.keep_time();
        }
    }

    /// Keeps the time that is known to be right for the next start.
    fn keep_time(&mut self) {
        if let Some(known) = self.time.known() {
            self.upkeep(|_, conn| known_time::put(conn, known));
        }
    }

    /// Commits a batch, and reports what became of it.
    fn commit(&mut self, batch: Vec<Job>) {
        let (batch, questions): (Vec<_>, Vec<_>) =
            batch.into_iter().partition(|job| !matches!(job, Job::Ask(_) | Job::KeepFor(_)));
        let batch = self.refuse_unfounded(batch);
        let mut jobs = self.retry.take();
        let retried = jobs.len();
        jobs.extend(batch);
        match self.attempt(&jobs) {
            Ok(()) => self.retry.all_written(),
            Err(error) if jobs.len() > 1 && may_spare_others(&error) => {
                // The job that makes the batch fail may leave the others alone, up to a point.
                let batch = jobs.split_off(retried);
                self.write_retries(jobs);
                if retried == 0 || self.attempt(&batch).is_err() {
                    self.write_one_by_one(batch);
                }
            }
            Err(error) => {
                let batch = jobs.split_off(retried);
                self.retry.put_back(jobs);
                batch.into_iter().for_each(|job| self.fail(job, &reason(&error)));
            }
        }
        // Everything given before a question is committed by now.
        for job in questions {
            match job {
                Job::KeepFor(keep) => self.pruner.keep_for(keep),
                Job::Ask(question) => {
                    // A reader that is gone ends this thread too.
                    let _ = self.questions.send(Some(question));
                }
                _ => {}
            }
        }
    }

    /// Refuses, of a batch, what was given before the maker of a broken promise learnt of it; returns the rest.
    fn refuse_unfounded(&mut self, batch: Vec<Job>) -> Vec<Job> {
        if self.broken.is_none() {
            return batch;
        }
        let mut founded = Vec::new();
        for job in batch {
            match &self.broken {
                Some(_) if job == Job::GoOn => self.broken = None,
                Some(why) if is_answered(&job) => self.fail(job, &why.clone()),
                _ => founded.push(job),
            }
        }
        founded
    }

    /// Writes the jobs to be retried. A job that fails again while others succeed is lost: it would stand in their way
    /// for ever.
    fn write_retries(&mut self, jobs: Vec<Job>) {
        if jobs.is_empty() || self.attempt(&jobs).is_ok() {
            return;
        }
        let (mut lost, mut still) = (0, Vec::new());
        for job in jobs {
            match self.attempt_within(lost, &job) {
                Err(Some(error)) if may_spare_others(&error) => lost += 1,
                Err(_) => still.push(job),
                Ok(()) => {}
            }
        }
        self.retry.put_back(still);
        self.retry.report_lost(lost);
    }

    fn write_one_by_one(&mut self, batch: Vec<Job>) {
        let mut failed = 0;
        for job in batch {
            match &self.broken {
                Some(_) if job == Job::GoOn => self.broken = None,
                Some(why) if is_answered(&job) => self.fail(job, &why.clone()),
                _ => {
                    if let Err(error) = self.attempt_within(failed, &job) {
                        failed += 1;
                        self.fail(job, &reason(&error.unwrap_or_else(given_up)));
                    }
                }
            }
        }
    }

    /// Does a job alone, unless too many have failed in that way.
    fn attempt_within(&mut self, failed: usize, job: &Job) -> Result<(), Option<Error>> {
        if failed >= MAX_POISON {
            return Err(None);
        }
        self.attempt(std::slice::from_ref(job)).map_err(Some)
    }

    /// Does jobs together, and reports what became of them; if that fails, nothing is reported.
    fn attempt(&mut self, jobs: &[Job]) -> Result<()> {
        let mut reports = self.transactions.write(jobs)?;
        self.retry.drop_older(jobs);
        if jobs.iter().any(|job| job.changes().iter().any(|change| matches!(change, Update::EndRoom(_)))) {
            self.pruner.end_room();
        }
        if jobs.iter().any(erases) {
            self.wipe_within(WIPE_AFTER);
        }
        let kept = self.count_kept(&reports);
        self.pruner.grew(kept);
        reports.iter_mut().filter(|report| is_last_of_erasure(report)).for_each(|report| self.wipe_for(report));
        reports.into_iter().for_each(&self.report);
        Ok(())
    }

    /// Counts messages that are kept and neither in the search index nor placed; says how many there are.
    fn count_kept(&mut self, reports: &[Report]) -> u64 {
        let kept = |report: &Report| if let Report::Stored(receipt) = report { receipt.kept() } else { 0 };
        let kept = reports.iter().map(kept).sum::<usize>() as u64;
        self.unindexed += kept;
        self.unplaced += kept;
        kept
    }

    fn fail(&mut self, job: Job, why: &str) {
        match &job {
            Job::GoOn => return self.broken = None,
            Job::Promise(_) => drop(self.broken.get_or_insert_with(|| why.to_owned())),
            _ => {}
        }
        match failed(job, why) {
            Ok(report) => (self.report)(report),
            Err(job) => self.retry.push(*job),
        }
    }
}
