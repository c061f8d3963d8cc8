//! The relay's work: what arrives, and what follows. It waits for sockets itself, on a thread of its own: what it relays
//! passes through no other thread, and takes nothing from the chat.
//!
//! Must not know: who calls whom, who may have a leg (`relay`), or how sockets are read and written.

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::ops::RangeInclusive;
use std::os::fd::AsFd as _;
use std::sync::Arc;
use std::time::Duration;

use async_std::channel::{Receiver, Sender, TryRecvError};

use super::ports::Ports;
use super::shared::{RelayReport, RelaySetup, RelayShared};
use super::shown_leg::ShownLeg;
use super::stream_legs::StreamLegs;
use crate::model::Timestamp;
use crate::net::socket_wait::{Readiness, SocketWait, WakeUp};
use crate::protocol::conference::MemberNumber;
use crate::protocol::leg::LegToken;
use crate::server::limits::{LEG_ARRIVALS, MAX_RELAY_ORDERS, MAX_SHOWN_LEGS, OVER_RATE_PAUSE, RELAY_BATCH};
use crate::server::relay::orders::{RelayNews, RelayOrder};
use crate::server::relay::{Relay, RelayId, RelaySend, StreamId};
use crate::server::transport::fault;
use crate::sys::clock::Clock;

/// How often idle legs are looked for.
const TICK: Duration = Duration::from_secs(1);

/// What the relay is given by other threads.
pub(super) struct RelayInbox {
    pub(super) orders: Receiver<RelayOrder>,
    pub(super) shown: Receiver<ShownLeg>,
}

/// The relay with everything that carries out what it says.
pub struct RelayTask {
    relay: Relay,
    /// The tokens of each call of two.
    calls: HashMap<RelayId, [LegToken; 2]>,
    /// The tokens of the members of conferences.
    members: BTreeMap<(RelayId, MemberNumber), LegToken>,
    streams: StreamLegs,
    ports: Ports,
    inbox: RelayInbox,
    wait: SocketWait,
    clock: Clock,
    /// When idle legs were looked for last.
    ticked: Timestamp,
    news: Sender<RelayNews>,
    shared: Arc<RelayShared>,
    too_slow: u64,
}

/// What there is to do.
#[derive(Default)]
struct ReadySockets {
    /// There are UDP packets.
    packets: bool,
    readable: Vec<StreamId>,
    writable: Vec<StreamId>,
}

/// Nobody uses the relay any more.
#[derive(Debug)]
struct Unused;

impl RelayTask {
    pub(super) fn new(
        setup: RelaySetup,
        (wait, own): (SocketWait, WakeUp),
        inbox: RelayInbox,
        news: Sender<RelayNews>,
        shared: Arc<RelayShared>,
    ) -> Self {
        let RelaySetup { rates, secret, clock, ports } = setup;
        let now = clock.now().steady;
        Self {
            relay: Relay::new(rates, secret, now),
            calls: HashMap::new(),
            members: BTreeMap::new(),
            streams: StreamLegs::new(own),
            ports: Ports::new(ports),
            inbox,
            wait,
            clock,
            ticked: now,
            news,
            shared,
            too_slow: 0,
        }
    }

    /// Relays until nobody uses the relay any more.
    ///
    /// # Errors
    /// The system's error, if it cannot wait for the sockets.
    pub fn work(mut self) -> io::Result<()> {
        while self.turn()? {}
        Ok(())
    }

    /// One round: waits until there is something to do, and does it. `false` if nobody uses the relay any more.
    ///
    /// # Errors
    /// The system's error, if it cannot wait for the sockets.
    pub fn turn(&mut self) -> io::Result<bool> {
        let ready = self.wait()?;
        let now = self.clock.now().steady;
        if self.take_orders(now).is_err() {
            return Ok(false);
        }
        if ready.packets {
            self.take_packets(now);
        }
        for stream in ready.readable {
            if self.streams.read(stream) {
                self.take_from(stream, now);
            } else {
                self.end_stream(stream);
            }
        }
        for _ in 0..LEG_ARRIVALS {
            match self.streams.arrival() {
                None => break,
                Some((stream, false)) => self.take_from(stream, now),
                Some((stream, true)) => self.end_stream(stream),
            }
        }
        if self.relay.calls() > 0 && now.since(self.ticked) >= TICK {
            self.tick(now);
        }
        self.too_slow += self.ports.flush();
        for dead in self.streams.flush(&ready.writable, now) {
            self.end_stream(dead);
        }
        self.report();
        Ok(true)
    }

