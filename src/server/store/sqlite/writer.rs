//! The thread that writes: what waits is committed together, and only then told to be kept.
//!
//! While nothing waits it brings the search up to date and forgets what is old, a chunk at a time.
//!
//! Must not know: SQL (`pen`, `index`, `prune`), or who waits for what is told.

use std::sync::Arc;
use std::time::Duration;

use rusqlite::{Connection, Error, Result};

use super::file::Disk;
use super::prune::Pruning;
use super::queue::Taker;
use super::retry::Owed;
use super::search_index;
use super::transaction::{Pen, records, spent};
use crate::model::Timestamp;
use crate::server::store::api::{Deleted, Deletion, Job, Outcome, Receipt};
use crate::server::store::error::{may_spare_others, reason};
use crate::server::store::limits::{
    BATCH_BYTES, BATCH_RECORDS, INDEX_CHUNK, INDEX_MOST, INDEX_NOW, MAX_POISON, PRUNE_CHUNK, PRUNE_EVERY, PRUNE_MOST,
    QUIET, REST, TIDY_EVERY,
};
use crate::server::store::{Done, Keep, Questions, Report};
use crate::sys::clock::Clock;

/// What comes to the writer; `None` is the end.
pub(in crate::server::store) type Jobs = Taker<Option<Job>>;

/// The writing side of the history.
pub(in crate::server::store) struct Writer<R> {
    pen: Pen,
    /// Where questions go.
    questions: Questions,
    report: R,
    pruning: Pruning,
    /// Messages that are not in the search index.
    unindexed: u64,
    /// Whether nothing came since there was time for other things.
    quiet: bool,
    /// What is not answered and could not be written; it goes first into the next transaction.
    owed: Owed,
    clock: Clock,
    /// When old messages are looked for again, when what has time is done even if nobody pauses, and until when failed work
    /// rests; on the steady clock.
    prune_at: Timestamp,
    tidy_at: Timestamp,
    rest_until: Timestamp,
}

impl<R: Fn(Report)> Writer<R> {
    /// The writer of an open history.
    pub(in crate::server::store) fn new(
        (disk, conn, done): (Disk, Connection, Arc<Done>),
        newest: i64,
        keep: Keep,
        questions: Questions,
        report: R,
    ) -> Result<Self> {
        let clock = Clock::start();
        Ok(Self {
            pruning: Pruning::new(keep),
            unindexed: search_index::missing(&conn)?,
            pen: Pen::new(disk, conn, newest, done)?,
            questions,
            report,
            quiet: false,
            owed: Owed::default(),
            prune_at: clock.now().steady.after(PRUNE_EVERY),
            tidy_at: clock.now().steady.after(TIDY_EVERY),
            rest_until: clock.now().steady,
            clock,
        })
    }

    /// Works until the end comes, and finishes what came before it.
    pub(in crate::server::store) fn run(mut self, jobs: Jobs) {
        let mut open = true;
        while open {
            let first = match jobs.take(self.patience()) {
                Some(Some(job)) => job,
                None => {
                    self.quiet = true;
                    self.tidy_up();
                    continue;
                }
                Some(None) => break,
            };
            let (batch, ended) = gather(first, &jobs);
            open = !ended;
            self.quiet = false;
            self.commit(batch);
            self.tidy_if_late();
            while self.unindexed >= INDEX_NOW && self.index(INDEX_MOST) {}
            if self.pruning.is_late() && self.index(INDEX_MOST) {
                self.prune(PRUNE_MOST);
            }
        }
        // From here on nobody can think that anything will still be written.
        drop(jobs);
        self.pen.close();
    }

    /// How long to wait for the next job before there is something else to do.
    fn patience(&self) -> Duration {
        let now = self.clock.now().steady;
        let rest = self.rest_until.since(now);
        if !rest.is_zero() {
            rest
        } else if self.pruning.is_due() || self.quiet && self.unindexed > 0 {
            Duration::ZERO
        } else if self.unindexed > 0 {
            QUIET
        } else {
            self.prune_at.since(now)
        }
    }

    /// Commits a batch, and tells what became of it.
    fn commit(&mut self, batch: Vec<Job>) {
        let (batch, questions): (Vec<_>, Vec<_>) =
            batch.into_iter().partition(|job| !matches!(job, Job::Ask(_) | Job::KeepFor(_)));
        let mut jobs = self.owed.take();
        let owed = jobs.len();
        jobs.extend(batch);
        match self.attempt(&jobs) {
            Ok(()) => self.owed.settled(),
            Err(error) if jobs.len() > 1 && may_spare_others(&error) => {
                // What makes one fail may leave the others alone, up to a point.
                let batch = jobs.split_off(owed);
                self.settle(jobs);
                if owed == 0 || self.attempt(&batch).is_err() {
                    self.one_by_one(batch);
                }
            }
            Err(error) => {
                let batch = jobs.split_off(owed);
                self.owed.put_back(jobs);
                batch.into_iter().for_each(|job| self.fail(job, &error));
            }
        }
        // What was read is kept before it is asked for.
        for job in questions {
            match job {
                Job::KeepFor(keep) => self.pruning.keep(keep),
                Job::Ask(question) => {
                    // A reader that is gone takes everything with it.
                    let _ = self.questions.send(Some(question));
                }
                _ => {}
            }
        }
    }

