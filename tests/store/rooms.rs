//! Rooms: only current members read and search what was said in one.

use tr2::model::{MessageId, RoomName};
use tr2::protocol::Span;
use tr2::server::ids::RoomId;
use tr2::server::store::api::{ConversationId, Outcome, Recipient, Record, What};
use tr2::server::store::backup;
use tr2::server::store::limits::MAX_UNREAD;
use tr2::server::store::{Durability, Options, Retention};

use crate::chat::{Chat, room, wait_for};
use crate::serving::Folder;

/// Ann and Ben are in #ops, Ben in #lab too; Cem is in none.
fn talk(chat: &mut Chat) {
    for user in ["ann", "ben", "cem"] {
        chat.know(user);
    }
    for (user, room) in [("ann", "#ops"), ("ben", "#ops"), ("ben", "#lab")] {
        chat.join(user, room);
    }
    chat.say("ann", "everyone", "fish for all");
    chat.say("ann", "#ops", "fish in ops");
    chat.say("ben", "#lab", "fish in lab");
    chat.say("ben", "ann", "fish for ann");
    chat.say("ben", "#ops", "more fish in ops");
}

/// The ids that each user finds with a query, both indexed and not yet indexed.
#[track_caller]
fn finds(chat: &Chat, cases: &[(&str, &str, &str)]) {
    for (user, query, wanted) in cases {
        let mut found = chat.find(user, query);
        assert_eq!(found.pop().unwrap(), "end", "{user} {query}");
        let ids: Vec<&str> = found.iter().map(|line| line.split(' ').next().unwrap()).collect();
        assert_eq!(ids.join(" "), *wanted, "{user} {query}");
    }
}

const FINDS: [(&str, &str, &str); 22] = [
    ("ann", "fish", "5 4 2 1"),
    ("ben", "fish", "5 4 3 2 1"),
    ("cem", "fish", "1"),
    ("stranger", "fish", "1"),
    ("ann", "in:#ops", "5 2"),
    ("ann", "in:#OPS fish", "5 2"),
    ("ann", "in:#ops from:ben", "5"),
    ("ben", "in:#lab fish", "3"),
    ("ann", "in:#lab", ""),
    ("ann", "in:#lab fish", ""),
    ("cem", "in:#ops fish", ""),
    ("cem", "from:ben", ""),
    ("ann", "from:ben", "5 4"),
    ("ann", "lab", ""),
    ("ann", "in:#nowhere fish", ""),
    ("ann", "in:ops fish", ""),
    ("ann", "in:# fish", ""),
    ("ann", "in:everyone fish", "1"),
    ("ann", "in:ben fish", "4"),
    ("ann", "fish*", "5 4 2 1"),
    // Words that have a meaning in the index's own query language.
    ("cem", "r594505843", ""),
    ("cem", "fish\" OR scope:\"r594505843", ""),
];

#[test]
fn only_members_read_and_search_a_room() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    talk(&mut chat);
    assert_eq!(FINDS[20].1, format!("r{}", room("#ops").0.0));
    for restart in [false, true] {
        for indexed in [false, true] {
            finds(&chat, &FINDS);
            let ops = ["2 ann in #ops: fish in ops", "5 ben in #ops: more fish in ops", "end"];
            assert_eq!(chat.page("ann", "#ops", Span::default()), ops);
            assert_eq!(chat.page("ben", "#ops", Span::default()), ops);
            assert_eq!(chat.page("ben", "#lab", Span::default()), ["3 ben in #lab: fish in lab", "end"]);
            for (user, room) in [("ann", "#lab"), ("cem", "#ops"), ("stranger", "#ops"), ("ann", "#nowhere")] {
                assert_eq!(chat.page(user, room, Span::default()), ["end"], "{user} {room}");
            }
            assert_eq!(chat.page("cem", "everyone", Span::default()), ["1 ann: fish for all", "end"]);
            if !indexed {
                chat.indexed();
            }
        }
        if !restart {
            chat.reopen();
        }
    }
}

#[test]
fn a_user_who_left_finds_nothing_of_a_room_until_they_return() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    talk(&mut chat);
    chat.indexed();
    chat.leave("ben", "#ops");
    // In the index, and beside it.
    chat.say("ann", "#ops", "fish behind your back");
    for _ in 0..2 {
        finds(
            &chat,
            &[("ben", "fish", "4 3 1"), ("ben", "in:#ops", ""), ("ben", "from:ben", "4 3"), ("ann", "back", "6")],
        );
        assert_eq!(chat.page("ben", "#ops", Span::default()), ["end"]);
        assert_eq!(chat.conversations("ben"), ["everyone 0/1 1", "ann 0/4 0", "#lab 0/3 0", "end"]);
        chat.indexed();
    }
    chat.join("ben", "#ops");
    finds(&chat, &[("ben", "fish", "6 5 4 3 2 1"), ("ben", "in:#ops", "6 5 2")]);
}

