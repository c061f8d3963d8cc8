//! Two ends of a channel whose packets come to bypass the server, over NATs and on a clock of their own.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tr2::client::direct::exchange::Exchange;
use tr2::client::direct::orders::{ChannelNews, ChannelOrder, ChannelWay};
use tr2::client::direct::talk::{DirectEnd, Side};
use tr2::model::Text;
use tr2::net::ways::UNPROVED;
use tr2::net::ways::candidate::Candidates;
use tr2::protocol::CallId;
use tr2::protocol::peer::{MAX_ADDRESSES, PeerFrame, PeerFrames};

use crate::peer::credential;
use crate::virtual_nat::{NatKind, Network};

const CALL: CallId = CallId([7; 16]);
const SERVER: &str = "198.51.100.1:7223";
/// How long a packet takes through the server.
const RELAY: Duration = Duration::from_millis(40);

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// Two ends, the server between them, and the networks around.
struct World {
    network: Network,
    machines: [usize; 2],
    ends: [Exchange; 2],
    /// Packets on their way through the server: when they arrive, at which end.
    relayed: VecDeque<(Instant, usize, Vec<u8>)>,
    relays: bool,
    now: Instant,
    news: [Vec<ChannelNews>; 2],
    /// How many packets of the channel each end sent through the server.
    through_server: [usize; 2],
}

impl World {
    fn new(kinds: [NatKind; 2]) -> Self {
        let mut network = Network::new();
        let nats = [network.nat(kinds[0], "203.0.113.1"), network.nat(kinds[1], "203.0.113.2")];
        let machines =
            [network.machine("192.168.1.2:40001", Some(nats[0])), network.machine("192.168.7.9:40002", Some(nats[1]))];
        let keys = [credential(), credential()];
        let now = Instant::now();
        let end = |side, own: usize, nonce| {
            let theirs = keys[1 - own].fingerprint;
            Exchange::new(CALL, side, &keys[own], theirs, [nonce; 16], Candidates::Others, now).unwrap()
        };
        let mut ends = [end(Side::Caller, 0, 1), end(Side::Callee, 1, 2)];
        ends.iter_mut().for_each(|end| end.way_changed(ChannelWay::RelayStream, now));
        let (relayed, news) = (VecDeque::new(), Default::default());
        let mut world = Self { network, machines, ends, relayed, relays: true, now, news, through_server: [0; 2] };
        world.run(ms(1000));
        for news in &mut world.news {
            assert!(matches!(&news[..], [ChannelNews::Goes(..), ChannelNews::Ready(..)]), "{news:?}");
            news.clear();
        }
        world
    }

    fn order(&mut self, end: usize, order: ChannelOrder) {
        self.ends[end].order(order, self.now);
    }

    /// Sends what there is to send and takes the news.
    fn flush(&mut self) {
        for side in 0..2 {
            if self.ends[side].bypasses() {
                let mut own = vec![self.network.inner(self.machines[side])];
                own.extend(self.network.seen(self.machines[side], SERVER.parse().unwrap(), self.now));
                self.ends[side].own_addresses(&own);
            }
            while let Some((to, probe)) = self.ends[side].probe() {
                self.network.send(self.machines[side], to, probe, self.now);
            }
            while let Some(packet) = self.ends[side].transmit(self.now) {
                let route = self.ends[side].route(self.now);
                if let Some(to) = route.direct {
                    self.network.send(self.machines[side], to, packet.clone(), self.now);
                }
                if route.relay {
                    self.through_server[side] += 1;
                    if self.relays {
                        self.relayed.push_back((self.now + RELAY, 1 - side, packet));
                    }
                }
            }
            while let Some(news) = self.ends[side].news(self.now) {
                self.news[side].push(news);
            }
        }
    }

