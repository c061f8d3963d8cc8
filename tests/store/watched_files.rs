//! The files of an open history: what takes their place, and what shortens them, is noticed, and nothing is kept then.

use std::fs::{self, File, OpenOptions};
use std::os::unix::fs::{FileExt as _, chown};
use std::path::Path;

use tr2::server::store::api::{Job, Outcome};
use tr2::server::store::{self, Report};

use crate::chat::Chat;
use crate::serving::Folder;

/// What happens to the files of an open history, and how it is told.
type Mishap = (&'static str, fn(&Path), &'static str);

/// A valid history of somebody else.
fn other_history() -> Folder {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    for number in 0..40 {
        chat.say("zoe", "everyone", &format!("{number} {}", "z".repeat(3000)));
    }
    chat.close();
    folder
}

/// A copy of the history as `tr2 serve --backup` writes it.
fn backup(folder: &Path) {
    store::backup(folder, &folder.join("copy")).unwrap();
}

fn shorten(path: &Path, length: u64) {
    OpenOptions::new().write(true).open(path).unwrap().set_len(length).unwrap();
}

const MISHAPS: [Mishap; 12] = [
    (
        "history.db moved away",
        |at| fs::rename(at.join("history.db"), at.join("old")).unwrap(),
        "history.db was removed",
    ),
    ("history.db removed", |at| fs::remove_file(at.join("history.db")).unwrap(), "history.db was removed"),
    (
        "a backup moved over history.db",
        |at| {
            backup(at);
            fs::rename(at.join("copy"), at.join("history.db")).unwrap();
        },
        "another file has taken the place of",
    ),
    (
        "a backup copied over history.db",
        |at| {
            backup(at);
            fs::copy(at.join("copy"), at.join("history.db")).unwrap();
        },
        "history.db was ",
    ),
    (
        "another server's history copied over history.db",
        |at| {
            fs::copy(other_history().path().join("history.db"), at.join("history.db")).unwrap();
        },
        "history.db was ",
    ),
    ("history.db truncated", |at| shorten(&at.join("history.db"), 4096), "history.db was truncated"),
    ("history.db emptied", |at| drop(File::create(at.join("history.db")).unwrap()), "history.db was truncated"),
    ("the log removed", |at| fs::remove_file(at.join("history.db-wal")).unwrap(), "history.db-wal was removed"),
    ("the log emptied", |at| shorten(&at.join("history.db-wal"), 0), "history.db-wal was truncated"),
    (
        "the log's begin overwritten",
        |at| {
            let log = OpenOptions::new().write(true).open(at.join("history.db-wal")).unwrap();
            log.write_all_at(&[0xa5; 64], 0).unwrap();
        },
        "history.db-wal was overwritten",
    ),
    (
        "the log replaced",
        |at| {
            fs::copy(at.join("history.db-wal"), at.join("log")).unwrap();
            fs::rename(at.join("log"), at.join("history.db-wal")).unwrap();
        },
        "another file has taken the place of",
    ),
    ("the index of the log removed", |at| fs::remove_file(at.join("history.db-shm")).unwrap(), "-shm was removed"),
];

/// An open history with some messages in its main file and some in its log.
fn open(folder: &Path) -> Chat {
    let mut chat = Chat::open(folder);
    for number in 0..20 {
        chat.say("alice", "everyone", &format!("{number} {}", "x".repeat(3000)));
    }
    chat.reopen();
    chat.say("alice", "everyone", "before");
    chat
}

