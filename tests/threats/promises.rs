//! An answer is a promise: what a request changes is stored before anybody is told of it, and refused with nothing changed
//! if it cannot be. Held for every act by one table.

use tr2::model::Origin;
use tr2::protocol::{Dialect, Request};
use tr2::server::broker::Input;
use tr2::server::broker::rules::Rules;
use tr2::server::ids::ConnId;
use tr2::server::limits::{MAX_PROMISES, MAX_PROMISES_OF_ONE};
use tr2::server::store::api::{Job, Update};

use crate::simple_store::SimpleStore;
use crate::world::{Hanging, Round, World, address, cast, key_of, name, owner};

/// Everything that somebody is told of and that is kept: who asks, and the request after the sender's field.
const ACTS: [(&str, &str); 30] = [
    ("keeper", "all clients | kick | bob noise"),
    ("keeper", "#ops | kick | bob noise"),
    ("keeper", "all clients | ban | bob noise"),
    ("keeper", "all clients | ban | bob for=10m noise"),
    ("keeper", "all clients | ban | 10.9.0.0/16 noise"),
    ("keeper", "#ops | ban | bob noise"),
    ("keeper", "all clients | ban | mallory again"),
    ("keeper", "all clients | unban | mallory sorry"),
    ("keeper", "all clients | mute | bob noise"),
    ("keeper", "#ops | mute | bob noise"),
    ("keeper", "all clients | unmute | eve sorry"),
    ("keeper", "all clients | grant | bob help"),
    ("keeper", "all clients | revoke | mo thanks"),
    ("mo", "all clients | revoke | mo thanks"),
    ("maker", "#ops | grant | bob help"),
    ("maker", "#ops | revoke | helper thanks"),
    ("maker", "#ops | slow_mode | 10 calm"),
    ("maker", "#ops | read_only | on calm"),
    ("maker", "#ops | lock_topic | on calm"),
    ("maker", "#ops | allow_calls | off calm"),
    ("keeper", "all clients | slow_mode | 10 calm"),
    ("keeper", "all clients | announce | hear"),
    ("maker", "#ops | topic | lunch at one"),
    ("maker", "#ops | invite_to_room | carol"),
    ("carol", "#ops | join_room"),
    ("carol", "#new | join_room | private"),
    ("bob", "#ops | leave_room"),
    ("solo", "#solo | leave_room"),
    ("bob", "server | ignore | eve"),
    ("eve", "server | unignore | bob"),
];

/// The users of the scene.
const CAST: [&str; 9] = ["keeper", "mo", "maker", "helper", "bob", "carol", "eve", "solo", "other"];

struct Scene {
    world: World<SimpleStore>,
    conns: Vec<(&'static str, ConnId)>,
}

impl Scene {
    /// A keeper, a moderator, a room with its maker, a moderator of it and a member, and people with something on them.
    fn new() -> Self {
        let rules = Rules { moderators: vec![name("keeper")], ..cast().0 };
        let mut store = SimpleStore::default();
        store.does(Job::Keep(Update::Own(owner("keeper"))));
        let mut world = World::new(rules, store.beginning(), store);
        let conns = CAST.map(|who| (who, world.join(who))).to_vec();
        let mut scene = Self { world, conns };
        for (who, said) in [
            ("maker", "#ops | join_room"),
            ("helper", "#ops | join_room"),
            ("bob", "#ops | join_room"),
            ("solo", "#solo | join_room"),
            ("maker", "#ops | grant | helper help"),
            ("keeper", "all clients | grant | mo help"),
            ("keeper", "all clients | ban | mallory noise"),
            ("keeper", "all clients | mute | eve noise"),
            ("eve", "server | ignore | bob"),
        ] {
            let round = scene.say(who, said);
            assert_eq!(round.refused(scene.conn(who)), None, "{who}: {said}");
        }
        scene
    }

