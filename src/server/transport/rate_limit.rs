//! The flood limit of a connection.
//!
//! Must not know: what is counted, or what time it is.

use crate::server::limits::Rate;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::model::Timestamp;
use crate::server::limits::FLOOD_PATIENCE;

pub use crate::server::bucket::Bucket;

/// The rate of many connections, which may change while they are open; `None` is no limit.
#[derive(Clone, Debug, Default)]
pub struct SharedRate(Arc<AtomicU64>);

impl SharedRate {
    /// Starts with this rate.
    #[must_use]
    pub fn new(rate: Option<Rate>) -> Self {
        let shared = Self::default();
        shared.set(rate);
        shared
    }

    /// The current rate.
    #[must_use]
    pub fn get(&self) -> Option<Rate> {
        // Both numbers are in one word, so that nobody sees half of a change.
        let both = self.0.load(Ordering::Relaxed);
        let half = |bits: u64| u32::try_from(bits & u64::from(u32::MAX)).unwrap_or(0);
        (both != 0).then(|| Rate { burst: half(both >> 32), per_second: half(both) })
    }

    /// Changes the rate.
    pub fn set(&self, rate: Option<Rate>) {
        let both = |rate: Rate| u64::from(rate.burst) << 32 | u64::from(rate.per_second);
        self.0.store(rate.map_or(0, both), Ordering::Relaxed);
    }
}

/// What to do with a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FloodDecision {
    /// Take it.
    Take,
    /// Wait this long and ask again; nothing more is read meanwhile.
    Wait(Duration),
    /// Refuse it, since slowing its sender down did not help.
    Refuse,
}

/// The flood limit of one connection.
#[derive(Clone, Copy, Debug)]
pub struct Flood {
    rate: Rate,
    bucket: Bucket,
    over_since: Option<Timestamp>,
    last: Timestamp,
}

impl Flood {
    /// For a connection that has sent nothing yet.
    #[must_use]
    pub fn new(rate: Rate, now: Timestamp) -> Self {
        Self { rate, bucket: Bucket::full(rate, now), over_since: None, last: now }
    }

    /// The limit of a connection after its rate has changed: what it has used up stays used up.
    #[must_use]
    pub fn changed(before: Option<Self>, rate: Option<Rate>, now: Timestamp) -> Option<Self> {
        let rate = rate?;
        let mut flood = before.unwrap_or_else(|| Self::new(rate, now));
        if flood.rate != rate {
            flood.bucket.fill(flood.rate, now);
            flood.rate = rate;
            flood.bucket.fill(rate, now);
        }
        Some(flood)
    }

    /// Decides on the next frame. After [`FloodDecision::Wait`] ask again.
    pub fn judge(&mut self, now: Timestamp) -> FloodDecision {
        if self.bucket.take(self.rate, now) {
            let patience_over = self.over_since.is_some_and(|since| now.since(since) > FLOOD_PATIENCE);
            if self.has_calmed_down(now) {
                self.over_since = None;
            }
            self.last = now;
            return if patience_over && self.over_since.is_some() {
                FloodDecision::Refuse
            } else {
                FloodDecision::Take
            };
        }
        self.over_since.get_or_insert(now);
        FloodDecision::Wait(self.bucket.wait(self.rate))
    }

    /// Half a burst is unused; or, if a burst is one frame, no frame came for the time of two.
    fn has_calmed_down(&self, now: Timestamp) -> bool {
        if self.rate.burst > 1 {
            return self.bucket.is_half_full(self.rate);
        }
        now.since(self.last).as_millis() * u128::from(self.rate.per_second) >= 2000
    }

    /// Whether the sender is being slowed down.
    #[must_use]
    pub fn is_slowing(&self) -> bool {
        self.over_since.is_some()
    }
}
