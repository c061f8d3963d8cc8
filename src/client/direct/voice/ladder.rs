//! How many bits a second voice has, and how many packets go together, by what the line takes: down after a queue that does not
//! go away by itself (pictures give way first), up after a long while without one.
//!
//! Must not know: how a queue is measured, or how sound is coded.

use std::time::{Duration, Instant};

/// What is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VoiceRung {
    /// Bits a second, without what packets cost.
    pub bits_a_second: u32,
    /// Packets in a datagram, those that are sent again not counted: of two, one is 40 ms late.
    pub together: u8,
}

const fn rung(bits_a_second: u32, together: u8) -> VoiceRung {
    VoiceRung { bits_a_second, together }
}

/// From the thinnest line that carries speech to what is enough for any.
pub const VOICE_RUNGS: [VoiceRung; 4] = [rung(8_000, 2), rung(8_000, 1), rung(10_000, 1), rung(12_000, 1)];
/// A queue of this length is too long where it stays for [`STAYS`]; one of [`FAR_TOO_LONG`] at once.
const TOO_LONG: Duration = Duration::from_millis(60);
const FAR_TOO_LONG: Duration = Duration::from_millis(200);
const STAYS: Duration = Duration::from_millis(1_200);
/// Only with less than this it goes up.
const SHORT: Duration = Duration::from_millis(30);
/// So long a queue gets to drain before the next step down.
const DRAIN: Duration = Duration::from_secs(1);
/// So long the line must be good before a step up, at first and at most.
const PATIENCE: Duration = Duration::from_secs(8);
const MOST_PATIENCE: Duration = Duration::from_secs(64);

/// Where a sender stands.
#[derive(Debug)]
pub(super) struct VoiceLadder {
    at: usize,
    bad_since: Option<Instant>,
    good_since: Option<Instant>,
    last_down: Option<Instant>,
    patience: Duration,
}

impl VoiceLadder {
    pub(super) fn new() -> Self {
        Self { at: VOICE_RUNGS.len() - 1, bad_since: None, good_since: None, last_down: None, patience: PATIENCE }
    }

    pub(super) fn rung(&self) -> VoiceRung {
        let [lowest, ..] = VOICE_RUNGS;
        VOICE_RUNGS.get(self.at).copied().unwrap_or(lowest)
    }

    /// Takes in the queue that was seen.
    pub(super) fn see(&mut self, queue: Duration, now: Instant) {
        let since = |since: Instant| now.saturating_duration_since(since);
        if queue >= TOO_LONG {
            self.good_since = None;
            let bad = since(*self.bad_since.get_or_insert(now));
            let drains = self.last_down.is_some_and(|down| since(down) < DRAIN);
            if (bad >= STAYS || queue >= FAR_TOO_LONG) && !drains && self.at > 0 {
                // The step up, if there was one, was too much.
                self.patience = (self.patience * 2).min(MOST_PATIENCE);
                (self.at, self.last_down, self.bad_since) = (self.at - 1, Some(now), None);
            }
            return;
        }
        self.bad_since = None;
        if queue >= SHORT {
            self.good_since = None;
        } else if since(*self.good_since.get_or_insert(now)) >= self.patience {
            self.good_since = Some(now);
            if self.at + 1 < VOICE_RUNGS.len() {
                self.at += 1;
            } else {
                self.patience = PATIENCE;
            }
        }
    }
}
