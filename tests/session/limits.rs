//! Bounds on what a hostile server can make the session hold, each at its limit and one over.

use std::sync::OnceLock;
use std::time::Duration;

use tr2::client::chat::conversations::{Conversations, MAX_CONVERSATIONS};
use tr2::client::chat::people::{MAX_USERS, People};
use tr2::client::chat::rooms::{KnownRooms, MAX_MEMBERS, MAX_ROOMS};
use tr2::client::chat::venue::Venue;
use tr2::client::dialogs::order::{ActOrder, Lack};
use tr2::client::session::{MAX_BANS, MAX_LOG};
use tr2::model::{Name, RoomName, RoomRole, Target, Text};
use tr2::protocol::limits::{MAX_AWAY, MAX_REASON, MAX_TOPIC};
use tr2::protocol::{Act, Relation, RoomInfo, Verb};

use crate::script::{Play, server};

/// More names than anything holds. They are made once, because parsing a name is slow.
fn names() -> &'static [Name] {
    static NAMES: OnceLock<Vec<Name>> = OnceLock::new();
    let most = MAX_USERS.max(MAX_MEMBERS) + 2;
    NAMES.get_or_init(|| (0..most).map(|number| Name::parse(&format!("u{number}")).unwrap()).collect())
}

fn room(number: usize) -> RoomName {
    RoomName::parse(&format!("#r{number}")).unwrap()
}

fn info(number: usize, you: Relation) -> RoomInfo {
    RoomInfo {
        place: Target::Room(room(number)),
        private: false,
        members: 1,
        slow: Duration::ZERO,
        read_only: false,
        locked: false,
        no_calls: false,
        topic: Text::default(),
        you: Some(you),
    }
}

#[test]
fn rooms_are_bounded_and_joined_rooms_come_first() {
    let mut rooms = KnownRooms::default();
    for number in 0..=MAX_ROOMS {
        rooms.told(info(number, Relation::Outside));
    }
    assert_eq!(rooms.listed().len(), MAX_ROOMS);
    assert!(rooms.get(&Target::Room(room(MAX_ROOMS))).is_none());
    assert!(rooms.told(info(MAX_ROOMS, Relation::Inside(RoomRole::Member))));
    assert_eq!((rooms.listed().len(), rooms.is_inside(&room(MAX_ROOMS))), (MAX_ROOMS, true));
    for number in 0..=MAX_ROOMS {
        rooms.told(info(number, Relation::Inside(RoomRole::Member)));
    }
    assert_eq!(rooms.listed().len(), MAX_ROOMS, "rooms one is in have the same bound");
}

#[test]
fn members_are_bounded_across_all_rooms() {
    let mut rooms = KnownRooms::default();
    let names = |from: usize, count: usize| names()[from..from + count].to_vec();
    for number in 0..2 {
        rooms.told(info(number, Relation::Inside(RoomRole::Member)));
        rooms.members(&room(number), RoomRole::Member, true, names(0, 3));
        let known = |rooms: &KnownRooms, number| rooms.get(&Target::Room(room(number))).unwrap().members.clone();
        assert_eq!(known(&rooms, number), None, "nobody asked");
        rooms.expect_members(&room(number));
    }
    let count = |rooms: &KnownRooms, number| {
        let known = rooms.get(&Target::Room(room(number))).unwrap();
        known.members.as_ref().map(|members| (members.len(), members.more))
    };
    rooms.members(&room(0), RoomRole::Member, true, names(0, MAX_MEMBERS - 1));
    rooms.members(&room(1), RoomRole::Member, true, names(0, 1));
    assert_eq!((count(&rooms, 0), count(&rooms, 1)), (Some((MAX_MEMBERS - 1, false)), Some((1, false))));
    rooms.members(&room(1), RoomRole::Member, true, names(1, 1));
    assert_eq!((count(&rooms, 0), count(&rooms, 1)), (None, Some((2, false))), "the room looked at last is kept");
    rooms.members(&room(1), RoomRole::Member, true, names(2, MAX_MEMBERS - 1));
    assert_eq!(count(&rooms, 1), Some((MAX_MEMBERS, true)));
    rooms.moved(&room(1), &names(MAX_MEMBERS + 1, 1), true);
    assert_eq!(count(&rooms, 1), Some((MAX_MEMBERS, true)));
}

#[test]
fn texts_from_others_are_cut_at_their_maximum() {
    let mut rooms = KnownRooms::default();
    let long = |bytes: usize| Text::line(&"é".repeat(bytes));
    rooms.told(RoomInfo { topic: long(MAX_TOPIC), ..info(1, Relation::Outside) });
    assert_eq!(rooms.listed()[0].topic.as_str().len(), MAX_TOPIC);
    rooms.topic(&Target::Everyone, &long(MAX_TOPIC));
    assert_eq!(rooms.get(&Target::Everyone).unwrap().topic.as_str().len(), MAX_TOPIC);
    let mut people = People::default();
    let bob = Name::parse("bob").unwrap();
    people.turn_away(&bob, &long(MAX_AWAY));
    assert_eq!(people.away(&bob).unwrap().as_str().len(), MAX_AWAY);
}

