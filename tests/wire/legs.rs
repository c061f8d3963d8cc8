//! Where a client's leg is: over a stream or UDP, against a real relay, on a clock of their own.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use tr2::model::Timestamp;
use tr2::net::legs::{
    BIND_PATIENCE, LASTED, LegKind, LegStep, Legs, MAX_BINDINGS, MAX_DIALS, PAUSES, STREAM_SILENCE, UDP_PAUSE,
    UDP_SILENCE,
};
use tr2::protocol::leg::{LegPacket, LegToken};
use tr2::server::limits::Rate;
use tr2::server::relay::{Relay, RelayId, RelayRates, RelaySend, StreamId};

use crate::chance::Chance;

const OURS: LegToken = LegToken([1; 16]);
const THEIRS: LegToken = LegToken([2; 16]);
const CALL: RelayId = RelayId(1);
/// The other client, whose leg is over UDP and answers every packet.
const OTHER: &str = "203.0.113.9:4000";
const US: &str = "203.0.113.5:5000";
const PACKET: [u8; 100] = [0x40; 100];

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

fn address(text: &str) -> SocketAddr {
    text.parse().unwrap()
}

/// Something on its way.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Flying {
    /// Over UDP, to the server and from it.
    Up(Vec<u8>),
    Down(Vec<u8>),
    /// A stream, by its number: it is dialed, has greeted, shows the token, is told so, carries packets, ends.
    Dialed(u64),
    Greeted(u64),
    Shown(u64),
    Ready(u64),
    StreamUp(u64, Vec<u8>),
    StreamDown(u64, Vec<u8>),
    HungUp(u64),
    Refused(u64),
}

/// What the network does.
#[derive(Clone, Copy, Debug)]
struct Weather {
    /// One way over UDP, and over a stream.
    udp: Duration,
    stream: Duration,
    /// In a thousand packets, this many are lost over UDP.
    loss: u64,
    /// Whether the server takes connections.
    dialed: bool,
    /// Whether streams that are there carry anything.
    carries: bool,
}

const FAIR: Weather = Weather { udp: ms_const(20), stream: ms_const(20), loss: 0, dialed: true, carries: true };

