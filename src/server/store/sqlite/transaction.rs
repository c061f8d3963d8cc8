//! Runs transactions: each is carried out and committed as a whole, or undone.
//!
//! - [`stepwise`]: a transaction that stays open from one job to the next.
//!
//! Must not know: which jobs are committed together, or what becomes of those that fail (`writer`).

mod stepwise;

use std::sync::Arc;
use std::time::Duration;

use rusqlite::{Connection, Error, Result};

use super::append;
use super::change;
use super::changes;
use super::delete;
use super::erase;
use super::errors::{is_passing, moved, reason};
use super::file::HistoryFile;
use super::format;
use super::high_water::{self, Counter};
use super::intern::Interner;
use super::log_mark::LogMark;
use super::log_mover::{self, LogMover};
use super::modlog;
use super::placing;
use super::rewrite::RowBefore;
use super::trouble_log::TroubleLog;
use super::uncertain::Uncertain;
use super::values::sql_id;
use super::watch::{FileWatch, OwnWriting};
use crate::server::store::api::{Deleted, Deletion, Job, Report, Revision, Update};
use crate::server::store::limits::BUSY;
use crate::server::store::transaction_counts::TransactionCounts;

/// The connection that writes, and what is known of what it wrote.
pub(super) struct TransactionRunner {
    file: HistoryFile,
    /// `None` after an error that the connection may not have survived.
    conn: Option<Connection>,
    watch: FileWatch,
    mover: LogMover,
    /// Says on the disk that the log is needed; set after the first commit.
    mark: LogMark,
    /// Counts transactions.
    counts: Arc<TransactionCounts>,
    interner: Interner,
    /// The highest number of a message.
    newest: i64,
    /// The highest number of an act.
    newest_act: i64,
    /// Whether the last transaction failed.
    failing: bool,
    trouble: TroubleLog,
    /// Whether the log says already that no more users can be known.
    full_logged: bool,
    /// What may have reached the disk although its commit failed.
    uncertain: Uncertain,
}

/// Whether a transaction changed anything, beyond what it put right.
#[derive(Clone, Copy, Debug)]
struct Wrote(bool);

/// What a transaction has written so far.
struct WorkDone {
    /// The highest number of a message.
    newest: i64,
    /// The highest number of an act.
    newest_act: i64,
    /// What held before the changes that were promised.
    before: Vec<Update>,
    /// What the rows of messages held before they were changed.
    rows: Vec<RowBefore>,
}

impl TransactionRunner {
    /// For an open history, whose messages have numbers up to `newest`.
    pub(super) fn new(
        (file, mut watch, mover): (HistoryFile, FileWatch, LogMover),
        conn: Connection,
        newest: i64,
        counts: Arc<TransactionCounts>,
    ) -> Result<Self> {
        watch.moved_by(mover.moves());
        Ok(Self {
            mover,
            trouble: TroubleLog::new(&counts),
            counts,
            newest_act: modlog::newest(&conn)?,
            mark: LogMark::new(file.path(), file.durability()),
            file,
            conn: Some(conn),
            watch,
            interner: Interner::default(),
            newest,
            failing: false,
            full_logged: false,
            uncertain: Uncertain::default(),
        })
    }

    /// Does jobs in one transaction. When it returns, everything in its reports is as durable as was asked for.
    pub(super) fn write(&mut self, jobs: &[Job]) -> Result<Vec<Report>> {
        let mut reports = Vec::new();
        let mut written = self.written();
        if jobs.is_empty() && self.uncertain.is_empty() {
            return Ok(reports);
        }
        let done = self.transaction(jobs, |this, conn| {
            for job in jobs {
                reports.extend(this.carry_out_job(conn, job, &mut written)?);
            }
            Ok(())
        });
        if let Err(error) = done {
            self.uncertain.undo(written.before, written.rows);
            self.overwrite();
            return Err(error);
        }
        let open = |id: &i64| !jobs.iter().any(|job| matches!(job, Job::Delete(done) if sql_id(done.id) == *id));
        self.uncertain.deleted.retain(open);
        (self.newest, self.newest_act) = (written.newest, written.newest_act);
        Ok(reports)
    }

    fn written(&self) -> WorkDone {
        WorkDone { newest: self.newest, newest_act: self.newest_act, before: Vec::new(), rows: Vec::new() }
    }

