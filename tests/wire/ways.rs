//! Which way the packets of a channel go, over a network with NATs of every kind on a clock of their own.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use tr2::net::ways::candidate::Candidates;
use tr2::net::ways::probe::{PROBE, Probe, ProbeKey};
use tr2::net::ways::{
    DOUBT, GIVEN_UP, MAX_FOUND, MAX_PROBES, MAX_SEARCHES, MAX_TOLD, Route, SEARCH, SEARCH_AGAIN, UNPROVED, Ways,
};

use crate::virtual_nat::{NatKind, Network};

/// The server, which tells everybody how it sees them.
const SERVER: &str = "198.51.100.1:7223";
/// A packet of the channel.
const PACKET: &[u8] = &[0x40; 600];

fn address(text: &str) -> SocketAddr {
    text.parse().unwrap()
}

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

fn keys() -> [ProbeKey; 2] {
    [ProbeKey::new(&[7; 32], true), ProbeKey::new(&[7; 32], false)]
}

/// Two sides on a network.
struct World {
    network: Network,
    machines: [usize; 2],
    ways: [Ways; 2],
    began: Instant,
    now: Instant,
    /// What each side was told: when, and the address in use.
    news: [Vec<(Duration, Option<SocketAddr>)>; 2],
    /// Packets of the channel that came straight to each side and were taken.
    taken: [usize; 2],
    /// Packets of the channel that each side sent through the server.
    relayed: [usize; 2],
}

impl World {
    /// Both say yes at once, and tell each other the address that they know and the one that the server sees.
    fn new(network: Network, machines: [usize; 2]) -> Self {
        let now = Instant::now();
        let ways = keys().map(|key| Ways::new(key, Candidates::Others));
        let (news, taken, relayed) = (Default::default(), [0; 2], [0; 2]);
        let mut world = Self { network, machines, ways, began: now, now, news, taken, relayed };
        world.tell();
        world
    }

    fn tell(&mut self) {
        for side in 0..2 {
            let machine = self.machines[1 - side];
            let mut told = vec![self.network.inner(machine)];
            told.extend(self.network.seen(machine, address(SERVER), self.now));
            self.ways[side].probe(&told, self.now);
        }
    }

    /// Each side sends a packet of the channel.
    fn talk(&mut self) {
        for side in 0..2 {
            let Route { direct, relay } = self.ways[side].route(self.now);
            self.relayed[side] += usize::from(relay);
            if let Some(to) = direct {
                self.network.send(self.machines[side], to, PACKET.to_vec(), self.now);
            }
        }
    }

    /// Lets time pass; with `every`, both sides talk.
    fn run(&mut self, time: Duration, every: Option<Duration>) {
        let until = self.now + time;
        let mut said = self.now;
        loop {
            for side in 0..2 {
                while let Some((to, packet)) = self.ways[side].transmit() {
                    assert_eq!(packet.len(), PROBE);
                    self.network.send(self.machines[side], to, packet, self.now);
                }
                while let Some(news) = self.ways[side].news() {
                    self.news[side].push((self.now - self.began, news));
                }
            }
            let due = self.ways.iter().filter_map(Ways::deadline);
            let next = due.chain(self.network.next()).chain(every.map(|every| said + every)).min();
            let Some(next) = next.filter(|next| *next <= until) else { break };
            self.now = self.now.max(next);
            if every.is_some_and(|every| said + every <= self.now) {
                said = self.now;
                self.talk();
            }
            for (from, to, packet) in self.network.arrived(self.now) {
                let Some(side) = self.machines.iter().position(|machine| *machine == to) else { continue };
                if packet[0] >= 0x40 {
                    self.taken[side] += usize::from(self.ways[side].heard(from, self.now));
                } else {
                    self.ways[side].receive(from, &packet, self.now);
                }
            }
            for ways in &mut self.ways {
                if ways.deadline().is_some_and(|due| due <= self.now) {
                    ways.tick(self.now);
                }
            }
        }
        self.now = until;
    }

    /// The address that each side uses.
    fn used(&self) -> [Option<SocketAddr>; 2] {
        [0, 1].map(|side| self.news[side].last().and_then(|(_, address)| *address))
    }
}

fn two_nats(one: NatKind, other: NatKind) -> World {
    let mut network = Network::new();
    let (a, b) = (network.nat(one, "203.0.113.1"), network.nat(other, "203.0.113.2"));
    let machines = [network.machine("192.168.1.2:40001", Some(a)), network.machine("192.168.7.9:40002", Some(b))];
    World::new(network, machines)
}

