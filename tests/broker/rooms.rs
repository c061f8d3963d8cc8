//! Transcripts of rooms: made, joined, left, listed, and restored after a restart.

use std::collections::BTreeSet;

use expect_test::{Expect, expect};
use tr2::model::{Now, Origin, RoomRole, Text};
use tr2::protocol::lines;
use tr2::protocol::{
    Command, Dialect, Envelope, Event, MessageCommand, Relation, Request, RoomCommand, RoomEvent, SessionCommand,
    UserCommand,
};
use tr2::server::broker::outbox::Outbox;
use tr2::server::broker::rules::{Beginning, Rules};
use tr2::server::broker::{Broker, Input};
use tr2::server::ids::ConnId;
use tr2::server::limits::{LIST_TOTAL, MAX_QUEUED, MAX_ROOMS, MAX_ROOMS_OF_CLAIMED};
use tr2::server::store::api::{Fact, Job, Outcome, Receipt, Update};

use crate::check;
use crate::transcript::rules;

/// Plays a transcript under the default rules.
fn told(transcript: Expect) {
    check(rules(), transcript);
}

#[test]
fn the_first_to_join_makes_a_room_and_its_members_hear_it() {
    told(expect![[r#"
        alice> joins    bob> joins    eve> joins
        alice> @ref=1 alice | #ops | join_room
        alice< @ref=1 server | #ops | room | open members=1 you=maker topic=
        bob> @ref=1 bob | #OPS | join_room
        alice< server | #ops | joined | bob
        bob< @ref=1 server | #ops | room | open members=2 you=member topic=
        bob> @ref=2 bob | #ops | broadcast_not_me | hello
        alice< @id=1795348800000;time=2026-11-22T12:00:00.000Z bob | #ops | broadcast_not_me | hello
        bob< @ref=2;id=1795348800000;time=2026-11-22T12:00:00.000Z server | bob | accepted
        alice> @ref=2 alice | #ops | broadcast | hello bob
        alice< @id=1795348800001;time=2026-11-22T12:00:00.000Z alice | #ops | broadcast | hello bob
        alice< @ref=2;id=1795348800001;time=2026-11-22T12:00:00.000Z server | alice | accepted
        bob< @id=1795348800001;time=2026-11-22T12:00:00.000Z alice | #ops | broadcast | hello bob
        eve> @ref=1 eve | #ops | broadcast | may I?
        eve< @ref=1 server | eve | refused | not_in_room You are not in #ops; join it first.
        eve> @ref=2 eve | #none | broadcast | hello?
        eve< @ref=2 server | eve | refused | no_such_room There is no room #none; join it to create it.
        alice> @ref=3 alice | server | rooms
        alice< @ref=3;batch=rooms-1 server | #ops | room | open members=2 you=maker topic=
        alice< @ref=3;batch=rooms-1 server | alice | rooms_end
        eve> @ref=3 eve | #ops | members
        eve< @ref=3;batch=members-3 server | #ops | members | maker online alice
        eve< @ref=3;batch=members-3 server | #ops | members | member online bob
        eve< @ref=3;batch=members-3 server | #ops | members_end
        bob> @ref=3 bob | #ops | topic | the new disks
        alice< bob | #ops | topic | the new disks
        bob< @ref=3 bob | #ops | topic | the new disks
        bob> @ref=4 bob | #ops | leave_room
        alice< server | #ops | left | bob
        bob< @ref=4 server | #ops | left | bob
        bob> @ref=5 bob | #ops | leave_room
        bob< @ref=5 server | bob | refused | not_in_room You are not in #ops; join it first.
        alice> @ref=4 alice | #ops | leave_room
        alice< @ref=4 server | #ops | left | alice
        alice> @ref=5 alice | server | rooms
        alice< @ref=5;batch=rooms-1 server | alice | rooms_end
    "#]]);
}

#[test]
fn a_name_that_looks_like_a_room_is_refused() {
    told(expect![[r#"
        alice> joins    bob> joins
        alice> alice | #paypal | join_room
        alice< server | #paypal | room | open members=1 you=maker topic=
        bob> @ref=1 bob | #paypaI | join_room
        bob< @ref=1 server | bob | refused | room_taken #paypaI looks like #paypal; choose another name.
        bob> @ref=2 bob | #a b | join_room
        bob< @ref=2 server | bob | refused | bad_room A room's name is made of letters, digits, '-', '_' and '.'.
        bob> @ref=3 bob | #everyone | join_room
        bob< @ref=3 server | bob | refused | bad_room This name is reserved.
        bob> @ref=4 bob | #pay | broadcast | anybody?
        bob< @ref=4 server | bob | refused | no_such_room There is no room #pay; join it to create it.
    "#]]);
}

#[test]
fn a_private_room_is_for_invited_users_only() {
    told(expect![[r#"
        alice> joins key a    bob> joins key b    eve> joins key e
        alice> @ref=1 alice | #core | join_room | private
        alice< @ref=1 server | #core | room | private members=1 you=maker topic=
        eve> @ref=1 eve | server | rooms
        eve< @ref=1;batch=rooms-3 server | eve | rooms_end
        eve> @ref=2 eve | #core | join_room
        eve< @ref=2 server | eve | refused | not_invited #core is private; one of its moderators must invite you.
        eve> @ref=3 eve | #core | members
        eve< @ref=3 server | eve | refused | no_such_room There is no room #core; join it to create it.
        eve> @ref=4 eve | #core | history
        eve< @ref=4 server | eve | refused | no_such_room There is no room #core; join it to create it.
        eve> @ref=5 eve | #core | kick | alice for fun
        eve< @ref=5 server | eve | refused | no_such_room There is no room #core; join it to create it.
        alice> @ref=2 alice | #core | invite_to_room | bob
        alice< @ref=2 alice | alice | invited_to_room | #core
        bob< alice | bob | invited_to_room | #core
        bob> @ref=1 bob | server | rooms
        bob< @ref=1;batch=rooms-2 server | #core | room | private members=1 you=invited topic=
        bob< @ref=1;batch=rooms-2 server | bob | rooms_end
        bob> @ref=2 bob | #core | join_room
        alice< @verified=yes server | #core | joined | bob
        bob< @ref=2 server | #core | room | private members=2 you=member topic=
        bob> @ref=3 bob | #core | invite_to_room | eve
        bob< @ref=3 server | bob | refused | not_moderator #core is private: only its moderators may invite users.
        alice> @ref=3 alice | #core | broadcast | just us
        alice< @id=1795348800000;time=2026-11-22T12:00:00.000Z;verified=yes alice | #core | broadcast | just us
        alice< @ref=3;id=1795348800000;time=2026-11-22T12:00:00.000Z server | alice | accepted
        bob< @id=1795348800000;time=2026-11-22T12:00:00.000Z;verified=yes alice | #core | broadcast | just us
        eve> @ref=6 eve | server | search | us
        eve< @ref=6;batch=search-1 server | eve | search_end
        bob> @ref=4 bob | server | search | us
        bob< @ref=4;id=1795348800000;time=2026-11-22T12:00:00.000Z;batch=search-1;verified=yes alice | #core | broadcast | just us
        bob< @ref=4;batch=search-1 server | bob | search_end
    "#]]);
}

#[test]
fn a_returning_user_is_back_in_their_rooms() {
    told(expect![[r#"
        alice> joins key a    bob> joins key b
        alice> alice | #ops | join_room    bob> bob | #ops | join_room
        alice< server | #ops | room | open members=1 you=maker topic=
        alice< @verified=yes server | #ops | joined | bob
        bob< server | #ops | room | open members=2 you=member topic=
        alice> alice | #ops | topic | disks    alice> alice | #ops | slow_mode | 30 slowly
        alice< alice | #ops | topic | disks
        alice< server | #ops | room | open members=2 slow=30 topic=disks
        alice< alice | #ops | act | slow_mode - 30 on slowly
        bob< alice | #ops | topic | disks
        bob< server | #ops | room | open members=2 slow=30 topic=disks
        bob< alice | #ops | act | slow_mode - 30 on slowly
        bob> leaves
        alice< @why=connection\sclosed server | all clients | left | bob
        alice> alice | #ops | broadcast_not_me | while bob is away
        alice< @id=1795348800000;time=2026-11-22T12:00:00.000Z server | alice | accepted
        restart
        bob> connects key b    bob> name bob
        bob< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
        bob< @time=2026-11-22T12:00:00.000Z;verified=yes server | bob | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40003)
        bob< server | #ops | room | open members=2 you=member slow=30 topic=disks
        bob> @ref=1 bob | server | conversations
        bob< @ref=1;batch=conversations-1 server | bob | conversation | last=0 read=0 unread=0 all clients
        bob< @ref=1;batch=conversations-1 server | bob | conversation | last=1795348800000 read=0 unread=1 #ops
        bob< @ref=1;batch=conversations-1 server | bob | conversations_end
        bob> @ref=2 bob | #ops | history
        bob< @ref=2;id=1795348800000;time=2026-11-22T12:00:00.000Z;batch=history-2;verified=yes alice | #ops | broadcast_not_me | while bob is away
        bob< @ref=2;batch=history-2 server | bob | history_end
        bob> @ref=3 bob | #ops | members
        bob< @ref=3;batch=members-3;verified=yes server | #ops | members | maker offline alice
        bob< @ref=3;batch=members-3;verified=yes server | #ops | members | member online bob
        bob< @ref=3;batch=members-3 server | #ops | members_end
        alice> joins key a
        alice> @ref=1 alice | #ops | grant | bob he helps
        bob< server | #ops | room | open members=2 you=moderator slow=30 topic=disks
        bob< alice | #ops | act | grant bob - off he helps
        alice< @ref=1 alice | #ops | act | grant bob - off he helps
    "#]]);
}

#[test]
fn an_unverified_user_keeps_no_rights_and_no_private_room() {
    told(expect![[r#"
        alice> joins    bob> joins
        alice> alice | #ops | join_room    alice> alice | #core | join_room | private
        alice< server | #ops | room | open members=1 you=maker topic=
        alice< server | #core | room | private members=1 you=maker topic=
        alice> alice | #core | invite_to_room | bob    bob> bob | #core | join_room
        alice< alice | alice | invited_to_room | #core
        alice< server | #core | joined | bob
        bob< alice | bob | invited_to_room | #core
        bob< server | #core | room | private members=2 you=member topic=
        alice> leaves
        bob< server | #core | left | alice
        bob< @why=connection\sclosed server | all clients | left | alice
        alice> joins
        alice> @ref=1 alice | server | rooms
        alice< @ref=1;batch=rooms-3 server | #ops | room | open members=1 you=member topic=
        alice< @ref=1;batch=rooms-3 server | alice | rooms_end
        alice> @ref=2 alice | #ops | kick | alice x
        alice< @ref=2 server | alice | refused | not_moderator Only a moderator of #ops may do that.
        bob> leaves
        alice< @why=connection\sclosed server | all clients | left | bob
        bob> joins
        bob> @ref=1 bob | #core | join_room
        bob< @ref=1 server | #core | room | open members=1 you=maker topic=
    "#]]);
}

#[test]
fn a_room_made_again_holds_nothing_of_the_old_one() {
    told(expect![[r#"
        alice> joins key a    eve> joins key e
        alice> alice | #core | join_room | private
        alice< server | #core | room | private members=1 you=maker topic=
        alice> alice | #core | broadcast | a secret
        alice< @id=1795348800000;time=2026-11-22T12:00:00.000Z;verified=yes alice | #core | broadcast | a secret
        alice< @id=1795348800000;time=2026-11-22T12:00:00.000Z server | alice | accepted
        alice> alice | #core | leave_room
        alice< server | #core | left | alice
        eve> @ref=1 eve | #core | join_room
        eve< @ref=1 server | #core | room | open members=1 you=maker topic=
        eve> @ref=2 eve | #core | history
        eve< @ref=2;batch=history-1 server | eve | history_end
        eve> @ref=3 eve | server | search | secret
        eve< @ref=3;batch=search-2 server | eve | search_end
        restart
        eve> joins key e
        eve> @ref=1 eve | #core | history
        eve< @ref=1;batch=history-1 server | eve | history_end
    "#]]);
}

#[test]
fn a_tr223_client_is_only_in_everyone() {
    told(expect![[r#"
        alice> joins    dave> connects TR2.23    dave> name dave
        alice< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
        alice< @time=2026-11-22T12:00:00.000Z server | alice | connection_confirmation | You are now connected to the server in ('127.0.0.1', 40001)
        alice< server | all clients | joined | dave
        dave< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
        dave<< server | dave | connection_confirmation | You are now connected to the server in ('127.0.0.1', 40002)
        alice> alice | #ops | join_room
        alice< server | #ops | room | open members=1 you=maker topic=
        dave> dave | #ops | broadcast | hi
        dave<< server | dave | private_message | Your client does not support rooms; write to 'all clients', or use a newer client.
        dave> dave | #ops | join_room | no data
        dave<< server | dave | Unknown_operation | Operation not supported!
        alice> alice | #ops | broadcast | hello
        alice< @id=1795348800000;time=2026-11-22T12:00:00.000Z alice | #ops | broadcast | hello
        alice< @id=1795348800000;time=2026-11-22T12:00:00.000Z server | alice | accepted
        alice> @ref=1 alice | #ops | invite_to_room | dave
        alice< @ref=1 alice | alice | invited_to_room | #ops
    "#]]);
}

#[test]
fn a_user_may_be_away_and_may_ignore_others() {
    told(expect![[r#"
        alice> joins    bob> joins key b
        alice> @ref=1 alice | server | away | lunch
        alice< @ref=1 alice | all clients | away | lunch
        bob< alice | all clients | away | lunch
        eve> connects    eve> name eve    eve> @ref=1 eve | server | list_clients
        alice< server | all clients | joined | eve
        bob< server | all clients | joined | eve
        eve< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
        eve< @time=2026-11-22T12:00:00.000Z server | eve | connection_confirmation | You are now connected to the server in ('127.0.0.1', 40003)
        eve< @ref=1;batch=list-3;verified=yes server | eve | list_clients | clients connected: bob
        eve< @ref=1;batch=list-3 server | eve | list_clients | clients connected: alice ,eve
        eve< @ref=1;batch=list-3 alice | all clients | away | lunch
        eve< @ref=1;batch=list-3 server | eve | list_end
        alice> @ref=2 alice | server | away
        alice< @ref=2 alice | all clients | away
        bob< alice | all clients | away
        eve< alice | all clients | away
        bob> @ref=1 bob | server | ignore | Alice
        bob< @ref=1 server | bob | ignored | alice
        bob> @ref=2 bob | server | ignore | bob
        bob< @ref=2 server | bob | refused | not_allowed You cannot ignore yourself.
        bob> @ref=3 bob | server | ignore | nobody
        bob< @ref=3 server | bob | refused | no_such_user No user "nobody"; /list shows who is online.
        bob> leaves
        alice< @why=connection\sclosed server | all clients | left | bob
        eve< @why=connection\sclosed server | all clients | left | bob
        bob> connects key b    bob> name bob
        alice< @verified=yes server | all clients | joined | bob
        eve< @verified=yes server | all clients | joined | bob
        bob< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
        bob< @time=2026-11-22T12:00:00.000Z;verified=yes server | bob | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40004)
        bob< server | bob | ignored | alice
        restart
        bob> connects key b    bob> name bob
        bob< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
        bob< @time=2026-11-22T12:00:00.000Z;verified=yes server | bob | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40005)
        bob< server | bob | ignored | alice
        bob> @ref=1 bob | server | unignore | alice
        bob< @ref=1 server | bob | ignored
        bob> @ref=2 bob | server | unignore | alice
        bob< @ref=2 server | bob | refused | not_allowed You are not ignoring alice.
        bob> @ref=3 bob | server | ignored
        bob< @ref=3 server | bob | ignored
    "#]]);
}

#[test]
fn presence_in_a_large_room_is_batched() {
    told(expect![[r#"
        210 users
        u0> u0 | #all-hands | join_room
        u*1< server | #all-hands | room | open members=1 you=maker topic=
        eve> joins
        eve> eve | #all-hands | join_room
        eve< server | #all-hands | room | open members=2 you=member topic=
        u*1< server | #all-hands | joined | eve
    "#]]);
}

/// Has the broker handle an input, and keeps all that it wants kept.
fn handle(broker: &mut Broker, input: Input, outbox: &mut Outbox) {
    let before = outbox.jobs.len();
    broker.handle(Now::default(), input, outbox);
    let promises = outbox.jobs.iter().skip(before).filter(|job| matches!(job, Job::Promise(_))).count();
    for _ in 0..promises {
        broker.handle(Now::default(), Input::Promised(Ok(())), outbox);
    }
}

/// A broker with `count` users, each with a long name and a room of their own.
fn crowd(count: usize) -> (Broker, Outbox) {
    let mut broker = Broker::new(Rules { max_connections: 100_000, ..rules() }, Beginning::default());
    let mut outbox = Outbox::default();
    for number in 0..count {
        let conn = ConnId(number as u64);
        let origin = Origin::Tcp(([127, 0, 0, 1], 1).into());
        broker.handle(Now::default(), Input::Connected(conn, origin), &mut outbox);
        broker.handle(Now::default(), Input::Speaks(conn, Dialect::Tr226), &mut outbox);
        let name = format!("{}{number}", "x".repeat(27));
        for command in [
            Command::Session(SessionCommand::Name(name.clone())),
            Command::Room(RoomCommand::Join { room: format!("#{name}"), private: false }),
        ] {
            handle(&mut broker, Input::Received(conn, Ok(Request::bare(command))), &mut outbox);
        }
        outbox.jobs.clear();
        outbox.notes.clear();
        let shared = outbox.take_shared();
        outbox.end_round(shared);
    }
    (broker, outbox)
}

/// What one connection hears of a request.
fn answer(broker: &mut Broker, outbox: &mut Outbox, conn: ConnId, command: Command) -> Vec<Event> {
    handle(broker, Input::Received(conn, Ok(Request::bare(command))), outbox);
    let shared = outbox.take_shared();
    let mut heard = Vec::new();
    for (_, lane) in outbox.deliveries(&shared).filter(|(heard, _)| *heard == conn) {
        assert!(!lane.is_over(MAX_QUEUED), "nobody is cut for having asked");
        outbox.stretches(lane, &shared, |stretch| heard.extend_from_slice(stretch.bytes()));
    }
    outbox.end_round(shared);
    lines::each(&heard).map(|line| Envelope::parse(line).unwrap().event).collect()
}

#[test]
fn a_list_is_bounded_and_says_that_there_is_more() {
    const CROWD: usize = 3300;
    let (mut broker, mut outbox) = crowd(CROWD);
    let first = ConnId(0);
    let rooms = answer(&mut broker, &mut outbox, first, Command::Room(RoomCommand::List));
    let bound = LIST_TOTAL / 256;
    assert!((bound / 2..=bound).contains(&(rooms.len() - 1)), "{} rooms are told", rooms.len() - 1);
    assert_eq!(rooms.last(), Some(&Event::Room(RoomEvent::RoomsEnd { more: true })));
    let own =
        matches!(&rooms[0], Event::Room(RoomEvent::Told(info)) if info.you == Some(Relation::Inside(RoomRole::Maker)));
    assert!(own, "one's own room comes first");
    let clients = answer(&mut broker, &mut outbox, first, Command::User(UserCommand::List));
    let told: usize = clients.iter().map(|event| if let Event::Clients(names) = event { names.len() } else { 0 }).sum();
    assert!((1000..CROWD).contains(&told), "{told} users are told");
    assert_eq!(clients.last(), Some(&Event::ListEnd));
}

#[test]
fn a_room_message_is_in_memory_once() {
    let (mut broker, mut outbox) = crowd(100);
    let room = || Command::Room(RoomCommand::Join { room: "#hall".to_owned(), private: false });
    for number in 0..100 {
        answer(&mut broker, &mut outbox, ConnId(number), room());
    }
    let text = Text::line(&"y".repeat(1000));
    let said = Command::Message(MessageCommand::Room { room: "#hall".to_owned(), me_too: true, text, reply: None });
    broker.handle(Now::default(), Input::Received(ConnId(7), Ok(Request::bare(said))), &mut outbox);
    let kept = Input::Stored(Receipt { outcomes: vec![Outcome::Kept], trouble: None });
    broker.handle(Now::default(), kept, &mut outbox);
    let shared = outbox.take_shared();
    let mut places = BTreeSet::new();
    let mut heard = 0;
    for (_, lane) in outbox.deliveries(&shared) {
        outbox.stretches(lane, &shared, |stretch| {
            if stretch.bytes().len() > 1000 {
                heard += 1;
                places.insert(stretch.bytes().as_ptr() as usize);
            }
        });
    }
    assert_eq!((heard, places.len()), (100, 1), "a hundred hear the same bytes");
}

#[test]
fn abandoned_rooms_make_room_for_new_ones() {
    let mut broker = Broker::new(Rules { max_connections: 100_000, ..rules() }, Beginning::default());
    let mut outbox = Outbox::default();
    let enter = |broker: &mut Broker, number: usize| {
        let conn = ConnId(number as u64);
        let origin = Origin::Tcp(([127, 0, 0, 1], 1).into());
        broker.handle(Now::default(), Input::Connected(conn, origin), &mut Outbox::default());
        let name = Command::Session(SessionCommand::Name(format!("guest{number}")));
        broker.handle(Now::default(), Input::Received(conn, Ok(Request::bare(name))), &mut Outbox::default());
        conn
    };
    let join = |room: usize| Command::Room(RoomCommand::Join { room: format!("#room{room}"), private: false });
    for room in 0..MAX_ROOMS {
        let number = room / MAX_ROOMS_OF_CLAIMED;
        let conn = ConnId(number as u64);
        if room % MAX_ROOMS_OF_CLAIMED == 0 {
            enter(&mut broker, number);
        }
        handle(&mut broker, Input::Received(conn, Ok(Request::bare(join(room)))), &mut Outbox::default());
        if room % MAX_ROOMS_OF_CLAIMED == MAX_ROOMS_OF_CLAIMED - 1 && room > MAX_ROOMS_OF_CLAIMED {
            broker.handle(Now::default(), Input::Disconnected(conn, "connection closed"), &mut Outbox::default());
        }
    }
    let conn = enter(&mut broker, MAX_ROOMS);
    outbox.open(conn);
    handle(&mut broker, Input::Received(conn, Ok(Request::bare(join(MAX_ROOMS)))), &mut outbox);
    let kept = |fact: &Fact| fact.kind == "room" && fact.value.is_some();
    let gone = |fact: &Fact| fact.kind == "room" && fact.value.is_none();
    let facts: Vec<&Fact> = outbox.jobs.iter().flat_map(Job::changes).filter_map(fact).collect();
    assert!(facts.iter().any(|fact| kept(fact)), "a new one is made");
    // The rooms of the first guest stay, because the guest is still there. Room numbers begin at 1.
    let ended: Vec<&str> = facts.iter().filter(|fact| gone(fact)).map(|fact| fact.key.as_str()).collect();
    assert_eq!(ended, [(MAX_ROOMS_OF_CLAIMED + 1).to_string()], "the oldest that nobody is in ends");
}

/// The facts that a broker has the store keep or forget in one round: `+` or `-`, kind and key.
fn facts_of(outbox: &mut Outbox) -> Vec<String> {
    let told = |Fact { kind, key, value }: &Fact| {
        format!("{}{kind} {key}", if value.is_some() { '+' } else { '-' }).trim_end().to_owned()
    };
    let jobs: Vec<Job> = outbox.take_jobs().collect();
    jobs.iter().flat_map(Job::changes).filter_map(fact).map(told).collect()
}

fn fact(change: &Update) -> Option<&Fact> {
    if let Update::Fact(fact) = change { Some(fact) } else { None }
}

#[test]
fn the_bans_of_a_room_are_forgotten_before_the_room() {
    let (mut broker, mut outbox) = crowd(0);
    let conn = ConnId(1);
    broker.handle(Now::default(), Input::Connected(conn, Origin::Tcp(([127, 0, 0, 1], 1).into())), &mut outbox);
    for frame in [
        "x | server | name | alice",
        "x | #ops | join_room | no data",
        "x | #ops | ban | mallory spam",
        "x | #ops | leave_room | no data",
    ] {
        outbox.take_jobs().for_each(drop);
        broker.handle(Now::default(), Input::Received(conn, Request::parse(frame.as_bytes())), &mut outbox);
    }
    // A stop after any of them leaves no ban without its room.
    assert_eq!(facts_of(&mut outbox), ["-member 1 alice", "-ban 0", "-room 1"]);
}

#[test]
fn a_ban_without_its_room_is_forgotten_at_the_start() {
    let fact = |kind: &str, key: &str, value: &str| (kind.to_owned(), key.to_owned(), value.to_owned());
    let ban = |room: &str| {
        format!(r#"{{"room":{room},"mute":false,"whom":["mallory"],"by":"alice","until":null,"reason":"spam"}}"#)
    };
    let facts = vec![
        fact("ban", "0", &ban("null")),
        fact("ban", "1", &ban("1")),
        fact("ban", "2", &ban("2")),
        fact("member", "1 alice", r#"{"name":"alice","role":"maker","proved":true}"#),
        fact("room", "1", r##"{"name":"#ops","private":false,"topic":"","slow":0,"read_only":false,"locked":false}"##),
    ];
    let mut broker = Broker::new(rules(), Beginning { facts, ..Beginning::default() });
    let mut outbox = Outbox::default();
    broker.handle(Now::default(), Input::Tick, &mut outbox);
    assert_eq!((broker.facts_lost().len(), facts_of(&mut outbox)), (0, vec!["-ban 2".to_owned()]));
}

#[test]
fn an_owners_ignored_users_are_not_an_unverified_users_to_see_or_to_lose() {
    check(
        Rules { trust_names: true, ..rules() },
        expect![[r#"
            alice> connects key a    alice> name alice
            alice< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            alice< @time=2026-11-22T12:00:00.000Z;verified=yes server | alice | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40001)
            mal> joins
            alice> @ref=1 alice | server | ignore | mal
            alice< @ref=1 server | alice | ignored | mal
            alice> leaves
            mal< @why=connection\sclosed server | all clients | left | alice
            eve> connects    eve> name alice
            mal< server | all clients | joined | alice
            eve< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            eve< @time=2026-11-22T12:00:00.000Z server | alice | connection_confirmation | You are now connected to the server in ('127.0.0.1', 40003)
            eve> leaves
            mal< @why=connection\sclosed server | all clients | left | alice
            alice> connects key a    alice> name alice
            mal< @verified=yes server | all clients | joined | alice
            alice< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            alice< @time=2026-11-22T12:00:00.000Z;verified=yes server | alice | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40004)
            alice< server | alice | ignored | mal
        "#]],
    );
}
