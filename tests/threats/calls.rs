//! Calls against their limits, and against those who want none: whoever calls too much is refused, nobody else is told
//! anything, and whoever is ignored cannot find it out.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use tr2::model::Origin;
use tr2::protocol::{CallEvent, Dialect, Envelope, Event, HangUp, Request};
use tr2::server::broker::Input;
use tr2::server::broker::rules::{Beginning, Rules};
use tr2::server::ids::ConnId;
use tr2::server::limits::{
    CALL_WINDOW, CALLS_JOINED, CALLS_STARTED, EXPIRED_AT_ONCE, MAX_CALLS_OF_ONE, MAX_RINGING_AT_ONE, RING_TIME,
};
use tr2::server::relay::MAX_RELAYED;
use tr2::server::relay::orders::RelayOrder;

use crate::chance::Chance;
use crate::simple_store::SimpleStore;
use crate::world::{Keeper, Round, Willing, World, address, key_of};

const SECOND: Duration = Duration::from_secs(1);

fn world() -> World<Willing> {
    World::new(Rules { max_connections: 1000, own_uid: 42, ..Rules::default() }, Beginning::default(), Willing)
}

/// A user whose client can be called.
fn callable<K: Keeper>(world: &mut World<K>, who: &str) -> ConnId {
    let conn = world.join(who);
    world.say(conn, "x | server | capabilities | calls");
    conn
}

fn call<K: Keeper>(world: &mut World<K>, (conn, who): (ConnId, &str), to: &str, id: usize) -> Round {
    world.say(conn, &format!("x | {to} | call | id={id:032x} what=chat key={}", key_of(who)))
}

fn take(world: &mut World<Willing>, (conn, who): (ConnId, &str), from: &str, id: usize) -> Round {
    world.say(conn, &format!("x | {from} | answer | id={id:032x} yes key={}", key_of(who)))
}

fn hang_up(world: &mut World<Willing>, conn: ConnId, to: &str, id: usize) -> Round {
    world.say(conn, &format!("x | {to} | hang_up | id={id:032x} done"))
}

fn wait(world: &mut World<Willing>, span: Duration) -> Round {
    (world.now.steady, world.now.wall) = (world.now.steady.after(span), world.now.wall.after(span));
    world.round(Input::Tick)
}

/// What a connection hears about calls.
fn told(round: &Round, conn: ConnId) -> Vec<CallEvent> {
    let read = |line: &str| match Envelope::parse(line.as_bytes()).unwrap().event {
        Event::Call(event) => Some(event),
        _ => None,
    };
    round.of(conn).filter_map(read).collect()
}

#[test]
fn a_flood_of_calls_rings_no_more_than_it_may_and_nobody_else_hears_of_it() {
    const ATTACKERS: usize = 40;
    let mut world = world();
    let (victim, bystander) = (callable(&mut world, "victim"), callable(&mut world, "bystander"));
    let names: Vec<String> = (0..ATTACKERS).map(|at| format!("eve{at}")).collect();
    let attackers: Vec<ConnId> = names.iter().map(|name| callable(&mut world, name)).collect();
    let mut chance = Chance(7);
    let (mut ids, mut most) = (0, 0);
    // Who rings at the victim, by call; and when each attacker has started calls.
    let mut ringing = BTreeMap::new();
    let mut started: Vec<Vec<Duration>> = vec![Vec::new(); ATTACKERS];
    for second in 0..240 {
        let now = Duration::from_secs(second);
        for step in 0..60 {
            let at = chance.below(ATTACKERS);
            let who = (attackers[at], &*names[at]);
            let round = if step == 0 {
                wait(&mut world, SECOND)
            } else if chance.below(4) == 0 {
                hang_up(&mut world, who.0, "victim", ids)
            } else {
                ids += 1;
                call(&mut world, who, "victim", ids)
            };
            if step > 0 {
                match round.refused(who.0) {
                    Some(code) => assert!(["too_many_calls", "no_such_call"].contains(&code), "{code}"),
                    None if told(&round, who.0).is_empty() => {}
                    None => started[at].push(now),
                }
            }
            assert!(told(&round, bystander).is_empty(), "{:?}", round.of(bystander).collect::<Vec<_>>());
            for event in told(&round, victim) {
                match event {
                    CallEvent::Rings { from, offer, .. } => drop(ringing.insert(offer.id, from)),
                    CallEvent::HungUp { id, .. } => assert!(ringing.remove(&id).is_some(), "what did not ring ends"),
                    other => panic!("{other:?}"),
                }
            }
            most = most.max(ringing.len());
            assert_eq!(ringing.values().collect::<BTreeSet<_>>().len(), ringing.len(), "one rings twice at once");
        }
        if second % 20 == 19 {
            // They do not want to be cut.
            for conn in attackers.iter().chain([&victim, &bystander]) {
                world.say(*conn, "x | server | pong | x");
            }
        }
    }
    assert_eq!(most, MAX_RINGING_AT_ONE);
    for times in started {
        assert!(!times.is_empty());
        let too_many = times.windows(CALLS_STARTED + 1).find(|of| of[CALLS_STARTED] - of[0] < CALL_WINDOW);
        assert_eq!(too_many, None);
    }
    wait(&mut world, RING_TIME);
    let calls = world.broker.census().calls;
    assert!(calls.values().all(|count| *count == 0), "{calls:?}");
}

