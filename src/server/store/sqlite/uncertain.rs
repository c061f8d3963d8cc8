//! What may be on the disk although its commit failed: nobody was told of it, and it is undone first.
//!
//! Must not know: when it is undone (`transaction`).

use rusqlite::{Connection, Result};

use super::change_labels;
use super::changes;
use super::intern::Interner;
use super::rewrite::RowBefore;
use super::values::sql_id;
use crate::server::store::api::{Job, Record, Update};
use crate::server::store::limits::MAX_RETRIES;

/// What nobody was told of, and may be on the disk nonetheless.
#[derive(Debug, Default)]
pub(super) struct Uncertain {
    /// Messages that were refused.
    messages: Vec<i64>,
    /// Whether there may be acts that were refused, or are still to be tried again.
    acts: bool,
    /// What held before promises that were refused: it is put back first.
    changes: Vec<Update>,
    /// What the rows of messages held before changes that were refused: it is put back in this order.
    rows: Vec<RowBefore>,
    /// Changes that were refused and have a label, each as its message and its number.
    labels: Vec<(i64, i64)>,
    /// Messages that are still there for everybody who was told of them.
    pub(super) deleted: Vec<i64>,
    /// Whether the last transaction failed while it was committed, and not before.
    pub(super) committing: bool,
}

impl Uncertain {
    /// Whether there is nothing to put right.
    pub(super) fn is_empty(&self) -> bool {
        self.messages.is_empty()
            && !self.acts
            && self.changes.is_empty()
            && self.rows.is_empty()
            && self.labels.is_empty()
    }

    /// Undoes what may be on the disk.
    pub(super) fn put_right(&self, conn: &Connection, interner: &mut Interner, newest_act: i64) -> Result<()> {
        for id in &self.messages {
            conn.execute("DELETE FROM message WHERE id = ?1", [id])?;
        }
        if self.acts {
            conn.execute("DELETE FROM act WHERE id > ?1", [newest_act])?;
        }
        for change in &self.changes {
            changes::make(conn, interner, &mut 0, change)?;
        }
        self.labels.iter().try_for_each(|(message, number)| change_labels::forget(conn, *message, *number))?;
        self.rows.iter().try_for_each(|row| row.put_back(conn))
    }

    /// Everything is put right.
    pub(super) fn settled(&mut self) {
        (self.messages, self.acts, self.changes) = (Vec::new(), false, Vec::new());
        self.rows.clear();
        self.labels.clear();
    }

    /// Notes what held before the changes of a transaction that failed, oldest first. What was noted earlier holds.
    pub(super) fn undo(&mut self, before: Vec<Update>, rows: Vec<RowBefore>) {
        if self.committing {
            // The oldest state of each is put in place last.
            self.changes.splice(0..0, before.into_iter().rev());
            self.rows.splice(0..0, rows.into_iter().rev());
        }
    }

    /// Notes what these jobs may have left, whose commit failed.
    pub(super) fn add(&mut self, jobs: &[Job]) {
        self.messages.extend(jobs.iter().flat_map(records).map(|record| sql_id(record.id)));
        let logs = |job: &Job| match job {
            Job::Delete(_) => true,
            Job::Change(change) => change.is_removal(),
            job => job.changes().iter().any(|change| matches!(change, Update::Log(_))),
        };
        self.acts |= jobs.iter().any(logs);
        for job in jobs {
            match job {
                Job::Delete(deletion) if self.deleted.len() < MAX_RETRIES => self.deleted.push(sql_id(deletion.id)),
                Job::Change(change) if change.label.is_some() => {
                    self.labels.push((sql_id(change.id), sql_id(change.number)));
                }
                _ => {}
            }
        }
    }
}

/// The messages that a job adds.
pub(super) fn records(job: &Job) -> &[Record] {
    match job {
        Job::Append(records) => records,
        _ => &[],
    }
}