const fn ms_const(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

struct World {
    legs: Legs,
    relay: Relay,
    weather: Weather,
    began: Instant,
    now: Instant,
    flying: BinaryHeap<Reverse<(Instant, u64, Flying)>>,
    sent: u64,
    streams: u64,
    /// The stream that we have.
    stream: Option<u64>,
    /// Whether the relay has the call.
    relayed: bool,
    /// Which way packets went, and when.
    goes: Vec<(u64, LegKind)>,
    /// How many streams were dialed, and when.
    dials: Vec<u64>,
    binds: usize,
    echoes: usize,
    chance: Chance,
    /// Our address, as the server sees it.
    us: SocketAddr,
}

impl World {
    fn new(udp: bool, weather: Weather) -> Self {
        let now = Instant::now();
        let rate = Rate { burst: 1 << 30, per_second: 1 << 30 };
        let mut relay = Relay::new(RelayRates { leg: rate, all: rate }, [9; 32], Timestamp::default());
        assert!(relay.open(CALL, [OURS, THEIRS], Timestamp::default()));
        let mut world = Self {
            legs: Legs::new(OURS, udp, now),
            relay,
            weather,
            began: now,
            now,
            flying: BinaryHeap::new(),
            sent: 0,
            streams: 0,
            stream: None,
            relayed: true,
            goes: Vec::new(),
            dials: Vec::new(),
            binds: 0,
            echoes: 0,
            chance: Chance(7),
            us: address(US),
        };
        // The other client is there already.
        let other = |world: &mut Self, packet: LegPacket<'_>| {
            let time = world.time();
            world.relay.from_address(address(OTHER), &packet.write(), time)
        };
        let Some(RelaySend::Packet(_, challenge)) = other(&mut world, LegPacket::Bind(THEIRS)) else { panic!() };
        let Some(LegPacket::Challenge(challenge)) = LegPacket::read(&challenge) else { panic!() };
        other(&mut world, LegPacket::Answer(THEIRS, challenge)).unwrap();
        world
    }

    fn time(&self) -> Timestamp {
        Timestamp::default().after(self.now - self.began)
    }

    fn elapsed(&self) -> u64 {
        (self.now - self.began).as_millis() as u64
    }

    fn fly(&mut self, after: Duration, what: Flying) {
        self.sent += 1;
        self.flying.push(Reverse((self.now + after, self.sent, what)));
    }

    /// What the legs want done.
    fn carry_out(&mut self) {
        while let Some(step) = self.legs.step() {
            match step {
                LegStep::Dial => {
                    self.dials.push(self.elapsed());
                    self.streams += 1;
                    self.stream = Some(self.streams);
                    self.fly(self.weather.stream * 2, Flying::Dialed(self.streams));
                }
                LegStep::Show => self.fly(self.weather.stream, Flying::Shown(self.stream.unwrap())),
                LegStep::HangUp => {
                    let stream = self.stream.take().unwrap();
                    self.fly(self.weather.stream, Flying::HungUp(stream));
                }
                LegStep::Send(packet) => {
                    self.binds += usize::from(matches!(LegPacket::read(&packet), Some(LegPacket::Bind(_))));
                    self.fly(self.weather.udp, Flying::Up(packet));
                }
                LegStep::Goes(way) => self.goes.push((self.elapsed(), way)),
            }
        }
    }

    /// Sends a packet of the channel.
    fn talk(&mut self) {
        match self.legs.send(self.now) {
            Some(LegKind::Udp) => self.fly(self.weather.udp, Flying::Up(PACKET.to_vec())),
            Some(LegKind::Stream) => {
                if let Some(stream) = self.stream {
                    self.fly(self.weather.stream, Flying::StreamUp(stream, PACKET.to_vec()));
                }
            }
            None => {}
        }
    }

    fn lost(&mut self) -> bool {
        (self.chance.below(1000) as u64) < self.weather.loss
    }

    fn arrive(&mut self, what: Flying) {
        let (now, time) = (self.now, self.time());
        match what {
            Flying::Up(packet) if !self.lost() => {
                let sent = self.relay.from_address(self.us, &packet, time);
                self.send(sent);
            }
            Flying::Down(packet) if !self.lost() => {
                self.echoes += usize::from(self.legs.receive(&packet, now).is_some());
            }
            Flying::Up(_) | Flying::Down(_) => {}
            Flying::Dialed(stream) if self.weather.dialed => self.fly(self.weather.stream, Flying::Greeted(stream)),
            Flying::Dialed(stream) if self.stream == Some(stream) => {
                self.stream = None;
                self.legs.stream_lost("no server is listening there".to_owned(), false, now);
            }
            Flying::Greeted(stream) if self.stream == Some(stream) => self.legs.greeted(now),
            Flying::Shown(stream) if self.relayed => {
                let sends = self.relay.bind_stream(StreamId(stream), OURS, time).unwrap();
                self.fly(self.weather.stream, Flying::Ready(stream));
                for send in sends {
                    self.send(Some(send));
                }
            }
            Flying::Shown(stream) => self.fly(self.weather.stream, Flying::Refused(stream)),
            Flying::Refused(stream) if self.stream == Some(stream) => {
                self.stream = None;
                self.legs.stream_lost("There is no such call.".to_owned(), true, now);
            }
            Flying::Ready(stream) if self.stream == Some(stream) => self.legs.ready(now),
            Flying::StreamUp(stream, packet) if self.weather.carries => {
                let sent = self.relay.from_stream(StreamId(stream), &packet, time);
                self.send(sent);
            }
            Flying::StreamDown(stream, _) if self.weather.carries && self.stream == Some(stream) => {
                self.echoes += 1;
                self.legs.heard_stream();
            }
            Flying::HungUp(stream) => self.relay.stream_ended(StreamId(stream)),
            // Of a stream that is not ours any more.
            _ => {}
        }
    }

    fn send(&mut self, sent: Option<RelaySend>) {
        match sent {
            Some(RelaySend::Packet(to, packet)) if to == address(OTHER) => {
                let time = self.time();
                let back = self.relay.from_address(address(OTHER), &packet, time);
                self.send(back);
            }
            Some(RelaySend::Packet(_, packet)) => self.fly(self.weather.udp, Flying::Down(packet)),
            Some(RelaySend::Stream(StreamId(stream), packet)) => {
                self.fly(self.weather.stream, Flying::StreamDown(stream, packet));
            }
            // The relay's shell closes it; here it ends by itself.
            Some(RelaySend::Close(_)) | None => {}
            Some(RelaySend::Several(sends)) => sends.into_iter().for_each(|send| self.send(Some(send))),
        }
    }

    /// Lets time pass, and a packet be sent from time to time.
    fn run(&mut self, time: Duration, pause: Option<Duration>) {
        let until = self.now + time;
        let mut talks = pause.map(|_| self.now);
        loop {
            self.carry_out();
            let next = self.flying.peek().map(|Reverse((at, ..))| *at);
            let next = next.into_iter().chain(self.legs.deadline()).chain(talks).min();
            let Some(next) = next.filter(|next| *next <= until) else { break };
            self.now = self.now.max(next);
            while self.flying.peek().is_some_and(|Reverse((at, ..))| *at <= self.now) {
                let Reverse((_, _, what)) = self.flying.pop().unwrap();
                self.arrive(what);
            }
            if self.legs.deadline().is_some_and(|due| due <= self.now) {
                self.legs.tick(self.now);
            }
            if talks.is_some_and(|due| due <= self.now) {
                talks = pause.map(|pause| self.now + pause);
                self.talk();
            }
        }
        self.now = until;
    }

    fn way(&self) -> Option<LegKind> {
        self.goes.last().map(|(_, way)| *way)
    }

    /// The longest time, in pauses of 10 ms, until a packet comes back.
    fn recovery(&mut self) -> Duration {
        let (began, before) = (self.now, self.echoes);
        while self.echoes == before {
            assert!(self.now - began < Duration::from_secs(60), "nothing comes back: {:?}", self.legs);
            self.run(ms(10), Some(ms(10)));
        }
        self.now - began
    }
}

