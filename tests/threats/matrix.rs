//! Authority: every act by every rank on every rank, as the real broker carries it out.

use std::sync::mpsc::channel;

use tr2::model::Rank;
use tr2::protocol::Verb;
use tr2::server::broker::moderation::authority::{Subject, may};
use tr2::server::store::api::{Job, Update};

use super::serving::{Peer, Server};
use crate::chance::Chance;
use crate::world::{RANKS, Willing, World, cast, fact};

/// The data of a request for an act, with its target if it has one.
fn data(verb: Verb, whom: &str) -> String {
    match verb {
        Verb::Mute | Verb::Ban => format!("{whom} for=60s because"),
        Verb::SlowMode => "5 because".to_owned(),
        Verb::ReadOnly | Verb::LockTopic | Verb::AllowCalls => "on because".to_owned(),
        Verb::Delete => "1 because".to_owned(),
        Verb::RemoveReaction => format!("1 +1 {whom} because"),
        Verb::Announce => "because".to_owned(),
        _ => format!("{whom} because"),
    }
}

/// Whether an act has a user as its target, rather than the place.
fn is_about_somebody(verb: Verb) -> bool {
    use Verb::{AllowCalls, Announce, Delete, LockTopic, ReadOnly, SlowMode};
    !matches!(verb, SlowMode | ReadOnly | LockTopic | AllowCalls | Delete | Announce)
}

/// The outcome of a cell of the table.
#[derive(Debug, PartialEq, Eq)]
enum Came {
    /// It was carried out.
    Done,
    /// It was refused for lack of rank, and nothing has changed.
    Denied,
    /// It was allowed, but there was nothing to do: no such ban, no rights to take away.
    Idle,
}

