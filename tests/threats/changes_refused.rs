//! Changes of messages by those who may not make them: whoever is silenced, is not there, or does not rank above; and what
//! is left of what was deleted. The broker together with a history in a file.

use tr2::model::Origin;
use tr2::protocol::{Dialect, Envelope};

use super::changes::{history, refusal, said};
use super::past::{Disk, gone, indexed, peopled};
use super::serving::{Folder, Peer, Server};
use crate::world::{RANKS, World, people};

#[test]
fn whoever_may_not_speak_speaks_through_no_change() {
    let folder = Folder::new();
    let mut world = peopled(&folder);
    let moderator = world.join("moderatorp1");
    world.join("moderatorp2");
    let (anna, eve) = (world.join("anna"), world.join("eve"));
    for conn in [moderator, anna, eve] {
        world.say(conn, "x | server | capabilities | reply edit react");
    }
    for conn in [anna, eve, moderator] {
        world.say(conn, "x | #den | join_room");
    }
    let places = [("all clients", "broadcast"), ("#den", "broadcast"), ("anna", "private_message")];
    let said_by = |world: &mut World<Disk>, conn, mark: &str| {
        places.map(|(place, how)| said(world, conn, place, &format!("{how} | {mark} at {place}")))
    };
    let (own, annas) = (said_by(&mut world, eve, "eve's"), {
        let aloud = said(&mut world, anna, "all clients", "broadcast | anna's");
        let room = said(&mut world, anna, "#den", "broadcast | anna's in the den");
        let private = said(&mut world, anna, "eve", "private_message | anna's for eve");
        [aloud, room, private]
    });
    let mute = ("mute | eve loud", "unmute | eve done");
    let read_only = ("read_only | on loud", "read_only | off done");
    for (at, (on, off), code, silent) in [
        ("all clients", mute, "muted", [true, true, true]),
        ("#den", mute, "muted", [false, true, false]),
        ("all clients", read_only, "read_only", [true, false, false]),
        ("#den", read_only, "read_only", [false, true, false]),
    ] {
        assert_eq!(refusal(&mut world, moderator, &format!("x | {at} | {on}")), None);
        for (((place, how), silent), (own, other)) in places.into_iter().zip(silent).zip(own.into_iter().zip(annas)) {
            let wanted = silent.then(|| code.to_owned());
            for line in [
                format!("x | {place} | edit | {own} {code} at {at}"),
                format!("x | {place} | react | {other} +1"),
                format!("x | {place} | react | {own} +1"),
                format!("@reply={other} x | {place} | {how} | indeed"),
            ] {
                assert_eq!(refusal(&mut world, eve, &line), wanted, "{line} while {on} holds {at}");
            }
            // What one has said one may still take back.
            for line in [format!("x | {place} | unreact | {other} +1"), format!("x | {place} | unreact | {own} +1")] {
                assert_eq!(refusal(&mut world, eve, &line), None, "{line}");
            }
        }
        assert_eq!(refusal(&mut world, moderator, &format!("x | {at} | {off}")), None);
    }
    // A moderator of the server is always reached.
    assert_eq!(refusal(&mut world, moderator, "x | all clients | mute | eve loud"), None);
    let number = said(&mut world, eve, "moderatorp2", "private_message | help");
    assert_eq!(refusal(&mut world, eve, &format!("x | moderatorp2 | edit | {number} help me")), None);
    for ((place, _), own) in places.into_iter().zip(own) {
        assert_eq!(refusal(&mut world, eve, &format!("x | {place} | retract | {own}")), None, "{place}");
    }
    assert_eq!(refusal(&mut world, moderator, "x | all clients | unmute | eve done"), None);
    // An edit is one message more for slow mode, a reaction is none.
    let number = said(&mut world, eve, "#den", "broadcast | slow");
    assert_eq!(refusal(&mut world, moderator, "x | #den | slow_mode | 60 slowly"), None);
    assert_eq!(refusal(&mut world, eve, &format!("x | #den | edit | {number} slower")), None);
    for line in [format!("edit | {number} at once"), "broadcast | at once".to_owned()] {
        assert_eq!(refusal(&mut world, eve, &format!("x | #den | {line}")).as_deref(), Some("slow_mode"), "{line}");
    }
    // To leave and to come back makes the wait no shorter.
    world.say(eve, "x | #den | leave_room");
    world.say(eve, "x | #den | join_room");
    assert_eq!(refusal(&mut world, eve, "x | #den | broadcast | at once").as_deref(), Some("slow_mode"));
    assert_eq!(refusal(&mut world, eve, &format!("x | #den | react | {number} ok")), None);
    // Whoever is out of a room changes nothing of what was said in it, however it is asked for.
    assert_eq!(refusal(&mut world, moderator, "x | #den | ban | eve out"), None);
    for how in [
        "edit | {} in",
        "retract | {}",
        "react | {} +1",
        "unreact | {} ok",
        "delete | {} in",
        "remove_reaction | {} ok - in",
    ] {
        for (place, code) in
            [("#den", ["not_in_room", "not_moderator"]), ("all clients", ["no_such_message", "not_moderator"])]
        {
            let line = format!("x | {place} | {}", how.replace("{}", &number.to_string()));
            let refused = refusal(&mut world, eve, &line);
            assert!(code.contains(&refused.as_deref().unwrap_or("done")), "{line}: {refused:?}");
        }
    }
    let told = history(&mut world, anna, "#den");
    assert!(told.contains("slower") && told.contains("1:ok"), "{told}");
}

