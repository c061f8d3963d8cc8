//! Retention: messages are pruned by age and by number, everywhere.

use std::sync::atomic::{AtomicI64, Ordering};

use tr2::model::MessageId;
use tr2::protocol::Span;
use tr2::server::store::api::Job;
use tr2::server::store::limits::{MAX_BYTES_IN_MEMORY, MAX_IN_MEMORY};
use tr2::server::store::{Durability, Options, Retention};

use crate::chat::{Chat, MINUTE, wait_for};
use crate::serving::Folder;

fn keeping(folder: &Folder, days: Option<u32>, messages: Option<u64>) -> Chat {
    Chat::open_with(folder.path(), Options { keep: Retention { days, messages }, ..Options::default() }, "")
}

#[test]
fn the_newest_messages_of_each_conversation_are_retained() {
    let folder = Folder::new();
    let mut chat = keeping(&folder, None, Some(10));
    for n in 0..150 {
        let to = ["everyone", "everyone", "bob"][n % 3];
        chat.say("alice", to, &format!("words {n}"));
    }
    chat.say("carol", "bob", "the only one");
    // Pruning happens after a number of messages, or at the next start.
    chat.close();
    let chat = keeping(&folder, None, Some(10));
    wait_for(|| chat.count() == 21);
    assert_eq!(chat.page("bob", "everyone", Span::default())[0], "136 alice: words 135");
    assert_eq!(chat.page("bob", "everyone", Span::since(MessageId(0))).len(), 11);
    assert_eq!(chat.find("bob", "words").len(), 21);
    assert_eq!(chat.find("bob", "only").len(), 2);
    assert_eq!(chat.find("bob", "5").len(), 1);
}

#[test]
fn pruning_happens_as_messages_arrive() {
    let folder = Folder::new();
    let mut chat = keeping(&folder, None, Some(10));
    for _ in 0..5 {
        chat.say_all((0..100).map(|_| ("alice".into(), "everyone".into(), "x".into())));
    }
    wait_for(|| chat.count() <= 110);
}

#[test]
fn messages_past_their_age_go_and_their_ids_are_never_reused() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    chat.time = tr2::sys::clock::wall().0 - 5 * 24 * 60 * MINUTE;
    for _ in 0..3 {
        chat.say("alice", "everyone", "old");
        chat.say("alice", "bob", "old");
    }
    // A clock that was ahead for a moment does not keep a message alive.
    let before = chat.time;
    chat.time += 100 * 24 * 60 * MINUTE;
    chat.say("alice", "everyone", "far ahead");
    chat.time = before;
    for _ in 0..3 {
        chat.say("alice", "everyone", "old");
    }
    chat.indexed();
    chat.close();
    let mut chat = keeping(&folder, Some(4), None);
    wait_for(|| chat.count() == 1);
    assert_eq!(chat.page("bob", "everyone", Span::default()), ["7 alice: far ahead", "end"]);
    assert_eq!(chat.find("bob", "old"), ["end"]);
    assert_eq!(chat.conversations("bob"), ["everyone 7/7 0", "end"]);
    chat.sqlite().execute("UPDATE message SET time = 0; ", []).unwrap();
    chat.sqlite().execute("UPDATE slot SET slot = 0", []).unwrap();
    chat.close();
    let mut chat = keeping(&folder, Some(4), None);
    wait_for(|| chat.count() == 0);
    chat.reopen();
    assert_eq!(chat.opening.last_id, MessageId(10));
    assert_eq!(chat.say("alice", "everyone", "new"), 11);
}

#[test]
fn pruning_delays_nobody() {
    static KEPT: AtomicI64 = AtomicI64::new(0);
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    for _ in 0..40 {
        chat.say_all((0..500).map(|_| ("alice".into(), "everyone".into(), "some words".into())));
    }
    chat.indexed();
    chat.close();
    let mut chat = keeping(&folder, None, Some(10));
    // Every new message is stored while thousands of old ones go.
    while chat.count() > 12_000 {
        chat.say("alice", "everyone", "in between");
        KEPT.fetch_add(1, Ordering::Relaxed);
    }
    assert!(KEPT.load(Ordering::Relaxed) > 0);
}