    fn run(&mut self, time: Duration) {
        let until = self.now + time;
        loop {
            self.flush();
            let relayed = self.relayed.front().map(|(at, ..)| *at);
            let due = self.ends.iter_mut().filter_map(Exchange::deadline);
            let Some(next) = due.chain(relayed).chain(self.network.next()).min().filter(|next| *next <= until) else {
                break;
            };
            self.now = self.now.max(next);
            while self.relayed.front().is_some_and(|(at, ..)| *at <= self.now) {
                let (_, to, packet) = self.relayed.pop_front().unwrap();
                self.ends[to].receive(&packet, self.now);
            }
            for (from, to, packet) in self.network.arrived(self.now) {
                if let Some(side) = self.machines.iter().position(|machine| *machine == to) {
                    self.ends[side].receive_straight(from, &packet, self.now);
                }
            }
            for end in &mut self.ends {
                if end.deadline().is_some_and(|due| due <= self.now) {
                    end.tick(self.now);
                }
            }
        }
        self.now = until;
    }

    fn agree(&mut self) {
        for end in 0..2 {
            self.order(end, ChannelOrder::Bypass(CALL, true));
        }
    }

    /// Each end says something, again and again.
    fn talk(&mut self, time: Duration, every: Duration) -> usize {
        let (until, mut said) = (self.now + time, 0);
        while self.now < until {
            for end in 0..2 {
                self.order(end, ChannelOrder::Say(CALL, Text::line(&format!("word {said}"))));
            }
            said += 1;
            self.run(every);
        }
        said
    }

    fn heard(&self, end: usize) -> usize {
        self.news[end].iter().filter(|news| matches!(news, ChannelNews::Said(..))).count()
    }

    fn ways(&self, end: usize) -> Vec<ChannelWay> {
        let ways = self.news[end].iter().filter_map(|news| match news {
            ChannelNews::Goes(CALL, way) => Some(*way),
            _ => None,
        });
        ways.collect()
    }
}

fn direct(address: &str) -> ChannelWay {
    ChannelWay::Direct(address.parse().unwrap())
}

#[test]
fn once_both_want_it_packets_bypass_the_server_and_no_word_is_lost() {
    let mut world = World::new([NatKind::KeepsPorts; 2]);
    world.talk(ms(500), ms(30));
    world.agree();
    world.talk(ms(1000), ms(30));
    assert_eq!(world.ways(0), [direct("203.0.113.2:40002")]);
    assert_eq!(world.ways(1), [direct("203.0.113.1:40001")]);
    let before = world.through_server;
    let said = world.talk(ms(9000), ms(30));
    assert_eq!(said, 300);
    for (after, before) in world.through_server.iter().zip(before) {
        assert!(after - before <= 2, "{:?}", world.through_server);
    }
    world.run(ms(500));
    let all = 17 + 34 + 300;
    assert_eq!([world.heard(0), world.heard(1)], [all, all]);
}

#[test]
fn before_both_want_it_nothing_is_told_and_nothing_is_sent_straight() {
    let mut world = World::new([NatKind::KeepsPorts; 2]);
    world.order(0, ChannelOrder::Bypass(CALL, true));
    world.talk(ms(5000), ms(100));
    assert_eq!(world.network.log, [], "not a packet to anybody");
    let wishes: Vec<_> = world.news[1].iter().filter(|news| !matches!(news, ChannelNews::Said(..))).collect();
    assert_eq!(wishes, [&ChannelNews::WantsBypass(CALL, true)]);
    // It is told once.
    world.order(0, ChannelOrder::Bypass(CALL, true));
    world.run(ms(1000));
    assert_eq!(world.news[1].iter().filter(|news| matches!(news, ChannelNews::WantsBypass(..))).count(), 1);
}

