//! The relay: which packet goes where. Two legs belong to one call, and what comes in on one goes out on the other; of a
//! conference, each member has a leg ([`conference`]). The packets are sealed by the clients, and nothing here can read
//! them.
//!
//! A leg exists only while its call does. It is bound to a stream that showed its token, or to an address that showed it
//! and then answered a challenge: until then, an address is sent no more than it has sent. What comes for a leg before it
//! is bound waits for it, a little and not for long (`early_packets`). Rates are limited for each leg and for all of them.
//!
//! Must not know: sockets, clocks, who calls whom, or what packets hold.

mod challenge;
pub mod conference;
mod early_packets;
mod forwarding;
pub mod hearing;
pub mod orders;

use std::collections::HashMap;
use std::net::SocketAddr;
use std::time::Duration;

use self::challenge::Challenges;
use self::conference::RelayedConference;
use self::early_packets::EarlyPackets;
use crate::model::Timestamp;
use crate::protocol::conference::MemberNumber;
use crate::protocol::leg::{LegPacket, LegToken};
use crate::server::bucket::Bucket;
use crate::server::limits::Rate;

/// The most calls and conferences that are relayed at once.
pub const MAX_RELAYED: usize = 64;
/// A leg on which nothing arrives for this long is given up, and its call with it.
pub const IDLE_LEG: Duration = Duration::from_secs(30);
/// Packets of headers count for at least this many bytes: small ones cost as much as larger ones.
const LEAST: usize = 64;

/// A call, as whoever opens and closes it numbers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RelayId(pub u64);

/// A connection that carries a leg.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StreamId(pub u64);

/// Where a leg goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LegEnd {
    /// To an address, over UDP.
    Address(SocketAddr),
    /// To a stream.
    Stream(StreamId),
}

/// How much may be relayed, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RelayRates {
    /// From each leg.
    pub leg: Rate,
    /// From all of them.
    pub all: Rate,
}

/// What is to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RelaySend {
    /// A packet to an address.
    Packet(SocketAddr, Vec<u8>),
    /// A packet of a channel or conference to a stream.
    Stream(StreamId, Vec<u8>),
    /// A stream carries no leg any more: it is to be closed.
    Close(StreamId),
    /// Each of these, which are none of this kind.
    Several(Vec<Self>),
}

/// What was counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RelayCounts {
    /// Packets that were relayed.
    pub packets: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Packets that were dropped because they were over a rate.
    pub over_rate: u64,
    /// Packets that were dropped because nobody has such a leg, or the other one was not bound in time.
    pub nowhere: u64,
}

/// All calls that are relayed.
#[derive(Debug)]
pub struct Relay {
    rates: RelayRates,
    all: Bucket,
    challenges: Challenges,
    calls: HashMap<RelayId, [Leg; 2]>,
    conferences: HashMap<RelayId, RelayedConference>,
    tokens: HashMap<LegToken, LegPlace>,
    ends: HashMap<LegEnd, LegPlace>,
    counts: RelayCounts,
}

/// A leg: its call, and which of the two it is; or its conference, and the number of its member.
type LegPlace = (RelayId, usize);

#[derive(Debug)]
struct Leg {
    token: LegToken,
    end: Option<LegEnd>,
    heard: Timestamp,
    rate: Bucket,
    /// What waits until it is bound.
    early: EarlyPackets,
}

impl Leg {
    fn new(token: LegToken, rate: Rate, now: Timestamp) -> Self {
        Self { token, end: None, heard: now, rate: Bucket::full(rate, now), early: EarlyPackets::default() }
    }
}

impl Relay {
    /// A relay of nothing. `secret` is random, and known to nobody else.
    #[must_use]
    pub fn new(rates: RelayRates, secret: [u8; 32], now: Timestamp) -> Self {
        Self {
            rates,
            all: Bucket::full(rates.all, now),
            challenges: Challenges::new(&secret),
            calls: HashMap::new(),
            conferences: HashMap::new(),
            tokens: HashMap::new(),
            ends: HashMap::new(),
            counts: RelayCounts::default(),
        }
    }

