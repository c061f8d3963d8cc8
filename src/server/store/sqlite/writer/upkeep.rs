//! What the writer does besides: it places messages in their conversations, brings the search index up to date, deletes
//! old messages and empties the log, a chunk at a time, where it holds up nobody.
//!
//! Must not know: the jobs that somebody waits for.

use std::thread;
use std::time::Duration;

use rusqlite::{Connection, Result};

use super::Writer;
use crate::server::store::api::{ErasureStep, Report};
use crate::server::store::limits::{
    INDEX_CHUNK, INDEX_EVERY, INDEX_LITTLE, MAINTAIN_EVERY, PLACE_NOW, PRUNE_CHUNK, PRUNE_EVERY, REST, WIPE_AFTER,
    WIPE_PAUSE, WIPE_TRIES,
};
use crate::server::store::sqlite::prune::Pruner;
use crate::server::store::sqlite::search_index;

impl<R: Fn(Report)> Writer<R> {
    /// Without any pause, maintenance is still done once in a while; pruning begins when enough new messages have come.
    pub(super) fn maintain_if_late(&mut self) {
        if self.maintain_at > self.clock.now().steady {
            return;
        }
        self.look_at_clock();
        self.begin_to_maintain();
    }

    /// Adds a few messages to the search index now and then while messages come without a pause; few at a time, since those
    /// wait meanwhile.
    pub(super) fn index_if_late(&mut self) {
        let now = self.clock.now().steady;
        if self.unindexed > 0 && self.index_at <= now {
            self.index_at = now.after(INDEX_EVERY);
            self.index(INDEX_LITTLE);
        }
    }

    fn begin_to_maintain(&mut self) {
        let now = self.clock.now().steady;
        self.maintain_at = now.after(MAINTAIN_EVERY);
        if self.prune_at <= now {
            self.prune_at = now.after(PRUNE_EVERY);
            self.pruner.begin();
        }
    }

    /// Does a chunk of maintenance.
    pub(super) fn maintain(&mut self) {
        self.begin_to_maintain();
        if self.unplaced > 0 {
            self.place(PLACE_NOW);
        } else if self.unindexed > 0 {
            self.index(INDEX_CHUNK);
        } else if self.pruner.is_due() {
            self.prune(PRUNE_CHUNK);
        }
    }

    /// Deletes up to `limit` old messages.
    pub(super) fn prune(&mut self, limit: usize) {
        let now = self.time.look().time;
        self.upkeep(|pruner, conn| pruner.chunk(conn, now, limit));
        if self.pruner.take_deleted() {
            self.wipe_within(MAINTAIN_EVERY);
        }
    }

    /// Something was deleted: it is to leave the write-ahead log too.
    pub(super) fn wipe_within(&mut self, time: Duration) {
        let at = self.clock.now().steady.after(time);
        self.wipe_at = Some(self.wipe_at.map_or(at, |earlier| earlier.min(at)));
    }

    /// Everything is erased that was to be: empties the log before that is reported, unless somebody reads for long.
    pub(super) fn wipe_for(&mut self, report: &mut Report) {
        let mut tries = 0;
        while tries < WIPE_TRIES && !self.transactions.wipe() {
            tries += 1;
            thread::sleep(WIPE_PAUSE);
        }
        if let Report::Erased(erasure) = report {
            erasure.step = ErasureStep::Done { wiped: tries < WIPE_TRIES };
        }
    }

    pub(super) fn wipe_if_due(&mut self) {
        let now = self.clock.now().steady;
        if self.wipe_at.is_some_and(|at| at <= now) {
            self.wipe_at = (!self.transactions.wipe()).then(|| now.after(WIPE_AFTER));
        }
    }

    /// Places up to `limit` messages in their conversations. Says whether that succeeded.
    pub(super) fn place(&mut self, limit: u64) -> bool {
        let now = self.clock.now().steady;
        if self.rest_until > now {
            return false;
        }
        match self.transactions.place(usize::try_from(limit).unwrap_or(usize::MAX)) {
            Ok(0) => self.unplaced = 0,
            Ok(count) => self.unplaced = self.unplaced.saturating_sub(count),
            Err(_) => {
                self.rest_until = now.after(REST);
                return false;
            }
        }
        true
    }

    /// Adds up to `limit` messages to the search index. Says whether that succeeded.
    pub(super) fn index(&mut self, limit: usize) -> bool {
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

    /// Does maintenance that nobody waits for; after a failure it rests for a while. Says whether it succeeded.
    pub(super) fn upkeep(&mut self, work: impl FnOnce(&mut Pruner, &Connection) -> Result<()>) -> bool {
        let now = self.clock.now().steady;
        if self.rest_until > now {
            return false;
        }
        let pruner = &mut self.pruner;
        let done = self.transactions.transaction(&[], |_, conn| work(pruner, conn));
        if done.is_err() {
            self.rest_until = now.after(REST);
        }
        done.is_ok()
    }
}
