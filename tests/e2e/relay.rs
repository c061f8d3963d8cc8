//! The relay's sockets: packets of calls over every kind of leg, and peers that mean harm. Without a broker: the orders are
//! given here.

use std::net::{IpAddr, Ipv4Addr, UdpSocket};
use std::thread;
use std::time::{Duration, Instant};

use futures_lite::future::block_on;
use tr2::protocol::conference::MemberNumber;
use tr2::protocol::conference_packet::{ConferencePacket, FaceSize, PictureHead, Want};
use tr2::protocol::leg::{LegPacket, LegToken, MAX_LEG_PACKET, write_on_stream};
use tr2::server::limits::{LEG_QUEUE, PIECE_COST, RELAY_RATE, RELAY_TOTAL, Rate};
use tr2::server::relay::orders::{RelayNews, RelayOrder};
use tr2::server::relay::{IDLE_LEG, MAX_RELAYED, RelayId, RelayRates};
use tr2::server::transport::relay_task::leg_queue::LegQueue;
use tr2::server::transport::relay_task::ports::PortPlan;

use crate::chance::Chance;
use crate::legs::{HERE, HERE_6, Over, RelayAlone, StreamLeg, UdpLeg, number, packet, tokens};
use crate::serving::PATIENCE;

const RATES: RelayRates = RelayRates { leg: RELAY_RATE, all: RELAY_TOTAL };
const SIZES: [usize; 5] = [9, 100, 600, 1000, MAX_LEG_PACKET];

/// Sends packets from one to the other, a few at a time, so that none has to be dropped.
fn exchange(from: &mut StreamLeg, to: &mut StreamLeg) {
    let sent: Vec<Vec<u8>> = (0..200).map(|number| packet(number, SIZES[number as usize % SIZES.len()])).collect();
    for few in sent.chunks(20) {
        few.iter().for_each(|packet| from.send(packet));
        for packet in few {
            assert_eq!(to.receive().as_ref(), Some(packet));
        }
    }
}

#[test]
fn streams_of_all_kinds_exchange_packets_byte_for_byte() {
    let mut relay = RelayAlone::start(RATES, &[HERE]);
    let kinds = [(Over::Tcp, Over::Unix), (Over::Tls, Over::Tcp), (Over::Unix, Over::Tls), (Over::Tls, Over::Tls)];
    for (call, (one, other)) in (0..).zip(kinds) {
        let [alice, bob] = relay.open(call);
        let (mut alice, mut bob) = (relay.leg(one, alice), relay.leg(other, bob));
        exchange(&mut alice, &mut bob);
        exchange(&mut bob, &mut alice);
        // In pieces of any size.
        let mut bytes = Vec::new();
        write_on_stream(&packet(1, 300), &mut bytes);
        bytes.chunks(7).for_each(|piece| alice.write(piece).unwrap());
        assert_eq!(bob.receive(), Some(packet(1, 300)));
        relay.close(call);
        assert_eq!((alice.receive(), bob.receive()), (None, None), "{one:?} and {other:?} end with the call");
        relay.until(|relay| relay.handle.report().calls == 0);
    }
    let report = relay.handle.report();
    assert_eq!((report.counts.packets, report.too_slow), (4 * 401, 0));
    assert_eq!(report.counts.over_rate + report.counts.nowhere, 0);
}

#[test]
fn what_follows_the_frame_at_once_is_a_packet_already() {
    let mut relay = RelayAlone::start(RATES, &[]);
    let [alice, bob] = relay.open(1);
    let mut bob = relay.leg(Over::Tcp, bob);
    let mut bytes = Vec::new();
    write_on_stream(&packet(5, 50), &mut bytes);
    let _alice = relay.show(Over::Tcp, alice, &bytes);
    assert_eq!(bob.receive(), Some(packet(5, 50)));
}

#[test]
fn what_comes_before_the_other_leg_is_bound_is_delivered_to_it() {
    let mut relay = RelayAlone::start(RATES, &[HERE]);
    for (call, over) in (0..).zip([Over::Tcp, Over::Unix, Over::Tls]) {
        let [alice, bob] = relay.open(2 * call);
        let mut early = relay.leg(Over::Tcp, alice);
        early.send(&packet(call, 1200));
        early.send(&packet(call + 1, 50));
        let mut late = relay.leg(over, bob);
        assert_eq!(
            (late.receive(), late.receive()),
            (Some(packet(call, 1200)), Some(packet(call + 1, 50))),
            "{over:?}"
        );
        // And over UDP, once the address has answered.
        let [carol, dave] = relay.open(2 * call + 1);
        let mut early = relay.leg(over, carol);
        early.send(&packet(call, 1200));
        let late = UdpLeg::new(HERE, relay.port).bind(dave);
        assert_eq!(late.receive(), packet(call, 1200));
        late.send(&packet(9, 9));
        assert_eq!(early.receive(), Some(packet(9, 9)));
    }
    assert_eq!(relay.handle.report().counts.nowhere, 0);
}