#[test]
fn a_way_is_found_through_ordinary_nats_within_a_second() {
    let mut world = two_nats(NatKind::KeepsPorts, NatKind::KeepsPorts);
    world.run(ms(1000), None);
    assert_eq!(world.used(), [Some(address("203.0.113.2:40002")), Some(address("203.0.113.1:40001"))]);
    for news in &world.news {
        assert!(news[0].0 <= ms(150), "found after {:?}", news[0].0);
    }
}

#[test]
fn two_in_one_lan_find_each_other_there() {
    let mut network = Network::new();
    let nat = network.nat(NatKind::KeepsPorts, "203.0.113.1");
    let machines = [network.machine("192.168.1.2:40001", Some(nat)), network.machine("192.168.1.3:40002", Some(nat))];
    let mut world = World::new(network, machines);
    world.run(ms(10), None);
    assert_eq!(world.used(), [Some(address("192.168.1.3:40002")), Some(address("192.168.1.2:40001"))]);
}

#[test]
fn one_in_public_and_one_behind_any_nat_find_each_other() {
    for kind in [NatKind::KeepsPorts, NatKind::Symmetric] {
        let mut network = Network::new();
        let nat = network.nat(kind, "203.0.113.1");
        let machines = [network.machine("192.168.1.2:40001", Some(nat)), network.machine("198.51.100.9:40002", None)];
        let mut world = World::new(network, machines);
        world.run(ms(1000), None);
        assert_eq!(world.used()[0], Some(address("198.51.100.9:40002")), "{kind:?}");
        assert!(world.used()[1].is_some_and(|used| used.ip() == address("203.0.113.1:1").ip()), "{kind:?}");
    }
}

#[test]
fn without_a_way_it_stays_with_the_server_and_probes_stay_few() {
    for (one, other) in [
        (NatKind::Symmetric, NatKind::Symmetric),
        (NatKind::NoUdp, NatKind::KeepsPorts),
        (NatKind::NoUdp, NatKind::NoUdp),
    ] {
        let mut world = two_nats(one, other);
        world.run(ms(200_000), Some(ms(66)));
        assert_eq!(world.used(), [None, None], "{one:?} {other:?}");
        assert_eq!(world.taken, [0, 0]);
        assert!(world.relayed[0] > 2900, "every packet goes through the server");
        // Two addresses, twenty probes each in a search, and a search every twenty seconds.
        let probes = world.network.log.iter().filter(|(from, ..)| *from == world.machines[0]).count();
        let searches = 200 / (SEARCH + SEARCH_AGAIN).as_secs() as usize + 1;
        assert!(probes <= searches * 2 * MAX_PROBES as usize, "{probes}");
    }
}

#[test]
fn searches_end() {
    let mut world = two_nats(NatKind::Symmetric, NatKind::Symmetric);
    world.run(ms(4_000_000), None);
    let probes = world.network.log.len();
    assert!(probes <= 2 * MAX_SEARCHES as usize * 2 * MAX_PROBES as usize, "{probes}");
    let last = *world.network.times.last().unwrap() - world.began;
    assert!(last < (SEARCH + SEARCH_AGAIN) * MAX_SEARCHES + SEARCH, "{last:?}");
    assert!(world.ways.iter().all(|ways| ways.deadline().is_none()));
}

#[test]
fn a_way_stays_open_while_nothing_is_said() {
    let mut world = two_nats(NatKind::KeepsPorts, NatKind::KeepsPorts);
    world.run(ms(600_000), None);
    assert_eq!(world.news[0].len(), 1, "{:?}", world.news[0]);
    // A probe and its answer every four seconds from each side, and what was sent to find the way.
    let sent = world.network.log.len();
    let found = 2 * 2 * 2 * MAX_PROBES as usize;
    assert!(sent <= 600 + found, "{sent} packets in ten minutes");
    world.run(ms(1000), Some(ms(66)));
    assert!(world.taken.iter().all(|taken| *taken >= 13), "{:?}", world.taken);
}

#[test]
fn a_way_that_ends_is_doubted_and_given_up_and_another_found() {
    let mut world = two_nats(NatKind::KeepsPorts, NatKind::KeepsPorts);
    world.run(ms(1000), Some(ms(66)));
    assert_eq!(world.relayed.map(|relayed| relayed <= 2), [true; 2], "{:?}", world.relayed);
    let [a, b] = world.machines;
    world.network.cut = vec![(a, b), (b, a)];
    let before = world.relayed;
    // Within a doubt's time packets go both ways; so few of fifteen a second are lost.
    world.run(ms(1000), Some(ms(66)));
    for (after, before) in world.relayed.iter().zip(before) {
        assert!(after - before >= 10, "{:?}", world.relayed);
    }
    world.run(GIVEN_UP, Some(ms(66)));
    assert_eq!(world.used(), [None, None]);
    // It comes back.
    world.network.cut.clear();
    world.run(SEARCH + SEARCH_AGAIN, Some(ms(66)));
    assert!(world.used().iter().all(Option::is_some), "{:?}", world.news);
}

