//! The bytes of entries.

use bytes::Bytes;
use expect_test::expect;
use proptest::prelude::*;
use ring::hmac;
use tr2::model::time::Timestamp;
use tr2::server::cluster::chain::{Chain, ChainValue, REMEMBERED};
use tr2::server::cluster::entry::{
    Applied, Digest, EntryKey, Hello, LogCommand, LogEntry, MAX_COMMAND, MAX_ENTRY, NodeId, Purpose, Versions,
};
use tr2::server::cluster::entry_bytes::EntryError;

fn key() -> EntryKey {
    EntryKey::derived(b"secret")
}

fn node(name: &str) -> NodeId {
    NodeId::parse(name).unwrap()
}

fn hello() -> Hello {
    Hello { life: 7, versions: Versions { lowest: 1, highest: 2 }, settings: [3; 32], url: "tls://a:1".to_owned() }
}

fn entry(n: u64, purpose: Purpose, commands: &[(u64, &[u8])]) -> LogEntry {
    let digest = (n > 1).then_some(Digest { position: 4, sum: 9 });
    LogEntry {
        founding: 1,
        node: node("a"),
        epoch: 12,
        n,
        stamp: Timestamp(1_000),
        applied: Applied { position: 5, chain: ChainValue::founded("chat"), digest },
        purpose,
        commands: commands
            .iter()
            .map(|(conn, bytes)| LogCommand { conn: *conn, bytes: Bytes::copy_from_slice(bytes) })
            .collect(),
    }
}

fn examples() -> Vec<LogEntry> {
    vec![
        entry(0, Purpose::Hello(hello()), &[]),
        entry(1, Purpose::Commands, &[]),
        entry(2, Purpose::Commands, &[(1, b"hi"), (u64::MAX, b""), (1, b"\0\n")]),
        entry(3, Purpose::Settings([4; 32]), &[(1, b"settings")]),
        entry(4, Purpose::Farewell, &[]),
        entry(5, Purpose::Alarm, &[]),
    ]
}

fn hex(bytes: &[u8]) -> String {
    let lines = bytes.chunks(32).map(|line| line.iter().map(|byte| format!("{byte:02x}")).collect::<String>());
    lines.map(|line| line + "\n").collect()
}