    /// How many reads of streams with TLS wait for the next round: at most [`LEG_ARRIVALS`].
    #[must_use]
    pub fn waiting_reads(&self) -> usize {
        self.streams.arrivals()
    }

    /// Waits until there is something to do.
    fn wait(&self) -> io::Result<ReadySockets> {
        self.wait.announce();
        let now = self.clock.now().steady;
        let waits = self.streams.arrivals() > 0
            || !self.inbox.orders.is_empty()
            || !self.inbox.shown.is_empty()
            || self.inbox.orders.is_closed();
        let timeout = if waits {
            Some(Duration::ZERO)
        } else if self.streams.one_pauses(now) {
            Some(OVER_RATE_PAUSE)
        } else if self.relay.calls() > 0 {
            Some(TICK.saturating_sub(now.since(self.ticked)))
        } else {
            None
        };
        let to_read = Readiness { read: true, write: false };
        let ports = self.ports.sockets();
        let streams: Vec<_> = self.streams.sockets(now).collect();
        let mut sockets: Vec<_> = ports.iter().map(|port| (port.as_fd(), to_read)).collect();
        sockets.extend(streams.iter().map(|(_, socket, wants)| (*socket, *wants)));
        let states = self.wait.wait(&sockets, timeout)?;
        let (of_ports, of_streams) = states.split_at_checked(ports.len()).unwrap_or_default();
        let mut ready = ReadySockets { packets: of_ports.iter().any(|port| port.read), ..ReadySockets::default() };
        for ((stream, ..), state) in streams.iter().zip(of_streams) {
            if state.read {
                ready.readable.push(*stream);
            }
            if state.write {
                ready.writable.push(*stream);
            }
        }
        Ok(ready)
    }

    /// Takes what the broker's task has given.
    fn take_orders(&mut self, now: Timestamp) -> Result<(), Unused> {
        for _ in 0..MAX_RELAY_ORDERS {
            match self.inbox.orders.try_recv() {
                Ok(RelayOrder::Open(call, tokens)) => self.open(call, tokens, now),
                Ok(RelayOrder::Admit(call, number, token)) => self.admit(call, number, token, now),
                Ok(RelayOrder::Dismiss(call, number)) => self.dismiss(call, number),
                Ok(RelayOrder::Close(call)) => self.close(call),
                Err(TryRecvError::Empty) => break,
                Err(TryRecvError::Closed) => return Err(Unused),
            }
        }
        for _ in 0..MAX_SHOWN_LEGS {
            let Ok(shown) = self.inbox.shown.try_recv() else { break };
            self.show(shown, now);
        }
        Ok(())
    }

    fn open(&mut self, call: RelayId, tokens: [LegToken; 2], now: Timestamp) {
        self.take_rates();
        if self.relay.calls() == 0 {
            self.ticked = now;
        }
        if !self.relay.open(call, tokens, now) {
            return self.tell(RelayNews::Full(call));
        }
        self.calls.insert(call, tokens);
        self.open_ports();
    }

    fn admit(&mut self, call: RelayId, number: MemberNumber, token: LegToken, now: Timestamp) {
        self.take_rates();
        if self.relay.calls() == 0 {
            self.ticked = now;
        }
        if !self.relay.has_conference(call) && !self.relay.open_conference(call) {
            return self.tell(RelayNews::Full(call));
        }
        if !self.relay.admit(call, number, token, now) {
            return self.tell(RelayNews::GaveUpMember(call, number));
        }
        self.members.insert((call, number), token);
        self.open_ports();
    }

    fn open_ports(&mut self) {
        if let Some(port) = self.ports.open() {
            self.tell(RelayNews::Port(port));
        }
    }

    fn dismiss(&mut self, call: RelayId, number: MemberNumber) {
        for send in self.relay.dismiss(call, number) {
            self.carry_out(send);
        }
        if let Some(token) = self.members.remove(&(call, number)) {
            self.streams.close_shown(token);
        }
    }

