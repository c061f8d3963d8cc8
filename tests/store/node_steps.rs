//! What a node keeps step by step: each step is there as a whole, with the node's place in the log, or not at all; and two
//! nodes that were given the same steps decide alike, whatever else they did meanwhile.

use std::fs;
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};

use rusqlite::Connection;
use tr2::model::{MessageId, Text, Timestamp};
use tr2::protocol::Span;
use tr2::server::store::api::{
    ConversationId, Deleted, Deletion, Job, NodePlace, Outcome, Question, Recipient, Record, RecordExtra, Requester,
    What,
};
use tr2::server::store::limits::PLACE_NOW;
use tr2::server::store::node_store::NodeStore;
use tr2::server::store::{Decisions, Durability, Options, Report, Retention, StepKept, Store};

use crate::chat::{MINUTE, START, name};
use crate::serving::{Folder, PATIENCE};

struct Node {
    store: NodeStore,
    place: Option<NodePlace>,
    reports: Receiver<Report>,
}

fn open_with(folder: &Path, extra: &str, keep: Retention) -> Node {
    open_as(folder, extra, Options { keep, ..Options::default() })
}

fn open_as(folder: &Path, extra: &str, options: Options) -> Node {
    let (report, reports) = channel();
    let options = (options, Decisions::default());
    let opened = NodeStore::open_with(folder, options, extra, move |one| drop(report.send(one)));
    let (store, _, place) = opened.unwrap();
    Node { store, place, reports }
}

fn open(folder: &Path) -> Node {
    open_with(folder, "", Retention::default())
}

/// The history of a node that has kept one step, with a message in it.
fn begun() -> Folder {
    let folder = Folder::new();
    let mut node = open(folder.path());
    node.says(1, "a");
    node.reached("at 1", b"", Some("chat at 1"), None);
    node.store.commit().unwrap();
    node.store.close();
    folder
}

fn record(id: u64, label: &str) -> Record {
    Record {
        id: MessageId(id),
        time: Timestamp(START + id as i64 * MINUTE),
        from: name("alice"),
        to: Recipient::Everyone { me_too: false },
        reference: Some(label.to_owned()),
        text: Text::line(&format!("words of {label}")),
        verified: false,
        deleted: None,
        extra: RecordExtra::default(),
    }
}

impl Node {
    fn says(&mut self, id: u64, label: &str) -> Option<Outcome> {
        match self.store.does(Job::Append(vec![record(id, label)])) {
            Some(Report::Stored(mut receipt)) => receipt.outcomes.pop(),
            None => None,
            other => panic!("{other:?}"),
        }
    }

    fn reached(&mut self, log: &str, deed: &[u8], chat: Option<&str>, minute: Option<i64>) {
        let chat = chat.map(str::as_bytes);
        let minute = minute.map(|minute| Timestamp(START + minute * MINUTE));
        self.store.reached(&StepKept { log: log.as_bytes(), deed, chat, minute, awaited: false });
    }

    /// A step that somebody is told of who relies on the disk.
    fn reached_for_somebody(&mut self, log: &str) {
        self.store.reached(&StepKept { log: log.as_bytes(), deed: b"deed", chat: None, minute: None, awaited: true });
    }

    /// What bob finds in everyone's conversation, by number.
    fn history(&mut self) -> usize {
        let what = What::Page { with: ConversationId::Everyone, span: Span::default() };
        let question = Question {
            requester: Requester(7),
            user: name("bob"),
            rooms: Vec::new(),
            reference: None,
            batch: String::new(),
            plain: false,
            what,
        };
        assert_eq!(self.store.does(Job::Ask(question)), None);
        self.store.commit().unwrap();
        match self.reports.recv_timeout(PATIENCE).unwrap() {
            Report::Answered(answer) => String::from_utf8_lossy(&answer.lines.unwrap()).matches("words of").count(),
            other => panic!("{other:?}"),
        }
    }
}

/// How many deeds are kept.
fn deeds_in(folder: &Path) -> usize {
    let conn = Connection::open(folder.join("history.db")).unwrap();
    conn.query_row("SELECT count(*) FROM deed", [], |row| row.get(0)).unwrap()
}

fn place(log: &str, chat: &str, deeds: &[&str]) -> NodePlace {
    let bytes = |text: &str| text.as_bytes().to_vec();
    NodePlace { log: bytes(log), chat: bytes(chat), deeds: deeds.iter().copied().map(bytes).collect() }
}

#[test]
fn a_step_is_there_as_a_whole_or_not_at_all() {
    let folder = Folder::new();
    let mut node = open(folder.path());
    assert_eq!(node.place, None);
    assert_eq!(node.says(1, "a"), Some(Outcome::Kept));
    node.reached("at 1", b"", Some("chat at 1"), None);
    node.reached("at 2", b"deed 2", None, None);
    node.store.commit().unwrap();
    assert_eq!(node.says(2, "b"), Some(Outcome::Kept));
    assert!(matches!(node.says(3, "b"), Some(Outcome::Again(..))), "what is not committed yet is known");
    node.reached("at 3", b"deed 3", None, None);
    // The process ends before the commit.
    drop(node);
    let mut node = open(folder.path());
    assert_eq!(node.place, Some(place("at 2", "chat at 1", &["deed 2"])));
    assert_eq!(node.says(2, "b"), Some(Outcome::Kept), "nothing is left of the step that was not committed");
    node.reached("at 3", b"deed 3", None, None);
    node.store.commit().unwrap();
    assert_eq!(node.history(), 2);
    node.store.close();
    assert_eq!(open(folder.path()).place, Some(place("at 3", "chat at 1", &["deed 2", "deed 3"])));
}

