//! Facts hold until they are changed: after every start they have the value stored last, and no other.

use tr2::model::{Identity, Timestamp};
use tr2::server::store::api::{Fact, Job, LoggedAct, Outcome, Owner, Proof, Update};
use tr2::server::store::limits::{MAX_POISON, MAX_RETRIES, MAX_RETRY_FACTS};
use tr2::server::store::{Options, Report};

use crate::chat::{Chat, name};
use crate::modlog::{act, log};
use crate::serving::Folder;

fn keep(chat: &Chat, kind: &'static str, key: &str, value: Option<&str>) {
    chat.submit(Job::Keep(Update::Fact(Fact { kind, key: key.to_owned(), value: value.map(str::to_owned) })));
}

/// The facts that a server would start with now.
fn holds(chat: &mut Chat) -> Vec<String> {
    chat.reopen();
    chat.opening.facts.iter().map(|(kind, key, value)| format!("{kind} {key}: {value}")).collect()
}

#[test]
fn the_last_value_of_a_fact_holds_after_every_start() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    assert_eq!(holds(&mut chat), [""; 0]);
    for (kind, key, value) in [
        ("room", "1", Some("#ops open")),
        ("ban", "mallory", Some("for ever; \"quoted\" | 'x'\nand é 😀")),
        ("ban", "1", Some("another kind, another matter")),
        ("ban", "gone", Some("x")),
        ("ban", "gone", None),
        ("ban", "never", None),
        ("room", "1", Some("#ops private")),
        ("room", "", Some("")),
    ] {
        keep(&chat, kind, key, value);
    }
    let wanted = [
        "ban 1: another kind, another matter",
        "ban mallory: for ever; \"quoted\" | 'x'\nand é 😀",
        "room : ",
        "room 1: #ops private",
    ];
    assert_eq!(holds(&mut chat), wanted);
    assert_eq!(holds(&mut chat), wanted);
    keep(&chat, "room", "1", None);
    assert_eq!(holds(&mut chat).len(), 3);
}

#[test]
fn an_altered_fact_does_not_hold() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    let alterations = [
        "value = 'mod ann'",
        "value = value || ' '",
        "key = 'ben'",
        "kind = 'mod'",
        "sum = sum + 1",
        "sum = 0",
        "value = ''",
    ];
    for alter in alterations {
        keep(&chat, "ban", "mallory", Some("for ever"));
        keep(&chat, "ban", "other", Some("for ever"));
        chat.settle();
        let altered = chat.sqlite().execute(&format!("UPDATE fact SET {alter} WHERE key = 'mallory'"), []).unwrap();
        assert_eq!(altered, 1);
        assert_eq!(holds(&mut chat), ["ban other: for ever"], "{alter}");
        chat.sqlite().execute("DELETE FROM fact WHERE key <> 'other'", []).unwrap();
    }
    // Keys and values that are only split differently are not the same fact.
    keep(&chat, "ban", "ab", Some("c"));
    chat.settle();
    chat.sqlite().execute("UPDATE fact SET key = 'a', value = 'bc' WHERE key = 'ab'", []).unwrap();
    assert_eq!(holds(&mut chat), ["ban other: for ever"]);
    // Storing the fact again repairs it.
    keep(&chat, "ban", "a", Some("whole again"));
    assert_eq!(holds(&mut chat), ["ban a: whole again", "ban other: for ever"]);
}

#[test]
fn an_unwritten_fact_is_retried_and_the_newest_wins() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    keep(&chat, "ban", "lifted", Some("old"));
    keep(&chat, "ban", "later", Some("old"));
    chat.settle();
    let conn = chat.sqlite();
    conn.execute_batch("BEGIN IMMEDIATE").unwrap();
    // Each waits for the lock and fails.
    for (key, value) in [("mallory", Some("1")), ("lifted", None), ("mallory", Some("2")), ("later", Some("new"))] {
        keep(&chat, "ban", key, value);
    }
    log(&chat, None, act("ann", "ban mallory - on rude"));
    let record = chat.record("ann", "everyone", "x");
    assert_eq!(chat.keep(vec![record]).outcomes, [Outcome::Unavailable]);
    conn.execute_batch("ROLLBACK").unwrap();
    chat.settle();
    assert_eq!(holds(&mut chat), ["ban later: new", "ban mallory: 2"]);
    assert_eq!(crate::modlog::read(&chat, None), ["1 ann in everyone: ban mallory - on rude", "end"]);
}

#[test]
fn a_full_disk_loses_nothing_that_waits_for_a_retry() {
    let folder = Folder::new();
    let mut chat = Chat::open_with(folder.path(), Options::default(), "PRAGMA max_page_count = 120");
    let long = "x".repeat(7000);
    loop {
        let record = chat.record("ann", "everyone", &long);
        if chat.keep(vec![record]).outcomes != [Outcome::Kept] {
            break;
        }
    }
    for n in 0..3 {
        keep(&chat, "room", "1", Some(&format!("{n} {long}")));
        log(&chat, None, act("ann", &format!("announce - - off number {n}")));
        let record = chat.record("ann", "everyone", &long);
        assert_eq!(chat.keep(vec![record]).outcomes, [Outcome::Unavailable]);
    }
    chat.sqlite().execute("DELETE FROM message WHERE id < 10", []).unwrap();
    chat.say("ann", "everyone", &long);
    let told = crate::modlog::read(&chat, None);
    assert_eq!(told.len(), 4, "{told:?}");
    let held = holds(&mut chat);
    assert!(held.len() == 1 && held[0].starts_with("room 1: 2 x"), "{}", held.len());
}

