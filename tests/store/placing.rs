//! Messages that are not placed in their conversations yet are found like all others, and so are their labels; what
//! places them loses none, whatever happens in between.

use tr2::model::MessageId;
use tr2::protocol::Span;
use tr2::server::store::api::{Deleted, Job, Outcome, Record, Update};
use tr2::server::store::limits::PLACE_NOW;
use tr2::server::store::{backup, examine};

use crate::chat::{Chat, name, room, wait_for};
use crate::serving::Folder;

fn labelled(record: Record, label: &str) -> Record {
    Record { reference: Some(label.to_owned()), ..record }
}

/// Waits until every message is placed, as another connection sees it.
fn placed(chat: &Chat) {
    let conn = chat.sqlite();
    let behind = "SELECT count(*) FROM message WHERE id > (SELECT value FROM meta WHERE key = 'placed')";
    wait_for(|| conn.query_row(behind, [], |row| row.get::<_, i64>(0)).unwrap() == 0);
}

/// All that bob sees.
fn seen(chat: &Chat) -> Vec<Vec<String>> {
    let page = |with: &str| chat.page("bob", with, Span::default());
    vec![page("everyone"), page("alice"), page("#ops"), chat.find("bob", "words"), chat.conversations("bob")]
}

/// What becomes of a message that is sent again under its label, and of another one under the same label.
fn again(chat: &mut Chat, (from, to, text, label): (&str, &str, &str, &str)) -> [Outcome; 2] {
    [text, "something else"].map(|text| {
        let record = labelled(chat.record(from, to, text), label);
        chat.keep(vec![record]).outcomes.remove(0)
    })
}

#[test]
fn a_message_is_found_before_and_after_it_is_placed() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    chat.join("bob", "#ops");
    for user in ["alice", "bob"] {
        chat.know(user);
    }
    let (mut before, mut id) = (Vec::new(), 0);
    for round in 0..2 {
        for to in ["everyone", "bob", "#ops"] {
            chat.say("alice", to, &format!("words {round}"));
        }
        let record = labelled(chat.record("alice", "bob", "labelled words"), &format!("r{round}"));
        id = record.id.0;
        assert_eq!(chat.keep(vec![record]).outcomes, [Outcome::Kept]);
        let sent = ("alice", "bob", "labelled words", "r0");
        let outcomes = again(&mut chat, sent);
        assert!(matches!(outcomes, [Outcome::Again(..), Outcome::RefUsed]), "{outcomes:?}");
        before = seen(&chat);
        assert_eq!(before[1].len(), 2 * round + 3, "{before:?}");
        placed(&chat);
        assert_eq!(seen(&chat), before);
        assert_eq!(again(&mut chat, sent), outcomes);
    }
    chat.mark("bob", "alice", id);
    assert!(chat.conversations("bob").contains(&format!("alice {id}/{id} 0")), "{:?}", chat.conversations("bob"));
    chat.reopen();
    assert_eq!(seen(&chat)[..4], before[..4]);
}

#[test]
fn what_is_deleted_before_it_is_placed_stays_deleted() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    chat.join("bob", "#ops");
    let id = chat.say("alice", "everyone", "rude words");
    chat.say("alice", "#ops", "words in a room");
    assert_eq!(chat.delete("mod", "everyone", id), Deleted::Done(name("alice")));
    chat.submit(Job::Keep(Update::EndRoom(room("#ops").0)));
    wait_for(|| chat.count() == 1);
    placed(&chat);
    let rows = |table: &str| {
        chat.sqlite().query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get::<_, i64>(0)).unwrap()
    };
    assert_eq!((rows("place"), rows("located")), (1, 1));
    assert_eq!(
        chat.page("bob", "everyone", Span::default()),
        [format!("{id} alice in everyone, deleted by mod"), "end".into()]
    );
}

#[test]
fn many_messages_are_placed_without_a_pause() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    let all = PLACE_NOW + 10;
    for part in 0..4 {
        let count = all / 4 + u64::from(part < all % 4);
        chat.say_all((0..count).map(|n| ("alice".into(), format!("u{}", n % 7), "words".into())));
    }
    let conn = chat.sqlite();
    wait_for(|| conn.query_row("SELECT count(*) FROM place", [], |row| row.get::<_, u64>(0)).unwrap() >= PLACE_NOW);
    let before = Span { before: Some(MessageId(u64::MAX)), ..Span::default() };
    assert_eq!(chat.page("u3", "alice", before), chat.page("u3", "alice", Span::default()));
}

#[test]
fn a_damaged_number_and_lost_places_are_noticed() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    let uid = rustix::process::geteuid().as_raw();
    for n in 0..5 {
        chat.say("alice", "bob", &format!("words {n}"));
    }
    placed(&chat);
    let before = chat.page("bob", "alice", Span::default());
    chat.close();
    let conn = rusqlite::Connection::open(folder.path().join("history.db")).unwrap();
    // Behind a number that is too high, nothing would ever be found.
    conn.execute("UPDATE meta SET value = value + 1000 WHERE key = 'placed'", []).unwrap();
    let mut chat = Chat::open(folder.path());
    chat.say("alice", "bob", "and more");
    assert_eq!(chat.page("bob", "alice", Span::default()).len(), before.len() + 1);
    placed(&chat);
    assert_eq!(chat.page("bob", "alice", Span::default()).len(), before.len() + 1);
    chat.close();
    assert_eq!(examine(folder.path(), uid, false).unwrap().damaged, 0);
    conn.execute("DELETE FROM place WHERE id = 3", []).unwrap();
    let found = examine(folder.path(), uid, false).unwrap_err().to_string();
    assert!(found.contains("messages are missing in their conversations"), "{found}");
    let refused = backup(folder.path(), &folder.path().join("copy.db")).unwrap_err().to_string();
    assert!(refused.contains("messages are missing in their conversations"), "{refused}");
}