#[test]
fn nobody_hears_of_a_change_who_does_not_see_the_message() {
    let folder = Folder::new();
    let mut world = peopled(&folder);
    let (moderator, anna, kim, eve) =
        (world.join("moderatorp1"), world.join("anna"), world.join("kim"), world.join("eve"));
    let original = world.connect(Origin::Tcp(([127, 0, 0, 1], 4001).into()), None, Dialect::Tr223);
    world.say(original, "x | server | name | old");
    for conn in [moderator, anna, kim, eve] {
        world.say(conn, "x | server | capabilities | reply edit react");
    }
    for conn in [anna, kim] {
        world.say(conn, "x | #den | join_room | private");
        world.say(anna, "x | #den | invite_to_room | kim");
    }
    let room = said(&mut world, anna, "#den", "broadcast | a pin in the den");
    let private = said(&mut world, anna, "kim", "private_message | a pin for kim");
    for (number, place, other) in [(room, "#den", "#den"), (private, "kim", "anna")] {
        for (conn, line) in [
            (anna, format!("x | {place} | edit | {number} another pin")),
            (kim, format!("x | {other} | react | {number} pin")),
            (kim, format!("x | {other} | unreact | {number} pin")),
            (kim, format!("x | {other} | react | {number} pin2")),
            (
                kim,
                format!(
                    "@reply={number} x | {other} | {} | no pins",
                    if other == "#den" { "broadcast" } else { "private_message" }
                ),
            ),
        ] {
            let round = world.say(conn, &line);
            assert_eq!(round.refused(conn), None, "{line}");
            let hears = |who| round.of(who).count();
            assert!(hears(anna) > 0 && hears(kim) > 0, "{line}");
            assert_eq!(hears(eve) + hears(original) + hears(moderator), 0, "{line} is heard by others");
        }
        // Nor by asking, whatever the rank, and a moderator does nothing to what two users say to each other.
        for who in [eve, moderator] {
            for how in [
                "edit | {} x",
                "retract | {}",
                "react | {} x",
                "unreact | {} pin2",
                "delete | {} x",
                "remove_reaction | {} pin2 kim x",
            ] {
                for at in ["all clients", "anna", "kim", place] {
                    if place == "#den"
                        && at == "#den"
                        && who == moderator
                        && (how.starts_with("delete") || how.starts_with("remove"))
                    {
                        continue;
                    }
                    let there = world.say(who, &format!("x | {at} | {}", how.replace("{}", &number.to_string())));
                    let nowhere = world.say(who, &format!("x | {at} | {}", how.replace("{}", "17")));
                    let told = |round: &crate::world::Round| round.of(who).collect::<String>();
                    assert!(there.refused(who).is_some(), "{how} at {at}: {}", told(&there));
                    assert_eq!(told(&there), told(&nowhere), "{how} at {at}");
                    assert!(there.heard.iter().all(|(to, ..)| *to == who));
                }
            }
            let told: String = ["#den", "anna", "kim", "all clients"]
                .map(|at| {
                    history(&mut world, who, at)
                        + &world.say(who, &format!("x | {at} | changes | since=1")).of(who).collect::<String>()
                })
                .concat();
            let found: String = world.say(who, "x | server | search | pin").of(who).collect();
            assert!(!told.contains("pin") && !found.contains("a pin") && !found.contains("pins"), "{told}{found}");
        }
    }
    // A moderator of the server may act in a room without being in it.
    assert_eq!(refusal(&mut world, moderator, &format!("x | #den | remove_reaction | {room} pin2 kim rude")), None);
}

