//! Invitations of newcomers: one code for a class, kept over a restart, counted once for each who comes, listed and ended.

use std::time::Duration;

use tr2::model::{Origin, Timestamp};
use tr2::protocol::Dialect;
use tr2::server::broker::Input;
use tr2::server::broker::moderation::clock::ClockNews;
use tr2::server::broker::rules::{Registration, Rules};
use tr2::server::ids::ConnId;
use tr2::server::limits::{CODE_TRIES, PASSPHRASE_TRIES};

use crate::simple_store::SimpleStore;
use crate::world::{Round, World, address, key_of};

/// A class behind one address: everybody comes from here.
const SCHOOL: &str = "198.51.100.7:4000";

struct Class {
    world: World<SimpleStore>,
    teacher: ConnId,
}

impl Class {
    fn new() -> Self {
        let rules = Rules {
            registration: Registration::Invite,
            max_connections: 10_000,
            max_per_address: Some(10_000),
            own_uid: 42,
            ..Rules::default()
        };
        let mut world = World::new(rules, SimpleStore::default().beginning(), SimpleStore::default());
        let teacher = teacher(&mut world);
        Self { world, teacher }
    }

    fn ask(&mut self, said: &str) -> Round {
        self.world.say(self.teacher, &format!("x | server | {said}"))
    }

    /// Invites, and returns the code and the id.
    fn invite(&mut self, order: &str) -> (String, String) {
        let round = self.ask(&format!("invite | {order}"));
        let line = round.of(self.teacher).find(|line| line.contains("| invited |")).unwrap();
        let words: Vec<&str> = line.rsplit(" | ").next().unwrap().split(' ').collect();
        (words[1].to_owned(), words[2].strip_prefix("id=").unwrap().to_owned())
    }

    /// The list, without its end.
    fn listed(&mut self) -> Vec<String> {
        let round = self.ask("invitations | no data");
        let lines: Vec<String> =
            round.of(self.teacher).map(|line| line.split(" | ").skip(2).collect::<Vec<_>>().join(" | ")).collect();
        let (end, lines) = lines.split_last().unwrap();
        assert_eq!(end, "invitations_end | no data");
        lines
            .iter()
            .map(|line| line.strip_prefix("invitation | id=").unwrap().split_once(' ').unwrap().1.into())
            .collect()
    }

    /// Somebody comes with a key of their own and a code; what the server says to the code, and to the name.
    fn come(&mut self, who: &str, code: &str) -> (Option<String>, Option<String>) {
        let conn = self.world.connect(Origin::Tls(SCHOOL.parse().unwrap()), Some(key_of(who)), Dialect::Tr226);
        let shown = self.world.say(conn, &format!("x | server | code | {code}")).refused(conn).map(str::to_owned);
        let named = self.world.say(conn, &format!("x | server | name | {who}")).refused(conn).map(str::to_owned);
        if named.is_some() {
            self.world.round(Input::Disconnected(conn, "connection closed"));
        }
        (shown, named)
    }

    /// The server ends without a word, and starts again on what is stored.
    fn restart(&mut self) {
        let beginning = self.world.keeper.beginning();
        self.world.restart(beginning);
        self.teacher = teacher(&mut self.world);
    }

    fn wait(&mut self, span: Duration) {
        self.world.now.wall = self.world.now.wall.after(span);
    }
}

fn teacher(world: &mut World<SimpleStore>) -> ConnId {
    let conn = world.connect(Origin::Unix(42), None, Dialect::Tr226);
    world.say(conn, "x | server | name | teacher");
    assert_eq!(world.say(conn, "x | server | moderator | right").refused(conn), None);
    conn
}

fn some(code: &str) -> Option<String> {
    Some(code.to_owned())
}

