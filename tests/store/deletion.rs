//! A deleted message is gone for everyone, and a marker stays.

use tr2::model::MessageId;
use tr2::protocol::Span;
use tr2::server::store::Report;
use tr2::server::store::api::{Deleted, Job, Outcome, What};
use tr2::server::store::backup;

use crate::chat::{Chat, deletion, name, with};
use crate::serving::Folder;

fn talk(chat: &mut Chat) {
    for user in ["ann", "ben"] {
        chat.know(user);
        chat.join(user, "#ops");
    }
    chat.say("Ann", "everyone", "a rude word for all to see");
    chat.say("ann", "#ops", "a rude word in ops");
    chat.say("ann", "ben", "a rude word for ben");
    chat.say("vera", "#lab", "a rude word in lab");
}

#[test]
fn a_deleted_message_becomes_a_marker_whether_indexed_or_not() {
    for indexed in [false, true] {
        let folder = Folder::new();
        let mut chat = Chat::open(folder.path());
        talk(&mut chat);
        if indexed {
            chat.indexed();
        }
        assert_eq!(chat.find("ben", "rude").len(), 4);
        assert_eq!(chat.delete("Mod", "everyone", 1), Deleted::Done(name("Ann")));
        assert_eq!(chat.delete("Mod", "#ops", 2), Deleted::Done(name("ann")));
        for restart in [false, true] {
            assert_eq!(chat.page("ben", "everyone", Span::default()), ["1 Ann in everyone, deleted by Mod", "end"]);
            assert_eq!(chat.page("ben", "#ops", Span::default()), ["2 ann in #ops, deleted by Mod", "end"]);
            for query in ["rude", "from:ann", "in:#ops", "in:everyone", "rud*", "after:2025-01-01"] {
                let found = chat.find("ben", query);
                assert!(found.iter().all(|line| line.starts_with("3 ") || line == "end"), "{query} {found:?}");
            }
            // A deleted message is not unread.
            assert_eq!(chat.conversations("ben"), ["everyone 0/1 0", "ann 0/3 1", "#ops 0/2 0", "end"]);
            assert_eq!(chat.page("ben", "ann", Span::default()).len(), 2);
            if !restart {
                chat.indexed();
                chat.reopen();
            }
        }
        let done = backup(folder.path(), &folder.path().join("copy")).unwrap();
        assert_eq!((done.messages, done.damaged), (4, 0));
        // The file does not hold the text any more either.
        chat.close();
        let file = std::fs::read(folder.path().join("history.db")).unwrap();
        let holds = |text: &str| file.windows(text.len()).any(|window| window == text.as_bytes());
        assert!(!holds("a rude word for all to see") && !holds("a rude word in ops") && holds("a rude word for ben"));
    }
}

#[test]
fn only_a_message_of_the_given_conversation_is_deleted() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    talk(&mut chat);
    let cases = [
        // Private messages cannot be deleted by others, whatever conversation is named.
        ("everyone", 3),
        ("#ops", 3),
        ("ben", 3),
        ("ann", 3),
        ("mod", 3),
        // Another conversation, no such conversation, no such message.
        ("#ops", 1),
        ("everyone", 2),
        ("#lab", 2),
        ("#ops", 4),
        ("everyone", 4),
        ("#nowhere", 2),
        ("everyone", 99),
        ("everyone", 0),
        ("everyone", u64::MAX),
    ];
    for (within, id) in cases {
        assert_eq!(chat.delete("mod", within, id), Deleted::NotThere, "{within} {id}");
    }
    assert_eq!(chat.find("ben", "rude").len(), 4);
    assert_eq!(chat.delete("mod", "everyone", 1), Deleted::Done(name("Ann")));
    assert_eq!(chat.delete("mod", "everyone", 1), Deleted::NotThere);
    assert_eq!(chat.delete("ben", "everyone", 1), Deleted::NotThere);
    assert_eq!(chat.page("ben", "everyone", Span::default()), ["1 Ann in everyone, deleted by mod", "end"]);
    // The sender of a deleted message is shown in the latest spelling too.
    assert_eq!(chat.conversations("ben")[1], "ann 0/3 1");
}

#[test]
fn a_deleted_message_stays_deleted_when_resent() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    chat.join("ann", "#ops");
    let send = |chat: &mut Chat, to: &str, text: &str| {
        let mut record = chat.record("ann", to, text);
        record.reference = Some(to.to_owned());
        chat.keep(vec![record]).outcomes.remove(0)
    };
    for to in ["everyone", "#ops"] {
        assert_eq!(send(&mut chat, to, "rude"), Outcome::Kept);
    }
    assert_eq!(chat.delete("mod", "everyone", 1), Deleted::Done(name("ann")));
    assert_eq!(chat.delete("mod", "#ops", 2), Deleted::Done(name("ann")));
    chat.reopen();
    for (to, id) in [("everyone", 1), ("#ops", 2)] {
        let again = send(&mut chat, to, "rude");
        assert!(matches!(again, Outcome::Again(MessageId(same), _) if same == id), "{again:?}");
        assert_eq!(chat.page("ann", to, Span::default()).len(), 2);
    }
    assert_eq!(chat.find("ann", "rude"), ["end"]);
}

