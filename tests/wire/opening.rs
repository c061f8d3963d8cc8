//! A channel that is opened through the relay while one of the two has its leg and the other is still getting one.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use tr2::model::Timestamp;
use tr2::net::peer::channel::Channel;
use tr2::net::peer::events::ChannelEvent;
use tr2::protocol::leg::LegToken;
use tr2::server::limits::{RELAY_RATE, RELAY_TOTAL};
use tr2::server::relay::{Relay, RelayId, RelayRates, RelaySend, StreamId};

use crate::peer::credential;

/// How long a packet takes from an end to the relay, and from there to an end.
const WAY: Duration = Duration::from_millis(1);

/// Opens a channel between two legs that are bound after so long. How long it took from the time when both were.
fn open(bound: [Duration; 2]) -> Duration {
    let began = Instant::now();
    let keys = [credential(), credential()];
    let mut ends = [
        Channel::call(&keys[0], keys[1].fingerprint, began).unwrap(),
        Channel::answer(&keys[1], keys[0].fingerprint, began).unwrap(),
    ];
    let tokens = [LegToken([1; 16]), LegToken([2; 16])];
    let start = Timestamp(1_000_000);
    let mut relay = Relay::new(RelayRates { leg: RELAY_RATE, all: RELAY_TOTAL }, [7; 32], start);
    assert!(relay.open(RelayId(1), tokens, start));
    let (mut is_bound, mut is_open) = ([false; 2], [false; 2]);
    // When something reaches the relay or an end; in the order of sending.
    let mut flying: BTreeMap<(Instant, u64), (bool, usize, Vec<u8>)> = BTreeMap::new();
    let (mut now, mut sent) = (began, 0);
    while is_open != [true; 2] {
        let time = start.after(now - began);
        let mut sends = Vec::new();
        for side in 0..2 {
            if !is_bound[side] && now >= began + bound[side] {
                is_bound[side] = true;
                sends.extend(relay.bind_stream(StreamId(side as u64), tokens[side], time).unwrap());
            }
        }
        while let Some(entry) = flying.first_entry().filter(|entry| entry.key().0 <= now) {
            match entry.remove() {
                (true, from, packet) => sends.extend(relay.from_stream(StreamId(from as u64), &packet, time)),
                (false, to, packet) => ends[to].receive(&packet, now),
            }
        }
        for send in sends {
            let RelaySend::Stream(StreamId(to), packet) = send else { panic!("{send:?}") };
            sent += 1;
            flying.insert((now + WAY, sent), (false, to as usize, packet));
        }
        for side in 0..2 {
            if ends[side].deadline().is_some_and(|due| due <= now) {
                ends[side].tick(now);
            }
            // Whoever has no leg sends nothing.
            while is_bound[side]
                && let Some(packet) = ends[side].transmit(now)
            {
                sent += 1;
                flying.insert((now + WAY, sent), (true, side, packet));
            }
            while let Some(event) = ends[side].event() {
                assert_eq!(event, ChannelEvent::Open);
                is_open[side] = true;
            }
        }
        let next = flying.first_key_value().map(|((at, _), _)| *at);
        let deadlines = ends.iter_mut().filter_map(Channel::deadline);
        let waits = bound.iter().map(|after| began + *after);
        now = next.into_iter().chain(deadlines).chain(waits).filter(|at| *at > now).min().unwrap();
        assert!(now - began < Duration::from_secs(30), "never open");
    }
    now - began - bound[0].max(bound[1])
}

#[test]
fn a_channel_opens_at_once_though_the_other_leg_is_bound_later() {
    let ms = Duration::from_millis;
    // Three times from end to end, over two ways each; and a little, because packets are paced.
    let at_once = open([ms(0), ms(0)]);
    assert!(at_once <= 8 * WAY, "{at_once:?}");
    for late in [1, 5, 20, 100, 200, 700, 1_500, 3_000, 4_000] {
        for bound in [[ms(0), ms(late)], [ms(late), ms(0)]] {
            let took = open(bound);
            println!("bound after {bound:?}: open {took:?} later");
            assert!(took <= 8 * WAY, "{took:?} where they are bound after {bound:?}");
        }
    }
}