#[test]
fn over_both_udp_is_used_as_soon_as_it_is_bound_and_the_stream_is_given_up() {
    let mut world = World::new(true, FAIR);
    assert_eq!(world.legs.way(), None);
    world.run(Duration::from_secs(60), Some(ms(50)));
    // Two round trips over UDP; the server has greeted on the stream by then, and was not shown anything there.
    assert_eq!(world.goes, [(80, LegKind::Udp)]);
    assert_eq!((world.dials.len(), world.stream), (1, None));
    assert_eq!(world.legs.seen(), Some(address(US)));
    assert!(world.echoes > 1190, "{}", world.echoes);
    assert_eq!(world.binds, 1);
}

#[test]
fn where_udp_does_not_get_through_the_stream_is_used_and_udp_is_asked_a_few_times_only() {
    let mut world = World::new(true, Weather { loss: 1000, ..FAIR });
    world.run(Duration::from_secs(300), Some(ms(100)));
    assert_eq!(world.goes, [(100, LegKind::Stream)]);
    assert!((5..=8).contains(&world.binds), "{}", world.binds);
    assert_eq!(world.legs.failed(), None);
    let mut world = World::new(false, FAIR);
    world.run(Duration::from_secs(300), Some(ms(100)));
    assert_eq!((world.goes, world.binds, world.dials.len()), (vec![(100, LegKind::Stream)], 0, 1));
}

