//! Time zones: which offset from UTC is in force when, and the moments of local days.
//!
//! Must not know: the zone of this machine. `sys::clock` reads that.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};

use super::Timestamp;

/// The first year whose changes of the offset are looked for.
const FIRST_YEAR: i32 = 1990;
/// The year at whose beginning the search for changes ends. The offset of its last day holds for later times.
const LAST_YEAR: i32 = 2090;
/// The pause between two looks at the offset, in milliseconds. Two changes that cancel out in between are missed; the
/// shortest real ones are weeks apart.
const STEP: i64 = 7 * 24 * 3600 * 1000;

/// A time zone: offsets from UTC, each from a moment on. It is cheap to clone. The default is UTC.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Zone {
    /// The offset before the first change, in seconds to the east.
    first: i32,
    /// The changes, in order.
    changes: Arc<[OffsetChange]>,
}

/// A change of the offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct OffsetChange {
    /// The moment from which the offset holds.
    from: Timestamp,
    /// Seconds to the east of UTC.
    offset: i32,
}

impl Zone {
    /// A zone with one offset, in seconds to the east of UTC.
    #[must_use]
    pub fn fixed(offset: i32) -> Self {
        Self { first: offset, changes: Arc::default() }
    }

    /// The zone whose offset, in seconds to the east of UTC, `offset_at` knows for each moment. It looks once a week
    /// through the years that matter to a chat, and halves the span around each change.
    #[must_use]
    pub fn find(offset_at: impl Fn(Timestamp) -> i32) -> Self {
        let begin = |year| {
            let midnight = NaiveDate::from_ymd_opt(year, 1, 1).map(|day| day.and_time(NaiveTime::MIN));
            midnight.map_or(0, |midnight| midnight.and_utc().timestamp_millis())
        };
        let (start, end) = (begin(FIRST_YEAR), begin(LAST_YEAR));
        let first = offset_at(Timestamp(start));
        let mut changes = Vec::new();
        let (mut before, mut offset) = (start, first);
        while before < end {
            let after = before + STEP;
            let next = offset_at(Timestamp(after));
            if next != offset {
                let (mut old, mut new) = (before, after);
                while new - old > 1 {
                    let middle = old + (new - old) / 2;
                    if offset_at(Timestamp(middle)) == offset { old = middle } else { new = middle }
                }
                offset = offset_at(Timestamp(new));
                changes.push(OffsetChange { from: Timestamp(new), offset });
                // There may be another change before `after`.
                before = new;
            } else {
                before = after;
            }
        }
        Self { first, changes: changes.into() }
    }

    /// The time on the clocks of the zone.
    #[must_use]
    pub fn local(&self, time: Timestamp) -> NaiveDateTime {
        let utc = DateTime::from_timestamp_millis(time.0).unwrap_or(DateTime::UNIX_EPOCH).naive_utc();
        utc.checked_add_signed(TimeDelta::seconds(i64::from(self.offset(time)))).unwrap_or(utc)
    }

    /// The moment at which a day begins: at midnight, or where the clocks skip midnight at the first time after it.
    #[must_use]
    pub fn start_of(&self, day: NaiveDate) -> Timestamp {
        self.moment(day.and_time(NaiveTime::MIN))
    }

    /// The moment at which the clocks of the zone show a time: the first of two where they are set back, and the next
    /// moment where they skip it.
    #[must_use]
    pub fn moment(&self, local: NaiveDateTime) -> Timestamp {
        let local = local.and_utc().timestamp_millis();
        let (mut from, mut offset) = (Timestamp(i64::MIN), self.first);
        for change in self.changes.iter() {
            let moment = utc(local, offset);
            if moment < change.from {
                return moment.max(from);
            }
            (from, offset) = (change.from, change.offset);
        }
        utc(local, offset).max(from)
    }

    /// The offset in force at a moment, in seconds to the east of UTC.
    fn offset(&self, time: Timestamp) -> i32 {
        let past = self.changes.partition_point(|change| change.from <= time);
        past.checked_sub(1).and_then(|last| self.changes.get(last)).map_or(self.first, |change| change.offset)
    }
}

/// The moment of a local time, in milliseconds as if it were UTC, where this offset is in force.
fn utc(local: i64, offset: i32) -> Timestamp {
    Timestamp(local.saturating_sub(i64::from(offset) * 1000))
}
