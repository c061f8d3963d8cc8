//! Two ends and a line between them, on a clock of their own: with delay, jitter, loss, a rate and a queue. What takes
//! minutes takes milliseconds, and the same seed gives the same run.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::{Duration, Instant};

use crate::chance::Chance;

/// Something with packets and a clock.
pub trait End {
    fn receive(&mut self, packet: &[u8], now: Instant);
    fn transmit(&mut self, now: Instant) -> Option<Vec<u8>>;
    fn deadline(&mut self) -> Option<Instant>;
    fn tick(&mut self, now: Instant);
}

/// What one direction of a line does to packets.
#[derive(Clone, Copy, Debug)]
pub struct Conditions {
    /// From end to end, without a queue.
    pub delay: Duration,
    /// At most this much is added at random: packets overtake each other.
    pub jitter: Duration,
    /// In a thousand packets, this many are lost.
    pub loss: u64,
    /// Bytes a second, headers of UDP and IPv4 included.
    pub rate: Option<u64>,
    /// The longest time that a packet waits in the queue before the line; beyond it, packets are lost.
    pub queue: Duration,
    /// Whether nothing waits: what would, goes on at once, up to as much as the queue holds. Then packets are lost.
    pub is_policed: bool,
}

impl Conditions {
    /// A line with this delay that loses nothing.
    pub fn of(delay_ms: u64) -> Self {
        let (jitter, queue) = (Duration::ZERO, Duration::from_millis(500));
        Self { delay: Duration::from_millis(delay_ms), jitter, loss: 0, rate: None, queue, is_policed: false }
    }

    pub fn jitter(self, ms: u64) -> Self {
        Self { jitter: Duration::from_millis(ms), ..self }
    }

    pub fn loss(self, in_a_thousand: u64) -> Self {
        Self { loss: in_a_thousand, ..self }
    }

    pub fn rate(self, bytes_a_second: u64) -> Self {
        Self { rate: Some(bytes_a_second), ..self }
    }

    /// So many bytes a second and so many at once pass without a delay, and what is more is lost.
    pub fn policed(self, bytes_a_second: u64, burst: u64) -> Self {
        let queue = Duration::from_micros(burst * 1_000_000 / bytes_a_second);
        Self { queue, is_policed: true, ..self.rate(bytes_a_second) }
    }
}

/// What was carried one way.
#[derive(Clone, Copy, Debug, Default)]
pub struct Carried {
    pub packets: u64,
    /// With the headers of UDP and IPv4.
    pub bytes: u64,
}

/// The headers of UDP and IPv4.
const HEADERS: u64 = 28;

/// A packet on its way: when it arrives, in which order it was sent, at which end, and its bytes.
type Flying = (Instant, u64, usize, Vec<u8>);

/// The two ends and the line.
pub struct Line<E> {
    pub ends: [E; 2],
    /// What the line does to the packets of each end.
    pub conditions: [Conditions; 2],
    /// What each end has sent.
    pub carried: [Carried; 2],
    began: Instant,
    now: Instant,
    /// When each direction is free for the next packet.
    free: [Instant; 2],
    flying: BinaryHeap<Reverse<Flying>>,
    sent: u64,
    chance: Chance,
}

impl<E: End> Line<E> {
    /// A line with the same conditions both ways. The ends are made for its first instant.
    pub fn new(seed: u64, conditions: Conditions, ends: impl FnOnce(Instant) -> [E; 2]) -> Self {
        let now = Instant::now();
        Self {
            ends: ends(now),
            conditions: [conditions; 2],
            carried: [Carried::default(); 2],
            began: now,
            now,
            free: [now; 2],
            flying: BinaryHeap::new(),
            sent: 0,
            chance: Chance(seed),
        }
    }

    pub fn now(&self) -> Instant {
        self.now
    }

    /// The time since the beginning.
    pub fn elapsed(&self) -> Duration {
        self.now - self.began
    }

    /// Lets everything happen up to a time since the beginning; `each` is called after each step, and ends it with `true`.
    /// Returns whether it did.
    pub fn run(&mut self, until: Duration, mut each: impl FnMut(&mut [E; 2], Instant) -> bool) -> bool {
        let until = self.began + until;
        loop {
            if each(&mut self.ends, self.now) {
                return true;
            }
            for from in 0..2 {
                while let Some(packet) = self.ends[from].transmit(self.now) {
                    self.send(from, packet);
                }
            }
            let next = self.flying.peek().map(|Reverse((at, ..))| *at);
            let next = next.into_iter().chain(self.ends.iter_mut().filter_map(End::deadline)).min();
            let Some(next) = next.filter(|next| *next <= until) else {
                self.now = until;
                return each(&mut self.ends, until);
            };
            self.now = self.now.max(next);
            while self.flying.peek().is_some_and(|Reverse((at, ..))| *at <= self.now) {
                let Reverse((_, _, to, packet)) = self.flying.pop().unwrap();
                self.ends[to].receive(&packet, self.now);
            }
            for end in &mut self.ends {
                if end.deadline().is_some_and(|due| due <= self.now) {
                    end.tick(self.now);
                }
            }
        }
    }

    fn send(&mut self, from: usize, packet: Vec<u8>) {
        let Conditions { delay, jitter, loss, rate, queue, is_policed } = self.conditions[from];
        let size = packet.len() as u64 + HEADERS;
        self.carried[from].packets += 1;
        self.carried[from].bytes += size;
        if (self.chance.below(1000) as u64) < loss {
            return;
        }
        let start = self.free[from].max(self.now);
        if start - self.now > queue {
            return;
        }
        let took = rate.map_or(Duration::ZERO, |rate| Duration::from_micros(size * 1_000_000 / rate));
        self.free[from] = start + took;
        let jitter = Duration::from_micros(self.chance.below(jitter.as_micros() as usize + 1) as u64);
        self.sent += 1;
        let leaves = if is_policed { self.now } else { start + took };
        self.flying.push(Reverse((leaves + delay + jitter, self.sent, 1 - from, packet)));
    }
}
