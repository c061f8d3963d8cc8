//! What a process that is killed leaves behind: the log says what it has to hold, and nothing deleted stays in it.

use std::fs;
use std::path::Path;

use tr2::server::store::api::{Deleted, Fact, Job, Update};

use crate::chat::{Chat, name, wait_for};
use crate::serving::Folder;

const SECRET: &str = "rosebud";

/// The files as they are now, in a new folder: what a process would find that starts after a kill.
fn killed(folder: &Path) -> Folder {
    let copy = Folder::new();
    for file in fs::read_dir(folder).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), copy.path().join(file.file_name())).unwrap();
    }
    copy
}

fn length(folder: &Path, file: &str) -> u64 {
    fs::metadata(folder.join(file)).map_or(0, |found| found.len())
}

fn is_marked(folder: &Path) -> bool {
    folder.join("history.db-mark").exists()
}

fn holds_secret(folder: &Path) -> bool {
    let holds = |file: &str| {
        let bytes = fs::read(folder.join(file)).unwrap_or_default();
        bytes.windows(SECRET.len()).any(|window| window == SECRET.as_bytes())
    };
    // What moves from the log into the history meanwhile is found there.
    holds("history.db-wal") || holds("history.db")
}

/// A store in which a message was said and deleted.
fn deleted(folder: &Path) -> Chat {
    let mut chat = Chat::open(folder);
    chat.say("alice", "everyone", SECRET);
    chat.say("alice", "everyone", "stays");
    chat.indexed();
    assert_eq!(chat.delete("mod", "everyone", 1), Deleted::Done(name("alice")));
    chat
}

#[test]
fn what_was_deleted_before_a_kill_is_gone_soon_after_the_next_start() {
    let folder = Folder::new();
    let chat = deleted(folder.path());
    let copy = killed(folder.path());
    assert!(holds_secret(copy.path()), "as long as the log is not emptied");
    assert!(is_marked(copy.path()));
    drop(chat);
    let after = Chat::open(copy.path());
    assert_eq!(after.count(), 2);
    wait_for(|| !holds_secret(copy.path()));
}

#[test]
fn an_emptied_log_is_not_marked_until_it_holds_something_again() {
    let folder = Folder::new();
    let mut chat = deleted(folder.path());
    wait_for(|| length(folder.path(), "history.db-wal") == 0);
    // It is committed, and changes nothing.
    let nothing = Fact { kind: "ignored", key: "nobody nothing".to_owned(), value: None };
    chat.submit(Job::Keep(Update::Fact(nothing)));
    chat.settle();
    assert_eq!((length(folder.path(), "history.db-wal"), is_marked(folder.path())), (0, false));
    let copy = killed(folder.path());
    let after = Chat::open(copy.path());
    assert_eq!(after.count(), 2);
    chat.say("alice", "everyone", "again");
    assert!(is_marked(folder.path()));
}
