//! Bounds on what the broker holds, so that nobody makes it grow without limit: each is reached, and one more is
//! refused.

use tr2::model::{Fingerprint, Identity, Name, Origin, Timestamp};
use tr2::protocol::{Dialect, Request};
use tr2::server::broker::Input;
use tr2::server::broker::access::name_policy::Login;
use tr2::server::broker::rules::{Beginning, Rules};
use tr2::server::ids::ConnId;
use tr2::server::limits::{
    KEY_CODE_LIFE, MAX_IGNORED, MAX_IGNORED_IN_ALL, MAX_INVITATIONS, MAX_INVITATIONS_OF_ONE, MAX_INVITED,
    MAX_KEY_CODES, MAX_KEY_CODES_OF_ONE, MAX_KNOWN, MAX_LOOKUPS, MAX_MEMBERS, MAX_OWNERS, MAX_PARKED, MAX_PENDING,
    MAX_PENDING_BYTES, MAX_PROOFS, MAX_QUESTIONS, MAX_QUESTIONS_OF_ONE, MAX_ROOMS_OF_ONE,
};
use tr2::server::store::api::{Answer, Job, Outcome, Owner, Proof, Receipt, Requester};

use crate::world::{Hanging, Keeper, Round, Willing, World, address, fact, key_of, name, owner};

fn world<K: Keeper>(beginning: Beginning, keeper: K) -> World<K> {
    World::new(Rules { max_connections: 100_000, ..Rules::default() }, beginning, keeper)
}

/// Joins as an unverified user.
fn claim<K: Keeper>(world: &mut World<K>, who: &str) -> (ConnId, Round) {
    let number = world.next;
    let conn = world.connect(Origin::Tcp(address(number)), None, Dialect::Tr226);
    let round = world.say(conn, &format!("x | server | name | {who}"));
    (conn, round)
}

fn key(number: usize) -> Fingerprint {
    let mut key = [1; 32];
    key[..8].copy_from_slice(&number.to_be_bytes());
    Fingerprint(key)
}

/// Users called `m0`, `m1` and so on.
fn users(count: usize) -> Vec<Name> {
    (0..count).map(|number| name(&format!("m{number}"))).collect()
}

/// The refusal that a connection hears of a line.
fn refusal<K: Keeper>(world: &mut World<K>, conn: ConnId, line: &str) -> Option<String> {
    world.say(conn, line).refused(conn).map(str::to_owned)
}

// -------------------------------------------------------------------------------- what waits: store, passphrase, login

#[test]
fn messages_waiting_for_the_store_are_bounded_by_count() {
    let mut world = world(Beginning::default(), Hanging);
    let (conn, _) = claim(&mut world, "ann");
    for waiting in 0..MAX_PENDING {
        assert_eq!(world.broker.is_full(), waiting >= MAX_PENDING / 2, "{waiting} wait");
        assert_eq!(refusal(&mut world, conn, "x | all clients | broadcast | a"), None, "{waiting} wait");
    }
    assert_eq!(refusal(&mut world, conn, "x | all clients | broadcast | a").as_deref(), Some("busy"));
    world.round(Input::Stored(Receipt { outcomes: vec![Outcome::Kept], trouble: None }));
    assert_eq!(refusal(&mut world, conn, "x | all clients | broadcast | a"), None);
    assert_eq!(refusal(&mut world, conn, "x | all clients | broadcast | a").as_deref(), Some("busy"));
}

#[test]
fn messages_waiting_for_the_store_are_bounded_by_bytes() {
    const TEXT: usize = 4096;
    let mut world = world(Beginning::default(), Hanging);
    let (conn, _) = claim(&mut world, "ann");
    let say = |bytes: usize| format!("x | all clients | broadcast | {}", "a".repeat(bytes));
    for waiting in (0..MAX_PENDING_BYTES - TEXT).step_by(TEXT) {
        assert_eq!(world.broker.is_full(), waiting >= MAX_PENDING_BYTES / 2, "{waiting} bytes wait");
        assert_eq!(refusal(&mut world, conn, &say(TEXT)), None, "{waiting} bytes wait");
    }
    assert_eq!(refusal(&mut world, conn, &say(TEXT + 1)).as_deref(), Some("busy"), "one byte over");
    assert_eq!(refusal(&mut world, conn, &say(TEXT)), None, "all of it");
    assert_eq!(refusal(&mut world, conn, &say(1)).as_deref(), Some("busy"));
    world.round(Input::Stored(Receipt { outcomes: vec![Outcome::Unavailable], trouble: None }));
    assert_eq!(refusal(&mut world, conn, &say(TEXT)), None);
}

