//! Search finds words whatever their case and accents, in what the user may see, newest first.

use tr2::protocol::Query;
use tr2::protocol::limits::MAX_FOUND;
use tr2::server::store::api::{Outcome, What};
use tr2::server::store::limits::INDEX_NOW;
use tr2::server::store::{Durability, Options, Report};

use crate::chat::Chat;
use crate::serving::Folder;

/// Messages of three users on 22 November 2025, from 12:00 on, a minute apart.
const SAID: [(&str, &str, &str); 12] = [
    ("alice", "everyone", "Did the backup run?"),
    ("bob", "everyone", "Yes, the BACKUP ran; see http://example.org/log?x=1"),
    ("alice", "bob", "my backup password is hunter2"),
    ("carol", "bob", "secret word"),
    ("carol", "everyone", "Café Zürich, STRASSE, naïve ΣΟΦΟΣ"),
    ("bob", "everyone", "run the backup, or the backup runs you"),
    ("bob", "alice", "don't say \"OR\" NEAR(me) * ^ { } : -"),
    ("carol", "everyone", "東京タワー で会う"),
    ("carol", "everyone", "سَلام שָׁלוֹם Ёжик cafe\u{301}"),
    ("alice", "alice", "note to self: backups"),
    ("alice", "everyone", "เขาไปตลาด"),
    ("alice", "everyone", "किताब और कताब"),
];

const ALICE: [(&str, &str); 44] = [
    ("backup", "6 3 2 1"),
    ("BackUp", "6 3 2 1"),
    ("backup*", "10 6 3 2 1"),
    ("back*", "10 6 3 2 1"),
    ("b*", "10 6 3 2 1"),
    ("back", ""),
    ("backup run", "6 1"),
    ("run backup", "6 1"),
    ("\"backup run\"", "1"),
    ("\"backup run\"*", "6 1"),
    ("\"the backup\"", "6 2 1"),
    ("\"backup the\"", ""),
    ("example.org", "2"),
    ("http://example.org/log?x=1", "2"),
    ("cafe", "9 5"),
    ("café", "9 5"),
    ("zurich strasse NAIVE", "5"),
    ("straße", "5"),
    ("σοφος", "5"),
    ("σοφοσ", "5"),
    ("東京", "8"),
    ("京タ", "8"),
    ("東タ", ""),
    ("会う", "8"),
    ("سلام", "9"),
    ("שלום", "9"),
    ("ежик", "9"),
    ("ตลาด", "11"),
    ("किताब", "12"),
    ("कताब", "12"),
    ("secret", ""),
    ("password", "3"),
    ("from:bob", "7 6 2"),
    ("from:BOB backup", "6 2"),
    ("in:bob", "7 3"),
    ("in:Everyone backup", "6 2 1"),
    ("in:alice", "10"),
    ("in:carol", ""),
    ("from:carol in:bob", ""),
    ("from:nobody", ""),
    ("in:nobody backup", ""),
    ("in:|| backup", ""),
    ("from:everyone", ""),
    ("word", ""),
];

/// The index's own query language has no effect in a user's query.
const POISON: [(&str, &str); 16] = [
    ("OR", "7 6"),
    ("or NEAR", "7"),
    ("NEAR(me)", "7"),
    ("NEAR(backup, 2)", ""),
    ("AND backup", ""),
    ("NOT backup", ""),
    ("backup\" OR scope:\"m2", ""),
    ("scope:e", ""),
    ("\"scope : e\"", ""),
    ("body:backup", ""),
    ("{body}:backup", ""),
    ("^backup", "6 3 2 1"),
    ("-backup", "6 3 2 1"),
    ("e", ""),
    ("m1", ""),
    ("a1*", ""),
];

const DATES: [(&str, &str); 9] = [
    ("backup before:2025-11-22", ""),
    ("backup after:2025-11-22", "6 3 2 1"),
    ("backup before:2025-11-23", "6 3 2 1"),
    ("backup after:2025-11-22T12:02:00Z", "6 3"),
    ("backup before:2025-11-22T12:02:00Z", "2 1"),
    ("after:2025-11-22T12:09:00Z", "12 11 10"),
    ("before:2025-11-22T12:01:00.001Z", "2 1"),
    ("after:2025-11-22T12:01:00Z before:2025-11-22T12:05:00Z", "5 3 2"),
    ("after:2025-11-22T12:11:00.001Z", ""),
];

#[track_caller]
fn check(chat: &Chat, user: &str, cases: &[(&str, &str)]) {
    for (query, wanted) in cases {
        let mut found = chat.find(user, query);
        assert_eq!(found.pop().unwrap(), "end", "{query}");
        let ids: Vec<&str> = found.iter().map(|line| line.split(' ').next().unwrap()).collect();
        assert_eq!(ids.join(" "), *wanted, "{query}");
    }
}

