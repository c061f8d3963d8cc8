//! What a relay needs to run, and what it tells of itself.
//!
//! Must not know: how packets are relayed.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::ports::PortPlan;
use crate::server::relay::{RelayCounts, RelayRates};
use crate::sys::clock::Clock;

/// What a relay needs to run.
#[derive(Clone, Debug)]
pub struct RelaySetup {
    /// How much may be relayed.
    pub rates: RelayRates,
    /// Random, and known to nobody else.
    pub secret: [u8; 32],
    /// The server's clock.
    pub clock: Clock,
    /// The UDP sockets.
    pub ports: PortPlan,
}

/// What the relay did, and what waits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RelayReport {
    /// The calls that are relayed.
    pub calls: usize,
    /// What the relay counted.
    pub counts: RelayCounts,
    /// Packets that were dropped because the other client, or the line to it, was too slow.
    pub too_slow: u64,
}

impl RelayReport {
    /// Both together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let (one, two) = (self.counts, other.counts);
        let counts = RelayCounts {
            packets: one.packets + two.packets,
            bytes: one.bytes + two.bytes,
            over_rate: one.over_rate + two.over_rate,
            nowhere: one.nowhere + two.nowhere,
        };
        Self { calls: other.calls, counts, too_slow: self.too_slow + other.too_slow }
    }
}

/// What the relay shares with those who use it.
#[derive(Debug)]
pub(super) struct RelayShared {
    rates: Mutex<RelayRates>,
    report: Mutex<RelayReport>,
}

impl RelayShared {
    pub(super) fn new(rates: RelayRates) -> Self {
        Self { rates: Mutex::new(rates), report: Mutex::default() }
    }

    pub(super) fn rates(&self) -> RelayRates {
        *lock(&self.rates)
    }

    pub(super) fn set_rates(&self, rates: RelayRates) {
        *lock(&self.rates) = rates;
    }

    pub(super) fn report(&self) -> RelayReport {
        *lock(&self.report)
    }

    pub(super) fn set_report(&self, report: RelayReport) {
        *lock(&self.report) = report;
    }
}

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing panics while it is held.
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
