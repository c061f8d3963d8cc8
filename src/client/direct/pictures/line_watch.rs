//! What a receiver sees of the line: the delay beyond the least, and which packets did not come.
//!
//! The clocks of the two sides need not agree: only how the difference changes counts. As they may run apart, the least is
//! that of the last minutes.
//!
//! Must not know: pictures, or what is done about it.

use std::time::{Duration, Instant};

use crate::media::codec::packet::is_after;
use crate::media::codec::receipts::ReceivedPictures;

use super::datagram::SendStamp;

/// So long the least delay holds at most, twice.
const LEAST_HOLDS: Duration = Duration::from_secs(60);

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
    /// The least since the last report.
    reported: Option<i32>,
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
                reported: Some(0),
            });
            return;
        };
        let delay = i32::from(difference.wrapping_sub(watch.zero).cast_signed());
        if now.saturating_duration_since(watch.since) >= LEAST_HOLDS {
            (watch.least_before, watch.least, watch.since) = (watch.least, delay, now);
        }
        watch.least = watch.least.min(delay);
        watch.reported = Some(watch.reported.map_or(delay, |reported| reported.min(delay)));
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

    /// The least queue since this was asked last, in milliseconds.
    pub(in crate::client::direct) fn queue(&mut self) -> u16 {
        let Some(watch) = &mut self.delay else { return 0 };
        let least = watch.least.min(watch.least_before);
        u16::try_from(watch.reported.take().map_or(0, |reported| reported - least)).unwrap_or(0)
    }
}