fn check_all(chat: &Chat) {
    check(chat, "alice", &ALICE);
    check(chat, "alice", &POISON);
    check(chat, "alice", &DATES);
    check(chat, "bob", &[("backup*", "6 3 2 1"), ("secret", "4"), ("in:carol", "4"), ("from:carol", "9 8 5 4")]);
    check(chat, "stranger", &[("backup*", "6 2 1"), ("secret", ""), ("in:bob", ""), ("from:alice", "12 11 1")]);
}

fn talk(chat: &mut Chat) {
    chat.say_all(SAID.map(|(from, to, text)| (from.to_owned(), to.to_owned(), text.to_owned())));
}

#[test]
fn indexed_messages_are_found() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    talk(&mut chat);
    chat.indexed();
    check_all(&chat);
}

#[test]
fn messages_not_yet_indexed_are_found_alike() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    talk(&mut chat);
    // The index falls behind all messages, then half of them, and another writer keeps it there. What it holds beyond its
    // mark does not count.
    for kept in [0, 6] {
        chat.indexed();
        let conn = chat.sqlite();
        if kept == 0 {
            conn.execute("INSERT INTO search (search) VALUES ('delete-all')", []).unwrap();
        }
        conn.execute("UPDATE meta SET value = ?1 WHERE key = 'indexed'", [kept]).unwrap();
        check_all(&chat);
        chat.reopen();
    }
    chat.indexed();
    check_all(&chat);
}

#[test]
fn results_are_bounded_and_say_that_there_is_more() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    chat.say_all((0..MAX_FOUND).map(|_| ("alice".into(), "everyone".into(), "word".into())));
    for _ in 0..2 {
        assert_eq!(chat.find("bob", "word").len(), MAX_FOUND + 1);
        assert_eq!(chat.find("bob", "word").last().unwrap(), "end");
        chat.indexed();
    }
    let last = chat.say("alice", "everyone", "word");
    for _ in 0..2 {
        let found = chat.find("bob", "word");
        assert_eq!((found.len(), found.last().unwrap().as_str()), (MAX_FOUND + 1, "end more"));
        assert_eq!(found[0], format!("{last} alice: word"));
        assert_eq!(found[MAX_FOUND - 1], "2 alice: word");
        chat.indexed();
    }
}

#[test]
fn time_filters_work_even_if_the_clock_jumped() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    chat.say("alice", "everyone", "noon");
    chat.time += 24 * 3_600_000;
    chat.say("alice", "everyone", "tomorrow");
    chat.time -= 24 * 3_600_000;
    chat.say("alice", "everyone", "again noon");
    for _ in 0..2 {
        check(
            &chat,
            "bob",
            &[
                ("after:2025-11-23", "2"),
                ("before:2025-11-23", "3 1"),
                ("after:2025-11-22T12:00:30Z before:2025-11-23", "3"),
            ],
        );
        chat.indexed();
    }
}

#[test]
fn the_index_catches_up_under_constant_load() {
    let folder = Folder::new();
    let options = Options { durability: Durability::Normal, ..Options::default() };
    let mut chat = Chat::open_with(folder.path(), options, "");
    let history = chat.sqlite();
    let indexed = || history.query_row("SELECT value FROM meta WHERE key = 'indexed'", [], |row| row.get::<_, i64>(0));
    while indexed().unwrap() == 0 {
        let said = chat.say("alice", "everyone", "one after the other");
        assert!(said < INDEX_NOW, "it waits for a pause, until there is too much of it");
    }
}

#[test]
fn in_the_memory_store_no_message_waits_for_a_search() {
    let folder = Folder::new();
    let options = Options { durability: Durability::Memory, ..Options::default() };
    let mut chat = Chat::open_with(folder.path(), options, "");
    let text = "many words that nobody looks for ".repeat(60);
    for _ in 0..10 {
        chat.say_all((0..1000).map(|_| ("alice".into(), "everyone".into(), text.clone())));
    }
    let query = Query::parse("missing", &tr2::model::Zone::default()).unwrap();
    chat.submit(chat.question("bob", What::Found(query)));
    let record = chat.record("alice", "everyone", "said meanwhile");
    assert_eq!(chat.keep(vec![record]).outcomes, [Outcome::Kept]);
    assert!(matches!(chat.report(), Report::Answered(_)));
}

#[test]
fn the_index_stays_in_few_parts_however_long_the_texts_are() {
    for length in [5, 600] {
        let folder = Folder::new();
        let mut chat = Chat::open(folder.path());
        for round in 0..30 {
            chat.say_all((0..30).map(|number| {
                let words =
                    (0..length).map(|word| format!("w{}", (round * 7919 + number * 104_729 + word * 31) % 9973));
                ("alice".to_owned(), "everyone".to_owned(), words.collect::<Vec<_>>().join(" "))
            }));
            chat.indexed();
        }
        let conn = chat.sqlite();
        let ask = |sql: &str| conn.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
        assert_eq!(ask("SELECT v FROM search_config WHERE k = 'automerge'"), 0, "only we merge");
        let parts = ask("SELECT count(DISTINCT segid) FROM search_idx");
        assert!((1..=12).contains(&parts), "{parts} parts with {length} words in a text");
    }
}
