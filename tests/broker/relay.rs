//! The relay between two clients: who may have a leg, where packets go, and what nobody gets out of it.

use std::net::SocketAddr;
use std::time::Duration;

use tr2::model::Timestamp;
use tr2::protocol::leg::{LegPacket, LegToken};
use tr2::server::limits::{EARLY_OF_ONE, EARLY_TIME, Rate};
use tr2::server::relay::{IDLE_LEG, MAX_RELAYED, Relay, RelayId, RelayRates, RelaySend, StreamId};

use crate::chance::Chance;

const RATES: RelayRates =
    RelayRates { leg: Rate { burst: 10_000, per_second: 1000 }, all: Rate { burst: 15_000, per_second: 3000 } };
const ALICE: LegToken = LegToken([1; 16]);
const BOB: LegToken = LegToken([2; 16]);
const CALL: RelayId = RelayId(7);

fn at(ms: i64) -> Timestamp {
    Timestamp(1_000_000 + ms)
}

fn address(text: &str) -> SocketAddr {
    text.parse().unwrap()
}

fn relay() -> Relay {
    let mut relay = Relay::new(RATES, [9; 32], at(0));
    assert!(relay.open(CALL, [ALICE, BOB], at(0)));
    relay
}

/// A packet of a channel.
fn packet(byte: u8, size: usize) -> Vec<u8> {
    let mut packet = vec![byte; size];
    packet[0] = 0x40;
    packet
}

/// Binds a leg to an address, as its owner does.
fn bind(relay: &mut Relay, token: LegToken, from: SocketAddr, now: Timestamp) {
    let asked = LegPacket::Bind(token).write();
    let Some(RelaySend::Packet(to, challenge)) = relay.from_address(from, &asked, now) else { panic!("no challenge") };
    assert_eq!(to, from);
    assert!(challenge.len() <= asked.len(), "no more than was sent");
    let Some(LegPacket::Challenge(challenge)) = LegPacket::read(&challenge) else { panic!() };
    let answer = LegPacket::Answer(token, challenge).write();
    assert_eq!(relay.from_address(from, &answer, now), Some(RelaySend::Packet(from, LegPacket::Bound(from).write())));
}

#[test]
fn legs_of_any_kind_are_joined_and_may_move() {
    let (alice, bob) = (address("192.0.2.1:4000"), address("[2001:db8::2]:5000"));
    let mut relay = relay();
    bind(&mut relay, ALICE, alice, at(0));
    assert_eq!(relay.from_address(alice, &packet(1, 100), at(0)), None, "the other leg is nowhere yet");
    let waited = vec![RelaySend::Stream(StreamId(3), packet(1, 100))];
    assert_eq!(relay.bind_stream(StreamId(3), BOB, at(0)), Some(waited), "it has waited");
    assert_eq!(relay.from_address(alice, &packet(2, 100), at(1)), Some(RelaySend::Stream(StreamId(3), packet(2, 100))));
    assert_eq!(relay.from_stream(StreamId(3), &packet(3, 50), at(2)), Some(RelaySend::Packet(alice, packet(3, 50))));
    // Bob's packets get through over UDP, too: his leg moves, and his stream is done.
    bind(&mut relay, BOB, bob, at(3));
    assert_eq!(relay.from_stream(StreamId(3), &packet(4, 50), at(4)), None);
    assert_eq!(relay.from_address(bob, &packet(5, 50), at(5)), Some(RelaySend::Packet(alice, packet(5, 50))));
    // Alice's address changes behind her NAT.
    let elsewhere = address("192.0.2.1:4001");
    assert_eq!(relay.from_address(elsewhere, &packet(6, 50), at(6)), None, "not before it has answered");
    bind(&mut relay, ALICE, elsewhere, at(7));
    assert_eq!(relay.from_address(bob, &packet(7, 50), at(8)), Some(RelaySend::Packet(elsewhere, packet(7, 50))));
    assert_eq!(relay.from_address(alice, &packet(8, 50), at(9)), None);
    // And back to a stream, which closes nothing; a second stream closes the first.
    assert_eq!(relay.bind_stream(StreamId(4), BOB, at(10)), Some(vec![]));
    assert_eq!(relay.bind_stream(StreamId(5), BOB, at(11)), Some(vec![RelaySend::Close(StreamId(4))]));
    let counts = relay.counts();
    assert_eq!((counts.packets, counts.bytes, counts.over_rate), (5, 350, 0));
}

