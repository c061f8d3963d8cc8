//! A transaction that stays open from one job to the next, so that each is done at once, and all of them are committed
//! together or not at all. Whatever fails in it ends it: what was done is undone with its connection.
//!
//! Must not know: what it is for (`steps`).

use rusqlite::{Connection, Error, Result};

use super::{TransactionRunner, begin};
use crate::server::store::api::{Job, Outcome, Report};
use crate::server::store::sqlite::errors::moved;

impl TransactionRunner {
    /// Does a job within the open transaction, and begins one if there is none.
    pub(in crate::server::store::sqlite) fn step(&mut self, job: &Job) -> Result<Option<Report>> {
        let mut written = self.written();
        let report = self.within(|this, conn| this.carry_out_job(conn, job, &mut written))?;
        (self.newest, self.newest_act) = (written.newest, written.newest_act);
        // A message that this history alone cannot keep would make it another one than the others have.
        if let Some(Report::Stored(receipt)) = &report
            && receipt.outcomes.contains(&Outcome::Unavailable)
        {
            return Err(moved(receipt.trouble.clone().unwrap_or_default()));
        }
        Ok(report)
    }

    /// Does something else within it.
    pub(in crate::server::store::sqlite) fn within<T>(
        &mut self,
        work: impl FnOnce(&mut Self, &Connection) -> Result<T>,
    ) -> Result<T> {
        // What fails keeps the connection, and the transaction is undone with it.
        let conn = self.conn.take().ok_or(Error::InvalidQuery)?;
        if conn.is_autocommit() {
            self.watch.look_again(&conn).map_err(moved)?;
            begin(&conn)?;
        }
        let done = work(self, &conn)?;
        self.conn = Some(conn);
        Ok(done)
    }

    /// Commits what was done, if anything was.
    pub(in crate::server::store::sqlite) fn commit_steps(&mut self) -> Result<()> {
        let conn = self.conn.take().ok_or(Error::InvalidQuery)?;
        if !conn.is_autocommit() {
            let done = self.commit(&conn);
            self.counts.add(done.is_ok());
            done?;
        }
        self.conn = Some(conn);
        Ok(())
    }

    /// Sees to it that what was committed is on the disk.
    pub(in crate::server::store::sqlite) fn sync_steps(&self) -> Result<(), String> {
        let log = self.watch.log().ok_or_else(|| "the log of the history was never seen".to_owned())?;
        log.sync_data().map_err(|error| format!("what was committed is not on the disk: {error}"))
    }

    /// Undoes what was not committed; `false` if the history is no longer open.
    pub(in crate::server::store::sqlite) fn give_up_steps(&mut self) -> bool {
        let undone = |conn: &Connection| conn.is_autocommit() || conn.execute_batch("ROLLBACK").is_ok();
        self.conn.as_ref().is_some_and(undone)
    }
}