#[test]
fn no_more_calls_are_relayed_than_may_be_and_each_leg_is_its_owners_alone() {
    let mut world = world();
    let names: Vec<[String; 2]> = (0..=MAX_RELAYED).map(|at| [format!("caller{at}"), format!("callee{at}")]).collect();
    let pairs: Vec<[ConnId; 2]> =
        names.iter().map(|pair| [0, 1].map(|side: usize| callable(&mut world, &pair[side]))).collect();
    let (mut opened, mut legs) = (BTreeMap::new(), BTreeSet::new());
    // All ring before any is answered, so that the last one is answered when there is no more room.
    for (at, ([caller, _], [a, b])) in pairs.iter().zip(&names).enumerate() {
        assert_eq!(call(&mut world, (*caller, a), b, at).refused(*caller), None);
    }
    for (at, (pair, [a, b])) in pairs.iter().zip(&names).enumerate() {
        let round = take(&mut world, (pair[1], b), a, at);
        if at == MAX_RELAYED {
            assert_eq!(round.refused(pair[1]), Some("too_many_calls"));
            assert!(round.of(pair[1]).any(|line| line.contains("The server relays 64 calls")));
            assert!(told(&round, pair[0]).is_empty() && round.relay.is_empty());
            continue;
        }
        let [RelayOrder::Open(relay, tokens)] = round.relay[..] else { panic!("{:?}", round.relay) };
        assert!(opened.insert(relay, at).is_none(), "one number for two calls");
        for (side, conn) in pair.iter().enumerate() {
            assert!(legs.insert(tokens[side]), "one token for two legs");
            let granted = told(&round, *conn).into_iter().find_map(|event| match event {
                CallEvent::Relay(grant) => Some(grant.leg),
                _ => None,
            });
            assert_eq!(granted, Some(tokens[side]));
        }
        for (conn, bytes, _) in &round.heard {
            assert!(pair.contains(conn));
            let text = String::from_utf8_lossy(bytes);
            let of_others = tokens.iter().zip(pair).filter(|(_, owner)| *owner != conn);
            of_others.for_each(|(token, _)| assert!(!text.contains(&token.to_string()), "{text}"));
        }
        for note in &round.notes {
            tokens.iter().for_each(|token| assert!(!note.to_string().contains(&token.to_string()), "{note}"));
        }
    }
    let outsider = callable(&mut world, "outsider");
    assert_eq!(call(&mut world, (outsider, "outsider"), &names[0][0], 1000).refused(outsider), Some("too_many_calls"));
    let round = hang_up(&mut world, pairs[0][0], &names[0][1], 0);
    assert!(matches!(round.relay[..], [RelayOrder::Close(relay)] if opened[&relay] == 0));
    // There is room for one again; and the same call once more, by its own number, has other legs.
    let ([caller, callee], [a, b]) = (pairs[MAX_RELAYED], &names[MAX_RELAYED]);
    for _ in 0..2 {
        let round = take(&mut world, (callee, b), a, MAX_RELAYED);
        let [RelayOrder::Open(_, tokens)] = round.relay[..] else { panic!("{:?}", round.relay) };
        assert!(tokens.iter().all(|token| legs.insert(*token)), "a token is used again");
        let round = hang_up(&mut world, caller, b, MAX_RELAYED);
        assert!(matches!(round.relay[..], [RelayOrder::Close(_)]));
        call(&mut world, (caller, a), b, MAX_RELAYED);
    }
}

