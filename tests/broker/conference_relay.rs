//! The relay of a conference: who gets which picture, and what a slow or hostile member does to the others.

use tr2::model::Timestamp;
use tr2::protocol::conference::{MAX_CONFERENCE, MAX_SPEAKERS, MemberNumber};
use tr2::protocol::conference_packet::{
    Audience, ConferencePacket, FaceSize, Listeners, PictureHead, Want, WantedFaces,
};
use tr2::protocol::leg::{LegPacket, LegToken};
use tr2::server::limits::{EARLY_BYTES, EARLY_OF_ONE, PIECE_COST, Rate};
use tr2::server::relay::conference::{
    DEAF_STREAM, MEMBER_RATE, SLOW_STREAM, STUCK_STREAM, VIEWER_RATE, VOICE_DEBT, VOICE_RATE,
};
use tr2::server::relay::hearing::SPEAKS;
use tr2::server::relay::{IDLE_LEG, MAX_RELAYED, Relay, RelayId, RelayRates, RelaySend, StreamId};

const RATES: RelayRates = RelayRates {
    leg: Rate { burst: 1_000_000, per_second: 1_000_000 },
    all: Rate { burst: 8_000_000, per_second: 8_000_000 },
};
const CALL: RelayId = RelayId(7);
const ROOM: RelayId = RelayId(8);
const NOBODY: [u64; 0] = [];

fn at(ms: i64) -> Timestamp {
    Timestamp(1_000_000 + ms)
}

fn token(number: u8) -> LegToken {
    LegToken([number; 16])
}

/// The stream of a member.
fn stream(number: u8) -> StreamId {
    StreamId(u64::from(number))
}

/// A conference of so many, all on streams.
fn conference(members: u8) -> Relay {
    let mut relay = Relay::new(RATES, [9; 32], at(0));
    assert!(relay.open_conference(ROOM));
    for number in 0..members {
        assert!(relay.admit(ROOM, MemberNumber(number), token(number), at(0)));
        assert_eq!(relay.bind_stream(stream(number), token(number), at(0)), Some(vec![]));
    }
    relay
}

fn picture(from: u8, size: FaceSize, upper: bool) -> Vec<u8> {
    ConferencePacket::Picture(PictureHead { from: MemberNumber(from), size, upper }, &[7; 100]).write()
}

/// All that a packet leads to, as (stream, packet).
fn sent(send: Option<RelaySend>) -> Vec<(u64, Vec<u8>)> {
    let each = match send {
        Some(RelaySend::Several(each)) => each,
        other => other.into_iter().collect(),
    };
    let to = |send| match send {
        RelaySend::Stream(StreamId(to), packet) => (to, packet),
        other => panic!("{other:?}"),
    };
    each.into_iter().map(to).collect()
}

/// Who gets a picture.
fn viewers(relay: &mut Relay, from: u8, size: FaceSize, upper: bool, now: Timestamp) -> Vec<u64> {
    let packet = picture(from, size, upper);
    let sent = sent(relay.from_stream(stream(from), &packet, now));
    assert!(sent.iter().all(|(_, got)| *got == packet), "as it is");
    sent.into_iter().map(|(to, _)| to).collect()
}

fn wants(relay: &mut Relay, viewer: u8, count: u8, wants: &[(u8, FaceSize, bool)]) -> Vec<(u64, u8, Audience)> {
    let wants = wants.iter().map(|&(of, size, lower_only)| Want { of: MemberNumber(of), size, lower_only }).collect();
    let packet = ConferencePacket::Wants(count, wants).write();
    told(sent(relay.from_stream(stream(viewer), &packet, at(0))))
}

fn told(sent: Vec<(u64, Vec<u8>)>) -> Vec<(u64, u8, Audience)> {
    let told = |(to, packet): (u64, Vec<u8>)| match ConferencePacket::read(&packet) {
        Some(ConferencePacket::Wanted(WantedFaces { count, audience, .. })) => (to, count, audience),
        other => panic!("{other:?}"),
    };
    sent.into_iter().map(told).collect()
}

fn audience(of: &[(FaceSize, bool)]) -> Audience {
    let mut audience = Audience::default();
    of.iter().for_each(|(size, lower_only)| audience.add(*size, *lower_only));
    audience
}

