//! The audit log of moderation: in order, shown to those who may read it, and never altered.

use tr2::model::{MessageId, Name, Timestamp};
use tr2::protocol::limits::MAX_REASON;
use tr2::protocol::lines;
use tr2::protocol::{Done, Envelope, Span};
use tr2::server::store::api::{Job, LoggedAct, Update, What};
use tr2::server::store::limits::PAGE_BYTES;

use crate::chat::{Chat, name, room};
use crate::serving::Folder;

/// Who did what, as it goes over the wire.
pub fn act(by: &str, data: &str) -> (Name, Done) {
    (name(by), Done::read(data).unwrap())
}

pub fn log(chat: &Chat, at: Option<&str>, (by, done): (Name, Done)) {
    let room = at.map(|at| room(at).0);
    chat.submit(Job::Keep(Update::Log(LoggedAct { time: Timestamp(crate::chat::START), by, room, done })));
}

pub fn read(chat: &Chat, at: Option<&str>) -> Vec<String> {
    part(chat, at, true, Span::default())
}

fn part(chat: &Chat, at: Option<&str>, whole: bool, span: Span) -> Vec<String> {
    chat.ask("ann", What::Modlog { room: at.map(room), whole, span })
}

fn fill(chat: &Chat) {
    log(chat, None, act("ann", "ban 192.0.2.7 3600 on flooding"));
    log(chat, Some("#ops"), act("ben", "kick cem - off rude | and ; loud"));
    log(chat, None, act("ann", "ban uid:1000 - on noise"));
    log(chat, Some("#lab"), act("cem", "slow_mode - 5 on calm down"));
    log(chat, None, act("ann", "unban mallory - off sorry"));
    log(chat, Some("#ops"), act("ben", "announce - - off two\nlines"));
    log(chat, None, act("ann", "ban 2001:db8::/64 - on again"));
}

/// `since`, `before` and `limit` of a page; the expected ids, and whether there is more.
type Case<'a> = (Option<MessageId>, Option<MessageId>, usize, &'a str, bool);

const SERVER: [&str; 5] = [
    "1 ann in everyone: ban 192.0.2.7 3600 on flooding",
    "2 ann in everyone: ban uid:1000 - on noise",
    "3 ann in everyone: unban mallory - off sorry",
    "4 ann in everyone: ban 2001:db8::/64 - on again",
    "end",
];

#[test]
fn each_room_and_the_server_have_a_log_of_their_own() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    fill(&chat);
    for _ in 0..2 {
        assert_eq!(read(&chat, None), SERVER);
        let ops =
            ["1 ben in #ops: kick cem - off rude | and ; loud", "2 ben in #ops: announce - - off two\nlines", "end"];
        assert_eq!(read(&chat, Some("#ops")), ops);
        assert_eq!(read(&chat, Some("#nowhere")), ["end"]);
        chat.reopen();
    }
    // After a restart it continues where it was.
    log(&chat, Some("#ops"), act("ann", "kick ben - off rude"));
    assert_eq!(part(&chat, Some("#ops"), true, Span::newest(1)), ["3 ann in #ops: kick ben - off rude", "end more"]);
}

#[test]
fn a_reader_without_full_access_sees_names_only() {
    let folder = Folder::new();
    let chat = Chat::open(folder.path());
    fill(&chat);
    let seen = [
        "1 ann in everyone: ban - 3600 on flooding",
        "2 ann in everyone: ban - - on noise",
        "3 ann in everyone: unban mallory - off sorry",
        "4 ann in everyone: ban - - on again",
        "end",
    ];
    assert_eq!(part(&chat, None, false, Span::default()), seen);
    let key = "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    for (subject, shown) in
        [(key, "-"), ("::1", "-"), ("10.0.0.0/8", "-"), ("bob", "bob"), ("<b>", "-"), ("zoë", "zoë")]
    {
        log(&chat, Some("#ops"), act("ben", &format!("ban {subject} - on why")));
        let told = part(&chat, Some("#ops"), false, Span::newest(1));
        assert!(told[0].ends_with(&format!("in #ops: ban {shown} - on why")), "{subject}: {told:?}");
        let told = part(&chat, Some("#ops"), true, Span::newest(1));
        assert!(told[0].ends_with(&format!("in #ops: ban {subject} - on why")), "{subject}: {told:?}");
    }
}

#[test]
fn the_log_is_paged_in_both_directions() {
    let folder = Folder::new();
    let chat = Chat::open(folder.path());
    for n in 1..=9 {
        log(&chat, if n % 3 == 0 { Some("#ops") } else { None }, act("ann", &format!("announce - - off {n}")));
    }
    let id = |id: u64| Some(MessageId(id));
    let cases: [Case<'_>; 8] = [
        (None, None, 3, "4 5 6", true),
        (None, None, 6, "1 2 3 4 5 6", false),
        (None, id(4), 2, "2 3", true),
        (None, id(3), 2, "1 2", false),
        (id(0), None, 2, "1 2", true),
        (id(3), None, 3, "4 5 6", false),
        (id(2), id(6), 9, "3 4 5", false),
        (id(6), None, 9, "", false),
    ];
    for (since, before, limit, wanted, more) in cases {
        let mut told = part(&chat, None, true, Span { since, before, limit });
        assert_eq!(told.pop().unwrap(), if more { "end more" } else { "end" }, "{since:?} {before:?} {limit}");
        let ids: Vec<&str> = told.iter().map(|line| line.split(' ').next().unwrap()).collect();
        assert_eq!(ids.join(" "), wanted, "{since:?} {before:?} {limit}");
    }
    let lines = chat.answer("ann", What::Modlog { room: None, whole: true, span: Span::newest(1) }).lines.unwrap();
    let first = Envelope::parse(lines::each(&lines).next().unwrap()).unwrap();
    assert_eq!((first.id, first.time), (id(6), Some(Timestamp(crate::chat::START))));
    // A page has a bound in bytes too.
    let long = "x".repeat(MAX_REASON);
    let many = 2 * PAGE_BYTES / MAX_REASON;
    for _ in 0..many {
        log(&chat, Some("#lab"), act("ann", &format!("kick bob - off {long}")));
    }
    let lines = chat.answer("ann", What::Modlog { room: Some(room("#lab")), whole: true, span: Span::newest(many) });
    let lines = lines.lines.unwrap();
    assert!(lines.len() <= PAGE_BYTES + 200 && lines.ends_with(b"| more\n"), "{}", lines.len());
}

#[test]
fn an_altered_entry_is_left_out() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    fill(&chat);
    chat.settle();
    let alterations = [
        "by = 'mallory'",
        "time = time + 1",
        "data = replace(data, 'rude', 'ruder')",
        "data = 'nonsense'",
        "room = NULL",
        "sum = sum + 1",
        "id = 99",
        "number = 98",
    ];
    for alter in alterations {
        let conn = chat.sqlite();
        conn.execute_batch("CREATE TABLE aside AS SELECT * FROM act WHERE id = 2").unwrap();
        conn.execute(&format!("UPDATE act SET {alter} WHERE id = 2"), []).unwrap();
        chat.reopen();
        assert_eq!(read(&chat, Some("#ops")), ["2 ben in #ops: announce - - off two\nlines", "end"], "{alter}");
        assert_eq!(read(&chat, None), SERVER, "{alter}");
        conn.execute_batch(
            "DELETE FROM act WHERE id IN (2, 99); INSERT INTO act SELECT * FROM aside; DROP TABLE aside",
        )
        .unwrap();
        assert_eq!(read(&chat, Some("#ops")).len(), 3);
    }
}
