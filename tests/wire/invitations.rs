//! Invitations of newcomers on the wire.

use std::time::Duration;

use tr2::model::{Name, Text, Timestamp};
use tr2::protocol::{
    Code, Command, Envelope, Event, IdentityEvent, InvitationLine, InvitationMade, InvitationOrder, KeyCommand, Request,
};

fn survives(about: IdentityEvent, wire: &str) {
    let envelope = Envelope::answer(Some("7".to_owned()), Event::Identity(about));
    let mut line = Vec::new();
    envelope.write(&mut line, Some(&Name::parse("alice").unwrap()));
    let text = std::str::from_utf8(&line).unwrap();
    assert_eq!(text, format!("@ref=7 server | alice | {wire}\n"));
    assert_eq!(Envelope::parse(line.strip_suffix(b"\n").unwrap()).unwrap(), envelope);
}

#[test]
fn what_is_said_of_invitations_survives_the_wire() {
    let (id, code) = (Text::line("a3f9"), Text::line("lusab-babad"));
    let made = Some(InvitationMade { id: id.clone(), people: 30 });
    survives(
        IdentityEvent::Invited { seconds: 3600, code: code.clone(), made },
        "invited | 3600 lusab-babad id=a3f9 people=30",
    );
    survives(IdentityEvent::Invited { seconds: 600, code, made: None }, "invited | 600 lusab-babad");
    let until = Timestamp::parse("2026-11-29T12:00:00.000Z").unwrap();
    let by = Name::parse("bob").unwrap();
    survives(
        IdentityEvent::Invitation(InvitationLine { id: id.clone(), by, people: 30, used: 3, until }),
        "invitation | id=a3f9 people=30 used=3 until=2026-11-29T12:00:00.000Z bob",
    );
    survives(IdentityEvent::InvitationsEnd { more: true }, "invitations_end | more");
    survives(IdentityEvent::InvitationsEnd { more: false }, "invitations_end | no data");
    survives(IdentityEvent::InvitationRevoked(id), "revoke_invitation | a3f9");
}

#[test]
fn requests_about_invitations_survive_the_wire_and_have_bounds() {
    let order = |people, seconds| InvitationOrder { people, time: Duration::from_secs(seconds) };
    for command in [
        KeyCommand::InviteNewcomers(None),
        KeyCommand::InviteNewcomers(Some(order(1, 60))),
        KeyCommand::InviteNewcomers(Some(order(1000, 90 * 24 * 60 * 60))),
        KeyCommand::Invitations,
        KeyCommand::RevokeInvitation("a3f9".to_owned()),
    ] {
        let request = Request { reference: None, command: Command::Key(command) };
        let mut line = Vec::new();
        request.write(&mut line, "alice");
        assert_eq!(Request::parse(line.strip_suffix(b"\n").unwrap()).unwrap(), request);
    }
    assert_eq!(InvitationOrder::read("for=7d people=30"), Ok(order(30, 7 * 24 * 60 * 60)));
    assert_eq!(InvitationOrder::read("people=30"), Ok(order(30, 600)), "what is left out");
    for wrong in ["people=0", "people=1001", "people=-1", "for=59s", "for=2160h1s", "for=ever", "x"] {
        let refused = Request::parse(format!("x | server | invite | {wrong}").as_bytes()).unwrap_err();
        assert_eq!(refused.code, Code::BadFrame, "{wrong}");
    }
}
