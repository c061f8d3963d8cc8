//! A hostile server against the client's session: whatever it sends, nothing panics, little memory is used, and no
//! control sequence reaches any output.

use std::sync::LazyLock;

use tr2::client::msg::{Effect, Msg, Net};
use tr2::client::settings::Times;
use tr2::client::text::print;
use tr2::model::text::is_harmless;
use tr2::protocol::Envelope;
use tr2::protocol::words::op;

use super::load::Cost;
use super::mutated::told;
use super::paint::paint;
use super::script::{self, Play};
use crate::chance::Chance;

const ENVELOPES: usize = 1000;

const FRAMES: [&str; 39] = [
    "server | client | name | TR2.26 accepted presence ping history read search identity rooms moderation away reply edit react",
    "@ref=1 server | alice | connection_confirmation | hi",
    "@id=5;time=2026-11-22T12:00:00.000Z bob | all clients | broadcast_not_me | hello",
    "@id=6 bob | alice | private_message | psst",
    "@id=7 bob | #ops | broadcast | hello",
    "server | alice | list_clients | clients connected: bob ,carol",
    "server | alice | list_end",
    "server | all clients | joined | carol dave",
    "@why=kicked server | all clients | left | carol",
    "@ref=5-0001;id=5 server | alice | accepted",
    "@ref=5-0001 server | alice | refused | no_such_user nobody",
    "server | alice | refused | slow_consumer too slow",
    "@batch=b server | alice | conversation | last=5 read=3 unread=2 bob",
    "@batch=b server | alice | conversations_end",
    "@batch=b server | alice | history_end | more damaged=2",
    "server | alice | search_end | more",
    "server | #ops | room | open members=3 you=maker slow=3 topic=what",
    "server | #ops | joined | carol",
    "server | #ops | left | carol",
    "bob | #ops | act | kick carol 60 on why",
    "bob | all clients | closing | 300 why",
    "bob | all clients | closing_off",
    "bob | all clients | away | lunch",
    "server | alice | ignored | bob carol",
    "@id=5 bob | all clients | deleted | carol",
    "@id=5;change=8 bob | all clients | edited | another\\ntext",
    "@id=6;change=9 bob | alice | reacted | on 1 +1 bob",
    "@id=5;change=10 bob | all clients | reacted | off 0 +1 carol alice",
    "@id=7;change=11;reply=5;quote=carol\\shello bob | #ops | broadcast | indeed",
    "@batch=b;id=5;change=12;edited=2026-11-22T12:00:00.000Z bob | all clients | broadcast | hello again",
    "@batch=b;id=5 server | alice | reactions | 2!:+1 1:ok",
    "@batch=b server | alice | changes_end | more",
    "server | alice | moderator | You are now a moderator.",
    "server | alice | demoted | no more",
    "server | alice | ping | 5",
    "server | alice | whois | bob online",
    "server | alice | nodes | tcp://b.example:7 tls://c.example tcp://127.0.0.1:22 tls://[::1]",
    "server | alice | refused | elsewhere drains",
    "server | all clients | broadcast | server closed",
];

/// These frames, and one for each operation that they lack.
static EVENTS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let missing = op::ALL.iter().filter(|operation| !FRAMES.iter().any(|frame| has(frame, operation)));
    let others = missing.map(|operation| format!("@batch=b server | alice | {operation} | bob 3"));
    FRAMES.iter().map(ToString::to_string).chain(others).collect()
});

fn has(frame: &str, operation: &str) -> bool {
    frame.split(" | ").nth(2) == Some(operation)
}

const SPLICES: [&[u8]; 10] = [
    b"\x1b]52;c;cG9pc29u\x07",
    b" | ",
    b"\x9b31m",
    "\u{202e}".as_bytes(),
    "\u{1100}\u{1100}\u{1100}".as_bytes(),
    b"\xff",
    b"\\n\\n",
    "e\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}".as_bytes(),
    "\u{2028}".as_bytes(),
    b"99999999999999999999",
];

fn mutated(chance: &mut Chance) -> Vec<u8> {
    let mut bytes = EVENTS[chance.below(EVENTS.len())].as_bytes().to_vec();
    for _ in 0..chance.below(4) {
        let at = chance.below(bytes.len().max(1)).min(bytes.len());
        match chance.below(5) {
            0 => drop(bytes.splice(at..at, SPLICES[chance.below(SPLICES.len())].iter().copied())),
            1 if at < bytes.len() => bytes[at] ^= 1 << chance.below(8),
            2 => bytes.truncate(at),
            3 => drop(bytes.drain(at..(at + chance.below(9)).min(bytes.len()))),
            _ => {
                let end = (at + chance.below(30)).min(bytes.len());
                bytes.extend_from_within(at..end);
            }
        }
    }
    bytes
}

