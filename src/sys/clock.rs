//! The clocks. No other file reads them, except in the terminal's event loop.
//!
//! Must not know: what the time is for.

use std::time::{Duration, Instant};

use chrono::{DateTime, Local, Offset as _, TimeZone as _, Utc};

use crate::model::{Now, Timestamp, Zone};

/// How long the time zone that was read is taken for the present one.
const ZONE_AGE: Duration = Duration::from_secs(60);

/// The present time of the steady clock, for what is told apart by [`Instant`]s.
#[must_use]
pub fn steady() -> Instant {
    Instant::now()
}

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

/// The time zone of the machine, or of the variable `TZ`, which may change while the program runs.
#[derive(Clone, Debug)]
pub struct LocalZone {
    zone: Zone,
    read: Now,
    find: fn() -> Zone,
}

impl LocalZone {
    /// Reads the time zone.
    #[must_use]
    pub fn read(now: Now) -> Self {
        Self::found_by(zone, now)
    }

    /// The same for a zone that is read in another way.
    #[must_use]
    pub fn found_by(find: fn() -> Zone, now: Now) -> Self {
        Self { zone: find(), read: now, find }
    }

    /// The time zone as it was read last.
    #[must_use]
    pub fn zone(&self) -> &Zone {
        &self.zone
    }

    /// Reads the time zone again if the last reading is a minute old on either clock: only the wall clock goes on while
    /// a machine sleeps. Returns the zone if it is another one.
    pub fn renewed(&mut self, now: Now) -> Option<&Zone> {
        let awake = now.steady.since(self.read.steady);
        let asleep = now.wall.since(self.read.wall).max(self.read.wall.since(now.wall));
        if awake.max(asleep) < ZONE_AGE {
            return None;
        }
        let before = std::mem::replace(self, Self::found_by(self.find, now));
        (before.zone != self.zone).then_some(&self.zone)
    }
}

fn zone() -> Zone {
    Zone::find(|time| {
        let utc = DateTime::from_timestamp_millis(time.0).unwrap_or(DateTime::UNIX_EPOCH);
        Local.offset_from_utc_datetime(&utc.naive_utc()).fix().local_minus_utc()
    })
}