#[test]
fn what_somebody_waits_for_is_synced_and_nothing_else_is() {
    for (durability, syncs) in [(Durability::Full, true), (Durability::Normal, false)] {
        let folder = begun();
        let mut node = open_as(folder.path(), "", Options { durability, ..Options::default() });
        node.reached("at 2", b"deed", None, None);
        assert!(!node.store.commit().unwrap());
        node.reached_for_somebody("at 3");
        node.reached("at 4", b"deed", None, None);
        assert_eq!(node.store.commit(), Ok(syncs), "{durability:?}");
        assert_eq!(node.store.commit(), Ok(false), "it is synced once");
    }
}

#[test]
fn after_a_power_cut_a_node_goes_on_from_what_was_synced() {
    let folder = begun();
    let mut node = open(folder.path());
    node.says(2, "b");
    node.reached_for_somebody("at 2");
    assert_eq!(node.store.commit(), Ok(true));
    let log = folder.path().join("history.db-wal");
    let synced = fs::metadata(&log).unwrap().len();
    for step in 3..9 {
        node.says(step, &format!("label {step}"));
        node.reached(&format!("at {step}"), b"deed", None, None);
        assert_eq!(node.store.commit(), Ok(false));
    }
    drop(node);
    // The disk has nothing of what came after it, or only some of it.
    for (cut, torn) in [(synced, false), (synced + 3000, true)] {
        let after = Folder::new();
        for file in fs::read_dir(folder.path()).unwrap().map(Result::unwrap) {
            let name = file.file_name();
            // The index of the log does not outlast the machine.
            if name != "history.db-shm" {
                fs::copy(file.path(), after.path().join(name)).unwrap();
            }
        }
        let log = after.path().join("history.db-wal");
        let mut bytes = fs::read(&log).unwrap();
        if torn {
            let end = usize::try_from(cut).unwrap();
            bytes[end..end + 5000].fill(0);
        } else {
            bytes.truncate(usize::try_from(cut).unwrap());
        }
        fs::write(&log, bytes).unwrap();
        let mut node = open(after.path());
        assert_eq!(node.place.as_ref().map(|place| &*place.log), Some(&b"at 2"[..]));
        assert_eq!(node.says(3, "b"), Some(Outcome::Again(MessageId(2), record(2, "b").time)));
    }
}

#[test]
fn deeds_are_kept_until_there_are_many_of_them_or_a_text_is_to_go() {
    let folder = Folder::new();
    let mut node = open(folder.path());
    node.says(1, "secret");
    node.reached("at 1", b"", Some("chat at 1"), None);
    for step in 2..10 {
        node.reached(&format!("at {step}"), &[b'x'; 32 * 1024], Some("a later chat"), None);
    }
    node.store.commit().unwrap();
    node.store.close();
    let mut node = open(folder.path());
    let found = node.place.as_ref().unwrap();
    assert!((found.deeds.len(), &*found.chat) == (8, b"chat at 1"), "{}", found.deeds.len());
    node.reached("at 10", b"unused", Some("chat at 10"), None);
    node.reached("at 11", b"deed 11", Some("too early"), None);
    node.store.commit().unwrap();
    let deletion = Deletion {
        requester: Requester(7),
        reference: None,
        by: name("mod"),
        within: ConversationId::Everyone,
        id: MessageId(1),
        number: MessageId(2),
        reason: Text::line(""),
        spared: Vec::new(),
        time: Timestamp(START),
        outcome: None,
    };
    let Some(Report::Deleted(done)) = node.store.does(Job::Delete(deletion)) else { panic!() };
    assert_eq!(done.outcome, Some(Deleted::Done(name("alice"))));
    node.store.commit().unwrap();
    assert_eq!(deeds_in(folder.path()), 1);
    node.reached("at 13", b"deed 13", None, None);
    node.reached("at 14", b"unused", Some("chat at 14"), None);
    node.store.commit().unwrap();
    node.store.close();
    assert_eq!(open(folder.path()).place, Some(place("at 14", "chat at 14", &[])));
}

