//! The thread that writes: what waits is committed together, and only then told to be kept.
//!
//! While nothing waits it brings the search up to date and forgets what is old, a chunk at a time.
//!
//! Must not know: SQL (`append`, `index`, `prune`), or who waits for what is told.

use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use rusqlite::{Connection, Error, Result};

use super::answer::Answering;
use super::disk::Disk;
use super::error::{is_passing, may_spare_others, reason};
use super::limits::{
    BATCH_BYTES, BATCH_RECORDS, INDEX_CHUNK, INDEX_MOST, INDEX_NOW, INDEX_SOON, MAX_OWED, MAX_POISON, PRUNE_CHUNK,
    PRUNE_EVERY, PRUNE_MOST, QUIET, REST,
};
use super::prune::Pruning;
use super::register::Register;
use super::row::sql_id;
use super::{Keep, Questions, Report, append, index, owning, schema};
use crate::model::Timestamp;
use crate::net::clock::Clock;
use crate::server::history::{Job, Outcome, Receipt, Record};

/// What comes to the writer; `None` is the end.
pub(super) type Jobs = Receiver<Option<Job>>;

/// The writing side of the history.
pub(super) struct Writer<R> {
    disk: Disk,
    /// None after an error that it may not have survived.
    conn: Option<Connection>,
    register: Register,
    /// Where questions go, if not to this thread.
    questions: Option<Questions>,
    report: R,
    pruning: Pruning,
    /// The highest number that is kept.
    newest: i64,
    /// Messages that are not in the search index.
    unindexed: u64,
    /// Whether the last transaction failed.
    ailing: bool,
    /// Whether it was told that no more users can be known.
    full: bool,
    /// Whether nothing came since there was time for other things.
    quiet: bool,
    /// What is not answered and could not be written; it goes first into the next transaction.
    owed: Vec<Job>,
    /// Numbers that were refused, although their commit may have reached the disk before it failed.
    doubtful: Vec<i64>,
    clock: Clock,
    /// When old messages are looked for again, and until when failed work rests; on the steady clock.
    prune_at: Timestamp,
    rest_until: Timestamp,
}

impl<R: Fn(Report)> Writer<R> {
    /// The writer of an open history.
    pub(super) fn new(
        disk: Disk,
        conn: Connection,
        newest: i64,
        keep: Keep,
        questions: Option<Questions>,
        report: R,
    ) -> Result<Self> {
        let clock = Clock::start();
        Ok(Self {
            pruning: Pruning::new(keep, disk.is_memory()),
            unindexed: index::missing(&conn)?,
            disk,
            conn: Some(conn),
            register: Register::default(),
            questions,
            report,
            newest,
            ailing: false,
            full: false,
            quiet: false,
            owed: Vec::new(),
            doubtful: Vec::new(),
            prune_at: clock.now().steady.after(PRUNE_EVERY),
            rest_until: clock.now().steady,
            clock,
        })
    }

    /// Works until the end comes, and finishes what came before it.
    pub(super) fn run(mut self, jobs: Jobs) {
        let mut open = true;
        while open {
            let first = match jobs.recv_timeout(self.patience()) {
                Ok(Some(job)) => job,
                Err(RecvTimeoutError::Timeout) => {
                    self.quiet = true;
                    self.tidy_up();
                    continue;
                }
                Ok(None) | Err(RecvTimeoutError::Disconnected) => break,
            };
            let (batch, ended) = gather(first, &jobs);
            open = !ended;
            self.quiet = false;
            self.commit(batch);
            while self.unindexed >= INDEX_NOW && self.index(INDEX_MOST) {}
            if self.pruning.is_late() && self.index(INDEX_MOST) {
                self.prune(PRUNE_MOST);
            }
        }
        // From here on nobody can think that anything will still be written.
        drop(jobs);
        self.close();
    }