use FaceSize::{Large, Medium, Small};

#[test]
fn a_picture_goes_to_those_who_want_its_sender_in_its_size() {
    let mut relay = conference(4);
    assert_eq!(viewers(&mut relay, 0, Small, false, at(0)), NOBODY, "nobody shows anything yet");
    let nothing = Audience::default();
    assert_eq!(
        wants(&mut relay, 1, 5, &[(0, Small, false), (2, Small, false)]),
        [(0, 0, audience(&[(Small, false)])), (1, 5, nothing), (2, 0, audience(&[(Small, false)])),]
    );
    assert_eq!(wants(&mut relay, 2, 1, &[(0, Small, true)]), [(2, 1, audience(&[(Small, false)]))], "no news for 0");
    assert_eq!(
        wants(&mut relay, 3, 1, &[(0, Large, true), (3, Small, false)]),
        [(0, 0, audience(&[(Small, false), (Large, true)])), (3, 1, nothing),]
    );
    let mut from_0 = |size, upper| viewers(&mut relay, 0, size, upper, at(1));
    assert_eq!(from_0(Small, false), [1, 2]);
    assert_eq!(from_0(Small, true), [1], "2 wants the lower layer alone");
    assert_eq!(from_0(Large, false), [3]);
    assert_eq!(from_0(Large, true), NOBODY);
    assert_eq!(from_0(Medium, false), NOBODY);
    assert_eq!(viewers(&mut relay, 3, Small, false, at(1)), NOBODY, "nobody sees themselves");
    // A viewer looks elsewhere, and repeats it: only the repetition is answered.
    assert_eq!(
        wants(&mut relay, 1, 6, &[]),
        [(0, 0, audience(&[(Small, true), (Large, true)])), (1, 6, nothing), (2, 1, nothing),]
    );
    assert_eq!(wants(&mut relay, 1, 7, &[]), [(1, 7, nothing)]);
    assert_eq!(viewers(&mut relay, 0, Small, false, at(1)), [2]);
    // What was overtaken on its way says nothing any more, and each answer has a count of its own.
    assert_eq!(wants(&mut relay, 1, 5, &[(0, Small, false)]), []);
    assert_eq!(viewers(&mut relay, 0, Small, false, at(1)), [2]);
    let answer = ConferencePacket::Wants(8, vec![]).write();
    let serials =
        [0, 1].map(|_| match ConferencePacket::read(&sent(relay.from_stream(stream(1), &answer, at(1)))[0].1) {
            Some(ConferencePacket::Wanted(wanted)) => wanted.serial,
            other => panic!("{other:?}"),
        });
    assert_eq!(serials[0].wrapping_add(1), serials[1]);
    // One leaves.
    let sends = relay.dismiss(ROOM, MemberNumber(3));
    assert_eq!(sends[0], RelaySend::Close(stream(3)));
    assert_eq!(told(sent(Some(sends[1].clone()))), [(0, 0, audience(&[(Small, true)]))]);
    assert_eq!(relay.from_stream(stream(3), &picture(3, Small, false), at(1)), None);
}

#[test]
fn what_one_has_for_another_goes_there_alone_and_says_whose_it_is() {
    let mut relay = conference(3);
    let pair = |other, bytes| ConferencePacket::Pair(MemberNumber(other), bytes).write();
    assert_eq!(sent(relay.from_stream(stream(0), &pair(2, b"\x40hello"), at(0))), [(2, pair(0, b"\x40hello"))]);
    for nowhere in [
        pair(0, b"\x40myself"),
        pair(9, b"\x40nobody"),
        b"\x40 a packet of a call of two".to_vec(),
        picture(1, Small, false),
        ConferencePacket::Wanted(WantedFaces { count: 0, serial: 0, audience: Audience::default() }).write(),
        b"\x1f of later programs".to_vec(),
    ] {
        assert_eq!(relay.from_stream(stream(0), &nowhere, at(0)), None, "{nowhere:?}");
    }
    assert_eq!(relay.counts().nowhere, 6);
    // On the legs of a call of two, packets of conferences go nowhere.
    assert!(relay.open(CALL, [token(100), token(101)], at(0)));
    relay.bind_stream(stream(100), token(100), at(0)).unwrap();
    relay.bind_stream(stream(101), token(101), at(0)).unwrap();
    assert_eq!(relay.from_stream(stream(100), &pair(101, b"\x40"), at(0)), None);
    assert!(relay.from_stream(stream(100), b"\x40", at(0)).is_some());
}

