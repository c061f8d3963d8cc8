//! The parts of the server that decide alone: limits, admission, presence, names, the passphrase, the outbox.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]
#![allow(missing_docs)]

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tr2::model::Origin;
use tr2::model::{MessageId, Name, Text, Timestamp};
use tr2::protocol::{Code, Dialect, Envelope, Event};
use tr2::server::broker::access::connection_limits::Admission;
use tr2::server::broker::access::names::{Names, groups};
use tr2::server::broker::outbox::Outbox;
use tr2::server::broker::outbox::lane::Stretch;
use tr2::server::broker::rooms::presence::Presence;
use tr2::server::ids::ConnId;
use tr2::server::limits::{
    FLOOD_PATIENCE, MAX_PASSPHRASE, MAX_PER_ADDRESS, PASSPHRASE_TRIES, PASSPHRASE_USERS, PASSPHRASE_WINDOW,
    ROUND_BYTES, SMALL_ROOM,
};
use tr2::server::limits::{Rate, RateError};
use tr2::server::secrets::passphrase::{HashMemory, Tries, hash, is_hash, passphrase, verify};
use tr2::server::store::api::{Recipient, Record};
use tr2::server::transport::rate_limit::{Bucket, Flood, FloodDecision};

fn name(raw: &str) -> Name {
    Name::parse(raw).unwrap()
}

fn names(raw: &[&str]) -> Vec<Name> {
    raw.iter().map(|raw| name(raw)).collect()
}

// --------------------------------------------------------------------------------------------------------- limits

#[test]
fn rates_are_read() {
    for (text, rate) in [
        ("20/5", Ok(Some(Rate { burst: 20, per_second: 5 }))),
        ("1 / 1000000", Ok(Some(Rate { burst: 1, per_second: 1_000_000 }))),
        ("off", Ok(None)),
        ("", Err(RateError)),
        ("20", Err(RateError)),
        ("0/5", Err(RateError)),
        ("20/0", Err(RateError)),
        ("20/1000001", Err(RateError)),
        ("-1/5", Err(RateError)),
        ("OFF", Err(RateError)),
    ] {
        assert_eq!(Rate::parse(text), rate, "{text:?}");
    }
}

#[test]
fn a_bucket_holds_a_burst_and_fills_with_time() {
    let rate = Rate { burst: 3, per_second: 2 };
    let mut bucket = Bucket::full(rate, Timestamp(0));
    let mut taken = |at: i64| (bucket.take(rate, Timestamp(at)), bucket.wait(rate).as_millis(), bucket.is_full(rate));
    assert_eq!([taken(0), taken(0), taken(0)].map(|(taken, ..)| taken), [true; 3]);
    assert_eq!(taken(0), (false, 500, false));
    assert_eq!(taken(499), (false, 1, false));
    assert_eq!(taken(500), (true, 500, false));
    // However long the pause, it holds no more than a burst; a clock that jumps back takes nothing away.
    assert!(taken(1_000_000).0);
    assert_eq!([taken(1_000_000).0, taken(0).0, taken(0).0], [true, true, false]);
}

/// What becomes of frames sent as fast as their sender may, from `from` on for `span`: how many are taken and refused.
fn flood(limit: &mut Flood, from: i64, span: Duration) -> (u32, u32) {
    let (mut now, mut taken, mut refused) = (Timestamp(from), 0, 0);
    while now.since(Timestamp(from)) <= span {
        match limit.judge(now) {
            FloodDecision::Take => taken += 1,
            FloodDecision::Refuse => refused += 1,
            FloodDecision::Wait(pause) => now = now.after(pause),
        }
    }
    (taken, refused)
}

#[test]
fn a_flood_is_slowed_then_refused_and_forgiven() {
    for (burst, per_second) in [(20, 5), (2, 5), (1, 5), (1, 1), (100, 1000)] {
        let mut limit = Flood::new(Rate { burst, per_second }, Timestamp(0));
        let seconds = u32::try_from(FLOOD_PATIENCE.as_secs()).unwrap();
        let (taken, refused) = flood(&mut limit, 0, FLOOD_PATIENCE);
        assert_eq!((taken, refused), (burst + seconds * per_second, 0), "{burst}/{per_second}: only slowed");
        assert!(limit.is_slowing());
        let (taken, refused) = flood(&mut limit, 10_001, Duration::from_secs(5));
        assert!(taken == 0 && refused >= 4, "{burst}/{per_second}: {taken} taken, {refused} refused");
        // Whoever pauses long enough for half a burst, and for two frames, starts anew.
        let pause = i64::from((burst / 2 + 3) * 1000 / per_second);
        limit.judge(Timestamp(16_000 + pause));
        assert_eq!(limit.judge(Timestamp(18_000 + 2 * pause)), FloodDecision::Take, "{burst}/{per_second}");
        assert!(!limit.is_slowing(), "{burst}/{per_second}");
    }
}

// ------------------------------------------------------------------------------------------------------ admission

fn from(address: &str) -> Origin {
    Origin::Tcp(address.parse().unwrap())
}