fn try_it(verb: Verb, in_room: bool, actor: &str, whom: &str) -> Came {
    let (rules, mut beginning) = cast();
    // Nobody else needs to be online.
    let concerns = |name: &str| name == actor || name == whom;
    beginning.owners.retain(|owner| concerns(owner.name.as_str()));
    beginning.users.retain(|user| concerns(user.as_str()));
    // Except for one, so that the room survives when its banned user joins.
    let stays = |name: &str| concerns(name) || name == "makerp2";
    beginning.facts.retain(|(kind, key, _)| kind != "member" || stays(&key[2..]));
    let place = if in_room { "#ops" } else { "all clients" };
    let high = actor.starts_with("keeper") || actor.starts_with("moderator");
    if matches!(verb, Verb::Unban | Verb::Unmute) && (whom != actor || high || in_room) {
        let (room, mute) = (if in_room { "1" } else { "null" }, verb == Verb::Unmute);
        let value =
            format!(r#"{{"room":{room},"mute":{mute},"whom":["{whom}"],"by":"keeperp1","until":null,"reason":"x"}}"#);
        beginning.facts.push(fact("ban", "1", &value));
    }
    let mut world = World::new(rules, beginning, Willing);
    let conn = world.join(actor);
    if whom != actor && verb != Verb::Unban {
        world.join(whom);
    }
    let round = world.say(conn, &format!("@ref=1 x | {place} | {} | {}", verb.as_str(), data(verb, whom)));
    let is_log = |change: &Update| matches!(change, Update::Log(_));
    let deletes = round.jobs.iter().any(|job| matches!(job, Job::Delete(_) | Job::Change(_)));
    let done = deletes || round.jobs.iter().flat_map(Job::changes).any(is_log);
    let changed = deletes || round.jobs.iter().any(|job| !job.changes().is_empty());
    let others = round.heard.iter().any(|(who, ..)| *who != conn);
    match round.refused(conn) {
        None if done => Came::Done,
        // A muted user does not speak through a reason either.
        Some("not_moderator" | "muted") if !changed && !others => Came::Denied,
        Some("not_allowed") if !changed && !others => {
            let said = round.of(conn).next().unwrap();
            if said.contains("is not a moderator of") { Came::Idle } else { Came::Denied }
        }
        // The whole server has no call of its own.
        Some("bad_room") if verb == Verb::AllowCalls && !in_room && !changed && !others => Came::Idle,
        // A name is one of the whole server.
        Some("bad_room") if verb == Verb::Free && in_room && !changed && !others => Came::Idle,
        other => panic!("{actor} {} {whom} at {place}: {other:?}", verb.as_str()),
    }
}

// T7: operation, role and target as one table of 530 cells; the outcome is that of the table in `authority`.
#[test]
fn every_act_by_every_rank_on_every_rank_does_what_the_table_says() {
    let mut cells = 0;
    for in_room in [false, true] {
        for verb in Verb::ALL {
            for (actor, word) in RANKS {
                let doer = format!("{word}p1");
                // A rank in a room is no rank on the server.
                let there = |rank: Rank| if in_room || rank >= Rank::Moderator { rank } else { Rank::User };
                let mut subjects = vec![(Subject::Nobody, doer.clone())];
                if is_about_somebody(verb) {
                    subjects = RANKS.map(|(rank, word)| (Subject::Other(there(rank)), format!("{word}p2"))).to_vec();
                    subjects.push((Subject::Oneself, doer.clone()));
                }
                for (subject, whom) in subjects {
                    cells += 1;
                    let came = try_it(verb, in_room, &doer, &whom);
                    let allowed = may(there(actor), verb, in_room, subject).is_ok();
                    let cell = format!("{doer} {} {whom}, in a room: {in_room}", verb.as_str());
                    let nothing = verb == Verb::Revoke
                        && matches!(subject, Subject::Other(rank) if rank == Rank::User || in_room && rank == Rank::Moderator);
                    let nothing = nothing
                        || verb == Verb::AllowCalls && !in_room
                        || verb == Verb::Free && in_room
                        || verb == Verb::Revoke && in_room && subject == Subject::Oneself && actor >= Rank::Moderator;
                    let expected = match allowed {
                        true if nothing => Came::Idle,
                        true => Came::Done,
                        false => Came::Denied,
                    };
                    assert_eq!(came, expected, "{cell}");
                }
            }
        }
    }
    println!("{cells} cells");
    assert!(cells >= 120);
}

// T7: a moderator is demoted while acting, 1,000 times in random order: none of their acts is carried out after the
// demotion was acknowledged.
#[test]
fn a_demoted_user_can_do_nothing_in_a_thousand_orders() {
    let (rules, beginning) = cast();
    let mut world = World::new(rules, beginning, Willing);
    let (keeper, moderator, user) = (world.join("keeperp1"), world.join("moderatorp1"), world.join("userp1"));
    let (mut before, mut after) = (0, 0);
    for race in 0..1000 {
        let mut chance = Chance(race);
        let mut demoted = false;
        let mut left = 6;
        while left > 0 || !demoted {
            if !demoted && chance.below(4) == 0 || left == 0 {
                let round = world.say(keeper, "x | all clients | revoke | moderatorp1 race");
                assert!(round.refused(keeper).is_none());
                demoted = true;
                continue;
            }
            left -= 1;
            let acts = [
                "slow_mode | 1 x",
                "mute | userp2 x",
                "announce | x",
                "topic | x",
                "lock_topic | on x",
                "delete | 1 x",
            ];
            let act = format!("x | all clients | {}", acts[chance.below(acts.len())]);
            let round = world.say(moderator, &act);
            let acted = round.jobs.iter().any(|job| matches!(job, Job::Delete(_)) || !job.changes().is_empty());
            assert_eq!(acted, !demoted, "race {race}: {act}");
            assert_eq!(round.of(user).count() > 0, !demoted, "race {race}: {act}");
            *(if demoted { &mut after } else { &mut before }) += 1;
        }
        world.say(keeper, "x | all clients | grant | moderatorp1 again");
    }
    println!("{before} acts before the demotion were carried out, {after} after it were refused");
    assert!(before > 100 && after > 100);
}

// T7: the same over sockets, with both sides sending at once: 1,000 demotions of a room's moderator.
#[test]
fn a_demoted_user_can_do_nothing_in_a_thousand_socket_races() {
    let races = 1000;
    let server = Server::start(&["--flood", "off", "--durability", "memory", "--log", "error"]);
    let mut maker = Peer::join(server.address, "maker");
    let mut helper = Peer::join(server.address, "helper");
    maker.ask("x | #ops | join_room", "| room |");
    helper.ask("x | #ops | join_room", "| room |");
    let (begin, begun) = channel::<usize>();
    let mut listener = std::io::BufReader::new(helper.stream().try_clone().unwrap());
    std::thread::scope(|scope| {
        scope.spawn(move || {
            for race in begun {
                let lines: String = (0..20).map(|at| format!("x | #ops | announce | race {race} {at}\n")).collect();
                // In pieces, so that they meet the demotion halfway.
                lines.as_bytes().chunks(40).for_each(|piece| helper.send(piece));
            }
            helper.stream().shutdown(std::net::Shutdown::Both).unwrap();
        });
        scope.spawn(move || std::io::copy(&mut listener, &mut std::io::sink()));
        let (mut carried, mut over) = (0, 0);
        for race in 0..races {
            maker.ask(&format!("@ref=g{race} x | #ops | grant | helper race"), &format!("ref=g{race} maker"));
            begin.send(race).unwrap();
            for _ in 0..race % 100 * 100 {
                std::hint::spin_loop();
            }
            maker.say(&format!("@ref=r{race} x | #ops | revoke | helper race"));
            let mut acknowledged = false;
            maker.say(&format!("@ref=e{race} x | x | echo | {race}"));
            loop {
                let line = maker.hear();
                if line.contains("| act | announce") {
                    carried += 1;
                    assert!(!acknowledged, "an act after the demotion was acknowledged: {line}");
                }
                acknowledged |= line.contains(&format!("ref=r{race} maker | #ops | act | revoke helper"));
                if line.contains(&format!("ref=e{race} ")) {
                    break;
                }
            }
            over += usize::from(acknowledged);
        }
        drop(begin);
        // Nothing follows the last one either.
        maker.say("@ref=last x | #ops | members");
        loop {
            let line = maker.hear();
            assert!(!line.contains("| act | announce"), "{line}");
            if line.contains("members_end") {
                break;
            }
        }
        println!("{races} races: {carried} acts were carried out in time");
        assert_eq!(over, races);
    });
}
