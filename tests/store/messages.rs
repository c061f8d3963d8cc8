//! Messages are stored once, in order; a resent one is recognised by its ref.

use proptest::prelude::*;
use tr2::model::{MessageId, Name, Timestamp};
use tr2::protocol::{Envelope, Span};
use tr2::server::store::api::{Job, Outcome, Receipt, Recipient, Record, What};
use tr2::server::store::{Durability, Options};

use crate::chat::{Chat, START, name, with};
use crate::serving::Folder;

fn kept(id: u64, time: i64) -> Outcome {
    Outcome::Again(MessageId(id), Timestamp(time))
}

#[test]
fn messages_are_unchanged_after_a_restart() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    let mut aloud = chat.record("Alice", "everyone", "one\ntwo | three; \\ @ é 😀 '\"");
    aloud.to = Recipient::Everyone { me_too: true };
    aloud.reference = Some("r;1".to_owned());
    let private = chat.record("bob", "Alice", "psst");
    let said = vec![aloud, private];
    chat.keep(said.clone());
    chat.reopen();
    for (with, record) in [("everyone", &said[0]), ("bob", &said[1])] {
        let answer = chat.answer("alice", What::Page { with: self::with(with), span: Span::default() });
        let lines = answer.lines.unwrap();
        let got = Envelope::parse(lines.split(|&byte| byte == b'\n').next().unwrap()).unwrap();
        let told = Envelope { reference: got.reference.clone(), batch: got.batch.clone(), ..record.envelope(None) };
        assert_eq!(got, told);
    }
    assert_eq!(chat.opening.last_id, MessageId(2));
    assert_eq!(chat.opening.users, [name("Alice"), name("bob")]);
}

#[test]
fn receipts_come_in_the_order_of_their_jobs() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    for size in [1, 5, 0, 2, 300, 1] {
        let records = (0..size).map(|_| chat.record("alice", "everyone", "x")).collect();
        chat.submit(Job::Append(records));
    }
    let sizes: Vec<_> = (0..6).map(|_| chat.receipt().outcomes.len()).collect();
    assert_eq!(sizes, [1, 5, 0, 2, 300, 1]);
}

#[test]
fn a_resent_message_is_stored_once() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    let send = |chat: &mut Chat, from: &str, to: &str, text: &str, reference: &str| {
        let record = chat.record(from, to, text);
        Record { reference: Some(reference.to_owned()), ..record }
    };
    // Twice in one batch, and a ref that is used for another message.
    let batch = vec![
        send(&mut chat, "alice", "everyone", "hello", "1"),
        send(&mut chat, "alice", "everyone", "hello", "1"),
        send(&mut chat, "alice", "everyone", "other", "1"),
        send(&mut chat, "alice", "bob", "hello", "1"),
        // The ref of another user, and none.
        send(&mut chat, "bob", "everyone", "hello", "1"),
        Record { reference: None, ..send(&mut chat, "alice", "everyone", "hello", "") },
        Record { reference: None, ..send(&mut chat, "alice", "everyone", "hello", "") },
    ];
    let first = chat.keep(batch).outcomes;
    let (again, used, fresh) = (kept(1, START), Outcome::RefUsed, Outcome::Kept);
    let told = [&fresh, &again, &used, &used, &fresh, &fresh, &fresh].map(Clone::clone);
    assert_eq!(first, told);
    // After a restart, however the sender spells the name.
    chat.reopen();
    let mut loud = send(&mut chat, "alice", "everyone", "hello", "1");
    loud.to = Recipient::Everyone { me_too: true };
    let later = vec![
        send(&mut chat, "alice", "everyone", "hello", "1"),
        send(&mut chat, "ALICE", "everyone", "hello", "1"),
        loud,
    ];
    assert_eq!(chat.keep(later).outcomes, [again.clone(), again, used]);
    assert_eq!(chat.count(), 4);
}

#[test]
fn a_used_id_is_refused_and_its_neighbours_are_stored() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    chat.say("alice", "everyone", "first");
    let mut batch: Vec<_> = (0..3).map(|_| chat.record("alice", "everyone", "x")).collect();
    batch[1].id = MessageId(1);
    let Receipt { outcomes, trouble } = chat.keep(batch);
    assert_eq!(outcomes, [Outcome::Kept, Outcome::Unavailable, Outcome::Kept]);
    assert_eq!(trouble.as_deref(), Some("the number 1 is not new"));
}

#[test]
fn known_users_keep_their_latest_spelling() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    chat.know("carol");
    chat.say("bob", "ALICE", "hi");
    chat.say("Alice", "BOB", "hi");
    chat.know("Carol");
    chat.reopen();
    let users: Vec<&str> = chat.opening.users.iter().map(Name::as_str).collect();
    assert_eq!(users, ["Carol", "bob", "Alice"]);
}

