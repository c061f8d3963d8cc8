//! The clocks. No other file reads them, except in the terminal's event loop.
//!
//! Must not know: what the time is for.

use std::time::{Duration, Instant};

use chrono::{FixedOffset, Local, Utc};

use crate::model::{Now, Timestamp};

/// A wall clock and a steady one.
#[derive(Clone, Copy, Debug)]
pub struct Clock(Instant);

impl Clock {
    /// Starts the steady clock.
    #[must_use]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// How long the steady clock has run, finer than a [`Timestamp`].
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    /// The present time on both clocks.
    #[must_use]
    pub fn now(&self) -> Now {
        Now { wall: wall(), steady: Timestamp::default().after(self.0.elapsed()) }
    }
}

/// The present time of the wall clock.
#[must_use]
pub fn wall() -> Timestamp {
    Timestamp(Utc::now().timestamp_millis())
}

/// The present offset of local time from UTC.
#[must_use]
pub fn zone() -> FixedOffset {
    *Local::now().offset()
}
