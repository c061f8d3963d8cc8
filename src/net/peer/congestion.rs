//! How much may be on its way: as much as the line takes without a queue. A file must not hold up the words and pictures
//! beside it, and a line that loses packets at random is not a full one.
//!
//! The delay of each round trip, beyond the least that was seen, is the queue. The window is steered so that the queue
//! stays at a target, as in LEDBAT (RFC 6817) and TCP Vegas. Loss counts only where it is heavy.
//!
//! Must not know: what is sent.

use std::any::Any;
use std::sync::Arc;
use std::time::{Duration, Instant};

use quinn_proto::RttEstimator;
use quinn_proto::congestion::{Controller, ControllerFactory};

/// The queue that is aimed at.
const TARGET: Duration = Duration::from_millis(25);
/// The least window, in packets: below it, the words of a call would wait for their own acknowledgements.
const FLOOR: u64 = 8;
/// The window at first, in packets.
const FIRST: u64 = 16;
/// The largest window, in packets.
const MOST: u64 = 4096;
/// The packets of a round.
const ROUND: u32 = 8;
/// From this share of lost bytes on, in a hundred, the line counts as full.
const HEAVY_LOSS: u64 = 15;
/// The fewest bytes from which a share is taken, in packets.
const SAMPLE: u64 = 16;

/// Makes a [`DelayController`] for each path.
#[derive(Debug, Default)]
pub(super) struct FollowDelay;

impl ControllerFactory for FollowDelay {
    fn build(self: Arc<Self>, now: Instant, current_mtu: u16) -> Box<dyn Controller> {
        Box::new(DelayController {
            window: FIRST * u64::from(current_mtu),
            mtu: current_mtu.into(),
            starting: true,
            round: Round::new(now),
            delivered: 0,
            lost: 0,
        })
    }
}

/// The controller of one path.
#[derive(Clone, Debug)]
struct DelayController {
    /// How many bytes may be on their way.
    window: u64,
    /// The size of a packet, in bytes.
    mtu: u64,
    /// Whether no queue was seen yet: until then the window grows fast.
    starting: bool,
    round: Round,
    /// The bytes that arrived since loss was last judged.
    delivered: u64,
    /// Those that were lost.
    lost: u64,
}

/// What was seen of the packets that were sent under the present window.
#[derive(Clone, Copy, Debug)]
struct Round {
    /// Since when the window holds.
    began: Instant,
    /// How many packets were acknowledged.
    packets: u32,
    /// The shortest round trip: jitter is not a queue.
    least: Duration,
    /// Whether less was sent than was allowed, so that the window is no matter.
    limited: bool,
}

impl Round {
    fn new(now: Instant) -> Self {
        Self { began: now, packets: 0, least: Duration::MAX, limited: true }
    }
}

impl DelayController {
    /// Adapts the window at the end of a round.
    fn steer(&mut self, now: Instant, base: Duration) {
        let Round { least, limited, .. } = std::mem::replace(&mut self.round, Round::new(now));
        let queue = least.saturating_sub(base);
        if queue > TARGET {
            self.starting = false;
            // What the line carries with no more than the target.
            let carried = u128::from(self.window) * (base + TARGET).as_micros() / (base + queue).as_micros().max(1);
            self.window = u64::try_from(carried).unwrap_or(self.window);
        } else if !limited && self.starting && queue < TARGET / 2 {
            self.window += self.window / 2;
        } else if !limited {
            self.starting = false;
            self.window += self.mtu.max(self.window / 16);
        }
        self.bound();
    }

    fn bound(&mut self) {
        self.window = self.window.clamp(FLOOR * self.mtu, MOST * self.mtu);
    }
}

impl Controller for DelayController {
    fn on_ack(&mut self, now: Instant, sent: Instant, bytes: u64, app_limited: bool, rtt: &RttEstimator) {
        self.delivered = self.delivered.saturating_add(bytes);
        if sent < self.round.began {
            return;
        }
        self.round.packets += 1;
        self.round.least = self.round.least.min(now.saturating_duration_since(sent));
        self.round.limited &= app_limited;
        if self.round.packets >= ROUND {
            self.steer(now, rtt.min());
        }
    }

    fn on_congestion_event(&mut self, _: Instant, _: Instant, is_persistent_congestion: bool, lost_bytes: u64) {
        self.lost = self.lost.saturating_add(lost_bytes);
        if is_persistent_congestion {
            self.starting = false;
            self.window = FLOOR * self.mtu;
            return;
        }
        let all = self.delivered.saturating_add(self.lost);
        if all < SAMPLE * self.mtu {
            return;
        }
        if self.lost.saturating_mul(100) >= all.saturating_mul(HEAVY_LOSS) {
            self.starting = false;
            self.window /= 2;
            self.bound();
        }
        (self.delivered, self.lost) = (0, 0);
    }

    fn on_mtu_update(&mut self, new_mtu: u16) {
        self.mtu = new_mtu.into();
        self.bound();
    }

    fn window(&self) -> u64 {
        self.window
    }

    fn clone_box(&self) -> Box<dyn Controller> {
        Box::new(self.clone())
    }

    fn initial_window(&self) -> u64 {
        FIRST * self.mtu
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any> {
        self
    }
}
