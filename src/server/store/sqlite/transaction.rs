//! Runs transactions: each is carried out and committed as a whole, or undone.
//!
//! Must not know: which jobs are committed together, or what becomes of those that fail (`writer`).

use std::sync::Arc;

use rusqlite::{Connection, Error, Result};

use super::append;
use super::delete;
use super::errors::{is_passing, moved, reason};
use super::facts;
use super::file::HistoryFile;
use super::format;
use super::intern::Interner;
use super::modlog;
use super::owners;
use super::values::sql_id;
use super::watch::FileWatch;
use crate::server::store::api::{Deletion, Job, Record, Report};
use crate::server::store::limits::MAX_RETRIES;
use crate::server::store::transaction_counts::TransactionCounts;

/// The connection that writes, and what is known of what it wrote.
pub(super) struct TransactionRunner {
    file: HistoryFile,
    /// `None` after an error that the connection may not have survived.
    conn: Option<Connection>,
    watch: FileWatch,
    /// Counts transactions.
    counts: Arc<TransactionCounts>,
    interner: Interner,
    /// The highest number of a message.
    newest: i64,
    /// The highest number of an act.
    newest_act: i64,
    /// Whether the last transaction failed.
    failing: bool,
    /// Whether the log says already that no more users can be known.
    full_logged: bool,
    /// What may have reached the disk although its commit failed.
    uncertain: Uncertain,
}

/// What nobody was told of, and may be on the disk nonetheless.
#[derive(Debug, Default)]
struct Uncertain {
    /// Messages that were refused.
    messages: Vec<i64>,
    /// Whether there may be acts that are still to be retried.
    acts: bool,
    /// Messages that are still there for everybody who was told of them.
    deleted: Vec<i64>,
}

