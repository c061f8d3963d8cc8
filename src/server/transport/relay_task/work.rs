//! The relay's task: what arrives, and what follows.
//!
//! Must not know: who calls whom, who may have a leg (`relay`), or how sockets are read and written.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use async_io::Timer;
use async_std::channel::{Receiver, Sender};
use futures_lite::future::{self, yield_now};
use futures_lite::{FutureExt as _, StreamExt as _};

use super::ports::Ports;
use super::shared::{RelayReport, RelaySetup, RelayShared};
use super::shown_leg::ShownLeg;
use super::stream_legs::StreamLegs;
use crate::model::Timestamp;
use crate::protocol::leg::LegToken;
use crate::server::limits::RELAY_BATCH;
use crate::server::relay::orders::{RelayNews, RelayOrder};
use crate::server::relay::{Relay, RelayId, RelaySend, StreamId};
use crate::server::transport::executor::Executor;
use crate::server::transport::fault;
use crate::sys::clock::Clock;

/// How often idle legs are looked for.
const TICK: Duration = Duration::from_secs(1);

/// The relay with everything that carries out what it says.
pub(super) struct RelayTask {
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
enum RelayWakeup {
    Order(RelayOrder),
    Leg(ShownLeg),
    Stream(StreamId, Vec<u8>),
    Packets,
    Tick,
    /// Nobody uses the relay any more.
    End,
}

impl RelayTask {
    pub(super) fn new(
        setup: RelaySetup,
        executor: Executor,
        news: Sender<RelayNews>,
        shared: Arc<RelayShared>,
    ) -> Self {
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

    pub(super) async fn work(mut self, orders: Receiver<RelayOrder>, legs: Receiver<ShownLeg>) {
        let mut ticks = Timer::interval(TICK);
        let mut streams_first = false;
        loop {
            let relaying = self.relay.calls() > 0;
            let tick = async {
                if !relaying {
                    return future::pending().await;
                }
                ticks.next().await;
                RelayWakeup::Tick
            };
            let order = async { orders.recv().await.map_or(RelayWakeup::End, RelayWakeup::Order) };
            let leg = async { legs.recv().await.map_or(RelayWakeup::End, RelayWakeup::Leg) };
            let stream = async {
                let arrival = self.streams.arrivals.recv().await;
                arrival.map_or(RelayWakeup::End, |(stream, bytes)| RelayWakeup::Stream(stream, bytes))
            };
            let packets = async {
                self.ports.readable().await;
                RelayWakeup::Packets
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
                RelayWakeup::Order(RelayOrder::Open(call, tokens)) => self.open(call, tokens, now),
                RelayWakeup::Order(RelayOrder::Close(call)) => self.close(call),
                RelayWakeup::Leg(shown) => self.show(shown, now),
                RelayWakeup::Stream(stream, bytes) => self.take_bytes(stream, &bytes, now),
                RelayWakeup::Packets => self.take_packets(now),
                RelayWakeup::Tick => self.tick(now),
                RelayWakeup::End => return,
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
        fault::panic_if_asked(b"fault in the relay", bytes);
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
        self.relay.set_rates(self.shared.rates());
    }

    fn tell(&self, news: RelayNews) {
        // Whoever is gone need not be told.
        let _ = self.news.try_send(news);
    }

    fn report(&self) {
        let (calls, counts) = (self.relay.calls(), self.relay.counts());
        let report = RelayReport { calls, counts, too_slow: self.too_slow };
        self.shared.set_report(report);
    }
}