#[test]
fn a_way_that_is_silent_in_one_direction_only_is_doubted_by_both() {
    let mut world = two_nats(NatKind::KeepsPorts, NatKind::KeepsPorts);
    world.run(ms(1000), Some(ms(66)));
    let [a, b] = world.machines;
    world.network.cut = vec![(a, b)];
    world.run(ms(4000), Some(ms(66)));
    assert_eq!(world.used(), [None, None], "{:?}", world.news);
}

#[test]
fn a_way_that_ends_while_nothing_is_said_is_noticed_by_its_probes() {
    let mut world = two_nats(NatKind::KeepsPorts, NatKind::KeepsPorts);
    world.run(ms(1000), None);
    let [a, b] = world.machines;
    world.network.cut = vec![(a, b), (b, a)];
    assert_eq!(world.ways.each_ref().map(|ways| ways.is_silent(world.now)), [false; 2]);
    // The next probe comes four seconds after the last.
    world.run(ms(4000) + DOUBT * 3, None);
    assert_eq!(world.ways.each_ref().map(|ways| ways.is_silent(world.now)), [true; 2]);
    world.run(GIVEN_UP, None);
    assert_eq!(world.used(), [None, None], "{:?}", world.news);
}

#[test]
fn a_way_whose_packets_need_no_answer_is_not_silent() {
    let mut world = two_nats(NatKind::KeepsPorts, NatKind::KeepsPorts);
    world.run(ms(1000), None);
    let Route { direct: Some(to), .. } = world.ways[0].route(world.now) else { panic!("{:?}", world.news) };
    world.network.send(world.machines[0], to, PACKET.to_vec(), world.now);
    // It is doubted, and a probe comes back.
    for _ in 0..100 {
        world.run(ms(10), None);
        assert!(!world.ways[0].is_silent(world.now));
    }
}

#[test]
fn a_way_that_was_proved_is_better_than_one_that_is_doubted() {
    let mut world = two_nats(NatKind::KeepsPorts, NatKind::KeepsPorts);
    world.run(ms(1000), Some(ms(66)));
    let nat = world.network.nat(NatKind::KeepsPorts, "203.0.113.3");
    world.network.carry(world.machines[1], "10.0.0.5:40002", Some(nat));
    world.run(DOUBT * 2, Some(ms(66)));
    world.tell();
    let carried = world.now - world.began;
    world.run(ms(200), Some(ms(66)));
    let (at, used) = world.news[0].last().unwrap();
    assert_eq!(*used, Some(address("203.0.113.3:40002")), "{:?}", world.news);
    assert!(*at >= carried && world.news[0].iter().all(|(_, used)| used.is_some()), "{:?}", world.news);
}

#[test]
fn a_machine_that_is_carried_elsewhere_is_found_again() {
    let mut world = two_nats(NatKind::KeepsPorts, NatKind::KeepsPorts);
    world.run(ms(1000), Some(ms(66)));
    let nat = world.network.nat(NatKind::KeepsPorts, "203.0.113.3");
    world.network.carry(world.machines[1], "10.0.0.5:40002", Some(nat));
    world.run(ms(3000), Some(ms(66)));
    world.tell();
    world.run(ms(1000), Some(ms(66)));
    assert_eq!(world.used()[0], Some(address("203.0.113.3:40002")), "{:?}", world.news);
}

#[test]
fn without_the_server_the_talk_goes_on() {
    let mut world = two_nats(NatKind::KeepsPorts, NatKind::KeepsPorts);
    world.run(ms(1000), None);
    for ways in &mut world.ways {
        ways.set_relay(false);
    }
    world.run(ms(60_000), Some(ms(66)));
    assert_eq!(world.relayed, [0, 0]);
    assert!(world.taken.iter().all(|taken| *taken >= 900), "{:?}", world.taken);
}

