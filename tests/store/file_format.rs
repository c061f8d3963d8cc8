//! The history file: private, of a known version, and migrated to the newest one.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;

use rusqlite::Connection;
use tr2::model::Name;
use tr2::protocol::Span;
use tr2::server::broker::rooms::facts;
use tr2::server::store::api::{Deleted, Fact, Job, Update};
use tr2::server::store::backup;
use tr2::server::store::{Options, Store};

use crate::alone::is_alone;
use crate::chat::{Chat, name};
use crate::serving::Folder;

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn refusal(folder: &Path) -> String {
    Store::open(folder, Options::default(), |_| {}).unwrap_err().to_string()
}

/// Undoes what each version added, the newest first.
const STEPS_BACK: [&str; 10] = [
    "DROP TABLE node; DROP TABLE deed;",
    "DROP TRIGGER message_gone; DROP TRIGGER message_moved; DROP VIEW located; DROP TABLE place; DROP TABLE label;
     CREATE INDEX message_conversation ON message (conversation);
     CREATE UNIQUE INDEX message_ref ON message (author, ref) WHERE ref IS NOT NULL;
     DELETE FROM meta WHERE key = 'placed';",
    "ALTER TABLE user DROP COLUMN sealed;",
    "",
    "DROP TABLE change_label;",
    "DROP INDEX message_changed; DROP INDEX message_change; ALTER TABLE message DROP COLUMN reply;
     ALTER TABLE message DROP COLUMN edited; ALTER TABLE message DROP COLUMN changed; DROP TABLE reaction;",
    "CREATE TABLE old (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, shown TEXT NOT NULL) STRICT;
     INSERT INTO old SELECT id, key, shown FROM user; DROP TABLE user; ALTER TABLE old RENAME TO user;
     DROP INDEX read_conversation; DROP TABLE ended_room; DROP TABLE act_number;
     DROP INDEX act_place; ALTER TABLE act DROP COLUMN number; CREATE INDEX act_room ON act (room);
     ALTER TABLE proof DROP COLUMN login; ALTER TABLE meta DROP COLUMN sum;
     DELETE FROM meta WHERE key NOT IN ('last_id', 'indexed'); INSERT OR IGNORE INTO meta VALUES ('last_id', 0);
     UPDATE meta SET value = 0 WHERE key = 'indexed'; DROP TABLE search; DELETE FROM slot;
     CREATE VIRTUAL TABLE search USING fts5(
         body, scope, content = '', contentless_delete = 1, tokenize = 'ascii', prefix = '1 2'
     );",
    "DROP INDEX conversation_room; ALTER TABLE conversation DROP COLUMN room;
     ALTER TABLE message DROP COLUMN deleted; DROP TABLE fact; DROP TABLE act;",
    "DROP TABLE owner; DROP TABLE proof; ALTER TABLE message DROP COLUMN verified;",
    "DROP TABLE search; DROP TABLE slot; DELETE FROM meta WHERE key = 'indexed';",
];

/// Turns the history into one that an older version wrote.
pub fn age(path: &Path, version: usize) {
    let conn = Connection::open(path).unwrap();
    for step in &STEPS_BACK[..11 - version] {
        conn.execute_batch(step).unwrap();
    }
    conn.execute_batch(&format!("PRAGMA user_version = {version}; PRAGMA wal_checkpoint(TRUNCATE)")).unwrap();
}