#[test]
fn a_leg_over_udp_and_one_over_a_stream_are_joined() {
    for host in [HERE, HERE_6] {
        let mut relay = RelayAlone::start(RATES, &[host]);
        if host == HERE_6 && relay.port == 0 {
            return println!("skipped in part: there is no IPv6");
        }
        let [alice, bob] = relay.open(1);
        let udp = UdpLeg::new(host, relay.port).bind(alice);
        let mut stream = relay.leg(Over::Tls, bob);
        for at in 0..100 {
            let size = SIZES[at as usize % SIZES.len()];
            udp.send(&packet(at, size));
            assert_eq!(stream.receive(), Some(packet(at, size)));
            stream.send(&packet(at + 1000, size));
            assert_eq!(udp.receive(), packet(at + 1000, size));
        }
        // Two bytes too long, and no packet of a channel at all: neither goes anywhere.
        udp.send(&packet(0, MAX_LEG_PACKET + 1));
        udp.send(&[0x3f; 100]);
        udp.send(&packet(7, 10));
        assert_eq!(stream.receive(), Some(packet(7, 10)));
    }
}

#[test]
fn legs_at_two_hosts_are_joined() {
    let other = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2));
    let relay = RelayAlone::start(RATES, &[HERE, other]);
    let [alice, bob] = relay.open(1);
    let alice = UdpLeg::new(HERE, relay.port).bind(alice);
    let bob = UdpLeg::new(other, relay.port).bind(bob);
    for at in 0..50 {
        alice.send(&packet(at, 100));
        assert_eq!(bob.receive(), packet(at, 100));
        bob.send(&packet(at + 100, 100));
        assert_eq!(alice.receive(), packet(at + 100, 100));
    }
}

#[test]
fn without_a_call_a_leg_is_refused_or_not_answered() {
    let mut relay = RelayAlone::start(RATES, &[HERE]);
    let [alice, _] = relay.open(1);
    let stranger = LegToken([9; 16]);
    for over in [Over::Tcp, Over::Unix, Over::Tls] {
        let mut leg = relay.show(over, stranger, &[]);
        let line = leg.line();
        assert!(line.starts_with("@ref=r server | client | refused | no_such_call "), "{line}");
        assert_eq!(leg.receive(), None);
    }
    let udp = UdpLeg::new(HERE, relay.port);
    for bytes in [LegPacket::Bind(stranger).write(), LegPacket::Answer(alice, [0; 16]).write(), packet(1, 1000)] {
        udp.send(&bytes);
    }
    // Were they answered, that would come first.
    udp.send(&LegPacket::Bind(alice).write());
    assert!(matches!(LegPacket::read(&udp.receive()), Some(LegPacket::Challenge(_))));
    // A call that is over has no legs either.
    relay.close(1);
    relay.until(|relay| relay.handle.report().calls == 0);
    assert!(relay.show(Over::Tcp, alice, &[]).line().contains("no_such_call"));
}

#[test]
fn a_leg_that_is_shown_again_moves() {
    let mut relay = RelayAlone::start(RATES, &[HERE]);
    let [alice, bob] = relay.open(1);
    let mut bob = relay.leg(Over::Unix, bob);
    let mut first = relay.leg(Over::Tcp, alice);
    let mut second = relay.leg(Over::Tls, alice);
    assert_eq!(first.receive(), None, "the first is closed");
    exchange(&mut second, &mut bob);
    // Over to UDP; the stream stays open and carries nothing.
    let udp = UdpLeg::new(HERE, relay.port).bind(alice);
    bob.send(&packet(1, 100));
    assert_eq!(udp.receive(), packet(1, 100));
    second.send(&packet(2, 100));
    udp.send(&packet(3, 100));
    assert_eq!(bob.receive(), Some(packet(3, 100)));
    // And back: whoever shows a leg has one stream, however often it moved.
    let mut third = relay.leg(Over::Tcp, alice);
    assert_eq!(second.receive(), None);
    exchange(&mut bob, &mut third);
    let _udp = UdpLeg::new(HERE, relay.port).bind(alice);
    relay.close(1);
    assert_eq!((third.receive(), bob.receive()), (None, None), "nothing is left open");
}

