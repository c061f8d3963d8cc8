//! What is deleted is nowhere in the files any more: not in the history, not in its search index, its write-ahead log or a
//! later backup; whether a moderator deletes a message, a room ends, or messages are too old or too many.

use std::fs;
use std::path::Path;
use std::time::Duration;

use tr2::model::RoomName;
use tr2::protocol::Span;
use tr2::server::store::api::{ConversationId, Deleted, Fact, Job, Update};
use tr2::server::store::limits::PRUNE_ERASED;
use tr2::server::store::{Options, Retention, backup};
use tr2::sys::clock::Clock;

use crate::chat::{Chat, MINUTE, name, room, wait_for};
use crate::modlog;
use crate::serving::Folder;

/// How soon words are gone; a moment on a machine with nothing else to do.
const SOON: Duration = crate::serving::PATIENCE;

/// A word that stands in several pages of a long text, beside others.
fn secret(number: usize) -> String {
    format!("zyx{number}wvu rosebud{number} {}", "filler words and more ".repeat(200))
}

/// The files of a folder that hold any of these words, in any case.
fn holding(folder: &Path, words: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    // What moves from the log into the history meanwhile is found there.
    files.sort_by(|one, other| other.cmp(one));
    for path in files {
        // A file may go while this looks at it.
        let Ok(bytes) = fs::read(&path) else { continue };
        let bytes = bytes.to_ascii_lowercase();
        for word in words {
            if bytes.windows(word.len()).any(|window| window == word.as_bytes()) {
                found.push(format!("{}: {word}", path.display()));
            }
        }
    }
    found
}

fn words(numbers: impl IntoIterator<Item = usize>) -> Vec<String> {
    // The index does not repeat how a word begins.
    numbers.into_iter().flat_map(|number| [format!("yx{number}wvu"), format!("osebud{number}")]).collect()
}

fn gone_soon(folder: &Path, words: &[String]) {
    let clock = Clock::start();
    wait_for(|| holding(folder, words).is_empty());
    assert!(clock.elapsed() < SOON, "{:?}", clock.elapsed());
    let copy = Folder::new();
    backup(folder, &copy.path().join("copy.db")).unwrap();
    assert_eq!(holding(copy.path(), words), Vec::<String>::new());
}

#[test]
fn a_deleted_message_is_in_no_file() {
    for indexed in [true, false] {
        let folder = Folder::new();
        let mut chat = Chat::open(folder.path());
        chat.say("alice", "everyone", &secret(0));
        chat.say("alice", "everyone", &secret(1));
        if indexed {
            chat.indexed();
        }
        assert_ne!(holding(folder.path(), &words([1])), Vec::<String>::new());
        let clock = Clock::start();
        assert_eq!(chat.delete("mod", "everyone", 2), Deleted::Done(name("alice")));
        assert!(clock.elapsed() < SOON);
        gone_soon(folder.path(), &words([1]));
        assert_eq!(chat.find("bob", "rosebud0").len(), 2);
        assert_eq!(chat.find("bob", "rosebud1"), ["end"]);
        chat.reopen();
        assert_eq!(holding(folder.path(), &words([1])), Vec::<String>::new());
        chat.indexed();
        assert_eq!((chat.find("bob", "rosebud0").len(), chat.find("bob", "rosebud1").len()), (2, 1));
        chat.sqlite().execute_batch("INSERT INTO search (search) VALUES ('integrity-check')").unwrap();
    }
}

#[test]
fn a_deletion_is_finished_although_somebody_reads() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    chat.say("alice", "everyone", &secret(1));
    let reader = chat.sqlite();
    reader.execute_batch("BEGIN; SELECT count(*) FROM message").unwrap();
    let _: i64 = reader.query_row("SELECT count(*) FROM message", [], |row| row.get(0)).unwrap();
    assert_eq!(chat.delete("mod", "everyone", 1), Deleted::Done(name("alice")));
    // Nobody waits for the one who reads.
    let clock = Clock::start();
    for _ in 0..20 {
        chat.say("alice", "everyone", "on and on");
    }
    assert!(clock.elapsed() < SOON, "{:?}", clock.elapsed());
    reader.execute_batch("COMMIT").unwrap();
    gone_soon(folder.path(), &words([1]));
}

