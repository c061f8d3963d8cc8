//! Calls on the wire.

use tr2::model::{Fingerprint, Name, RoomName};
use tr2::protocol::conference::{Conference, ConferenceCommand, ConferenceMember, InCall, MemberNumber};
use tr2::protocol::leg::LegToken;
use tr2::protocol::limits::MAX_FRAME;
use tr2::protocol::{
    CallAnswer, CallCommand, CallEvent, CallId, CallOffer, CallRefusal, CallWants, Code, Command, Envelope, Event,
    HangUp, RelayGrant, Request,
};

const ID: CallId = CallId([0x0f; 16]);
const HEX: &str = "0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f";
const KEY: Fingerprint = Fingerprint([7; 32]);
const LEG: LegToken = LegToken([0xa0; 16]);
const ALL: CallWants = CallWants { chat: true, file: true, video: true, voice: true };

fn name(text: &str) -> Name {
    Name::parse(text).unwrap()
}

fn parse(line: &str) -> Result<Command, (Code, String)> {
    Request::parse(line.as_bytes()).map(|request| request.command).map_err(|refusal| (refusal.code, refusal.text))
}

#[test]
fn requests_are_read_as_they_were_written() {
    let to = || "bob".to_owned();
    let no = |why| CallCommand::Answer { to: to(), id: ID, answer: CallAnswer::No(why) };
    let mut commands = vec![
        CallCommand::Ring { to: to(), offer: CallOffer { id: ID, wants: ALL, key: KEY } },
        CallCommand::Ring { to: to(), offer: CallOffer { id: ID, wants: CallWants::default(), key: KEY } },
        CallCommand::Answer { to: to(), id: ID, answer: CallAnswer::Yes(KEY) },
        no(CallRefusal::Declined),
        no(CallRefusal::Busy),
        no(CallRefusal::Cannot),
        CallCommand::Leg(LEG),
    ];
    commands.extend(HangUp::ALL.map(|why| CallCommand::HangUp { to: to(), id: ID, why }));
    for command in commands {
        let request = Request { reference: Some("r 1".to_owned()), command: Command::Call(command) };
        let mut out = Vec::new();
        request.write(&mut out, "alice");
        assert_eq!(Request::parse(out.strip_suffix(b"\n").unwrap()), Ok(request));
    }
}

#[test]
fn events_are_read_as_they_were_written() {
    let (from, to) = (name("alice"), name("bob"));
    let answered = |answer| CallEvent::Answered { by: from.clone(), to: to.clone(), id: ID, answer };
    let mut events = vec![
        CallEvent::Rings { from: from.clone(), to: to.clone(), offer: CallOffer { id: ID, wants: ALL, key: KEY } },
        CallEvent::Ringing(ID),
        answered(CallAnswer::Yes(KEY)),
        answered(CallAnswer::No(CallRefusal::Busy)),
        CallEvent::Relay(RelayGrant { id: ID, leg: LEG, port: 7223, rate: 65_536 }),
        CallEvent::LegReady,
    ];
    for by in [Some(from.clone()), None] {
        events.extend(HangUp::ALL.map(|why| CallEvent::HungUp { by: by.clone(), id: ID, why }));
    }
    for event in events {
        let envelope = Envelope::from(Event::Call(event));
        let mut out = Vec::new();
        envelope.write(&mut out, Some(&to));
        assert_eq!(Envelope::parse(out.strip_suffix(b"\n").unwrap()), Ok(envelope));
    }
}

#[test]
fn what_later_programs_say_is_understood_as_far_as_it_can_be() {
    let offer = |wants| CallOffer { id: ID, wants, key: KEY };
    let chat = CallWants { chat: true, ..CallWants::default() };
    let line = format!("alice | bob | call | id={HEX} smell=yes what=dance,chat key={KEY} more");
    assert_eq!(parse(&line), Ok(Command::Call(CallCommand::Ring { to: "bob".to_owned(), offer: offer(chat) })));
    let id = ID;
    let to = "bob".to_owned();
    assert_eq!(
        parse(&format!("alice | bob | hang_up | id={HEX} bored")),
        Ok(Command::Call(CallCommand::HangUp { to: to.clone(), id, why: HangUp::Done }))
    );
    assert_eq!(
        parse(&format!("alice | bob | answer | id={HEX} no sleepy")),
        Ok(Command::Call(CallCommand::Answer { to, id, answer: CallAnswer::No(CallRefusal::Declined) }))
    );
}

