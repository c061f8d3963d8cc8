//! Machines, NATs and a public network on a clock of their own. Each end has an address behind at most one NAT; what a NAT
//! lets through is what its kind lets through.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

/// What a NAT does with addresses (RFC 4787).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NatKind {
    /// One outer port for an inner address, whoever it sends to; lets in only who was sent to.
    KeepsPorts,
    /// Another outer port for each address that is sent to; lets in only that.
    Symmetric,
    /// Lets no UDP through.
    NoUdp,
}

#[derive(Debug)]
struct Nat {
    kind: NatKind,
    outer: IpAddr,
    /// The outer port of each inner address, and for a symmetric one of each pair with an outer address.
    ports: BTreeMap<(SocketAddr, Option<SocketAddr>), u16>,
    /// Who may send to an outer port.
    let_in: BTreeMap<(u16, SocketAddr), Instant>,
}

/// How long a NAT remembers.
const REMEMBERS: Duration = Duration::from_secs(30);

/// Where a machine is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    address: SocketAddr,
    nat: Option<usize>,
}

type Flying = (Instant, u64, SocketAddr, usize, Vec<u8>);

/// The network.
#[derive(Debug)]
pub struct Network {
    places: Vec<Place>,
    nats: Vec<Nat>,
    flying: BinaryHeap<Reverse<Flying>>,
    sent: u64,
    /// The delay of one packet, within a LAN and beyond it.
    pub delays: (Duration, Duration),
    /// Pairs of ends between which nothing gets through.
    pub cut: Vec<(usize, usize)>,
    /// Every packet that was sent: from which end, where to, its length.
    pub log: Vec<(usize, SocketAddr, usize)>,
    /// When each was sent.
    pub times: Vec<Instant>,
}

impl Network {
    pub fn new() -> Self {
        Self {
            places: Vec::new(),
            nats: Vec::new(),
            flying: BinaryHeap::new(),
            sent: 0,
            delays: (Duration::from_millis(1), Duration::from_millis(20)),
            cut: Vec::new(),
            log: Vec::new(),
            times: Vec::new(),
        }
    }

    pub fn nat(&mut self, kind: NatKind, outer: &str) -> usize {
        let outer = outer.parse().unwrap();
        self.nats.push(Nat { kind, outer, ports: BTreeMap::new(), let_in: BTreeMap::new() });
        self.nats.len() - 1
    }

    pub fn machine(&mut self, address: &str, nat: Option<usize>) -> usize {
        self.places.push(Place { address: address.parse().unwrap(), nat });
        self.places.len() - 1
    }

    /// A machine gets another address, as a laptop that is carried elsewhere.
    pub fn carry(&mut self, machine: usize, address: &str, nat: Option<usize>) {
        self.places[machine] = Place { address: address.parse().unwrap(), nat };
    }

    /// The address as the machine knows it.
    pub fn inner(&self, machine: usize) -> SocketAddr {
        self.places[machine].address
    }

    /// The address as this public address sees it.
    pub fn seen(&mut self, machine: usize, by: SocketAddr, now: Instant) -> Option<SocketAddr> {
        self.leave(machine, by, now)
    }

    pub fn next(&self) -> Option<Instant> {
        self.flying.peek().map(|Reverse((at, ..))| *at)
    }

    /// Sends a packet.
    pub fn send(&mut self, from: usize, to: SocketAddr, packet: Vec<u8>, now: Instant) {
        self.log.push((from, to, packet.len()));
        self.times.push(now);
        let Place { nat, .. } = self.places[from];
        // Within one LAN there is no NAT between.
        let near = self.places.iter().position(|place| place.address == to && place.nat == nat && nat.is_some());
        let (source, target, delay) = match near {
            Some(target) => (self.places[from].address, Some(target), self.delays.0),
            None => {
                let Some(source) = self.leave(from, to, now) else { return };
                (source, self.enter(source, to, now), self.delays.1)
            }
        };
        let Some(target) = target else { return };
        if self.cut.contains(&(from, target)) {
            return;
        }
        self.sent += 1;
        self.flying.push(Reverse((now + delay, self.sent, source, target, packet)));
    }

    /// The packets that have arrived: where from, at which machine.
    pub fn arrived(&mut self, now: Instant) -> Vec<(SocketAddr, usize, Vec<u8>)> {
        let mut all = Vec::new();
        while self.flying.peek().is_some_and(|Reverse((at, ..))| *at <= now) {
            let Reverse((_, _, from, to, packet)) = self.flying.pop().unwrap();
            all.push((from, to, packet));
        }
        all
    }

    /// A packet leaves a machine for the public network: where from it seems to come.
    fn leave(&mut self, from: usize, to: SocketAddr, now: Instant) -> Option<SocketAddr> {
        let Place { address, nat } = self.places[from];
        let Some(nat) = nat.map(|nat| &mut self.nats[nat]) else { return Some(address) };
        let key = match nat.kind {
            NatKind::NoUdp => return None,
            NatKind::KeepsPorts => (address, None),
            NatKind::Symmetric => (address, Some(to)),
        };
        let fresh = 20_000 + 7 * nat.ports.len() as u16;
        let kept = if nat.kind == NatKind::KeepsPorts { address.port() } else { fresh };
        let port = *nat.ports.entry(key).or_insert(kept);
        nat.let_in.insert((port, to), now);
        Some(SocketAddr::new(nat.outer, port))
    }

    /// Which machine gets a packet for a public address.
    fn enter(&mut self, source: SocketAddr, to: SocketAddr, now: Instant) -> Option<usize> {
        if let Some(public) = self.places.iter().position(|place| place.nat.is_none() && place.address == to) {
            return Some(public);
        }
        let at = self.nats.iter().position(|nat| nat.outer == to.ip())?;
        let nat = &self.nats[at];
        let fresh = nat.let_in.get(&(to.port(), source)).is_some_and(|sent| now - *sent < REMEMBERS);
        if !fresh {
            return None;
        }
        let (inner, _) = nat.ports.iter().find(|(_, port)| **port == to.port()).map(|(key, _)| *key)?;
        self.places.iter().position(|place| place.address == inner && place.nat == Some(at))
    }
}
