//! Calls on the wire.

use tr2::model::{Fingerprint, Name};
use tr2::protocol::leg::LegToken;
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