#[test]
fn queries_to_the_store_are_bounded_in_total() {
    let mut world = world(Beginning::default(), Hanging);
    let of_one = MAX_QUESTIONS_OF_ONE as usize;
    let mut conns = Vec::new();
    for asker in 0..MAX_QUESTIONS.div_ceil(of_one) {
        let (conn, _) = claim(&mut world, &format!("asker{asker}"));
        conns.push(conn);
        for question in 0..of_one.min(MAX_QUESTIONS - asker * of_one) {
            assert_eq!(refusal(&mut world, conn, "x | server | conversations | no data"), None, "{asker} {question}");
        }
    }
    let (late, _) = claim(&mut world, "late");
    assert_eq!(refusal(&mut world, late, "x | server | conversations | no data").as_deref(), Some("busy"));
    let answer =
        Answer { requester: Requester(conns[0].0), reference: None, lines: Ok(Vec::new()), damaged: Vec::new() };
    world.round(Input::Answered(answer));
    assert_eq!(refusal(&mut world, late, "x | server | conversations | no data"), None);
    assert_eq!(refusal(&mut world, late, "x | server | conversations | no data").as_deref(), Some("busy"));
}

#[test]
fn requests_waiting_for_a_passphrase_check_are_bounded() {
    let mut world = world(Beginning::default(), Willing);
    let local = Origin::Tcp(([127, 0, 0, 1], 1).into());
    let conn = world.connect(local, None, Dialect::Tr226);
    world.say(conn, "x | server | name | ann");
    // The check stays in the outbox until the next round, in which all waiting requests are answered.
    let mut say = |line: &str| {
        world.broker.handle(world.now, Input::Received(conn, Request::parse(line.as_bytes())), &mut world.outbox);
    };
    say("x | server | moderator | right");
    for number in 0..=MAX_PARKED {
        say(&format!("@ref={number} ann | ann | echo | {number}"));
    }
    let mut before = Round::default();
    world.hand_out(&mut before);
    let over = format!("@ref={MAX_PARKED} server | ann | refused | busy ");
    let refused: Vec<&str> = before.of(conn).filter(|line| line.contains("| refused |")).collect();
    assert!(refused.len() == 1 && refused[0].starts_with(&over), "{refused:?}");
    let after = world.round(Input::Tick);
    assert_eq!(after.of(conn).filter(|line| line.contains("| echo |")).count(), MAX_PARKED);
}

#[test]
fn pending_login_lookups_are_bounded() {
    let mut world = world(Beginning::default(), Willing);
    // Lookups stay in the outbox.
    let come = |world: &mut World<Willing>, number: usize| {
        let conn = ConnId(number as u64);
        let name = Request::parse(format!("x | server | name | login{number}").as_bytes());
        let origin = Origin::Unix(u32::try_from(number).unwrap());
        for input in [Input::Connected(conn, origin), Input::Speaks(conn, Dialect::Tr226), Input::Received(conn, name)]
        {
            world.broker.handle(world.now, input, &mut world.outbox);
        }
        let mut round = Round::default();
        world.hand_out(&mut round);
        (round.refused(conn).map(str::to_owned), world.outbox.lookups.len())
    };
    for number in 0..MAX_LOOKUPS {
        assert_eq!(come(&mut world, number), (None, number + 1));
    }
    let busy = (Some("busy".to_owned()), MAX_LOOKUPS);
    assert_eq!(come(&mut world, MAX_LOOKUPS), busy);
    world.broker.handle(world.now, Input::LookedUp(ConnId(0), Login::Nobodys), &mut world.outbox);
    assert_eq!(come(&mut world, MAX_LOOKUPS + 1), (None, MAX_LOOKUPS + 1), "one was looked up, which made room");
}

// ----------------------------------------------------------------------------------------- names, owners, invitations

