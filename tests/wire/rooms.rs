//! Rooms and moderation on the wire.

use std::time::Duration;

use tr2::model::period;
use tr2::model::{BanTarget, MessageId, Name, Reaction, RoomName, RoomNameError, RoomRole, Target, Text, Timestamp};
use tr2::protocol::BanLine;
use tr2::protocol::limits::{MAX_AWAY, MAX_REASON, MAX_TOPIC};
use tr2::protocol::packet;
use tr2::protocol::{
    Act, ActRequest, ClosingCommand, Code, Command, Done, Envelope, Event, HistoryCommand, MessageCommand,
    ModerationCommand, Relation, Request, RoomCommand, RoomEvent, RoomInfo, Span, UserCommand, Verb,
};

fn name(raw: &str) -> Name {
    Name::parse(raw).unwrap()
}

fn room(raw: &str) -> RoomName {
    RoomName::parse(raw).unwrap()
}

fn text(raw: &str) -> Text {
    Text::line(raw)
}

/// The code that a line is refused with, if it is.
fn refused(line: &str) -> Option<Code> {
    Request::parse(line.as_bytes()).err().map(|refusal| refusal.code)
}

#[track_caller]
fn request_survives(command: Command) {
    let request = Request { reference: Some("7".to_owned()), command };
    let mut line = Vec::new();
    request.write(&mut line, "alice");
    assert_eq!(Request::parse(line.strip_suffix(b"\n").unwrap()).unwrap(), request);
}

#[track_caller]
fn event_survives(event: Event) {
    let envelope = Envelope { id: Some(MessageId(5)), ..Envelope::answer(Some("7".to_owned()), event) };
    let mut line = Vec::new();
    envelope.write(&mut line, Some(&name("alice")));
    assert_eq!(Envelope::parse(line.strip_suffix(b"\n").unwrap()).unwrap(), envelope);
}

#[test]
fn every_room_request_survives_the_wire() {
    let minutes = Some(Duration::from_secs(600));
    let act = |act| {
        Command::Moderation(ModerationCommand::Act(ActRequest {
            place: "#ops".to_owned(),
            act,
            reason: text("calm down, all"),
        }))
    };
    let whom = |whom: &str| whom.parse::<BanTarget>().unwrap();
    let remove_reaction = |reaction: &str, of: Option<&str>| {
        let (reaction, of) = (Reaction::parse(reaction).unwrap(), of.map(str::to_owned));
        act(Act::RemoveReaction { id: MessageId(17), reaction, of })
    };
    for command in [
        Command::Room(RoomCommand::Join { room: "#ops".to_owned(), private: true }),
        Command::Room(RoomCommand::Join { room: "#ops".to_owned(), private: false }),
        Command::Room(RoomCommand::Leave("#ops".to_owned())),
        Command::Room(RoomCommand::List),
        Command::Room(RoomCommand::Members("#ops".to_owned())),
        Command::Room(RoomCommand::Topic { place: "#ops".to_owned(), text: text("the new disks") }),
        Command::Room(RoomCommand::Topic { place: "all clients".to_owned(), text: Text::default() }),
        Command::Room(RoomCommand::Invite { room: "#ops".to_owned(), user: "bob".to_owned() }),
        Command::Message(MessageCommand::Room {
            room: "#ops".to_owned(),
            me_too: true,
            text: Text::block("two\nlines"),
            reply: None,
        }),
        Command::Message(MessageCommand::Room {
            room: "#ops".to_owned(),
            me_too: false,
            text: text("hi | there"),
            reply: None,
        }),
        act(Act::Kick("bob".to_owned())),
        act(Act::Ban { whom: whom("bob"), time: minutes, dry_run: false }),
        act(Act::Ban { whom: whom("2001:db8::/64"), time: None, dry_run: true }),
        act(Act::Unban(whom("uid:1000"))),
        act(Act::Mute { user: "bob".to_owned(), time: minutes }),
        act(Act::Unmute("bob".to_owned())),
        act(Act::SlowMode(Duration::from_secs(30))),
        act(Act::ReadOnly(true)),
        act(Act::LockTopic(false)),
        act(Act::AllowCalls(false)),
        act(Act::AllowCalls(true)),
        act(Act::Delete(MessageId(17))),
        remove_reaction("+1", Some("bob")),
        remove_reaction("-", None),
        act(Act::Announce),
        act(Act::Grant("bob".to_owned())),
        act(Act::Revoke("bob".to_owned())),
        act(Act::Free("bob".to_owned())),
        Command::Moderation(ModerationCommand::Bans("all clients".to_owned())),
        Command::History(HistoryCommand::Modlog { place: "#ops".to_owned(), span: Span::newest(20) }),
        Command::User(UserCommand::Away(text("lunch"))),
        Command::User(UserCommand::Away(Text::default())),
        Command::User(UserCommand::Ignore("bob".to_owned())),
        Command::User(UserCommand::Unignore("bob".to_owned())),
        Command::User(UserCommand::Ignored),
        Command::User(UserCommand::Rename("zoe".to_owned())),
        Command::User(UserCommand::LeaveServer),
        Command::Closing(ClosingCommand::Now),
        Command::Closing(ClosingCommand::Later { after: Duration::from_secs(300), reason: text("new disks") }),
        Command::Closing(ClosingCommand::CallOff),
    ] {
        request_survives(command);
    }
}