    /// Writes what is owed, but for what fails once more while others may not: it would be in their way for ever.
    fn settle(&mut self, owed: Vec<Job>) {
        if owed.is_empty() || self.attempt(&owed).is_ok() {
            return;
        }
        let (mut lost, mut still) = (0, Vec::new());
        for job in owed {
            match self.attempt_within(lost, &job) {
                Err(Some(error)) if may_spare_others(&error) => lost += 1,
                Err(_) => still.push(job),
                Ok(()) => {}
            }
        }
        self.owed.put_back(still);
        self.owed.lose(lost);
    }

    fn one_by_one(&mut self, batch: Vec<Job>) {
        let mut failed = 0;
        for job in batch {
            if let Err(error) = self.attempt_within(failed, &job) {
                failed += 1;
                self.fail(job, &error.unwrap_or_else(spent));
            }
        }
    }

    /// Does a job alone, unless too many have failed so.
    fn attempt_within(&mut self, failed: usize, job: &Job) -> Result<(), Option<Error>> {
        if failed >= MAX_POISON {
            return Err(None);
        }
        self.attempt(std::slice::from_ref(job)).map_err(Some)
    }

    /// Does jobs together, and tells what became of them; if it fails, nobody is told anything.
    fn attempt(&mut self, jobs: &[Job]) -> Result<()> {
        let reports = self.pen.attempt(jobs)?;
        let outcomes = |report: &Report| match report {
            Report::Stored(receipt) => receipt.outcomes.iter().filter(|outcome| **outcome == Outcome::Kept).count(),
            _ => 0,
        };
        let kept = reports.iter().map(outcomes).sum::<usize>() as u64;
        self.unindexed += kept;
        self.pruning.grew(kept);
        reports.into_iter().for_each(&self.report);
        Ok(())
    }

    fn fail(&mut self, job: Job, error: &Error) {
        match job {
            Job::Append(records) => {
                let outcomes = records.iter().map(|_| Outcome::Unavailable).collect();
                (self.report)(Report::Stored(Receipt { outcomes, trouble: Some(reason(error)) }));
            }
            Job::Delete(deletion) => {
                let outcome = Some(Deleted::Unavailable);
                (self.report)(Report::Deleted(Deletion { outcome, ..deletion }));
            }
            job => self.owed.push(job),
        }
    }

    /// Where there is never a pause, the search is brought up to date once a while nonetheless; old messages go when so many
    /// new ones have come.
    fn tidy_if_late(&mut self) {
        if self.tidy_at > self.clock.now().steady {
            return;
        }
        self.begin_to_tidy();
        if self.unindexed > 0 {
            self.index(INDEX_MOST);
        }
    }

    fn begin_to_tidy(&mut self) {
        let now = self.clock.now().steady;
        self.tidy_at = now.after(TIDY_EVERY);
        if self.prune_at <= now {
            self.prune_at = now.after(PRUNE_EVERY);
            self.pruning.begin();
        }
    }

    /// Does a chunk of what has time.
    fn tidy_up(&mut self) {
        self.begin_to_tidy();
        if self.unindexed > 0 {
            self.index(INDEX_CHUNK);
        } else if self.pruning.is_due() {
            self.prune(PRUNE_CHUNK);
        }
    }

    /// Forgets so many messages.
    fn prune(&mut self, limit: usize) {
        let now = self.clock.now().wall;
        self.upkeep(|pruning, conn| pruning.chunk(conn, now, limit).map(|_| ()));
    }

    /// Takes so many messages into the search index. Says whether it went well.
    fn index(&mut self, limit: usize) -> bool {
        let mut count = 0;
        let done = self.upkeep(|_, conn| {
            count = search_index::chunk(conn, limit)? as u64;
            Ok(())
        });
        if done {
            self.unindexed = if count == 0 { 0 } else { self.unindexed.saturating_sub(count) };
        }
        done
    }

    /// Does what nobody waits for. If it fails, it rests for a while. Says whether it went well.
    fn upkeep(&mut self, work: impl FnOnce(&mut Pruning, &Connection) -> Result<()>) -> bool {
        let now = self.clock.now().steady;
        if self.rest_until > now {
            return false;
        }
        let pruning = &mut self.pruning;
        let done = self.pen.transaction(&[], |_, conn| work(pruning, conn));
        if done.is_err() {
            self.rest_until = now.after(REST);
        }
        done.is_ok()
    }
}

/// A job and what waits behind it, within bounds; and whether the end was among it.
fn gather(first: Job, jobs: &Jobs) -> (Vec<Job>, bool) {
    let (mut batch, mut count, mut bytes) = (Vec::new(), 0, 0);
    let mut next = first;
    loop {
        count += records(&next).len().max(1);
        bytes += records(&next).iter().map(|record| record.text.as_str().len()).sum::<usize>();
        batch.push(next);
        if count >= BATCH_RECORDS || bytes >= BATCH_BYTES {
            return (batch, false);
        }
        match jobs.try_take() {
            Some(Some(job)) => next = job,
            Some(None) => return (batch, true),
            None => return (batch, false),
        }
    }
}