/// Plays such frames to one session; returns how many were valid.
fn play(seed: u64) -> usize {
    let mut chance = Chance(seed);
    let mut play = Play::new("start name=alice");
    for step in ["start name=alice", "size 80x24", "online bob carol"] {
        play.step(step);
    }
    let mut read = 0;
    for round in 0..ENVELOPES {
        let Ok(envelope) = Envelope::parse(&mutated(&mut chance)) else { continue };
        read += 1;
        play.wait(std::time::Duration::from_millis(20));
        let effects = play.update(Msg::Net(Net::Said(envelope)));
        assert!(effects.len() < 100, "{effects:?}");
        if round % 200 == 0 {
            clean(&paint(&play.session.view()));
        }
    }
    read
}

/// Checks that nothing shown affects a terminal.
fn clean(shown: &str) {
    let acting = shown.chars().find(|c| *c != '\n' && (c.is_control() || !is_harmless(*c)));
    assert_eq!(acting, None, "{shown}");
}

// T29: 10,000,000 inputs from a server: no panic, 100 MB at most.
#[test]
fn ten_million_inputs_from_a_server_break_no_client() {
    let sessions = if super::long() { 10_000 } else { 30 };
    let begun = std::time::Instant::now();
    let before = Cost::of(rustix::process::getpid()).memory;
    if let Some(seed) = super::seed() {
        return println!("{} read", play(seed));
    }
    let halves = [0, 1].map(|half| {
        std::thread::spawn(move || {
            (0..sessions).filter(|seed| seed % 2 == half).map(|seed| told(seed, play)).sum::<usize>()
        })
    });
    let read: usize = halves.into_iter().map(|half| half.join().unwrap()).sum();
    let grown = Cost::of(rustix::process::getpid()).memory.saturating_sub(before);
    println!(
        "{} inputs, {read} frames read, in {:?}, {} MB",
        sessions * ENVELOPES as u64,
        begun.elapsed(),
        grown >> 20
    );
    // Other tests run in this process too.
    assert!(!super::long() || grown <= 100 << 20, "{grown} bytes");
}

/// Payloads that affect terminals: every control character, and sequences that set titles, clipboards, colours and
/// keys.
fn payloads() -> Vec<String> {
    let controls = (0..0x20).chain(0x7F..0xA0).filter_map(char::from_u32).filter(|c| !"\n\r\t".contains(*c));
    let bodies = [
        "",
        "[2J",
        "]0;t\u{7}",
        "]7;file:///x\u{7}",
        "]8;;http://x\u{7}",
        "]9;x\u{7}",
        "]52;c;eA==\u{7}",
        "]777;notify;a;b\u{7}",
        "P$qm\u{1b}\\",
        "[21t",
        "[c",
        "[>c",
        "[6n",
        "[?1049l",
        "c",
        "_x\u{1b}\\",
        "^x\u{1b}\\",
        "X",
        "#8",
        "[8;1;1t",
        "[?1000h",
        "[31m",
        "[38;5;1m",
        "]10;?\u{7}",
        "]4;1;?\u{7}",
        "]104\u{7}",
        "]1337;x\u{7}",
        "[5i",
        "[4i",
        "[20h",
        "(0",
        "\u{202e}",
        "\u{9c}",
    ];
    controls.flat_map(|control| bodies.map(|body| format!("a{control}{body}b"))).collect()
}