#[test]
fn without_the_server_a_way_outlasts_an_interruption() {
    for every in [None, Some(ms(66))] {
        let mut world = two_nats(NatKind::KeepsPorts, NatKind::KeepsPorts);
        world.run(ms(1000), every);
        for ways in &mut world.ways {
            ways.set_relay(false);
        }
        let [a, b] = world.machines;
        world.network.cut = vec![(a, b), (b, a)];
        world.run(UNPROVED - ms(5000), every);
        world.network.cut.clear();
        world.run(ms(400), Some(ms(66)));
        let taken = world.taken;
        world.run(ms(1000), Some(ms(66)));
        assert!(world.taken.iter().zip(taken).all(|(after, before)| after - before >= 13), "{:?}", world.taken);
        assert!(world.news.iter().flatten().all(|(_, used)| used.is_some()), "{:?}", world.news);
        // Not for ever.
        world.network.cut = vec![(a, b), (b, a)];
        world.run(UNPROVED, every);
        assert_eq!(world.used(), [None, None], "{:?}", world.news);
    }
}

#[test]
fn nothing_goes_anywhere_before_addresses_are_told() {
    let [mut ways, mut other] = keys().map(|key| Ways::new(key, Candidates::Others));
    let now = Instant::now();
    assert_eq!(ways.route(now), Route { direct: None, relay: true });
    assert_eq!((ways.deadline(), ways.transmit(), ways.news()), (None, None, None));
    // Not even an answer to a probe of the other side.
    other.probe(&[address("203.0.113.1:40001")], now);
    other.tick(now);
    let (_, probe) = other.transmit().unwrap();
    ways.receive(address("203.0.113.2:40002"), &probe, now);
    assert_eq!(ways.transmit(), None);
}

#[test]
fn addresses_of_services_of_this_machine_and_of_many_are_never_probed() {
    let now = Instant::now();
    for (told, allowed) in [
        ("203.0.113.1:1024", true),
        ("203.0.113.1:1023", false),
        ("192.168.1.1:5000", true),
        ("[2001:db8::1]:5000", true),
        ("[fd00::1]:5000", true),
        ("127.0.0.1:5000", false),
        ("127.9.9.9:5000", false),
        ("[::1]:5000", false),
        ("[::ffff:127.0.0.1]:5000", false),
        ("[::ffff:203.0.113.1]:5000", true),
        ("0.0.0.0:5000", false),
        ("0.1.2.3:5000", false),
        ("[::]:5000", false),
        ("255.255.255.255:5000", false),
        ("240.0.0.1:5000", false),
        ("224.0.0.251:5353", false),
        ("[ff02::fb]:5353", false),
        ("169.254.169.254:5000", false),
        ("[fe80::1]:5000", false),
        ("[64:ff9b::7f00:1]:5000", false),
        ("[2002:7f00:1::]:5000", false),
        ("[::127.0.0.1]:5000", false),
    ] {
        let [key, _] = keys();
        let mut ways = Ways::new(key, Candidates::Others);
        ways.probe(&[address(told)], now);
        ways.tick(now);
        assert_eq!(ways.transmit().is_some(), allowed, "{told}");
    }
    let [key, _] = keys();
    let mut ways = Ways::new(key, Candidates::Loopback);
    ways.probe(&[address("127.0.0.1:5000"), address("[::1]:5000"), address("224.0.0.1:5000")], now);
    ways.tick(now);
    assert_eq!(std::iter::from_fn(|| ways.transmit()).count(), 2);
}

#[test]
fn a_peer_has_only_so_many_addresses_probed_so_often_and_chooses_no_byte() {
    let now = Instant::now();
    let [key, other] = keys();
    let mut ways = Ways::new(key, Candidates::Others);
    let told: Vec<SocketAddr> = (0..100).map(|n| address(&format!("203.0.113.{n}:4000"))).collect();
    ways.probe(&told, now);
    // Told again and again, they are not more.
    ways.probe(&told[50..], now);
    let mut probed = Vec::new();
    for step in 0..=5000 {
        let now = now + ms(step);
        if ways.deadline().is_some_and(|due| due <= now) {
            ways.tick(now);
        }
        while let Some((to, packet)) = ways.transmit() {
            assert_eq!(packet.len(), PROBE);
            probed.push(to);
        }
        // It says that it got them, but from elsewhere.
        ways.receive(address("198.51.100.9:4000"), &other.write(Probe::Answers(step)), now);
    }
    assert_eq!(probed.len(), MAX_TOLD * MAX_PROBES as usize);
    probed.sort();
    probed.dedup();
    assert_eq!(probed.len(), MAX_TOLD);
    assert_eq!(ways.route(now), Route { direct: None, relay: true }, "no probe came back from where it went");
}