/// What a caller hears of all that they try with somebody who ignores them, or who never answers, and what the caller's
/// friends find out for them. The other one hears nothing of the caller in the first case.
fn tried(ignores: bool) -> Vec<String> {
    let mut world = world();
    let (eve, bob) = (callable(&mut world, "eve"), callable(&mut world, "bob"));
    let friends: Vec<String> = (0..MAX_RINGING_AT_ONE).map(|at| format!("friend{at}")).collect();
    let others: Vec<ConnId> = friends.iter().map(|name| callable(&mut world, name)).collect();
    if ignores {
        world.say(bob, "x | server | ignore | eve");
    }
    let mut heard = Vec::new();
    let mut hear = |what: &str, by: ConnId, round: &Round| {
        heard.extend(round.of(by).map(|line| format!("{what}: {line}")));
        let of_eve = round.of(bob).filter(|line| line.contains("eve")).count();
        assert!(!ignores || of_eve == 0, "{what}: {:?}", round.of(bob).collect::<Vec<_>>());
    };
    let eves = (eve, "eve");
    hear("calls", eve, &call(&mut world, eves, "bob", 1));
    hear("calls again", eve, &call(&mut world, eves, "bob", 2));
    hear("asks who that is", eve, &world.say(eve, "x | server | whois | bob"));
    hear("answers the own call", eve, &take(&mut world, eves, "bob", 1));
    hear("waits", eve, &wait(&mut world, RING_TIME - SECOND));
    hear("waits on", eve, &wait(&mut world, SECOND));
    hear("calls", eve, &call(&mut world, eves, "bob", 3));
    hear("hangs up", eve, &hang_up(&mut world, eve, "bob", 3));
    hear("hangs up again", eve, &hang_up(&mut world, eve, "bob", 3));
    hear("calls", eve, &call(&mut world, eves, "bob", 4));
    hear("hangs up", eve, &hang_up(&mut world, eve, "bob", 4));
    hear("calls too often", eve, &call(&mut world, eves, "bob", 5));
    hear("waits", eve, &wait(&mut world, CALL_WINDOW - RING_TIME));
    hear("calls", eve, &call(&mut world, eves, "bob", 6));
    for (at, (conn, name)) in others.iter().zip(&friends).enumerate() {
        hear(name, *conn, &call(&mut world, (*conn, name), "bob", 100 + at));
    }
    hear("bob leaves", eve, &world.round(Input::Disconnected(bob, "connection closed")));
    heard
}

#[test]
fn whoever_is_ignored_hears_what_they_would_hear_of_somebody_who_does_not_answer() {
    let ignored = tried(true);
    assert_eq!(ignored, tried(false));
    let count = |what: &str| ignored.iter().filter(|line| line.contains(what)).count();
    // Four calls of the caller rang, and of the friends' all but the last, since the caller's counts.
    assert_eq!(count("| ringing |"), 4 + MAX_RINGING_AT_ONE - 1, "{ignored:#?}");
    assert_eq!((count("unanswered"), count(" gone"), count("Too many calls ring")), (1, 1, 1), "{ignored:#?}");
    assert_eq!(count("You have started 3 calls"), 1, "{ignored:#?}");
}

#[test]
fn calls_of_many_are_ended_in_slices_once_they_are_switched_off() {
    let mut world = world();
    let names: Vec<String> = (0..=EXPIRED_AT_ONCE).map(|at| format!("caller{at}")).collect();
    let users: Vec<ConnId> = names.iter().map(|name| callable(&mut world, name)).collect();
    // All call the next one in a ring, and one of the calls is answered.
    for at in 0..users.len() {
        call(&mut world, (users[at], &names[at]), &names[(at + 1) % users.len()], at);
    }
    let opened = take(&mut world, (users[8], &names[8]), &names[7], 7).relay;
    assert!(matches!(opened[..], [RelayOrder::Open(..)]));
    let ended = |round: &Round| round.heard.iter().map(|(conn, ..)| told(round, *conn).len()).sum::<usize>() / 2;
    let off = Rules { calls: false, ..world.rules.clone() };
    let round = world.round(Input::Rules(Box::new(off)));
    assert_eq!((ended(&round), round.relay.len()), (EXPIRED_AT_ONCE, 1));
    let left: Vec<usize> = (0..users.len()).filter(|at| told(&round, users[*at]).len() < 2).collect();
    let refused = left.iter().filter_map(|at| {
        let from = at.checked_sub(1).unwrap_or(users.len() - 1);
        take(&mut world, (users[*at], &names[*at]), &names[from], from).refused(users[*at]).map(str::to_owned)
    });
    assert!(refused.collect::<Vec<_>>().contains(&"calls_off".to_owned()), "what is left is not answered any more");
    let round = wait(&mut world, SECOND);
    assert_eq!((ended(&round), world.broker.census().calls["ringing"]), (1, 0));
}

