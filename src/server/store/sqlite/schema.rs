//! The tables of the history, version by version, and how an older history is brought to the newest version.
//!
//! All steps are one transaction: a history has the old form or the new one, whatever ends the program. Before it, a
//! copy of the old history is put aside.
//!
//! Must not know: how messages are written or found.

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, Result};

use super::backup;
use super::errors::store_error;
use super::format::{APPLICATION, EVERYONE, VERSION, version};
use super::former_owners;
use super::high_water::{self, Counter};
use super::modlog;
use super::node_place;
use super::placing;
use super::search_index;
use crate::server::store::error::StoreError;

/// The step that leads to each version; the first makes a new history.
const STEPS: [fn(&Connection) -> Result<()>; 11] = [
    first,
    search,
    owners,
    rooms,
    generations,
    changes,
    change_labels,
    more_modes,
    renamed_users,
    placing::make,
    node_place::make,
];

const _: () = assert!(STEPS.len() as i64 == VERSION, "each version has a step that leads to it");

/// Brings a history to the newest version.
pub(super) fn prepare(conn: &Connection, path: &Path) -> Result<(), StoreError> {
    let failed = |error: rusqlite::Error| store_error(path, &error);
    let version = version(conn, path)?;
    if version == VERSION {
        return Ok(());
    }
    let copy = if version > 0 { Some(put_aside(conn, path, version)?) } else { None };
    conn.execute_batch("BEGIN IMMEDIATE").map_err(failed)?;
    let mut steps = STEPS.iter().skip(usize::try_from(version).unwrap_or(0));
    let done = steps.try_for_each(|step| step(conn)).and_then(|()| {
        // Messages of an older history may not be in the search index yet.
        while search_index::chunk(conn, 10_000)? > 0 {}
        conn.execute_batch(&format!("PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {VERSION}; COMMIT"))
    });
    if done.is_err() && !conn.is_autocommit() {
        // The first error is the one to return; a transaction that is not ended is rolled back with its connection.
        let _ = conn.execute_batch("ROLLBACK");
    }
    if let Some(copy) = copy {
        if done.is_ok() {
            log::warn!(from = version, to = VERSION, copy:% = copy.display(); "history_migrated");
        } else {
            // The history still has its old form: the copy is of no use, and each try would leave another one.
            let _ = fs::remove_file(&copy);
        }
    }
    done.map_err(failed)
}

/// Copies an old history beside it, under a name that is free.
fn put_aside(conn: &Connection, path: &Path, version: i64) -> Result<PathBuf, StoreError> {
    let named = |number: u32| {
        let mut name = path.as_os_str().to_owned();
        name.push(match number {
            0 => format!(".v{version}.bak"),
            _ => format!(".v{version}.{number}.bak"),
        });
        PathBuf::from(name)
    };
    let failed = |why: String| StoreError::Aside(path.to_owned(), why);
    let copy = (0..1000).map(named).find(|copy| copy.symlink_metadata().is_err());
    let copy = copy.ok_or_else(|| failed("there are a thousand already".to_owned()))?;
    backup::copy(conn, &copy).map_err(|error| failed(error.to_string()))?;
    Ok(copy)
}

