//! Moments, as milliseconds since 1970 in UTC, and how they are written.
//!
//! Must not know: what time it is. Only `sys::clock` reads the clocks.

use std::time::Duration;

use chrono::{DateTime, Datelike as _, NaiveDate, SecondsFormat, Timelike as _, Utc};
use serde::{Deserialize, Serialize};

use super::Zone;

/// A moment: milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// The moment `span` later.
    #[must_use]
    pub fn after(self, span: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(span.as_millis()).unwrap_or(i64::MAX)))
    }

    /// How long after `earlier` this is; zero if it is before.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// RFC 3339 in UTC with milliseconds: `2026-11-22T12:01:00.000Z`.
    #[must_use]
    pub fn rfc3339(self) -> String {
        let time = self.utc();
        if !(0..=9999).contains(&time.year()) {
            return time.to_rfc3339_opts(SecondsFormat::Millis, true);
        }
        // Every message has a time, and a format string would be parsed anew each time; so the digits are written here.
        let mut written = *b"0000-00-00T00:00:00.000Z";
        let mut write = |range: std::ops::Range<usize>, mut number: u32| {
            for digit in written.get_mut(range).into_iter().flatten().rev() {
                *digit = b'0' + u8::try_from(number % 10).unwrap_or(0);
                number /= 10;
            }
        };
        write(0..4, time.year().unsigned_abs());
        write(5..7, time.month());
        write(8..10, time.day());
        write(11..13, time.hour());
        write(14..16, time.minute());
        write(17..19, time.second());
        write(20..23, time.timestamp_subsec_millis());
        String::from_utf8_lossy(&written).into_owned()
    }

    /// Reads RFC 3339; `None` if the text is anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        DateTime::parse_from_rfc3339(text).ok().map(|time| Self(time.timestamp_millis()))
    }

    /// The time of day in `zone`: `12:01`.
    #[must_use]
    pub fn clock(self, zone: &Zone) -> String {
        zone.local(self).format("%H:%M").to_string()
    }

    /// The date in `zone`.
    #[must_use]
    pub fn day(self, zone: &Zone) -> NaiveDate {
        zone.local(self).date()
    }

    fn utc(self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.0).unwrap_or(DateTime::UNIX_EPOCH)
    }
}

/// The present time, on both clocks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Now {
    /// The wall clock, for people. It may jump.
    pub wall: Timestamp,
    /// The steady clock, for deadlines. It never jumps; it starts at an arbitrary moment.
    pub steady: Timestamp,
}

/// A date as a heading above its messages: `Sunday 22 November 2026`.
#[must_use]
pub fn day_title(day: NaiveDate) -> String {
    day.format("%A %-d %B %Y").to_string()
}
