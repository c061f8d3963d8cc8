//! Damaged rows are left out and reported, never shown as something else.

use std::fs::OpenOptions;
use std::os::unix::fs::FileExt as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::channel;

use tr2::model::MessageId;
use tr2::protocol::Span;
use tr2::server::store::api::Requester;
use tr2::server::store::api::{Job, Question, What};
use tr2::server::store::backup;
use tr2::server::store::{Options, Report, Store};

use crate::chat::{Chat, name, shown, with};
use crate::serving::{Folder, PATIENCE};

fn talk(chat: &mut Chat) {
    chat.know("bob");
    chat.say("alice", "everyone", "one fish");
    chat.say("alice", "bob", "two fish");
    chat.say("bob", "everyone", "red fish");
    chat.say("Alice", "everyone", "blue fish");
    chat.say("carol", "dave", "secret fish");
}

#[test]
fn an_altered_row_is_left_out_and_reported() {
    // The alteration, and which messages it removes from everyone's page and from bob's search for "fish".
    let cases = [
        ("UPDATE message SET body = 'one fisch' WHERE id = 1", "1", "1"),
        ("UPDATE message SET body = '' WHERE id = 3", "3", "3"),
        ("UPDATE message SET body = body || ' ' WHERE id = 3", "3", "3"),
        ("UPDATE message SET time = time + 1 WHERE id = 1", "1", "1"),
        ("UPDATE message SET author = 1 WHERE id = 1", "1", "1"),
        ("UPDATE message SET author = 77 WHERE id = 1", "1", "1"),
        ("UPDATE message SET signed = (SELECT id FROM name WHERE spelling = 'Alice') WHERE id = 1", "1", "1"),
        ("UPDATE message SET signed = 77 WHERE id = 1", "1", "1"),
        ("UPDATE message SET dest = 1 WHERE id = 1", "1", "1"),
        ("UPDATE message SET dest = NULL WHERE id = 2", "", "2"),
        ("UPDATE message SET dest = signed WHERE id = 2", "", "2"),
        ("UPDATE message SET me_too = 1 WHERE id = 1", "1", "1"),
        ("UPDATE message SET ref = 'x' WHERE id = 1", "1", "1"),
        ("UPDATE message SET sum = sum + 1 WHERE id = 1", "1", "1"),
        ("UPDATE message SET id = 99 WHERE id = 4", "99", "99"),
        ("UPDATE name SET spelling = 'mallory' WHERE spelling = 'Alice'", "4", "4"),
        ("UPDATE user SET key = 'mallory' WHERE key = 'alice'", "1 4", "1 2 4"),
        // Moved out of a conversation, or into one.
        ("UPDATE message SET conversation = 1 WHERE id = 2", "2", "2"),
        ("UPDATE message SET conversation = 1 WHERE id = 5", "5", ""),
        ("UPDATE message SET conversation = 2 WHERE id = 5", "", ""),
        ("UPDATE message SET conversation = 2 WHERE id = 1", "", "1"),
        ("UPDATE conversation SET low = (SELECT id FROM user WHERE key = 'bob') WHERE id = 3", "", ""),
    ];
    for (alter, of_page, of_search) in cases {
        let folder = Folder::new();
        let mut chat = Chat::open(folder.path());
        talk(&mut chat);
        let whole = chat.page("bob", "everyone", Span::default());
        let found = chat.find("bob", "fish");
        chat.indexed();
        assert_eq!(chat.sqlite().execute(alter, []).unwrap(), 1, "{alter}");
        chat.reopen();
        let ids = |damaged: &[MessageId]| {
            let mut ids: Vec<_> = damaged.iter().map(|id| id.0).collect();
            ids.sort_unstable();
            ids.iter().map(u64::to_string).collect::<Vec<_>>().join(" ")
        };
        let page = chat.answer("bob", What::Page { with: with("everyone"), span: Span::default() });
        assert_eq!(ids(&page.damaged), of_page, "{alter}");
        let search = What::Found(tr2::protocol::Query::parse("fish", &tr2::model::Zone::default()).unwrap());
        let search = chat.answer("bob", search);
        assert_eq!(ids(&search.damaged), of_search, "{alter}");
        for (answer, before) in [(page, &whole), (search, &found)] {
            let mut lines = shown(&answer.lines.unwrap());
            let lost = answer.damaged.len();
            let end = if lost > 0 { format!("end -{lost}") } else { "end".to_owned() };
            assert_eq!(lines.pop().unwrap(), end, "{alter}");
            assert!(lines.iter().all(|line| before.contains(line)), "{alter}: {lines:?}");
        }
    }
}

