//! What the log says of trouble with the history: its beginning once, and its end only when something that was asked for has
//! been stored since. To undo what was refused, and upkeep that finds nothing to do, can succeed on a full disk too.
//!
//! Must not know: what is stored, or what the broker and people are told.

use std::sync::Arc;

use rusqlite::Error;

use super::errors::reason;
use crate::server::store::transaction_counts::TransactionCounts;

/// What the log says already.
#[derive(Debug)]
pub(super) struct TroubleLog {
    /// Where the metrics find whether the history fails.
    counts: Arc<TransactionCounts>,
    /// That the history fails.
    fails: bool,
    /// That something refused may have stayed on the disk.
    unsure: bool,
}

impl TroubleLog {
    /// Nothing has failed yet.
    pub(super) fn new(counts: &Arc<TransactionCounts>) -> Self {
        Self { counts: Arc::clone(counts), fails: false, unsure: false }
    }

    /// Something failed.
    pub(super) fn failed(&mut self, error: &Error) {
        self.counts.set_sick(true);
        if !std::mem::replace(&mut self.fails, true) {
            log::error!(reason:% = reason(error); "history_fails");
        }
    }

    /// Something refused may have stayed on the disk for now.
    pub(super) fn unsure(&mut self, error: &Error) {
        if !std::mem::replace(&mut self.unsure, true) {
            log::warn!(reason:% = reason(error); "history_unsure");
        }
    }

    /// Something that was asked for is stored.
    pub(super) fn stored(&mut self) {
        self.counts.set_sick(false);
        self.unsure = false;
        if std::mem::take(&mut self.fails) {
            log::warn!("history_works_again");
        }
    }
}