#[test]
fn connections_are_counted_in_all_and_by_address() {
    let mut all = Admission::new(2, None, 42);
    assert_eq!(all.enter(from("10.0.0.1:1")), Ok(()));
    assert_eq!(all.enter(from("127.0.0.1:1")), Ok(()));
    assert_eq!(all.enter(from("10.0.0.3:1")), Err(Code::ServerFull));
    all.leave(from("10.0.0.1:1"));
    assert_eq!(all.enter(from("10.0.0.3:1")), Ok(()));

    let mut default = Admission::new(1000, None, 42);
    for port in 0..MAX_PER_ADDRESS + 1 {
        let far = from(&format!("10.0.0.1:{port}"));
        assert_eq!(default.enter(far).is_ok(), port < MAX_PER_ADDRESS, "{port}");
        assert_eq!(default.enter(from(&format!("127.0.0.1:{port}"))), Ok(()), "this machine's own are not limited");
        assert_eq!(default.enter(from(&format!("[::1]:{port}"))), Ok(()));
    }
}

#[test]
fn an_origin_is_what_it_is() {
    for (address, loopback, original) in [
        ("127.0.0.1:46352", true, "('127.0.0.1', 46352)"),
        ("[::ffff:127.0.0.1]:1", true, "('127.0.0.1', 1)"),
        ("[::1]:1", true, "('::1', 1)"),
        ("10.0.0.1:1", false, "('10.0.0.1', 1)"),
        ("[::ffff:10.0.0.1]:1", false, "('10.0.0.1', 1)"),
    ] {
        assert_eq!((from(address).is_local(), from(address).as_original().as_str()), (loopback, original));
    }
}

// ------------------------------------------------------------------------------------------------ presence and names

#[test]
fn presence_is_told_at_once_or_gathered_net() {
    let mut presence = Presence::default();
    assert!(presence.join(&name("a"), false, SMALL_ROOM));
    assert!(!presence.join(&name("b"), false, SMALL_ROOM + 1));
    // Once something waits, everything waits behind it, so that no going is told before its coming.
    assert!(!presence.leave(&name("c"), false, 1));
    assert!(!presence.join(&name("d"), false, SMALL_ROOM + 1));
    assert!(!presence.leave(&name("d"), false, SMALL_ROOM + 1));
    assert!(!presence.leave(&name("e"), false, SMALL_ROOM + 1));
    assert!(!presence.join(&name("e"), false, SMALL_ROOM + 1));
    let (left, joined) = presence.take();
    assert_eq!((left.into_keys().collect(), joined.into_keys().collect()), (names(&["c"]), names(&["b"])));
    assert!(presence.is_empty());
    assert!(presence.leave(&name("a"), false, SMALL_ROOM));
}

#[test]
fn names_are_given_found_and_freed() {
    let mut users = Names::default();
    assert!(users.give(&name("Paypal"), ConnId(1), false));
    for taken in ["Paypal", "paypal", "PAYPAL", "paypaI", "\u{440}\u{430}\u{443}\u{440}\u{430}\u{4CF}"] {
        assert!(!users.give(&name(taken), ConnId(2), false), "{taken}");
    }
    assert!(users.give(&name("bob"), ConnId(3), true));
    for (written, conn) in [
        ("Paypal", Some(ConnId(1))),
        ("pAYPAL", Some(ConnId(1))),
        ("paypaI", None),
        ("bob", Some(ConnId(3))),
        ("b ob", None),
        ("", None),
    ] {
        assert_eq!(users.find(written), conn, "{written:?}");
    }
    users.free(&name("Paypal"));
    users.free(&name("nobody"));
    assert!(users.give(&name("paypaI"), ConnId(4), false));
    let order: Vec<_> = users.in_order().map(|(name, verified)| (name.to_string(), verified)).collect();
    assert_eq!(order, [("bob".to_owned(), true), ("paypaI".to_owned(), false)]);
    assert_eq!(users.clashing(&name("PAYPAL").key()), [ConnId(4)]);
    assert_eq!([users.is_verified(&name("bob")), users.is_verified(&name("paypaI"))], [true, false]);
    assert_eq!((users.len(), users.is_empty()), (2, false));
}

#[test]
fn names_are_cut_into_groups_by_their_length() {
    let users = names(&["aa", "bb", "cc"]);
    let grouped = |bytes| groups(users.iter(), bytes).iter().map(Vec::len).collect::<Vec<_>>();
    assert_eq!(
        [grouped(12), grouped(11), grouped(8), grouped(7), grouped(1)].map(|sizes| sizes.len()),
        [1, 2, 2, 3, 3]
    );
    assert_eq!(groups([].into_iter(), 10), [vec![]]);
}

// ------------------------------------------------------------------------------------------------------ passphrase

#[test]
fn a_passphrase_is_five_proquints() {
    // From the proposal: 127.0.0.1 and 63.84.220.193, which are 16 bits twice.
    let shown = passphrase([127, 0, 0, 1, 63, 84, 220, 193, 0, 0]);
    assert_eq!(shown, "lusab-babad-gutih-tugad-babab");
    assert_eq!(passphrase([0xFF; 10]), "zuzuz-zuzuz-zuzuz-zuzuz-zuzuz");
}