#[test]
fn known_users_are_bounded() {
    let beginning = Beginning { users: users(MAX_KNOWN - 1), owners: vec![owner("m0")], ..Beginning::default() };
    let mut world = world(beginning, Willing);
    let remembered = |round: &Round| round.jobs.iter().filter(|job| matches!(job, Job::Know(_))).count();
    let (last, round) = claim(&mut world, "last");
    assert_eq!(remembered(&round), 1);
    // One over: the user who was here least recently is forgotten, and not whoever comes next. Owners stay.
    let (over, round) = claim(&mut world, "over");
    assert_eq!(remembered(&round), 1);
    for conn in [last, over] {
        world.round(Input::Disconnected(conn, "connection closed"));
    }
    let (ann, _) = claim(&mut world, "m2");
    assert_eq!(refusal(&mut world, ann, "x | last | private_message | hi"), None);
    assert_eq!(refusal(&mut world, ann, "x | over | private_message | hi"), None);
    assert_eq!(refusal(&mut world, ann, "x | m0 | private_message | hi"), None, "m0 owns the name");
    assert_eq!(refusal(&mut world, ann, "x | m1 | private_message | hi").as_deref(), Some("no_such_user"));
}

#[test]
fn owned_names_are_bounded() {
    let owned = |(number, name): (usize, Name)| Owner {
        name,
        since: Timestamp(0),
        proofs: vec![Proof { identity: Identity::Key(key(number)), login: None, since: Timestamp(0) }],
    };
    let owners = users(MAX_OWNERS - 1).into_iter().enumerate().map(owned).collect();
    let mut world = world(Beginning { owners, ..Beginning::default() }, Willing);
    world.join("last");
    let conn = world.connect(Origin::Tls(address(9)), Some(key_of("over")), Dialect::Tr226);
    let round = world.say(conn, "x | server | name | over");
    assert_eq!((round.refused(conn), round.ends(conn)), (Some("server_full"), true));
    // Owners of a name and unverified users still join.
    let owner = world.connect(Origin::Tls(address(10)), Some(key(0)), Dialect::Tr226);
    assert_eq!(refusal(&mut world, owner, "x | server | name | m0"), None);
    let (claimer, round) = claim(&mut world, "claimer");
    assert_eq!(round.refused(claimer), None);
}

#[test]
fn keys_of_one_name_are_bounded() {
    let proof = |number| Proof { identity: Identity::Key(key(number)), login: None, since: Timestamp(0) };
    let ann = Owner { name: name("ann"), since: Timestamp(0), proofs: (0..MAX_PROOFS - 1).map(proof).collect() };
    let mut world = world(Beginning { owners: vec![ann], ..Beginning::default() }, Willing);
    let mut here = world.connect(Origin::Tls(address(1)), Some(key(0)), Dialect::Tr226);
    world.say(here, "x | server | name | ann");
    let mut come = |world: &mut World<Willing>, number: usize| {
        let round = world.say(here, "x | server | invite_key | no data");
        let code = round.of(here).find_map(|line| line.split_once(" | invited | ")?.1.split(' ').nth(1)).unwrap();
        let conn = world.connect(Origin::Tls(address(number as u64)), Some(key(number)), Dialect::Tr226);
        world.say(conn, &format!("x | server | code | {code}"));
        let refused = refusal(world, conn, "x | server | take_over | ann");
        if refused.is_none() {
            here = conn;
        }
        refused
    };
    assert_eq!(come(&mut world, MAX_PROOFS - 1), None);
    assert_eq!(come(&mut world, MAX_PROOFS).as_deref(), Some("too_many_names"));
    let keys = world.say(here, "x | server | keys | no data");
    assert_eq!(keys.of(here).filter(|line| line.contains(" | key | ")).count(), MAX_PROOFS);
}

#[test]
fn codes_for_keys_are_bounded_in_total_until_they_expire() {
    let inviters = MAX_KEY_CODES.div_ceil(MAX_KEY_CODES_OF_ONE);
    let owners = (0..=inviters).map(|number| owner(&format!("m{number}"))).collect();
    let mut world = world(Beginning { owners, ..Beginning::default() }, Willing);
    for inviter in 0..inviters {
        let conn = world.join(&format!("m{inviter}"));
        for number in 0..MAX_KEY_CODES_OF_ONE.min(MAX_KEY_CODES - inviter * MAX_KEY_CODES_OF_ONE) {
            assert_eq!(refusal(&mut world, conn, "x | server | invite_key | no data"), None, "{inviter} {number}");
        }
    }
    // One over: the oldest of those who have most is void, and not that of whoever comes next.
    let conn = world.join(&format!("m{inviters}"));
    let invite = "x | server | invite_key | no data";
    for number in 0..MAX_KEY_CODES_OF_ONE {
        assert_eq!(refusal(&mut world, conn, invite), None, "{number}");
    }
    assert_eq!(refusal(&mut world, conn, invite).as_deref(), Some("too_many_invitations"));
    world.now.steady = world.now.steady.after(KEY_CODE_LIFE);
    assert_eq!(refusal(&mut world, conn, invite), None);
}

