//! What nobody uses ends, and where a common table is full, whoever has most of it gives way, never the next honest
//! person. Comings and goings, new names and places are counted by where they come from.

use std::time::Duration;

use tr2::model::{Identity, Origin, Timestamp};
use tr2::protocol::{Code, Dialect};
use tr2::server::broker::Input;
use tr2::server::broker::access::connection_limits::Admission;
use tr2::server::broker::rules::{Beginning, Rules};
use tr2::server::ids::ConnId;
use tr2::server::limits::{
    BINDING_TOKENS, BINDINGS, BINDINGS_HERE, COMINGS, COMINGS_HERE, COMINGS_OF_OWNERS, EXPIRED_AT_ONCE, GHOST_LIFE,
    KEPT_FOR_KEEPERS, KEPT_FOR_LOGINS, LEFT_BY_LOOPBACK, MAX_BANS, MAX_BANS_OF_ROOM, MAX_GHOSTS, MAX_IGNORED_BY,
    MAX_INVITATIONS_OF_ONE, MAX_INVITED, MAX_INVITED_TO, MAX_MEMBERS, MAX_MODERATORS, MAX_OWNERS, MAX_RESTING,
    MESSAGE_COST, NAME_LIFE_DAYS, ROOM_INVITATION_LIFE, SHORT_STAY, SMALL_SERVER, STORED_BYTES, SWEPT_AT_ONCE,
    TICK_GAP,
};
use tr2::server::store::api::{Fact, Job, Owner, Proof, Update};

use crate::simple_store::SimpleStore;
use crate::world::{Keeper, Round, Willing, World, address, fact, key_of, name, owner};

const ROOM: &str = r##"{"name":"#ops","private":false,"topic":"","slow":0,"read_only":false,"locked":false}"##;

fn world(beginning: Beginning) -> World<Willing> {
    World::new(Rules { max_connections: 100_000, own_uid: 42, ..Rules::default() }, beginning, Willing)
}

/// Asks for a name from an address; the refusal, if there is one.
fn come<K: Keeper>(world: &mut World<K>, from: &str, who: &str) -> (ConnId, Option<String>) {
    let conn = world.connect(Origin::Tcp(from.parse().unwrap()), None, Dialect::Tr226);
    (conn, named(world, conn, who))
}

/// Asks for a name; the refusal, if there is one. Whoever comes too often is refused at the next tick.
fn named<K: Keeper>(world: &mut World<K>, conn: ConnId, who: &str) -> Option<String> {
    let mut round = world.say(conn, &format!("x | server | name | {who}"));
    if round.of(conn).next().is_none() {
        round = world.round(Input::Tick);
        assert!(round.refused(conn).is_some() && round.ends(conn), "{who}");
    }
    round.refused(conn).map(str::to_owned)
}

fn go<K: Keeper>(world: &mut World<K>, conn: ConnId) -> Round {
    world.round(Input::Disconnected(conn, "connection closed"))
}

fn refusal<K: Keeper>(world: &mut World<K>, conn: ConnId, line: &str) -> Option<String> {
    world.say(conn, line).refused(conn).map(str::to_owned)
}

fn wait<K>(world: &mut World<K>, span: Duration) {
    world.now.steady = world.now.steady.after(span);
    world.now.wall = world.now.wall.after(span);
}

/// The facts of a kind that a round has the store forget.
fn forgotten(round: &Round, kind: &str) -> usize {
    let ends =
        |update: &&Update| matches!(update, Update::Fact(Fact { kind: found, value: None, .. }) if *found == kind);
    round.jobs.iter().flat_map(Job::changes).filter(ends).count()
}

// ------------------------------------------------------------------------------------------------------------ ghosts