#[test]
fn nobody_calls_or_answers_under_another_key() {
    let mut world = world();
    let (eve, bob) = (callable(&mut world, "eve"), callable(&mut world, "bob"));
    let claims = world.connect(Origin::Tcp(address(90)), None, Dialect::Tr226);
    world.say(claims, "x | server | name | claims");
    for (conn, refused) in [(eve, Some("not_allowed")), (claims, None)] {
        let round = call(&mut world, (conn, "bob"), "bob", 1);
        assert_eq!(round.refused(conn), refused);
        let rings: Vec<&str> = round.of(bob).collect();
        assert_eq!(rings.len(), usize::from(refused.is_none()));
        // Whoever has proved nothing may show any key, and is not called verified.
        assert!(rings.iter().all(|line| !line.contains("verified")), "{rings:?}");
    }
    assert_eq!(take(&mut world, (bob, "eve"), "claims", 1).refused(bob), Some("not_allowed"));
    assert_eq!(take(&mut world, (bob, "bob"), "claims", 1).refused(bob), None);
}

#[test]
fn a_user_is_in_few_calls_whoever_began_them() {
    let mut world = world();
    let victim = callable(&mut world, "victim");
    let names: Vec<String> = (0..=MAX_CALLS_OF_ONE).map(|at| format!("caller{at}")).collect();
    for (at, name) in names.iter().enumerate() {
        let conn = callable(&mut world, name);
        assert_eq!(call(&mut world, (conn, name), "victim", at).refused(conn), None);
    }
    for (at, name) in names.iter().enumerate() {
        let expected = (at == MAX_CALLS_OF_ONE).then_some("too_many_calls");
        assert_eq!(take(&mut world, (victim, "victim"), name, at).refused(victim), expected);
    }
}

#[test]
fn the_call_of_a_room_is_for_those_in_the_room_alone() {
    let mut world = world();
    let [alice, bob, carol] = ["alice", "bob", "carol"].map(|who| callable(&mut world, who));
    world.say(alice, "x | #den | join_room | private");
    let round = call(&mut world, (alice, "alice"), "#den", 1);
    let [RelayOrder::Admit(relay, number, _)] = round.relay[..] else { panic!("{:?}", round.relay) };
    assert_eq!(round.of(bob).chain(round.of(carol)).count(), 0, "nobody outside hears of it");
    // Whoever is outside cannot even find out whether there is a call.
    for room in ["#den", "#nowhere"] {
        assert_eq!(call(&mut world, (carol, "carol"), room, 2).refused(carol), Some("no_such_room"));
        assert_eq!(
            world.say(carol, &format!("x | {room} | leave_call | no data")).refused(carol),
            Some("no_such_room")
        );
    }
    world.say(alice, "x | #den | invite_to_room | bob");
    assert_eq!(call(&mut world, (bob, "bob"), "#den", 3).refused(bob), Some("not_in_room"));
    let round = world.say(bob, "x | #den | join_room | no data");
    assert!(round.of(bob).any(|line| line.contains(" in_call ")));
    let round = call(&mut world, (bob, "bob"), "#den", 3);
    let [RelayOrder::Admit(same, other, _)] = round.relay[..] else { panic!("{:?}", round.relay) };
    assert!(same == relay && other != number);
    // Whoever is kicked out of the room is out of its call at once, and alice is told.
    let round = world.say(alice, "x | #den | kick | bob loud");
    assert_eq!(round.relay, [RelayOrder::Dismiss(relay, other)]);
    assert!(round.of(alice).any(|line| line.contains(" in_call ") && !line.contains(",bob")));
    assert!(matches!(told(&round, bob)[..], [CallEvent::HungUp { by: None, .. }]));
    assert!(call(&mut world, (bob, "bob"), "#den", 3).refused(bob).is_some());
    // Coming and going is no way to have the others told without end.
    world.say(alice, "x | #den | invite_to_room | bob");
    world.say(bob, "x | #den | join_room | no data");
    let mut joined = 0;
    for _ in 0..50 {
        joined += usize::from(call(&mut world, (bob, "bob"), "#den", 4).refused(bob).is_none());
        world.say(bob, "x | #den | leave_call | no data");
    }
    assert_eq!(joined, CALLS_JOINED - 1, "one was before");
}