#[test]
fn a_stream_of_something_else_is_closed_and_its_leg_can_come_back() {
    let mut relay = RelayAlone::start(RATES, &[]);
    let [alice, bob] = relay.open(1);
    let mut bob = relay.leg(Over::Tcp, bob);
    let too_long = [&u16::try_from(MAX_LEG_PACKET + 1).unwrap().to_be_bytes()[..], &[0x40; 100]].concat();
    for junk in [b"alice | server | ping | 1\n".to_vec(), vec![0, 0], too_long, vec![0, 1, 0x3f]] {
        for over in [Over::Tcp, Over::Unix, Over::Tls] {
            let mut leg = relay.leg(over, alice);
            leg.send(&packet(1, 20));
            assert_eq!(bob.receive(), Some(packet(1, 20)));
            leg.write(&junk).unwrap();
            assert_eq!(leg.receive(), None, "{junk:?}");
        }
    }
    let mut alice = relay.leg(Over::Tcp, alice);
    exchange(&mut bob, &mut alice);
}

#[test]
fn a_slow_reader_loses_packets_and_holds_up_nobody() {
    let rates = Rate { burst: 1 << 30, per_second: 1 << 30 };
    let mut relay = RelayAlone::start(RelayRates { leg: rates, all: rates }, &[HERE]);
    for (call, over) in (0..).zip([Over::Tcp, Over::Unix, Over::Tls]) {
        let [alice, bob] = relay.open(2 * call);
        let (mut alice, mut slow) = (relay.leg(over, alice), relay.leg(over, bob));
        let [carol, dave] = relay.open(2 * call + 1);
        let (mut carol, mut dave) = (relay.leg(Over::Tcp, carol), UdpLeg::new(HERE, relay.port).bind(dave));
        let before = relay.handle.report();
        // Far more than the kernel and the queue hold.
        const SENT: u64 = 20_000;
        for at in 0..SENT {
            alice.send(&packet(at, 1000));
            if at % 1000 == 0 {
                carol.send(&packet(at, 100));
                assert_eq!(dave.receive(), packet(at, 100));
            }
        }
        dave = UdpLeg::new(HERE, relay.port).bind(tokens(2 * call + 1)[1]);
        relay.until(|relay| relay.handle.report().counts.packets >= before.counts.packets + SENT + 20);
        let lost = relay.handle.report().too_slow - before.too_slow;
        let mut last = None;
        let mut got = 0;
        // Each that comes is whole, and later than the one before.
        while last != Some(SENT - 1) {
            let packet = slow.receive().expect("the stream stays open");
            assert!(
                packet == crate::legs::packet(number(&packet), 1000) && last.is_none_or(|last| last < number(&packet))
            );
            last = Some(number(&packet));
            got += 1;
        }
        println!("{over:?}: of {SENT} packets {got} came and {lost} had to go");
        assert_eq!(got + lost, SENT);
        assert!(lost > SENT / 4, "{lost} were dropped");
        exchange(&mut slow, &mut alice);
        drop(dave);
    }
}

#[test]
fn what_waits_for_a_leg_has_a_limit() {
    let each = LEG_QUEUE / 8;
    let queue = LegQueue::default();
    let full: Vec<Vec<u8>> = (0..8).map(|at| vec![at; each - PIECE_COST]).collect();
    assert!(full.iter().all(|packet| queue.push(packet.clone()).0 == 0));
    // One more, and the oldest goes; a larger one, and two go.
    assert_eq!(queue.push(vec![8]).0, 1);
    assert_eq!(queue.push(vec![9; 2 * each]).0, 2);
    let (mut bytes, mut expected) = (Vec::new(), Vec::new());
    for packet in full[3..].iter().cloned().chain([vec![8], vec![9; 2 * each]]) {
        write_on_stream(&packet, &mut expected);
    }
    assert!(queue.gather(&mut bytes, 1));
    assert_eq!(bytes.len(), 2 + each - PIECE_COST, "one is enough");
    while queue.gather(&mut bytes, usize::MAX) {}
    assert!(bytes == expected);
}

