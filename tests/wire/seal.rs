//! Sealing for many: the format of RFC 9605, and who can read what when keys change.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use tr2::net::replay_window::WINDOW;
use tr2::net::seal::frame_key::{BaseKey, FrameKey, MAX_SEAL, key_of};
use tr2::net::seal::receiver::{KEPT, MAX_KEYS, OpenedPacket, ReceiverKeys};
use tr2::net::seal::sender::SenderKey;

const HEAD: &[u8] = b"\x11\x07\x20";

fn bytes(hex: &str) -> Vec<u8> {
    let byte = |at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
    (0..hex.len()).step_by(2).map(byte).collect()
}

/// RFC 9605, appendix C.3, the vector of AES_128_GCM_SHA256_128.
#[test]
fn the_vector_of_the_standard_is_sealed_and_opened() {
    let base = BaseKey(bytes("000102030405060708090a0b0c0d0e0f").try_into().unwrap());
    let key = FrameKey::new(0x123, &base).unwrap();
    let metadata = bytes("4945544620534672616d65205747");
    let plain = bytes("64726166742d696574662d736672616d652d656e63");
    let sealed = bytes("9901234567b7412c2513a1b66dbb48841bbaf17f598751176ad847681a69c6d0b091c07018ce4adb34eb");
    assert_eq!(key.seal(0x4567, &metadata, &plain), Some(sealed.clone()));
    assert_eq!(key.open(&metadata, &sealed), Some((0x4567, plain.clone())));
    assert_eq!(key.open(b"other", &sealed), None);
    assert_eq!(FrameKey::new(0x124, &base).unwrap().open(&metadata, &sealed), None);
    for at in 0..sealed.len() {
        let mut changed = sealed.clone();
        changed[at] ^= 1;
        assert_eq!(key.open(&metadata, &changed), None, "byte {at}");
        assert_eq!(key.open(&metadata, &sealed[..at]), None, "cut at {at}");
    }
}

/// Some of RFC 9605, appendix C.1: key ID, counter, header.
#[test]
fn headers_are_those_of_the_standard() {
    for (id, counter, header) in [
        (0, 0, "00"),
        (0, 1, "01"),
        (0, 255, "08ff"),
        (0, 256, "090100"),
        (0, 65536, "0a010000"),
        (1, 0, "10"),
        (1, 16_777_215, "1affffff"),
        (255, 0, "80ff"),
        (255, 281_474_976_710_655, "8dffffffffffffff"),
        (256, 1, "910100"),
        (65535, 1, "91ffff"),
        (65536, 16_777_216, "ab01000001000000"),
        (16_777_215, 281_474_976_710_656, "aeffffff01000000000000"),
        (4_294_967_295, 255, "b8ffffffffff"),
        (4_294_967_296, 4_294_967_295, "cb0100000000ffffffff"),
        (1_099_511_627_775, 72_057_594_037_927_935, "ceffffffffffffffffffffffff"),
        (281_474_976_710_655, 256, "d9ffffffffffff0100"),
        (281_474_976_710_656, 4_294_967_296, "ec010000000000000100000000"),
        (72_057_594_037_927_935, 72_057_594_037_927_936, "efffffffffffffff0100000000000000"),
        (u64::MAX, 65535, "f9ffffffffffffffffffff"),
    ] {
        let key = FrameKey::new(id, &BaseKey([1; 16])).unwrap();
        let sealed = key.seal(counter, HEAD, b"").unwrap();
        assert_eq!(sealed[..sealed.len() - 16], bytes(header), "{id} {counter}");
        assert!(sealed.len() <= MAX_SEAL);
        assert_eq!(key.open(HEAD, &sealed), Some((counter, vec![])));
        assert_eq!(key_of(&sealed), Some(id));
    }
    // Numbers longer than they must be.
    for header in ["8000", "8007", "900008", "0800", "0807", "090008", "80", "89ff00", ""] {
        assert_eq!(key_of(&bytes(header)), None, "{header}");
    }
}

/// A receiver with a sender's key.
fn given(sender: &SenderKey, receiver: &mut ReceiverKeys, now: Instant) -> bool {
    let (id, base) = sender.shared();
    receiver.add(id, &base, now)
}