    fn conn(&self, who: &str) -> ConnId {
        self.conns.iter().find(|(name, _)| *name == who).unwrap().1
    }

    fn say(&mut self, who: &str, said: &str) -> Round {
        let conn = self.conn(who);
        self.world.say(conn, &line(said))
    }

    /// Handles a request, and leaves its jobs to the store undone.
    fn say_while_the_store_is_slow(&mut self, who: &str, said: &str) -> Round {
        let request = Request::parse(line(said).as_bytes());
        self.world.broker.handle(self.world.now, Input::Received(self.conn(who), request), &mut self.world.outbox);
        let mut round = Round::default();
        self.world.hand_out(&mut round);
        round
    }

    /// The process ends, and another one starts on what is stored; everybody comes back.
    fn restart(&mut self) {
        let beginning = self.world.keeper.beginning();
        self.world.restart(beginning);
        for (who, conn) in &mut self.conns {
            *conn = self.world.connect(Origin::Tls(address(self.world.next)), Some(key_of(who)), Dialect::Tr226);
            self.world.say(*conn, &format!("x | server | name | {who}"));
        }
    }

    /// Everything that can be seen of what is kept.
    fn state(&mut self) -> Vec<String> {
        let mut seen = Vec::new();
        for (who, asked) in [
            ("keeper", "all clients | bans"),
            ("keeper", "#ops | bans"),
            ("keeper", "all clients | modlog"),
            ("keeper", "#ops | modlog"),
            ("keeper", "server | rooms"),
            ("keeper", "#ops | members"),
            ("keeper", "#new | members"),
            ("keeper", "server | list_clients"),
            ("maker", "#ops | modlog"),
            ("carol", "server | rooms"),
            ("bob", "server | ignored"),
            ("eve", "server | ignored"),
        ] {
            let conn = self.conn(who);
            let round = self.say(who, asked);
            let mut lines: Vec<String> =
                round.of(conn).map(|line| format!("{who}: {asked}: {}", fields(line))).collect();
            lines.sort();
            seen.append(&mut lines);
        }
        for who in CAST {
            let conn = self.conn("keeper");
            let round = self.say("keeper", &format!("server | whois | {who}"));
            seen.extend(round.of(conn).map(|line| format!("{who} moderator: {}", line.contains("moderator=yes"))));
        }
        seen
    }
}

/// A line without its tags: the numbers of questions and of connections are not kept.
fn fields(line: &str) -> String {
    line.strip_prefix('@').and_then(|rest| rest.split_once(' ')).map_or(line, |(_, rest)| rest).to_owned()
}

fn line(said: &str) -> String {
    format!("@ref=1 x | {said}")
}

#[test]
fn what_cannot_be_stored_is_refused_and_changes_nothing() {
    for (who, said) in ACTS {
        let mut scene = Scene::new();
        let before = scene.state();
        scene.world.keeper.fails = true;
        let round = scene.say(who, said);
        assert_eq!(round.refused(scene.conn(who)), Some("store_unavailable"), "{who}: {said}");
        for (conn, bytes, ends) in &round.heard {
            let heard = String::from_utf8_lossy(bytes);
            // Moderators of the server are told of the store, and users of a room how it is: as before.
            let is_known = |line: &str| line.contains("| Messages cannot be stored") || line.ends_with("topic=");
            let is_told = *conn == scene.conn(who) || heard.lines().all(is_known);
            assert!(is_told, "{who}: {said}: {heard}");
            assert!(!ends, "{who}: {said}: {conn} is closed");
        }
        scene.world.keeper.fails = false;
        assert_eq!(scene.state(), before, "{who}: {said}");
        scene.restart();
        let restarted = scene.state();
        let mut undisturbed = Scene::new();
        undisturbed.restart();
        assert_eq!(restarted, undisturbed.state(), "{who}: {said}, after a restart");
        let round = scene.say(who, said);
        assert_eq!(round.refused(scene.conn(who)), None, "{who}: {said}, once the store works");
    }
}

#[test]
fn nobody_is_told_before_it_is_stored_and_then_it_outlasts_the_process() {
    for (who, said) in ACTS {
        let mut scene = Scene::new();
        let round = scene.say_while_the_store_is_slow(who, said);
        assert!(round.heard.is_empty(), "{who}: {said}: told before it is stored");
        assert!(round.notes.is_empty(), "{who}: {said}: logged before it is stored: {:?}", round.notes);
        let mut round = Round::default();
        scene.world.settle(&mut round);
        assert!(round.of(scene.conn(who)).any(|line| line.starts_with("@ref=1")), "{who}: {said}: not answered");
        assert_eq!(round.refused(scene.conn(who)), None, "{who}: {said}");
        // Those who were thrown out or banned answer no more, and are not in the list of who is online.
        let kept = |state: Vec<String>| -> Vec<String> {
            let ends = |line: &String| {
                [" | list_clients:", "moderator:", "bob: server"].iter().any(|part| line.contains(part))
            };
            state.into_iter().filter(|line| !ends(line)).map(|line| line.replace(" offline ", " online ")).collect()
        };
        let told = kept(scene.state());
        scene.restart();
        assert_eq!(kept(scene.state()), told, "{who}: {said}, after a restart");
    }
}

#[test]
fn what_ends_before_it_is_stored_never_was() {
    for (who, said) in ACTS {
        let mut scene = Scene::new();
        scene.say_while_the_store_is_slow(who, said);
        scene.world.outbox.jobs.clear();
        scene.restart();
        let mut undisturbed = Scene::new();
        undisturbed.restart();
        assert_eq!(scene.state(), undisturbed.state(), "{who}: {said}");
    }
}

#[test]
fn what_rests_on_a_broken_promise_is_refused_with_it() {
    let mut scene = Scene::new();
    let before = scene.state();
    scene.world.keeper.fails = true;
    // The second and the third see what the first has changed; none of it came to be.
    for (who, said) in [
        ("carol", "#new | join_room"),
        ("bob", "#new | join_room"),
        ("carol", "#new | topic | ours"),
        ("keeper", "server | rooms"),
        ("carol", "#new | broadcast_not_me | hello"),
    ] {
        let round = scene.say_while_the_store_is_slow(who, said);
        assert!(round.heard.is_empty(), "{said}");
    }
    let mut round = Round::default();
    scene.world.settle(&mut round);
    for (who, count) in [("carol", 3), ("bob", 1), ("keeper", 1)] {
        let conn = scene.conn(who);
        let refused = round.of(conn).filter(|line| line.contains("| refused | store_unavailable")).count();
        assert_eq!(refused, count, "{who}: {:?}", round.of(conn).collect::<Vec<_>>());
    }
    scene.world.keeper.fails = false;
    assert_eq!(scene.state(), before);
}

#[test]
fn what_is_not_stored_itself_is_taken_back_too_or_does_not_wait() {
    let mut scene = Scene::new();
    scene.say("maker", "#secret | join_room | private");
    let guest = |scene: &mut Scene, who: &'static str| {
        let conn = scene.world.connect(Origin::Tcp(address(scene.world.next)), None, Dialect::Tr226);
        scene.world.say(conn, &format!("x | server | name | {who}"));
        scene.conns.push((who, conn));
    };
    guest(&mut scene, "una");
    guest(&mut scene, "ulf");
    let round = scene.say("maker", "#secret | invite_to_room | una");
    assert_eq!(round.refused(scene.conn("maker")), None);
    scene.world.keeper.fails = true;
    for (who, said) in [
        ("keeper", "all clients | ban | bob noise"),
        ("una", "#secret | join_room"),
        ("maker", "#secret | invite_to_room | ulf"),
        ("keeper", "server | invite_key"),
        ("keeper", "server | away | lunch"),
    ] {
        scene.say_while_the_store_is_slow(who, said);
    }
    // Nothing is stored for this, so it waits for nobody else's ban.
    let round = scene.say_while_the_store_is_slow("other", "server | away | lunch");
    assert!(round.of(scene.conn("other")).any(|line| fields(line).contains("| away | lunch")));
    let mut round = Round::default();
    scene.world.settle(&mut round);
    for who in ["una", "maker"] {
        assert_eq!(round.refused(scene.conn(who)), Some("store_unavailable"), "{who}");
    }
    // Said in its turn, and true: the code and the absence are there.
    let keeper: Vec<String> = round.of(scene.conn("keeper")).map(fields).collect();
    assert!(keeper.iter().any(|line| line.contains("| invited | 600 ")), "{keeper:?}");
    assert!(keeper.iter().any(|line| line.contains("| away | lunch")), "{keeper:?}");
    scene.world.keeper.fails = false;
    let round = scene.say("maker", "#secret | members");
    assert!(!round.of(scene.conn("maker")).any(|line| line.contains("una")), "she was told that she is not in it");
    let round = scene.say("una", "#secret | broadcast_not_me | hello");
    assert!(round.refused(scene.conn("una")).is_some());
    let round = scene.say("ulf", "#secret | join_room");
    assert_eq!(round.refused(scene.conn("ulf")), Some("not_invited"));
}

