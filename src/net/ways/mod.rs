//! Which way the packets of a channel go: through the server, or straight to the other client. The channel begins through
//! the server; once both people have said yes and told each other addresses inside it, each side probes those of the other,
//! and takes the quickest way on which a probe comes back.
//!
//! - [`Ways`]: the state of one side. Times and packets go in, packets and news come out.
//! - [`probe`]: the packets that find a way; only the two ends of a channel can make them.
//! - [`candidate`]: which addresses may be probed at all.
//!
//! Must not know: sockets, clocks, what the channel's packets hold, or who said yes.

pub mod candidate;
mod path;
pub mod probe;

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use self::candidate::Candidates;
use self::path::Path;
use self::probe::{Probe, ProbeKey};
use super::replay_window::ReplayWindow;

pub use self::path::{MAX_PROBES, SEARCH};

/// The most addresses of the other side that are probed because it told them.
pub const MAX_TOLD: usize = 8;
/// The most further addresses from which valid probes came: behind some NATs the other side knows none that works.
pub const MAX_FOUND: usize = 4;
/// A way is doubted when what was sent on it is not answered for this long and two round trips: from then on packets go
/// both ways.
pub const DOUBT: Duration = Duration::from_millis(200);
/// A way that was doubted for this long is given up, if packets can go through the server instead.
pub const GIVEN_UP: Duration = Duration::from_millis(1500);
/// A way on which no probe came back for this long is given up, whatever else comes from there.
pub const UNPROVED: Duration = Duration::from_secs(15);
/// How often a way in use is probed: NATs forget what is not used.
const KEEP_ALIVE: Duration = Duration::from_secs(4);
/// How often a way that is doubted is probed.
const DOUBTED_PROBES: Duration = Duration::from_millis(150);
/// The pause before the addresses are probed again after a way was given up or none was found.
pub const SEARCH_AGAIN: Duration = Duration::from_secs(15);
/// The most searches in the life of a channel.
pub const MAX_SEARCHES: u32 = 40;

/// Where a packet of the channel is to be sent now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Route {
    /// To this address of the other side.
    pub direct: Option<SocketAddr>,
    /// Through the server.
    pub relay: bool,
}

/// One side's ways.
#[derive(Debug)]
pub struct Ways {
    key: ProbeKey,
    candidates: Candidates,
    paths: Vec<Path>,
    /// The address in use.
    current: Option<SocketAddr>,
    /// The number of the next probe.
    next: u64,
    /// Which probes of the other side have come.
    seen: ReplayWindow,
    searches: u32,
    /// When to search again.
    search_at: Option<Instant>,
    /// Whether packets can go through the server.
    relay: bool,
    out: VecDeque<(SocketAddr, Vec<u8>)>,
    /// The address in use, as it was told last.
    told: Option<SocketAddr>,
}

impl Ways {
    /// The ways of one side. `key` is of this channel, and `candidates` says where packets may go at all.
    #[must_use]
    pub fn new(key: ProbeKey, candidates: Candidates) -> Self {
        Self {
            key,
            candidates,
            paths: Vec::new(),
            current: None,
            next: 0,
            seen: ReplayWindow::default(),
            searches: 0,
            search_at: None,
            relay: true,
            out: VecDeque::new(),
            told: None,
        }
    }

    /// Probes the addresses that the other side has told; those that must not be probed, and those beyond [`MAX_TOLD`], are
    /// passed over. Told again, it begins anew with the new ones.
    pub fn probe(&mut self, addresses: &[SocketAddr], now: Instant) {
        for address in addresses.iter().copied().map(candidate::canonical) {
            let told = self.paths.iter().filter(|path| path.is_told()).count();
            if told < MAX_TOLD && self.candidates.allow(address) && self.path(address).is_none() {
                self.paths.push(Path::told(address));
            }
        }
        self.search(now);
    }

    /// Whether packets can go through the server: not after it is gone.
    pub fn set_relay(&mut self, relay: bool) {
        self.relay = relay;
    }

    /// Whether packets go straight to the other side.
    #[must_use]
    pub fn is_in_use(&self) -> bool {
        self.current.is_some()
    }

    /// Whether there is a way in use that is doubted, and on which the first probe did not come back either that was sent
    /// because of it.
    #[must_use]
    pub fn is_silent(&self, now: Instant) -> bool {
        self.in_use().is_some_and(|path| path.is_silent(now))
    }

    /// Forgets every address: nothing is probed or answered any more until others are told.
    pub fn stop(&mut self) {
        (self.current, self.search_at) = (None, None);
        self.paths.clear();
        self.out.clear();
    }

    /// Takes a packet that came straight from an address, if it is a probe; anything else is dropped.
    pub fn receive(&mut self, from: SocketAddr, packet: &[u8], now: Instant) {
        let from = candidate::canonical(from);
        match self.key.read(packet) {
            Some(Probe::Asks(number)) => self.asked(from, number, now),
            Some(Probe::Answers(number)) => self.answered(from, number, now),
            None => {}
        }
    }

