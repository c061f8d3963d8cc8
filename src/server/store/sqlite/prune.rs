//! Deletes messages and acts that are to be kept no longer, oldest first, and those of rooms that have ended: a chunk at a
//! time, from the tables and from the search index.
//!
//! Must not know: when there is time for it (`writer`).

use rusqlite::{Connection, OptionalExtension as _, Result};

use super::ended_rooms;
use super::expunge::expunge;
use super::high_water::{self, Counter};
use super::modlog;
use super::search_index;
use crate::model::Timestamp;
use crate::server::store::api::Retention;
use crate::server::store::limits::{
    PRUNE_BYTES, PRUNE_CHUNK, PRUNE_ERASED, PRUNE_FAST, PRUNE_GROWTH, PRUNE_LATE, SLOT,
};

/// How long messages are kept, and how far pruning has come.
#[derive(Debug)]
pub(super) struct Pruner {
    keep: Retention,
    /// Whether there may be something to delete.
    due: bool,
    /// New messages since pruning last began.
    grown: u64,
    /// The conversation that is being pruned.
    conversation: i64,
    /// The newest message in it that is to go, once that is known.
    cutoff: Option<i64>,
    /// Whether there may be rooms that have ended and still have messages.
    rooms_ended: bool,
    /// Messages that were deleted since pruning began.
    erased: usize,
    /// Whether words of deleted messages may still be in the search index.
    merging: bool,
    /// Whether anything was deleted that the write-ahead log may still hold.
    deleted: bool,
}

impl Pruner {
    /// `rooms_ended` says whether there may be rooms that have ended and still have messages.
    pub(super) fn new(keep: Retention, rooms_ended: bool) -> Self {
        let mut pruner = Self {
            keep,
            due: false,
            grown: 0,
            conversation: 0,
            cutoff: None,
            rooms_ended,
            erased: 0,
            merging: false,
            deleted: false,
        };
        pruner.begin();
        pruner
    }

    /// Changes how long messages are kept.
    pub(super) fn keep_for(&mut self, keep: Retention) {
        if self.keep != keep {
            self.keep = keep;
            self.begin();
        }
    }

    /// Starts pruning from the beginning.
    pub(super) fn begin(&mut self) {
        self.due = self.keep.days.is_some() || self.keep.messages.is_some();
        (self.grown, self.erased, self.conversation, self.cutoff) = (0, 0, 0, None);
    }

    /// Counts new messages.
    pub(super) fn grew(&mut self, messages: u64) {
        self.grown += messages;
        if !self.due {
            self.begin_if_grown();
        }
    }

    fn begin_if_grown(&mut self) {
        let (least, most) = PRUNE_GROWTH;
        let bound = self.keep.messages.map(|kept| (kept / 10).clamp(least, most));
        if bound.is_some_and(|bound| self.grown >= bound) {
            self.begin();
        }
    }

    /// A room has ended.
    pub(super) fn end_room(&mut self) {
        self.rooms_ended = true;
    }

    pub(super) fn is_due(&self) -> bool {
        self.due || self.rooms_ended || self.merging
    }

    /// Whether anything was deleted since this was last asked.
    pub(super) fn take_deleted(&mut self) -> bool {
        std::mem::take(&mut self.deleted)
    }

    /// Whether new messages come faster than old ones go.
    pub(super) fn is_late(&self) -> bool {
        self.due && self.grown >= PRUNE_LATE
    }

