//! What may wait for the relay and for its sockets, each limit reached and gone beyond. The relay's rounds are made by the
//! tests themselves, so that it takes nothing before it is told to.

use std::net::SocketAddr;
use std::thread;

use async_std::channel::Receiver;
use tr2::protocol::leg::{LegToken, MAX_LEG_PACKET};
use tr2::server::limits::{
    DEPARTING_GROUPS, DEPARTING_TOGETHER, LEG_ARRIVALS, MAX_RELAY_ORDERS, MAX_SHOWN_LEGS, RELAY_RATE, RELAY_TOTAL,
};
use tr2::server::relay::orders::{RelayNews, RelayOrder};
use tr2::server::relay::{MAX_RELAYED, RelayId, RelayRates};
use tr2::server::transport::relay_task::departures::Departures;

use crate::legs::{HERE, Over, RelayAlone, UdpLeg, packet, tokens};

const RATES: RelayRates = RelayRates { leg: RELAY_RATE, all: RELAY_TOTAL };

/// All that the relay has told.
fn told(news: &Receiver<RelayNews>) -> Vec<RelayNews> {
    std::iter::from_fn(|| news.try_recv().ok()).collect()
}

#[test]
fn only_so_many_orders_wait_for_the_relay() {
    let (relay, mut task) = RelayAlone::by_hand(RATES, &[]);
    let order = |call: usize| RelayOrder::Open(RelayId(call as u64), tokens(call as u64));
    for call in 0..MAX_RELAY_ORDERS {
        assert_eq!(relay.handle.order(order(call)), Ok(()), "{call}");
    }
    let over = order(MAX_RELAY_ORDERS);
    assert_eq!(relay.handle.order(over), Err(over), "it is given back");
    assert_eq!(relay.handle.report().calls, 0);
    // All that waited is carried out in one round, in order, and then there is room.
    assert!(task.turn().unwrap());
    assert_eq!(relay.handle.report().calls, MAX_RELAYED);
    let full: Vec<_> = (MAX_RELAYED..MAX_RELAY_ORDERS).map(|call| RelayNews::Full(RelayId(call as u64))).collect();
    assert_eq!(told(&relay.news), full);
    assert_eq!(relay.handle.order(over), Ok(()));
    assert!(task.turn().unwrap());
    assert_eq!(told(&relay.news), [RelayNews::Full(RelayId(MAX_RELAY_ORDERS as u64))]);
}

#[test]
fn only_so_many_connections_wait_to_become_legs() {
    let (mut relay, mut task) = RelayAlone::by_hand(RATES, &[]);
    let stranger = LegToken([9; 16]);
    let mut waiting: Vec<_> = (0..MAX_SHOWN_LEGS).map(|_| relay.show(Over::Unix, stranger, &[])).collect();
    let (mut over, is_taken) = relay.try_show(Over::Unix, stranger, &[]);
    assert_eq!((is_taken, over.receive()), (false, None), "one too many, which is closed");
    assert!(task.turn().unwrap());
    for leg in &mut waiting {
        assert!(leg.line().contains("no_such_call"));
    }
    assert!(relay.try_show(Over::Unix, stranger, &[]).1, "there is room again");
}

#[test]
fn only_so_many_reads_of_tls_legs_wait_and_none_is_lost() {
    let (mut relay, mut task) = RelayAlone::by_hand(RATES, &[]);
    let legs = LEG_ARRIVALS + 1;
    let calls = legs.div_ceil(2) as u64;
    for call in 0..calls {
        relay.handle.order(RelayOrder::Open(RelayId(call), tokens(call))).unwrap();
    }
    let mut streams = Vec::new();
    for token in (0..calls).flat_map(tokens) {
        let mut leg = relay.show(Over::Tls, token, &[]);
        assert!(task.turn().unwrap());
        assert_eq!(leg.line(), "@ref=r server | client | relay | ready");
        streams.push(leg);
    }
    // Each sends one packet, which its reader takes at once.
    for (at, leg) in streams.iter_mut().enumerate().take(LEG_ARRIVALS) {
        leg.send(&packet(at as u64, 100));
    }
    relay.until(|_| task.waiting_reads() == LEG_ARRIVALS);
    streams[LEG_ARRIVALS].send(&packet(LEG_ARRIVALS as u64, 100));
    // One more has no room, however long it waits; it comes as soon as there is.
    assert!(task.turn().unwrap());
    assert_eq!(relay.handle.report().counts.packets, LEG_ARRIVALS as u64, "in one round no more than waited");
    relay.until(|_| task.waiting_reads() == 1);
    assert!(task.turn().unwrap());
    for at in 0..legs {
        assert_eq!(streams[at ^ 1].receive(), Some(packet(at as u64, 100)));
    }
}