#[test]
fn a_damaged_message_takes_no_place_on_a_page_and_is_counted_by_a_backup() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    chat.say_all((1..=6).map(|n| ("alice".into(), "everyone".into(), n.to_string())));
    chat.sqlite().execute("UPDATE message SET body = 'x' WHERE id IN (4, 5)", []).unwrap();
    let page = chat.page("bob", "everyone", Span::newest(3));
    assert_eq!(page, ["2 alice: 2", "3 alice: 3", "6 alice: 6", "end more -2"]);
    let done = backup(folder.path(), &folder.path().join("copy")).unwrap();
    assert_eq!((done.messages, done.damaged), (6, 2));
}

/// Bytes that a disk returns wrong: in tables, indexes, names and the search index.
#[test]
fn flipped_bits_never_show_a_message_nobody_sent() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    chat.know("bob");
    for n in 0..60 {
        let to = ["everyone", "bob", "carol", "everyone"][n % 4];
        chat.say(["alice", "carol", "dave"][n % 3], to, &format!("message {n} fish and some more words"));
    }
    chat.indexed();
    let ask = |store: &Store, reports: &std::sync::mpsc::Receiver<Report>, what: What| {
        let question = Question {
            requester: Requester(1),
            user: name("bob"),
            rooms: Vec::new(),
            reference: Some("r1".into()),
            batch: "b1".into(),
            plain: false,
            what,
        };
        if !store.submit(Job::Ask(question)) {
            return Vec::new();
        }
        match reports.recv_timeout(PATIENCE).unwrap() {
            Report::Answered(answer) => answer.lines.map(|lines| shown(&lines)).unwrap_or_default(),
            other => panic!("{other:?}"),
        }
    };
    let fish = || What::Found(tr2::protocol::Query::parse("fish", &tr2::model::Zone::default()).unwrap());
    let questions = || {
        let page = |with| What::Page { with: self::with(with), span: Span::default() };
        [page("everyone"), page("alice"), page("carol"), page("dave"), fish()]
    };
    let said: Vec<Vec<String>> = questions().into_iter().map(|what| chat.ask("bob", what)).collect();
    chat.close();
    let file = OpenOptions::new().read(true).write(true).open(folder.path().join("history.db")).unwrap();
    let length = file.metadata().unwrap().len();
    let (mut left_out, mut refused) = (0, 0);
    for n in 0..400u64 {
        let at = (n * 7919 + n * n * 31) % length;
        let mut byte = [0];
        file.read_exact_at(&mut byte, at).unwrap();
        file.write_all_at(&[byte[0] ^ 1 << (n % 8)], at).unwrap();
        let (sender, reports) = channel();
        let report = move |report| drop(sender.send(report));
        let opened = catch_unwind(AssertUnwindSafe(|| Store::open(folder.path(), Options::default(), report))).unwrap();
        match opened {
            Err(error) => {
                assert!(!error.to_string().is_empty());
                refused += 1;
            }
            Ok((store, _)) => {
                for (what, said) in questions().into_iter().zip(&said) {
                    for line in ask(&store, &reports, what) {
                        assert!(line.starts_with("end") || said.contains(&line), "byte {at}: {line}");
                        left_out += usize::from(line.starts_with("end -"));
                    }
                }
                store.close(PATIENCE);
            }
        }
        file.write_all_at(&byte, at).unwrap();
        // The store itself may have written this while closing.
        file.set_len(length).unwrap();
    }
    assert!(left_out > 0 && refused > 0, "{left_out} {refused}");
}