#[test]
fn without_a_call_nobody_has_a_leg_and_nobody_is_answered() {
    let mut relay = relay();
    let stranger = address("203.0.113.9:53");
    let other = LegToken([3; 16]);
    assert_eq!(relay.bind_stream(StreamId(1), other, at(0)), None);
    for sent in [
        LegPacket::Bind(other),
        LegPacket::Answer(other, [0; 16]),
        LegPacket::Answer(ALICE, [0; 16]),
        LegPacket::Challenge([0; 16]),
        LegPacket::Bound(stranger),
        LegPacket::Channel(&packet(1, 1000)),
    ] {
        assert_eq!(relay.from_address(stranger, &sent.write(), at(0)), None, "{sent:?}");
    }
    let closed = relay.close(CALL);
    assert_eq!(closed, []);
    assert_eq!(relay.from_address(stranger, &LegPacket::Bind(ALICE).write(), at(0)), None);
    assert_eq!(relay.bind_stream(StreamId(1), ALICE, at(0)), None);
    assert_eq!(relay.counts().packets, 0);
}

#[test]
fn a_challenge_holds_for_its_address_its_token_and_a_moment() {
    let mut relay = relay();
    let (here, there) = (address("192.0.2.1:4000"), address("192.0.2.1:4001"));
    let challenge =
        |relay: &mut Relay, from, token| match relay.from_address(from, &LegPacket::Bind(token).write(), at(0)) {
            Some(RelaySend::Packet(_, bytes)) => match LegPacket::read(&bytes) {
                Some(LegPacket::Challenge(challenge)) => challenge,
                other => panic!("{other:?}"),
            },
            other => panic!("{other:?}"),
        };
    let right = challenge(&mut relay, here, ALICE);
    assert_ne!(right, challenge(&mut relay, there, ALICE));
    assert_ne!(right, challenge(&mut relay, here, BOB));
    let mut answer =
        |from, token, challenge, now| relay.from_address(from, &LegPacket::Answer(token, challenge).write(), now);
    assert_eq!(answer(there, ALICE, right, at(1)), None);
    assert_eq!(answer(here, BOB, right, at(1)), None);
    assert_eq!(answer(here, ALICE, right, at(11_000)), None, "too late");
    assert!(answer(here, ALICE, right, at(4000)).is_some());
}

#[test]
fn an_address_gets_no_more_than_it_sent_before_it_has_answered() {
    // The sender of each packet is a lie: the address of somebody else.
    let victim = address("198.51.100.1:443");
    let mut relay = relay();
    bind(&mut relay, BOB, address("192.0.2.2:1"), at(0));
    let mut chance = Chance(1);
    let (mut sent, mut got) = (0, 0);
    for step in 0..20_000 {
        let noise: Vec<u8> = (0..chance.below(60)).map(|_| chance.next() as u8).collect();
        let bytes = match chance.below(4) {
            0 => LegPacket::Bind([ALICE, BOB][chance.below(2)]).write(),
            1 => LegPacket::Answer(ALICE, [chance.next() as u8; 16]).write(),
            2 => packet(1, 1200),
            _ => noise,
        };
        sent += bytes.len();
        match relay.from_address(victim, &bytes, at(step)) {
            Some(RelaySend::Packet(to, bytes)) => {
                assert_eq!(to, victim);
                got += bytes.len();
            }
            Some(other) => panic!("{other:?}"),
            None => {}
        }
        assert!(got <= sent);
    }
}