#[test]
fn whoever_no_longer_wants_it_is_sent_nothing_straight() {
    let mut world = World::new([NatKind::KeepsPorts; 2]);
    world.agree();
    world.talk(ms(1000), ms(50));
    world.order(1, ChannelOrder::Bypass(CALL, false));
    world.talk(ms(500), ms(50));
    let (sent, heard) = (world.network.log.len(), world.heard(0));
    world.talk(ms(5000), ms(50));
    assert_eq!(world.network.log.len(), sent);
    world.run(ms(500));
    assert_eq!(world.heard(0) - heard, 100, "and everything goes through the server");
    assert_eq!(world.ways(0).last(), Some(&ChannelWay::RelayStream));
    // And back again.
    world.order(1, ChannelOrder::Bypass(CALL, true));
    world.talk(ms(1000), ms(50));
    assert_eq!(world.ways(0).last(), Some(&direct("203.0.113.2:40002")));
}

#[test]
fn the_server_may_die_while_packets_bypass_it() {
    let mut world = World::new([NatKind::KeepsPorts; 2]);
    world.agree();
    world.run(ms(1000));
    world.relays = false;
    for end in 0..2 {
        let now = world.now;
        world.ends[end].relay_lost("The server is gone.", now);
    }
    let said = world.talk(ms(60_000), ms(500));
    world.run(ms(500));
    assert_eq!([world.heard(0), world.heard(1)], [said; 2]);
    assert!(!world.ends[0].has_ended());
    // It outlasts an interruption: there is no other way.
    let [a, b] = world.machines;
    world.network.cut = vec![(a, b), (b, a)];
    let more = world.talk(ms(8000), ms(500));
    world.network.cut.clear();
    world.run(ms(1500));
    assert_eq!([world.heard(0), world.heard(1)], [said + more; 2]);
    // When that way ends too, so does the channel.
    world.network.cut = vec![(a, b), (b, a)];
    world.talk(UNPROVED, ms(500));
    assert!(world.ends.iter().all(Exchange::has_ended), "{:?}", world.news[0].last());
}

#[test]
fn without_a_bypass_the_end_of_the_server_is_the_end() {
    let mut world = World::new([NatKind::Symmetric; 2]);
    world.agree();
    world.run(ms(10_000));
    let now = world.now;
    world.ends[0].relay_lost("The server is gone.", now);
    world.run(ms(100));
    let end = ChannelNews::Ended(CALL, DirectEnd::NoWay("The server is gone.".to_owned()));
    assert_eq!(world.news[0].last(), Some(&end));
}

#[test]
fn a_way_that_ends_gives_way_to_the_server_again() {
    let mut world = World::new([NatKind::KeepsPorts; 2]);
    world.agree();
    world.talk(ms(2000), ms(50));
    let [a, b] = world.machines;
    world.network.cut = vec![(a, b), (b, a)];
    let (before, said) = (world.heard(1), world.talk(ms(5000), ms(50)));
    world.run(ms(1000));
    assert!(world.heard(1) - before >= said, "no word is lost");
    assert_eq!(world.ways(0).last(), Some(&ChannelWay::RelayStream));
}

#[test]
fn when_a_way_falls_silent_that_is_known_once() {
    let mut world = World::new([NatKind::KeepsPorts; 2]);
    world.agree();
    world.talk(ms(2000), ms(50));
    let silent = |world: &mut World| {
        let now = world.now;
        world.ends.each_mut().map(|end| end.take_silence(now))
    };
    assert_eq!(silent(&mut world), [false; 2]);
    let [a, b] = world.machines;
    world.network.cut = vec![(a, b), (b, a)];
    world.talk(ms(150), ms(50));
    assert_eq!(silent(&mut world), [false; 2]);
    world.talk(ms(400), ms(50));
    assert_eq!((silent(&mut world), silent(&mut world)), ([true; 2], [false; 2]));
    world.talk(ms(4000), ms(50));
    assert_eq!(silent(&mut world), [false; 2], "it is given up");
}

