//! TR2.26: frames, escapes, lines, requests and events, with each limit, each variant, and arbitrary bytes.

use proptest::prelude::*;
use tr2::model::{MessageId, Name, Text, Timestamp, Url};
use tr2::protocol::escape::{escape_data, escape_tag, escaped_len, unescape_data, unescape_tag};
use tr2::protocol::frame::{TagSet, write};
use tr2::protocol::limits::{MAX_DATA, MAX_DESTINATION, MAX_FRAME, MAX_NODES, MAX_REFERENCE};
use tr2::protocol::lines;
use tr2::protocol::packet;
use tr2::protocol::{
    ClosingCommand, Code, Command, Dialect, Envelope, Event, Frame, FrameError, Lines, MessageCommand, Request,
    SessionCommand, SessionEvent, UserCommand,
};

use crate::chance::Chance;

fn text(raw: &str) -> Text {
    Text::block(raw)
}

fn name(raw: &str) -> Name {
    Name::parse(raw).unwrap()
}

/// A frame's ref, sender, destination, operation and text.
fn url(address: &str) -> Url {
    address.parse().unwrap()
}

fn read(line: &str) -> Result<(Option<String>, [String; 4]), FrameError> {
    let frame = Frame::parse(line.as_bytes())?;
    let fields = [frame.sender, frame.destination, frame.operation, &frame.text()].map(str::to_owned);
    Ok((frame.tags.get("ref").map(|label| label.into_owned()), fields))
}

