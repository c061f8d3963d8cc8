//! Replies, edits and reactions on the wire, each limit at it and one over.

use tr2::model::reaction::{MAX_REACTION, MAX_REACTION_CELLS};
use tr2::model::{MessageId, Name, Reaction, RoomName, Target, Text, Timestamp};
use tr2::protocol::limits::{MAX_DATA, MAX_FRAME, MAX_QUOTE, MAX_REFERENCE};
use tr2::protocol::packet;
use tr2::protocol::{
    Annotations, ChangeEvent, Code, Command, Envelope, Event, HistoryCommand, MessageChange, MessageCommand, PlainForm,
    Quote, ReplyTo, Request, RoomEvent, SessionCommand, Span, Tally,
};

fn name(text: &str) -> Name {
    Name::parse(text).unwrap()
}

fn text(text: &str) -> Text {
    Text::block(text)
}

fn reaction(text: &str) -> Reaction {
    Reaction::parse(text).unwrap()
}

const ID: MessageId = MessageId(u64::MAX);

fn change(with: &str, how: MessageChange) -> Command {
    Command::Message(MessageCommand::Change { with: with.to_owned(), id: ID, how })
}

#[test]
fn requests_are_read_as_they_were_written() {
    let room = || RoomName::parse("#ops").unwrap().to_string();
    let reply = Some(MessageId(7));
    let commands = [
        Command::Message(MessageCommand::Private { to: "bob".to_owned(), text: text("yes"), reply }),
        Command::Message(MessageCommand::Broadcast { me_too: true, text: text("yes\nno"), reply }),
        Command::Message(MessageCommand::Room { room: room(), me_too: false, text: text("yes"), reply }),
        change("bob", MessageChange::Edit(text("  two\nlines | and more "))),
        change("all clients", MessageChange::Edit(text("\nfirst line empty"))),
        change("#ops", MessageChange::Retract),
        change("all clients", MessageChange::React("👍".to_owned())),
        change("bob", MessageChange::Unreact(":)".to_owned())),
        Command::History(HistoryCommand::Changes { with: "#ops".to_owned(), span: Span::since(MessageId(9)) }),
        Command::Session(SessionCommand::Capabilities(text("reply edit react"))),
    ];
    for command in commands {
        let request = Request { reference: Some("r 1".to_owned()), command };
        let mut out = Vec::new();
        request.write(&mut out, "alice");
        assert_eq!(
            Request::parse(out.strip_suffix(b"\n").unwrap()),
            Ok(request),
            "{:?}",
            String::from_utf8_lossy(&out)
        );
    }
}

#[test]
fn a_malformed_change_is_refused() {
    for frame in [
        "x | bob | edit | first words",
        "x | bob | edit",
        "x | bob | retract | -1",
        "x | bob | react | 👍 5",
        "x | bob | unreact | 18446744073709551616 x",
        "@reply=soon x | bob | private_message | hi",
        "@reply= x | bob | private_message | hi",
        "@reply=-1 x | all clients | broadcast | hi",
        "x | bob | changes | since=x",
    ] {
        assert_eq!(Request::parse(frame.as_bytes()).map_err(|refusal| refusal.code), Err(Code::BadFrame), "{frame}");
    }
    // What is no message answers none.
    let echo = Request::parse(b"@reply=5 x | x | echo | hi").unwrap();
    assert_eq!(echo.command, Command::Message(MessageCommand::Echo(text("hi"))));
}

#[test]
fn an_edited_text_may_be_as_long_as_a_message_and_no_longer() {
    let longest = "x".repeat(MAX_DATA);
    let frame = |text: &str| format!("x | bob | edit | {} {text}", u64::MAX);
    let read = Request::parse(frame(&longest).as_bytes()).unwrap();
    assert_eq!(read.command, change("bob", MessageChange::Edit(text(&longest))));
    let refused = Request::parse(frame(&format!("{longest}x")).as_bytes()).unwrap_err();
    assert_eq!(refused.code, Code::TooLong);
    // Escapes count as they are written.
    let lines = "\\n".repeat(MAX_DATA / 2);
    assert!(Request::parse(frame(&lines).as_bytes()).is_ok());
    assert_eq!(Request::parse(frame(&format!("{lines}\\n")).as_bytes()).unwrap_err().code, Code::TooLong);
    // Nothing else is longer than a message.
    let react = format!("x | bob | react | 1 {longest}");
    assert_eq!(Request::parse(react.as_bytes()).unwrap_err().code, Code::TooLong);
}

