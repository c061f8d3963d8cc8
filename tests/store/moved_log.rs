//! The write-ahead log is moved into the history while messages are kept: it does not grow without end, nothing that was
//! kept is lost, and the files are not taken for overwritten.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use tr2::server::store::api::{Deleted, Outcome};
use tr2::server::store::examine;
use tr2::server::store::{Options, Report};

use crate::chat::{Chat, name, wait_for};
use crate::serving::Folder;

/// Pages in the log after which it is moved: few, so that it is moved often.
const OFTEN: &str = "PRAGMA wal_autocheckpoint = 40";
const PAGE: u64 = 4096;
/// What is under way writes again within this time, and the store does not look at its files sooner by itself.
const MOMENT: Duration = Duration::from_millis(50);

fn length(folder: &Path, file: &str) -> u64 {
    fs::metadata(folder.join(file)).unwrap().len()
}

/// Says about as much as so many pages hold.
fn say_pages(chat: &mut Chat, pages: usize) {
    for _ in 0..pages {
        chat.say("alice", "everyone", &"long words ".repeat(300));
    }
}

#[test]
fn the_log_is_moved_while_messages_are_kept() {
    let folder = Folder::new();
    let mut chat = Chat::open_with(folder.path(), Options::default(), OFTEN);
    say_pages(&mut chat, 400);
    // Much more than a thousand pages were written.
    let log = length(folder.path(), "history.db-wal");
    assert!(log < 500 * PAGE, "the log has {log} bytes");
    assert!(length(folder.path(), "history.db") > 200 * PAGE);
    assert_eq!(chat.count(), 400);
    chat.reopen();
    assert_eq!(chat.count(), 400);
    chat.close();
    let found = examine(folder.path(), rustix::process::geteuid().as_raw(), false).unwrap();
    assert!(found.damaged == 0 && found.lost.is_empty(), "{found:?}");
}

#[test]
fn no_commit_takes_a_move_for_somebody_else_s_writing() {
    let folder = Folder::new();
    let mut chat = Chat::open_with(folder.path(), Options::default(), "PRAGMA wal_autocheckpoint = 20");
    let commits = if std::env::var_os("TR2_LONG").is_some() { 300_000 } else { 1_500 };
    for commit in 0..commits {
        let records = (0..3).map(|_| chat.record("alice", "bob", "a few words that are kept")).collect();
        let receipt = chat.keep(records);
        assert_eq!((receipt.trouble, receipt.outcomes), (None, vec![Outcome::Kept; 3]), "commit {commit}");
        if commit % 50 == 49 {
            // The log is emptied before long, while more is kept.
            let id = chat.say("alice", "everyone", "rude words");
            assert_eq!(chat.delete("mod", "everyone", id), Deleted::Done(name("alice")), "commit {commit}");
        }
    }
    assert_eq!(chat.count(), 3 * commits + commits / 50);
}

#[test]
fn a_log_that_somebody_reads_is_moved_later() {
    let folder = Folder::new();
    let mut chat = Chat::open_with(folder.path(), Options::default(), OFTEN);
    say_pages(&mut chat, 10);
    let reader = chat.sqlite();
    reader.execute_batch("BEGIN").unwrap();
    let seen = |conn: &rusqlite::Connection| {
        conn.query_row("SELECT count(*) FROM message", [], |row| row.get::<_, i64>(0)).unwrap()
    };
    assert_eq!(seen(&reader), 10);
    say_pages(&mut chat, 300);
    assert_eq!(seen(&reader), 10, "it reads what was there");
    let held = length(folder.path(), "history.db-wal");
    assert!(held > 300 * PAGE, "the log has {held} bytes");
    reader.execute_batch("COMMIT").unwrap();
    // The log begins anew, so that it does not grow any more.
    say_pages(&mut chat, 300);
    let after = length(folder.path(), "history.db-wal");
    assert!(after < held + 300 * PAGE, "the log has {after} bytes, and had {held}");
    assert_eq!(chat.count(), 610);
}

#[test]
fn what_is_deleted_while_the_log_is_moved_is_in_no_file() {
    let folder = Folder::new();
    let mut chat = Chat::open_with(folder.path(), Options::default(), OFTEN);
    for round in 0..10 {
        let secret = format!("secret{round}x");
        let id = chat.say("alice", "everyone", &secret);
        say_pages(&mut chat, 45);
        assert_eq!(chat.delete("mod", "everyone", id), Deleted::Done(name("alice")));
        let is_there = || {
            let has = |file: &str| {
                let bytes = fs::read(folder.path().join(file)).unwrap();
                bytes.windows(secret.len()).any(|part| part == secret.as_bytes())
            };
            has("history.db") || has("history.db-wal")
        };
        wait_for(|| !is_there());
    }
}

#[test]
fn a_history_that_is_overwritten_after_its_log_was_moved_is_noticed() {
    let folder = Folder::new();
    let mut chat = Chat::open_with(folder.path(), Options::default(), OFTEN);
    let other = Folder::new();
    let mut others = Chat::open(other.path());
    say_pages(&mut others, 200);
    others.close();
    let written = || fs::metadata(folder.path().join("history.db")).unwrap().modified().unwrap();
    let changes = |since| {
        let start = Instant::now();
        while written() == since && start.elapsed() < MOMENT {}
        written() != since
    };
    // A move has begun after the last commit, and the store has not looked at its files since it ended.
    let mut before = written();
    wait_for(|| {
        say_pages(&mut chat, 1);
        before = written();
        changes(before)
    });
    while changes(before) {
        before = written();
    }
    fs::copy(other.path().join("history.db"), folder.path().join("history.db")).unwrap();
    let Report::Trouble(trouble) = chat.report() else { panic!("trouble is told") };
    assert!(trouble.contains("history.db was overwritten"), "{trouble}");
}
