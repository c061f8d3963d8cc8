//! How long packets gather before the relay's next round. To be woken costs as much as to send ten packets: where they come
//! one soon after the other, one waking is for several. Where few come, none waits.
//!
//! Must not know: clocks (the time comes in), sockets, or what packets hold.

use std::time::Duration;

use crate::model::Timestamp;
use crate::server::limits::{GATHERING, GATHERING_ENOUGH};

/// How often it is judged how many come, in milliseconds.
const JUDGED: u128 = 16;

/// How many packets come.
#[derive(Debug)]
pub struct Gathering {
    since: Timestamp,
    /// Packets since then.
    packets: u128,
    /// Packets of the last round.
    last: usize,
    is_busy: bool,
}

impl Gathering {
    /// Nothing has come until now.
    #[must_use]
    pub fn new(now: Timestamp) -> Self {
        Self { since: now, packets: 0, last: 0, is_busy: false }
    }

    /// A round has taken so many packets.
    pub fn took(&mut self, packets: usize, now: Timestamp) {
        (self.packets, self.last) = (self.packets + packets as u128, packets);
        let elapsed = now.since(self.since).as_millis();
        if elapsed >= JUDGED {
            // One a millisecond: two and more for each waking then.
            self.is_busy = self.packets >= elapsed;
            (self.since, self.packets) = (now, 0);
        }
    }

    /// How long to wait before the next round. Nothing where there were many packets in the last one: more are waiting.
    #[must_use]
    pub fn pause(&self) -> Option<Duration> {
        (self.is_busy && self.last < GATHERING_ENOUGH).then_some(GATHERING)
    }
}
