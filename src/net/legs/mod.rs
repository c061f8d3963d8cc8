//! Where a client's leg of the relay is: over a stream, which works wherever the server is reached at all, or over UDP,
//! which is quicker and is preferred where it gets through. Both are tried at once; a leg that is lost is tried again.
//!
//! The server has a leg where it was shown last. So over UDP, the stream is given up; when UDP falls silent, the leg is
//! shown on a new stream.
//!
//! - [`Legs`]: the state. Packets, times and what became of a stream go in, and what to do comes out. `stream` is what is
//!   known of the stream, `udp` of UDP.
//!
//! Must not know: sockets, clocks, how a server is dialed, or what the channel's packets hold.

mod stream;
mod udp;

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::Instant;

use self::stream::StreamState;
use self::udp::UdpState;
use crate::protocol::leg::{LegPacket, LegToken};

pub use self::stream::{LASTED, MAX_DIALS, PAUSES, STREAM_SILENCE};
pub use self::udp::{BIND_PATIENCE, MAX_BINDINGS, UDP_PAUSE, UDP_SILENCE};

/// What a leg goes over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LegKind {
    /// A stream.
    Stream,
    /// UDP.
    Udp,
}

/// Something to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LegStep {
    /// Dial the server, and wait for its greeting: [`Legs::greeted`] or [`Legs::stream_lost`] follows.
    Dial,
    /// Show the token on the stream: [`Legs::ready`] or [`Legs::stream_lost`] follows.
    Show,
    /// Give the stream up, or the attempt to have one. Nothing follows.
    HangUp,
    /// Send this over UDP.
    Send(Vec<u8>),
    /// The packets of the channel go this way from now on.
    Goes(LegKind),
}

/// The legs of one client.
#[derive(Debug)]
pub struct Legs {
    stream: StreamState,
    /// `None` if there is no UDP.
    udp: Option<UdpState>,
    way: Option<LegKind>,
    /// Our address as the server sees it over UDP.
    seen: Option<SocketAddr>,
    /// Whether the server began to see us elsewhere, and nobody has asked.
    moved: bool,
    steps: VecDeque<LegStep>,
}

impl Legs {
    /// A leg that is nowhere yet, to be shown with `token`; `udp` tells whether it can be had over UDP.
    #[must_use]
    pub fn new(token: LegToken, udp: bool, now: Instant) -> Self {
        let udp = udp.then(|| UdpState::new(token, now));
        let mut legs =
            Self { stream: StreamState::new(now), udp, way: None, seen: None, moved: false, steps: VecDeque::new() };
        legs.tick(now);
        legs
    }

    /// What to do next.
    pub fn step(&mut self) -> Option<LegStep> {
        self.steps.pop_front()
    }

    /// Which way the packets of the channel go; `None` before there is one.
    #[must_use]
    pub fn way(&self) -> Option<LegKind> {
        self.way
    }

    /// Our address as the server sees it, once it has told.
    #[must_use]
    pub fn seen(&self) -> Option<SocketAddr> {
        self.seen
    }

    /// Whether the server has begun to see us at another address over UDP since this was asked last: a NAT has forgotten us,
    /// or this machine was carried elsewhere. What was sent before that in either direction is lost.
    pub fn take_move(&mut self) -> bool {
        std::mem::take(&mut self.moved)
    }

    /// Makes sure that the leg still is where the server has it, without waiting for a silence: packets come to need it.
    pub fn make_sure(&mut self, now: Instant) {
        if let Some(udp) = self.udp.as_mut().filter(|udp| udp.is_bound()) {
            udp.bind(now);
            self.tick(now);
        }
    }

    /// Why there is no leg any more and none will be tried again; `None` as long as there is hope.
    #[must_use]
    pub fn failed(&self) -> Option<&str> {
        let udp_hopes = self.udp.as_ref().is_some_and(UdpState::is_bound_or_binding);
        self.stream.given_up().filter(|_| !udp_hopes)
    }