#[test]
fn every_room_event_survives_the_wire() {
    let place = || Target::Room(room("#ops"));
    let done = |verb, subject: Option<&str>, time| {
        let done = Done { verb, subject: subject.map(text), time, on: true, reason: text("why not") };
        RoomEvent::Acted { by: name("alice"), place: place(), done }
    };
    let info = RoomInfo {
        place: Target::Everyone,
        private: false,
        members: 3,
        slow: Duration::from_secs(30),
        read_only: true,
        locked: true,
        no_calls: true,
        topic: text("a topic=with words"),
        you: Some(Relation::Inside(RoomRole::Maker)),
    };
    let quiet = RoomInfo {
        place: place(),
        slow: Duration::ZERO,
        read_only: false,
        locked: false,
        no_calls: false,
        you: None,
        ..info.clone()
    };
    let invited = RoomInfo { private: true, topic: Text::default(), you: Some(Relation::Invited), ..quiet.clone() };
    let line =
        BanLine { mute: true, whom: text("bob"), by: name("alice"), until: Some(Timestamp(5000)), reason: text("x y") };
    for event in [
        RoomEvent::Told(info),
        RoomEvent::Told(quiet),
        RoomEvent::Told(invited),
        RoomEvent::RoomsEnd { more: false },
        RoomEvent::RoomsEnd { more: true },
        RoomEvent::Members {
            room: room("#ops"),
            role: RoomRole::Member,
            online: true,
            names: vec![name("bob"), name("eve")],
        },
        RoomEvent::MembersEnd { room: room("#ops"), more: true },
        RoomEvent::Topic { by: name("bob"), place: place(), text: text("disks") },
        RoomEvent::Joined { room: room("#ops"), names: vec![name("bob")] },
        RoomEvent::Left { room: room("#ops"), names: vec![name("bob")], why: Some(text("kicked by alice")) },
        RoomEvent::Invited { by: name("bob"), room: room("#42") },
        RoomEvent::Message { from: name("bob"), room: room("#ops"), me_too: true, text: Text::block("a\nb") },
        RoomEvent::Deleted { from: name("bob"), place: Target::Everyone, by: name("eve") },
        done(Verb::Kick, Some("bob"), None),
        done(Verb::SlowMode, None, Some(Duration::from_secs(30))),
        RoomEvent::ModlogEnd { more: true },
        RoomEvent::Ban { place: Target::Everyone, line: line.clone() },
        RoomEvent::Ban { place: place(), line: BanLine { mute: false, until: None, ..line } },
        RoomEvent::BansEnd { more: false },
        RoomEvent::WouldBan { count: 2, names: vec![name("bob"), name("eve")] },
        RoomEvent::Closing { by: Some(name("eve")), after: Duration::from_secs(300), reason: text("new disks") },
        RoomEvent::Closing { by: None, after: Duration::from_secs(60), reason: text("new disks") },
        RoomEvent::ClosingOff { by: name("eve") },
    ] {
        event_survives(Event::Room(event));
    }
    event_survives(Event::Away(name("bob"), text("lunch")));
    event_survives(Event::Away(name("bob"), Text::default()));
    event_survives(Event::Ignored(vec![name("bob"), name("eve")]));
    event_survives(Event::Ignored(Vec::new()));
    event_survives(Event::Demoted(text("no more")));
}