#[test]
fn nothing_is_kept_in_a_file_that_the_next_start_would_not_find() {
    for (what, happens, told) in MISHAPS {
        let folder = Folder::new();
        let mut chat = open(folder.path());
        happens(folder.path());
        let record = chat.record("alice", "everyone", "lost");
        chat.submit(Job::Append(vec![record]));
        let receipt = loop {
            match chat.report() {
                Report::Stored(receipt) => break receipt,
                // It was noticed before anything was said.
                Report::Trouble(_) => {}
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(receipt.outcomes, [Outcome::Unavailable], "{what}");
        let trouble = receipt.trouble.unwrap();
        assert!(trouble.contains(told) && trouble.contains("put the right files back"), "{what}: {trouble}");
    }
}

#[test]
fn trouble_is_told_while_nothing_is_said_and_ends_when_the_file_is_back() {
    let folder = Folder::new();
    let mut chat = open(folder.path());
    let (path, away) = (folder.path().join("history.db"), folder.path().join("away"));
    fs::rename(&path, &away).unwrap();
    let Report::Trouble(trouble) = chat.report() else { panic!("trouble is told") };
    assert!(trouble.contains("history.db was removed"), "{trouble}");
    let record = chat.record("alice", "everyone", "lost");
    assert_eq!(chat.keep(vec![record]).outcomes, [Outcome::Unavailable]);
    fs::rename(&away, &path).unwrap();
    chat.say("alice", "everyone", "after");
    chat.reopen();
    assert_eq!(chat.count(), 22);
}

#[test]
fn what_the_lost_log_held_is_saved() {
    let folder = Folder::new();
    let chat = open(folder.path());
    fs::remove_file(folder.path().join("history.db-wal")).unwrap();
    assert!(matches!(chat.report(), Report::Trouble(_)));
    // As after a crash: nothing more is written.
    let copy = Folder::new();
    fs::copy(folder.path().join("history.db"), copy.path().join("history.db")).unwrap();
    let mut after = Chat::open(copy.path());
    assert_eq!(after.count(), 21);
    after.close();
}

#[test]
fn the_lock_of_the_data_folder_is_watched() {
    let folder = Folder::new();
    let lock = folder.path().join("lock");
    File::create(&lock).unwrap();
    let chat = open(folder.path());
    fs::remove_file(&lock).unwrap();
    let Report::Trouble(trouble) = chat.report() else { panic!("trouble is told") };
    assert!(trouble.contains("lock was removed"), "{trouble}");
}

#[test]
fn a_log_that_was_emptied_by_a_checkpoint_is_no_trouble() {
    let folder = Folder::new();
    let mut chat = open(folder.path());
    for _ in 0..3 {
        chat.say("alice", "everyone", "more");
        chat.sqlite().query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
        chat.say("alice", "everyone", "and more");
    }
    assert_eq!(chat.count(), 27);
}

#[test]
fn a_history_whose_time_of_writing_changes_late_is_no_trouble() {
    let folder = Folder::new();
    let mut chat = open(folder.path());
    let path = folder.path().join("history.db");
    for seconds in 1..4 {
        // By another program: to close the file here would drop the locks of the store.
        let touched =
            std::process::Command::new("touch").arg("-d").arg(format!("+{seconds} seconds")).arg(&path).status();
        assert!(touched.unwrap().success());
        chat.say("alice", "everyone", "after");
    }
    assert_eq!(chat.count(), 24);
}

#[test]
fn a_file_that_gets_another_owner_is_noticed_by_root_too() {
    if !rustix::process::geteuid().is_root() {
        return println!("skipped: only root can give files away");
    }
    let folder = Folder::new();
    let mut chat = open(folder.path());
    for file in ["history.db", "history.db-wal"] {
        let path = folder.path().join(file);
        chown(&path, Some(1700), None).unwrap();
        let Report::Trouble(trouble) = chat.report() else { panic!("trouble is told") };
        assert!(trouble.contains(&format!("{file} now belongs to another user (uid 1700)")), "{trouble}");
        let record = chat.record("alice", "everyone", "lost");
        assert_eq!(chat.keep(vec![record]).outcomes, [Outcome::Unavailable]);
        chown(&path, Some(0), None).unwrap();
        chat.say("alice", "everyone", "after");
    }
}