#[test]
fn a_moderator_removes_reactions_of_those_below_alone() {
    let folder = Folder::new();
    let mut world = peopled(&folder);
    let names: Vec<String> = people().map(|(_, who)| who).collect();
    let conns: Vec<_> = names.iter().map(|who| world.join(who)).collect();
    let conn = |who: &str| conns[names.iter().position(|name| name == who).unwrap()];
    world.say(conn("userp1"), "x | server | capabilities | reply edit react");
    let number = said(&mut world, conn("userp1"), "#ops", "broadcast | hello");
    let ranks = RANKS;
    for (at, (_, word)) in ranks.into_iter().enumerate() {
        let actor = conn(&format!("{word}p1"));
        for (other, (_, below)) in ranks.into_iter().enumerate() {
            let whom = format!("{below}p2");
            for named in [whom.as_str(), "-"] {
                assert_eq!(refusal(&mut world, conn(&whom), &format!("x | #ops | react | {number} rude")), None);
                let line = format!("x | #ops | remove_reaction | {number} rude {named} it insults");
                let wanted = match (at, at > other) {
                    (0, _) => Some("not_moderator"),
                    (_, true) => None,
                    (_, false) => Some("not_allowed"),
                };
                assert_eq!(refusal(&mut world, actor, &line).as_deref(), wanted, "{word}p1 {named} {whom}");
                world.say(conn(&whom), &format!("x | #ops | unreact | {number} rude"));
            }
        }
    }
    // Among many, one who ranks as high is enough.
    for who in ["userp2", "makerp1"] {
        assert_eq!(refusal(&mut world, conn(who), &format!("x | #ops | react | {number} rude")), None);
    }
    let all = format!("x | #ops | remove_reaction | {number} rude - it insults");
    assert_eq!(refusal(&mut world, conn("helperp1"), &all).as_deref(), Some("not_allowed"));
    let told = history(&mut world, conn("userp1"), "#ops");
    assert!(told.contains("2:rude"), "{told}");
    assert_eq!(refusal(&mut world, conn("moderatorp1"), &all), None);
    assert_eq!(refusal(&mut world, conn("moderatorp1"), &all).as_deref(), Some("no_such_reaction"));
    let told: String = world.say(conn("helperp1"), "x | #ops | modlog | limit=1").of(conn("helperp1")).collect();
    assert!(told.contains("moderatorp1 | #ops | act | remove_reaction - - off it insults"), "{told}");
}

#[test]
fn what_was_deleted_or_removed_is_nowhere() {
    let folder = Folder::new();
    let mut world = peopled(&folder);
    let (moderator, anna, eve) = (world.join("moderatorp1"), world.join("anna"), world.join("eve"));
    world.say(eve, "x | server | capabilities | reply edit react");
    let edited = said(&mut world, anna, "all clients", "broadcast | zebrafish1 slipped out");
    let retracted = said(&mut world, anna, "all clients", "broadcast | zebrafish2 slipped out");
    let deleted = said(&mut world, anna, "all clients", "broadcast | zebrafish3 slipped out");
    let liked = said(&mut world, anna, "all clients", "broadcast | nothing of note");
    for number in [retracted, deleted] {
        assert_eq!(
            refusal(&mut world, eve, &format!("@reply={number} x | all clients | broadcast | on {number}")),
            None
        );
        assert_eq!(refusal(&mut world, eve, &format!("x | all clients | react | {number} zebrine")), None);
    }
    assert_eq!(refusal(&mut world, eve, &format!("x | all clients | react | {liked} zebrafish4")), None);
    assert_eq!(refusal(&mut world, eve, &format!("x | all clients | react | {liked} zebrafish5")), None);
    indexed(&folder);
    for (conn, line) in [
        (anna, format!("edit | {edited} no more of it")),
        (anna, format!("retract | {retracted}")),
        (moderator, format!("delete | {deleted} private")),
        (moderator, format!("remove_reaction | {liked} zebrafish4 eve rude")),
        (eve, format!("unreact | {liked} zebrafish5")),
    ] {
        assert_eq!(refusal(&mut world, conn, &format!("x | all clients | {line}")), None, "{line}");
    }
    let asked =
        ["history | limit=50", "history | since=0 limit=50", "changes | since=0"].map(|asked| ("all clients", asked));
    let asked = asked
        .into_iter()
        .chain(["search | zebra*", "search | slipped", "conversations"].map(|asked| ("server", asked)));
    for (to, asked) in asked {
        let told: String = world.say(eve, &format!("x | {to} | {asked}")).of(eve).collect();
        assert!(!told.contains("zebrafish") && !told.contains("slipped"), "{asked}: {told}");
    }
    // Of those, nothing can be done any more to the two that are deleted.
    for number in [retracted, deleted] {
        for line in [
            format!("x | all clients | edit | {number} again"),
            format!("x | all clients | retract | {number}"),
            format!("x | all clients | react | {number} +1"),
            format!("x | all clients | unreact | {number} zebrine"),
            format!("@reply={number} x | all clients | broadcast | what?"),
        ] {
            assert_eq!(refusal(&mut world, anna, &line).as_deref(), Some("no_such_message"), "{line}");
        }
        for line in [format!("delete | {number} again"), format!("remove_reaction | {number} zebrine - again")] {
            let refused = refusal(&mut world, moderator, &format!("x | all clients | {line}"));
            assert_eq!(refused.as_deref(), Some("no_such_message"), "{line}");
        }
    }
    // Neither in the files, once the log is emptied, nor in a copy.
    let copy = Folder::new();
    (1..5).for_each(|which| gone(&folder, &format!("zebrafish{which}")));
    gone(&folder, "zebrine");
    tr2::server::store::backup(folder.path(), &copy.path().join("copy.db")).unwrap();
    ["zebrafish", "slipped"].iter().for_each(|word| gone(&copy, word));
}