#[test]
fn missing_fields_are_refused() {
    for (line, code) in [
        ("a | #ops | kick | bob", Code::ReasonNeeded),
        ("a | #ops | kick", Code::BadFrame),
        ("a | #ops | ban | bob for=1h", Code::ReasonNeeded),
        ("a | #ops | ban | bob for=1x spam", Code::BadFrame),
        ("a | #ops | ban | bob for=99999d spam", Code::BadFrame),
        ("a | #ops | ban | 10.0.0.0/33 spam", Code::BadName),
        ("a | #ops | ban | # spam", Code::BadName),
        ("a | #ops | slow_mode | much why", Code::BadFrame),
        ("a | #ops | read_only | maybe why", Code::BadFrame),
        ("a | #ops | delete | it insults", Code::BadFrame),
        ("a | all clients | announce", Code::ReasonNeeded),
        ("a | server | close_server | in=5m", Code::ReasonNeeded),
        ("a | server | close_server | in=soon because", Code::BadFrame),
    ] {
        assert_eq!(refused(line), Some(code), "{line}");
    }
    assert_eq!(refused("a | #ops | ban | bob dry-run"), None, "who would be hit may be asked without a reason");
}

#[test]
fn topics_reasons_and_away_texts_have_a_maximum_length() {
    let long =
        |most: usize, head: &str| (format!("{head}{}", "x".repeat(most)), format!("{head}{}", "x".repeat(most + 1)));
    for (most, head) in [
        (MAX_REASON, "a | #ops | kick | bob "),
        (MAX_REASON, "a | server | close_server | in=5m "),
        (MAX_TOPIC, "a | #ops | topic | "),
        (MAX_AWAY, "a | server | away | "),
    ] {
        let (fits, over) = long(most, head);
        assert_eq!((refused(&fits), refused(&over)), (None, Some(Code::TooLong)), "{head}");
    }
}

#[test]
fn room_names_are_user_names_with_a_leading_sign() {
    for (raw, error) in [
        ("ops", RoomNameError::NoSign),
        ("#", RoomNameError::Empty),
        ("##ops", RoomNameError::BadCharacter),
        ("#a b", RoomNameError::BadCharacter),
        ("#a|b", RoomNameError::BadCharacter),
        ("#...", RoomNameError::BadCharacter),
        ("#\u{202e}ops", RoomNameError::BadCharacter),
        ("#оps", RoomNameError::MixedScript),
        ("#Everyone", RoomNameError::Reserved),
        ("#everyοne", RoomNameError::MixedScript),
    ] {
        assert_eq!(RoomName::parse(raw), Err(error), "{raw}");
    }
    let longest = format!("#{}", "x".repeat(32));
    assert!(RoomName::parse(&longest).is_ok());
    assert_eq!(RoomName::parse(&format!("{longest}x")), Err(RoomNameError::TooLong));
    assert!(room("#42").key() == room("#42").key() && room("#Ops").key() == room("#ops").key());
    assert!(room("#paypal").key().clashes(&room("#paypaI").key()));
}

#[test]
fn durations_are_parsed_and_shown() {
    let seconds = |text| period::parse(text).map(|period| period.as_secs());
    assert_eq!(
        ["90s", "10m", "2h", "7d", "1h30m", "3650d"].map(seconds),
        [Some(90), Some(600), Some(7200), Some(604_800), Some(5400), Some(315_360_000)]
    );
    assert_eq!(["", "0s", "10", "m", "1.5h", "3651d", "99999999999999999999d", "5é"].map(seconds), [None; 8]);
    let shown = |text| period::shown(period::parse(text).unwrap());
    assert_eq!(
        ["1s", "90s", "2h", "1d", "1d2h3m"].map(shown),
        ["1 second", "1 minute 30 seconds", "2 hours", "1 day", "1 day 2 hours"]
    );
}

#[test]
fn a_tr223_client_hears_only_what_concerns_everyone() {
    let said = |event: RoomEvent| {
        packet::write_event(&Event::Room(event), Some(&name("dave")))
            .into_iter()
            .map(|bytes| String::from_utf8(bytes).unwrap())
            .collect::<Vec<_>>()
    };
    let done = Done { verb: Verb::Kick, subject: Some(text("bob")), time: None, on: false, reason: text("spam") };
    let acted = |place| RoomEvent::Acted { by: name("alice"), place, done: done.clone() };
    assert_eq!(said(acted(Target::Everyone)), ["server | all clients | broadcast | alice kicked bob: spam"]);
    assert_eq!(said(acted(Target::Room(room("#ops")))), [""; 0]);
    let closing = RoomEvent::Closing { by: None, after: Duration::from_secs(300), reason: text("new disks") };
    assert_eq!(said(closing), ["server | all clients | broadcast | The server closes in 5 minutes: new disks"]);
    assert_eq!(said(RoomEvent::RoomsEnd { more: false }), [""; 0]);
    let asked = packet::read_request(b"dave | #ops | broadcast | hi").map_err(|refusal| refusal.code);
    assert_eq!(asked, Err(Code::NoSuchRoom));
}
