//! The file: closed to others, of a known form, and brought to the newest one.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;

use rusqlite::Connection;
use tr2::model::Name;
use tr2::protocol::Span;
use tr2::server::store::{Options, Store};

use crate::chat::Chat;
use crate::serving::Folder;

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn refusal(folder: &Path) -> String {
    Store::open(folder, Options::default(), |_| {}).unwrap_err().to_string()
}

/// Makes the history what version 1 left behind.
fn age(path: &Path) {
    let conn = Connection::open(path).unwrap();
    conn.execute_batch(
        "DROP TABLE owner; DROP TABLE proof; ALTER TABLE message DROP COLUMN verified; DROP TABLE search; DROP TABLE slot; DELETE FROM meta WHERE key = 'indexed'; PRAGMA user_version = 1;
         PRAGMA wal_checkpoint(TRUNCATE)",
    )
    .unwrap();
}

#[test]
fn nobody_else_may_read_the_files() {
    let folder = Folder::new();
    let path = folder.path().join("history.db");
    // Whatever the mask of this process, and whatever was done to the file before.
    rustix::process::umask(rustix::fs::Mode::empty());
    let mut chat = Chat::open(folder.path());
    chat.say("alice", "everyone", "hi");
    for file in ["history.db", "history.db-wal", "history.db-shm"] {
        assert_eq!(mode(&folder.path().join(file)), 0o600, "{file}");
    }
    chat.close();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    age(&path);
    let mut chat = Chat::open(folder.path());
    chat.say("alice", "everyone", "hi");
    for file in fs::read_dir(folder.path()).unwrap() {
        let file = file.unwrap().path();
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
}

#[test]
fn an_older_history_is_put_aside_and_brought_on() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    let path = folder.path().join("history.db");
    for (round, copy) in ["history.db.v1.bak", "history.db.v1.1.bak"].into_iter().enumerate() {
        chat.say("alice", "everyone", "old words");
        chat.say("alice", "bob", "psst");
        chat.close();
        age(&path);
        chat = Chat::open(folder.path());
        assert_eq!(chat.find("bob", "old words").len(), round + 2);
        assert_eq!(chat.find("bob", "psst after:2025-11-22").len(), round + 2);
        assert_eq!(chat.page("bob", "alice", Span::default()).len(), round + 2);
        let kept = Connection::open(folder.path().join(copy)).unwrap();
        let ask = |sql: &str| kept.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
        assert_eq!(ask("PRAGMA user_version"), 1);
        assert_eq!(ask("SELECT count(*) FROM message"), 2 * (round as i64 + 1));
        assert_eq!(ask("SELECT count(*) FROM sqlite_schema WHERE name = 'search'"), 0);
        assert_eq!(mode(&folder.path().join(copy)), 0o600);
    }
}

#[test]
fn a_history_that_cannot_be_brought_on_stays_as_it_was() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    chat.say("alice", "everyone", "hi");
    chat.close();
    let path = folder.path().join("history.db");
    age(&path);
    // Something stands in the way of the second step's last table.
    Connection::open(&path).unwrap().execute_batch("CREATE TABLE slot (x)").unwrap();
    let refused = refusal(folder.path());
    assert!(refused.contains("history.db"), "{refused}");
    let conn = Connection::open(&path).unwrap();
    let ask = |sql: &str| conn.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(ask("PRAGMA user_version"), 1);
    assert_eq!(ask("SELECT count(*) FROM sqlite_schema WHERE name LIKE 'search%'"), 0);
    conn.execute_batch("DROP TABLE slot").unwrap();
    drop(conn);
    assert_eq!(Chat::open(folder.path()).find("bob", "hi").len(), 2);
}

#[test]
fn a_newer_history_is_refused_and_left_alone() {
    let folder = Folder::new();
    Chat::open(folder.path()).close();
    let path = folder.path().join("history.db");
    Connection::open(&path).unwrap().execute_batch("PRAGMA user_version = 4").unwrap();
    let before = fs::read(&path).unwrap();
    let refused = refusal(folder.path());
    let wanted = format!(
        "the history {} is of a newer tr2 (version 4, this one knows up to 3); start that one, or name another folder \
         with --data",
        path.display()
    );
    assert_eq!(refused, wanted);
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn what_is_no_history_is_refused_and_left_alone() {
    let folder = Folder::new();
    let path = folder.path().join("history.db");
    fs::write(&path, "not a database, but long enough to be looked at as one".repeat(100)).unwrap();
    let refused = refusal(folder.path());
    assert!(refused.contains("is damaged or no history of tr2"), "{refused}");
    fs::remove_file(&path).unwrap();
    Connection::open(&path).unwrap().execute_batch("CREATE TABLE notes (x)").unwrap();
    let before = fs::read(&path).unwrap();
    let refused = refusal(folder.path());
    assert!(refused.contains("it was made by another program"), "{refused}");
    assert_eq!(fs::read(&path).unwrap(), before);
    fs::remove_file(&path).unwrap();
    let elsewhere = folder.path().join("elsewhere");
    fs::write(&elsewhere, "").unwrap();
    fs::set_permissions(&elsewhere, fs::Permissions::from_mode(0o644)).unwrap();
    symlink(&elsewhere, &path).unwrap();
    let refused = refusal(folder.path());
    assert!(refused.contains("cannot be used"), "{refused}");
    assert_eq!((fs::read(&elsewhere).unwrap(), mode(&elsewhere)), (Vec::new(), 0o644));
}

#[test]
fn a_file_that_was_only_begun_is_as_good_as_none() {
    let folder = Folder::new();
    fs::write(folder.path().join("history.db"), "").unwrap();
    let mut chat = Chat::open(folder.path());
    assert_eq!((chat.opening.last_id.0, chat.opening.users.as_slice()), (0, [].as_slice() as &[Name]));
    chat.say("alice", "everyone", "hi");
}
