//! What a viewer tells the server that it shows, until the server has answered, and again every second: whoever shows
//! nothing is heard, too. The round trips tell how long the line's queue is.
//!
//! Must not know: where faces are shown, or what the server does with it.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crate::protocol::conference::MemberNumber;
use crate::protocol::conference_packet::{ConferencePacket, FaceSize, Want};

/// It is told again after so long without an answer.
const AGAIN: Duration = Duration::from_millis(250);
/// And after so long in any case.
const EVERY: Duration = Duration::from_secs(1);
/// With such a queue the viewer is slow, and with less than that, for so long, it is not any more.
pub const SLOW_QUEUE: Duration = Duration::from_millis(100);
const FAST_QUEUE: Duration = Duration::from_millis(40);
const FAST_FOR: Duration = Duration::from_secs(10);

/// So many late answers in a row show that the viewer is slow, or so many requests in a row without an answer: more than a
/// line loses by chance where one in ten is lost.
const LATE: u32 = 2;
const UNANSWERED: usize = 5;
/// The most requests whose answers are awaited.
const MAX_AWAITED: usize = 8;

/// What a viewer shows.
#[derive(Debug)]
pub(super) struct Wants {
    shown: Vec<(MemberNumber, FaceSize)>,
    count: u8,
    /// The requests that were not answered, with when they were sent; none from before the last change.
    awaited: VecDeque<(u8, Instant)>,
    /// The next request.
    due: Instant,
    /// The shortest round trip, and by how much the last was longer.
    least: Option<Duration>,
    queue: Duration,
    /// When the line was last seen to be slow, if it is.
    slow: Option<Instant>,
    late: u32,
}

impl Wants {
    pub(super) fn new(now: Instant) -> Self {
        Self {
            shown: Vec::new(),
            count: 0,
            awaited: VecDeque::new(),
            due: now,
            least: None,
            queue: Duration::ZERO,
            slow: None,
            late: 0,
        }
    }

    /// These are shown from now on.
    pub(super) fn show(&mut self, shown: Vec<(MemberNumber, FaceSize)>, now: Instant) {
        if self.shown != shown {
            self.shown = shown;
            self.begin(now);
        }
    }

    /// Whether the viewer is slow, and takes the lower layers alone.
    pub(super) fn is_slow(&self) -> bool {
        self.slow.is_some()
    }

    /// The queue on our line when the server answered last.
    pub(super) fn queue(&self) -> Duration {
        self.queue
    }

    /// Takes an answer; returns whether one was awaited.
    pub(super) fn answered(&mut self, count: u8, now: Instant) -> bool {
        let at = self.awaited.iter().position(|(of, _)| *of == count);
        let sent = at.and_then(|at| self.awaited.drain(..=at).next_back());
        if let Some((_, sent)) = sent {
            self.took(sent, now);
        }
        sent.is_some()
    }

    /// The request that was sent then is answered.
    fn took(&mut self, sent: Instant, now: Instant) {
        self.due = self.due.max(sent + EVERY);
        let round_trip = now.saturating_duration_since(sent);
        let least = *self.least.insert(self.least.map_or(round_trip, |least| least.min(round_trip)));
        let queue = round_trip - least;
        self.queue = queue;
        if queue >= SLOW_QUEUE {
            self.late += 1;
            // Another one soon: this may be chance.
            self.due = self.due.min(now + AGAIN);
            if self.late >= LATE {
                self.is_slow_at(now);
            }
            return;
        }
        self.late = 0;
        if queue >= FAST_QUEUE {
            self.slow = self.slow.map(|_| now);
        } else if self.slow.take_if(|since| now.saturating_duration_since(*since) >= FAST_FOR).is_some() {
            self.begin(now);
        }
    }

    fn is_slow_at(&mut self, now: Instant) {
        if self.slow.replace(now).is_none() {
            self.begin(now);
        }
    }

    /// The next packet, if one is due.
    pub(super) fn packet(&mut self, now: Instant) -> Option<Vec<u8>> {
        if now < self.due {
            return None;
        }
        if self.awaited.len() >= UNANSWERED {
            self.is_slow_at(now);
        }
        self.count = self.count.wrapping_add(1);
        self.awaited.push_back((self.count, now));
        if self.awaited.len() > MAX_AWAITED {
            self.awaited.pop_front();
        }
        self.due = now + AGAIN;
        let lower_only = self.is_slow();
        let wants = self.shown.iter().map(|&(of, size)| Want { of, size, lower_only }).collect();
        Some(ConferencePacket::Wants(self.count, wants).write())
    }

    pub(super) fn deadline(&self) -> Instant {
        self.due
    }

    /// Something has changed: it is told at once.
    fn begin(&mut self, now: Instant) {
        self.awaited.clear();
        self.due = now;
    }
}