    /// Changes how much may be relayed.
    pub fn set_rates(&mut self, rates: RelayRates) {
        self.rates = rates;
    }

    /// Relays a call, with a token for each of its legs; `false` if [`MAX_RELAYED`] are relayed already.
    pub fn open(&mut self, call: RelayId, tokens: [LegToken; 2], now: Timestamp) -> bool {
        if !self.has_room(call) {
            return false;
        }
        self.calls.insert(call, tokens.map(|token| Leg::new(token, self.rates.leg, now)));
        for (side, token) in tokens.into_iter().enumerate() {
            self.tokens.insert(token, (call, side));
        }
        true
    }

    /// Relays a call or conference no more; what is to be closed with it.
    pub fn close(&mut self, call: RelayId) -> Vec<RelaySend> {
        let members = self.conferences.remove(&call).into_iter().flat_map(RelayedConference::into_legs);
        let legs: Vec<Leg> = self.calls.remove(&call).into_iter().flatten().chain(members).collect();
        legs.iter().filter_map(|leg| self.forget(leg)).collect()
    }

    /// A leg is gone; whether its stream is to be closed.
    fn forget(&mut self, leg: &Leg) -> Option<RelaySend> {
        self.tokens.remove(&leg.token);
        let end = leg.end?;
        self.ends.remove(&end);
        match end {
            LegEnd::Stream(stream) => Some(RelaySend::Close(stream)),
            LegEnd::Address(_) => None,
        }
    }

    /// A stream shows a token; `None` if there is no such leg, otherwise what follows. A leg that was elsewhere moves here.
    pub fn bind_stream(&mut self, stream: StreamId, token: LegToken, now: Timestamp) -> Option<Vec<RelaySend>> {
        let place = *self.tokens.get(&token)?;
        Some(self.bind(place, LegEnd::Stream(stream), now))
    }

    /// A stream has ended.
    pub fn stream_ended(&mut self, stream: StreamId) {
        let end = LegEnd::Stream(stream);
        if let Some(place) = self.ends.remove(&end)
            && let Some(leg) = self.leg(place)
        {
            leg.end = None;
        }
    }

    /// A packet of a channel or conference came in on a stream.
    pub fn from_stream(&mut self, stream: StreamId, packet: &[u8], now: Timestamp) -> Option<RelaySend> {
        self.relay(LegEnd::Stream(stream), packet, now)
    }

    /// A packet came from an address.
    pub fn from_address(&mut self, from: SocketAddr, packet: &[u8], now: Timestamp) -> Option<RelaySend> {
        match LegPacket::read(packet)? {
            LegPacket::Bind(token) => {
                // Whoever has no leg is not answered at all.
                self.tokens.get(&token)?;
                let challenge = LegPacket::Challenge(self.challenges.of(from, token, now)).write();
                debug_assert!(challenge.len() <= packet.len());
                Some(RelaySend::Packet(from, challenge))
            }
            LegPacket::Answer(token, answer) => {
                let place = *self.tokens.get(&token)?;
                if !self.challenges.is_right(from, token, answer, now) {
                    return None;
                }
                let early = self.bind(place, LegEnd::Address(from), now);
                let bound = LegPacket::Bound(from).write();
                debug_assert!(bound.len() <= packet.len());
                let bound = RelaySend::Packet(from, bound);
                Some(if early.is_empty() { bound } else { RelaySend::Several([vec![bound], early].concat()) })
            }
            LegPacket::Channel(packet) | LegPacket::Conference(packet) => {
                self.relay(LegEnd::Address(from), packet, now)
            }
            LegPacket::Challenge(_) | LegPacket::Bound(_) => None,
        }
    }