#[test]
fn over_its_rate_a_leg_is_not_relayed() {
    let rates = RelayRates { leg: Rate { burst: 20_000, per_second: 1 }, all: RELAY_TOTAL };
    let mut relay = RelayAlone::start(rates, &[HERE]);
    let [alice, bob] = relay.open(1);
    let mut stream = relay.leg(Over::Tcp, alice);
    let udp = UdpLeg::new(HERE, relay.port).bind(bob);
    for at in 0..100 {
        stream.send(&packet(at, 1000));
        udp.send(&packet(at, 1000));
    }
    let settled = |relay: &RelayAlone| relay.handle.report().counts.over_rate == 2 * 80;
    relay.until(settled);
    // The other direction has a rate of its own, and new rates come into force.
    for at in 0..20 {
        assert_eq!((number(&udp.receive()), number(&stream.receive().unwrap())), (at, at));
    }
    relay.handle.set_rates(RATES);
    let start = Instant::now();
    let mut at = 1000;
    while relay.handle.report().counts.packets < 41 {
        assert!(start.elapsed() < PATIENCE);
        at += 1;
        udp.send(&packet(at, 100));
        thread::sleep(Duration::from_millis(5));
    }
    assert!(number(&stream.receive().unwrap()) > 1000);
}

#[test]
fn no_address_is_sent_more_than_it_sent_before_it_answered() {
    let mut relay = RelayAlone::start(RATES, &[HERE]);
    let [alice, bob] = relay.open(1);
    // What is sent to this leg shows when all before was taken.
    let mut witness = relay.leg(Over::Tcp, alice);
    let victim = UdpLeg::new(HERE, relay.port);
    victim.socket.set_nonblocking(true).unwrap();
    let (mut chance, mut sent, mut got) = (Chance(1), 0, 0);
    for _ in 0..200 {
        for _ in 0..20 {
            let bytes = match chance.below(5) {
                0 => LegPacket::Bind([alice, bob][chance.below(2)]).write(),
                1 => LegPacket::Answer(bob, [chance.next() as u8; 16]).write(),
                2 => packet(1, 1200),
                3 => Vec::new(),
                _ => (0..chance.below(60)).map(|_| chance.next() as u8).collect(),
            };
            sent += bytes.len();
            victim.send(&bytes);
        }
        witness.send(&packet(2, 1200));
        let mut bytes = [0; 2048];
        while let Ok((length, _)) = victim.socket.recv_from(&mut bytes) {
            assert!(matches!(LegPacket::read(&bytes[..length]), Some(LegPacket::Challenge(_))));
            got += length;
        }
        assert!(got <= sent, "{got} for {sent} bytes");
    }
    relay.until(|relay| relay.handle.report().counts.nowhere >= 200);
    assert!(got > 0, "it was asked for a challenge");
    assert_eq!(relay.handle.report().counts.packets, 0);
}

#[test]
fn it_listens_only_while_a_call_is_relayed() {
    let relay = RelayAlone::start(RATES, &[HERE]);
    let taken = |relay: &RelayAlone| UdpSocket::bind((HERE, relay.port)).is_err();
    assert!(relay.port != 0 && !taken(&relay));
    for _ in 0..2 {
        relay.open(1);
        relay.open(2);
        assert!(taken(&relay));
        relay.close(1);
        relay.close(2);
        relay.until(|relay| !taken(relay));
    }
    assert!(relay.news.is_empty(), "nothing about the port is new");
    // A port that is gone when it is needed is another.
    let other = UdpSocket::bind((HERE, relay.port)).unwrap();
    relay.open(3);
    let news = block_on(relay.news.recv()).unwrap();
    let RelayNews::Port(port) = news else { panic!("{news:?}") };
    assert!(port != relay.port && port != 0);
    UdpLeg::new(HERE, port).bind(tokens(3)[0]);
    // Where the port of the server is taken already, another is planned.
    let taken = other.local_addr().unwrap();
    let plan = PortPlan::make(&[taken]).port();
    assert!(plan != taken.port() && plan != 0);
    let free = UdpSocket::bind((HERE, 0)).unwrap().local_addr().unwrap();
    assert_eq!(PortPlan::make(&[free]).port(), free.port());
    assert_eq!(PortPlan::make(&[]).port(), 0);
}

