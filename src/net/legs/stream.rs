//! What is known of the stream that carries a leg: whether one is wanted, dialed, there or given up.
//!
//! Must not know: UDP.

use std::time::{Duration, Instant};

use crate::language::connecting as say;

/// The most attempts in a row to have a stream.
pub const MAX_DIALS: usize = 6;
/// The pauses before the second attempt, the third, and so on.
pub const PAUSES: [Duration; MAX_DIALS - 1] = [
    Duration::from_millis(500),
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(4),
    Duration::from_secs(8),
];
/// A stream that lasted this long was a success: the next attempts are counted anew.
pub const LASTED: Duration = Duration::from_secs(10);
/// How long a stream waits for UDP that is about to be bound: what is shown last has the leg, even if it is slower.
const HOLD: Duration = Duration::from_millis(300);
/// A stream on which nothing is answered for this long is given up. The two ends send a sign of life more often.
pub const STREAM_SILENCE: Duration = Duration::from_secs(12);

/// The stream.
#[derive(Debug)]
pub(super) struct StreamState {
    phase: Phase,
    /// The attempts since the last success.
    dials: usize,
    /// The first packet that was sent since the last one came.
    unanswered: Option<Instant>,
}

#[derive(Debug)]
enum Phase {
    /// None is wanted.
    Off,
    /// To be dialed then.
    Waiting(Instant),
    /// The server was dialed, and has not greeted.
    Dialing,
    /// The server has greeted; nothing is shown until then, because UDP is about to be bound.
    Greeted(Instant),
    /// The token is shown.
    Showing,
    /// It carries the leg, since then.
    Ready(Instant),
    /// None will be tried again, for this reason.
    GivenUp(String),
}

impl StreamState {
    /// One is wanted at once.
    pub(super) fn new(now: Instant) -> Self {
        Self { phase: Phase::Waiting(now), dials: 0, unanswered: None }
    }

    pub(super) fn is_ready(&self) -> bool {
        matches!(self.phase, Phase::Ready(_))
    }

    /// Whether nothing was shown on it yet.
    pub(super) fn is_dialing(&self) -> bool {
        matches!(self.phase, Phase::Dialing | Phase::Waiting(_) | Phase::Greeted(_))
    }

    pub(super) fn given_up(&self) -> Option<&str> {
        match &self.phase {
            Phase::GivenUp(why) => Some(why),
            Phase::Off | Phase::Waiting(_) | Phase::Dialing | Phase::Greeted(_) | Phase::Showing | Phase::Ready(_) => {
                None
            }
        }
    }

    /// The server has greeted; `hold` if UDP is about to be bound.
    pub(super) fn greeted(&mut self, hold: bool, now: Instant) {
        if matches!(self.phase, Phase::Dialing) {
            self.phase = Phase::Greeted(if hold { now + HOLD } else { now });
        }
    }

    /// Whether the token is to be shown now.
    pub(super) fn shows(&mut self, now: Instant) -> bool {
        let due = matches!(self.phase, Phase::Greeted(until) if until <= now);
        if due {
            self.phase = Phase::Showing;
        }
        due
    }

    /// The server has the leg there; `false` if that is not awaited.
    pub(super) fn ready(&mut self, now: Instant) -> bool {
        let awaited = matches!(self.phase, Phase::Showing);
        if awaited {
            (self.phase, self.unanswered) = (Phase::Ready(now), None);
        }
        awaited
    }

    /// It could not be had, or has ended.
    pub(super) fn lost(&mut self, why: String, is_final: bool, now: Instant) {
        match self.phase {
            Phase::Off | Phase::Waiting(_) | Phase::GivenUp(_) => return,
            Phase::Ready(since) if now.saturating_duration_since(since) >= LASTED => self.dials = 0,
            Phase::Dialing | Phase::Greeted(_) | Phase::Showing | Phase::Ready(_) => {}
        }
        let pause = self.dials.checked_sub(1).map_or(Some(&Duration::ZERO), |at| PAUSES.get(at));
        self.phase = match pause.filter(|_| !is_final) {
            Some(pause) => Phase::Waiting(now + *pause),
            None => Phase::GivenUp(why),
        };
    }

    /// It is given up by us, and none is wanted.
    pub(super) fn hung_up(&mut self) {
        self.phase = Phase::Off;
    }

    /// One is wanted, if there is none; attempts are counted anew.
    pub(super) fn wanted(&mut self, now: Instant) {
        if matches!(self.phase, Phase::Off | Phase::GivenUp(_)) {
            (self.phase, self.dials) = (Phase::Waiting(now), 0);
        }
    }

    /// Whether it is to be dialed now.
    pub(super) fn dials(&mut self, now: Instant) -> bool {
        let due = matches!(self.phase, Phase::Waiting(at) if at <= now);
        if due {
            self.phase = Phase::Dialing;
            self.dials += 1;
        }
        due
    }

    pub(super) fn sent(&mut self, now: Instant) {
        self.unanswered.get_or_insert(now);
    }

    pub(super) fn heard(&mut self) {
        self.unanswered = None;
    }

    fn silent_at(&self) -> Option<Instant> {
        self.unanswered.filter(|_| self.is_ready()).map(|since| since + STREAM_SILENCE)
    }

    pub(super) fn is_silent(&self, now: Instant) -> bool {
        self.silent_at().is_some_and(|at| at <= now)
    }

    pub(super) fn fell_silent(&mut self, now: Instant) {
        self.unanswered = None;
        self.lost(say::silent_leg().to_owned(), false, now);
    }

    pub(super) fn deadline(&self) -> Option<Instant> {
        match self.phase {
            Phase::Waiting(at) | Phase::Greeted(at) => Some(at),
            Phase::Ready(_) => self.silent_at(),
            Phase::Off | Phase::Dialing | Phase::Showing | Phase::GivenUp(_) => None,
        }
    }
}
