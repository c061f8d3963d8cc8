//! What is known of the leg over UDP: whether it is bound, whether it still is, and when it is tried again.
//!
//! Binding it once more is also how it is found out whether anything gets through: the server answers even where the other
//! client says nothing.
//!
//! Must not know: streams.

use std::time::{Duration, Instant};

use crate::protocol::leg::{LegPacket, LegToken};

/// How long binding is tried.
pub const BIND_PATIENCE: Duration = Duration::from_secs(4);
/// The pause before the first question is repeated; each further pause is twice as long, up to the last.
const FIRST_REPEAT: Duration = Duration::from_millis(200);
const LAST_REPEAT: Duration = Duration::from_millis(800);
/// When nothing is answered for this long, the leg is bound once more.
pub const UDP_SILENCE: Duration = Duration::from_secs(2);
/// The pause before UDP is tried again after it was lost.
pub const UDP_PAUSE: Duration = Duration::from_secs(30);
/// The most times in the life of a channel that UDP is tried; where it never worked it is tried once.
pub const MAX_BINDINGS: u32 = 10;

/// UDP.
#[derive(Debug)]
pub(super) struct UdpState {
    token: LegToken,
    binding: Option<Binding>,
    /// Whether the leg is there, as far as is known.
    bound: bool,
    /// Whether it ever was.
    worked: bool,
    /// The first packet that was sent since the last one came.
    unanswered: Option<Instant>,
    /// How often it was tried, and when it is to be tried again.
    tries: u32,
    again: Option<Instant>,
    /// Whether it was lost, and nobody has been told.
    loss: bool,
}

/// The leg is being bound.
#[derive(Debug)]
struct Binding {
    until: Instant,
    next: Instant,
    pause: Duration,
    /// Whether the server has asked, and was answered.
    answering: bool,
}

impl UdpState {
    /// It is tried at once.
    pub(super) fn new(token: LegToken, now: Instant) -> Self {
        let mut state = Self {
            token,
            binding: None,
            bound: false,
            worked: false,
            unanswered: None,
            tries: 1,
            again: None,
            loss: false,
        };
        state.bind(now);
        state
    }

    pub(super) fn is_bound(&self) -> bool {
        self.bound
    }

    pub(super) fn is_bound_or_binding(&self) -> bool {
        self.bound || self.binding.is_some()
    }

    /// Begins to bind it, if it is not being bound.
    pub(super) fn bind(&mut self, now: Instant) {
        self.binding.get_or_insert(Binding {
            until: now + BIND_PATIENCE,
            next: now,
            pause: FIRST_REPEAT,
            answering: false,
        });
    }

    /// The server wants to know whether we are there; returns the answer.
    pub(super) fn challenged(&mut self, challenge: [u8; 16]) -> Option<Vec<u8>> {
        let binding = self.binding.as_mut()?;
        binding.answering = true;
        Some(LegPacket::Answer(self.token, challenge).write())
    }

    /// Whether it is about to be bound.
    pub(super) fn is_answering(&self) -> bool {
        self.binding.as_ref().is_some_and(|binding| binding.answering)
    }

    /// The server has the leg here; `false` if that is not awaited: then it has said so before.
    pub(super) fn bound(&mut self) -> bool {
        let awaited = self.binding.take().is_some();
        if awaited {
            (self.bound, self.worked) = (true, true);
            self.heard();
        }
        awaited
    }

    /// A packet of the channel came.
    pub(super) fn heard(&mut self) {
        self.unanswered = None;
    }

    /// A packet of the channel is sent.
    pub(super) fn sent(&mut self, now: Instant) {
        self.unanswered.get_or_insert(now);
    }

    /// Whether it was lost since this was asked last.
    pub(super) fn take_loss(&mut self) -> bool {
        std::mem::take(&mut self.loss)
    }

    fn doubted_at(&self) -> Option<Instant> {
        self.unanswered.filter(|_| self.bound && self.binding.is_none()).map(|since| since + UDP_SILENCE)
    }

    pub(super) fn deadline(&self) -> Option<Instant> {
        let binding = self.binding.as_ref().map(|binding| binding.next.min(binding.until));
        binding.into_iter().chain(self.doubted_at()).chain(self.again).min()
    }

    /// The time has come; returns a packet to send.
    pub(super) fn tick(&mut self, now: Instant) -> Option<Vec<u8>> {
        if self.doubted_at().is_some_and(|at| at <= now) {
            // Asked once for each silence: an answer that comes says that the server is there.
            self.unanswered = None;
            self.bind(now);
        }
        if self.again.is_some_and(|at| at <= now) {
            self.again = None;
            self.tries += 1;
            self.bind(now);
        }
        let binding = self.binding.as_mut()?;
        if binding.until <= now {
            self.binding = None;
            self.give_up(now);
            return None;
        }
        if binding.next > now {
            return None;
        }
        binding.next = now + binding.pause;
        binding.pause = (binding.pause * 2).min(LAST_REPEAT);
        Some(LegPacket::Bind(self.token).write())
    }

    fn give_up(&mut self, now: Instant) {
        self.loss |= std::mem::take(&mut self.bound);
        if self.worked && self.tries < MAX_BINDINGS {
            self.again = Some(now + UDP_PAUSE);
        }
    }
}
