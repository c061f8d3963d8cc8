//! What a request costs where everything is full: 10,000 rooms, a room of 10,000 members, 10,000 bans of the server, as
//! many in rooms, 100,000 known and as many owned names, 10,000 users online. No request holds the broker for long.
//!
//! | request or event                  | looks at                                                              |
//! | --------------------------------- | --------------------------------------------------------------------- |
//! | `rooms`                           | the asker's rooms, those that they are invited to, and what is told   |
//! | `members`                         | the members of the room, once                                         |
//! | `list_clients`                    | the names that are told                                               |
//! | `bans`                            | the lines that are told                                               |
//! | `invitations`, a code             | all invitations, of which there are 1000 at most                      |
//! | a join, in the server or a room   | bans by name, key and length of prefix; the user's rooms              |
//! | a ban                             | those whom it hits, some at a time, and those of rank                 |
//! | a deletion                        | those of rank                                                         |
//! | a name that changes hands         | the rooms and invitations of its user                                 |
//! | another name                      | the same, who ignores the user, and each place with bans              |
//! | the end of a room                 | its bans and invitations                                              |
//! | a call, or its end                | the calls of its two users                                            |
//! | a tick                            | rooms where something is to be told; what expires, some at a time     |
//!
//! In the ordinary suite the bound is generous, since the code is not optimised; `TR2_LONG=1` with `--release` holds
//! every request to two milliseconds.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::time::Duration;

use tr2::model::{Fingerprint, Identity, Origin, Timestamp};
use tr2::protocol::{Dialect, Request};
use tr2::server::broker::Input;
use tr2::server::broker::rules::{Beginning, Rules};
use tr2::server::ids::ConnId;
use tr2::server::limits::{
    MAX_BANS, MAX_BANS_OF_ROOM, MAX_IGNORED_BY, MAX_INVITATIONS, MAX_MEMBERS, MAX_ROOMS, MAX_ROOMS_OF_ONE, RING_TIME,
};
use tr2::server::store::api::{Owner, Proof};

use crate::world::{Round, Willing, World, address, fact, name};

/// How many of each there are.
fn sizes() -> (usize, usize) {
    if cfg!(debug_assertions) { (2_000, 20_000) } else { (10_000, 100_000) }
}

/// The processor time of this thread: on a busy machine others use more of the clock's.
fn spent() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.cast_unsigned(), u32::try_from(time.tv_nsec).unwrap())
}

/// How long one request may take.
fn most() -> Duration {
    let long = std::env::var_os("TR2_LONG").is_some() && !cfg!(debug_assertions);
    if long { Duration::from_millis(2) } else { Duration::from_millis(60) }
}

fn key(number: usize) -> Fingerprint {
    let mut key = [1; 32];
    key[..8].copy_from_slice(&number.to_be_bytes());
    Fingerprint(key)
}

/// A name with letters whose skeletons and cases are dear to compute.
fn dear(number: usize) -> String {
    format!("ÄÖßéñžäöüéèêëçñíìâôûÀÉÈÜ{number}")
}

