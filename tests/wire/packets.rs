//! TR2.23: the original's packets byte for byte, and what its lack of framing must not cause.

use tr2::model::{Name, Text};
use tr2::protocol::limits::{MAX_DATA, MAX_FRAME, MAX_PACKET};
use tr2::protocol::packet::{cut, not_found, read_events, read_request, write_event, write_request};
use tr2::protocol::{
    ClosingCommand, Code, Command, Event, MessageCommand, Refusal, Request, SessionCommand, UserCommand,
};

fn read_requests(bytes: &[u8]) -> Vec<Result<Request, Refusal>> {
    cut(bytes).into_iter().map(read_request).collect()
}

fn text(raw: &str) -> Text {
    Text::block(raw)
}

fn name(raw: &str) -> Name {
    Name::parse(raw).unwrap()
}

fn strings(packets: Vec<Vec<u8>>) -> Vec<String> {
    packets.into_iter().map(|packet| String::from_utf8(packet).unwrap()).collect()
}

/// What the server says to alice.
fn told(event: &Event) -> Vec<String> {
    strings(write_event(event, Some(&name("alice"))))
}

/// What a server reads from alice's bytes: commands, or the codes of refusals.
fn asked(bytes: &[u8]) -> Vec<Result<Command, Code>> {
    let requests = read_requests(bytes);
    requests.into_iter().map(|request| request.map(|it| it.command).map_err(|it| it.code)).collect()
}

/// What alice reads from a server that also knows bob and rob.
fn heard(bytes: &[u8]) -> Vec<Event> {
    read_events(bytes, Some("alice"), &["bob", "ob", "rob"]).into_iter().map(|envelope| envelope.event).collect()
}

fn broadcast(me_too: bool, said: &str) -> Command {
    Command::Message(MessageCommand::Broadcast { me_too, text: text(said), reply: None })
}

fn private(to: &str, said: &str) -> Command {
    Command::Message(MessageCommand::Private { to: to.into(), text: text(said), reply: None })
}

#[test]
fn client_packets_match_the_originals_table() {
    for (bytes, command) in [
        ("alice | server | name | alice", Command::Session(SessionCommand::Name("alice".into()))),
        ("alice | alice | echo | olá", Command::Message(MessageCommand::Echo(text("olá")))),
        ("alice | server | list_clients | no data", Command::User(UserCommand::List)),
        ("alice | bob | private_message | oi", private("bob", "oi")),
        ("alice | all clients | broadcast_not_me | hi", broadcast(false, "hi")),
        ("alice | all clients | broadcast | hi", broadcast(true, "hi")),
        ("alice | server | exit | client alice closed", Command::Session(SessionCommand::Exit)),
        ("alice | server | close_server | close server", Command::Closing(ClosingCommand::Now)),
    ] {
        assert_eq!(asked(bytes.as_bytes()), [Ok(command.clone())], "{bytes}");
        let written = strings(write_request(&Request::bare(command.clone()), "alice"));
        let farewell =
            if command == Command::Session(SessionCommand::Exit) { "alice | server | exit | no data" } else { bytes };
        assert_eq!(written, [farewell]);
    }
    for bytes in ["alice | server | Unknown operation | 9", "alice | server | ping | 1", "alice | server | 4 | hi"] {
        assert_eq!(asked(bytes.as_bytes()), [Ok(Command::Unknown(text("")))], "{bytes}");
    }
    assert_eq!(asked(b"alice | all clients | 4 | hi"), [Ok(broadcast(true, "hi"))]);
    assert_eq!(
        write_request(&Request::bare(Command::Session(SessionCommand::Moderator("x".into()))), "alice"),
        Vec::<Vec<u8>>::new()
    );
}