#[test]
fn frames_are_parsed() {
    for (line, reference, fields) in [
        ("alice | bob | private_message | hi", None, ["alice", "bob", "private_message", "hi"]),
        ("a | b | c", None, ["a", "b", "c", ""]),
        ("a | b | c | ", None, ["a", "b", "c", ""]),
        ("a | b | c | d | e |  | f", None, ["a", "b", "c", "d | e |  | f"]),
        ("a|b | all clients | c | x", None, ["a|b", "all clients", "c", "x"]),
        (r"a | b | c | one\ntwo\r\\n\x\", None, ["a", "b", "c", "one\ntwo\r\\n\\x\\"]),
        ("@ref=7 a | b | c | d", Some("7"), ["a", "b", "c", "d"]),
        (r"@id=1;ref=a\:b\sc\\d\r\n\x\;x=y a | b | c | d", Some("a;b c\\d\r\nx"), ["a", "b", "c", "d"]),
        ("@ref a | b | c | d", Some(""), ["a", "b", "c", "d"]),
        ("@ref=1;ref=2 a | b | c | d", Some("2"), ["a", "b", "c", "d"]),
        ("@ref=a=b a | b | c | d", Some("a=b"), ["a", "b", "c", "d"]),
        ("@ a | b | c | d", None, ["a", "b", "c", "d"]),
        ("olá | 世界 | c | é", None, ["olá", "世界", "c", "é"]),
    ] {
        assert_eq!(read(line), Ok((reference.map(str::to_owned), fields.map(str::to_owned))), "{line:?}");
    }
}

#[test]
fn malformed_frames_are_refused() {
    for (line, why) in [
        ("", FrameError::Fields),
        ("hello", FrameError::Fields),
        ("a | b", FrameError::Fields),
        (" | b | c | d", FrameError::Fields),
        ("a |  | c | d", FrameError::Fields),
        ("a | b | ", FrameError::Fields),
        ("a | b |  | d", FrameError::Fields),
        ("a|b|c|d", FrameError::Fields),
        ("@ref=1", FrameError::Fields),
        ("a | b | c | \t", FrameError::Control),
        ("a | b | c | x\ry", FrameError::Control),
        ("a | b | c | \0", FrameError::Control),
        ("a | b | c | \x1b[31m", FrameError::Control),
        ("a | b | c | \u{7F}", FrameError::Control),
        ("a | b | c | \u{9B}é", FrameError::Control),
        ("a | b\u{85} | c | d", FrameError::Control),
    ] {
        assert_eq!(read(line), Err(why), "{line:?}");
    }
    for bytes in
        [&b"a | b | c | \xff"[..], b"a | b | c | \xc0\x80", b"a | b | c | \xed\xa0\x80", b"a | b | c | \xe2\x82"]
    {
        assert_eq!(Frame::parse(bytes), Err(FrameError::NotUtf8), "{bytes:?}");
    }
}

#[test]
fn frames_and_refs_have_a_maximum_length() {
    let head = "a | b | c | ";
    let whole = format!("{head}{}", "x".repeat(MAX_FRAME - 1 - head.len()));
    assert_eq!(whole.len() + 1, 8192);
    assert!(read(&whole).is_ok());
    assert_eq!(read(&format!("{whole}x")), Err(FrameError::TooLong));
    let labelled = |length| format!("@ref={} {head}", "r".repeat(length));
    assert_eq!(read(&labelled(MAX_REFERENCE)).unwrap().0.unwrap().len(), 64);
    assert_eq!(read(&labelled(MAX_REFERENCE + 1)), Err(FrameError::Reference));
}

#[test]
fn data_and_destinations_have_a_maximum_length() {
    let code = |line: String| Request::parse(line.as_bytes()).err().map(|refusal| refusal.code);
    let echo = |data: &str| code(format!("@ref=1 a | a | echo | {data}"));
    assert_eq!(echo(&"x".repeat(MAX_DATA)), None);
    assert_eq!(echo(&"x".repeat(MAX_DATA + 1)), Some(Code::TooLong));
    assert_eq!(echo(&r"\n".repeat(MAX_DATA / 2)), None);
    assert_eq!(echo(&format!("{}x", r"\n".repeat(MAX_DATA / 2))), Some(Code::TooLong));
    // A lone backslash is written as two.
    assert_eq!(echo(&r"\x".repeat(MAX_DATA / 2)), Some(Code::TooLong));
    let private = |to: String| code(format!("a | {to} | private_message | hi"));
    assert_eq!(private("b".repeat(MAX_DESTINATION)), None);
    assert_eq!(private("b".repeat(MAX_DESTINATION + 1)), Some(Code::BadFrame));
}

#[test]
fn a_refusal_carries_the_ref_of_its_request() {
    let long = format!("@ref=7 a | b | c | {}", "x".repeat(MAX_FRAME));
    for (line, code, reference) in [
        ("@ref=7 nonsense", Code::BadFrame, Some("7")),
        ("@ref=7 a | b | c | \x07", Code::BadFrame, Some("7")),
        (&long, Code::BadFrame, Some("7")),
        ("@ref=7 a | ops | broadcast | hi", Code::NoSuchRoom, Some("7")),
        ("nonsense", Code::BadFrame, None),
    ] {
        let refusal = Request::parse(line.as_bytes()).unwrap_err();
        assert_eq!((refusal.code, refusal.reference.as_deref()), (code, reference), "{line:?}");
    }
}

#[test]
fn no_field_can_break_into_another() {
    for (field, written) in [
        ("a\nb", "a?b"),
        ("a | b", "a ? b"),
        ("a |", "a ?"),
        ("| a", "? a"),
        ("a|b", "a|b"),
        ("all clients", "all clients"),
        ("\u{85}é", "?é"),
    ] {
        let mut out = Vec::new();
        write(&mut out, TagSet::default(), ["s", field, "o"], "d");
        assert_eq!(String::from_utf8(out).unwrap(), format!("s | {written} | o | d\n"));
    }
}

/// The lines of a stream that arrives in these chunks, and the most bytes that were buffered.
fn cut<'a>(chunks: impl IntoIterator<Item = &'a [u8]>) -> (Vec<u8>, usize) {
    let (mut lines, mut whole, mut most) = (Lines::new(), Vec::new(), 0);
    for chunk in chunks {
        lines.push(chunk, &mut whole);
        most = most.max(lines.pending().len());
    }
    (whole, most)
}

