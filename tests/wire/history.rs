//! History on the wire: spans, searches, and summaries of conversations.

use proptest::prelude::*;
use tr2::model::{MessageId, Name, Target, Zone};
use tr2::protocol::query::{QueryError, Term};
use tr2::protocol::{Command, Envelope, Event, HistoryCommand, Query, Request, Span, Summary};

fn zone(hours: i32) -> Zone {
    Zone::fixed(hours * 3600)
}

#[track_caller]
fn reads(text: &str, span: Span) {
    assert_eq!(Span::parse(text), Ok(span));
    assert_eq!(Span::parse(&span.write()), Ok(span));
}

#[test]
fn a_span_is_parsed_in_any_order_within_its_bounds() {
    reads("", Span::newest(200));
    reads("limit=1", Span::newest(1));
    reads("limit=0", Span::newest(1));
    reads("limit=1000", Span::newest(1000));
    reads("limit=1001", Span::newest(1000));
    reads("limit=18446744073709551615", Span::newest(1000));
    reads("since=3", Span::since(MessageId(3)));
    reads("before=3", Span::before(MessageId(3)));
    reads("  before=9 colour=red since=3 ", Span { since: Some(MessageId(3)), ..Span::before(MessageId(9)) });
    for wrong in ["limit=", "limit=-1", "since=x", "before=18446744073709551616"] {
        assert!(Span::parse(wrong).is_err(), "{wrong}");
    }
}

/// The query, and what it looks like on the wire.
#[track_caller]
fn finds(text: &str, wire: &str) -> Query {
    let query = Query::parse(text, &zone(1)).unwrap();
    assert_eq!(query.to_string(), wire);
    assert_eq!(Query::parse(wire, &zone(-7)).as_ref(), Ok(&query), "the wire knows no zone");
    query
}

#[test]
fn a_search_holds_words_and_filters() {
    let term = |text: &str, prefix| Term { text: text.to_owned(), prefix };
    assert_eq!(finds("backup tape", "backup tape").terms, [term("backup", false), term("tape", false)]);
    assert_eq!(finds("\"did the backup\" ru*", "\"did the backup\" ru*").terms[0], term("did the backup", false));
    assert_eq!(finds("\"the back\"*", "\"the back\"*").terms, [term("the back", true)]);
    assert_eq!(finds("\"never closed", "\"never closed\"").terms, [term("never closed", false)]);
    assert_eq!(finds("(what?!) ...", "what").terms, [term("what", false)]);
    assert_eq!(finds("https://a.b/c", "\"https://a.b/c\"").terms, [term("https://a.b/c", false)]);
    assert_eq!(finds("\"from:bob\" x", "\"from:bob\" x").from, None);
    let narrowed = finds(
        "x from:Bob in:everyone after:2026-11-20 before:2026-11-22",
        "x from:Bob in:everyone before:2026-11-21T23:00:00.000Z after:2026-11-19T23:00:00.000Z",
    );
    assert_eq!((narrowed.from.as_deref(), narrowed.within.as_deref()), (Some("Bob"), Some("everyone")));
    finds("in:bob", "in:bob");
}

#[test]
fn an_invalid_search_says_why() {
    let wrong = |text: &str| Query::parse(text, &zone(0)).unwrap_err();
    assert_eq!(wrong(""), QueryError::Empty);
    assert_eq!(wrong(" \" \" ?! "), QueryError::Empty);
    assert_eq!(wrong("before:tomorrow"), QueryError::Day("tomorrow".to_owned()));
    assert_eq!(wrong("after:2026-13-01"), QueryError::Day("2026-13-01".to_owned()));
    assert_eq!(wrong(&"x ".repeat(17)), QueryError::TooMany);
    assert!(Query::parse(&"x ".repeat(16), &zone(0)).is_ok());
}

#[test]
fn history_requests_survive_the_wire() {
    let with = || "bob".to_owned();
    for command in [
        Command::History(HistoryCommand::Conversations),
        Command::History(HistoryCommand::Page { with: "all clients".to_owned(), span: Span::before(MessageId(7)) }),
        Command::History(HistoryCommand::Page { with: with(), span: Span::newest(5) }),
        Command::History(HistoryCommand::Read { with: with(), id: MessageId(u64::MAX) }),
        Command::History(HistoryCommand::Search(tr2::model::Text::line("a | b from:c"))),
    ] {
        let request = Request { reference: Some("r".to_owned()), command };
        let mut line = Vec::new();
        request.write(&mut line, "alice");
        assert_eq!(Request::parse(&line[..line.len() - 1]).unwrap(), request);
    }
    let refused = |line: &str| Request::parse(line.as_bytes()).unwrap_err().code.as_str();
    assert_eq!(refused("a | bob | read | soon"), "bad_frame");
    assert_eq!(refused("a | bob | history | limit=x"), "bad_frame");
    assert_eq!(refused(&format!("a | server | search | {}", "x".repeat(513))), "too_long");
}

#[test]
fn history_answers_survive_the_wire() {
    let bob = || Target::User(Name::parse("bob").unwrap());
    let summary = |with| Summary { with, last: MessageId(9), read: MessageId(u64::MAX), unread: 1000 };
    for event in [
        Event::Conversation(summary(bob())),
        Event::Conversation(summary(Target::Everyone)),
        Event::ConversationsEnd,
        Event::HistoryEnd { more: true, damaged: 0 },
        Event::HistoryEnd { more: false, damaged: 3 },
        Event::SearchEnd { more: true, damaged: 2 },
        Event::SearchEnd { more: false, damaged: 0 },
        Event::Read { with: Target::Everyone, id: MessageId(4) },
        Event::Read { with: bob(), id: MessageId(4) },
        Event::Accepted { offline: true },
        Event::Accepted { offline: false },
    ] {
        let mut line = Vec::new();
        Envelope::from(event.clone()).write(&mut line, None);
        assert_eq!(Envelope::parse(&line[..line.len() - 1]).unwrap().event, event);
    }
    for nonsense in ["", "last=1", "last=1 read=2 unread=3", "last=x read=2 unread=3 bob"] {
        let line = format!("server | alice | conversation | {nonsense}");
        let event = Envelope::parse(line.as_bytes()).unwrap().event;
        assert!(matches!(event, Event::Unknown(_)), "{nonsense}: {event:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn any_search_survives_the_wire(text in "[ a-zé\"*:|\\\\]{0,40}|.{0,40}") {
        if let Ok(query) = Query::parse(&text, &zone(0)) {
            prop_assert_eq!(Query::parse(&query.to_string(), &zone(3)), Ok(query));
        }
    }
}