#[test]
fn a_slow_udp_takes_over_from_the_stream_and_is_made_sure_of() {
    // The stream is ready before UDP is bound, and while it is being bound.
    for udp in [30, 45, 50, 55, 60, 100] {
        let mut world = World::new(true, Weather { udp: ms(udp), ..FAIR });
        world.run(Duration::from_secs(5), Some(ms(10)));
        assert_eq!(world.way(), Some(LegKind::Udp), "{udp}");
        assert_eq!(world.stream, None);
        // Nothing is missing after the change but what was sent while it took place.
        assert!(world.echoes + 60 > 500, "{udp}: {}", world.echoes);
    }
}

#[test]
fn udp_that_falls_silent_is_replaced_by_a_stream_within_seconds_and_used_again_later() {
    let mut world = World::new(true, FAIR);
    world.run(Duration::from_secs(20), Some(ms(50)));
    world.weather.loss = 1000;
    let took = world.recovery();
    assert!(took < UDP_SILENCE + BIND_PATIENCE + ms(500), "{took:?}");
    assert_eq!(world.way(), Some(LegKind::Stream));
    world.weather.loss = 0;
    world.run(UDP_PAUSE + Duration::from_secs(2), Some(ms(50)));
    assert_eq!(world.way(), Some(LegKind::Udp));
    assert_eq!(world.stream, None);
    // Lost again and again, it is tried a bounded number of times.
    for _ in 0..2 * MAX_BINDINGS {
        world.weather.loss = 1000;
        world.run(UDP_SILENCE + BIND_PATIENCE + Duration::from_secs(2), Some(ms(50)));
        world.weather.loss = 0;
        world.run(UDP_PAUSE + Duration::from_secs(2), Some(ms(50)));
    }
    assert_eq!(world.way(), Some(LegKind::Stream));
    assert_eq!(world.goes.iter().filter(|(_, way)| *way == LegKind::Udp).count(), MAX_BINDINGS as usize);
}

#[test]
fn a_leg_that_a_nat_forgets_is_found_again_at_once_where_it_is_made_sure_of() {
    let mut world = World::new(true, FAIR);
    world.run(Duration::from_secs(5), Some(ms(50)));
    assert!(!world.legs.take_move(), "the first address is no other");
    let binds = world.binds;
    world.legs.make_sure(world.now);
    world.run(ms(200), Some(ms(50)));
    assert_eq!((world.binds, world.legs.take_move(), world.legs.seen()), (binds + 1, false, Some(address(US))));
    let elsewhere = address("203.0.113.5:5001");
    world.us = elsewhere;
    // What is on its way arrives.
    world.run(ms(100), Some(ms(50)));
    world.legs.make_sure(world.now);
    let took = world.recovery();
    assert!((ms(50)..ms(200)).contains(&took), "{took:?}");
    assert_eq!((world.legs.take_move(), world.legs.seen()), (true, Some(elsewhere)));
    assert!(!world.legs.take_move());
    // By itself, it waits for a silence.
    world.us = address(US);
    world.run(ms(100), Some(ms(50)));
    let took = world.recovery();
    assert!((UDP_SILENCE - ms(100)..UDP_SILENCE + ms(200)).contains(&took), "{took:?}");
    assert!(world.legs.take_move());
    // Where the leg is on a stream, there is nothing to make sure of.
    let mut world = World::new(false, FAIR);
    world.run(Duration::from_secs(5), Some(ms(50)));
    world.legs.make_sure(world.now);
    world.run(Duration::from_secs(1), Some(ms(50)));
    assert_eq!((world.binds, world.way()), (0, Some(LegKind::Stream)));
}