#[test]
fn what_was_said_and_done_in_a_room_goes_with_it() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    for user in ["alice", "bob"] {
        chat.know(user);
        chat.join(user, "#ops");
        chat.join(user, "#lab");
    }
    let most = 3 * tr2::server::store::limits::PRUNE_CHUNK;
    chat.say_all((0..most).map(|n| ("alice".into(), "#ops".into(), secret(n % 10 + 10))));
    chat.say("alice", "#lab", "stays here");
    let fact = Fact { kind: "room", key: room("#lab").0.0.to_string(), value: Some("{}".to_owned()) };
    chat.submit(Job::Keep(Update::Fact(fact)));
    for at in ["#ops", "#lab"] {
        chat.mark("bob", at, u64::MAX);
        modlog::log(&chat, Some(at), modlog::act("alice", "kick bob - off tuvwx"));
    }
    chat.indexed();
    chat.submit(Job::Keep(Update::EndRoom(room("#ops").0)));
    // The end of the process finds it unfinished, and the next one goes on.
    chat.reopen();
    gone_soon(folder.path(), &words(10..20));
    let conn = chat.sqlite();
    let count = |table: &str, what: &str| -> i64 {
        conn.query_row(&format!("SELECT count(*) FROM {table} WHERE {what}"), [], |row| row.get(0)).unwrap()
    };
    let id = room("#ops").0.0;
    wait_for(|| count("ended_room", "true") == 0);
    assert_eq!(count("conversation", &format!("room = {id}")), 0);
    assert_eq!((count("act", &format!("room = {id}")), count("act_number", &format!("place = {id}"))), (0, 0));
    assert_eq!((count("message", "true"), count("read", "conversation > 1"), count("act", "true")), (1, 1, 1));
    for user in ["alice", "bob"] {
        chat.join(user, "#ops");
        chat.join(user, "#lab");
    }
    assert_eq!(chat.page("bob", "#ops", Span::default()), ["end"]);
    assert_eq!(chat.page("bob", "#lab", Span::default()).len(), 2);
    assert_eq!(modlog::read(&chat, Some("#lab")).len(), 2);
    assert_eq!(chat.find("bob", "filler"), ["end"]);
    // What comes later gets numbers that none of it had.
    assert!(chat.opening.last_room >= room("#lab").0.max(room("#ops").0));
    assert_eq!(chat.say("alice", "everyone", "new"), most as u64 + 2);
}

#[test]
fn the_memory_store_forgets_a_room_that_has_ended() {
    let folder = Folder::new();
    let options = Options { durability: tr2::server::store::Durability::Memory, ..Options::default() };
    let mut chat = Chat::open_with(folder.path(), options, "");
    chat.join("bob", "#ops");
    chat.say("alice", "#ops", "rosebud");
    modlog::log(&chat, Some("#ops"), modlog::act("alice", "kick bob - off why"));
    modlog::log(&chat, None, modlog::act("alice", "kick bob - off why"));
    chat.mark("bob", "#ops", 1);
    chat.submit(Job::Keep(Update::EndRoom(room("#ops").0)));
    assert_eq!(chat.page("bob", "#ops", Span::default()), ["end"]);
    assert_eq!(chat.find("bob", "rosebud"), ["end"]);
    assert_eq!(chat.conversations("bob"), ["everyone 0/0 0", "#ops 0/0 0", "end"]);
    assert_eq!((modlog::read(&chat, Some("#ops")).len(), modlog::read(&chat, None).len()), (1, 2));
}

#[test]
fn a_room_of_an_older_history_that_nobody_can_enter_goes() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    for at in ["#ops", "#lab"] {
        chat.say("alice", at, "said here");
        modlog::log(&chat, Some(at), modlog::act("alice", "kick bob - off why"));
    }
    let (lab, lab_name): (_, RoomName) = room("#lab");
    chat.submit(Job::Keep(Update::Fact(Fact { kind: "room", key: lab.0.to_string(), value: Some("{}".to_owned()) })));
    chat.settle();
    chat.close();
    crate::file_format::age(&folder.path().join("history.db"), 4);
    let mut chat = Chat::open(folder.path());
    let conn = chat.sqlite();
    wait_for(|| conn.query_row("SELECT count(*) FROM ended_room", [], |row| row.get::<_, i64>(0)).unwrap() == 0);
    chat.join("bob", "#lab");
    chat.join("bob", "#ops");
    let with = ConversationId::Room(lab, lab_name);
    let what = tr2::server::store::api::What::Page { with, span: Span::default() };
    assert_eq!(chat.ask("bob", what).len(), 2);
    assert_eq!(chat.page("bob", "#ops", Span::default()), ["end"]);
    assert_eq!((modlog::read(&chat, Some("#lab")).len(), modlog::read(&chat, Some("#ops")).len()), (2, 1));
}

