//! How long packets wait before they are heard, and whether that is to become more or less.
//!
//! The slack of a packet is the time from its arrival to the moment in which it is due to be heard; one that is late has a
//! negative one. The least slacks of the last packets say how much later all of it must be heard so that few are late, or how
//! much earlier it could be. Clocks of two sound cards that run apart show in the same way.
//!
//! Must not know: packets, or how sound is made longer or shorter.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// So many packets are looked at: two seconds.
const WINDOW: usize = 50;
/// Before so many were seen, nothing is said.
const FEW: usize = 8;
/// Of those, so many may be late.
const LATE: usize = 1;
/// What is aimed at, for the least slack, in microseconds.
const LEAST: i64 = 10_000;
const MOST: i64 = 60_000;
/// A punctual packet waits no longer than this, whatever the others do.
const MOST_WAIT: i64 = 260_000;
/// The wait before the first packet is heard, at least and at most.
pub(super) const FIRST_WAIT: Duration = Duration::from_millis(60);
const MOST_FIRST_WAIT: Duration = Duration::from_millis(240);

/// What is to be done about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SoundPace {
    /// Sound is to be made longer.
    Slower,
    /// It is to be left as it is.
    Even,
    /// It is to be made shorter.
    Faster,
}

/// The slack of the last packets, in microseconds.
#[derive(Debug, Default)]
pub(super) struct SlackWatch(VecDeque<i64>);

impl SlackWatch {
    /// Notes when a packet came, and when it is or was due.
    pub(super) fn note(&mut self, came: Instant, due: Instant) {
        let slack = micros(due.saturating_duration_since(came)) - micros(came.saturating_duration_since(due));
        self.0.push_back(slack);
        if self.0.len() > WINDOW {
            self.0.pop_front();
        }
    }

    /// All that comes is heard so much later than it would have been; negative: earlier.
    pub(super) fn moved(&mut self, microseconds: i64) {
        self.0.iter_mut().for_each(|slack| *slack += microseconds);
    }

    pub(super) fn pace(&self) -> SoundPace {
        let (Some(least), Some(most)) = (self.least(), self.0.iter().max()) else { return SoundPace::Even };
        match least {
            _ if self.0.len() < FEW => SoundPace::Even,
            ..LEAST if *most < MOST_WAIT => SoundPace::Slower,
            least if least > MOST || *most > MOST_WAIT => SoundPace::Faster,
            _ => SoundPace::Even,
        }
    }

    /// How long the first packet after a pause waits: as long as the last ones differed.
    pub(super) fn first_wait(&self) -> Duration {
        let spread = self.least().zip(self.0.iter().max()).map_or(0, |(least, most)| most - least + LEAST);
        Duration::from_micros(spread.unsigned_abs()).clamp(FIRST_WAIT, MOST_FIRST_WAIT)
    }

    /// The least that counts.
    fn least(&self) -> Option<i64> {
        let mut sorted: Vec<i64> = self.0.iter().copied().collect();
        sorted.sort_unstable();
        sorted.get(LATE.min(sorted.len().saturating_sub(1))).copied()
    }
}

fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}
