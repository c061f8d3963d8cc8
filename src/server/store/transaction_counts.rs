//! How many transactions the store has committed, how many failed, and whether it fails now.
//!
//! Must not know: what they wrote.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Transactions since the start, counted on one thread and read on another.
#[derive(Debug, Default)]
pub(super) struct TransactionCounts {
    committed: AtomicU64,
    failed: AtomicU64,
    /// Whether something failed, and nothing that was asked for has been stored since.
    sick: AtomicBool,
}

impl TransactionCounts {
    /// Counts a transaction.
    pub(super) fn add(&self, committed: bool) {
        let count = if committed { &self.committed } else { &self.failed };
        count.fetch_add(1, Ordering::Relaxed);
    }

    /// Notes whether the history fails.
    pub(super) fn set_sick(&self, sick: bool) {
        self.sick.store(sick, Ordering::Relaxed);
    }

    /// Whether the history fails.
    pub(super) fn is_sick(&self) -> bool {
        self.sick.load(Ordering::Relaxed)
    }

    /// How many were committed, and how many failed.
    pub(super) fn get(&self) -> (u64, u64) {
        (self.committed.load(Ordering::Relaxed), self.failed.load(Ordering::Relaxed))
    }
}