/// Users, conversations, messages and read marks.
fn first(conn: &Connection) -> Result<()> {
    conn.execute_batch(&format!(
        "CREATE TABLE user (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, shown TEXT NOT NULL) STRICT;
         CREATE TABLE name (id INTEGER PRIMARY KEY, user INTEGER NOT NULL, spelling TEXT NOT NULL UNIQUE) STRICT;
         -- Two users, the lower number first; none where everyone is meant.
         CREATE TABLE conversation (id INTEGER PRIMARY KEY, low INTEGER, high INTEGER, UNIQUE (low, high)) STRICT;
         CREATE INDEX conversation_high ON conversation (high);
         INSERT INTO conversation (id) VALUES ({EVERYONE});
         CREATE TABLE message (
             id INTEGER PRIMARY KEY,
             conversation INTEGER NOT NULL,
             time INTEGER NOT NULL,
             author INTEGER NOT NULL,
             signed INTEGER NOT NULL,
             dest INTEGER,
             me_too INTEGER NOT NULL,
             ref TEXT,
             body TEXT NOT NULL,
             sum INTEGER NOT NULL
         ) STRICT;
         -- Ends in the message's number, as every index does.
         CREATE INDEX message_conversation ON message (conversation);
         CREATE UNIQUE INDEX message_ref ON message (author, ref) WHERE ref IS NOT NULL;
         CREATE TABLE read (
             user INTEGER NOT NULL, conversation INTEGER NOT NULL, id INTEGER NOT NULL, PRIMARY KEY (user, conversation)
         ) STRICT, WITHOUT ROWID;
         CREATE TABLE meta (key TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
         INSERT INTO meta VALUES ('last_id', 0);"
    ))
}

/// The search index, and the time slots of messages.
fn search(conn: &Connection) -> Result<()> {
    conn.execute_batch(
        // The words are folded already (`words`); the two prefix indexes make short ones fast.
        "CREATE VIRTUAL TABLE search USING fts5(
             body, scope, content = '', contentless_delete = 1, tokenize = 'ascii', prefix = '1 2'
         );
         CREATE TABLE slot (slot INTEGER PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL) STRICT;
         INSERT INTO meta VALUES ('indexed', 0);",
    )
}

/// The owners of names, and whether a message's sender had proved who they are.
fn owners(conn: &Connection) -> Result<()> {
    conn.execute_batch(
        "ALTER TABLE message ADD COLUMN verified INTEGER NOT NULL DEFAULT 0;
         CREATE TABLE owner (key TEXT PRIMARY KEY, name TEXT NOT NULL, since INTEGER NOT NULL) STRICT, WITHOUT ROWID;
         CREATE TABLE proof (
             key TEXT NOT NULL, identity TEXT NOT NULL, since INTEGER NOT NULL, PRIMARY KEY (key, identity)
         ) STRICT, WITHOUT ROWID;",
    )
}

/// Rooms, deleted messages, facts, and what moderators did.
fn rooms(conn: &Connection) -> Result<()> {
    conn.execute_batch(
        "-- The members of a room are not here: without a pair and without a room, everyone is meant.
         ALTER TABLE conversation ADD COLUMN room INTEGER;
         CREATE UNIQUE INDEX conversation_room ON conversation (room) WHERE room IS NOT NULL;
         -- The spelling of who did it.
         ALTER TABLE message ADD COLUMN deleted INTEGER;
         CREATE TABLE fact (
             kind TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, sum INTEGER NOT NULL, PRIMARY KEY (kind, key)
         ) STRICT, WITHOUT ROWID;
         -- Nothing is ever altered.
         CREATE TABLE act (
             id INTEGER PRIMARY KEY,
             time INTEGER NOT NULL,
             room INTEGER,
             by TEXT NOT NULL,
             data TEXT NOT NULL,
             sum INTEGER NOT NULL
         ) STRICT;
         CREATE INDEX act_room ON act (room);",
    )
}

