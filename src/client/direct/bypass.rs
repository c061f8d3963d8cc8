//! How the packets of a channel come to bypass the server: who wants it, which addresses were told, and the way in use.
//!
//! Keeps true: no address of ours is told, and none of theirs is probed, before both people have said yes.
//!
//! Must not know: sockets, clocks, or how the two sides tell each other.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use crate::net::ways::candidate::Candidates;
use crate::net::ways::probe::ProbeKey;
use crate::net::ways::{Route, SEARCH, Ways};

/// How often a packet goes through the server, too, while they bypass it.
const RELAY_KEPT: Duration = Duration::from_secs(10);

/// A way that is not found so long after both wanted one is said not to be found: a search takes half of that, and the
/// addresses come through the channel first. It is searched for later all the same.
const NONE_FOUND: Duration = SEARCH.saturating_mul(2);

/// What is known of it on one side.
#[derive(Debug)]
pub(super) struct Bypass {
    candidates: Candidates,
    /// Whether we want it, and whether they do.
    wanted: (bool, bool),
    /// Our addresses, as they were told.
    told: Option<Vec<SocketAddr>>,
    /// The ways, once both want it.
    ways: Option<Ways>,
    /// When no way counts as found, until one is or that is known.
    give_up: Option<Instant>,
    /// Whether packets can go through the server.
    relay: bool,
    /// When one went there last.
    relayed: Option<Instant>,
    /// Whether the way in use was silent when that was asked last.
    silent: bool,
}

impl Bypass {
    pub(super) fn new(candidates: Candidates) -> Self {
        Self {
            candidates,
            wanted: (false, false),
            told: None,
            ways: None,
            give_up: None,
            relay: true,
            relayed: None,
            silent: false,
        }
    }

    /// We want it, or no longer; `key` is that of the channel's probes. Returns whether that is new.
    pub(super) fn want(&mut self, wanted: bool, key: impl FnOnce() -> Option<ProbeKey>, now: Instant) -> bool {
        let before = std::mem::replace(&mut self.wanted.0, wanted);
        self.agree(before != wanted, key, now);
        before != wanted
    }

    /// They want it, or no longer. Returns whether that is new.
    pub(super) fn they_want(&mut self, wanted: bool, key: impl FnOnce() -> Option<ProbeKey>, now: Instant) -> bool {
        let before = std::mem::replace(&mut self.wanted.1, wanted);
        self.agree(before != wanted, key, now);
        before != wanted
    }

    /// Whether both want it.
    pub(super) fn is_agreed(&self) -> bool {
        self.wanted == (true, true)
    }

    /// The addresses to tell, of those that we have now: only once both want it, and only if they were not told so before.
    pub(super) fn untold(&mut self, own: &[SocketAddr]) -> Option<Vec<SocketAddr>> {
        let own: Vec<SocketAddr> = own.iter().copied().filter(|address| self.candidates.allow(*address)).collect();
        if !self.is_agreed() || own.is_empty() || self.told.as_ref() == Some(&own) {
            return None;
        }
        self.told = Some(own.clone());
        Some(own)
    }

    /// They have told addresses. Whoever tells them unasked is not listened to.
    pub(super) fn hear_addresses(&mut self, addresses: &[SocketAddr], now: Instant) {
        if let Some(ways) = &mut self.ways {
            ways.probe(addresses, now);
        }
    }

    /// Packets cannot go through the server any more.
    pub(super) fn lose_relay(&mut self) {
        self.relay = false;
        if let Some(ways) = &mut self.ways {
            ways.set_relay(false);
        }
    }

    /// Whether packets go straight to the other side now.
    pub(super) fn is_in_use(&self) -> bool {
        self.ways.as_ref().is_some_and(Ways::is_in_use)
    }

    /// Whether there is any way for a packet.
    pub(super) fn has_way(&self) -> bool {
        self.relay || self.is_in_use()
    }

    /// Where a packet of the channel goes now, which is sent there.
    pub(super) fn route(&mut self, now: Instant) -> Route {
        let relay = Route { direct: None, relay: self.relay };
        let mut route = self.ways.as_mut().map_or(relay, |ways| ways.route(now));
        // The server gives up a call of which nothing comes, and would be missed when the way ends.
        route.relay |= self.relay && self.relayed.is_none_or(|last| now >= last + RELAY_KEPT);
        if route.relay {
            self.relayed = Some(now);
        }
        route
    }

    /// Whether the way in use has fallen silent since this was asked last.
    pub(super) fn take_silence(&mut self, now: Instant) -> bool {
        let silent = self.ways.as_ref().is_some_and(|ways| ways.is_silent(now));
        let before = std::mem::replace(&mut self.silent, silent);
        silent && !before
    }

    /// A packet came straight from an address; whether it may be one of the channel.
    pub(super) fn receive(&mut self, from: SocketAddr, packet: &[u8], now: Instant) -> bool {
        let Some(ways) = &mut self.ways else { return false };
        if ProbeKey::may_be_probe(packet) {
            ways.receive(from, packet, now);
            return false;
        }
        ways.heard(from, now)
    }

    /// The next probe to send.
    pub(super) fn probe(&mut self) -> Option<(SocketAddr, Vec<u8>)> {
        self.ways.as_mut()?.transmit()
    }

    /// The address that is used from now on, if it is another one than before; `None` in it: through the server.
    pub(super) fn news(&mut self) -> Option<Option<SocketAddr>> {
        self.ways.as_mut()?.news()
    }

    pub(super) fn deadline(&self) -> Option<Instant> {
        self.ways.as_ref().and_then(Ways::deadline).into_iter().chain(self.give_up).min()
    }

    /// Whether no way was found: `true` once after both have wanted one, while packets go through the server.
    pub(super) fn is_given_up(&mut self, now: Instant) -> bool {
        if self.is_in_use() {
            self.give_up = None;
        }
        self.give_up.take_if(|at| *at <= now).is_some() && self.relay
    }

    pub(super) fn tick(&mut self, now: Instant) {
        if let Some(ways) = &mut self.ways {
            ways.tick(now);
        }
    }

    /// Begins once both want it. When one no longer does, nothing is probed any more, and packets go through the server.
    fn agree(&mut self, is_new: bool, key: impl FnOnce() -> Option<ProbeKey>, now: Instant) {
        if is_new {
            self.give_up = self.is_agreed().then(|| now + NONE_FOUND);
        }
        if !self.is_agreed() {
            self.ways.iter_mut().for_each(Ways::stop);
            self.told = None;
        } else if self.ways.is_none() {
            self.ways = key().map(|key| Ways::new(key, self.candidates));
            self.ways.iter_mut().for_each(|ways| ways.set_relay(self.relay));
        }
    }
}