#[test]
fn invitations_are_bounded_in_total_and_for_each_moderator() {
    let makers = MAX_INVITATIONS / MAX_INVITATIONS_OF_ONE;
    let names: Vec<String> = (0..=makers).map(|number| format!("m{number}")).collect();
    let owners = names.iter().map(|name| owner(name)).collect();
    let facts = names.iter().map(|name| fact("moderator", name, &format!("\"{name}\""))).collect();
    let mut world = world(Beginning { owners, facts, ..Beginning::default() }, Willing);
    let invite = "x | server | invite | people=1000 for=90d";
    let conns: Vec<_> = names.iter().map(|name| world.join(name)).collect();
    for conn in &conns[..makers] {
        for number in 0..MAX_INVITATIONS_OF_ONE {
            assert_eq!(refusal(&mut world, *conn, invite), None, "{number}");
        }
        assert_eq!(refusal(&mut world, *conn, invite).as_deref(), Some("too_many_invitations"));
    }
    assert_eq!(refusal(&mut world, conns[makers], invite).as_deref(), Some("too_many_invitations"), "in all");
    // Not all fit into one answer, which says so.
    let round = world.say(conns[0], "x | server | invitations | no data");
    assert!(round.of(conns[0]).any(|line| line.ends_with("| invitations_end | more")));
    let listed: Vec<String> =
        round.of(conns[0]).filter(|line| line.contains("| invitation |")).map(str::to_owned).collect();
    let id = listed[0].split("id=").nth(1).unwrap().split(' ').next().unwrap();
    assert_eq!(refusal(&mut world, conns[0], &format!("x | server | revoke_invitation | {id}")), None);
    assert_eq!(refusal(&mut world, conns[makers], invite), None);
}

// ------------------------------------------------------------------------------------------------------------- rooms

const ROOM: &str = r##"{"name":"#ops","private":false,"topic":"","slow":0,"read_only":false,"locked":false}"##;