    /// Does a job, inside a transaction; returns what is reported of it once that is committed.
    fn carry_out_job(&mut self, conn: &Connection, job: &Job, written: &mut WorkDone) -> Result<Option<Report>> {
        let WorkDone { newest, newest_act, before, rows } = written;
        Ok(match job {
            Job::Append(records) => Some(Report::Stored(append::records(conn, &mut self.interner, newest, records)?)),
            Job::Know(name) => {
                let known = append::know(conn, &mut self.interner, name)?;
                if !known && !std::mem::replace(&mut self.full_logged, true) {
                    log::warn!("users_full");
                }
                None
            }
            Job::Promise(changes) => {
                for change in changes {
                    before.extend(changes::make(conn, &mut self.interner, newest_act, change)?);
                }
                Some(Report::Promised(Ok(())))
            }
            Job::Keep(change) => {
                changes::make(conn, &mut self.interner, newest_act, change)?;
                None
            }
            Job::Delete(deletion) => {
                let unsure = self.uncertain.deleted.contains(&sql_id(deletion.id));
                let outcome = delete::delete(conn, &mut self.interner, deletion, unsure)?;
                if let Deleted::Done(from) = &outcome {
                    changes::log(conn, newest_act, &deletion.act(from))?;
                }
                Some(Report::Deleted(Deletion { outcome: Some(outcome), ..deletion.clone() }))
            }
            Job::Change(wanted) => {
                let outcome = change::change(conn, &mut self.interner, wanted, rows)?;
                if let Some(act) = wanted.act(&outcome) {
                    changes::log(conn, newest_act, &act)?;
                }
                Some(Report::Changed(Revision { outcome: Some(outcome), ..wanted.clone() }))
            }
            Job::Erase(wanted) => Some(Report::Erased(Box::new(erase::slice(conn, wanted)?))),
            Job::Mark { user, with, id } => {
                append::mark(conn, &mut self.interner, (user, with), *id)?;
                None
            }
            Job::Ask(_) | Job::KeepFor(_) | Job::GoOn => None,
        })
    }

    /// Places up to `limit` messages in their conversations; says how many there were.
    pub(super) fn place(&mut self, limit: usize) -> Result<u64> {
        let mut count = 0;
        self.transaction(&[], |this, conn| {
            count = placing::chunk(conn, limit)?;
            this.interner.placed();
            Ok(())
        })?;
        Ok(count)
    }

    /// Carries out work and commits it, or undoes it. `jobs` are the jobs that the work does, if anybody is told of
    /// them.
    pub(super) fn transaction(
        &mut self,
        jobs: &[Job],
        work: impl FnOnce(&mut Self, &Connection) -> Result<()>,
    ) -> Result<()> {
        let done = self.carry_out(jobs, work);
        self.failing = done.is_err();
        match &done {
            Err(error) => self.trouble.failed(error),
            Ok(Wrote(true)) if !jobs.is_empty() => self.trouble.stored(),
            Ok(_) => {}
        }
        if !matches!(done, Ok(Wrote(false))) {
            self.counts.add(done.is_ok());
        }
        done.map(|_| ())
    }

    fn carry_out(&mut self, jobs: &[Job], work: impl FnOnce(&mut Self, &Connection) -> Result<()>) -> Result<Wrote> {
        self.look().map_err(moved)?;
        let conn = match self.conn.take() {
            Some(conn) => conn,
            None => self.reopen()?,
        };
        let (mut committing, mut wrote) = (false, Wrote(false));
        let done = begin(&conn).and_then(|()| {
            self.uncertain.put_right(&conn, &mut self.interner, self.newest_act)?;
            let before = conn.total_changes();
            work(self, &conn)?;
            wrote = Wrote(conn.total_changes() > before);
            committing = true;
            self.commit(&conn)
        });
        match done {
            Ok(()) => {
                self.uncertain.settled();
                self.conn = Some(conn);
                Ok(wrote)
            }
            Err(error) => {
                self.interner.clear();
                self.uncertain.committing = committing;
                if committing {
                    self.uncertain.add(jobs);
                }
                let undone = conn.is_autocommit() || conn.execute_batch("ROLLBACK").is_ok();
                // What SQLite found may come from a file that was changed beneath it: then that is the reason.
                let error = self.watch.look(Some(&conn), OwnWriting::Commit).map_err(moved).err().unwrap_or(error);
                if undone && is_passing(&error) {
                    self.conn = Some(conn);
                } else {
                    // The last connection that closes may empty the log.
                    self.clear_mark();
                }
                Err(error)
            }
        }
    }

    /// Commits a transaction, and checks that it went into the files that the next start will find.
    fn commit(&mut self, conn: &Connection) -> Result<()> {
        conn.prepare_cached("COMMIT")?.execute([])?;
        self.mover.finish(conn);
        self.watch.look(Some(conn), OwnWriting::Commit).map_err(moved)?;
        self.mark.set().map_err(|error| moved(format!("the mark of the log cannot be made: {error}")))?;
        match self.watch.log_pages() {
            Some(pages) if self.mover.move_if_due(conn, pages) => {
                self.watch.look(Some(conn), OwnWriting::Commit).map_err(moved)
            }
            _ => Ok(()),
        }
    }