#[test]
fn members_may_be_at_addresses_and_get_nothing_before_they_are_there() {
    let mut relay = Relay::new(RATES, [9; 32], at(0));
    assert!(relay.open_conference(ROOM));
    for number in [0, 1] {
        assert!(relay.admit(ROOM, MemberNumber(number), token(number), at(0)));
    }
    relay.bind_stream(stream(0), token(0), at(0)).unwrap();
    let address = "192.0.2.1:4000".parse().unwrap();
    let show = ConferencePacket::Wants(0, vec![Want { of: MemberNumber(0), size: Small, lower_only: false }]).write();
    assert_eq!(relay.from_address(address, &show, at(0)), None, "nobody has answered there");
    assert_eq!(relay.from_stream(stream(0), &picture(0, Small, false), at(0)), None);
    let Some(RelaySend::Packet(_, challenge)) = relay.from_address(address, &LegPacket::Bind(token(1)).write(), at(0))
    else {
        panic!()
    };
    let Some(LegPacket::Challenge(challenge)) = LegPacket::read(&challenge) else { panic!() };
    assert!(relay.from_address(address, &LegPacket::Answer(token(1), challenge).write(), at(0)).is_some());
    let Some(RelaySend::Several(told)) = relay.from_address(address, &show, at(0)) else { panic!() };
    assert_eq!(told.len(), 2);
    let expected = RelaySend::Packet(address, picture(0, Small, false));
    assert_eq!(relay.from_stream(stream(0), &picture(0, Small, false), at(0)), Some(expected));
}

#[test]
fn a_slow_viewer_gets_less_and_slows_nobody() {
    let mut relay = conference(3);
    for viewer in [1, 2] {
        wants(&mut relay, viewer, 0, &[(0, Small, false)]);
    }
    relay.stream_waits(stream(1), SLOW_STREAM - 1);
    assert_eq!(viewers(&mut relay, 0, Small, true, at(0)), [1, 2]);
    relay.stream_waits(stream(1), SLOW_STREAM);
    assert_eq!(viewers(&mut relay, 0, Small, true, at(0)), [2]);
    assert_eq!(viewers(&mut relay, 0, Small, false, at(0)), [1, 2]);
    relay.stream_waits(stream(1), STUCK_STREAM);
    assert_eq!(viewers(&mut relay, 0, Small, false, at(0)), [2]);
    relay.stream_waits(stream(1), 0);
    assert_eq!(viewers(&mut relay, 0, Small, true, at(0)), [1, 2]);
}

#[test]
fn one_who_floods_is_held_and_takes_nothing_from_those_who_do_not_look() {
    let mut relay = conference(4);
    wants(&mut relay, 1, 0, &[(0, Small, false), (2, Small, false)]);
    wants(&mut relay, 3, 0, &[(2, Small, false)]);
    let packet = picture(0, Small, false);
    let flood = |relay: &mut Relay, now| {
        (0..10_000).filter(|_| relay.from_stream(stream(0), &packet, now).is_some()).count() * packet.len()
    };
    let got = flood(&mut relay, at(0));
    let most = MEMBER_RATE.burst.min(VIEWER_RATE.burst) as usize;
    assert!((most / 2..=most + packet.len()).contains(&got), "{got}");
    // The upper layer goes first where a viewer gets much; who does not show the flooder notices nothing.
    assert_eq!(viewers(&mut relay, 2, Small, true, at(0)), [3]);
    assert_eq!(viewers(&mut relay, 2, Small, true, at(2000)), [1, 3]);
    let got = flood(&mut relay, at(3000));
    assert!(got <= 3 * MEMBER_RATE.per_second as usize + packet.len(), "{got}");
    // Tiny packets are no way around it.
    let mut relay = conference(2);
    wants(&mut relay, 1, 0, &[(0, Small, false)]);
    let tiny =
        ConferencePacket::Picture(PictureHead { from: MemberNumber(0), size: Small, upper: false }, b"x").write();
    let through = (0..10_000).filter(|_| relay.from_stream(stream(0), &tiny, at(0)).is_some()).count();
    assert!(through <= MEMBER_RATE.burst as usize / 64 + 1, "{through}");
}