    /// Whether a packet of the channel that came straight from this address may be one: it is an address on which a probe
    /// has come back.
    pub fn heard(&mut self, from: SocketAddr, now: Instant) -> bool {
        match self.path(candidate::canonical(from)).filter(|path| path.is_proved()) {
            Some(path) => {
                path.hear(now);
                true
            }
            None => false,
        }
    }

    /// Where a packet of the channel goes now, which is sent there.
    pub fn route(&mut self, now: Instant) -> Route {
        let relay = self.relay;
        let Some(path) = self.current.and_then(|current| self.path(current)) else {
            return Route { direct: None, relay };
        };
        let doubted = path.is_doubted(now);
        path.send(now);
        Route { direct: Some(path.address), relay: doubted && relay }
    }

    /// The next packet to send straight to an address.
    pub fn transmit(&mut self) -> Option<(SocketAddr, Vec<u8>)> {
        self.out.pop_front()
    }

    /// The address that is used from now on, if it is another one than was told; `None` in it: through the server.
    pub fn news(&mut self) -> Option<Option<SocketAddr>> {
        (self.current != self.told).then(|| {
            self.told = self.current;
            self.current
        })
    }

    /// When [`Self::tick`] is to be called if nothing else happens.
    #[must_use]
    pub fn deadline(&self) -> Option<Instant> {
        let probes = self.paths.iter().filter_map(Path::next_probe);
        let watched = self.in_use().into_iter().flat_map(|path| [path.probe_due(), path.ends_at(self.relay)]);
        probes.chain(watched.flatten()).chain(self.search_at).min()
    }

    /// The time has come.
    pub fn tick(&mut self, now: Instant) {
        let is_due = |due: Option<Instant>| due.is_some_and(|due| due <= now);
        if is_due(self.in_use().and_then(|path| path.ends_at(self.relay))) {
            self.give_up(now);
        }
        if is_due(self.search_at) {
            self.search(now);
        }
        for path in &mut self.paths {
            if is_due(path.next_probe()) || (self.current == Some(path.address) && is_due(path.probe_due())) {
                path.probed(self.next, now);
                self.out.push_back((path.address, self.key.write(Probe::Asks(self.next))));
                self.next += 1;
            }
        }
        // Nothing was found: perhaps later, when somebody is in another network.
        if self.current.is_none()
            && self.search_at.is_none()
            && self.paths.iter().all(|path| path.next_probe().is_none())
        {
            self.search_later(now);
        }
    }

    /// Begins to probe every address anew.
    fn search(&mut self, now: Instant) {
        self.search_at = None;
        if self.searches < MAX_SEARCHES && self.paths.iter().any(Path::is_told) {
            self.searches += 1;
            self.paths.iter_mut().for_each(|path| path.search(now));
        }
    }

    fn search_later(&mut self, now: Instant) {
        if self.searches < MAX_SEARCHES && !self.paths.is_empty() {
            self.search_at = Some(now + SEARCH_AGAIN);
        }
    }

    /// The way in use is none any more.
    fn give_up(&mut self, now: Instant) {
        if let Some(path) = self.current.take().and_then(|current| self.path(current)) {
            path.forget();
        }
        // Another way that was proved is a way still, until it is found not to be.
        self.search(now);
    }

    fn path(&mut self, address: SocketAddr) -> Option<&mut Path> {
        self.paths.iter_mut().find(|path| path.address == address)
    }

    fn in_use(&self) -> Option<&Path> {
        let current = self.current?;
        self.paths.iter().find(|path| path.address == current)
    }

    /// The other side probes.
    fn asked(&mut self, from: SocketAddr, number: u64, now: Instant) {
        if !self.seen.take(number) {
            return;
        }
        if self.path(from).is_none() {
            // Before the other side has told addresses, it has not been told to probe either.
            if self.paths.is_empty() || !self.candidates.allow(from) || !self.make_room() {
                return;
            }
            let mut path = Path::found(from);
            path.search(now);
            self.paths.push(path);
        }
        self.out.push_back((from, self.key.write(Probe::Answers(number))));
    }

    /// Makes room for an address that the other side has not told, in place of the oldest on which no probe came back.
    fn make_room(&mut self) -> bool {
        let found = self.paths.iter().filter(|path| !path.is_told()).count();
        if found < MAX_FOUND {
            return true;
        }
        let replaced = self.paths.iter().position(|path| !path.is_told() && !path.is_proved());
        replaced.map(|at| self.paths.remove(at)).is_some()
    }

    /// A probe of ours came back.
    fn answered(&mut self, from: SocketAddr, number: u64, now: Instant) {
        let Some(round_trip) = self.path(from).and_then(|path| path.came_back(number, now)) else { return };
        // What is hardly quicker is not worth a change, but for a way that may have ended.
        let better = self.in_use().is_none_or(|current| {
            current.address != from && (current.is_doubted(now) || round_trip * 2 < current.round_trip())
        });
        if better {
            self.current = Some(from);
            self.search_at = None;
        }
    }
}