#[test]
fn nothing_is_done_twice_if_it_is_asked_for_again_under_its_label() {
    let folder = Folder::new();
    let mut world = peopled(&folder);
    let (moderator, anna, eve) = (world.join("moderatorp1"), world.join("anna"), world.join("eve"));
    world.say(eve, "x | server | capabilities | reply edit react");
    let number = said(&mut world, anna, "all clients", "broadcast | once");
    let other = said(&mut world, anna, "all clients", "broadcast | twice");
    for (conn, line, again) in [
        (anna, format!("@ref=a x | all clients | edit | {number} once, edited"), None),
        (anna, format!("@ref=b x | all clients | react | {number} +1"), None),
        (anna, format!("@ref=c;reply={number} x | all clients | broadcast | and that"), None),
        (
            moderator,
            format!("@ref=d x | all clients | remove_reaction | {number} +1 anna why"),
            Some("no_such_reaction"),
        ),
        (anna, format!("@ref=e x | all clients | unreact | {number} +1"), None),
        (moderator, format!("@ref=f x | all clients | delete | {other} why"), Some("no_such_message")),
        (anna, format!("@ref=g x | all clients | retract | {number}"), None),
    ] {
        let first = world.say(conn, &line);
        assert_eq!(first.refused(conn), None, "{line}");
        let known = history(&mut world, eve, "all clients");
        let round = world.say(conn, &line);
        assert_eq!(round.refused(conn), again, "{line}");
        assert_eq!(round.of(eve).count(), 0, "{line} is heard twice");
        // Each answer has a batch of its own.
        let fields = |told: String| {
            told.split('@').map(|line| line.split_once(' ').map(|it| it.1.to_owned())).collect::<Vec<_>>()
        };
        assert_eq!(fields(history(&mut world, eve, "all clients")), fields(known));
    }
    let log: Vec<String> =
        world.say(moderator, "x | all clients | modlog | limit=9").of(moderator).map(str::to_owned).collect();
    assert_eq!(log.len(), 3, "{log:?}");
}

#[test]
fn edits_and_reactions_count_for_the_rate_of_their_connection() {
    let server = Server::start(&["--flood", "3/20", "--durability", "memory", "--log", "error"]);
    let mut anna = Peer::join(server.address, "anna");
    let told = anna.ask("@ref=1 x | all clients | broadcast | hello", "| accepted");
    let number = Envelope::parse(told.trim_end().as_bytes()).unwrap().id.unwrap();
    // What comes faster than that waits for its turn.
    let begun = std::time::Instant::now();
    let line =
        |at: usize| format!("@ref={at} x | all clients | {} | {number} r{at}\n", ["react", "unreact", "edit"][at % 3]);
    anna.send((0..12).map(line).collect::<String>().as_bytes());
    while !anna.hear().contains("@ref=11") {}
    let took = begun.elapsed();
    assert!(took >= std::time::Duration::from_millis(1000 * (12 - 3) / 20 - 100), "{took:?}");
}