#[test]
fn the_memory_store_works_alike_and_leaves_nothing() {
    let folder = Folder::new();
    let options = Options { durability: Durability::Memory, ..Options::default() };
    let mut chat = Chat::open_with(folder.path(), options, "");
    chat.know("bob");
    chat.say("alice", "everyone", "hello world");
    chat.say("alice", "bob", "psst");
    assert_eq!(chat.page("bob", "everyone", Span::default()), ["1 alice: hello world", "end"]);
    assert_eq!(chat.find("bob", "psst"), ["2 alice to bob: psst", "end"]);
    assert_eq!(chat.conversations("bob"), ["everyone 0/1 1", "alice 0/2 1", "end"]);
    chat.close();
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn jobs_submitted_before_the_end_are_done_and_none_after_it() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    for _ in 0..50 {
        let record = chat.record("alice", "everyone", "x");
        chat.submit(Job::Append(vec![record]));
    }
    chat.close();
    for _ in 0..50 {
        assert_eq!(chat.receipt().outcomes, [Outcome::Kept]);
    }
    assert_eq!(chat.count(), 50);
}

#[derive(Clone, Debug)]
struct Said {
    from: usize,
    to: Option<usize>,
    reference: Option<u8>,
    text: u8,
}

fn said() -> impl Strategy<Value = Said> {
    (0..3usize, prop::option::of(0..3usize), prop::option::of(0..6u8), 0..3u8)
        .prop_map(|(from, to, reference, text)| Said { from, to, reference, text })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// The model is a list: each user's pages show exactly its messages, however they were batched.
    #[test]
    fn pages_show_the_stored_messages(
        batches in prop::collection::vec(prop::collection::vec(said(), 0..12), 1..8),
        since in prop::option::of(0..40u64), before in prop::option::of(0..40u64), limit in 1..9usize,
        restart in any::<bool>(),
    ) {
        let users = ["ann", "ben", "cem"];
        let folder = Folder::new();
        let mut chat = Chat::open(folder.path());
        let mut model: Vec<(u64, Said)> = Vec::new();
        for batch in batches {
            let records: Vec<Record> = batch.iter().map(|said| {
                let to = said.to.map_or("everyone", |to| users[to]);
                let record = chat.record(users[said.from], to, &format!("t{}", said.text));
                Record { reference: said.reference.map(|reference| reference.to_string()), ..record }
            }).collect();
            let ids: Vec<u64> = records.iter().map(|record| record.id.0).collect();
            for ((outcome, id), said) in chat.keep(records).outcomes.into_iter().zip(ids).zip(batch) {
                let earlier = model.iter().find(|(_, old)| old.from == said.from && old.reference == said.reference);
                let earlier = earlier.filter(|_| said.reference.is_some());
                match (outcome, earlier) {
                    (Outcome::Kept, None) => model.push((id, said)),
                    (Outcome::Again(id, _), Some((old, same))) => {
                        prop_assert_eq!((id.0, same.to, same.text), (*old, said.to, said.text));
                    }
                    (Outcome::RefUsed, Some((_, other))) => prop_assert!((other.to, other.text) != (said.to, said.text)),
                    (outcome, earlier) => prop_assert!(false, "{:?} {:?}", outcome, earlier),
                }
            }
        }
        if restart {
            chat.reopen();
        }
        let span = Span { since: since.map(MessageId), before: before.map(MessageId), limit };
        for user in 0..3 {
            for with in [None, Some(0), Some(1), Some(2)] {
                let mut wanted: Vec<u64> = model.iter().filter(|(_, said)| match (with, said.to) {
                    (None, None) => true,
                    (Some(with), Some(to)) => [said.from, to] == [user, with] || [said.from, to] == [with, user],
                    _ => false,
                }).map(|(id, _)| *id).filter(|id| since.is_none_or(|since| *id > since)
                    && before.is_none_or(|before| *id < before)).collect();
                let more = wanted.len() > limit;
                if since.is_some() {
                    wanted.truncate(limit);
                } else {
                    wanted.drain(..wanted.len().saturating_sub(limit));
                }
                let mut page = chat.page(users[user], with.map_or("everyone", |with| users[with]), span);
                prop_assert_eq!(page.pop().unwrap(), if more { "end more" } else { "end" });
                let got: Vec<u64> = page.iter().map(|line| line.split(' ').next().unwrap().parse().unwrap()).collect();
                prop_assert_eq!(got, wanted);
            }
        }
    }
}