#[test]
fn only_so_many_calls_are_relayed() {
    let relay = RelayAlone::start(RATES, &[]);
    for call in 0..MAX_RELAYED as u64 {
        relay.open(call);
    }
    relay.handle.order(RelayOrder::Open(RelayId(1000), tokens(1000))).unwrap();
    assert_eq!(block_on(relay.news.recv()), Ok(RelayNews::Full(RelayId(1000))));
    relay.close(5);
    relay.handle.order(RelayOrder::Open(RelayId(1001), tokens(1001))).unwrap();
    relay.handle.order(RelayOrder::Open(RelayId(1002), tokens(1002))).unwrap();
    assert_eq!(block_on(relay.news.recv()), Ok(RelayNews::Full(RelayId(1002))), "the one before has room");
}

#[test]
fn a_call_that_nobody_uses_is_given_up() {
    let mut relay = RelayAlone::start(RATES, &[HERE]);
    let start = Instant::now();
    let [alice, _] = relay.open(1);
    let mut leg = relay.leg(Over::Tls, alice);
    assert_eq!(block_on(relay.news.recv()), Ok(RelayNews::GaveUp(RelayId(1))));
    assert!(start.elapsed() >= IDLE_LEG && start.elapsed() < IDLE_LEG + Duration::from_secs(10));
    assert_eq!(leg.receive(), None);
    relay.until(|relay| UdpSocket::bind((HERE, relay.port)).is_ok());
}

#[test]
fn members_of_a_conference_see_whom_they_show_over_every_kind_of_leg() {
    let mut relay = RelayAlone::start(RATES, &[HERE]);
    let (room, member) = (RelayId(1), |number: u8| MemberNumber(number));
    let token = |number: u8| LegToken([number + 1; 16]);
    for number in 0..4 {
        relay.handle.order(RelayOrder::Admit(room, member(number), token(number))).unwrap();
    }
    // One with a number that is in use.
    relay.handle.order(RelayOrder::Admit(room, member(3), token(9))).unwrap();
    assert_eq!(block_on(relay.news.recv()), Ok(RelayNews::GaveUpMember(room, member(3))));
    relay.until(|relay| relay.handle.report().calls == 1);
    let mut sender = relay.leg(Over::Tcp, token(0));
    let mut viewers = [relay.leg(Over::Tls, token(1)), relay.leg(Over::Unix, token(2))];
    let udp = UdpLeg::new(HERE, relay.port).bind(token(3));
    let wants = ConferencePacket::Wants(1, vec![Want { of: member(0), size: FaceSize::Small, lower_only: false }]);
    let is_wanted = |packet: &[u8]| {
        let read = ConferencePacket::read(packet);
        matches!(read, Some(ConferencePacket::Wanted(wanted)) if wanted.audience.of(FaceSize::Small).0)
    };
    viewers[0].send(&wants.write());
    assert!(is_wanted(&sender.receive().unwrap()));
    viewers[1].send(&wants.write());
    udp.send(&wants.write());
    // Each is answered, although nobody shows them.
    assert!(viewers.iter_mut().all(|viewer| !is_wanted(&viewer.receive().unwrap())));
    assert!(!is_wanted(&udp.receive()));
    for size in [1, 100, 1000] {
        let head = PictureHead { from: member(0), size: FaceSize::Small, upper: size == 100 };
        let picture = ConferencePacket::Picture(head, &vec![size as u8; size]).write();
        sender.send(&picture);
        assert_eq!(viewers.each_mut().map(|viewer| viewer.receive().unwrap()), [picture.clone(), picture.clone()]);
        assert_eq!(udp.receive(), picture);
    }
    udp.send(&ConferencePacket::Pair(member(1), b"\x40secret").write());
    assert_eq!(viewers[0].receive(), Some(ConferencePacket::Pair(member(3), b"\x40secret").write()));
    // One is dismissed: its stream ends, and the others go on. Then all end.
    relay.handle.order(RelayOrder::Dismiss(room, member(1))).unwrap();
    assert_eq!(viewers[0].receive(), None);
    let head = PictureHead { from: member(0), size: FaceSize::Small, upper: false };
    let picture = ConferencePacket::Picture(head, b"bye").write();
    sender.send(&picture);
    assert_eq!((viewers[1].receive(), udp.receive()), (Some(picture.clone()), picture));
    relay.close(1);
    assert_eq!((sender.receive(), viewers[1].receive()), (None, None));
    relay.until(|relay| relay.handle.report().calls == 0);
}