#[test]
fn what_is_too_old_or_too_much_is_in_no_file() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    let today = tr2::sys::clock::wall().0;
    chat.time = today - 5 * 24 * 60 * MINUTE;
    for n in 20..23 {
        chat.say("alice", "everyone", &secret(n));
    }
    chat.time = today;
    for n in 23..26 {
        chat.say("alice", "bob", &secret(n));
    }
    chat.indexed();
    chat.close();
    for (days, messages, gone) in [(Some(4), None, 20..23), (None, Some(1), 23..25)] {
        let keep = Retention { days, messages };
        let mut chat = Chat::open_with(folder.path(), Options { keep, ..Options::default() }, "");
        gone_soon(folder.path(), &words(gone));
        assert_ne!(holding(folder.path(), &words([25])), Vec::<String>::new());
        chat.close();
    }
}

#[test]
fn a_flood_of_old_messages_leaves_no_words_behind_in_the_end() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    let rounds = PRUNE_ERASED / 500 + 2;
    for n in 0..rounds {
        chat.say_all((0..500).map(|m| ("alice".into(), "everyone".into(), format!("zyx{n}wvu some words {m}"))));
    }
    chat.indexed();
    chat.close();
    // More than can be taken out word by word.
    let keep = Retention { days: None, messages: Some(10) };
    let chat = Chat::open_with(folder.path(), Options { keep, ..Options::default() }, "");
    wait_for(|| chat.count() == 10);
    let words: Vec<String> = (0..rounds - 1).map(|n| format!("yx{n}wvu")).collect();
    wait_for(|| holding(folder.path(), &words).is_empty());
    assert_eq!(chat.find("bob", "words").len(), 11);
    chat.sqlite().execute_batch("INSERT INTO search (search) VALUES ('integrity-check')").unwrap();
}

#[test]
fn acts_go_with_their_age() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    // They are as old as the first message of a chat.
    for at in [None, Some("#lab"), None] {
        modlog::log(&chat, at, modlog::act("alice", "kick bob - off rosebudact"));
    }
    let (by, done) = modlog::act("alice", "kick bob - off new");
    let time = tr2::sys::clock::wall();
    chat.submit(Job::Keep(Update::Log(tr2::server::store::api::LoggedAct { time, by, room: None, done })));
    chat.settle();
    chat.close();
    let keep = Retention { days: Some(30), messages: None };
    let chat = Chat::open_with(folder.path(), Options { keep, ..Options::default() }, "");
    wait_for(|| modlog::read(&chat, None).len() == 2);
    assert_eq!(modlog::read(&chat, None), ["3 alice in everyone: kick bob - off new", "end"]);
    assert_eq!(modlog::read(&chat, Some("#lab")), ["end"]);
    gone_soon(folder.path(), &["osebudact".to_owned()]);
    // In memory, too.
    let options = Options { durability: tr2::server::store::Durability::Memory, ..Options::default() };
    let memory = Chat::open_with(folder.path(), options, "");
    modlog::log(&memory, None, modlog::act("alice", "kick bob - off old"));
    memory.submit(Job::KeepFor(Retention { days: Some(40_000), messages: None }));
    assert_eq!(modlog::read(&memory, None).len(), 2);
    memory.submit(Job::KeepFor(keep));
    assert_eq!(modlog::read(&memory, None), ["end"]);
    // Their numbers are not used again.
    modlog::log(&memory, None, modlog::act("alice", "kick bob - off new"));
    assert_eq!(modlog::read(&memory, None)[0], "2 alice in everyone: kick bob - off new");
    modlog::log(&chat, Some("#lab"), modlog::act("alice", "kick bob - off again"));
    assert_eq!(modlog::read(&chat, Some("#lab"))[0], "2 alice in #lab: kick bob - off again");
}