impl TransactionRunner {
    /// For an open history, whose messages have numbers up to `newest`.
    pub(super) fn new(
        (file, watch): (HistoryFile, FileWatch),
        conn: Connection,
        newest: i64,
        counts: Arc<TransactionCounts>,
    ) -> Result<Self> {
        Ok(Self {
            counts,
            newest_act: modlog::newest(&conn)?,
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
        let (mut reports, mut newest, mut newest_act) = (Vec::new(), self.newest, self.newest_act);
        if jobs.is_empty() && self.uncertain.messages.is_empty() && !self.uncertain.acts {
            return Ok(reports);
        }
        self.transaction(jobs, |this, conn| {
            for job in jobs {
                match job {
                    Job::Append(records) => {
                        let receipt = append::records(conn, &mut this.interner, &mut newest, records)?;
                        reports.push(Report::Stored(receipt));
                    }
                    Job::Know(name) => {
                        let known = append::know(conn, &mut this.interner, name)?;
                        if !known && !std::mem::replace(&mut this.full_logged, true) {
                            log::warn!("users_full");
                        }
                    }
                    Job::Own(owner) => owners::put(conn, owner)?,
                    Job::Keep(fact) => facts::put(conn, fact)?,
                    Job::Log(act) => {
                        newest_act += 1;
                        modlog::put(conn, newest_act, act)?;
                    }
                    Job::Delete(deletion) => {
                        let unsure = this.uncertain.deleted.contains(&sql_id(deletion.id));
                        let outcome = Some(delete::delete(conn, &mut this.interner, deletion, unsure)?);
                        reports.push(Report::Deleted(Deletion { outcome, ..deletion.clone() }));
                    }
                    Job::Mark { user, with, id } => append::mark(conn, user, with, *id)?,
                    Job::Ask(_) | Job::KeepFor(_) => {}
                }
            }
            Ok(())
        })?;
        let open = |id: &i64| !jobs.iter().any(|job| matches!(job, Job::Delete(done) if sql_id(done.id) == *id));
        self.uncertain.deleted.retain(open);
        (self.newest, self.newest_act) = (newest, newest_act);
        Ok(reports)
    }

    /// Carries out work and commits it, or undoes it. `jobs` are the jobs that the work does, if anybody is told of
    /// them.
    pub(super) fn transaction(
        &mut self,
        jobs: &[Job],
        work: impl FnOnce(&mut Self, &Connection) -> Result<()>,
    ) -> Result<()> {
        let done = self.carry_out(jobs, work);
        let was_ffailing = std::mem::replace(&mut self.failing, done.is_err());
        self.counts.add(done.is_ok());
        match &done {
            Err(error) if !was_ffailing => log::error!(reason:% = reason(error); "history_fails"),
            Ok(()) if was_ffailing => log::warn!("history_works_again"),
            _ => {}
        }
        done
    }

    fn carry_out(&mut self, jobs: &[Job], work: impl FnOnce(&mut Self, &Connection) -> Result<()>) -> Result<()> {
        self.look().map_err(moved)?;
        let conn = match self.conn.take() {
            Some(conn) => conn,
            None => self.reopen()?,
        };
        let mut committing = false;
        let done = conn.execute_batch("BEGIN IMMEDIATE").and_then(|()| {
            for id in &self.uncertain.messages {
                conn.execute("DELETE FROM message WHERE id = ?1", [id])?;
            }
            if self.uncertain.acts {
                conn.execute("DELETE FROM act WHERE id > ?1", [self.newest_act])?;
            }
            work(self, &conn)?;
            committing = true;
            conn.execute_batch("COMMIT")?;
            self.watch.look(Some(&conn), true).map_err(moved)
        });
        match done {
            Ok(()) => {
                (self.uncertain.messages, self.uncertain.acts) = (Vec::new(), false);
                self.conn = Some(conn);
                Ok(())
            }
            Err(error) => {
                self.interner.clear();
                if committing {
                    self.uncertain.add(jobs);
                }
                let undone = conn.is_autocommit() || conn.execute_batch("ROLLBACK").is_ok();
                if undone && is_passing(&error) {
                    self.conn = Some(conn);
                }
                Err(error)
            }
        }
    }

    fn reopen(&mut self) -> Result<Connection> {
        let conn = self.file.open_to_write()?;
        // Another file may be in its place by now.
        if !format::is_newest(&conn)? {
            return Err(given_up());
        }
        self.watch.forget_log();
        self.watch.look(Some(&conn), true).map_err(moved)?;
        Ok(conn)
    }

    /// Whether the files of the history are those that were opened.
    fn look(&mut self) -> Result<(), String> {
        let found = self.watch.look(self.conn.as_ref(), false);
        if found.is_err()
            && !self.failing
            && let Some(conn) = self.conn.as_ref().filter(|_| self.watch.is_history_there())
        {
            // Only the log is lost; what it holds is still open here. If it cannot be moved, nothing is worse than before.
            let _ = conn.query_row("PRAGMA wal_checkpoint(FULL)", [], |_| Ok(()));
        }
        found
    }

    /// Looks at the files while nothing is written; returns what is wrong with them if the log does not say so already.
    pub(super) fn find_trouble(&mut self) -> Option<String> {
        let error = moved(self.look().err()?);
        if std::mem::replace(&mut self.failing, true) {
            return None;
        }
        log::error!(reason:% = reason(&error); "history_fails");
        Some(reason(&error))
    }

    /// Moves everything from the write-ahead log into the main file, and ends.
    pub(super) fn close(mut self) {
        if let Some(conn) = self.conn.take() {
            // No statistics are gathered: the cost of a question must not change with what was said.
            let closed = conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
            if let Err(error) = closed {
                // Everything is in the write-ahead log; the next start takes it from there.
                log::warn!(reason:% = reason(&error); "history_not_tidied");
            }
        }
    }
}

impl Uncertain {
    fn add(&mut self, jobs: &[Job]) {
        self.messages.extend(jobs.iter().flat_map(records).map(|record| sql_id(record.id)));
        self.acts |= jobs.iter().any(|job| matches!(job, Job::Log(_)));
        for job in jobs {
            if let Job::Delete(deletion) = job
                && self.deleted.len() < MAX_RETRIES
            {
                self.deleted.push(sql_id(deletion.id));
            }
        }
    }
}

/// The error of a job that is not tried any more.
pub(super) fn given_up() -> Error {
    Error::SqliteFailure(rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CORRUPT), None)
}

/// The messages that a job adds.
pub(super) fn records(job: &Job) -> &[Record] {
    match job {
        Job::Append(records) => records,
        _ => &[],
    }
}