#[test]
fn only_so_many_are_in_a_conference_and_each_once() {
    let mut relay = conference(MAX_CONFERENCE as u8);
    assert!(!relay.admit(ROOM, MemberNumber(200), token(200), at(0)));
    assert_eq!(relay.bind_stream(stream(200), token(200), at(0)), None, "no leg without a place");
    assert!(!relay.admit(RelayId(99), MemberNumber(0), token(201), at(0)), "no such conference");
    assert!(!relay.open_conference(ROOM) && !relay.open(ROOM, [token(202), token(203)], at(0)));
    relay.dismiss(ROOM, MemberNumber(3));
    assert!(!relay.admit(ROOM, MemberNumber(4), token(200), at(0)));
    assert!(relay.admit(ROOM, MemberNumber(200), token(200), at(0)));
    for n in 1..MAX_RELAYED {
        assert!(relay.open_conference(RelayId(1000 + n as u64)));
    }
    assert!(!relay.open_conference(RelayId(5000)) && !relay.open(RelayId(5000), [token(204), token(205)], at(0)));
    let closed = relay.close(ROOM);
    assert_eq!(closed.len(), MAX_CONFERENCE - 1, "the streams of those who had one");
    assert!(relay.open_conference(RelayId(5000)));
    assert_eq!(relay.bind_stream(stream(0), token(0), at(0)), None);
}

#[test]
fn a_member_of_whom_nothing_is_heard_is_given_up_alone() {
    let mut relay = conference(3);
    wants(&mut relay, 1, 0, &[(0, Small, false)]);
    let idle = IDLE_LEG.as_millis() as i64;
    relay.from_stream(stream(0), &picture(0, Small, false), at(idle - 1));
    relay.from_stream(stream(2), &ConferencePacket::Wants(1, vec![]).write(), at(idle - 1));
    assert_eq!(relay.give_up_idle_members(at(idle - 1)), (vec![], vec![]));
    let (members, sends) = relay.give_up_idle_members(at(idle));
    assert_eq!(members, [(ROOM, MemberNumber(1))]);
    assert_eq!(sends.len(), 2, "{sends:?}");
    assert_eq!(sends[0], RelaySend::Close(stream(1)));
    assert_eq!(told(sent(Some(sends[1].clone()))), [(0, 0, Audience::default())]);
    assert_eq!(relay.give_up_idle(at(idle)), (vec![], vec![]), "the conference goes on");
}

#[test]
fn what_members_have_for_one_without_a_leg_waits_and_pictures_do_not() {
    let members = MAX_CONFERENCE as u8 - 1;
    let mut relay = conference(members);
    let newcomer = MemberNumber(100);
    assert!(relay.admit(ROOM, newcomer, token(100), at(0)));
    let pair = |other: u8, byte: u8, size| {
        let inner = [&[0x40][..], &vec![byte; size]].concat();
        ConferencePacket::Pair(MemberNumber(other), &inner).write()
    };
    let bind =
        |relay: &mut Relay| sent(Some(RelaySend::Several(relay.bind_stream(stream(100), token(100), at(1)).unwrap())));
    // One of each other member, as long as a packet can be, has room.
    for from in 0..members {
        assert_eq!(relay.from_stream(stream(from), &pair(100, from, 1200), at(0)), None);
        assert_eq!(relay.from_stream(stream(from), &picture(from, Small, false), at(0)), None);
    }
    let expected: Vec<_> = (0..members).map(|from| (100, pair(from, from, 1200))).collect();
    assert_eq!(bind(&mut relay), expected);
    // One who sends many pushes out its own.
    relay.stream_ended(stream(100));
    relay.from_stream(stream(1), &pair(100, 0, 10), at(0));
    for byte in 0..100 {
        relay.from_stream(stream(0), &pair(100, byte, 1200), at(0));
    }
    let newest = (100 - EARLY_OF_ONE as u8..100).map(|byte| (100, pair(0, byte, 1200)));
    assert_eq!(bind(&mut relay), [(100, pair(1, 0, 10))].into_iter().chain(newest).collect::<Vec<_>>());
}

