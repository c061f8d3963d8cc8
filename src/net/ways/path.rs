//! One address of the other side: what was probed there, and what came back.
//!
//! Must not know: other addresses, or packets.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use super::{DOUBT, DOUBTED_PROBES, GIVEN_UP, KEEP_ALIVE, UNPROVED};

/// The most probes of an address in one search.
pub const MAX_PROBES: u32 = 20;
/// How long a search takes.
pub const SEARCH: Duration = Duration::from_secs(5);
/// So many probes come first, this far apart: most ways are found by them.
const FIRST_PROBES: u32 = 8;
const FIRST_PAUSE: Duration = Duration::from_millis(50);
/// The pause between the others.
const PAUSE: Duration = Duration::from_millis(380);
/// The most probes of which the answers are awaited.
const MAX_AWAITED: usize = 32;

/// An address.
#[derive(Debug)]
pub(super) struct Path {
    pub(super) address: SocketAddr,
    /// Whether the other side has told it; else a probe came from there.
    told: bool,
    /// How many probes this search has sent, and when the next one is due.
    sent: u32,
    next: Option<Instant>,
    /// The probes that have not come back, with their times; the newest are last.
    awaited: Vec<(u64, Instant)>,
    last_probe: Option<Instant>,
    proof: Option<PathProof>,
}

/// What is known of an address on which a probe has come back.
#[derive(Clone, Copy, Debug)]
struct PathProof {
    round_trip: Duration,
    /// When a probe came back last.
    at: Instant,
    /// When anything came from there last.
    heard: Instant,
    /// The first packet or probe that was sent since then.
    unanswered: Option<Instant>,
}

impl Path {
    pub(super) fn told(address: SocketAddr) -> Self {
        Self { address, told: true, sent: 0, next: None, awaited: Vec::new(), last_probe: None, proof: None }
    }

    pub(super) fn found(address: SocketAddr) -> Self {
        Self { told: false, ..Self::told(address) }
    }

    pub(super) fn is_told(&self) -> bool {
        self.told
    }

    /// Whether a probe has come back.
    pub(super) fn is_proved(&self) -> bool {
        self.proof.is_some()
    }

    pub(super) fn round_trip(&self) -> Duration {
        self.proof.map_or(Duration::MAX, |proof| proof.round_trip)
    }

    /// Begins to probe.
    pub(super) fn search(&mut self, now: Instant) {
        self.sent = 0;
        self.next = Some(now);
    }

    /// When the next probe of a search is due.
    pub(super) fn next_probe(&self) -> Option<Instant> {
        self.next
    }

    /// A probe is sent.
    pub(super) fn probed(&mut self, number: u64, now: Instant) {
        if self.awaited.len() >= MAX_AWAITED {
            self.awaited.remove(0);
        }
        self.awaited.push((number, now));
        self.last_probe = Some(now);
        // Where nothing else is said, a probe alone finds that a way has ended.
        self.send(now);
        if self.next.take().is_some() {
            self.sent += 1;
            let pause = if self.sent < FIRST_PROBES { FIRST_PAUSE } else { PAUSE };
            self.next = (self.sent < MAX_PROBES).then(|| now + pause);
        }
    }

    /// A probe has come back; returns the round trip, or `None` if it was not awaited.
    pub(super) fn came_back(&mut self, number: u64, now: Instant) -> Option<Duration> {
        let at = self.awaited.iter().position(|(awaited, _)| *awaited == number)?;
        let (_, sent) = self.awaited.remove(at);
        let round_trip = now.saturating_duration_since(sent);
        self.proof = Some(PathProof { round_trip, at: now, heard: now, unanswered: None });
        // It is found.
        self.next = None;
        Some(round_trip)
    }

    /// Something came from there.
    pub(super) fn hear(&mut self, now: Instant) {
        if let Some(proof) = &mut self.proof {
            (proof.heard, proof.unanswered) = (now, None);
        }
    }

    /// A packet of the channel is sent there, or a probe.
    pub(super) fn send(&mut self, now: Instant) {
        if let Some(proof) = &mut self.proof {
            proof.unanswered.get_or_insert(now);
        }
    }

    /// From when on the way is doubted.
    fn doubted_from(&self) -> Option<Instant> {
        let proof = self.proof?;
        Some(proof.unanswered? + DOUBT + proof.round_trip * 2)
    }

    pub(super) fn is_doubted(&self, now: Instant) -> bool {
        self.doubted_from().is_some_and(|from| from <= now)
    }

    pub(super) fn is_silent(&self, now: Instant) -> bool {
        let answered_by = DOUBTED_PROBES.max(self.round_trip());
        self.doubted_from().is_some_and(|from| from + answered_by <= now)
    }

    /// When a way in use is to be probed; `None` if it is none.
    pub(super) fn probe_due(&self) -> Option<Instant> {
        let (last, proof) = self.last_probe.zip(self.proof)?;
        let kept = last.max(proof.at) + KEEP_ALIVE;
        Some(self.doubted_from().map_or(kept, |from| kept.min(from.max(last + DOUBTED_PROBES))))
    }

    /// When a way in use is given up if nothing comes from there, where there is another instead and where there is none;
    /// `None` if it is no way.
    pub(super) fn ends_at(&self, has_other: bool) -> Option<Instant> {
        let unproved = self.proof?.at + UNPROVED;
        let doubted = self.doubted_from().filter(|_| has_other);
        Some(doubted.map_or(unproved, |from| unproved.min(from + GIVEN_UP)))
    }

    /// Nothing is known of it any more.
    pub(super) fn forget(&mut self) {
        self.proof = None;
    }
}