#[test]
fn thirty_come_in_with_one_code_each_under_a_name_of_their_own_and_the_next_one_is_told_why_not() {
    let mut class = Class::new();
    let (code, _) = class.invite("people=30 for=7d");
    for pupil in 0..30 {
        // Half of them come after a restart, and every third does not copy the code rightly at first.
        if pupil == 15 {
            class.restart();
        }
        if pupil % 3 == 0 {
            assert_eq!(class.come(&format!("pupil{pupil}"), &code[1..]).0, some("wrong_code"));
        }
        // From a blackboard: capitals, and spaces for hyphens.
        let typed = code.to_uppercase().replace('-', " ");
        assert_eq!(class.come(&format!("pupil{pupil}"), &typed), (None, None), "{pupil}");
    }
    assert_eq!(class.listed(), ["people=30 used=30 until=2026-11-29T12:00:00.000Z teacher"]);
    let late = class.world.connect(Origin::Tls(SCHOOL.parse().unwrap()), Some(key_of("late")), Dialect::Tr226);
    let round = class.world.say(late, &format!("x | server | code | {code}"));
    let told = round.of(late).next().unwrap();
    assert!(
        told.ends_with(
            "| refused | code_used_up This code was for 30 people, who have all come in; ask for another one."
        )
    );
    assert_eq!(class.world.say(late, "x | server | name | late").refused(late), Some("invitation_needed"));
    // Those who are in come again, with the same line.
    class.restart();
    assert_eq!(class.come("pupil7", &code), (some("code_used_up"), None));
    assert_eq!(class.listed(), ["people=30 used=30 until=2026-11-29T12:00:00.000Z teacher"], "they count once");
}

#[test]
fn two_who_show_the_last_place_of_a_code_do_not_both_get_in() {
    let mut class = Class::new();
    let (code, _) = class.invite("people=1 for=1h");
    let conns = ["first", "second"].map(|who| {
        let conn = class.world.connect(Origin::Tls(address(9)), Some(key_of(who)), Dialect::Tr226);
        assert_eq!(class.world.say(conn, &format!("x | server | code | {code}")).refused(conn), None);
        conn
    });
    assert_eq!(class.world.say(conns[0], "x | server | name | first").refused(conns[0]), None);
    let round = class.world.say(conns[1], "x | server | name | second");
    assert_eq!(round.refused(conns[1]), Some("code_used_up"));
}

#[test]
fn a_code_is_told_only_once_the_invitation_is_stored() {
    let mut class = Class::new();
    class.world.keeper.fails = true;
    assert_eq!(class.ask("invite | people=3 for=1h").refused(class.teacher), Some("store_unavailable"));
    class.world.keeper.fails = false;
    assert!(class.listed().is_empty(), "it was taken back");
}

#[test]
fn whoever_could_not_be_stored_has_used_no_place() {
    let mut class = Class::new();
    let (code, id) = class.invite("people=1 for=1h");
    class.world.keeper.fails = true;
    assert_eq!(class.come("ann", &code), (None, some("store_unavailable")));
    assert_eq!(class.ask(&format!("revoke_invitation | {id}")).refused(class.teacher), Some("store_unavailable"));
    class.world.keeper.fails = false;
    assert_eq!(class.listed(), ["people=1 used=0 until=2026-11-22T13:00:00.000Z teacher"]);
    class.restart();
    assert_eq!(class.come("ann", &code), (None, None));
}

#[test]
fn an_invitation_ends_by_the_wall_clock_or_when_a_moderator_says_so() {
    let mut class = Class::new();
    let (short, _) = class.invite("people=2 for=60s");
    let (long, id) = class.invite("people=2 for=90d");
    class.wait(Duration::from_secs(59));
    assert_eq!(class.come("ann", &short), (None, None));
    class.wait(Duration::from_secs(1));
    assert_eq!(class.come("bob", &short), (some("wrong_code"), some("invitation_needed")));
    class.wait(Duration::from_secs(90 * 24 * 60 * 60 - 61));
    assert_eq!(class.come("bob", &long), (None, None));
    assert_eq!(class.ask(&format!("revoke_invitation | {id}")).refused(class.teacher), None);
    assert_eq!(class.come("cat", &long), (some("wrong_code"), some("invitation_needed")));
    assert_eq!(class.ask(&format!("revoke_invitation | {id}")).refused(class.teacher), Some("no_such_invitation"));
    assert!(class.listed().is_empty());
    // What is over is deleted.
    class.world.round(Input::Tick);
    class.world.round(Input::Tick);
    assert!(class.world.keeper.beginning().facts.iter().all(|(kind, ..)| kind != "invitation"));
}