#[test]
fn an_entry_is_written_like_this_for_ever() {
    let expected = expect![[r#"
        0101000000010161000000000000000c000000000000000000000000000003e8
        000000000000000516025c38808187909776d6fb446e2f964ddde980151455e6
        3dd4f63e74007ea5000000000000000007000100020303030303030303030303
        0303030303030303030303030303030303030303030009746c733a2f2f613a31
        0000000045398f21a26a2c3e6048baacc987bf3f632cb18fd060e7531722149b
        0acca3f3

        0100000000010161000000000000000c000000000000000100000000000003e8
        000000000000000516025c38808187909776d6fb446e2f964ddde980151455e6
        3dd4f63e74007ea500000000002fafe334324e51fd5607ebe1a68155fe78e991
        a73054fa6e003c81c43d8862e6

        0100000000010161000000000000000c000000000000000200000000000003e8
        000000000000000516025c38808187909776d6fb446e2f964ddde980151455e6
        3dd4f63e74007ea5010000000000000004000000000000000900000003000000
        0000000001000000026869ffffffffffffffff00000000000000000000000100
        000002000a75680a33e62a2f1d69583daf549d1df653846f4234884f9f9afe16
        670006816c

        0103000000010161000000000000000c000000000000000300000000000003e8
        000000000000000516025c38808187909776d6fb446e2f964ddde980151455e6
        3dd4f63e74007ea5010000000000000004000000000000000904040404040404
        0404040404040404040404040404040404040404040404040400000001000000
        00000000010000000873657474696e6773b577b75e58a2a8159d8d10d91df311
        db16b96f7c77d9970b5cfbe340eedfc180

        0102000000010161000000000000000c000000000000000400000000000003e8
        000000000000000516025c38808187909776d6fb446e2f964ddde980151455e6
        3dd4f63e74007ea5010000000000000004000000000000000900000000ad288d
        6bf474de5f3f2c42ddcb8b5e5ba89ba92068da455b6b4b26d64af2d91a

        0104000000010161000000000000000c000000000000000500000000000003e8
        000000000000000516025c38808187909776d6fb446e2f964ddde980151455e6
        3dd4f63e74007ea501000000000000000400000000000000090000000039d29e
        13b4534e3ba2bde84ad4196b45c1f0cfa87c2d26796f6705260ef415fd
    "#]];
    let written: Vec<String> = examples().iter().map(|entry| hex(&entry.write(&key()).unwrap())).collect();
    expected.assert_eq(&written.join("\n"));
}

#[test]
fn the_chain_is_like_this_for_ever() {
    let start = ChainValue::founded("chat");
    let next = start.next(1, b"entry");
    expect![[r#"
        16025c38808187909776d6fb446e2f964ddde980151455e63dd4f63e74007ea5
        d475d5065b4c69c99f8a2eed4c87ec001bb013b28a1f9d677bbc82d86a7afe4e
    "#]]
    .assert_eq(&format!("{}{}", hex(&start.0), hex(&next.0)));
    assert_ne!(next, start.next(2, b"entry"), "the position counts");
    assert_ne!(next, start.next(1, b"entrz"), "each byte counts");
    assert_ne!(next, ChainValue::founded("other").next(1, b"entry"), "what went before counts");
}

#[test]
fn the_chain_remembers_its_newest_values() {
    let value = |position: u64| ChainValue([u8::try_from(position % 251).unwrap(); 32]);
    let mut chain = Chain::resumed(10, value(10));
    assert_eq!((chain.at(9), chain.at(10), chain.at(11)), (None, Some(value(10)), None));
    let last = 10 + REMEMBERED as u64;
    (11..=last).for_each(|position| chain.push(value(position)));
    assert_eq!((chain.at(10), chain.at(11)), (None, Some(value(11))), "one more than it remembers");
    assert_eq!((chain.at(last), chain.at(last + 1)), (Some(value(last)), None));
}

#[test]
fn an_entry_comes_back_as_it_was() {
    for entry in examples() {
        assert_eq!(LogEntry::read(&entry.write(&key()).unwrap(), &key()).as_ref(), Ok(&entry));
    }
}

#[test]
fn an_entry_with_any_bit_flipped_is_refused() {
    for entry in examples() {
        let bytes = entry.write(&key()).unwrap();
        for at in 0..bytes.len() {
            for bit in 0..8 {
                let mut altered = bytes.to_vec();
                altered[at] ^= 1 << bit;
                assert_eq!(LogEntry::read(&altered.into(), &key()), Err(EntryError::NotOurs), "byte {at}, bit {bit}");
            }
        }
    }
}

#[test]
fn an_entry_that_is_cut_or_goes_on_is_refused() {
    for entry in examples() {
        let bytes = entry.write(&key()).unwrap();
        for end in 0..bytes.len() {
            assert_eq!(LogEntry::read(&bytes.slice(..end), &key()), Err(EntryError::NotOurs));
        }
        let longer = [&bytes[..], b"\0"].concat();
        assert_eq!(LogEntry::read(&longer.into(), &key()), Err(EntryError::NotOurs));
    }
}

#[test]
fn an_entry_of_another_cluster_is_refused() {
    let bytes = examples()[2].write(&EntryKey::derived(b"another")).unwrap();
    assert_eq!(LogEntry::read(&bytes, &key()), Err(EntryError::NotOurs));
}

/// The key's hash over a body that no program of ours writes.
fn signed(body: &[u8]) -> Bytes {
    let own = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, b"secret"), b"tr2 log entry");
    let mac = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, own.as_ref()), body);
    [body, mac.as_ref()].concat().into()
}

/// Reads a body that was altered by whoever has the key.
fn forged(entry: &LogEntry, alter: impl Fn(&mut Vec<u8>)) -> Result<LogEntry, EntryError> {
    let bytes = entry.write(&key()).unwrap();
    let mut body = bytes[..bytes.len() - 32].to_vec();
    alter(&mut body);
    LogEntry::read(&signed(&body), &key())
}

#[test]
fn a_node_with_the_key_cannot_write_an_entry_in_two_ways() {
    let commands = &examples()[2];
    assert_eq!(forged(commands, |_| {}).as_ref(), Ok(commands), "the forger knows how to sign");
    let malformed = |what| Err(EntryError::Malformed(what));
    assert_eq!(forged(commands, |body| body[0] = 2), Err(EntryError::NewerFormat(2)));
    assert_eq!(forged(commands, |body| body[0] = 0), malformed("its format is too old"));
    assert_eq!(forged(commands, |body| body[1] = 5), malformed("its purpose"));
    assert_eq!(forged(commands, |body| body[7] = b'A'), malformed("the name of its node"));
    assert_eq!(forged(commands, |body| body.push(0)), malformed("there is something after its end"));
    assert_eq!(forged(commands, |body| body.truncate(body.len() - 1)), malformed("it ends too early"));
    assert_eq!(forged(commands, |body| body.truncate(3)), malformed("it ends too early"));
    assert_eq!(forged(commands, |body| body[72] = 2), malformed("whether it has a digest"));
    // A digest of position 2^56.
    assert_eq!(forged(commands, |body| body[73] = 1), malformed("a digest of what was not applied"));
    let no_hello = malformed("a hello has the number 0, and nothing else has");
    assert_eq!(forged(commands, |body| body[23] = 0), no_hello);
    assert_eq!(forged(&examples()[0], |body| body[23] = 1), no_hello);
    // The URL's last byte.
    let at = examples()[0].write(&key()).unwrap().len() - 32 - 4 - 1;
    assert_eq!(forged(&examples()[0], |body| body[at] = 0xff), malformed("a text is not UTF-8"));
    assert_eq!(forged(&examples()[0], |body| body[at] = b'\n'), malformed("its URL"));
    let farewell = &examples()[4];
    let with_command = |body: &mut Vec<u8>| {
        *body.last_mut().unwrap() = 1;
        body.extend_from_slice(&[0; 12]);
    };
    assert_eq!(forged(farewell, with_command), malformed("commands where there can be none"));
    // Four billion commands of which there is none.
    assert_eq!(
        forged(farewell, |body| {
            let end = body.len();
            body[end - 4..].fill(0xff);
        }),
        malformed("it ends too early")
    );
}