#[test]
fn a_passphrase_is_known_by_its_hash_however_it_is_typed() {
    let mut memory = HashMemory::default();
    let kept = hash("lusab-babad-gutih-tugad-mupov", [7; 16]).unwrap();
    assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
    assert!(is_hash(&kept) && !is_hash("lusab") && !is_hash(""));
    let padded = format!("lusab babad gutih tugad mupov{}", " ".repeat(MAX_PASSPHRASE));
    for (typed, right) in [
        ("lusab-babad-gutih-tugad-mupov", true),
        (" LUSAB babad gutihtugad mupov ", true),
        ("lusab-babad-gutih-tugad-mupo", false),
        ("", false),
        (&padded[..MAX_PASSPHRASE], true),
        (&padded[..=MAX_PASSPHRASE], false),
    ] {
        assert_eq!(verify(typed, &kept, &mut memory), right, "{typed:?}");
    }
    assert!(!verify("lusab", "no hash", &mut memory));
}

#[test]
fn tries_are_counted_for_each_place_and_for_a_bounded_number_of_them() {
    let mut tries = Tries::default();
    for number in 0..=PASSPHRASE_TRIES {
        assert_eq!(tries.take("alice", Timestamp(0)), number < PASSPHRASE_TRIES);
    }
    assert!(tries.take("bob", Timestamp(0)));
    let window = i64::try_from(PASSPHRASE_WINDOW.as_millis()).unwrap();
    assert!(!tries.take("alice", Timestamp(window - 1)));
    assert!(tries.take("alice", Timestamp(window)));
    for number in 2..=PASSPHRASE_USERS {
        assert!(tries.take(&format!("u{number}"), Timestamp(window)));
    }
    assert!(!tries.take("one too many", Timestamp(window + 1)));
    assert!(tries.take("alice", Timestamp(window + 1)), "who is known still has tries");
    assert!(tries.take("one too many", Timestamp(2 * window + 1)), "old tries make room");
}

// ---------------------------------------------------------------------------------------------------------- outbox

const ALICE: ConnId = ConnId(1);
const BOB: ConnId = ConnId(2);
const OLD: ConnId = ConnId(3);
const NEW: ConnId = ConnId(4);

fn notice(text: &str) -> Envelope {
    Event::Notice(Text::block(text)).into()
}

/// Alice and bob, an original, and one without a name, in a round of their own.
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

/// Ends a round: the last word of each line or packet that each connection hears, and how many bytes are shared.
fn round(outbox: &mut Outbox) -> BTreeMap<ConnId, String> {
    let shared = outbox.take_shared();
    let mut heard = BTreeMap::new();
    for (conn, lane) in outbox.deliveries(&shared) {
        let mut said = Vec::new();
        outbox.stretches(lane, &shared, |stretch| said.extend_from_slice(stretch.bytes()));
        let lines = String::from_utf8(said).unwrap();
        let packets = lane.packets().iter().map(|packet| String::from_utf8(packet.to_vec()).unwrap());
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
fn what_is_said_is_heard_in_order_by_whom_it_is_for() {
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
fn one_that_closes_hears_its_last_and_nothing_more() {
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
    outbox.drop_lane(ALICE);
    outbox.broadcast(None, &notice("five"));
    assert_eq!(round(&mut outbox), heard([]));
}

#[test]
fn far_less_is_stored_together_than_may_wait_for_one_who_hears_it() {
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
    };
    // With what the answer to each counts for.
    let together = (ROUND_BYTES / 2).div_ceil(4096 + 128) as u64;
    (1..together).for_each(|id| outbox.append(record(id)));
    assert!(!outbox.is_full());
    outbox.append(record(together));
    assert!(outbox.is_full());
    assert_eq!(outbox.take_jobs().count(), 1);
    assert!(!outbox.is_full());
}

#[test]
fn a_round_ends_long_before_one_has_more_to_hear_than_may_wait() {
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
fn a_broadcast_stands_in_memory_once() {
    let mut outbox = outbox();
    outbox.broadcast(None, &notice("all"));
    let shared = outbox.take_shared();
    assert_eq!(shared.len(), "server | client | private_message | all\n".len());
    let mut packets = Vec::new();
    for (conn, lane) in outbox.deliveries(&shared).filter(|(conn, _)| *conn != NEW) {
        outbox.stretches(lane, &shared, |stretch| {
            assert!(conn != OLD && matches!(stretch, Stretch::Shared(bytes, _) if std::ptr::eq(bytes, &shared[..])));
        });
        packets.extend(lane.packets().iter().map(Arc::as_ptr));
    }
    assert_eq!(packets.len(), 1);
    // While somebody still holds the bytes they are not written over.
    let held = Arc::clone(&shared);
    outbox.end_round(shared);
    outbox.broadcast(None, &notice("next"));
    assert!(held.ends_with(b"all\n"));
}