#[test]
fn a_name_is_given_only_once_it_is_stored_whose_it_is() {
    let mut world = World::new(cast().0, SimpleStore::default().beginning(), SimpleStore::default());
    world.keeper.fails = true;
    let conn = world.connect(Origin::Tls(address(1)), Some(key_of("ann")), Dialect::Tr226);
    let round = world.say(conn, "@ref=1 x | server | name | ann");
    assert_eq!(round.refused(conn), Some("store_unavailable"));
    assert!(round.ends(conn), "as after every refused name");
    world.round(Input::Disconnected(conn, "connection closed"));
    world.keeper.fails = false;
    // Nobody owns it, so another key may.
    let conn = world.connect(Origin::Tls(address(2)), Some(key_of("another")), Dialect::Tr226);
    let round = world.say(conn, "x | server | name | ann");
    assert!(round.of(conn).any(|line| line.contains("| connection_confirmation |")));
    let beginning = world.keeper.beginning();
    world.restart(beginning);
    let conn = world.connect(Origin::Tls(address(3)), Some(key_of("ann")), Dialect::Tr226);
    assert_eq!(world.say(conn, "x | server | name | ann").refused(conn), Some("name_bound"));
}

#[test]
fn a_code_can_be_used_again_if_the_name_could_not_be_stored() {
    let mut world = World::new(cast().0, SimpleStore::default().beginning(), SimpleStore::default());
    let ann = world.join("ann");
    let round = world.say(ann, "x | server | invite_key");
    let code = round.of(ann).find_map(|line| line.rsplit_once(' ').map(|(_, code)| code.to_owned())).unwrap();
    let enter = |world: &mut World<SimpleStore>| {
        let conn = world.connect(Origin::Tls(address(world.next)), Some(key_of("laptop")), Dialect::Tr226);
        world.say(conn, &format!("x | server | code | {code}"));
        (conn, world.say(conn, "x | server | take_over | ann"))
    };
    world.keeper.fails = true;
    let (conn, round) = enter(&mut world);
    assert_eq!(round.refused(conn), Some("store_unavailable"));
    world.round(Input::Disconnected(conn, "connection closed"));
    world.keeper.fails = false;
    let (conn, round) = enter(&mut world);
    assert!(round.of(conn).any(|line| line.contains("| connection_confirmation |")), "{:?}", round.refused(conn));
    world.round(Input::Disconnected(conn, "connection closed"));
    let (conn, round) = enter(&mut world);
    assert_eq!(round.refused(conn), None, "the key is the owner's now");
}