fn places() -> [Target; 3] {
    [Target::Everyone, Target::User(name("bob")), Target::Room(RoomName::parse("#ops").unwrap())]
}

fn survives(envelope: &Envelope) {
    let mut out = Vec::new();
    envelope.write(&mut out, Some(&name("alice")));
    assert!(out.len() <= MAX_FRAME);
    let line = out.strip_suffix(b"\n").unwrap();
    assert_eq!(Envelope::parse(line).as_ref(), Ok(envelope), "{:?}", String::from_utf8_lossy(&out));
}

#[test]
fn events_are_read_as_they_were_written() {
    let tally = |count, mine, text: &str| Tally { reaction: reaction(text), count, mine };
    for place in places() {
        let (from, by, to) = (name("eve"), name("eve"), name("Zoë"));
        for event in [
            Event::Change(ChangeEvent::Edited { from: from.clone(), place: place.clone(), text: text("a\nb | c") }),
            Event::Change(ChangeEvent::Reacted {
                by: by.clone(),
                place: place.clone(),
                to: to.clone(),
                reaction: reaction("on:off"),
                on: true,
                count: 3,
                removed_by: None,
            }),
            Event::Change(ChangeEvent::Reacted {
                by: by.clone(),
                place: place.clone(),
                to: to.clone(),
                reaction: reaction("off"),
                on: false,
                count: 2,
                removed_by: Some(name("alice")),
            }),
            Event::Change(ChangeEvent::Reacted {
                by,
                place: place.clone(),
                to,
                reaction: reaction("🎉"),
                on: false,
                count: 0,
                removed_by: None,
            }),
            Event::Change(ChangeEvent::Reactions(vec![
                tally(2, false, "👍"),
                tally(1, true, ":-)"),
                tally(9, true, "!"),
            ])),
            Event::Change(ChangeEvent::End { more: true, damaged: 2 }),
            Event::Change(ChangeEvent::End { more: false, damaged: 0 }),
            Event::Room(RoomEvent::Deleted { from: from.clone(), place, by: from }),
        ] {
            let annotations = Annotations { change: Some(ID), ..Annotations::default() }.boxed();
            survives(&Envelope { id: Some(MessageId(5)), annotations, verified: true, ..event.into() });
        }
    }
    let quote = |words: &str| Some(Quote { from: name("bob"), words: Text::line(words) });
    for (reply, edited) in [
        (Some(ReplyTo { id: ID, quote: quote("a; b\\ c | d") }), None),
        (Some(ReplyTo { id: ID, quote: quote("") }), Some(Timestamp(1_795_348_860_045))),
        (Some(ReplyTo { id: ID, quote: None }), None),
        (None, Some(Timestamp(1_795_348_860_045))),
    ] {
        let annotations = Annotations { reply, edited, change: None }.boxed();
        let event = Event::Private { from: name("eve"), to: name("alice"), text: text("yes") };
        survives(&Envelope { annotations, ..event.into() });
    }
}

#[test]
fn the_longest_message_fits_a_frame_with_all_that_it_carries() {
    let wide = name(&"\u{1E7E0}".repeat(32));
    let words = Quote::of(&wide, &text(&";".repeat(MAX_QUOTE)));
    assert_eq!(words.words.as_str().len(), MAX_QUOTE);
    let time = Timestamp(1_795_348_860_045);
    let annotations =
        Annotations { reply: Some(ReplyTo { id: ID, quote: Some(words) }), edited: Some(time), change: Some(ID) };
    let text = text(&"\n".repeat(MAX_DATA / 2));
    let envelope = Envelope {
        reference: Some(";".repeat(MAX_REFERENCE)),
        id: Some(ID),
        time: Some(time),
        batch: Some(format!("changes-{}", u64::MAX)),
        verified: true,
        annotations: annotations.boxed(),
        event: Event::Private { from: wide.clone(), to: wide.clone(), text },
    };
    survives(&envelope);
    let PlainForm::Instead(plain) = envelope.plain() else { panic!("it is a reply") };
    survives(&Envelope { id: envelope.id, time: envelope.time, verified: true, ..*plain });
}