#[test]
fn valid_probes_from_many_addresses_make_few_of_them_probed() {
    let now = Instant::now();
    let [key, other] = keys();
    let mut ways = Ways::new(key, Candidates::Others);
    ways.probe(&[address("203.0.113.1:4000")], now);
    let mut sent = std::collections::BTreeMap::<SocketAddr, usize>::new();
    for n in 0..1000 {
        let now = now + ms(5 * n);
        let from = address(&format!("198.51.100.{}:4000", n % 250));
        ways.receive(from, &other.write(Probe::Asks(n)), now);
        // Again the same: whoever listens on the way can send it from anywhere.
        ways.receive(address("192.0.2.1:4000"), &other.write(Probe::Asks(n)), now);
        ways.tick(now);
        while let Some((to, _)) = ways.transmit() {
            *sent.entry(to).or_default() += 1;
        }
    }
    assert_eq!(sent.get(&address("192.0.2.1:4000")), None, "a probe counts once");
    // To each, an answer to each of its four probes and the first few of ours before another takes its place.
    let most = sent.values().max().unwrap();
    assert!(*most <= 4 + MAX_PROBES as usize, "{sent:?}");
    let total: usize = sent.values().sum();
    assert!(total <= 1000 + 1000 + MAX_FOUND * MAX_PROBES as usize, "{total} packets for a thousand");
}

#[test]
fn a_probe_is_of_its_channel_and_its_side() {
    let [caller, callee] = keys();
    let other = ProbeKey::new(&[8; 32], true);
    for probe in [Probe::Asks(0), Probe::Answers((1 << 56) - 1)] {
        let bytes = caller.write(probe);
        assert_eq!(bytes.len(), PROBE);
        assert!(bytes[0] < 0x40 && bytes[0] > 4, "it is neither QUIC's nor a leg's");
        assert_eq!(callee.read(&bytes), Some(probe));
        assert_eq!(caller.read(&bytes), None, "not turned round");
        assert_eq!(callee.read(&other.write(probe)), None);
        assert_eq!(callee.read(&[&bytes[..], &[0]].concat()), None);
        for at in 0..PROBE * 8 {
            let mut bent = bytes.clone();
            bent[at / 8] ^= 1 << (at % 8);
            assert_eq!(callee.read(&bent), None, "bit {at}");
        }
    }
}

#[test]
fn a_much_quicker_way_is_taken_and_one_that_is_hardly_quicker_is_not() {
    let now = Instant::now();
    let [key, other] = keys();
    let mut ways = Ways::new(key, Candidates::Others);
    let (slow, same, quick) = (address("203.0.113.1:4000"), address("203.0.113.2:4000"), address("203.0.113.3:4000"));
    ways.probe(&[slow, same, quick], now);
    ways.tick(now);
    let numbers: Vec<(SocketAddr, Probe)> =
        std::iter::from_fn(|| ways.transmit()).map(|(to, packet)| (to, keys()[1].read(&packet).unwrap())).collect();
    let answer = |to| match numbers.iter().find(|(at, _)| *at == to).unwrap().1 {
        Probe::Asks(number) => other.write(Probe::Answers(number)),
        Probe::Answers(_) => panic!(),
    };
    ways.receive(slow, &answer(slow), now + ms(40));
    assert_eq!(ways.news(), Some(Some(slow)));
    ways.receive(same, &answer(same), now + ms(41));
    assert_eq!(ways.news(), None);
    ways.tick(now + ms(100));
    let again = std::iter::from_fn(|| ways.transmit()).find(|(to, _)| *to == quick).unwrap().1;
    let Some(Probe::Asks(number)) = keys()[1].read(&again) else { panic!() };
    ways.receive(quick, &other.write(Probe::Answers(number)), now + ms(105));
    assert_eq!(ways.news(), Some(Some(quick)));
    assert_eq!(ways.route(now + ms(105)), Route { direct: Some(quick), relay: false });
    assert!(ways.heard(same, now + ms(106)), "the other side may still use the other one");
    assert!(!ways.heard(address("203.0.113.9:4000"), now + ms(106)));
}

proptest! {
    #[test]
    fn any_packet_from_anywhere_does_no_harm(packets: Vec<(u32, u16, Vec<u8>)>) {
        let now = Instant::now();
        let [key, _] = keys();
        let mut ways = Ways::new(key, Candidates::Others);
        ways.probe(&[address("203.0.113.1:4000")], now);
        for (at, (ip, port, packet)) in packets.iter().enumerate() {
            let now = now + ms(10 * at as u64);
            ways.receive(SocketAddr::new(std::net::Ipv4Addr::from(*ip).into(), *port), packet, now);
            ways.tick(now);
        }
        prop_assert_eq!(ways.route(now).direct, None);
    }
}