/// Rooms: half of them private; `#room0` has all members. The bans of rooms are in the rooms after it.
fn beginning() -> Beginning {
    let (many, names) = sizes();
    let (rooms, members, bans) = (many.min(MAX_ROOMS), many.min(MAX_MEMBERS), many.min(MAX_BANS));
    let mut facts = Vec::new();
    for room in 0..rooms - 10 {
        let private = room % 2 == 1;
        let modes = r#""topic":"","slow":0,"read_only":false,"locked":false"#;
        let text = format!(r##"{{"name":"#room{room}","private":{private},{modes}}}"##);
        facts.push(fact("room", &(room + 1).to_string(), &text));
        let maker = format!(r#"{{"name":"m{room}","role":"maker","proved":true}}"#);
        facts.push(fact("member", &format!("{} m{room}", room + 1), &maker));
    }
    for member in 1..members - 100 {
        let text = format!(r#"{{"name":"m{member}","role":"member","proved":true}}"#);
        facts.push(fact("member", &format!("1 m{member}"), &text));
    }
    for invited in 0..1000 {
        facts.push(fact("invited", &format!("1 g{invited}"), &format!("\"g{invited}\"")));
    }
    for invitation in 0..MAX_INVITATIONS - 100 {
        let hash = format!("{invitation:064x}");
        let counts = r#""people":30,"used":3,"made":1790000000000,"until":2000000000000"#;
        let text = format!(r#"{{"hash":"{hash}","by":"m{}",{counts}}}"#, invitation / 40);
        facts.push(fact("invitation", &format!("{invitation:04x}"), &text));
    }
    for ban in 0..bans - 10 {
        let [a, b] = [ban / 250, ban % 250];
        let whom = match ban % 3 {
            0 => format!("\"b{ban}\""),
            1 => format!("\"192.{a}.{b}.0/{}\"", 17 + ban % 16),
            _ => format!("\"uid:{}\"", 100_000 + ban),
        };
        let text = |room: &str, until: &str| {
            format!(
                r#"{{"room":{room},"mute":false,"whom":[{whom}],"by":"m{}","until":{until},"reason":"x"}}"#,
                ban % 50
            )
        };
        let until = if ban % 2 == 0 { "null" } else { "2000000000000" };
        facts.push(fact("ban", &ban.to_string(), &text("null", until)));
        let room = (2 + ban / MAX_BANS_OF_ROOM).to_string();
        facts.push(fact("ban", &(bans + ban).to_string(), &text(&room, until)));
    }
    let owned = |number: usize| Owner {
        name: name(&format!("m{number}")),
        since: Timestamp(0),
        proofs: vec![Proof { identity: Identity::Key(key(number)), login: None, since: Timestamp(0) }],
    };
    let users = (0..names - 20).map(|number| name(&format!("m{number}"))).collect();
    Beginning { users, owners: (0..names - 2000).map(owned).collect(), facts, ..Beginning::default() }
}

struct Crowded {
    world: World<Willing>,
    took: BTreeMap<String, Duration>,
}

impl Crowded {
    fn new() -> Self {
        let rules = Rules { max_connections: 100_000, moderators: vec![name("m3")], own_uid: 7, ..Rules::default() };
        let mut crowded = Self { world: World::new(rules, beginning(), Willing), took: BTreeMap::new() };
        // In the cheapest way: the rounds of so many would take long.
        for number in 0..sizes().0 {
            crowded.come(number);
        }
        crowded.world.settle(&mut Round::default());
        crowded.world.round(Input::Tick);
        crowded
    }

    fn handle(&mut self, input: Input) {
        self.world.broker.handle(self.world.now, input, &mut self.world.outbox);
    }

    /// The owner of `m{number}` joins.
    fn come(&mut self, number: usize) -> ConnId {
        let conn = ConnId(self.world.next);
        self.world.next += 1;
        let from = if number == 3 { ([172, 16, 0, 1], 1).into() } else { address(number as u64) };
        self.handle(Input::Connected(conn, Origin::Tls(from)));
        self.handle(Input::Proved(conn, key(number)));
        self.handle(Input::Speaks(conn, Dialect::Tr226));
        self.ask(conn, &format!("x | server | name | m{number}"));
        conn
    }

    fn ask(&mut self, conn: ConnId, line: &str) {
        self.handle(Input::Received(conn, Request::parse(line.as_bytes())));
    }

    /// Times one input; of three tries the fastest counts, so that a busy machine does not.
    fn time(&mut self, what: &str, mut input: impl FnMut(&mut Self, usize) -> Input) {
        let mut best = Duration::MAX;
        for again in 0..3 {
            let input = input(self, again);
            let asker = if let Input::Received(conn, _) = input { Some(conn) } else { None };
            let start = spent();
            self.world.broker.handle(self.world.now, input, &mut self.world.outbox);
            best = best.min(spent() - start);
            let mut round = Round::default();
            self.world.settle(&mut round);
            if let Some(refused) = asker.and_then(|conn| round.refused(conn)) {
                panic!("{what}: {refused}");
            }
        }
        self.took.insert(what.to_owned(), best);
    }

    /// Most users who are online call the next one, and all of that rings.
    fn ring_everywhere(&mut self, calls: impl Fn(ConnId, usize, usize) -> String) {
        let online = 1000..sizes().0 - 1;
        for number in online.clone() {
            let conn = ConnId(number as u64 + 1);
            self.ask(conn, "x | server | capabilities | calls");
        }
        for number in online {
            let conn = ConnId(number as u64 + 1);
            self.ask(conn, &calls(conn, number + 1, number));
        }
        self.world.settle(&mut Round::default());
        let ringing = self.world.broker.census().calls["ringing"];
        assert!(ringing as usize > sizes().0 / 3, "{ringing} calls ring");
    }

    fn time_line(&mut self, what: &str, conn: ConnId, line: impl Fn(usize) -> String) {
        self.time(what, |_, again| Input::Received(conn, Request::parse(line(again).as_bytes())));
    }
}

#[test]
fn no_request_holds_the_broker_for_long() {
    let mut crowded = Crowded::new();
    // The first connections are those of m0, m1 and so on; m3 is a keeper, and m0 has made #room0.
    let [maker, user, keeper] = [0, 5, 3].map(|number: u64| ConnId(number + 1));
    let local = ConnId(crowded.world.next);
    crowded.world.next += 1;
    crowded.handle(Input::Connected(local, Origin::Tcp(([172, 16, 0, 2], 1).into())));
    crowded.handle(Input::Speaks(local, Dialect::Tr226));
    let claimed = format!("x | server | name | {}", dear(1));
    let before = crowded.world.broker.users();
    crowded.ask(local, &claimed);
    assert_eq!(crowded.world.broker.users(), before + 1, "{claimed}");
    crowded.world.settle(&mut Round::default());
    for (who, conn) in [("a user", user), ("a keeper", keeper), ("one who only claims a name", local)] {
        crowded.time_line(&format!("rooms, {who}"), conn, |_| "x | server | rooms | no data".into());
        crowded.time_line(&format!("list, {who}"), conn, |_| "x | server | list_clients | no data".into());
        crowded.time_line(&format!("members, {who}"), conn, |_| "x | #room0 | members".into());
        crowded.time_line(&format!("join, {who}"), conn, |at| format!("x | #room{} | join_room | no data", 2 + 2 * at));
        crowded
            .time_line(&format!("leave, {who}"), conn, |at| format!("x | #room{} | leave_room | no data", 2 + 2 * at));
        crowded.time_line(&format!("whois, {who}"), conn, |_| "x | server | whois | m77".into());
        crowded.time_line(&format!("make, {who}"), conn, |at| format!("x | #new-{at} | join_room | no data"));
        crowded.time_line(&format!("topic, {who}"), conn, |at| format!("x | #new-{at} | topic | hello"));
        crowded.time_line(&format!("unmake, {who}"), conn, |at| format!("x | #new-{at} | leave_room | no data"));
        crowded.time_line(&format!("private, {who}"), conn, |_| "x | m6 | private_message | hello".into());
        crowded.time_line(&format!("read, {who}"), conn, |_| "x | m6 | read | 1".into());
        crowded.time_line(&format!("history, {who}"), conn, |_| "x | m6 | history | limit=10".into());
    }
    crowded.time_line("a message in a room of many", maker, |_| "x | #room0 | broadcast | hello".into());
    crowded.time_line("bans of the server", keeper, |_| "x | all clients | bans".into());
    crowded.time_line("bans of a room", keeper, |_| "x | #room1 | bans".into());
    crowded.time_line("a dry ban of everybody", keeper, |_| "x | all clients | ban | 10.0.0.0/8 dry-run".into());
    crowded.time_line("a room's ban", maker, |at| format!("x | #room0 | ban | m{} test", 50 + at));
    crowded.time_line("a deletion", keeper, |_| "x | all clients | delete | 1 test".into());
    crowded.time_line("a deletion in a room", maker, |_| "x | #room0 | delete | 1 test".into());
    crowded.time_line("a kick", keeper, |at| format!("x | all clients | kick | m{} test", 60 + at));
    crowded.time_line("a mode", maker, |at| format!("x | #room0 | slow_mode | {} test", 1 + at));
    crowded.time_line("keys", user, |_| "x | server | keys | no data".into());
    crowded.time_line("the list of invitations", keeper, |_| "x | server | invitations | no data".into());
    crowded.time_line("an invitation of newcomers", keeper, |_| "x | server | invite | people=30 for=7d".into());
    crowded.time_line("the end of an invitation", keeper, |at| format!("x | server | revoke_invitation | {at:04x}"));
    crowded.time_line("an invitation", maker, |at| format!("x | #room0 | invite_to_room | m{}", sizes().0 + 20 + at));
    crowded.time("somebody joins", |crowded, at| {
        let number = sizes().0 + 50 + at;
        let conn = ConnId(crowded.world.next);
        crowded.world.next += 1;
        crowded.handle(Input::Connected(conn, Origin::Tls(address(number as u64))));
        crowded.handle(Input::Proved(conn, key(number)));
        crowded.handle(Input::Speaks(conn, Dialect::Tr226));
        Input::Received(conn, Request::parse(format!("x | server | name | m{number}").as_bytes()))
    });
    crowded.time("somebody goes", |_, at| Input::Disconnected(ConnId(900 + at as u64), "connection closed"));
    crowded.time("new rules", |crowded, again| {
        // In the end m3 is the only keeper again.
        let moderators = ["m3", "m7"].into_iter().take(1 + again % 2).map(name).collect();
        Input::Rules(Box::new(Rules { moderators, ..crowded.world.rules.clone() }))
    });
    crowded.time("a tick", |_, _| Input::Tick);
    crowded.time("a tick when bans expire", |crowded, _| {
        crowded.world.now.wall = Timestamp(2_000_000_000_001);
        Input::Tick
    });
    let calls = |conn: ConnId, to: usize, id: usize| {
        let number = usize::try_from(conn.0).unwrap() - 1;
        format!("x | m{to} | call | id={id:032x} what=video key={}", key(number))
    };
    crowded.ring_everywhere(calls);
    let hangs_up = |to: usize, id: usize| format!("x | m{to} | hang_up | id={id:032x} done");
    crowded.time("a call", |_, at| {
        let conn = ConnId(1400 + at as u64);
        Input::Received(conn, Request::parse(calls(conn, 1100, 1_000_000 + at).as_bytes()))
    });
    crowded.time("the end of a call", |_, at| {
        let number = 1300 + at;
        let line = hangs_up(number + 1, number);
        Input::Received(ConnId(number as u64 + 1), Request::parse(line.as_bytes()))
    });
    crowded.time_line("a mute", keeper, |at| format!("x | all clients | mute | m{} for=9s test", 1110 + at));
    let on = crowded.world.rules.clone();
    // Users who are in a hundred rooms, and whom as many ignore as may.
    for at in 0..3 {
        for room in 0..MAX_ROOMS_OF_ONE - 1 {
            crowded.ask(ConnId(1501 + at), &format!("x | #many{room} | join_room | no data"));
        }
        for other in 0..MAX_IGNORED_BY {
            crowded.ask(ConnId(701 + other as u64), &format!("x | server | ignore | m{}", 1500 + at));
        }
        crowded.world.settle(&mut Round::default());
    }
    crowded.time("another name", |_, at| {
        let line = format!("x | server | rename | {}", dear(100 + at));
        Input::Received(ConnId(1501 + at as u64), Request::parse(line.as_bytes()))
    });
    crowded.time_line("a name is freed", keeper, |at| format!("x | all clients | free | m{} test", 1510 + at));
    crowded.time("leaving for good", |_, at| {
        Input::Received(ConnId(1521 + at as u64), Request::parse(b"x | server | leave_server | no data"))
    });
    crowded.time("calls are switched off", |_, _| Input::Rules(Box::new(Rules { calls: false, ..on.clone() })));
    crowded.handle(Input::Rules(Box::new(on)));
    crowded.time("a tick that ends calls", |crowded, at| {
        if at == 0 {
            crowded.world.now.steady = crowded.world.now.steady.after(RING_TIME);
        }
        Input::Tick
    });
    // The last: it makes everybody leave.
    crowded.time_line("a ban of everybody", keeper, |at| format!("x | all clients | ban | 10.1.{}.0/22 test", 4 * at));
    crowded.time("a tick of a ban", |_, _| Input::Tick);
    let mut slowest: Vec<_> = crowded.took.iter().collect();
    slowest.sort_by_key(|(_, took)| std::cmp::Reverse(**took));
    let told: String = slowest.iter().map(|(what, took)| format!("{took:>12.1?}  {what}\n")).collect();
    if std::env::var_os("TR2_LONG").is_some() {
        std::io::stdout().write_all(told.as_bytes()).unwrap();
    }
    let late: Vec<_> = slowest.iter().filter(|(_, took)| **took > most()).collect();
    assert!(late.is_empty(), "{late:?}");
}
