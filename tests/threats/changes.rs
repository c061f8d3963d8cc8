//! Changes of messages against their rules: another's message, a message too old, a name that is another's now, more
//! reactions than there may be, and answers to what one may not see. The broker together with a history in a file.

use std::time::Duration;

use tr2::model::Origin;
use tr2::protocol::lines;
use tr2::protocol::{Dialect, Envelope};
use tr2::server::broker::Input;
use tr2::server::broker::access::name_policy::Login;
use tr2::server::ids::ConnId;
use tr2::server::store::limits::{MAX_REACTIONS, MAX_REACTIONS_OF_ONE};

use super::past::{Disk, gone, indexed, join_as_login, started};
use crate::serving::Folder;
use crate::world::World;

/// Says something, and returns its number.
pub fn said(world: &mut World<Disk>, conn: ConnId, to: &str, text: &str) -> u64 {
    let label: u64 = text.bytes().map(u64::from).sum();
    let round = world.say(conn, &format!("@ref={label} x | {to} | {text}"));
    let own = round.of(conn).find(|line| line.contains("| accepted")).expect("it is accepted").to_owned();
    Envelope::parse(own.trim_end().as_bytes()).unwrap().id.unwrap().0
}

/// Whether a change is refused, and with which code; nobody else hears of it then.
pub fn refusal(world: &mut World<Disk>, conn: ConnId, line: &str) -> Option<String> {
    let round = world.say(conn, line);
    let code = round.refused(conn).map(str::to_owned);
    if code.is_some() {
        assert!(round.heard.iter().all(|(to, ..)| *to == conn), "{line} is heard");
    }
    code
}

pub fn history(world: &mut World<Disk>, conn: ConnId, with: &str) -> String {
    world.say(conn, &format!("x | {with} | history | limit=50")).of(conn).collect()
}

fn outsider(world: &mut World<Disk>, name: &str) -> ConnId {
    let conn = world.connect(Origin::Tcp(([127, 0, 0, 1], 4000).into()), None, Dialect::Tr226);
    let round = world.say(conn, &format!("x | server | name | {name}"));
    assert!(round.of(conn).any(|line| line.contains("| connection_confirmation |")), "{name} is not let in");
    conn
}

#[test]
fn nobody_changes_what_another_said() {
    let folder = Folder::new();
    let mut world = started(&folder);
    let (anna, eve) = (world.join("anna"), world.join("eve"));
    let kim = world.join("kim");
    let aloud = said(&mut world, anna, "all clients", "broadcast | as anna said it");
    let private = said(&mut world, anna, "eve", "private_message | as anna said it to eve");
    let secret = said(&mut world, anna, "kim", "private_message | as anna said it to kim");
    for how in ["edit", "retract"] {
        for who in [eve, kim] {
            let line = format!("x | all clients | {how} | {aloud} forged");
            assert_eq!(refusal(&mut world, who, &line).as_deref(), Some("not_yours"), "{line}");
        }
        let line = format!("x | anna | {how} | {private} forged");
        assert_eq!(refusal(&mut world, eve, &line).as_deref(), Some("not_yours"));
        // What one may not see is refused as what does not exist, whatever conversation it is said to be in.
        for (number, place) in [(secret, "anna"), (secret, "kim"), (secret, "all clients"), (private, "all clients")] {
            let there = refusal(&mut world, eve, &format!("@ref=r x | {place} | {how} | {number} forged"));
            let nowhere = refusal(&mut world, eve, &format!("@ref=r x | {place} | {how} | 17 forged"));
            assert_eq!((there.as_deref(), &there), (Some("no_such_message"), &nowhere), "{place} {number}");
        }
    }
    for (conn, place) in [(eve, "all clients"), (eve, "anna"), (kim, "anna")] {
        let told = history(&mut world, conn, place);
        assert!(told.contains("as anna said it") && !told.contains("forged"), "{told}");
    }
}

#[test]
fn whoever_has_a_name_later_changes_nothing_of_what_was_said_under_it() {
    let folder = Folder::new();
    let mut world = started(&folder);
    let anna = world.join("anna");
    // Claimed, and claimed again by somebody else.
    let zoe = outsider(&mut world, "zoe");
    let claimed = said(&mut world, zoe, "all clients", "broadcast | claimed");
    world.round(Input::Disconnected(zoe, "gone"));
    let mallory = outsider(&mut world, "zoe");
    for how in ["edit", "retract"] {
        let line = format!("x | all clients | {how} | {claimed} forged");
        assert_eq!(refusal(&mut world, mallory, &line).as_deref(), Some("not_yours"), "{how}");
    }
    world.round(Input::Disconnected(mallory, "gone"));
    // Owned by a login, and then by another one.
    let zoe = join_as_login(&mut world, 1003, "zoe", "zoe", Login::Own);
    let line = format!("x | all clients | edit | {claimed} forged");
    assert_eq!(refusal(&mut world, zoe, &line).as_deref(), Some("not_yours"));
    let owned = said(&mut world, zoe, "all clients", "broadcast | owned");
    let private = said(&mut world, zoe, "anna", "private_message | owned, to anna");
    world.round(Input::Disconnected(zoe, "gone"));
    let back = join_as_login(&mut world, 1003, "zoe", "zoe", Login::Own);
    assert_eq!(refusal(&mut world, back, &format!("x | all clients | edit | {owned} owned, edited")), None);
    world.round(Input::Disconnected(back, "gone"));
    let mallory = join_as_login(&mut world, 1003, "mallory", "zoe", Login::Nobodys);
    for how in ["edit", "retract"] {
        let line = format!("x | all clients | {how} | {owned} forged");
        assert_eq!(refusal(&mut world, mallory, &line).as_deref(), Some("not_yours"), "{how}");
        let line = format!("x | anna | {how} | {private} forged");
        assert_eq!(refusal(&mut world, mallory, &line).as_deref(), Some("no_such_message"), "{how}");
    }
    let told = history(&mut world, anna, "all clients") + &history(&mut world, anna, "zoe");
    assert!(told.contains("owned, edited") && told.contains("owned, to anna") && !told.contains("forged"), "{told}");
}

