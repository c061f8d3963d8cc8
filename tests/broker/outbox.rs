//! The outbox: what one round says to whom, in which order, and when a round is full.

use std::collections::BTreeMap;
use std::sync::Arc;

use tr2::model::{MessageId, Name, Text, Timestamp};
use tr2::protocol::{Dialect, Envelope, Event};
use tr2::server::broker::outbox::Outbox;
use tr2::server::broker::outbox::delivery_plan::Stretch;
use tr2::server::ids::ConnId;
use tr2::server::limits::ROUND_BYTES;
use tr2::server::store::api::{Recipient, Record};

fn name(raw: &str) -> Name {
    Name::parse(raw).unwrap()
}

const ALICE: ConnId = ConnId(1);
const BOB: ConnId = ConnId(2);
const OLD: ConnId = ConnId(3);
const NEW: ConnId = ConnId(4);

fn notice(text: &str) -> Envelope {
    Event::Notice(Text::block(text)).into()
}

/// An outbox with alice, bob, a TR2.23 client and a connection without a name.
fn outbox() -> Outbox {
    let mut outbox = Outbox::default();
    for (conn, user) in [(ALICE, "alice"), (BOB, "bob"), (OLD, "old"), (NEW, "")] {
        outbox.open(conn);
        if conn == OLD {
            outbox.speak(conn, Dialect::Tr223);
        }
        if !user.is_empty() {
            outbox.enter(conn, &name(user));
        }
    }
    round(&mut outbox);
    outbox
}

/// Ends a round and returns the last word of each line or packet that each connection hears.
fn round(outbox: &mut Outbox) -> BTreeMap<ConnId, String> {
    let shared = outbox.take_shared();
    let mut heard = BTreeMap::new();
    for (conn, plan) in outbox.deliveries(&shared) {
        let mut said = Vec::new();
        outbox.stretches(plan, &shared, |stretch| said.extend_from_slice(stretch.bytes()));
        let lines = String::from_utf8(said).unwrap();
        let packets = plan.packets().iter().map(|packet| String::from_utf8(packet.to_vec()).unwrap());
        let last = |text: &str| text.rsplit(' ').next().unwrap().to_owned();
        let words: Vec<String> = lines.lines().map(last).chain(packets.map(|packet| last(&packet))).collect();
        heard.insert(conn, words.join(" "));
    }
    outbox.end_round(shared);
    heard.retain(|_, words| !words.is_empty());
    heard
}

fn heard<const N: usize>(expected: [(ConnId, &str); N]) -> BTreeMap<ConnId, String> {
    expected.into_iter().map(|(conn, words)| (conn, words.to_owned())).collect()
}

#[test]
fn each_connection_hears_in_order_what_is_meant_for_it() {
    let mut outbox = outbox();
    outbox.send(ALICE, &notice("a1"));
    outbox.broadcast(None, &notice("all1"));
    outbox.send(ALICE, &notice("a2"));
    outbox.send(BOB, &notice("b1"));
    outbox.send(ALICE, &notice("a3"));
    outbox.broadcast(Some(ALICE), &notice("all2"));
    outbox.send(NEW, &notice("n1"));
    outbox.enter(NEW, &name("new"));
    outbox.broadcast(Some(OLD), &notice("all3"));
    outbox.send(OLD, &notice("o1"));
    let expected = [(ALICE, "a1 all1 a2 a3 all3"), (BOB, "all1 b1 all2 all3"), (OLD, "all1 all2 o1"), (NEW, "n1 all3")];
    assert_eq!(round(&mut outbox), heard(expected));
    outbox.broadcast(None, &notice("next"));
    assert_eq!(round(&mut outbox), heard([(ALICE, "next"), (BOB, "next"), (OLD, "next"), (NEW, "next")]));
    assert_eq!(round(&mut outbox), heard([]));
    assert!(outbox.is_empty());
}

#[test]
fn a_closing_connection_hears_what_came_before_and_nothing_after() {
    let mut outbox = outbox();
    outbox.broadcast(None, &notice("one"));
    outbox.send(BOB, &notice("last"));
    for conn in [BOB, OLD] {
        outbox.close(conn);
        outbox.send(conn, &notice("late"));
    }
    outbox.broadcast(Some(BOB), &notice("two"));
    outbox.broadcast(None, &notice("three"));
    assert_eq!(round(&mut outbox), heard([(ALICE, "one two three"), (BOB, "one last"), (OLD, "one")]));
    outbox.broadcast(None, &notice("four"));
    outbox.send(BOB, &notice("four"));
    assert_eq!(round(&mut outbox), heard([(ALICE, "four")]));
    outbox.drop_plan(ALICE);
    outbox.broadcast(None, &notice("five"));
    assert_eq!(round(&mut outbox), heard([]));
}

#[test]
fn one_batch_for_the_store_is_far_smaller_than_a_backlog() {
    let mut outbox = outbox();
    let record = |id| Record {
        id: MessageId(id),
        time: Timestamp(0),
        from: name("ann"),
        verified: false,
        to: Recipient::Everyone { me_too: false },
        reference: None,
        text: Text::block(&"x".repeat(4096)),
        deleted: None,
        extra: Default::default(),
    };
    // Each message also counts 128 bytes for its answer.
    let together = (ROUND_BYTES / 2).div_ceil(4096 + 128) as u64;
    (1..together).for_each(|id| outbox.append(record(id)));
    assert!(!outbox.is_full());
    outbox.append(record(together));
    assert!(outbox.is_full());
    assert_eq!(outbox.take_jobs().count(), 1);
    assert!(!outbox.is_full());
}

#[test]
fn a_round_ends_long_before_a_backlog_is_full() {
    let mut outbox = outbox();
    outbox.bound(4000);
    outbox.send(ALICE, &notice(&"x".repeat(900)));
    outbox.send(BOB, &notice(&"x".repeat(900)));
    assert!(!outbox.is_full());
    outbox.send(ALICE, &notice(&"x".repeat(100)));
    assert!(outbox.is_full());
    round(&mut outbox);
    assert!(!outbox.is_full());
    outbox.send_lines(BOB, &[b'\n'; 1000]);
    assert!(outbox.is_full());
}

#[test]
fn a_broadcast_is_in_memory_once() {
    let mut outbox = outbox();
    outbox.broadcast(None, &notice("all"));
    let shared = outbox.take_shared();
    assert_eq!(shared.len(), "server | client | private_message | all\n".len());
    let mut packets = Vec::new();
    for (conn, plan) in outbox.deliveries(&shared).filter(|(conn, _)| *conn != NEW) {
        outbox.stretches(plan, &shared, |stretch| {
            assert!(conn != OLD && matches!(stretch, Stretch::Shared(bytes, _) if Arc::ptr_eq(bytes, &shared)));
        });
        packets.extend(plan.packets().iter().map(Arc::as_ptr));
    }
    assert_eq!(packets.len(), 1);
    // The bytes are not overwritten while somebody still holds them.
    let held = Arc::clone(&shared);
    outbox.end_round(shared);
    outbox.broadcast(None, &notice("next"));
    assert!(held.ends_with(b"all\n"));
}