    /// The server has greeted on the stream.
    pub fn greeted(&mut self, now: Instant) {
        let hold = self.udp.as_ref().is_some_and(UdpState::is_answering);
        self.stream.greeted(hold, now);
        self.tick(now);
    }

    /// The server has the leg on the stream.
    pub fn ready(&mut self, now: Instant) {
        if !self.stream.ready(now) {
            return;
        }
        // The stream was shown after UDP was bound: that is where the leg is now, until UDP is bound once more.
        if let Some(udp) = self.udp.as_mut().filter(|udp| udp.is_bound()) {
            udp.bind(now);
        }
        self.goes(LegKind::Stream);
        self.tick(now);
    }

    /// The stream could not be had, or has ended; the sentence says why. `is_final` if another attempt would end likewise.
    pub fn stream_lost(&mut self, why: String, is_final: bool, now: Instant) {
        self.stream.lost(why, is_final, now);
        if let Some(udp) = self.udp.as_mut().filter(|udp| udp.is_bound()) {
            // If the token was shown on it, the leg was there last.
            udp.bind(now);
            self.stream.hung_up();
        }
        self.tick(now);
    }

    /// A packet has arrived over UDP, from the server's address. Returns it, if it is one of the channel or conference.
    pub fn receive<'a>(&mut self, packet: &'a [u8], now: Instant) -> Option<&'a [u8]> {
        let udp = self.udp.as_mut()?;
        match LegPacket::read(packet)? {
            LegPacket::Channel(packet) | LegPacket::Conference(packet) => {
                udp.heard();
                return Some(packet);
            }
            LegPacket::Challenge(challenge) => {
                if let Some(answer) = udp.challenged(challenge) {
                    self.steps.push_back(LegStep::Send(answer));
                }
            }
            LegPacket::Bound(seen) => {
                if udp.bound() {
                    if self.stream.is_ready() {
                        // What the server says on the two ways may overtake each other: make sure where the leg is.
                        udp.bind(now);
                    }
                    self.moved |= self.seen.replace(seen).is_some_and(|before| before != seen);
                    self.goes(LegKind::Udp);
                    // Where the token is being shown, the server's answer is awaited: the leg is there then.
                    if self.stream.is_ready() || self.stream.is_dialing() {
                        self.stream.hung_up();
                        self.steps.push_back(LegStep::HangUp);
                    }
                    self.tick(now);
                }
            }
            LegPacket::Bind(_) | LegPacket::Answer(..) => {}
        }
        None
    }

    /// A packet of the channel has arrived on the stream.
    pub fn heard_stream(&mut self) {
        self.stream.heard();
    }

    /// A packet of the channel is sent; returns over what, if there is anything.
    pub fn send(&mut self, now: Instant) -> Option<LegKind> {
        match self.way? {
            LegKind::Stream => self.stream.sent(now),
            LegKind::Udp => self.udp.iter_mut().for_each(|udp| udp.sent(now)),
        }
        self.way
    }

    /// When [`Self::tick`] is to be called if nothing else happens.
    #[must_use]
    pub fn deadline(&self) -> Option<Instant> {
        self.stream.deadline().into_iter().chain(self.udp.as_ref().and_then(UdpState::deadline)).min()
    }

    /// The time has come.
    pub fn tick(&mut self, now: Instant) {
        if let Some(udp) = &mut self.udp {
            let packet = udp.tick(now);
            self.steps.extend(packet.map(LegStep::Send));
            if udp.take_loss() {
                // The packets still go there until the leg is on a stream: perhaps some get through.
                self.stream.wanted(now);
            }
        }
        if self.stream.is_silent(now) {
            self.steps.push_back(LegStep::HangUp);
            self.stream.fell_silent(now);
        }
        if self.stream.shows(now) {
            self.steps.push_back(LegStep::Show);
        }
        if self.stream.dials(now) {
            self.steps.push_back(LegStep::Dial);
        }
    }

    fn goes(&mut self, way: LegKind) {
        if self.way.replace(way) != Some(way) {
            self.steps.push_back(LegStep::Goes(way));
        }
    }
}
