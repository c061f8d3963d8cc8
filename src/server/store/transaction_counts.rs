//! How many transactions the store has committed, and how many failed.
//!
//! Must not know: what they wrote.

use std::sync::atomic::{AtomicU64, Ordering};

/// Transactions since the start, counted on one thread and read on another.
#[derive(Debug, Default)]
pub(super) struct TransactionCounts {
    committed: AtomicU64,
    failed: AtomicU64,
}

impl TransactionCounts {
    /// Counts a transaction.
    pub(super) fn add(&self, committed: bool) {
        let count = if committed { &self.committed } else { &self.failed };
        count.fetch_add(1, Ordering::Relaxed);
    }

    /// How many were committed, and how many failed.
    pub(super) fn get(&self) -> (u64, u64) {
        (self.committed.load(Ordering::Relaxed), self.failed.load(Ordering::Relaxed))
    }
}