#[test]
fn a_key_is_revoked_only_once_that_is_stored() {
    let mut world = World::new(cast().0, SimpleStore::default().beginning(), SimpleStore::default());
    let ann = world.join("ann");
    let round = world.say(ann, "x | server | invite_key");
    let code = round.of(ann).find_map(|line| line.rsplit_once(' ').map(|(_, code)| code.to_owned())).unwrap();
    let laptop = world.connect(Origin::Tls(address(77)), Some(key_of("laptop")), Dialect::Tr226);
    world.say(laptop, &format!("x | server | code | {code}"));
    world.say(laptop, "x | server | take_over | ann");
    let first = tr2::model::Identity::Key(key_of("ann"));
    let revoke = format!("@ref=9 x | server | revoke_key | {first}");
    world.keeper.fails = true;
    assert_eq!(world.say(laptop, &revoke).refused(laptop), Some("store_unavailable"));
    world.keeper.fails = false;
    let round = world.say(laptop, "x | server | keys");
    assert!(round.of(laptop).any(|line| line.contains(&first.to_string())), "the key is there as before");
    assert_eq!(world.say(laptop, &revoke).refused(laptop), None);
    let beginning = world.keeper.beginning();
    world.restart(beginning);
    let ann = world.connect(Origin::Tls(address(78)), Some(key_of("ann")), Dialect::Tr226);
    assert_eq!(world.say(ann, "x | server | name | ann").refused(ann), Some("name_bound"));
}

