//! How many bytes went by in the last minute: a counter for each of its seconds.
//!
//! Must not know: any clock (the time comes in), or whose bytes they are.

use crate::model::Timestamp;

/// The seconds that are counted.
const SECONDS: usize = 60;

/// What the last minute brought, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Received from the server.
    pub received: u64,
    /// Sent to the server.
    pub sent: u64,
    /// Written to the terminal, or to standard output.
    pub shown: u64,
}

/// The bytes of the last minute, by the second.
#[derive(Clone, Debug)]
pub struct LastMinute {
    counts: [u64; SECONDS],
    /// The newest second that is counted.
    newest: u64,
}

impl Default for LastMinute {
    fn default() -> Self {
        Self { counts: [0; SECONDS], newest: 0 }
    }
}

impl LastMinute {
    /// Counts bytes at a time on the steady clock.
    pub fn add(&mut self, now: Timestamp, bytes: usize) {
        self.turn(now);
        if let Some(count) = self.counts.get_mut(place(self.newest)) {
            *count = count.saturating_add(u64::try_from(bytes).unwrap_or(u64::MAX));
        }
    }

    /// The bytes of the second of `now` and of the 59 before it.
    pub fn total(&mut self, now: Timestamp) -> u64 {
        self.turn(now);
        self.counts.iter().fold(0, |all, count| all.saturating_add(*count))
    }

    /// Forgets the seconds that are a minute old. A time before the newest counts as the newest.
    fn turn(&mut self, now: Timestamp) {
        let now = u64::try_from(now.0 / 1000).unwrap_or(0);
        if now.saturating_sub(self.newest) >= SECONDS as u64 {
            self.counts = [0; SECONDS];
        } else {
            for second in self.newest + 1..=now {
                if let Some(count) = self.counts.get_mut(place(second)) {
                    *count = 0;
                }
            }
        }
        self.newest = self.newest.max(now);
    }
}

fn place(second: u64) -> usize {
    usize::try_from(second % SECONDS as u64).unwrap_or(0)
}