#[test]
fn a_room_is_identified_by_its_number_not_its_name() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    talk(&mut chat);
    let (ops, lab) = (room("#ops").0, room("#lab").0);
    let called = |name: &str| RoomName::parse(name).unwrap();
    let page = |chat: &Chat, user: &str, id: RoomId, name: &str| {
        chat.ask(user, What::Page { with: ConversationId::Room(id, called(name)), span: Span::newest(1) })
    };
    // Another name for a room's number gives no access and is never shown.
    assert_eq!(page(&chat, "ann", ops, "#forged"), ["5 ben in #ops: more fish in ops", "end more"]);
    assert_eq!(page(&chat, "ann", lab, "#ops"), ["end"]);
    assert_eq!(page(&chat, "cem", ops, "#ops"), ["end"]);
    finds(&chat, &[("ann", "in:#forged fish", "")]);
    // A later room of the same name has nothing of the earlier one.
    chat.rooms.insert("dan".to_owned(), vec![(RoomId(77), called("#ops"))]);
    finds(&chat, &[("dan", "fish", "1"), ("dan", "in:#ops", "")]);
    assert_eq!(page(&chat, "dan", RoomId(77), "#ops"), ["end"]);
    assert_eq!(chat.conversations("dan"), ["everyone 1/1 0", "#ops 0/0 0", "end"]);
    // Members see the room's current name, whatever name a message was sent under.
    chat.rooms.insert("eve".to_owned(), vec![(ops, called("#renamed"))]);
    assert_eq!(chat.page("eve", "#ops", Span::newest(1)), ["5 ben in #renamed: more fish in ops", "end more"]);
    finds(&chat, &[("eve", "in:#renamed more", "5"), ("eve", "in:#ops", "")]);
}

#[test]
fn each_number_is_a_room_of_its_own() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    let most = u64::MAX;
    let ids = [0, 1, most / 2, most / 2 + 1, most - 1, most].map(RoomId);
    let called = RoomName::parse("#ops").unwrap();
    for id in ids {
        let to = Recipient::Room { id, name: called.clone(), me_too: true };
        let record = Record { to, ..chat.record("ann", "everyone", &format!("in {}", id.0)) };
        assert_eq!(chat.keep(vec![record]).outcomes, [Outcome::Kept]);
    }
    chat.indexed();
    for (at, id) in ids.into_iter().enumerate() {
        chat.rooms.insert("ann".to_owned(), vec![(id, called.clone())]);
        let said = format!("{} ann+ in #ops: in {}", at + 1, id.0);
        for found in [chat.page("ann", "everyone", Span::default()), chat.find("ann", "in")] {
            assert!(found.len() == 1 || found[0] == said, "{found:?}");
        }
        let with = ConversationId::Room(id, called.clone());
        assert_eq!(chat.ask("ann", What::Page { with, span: Span::default() }), [said.as_str(), "end"]);
        assert_eq!(chat.find("ann", "from:ann"), [said.as_str(), "end"]);
    }
}

#[test]
fn rooms_are_listed_among_conversations_with_their_own_read_marks() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    talk(&mut chat);
    chat.join("ann", "#new");
    chat.settle();
    assert_eq!(chat.conversations("ann"), ["everyone 0/1 0", "#ops 0/5 1", "ben 0/4 1", "#new 0/0 0", "end"]);
    chat.mark("ann", "#ops", 2);
    chat.mark("ann", "#new", 5);
    chat.mark("ben", "#ops", 99);
    chat.settle();
    assert_eq!(chat.conversations("ann"), ["everyone 0/1 0", "#ops 2/5 1", "ben 0/4 1", "#new 0/0 0", "end"]);
    assert_eq!(chat.conversations("ben"), ["everyone 0/1 1", "#ops 5/5 0", "ann 0/4 0", "#lab 0/3 0", "end"]);
    chat.mark("ann", "#ops", 5);
    chat.mark("ann", "#ops", 1);
    chat.say("ben", "#new", "first");
    chat.reopen();
    assert_eq!(chat.conversations("ann"), ["everyone 0/1 0", "#new 0/6 1", "#ops 5/5 0", "ben 0/4 1", "end"]);
    // Cem hears of no room, whatever was said there, and neither does a stranger.
    assert_eq!(chat.conversations("cem"), ["everyone 0/1 1", "end"]);
    chat.join("stranger", "#ops");
    assert_eq!(chat.conversations("stranger"), ["everyone 1/1 0", "#ops 0/0 0", "end"]);
    chat.say_all((0..=MAX_UNREAD).map(|_| ("ben".to_owned(), "#new".to_owned(), "x".to_owned())));
    assert!(chat.conversations("ann")[1].ends_with(&format!(" {MAX_UNREAD}")));
}

#[test]
fn a_ref_is_used_once_across_rooms() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    let send = |chat: &mut Chat, to: &str, text: &str, loud: bool| {
        let mut record = chat.record("ann", to, text);
        record.reference = Some("1".to_owned());
        if let Recipient::Room { me_too, .. } = &mut record.to {
            *me_too = loud;
        }
        chat.keep(vec![record]).outcomes.remove(0)
    };
    assert_eq!(send(&mut chat, "#ops", "hi", false), Outcome::Kept);
    assert!(matches!(send(&mut chat, "#ops", "hi", false), Outcome::Again(MessageId(1), _)));
    for (to, text, loud) in
        [("#lab", "hi", false), ("everyone", "hi", false), ("#ops", "ho", false), ("#ops", "hi", true)]
    {
        assert_eq!(send(&mut chat, to, text, loud), Outcome::RefUsed, "{to} {text}");
    }
}