#[test]
fn a_room_whose_calls_are_off_has_none() {
    let store = SimpleStore::default();
    let mut world = World::new(Rules { own_uid: 42, ..Rules::default() }, store.beginning(), store);
    let [maker, bob, carol] = ["maker", "bob", "carol"].map(|who| callable(&mut world, who));
    let root = world.connect(Origin::Unix(42), None, Dialect::Tr226);
    world.say(root, "x | server | name | root");
    for conn in [maker, bob, carol, root] {
        world.say(conn, "x | #ops | join_room | no data");
    }
    let is_out = |round: &Round, conn| {
        let events = told(round, conn);
        events.iter().any(|event| matches!(event, CallEvent::HungUp { by: None, why: HangUp::Off, .. }))
    };
    let off = "x | #ops | allow_calls | off exam";
    call(&mut world, (bob, "bob"), "#ops", 1);
    // Nobody below a moderator of the room; and while the store is slow or fails, the call goes on.
    assert_eq!(world.say(carol, off).refused(carol), Some("not_moderator"));
    world.keeper.fails = true;
    let round = world.say(maker, off);
    assert_eq!((round.refused(maker), round.relay.len()), (Some("store_unavailable"), 0));
    world.keeper.fails = false;
    assert_eq!(call(&mut world, (carol, "carol"), "#ops", 1).refused(carol), None);
    world.broker.handle(world.now, Input::Received(maker, Request::parse(off.as_bytes())), &mut world.outbox);
    let mut round = Round::default();
    world.hand_out(&mut round);
    assert!(round.heard.is_empty() && round.relay.is_empty(), "before it is stored");
    world.settle(&mut round);
    assert!(is_out(&round, bob) && is_out(&round, carol), "both are out");
    assert!(matches!(round.relay[..], [RelayOrder::Dismiss(..), RelayOrder::Close(_)]), "{:?}", round.relay);
    assert!(round.of(bob).any(|line| line.contains("| act | allow_calls - - off exam")));
    // Nobody begins another one, whatever their rank, and after a restart neither.
    let refused = |world: &mut World<SimpleStore>, conn, who| {
        let round = call(world, (conn, who), "#ops", 2);
        assert!(round.relay.is_empty());
        round.refused(conn).map(str::to_owned)
    };
    for (conn, who) in [(carol, "carol"), (maker, "maker"), (root, "root")] {
        assert_eq!(refused(&mut world, conn, who).as_deref(), Some("calls_off"), "{who}");
    }
    let beginning = world.keeper.beginning();
    world.restart(beginning);
    let [maker, bob] = ["maker", "bob"].map(|who| callable(&mut world, who));
    assert_eq!(refused(&mut world, bob, "bob").as_deref(), Some("calls_off"));
    // Who joins before the store has failed to keep that calls are on again is out with that.
    world.keeper.fails = true;
    let on = Request::parse(b"x | #ops | allow_calls | on over");
    world.broker.handle(world.now, Input::Received(maker, on), &mut world.outbox);
    let mut round = Round::default();
    let joins = format!("x | #ops | call | id={:032x} what=chat key={}", 3, key_of("bob"));
    world.broker.handle(world.now, Input::Received(bob, Request::parse(joins.as_bytes())), &mut world.outbox);
    world.hand_out(&mut round);
    assert!(matches!(round.relay[..], [RelayOrder::Admit(..)]), "{:?}", round.relay);
    world.settle(&mut round);
    assert!(is_out(&round, bob), "{:?}", round.of(bob).collect::<Vec<_>>());
    assert_eq!(round.refused(maker), Some("store_unavailable"));
    world.keeper.fails = false;
    world.say(maker, "x | #ops | allow_calls | on over");
    assert_eq!(call(&mut world, (bob, "bob"), "#ops", 4).refused(bob), None);
}