fn member(number: usize, proved: bool) -> (String, String, String) {
    let text = format!(r#"{{"name":"m{number}","role":"member","proved":{proved}}}"#);
    fact("member", &format!("1 m{number}"), &text)
}

#[test]
fn a_full_room_drops_the_ghost_that_has_been_away_longest() {
    let facts = [fact("room", "1", ROOM)].into_iter().chain((0..MAX_MEMBERS - 2).map(|number| member(number, true)));
    let mut world = world(Beginning { facts: facts.collect(), ..Beginning::default() });
    let join = "x | #ops | join_room | no data";
    for who in ["ghost1", "ghost2"] {
        let (conn, _) = come(&mut world, "10.2.0.1:1", who);
        assert_eq!(refusal(&mut world, conn, join), None);
        go(&mut world, conn);
        world.round(Input::Tick);
        wait(&mut world, Duration::from_secs(1));
    }
    let members = |world: &mut World<Willing>, conn| {
        let round = world.say(conn, "x | #ops | members");
        let all = round.of(conn).filter(|line| line.contains("| members |")).collect::<Vec<_>>().join("\n");
        ["ghost1", "ghost2"].map(|ghost| all.contains(ghost))
    };
    let [ann, bob, eve] = ["ann", "bob", "eve"].map(|who| world.join(who));
    let round = world.say(ann, join);
    assert_eq!((round.refused(ann), forgotten(&round, "member")), (None, 1));
    assert_eq!(members(&mut world, ann), [false, true], "whoever left first goes first");
    assert_eq!(refusal(&mut world, bob, join), None);
    assert_eq!(members(&mut world, ann), [false, false]);
    assert_eq!(refusal(&mut world, eve, join).as_deref(), Some("too_many_members"), "the verified stay");
}

#[test]
fn ghosts_leave_after_a_while_and_are_few() {
    let mut world = World::new(
        Rules { max_connections: 100_000, ..Rules::default() },
        Beginning::default(),
        SimpleStore::default(),
    );
    let ann = world.join("ann");
    world.say(ann, "x | #ops | join_room | no data");
    let join_and_go = |world: &mut World<SimpleStore>, number: usize| {
        let from = format!("10.2.{}.{}:1", number / 250, number % 250);
        let (conn, _) = come(world, &from, &format!("ghost{number}"));
        assert_eq!(refusal(world, conn, "x | #ops | join_room | no data"), None);
        forgotten(&go(world, conn), "member")
    };
    for number in 0..MAX_GHOSTS {
        assert_eq!(join_and_go(&mut world, number), 0, "{number}");
    }
    assert_eq!(join_and_go(&mut world, MAX_GHOSTS), 1, "the one who left first makes room");
    // The bound also holds after a restart on stored facts, and their time begins anew.
    world.restart(world.keeper.beginning());
    world.now.steady = Timestamp(0);
    let ann = world.join("ann");
    let said = |world: &mut World<SimpleStore>| {
        let round = world.say(ann, "x | #ops | members");
        round.of(ann).map(|line| line.matches("ghost").count()).sum::<usize>()
    };
    assert_eq!(said(&mut world), MAX_GHOSTS);
    wait(&mut world, GHOST_LIFE - Duration::from_secs(1));
    world.round(Input::StoodStill(GHOST_LIFE));
    world.round(Input::Tick);
    assert_eq!(said(&mut world), MAX_GHOSTS);
    wait(&mut world, Duration::from_secs(1));
    for tick in 1..=MAX_GHOSTS.div_ceil(EXPIRED_AT_ONCE) {
        let round = world.round(Input::Tick);
        assert_eq!(forgotten(&round, "member"), EXPIRED_AT_ONCE.min(MAX_GHOSTS - (tick - 1) * EXPIRED_AT_ONCE));
    }
    assert_eq!(said(&mut world), 0);
}

// ------------------------------------------------------------------------------------------------------- invitations

#[test]
fn invitations_end_with_the_connection_or_after_a_while() {
    let mut world = world(Beginning { owners: vec![owner("owned")], ..Beginning::default() });
    let ann = world.join("ann");
    world.say(ann, "x | #ops | join_room | private");
    let (guest, _) = come(&mut world, "10.2.0.1:1", "guest");
    for who in ["guest", "owned"] {
        assert_eq!(refusal(&mut world, ann, &format!("x | #ops | invite_to_room | {who}")), None, "{who}");
    }
    let owned = world.join("owned");
    for conn in [guest, owned] {
        let rooms = world.say(conn, "x | server | rooms | no data");
        assert!(rooms.of(conn).any(|line| line.contains("| #ops | room |")), "they see it");
    }
    go(&mut world, guest);
    let (guest, _) = come(&mut world, "10.2.0.1:1", "guest");
    assert_eq!(refusal(&mut world, guest, "x | #ops | join_room | no data").as_deref(), Some("not_invited"));
    // Invitations of users who left take up no place.
    for number in 0..=MAX_INVITED {
        let from = format!("10.3.{}.{}:1", number / 250, number % 250);
        let (conn, _) = come(&mut world, &from, &format!("guest{number}"));
        let invite = format!("x | #ops | invite_to_room | guest{number}");
        assert_eq!(refusal(&mut world, ann, &invite), None, "{number}");
        go(&mut world, conn);
    }
    wait(&mut world, ROOM_INVITATION_LIFE - Duration::from_secs(1));
    world.round(Input::StoodStill(ROOM_INVITATION_LIFE));
    assert_eq!(forgotten(&world.round(Input::Tick), "invited"), 0);
    wait(&mut world, Duration::from_secs(1));
    assert_eq!(forgotten(&world.round(Input::Tick), "invited"), 1);
    assert_eq!(refusal(&mut world, owned, "x | #ops | join_room | no data").as_deref(), Some("not_invited"));
}

#[test]
fn whoever_invites_most_gives_way() {
    let users = |count: usize| (0..count).map(|number| owner(&format!("m{number}"))).collect::<Vec<_>>();
    let mut world = world(Beginning { owners: users(MAX_INVITED + 2), ..Beginning::default() });
    let [maker, bob, m0] = ["maker", "bob", "m0"].map(|who| world.join(who));
    for conn in [maker, bob] {
        world.say(conn, "x | #ops | join_room | no data");
    }
    let invite = |room: &str, number: usize| format!("x | {room} | invite_to_room | m{number}");
    for number in 0..MAX_INVITED {
        assert_eq!(refusal(&mut world, maker, &invite("#ops", number)), None, "{number}");
    }
    assert_eq!(refusal(&mut world, maker, &invite("#ops", MAX_INVITED)).as_deref(), Some("too_many_members"));
    let round = world.say(bob, &invite("#ops", MAX_INVITED));
    assert_eq!((round.refused(bob), forgotten(&round, "invited")), (None, 1));
    // m0, whose invitation was the oldest, may be invited by one user into so many rooms and no more.
    for room in 0..MAX_INVITED_TO {
        let room = format!("#room{room}");
        let conn = if room.ends_with('0') { bob } else { maker };
        if refusal(&mut world, conn, &format!("x | {room} | join_room | no data")).is_none() {
            assert_eq!(refusal(&mut world, conn, &invite(&room, 0)), None, "{room}");
        }
    }
    let late = world.join("late");
    world.say(late, "x | #late | join_room | no data");
    let round = world.say(late, &invite("#late", 0));
    assert_eq!(round.refused(late), None, "the invitation of whoever has not invited m0 before is taken");
    let rooms = world.say(m0, "x | server | rooms | no data");
    let invited = rooms.of(m0).filter(|line| line.contains("you=invited")).count();
    assert!(invited <= MAX_INVITED_TO, "{invited}");
}

#[test]
fn whoever_bans_most_in_rooms_gives_way() {
    let mut facts = Vec::new();
    for room in 1..=MAX_BANS / MAX_BANS_OF_ROOM + 1 {
        let modes = r#""topic":"","slow":0,"read_only":false,"locked":false"#;
        facts.push(fact("room", &room.to_string(), &format!(r##"{{"name":"#r{room}","private":false,{modes}}}"##)));
        let maker = if room == 1 { "ann" } else { "mallory" };
        let member = format!(r#"{{"name":"{maker}","role":"maker","proved":true}}"#);
        facts.push(fact("member", &format!("{room} {maker}"), &member));
    }
    for ban in 0..MAX_BANS {
        let room = 2 + ban / MAX_BANS_OF_ROOM;
        let text =
            format!(r#"{{"room":{room},"mute":false,"whom":["b{ban}"],"by":"mallory","until":null,"reason":"x"}}"#);
        facts.push(fact("ban", &ban.to_string(), &text));
    }
    let owners = vec![owner("ann"), owner("mallory")];
    let mut world = world(Beginning { facts, owners, ..Beginning::default() });
    let [ann, mallory] = ["ann", "mallory"].map(|who| world.join(who));
    let ban = |room: usize| format!("x | #r{room} | ban | villain test");
    let round = world.say(ann, &ban(1));
    assert_eq!((round.refused(ann), forgotten(&round, "ban")), (None, 1), "the oldest of whoever has most");
    world.say(ann, "x | #r1 | unban | villain test");
    assert_eq!(refusal(&mut world, mallory, "x | #r51 | ban | more test").as_deref(), Some("too_many_bans"));
}

#[test]
fn moderators_of_a_room_are_bounded() {
    let facts = [fact("room", "1", ROOM), fact("member", "1 ann", r#"{"name":"ann","role":"maker","proved":true}"#)];
    let facts = facts.into_iter().chain((0..MAX_MODERATORS + 1).map(|number| member(number, true))).collect();
    let owners = (0..MAX_MODERATORS + 1).map(|number| owner(&format!("m{number}"))).chain([owner("ann")]).collect();
    let mut world = world(Beginning { facts, owners, ..Beginning::default() });
    let ann = world.join("ann");
    for number in 0..MAX_MODERATORS - 1 {
        assert_eq!(refusal(&mut world, ann, &format!("x | #ops | grant | m{number} test")), None, "{number}");
    }
    let over = format!("x | #ops | grant | m{MAX_MODERATORS} test");
    assert_eq!(refusal(&mut world, ann, &over).as_deref(), Some("not_allowed"));
    assert_eq!(refusal(&mut world, ann, "x | #ops | revoke | m0 test"), None);
    assert_eq!(refusal(&mut world, ann, &over), None);
}

#[test]
fn codes_for_new_users_are_enough_for_a_class() {
    let mut world = world(Beginning::default());
    let conn = world.connect(Origin::Unix(42), None, Dialect::Tr226);
    world.say(conn, "x | server | name | keeper");
    let conn = if world.say(conn, "x | server | moderator | right").refused(conn).is_none() { conn } else { panic!() };
    for number in 0..MAX_INVITATIONS_OF_ONE {
        assert_eq!(refusal(&mut world, conn, "x | server | invite | no data"), None, "{number}");
    }
    let refused = refusal(&mut world, conn, "x | server | invite | no data");
    assert_eq!(refused.as_deref(), Some("too_many_invitations"));
    assert_eq!(
        refusal(&mut world, conn, "x | server | invite_key | no data"),
        None,
        "codes for keys are counted apart"
    );
    wait(&mut world, Duration::from_secs(600));
    assert_eq!(refusal(&mut world, conn, "x | server | invite | no data"), None);
}

// --------------------------------------------------------------------------------------------------- names and visits

#[test]
fn short_sessions_of_one_address_are_bounded() {
    for (near, far, burst) in [
        ("10.0.0.1:1", "10.0.0.2:1", COMINGS.burst),
        ("[2001:db8::1]:1", "[2001:db8:0:1::1]:1", COMINGS.burst),
        ("127.0.0.1:1", "10.0.0.2:1", COMINGS_HERE.burst),
    ] {
        let same = match near {
            "[2001:db8::1]:1" => "[2001:db8::2:3]:9",
            "127.0.0.1:1" => "[::1]:7",
            other => other,
        };
        let mut world = world(Beginning::default());
        for number in 0..burst {
            let (conn, refused) = come(&mut world, if number % 2 == 0 { near } else { same }, &format!("u{number}"));
            assert_eq!(refused, None, "{number}");
            go(&mut world, conn);
        }
        assert_eq!(come(&mut world, same, "over").1.as_deref(), Some("busy"), "{near}");
        assert_eq!(come(&mut world, far, "other").1, None, "{far}");
        wait(&mut world, Duration::from_secs(1));
        let (conn, refused) = come(&mut world, near, "later");
        assert_eq!(refused, None);
        // Sessions that stay do not count.
        wait(&mut world, SHORT_STAY);
        world.round(Input::Tick);
        let before = come(&mut world, near, "before").1;
        go(&mut world, conn);
        let after = come(&mut world, near, "after").1;
        assert_eq!((before, after), (None, None));
    }
}

#[test]
fn owners_who_come_back_do_not_suffer_for_others_behind_their_address() {
    let mut world = world(Beginning { owners: vec![owner("ann")], ..Beginning::default() });
    let from = address(7);
    for number in 0..COMINGS.burst {
        let (conn, _) = come(&mut world, &from.to_string(), &format!("u{number}"));
        go(&mut world, conn);
    }
    assert_eq!(come(&mut world, &from.to_string(), "over").1.as_deref(), Some("busy"));
    let ann = |world: &mut World<Willing>| {
        let conn = world.connect(Origin::Tls(from), Some(key_of("ann")), Dialect::Tr226);
        (conn, named(world, conn, "ann"))
    };
    for number in 0..COMINGS.burst {
        let (conn, refused) = ann(&mut world);
        assert_eq!(refused, None, "{number}");
        go(&mut world, conn);
    }
    assert_eq!(ann(&mut world).1.as_deref(), Some("busy"), "but they are bounded too");
}

#[test]
fn all_owners_from_one_address_are_bounded_together() {
    let owners = (0..20).map(|number| owner(&format!("m{number}"))).collect();
    let mut world = world(Beginning { owners, ..Beginning::default() });
    let from = address(7);
    let come = |world: &mut World<Willing>, number: u32, from| {
        let who = format!("m{}", number % 20);
        let conn = world.connect(Origin::Tls(from), Some(key_of(&who)), Dialect::Tr226);
        (conn, named(world, conn, &who))
    };
    for number in 0..COMINGS_OF_OWNERS.burst {
        let (conn, refused) = come(&mut world, number, from);
        assert_eq!(refused, None, "{number}");
        go(&mut world, conn);
    }
    assert_eq!(come(&mut world, 0, from).1.as_deref(), Some("busy"));
    assert_eq!(come(&mut world, 0, address(8)).1, None, "elsewhere they may");
}

#[test]
fn new_names_of_one_address_are_bounded() {
    for (from, rate) in [("10.0.0.1:1", BINDINGS), ("127.0.0.3:1", BINDINGS_HERE)] {
        let rules = Rules { max_connections: 100_000, max_per_address: Some(100_000), ..Rules::default() };
        let mut world = World::new(rules, Beginning::default(), Willing);
        let bind = |world: &mut World<Willing>, who: String, from: &str| {
            let conn = world.connect(Origin::Tls(from.parse().unwrap()), Some(key_of(&who)), Dialect::Tr226);
            named(world, conn, &who)
        };
        let most = rate.burst as usize / BINDING_TOKENS;
        for number in 0..most {
            assert_eq!(bind(&mut world, format!("n{number}"), from), None, "{number}");
        }
        assert_eq!(bind(&mut world, "over".to_owned(), from).as_deref(), Some("busy"));
        assert_eq!(bind(&mut world, "other".to_owned(), "10.0.0.2:1"), None);
        wait(&mut world, Duration::from_secs(BINDING_TOKENS as u64));
        assert_eq!(bind(&mut world, "later".to_owned(), from), None);
    }
}

#[test]
fn another_name_counts_as_a_new_one_of_its_address() {
    let most = BINDINGS.burst as usize / BINDING_TOKENS;
    let owners = (0..=most).map(|number| owner(&format!("m{number}"))).collect();
    let rules = Rules { max_per_address: Some(100_000), max_connections: 100_000, ..Rules::default() };
    let mut world = World::new(rules, Beginning { owners, ..Beginning::default() }, Willing);
    for number in 0..=most {
        let who = format!("m{number}");
        let from = Origin::Tls("10.0.0.1:1".parse().unwrap());
        let conn = world.connect(from, Some(key_of(&who)), Dialect::Tr226);
        assert_eq!(named(&mut world, conn, &who), None);
        let refused = refusal(&mut world, conn, &format!("x | server | rename | n{number}"));
        assert_eq!(refused.as_deref(), (number == most).then_some("busy"), "{number}");
    }
}

#[test]
fn whoever_is_ignored_by_many_keeps_their_name() {
    for (many, refused) in [(MAX_IGNORED_BY, None), (MAX_IGNORED_BY + 1, Some("not_allowed"))] {
        let ignored = |number: usize| fact("ignored", &format!("m{number} ann"), "\"ann\"");
        let facts = (0..many).map(ignored).collect();
        let owners = (0..many).map(|number| owner(&format!("m{number}"))).chain([owner("ann")]).collect();
        let mut world = world(Beginning { facts, owners, ..Beginning::default() });
        let conn = world.join("ann");
        let round = world.say(conn, "x | server | rename | zoe");
        assert_eq!(round.refused(conn), refused);
        let moved = round.jobs.iter().flat_map(Job::changes).filter(|update| {
            matches!(update, Update::Fact(Fact { kind: "ignored", key, value: Some(_) }) if key.ends_with(" zoe"))
        });
        assert_eq!(moved.count(), if refused.is_none() { many } else { 0 });
    }
}

#[test]
fn names_that_rest_are_bounded_and_the_first_to_be_free_gives_way() {
    for (many, gone) in [(MAX_RESTING - 1, false), (MAX_RESTING, true)] {
        // The one in the middle would be free first.
        let until = |number: usize| if number == many / 2 { 1_900_000_000_000_i64 } else { 1_950_000_000_000 };
        let rests = |number: usize| {
            let text = format!(r#"{{"name":"r{number}","now":null,"until":{}}}"#, until(number));
            fact("resting", &format!("r{number}"), &text)
        };
        let facts = (0..many).map(rests).collect();
        let mut world = world(Beginning { facts, owners: vec![owner("ann")], ..Beginning::default() });
        let conn = world.join("ann");
        let round = world.say(conn, "x | server | rename | zoe");
        assert_eq!((round.refused(conn), forgotten(&round, "resting")), (None, usize::from(gone)));
        let first = format!("r{}", many / 2);
        let refused = come(&mut world, "10.0.0.9:1", &first).1;
        assert_eq!(refused.as_deref(), if gone { None } else { Some("name_bound") });
        assert_eq!(come(&mut world, "10.0.0.9:1", "r1").1.as_deref(), Some("name_bound"));
        assert_eq!(come(&mut world, "10.0.0.9:1", "ann").1.as_deref(), Some("name_bound"));
    }
}

#[test]
fn names_that_rest_for_long_enough_are_free_some_at_a_time() {
    let rests = |number: usize| {
        fact("resting", &format!("r{number}"), &format!(r#"{{"name":"r{number}","now":null,"until":1000}}"#))
    };
    let facts = (0..=EXPIRED_AT_ONCE).map(rests).collect();
    let mut world = world(Beginning { facts, ..Beginning::default() });
    assert_eq!(come(&mut world, "10.0.0.9:1", "r7").1, None, "its time is over, noted or not");
    assert_eq!(forgotten(&world.round(Input::Tick), "resting"), EXPIRED_AT_ONCE);
    assert_eq!(forgotten(&world.round(Input::Tick), "resting"), 1);
    assert_eq!(forgotten(&world.round(Input::Tick), "resting"), 0);
}

#[test]
fn stored_bytes_of_one_address_are_bounded() {
    const TEXT: usize = 7000;
    let mut world = world(Beginning::default());
    let [near, same, far] = [("10.0.0.1:1", "near"), ("10.0.0.1:2", "same"), ("10.0.0.2:1", "far")]
        .map(|(from, who)| come(&mut world, from, who).0);
    // To somebody who is away: what is said need not be written to anybody.
    let (away, _) = come(&mut world, "10.0.0.3:1", "away");
    go(&mut world, away);
    let say = format!("x | away | private_message | {}", "a".repeat(TEXT));
    let request = tr2::protocol::Request::parse(say.as_bytes());
    let most = STORED_BYTES.burst as usize / (TEXT + MESSAGE_COST) + 1;
    for number in 0..most {
        let conn = if number % 2 == 0 { near } else { same };
        let round = world.round(Input::Received(conn, request.clone()));
        assert_eq!(round.refused(conn), None, "{number}");
    }
    assert_eq!(refusal(&mut world, near, &say).as_deref(), Some("rate_limited"));
    // Changes are stored too; to take something back is always possible.
    for (line, wanted) in [
        ("edit | 1 another text", Some("rate_limited")),
        ("react | 1 +1", Some("rate_limited")),
        ("unreact | 1 +1", None),
        ("retract | 1", None),
    ] {
        assert_eq!(refusal(&mut world, near, &format!("x | all clients | {line}")).as_deref(), wanted, "{line}");
    }
    assert_eq!(refusal(&mut world, far, &say), None);
    wait(&mut world, Duration::from_secs(1));
    assert_eq!(refusal(&mut world, same, &say), None);
}

#[test]
fn a_name_that_nobody_has_used_for_long_makes_room_for_another() {
    const DAY: Duration = Duration::from_secs(24 * 60 * 60);
    let owned = |number: usize| Owner {
        name: name(&format!("m{number}")),
        since: Timestamp(0),
        proofs: vec![Proof {
            identity: Identity::Key(key_of(&format!("m{number}"))),
            login: None,
            since: Timestamp(0),
        }],
    };
    let facts = vec![fact("moderator", "m0", "\"m0\"")];
    let owners = (0..MAX_OWNERS).map(owned).collect();
    let mut world = world(Beginning { owners, facts, ..Beginning::default() });
    let come = |world: &mut World<Willing>, who: &str| {
        let conn = world.connect(Origin::Tls(address(world.next)), Some(key_of(who)), Dialect::Tr226);
        (conn, world.say(conn, &format!("x | server | name | {who}")))
    };
    let (m2, _) = come(&mut world, "m2");
    wait(&mut world, DAY * u32::try_from(NAME_LIFE_DAYS).unwrap() - Duration::from_secs(24 * 60 * 60 - 1));
    let (conn, round) = come(&mut world, "early");
    assert_eq!(round.refused(conn), Some("server_full"), "all were used, as far as is known, when use was noted first");
    wait(&mut world, DAY);
    let (conn, round) = come(&mut world, "late");
    assert_eq!(round.refused(conn), None);
    let freed = |round: &Round| -> Vec<String> {
        let freed = round.jobs.iter().flat_map(Job::changes).filter_map(|update| match update {
            Update::Own(Owner { name, proofs, .. }) if proofs.is_empty() => Some(name.to_string()),
            _ => None,
        });
        freed.collect()
    };
    assert_eq!(freed(&round), ["m1"], "m0 is a moderator");
    let (_, round) = come(&mut world, "later");
    assert_eq!(freed(&round), ["m10"], "m2 is here; m10 comes next in order");
    let _ = m2;
}

#[test]
fn the_day_of_the_last_use_is_stored_once_a_day() {
    let mut world = World::new(Rules::default(), Beginning::default(), SimpleStore::default());
    let is_seen = |update: &&Update| matches!(update, Update::Fact(Fact { kind: "seen", .. }));
    let seen = |round: &Round| round.jobs.iter().flat_map(Job::changes).filter(is_seen).count();
    let conn = world.join("ann");
    assert_eq!(seen(&world.round(Input::Tick)), 2, "the first day of all, and that of the name");
    go(&mut world, conn);
    let conn = world.join("ann");
    assert_eq!(seen(&world.round(Input::Tick)), 0);
    go(&mut world, conn);
    wait(&mut world, Duration::from_secs(24 * 60 * 60));
    world.restart(world.keeper.beginning());
    world.join("ann");
    assert_eq!(seen(&world.round(Input::Tick)), 1);
    assert_eq!(world.broker.facts_lost(), [""; 0]);
}

// -------------------------------------------------------------------------------------------------------- connections

#[test]
fn places_are_kept_for_logins_and_for_those_who_keep_the_server() {
    let full = 100;
    let mut admission = Admission::new(full, None, 42);
    for number in 0..full {
        assert_eq!(admission.enter(Origin::Tcp(address(number as u64))), Ok(()), "{number}");
    }
    assert_eq!(admission.enter(Origin::Tcp(address(9999))), Err(Code::ServerFull));
    for uid in 0..KEPT_FOR_LOGINS {
        let uid = 1000 + u32::try_from(uid).unwrap();
        assert_eq!(admission.enter(Origin::Unix(uid)), Ok(()), "{uid}");
        assert_eq!(admission.enter(Origin::Unix(uid)), Err(Code::ServerFull), "one of each");
    }
    assert_eq!(admission.enter(Origin::Unix(999)), Err(Code::ServerFull));
    for number in 0..KEPT_FOR_KEEPERS {
        assert_eq!(admission.enter(Origin::Unix(if number % 2 == 0 { 42 } else { 0 })), Ok(()), "{number}");
    }
    assert_eq!(admission.enter(Origin::Unix(42)), Err(Code::ServerFull));
}

#[test]
fn loopback_leaves_places_to_others() {
    let most = 10 * SMALL_SERVER;
    let mut admission = Admission::new(most, None, 42);
    let left = (most - SMALL_SERVER) / LEFT_BY_LOOPBACK;
    for number in 0..most - left {
        let from = format!("127.0.{}.{}:1", number / 200, 1 + number % 200);
        assert_eq!(admission.enter(Origin::Tcp(from.parse().unwrap())), Ok(()), "{number}");
    }
    let refused = Err(Code::TooManyConnections);
    assert_eq!(admission.enter(Origin::Tcp("127.3.2.1:1".parse().unwrap())), refused, "it is one place");
    assert_eq!(admission.enter(Origin::Tls("[::1]:1".parse().unwrap())), refused);
    assert_eq!(admission.enter(Origin::Tcp(address(1))), Ok(()));
}

#[test]
fn a_ban_of_many_goes_on_in_slices() {
    let rules = Rules { max_connections: 100_000, moderators: vec![name("ann")], ..Rules::default() };
    let mut world = World::new(rules, Beginning { owners: vec![owner("ann")], ..Beginning::default() }, Willing);
    let ann = world.join("ann");
    for number in 0..2 * SWEPT_AT_ONCE + 1 {
        let from = format!("10.9.{}.{}:1", number / 200, 1 + number % 200);
        assert_eq!(come(&mut world, &from, &format!("u{number}")).1, None);
    }
    let ban = tr2::protocol::Request::parse(b"x | all clients | ban | 10.9.0.0/16 test");
    world.broker.handle(world.now, Input::Received(ann, ban), &mut world.outbox);
    world.broker.handle(world.now, Input::Promised(Ok(())), &mut world.outbox);
    for left in [SWEPT_AT_ONCE + 1, 1, 0] {
        assert_eq!((world.broker.users(), world.broker.has_more()), (left + 1, left > 0));
        world.broker.handle(world.now, Input::GoOn, &mut world.outbox);
    }
}

#[test]
fn nobody_is_cut_for_a_time_in_which_the_server_stood_still() {
    let rules = Rules::default();
    let mut world = World::new(rules.clone(), Beginning::default(), Willing);
    let conn = world.join("ann");
    world.round(Input::Tick);
    wait(&mut world, 2 * rules.cut_after);
    world.round(Input::StoodStill(2 * rules.cut_after));
    assert!(!world.round(Input::Tick).ends(conn), "the server stood still");
    // Silence is cut all the same.
    let mut silent = Duration::ZERO;
    while !world.round(Input::Tick).ends(conn) {
        wait(&mut world, TICK_GAP);
        silent += TICK_GAP;
        assert!(silent <= rules.cut_after + TICK_GAP, "{silent:?}");
    }
    assert!(silent >= rules.cut_after - 2 * TICK_GAP, "{silent:?}");
}
