//! What a receiver sees of the line: the delay beyond the least, and which packets did not come.
//!
//! The clocks of the two sides need not agree: only how the difference changes counts. As they may run apart, the least is
//! that of the last minutes.
//!
//! A queue delays every packet, jitter only some: the queue is the least of several packets, also where a loss is reported
//! after the first of them.
//!
//! Must not know: pictures, or what is done about it.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crate::media::codec::packet::is_after;
use crate::media::codec::receipts::ReceivedPictures;

use super::datagram::SendStamp;

/// So long the least delay holds at most, twice.
const LEAST_HOLDS: Duration = Duration::from_secs(60);

/// The queue is the least delay of the packets that came within so long a time, at most so many.
const QUEUE_WINDOW: Duration = Duration::from_millis(250);
const QUEUE_PACKETS: usize = 8;

/// The watch over one direction of a line.
#[derive(Debug)]
pub(in crate::client::direct) struct LineWatch {
    began: Instant,
    delay: Option<DelayWatch>,
    /// The newest number.
    newest: Option<u16>,
    /// Bit n is set if the packet of `newest - n` came by itself, not only with later ones.
    came: u32,
}

/// The delay on one way.
#[derive(Debug)]
struct DelayWatch {
    way: u8,
    /// The first difference between the clocks: all others are counted from it.
    zero: u16,
    /// The least delay since then, in milliseconds; and that of the time before.
    least: i32,
    least_before: i32,
    since: Instant,
    /// When the last packets came and their delays, the oldest first.
    last: VecDeque<(Instant, i32)>,
}

impl LineWatch {
    pub(in crate::client::direct) fn new(now: Instant) -> Self {
        Self { began: now, delay: None, newest: None, came: 0 }
    }

    /// Notes when a datagram was sent and has come.
    pub(in crate::client::direct) fn timed(&mut self, stamp: SendStamp, now: Instant) {
        let arrived = now.saturating_duration_since(self.began).as_millis() & 0xFFFF;
        let difference = u16::try_from(arrived).unwrap_or(0).wrapping_sub(stamp.time);
        let Some(watch) = self.delay.as_mut().filter(|watch| watch.way == stamp.way) else {
            self.delay = Some(DelayWatch {
                way: stamp.way,
                zero: difference,
                least: 0,
                least_before: 0,
                since: now,
                last: VecDeque::from([(now, 0)]),
            });
            return;
        };
        let delay = i32::from(difference.wrapping_sub(watch.zero).cast_signed());
        if now.saturating_duration_since(watch.since) >= LEAST_HOLDS {
            (watch.least_before, watch.least, watch.since) = (watch.least, delay, now);
        }
        watch.least = watch.least.min(delay);
        watch.last.push_back((now, delay));
        let is_old = |(came, _): &(Instant, i32)| now.saturating_duration_since(*came) >= QUEUE_WINDOW;
        while watch.last.len() > QUEUE_PACKETS || watch.last.front().is_some_and(is_old) {
            watch.last.pop_front();
        }
    }

    /// Notes the packet of a picture that came by itself.
    pub(in crate::client::direct) fn came(&mut self, number: u16) {
        match self.newest {
            Some(newest) if !is_after(number, newest) => {
                let back = u32::from(newest.wrapping_sub(number));
                self.came |= 1_u32.checked_shl(back).unwrap_or(0);
            }
            newest => {
                let steps = newest.map_or(0, |newest| u32::from(number.wrapping_sub(newest)));
                self.came = self.came.checked_shl(steps).unwrap_or(0) | 1;
                self.newest = Some(number);
            }
        }
    }

    /// Which of the last packets came by themselves: the newest, and a bit for each.
    pub(in crate::client::direct) fn packets(&self) -> ReceivedPictures {
        ReceivedPictures { newest: self.newest.unwrap_or(0), decoded: self.came }
    }

    /// The queue that the last packets met, in milliseconds.
    pub(in crate::client::direct) fn queue(&self) -> u16 {
        let Some(watch) = &self.delay else { return 0 };
        let least = watch.least.min(watch.least_before);
        let last = watch.last.iter().map(|(_, delay)| *delay).min();
        u16::try_from(last.map_or(0, |last| last - least)).unwrap_or(0)
    }
}
