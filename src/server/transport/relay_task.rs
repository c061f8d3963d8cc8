//! The task of the relay, on a thread of its own: takes packets from sockets, has the relay say where they go, and sends
//! them there. It never waits for a socket to take something, nor for the broker.
//!
//! Nothing of it runs before the first call is relayed, and it listens only while one is.
//!
//! - [`ports`]: the UDP sockets. `stream_legs`: connections that carry a leg, with a [`leg_queue`] for each.
//! - [`shown_leg`]: how a connection becomes one of them.
//!
//! Must not know: who calls whom, or who may have a leg (`relay`).

pub mod leg_queue;
pub mod ports;
pub mod shown_leg;
mod stream_legs;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_io::Timer;
use async_std::channel::{Receiver, Sender, bounded};
use async_std::task;
use futures_lite::future::{self, yield_now};
use futures_lite::{FutureExt as _, StreamExt as _};

use self::ports::{PortPlan, Ports};
use self::shown_leg::ShownLeg;
use self::stream_legs::StreamLegs;
use super::executor::Executor;
use crate::model::Timestamp;
use crate::protocol::leg::LegToken;
use crate::server::limits::{MAX_RELAY_ORDERS, MAX_SHOWN_LEGS, RELAY_BATCH};
use crate::server::relay::orders::{RelayNews, RelayOrder};
use crate::server::relay::{Relay, RelayCounts, RelayId, RelayRates, RelaySend, StreamId};
use crate::sys::clock::Clock;

/// How often idle legs are looked for.
const TICK: Duration = Duration::from_secs(1);

/// What a relay needs to run.
#[derive(Clone, Debug)]
pub struct RelaySetup {
    /// How much may be relayed.
    pub rates: RelayRates,
    /// Random, and known to nobody else.
    pub secret: [u8; 32],
    /// The server's clock.
    pub clock: Clock,
    /// The UDP sockets.
    pub ports: PortPlan,
}

/// What the relay did, and what waits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RelayReport {
    /// The calls that are relayed.
    pub calls: usize,
    /// What the relay counted.
    pub counts: RelayCounts,
    /// Packets that were dropped because the other client, or the line to it, was too slow.
    pub too_slow: u64,
}

impl RelayReport {
    /// Both together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let (one, two) = (self.counts, other.counts);
        let counts = RelayCounts {
            packets: one.packets + two.packets,
            bytes: one.bytes + two.bytes,
            over_rate: one.over_rate + two.over_rate,
            nowhere: one.nowhere + two.nowhere,
        };
        Self { calls: other.calls, counts, too_slow: self.too_slow + other.too_slow }
    }
}

/// What the relay shares with those who use it.
#[derive(Debug)]
struct RelayShared {
    rates: Mutex<RelayRates>,
    report: Mutex<RelayReport>,
}

/// A running relay, for those who use it; nothing here waits. The relay ends once the last of these is gone.
#[derive(Clone, Debug)]
pub struct RelayHandle {
    orders: Sender<RelayOrder>,
    legs: Sender<ShownLeg>,
    shared: Arc<RelayShared>,
}

impl RelayHandle {
    /// Starts a relay on a thread of its own; it sends its news to `news`.
    #[must_use]
    pub fn start(setup: RelaySetup, news: Sender<RelayNews>) -> Self {
        let ((orders, ordered), (legs, shown)) = (bounded(MAX_RELAY_ORDERS), bounded(MAX_SHOWN_LEGS));
        let shared = Arc::new(RelayShared { rates: Mutex::new(setup.rates), report: Mutex::default() });
        let handle = Self { orders, legs, shared: Arc::clone(&shared) };
        // Tasks of the blocking pool may take as long as they like.
        task::spawn_blocking(move || {
            let executor = Executor::start();
            let task = RelayTask::new(setup, executor, news, shared);
            future::block_on(executor.run(task.work(ordered, shown)));
        });
        handle
    }

    /// Gives an order.
    ///
    /// # Errors
    /// The order, if too many wait or the relay has ended.
    pub fn order(&self, order: RelayOrder) -> Result<(), RelayOrder> {
        self.orders.try_send(order).map_err(|error| error.into_inner())
    }

    /// Hands over a connection that has shown a leg's token.
    ///
    /// # Errors
    /// The connection, if too many wait or the relay has ended.
    pub fn show(&self, leg: ShownLeg) -> Result<(), ShownLeg> {
        self.legs.try_send(leg).map_err(|error| error.into_inner())
    }

    /// Changes how much may be relayed; it is in force within a second.
    pub fn set_rates(&self, rates: RelayRates) {
        *self.shared.rates.lock().unwrap_or_else(PoisonError::into_inner) = rates;
    }

    /// What the relay did so far.
    #[must_use]
    pub fn report(&self) -> RelayReport {
        *self.shared.report.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the relay has ended, which happens only if it fails.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.orders.is_closed()
    }
}

/// The relay with everything that carries out what it says.
struct RelayTask {
    relay: Relay,
    /// The tokens of each call.
    calls: HashMap<RelayId, [LegToken; 2]>,
    streams: StreamLegs,
    ports: Ports,
    clock: Clock,
    news: Sender<RelayNews>,
    shared: Arc<RelayShared>,
    too_slow: u64,
}

/// Why the task wakes up.
enum Wakeup {
    Order(RelayOrder),
    Leg(ShownLeg),
    Stream(StreamId, Vec<u8>),
    Packets,
    Tick,
    /// Nobody uses the relay any more.
    End,
}