#[test]
fn away_users_are_bounded() {
    let mut people = People::default();
    names()[..=MAX_USERS].iter().for_each(|name| people.turn_away(name, &Text::line("lunch")));
    assert!(people.away(&names()[MAX_USERS - 1]).is_some() && people.away(&names()[MAX_USERS]).is_none());
}

#[test]
fn room_conversations_are_bounded() {
    let mut conversations = Conversations::default();
    for number in 0..=MAX_CONVERSATIONS {
        conversations.begin(&Venue::Server(Target::Room(room(number))));
    }
    assert_eq!(conversations.count(), MAX_CONVERSATIONS);
}

#[test]
fn bans_and_the_moderation_log_are_bounded() {
    let mut play = Play::new("start name=alice");
    for step in ["start name=alice", "size 80x24", "rooms bob", "say /bans"] {
        play.step(step);
    }
    for number in 0..=MAX_BANS {
        play.update(server(&format!("@ref=5-0004 server | all clients | banned | ban u{number} bob - spam")));
    }
    play.update(server("@ref=5-0004 server | alice | bans_end"));
    let first = |play: &Play| play.session.view().dialog.unwrap().rows.into_iter().next();
    assert!(format!("{:?}", first(&play)).contains(&format!("\"{MAX_BANS} in force")));
    play.step("key Esc");
    play.step("say /modlog");
    let mut oldest = 100_000;
    for asked in 5..5 + MAX_LOG / 50 {
        for _ in 0..50 {
            oldest -= 1;
            let line = format!("@ref=5-{asked:04x};batch=b;id={oldest} bob | all clients | act | kick eve - on spam");
            play.update(server(&line));
        }
        play.update(server(&format!("@ref=5-{asked:04x} server | alice | modlog_end | more")));
        play.step("key Enter");
    }
    assert!(play.session.view().dialog.is_none(), "at the bound there is no more to ask for: {}", play.written);
}

#[test]
fn an_incomplete_moderation_command_says_what_is_missing() {
    let read = |verb, text: &str| ActOrder::read(verb, text).act(verb).map(|(act, reason)| (act, reason.to_string()));
    let lacks = |verb, text: &str| match read(verb, text) {
        Ok(done) => format!("{done:?}"),
        Err(Lack::Subject(_)) => "subject".to_owned(),
        Err(Lack::Time(_)) => "time".to_owned(),
        Err(Lack::Reason(_)) => "reason".to_owned(),
    };
    for (verb, text, lack) in [
        (Verb::Kick, "", "subject"),
        (Verb::Kick, "bob", "reason"),
        (Verb::Kick, "bob   ", "reason"),
        (Verb::Ban, "-all", "subject"),
        (Verb::Ban, "10.0.0.0/33 spam", "subject"),
        (Verb::Ban, "bob for=1x spam", "time"),
        (Verb::Ban, "bob 10x spam", "time"),
        (Verb::Ban, "bob 3651d spam", "time"),
        (Verb::Mute, "bob 10m", "reason"),
        (Verb::SlowMode, "soon x", "subject"),
        (Verb::ReadOnly, "maybe x", "subject"),
        (Verb::AllowCalls, "maybe x", "subject"),
        (Verb::AllowCalls, "#ops x", "subject"),
        (Verb::AllowCalls, "#ops off", "reason"),
        (Verb::Delete, "x y", "subject"),
        (Verb::Announce, "", "reason"),
    ] {
        assert_eq!(lacks(verb, text), lack, "{verb:?} {text}");
    }
    let time = |seconds| Some(Duration::from_secs(seconds));
    let whom = |text: &str| text.parse().unwrap();
    for (verb, text, act, reason) in [
        (Verb::Ban, "bob spam", Act::Ban { whom: whom("bob"), time: None, dry_run: false }, "spam"),
        (Verb::Ban, "-all bob 1h30m a b", Act::Ban { whom: whom("bob"), time: time(5400), dry_run: false }, "a b"),
        (Verb::Ban, "bob --dry-run", Act::Ban { whom: whom("bob"), time: None, dry_run: true }, ""),
        (Verb::Ban, "--dry-run bob 1h", Act::Ban { whom: whom("bob"), time: time(3600), dry_run: true }, ""),
        (Verb::SlowMode, "1m x", Act::SlowMode(Duration::from_secs(60)), "x"),
        (Verb::SlowMode, "off x", Act::SlowMode(Duration::ZERO), "x"),
        (Verb::AllowCalls, "#ops on a b", Act::AllowCalls(true), "a b"),
        (Verb::Announce, "for=1h two  words", Act::Announce, "for=1h two  words"),
    ] {
        assert_eq!(read(verb, text).unwrap(), (act, reason.to_owned()), "{text}");
    }
    let reason = |bytes| format!("bob {}", "x".repeat(bytes));
    assert_eq!(lacks(Verb::Kick, &reason(MAX_REASON + 1)), "reason");
    assert!(read(Verb::Kick, &reason(MAX_REASON)).is_ok());
}