#[test]
fn lines_are_the_same_however_the_bytes_arrive() {
    // A line of MAX_FRAME - 1 bytes and its LF is the longest frame; with a CR as well it is one over.
    for (length, end, read) in [
        (0, "\n", 0),
        (5, "\r\n", 5),
        (5, "\r\r\n", 6),
        (MAX_FRAME - 2, "\n", MAX_FRAME - 2),
        (MAX_FRAME - 2, "\r\n", MAX_FRAME - 2),
        (MAX_FRAME - 2, "\r\r\n", MAX_FRAME + 1),
        (MAX_FRAME - 1, "\n", MAX_FRAME - 1),
        (MAX_FRAME - 1, "\r\n", MAX_FRAME + 1),
        (MAX_FRAME, "\n", MAX_FRAME + 1),
        (MAX_FRAME, "\r\n", MAX_FRAME + 1),
        (MAX_FRAME + 50, "\n", MAX_FRAME + 1),
    ] {
        let stream = format!("one\r\n{}{end}last\n", "x".repeat(length)).into_bytes();
        let (whole, _) = cut([&stream[..]]);
        let lengths: Vec<usize> = lines::each(&whole).map(<[u8]>::len).collect();
        assert_eq!(lengths, [3, read, 4], "{length} {end:?}");
        for at in (0..20).chain(stream.len().saturating_sub(80)..=stream.len()).filter(|&at| at <= stream.len()) {
            let (before, after) = stream.split_at(at);
            assert_eq!(cut([before, after]).0, whole, "{length} {end:?} split at {at}");
        }
        for size in [1, 2, 3, 100, 8191, 8192, 8193] {
            let (cut, most) = cut(stream.chunks(size));
            assert_eq!(cut, whole, "{length} {end:?} in chunks of {size}");
            assert!(most < MAX_FRAME, "{most} bytes held");
        }
    }
}

#[test]
fn an_endless_line_is_reported_once_and_never_buffered() {
    let endless = vec![b'x'; 1 << 16];
    let (mut lines, mut whole) = (Lines::new(), Vec::new());
    for _ in 0..64 {
        lines.push(&endless, &mut whole);
    }
    assert!(lines.pending().is_empty());
    assert!(whole.len() <= MAX_FRAME + 2, "{}", whole.len());
    lines.push(b"the rest of it\nnext\n", &mut whole);
    let read: Vec<&[u8]> = lines::each(&whole).collect();
    assert_eq!((read.len(), read[1]), (2, &b"next"[..]));
    assert_eq!(Frame::parse(read[0]), Err(FrameError::TooLong));
}

#[test]
fn the_first_bytes_decide_the_dialect() {
    assert_eq!(Dialect::of(b""), None);
    assert_eq!(Dialect::of(b"alice | server | name | alice"), None);
    assert_eq!(Dialect::of(b"alice | server | name | alice\n"), Some(Dialect::Tr226));
}

#[test]
fn a_cut_frame_is_told_from_a_whole_packet() {
    for whole in
        ["alice | server | name | alice", "alice | bob | echo | hi", "a | b | c | ", "x | y | name | x", "\u{1}", "é\t"]
    {
        assert!(!Dialect::may_be_cut(whole.as_bytes()), "{whole}");
    }
    for cut in [
        "",
        "a",
        "me | server | name",
        "me | server | name | alice",
        "@ref=1 a | b | echo | hi",
        "alice | server | name | ali",
    ] {
        assert!(Dialect::may_be_cut(cut.as_bytes()), "{cut}");
    }
    assert!(Dialect::may_be_cut(&"jo | server | name | é".as_bytes()[..22]), "a character is cut, too");
    assert!(!Dialect::may_be_cut(b"\xff | b"));
    for cut in
        ["", "server", "server | client | name", "server | client | name | TR2", "server | client | name | TR2.26 acc"]
    {
        assert!(Dialect::greeting_may_be_cut(cut.as_bytes()), "{cut}");
    }
    assert!(!Dialect::greeting_may_be_cut(b"server | client | name | no data"));
    for framed in ["\n", "\r\n", "hi\n", "\nalice | b"] {
        assert!(Dialect::is_framed(framed.as_bytes()), "{framed:?}");
    }
    assert!(!Dialect::is_framed(b"alice | bob | echo | two\nlines"));
}