#[test]
fn a_leg_and_all_of_them_have_a_rate() {
    let mut relay = relay();
    let (alice, bob) = (StreamId(1), StreamId(2));
    relay.bind_stream(alice, ALICE, at(0)).unwrap();
    relay.bind_stream(bob, BOB, at(0)).unwrap();
    let flood = |relay: &mut Relay, from, now| {
        (0..1000).filter(|_| relay.from_stream(from, &packet(1, 1000), now).is_some()).count()
    };
    assert_eq!(flood(&mut relay, alice, at(0)), 10, "its burst");
    assert_eq!(flood(&mut relay, bob, at(0)), 5, "what is left of all");
    assert_eq!(flood(&mut relay, alice, at(4000)), 4);
    assert_eq!(relay.counts().over_rate, 3000 - 19);
    // Tiny packets are no way around it.
    let mut relay = relay_with(&[alice, bob]);
    let through = (0..10_000).filter(|_| relay.from_stream(alice, &packet(1, 1), at(0)).is_some()).count();
    assert!(through <= 10_000 / 64 + 1, "{through}");
}

fn relay_with(streams: &[StreamId; 2]) -> Relay {
    let mut relay = relay();
    relay.bind_stream(streams[0], ALICE, at(0)).unwrap();
    relay.bind_stream(streams[1], BOB, at(0)).unwrap();
    relay
}

#[test]
fn only_so_many_calls_are_relayed_and_each_once() {
    let mut relay = Relay::new(RATES, [9; 32], at(0));
    let tokens = |n: usize| [LegToken([n as u8; 16]), LegToken([n as u8 + 128; 16])];
    for n in 0..MAX_RELAYED {
        assert!(relay.open(RelayId(n as u64), tokens(n), at(0)));
    }
    assert!(!relay.open(RelayId(1000), tokens(100), at(0)));
    relay.close(RelayId(3));
    assert!(!relay.open(RelayId(4), tokens(100), at(0)), "it is relayed already");
    assert!(relay.open(RelayId(1000), tokens(100), at(0)));
    assert_eq!(relay.calls(), MAX_RELAYED);
}

#[test]
fn a_call_that_nobody_uses_or_that_ends_leaves_nothing_behind() {
    let mut relay = relay_with(&[StreamId(1), StreamId(2)]);
    let idle = at(IDLE_LEG.as_millis() as i64);
    for second in 1..60 {
        let now = at(second * 1000);
        for stream in [StreamId(1), StreamId(2)] {
            relay.from_stream(stream, &packet(1, 10), now);
        }
        assert_eq!(relay.give_up_idle(now), (vec![], vec![]));
    }
    // One of them falls silent.
    let from = 59_000;
    relay.from_stream(StreamId(1), &packet(1, 10), at(from + 29_000));
    assert_eq!(relay.give_up_idle(at(from + 29_999)), (vec![], vec![]));
    let (calls, mut closed) = relay.give_up_idle(at(from).after(Duration::from_secs(30)));
    closed.sort_by_key(|sent| format!("{sent:?}"));
    assert_eq!(calls, [CALL]);
    assert_eq!(closed, [RelaySend::Close(StreamId(1)), RelaySend::Close(StreamId(2))]);
    assert_eq!(relay.from_stream(StreamId(1), &packet(1, 10), idle), None);
    assert_eq!(relay.calls(), 0);
    // A stream that ends frees its place, and its owner may come back.
    let mut relay = relay_with(&[StreamId(1), StreamId(2)]);
    relay.stream_ended(StreamId(2));
    assert_eq!(relay.from_stream(StreamId(1), &packet(1, 10), at(0)), None);
    let waited = vec![RelaySend::Stream(StreamId(3), packet(1, 10))];
    assert_eq!(relay.bind_stream(StreamId(3), BOB, at(0)), Some(waited));
    assert!(relay.from_stream(StreamId(1), &packet(1, 10), at(0)).is_some());
}

/// A relay in which Alice has a leg over a stream, and what is delivered when Bob has one at a time.
fn early(sent: &[(i64, Vec<u8>)], bound: i64) -> (Vec<Vec<u8>>, Relay) {
    let mut relay = Relay::new(RelayRates { leg: RATES.all, all: RATES.all }, [9; 32], at(0));
    assert!(relay.open(CALL, [ALICE, BOB], at(0)));
    relay.bind_stream(StreamId(1), ALICE, at(0)).unwrap();
    for (time, packet) in sent {
        assert_eq!(relay.from_stream(StreamId(1), packet, at(*time)), None);
    }
    let sends = relay.bind_stream(StreamId(2), BOB, at(bound)).unwrap();
    let packets = sends.into_iter().map(|send| match send {
        RelaySend::Stream(StreamId(2), packet) => packet,
        other => panic!("{other:?}"),
    });
    (packets.collect(), relay)
}