#[test]
fn a_node_that_cannot_write_keeps_nothing_more_and_goes_on_from_its_last_commit() {
    let folder = begun();
    let fails = "CREATE TEMP TRIGGER fails BEFORE INSERT ON main.message WHEN new.ref = 'bad'
                 BEGIN SELECT RAISE(ABORT, 'the disk is on fire'); END";
    let mut node = open_with(folder.path(), fails, Retention::default());
    assert_eq!(node.says(2, "good"), Some(Outcome::Kept));
    assert_eq!(node.says(3, "bad"), None, "one node alone must not refuse what the others keep");
    assert_eq!(node.says(4, "good too"), None);
    node.reached("at 2", b"deed 2", None, None);
    let why = node.store.commit().unwrap_err();
    assert!(why.contains("fire"), "{why}");
    assert_eq!(node.store.tend(), Err(why));
    node.store.close();
    let mut node = open(folder.path());
    assert_eq!(node.place, Some(place("at 1", "chat at 1", &[])));
    assert_eq!(node.says(2, "good"), Some(Outcome::Kept));
}

#[test]
fn the_history_of_a_node_is_not_served_alone_by_accident() {
    let folder = begun();
    let alone = |decisions| Store::open_watched(folder.path(), Options::default(), decisions, |_| {}).map(drop);
    let refused = alone(Decisions::default()).unwrap_err().to_string();
    assert!(refused.contains("--cluster") && refused.contains("--alone"), "{refused}");
    alone(Decisions { alone: true, ..Decisions::default() }).unwrap();
    alone(Decisions::default()).unwrap();
    let mut node = open(folder.path());
    assert_eq!(node.place, None, "it has no place in the log any more");
    assert!(matches!(node.says(2, "a"), Some(Outcome::Again(..))), "and nothing else is lost");
}

#[test]
fn where_much_is_said_messages_are_placed_and_indexed_meanwhile() {
    let folder = Folder::new();
    let mut node = open(folder.path());
    let records = (1..=PLACE_NOW).map(|id| record(id, &format!("r{id}"))).collect();
    assert!(!node.store.is_behind());
    assert!(node.store.does(Job::Append(records)).is_some());
    node.reached("at 1", b"", Some("chat at 1"), None);
    node.store.commit().unwrap();
    assert!(node.store.is_behind());
    assert!(node.store.tend().unwrap(), "there is more to index");
    assert!(!node.store.is_behind());
    while node.store.tend().unwrap() {}
    let conn = Connection::open(folder.path().join("history.db")).unwrap();
    let ask = |sql: &str| conn.query_row(sql, [], |row| row.get::<_, u64>(0)).unwrap();
    assert_eq!(ask("SELECT count(*) FROM place"), PLACE_NOW);
    assert_eq!(ask("SELECT value FROM meta WHERE key = 'indexed'"), PLACE_NOW);
}

#[test]
fn a_place_that_is_damaged_is_not_gone_on_from() {
    for damage in [
        "UPDATE node SET bytes = CAST('at 9' AS BLOB) WHERE key = 'log'",
        "UPDATE node SET bytes = CAST('chat at 9' AS BLOB) WHERE key = 'chat'",
        "DELETE FROM node WHERE key = 'chat'",
        "UPDATE deed SET bytes = CAST('deed 9' AS BLOB) WHERE number = 2",
        "DELETE FROM deed WHERE number = 2",
    ] {
        let folder = Folder::new();
        let mut node = open(folder.path());
        node.says(1, "a");
        node.reached("at 1", b"", Some("chat at 1"), None);
        for step in 2..5 {
            node.reached(&format!("at {step}"), format!("deed {step}").as_bytes(), None, None);
        }
        node.store.commit().unwrap();
        node.store.close();
        Connection::open(folder.path().join("history.db")).unwrap().execute_batch(damage).unwrap();
        let opened = NodeStore::open(folder.path(), Options::default(), Decisions::default(), |_| {});
        let refused = opened.unwrap_err().to_string();
        assert!(refused.contains("backup"), "{damage}: {refused}");
    }
}

#[test]
fn nodes_forget_old_messages_at_the_same_step_whatever_they_did_before() {
    let keeps = [
        (Retention { days: Some(1), messages: None }, 1),
        // Everyone's conversation has its turn in the first minute of each hour.
        (Retention { days: None, messages: Some(3) }, 4),
    ];
    for (keep, left) in keeps {
        let folders = [Folder::new(), Folder::new()];
        let mut nodes = folders.each_ref().map(|folder| open_with(folder.path(), "", keep));
        for (number, node) in nodes.iter_mut().enumerate() {
            for id in 1..=6 {
                assert_eq!(node.says(id, &format!("r{id}")), Some(Outcome::Kept));
                node.reached("later", b"", Some("chat"), None);
                node.store.commit().unwrap();
                // One of them has placed and indexed everything, the other nothing.
                while number == 1 && node.store.tend().unwrap() {}
            }
            assert_eq!(node.history(), 6);
        }
        let minute = (0..60).find(|minute| (START / MINUTE + minute) % 60 == 1).unwrap() + 34 * 60;
        for node in &mut nodes {
            let first = node.says(7, "r1");
            assert!(matches!(first, Some(Outcome::Again(..))), "{first:?}");
            node.reached("a day and more later", b"", None, Some(minute));
            assert_eq!(node.says(8, "r1"), Some(Outcome::Kept), "the first is forgotten, also before the commit");
            assert_eq!(node.history(), left);
        }
    }
}