#[test]
fn members_of_a_room_are_bounded() {
    let member = |number: usize| {
        let text = format!(r#"{{"name":"m{number}","role":"member","proved":true}}"#);
        fact("member", &format!("1 m{number}"), &text)
    };
    let facts = [fact("room", "1", ROOM)].into_iter().chain((0..MAX_MEMBERS - 1).map(member)).collect();
    let owners = vec![owner("m0"), owner("m1")];
    let mut world = world(Beginning { facts, owners, ..Beginning::default() }, Willing);
    let [last, over, before] = ["last", "over", "m0"].map(|who| world.join(who));
    assert_eq!(refusal(&mut world, last, "x | #ops | join_room | no data"), None);
    assert_eq!(refusal(&mut world, over, "x | #ops | join_room | no data").as_deref(), Some("too_many_members"));
    assert_eq!(refusal(&mut world, before, "x | #ops | leave_room | no data"), None, "a member is in it");
    assert_eq!(refusal(&mut world, over, "x | #ops | join_room | no data"), None, "a member left");
}

#[test]
fn pending_invitations_to_a_room_are_bounded() {
    let owners = users(MAX_INVITED + 1).iter().map(|name| owner(name.as_str())).collect();
    let mut world = world(Beginning { owners, users: users(MAX_INVITED + 1), ..Beginning::default() }, Willing);
    let maker = world.join("maker");
    world.say(maker, "x | #ops | join_room | no data");
    for number in 0..MAX_INVITED {
        assert_eq!(refusal(&mut world, maker, &format!("x | #ops | invite_to_room | m{number}")), None, "m{number}");
    }
    let over = format!("x | #ops | invite_to_room | m{MAX_INVITED}");
    assert_eq!(refusal(&mut world, maker, &over).as_deref(), Some("too_many_members"));
    assert_eq!(refusal(&mut world, maker, "x | #ops | invite_to_room | m0"), None, "m0 counts once");
    let guest = world.join("m0");
    assert_eq!(refusal(&mut world, guest, "x | #ops | join_room | no data"), None);
    assert_eq!(refusal(&mut world, maker, &over), None, "whoever came is not awaited any more");
}

#[test]
fn rooms_of_a_verified_user_are_bounded() {
    let mut world = world(Beginning::default(), Willing);
    let conn = world.join("ann");
    for room in 0..MAX_ROOMS_OF_ONE {
        assert_eq!(refusal(&mut world, conn, &format!("x | #room{room} | join_room | no data")), None, "{room}");
    }
    assert_eq!(refusal(&mut world, conn, "x | #over | join_room | no data").as_deref(), Some("too_many_rooms"));
    assert_eq!(refusal(&mut world, conn, "x | #room0 | leave_room | no data"), None);
    assert_eq!(refusal(&mut world, conn, "x | #over | join_room | no data"), None);
}

// ------------------------------------------------------------------------------------------------------ hidden users

/// Facts: a user ignores `count` others, called `m0` and so on.
fn hidden(user: &str, count: usize) -> Vec<(String, String, String)> {
    let hides = |number| fact("ignored", &format!("{user} m{number}"), &format!("\"m{number}\""));
    (0..count).map(hides).collect()
}

/// How many users somebody ignores, as the server lists them.
fn hides<K: Keeper>(world: &mut World<K>, conn: ConnId) -> usize {
    let round = world.say(conn, "x | server | ignored | no data");
    let told = round.of(conn).find_map(|line| line.split_once(" | ignored")).unwrap().1;
    told.split_whitespace().filter(|name| *name != "|").count()
}

#[test]
fn users_ignored_by_one_user_are_bounded() {
    let beginning = Beginning { users: users(MAX_IGNORED + 1), ..Beginning::default() };
    let mut running = world(beginning.clone(), Willing);
    let conn = running.join("ann");
    for number in 0..MAX_IGNORED {
        assert_eq!(refusal(&mut running, conn, &format!("x | server | ignore | m{number}")), None, "m{number}");
    }
    let over = format!("x | server | ignore | m{MAX_IGNORED}");
    assert_eq!(refusal(&mut running, conn, &over).as_deref(), Some("not_allowed"));
    assert_eq!(refusal(&mut running, conn, "x | server | unignore | m0"), None);
    assert_eq!(refusal(&mut running, conn, &over), None);
    // The bound also holds after a restart on stored facts.
    let mut anew = world(Beginning { facts: hidden("ann", MAX_IGNORED + 1), ..beginning }, Willing);
    let conn = anew.join("ann");
    assert_eq!(hides(&mut anew, conn), MAX_IGNORED);
}

#[test]
fn ignored_users_are_bounded_in_total() {
    const EACH: usize = 100;
    let full = MAX_IGNORED_IN_ALL / EACH;
    let facts: Vec<_> = (0..full).flat_map(|user| hidden(&format!("user{user}"), EACH)).collect();
    assert_eq!(facts.len(), MAX_IGNORED_IN_ALL);
    let beginning = |facts: &[_]| Beginning { users: users(EACH + 1), facts: facts.to_vec(), ..Beginning::default() };
    let mut running = world(beginning(&facts[1..]), Willing);
    let [ann, first] = ["ann", "user0"].map(|who| running.join(who));
    assert_eq!(refusal(&mut running, ann, "x | server | ignore | m1"), None);
    // One over: of the longest lists, the last loses an entry, and not whoever asks next.
    assert_eq!(refusal(&mut running, ann, "x | server | ignore | m2"), None);
    assert_eq!(hides(&mut running, first), EACH - 1);
    let loser = running.join("user999");
    assert_eq!((hides(&mut running, loser), hides(&mut running, ann)), (EACH - 1, 2));
    // Whoever has the longest list makes no room for more of it.
    assert_eq!(refusal(&mut running, loser, "x | server | ignore | m100"), None, "others have more");
    for number in 0..EACH {
        assert_eq!(refusal(&mut running, ann, &format!("x | server | ignore | m{number}")), None, "{number}");
    }
    // The bound also holds after a restart on stored facts.
    let over = [facts, hidden("ann", 1)].concat();
    let mut anew = world(beginning(&over), Willing);
    let [last, over] = [&format!("user{}", full - 1), "ann"].map(|who| anew.join(who));
    assert_eq!((hides(&mut anew, last), hides(&mut anew, over)), (EACH, 0));
}