    /// Gives up the calls of which a leg was idle for [`IDLE_LEG`]; returns them, and what is to be closed. What was kept
    /// for legs for too long goes as well.
    pub fn give_up_idle(&mut self, now: Timestamp) -> (Vec<RelayId>, Vec<RelaySend>) {
        let members = self.conferences.values_mut().flat_map(RelayedConference::legs_mut);
        let legs = self.calls.values_mut().flatten().chain(members);
        self.counts.nowhere += legs.map(|leg| leg.early.forget_old(now)).sum::<u64>();
        let idle = |leg: &Leg| now.since(leg.heard) >= IDLE_LEG;
        let mut given_up: Vec<RelayId> =
            self.calls.iter().filter(|(_, legs)| legs.iter().any(idle)).map(|(call, _)| *call).collect();
        given_up.sort_unstable();
        let closed = given_up.iter().flat_map(|call| self.close(*call)).collect();
        (given_up, closed)
    }

    /// How many calls and conferences are relayed.
    #[must_use]
    pub fn calls(&self) -> usize {
        self.calls.len() + self.conferences.len()
    }

    /// What was counted.
    #[must_use]
    pub fn counts(&self) -> RelayCounts {
        self.counts
    }

    fn leg(&mut self, (call, side): LegPlace) -> Option<&mut Leg> {
        if let Some(legs) = self.calls.get_mut(&call) {
            return legs.get_mut(side);
        }
        let number = MemberNumber(u8::try_from(side).ok()?);
        Some(&mut self.conferences.get_mut(&call)?.member(number)?.leg)
    }

    /// Binds a leg; returns what is to be closed, if its stream is, and then what has waited for it.
    fn bind(&mut self, place: LegPlace, end: LegEnd, now: Timestamp) -> Vec<RelaySend> {
        // One end carries one leg, and one leg has one end.
        if let Some(other) = self.ends.insert(end, place).filter(|other| *other != place)
            && let Some(leg) = self.leg(other)
        {
            leg.end = None;
        }
        let before = self.leg(place).and_then(|leg| {
            leg.heard = now;
            leg.end.replace(end).filter(|before| *before != end)
        });
        if let Some(before) = before {
            self.ends.remove(&before);
        }
        let closed = match before {
            // A stream that carried this leg before has nothing to say any more. Over UDP its client ends it.
            Some(LegEnd::Stream(stream)) if matches!(end, LegEnd::Stream(_)) => Some(RelaySend::Close(stream)),
            Some(_) | None => None,
        };
        let (early, gone) = self.leg(place).map(|leg| leg.early.take(now)).unwrap_or_default();
        self.counts.nowhere += gone;
        early.iter().for_each(|packet| self.counts.relayed(packet, 1));
        closed.into_iter().chain(early.into_iter().map(|packet| end.send(packet))).collect()
    }

    fn relay(&mut self, from: LegEnd, packet: &[u8], now: Timestamp) -> Option<RelaySend> {
        let Some(&(call, side)) = self.ends.get(&from) else {
            self.counts.nowhere += 1;
            return None;
        };
        if self.conferences.contains_key(&call) {
            return self.forward((call, side), packet, now);
        }
        if !matches!(LegPacket::read(packet), Some(LegPacket::Channel(_))) {
            self.counts.nowhere += 1;
            return None;
        }
        let rates = self.rates;
        let leg = self.leg((call, side))?;
        leg.heard = now;
        if !leg.rate.has_any(rates.leg, now) || !self.all.has_any(rates.all, now) {
            self.counts.over_rate += 1;
            return None;
        }
        let size = packet.len().max(LEAST);
        self.leg((call, side))?.rate.take_anyway(rates.leg, now, size);
        self.all.take_anyway(rates.all, now, size);
        let other = self.leg((call, 1 - side))?;
        let Some(to) = other.end else {
            self.counts.nowhere += other.early.keep(side, packet.to_vec(), now);
            return None;
        };
        self.counts.relayed(packet, 1);
        Some(to.send(packet.to_vec()))
    }
}

impl RelayCounts {
    /// A packet went to so many.
    fn relayed(&mut self, packet: &[u8], times: usize) {
        self.packets += times as u64;
        self.bytes += (packet.len() * times) as u64;
    }
}

impl LegEnd {
    fn send(self, packet: Vec<u8>) -> RelaySend {
        match self {
            Self::Address(address) => RelaySend::Packet(address, packet),
            Self::Stream(stream) => RelaySend::Stream(stream, packet),
        }
    }
}