#[test]
fn the_files_are_readable_by_their_owner_only() {
    // Whatever the umask of the process, and whatever was done to the file before.
    if !is_alone("file_format::the_files_are_readable_by_their_owner_only", "umask 000") {
        return;
    }
    let folder = Folder::new();
    let path = folder.path().join("history.db");
    let mut chat = Chat::open(folder.path());
    chat.say("alice", "everyone", "hi");
    for file in ["history.db", "history.db-wal", "history.db-shm"] {
        assert_eq!(mode(&folder.path().join(file)), 0o600, "{file}");
    }
    chat.close();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    age(&path, 1);
    let mut chat = Chat::open(folder.path());
    chat.say("alice", "everyone", "hi");
    for file in fs::read_dir(folder.path()).unwrap() {
        let file = file.unwrap().path();
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
}

#[test]
fn an_older_history_is_backed_up_and_migrated() {
    for version in 1..=10 {
        let folder = Folder::new();
        let mut chat = Chat::open(folder.path());
        let path = folder.path().join("history.db");
        for (round, copy) in ["bak", "1.bak"].into_iter().enumerate() {
            chat.say("alice", "everyone", "old words");
            chat.say("alice", "bob", "psst");
            chat.close();
            age(&path, version);
            chat = Chat::open(folder.path());
            assert_eq!(chat.find("bob", "old words").len(), round + 2);
            assert_eq!(chat.find("bob", "psst after:2025-11-22").len(), round + 2);
            assert_eq!(chat.page("bob", "alice", Span::default()).len(), round + 2);
            let copy = folder.path().join(format!("history.db.v{version}.{copy}"));
            let kept = Connection::open(&copy).unwrap();
            let ask = |sql: &str| kept.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
            assert_eq!(ask("PRAGMA user_version"), version as i64);
            assert_eq!(ask("SELECT count(*) FROM message"), 2 * (round as i64 + 1));
            assert_eq!(ask("SELECT count(*) FROM sqlite_schema WHERE name = 'search'"), i64::from(version > 1));
            assert_eq!(ask("SELECT count(*) FROM sqlite_schema WHERE name = 'act'"), i64::from(version > 3));
            assert_eq!(mode(&copy), 0o600);
        }
        // From here on it is like any other history.
        chat.join("bob", "#ops");
        let id = chat.say("alice", "#ops", "new words");
        assert_eq!(chat.find("bob", "new words").len(), 2);
        assert_eq!(chat.delete("alice", "everyone", 1), Deleted::Done(name("alice")));
        assert_eq!(chat.page("bob", "#ops", Span::default()), [format!("{id} alice in #ops: new words"), "end".into()]);
    }
}

/// Rows as version 3 wrote them, with its checksums.
const OF_VERSION_3: &str = "
    INSERT INTO user VALUES (1, 'bob', 'bob'), (2, 'alice', 'Alice'), (3, 'vera', 'vera');
    INSERT INTO name VALUES (1, 1, 'bob'), (2, 2, 'Alice'), (3, 2, 'alice'), (4, 3, 'vera');
    INSERT INTO conversation VALUES (2, 1, 2);
    INSERT INTO message VALUES
        (1, 1, 1763812800000, 2, 2, NULL, 0, NULL, 'old words, said aloud', 907793165, 0),
        (2, 2, 1763812860000, 1, 1, 3, 0, 'r1', 'psst, old words', 1826311375, 0),
        (3, 1, 1763812920000, 3, 4, NULL, 1, NULL, 'Zürich', 1584311521, 1);
    INSERT INTO read VALUES (1, 1, 1);";

#[test]
fn messages_from_before_rooms_survive_the_migration() {
    let folder = Folder::new();
    let path = folder.path().join("history.db");
    Chat::open(folder.path()).close();
    age(&path, 3);
    Connection::open(&path).unwrap().execute_batch(OF_VERSION_3).unwrap();
    let chat = Chat::open(folder.path());
    assert_eq!(
        chat.page("bob", "everyone", Span::default()),
        ["1 Alice: old words, said aloud", "3 vera+: Zürich", "end"]
    );
    assert_eq!(chat.find("bob", "old"), ["2 bob to alice: psst, old words", "1 Alice: old words, said aloud", "end"]);
    assert_eq!(chat.find("bob", "zurich").len(), 2);
    assert_eq!(chat.conversations("bob"), ["everyone 1/3 1", "Alice 0/2 0", "end"]);
    let done = backup(folder.path(), &folder.path().join("copy")).unwrap();
    assert_eq!((done.messages, done.damaged), (3, 0));
    let aside = Connection::open(folder.path().join("history.db.v3.bak")).unwrap();
    assert_eq!(aside.query_row("SELECT count(*) FROM message", [], |row| row.get::<_, i64>(0)).unwrap(), 3);
}

#[test]
fn rooms_from_before_calls_could_be_off_survive_the_migration() {
    let folder = Folder::new();
    let path = folder.path().join("history.db");
    let mut chat = Chat::open(folder.path());
    // As version 7 wrote them.
    let modes = r#""topic":"disks","slow":30,"read_only":true,"locked":true"#;
    let facts = [
        ("everyone", "", format!("{{{modes}}}")),
        ("room", "1", format!(r##"{{"name":"#ops","private":true,{modes}}}"##)),
    ];
    for (kind, key, value) in &facts {
        let fact = Fact { kind, key: (*key).to_owned(), value: Some(value.clone()) };
        chat.submit(Job::Keep(Update::Fact(fact)));
    }
    chat.close();
    age(&path, 7);
    let chat = Chat::open(folder.path());
    let kept: Vec<_> = chat.opening.facts.iter().map(|(kind, key, value)| (&**kind, &**key, value.clone())).collect();
    assert_eq!(kept, facts);
    for (kind, key, value) in kept {
        let read = format!("{:?}", facts::read(kind, key, &value).unwrap());
        assert!(read.contains("read_only: true, locked: true, no_calls: false"), "{read}");
    }
}

#[test]
fn a_history_that_cannot_be_migrated_stays_untouched() {
    // An obstacle makes the last table of a step fail; nothing that this step or an earlier one makes is left.
    for (version, obstacle, made) in [(1, "slot", "search%"), (1, "act", "search%"), (3, "act", "fact")] {
        let folder = Folder::new();
        let mut chat = Chat::open(folder.path());
        chat.say("alice", "everyone", "hi");
        chat.close();
        let path = folder.path().join("history.db");
        age(&path, version);
        Connection::open(&path).unwrap().execute_batch(&format!("CREATE TABLE {obstacle} (x)")).unwrap();
        let refused = refusal(folder.path());
        assert!(refused.contains("history.db"), "{refused}");
        let conn = Connection::open(&path).unwrap();
        let ask = |sql: &str| conn.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
        assert_eq!(ask("PRAGMA user_version"), version as i64);
        assert_eq!(ask(&format!("SELECT count(*) FROM sqlite_schema WHERE name LIKE '{made}'")), 0);
        conn.execute_batch(&format!("DROP TABLE {obstacle}")).unwrap();
        drop(conn);
        assert_eq!(Chat::open(folder.path()).find("bob", "hi").len(), 2);
    }
}

#[test]
fn a_newer_history_is_refused_and_stays_untouched() {
    let folder = Folder::new();
    Chat::open(folder.path()).close();
    let path = folder.path().join("history.db");
    Connection::open(&path).unwrap().execute_batch("PRAGMA user_version = 12").unwrap();
    let before = fs::read(&path).unwrap();
    let refused = refusal(folder.path());
    let wanted = format!(
        "the history {} was written by a newer tr2 (version 12; this one supports up to 11); start the newer one, or \
         name another folder with --data",
        path.display()
    );
    assert_eq!(refused, wanted);
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn a_foreign_file_is_refused_and_stays_untouched() {
    let folder = Folder::new();
    let path = folder.path().join("history.db");
    fs::write(&path, "not a database, but long enough to be looked at as one".repeat(100)).unwrap();
    let refused = refusal(folder.path());
    assert!(refused.contains("is damaged or not a tr2 history"), "{refused}");
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
fn an_empty_file_counts_as_no_history() {
    let folder = Folder::new();
    fs::write(folder.path().join("history.db"), "").unwrap();
    let mut chat = Chat::open(folder.path());
    assert_eq!((chat.opening.last_id.0, chat.opening.users.as_slice()), (0, [].as_slice() as &[Name]));
    chat.say("alice", "everyone", "hi");
}
