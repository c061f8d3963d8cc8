//! The pen: what it writes is one transaction, carried out and committed as a whole, or undone.
//!
//! Must not know: what is written together, or what is done with what could not be (`writer`).

use std::sync::Arc;
use std::sync::atomic::Ordering;

use rusqlite::{Connection, Error, Result};

use super::append;
use super::delete;
use super::facts;
use super::file::Disk;
use super::intern::Register;
use super::modlog;
use super::owners;
use super::row::sql_id;
use super::schema;
use crate::server::store::api::{Deletion, Job, Record};
use crate::server::store::error::{is_passing, reason};
use crate::server::store::limits::MAX_OWED;
use crate::server::store::{Done, Report};

/// The connection that writes, and what is known of what it wrote.
pub(in crate::server::store) struct Pen {
    disk: Disk,
    /// None after an error that it may not have survived.
    conn: Option<Connection>,
    /// Where transactions are counted.
    counts: Arc<Done>,
    register: Register,
    /// The highest number that is kept.
    newest: i64,
    /// The same of what moderators did.
    newest_act: i64,
    /// Whether the last transaction failed.
    ailing: bool,
    /// Whether it was told that no more users can be known.
    full: bool,
    /// What may have reached the disk although its commit failed.
    doubtful: Doubtful,
}

/// What nobody was told of, and may be there nonetheless.
#[derive(Debug, Default)]
struct Doubtful {
    /// Messages that were refused.
    messages: Vec<i64>,
    /// Whether there may be acts that are still owed.
    acts: bool,
    /// Messages that are still there for all who were told.
    deleted: Vec<i64>,
}

impl Pen {
    /// A pen for an open history, whose messages have numbers up to `newest`.
    pub(in crate::server::store) fn new(disk: Disk, conn: Connection, newest: i64, counts: Arc<Done>) -> Result<Self> {
        Ok(Self {
            counts,
            newest_act: modlog::newest(&conn)?,
            disk,
            conn: Some(conn),
            register: Register::default(),
            newest,
            ailing: false,
            full: false,
            doubtful: Doubtful::default(),
        })
    }

    /// Does jobs in one transaction. When it returns, everything in its reports is as durable as was asked for.
    pub(in crate::server::store) fn attempt(&mut self, jobs: &[Job]) -> Result<Vec<Report>> {
        let (mut reports, mut newest, mut newest_act) = (Vec::new(), self.newest, self.newest_act);
        if jobs.is_empty() && self.doubtful.messages.is_empty() && !self.doubtful.acts {
            return Ok(reports);
        }
        self.transaction(jobs, |pen, conn| {
            for job in jobs {
                match job {
                    Job::Append(records) => {
                        let receipt = append::records(conn, &mut pen.register, &mut newest, records)?;
                        reports.push(Report::Stored(receipt));
                    }
                    Job::Know(name) => {
                        let known = append::know(conn, &mut pen.register, name)?;
                        if !known && !std::mem::replace(&mut pen.full, true) {
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
                        let unsure = pen.doubtful.deleted.contains(&sql_id(deletion.id));
                        let outcome = Some(delete::delete(conn, &mut pen.register, deletion, unsure)?);
                        reports.push(Report::Deleted(Deletion { outcome, ..deletion.clone() }));
                    }
                    Job::Mark { user, with, id } => append::mark(conn, user, with, *id)?,
                    Job::Ask(_) | Job::KeepFor(_) => {}
                }
            }
            Ok(())
        })?;
        let told = |id: &i64| !jobs.iter().any(|job| matches!(job, Job::Delete(told) if sql_id(told.id) == *id));
        self.doubtful.deleted.retain(told);
        (self.newest, self.newest_act) = (newest, newest_act);
        Ok(reports)
    }

    /// Carries out work and commits it, or undoes it. `jobs` are what it does, if somebody is told of that.
    pub(in crate::server::store) fn transaction(
        &mut self,
        jobs: &[Job],
        work: impl FnOnce(&mut Self, &Connection) -> Result<()>,
    ) -> Result<()> {
        let done = self.carry_out(jobs, work);
        let was_ailing = std::mem::replace(&mut self.ailing, done.is_err());
        let count = if done.is_ok() { &self.counts.committed } else { &self.counts.failed };
        count.fetch_add(1, Ordering::Relaxed);
        match &done {
            Err(error) if !was_ailing => log::error!(reason:% = reason(error); "history_fails"),
            Ok(()) if was_ailing => log::warn!("history_works_again"),
            _ => {}
        }
        done
    }

    fn carry_out(&mut self, jobs: &[Job], work: impl FnOnce(&mut Self, &Connection) -> Result<()>) -> Result<()> {
        let conn = match self.conn.take() {
            Some(conn) => conn,
            None => self.reopen()?,
        };
        let mut committing = false;
        let done = conn.execute_batch("BEGIN IMMEDIATE").and_then(|()| {
            for id in &self.doubtful.messages {
                conn.execute("DELETE FROM message WHERE id = ?1", [id])?;
            }
            if self.doubtful.acts {
                conn.execute("DELETE FROM act WHERE id > ?1", [self.newest_act])?;
            }
            work(self, &conn)?;
            committing = true;
            conn.execute_batch("COMMIT")
        });
        match done {
            Ok(()) => {
                (self.doubtful.messages, self.doubtful.acts) = (Vec::new(), false);
                self.conn = Some(conn);
                Ok(())
            }
            Err(error) => {
                self.register.clear();
                if committing {
                    self.doubtful.take_note(jobs);
                }
                let undone = conn.is_autocommit() || conn.execute_batch("ROLLBACK").is_ok();
                if undone && is_passing(&error) {
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

    /// Brings everything into the history proper, and ends.
    pub(in crate::server::store) fn close(mut self) {
        if let Some(conn) = self.conn.take() {
            // No statistics are gathered: what a question costs shall not change with what was said.
            let closed = conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
            if let Err(error) = closed {
                // Everything is in the log of writes; the next start takes it from there.
                log::warn!(reason:% = reason(&error); "history_not_tidied");
            }
        }
    }
}

impl Doubtful {
    fn take_note(&mut self, jobs: &[Job]) {
        self.messages.extend(jobs.iter().flat_map(records).map(|record| sql_id(record.id)));
        self.acts |= jobs.iter().any(|job| matches!(job, Job::Log(_)));
        for job in jobs {
            if let Job::Delete(deletion) = job
                && self.deleted.len() < MAX_OWED
            {
                self.deleted.push(sql_id(deletion.id));
            }
        }
    }
}

/// What is said of a history that is not to be tried any further.
pub(in crate::server::store) fn spent() -> Error {
    Error::SqliteFailure(rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CORRUPT), None)
}

/// The messages that a job is to keep.
pub(in crate::server::store) fn records(job: &Job) -> &[Record] {
    match job {
        Job::Append(records) => records,
        _ => &[],
    }
}