#[test]
fn a_quote_is_one_line_of_bounded_length() {
    let of = |text: &str| Quote::of(&name("bob"), &Text::block(text)).words.to_string();
    assert_eq!(of("  first\nsecond "), "first second");
    let longest = "x".repeat(MAX_QUOTE);
    assert_eq!(of(&longest), longest);
    assert_eq!(of(&format!("{longest}x")), format!("{}…", "x".repeat(MAX_QUOTE - 3)));
    // It is cut between characters, and never inside one.
    for wide in ["é", "漢", "👍🏽", "e\u{301}"] {
        let cut = of(&wide.repeat(MAX_QUOTE));
        assert!(cut.len() <= MAX_QUOTE && cut.len() > MAX_QUOTE - 3 - wide.len(), "{cut}");
        assert_eq!(cut.trim_end_matches('…').replace(wide, ""), "");
    }
    assert_eq!(of("\u{1b}[2J\u{202e}x"), "\u{FFFD}[2J\u{FFFD}x");
}

#[test]
fn a_reaction_is_one_visible_word() {
    for (written, kept) in [("👍", "👍"), (" +1 ", "+1"), ("❤\u{fe0f}", "❤"), ("\u{1b}x", "\u{FFFD}x"), ("ok", "ok")]
    {
        assert_eq!(Reaction::parse(written).unwrap().as_str(), kept);
    }
    for written in ["", " ", "\u{200b}", "two words", "a\nb", "a\tb", "a\u{a0}b", "\u{301}"] {
        assert!(Reaction::parse(written).is_err(), "{written:?}");
    }
    assert!(Reaction::parse(&"x".repeat(MAX_REACTION_CELLS)).is_ok());
    assert!(Reaction::parse(&"x".repeat(MAX_REACTION_CELLS + 1)).is_err());
    // Eight emoji are 16 cells and 32 bytes; marks add bytes, but no cells.
    assert!(Reaction::parse(&"👍".repeat(MAX_REACTION / 4)).is_ok());
    assert!(Reaction::parse(&format!("{}e\u{301}", "👍".repeat(7))).is_ok());
    let most = format!("{}{}", "e\u{301}".repeat(10), "xx");
    assert_eq!(most.len(), MAX_REACTION);
    assert!(Reaction::parse(&most).is_ok() && Reaction::parse(&format!("{most}x")).is_err());
}

/// What a client gets that knows none of this, as text.
fn plain(envelope: &Envelope) -> Option<String> {
    let mut out = Vec::new();
    match envelope.plain() {
        PlainForm::Same => envelope.write(&mut out, Some(&name("bob"))),
        PlainForm::Nothing => return None,
        PlainForm::Instead(plain) => plain.write(&mut out, Some(&name("bob"))),
    }
    Some(String::from_utf8(out).unwrap().trim_end().to_owned())
}

#[test]
fn older_clients_get_the_same_as_text_from_whoever_did_it() {
    let lines = "a\nserver | all clients | broadcast | b";
    for (place, to, operation) in [
        (Target::Everyone, "all clients", "broadcast_not_me"),
        (Target::User(name("bob")), "bob", "private_message"),
        (Target::Room(RoomName::parse("#ops").unwrap()), "#ops", "broadcast_not_me"),
    ] {
        let (from, by) = (name("eve"), name("eve"));
        let edited = Event::Change(ChangeEvent::Edited { from: from.clone(), place: place.clone(), text: text(lines) });
        let edited = Envelope { id: Some(ID), ..edited.into() };
        let line = "edited: a\\nserver | all clients | broadcast | b";
        assert_eq!(plain(&edited), Some(format!("eve | {to} | {operation} | {line}")));
        let reacted = |on| {
            let (by, to, place, removed_by) = (by.clone(), name("bob"), place.clone(), None);
            Event::Change(ChangeEvent::Reacted { by, place, to, reaction: reaction("👍"), on, count: 1, removed_by })
        };
        assert_eq!(plain(&reacted(true).into()), Some(format!("eve | {to} | {operation} | reacted to bob: 👍")));
        assert_eq!(plain(&reacted(false).into()), None);
        // Whoever asked for it gets it as it is.
        let answer = Envelope::answer(Some("1".to_owned()), reacted(false));
        assert_eq!(answer.plain(), PlainForm::Same);
    }
    // In the packets of TR2.23, no line of a text comes from the server.
    let edited = Event::Change(ChangeEvent::Edited { from: name("eve"), place: Target::Everyone, text: text(lines) });
    assert_eq!(packet::write_event(&edited, None), Vec::<Vec<u8>>::new());
    let PlainForm::Instead(plain) = Envelope::from(edited).plain() else { panic!("it is an edit") };
    let packets = packet::write_event(&plain.event, None);
    assert_eq!(packets.len(), 2);
    assert!(packets.iter().all(|packet| packet.starts_with(b"eve | all clients | broadcast_not_me | ")));
}