#[test]
fn every_request_survives_the_wire() {
    let commands = [
        Command::Session(SessionCommand::Name("alice".into())),
        Command::Session(SessionCommand::Name("  what ever \\ | ".into())),
        Command::Message(MessageCommand::Echo(text("a | b\nc\\n"))),
        Command::User(UserCommand::List),
        Command::Message(MessageCommand::Private { to: "bob".into(), text: text("hi"), reply: None }),
        Command::Message(MessageCommand::Broadcast { me_too: true, text: text("hi"), reply: None }),
        Command::Message(MessageCommand::Broadcast { me_too: false, text: text(""), reply: None }),
        Command::Session(SessionCommand::Exit),
        Command::Closing(ClosingCommand::Now),
        Command::Session(SessionCommand::Moderator("lusab-babad".into())),
        Command::Session(SessionCommand::Ping(text("1"))),
        Command::Session(SessionCommand::Pong(text("1"))),
        Command::Unknown(text("dance")),
    ];
    for command in commands {
        for reference in [None, Some(String::new()), Some("a;b c\\\r\n".to_owned())] {
            request_survives(&Request { reference, command: command.clone() });
        }
    }
}

fn request_survives(request: &Request) {
    let mut out = Vec::new();
    request.write(&mut out, "alice");
    assert_eq!(Request::parse(only_line(&out)).as_ref(), Ok(request), "{:?}", String::from_utf8_lossy(&out));
}

/// The one line that was written, without its LF.
fn only_line(out: &[u8]) -> &[u8] {
    assert_eq!(out.iter().filter(|&&byte| byte == b'\n').count(), 1);
    assert!(out.len() <= MAX_FRAME, "{} bytes", out.len());
    out.strip_suffix(b"\n").unwrap()
}

#[test]
fn every_event_survives_the_wire() {
    let (alice, bob) = (name("alice"), name("bob"));
    let refusals = Code::ALL.map(|code| Event::Refused(code, text("Because.")));
    let events = [
        Event::Greeting(vec!["accepted".into(), "ping".into()]),
        Event::welcome("('127.0.0.1', 1)"),
        Event::NameRefused(text("taken")),
        Event::Echo(text("a | b\nc\\n")),
        Event::Clients(vec![bob.clone(), alice.clone()]),
        Event::Clients(vec![]),
        Event::ListEnd,
        Event::Private { from: bob.clone(), to: alice.clone(), text: text("hi") },
        Event::Broadcast { from: bob.clone(), me_too: true, text: text("hi") },
        Event::Broadcast { from: bob.clone(), me_too: false, text: text("server closed") },
        Event::Notice(text("backup at noon")),
        Event::Closed,
        Event::Accepted { offline: false },
        Event::Refused(Code::Other, text("")),
        Event::UnknownOperation(text("no")),
        Event::Moderator(text("yes")),
        Event::Joined(vec![alice.clone(), bob.clone()]),
        Event::Left(vec![bob.clone()], Some(text("exit; or so"))),
        Event::Left(vec![bob, alice], None),
        Event::Exited(text("client disconnected")),
        Event::Session(SessionEvent::Renamed(name("zoe"))),
        Event::Session(SessionEvent::LeftForGood),
        Event::Session(SessionEvent::Nodes(vec![])),
        Event::Session(SessionEvent::Nodes(vec![url("tls://a.example"), url("tls://[::1]:7"), url("tcp://b:1")])),
        Event::Ping(text("1")),
        Event::Pong(text("1")),
        Event::Unknown(text("dance")),
    ];
    for event in events.into_iter().chain(refusals) {
        event_survives(&event.clone().into());
        let (id, time) = (Some(MessageId(u64::MAX)), Some(Timestamp(1_795_348_860_045)));
        event_survives(&Envelope {
            reference: Some("r 1".into()),
            id,
            time,
            batch: Some("b".into()),
            verified: true,
            annotations: None,
            event,
        });
    }
}