#[test]
fn a_peer_that_says_nothing_is_not_taken_for_a_server_that_is_gone() {
    let mut world = World::new(true, FAIR);
    world.run(Duration::from_secs(2), Some(ms(50)));
    world.relay.close(CALL);
    assert!(world.relay.open(CALL, [OURS, THEIRS], Timestamp::default()));
    // The other leg is nowhere now; ours is bound again as soon as it is asked for.
    world.run(Duration::from_secs(60), Some(ms(500)));
    assert_eq!(world.goes, [(80, LegKind::Udp)]);
    assert_eq!(world.dials.len(), 1);
    assert!((10..60).contains(&world.binds), "{}", world.binds);
}

#[test]
fn a_stream_that_is_lost_is_dialed_again_with_pauses_and_given_up_in_the_end() {
    let mut world = World::new(false, Weather { dialed: false, ..FAIR });
    world.run(Duration::from_secs(120), None);
    let pauses: Vec<u64> = world.dials.windows(2).map(|pair| pair[1] - pair[0] - 40).collect();
    assert_eq!(pauses, PAUSES.map(|pause| pause.as_millis() as u64));
    assert_eq!(world.dials.len(), MAX_DIALS);
    assert_eq!(world.legs.failed(), Some("no server is listening there"));
    // One that lasted is dialed again at once.
    let mut world = World::new(false, FAIR);
    for lasted in [LASTED + ms(500), LASTED - ms(1500)] {
        world.run(lasted, Some(ms(100)));
        let (stream, before) = (world.stream.take().unwrap(), world.elapsed());
        world.relay.stream_ended(StreamId(stream));
        let now = world.now;
        world.legs.stream_lost("cut".to_owned(), false, now);
        world.run(ms(1000), Some(ms(100)));
        let pause = if lasted > LASTED { 0 } else { 500 };
        assert_eq!(world.dials.last(), Some(&(before + pause)));
    }
    assert_eq!(world.legs.failed(), None);
    // A stream that carries nothing any more is given up too.
    world.run(LASTED, Some(ms(100)));
    world.weather.carries = false;
    let dials = world.dials.len();
    world.run(STREAM_SILENCE + ms(200), Some(ms(100)));
    assert_eq!(world.dials.len(), dials + 1);
    world.weather.carries = true;
    world.recovery();
}

#[test]
fn a_leg_that_the_server_refuses_is_not_tried_again_unless_udp_is_lost() {
    let mut world = World::new(false, FAIR);
    world.relayed = false;
    world.run(Duration::from_secs(60), None);
    assert_eq!((world.dials.len(), world.legs.failed()), (1, Some("There is no such call.")));
    // As long as UDP may still be bound, there is hope.
    let mut world = World::new(true, Weather { loss: 1000, ..FAIR });
    world.relayed = false;
    world.run(BIND_PATIENCE - ms(100), None);
    assert_eq!(world.legs.failed(), None);
    world.run(ms(200), None);
    assert_eq!((world.dials.len(), world.legs.failed()), (1, Some("There is no such call.")));
}

proptest! {
    #[test]
    fn whatever_the_weather_was_packets_go_both_ways_soon_after_it(seed: u64, changes in 1_usize..12) {
        let mut chance = Chance(seed);
        let mut world = World::new(chance.below(4) > 0, FAIR);
        world.chance = Chance(seed ^ 1);
        for _ in 0..changes {
            world.weather = Weather {
                udp: ms(1 + chance.below(120) as u64),
                stream: ms(1 + chance.below(120) as u64),
                loss: [0, 100, 500, 1000][chance.below(4)],
                dialed: true,
                carries: chance.below(4) > 0,
            };
            world.run(ms(chance.below(9000) as u64), Some(ms(50)));
        }
        world.weather = FAIR;
        prop_assert!(world.legs.failed().is_none());
        let took = world.recovery();
        prop_assert!(took < STREAM_SILENCE + Duration::from_secs(2), "{took:?}");
        // And they go on.
        let before = world.echoes;
        world.run(Duration::from_secs(20), Some(ms(50)));
        prop_assert!(world.echoes - before > 250, "{}", world.echoes - before);
    }
}