#[test]
fn the_log_has_guesses_and_not_those_who_type_the_line_of_their_first_day_again() {
    let mut class = Class::new();
    let (code, _) = class.invite("people=1 for=1h");
    class.come("ann", &code);
    let noted = |class: &mut Class, who: &str, code: &str| {
        let conn = class.world.connect(Origin::Tls(SCHOOL.parse().unwrap()), Some(key_of(who)), Dialect::Tr226);
        let round = class.world.say(conn, &format!("x | server | code | {code}"));
        (round.refused(conn).map(str::to_owned), round.notes.iter().any(|note| note.fields().0 == "passphrase_refused"))
    };
    // A code that was right counts as no try, however often it is typed.
    for _ in 0..=PASSPHRASE_TRIES * CODE_TRIES {
        assert_eq!(noted(&mut class, "bob", &code), (some("code_used_up"), false));
    }
    assert_eq!(noted(&mut class, "bob", "lusab-lusab"), (some("wrong_code"), true));
    class.wait(Duration::from_secs(3600));
    assert_eq!(noted(&mut class, "ann", &code), (some("wrong_code"), false));
    assert_eq!(noted(&mut class, "bob", &code), (some("wrong_code"), true));
}

// A newcomer may type the code where the name belongs.
#[test]
fn a_code_in_the_place_of_a_name_is_not_logged() {
    let mut class = Class::new();
    let (code, _) = class.invite("people=1 for=1h");
    let typed = [(code.clone(), "-"), (code.to_uppercase().replace('-', " "), "-"), ("nora!".to_owned(), "nora!")];
    for (typed, logged) in typed {
        let conn = class.world.connect(Origin::Tls(SCHOOL.parse().unwrap()), Some(key_of("n")), Dialect::Tr226);
        let round = class.world.say(conn, &format!("x | server | name | {typed}"));
        let refused = round.notes.iter().find(|note| note.fields().0 == "name_refused").unwrap();
        assert!(refused.to_string().contains(&format!(" name={logged} ")), "{refused}");
    }
}

#[test]
fn a_clock_that_was_ahead_prolongs_no_invitation() {
    let mut class = Class::new();
    let day = Duration::from_secs(24 * 60 * 60);
    class.wait(365 * day);
    let (code, _) = class.invite("people=2 for=1d");
    // The clock is set right.
    class.world.now.wall = Timestamp(class.world.now.wall.0 - 365 * 24 * 60 * 60 * 1000);
    class.world.round(Input::Clock(ClockNews { ahead: None, moved: -365 * 24 * 60 * 60 * 1000 }));
    assert_eq!(class.listed(), ["people=2 used=0 until=2026-11-23T12:00:00.000Z teacher"]);
    class.restart();
    class.wait(day - Duration::from_secs(1));
    assert_eq!(class.come("ann", &code), (None, None));
    class.wait(Duration::from_secs(1));
    assert_eq!(class.come("bob", &code).0, some("wrong_code"));
}

#[test]
fn the_code_itself_is_neither_stored_nor_listed_nor_logged() {
    let mut class = Class::new();
    let round = class.ask("invite | people=2 for=1h");
    let line = round.of(class.teacher).find(|line| line.contains("| invited |")).unwrap();
    let code = line.split("3600 ").nth(1).unwrap().split(' ').next().unwrap().to_owned();
    let words: Vec<&str> = code.split('-').collect();
    let notes: String = round.notes.iter().map(ToString::to_string).collect();
    assert!(notes.contains("event=invited conn=1 name=teacher invitation="), "{notes}");
    let stored = format!("{:?} {:?} {notes}", class.world.keeper.beginning().facts, class.ask("invitations").heard);
    assert!(words.iter().all(|word| !stored.contains(word)), "{stored}");
}