#[test]
fn promises_are_bounded_for_one_and_for_all() {
    let (rules, beginning) = cast();
    let mut world = World::new(Rules { max_connections: 1000, ..rules }, beginning, Hanging);
    let join = |world: &mut World<Hanging>| {
        let conn = world.connect(Origin::Tcp(address(world.next)), None, Dialect::Tr226);
        world.say(conn, &format!("x | server | name | guest{}", world.next));
        conn
    };
    // They join before anything waits: later joins wait for their turn.
    let guests: Vec<ConnId> = (0..=MAX_PROMISES / MAX_PROMISES_OF_ONE).map(|_| join(&mut world)).collect();
    let busy = |world: &mut World<Hanging>, conn: ConnId, number: usize| {
        world.say(conn, &format!("x | #room{}x{number} | join_room", conn.0)).refused(conn) == Some("busy")
    };
    let (last, others) = guests.split_last().unwrap();
    for conn in others {
        // To ask changes nothing, but waits for its turn once something is changed.
        assert!(!busy(&mut world, *conn, 1));
        for _ in 1..MAX_PROMISES_OF_ONE {
            assert!(world.say(*conn, "x | server | ignored").refused(*conn).is_none());
        }
        assert!(busy(&mut world, *conn, 0), "one has {MAX_PROMISES_OF_ONE} already");
    }
    assert!(busy(&mut world, *last, 0), "all have {MAX_PROMISES} already");
}

#[test]
fn the_answers_to_one_connection_come_in_the_order_of_its_requests() {
    let mut scene = Scene::new();
    for (who, said) in [
        ("maker", "#ops | topic | lunch at one"),
        ("maker", "server | echo | hello"),
        ("maker", "server | ping | token"),
        ("maker", "nobody | private_message | x"),
        ("maker", "#ops"),
        ("maker", "#ops | read_only | on calm"),
    ] {
        let round = scene.say_while_the_store_is_slow(who, said);
        assert!(round.heard.is_empty(), "{said}");
    }
    // Whoever waits for nothing does not wait.
    assert!(!scene.say_while_the_store_is_slow("bob", "server | echo | hello").heard.is_empty());
    let mut round = Round::default();
    scene.world.settle(&mut round);
    let conn = scene.conn("maker");
    let told: Vec<String> = round.of(conn).map(|line| fields(line).split(" | ").nth(2).unwrap().to_owned()).collect();
    assert_eq!(told, ["topic", "echo", "pong", "refused", "refused", "room", "act"]);
}