    fn close(&mut self, call: RelayId) {
        for send in self.relay.close(call) {
            self.carry_out(send);
        }
        let members = self.members.extract_if(conference_of(call), |_, _| true).map(|(_, token)| token);
        // A leg that has moved to an address has left its stream behind.
        for token in self.calls.remove(&call).into_iter().flatten().chain(members) {
            self.streams.close_shown(token);
        }
        if self.relay.calls() == 0 {
            self.too_slow += self.ports.flush();
            self.ports.close();
        }
    }

    fn tick(&mut self, now: Timestamp) {
        self.ticked = now;
        self.take_rates();
        let (given_up, closed) = self.relay.give_up_idle(now);
        for send in closed {
            self.carry_out(send);
        }
        for call in given_up {
            self.close(call);
            self.tell(RelayNews::GaveUp(call));
        }
        let (members, sends) = self.relay.give_up_idle_members(now);
        for send in sends {
            self.carry_out(send);
        }
        for (call, number) in members {
            self.dismiss(call, number);
            self.tell(RelayNews::GaveUpMember(call, number));
        }
        // One that takes nothing for too long is dead.
        let full = self.streams.full(now);
        for dead in self.streams.flush(&full, now) {
            self.end_stream(dead);
        }
    }

    /// A connection shows a token.
    fn show(&mut self, shown: ShownLeg, now: Timestamp) {
        let stream = StreamId(shown.conn.0);
        let Some(sends) = self.relay.bind_stream(stream, shown.token, now) else {
            return self.streams.refuse(stream, shown);
        };
        self.streams.add(stream, shown);
        for send in sends {
            self.carry_out(send);
        }
        self.take_from(stream, now);
    }

    /// Takes the packets that a stream has brought.
    fn take_from(&mut self, stream: StreamId, now: Timestamp) {
        let over_rate = self.relay.counts().over_rate;
        loop {
            match self.streams.packet(stream) {
                Ok(Some(packet)) => {
                    fault::panic_if_asked(b"fault in the relay", &packet);
                    let send = self.relay.from_stream(stream, &packet, now);
                    send.into_iter().for_each(|send| self.carry_out(send));
                }
                Ok(None) => break,
                Err(error) => {
                    log::warn!(conn = stream.0, reason:% = error; "leg_broken");
                    return self.end_stream(stream);
                }
            }
        }
        if self.relay.counts().over_rate > over_rate {
            self.streams.slow_down(stream, now);
        }
    }

    fn end_stream(&mut self, stream: StreamId) {
        self.relay.stream_ended(stream);
        self.streams.close(stream);
    }

    /// Takes what has come over UDP, within limits.
    fn take_packets(&mut self, now: Timestamp) {
        for _ in 0..RELAY_BATCH {
            let Some((from, length)) = self.ports.receive() else { return };
            if let Some(send) = self.relay.from_address(from, self.ports.packet(length), now) {
                self.ports.remember();
                self.carry_out(send);
            }
        }
    }

    fn carry_out(&mut self, send: RelaySend) {
        match send {
            RelaySend::Packet(to, packet) => self.too_slow += self.ports.send(&packet, to),
            RelaySend::Stream(stream, packet) => {
                let (dropped, waiting) = self.streams.push(stream, packet);
                self.too_slow += dropped;
                self.relay.stream_waits(stream, waiting);
            }
            RelaySend::Close(stream) => self.streams.close(stream),
            RelaySend::Several(sends) => sends.into_iter().for_each(|send| self.carry_out(send)),
        }
    }

    fn take_rates(&mut self) {
        self.relay.set_rates(self.shared.rates());
    }

    fn tell(&self, news: RelayNews) {
        // Whoever is gone need not be told.
        let _ = self.news.try_send(news);
    }

    fn report(&self) {
        let (calls, counts) = (self.relay.calls(), self.relay.counts());
        self.shared.set_report(RelayReport { calls, counts, too_slow: self.too_slow });
    }
}

/// All members that a conference can have.
fn conference_of(call: RelayId) -> RangeInclusive<(RelayId, MemberNumber)> {
    (call, MemberNumber(u8::MIN))..=(call, MemberNumber(u8::MAX))
}