#[test]
fn a_message_is_changed_in_time_or_not_at_all() {
    let folder = Folder::new();
    let mut world = started(&folder);
    let (anna, eve) = (world.join("anna"), world.join("eve"));
    let number = said(&mut world, anna, "all clients", "broadcast | as it was");
    let day = Duration::from_secs(24 * 60 * 60);
    world.now.wall = world.now.wall.after(day);
    assert_eq!(refusal(&mut world, anna, &format!("x | all clients | edit | {number} as it is")), None);
    world.now.wall = world.now.wall.after(Duration::from_millis(1));
    // An edit makes the message no younger.
    for how in ["edit", "retract"] {
        let line = format!("x | all clients | {how} | {number} too late");
        assert_eq!(refusal(&mut world, anna, &line).as_deref(), Some("too_late"), "{how}");
    }
    assert!(history(&mut world, eve, "all clients").contains("as it is"));
}

#[test]
fn an_answer_shows_nothing_of_what_its_sender_may_not_see() {
    let folder = Folder::new();
    let mut world = started(&folder);
    let (anna, eve) = (world.join("anna"), world.join("eve"));
    world.join("kim");
    world.say(eve, "x | server | capabilities | reply edit react");
    world.say(anna, "x | #den | join_room | private");
    world.say(eve, "x | #eves | join_room");
    let room = said(&mut world, anna, "#den", "broadcast | a pin in the den");
    let private = said(&mut world, anna, "kim", "private_message | a pin for kim");
    for number in [room, private] {
        for (place, how) in [("all clients", "broadcast"), ("#eves", "broadcast"), ("anna", "private_message")] {
            let line = |number| format!("@ref=r{number}{place};reply={number} x | {place} | {how} | what?");
            let round = world.say(eve, &line(number).replace("all clients;", "all;"));
            let told: String = round.of(eve).collect();
            assert!(!told.contains("pin"), "{told}");
            let nowhere = world.say(eve, &line(17).replace("all clients;", "all;"));
            assert_eq!((round.refused(eve), nowhere.refused(eve)), (Some("no_such_message"), Some("no_such_message")));
        }
    }
    let told = history(&mut world, eve, "all clients") + &history(&mut world, eve, "#eves");
    assert!(!told.contains("what?") && !told.contains("pin"), "{told}");
}

#[test]
fn no_message_is_buried_under_reactions() {
    let folder = Folder::new();
    let mut world = started(&folder);
    let anna = world.join("anna");
    world.say(anna, "x | server | capabilities | reply edit react");
    let number = said(&mut world, anna, "all clients", "broadcast | much liked");
    let (mut put, mut most) = (0, 0);
    for who in 0..2 * MAX_REACTIONS / MAX_REACTIONS_OF_ONE {
        let conn = world.join(&format!("fan{who}"));
        let before = put;
        for what in 0..2 * MAX_REACTIONS_OF_ONE {
            let line = format!("x | all clients | react | {number} r{who}-{what}");
            match refusal(&mut world, conn, &line).as_deref() {
                None => put += 1,
                Some(code) => assert_eq!(code, "too_many_reactions"),
            }
        }
        most = most.max(put - before);
    }
    assert_eq!(most, MAX_REACTIONS_OF_ONE);
    assert_eq!(put, MAX_REACTIONS);
    let told = history(&mut world, anna, "all clients");
    let reactions = lines::each(told.as_bytes()).find(|line| line.windows(11).any(|it| it == b"| reactions")).unwrap();
    assert_eq!(String::from_utf8_lossy(reactions).matches("1:r").count(), MAX_REACTIONS);
}

#[test]
fn what_an_edit_replaced_is_found_by_nobody() {
    let folder = Folder::new();
    let mut world = started(&folder);
    let (anna, eve) = (world.join("anna"), world.join("eve"));
    let number = said(&mut world, anna, "all clients", "broadcast | zebrafish7 slipped out");
    let early = said(&mut world, anna, "all clients", "broadcast | yellowfin8 slipped out");
    // With the index or without it: both are asked.
    assert_eq!(refusal(&mut world, anna, &format!("x | all clients | edit | {early} at once no more")), None);
    indexed(&folder);
    for text in ["no more of it", "and no more still"] {
        assert_eq!(refusal(&mut world, anna, &format!("x | all clients | edit | {number} {text}")), None);
        for query in ["zebrafish7", "zebra*", "yellowfin8", "slipped"] {
            let told: String = world.say(eve, &format!("x | server | search | {query}")).of(eve).collect();
            assert!(!told.contains(&number.to_string()) && !told.contains(&early.to_string()), "{told}");
        }
    }
    gone(&folder, "zebrafish7");
    gone(&folder, "yellowfin8");
    assert!(history(&mut world, eve, "all clients").contains("and no more still"));
}