#[test]
fn what_comes_before_the_other_leg_waits_for_it_up_to_a_number() {
    let sent: Vec<_> = (0..=EARLY_OF_ONE as u8).map(|number| (0, packet(number, 1200))).collect();
    let packets = |sent: &[(i64, Vec<u8>)]| sent.iter().map(|(_, packet)| packet.clone()).collect::<Vec<_>>();
    let (got, relay) = early(&sent[1..], 0);
    assert_eq!((got, relay.counts().nowhere), (packets(&sent[1..]), 0), "as many as may wait, in order");
    let (got, mut relay) = early(&sent, 0);
    assert_eq!(got, packets(&sent[1..]), "of one more, the oldest went");
    let counts = relay.counts();
    let kept = EARLY_OF_ONE as u64;
    assert_eq!((counts.packets, counts.bytes, counts.nowhere), (kept, 1200 * kept, 1));
    // Each is delivered once.
    assert_eq!(relay.bind_stream(StreamId(3), BOB, at(0)), Some(vec![RelaySend::Close(StreamId(2))]));
    assert_eq!(relay.from_stream(StreamId(1), &packet(9, 9), at(1)).into_iter().count(), 1);
}

#[test]
fn what_waits_for_a_leg_waits_only_for_so_long() {
    let time = EARLY_TIME.as_millis() as i64;
    let sent = [(0, packet(1, 100)), (1, packet(2, 100))];
    assert_eq!(early(&sent, time - 1).0, [packet(1, 100), packet(2, 100)]);
    let (got, bound) = early(&sent, time);
    assert_eq!((got, bound.counts().nowhere), (vec![packet(2, 100)], 1), "the first was too old");
    assert_eq!(early(&sent, time + 1).0, Vec::<Vec<u8>>::new());
    // Nobody binds a leg: it is forgotten all the same.
    let mut relay = relay();
    relay.bind_stream(StreamId(1), ALICE, at(0)).unwrap();
    relay.from_stream(StreamId(1), &packet(1, 100), at(0));
    assert_eq!((relay.give_up_idle(at(time - 1)), relay.counts().nowhere), ((vec![], vec![]), 0));
    assert_eq!((relay.give_up_idle(at(time)), relay.counts().nowhere), ((vec![], vec![]), 1));
}

#[test]
fn what_waits_for_a_leg_goes_to_an_address_only_after_it_has_answered() {
    let (alice, bob) = (address("192.0.2.1:4000"), address("192.0.2.2:5000"));
    let mut relay = relay();
    bind(&mut relay, ALICE, alice, at(0));
    assert_eq!(relay.from_address(alice, &packet(1, 1200), at(0)), None);
    let Some(RelaySend::Packet(_, bytes)) = relay.from_address(bob, &LegPacket::Bind(BOB).write(), at(1)) else {
        panic!()
    };
    let Some(LegPacket::Challenge(challenge)) = LegPacket::read(&bytes) else { panic!("{bytes:?}") };
    assert_eq!(relay.from_address(bob, &LegPacket::Answer(BOB, [0; 16]).write(), at(1)), None, "not its challenge");
    assert_eq!(relay.from_address(bob, &packet(2, 1200), at(1)), None, "whoever has no leg has nothing kept");
    let answer = LegPacket::Answer(BOB, challenge).write();
    let bound = RelaySend::Packet(bob, LegPacket::Bound(bob).write());
    let waited = RelaySend::Packet(bob, packet(1, 1200));
    assert_eq!(relay.from_address(bob, &answer, at(2)), Some(RelaySend::Several(vec![bound.clone(), waited])));
    assert_eq!(relay.from_address(bob, &answer, at(3)), Some(bound), "once");
}