#[test]
fn what_waits_for_a_member_has_a_limit_in_bytes() {
    // Sixteen of these are as much as may wait.
    let size = EARLY_BYTES / 16 - PIECE_COST - ConferencePacket::Pair(MemberNumber(0), b"").write().len();
    let waiting = |packets: usize, more: usize| {
        let mut relay = conference(5);
        relay.stream_ended(stream(4));
        for number in 0..packets {
            let inner = [&[0x40][..], &vec![number as u8; size - 1 + usize::from(number == 15) * more]].concat();
            let packet = ConferencePacket::Pair(MemberNumber(4), &inner).write();
            assert_eq!(relay.from_stream(stream((number / EARLY_OF_ONE) as u8), &packet, at(0)), None);
        }
        relay.bind_stream(stream(4), token(4), at(0)).unwrap().len()
    };
    assert_eq!((waiting(15, 0), waiting(16, 0), waiting(16, 1)), (15, 16, 15));
}

fn voice(from: u8, size: usize) -> Vec<u8> {
    ConferencePacket::Voice(MemberNumber(from), &vec![7; size]).write()
}

/// Who gets voice.
fn hearers(relay: &mut Relay, from: u8, now: Timestamp) -> Vec<u64> {
    let packet = voice(from, 100);
    let sent = sent(relay.from_stream(stream(from), &packet, now));
    assert!(sent.iter().all(|(_, got)| *got == packet), "as it is");
    sent.into_iter().map(|(to, _)| to).collect()
}

/// One has a loudspeaker, or none any more: who is told what, and in answer to which count.
fn hears(relay: &mut Relay, member: u8, count: u8, hears: bool) -> Vec<(u64, u8, bool)> {
    heard(sent(relay.from_stream(stream(member), &ConferencePacket::Hears(count, hears).write(), at(0))))
}

fn heard(sent: Vec<(u64, Vec<u8>)>) -> Vec<(u64, u8, bool)> {
    let told = |(to, packet): (u64, Vec<u8>)| match ConferencePacket::read(&packet) {
        Some(ConferencePacket::Heard(Listeners { count, any, .. })) => (to, count, any),
        other => panic!("{other:?}"),
    };
    sent.into_iter().map(told).collect()
}

#[test]
fn voice_goes_to_those_who_hear_and_all_others_know_that_somebody_does() {
    let mut relay = conference(3);
    assert_eq!(hearers(&mut relay, 0, at(0)), NOBODY, "nobody hears");
    assert_eq!(hears(&mut relay, 1, 3, true), [(0, 0, true), (1, 3, false), (2, 0, true)]);
    assert_eq!(hearers(&mut relay, 0, at(1)), [1]);
    assert_eq!(hearers(&mut relay, 1, at(1)), NOBODY, "nobody hears themselves");
    assert_eq!(hears(&mut relay, 0, 1, true), [(0, 1, true), (1, 3, true)]);
    assert_eq!(hearers(&mut relay, 2, at(2)), [0, 1], "whoever hears nothing may speak");
    // A repetition is answered, and one that was overtaken is not.
    assert_eq!(hears(&mut relay, 1, 4, false), [(0, 1, false), (1, 4, true)]);
    assert_eq!(hears(&mut relay, 1, 4, false), [(1, 4, true)]);
    assert_eq!(hears(&mut relay, 1, 3, true), []);
    assert_eq!(hearers(&mut relay, 2, at(3)), [0]);
    // Nobody speaks under the number of another, or as the server.
    assert_eq!(relay.from_stream(stream(1), &voice(2, 100), at(3)), None);
    let told = ConferencePacket::Heard(Listeners { count: 0, serial: 0, any: true }).write();
    assert_eq!(relay.from_stream(stream(1), &told, at(3)), None);
    // Who leaves hears nothing, and the others learn of it.
    let sends = relay.dismiss(ROOM, MemberNumber(0));
    assert_eq!(sends[0], RelaySend::Close(stream(0)));
    assert_eq!(heard(sent(Some(RelaySend::Several(sends[1..].to_vec())))), [(1, 4, false), (2, 0, false)]);
    assert_eq!(hearers(&mut relay, 2, at(4)), NOBODY);
    assert_eq!(relay.from_stream(stream(0), &voice(0, 100), at(4)), None);
}