    /// A commit that failed may have left all it wrote in the write-ahead log, where the next start would take it for
    /// done: something else takes its place there at once, synced or not. Nothing is written into files of others.
    fn overwrite(&mut self) {
        if !self.uncertain.committing || self.watch.look(None, OwnWriting::Nothing).is_err() {
            return;
        }
        let done = self.file.open_to_write().and_then(|conn| {
            conn.execute_batch("PRAGMA synchronous = OFF; BEGIN IMMEDIATE")?;
            self.uncertain.put_right(&conn, &mut Interner::default(), self.newest_act)?;
            format::touch(&conn)?;
            conn.execute_batch("COMMIT")?;
            // A failure to look is found at the next transaction.
            let _ = self.watch.look(Some(&conn), OwnWriting::Opening);
            Ok(())
        });
        if let Err(error) = done {
            self.trouble.unsure(&error);
        }
    }

    fn reopen(&mut self) -> Result<Connection> {
        let conn = self.file.open_to_write()?;
        log_mover::leave_alone(&conn)?;
        // Another file may be in its place by now.
        if !format::is_newest(&conn)? {
            return Err(given_up());
        }
        self.watch.forget_log();
        self.watch.look(Some(&conn), OwnWriting::Opening).map_err(moved)?;
        Ok(conn)
    }

    /// Whether the files of the history are those that were opened.
    fn look(&mut self) -> Result<(), String> {
        let found = self.watch.look(self.conn.as_ref(), OwnWriting::Nothing);
        if found.is_err()
            && !self.failing
            && let Some(conn) = self.conn.as_ref().filter(|_| self.watch.is_history_there())
        {
            self.mover.settle();
            // Only the log is lost; what it holds is still open here. If it cannot be moved, nothing is worse than before.
            let moved = conn.query_row("PRAGMA wal_checkpoint(FULL)", [], |row| row.get::<_, i64>(0));
            if moved == Ok(0) {
                self.clear_mark();
            }
        }
        found
    }

    /// Looks at the files while nothing is written; returns what is wrong with them if the log does not say so already.
    pub(super) fn find_trouble(&mut self) -> Option<String> {
        let error = moved(self.look().err()?);
        if std::mem::replace(&mut self.failing, true) {
            return None;
        }
        self.trouble.failed(&error);
        Some(reason(&error))
    }

    /// Moves everything from the write-ahead log into the main file, and empties it: what was deleted is in neither then.
    /// `false` if that has to be tried again, as while somebody reads.
    pub(super) fn wipe(&mut self) -> bool {
        // The log cannot be emptied while it is being moved.
        self.mover.settle();
        if self.conn.is_none() || !self.clear_mark() {
            return false;
        }
        let Some(conn) = &self.conn else { return false };
        // Nobody is waited for: messages would wait too.
        let wiped = conn
            .busy_timeout(Duration::ZERO)
            .and_then(|()| conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0)));
        let again = conn.busy_timeout(BUSY);
        let done = wiped.is_ok_and(|busy| busy == 0) && again.is_ok();
        // The checkpoint may have written into the history, which the next look is not to take for somebody else's writing. If
        // the files are not as they should be, that look finds it too.
        let _ = self.watch.look(Some(conn), OwnWriting::Commit);
        if !done && let Err(error) = self.mark.set() {
            log::warn!(reason:% = error; "history_not_marked");
        }
        done
    }

    /// From now on the log may be emptied, if this says so.
    fn clear_mark(&mut self) -> bool {
        let cleared = self.mark.clear();
        if let Err(error) = &cleared {
            log::warn!(reason:% = error; "history_not_marked");
        }
        cleared.is_ok()
    }

    /// Moves everything from the write-ahead log into the main file, and ends.
    pub(super) fn close(mut self) {
        self.mover.end();
        if let Some(conn) = self.conn.take()
            && self.clear_mark()
        {
            // Whatever becomes of the last row: without it, the next start reads the number from the row.
            let kept = high_water::raise(&conn, Counter::Message);
            if let Err(error) = kept {
                log::warn!(reason:% = reason(&error); "history_not_tidied");
            }
            // No statistics are gathered: the cost of a question must not change with what was said.
            let closed = conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
            if let Err(error) = closed {
                // Everything is in the write-ahead log; the next start takes it from there.
                log::warn!(reason:% = reason(&error); "history_not_tidied");
            }
        }
    }
}

fn begin(conn: &Connection) -> Result<()> {
    conn.prepare_cached("BEGIN IMMEDIATE")?.execute([]).map(drop)
}

/// The error of a job that is not tried any more.
pub(super) fn given_up() -> Error {
    Error::SqliteFailure(rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CORRUPT), None)
}