#[test]
fn malformed_requests_are_refused_and_malformed_events_are_unknown() {
    for (operation, data) in [
        ("call", format!("id={HEX} what=chat")),
        ("call", format!("id={HEX}0 what=chat key={KEY}")),
        ("call", format!("id={} what=chat key={KEY}", HEX.replace('f', "g"))),
        ("call", format!("id={HEX} what=chat key=SHA256:short")),
        ("answer", format!("id={HEX}")),
        ("answer", format!("id={HEX} yes")),
        ("answer", format!("yes key={KEY}")),
        ("hang_up", "done".to_owned()),
        ("relay", format!("leg={}", &HEX[1..])),
    ] {
        let refused = parse(&format!("alice | bob | {operation} | {data}")).unwrap_err();
        assert_eq!(refused.0, Code::BadFrame, "{operation} {data}");
        assert!(refused.1.starts_with("The data must be: "), "{}", refused.1);
        let event = Envelope::parse(format!("alice | bob | {operation} | {data}").as_bytes()).unwrap().event;
        assert!(matches!(event, Event::Unknown(_)), "{operation} {data}: {event:?}");
    }
}

#[test]
fn conferences_are_read_as_they_were_written() {
    let room = || "#ops".to_owned();
    let offer = CallOffer { id: ID, wants: CallWants { video: true, ..CallWants::default() }, key: KEY };
    for command in [ConferenceCommand::Join { room: room(), offer }, ConferenceCommand::Leave(room())] {
        let request = Request { reference: None, command: Command::Conference(command) };
        let mut out = Vec::new();
        request.write(&mut out, "alice");
        assert_eq!(Request::parse(out.strip_suffix(b"\n").unwrap()), Ok(request));
    }
    let member = |number, text: &str, verified| ConferenceMember {
        number: MemberNumber(number),
        key: Fingerprint([number; 32]),
        name: name(text),
        verified,
    };
    // The longest frame there is: as many members as there can be, with the longest names.
    let longest = |number: u8| {
        let letter = char::from_u32(u32::from('丁') + u32::from(number)).unwrap();
        member(number * 20, &String::from(letter).repeat(32), true)
    };
    for members in
        [vec![member(0, "alice", true), member(255, "bob", false)], vec![], (0..12).map(longest).collect::<Vec<_>>()]
    {
        let conference = Some(Conference { id: ID, members });
        let envelope = Envelope::from(Event::InCall(InCall { room: RoomName::parse("#ops").unwrap(), conference }));
        let mut out = Vec::new();
        envelope.write(&mut out, None);
        assert!(out.len() < MAX_FRAME / 2, "{}", out.len());
        assert_eq!(Envelope::parse(out.strip_suffix(b"\n").unwrap()), Ok(envelope));
    }
    let none = Envelope::from(Event::InCall(InCall { room: RoomName::parse("#ops").unwrap(), conference: None }));
    assert_eq!(Envelope::parse(b"server | #ops | in_call | no data"), Ok(none));
}

#[test]
fn who_is_in_a_conference_is_read_as_far_as_it_can_be() {
    let members = |words: &str| match Envelope::parse(format!("server | #ops | in_call | {words}").as_bytes()) {
        Ok(Envelope { event: Event::InCall(InCall { conference: Some(Conference { members, .. }), .. }), .. }) => {
            Some(members.iter().map(|member| (member.number.0, member.verified)).collect::<Vec<_>>())
        }
        Ok(Envelope { event: Event::Unknown(_), .. }) => None,
        other => panic!("{other:?}"),
    };
    assert_eq!(members(&format!("id={HEX} since=noon 7,{KEY},bob,dancing,verified")), Some(vec![(7, true)]));
    assert_eq!(members(&format!("id={HEX} 256,{KEY},bob 1,{KEY} 2,KEY,bob 3,{KEY},bob")), Some(vec![(3, false)]));
    // Two with one number, more than there can be, no conference and not none.
    assert_eq!(members(&format!("id={HEX} 7,{KEY},bob 7,{KEY},carol")), None);
    let many = |count| (0..count).map(|number| format!(" {number},{KEY},bob{number}")).collect::<String>();
    assert_eq!(members(&format!("id={HEX}{}", many(12))).unwrap().len(), 12);
    assert_eq!(members(&format!("id={HEX}{}", many(13))), None);
    assert_eq!(members("id=7"), None);
    assert_eq!(members(&format!("7,{KEY},bob")), None);
    let refused = parse(&format!("alice | #ops | call | id={HEX}")).unwrap_err();
    assert_eq!(refused, (Code::BadFrame, "The data must be: id=HEX32 what=WORDS key=KEY.".to_owned()));
}