#[test]
fn whoever_left_reads_nothing_later_and_whoever_came_nothing_earlier() {
    let now = Instant::now();
    let mut sender = SenderKey::first().unwrap();
    let (mut stays, mut leaves, mut comes) = <(ReceiverKeys, ReceiverKeys, ReceiverKeys)>::default();
    assert!(given(&sender, &mut stays, now) && given(&sender, &mut leaves, now));
    let before = sender.seal(HEAD, b"one").unwrap();
    let late = sender.seal(HEAD, b"late").unwrap();
    assert_eq!(stays.open(HEAD, &before, now), OpenedPacket::Plain(b"one".to_vec()));
    assert_eq!(leaves.open(HEAD, &before, now), OpenedPacket::Plain(b"one".to_vec()));
    sender.renew().unwrap();
    let after = sender.seal(HEAD, b"two").unwrap();
    // The key is on its way: nothing is lost meanwhile.
    assert_eq!(stays.open(HEAD, &after, now), OpenedPacket::KeyMissing);
    assert!(given(&sender, &mut stays, now) && given(&sender, &mut comes, now));
    assert_eq!(stays.open(HEAD, &after, now), OpenedPacket::Plain(b"two".to_vec()));
    assert_eq!(comes.open(HEAD, &after, now), OpenedPacket::Plain(b"two".to_vec()));
    assert_eq!(leaves.open(HEAD, &after, now), OpenedPacket::KeyMissing);
    // Not even under the ID that it has.
    let relabelled = [&before[..2], &after[2..]].concat();
    assert_eq!(leaves.open(HEAD, &relabelled, now), OpenedPacket::Bad);
    assert_eq!(comes.open(HEAD, &late, now), OpenedPacket::Bad);
    // What was sealed before and comes late is opened for a moment.
    assert_eq!(stays.open(HEAD, &late, now + KEPT - Duration::from_millis(1)), OpenedPacket::Plain(b"late".to_vec()));
    assert_eq!(stays.open(HEAD, &late, now + KEPT), OpenedPacket::Bad, "the key is gone");
    assert!(!given(&sender, &mut stays, now), "not twice");
    assert!(!stays.add(0, &BaseKey([1; 16]), now), "and none that is older");
}

#[test]
fn each_packet_is_opened_once_in_whatever_order_they_come() {
    let now = Instant::now();
    let mut sender = SenderKey::first().unwrap();
    let mut receiver = ReceiverKeys::default();
    given(&sender, &mut receiver, now);
    let sealed: Vec<_> = (0..400_u32).map(|at| sender.seal(HEAD, &at.to_be_bytes()).unwrap()).collect();
    let mut open = |at: usize| match receiver.open(HEAD, &sealed[at], now) {
        OpenedPacket::Plain(plain) => {
            assert_eq!(plain, (at as u32).to_be_bytes());
            true
        }
        OpenedPacket::Bad => false,
        OpenedPacket::KeyMissing => panic!(),
    };
    assert!(open(5) && open(0) && open(6) && open(1));
    assert!(![5, 0, 6, 1].map(&mut open).contains(&true));
    let newest = 5 + WINDOW as usize + 100;
    assert!(open(newest));
    assert!(open(newest - WINDOW as usize + 1), "the oldest in the window");
    assert!(!open(newest - WINDOW as usize), "one older");
    assert!(!open(newest));
    // What nobody sealed moves nothing.
    let mut forged = sealed[399].clone();
    *forged.last_mut().unwrap() ^= 1;
    assert_eq!(receiver.open(HEAD, &forged, now), OpenedPacket::Bad);
    assert!(matches!(receiver.open(HEAD, &sealed[newest - 1], now), OpenedPacket::Plain(_)));
}

#[test]
fn only_so_many_keys_are_kept() {
    let now = Instant::now();
    let mut sender = SenderKey::first().unwrap();
    let mut receiver = ReceiverKeys::default();
    assert!(!receiver.has_any());
    let mut sealed = Vec::new();
    for _ in 0..=MAX_KEYS {
        given(&sender, &mut receiver, now);
        sealed.push(sender.seal(HEAD, b"x").unwrap());
        sender.renew().unwrap();
    }
    assert_eq!(receiver.open(HEAD, &sealed[0], now), OpenedPacket::Bad);
    assert!(sealed[1..].iter().all(|sealed| receiver.open(HEAD, sealed, now) == OpenedPacket::Plain(b"x".to_vec())));
}

proptest! {
    #[test]
    fn any_bytes_are_bad_or_of_a_key_to_come(sealed: Vec<u8>, head: Vec<u8>) {
        let now = Instant::now();
        let mut receiver = ReceiverKeys::default();
        receiver.add(3, &BaseKey([9; 16]), now);
        prop_assert!(!matches!(receiver.open(&head, &sealed, now), OpenedPacket::Plain(_)));
    }
}