// T1: 2,000 payloads in a name, a text, a topic, a reason, a room and an away text; on the screen, in line mode, and in
// what is printed after the screen is gone.
#[test]
fn two_thousand_payloads_in_six_fields_reach_no_output() {
    let payloads = payloads();
    assert!(payloads.len() >= 2000, "{}", payloads.len());
    let zone = tr2::model::Zone::default();
    let step = if super::long() { 1 } else { 20 };
    let mut ways = 0;
    for plainly in [false, true] {
        let start = if plainly { "start plain name=alice" } else { "start name=alice" };
        let mut play = Play::new(start);
        play.step(start);
        play.step("size 80x24");
        play.step("online bob");
        for (at, payload) in payloads.iter().enumerate().step_by(step) {
            let fields = [
                format!("@id={at} bob | all clients | broadcast | {payload}"),
                format!("@id=9{at} {payload} | all clients | broadcast | x"),
                format!("@id={at};change=8{at} bob | all clients | edited | {payload}"),
                format!("@id={at};change=81{at} bob | all clients | reacted | on 1 {payload} bob"),
                format!("@id={at};change=82{at} {payload} | all clients | reacted | on 1 +1 {payload}"),
                format!("@id={at};change=83{at} bob | all clients | reacted | off 0 +1 bob {payload}"),
                format!("@id=7{at};reply={at};quote=bob\\s{payload} bob | all clients | broadcast | x"),
                format!("@id=7{at} {payload} | all clients | deleted | {payload}"),
                format!("bob | #ops | topic | {payload}"),
                format!("bob | all clients | act | kick eve - off {payload}"),
                format!("server | {payload} | room | open members=1 topic={payload}"),
                format!("bob | all clients | away | {payload}"),
                format!("server | alice | refused | kicked {payload}"),
                format!("server | alice | {payload} | {payload}"),
            ];
            for field in fields {
                // A tr2 server never sends such a frame; a TR2.23 server may send anything.
                for said in [Envelope::parse(field.as_bytes()).ok()]
                    .into_iter()
                    .flatten()
                    .chain(tr2::protocol::packet::read_events(field.as_bytes(), Some("alice"), &["bob"]))
                {
                    for effect in play.update(Msg::Net(Net::Said(said))) {
                        match effect {
                            Effect::Print(printed) => clean(&print::line(&printed, &zone, Times::Day)),
                            Effect::Send(_) => {}
                            other => clean(&format!("{other:?}").replace("\\u{", "")),
                        }
                        ways += 1;
                    }
                }
            }
            clean(&paint(&play.session.view()));
        }
    }
    println!("{} payloads, {ways} effects", payloads.len() / step);
    assert_eq!(script::noon(), script::noon());
}

// T24: with 10,000 of the worst messages a frame is computed within 33 ms (p99), and a key shows within 50 ms.
#[test]
fn ten_thousand_of_the_worst_messages_delay_no_frame() {
    let messages = if super::long() { 10_000 } else { 60 };
    let mut play = Play::new("start name=alice");
    for step in ["start name=alice", "size 80x24", "online bob"] {
        play.step(step);
    }
    let worst = [
        format!("e{}", "\u{301}".repeat(3000)),
        "漢".repeat(2500),
        "x".repeat(8000),
        "\\n".repeat(3500),
        "👩\u{200d}👩\u{200d}👧 ".repeat(400),
        "ﷺ﷽ ".repeat(900),
    ];
    let (mut frames, mut keys) = (Vec::new(), Vec::new());
    for number in 0..messages {
        let text = &worst[number % worst.len()];
        play.update(script::server(&format!("@id={} bob | all clients | broadcast_not_me | {text}", number + 1)));
        let begun = std::time::Instant::now();
        let view = play.session.view();
        frames.push(begun.elapsed());
        if number % 50 == 0 {
            clean(&paint(&view));
            let begun = std::time::Instant::now();
            play.update(Msg::Key(script::key("x")));
            drop(play.session.view());
            keys.push(begun.elapsed());
        }
    }
    let (frames, keys) = (super::load::Delays(frames), super::load::Delays(keys));
    println!("{messages} of the worst: a view p99 {:?}, a key p99 {:?}", frames.p99(), keys.p99());
    let slack = super::load::slack();
    assert!(frames.p99() <= std::time::Duration::from_millis(33) + slack, "{:?}", frames.p99());
    assert!(keys.p99() <= std::time::Duration::from_millis(50) + slack, "{:?}", keys.p99());
}

// F14: what a server or its users send takes a bounded number of bytes of the client's memory, however long they go on.
#[test]
fn what_is_said_takes_bounded_memory_of_the_client() {
    use tr2::client::chat::conversation::MAX_BYTES_OF_ONE;
    use tr2::client::chat::conversations::{Conversations, MAX_BYTES};
    use tr2::client::chat::entry::{ChatEntry, EntryKind, Mark};
    use tr2::model::{MessageId, Name, Target, Text, Timestamp};
    let (from, text) = (Name::parse("mallory").unwrap(), Text::line(&"x".repeat(7000)));
    let mut all = Conversations::default();
    for id in 0..20_000 {
        let target = Target::User(Name::parse(&format!("mallory{}x", id % 3)).unwrap());
        let kind = EntryKind::Message {
            from: from.clone(),
            verified: false,
            own: false,
            text: text.clone(),
            mark: Mark::Accepted,
        };
        all.with(&target).add(ChatEntry { time: Timestamp(0), id: Some(MessageId(id)), kind, extra: None });
        all.keep_within_bytes();
    }
    let bytes =
        |entry: &ChatEntry| if let EntryKind::Message { text, .. } = &entry.kind { text.as_str().len() } else { 0 };
    let kept: Vec<usize> = all.iter().map(|one| one.entries().iter().map(bytes).sum()).collect();
    assert!(kept.iter().all(|kept| *kept <= MAX_BYTES_OF_ONE) && kept.iter().sum::<usize>() <= MAX_BYTES, "{kept:?}");
}