#[test]
fn deleting_a_damaged_message_does_not_make_it_look_whole() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    talk(&mut chat);
    chat.sqlite()
        .execute("UPDATE message SET author = (SELECT id FROM user WHERE key = 'vera') WHERE id = 1", [])
        .unwrap();
    assert_eq!(chat.delete("mod", "everyone", 1), Deleted::NotThere);
    assert_eq!(chat.page("ben", "everyone", Span::default()), ["end -1"]);
    // A marker cannot be removed, given to another sender, or put where there was none.
    assert_eq!(chat.delete("mod", "#ops", 2), Deleted::Done(name("ann")));
    for alter in ["deleted = NULL", "deleted = signed", "body = 'x'", "deleted = 99"] {
        let conn = chat.sqlite();
        conn.execute_batch("BEGIN").unwrap();
        conn.execute(&format!("UPDATE message SET {alter} WHERE id = 2"), []).unwrap();
        conn.execute_batch("COMMIT").unwrap();
        let page = chat.answer("ben", What::Page { with: with("#ops"), span: Span::default() });
        assert_eq!(page.damaged, [MessageId(2)], "{alter}");
        assert_eq!(
            chat.find("ben", "in:#ops").first().map(String::as_str).filter(|line| !line.starts_with("end")),
            None
        );
        let restore =
            "UPDATE message SET body = '', deleted = (SELECT id FROM name WHERE spelling = 'mod') WHERE id = 2";
        conn.execute(restore, []).unwrap();
        assert_eq!(chat.page("ben", "#ops", Span::default()), ["2 ann in #ops, deleted by mod", "end"]);
    }
}

#[test]
fn a_deletion_that_cannot_be_written_does_not_happen() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    talk(&mut chat);
    let conn = chat.sqlite();
    conn.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert_eq!(chat.delete("mod", "#ops", 2), Deleted::Unavailable);
    conn.execute_batch("ROLLBACK").unwrap();
    assert_eq!(chat.page("ben", "#ops", Span::default()), ["2 ann in #ops: a rude word in ops", "end"]);
    // Within one batch, a failing deletion does not affect messages, and the other way round.
    conn.execute_batch(
        "CREATE TRIGGER poison BEFORE UPDATE ON message WHEN OLD.id = 2 BEGIN SELECT RAISE(ROLLBACK, 'bad page'); END",
    )
    .unwrap();
    chat.indexed();
    conn.execute_batch("BEGIN IMMEDIATE").unwrap();
    // All of these wait for the lock, and so form one batch.
    let mut said = || Job::Append(vec![chat.record("ann", "#ops", "and on")]);
    let jobs = [said(), deletion("#ops", 2), said(), deletion("everyone", 1)];
    jobs.into_iter().for_each(|job| chat.submit(job));
    conn.execute_batch("ROLLBACK").unwrap();
    let told: Vec<_> = (0..4)
        .map(|_| match chat.report() {
            Report::Stored(receipt) => Err(receipt.outcomes),
            Report::Deleted(deletion) => Ok(deletion.outcome.unwrap()),
            other => panic!("{other:?}"),
        })
        .collect();
    let kept = || Err(vec![Outcome::Kept]);
    assert_eq!(told, [kept(), Ok(Deleted::Unavailable), kept(), Ok(Deleted::Done(name("Ann")))]);
    conn.execute_batch("DROP TRIGGER poison").unwrap();
    assert_eq!(chat.delete("mod", "#ops", 2), Deleted::Done(name("ann")));
}

#[test]
fn reports_come_in_the_order_of_their_jobs() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    let mut wanted = Vec::new();
    for n in 0..40 {
        let record = chat.record("ann", "everyone", "x");
        let id = record.id;
        chat.submit(Job::Append(vec![record]));
        wanted.push(None);
        if n % 3 == 0 {
            chat.submit(deletion("everyone", id.0));
            wanted.push(Some((id, Some(Deleted::Done(name("ann"))))));
        }
    }
    for wanted in wanted {
        let told = match chat.report() {
            Report::Deleted(deletion) => Some((deletion.id, deletion.outcome)),
            _ => None,
        };
        assert_eq!(told, wanted);
    }
}