    /// How long to wait for the next job before there is something else to do.
    fn patience(&self) -> Duration {
        let now = self.clock.now().steady;
        let rest = self.rest_until.since(now);
        if !rest.is_zero() {
            rest
        } else if self.unindexed >= INDEX_SOON || self.pruning.is_due() || self.quiet && self.unindexed > 0 {
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
        match self.attempt(&batch) {
            Ok(receipts) => self.tell(receipts),
            Err(error) if batch.len() > 1 && may_spare_others(&error) => {
                // What makes one fail may leave the others alone, up to a point.
                let mut failed = 0;
                for job in batch {
                    let alone = [job];
                    let tried = if failed < MAX_POISON { self.attempt(&alone) } else { Err(spent()) };
                    match tried {
                        Ok(receipts) => self.tell(receipts),
                        Err(error) => {
                            failed += 1;
                            self.fail(alone, &error);
                        }
                    }
                }
            }
            Err(error) => self.fail(batch, &error),
        }
        // What was read is kept before it is asked for.
        for job in questions {
            match (job, &self.questions, &self.conn) {
                (Job::KeepFor(keep), ..) => self.pruning.keep(keep),
                (Job::Ask(question), Some(questions), _) => {
                    // A reader that is gone takes everything with it.
                    let _ = questions.send(Some(question));
                }
                (Job::Ask(question), None, Some(conn)) => {
                    (self.report)(Report::Answered(Answering::default().answer(conn, &question)));
                }
                _ => {}
            }
        }
    }

    fn tell(&self, receipts: Vec<Receipt>) {
        receipts.into_iter().for_each(|receipt| (self.report)(Report::Stored(receipt)));
    }

    fn fail(&mut self, batch: impl IntoIterator<Item = Job>, error: &Error) {
        for job in batch {
            match job {
                Job::Append(records) => {
                    let outcomes = records.iter().map(|_| Outcome::Unavailable).collect();
                    (self.report)(Report::Stored(Receipt { outcomes, trouble: Some(reason(error)) }));
                }
                job => {
                    if let Job::Own(owner) = &job {
                        // Only what holds now: an earlier state that is the same may have a later one behind it.
                        let key = owner.name.key().folded;
                        self.owed.retain(|owed| !matches!(owed, Job::Own(owner) if owner.name.key().folded == key));
                    }
                    if self.owed.len() < MAX_OWED && !self.owed.contains(&job) {
                        self.owed.push(job);
                    }
                }
            }
        }
    }

    /// Writes a batch in one transaction. When it returns, everything in its receipts is as durable as was asked for.
    fn attempt(&mut self, batch: &[Job]) -> Result<Vec<Receipt>> {
        let (mut receipts, mut newest) = (Vec::new(), self.newest);
        let ids = || batch.iter().flat_map(records).map(|record| sql_id(record.id));
        self.transaction(ids, |writer, conn| {
            for job in writer.owed.iter().chain(batch) {
                match job {
                    Job::Append(records) => {
                        receipts.push(append::records(conn, &mut writer.register, &mut newest, records)?);
                    }
                    Job::Know(name) => {
                        let known = append::know(conn, &mut writer.register, name)?;
                        if !known && !std::mem::replace(&mut writer.full, true) {
                            log::warn!("users_full");
                        }
                    }
                    Job::Own(owner) => owning::put(conn, owner)?,
                    // Nothing of the kind is kept yet.
                    Job::Keep(_) | Job::Log(_) | Job::Delete(_) => {}
                    Job::Mark { user, with, id } => append::mark(conn, user, with, *id)?,
                    Job::Ask(_) | Job::KeepFor(_) => {}
                }
            }
            Ok(())
        })?;
        self.owed.clear();
        self.newest = newest;
        let kept = receipts.iter().flat_map(|receipt| &receipt.outcomes).filter(|outcome| **outcome == Outcome::Kept);
        let kept = kept.count() as u64;
        self.unindexed += kept;
        self.pruning.grew(kept);
        Ok(receipts)
    }

    /// Carries out work and commits it, or undoes it. `ids` are the messages that it may keep.
    fn transaction<I: Iterator<Item = i64>>(
        &mut self,
        ids: impl FnOnce() -> I,
        work: impl FnOnce(&mut Self, &Connection) -> Result<()>,
    ) -> Result<()> {
        let done = self.carry_out(ids, work);
        let was_ailing = std::mem::replace(&mut self.ailing, done.is_err());
        match &done {
            Err(error) if !was_ailing => log::error!(reason:% = reason(error); "history_fails"),
            Ok(()) if was_ailing => log::warn!("history_works_again"),
            _ => {}
        }
        done
    }

    fn carry_out<I: Iterator<Item = i64>>(
        &mut self,
        ids: impl FnOnce() -> I,
        work: impl FnOnce(&mut Self, &Connection) -> Result<()>,
    ) -> Result<()> {
        let conn = match self.conn.take() {
            Some(conn) => conn,
            None => self.reopen()?,
        };
        let mut committing = false;
        let done = conn.execute_batch("BEGIN IMMEDIATE").and_then(|()| {
            for id in &self.doubtful {
                conn.execute("DELETE FROM message WHERE id = ?1", [id])?;
            }
            work(self, &conn)?;
            committing = true;
            conn.execute_batch("COMMIT")
        });
        match done {
            Ok(()) => {
                self.doubtful.clear();
                self.conn = Some(conn);
                Ok(())
            }
            Err(error) => {
                self.register.clear();
                if committing {
                    self.doubtful.extend(ids());
                }
                let undone = conn.is_autocommit() || conn.execute_batch("ROLLBACK").is_ok();
                // Without a disk behind it, a connection is all there is.
                if self.disk.is_memory() || undone && is_passing(&error) {
                    self.conn = Some(conn);
                }
                Err(error)
            }
        }
    }

    fn reopen(&self) -> Result<Connection> {
        let conn = self.disk.writing()?;
        // Something else may be in its place by now.
        if schema::is_newest(&conn)? { Ok(conn) } else { Err(spent()) }
    }

    /// Does a chunk of what has time.
    fn tidy_up(&mut self) {
        let now = self.clock.now().steady;
        if self.prune_at <= now {
            self.prune_at = now.after(PRUNE_EVERY);
            self.pruning.begin();
        }
        if self.unindexed > 0 {
            self.index(INDEX_CHUNK);
        } else if self.pruning.is_due() {
            self.prune(PRUNE_CHUNK);
        }
    }

    /// Forgets so many messages.
    fn prune(&mut self, limit: usize) {
        let now = self.clock.now().wall;
        self.upkeep(|writer, conn| writer.pruning.chunk(conn, now, limit).map(|_| ()));
    }

    /// Takes so many messages into the search index. Says whether it went well.
    fn index(&mut self, limit: usize) -> bool {
        let mut count = 0;
        let done = self.upkeep(|_, conn| {
            count = index::chunk(conn, limit)? as u64;
            Ok(())
        });
        if done {
            self.unindexed = if count == 0 { 0 } else { self.unindexed.saturating_sub(count) };
        }
        done
    }

    /// Does what nobody waits for. If it fails, it rests for a while. Says whether it went well.
    fn upkeep(&mut self, work: impl FnOnce(&mut Self, &Connection) -> Result<()>) -> bool {
        let now = self.clock.now().steady;
        if self.rest_until > now {
            return false;
        }
        let done = self.transaction(std::iter::empty, work);
        if done.is_err() {
            self.rest_until = now.after(REST);
        }
        done.is_ok()
    }

    fn close(mut self) {
        if let Some(conn) = self.conn.take().filter(|_| !self.disk.is_memory()) {
            // No statistics are gathered: what a question costs shall not change with what was said.
            let closed = conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
            if let Err(error) = closed {
                // Everything is in the log of writes; the next start takes it from there.
                log::warn!(reason:% = reason(&error); "history_not_tidied");
            }
        }
    }
}

/// What is said of a history that is not to be tried any further.
fn spent() -> Error {
    Error::SqliteFailure(rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CORRUPT), None)
}

fn records(job: &Job) -> &[Record] {
    match job {
        Job::Append(records) => records,
        _ => &[],
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
        match jobs.try_recv() {
            Ok(Some(job)) => next = job,
            Ok(None) => return (batch, true),
            // If all who could send are gone, waiting for the next job tells.
            Err(_) => return (batch, false),
        }
    }
}