/// A part of the file that cannot be written must not block everything else.
#[test]
fn a_fact_that_can_never_be_written_does_not_block_others() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    let conn = chat.sqlite();
    conn.execute_batch(
        "CREATE TRIGGER poison BEFORE INSERT ON fact WHEN NEW.kind = 'bad'
         BEGIN SELECT RAISE(ROLLBACK, 'bad page'); END",
    )
    .unwrap();
    for n in 0..30 {
        keep(&chat, "bad", &n.to_string(), Some("x"));
    }
    keep(&chat, "good", "1", Some("x"));
    // This many fail one by one before the rest waits for the next attempt.
    let tries = 30 / MAX_POISON + 2;
    let outcomes: Vec<Outcome> = (0..tries)
        .flat_map(|n| {
            let record = chat.record("ann", "everyone", &format!("on and on {n}"));
            chat.keep(vec![record]).outcomes
        })
        .collect();
    assert_eq!(outcomes.last(), Some(&Outcome::Kept), "{outcomes:?}");
    keep(&chat, "good", "2", Some("x"));
    chat.say("ann", "everyone", "and on");
    assert_eq!(holds(&mut chat), ["good 1: x", "good 2: x"]);
}

#[test]
fn waiting_retries_are_bounded_separately_by_weight() {
    let folder = Folder::new();
    let mut chat = Chat::open_with(folder.path(), Options::default(), "PRAGMA busy_timeout = 0");
    chat.settle();
    let conn = chat.sqlite();
    conn.execute_batch("BEGIN IMMEDIATE").unwrap();
    for n in 0..MAX_RETRIES + 10 {
        chat.know(&format!("user{n}"));
    }
    for n in 0..MAX_RETRY_FACTS + 10 {
        keep(&chat, "n", &n.to_string(), Some("x"));
    }
    let record = chat.record("ann", "everyone", "x");
    assert_eq!(chat.keep(vec![record]).outcomes, [Outcome::Unavailable]);
    conn.execute_batch("ROLLBACK").unwrap();
    chat.settle();
    assert_eq!(holds(&mut chat).len(), MAX_RETRY_FACTS);
    assert_eq!(chat.opening.users.len(), MAX_RETRIES);
}

#[test]
fn the_memory_store_keeps_facts_and_the_audit_log() {
    let folder = Folder::new();
    let options = Options { durability: tr2::server::store::Durability::Memory, ..Options::default() };
    let chat = Chat::open_with(folder.path(), options, "");
    keep(&chat, "ban", "mallory", Some("x"));
    chat.submit(Job::Keep(Update::Log(LoggedAct {
        time: Timestamp(1),
        by: name("ann"),
        room: None,
        done: act("ann", "kick bob - off why").1,
    })));
    assert_eq!(crate::modlog::read(&chat, None), ["1 ann in everyone: kick bob - off why", "end"]);
}

/// Whoever comes in with a code takes one of its places: exactly once, whatever ends the server.
#[test]
fn a_name_and_the_place_of_the_code_that_it_took_are_stored_together_or_not_at_all() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    let used = |used: u32| Update::Fact(Fact { kind: "invitation", key: "a3f9".into(), value: Some(used.to_string()) });
    let owner = |who: &str| {
        let proof = Proof { identity: Identity::Uid(1000), login: None, since: Timestamp(0) };
        Update::Own(Owner { name: name(who), since: Timestamp(0), proofs: vec![proof] })
    };
    chat.submit(Job::Promise(vec![owner("ann"), used(1)]));
    assert_eq!(chat.report(), Report::Promised(Ok(())));
    chat.sqlite()
        .execute_batch(
            "CREATE TRIGGER poison BEFORE INSERT ON fact WHEN NEW.value = '2' BEGIN SELECT RAISE(ROLLBACK, 'bad'); END",
        )
        .unwrap();
    chat.submit(Job::Promise(vec![owner("ben"), used(2)]));
    assert!(matches!(chat.report(), Report::Promised(Err(_))));
    assert_eq!(holds(&mut chat), ["invitation a3f9: 1"]);
    let owners: Vec<String> = chat.opening.owners.iter().map(|owner| owner.name.to_string()).collect();
    assert_eq!(owners, ["ann"], "ben has taken no place, and has no name");
    chat.sqlite().execute_batch("DROP TRIGGER poison").unwrap();
    chat.submit(Job::Promise(vec![owner("ben"), used(2)]));
    assert_eq!(chat.report(), Report::Promised(Ok(())));
    assert_eq!(holds(&mut chat), ["invitation a3f9: 2"]);
    assert_eq!(chat.opening.owners.len(), 2);
}