#[test]
fn the_newest_messages_of_each_room_are_retained() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    chat.join("ann", "#ops");
    for n in 0..90 {
        chat.say("ann", ["#ops", "#lab", "everyone"][n % 3], &format!("words {n}"));
    }
    chat.close();
    let rooms = std::mem::take(&mut chat.rooms);
    let options = Options { keep: Retention { days: None, messages: Some(4) }, ..Options::default() };
    let mut chat = Chat::open_with(folder.path(), options, "");
    chat.rooms = rooms;
    wait_for(|| chat.count() == 12);
    assert_eq!(chat.page("ann", "#ops", Span::default()).len(), 5);
    assert_eq!(chat.find("ann", "words").len(), 9);
    let done = backup(folder.path(), &folder.path().join("copy")).unwrap();
    assert_eq!((done.messages, done.damaged), (12, 0));
    chat.close();
    let options = Options { keep: Retention { days: Some(4), messages: None }, ..Options::default() };
    let chat = Chat::open_with(folder.path(), options, "");
    wait_for(|| chat.count() == 0);
}

#[test]
fn rooms_work_alike_in_the_memory_store() {
    let folder = Folder::new();
    let options = Options { durability: Durability::Memory, ..Options::default() };
    let mut chat = Chat::open_with(folder.path(), options, "");
    talk(&mut chat);
    finds(&chat, &FINDS);
    assert_eq!(chat.page("ann", "#ops", Span::default()).len(), 3);
}

/// Nobody is in this many rooms, but a member of them would find what was said there.
#[test]
fn many_rooms_are_searched_at_once() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    let names: Vec<String> = (0..2000).map(|n| format!("#r{n}")).collect();
    names.iter().for_each(|name| chat.join("ann", name));
    chat.say_all(names.iter().map(|name| ("ben".to_owned(), name.clone(), "fish".to_owned())).take(50));
    for _ in 0..2 {
        assert_eq!(chat.find("ann", "fish").len(), 51);
        assert_eq!(chat.find("ben", "fish"), ["end"]);
        chat.indexed();
    }
    assert_eq!(chat.conversations("ann").len(), 2002);
}

/// Rows moved out of a room, into one, and from one into another.
#[test]
fn a_row_with_an_altered_room_is_left_out_and_reported() {
    let ops = room("#ops").0.0;
    let cases = [
        ("UPDATE message SET conversation = 1 WHERE id = 2".to_owned(), ("everyone", "2"), ("#ops", "")),
        (
            "UPDATE message SET conversation = (SELECT conversation FROM message WHERE id = 2) WHERE id = 3".to_owned(),
            ("everyone", ""),
            ("#ops", "3"),
        ),
        (
            "UPDATE message SET conversation = (SELECT conversation FROM message WHERE id = 2) WHERE id = 1".to_owned(),
            ("everyone", ""),
            ("#ops", "1"),
        ),
        (
            "UPDATE message SET conversation = (SELECT conversation FROM message WHERE id = 2) WHERE id = 4".to_owned(),
            ("everyone", ""),
            ("#ops", "4"),
        ),
        ("UPDATE message SET deleted = 1 WHERE id = 2".to_owned(), ("everyone", ""), ("#ops", "2")),
        ("UPDATE message SET body = '', deleted = 1 WHERE id = 1".to_owned(), ("everyone", "1"), ("#ops", "")),
        // Two rooms that were swapped: all messages of both are damaged.
        (format!("UPDATE conversation SET room = 5 WHERE room = {ops}"), ("everyone", ""), ("#ops", "")),
        (
            format!("UPDATE conversation SET room = NULL, low = 1, high = 3 WHERE room = {ops}"),
            ("everyone", ""),
            ("#ops", ""),
        ),
    ];
    for (alter, everyone, ops) in &cases {
        let folder = Folder::new();
        let mut chat = Chat::open(folder.path());
        talk(&mut chat);
        chat.indexed();
        assert_eq!(chat.sqlite().execute(alter, []).unwrap(), 1, "{alter}");
        chat.reopen();
        for (with, damaged) in [everyone, ops] {
            let page = chat.answer("ann", What::Page { with: crate::chat::with(with), span: Span::default() });
            let ids: Vec<String> = page.damaged.iter().map(MessageId::to_string).collect();
            assert_eq!(ids.join(" "), *damaged, "{alter} {with}");
        }
        // Nobody finds under another name what was said in another room.
        let told = [chat.page("cem", "everyone", Span::default()), chat.find("cem", "fish")].concat();
        assert!(told.iter().all(|line| line.starts_with("end") || line == "1 ann: fish for all"), "{alter}: {told:?}");
    }
}