#[test]
fn only_moderators_of_the_server_invite_list_and_end() {
    let mut class = Class::new();
    let (code, id) = class.invite("people=1 for=1h");
    class.come("ann", &code);
    let ann = class.world.connect(Origin::Tls(address(5)), Some(key_of("ann")), Dialect::Tr226);
    class.world.say(ann, "x | server | take_over | ann");
    for said in ["invite | people=2 for=1d", "invitations | no data", &format!("revoke_invitation | {id}")] {
        assert_eq!(class.world.say(ann, &format!("x | server | {said}")).refused(ann), Some("not_moderator"), "{said}");
    }
}

#[test]
fn the_invitations_of_a_moderator_end_with_the_rights() {
    let mut class = Class::new();
    let (code, _) = class.invite("people=1 for=1h");
    class.come("ann", &code);
    let teacher = class.teacher;
    assert_eq!(class.world.say(teacher, "x | all clients | grant | ann test").refused(teacher), None);
    let ann = class.world.connect(Origin::Tls(address(5)), Some(key_of("ann")), Dialect::Tr226);
    class.world.say(ann, "x | server | take_over | ann");
    assert_eq!(class.world.say(ann, "x | server | invite | people=5 for=1h").refused(ann), None);
    assert_eq!(class.listed().len(), 2);
    assert_eq!(class.world.say(teacher, "x | all clients | revoke | ann test").refused(teacher), None);
    assert_eq!(class.listed(), ["people=1 used=1 until=2026-11-22T13:00:00.000Z teacher"]);
    class.restart();
    assert_eq!(class.listed(), ["people=1 used=1 until=2026-11-22T13:00:00.000Z teacher"]);
}

#[test]
fn an_order_is_within_its_bounds() {
    let mut class = Class::new();
    for (order, refused) in [
        ("people=1 for=60s", None),
        ("people=1000 for=90d", None),
        ("people=0 for=1h", some("bad_frame")),
        ("people=1001 for=1h", some("bad_frame")),
        ("people=2 for=59s", some("bad_frame")),
        ("people=2 for=7776001s", some("bad_frame")),
        ("people=many", some("bad_frame")),
        ("thirty", some("bad_frame")),
    ] {
        let round = class.ask(&format!("invite | {order}"));
        assert_eq!(round.refused(class.teacher), refused.as_deref(), "{order}");
    }
}

#[test]
fn an_older_client_gets_a_code_for_one_person_as_before() {
    let mut class = Class::new();
    let round = class.ask("invite | no data");
    let line = round.of(class.teacher).find(|line| line.contains("| invited |")).unwrap();
    let (seconds, code) = line.rsplit(" | ").next().unwrap().split_once(' ').unwrap();
    assert_eq!((seconds, code.split('-').count(), code.contains(' ')), ("600", 5, false));
}

#[test]
fn guesses_of_codes_are_limited_for_each_place_and_a_class_with_typing_errors_is_not_shut_out() {
    let mut class = Class::new();
    let (code, _) = class.invite("people=30 for=1h");
    let most = PASSPHRASE_TRIES * CODE_TRIES;
    for guess in 0..most {
        assert_eq!(class.come("eve", "lusab-lusab").0, some("wrong_code"), "{guess}");
    }
    assert_eq!(class.come("eve", "lusab-lusab").0, some("too_many_tries"));
    assert_eq!(class.come("ann", &code).0, some("too_many_tries"));
    class.world.now.steady = Timestamp(class.world.now.steady.0 + 60_000);
    class.world.round(Input::Tick);
    assert_eq!(class.come("ann", &code), (None, None));
}
