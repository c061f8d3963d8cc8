//! A failing disk: messages that cannot be stored are refused, and the store recovers by itself.

use std::sync::mpsc::RecvTimeoutError;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tr2::model::{Identity, Timestamp};
use tr2::protocol::Span;
use tr2::server::store::api::Requester;
use tr2::server::store::api::{Job, Outcome, Question, Receipt, Update, What};
use tr2::server::store::api::{Owner, Proof};
use tr2::server::store::{Options, Store};

use crate::alone::is_alone;
use crate::chat::{Chat, name};
use crate::serving::{Folder, PATIENCE};

fn unavailable(receipt: &Receipt, trouble: &str) {
    assert!(receipt.outcomes.iter().all(|outcome| *outcome == Outcome::Unavailable), "{receipt:?}");
    let told = receipt.trouble.as_deref().unwrap();
    assert!(told.contains(trouble) && !told.contains('\n'), "{told}");
}

#[test]
fn while_another_program_locks_the_history_messages_are_refused() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    chat.say("alice", "everyone", "before");
    let conn = chat.sqlite();
    conn.execute_batch("BEGIN IMMEDIATE").unwrap();
    let records = (0..3).map(|_| chat.record("alice", "everyone", "lost")).collect();
    let receipt = chat.keep(records);
    assert_eq!(receipt.outcomes.len(), 3);
    unavailable(&receipt, "another program is using the history");
    // Jobs without an answer are retried later, and history can still be read.
    chat.know("bob");
    assert_eq!(chat.page("bob", "everyone", Span::default()), ["1 alice: before", "end"]);
    conn.execute_batch("ROLLBACK").unwrap();
    chat.say("alice", "everyone", "after");
    assert_eq!(chat.conversations("bob"), ["everyone 1/5 1", "end"]);
    assert_eq!(chat.page("bob", "everyone", Span::default()), ["1 alice: before", "5 alice: after", "end"]);
}

#[test]
fn a_key_revoked_while_the_disk_fails_stays_revoked() {
    let (one, two) = (Identity::Uid(1), Identity::Uid(2));
    let owner = |identities: &[Identity]| Owner {
        name: name("ann"),
        since: Timestamp(5),
        proofs: identities.iter().map(|&identity| Proof { identity, login: None, since: Timestamp(5) }).collect(),
    };
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    let conn = chat.sqlite();
    conn.execute_batch("BEGIN IMMEDIATE").unwrap();
    for identities in [&[one][..], &[one, two], &[one]] {
        chat.submit(Job::Keep(Update::Own(owner(identities))));
        // Each fails on its own.
        let record = chat.record("alice", "everyone", "lost");
        unavailable(&chat.keep(vec![record]), "another program is using the history");
    }
    conn.execute_batch("ROLLBACK").unwrap();
    chat.say("alice", "everyone", "after");
    chat.reopen();
    assert_eq!(chat.opening.owners, [owner(&[one])]);
}

#[test]
fn a_full_disk_refuses_messages_and_keeps_the_stored_ones() {
    let folder = Folder::new();
    let mut chat = Chat::open_with(folder.path(), Options::default(), "PRAGMA max_page_count = 120");
    let long = "x".repeat(7000);
    let mut kept = 0;
    let refused = loop {
        let record = chat.record("alice", "everyone", &long);
        let receipt = chat.keep(vec![record]);
        if receipt.outcomes != [Outcome::Kept] {
            break receipt;
        }
        kept += 1;
    };
    assert!(kept > 10);
    unavailable(&refused, "the disk is full");
    assert_eq!(chat.count(), kept);
    chat.reopen();
    assert_eq!(chat.count(), kept);
    chat.say("alice", "everyone", &long);
}

#[test]
fn one_damaged_page_leaves_the_others_readable() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    chat.say("alice", "everyone", "before");
    // A trigger on the table stands for a part of the file that cannot be written.
    let conn = chat.sqlite();
    conn.execute_batch(
        "CREATE TRIGGER poison BEFORE INSERT ON message WHEN NEW.body = 'poison'
         BEGIN SELECT RAISE(ROLLBACK, 'bad page'); END",
    )
    .unwrap();
    conn.execute_batch("BEGIN IMMEDIATE").unwrap();
    // All of these wait for the lock, and so form one batch.
    for text in ["fine", "poison", "fine"] {
        let record = chat.record("alice", "everyone", text);
        chat.submit(Job::Append(vec![record]));
    }
    conn.execute_batch("ROLLBACK").unwrap();
    let outcomes: Vec<_> = (0..3).flat_map(|_| chat.receipt().outcomes).collect();
    assert_eq!(outcomes, [Outcome::Kept, Outcome::Unavailable, Outcome::Kept]);
    assert_eq!(chat.count(), 3);
}

/// A disk that fails: for a while files cannot grow over a limit. The limit is for a whole process, so the test runs in
/// one of its own, which ignores the signal that comes with the limit.
#[test]
fn the_store_recovers_from_a_failing_disk() {
    if !is_alone("failing_disk::the_store_recovers_from_a_failing_disk", "trap '' XFSZ") {
        return;
    }
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    chat.say("alice", "everyone", "before");
    chat.indexed();
    let bound = |most: Option<u64>| {
        let current = getrlimit(Resource::Fsize);
        setrlimit(Resource::Fsize, Rlimit { current: most, ..current }).unwrap();
    };
    for round in 0..3u64 {
        let length = std::fs::metadata(folder.path().join("history.db-wal")).unwrap().len();
        bound(Some(length + 10_000));
        let long = "x".repeat(7000);
        let records = (0..5).map(|_| chat.record("alice", "everyone", &long)).collect();
        unavailable(&chat.keep(records), "");
        let again = chat.record("alice", "everyone", &long.repeat(3));
        unavailable(&chat.keep(vec![again]), "");
        chat.know(&format!("user{round}"));
        bound(None);
        chat.say("alice", "everyone", &format!("after {round}"));
        assert_eq!(chat.count(), round as i64 + 2);
    }
    chat.reopen();
    assert_eq!(chat.page("bob", "everyone", Span::default()).len(), 5);
    assert_eq!(chat.opening.users.len(), 4);
    let checked: String = chat.sqlite().query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(checked, "ok");
}

#[test]
fn a_store_whose_thread_died_refuses_every_job() {
    for asked in [false, true] {
        let folder = Folder::new();
        let (alive, ended) = std::sync::mpsc::channel::<()>();
        let report = move |_| {
            let _alive = &alive;
            std::panic::panic_any("a bug");
        };
        let (store, _) = Store::open(folder.path(), Options::default(), report).unwrap();
        let question = Question {
            requester: Requester(1),
            user: name("bob"),
            rooms: Vec::new(),
            reference: None,
            batch: "1".into(),
            plain: false,
            what: What::Conversations,
        };
        let [ask, append] = [Job::Ask(question), Job::Append(Vec::new())];
        let (fatal, other) = if asked { (ask, append) } else { (append, ask) };
        assert!(store.submit(fatal.clone()));
        // Whichever thread died, nothing is left to report, and jobs of both kinds are refused.
        assert!(ended.recv_timeout(PATIENCE).is_err_and(|error| error == RecvTimeoutError::Disconnected));
        assert!(!store.submit(fatal) && !store.submit(other));
        store.close(PATIENCE);
    }
}