#[test]
fn only_addresses_in_the_network_are_nodes_and_no_more_than_a_few() {
    let nodes = |data: &str| match Envelope::parse(format!("server | alice | nodes | {data}").as_bytes()).unwrap().event
    {
        Event::Session(SessionEvent::Nodes(nodes)) => nodes,
        other => panic!("{other:?}"),
    };
    assert_eq!(nodes("no data"), []);
    let bad = "unix:/run/tr2.sock ssh://root@a a.example tls:// tls://a:0 tls://a/b tcp:// tls://a:70000 tls://-|x";
    assert_eq!(
        nodes(&format!("{bad} tls://a.example tcp://b.example:7 \\x1b")),
        [url("tls://a.example:1235"), url("tcp://b.example:7")]
    );
    let many: Vec<String> = (0..100).map(|number| format!("tls://n{number}")).collect();
    assert_eq!(nodes(&many.join(" ")), many[..MAX_NODES].iter().map(|node| url(node)).collect::<Vec<_>>());
    // Whoever sends many sends the first of them.
    let long = format!("{}.example", "x".repeat(240));
    let sent: Vec<Url> = (0..20).map(|number| url(&format!("tls://{long}:{}", 10_000 + number))).collect();
    let mut frame = Vec::new();
    Envelope::from(Event::Session(SessionEvent::Nodes(sent.clone()))).write(&mut frame, Some(&name("alice")));
    assert!(frame.len() < MAX_FRAME);
    event_survives(&Event::Session(SessionEvent::Nodes(sent[..MAX_NODES].to_vec())).into());
}

fn event_survives(envelope: &Envelope) {
    let mut out = Vec::new();
    envelope.write(&mut out, Some(&name("alice")));
    assert_eq!(Envelope::parse(only_line(&out)).as_ref(), Ok(envelope), "{:?}", String::from_utf8_lossy(&out));
}

#[test]
fn the_longest_message_fits_a_frame_with_the_longest_names() {
    let wide = name(&"\u{1E7E0}".repeat(32));
    assert_eq!(wide.as_str().len(), 128);
    let reference = Some(";".repeat(MAX_REFERENCE));
    let text = text(&"\n".repeat(MAX_DATA / 2));
    let (id, time) = (Some(MessageId(u64::MAX)), Some(Timestamp(1_795_348_860_045)));
    for event in [Event::Echo(text.clone()), Event::Private { from: wide.clone(), to: wide.clone(), text }] {
        let mut out = Vec::new();
        Envelope { reference: reference.clone(), id, time, batch: None, verified: true, annotations: None, event }
            .write(&mut out, Some(&wide));
        only_line(&out);
    }
}

#[test]
fn forged_events_are_made_harmless() {
    let forged = "@id=-1;time=soon \x41\u{202E}b | x | private_message | \u{202E}\u{1100}\u{1100}\u{1100}";
    let envelope = Envelope::parse(forged.as_bytes()).unwrap();
    assert_eq!((envelope.id, envelope.time), (None, None));
    let Event::Private { from, text, .. } = envelope.event else { panic!("{:?}", envelope.event) };
    assert_eq!((from.as_str(), text.as_str()), ("A\u{FFFD}b", "\u{FFFD}\u{FFFD}"));
}