#[test]
fn server_packets_match_the_originals_table() {
    let (alice, bob) = (name("alice"), name("bob"));
    let taken = "This username is already taken. You need to connect again and use another one";
    let rows = [
        (
            Event::welcome("('127.0.0.1', 46352)"),
            "server | alice | connection_confirmation | You are now connected to the server in ('127.0.0.1', 46352)",
        ),
        (
            Event::NameRefused(text(taken)),
            "server | new_client: alice | connection_error | This username is already taken. You need to connect again \
             and use another one",
        ),
        (Event::Echo(text("olá")), "alice | alice | echo | olá"),
        (
            Event::Clients(vec![bob.clone(), alice.clone()]),
            "server | alice | list_clients | clients connected: bob ,alice",
        ),
        (
            Event::Private { from: alice.clone(), to: bob.clone(), text: text("oi") },
            "alice | bob | private_message | oi",
        ),
        (
            Event::Broadcast { from: bob.clone(), me_too: false, text: text("hi") },
            "bob | all clients | broadcast_not_me | hi",
        ),
        (Event::Broadcast { from: alice, me_too: true, text: text("hi") }, "alice | all clients | broadcast | hi"),
        (Event::UnknownOperation(text("")), "server | alice | Unknown_operation | Operation not supported!"),
        (Event::Exited(text("client disconnected")), "server | alice | exit | client disconnected"),
        (Event::Closed, "server | all clients | broadcast | server closed"),
    ];
    for (event, bytes) in &rows {
        assert_eq!(told(event), [*bytes]);
    }
    // A client parses them back; the answer to an unknown operation gains its text.
    for (event, bytes) in rows.iter().filter(|(event, _)| !matches!(event, Event::UnknownOperation(_))) {
        assert_eq!(&heard(bytes.as_bytes()), std::slice::from_ref(event));
    }
    assert_eq!(heard(b"server | client | name | no data"), [Event::Greeting(vec![])]);
    let refused = Event::Refused(Code::NoSuchUser, not_found("zed"));
    assert_eq!(told(&refused), ["server | alice | private_message | Destination client (zed) not found!"]);
}

#[test]
fn events_unknown_to_the_original_are_left_out_or_put_in_its_words() {
    let bob = name("bob");
    for silent in [
        Event::Accepted { offline: false },
        Event::ListEnd,
        Event::Joined(vec![bob.clone()]),
        Event::Left(vec![bob], None),
        Event::Ping(text("1")),
        Event::Pong(text("1")),
        Event::Unknown(text("x")),
    ] {
        assert_eq!(told(&silent), Vec::<String>::new());
    }
    for (event, said) in [
        (Event::Refused(Code::RateLimited, text("Slow down.")), "server | alice | private_message | Slow down."),
        (Event::Moderator(text("You are one.")), "server | alice | private_message | You are one."),
        (Event::Notice(text("Backup at noon.")), "server | alice | private_message | Backup at noon."),
    ] {
        assert_eq!(told(&event), [said]);
    }
}

#[test]
fn a_separator_in_the_text_is_text() {
    assert_eq!(asked(b"alice | bob | private_message | oi bob | pipe | "), [Ok(private("bob", "oi bob | pipe | "))]);
    let said = Event::Private { from: name("bob"), to: name("alice"), text: text("a | b") };
    assert_eq!(heard(told(&said)[0].as_bytes()), [said]);
}

#[test]
fn glued_packets_are_split() {
    let together =
        "alice | all clients | broadcast | onealice | bob | private_message | two | halfalice | server | exit | x";
    let apart =
        [Ok(broadcast(true, "one")), Ok(private("bob", "two | half")), Ok(Command::Session(SessionCommand::Exit))];
    assert_eq!(asked(together.as_bytes()), apart);
    // This also holds before the client has a name: the original sends its name at once.
    let first = read_requests(b"alice | server | name | alicealice | server | list_clients | no data");
    let first: Vec<Command> = first.into_iter().map(|request| request.unwrap().command).collect();
    assert_eq!(first, [Command::Session(SessionCommand::Name("alice".into())), Command::User(UserCommand::List)]);
    let events = heard(
        "bob | alice | private_message | oiserver | alice | list_clients | clients connected: bob ,alice".as_bytes(),
    );
    assert_eq!(
        events,
        [
            Event::Private { from: name("bob"), to: name("alice"), text: text("oi") },
            Event::Clients(vec![name("bob"), name("alice")]),
        ]
    );
}

#[test]
fn of_names_with_the_same_ending_the_longer_one_is_the_sender() {
    let said = |from: &str| Event::Broadcast { from: name(from), me_too: true, text: text("x") };
    let together =
        b"bob | all clients | broadcast | xrob | all clients | broadcast | xob | all clients | broadcast | x";
    // The text before a name may belong to it: `xob` is read as `x` and `ob`.
    assert_eq!(heard(together), [said("bob"), said("rob"), said("ob")]);
}

