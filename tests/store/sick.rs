//! A sick disk: what cannot be kept is refused, and all is well again by itself.

use std::process::{Command, Stdio};
use std::sync::mpsc::RecvTimeoutError;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tr2::model::{Identity, Timestamp};
use tr2::protocol::Span;
use tr2::server::store::api::Requester;
use tr2::server::store::api::{Job, Outcome, Question, Receipt, What};
use tr2::server::store::api::{Owner, Proof};
use tr2::server::store::{Options, Store};

use crate::chat::{Chat, name};
use crate::serving::{Folder, PATIENCE};

fn unavailable(receipt: &Receipt, trouble: &str) {
    assert!(receipt.outcomes.iter().all(|outcome| *outcome == Outcome::Unavailable), "{receipt:?}");
    let told = receipt.trouble.as_deref().unwrap();
    assert!(told.contains(trouble) && !told.contains('\n'), "{told}");
}

#[test]
fn while_another_program_holds_the_history_nothing_is_kept() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    chat.say("alice", "everyone", "before");
    let conn = chat.sqlite();
    conn.execute_batch("BEGIN IMMEDIATE").unwrap();
    let records = (0..3).map(|_| chat.record("alice", "everyone", "lost")).collect();
    let receipt = chat.keep(records);
    assert_eq!(receipt.outcomes.len(), 3);
    unavailable(&receipt, "another program holds the history");
    // What asks for nothing in return is owed, and what is past can be read.
    chat.know("bob");
    assert_eq!(chat.page("bob", "everyone", Span::default()), ["1 alice: before", "end"]);
    conn.execute_batch("ROLLBACK").unwrap();
    chat.say("alice", "everyone", "after");
    assert_eq!(chat.conversations("bob"), ["everyone 1/5 1", "end"]);
    assert_eq!(chat.page("bob", "everyone", Span::default()), ["1 alice: before", "5 alice: after", "end"]);
}

#[test]
fn a_key_that_was_taken_away_while_the_disk_was_sick_stays_away() {
    let (one, two) = (Identity::Uid(1), Identity::Uid(2));
    let owner = |identities: &[Identity]| Owner {
        name: name("ann"),
        since: Timestamp(5),
        proofs: identities.iter().map(|&identity| Proof { identity, since: Timestamp(5) }).collect(),
    };
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    let conn = chat.sqlite();
    conn.execute_batch("BEGIN IMMEDIATE").unwrap();
    for identities in [&[one][..], &[one, two], &[one]] {
        chat.submit(Job::Own(owner(identities)));
        // Each fails by itself.
        let record = chat.record("alice", "everyone", "lost");
        unavailable(&chat.keep(vec![record]), "another program holds the history");
    }
    conn.execute_batch("ROLLBACK").unwrap();
    chat.say("alice", "everyone", "after");
    chat.reopen();
    assert_eq!(chat.opening.owners, [owner(&[one])]);
}

#[test]
fn a_full_disk_refuses_what_does_not_fit_and_what_is_there_stays() {
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
fn one_bad_page_spares_the_others() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    chat.say("alice", "everyone", "before");
    // A rule of the table stands for a part of the file that cannot be written.
    let conn = chat.sqlite();
    conn.execute_batch(
        "CREATE TRIGGER poison BEFORE INSERT ON message WHEN NEW.body = 'poison'
         BEGIN SELECT RAISE(ROLLBACK, 'bad page'); END",
    )
    .unwrap();
    conn.execute_batch("BEGIN IMMEDIATE").unwrap();
    // All of these wait for the lock, and so come together.
    for text in ["fine", "poison", "fine"] {
        let record = chat.record("alice", "everyone", text);
        chat.submit(Job::Append(vec![record]));
    }
    conn.execute_batch("ROLLBACK").unwrap();
    let outcomes: Vec<_> = (0..3).flat_map(|_| chat.receipt().outcomes).collect();
    assert_eq!(outcomes, [Outcome::Kept, Outcome::Unavailable, Outcome::Kept]);
    assert_eq!(chat.count(), 3);
}

const CHILD: &str = "TR2_STORE_ON_A_SICK_DISK";

/// A disk that fails: files may not grow over a bound for a while. The bound is a whole process's, so that this runs in
/// one of its own, in which the signal that comes with it is ignored.
#[test]
fn a_failing_disk_is_left_and_come_back_to() {
    if std::env::var_os(CHILD).is_none() {
        let program = std::env::current_exe().unwrap();
        let mut child = Command::new("sh");
        child.args([
            "-c",
            "trap '' XFSZ; exec \"$0\" --exact sick::a_failing_disk_is_left_and_come_back_to --nocapture",
        ]);
        let output = child.arg(program).env(CHILD, "1").stdin(Stdio::null()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
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
fn a_store_whose_thread_has_died_takes_nothing_more() {
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
            what: What::Conversations,
        };
        let [ask, append] = [Job::Ask(question), Job::Append(Vec::new())];
        let (fatal, other) = if asked { (ask, append) } else { (append, ask) };
        assert!(store.submit(fatal.clone()));
        // Whichever of the two it was, nothing is left to report, and both ways are closed.
        assert!(ended.recv_timeout(PATIENCE).is_err_and(|error| error == RecvTimeoutError::Disconnected));
        assert!(!store.submit(fatal) && !store.submit(other));
        store.close(PATIENCE);
    }
}