#[test]
fn an_entry_is_bounded() {
    let long = vec![b'x'; MAX_COMMAND - 12];
    let fits = entry(1, Purpose::Commands, &[(1, &long)]);
    assert!(fits.write(&key()).unwrap().len() <= MAX_ENTRY);
    let too_long = entry(1, Purpose::Commands, &[(1, &long), (1, &[0; 1024])]);
    assert!(matches!(too_long.write(&key()), Err(EntryError::TooLong(_))));
    assert_eq!(LogEntry::read(&vec![0; MAX_ENTRY + 1].into(), &key()), Err(EntryError::TooLong(MAX_ENTRY + 1)));
    let mut with_url = examples()[0].clone();
    with_url.purpose = Purpose::Hello(Hello { url: "x".repeat(513), ..hello() });
    assert_eq!(with_url.write(&key()), Err(EntryError::Malformed("its URL")));
}

#[test]
fn names_of_nodes_are_short_and_plain() {
    let names = ["a", "node-1", &"x".repeat(32)];
    assert!(names.iter().all(|name| NodeId::parse(name).is_some()));
    let none = ["", "A", "a b", "a/b", "\u{e4}", &"x".repeat(33)];
    assert!(none.iter().all(|name| NodeId::parse(name).is_none()));
}

fn any_entry() -> impl Strategy<Value = LogEntry> {
    let purpose = prop_oneof![
        Just(Purpose::Commands),
        Just(Purpose::Farewell),
        Just(Purpose::Alarm),
        any::<[u8; 32]>().prop_map(Purpose::Settings),
        (any::<u64>(), any::<u16>(), any::<u16>(), any::<[u8; 32]>(), "[a-z0-9:/.\u{e4}]{0,40}").prop_map(
            |(life, a, b, settings, url)| {
                let versions = Versions { lowest: a.min(b), highest: a.max(b) };
                Purpose::Hello(Hello { life, versions, settings, url })
            }
        ),
    ];
    let command = (any::<u64>(), proptest::collection::vec(any::<u8>(), 0..50));
    let applied = (any::<u64>(), any::<[u8; 32]>(), any::<Option<u64>>());
    let head = (any::<u32>(), "[a-z0-9-]{1,32}", any::<u64>(), 1..u64::MAX, any::<i64>());
    (head, applied, purpose, proptest::collection::vec(command, 0..5)).prop_map(
        |((founding, name, epoch, n, stamp), (position, chain, sum), purpose, commands)| {
            let is_hello = matches!(purpose, Purpose::Hello(_));
            let silent = is_hello || matches!(purpose, Purpose::Farewell | Purpose::Alarm);
            let commands = commands.into_iter().map(|(conn, bytes)| LogCommand { conn, bytes: bytes.into() });
            LogEntry {
                founding,
                node: node(&name),
                epoch,
                n: if is_hello { 0 } else { n },
                stamp: Timestamp(stamp),
                applied: Applied {
                    position,
                    chain: ChainValue(chain),
                    digest: sum.map(|sum| Digest { position: position / 2, sum }),
                },
                purpose,
                commands: commands.filter(|_| !silent).collect(),
            }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_entry_comes_back(entry in any_entry(), flipped in any::<prop::sample::Index>(), bit in 0_u8..8) {
        let bytes = entry.write(&key()).unwrap();
        prop_assert_eq!(LogEntry::read(&bytes, &key()), Ok(entry));
        let mut altered = bytes.to_vec();
        altered[flipped.index(bytes.len())] ^= 1 << bit;
        prop_assert_eq!(LogEntry::read(&altered.into(), &key()), Err(EntryError::NotOurs));
    }

    /// Whatever has the right hash either is no entry, or is written again byte for byte.
    #[test]
    fn what_is_read_is_written_the_same(
        entry in any_entry(), edits in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4)
    ) {
        let bytes = entry.write(&key()).unwrap();
        let mut body = bytes[..bytes.len() - 32].to_vec();
        for (at, byte) in edits {
            let at = at.index(body.len());
            body[at] = byte;
        }
        let bytes = signed(&body);
        if let Ok(read) = LogEntry::read(&bytes, &key()) {
            prop_assert_eq!(read.write(&key()).unwrap(), bytes);
        }
    }
}