/// The generations of users, ended rooms, numbers of acts in their place, logins, and a search index from which words can
/// be taken out.
fn generations(conn: &Connection) -> Result<()> {
    conn.execute_batch(
        "-- A name that changes hands gets a new row. `retired` is 0 in the row of its present holder, and else the row's
         -- own number.
         CREATE TABLE holder (
             id INTEGER PRIMARY KEY, key TEXT NOT NULL, shown TEXT NOT NULL, retired INTEGER NOT NULL DEFAULT 0
         ) STRICT;
         INSERT INTO holder (id, key, shown) SELECT id, key, shown FROM user;
         DROP TABLE user;
         ALTER TABLE holder RENAME TO user;
         CREATE UNIQUE INDEX user_key ON user (key, retired);
         CREATE INDEX read_conversation ON read (conversation);
         -- Rooms that have ended, until everything that was said and done in them is deleted.
         CREATE TABLE ended_room (room INTEGER PRIMARY KEY) STRICT;
         -- The number of an act counts those in the same place only.
         ALTER TABLE act ADD COLUMN number INTEGER NOT NULL DEFAULT 0;
         DROP INDEX act_room;
         UPDATE act SET number = counted.number FROM (
             SELECT id, row_number() OVER (PARTITION BY room ORDER BY id) AS number FROM act
         ) AS counted WHERE counted.id = act.id;
         CREATE INDEX act_place ON act (room, number);
         -- The highest number of an act in each place; 0 is the whole server.
         CREATE TABLE act_number (place INTEGER PRIMARY KEY, last INTEGER NOT NULL) STRICT;
         INSERT INTO act_number SELECT coalesce(room, 0), max(number) FROM act GROUP BY room;
         ALTER TABLE proof ADD COLUMN login TEXT;
         -- The checksum of a number that must not be given again.
         ALTER TABLE meta ADD COLUMN sum INTEGER NOT NULL DEFAULT 0;
         DROP TABLE search;
         CREATE VIRTUAL TABLE search USING fts5(body, scope, content = '', tokenize = 'ascii', prefix = '1 2');
         INSERT INTO search (search, rank) VALUES ('secure-delete', 1);
         DELETE FROM slot;
         -- A room without its fact can be entered by nobody.
         INSERT INTO ended_room SELECT room FROM (SELECT room FROM conversation UNION SELECT room FROM act)
             WHERE room IS NOT NULL AND NOT EXISTS (SELECT 1 FROM fact WHERE kind = 'room' AND key = CAST(room AS TEXT));",
    )?;
    modlog::seal_numbers(conn)?;
    former_owners::part_with(conn)?;
    let last_id: i64 =
        conn.query_row("SELECT coalesce(max(value), 0) FROM meta WHERE key = 'last_id'", [], |row| row.get(0))?;
    conn.execute("UPDATE meta SET value = 0 WHERE key = 'indexed'", [])?;
    // Changes of messages, which have such numbers too, come with a later version.
    let newest: i64 = conn.query_row("SELECT coalesce(max(id), 0) FROM message", [], |row| row.get(0))?;
    high_water::keep(conn, Counter::Message, newest.max(last_id))?;
    let others = Counter::ALL.into_iter().filter(|counter| *counter != Counter::Message);
    others.into_iter().try_for_each(|counter| high_water::raise(conn, counter))
}

/// The message that another one answers, changes of messages, and reactions to them.
fn changes(conn: &Connection) -> Result<()> {
    conn.execute_batch(
        "ALTER TABLE message ADD COLUMN reply INTEGER;
         -- When the text was last edited.
         ALTER TABLE message ADD COLUMN edited INTEGER;
         -- The number of the last change, reactions included; 0 if there is none.
         ALTER TABLE message ADD COLUMN changed INTEGER NOT NULL DEFAULT 0;
         CREATE INDEX message_changed ON message (conversation, changed) WHERE changed > 0;
         CREATE INDEX message_change ON message (changed) WHERE changed > 0;
         CREATE TABLE reaction (
             message INTEGER NOT NULL,
             user INTEGER NOT NULL,
             text TEXT NOT NULL,
             number INTEGER NOT NULL,
             sum INTEGER NOT NULL,
             PRIMARY KEY (message, user, text)
         ) STRICT, WITHOUT ROWID;",
    )
}

/// What was asked for under the labels of changes.
fn change_labels(conn: &Connection) -> Result<()> {
    conn.execute_batch(
        "CREATE TABLE change_label (
             user INTEGER NOT NULL,
             ref TEXT NOT NULL,
             message INTEGER NOT NULL,
             kind INTEGER NOT NULL,
             reaction TEXT,
             number INTEGER NOT NULL,
             time INTEGER NOT NULL,
             fresh INTEGER NOT NULL,
             count INTEGER NOT NULL,
             sum INTEGER NOT NULL,
             PRIMARY KEY (user, ref)
         ) STRICT, WITHOUT ROWID;
         CREATE INDEX change_label_message ON change_label (message, number);",
    )
}

/// Facts about rooms with modes that an older program does not know: it would drop them. Older facts hold as they are.
fn more_modes(_: &Connection) -> Result<()> {
    Ok(())
}

/// Users who have taken another name.
fn renamed_users(conn: &Connection) -> Result<()> {
    conn.execute_batch(
        "-- The first name of a user who has taken another one, with its case folded: it is the one that the checksums of
         -- their messages cover.
         ALTER TABLE user ADD COLUMN sealed TEXT;",
    )
}