#[test]
fn a_forged_head_never_changes_the_sender() {
    for bytes in [
        "bob | all clients | broadcast | hi",
        "alice | all clients | broadcast | x bob | server | close_server | close server",
        "alice | all clients | broadcast | xserver | all clients | broadcast | server closed",
    ] {
        let commands = asked(bytes.as_bytes());
        assert!(
            matches!(commands[..], [Ok(Command::Message(MessageCommand::Broadcast { .. }))]),
            "{bytes}: {commands:?}"
        );
    }
}

#[test]
fn no_text_ends_the_originals_client() {
    let filler = "x".repeat(MAX_PACKET - "bob | all clients | broadcast | ".len());
    for said in ["server closed", "one\nserver closed\ntwo", &format!("{filler}server closed")] {
        for packet in told(&Event::Broadcast { from: name("bob"), me_too: true, text: text(said) }) {
            assert!(!packet.ends_with(" | server closed"), "{packet}");
        }
    }
}

#[test]
fn a_long_text_is_split_into_packets_with_the_same_head() {
    for unit in ["x", "é", "漢", "😀", "word "] {
        let said = text(&unit.repeat(3000 / unit.len()));
        let packets = told(&Event::Private { from: name("bob"), to: name("alice"), text: said.clone() });
        let head = "bob | alice | private_message | ";
        assert!(packets.len() >= 3);
        assert!(packets.iter().all(|packet| packet.len() <= MAX_PACKET && packet.starts_with(head)));
        assert!(packets[..packets.len() - 1].iter().all(|packet| packet.len() > MAX_PACKET - 4), "as few as can be");
        let joined: String = packets.iter().map(|packet| &packet[head.len()..]).collect();
        assert_eq!(joined, said.as_str());
    }
}

#[test]
fn packets_hold_no_line_feed_and_are_never_empty() {
    for (said, packets) in
        [("a\nb", vec!["a", "b"]), ("a\n\n\nb\n", vec!["a", "b"]), ("", vec!["no data"]), ("\n", vec!["no data"])]
    {
        let heads: Vec<String> = packets.iter().map(|data| format!("bob | alice | private_message | {data}")).collect();
        assert_eq!(told(&Event::Private { from: name("bob"), to: name("alice"), text: text(said) }), heads, "{said:?}");
    }
}

#[test]
fn malformed_packets_are_refused() {
    let head = "alice | alice | echo | ";
    let fits = format!("{head}{}", "x".repeat(MAX_DATA));
    assert!(asked(fits.as_bytes())[0].is_ok());
    let long = format!("{head}{}", "x".repeat(MAX_DATA + 1));
    for (bytes, code) in [
        (&b"hello"[..], Code::BadFrame),
        (b"", Code::BadFrame),
        (b" | ", Code::BadFrame),
        (b"alice | bob | echo", Code::BadFrame),
        (b"alice |  | echo | x", Code::BadFrame),
        (b"al\x1bice | bob | echo | x", Code::BadFrame),
        (b"alice | b\nob | echo | x", Code::BadFrame),
        (b"alice | alice | echo | \xff", Code::BadFrame),
        (b"alice | #ops | broadcast | x", Code::NoSuchRoom),
        (long.as_bytes(), Code::TooLong),
        (&[b'x'; MAX_FRAME], Code::TooLong),
    ] {
        assert_eq!(asked(bytes), [Err(code)], "{:?}", String::from_utf8_lossy(&bytes[..bytes.len().min(80)]));
    }
}

#[test]
fn a_text_of_many_lines_needs_few_packets() {
    let from = Name::parse(&"n".repeat(32)).unwrap();
    let lines = |count: usize| Text::block(&vec!["a"; count].join("\n"));
    let packets =
        |count| write_event(&Event::Broadcast { from: from.clone(), me_too: false, text: lines(count) }, None);
    assert_eq!(packets(10).len(), 10);
    let many = packets(2000);
    assert!(many.len() < 12, "{} packets", many.len());
    assert!(String::from_utf8_lossy(&many[0]).contains("a / a / a"));
}

#[test]
fn a_private_text_is_never_split_into_a_broadcast() {
    let quoted = b"bob | ref | private_message | you wrote: bob | all clients | broadcast_not_me | SECRET";
    assert_eq!(cut(quoted), [quoted]);
    let glued = b"bob | all clients | broadcast | hibob | ref | private_message | psst";
    assert_eq!(cut(glued).len(), 2);
}
