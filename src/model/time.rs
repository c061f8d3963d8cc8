//! Moments, as milliseconds since 1970 in UTC, and how they are written.
//!
//! Must not know: what time it is. Only `sys::clock` reads the clocks.

use std::cell::Cell;
use std::time::Duration;

use chrono::{DateTime, Datelike as _, NaiveDate, SecondsFormat, Timelike as _, Utc};
use serde::{Deserialize, Serialize};

use super::Zone;

/// The length of a time as it is written.
const RFC3339: usize = 24;

thread_local! {
    /// The second that was written last on this thread, and how.
    static LAST_SECOND: Cell<(i64, [u8; RFC3339])> = const { Cell::new((i64::MIN, [0; RFC3339])) };
}

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
        let mut written = Vec::with_capacity(RFC3339);
        self.write_rfc3339(&mut written);
        String::from_utf8_lossy(&written).into_owned()
    }

    /// Appends the same.
    pub fn write_rfc3339(self, out: &mut Vec<u8>) {
        // What is said now has almost always the second of what was said last.
        let second = self.0.div_euclid(1000);
        let (known, mut written) = LAST_SECOND.get();
        if known != second {
            let Some(whole) = self.whole_second() else {
                return out.extend_from_slice(self.utc().to_rfc3339_opts(SecondsFormat::Millis, true).as_bytes());
            };
            LAST_SECOND.set((second, whole));
            written = whole;
        }
        let mut millis = self.0.rem_euclid(1000);
        for digit in written.get_mut(20..23).into_iter().flatten().rev() {
            *digit = b'0' + u8::try_from(millis % 10).unwrap_or(0);
            millis /= 10;
        }
        out.extend_from_slice(&written);
    }

    /// The form of the second that it is in; `None` if its year has not four digits.
    fn whole_second(self) -> Option<[u8; RFC3339]> {
        let time = DateTime::from_timestamp_millis(self.0)?;
        if !(0..=9999).contains(&time.year()) {
            return None;
        }
        // A format string would be parsed anew each time; so the digits are written here.
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
        Some(written)
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