    /// Deletes a chunk, inside a transaction; when nothing is left to delete, pruning is no longer due.
    pub(super) fn chunk(&mut self, conn: &Connection, now: Timestamp, limit: usize) -> Result<()> {
        // Their numbers are not used again, even if these were the last.
        high_water::raise(conn, Counter::Message)?;
        if self.rooms_ended {
            self.rooms_ended = ended_rooms::delete_some(conn, limit.min(PRUNE_CHUNK))?;
            self.deleted |= self.rooms_ended;
            return Ok(());
        }
        if !self.due {
            self.merging = self.merging && search_index::merge(conn)?;
            self.deleted = true;
            return Ok(());
        }
        // Where much is to go, it leaves its words behind for a while: to find each would take too long.
        let fast = limit > PRUNE_CHUNK || self.erased >= PRUNE_ERASED;
        let ids = self.next_to_delete(conn, now, if fast { limit.max(PRUNE_FAST) } else { limit })?;
        if !ids.is_empty() {
            self.erased += ids.len();
            if fast {
                search_index::erase_at_once(conn, false)?;
                self.merging = true;
            }
            expunge(conn, &ids, if fast { usize::MAX } else { PRUNE_BYTES })?;
            if fast {
                search_index::erase_at_once(conn, true)?;
            }
            self.deleted = true;
            return Ok(());
        }
        if let Some(oldest) = self.keep.oldest(now)
            && modlog::forget(conn, oldest, limit)? > 0
        {
            self.deleted = true;
            return Ok(());
        }
        self.due = false;
        self.begin_if_grown();
        conn.execute("DELETE FROM slot WHERE last < (SELECT min(id) FROM message)", [])?;
        conn.execute("INSERT INTO search (search, rank) VALUES ('merge', 64)", [])?;
        Ok(())
    }

    fn next_to_delete(&mut self, conn: &Connection, now: Timestamp, limit: usize) -> Result<Vec<i64>> {
        if let Some(oldest) = self.keep.oldest(now) {
            let ids = said_before(conn, oldest, limit)?;
            if !ids.is_empty() {
                return Ok(ids);
            }
        }
        let Some(messages) = self.keep.messages else { return Ok(Vec::new()) };
        let mut next = conn.prepare_cached("SELECT id FROM conversation WHERE id >= ?1 ORDER BY id LIMIT 1")?;
        while let Some(id) = next.query_row([self.conversation], |row| row.get::<_, i64>(0)).optional()? {
            let ids = self.beyond(conn, id, messages, limit)?;
            if !ids.is_empty() {
                self.conversation = id;
                return Ok(ids);
            }
            (self.conversation, self.cutoff) = (id.saturating_add(1), None);
        }
        Ok(Vec::new())
    }

    /// The oldest messages of a conversation beyond the newest `kept`.
    fn beyond(&mut self, conn: &Connection, conversation: i64, kept: u64, limit: usize) -> Result<Vec<i64>> {
        let cutoff = "SELECT id FROM located WHERE conversation = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2";
        let oldest = "SELECT id FROM located WHERE conversation = ?1 AND id <= ?2 ORDER BY id LIMIT ?3";
        if self.cutoff.is_none() {
            let kept = i64::try_from(kept).unwrap_or(i64::MAX);
            self.cutoff = conn.prepare_cached(cutoff)?.query_row((conversation, kept), |row| row.get(0)).optional()?;
        }
        let Some(cutoff) = self.cutoff else { return Ok(Vec::new()) };
        let mut select = conn.prepare_cached(oldest)?;
        select.query_map((conversation, cutoff, limit), |row| row.get(0))?.collect()
    }
}

/// Messages said before `time`, found by the slots that are over; the clock may have jumped within a slot.
fn said_before(conn: &Connection, time: i64, limit: usize) -> Result<Vec<i64>> {
    let slot = time.div_euclid(SLOT);
    let mut next = conn.prepare_cached("SELECT slot, first, last FROM slot WHERE slot < ?1 ORDER BY slot LIMIT 1")?;
    loop {
        let found = next.query_row([slot], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).optional()?;
        let Some((old, first, last)): Option<(i64, i64, i64)> = found else { return Ok(Vec::new()) };
        let mut select = conn
            .prepare_cached("SELECT id FROM message WHERE id BETWEEN ?1 AND ?2 AND time < ?3 ORDER BY id LIMIT ?4")?;
        let end = old.saturating_add(1).saturating_mul(SLOT);
        let ids = select.query_map((first, last, end, limit), |row| row.get(0))?.collect::<Result<Vec<i64>>>()?;
        if !ids.is_empty() {
            return Ok(ids);
        }
        conn.prepare_cached("DELETE FROM slot WHERE slot = ?1")?.execute([old])?;
    }
}