impl RelayTask {
    fn new(setup: RelaySetup, executor: Executor, news: Sender<RelayNews>, shared: Arc<RelayShared>) -> Self {
        let RelaySetup { rates, secret, clock, ports } = setup;
        Self {
            relay: Relay::new(rates, secret, clock.now().steady),
            calls: HashMap::new(),
            streams: StreamLegs::new(executor),
            ports: Ports::new(ports),
            clock,
            news,
            shared,
            too_slow: 0,
        }
    }

    async fn work(mut self, orders: Receiver<RelayOrder>, legs: Receiver<ShownLeg>) {
        let mut ticks = Timer::interval(TICK);
        let mut streams_first = false;
        loop {
            let relaying = self.relay.calls() > 0;
            let tick = async {
                if !relaying {
                    return future::pending().await;
                }
                ticks.next().await;
                Wakeup::Tick
            };
            let order = async { orders.recv().await.map_or(Wakeup::End, Wakeup::Order) };
            let leg = async { legs.recv().await.map_or(Wakeup::End, Wakeup::Leg) };
            let stream = async {
                let arrival = self.streams.arrivals.recv().await;
                arrival.map_or(Wakeup::End, |(stream, bytes)| Wakeup::Stream(stream, bytes))
            };
            let packets = async {
                self.ports.readable().await;
                Wakeup::Packets
            };
            // Neither streams nor UDP keep the other waiting, however much comes.
            streams_first = !streams_first;
            let wakeup = if streams_first {
                tick.or(order).or(leg).or(stream).or(packets).await
            } else {
                tick.or(order).or(leg).or(packets).or(stream).await
            };
            if !relaying {
                // Ticks that were missed meanwhile are not made up for.
                ticks = Timer::interval(TICK);
            }
            let now = self.clock.now().steady;
            match wakeup {
                Wakeup::Order(RelayOrder::Open(call, tokens)) => self.open(call, tokens, now),
                Wakeup::Order(RelayOrder::Close(call)) => self.close(call),
                Wakeup::Leg(shown) => self.show(shown, now),
                Wakeup::Stream(stream, bytes) => self.take_bytes(stream, &bytes, now),
                Wakeup::Packets => self.take_packets(now),
                Wakeup::Tick => self.tick(now),
                Wakeup::End => return,
            }
            self.report();
            // Readers and writers of streams are on this thread, too.
            yield_now().await;
        }
    }

    fn open(&mut self, call: RelayId, tokens: [LegToken; 2], now: Timestamp) {
        self.take_rates();
        if !self.relay.open(call, tokens, now) {
            return self.tell(RelayNews::Full(call));
        }
        self.calls.insert(call, tokens);
        if let Some(port) = self.ports.open() {
            self.tell(RelayNews::Port(port));
        }
    }

    fn close(&mut self, call: RelayId) {
        for send in self.relay.close(call) {
            self.carry_out(send);
        }
        // A leg that has moved to an address has left its stream behind.
        for token in self.calls.remove(&call).into_iter().flatten() {
            self.streams.close_shown(token);
        }
        if self.relay.calls() == 0 {
            self.ports.close();
        }
    }

    fn tick(&mut self, now: Timestamp) {
        self.take_rates();
        let (given_up, closed) = self.relay.give_up_idle(now);
        for send in closed {
            self.carry_out(send);
        }
        for call in given_up {
            self.close(call);
            self.tell(RelayNews::GaveUp(call));
        }
    }

    /// A connection shows a token.
    fn show(&mut self, shown: ShownLeg, now: Timestamp) {
        let stream = StreamId(shown.conn.0);
        let Some(sends) = self.relay.bind_stream(stream, shown.token, now) else { return self.streams.refuse(shown) };
        self.streams.add(stream, &shown);
        for send in sends {
            self.carry_out(send);
        }
        if !shown.rest.is_empty() {
            self.take_bytes(stream, &shown.rest, now);
        }
    }

    /// Takes what a stream has brought; nothing is its end.
    fn take_bytes(&mut self, stream: StreamId, bytes: &[u8], now: Timestamp) {
        if bytes.is_empty() {
            return self.end_stream(stream);
        }
        let over_rate = self.relay.counts().over_rate;
        self.streams.feed(stream, bytes);
        loop {
            match self.streams.packet(stream) {
                Ok(Some(packet)) => {
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
            self.streams.slow_down(stream);
        }
    }

    fn end_stream(&mut self, stream: StreamId) {
        self.relay.stream_ended(stream);
        self.streams.close(stream);
    }

    /// Takes what has come over UDP, within limits.
    fn take_packets(&mut self, now: Timestamp) {
        for _ in 0..RELAY_BATCH {
            let Some((from, length)) = self.ports.receive() else { return self.ports.end_batch(false) };
            if let Some(send) = self.relay.from_address(from, self.ports.packet(length), now) {
                self.ports.remember();
                self.carry_out(send);
            }
        }
        self.ports.end_batch(true);
    }

    fn carry_out(&mut self, send: RelaySend) {
        match send {
            RelaySend::Packet(to, packet) => self.too_slow += u64::from(!self.ports.send(&packet, to)),
            RelaySend::Stream(stream, packet) => self.too_slow += self.streams.push(stream, packet),
            RelaySend::Close(stream) => self.streams.close(stream),
        }
    }

    fn take_rates(&mut self) {
        let rates = *self.shared.rates.lock().unwrap_or_else(PoisonError::into_inner);
        self.relay.set_rates(rates);
    }

    fn tell(&self, news: RelayNews) {
        // Whoever is gone need not be told.
        let _ = self.news.try_send(news);
    }

    fn report(&self) {
        let (calls, counts) = (self.relay.calls(), self.relay.counts());
        let report = RelayReport { calls, counts, too_slow: self.too_slow };
        *self.shared.report.lock().unwrap_or_else(PoisonError::into_inner) = report;
    }
}