#[test]
fn the_memory_store_is_bounded() {
    let folder = Folder::new();
    let options = Options { durability: Durability::Memory, ..Options::default() };
    let mut chat = Chat::open_with(folder.path(), options, "");
    for text in ["x".to_owned(), "y".repeat(4096)] {
        let most = MAX_IN_MEMORY.min(MAX_BYTES_IN_MEMORY / text.len());
        for _ in 0..most / 1000 + 1 {
            chat.say_all((0..1000).map(|_| ("alice".into(), "everyone".into(), text.clone())));
        }
        let newest = chat.conversations("bob")[0].split(['/', ' ']).nth(2).unwrap().parse::<usize>().unwrap();
        let page = chat.page("bob", "everyone", Span { since: Some(MessageId(0)), before: None, limit: 1 });
        let oldest = page[0].split(' ').next().unwrap().parse::<usize>().unwrap();
        assert_eq!(newest - oldest + 1, most);
    }
}

#[test]
fn the_memory_store_follows_the_retention_rules() {
    let folder = Folder::new();
    let keep = Retention { days: None, messages: Some(2) };
    let mut chat = Chat::open_with(folder.path(), Options { durability: Durability::Memory, keep }, "");
    for (to, text) in [("everyone", "one"), ("everyone", "two"), ("bob", "psst"), ("everyone", "three")] {
        chat.say("alice", to, text);
    }
    assert_eq!(chat.page("bob", "everyone", Span::default()), ["2 alice: two", "4 alice: three", "end"]);
    assert_eq!(chat.find("bob", "one"), ["end"]);
    assert_eq!(chat.conversations("bob"), ["everyone 4/4 0", "alice 0/3 1", "end"]);
    // These messages are years old.
    chat.submit(Job::KeepFor(Retention { days: Some(1), messages: None }));
    assert_eq!(chat.conversations("bob"), ["everyone 0/0 0", "end"]);
    assert_eq!(chat.find("bob", "from:alice"), ["end"]);
}

/// A store that watches the clock, with messages to everyone of a minute each, the newest of which are this many days old.
fn watched_after(folder: &Folder, days: i64) -> Chat {
    let mut chat = Chat::open(folder.path());
    chat.time = tr2::sys::clock::wall().0 - days * 24 * 60 * MINUTE - 20 * MINUTE;
    for _ in 0..20 {
        chat.say("alice", "everyone", "old");
    }
    chat.close();
    // Pruning by number comes after pruning by age: once it is over, so is the other.
    let keep = Retention { days: Some(1), messages: Some(10) };
    Chat::open_watched(folder.path(), Options { keep, ..Options::default() })
}

#[test]
fn a_clock_that_is_far_ahead_deletes_nothing_until_a_person_confirms_it() {
    for days in [4, 60, 1460] {
        let folder = Folder::new();
        let chat = watched_after(&folder, days);
        wait_for(|| chat.count() == 10);
        chat.submit(Job::KeepFor(Retention { days: Some(1), messages: Some(5) }));
        wait_for(|| chat.count() == 5);
        chat.believe_the_clock();
        chat.submit(Job::KeepFor(Retention { days: Some(1), messages: None }));
        wait_for(|| chat.count() == 0);
    }
}

#[test]
fn messages_go_after_a_pause_that_is_not_too_long() {
    let folder = Folder::new();
    let chat = watched_after(&folder, 2);
    wait_for(|| chat.count() == 0);
}

#[test]
fn the_time_that_was_known_is_kept_for_the_next_start() {
    let folder = Folder::new();
    let mut chat = watched_after(&folder, 60);
    wait_for(|| chat.count() == 10);
    chat.believe_the_clock();
    chat.close();
    // The clock was right, so all of the pause is known.
    let keep = Retention { days: Some(1), messages: None };
    let mut chat = Chat::open_watched(folder.path(), Options { keep, ..Options::default() });
    wait_for(|| chat.count() == 0);
    chat.close();
    let conn = chat.sqlite();
    let kept: i64 = conn.query_row("SELECT value FROM meta WHERE key = 'known_time'", [], |row| row.get(0)).unwrap();
    assert!((tr2::sys::clock::wall().0 - kept).abs() < MINUTE, "{kept}");
    // One message from a clock that was ahead proves nothing.
    conn.execute("UPDATE meta SET value = value - ?1 WHERE key = 'known_time'", [60 * 24 * 60 * MINUTE]).unwrap();
    drop(conn);
    let mut chat = Chat::open(folder.path());
    chat.time = tr2::sys::clock::wall().0 - 2 * 24 * 60 * MINUTE;
    for _ in 0..6 {
        chat.say("alice", "everyone", "by a clock that is ahead");
    }
    chat.close();
    let keep = Retention { days: Some(1), messages: Some(5) };
    let chat = Chat::open_watched(folder.path(), Options { keep, ..Options::default() });
    wait_for(|| chat.count() == 5);
}
