//! A token bucket: it holds up to a burst and fills with time.
//!
//! Must not know: what is counted, or what time it is.

use std::time::Duration;

use crate::model::Timestamp;
use crate::server::limits::Rate;
use serde::{Deserialize, Serialize};

/// A token bucket. It counts in thousandths, so that milliseconds count.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Bucket {
    /// Below zero where more was taken at once than there was.
    milli_tokens: i64,
    at: Timestamp,
}

const WHOLE: i64 = 1000;

fn burst(rate: Rate) -> i64 {
    i64::from(rate.burst) * WHOLE
}

impl Bucket {
    /// A full bucket.
    #[must_use]
    pub fn full(rate: Rate, now: Timestamp) -> Self {
        Self { milli_tokens: burst(rate), at: now }
    }

    /// Takes a token; `false` if there is none.
    pub fn take(&mut self, rate: Rate, now: Timestamp) -> bool {
        self.fill(rate, now);
        let enough = self.milli_tokens >= WHOLE;
        if enough {
            self.milli_tokens -= WHOLE;
        }
        enough
    }

    /// Takes so many tokens, whether they are there or not: what is missing has to come back first.
    pub fn take_anyway(&mut self, rate: Rate, now: Timestamp, tokens: usize) {
        self.fill(rate, now);
        let taken = i64::try_from(tokens).unwrap_or(i64::MAX).saturating_mul(WHOLE);
        self.milli_tokens = self.milli_tokens.saturating_sub(taken);
    }

    /// Whether there is a token.
    pub fn has_any(&mut self, rate: Rate, now: Timestamp) -> bool {
        self.fill(rate, now);
        self.milli_tokens >= WHOLE
    }

    /// How long until there is a token.
    #[must_use]
    pub fn wait(&self, rate: Rate) -> Duration {
        let missing = u64::try_from(WHOLE.saturating_sub(self.milli_tokens)).unwrap_or(0);
        Duration::from_millis(missing.div_ceil(u64::from(rate.per_second.max(1))))
    }

    /// The tokens that are there; below zero where more was taken.
    #[must_use]
    pub fn tokens(&self) -> i64 {
        self.milli_tokens.div_euclid(WHOLE)
    }

    /// Whether the bucket holds a whole burst.
    #[must_use]
    pub fn is_full(&self, rate: Rate) -> bool {
        self.milli_tokens >= burst(rate)
    }

    /// Whether the bucket holds half a burst.
    #[must_use]
    pub fn is_half_full(&self, rate: Rate) -> bool {
        self.milli_tokens >= burst(rate) / 2
    }

    /// Adds what has come since the last time.
    pub fn fill(&mut self, rate: Rate, now: Timestamp) {
        let elapsed = i64::try_from(now.since(self.at).as_millis()).unwrap_or(i64::MAX);
        let more = elapsed.saturating_mul(i64::from(rate.per_second));
        self.milli_tokens = self.milli_tokens.saturating_add(more).min(burst(rate));
        self.at = now;
    }
}