#[test]
fn what_a_lost_leg_has_cost_is_sent_again_at_once_when_it_is_found() {
    // The waits of the channel's own timer double: without more it would be sent only after some of them.
    for lost in [ms(1500), ms(3000), ms(6000)] {
        let mut world = World::new([NatKind::KeepsPorts; 2]);
        world.relays = false;
        world.order(0, ChannelOrder::Say(CALL, Text::line("a word")));
        world.run(lost);
        world.relays = true;
        world.ends[0].relay_moved();
        world.run(RELAY * 6);
        assert_eq!(world.heard(1), 1, "{lost:?}");
    }
}

#[test]
fn a_packet_goes_through_the_server_now_and_then_so_that_it_keeps_the_call() {
    let mut world = World::new([NatKind::KeepsPorts; 2]);
    world.agree();
    world.run(ms(1000));
    let before = world.through_server;
    world.run(ms(120_000));
    for (after, before) in world.through_server.iter().zip(before) {
        let sent = after - before;
        assert!((6..=13).contains(&sent), "{sent} in two minutes");
    }
}

#[test]
fn its_frames_are_read_as_they_were_written_each_limit_at_it_and_one_over() {
    let address = |n: usize| -> SocketAddr { format!("[2001:db8::{n}]:4000").parse().unwrap() };
    let read = |frame: &PeerFrame| {
        let (mut bytes, mut frames) = (Vec::new(), PeerFrames::default());
        frame.write(&mut bytes);
        frames.feed(&bytes);
        frames.frame()
    };
    let some = vec!["203.0.113.1:1".parse().unwrap(), address(9)];
    for frame in [
        PeerFrame::Bypass(true),
        PeerFrame::Bypass(false),
        PeerFrame::Addresses(Vec::new()),
        PeerFrame::Addresses(some),
        PeerFrame::Addresses((0..MAX_ADDRESSES).map(address).collect()),
    ] {
        assert_eq!(read(&frame), Ok(Some(frame)));
    }
    assert!(read(&PeerFrame::Addresses((0..=MAX_ADDRESSES).map(address).collect())).is_err());
    for bad in [&[0, 2, 20, 2][..], &[0, 1, 20], &[0, 3, 20, 1, 1], &[0, 3, 21, 1, 1]] {
        let mut frames = PeerFrames::default();
        frames.feed(bad);
        assert!(frames.frame().is_err(), "{bad:?}");
    }
}

#[test]
fn where_no_way_is_found_that_is_said_once() {
    let said = |world: &World| {
        world.news.each_ref().map(|news| news.iter().filter(|n| matches!(n, ChannelNews::NoBypass(CALL))).count())
    };
    let mut world = World::new([NatKind::Symmetric; 2]);
    world.agree();
    world.run(ms(4_000));
    assert_eq!(said(&world), [0, 0], "it is searched for");
    world.run(ms(116_000));
    assert_eq!((said(&world), world.ways(0)), ([1, 1], Vec::new()));
    // Whoever asks again is told again.
    world.order(0, ChannelOrder::Bypass(CALL, false));
    world.run(ms(20_000));
    assert_eq!(said(&world), [1, 1]);
    world.order(0, ChannelOrder::Bypass(CALL, true));
    world.run(ms(20_000));
    assert_eq!(said(&world), [2, 2]);
    // Where there is one, there is nothing to say, not even when it ends.
    let mut world = World::new([NatKind::KeepsPorts; 2]);
    world.agree();
    world.talk(ms(20_000), ms(500));
    let [a, b] = world.machines;
    world.network.cut = vec![(a, b), (b, a)];
    world.talk(ms(30_000), ms(500));
    assert_eq!(world.ways(0).last(), Some(&ChannelWay::RelayStream));
    assert_eq!(said(&world), [0, 0]);
    // An address at which nothing arrives is no way.
    let mut world = World::new([NatKind::KeepsPorts; 2]);
    let [a, b] = world.machines;
    world.network.cut = vec![(a, b), (b, a)];
    world.agree();
    world.run(ms(20_000));
    assert_eq!(said(&world), [1, 1]);
}