#[test]
fn a_slow_viewer_loses_pictures_before_voice() {
    let mut relay = conference(2);
    wants(&mut relay, 1, 0, &[(0, Small, false)]);
    hears(&mut relay, 1, 0, true);
    relay.stream_waits(stream(1), STUCK_STREAM);
    assert_eq!((viewers(&mut relay, 0, Small, false, at(0)), hearers(&mut relay, 0, at(0))), (vec![], vec![1]));
    relay.stream_waits(stream(1), DEAF_STREAM);
    assert_eq!(hearers(&mut relay, 0, at(0)), NOBODY);
    relay.stream_waits(stream(1), 0);
    // What it may be sent in a moment is used up by pictures: voice goes on, for a while.
    let mut relay = conference(7);
    for from in 0..6 {
        wants(&mut relay, 6, 0, &[(0, Small, false), (1, Small, false)]);
        hears(&mut relay, 6, from, true);
    }
    for from in [0, 1] {
        while !viewers(&mut relay, from, Small, false, at(0)).is_empty() {}
    }
    assert_eq!(viewers(&mut relay, 1, Small, false, at(0)), NOBODY);
    let packet = voice(2, 1000);
    let spoken = |relay: &mut Relay, from: u8| {
        let packet = voice(from, 1000);
        (0..1000).filter(|_| relay.from_stream(stream(from), &packet, at(0)).is_some()).count() * packet.len()
    };
    let got: usize = [2, 3, 4, 5].into_iter().map(|from| spoken(&mut relay, from)).sum();
    let most = VOICE_DEBT as usize + packet.len();
    assert!((VOICE_DEBT as usize - packet.len()..=most).contains(&got), "{got}");
    // The debt is paid before there are pictures again.
    let paid = VOICE_DEBT * 1000 / i64::from(VIEWER_RATE.per_second);
    assert_eq!(viewers(&mut relay, 1, Small, false, at(paid - 50)), NOBODY);
    assert_eq!(viewers(&mut relay, 1, Small, false, at(paid + 50)), [6]);
}

#[test]
fn whoever_sends_much_voice_is_held() {
    let mut relay = conference(2);
    hears(&mut relay, 1, 0, true);
    let flood = |relay: &mut Relay, size, now| {
        let packet = voice(0, size);
        (0..10_000).filter(|_| relay.from_stream(stream(0), &packet, now).is_some()).count()
    };
    let most = VOICE_RATE.burst as usize;
    let got = flood(&mut relay, 98, at(0));
    assert!((most / 100..=most / 100 + 1).contains(&got), "{got}");
    assert!(relay.counts().over_rate > 0);
    let got = flood(&mut relay, 98, at(1000));
    assert!(got <= VOICE_RATE.per_second as usize / 100 + 1, "{got}");
    // Tiny packets are no way around it.
    let mut relay = conference(2);
    hears(&mut relay, 1, 0, true);
    let got = flood(&mut relay, 1, at(0));
    assert!(got <= most / 64 + 1, "{got}");
}

#[test]
fn of_many_who_speak_the_first_are_passed_on_until_they_cease() {
    let mut relay = conference(7);
    hears(&mut relay, 6, 0, true);
    for from in 0..MAX_SPEAKERS as u8 {
        assert_eq!(hearers(&mut relay, from, at(0)), [6]);
    }
    assert_eq!(hearers(&mut relay, 4, at(0)), NOBODY);
    let ceased = SPEAKS.as_millis() as i64;
    for from in 1..MAX_SPEAKERS as u8 {
        assert_eq!(hearers(&mut relay, from, at(ceased - 1)), [6]);
    }
    assert_eq!(hearers(&mut relay, 4, at(ceased - 1)), NOBODY);
    assert_eq!(hearers(&mut relay, 4, at(ceased)), [6], "0 has ceased");
    assert_eq!(hearers(&mut relay, 0, at(ceased)), NOBODY);
    // Who leaves has ceased.
    relay.dismiss(ROOM, MemberNumber(1));
    assert_eq!(hearers(&mut relay, 0, at(ceased)), [6]);
}