fn unusual() -> impl Strategy<Value = String> {
    let unusual: Vec<char> = "ab |\\nrs:;=@\n\r\t\u{0}\u{85}\u{2028}é漢\u{301}\u{200b}😀".chars().collect();
    prop::collection::vec(prop_oneof![6 => prop::sample::select(unusual), 1 => any::<char>()], 0..60)
        .prop_map(|chars| chars.into_iter().collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn escapes_are_undone(raw in unusual()) {
        let (mut data, mut tag) = (Vec::new(), Vec::new());
        escape_data(&mut data, &raw);
        escape_tag(&mut tag, &raw);
        prop_assert_eq!(data.len(), escaped_len(&raw));
        let (data, tag) = (String::from_utf8(data).unwrap(), String::from_utf8(tag).unwrap());
        prop_assert!(!data.contains(['\n', '\r']));
        prop_assert!(!tag.contains(['\n', '\r', ' ', ';']));
        prop_assert_eq!(unescape_data(&data), raw.as_str());
        prop_assert_eq!(unescape_tag(&tag), raw.as_str());
    }

    #[test]
    fn any_text_survives_the_wire(raw in unusual()) {
        let text = text(&raw);
        request_survives(&Request::bare(Command::Message(MessageCommand::Private { to: "bob".into(), text: text.clone(), reply: None })));
        event_survives(&Event::Private { from: name("bob"), to: name("alice"), text }.into());
    }

    #[test]
    fn any_destination_stays_one_frame_and_one_field(to in unusual(), raw in unusual()) {
        let request = Request::bare(Command::Message(MessageCommand::Private { to: to.clone(), text: text(&raw), reply: None }));
        let mut out = Vec::new();
        request.write(&mut out, "alice");
        if let Ok(frame) = Frame::parse(only_line(&out)) {
            prop_assert_eq!((frame.sender, frame.operation), ("alice", "private_message"));
            prop_assert_eq!(frame.text().into_owned(), text(&raw).to_string());
        } else {
            prop_assert!(to.is_empty());
        }
        for packet in packet::write_request(&request, "alice") {
            prop_assert!(!packet.contains(&b'\n'));
        }
    }
}

#[test]
fn any_bytes_are_parsed_without_panic() {
    let seeds: [&[u8]; 7] = [
        b"@ref=7;id=3 alice | bob | private_message | hi \\n there",
        b"alice | all clients | broadcast | hialice | server | exit | no data",
        "server | alice | list_clients | clients connected: b\u{f3}b ,\u{202e}alice".as_bytes(),
        b"@time=2026-11-22T12:01:00.000Z;why=a\\sb server | all clients | left | bob",
        b"server | client | name | TR2.26 accepted ping",
        b"server | alice | refused | bad_name What a name.",
        b"alice | server | name | \xe1\x84\x80\xe1\x84\x80\xe1\x84\x80\xff",
    ];
    let pieces: [&[u8]; 8] = [b" | ", b"|", b"@", b";", b"\\", b"\n", b"\xe2\x80", b"alice | all clients | 4 | "];
    let mut chance = Chance(1);
    for round in 0..120_000 {
        let mut bytes = seeds[round % seeds.len()].to_vec();
        for _ in 0..=chance.below(4) {
            let at = chance.below(bytes.len() + 1);
            match chance.below(3) {
                0 => drop(bytes.splice(at..at, pieces[chance.below(pieces.len())].iter().copied())),
                1 => bytes.truncate(at.max(1)),
                _ => {
                    let at = at.min(bytes.len() - 1);
                    bytes[at] = u8::try_from(chance.below(256)).unwrap();
                }
            }
        }
        let _ = Frame::parse(&bytes);
        if let Ok(request) = Request::parse(&bytes) {
            let mut out = Vec::new();
            request.write(&mut out, "alice");
            only_line(&out);
        }
        let _ = Envelope::parse(&bytes);
        if round % 4 == 0 {
            let _ = packet::cut(&bytes).into_iter().map(packet::read_request).count();
            let _ = packet::read_events(&bytes, Some("alice"), &["bob", "server"]);
        }
    }
}