#[test]
fn packets_of_one_address_leave_together_up_to_a_number() {
    let address = |port: usize| SocketAddr::from(([192, 0, 2, 1], port as u16));
    let leave = |departures: &mut Departures| {
        let mut left = Vec::new();
        departures.leave(|bytes, size, to| {
            left.push((to.port() as usize, bytes.chunks(size).map(<[u8]>::to_vec).collect::<Vec<_>>()));
            0
        });
        left
    };
    let mut departures = Departures::default();
    let largest: Vec<Vec<u8>> = (0..=DEPARTING_TOGETHER).map(|at| vec![at as u8; MAX_LEG_PACKET]).collect();
    assert!(largest.iter().all(|packet| departures.add(packet, address(1))));
    let (together, alone) = largest.split_at(DEPARTING_TOGETHER);
    assert_eq!(leave(&mut departures), [(1, together.to_vec()), (1, alone.to_vec())]);
    assert!(leave(&mut departures).is_empty(), "once");
    // A shorter one is the last of its group; a longer one begins another, and none overtakes another.
    let sizes = [50, 50, 20, 20, 10, 30, 50];
    for size in sizes {
        assert!(departures.add(&vec![7; size], address(1)) && departures.add(&[8; 9], address(2)));
    }
    let left = leave(&mut departures);
    let to = |port| left.iter().filter(move |(to, _)| *to == port);
    let groups: Vec<Vec<usize>> = to(1).map(|(_, packets)| packets.iter().map(Vec::len).collect()).collect();
    assert_eq!(groups, [vec![50, 50, 20], vec![20, 10], vec![30], vec![50]]);
    assert_eq!(to(2).map(|(_, packets)| packets.len()).collect::<Vec<_>>(), [sizes.len()]);
    // As many groups as there may be, and one more; what belongs to a group that is there is taken still.
    for port in 0..DEPARTING_GROUPS {
        assert!(departures.add(&[1; 10], address(port)));
    }
    assert!(!departures.add(&[1; 10], address(1000)));
    assert!(departures.add(&[2; 10], address(DEPARTING_GROUPS - 1)));
    assert_eq!(leave(&mut departures).len(), DEPARTING_GROUPS);
    assert!(departures.add(&[1; 10], address(1000)));
}

#[test]
fn many_packets_over_udp_in_one_round_arrive_each_for_itself() {
    let (relay, mut task) = RelayAlone::by_hand(RATES, &[HERE]);
    let [alice, bob] = tokens(1);
    relay.handle.order(RelayOrder::Open(RelayId(1), [alice, bob])).unwrap();
    assert!(task.turn().unwrap());
    let port = relay.port;
    let [alice, bob] = [alice, bob].map(|token| {
        let binding = thread::spawn(move || UdpLeg::new(HERE, port).bind(token));
        while !binding.is_finished() {
            // It ends at the latest after a second in which nothing comes.
            assert!(task.turn().unwrap());
        }
        binding.join().unwrap()
    });
    // In one direction all of one size, in the other of many.
    let sizes = |at: u64| [1000, 200 + (at as usize * 97) % 900];
    let rounds = 24;
    for at in 0..rounds {
        let [one, other] = sizes(at);
        alice.send(&packet(at, one));
        bob.send(&packet(at, other));
    }
    while relay.handle.report().counts.packets < 2 * rounds {
        assert!(task.turn().unwrap());
    }
    for at in 0..rounds {
        let [one, other] = sizes(at);
        assert_eq!((bob.receive(), alice.receive()), (packet(at, one), packet(at, other)));
    }
    assert_eq!(relay.handle.report().too_slow, 0);
}
