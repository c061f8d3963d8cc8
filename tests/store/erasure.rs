//! What one person said is erased, and read whole for them: slice by slice, in every place, and nothing of anybody else.

use std::fs;

use tr2::model::{Fingerprint, Identity, MessageId, Reaction, RoomName, Timestamp};
use tr2::protocol::Span;
use tr2::server::ids::RoomId;
use tr2::server::store::api::{
    Alteration, ErasedMark, ErasedPlace, Erasure, ErasureCounts, ErasureStep, Job, Owner, Proof, Requester, Update,
};
use tr2::server::store::limits::{ERASED_SLOWLY, PRUNE_CHUNK};
use tr2::server::store::{Durability, Options, Report, Saying, StoreError, Survey};

use crate::chat::{Chat, name, room};
use crate::modlog;
use crate::serving::Folder;

/// How much a slice may change: less than there is.
const AT_ONCE: u64 = 2;

/// Has a user's words erased, slice by slice; returns the last report, with the marks of all slices.
fn erase(chat: &mut Chat, whose: &str) -> Erasure {
    let mut marks = Vec::new();
    let mut erasure = Erasure::of(Requester(7), name(whose), MessageId(chat.last_number()));
    for _ in 0..100 {
        let numbers = (0..AT_ONCE).map(|_| MessageId(chat.next_number())).collect();
        chat.submit(Job::Erase(Box::new(Erasure { numbers, ..erasure })));
        let Report::Erased(done) = chat.report() else { panic!("no report of it") };
        erasure = *done;
        assert!(erasure.marks.len() as u64 <= AT_ONCE, "a slice is small");
        marks.append(&mut erasure.marks);
        if erasure.trouble.is_some() || matches!(erasure.step, ErasureStep::Done { .. } | ErasureStep::Nobody) {
            return Erasure { marks, ..erasure };
        }
    }
    panic!("it does not end: {erasure:?}");
}

fn react(text: &str) -> Alteration {
    Alteration::React(Reaction::parse(text).unwrap())
}

/// Ann and Ben talk everywhere; so does Cleo, who must lose nothing.
fn talk(chat: &mut Chat) {
    for user in ["ann", "ben", "cleo"] {
        chat.know(user);
        chat.join(user, "#ops");
    }
    chat.say("ann", "everyone", "apricot to all");
    chat.say("ben", "everyone", "banana to all");
    chat.say("Ann", "#ops", "apricot in ops");
    chat.say("ann", "ben", "apricot to ben");
    chat.say("ben", "ann", "banana to ann");
    chat.say("ann", "ann", "apricot to myself");
    chat.say("ben", "cleo", "cherry to cleo");
    chat.alter("ann", "everyone", 2, react("+1"));
    chat.alter("cleo", "everyone", 2, react("+1"));
    chat.alter("ann", "ben", 5, react("ok"));
    chat.alter("ben", "everyone", 1, react("ok"));
    chat.say("ann", "everyone", "apricot again");
    modlog::log(chat, None, modlog::act("ann", "kick zoe - off zoe said apricot"));
    modlog::log(chat, None, modlog::act("ben", "ban ann 3600 on apricot jam"));
    modlog::log(chat, None, modlog::act("ben", "kick zoe - off cherry"));
    chat.settle();
}

fn holds(folder: &std::path::Path, word: &str) -> bool {
    fs::read_dir(folder).unwrap().any(|file| {
        let bytes = fs::read(file.unwrap().path()).unwrap_or_default().to_ascii_lowercase();
        bytes.windows(word.len()).any(|window| window == word.as_bytes())
    })
}

#[test]
fn what_somebody_said_is_erased_in_every_place_and_in_every_file() {
    for indexed in [false, true] {
        let folder = Folder::new();
        let mut chat = Chat::open(folder.path());
        talk(&mut chat);
        if indexed {
            chat.indexed();
        }
        let counts = ErasureCounts { marked: 3, expunged: 3, reactions: 1, acts: 2 };
        assert_eq!(Survey::open(folder.path()).unwrap().would_erase(&name("ann")).unwrap(), Some(counts));
        assert!(holds(folder.path(), "pricot"));
        let done = erase(&mut chat, "ANN");
        assert_eq!((done.step, done.counts), (ErasureStep::Done { wiped: true }, counts));
        let places: Vec<_> =
            done.marks.iter().map(|mark| (mark.id.0, mark.from.as_str(), mark.place.clone())).collect();
        let ops = ErasedPlace::Room(room("#ops").0);
        let private = |to, present: &[&str]| ErasedPlace::Private {
            to: name(to),
            present: present.iter().map(|who| name(who)).collect(),
        };
        let expected = [
            (12, "ann", ErasedPlace::Everyone),
            (6, "ann", private("ann", &["ann"])),
            (5, "ben", private("ann", &["ben", "ann"])),
            (4, "ann", private("ben", &["ann", "ben"])),
            (3, "Ann", ops),
            (1, "ann", ErasedPlace::Everyone),
        ];
        assert_eq!(places, expected);
        assert_eq!(chat.conversations("ben"), ["everyone 0/12 0", "cleo 0/7 0", "#ops 0/3 0", "end"]);
        // The index does not repeat how a word begins.
        assert!(!holds(folder.path(), "pricot") && !holds(folder.path(), "banana to ann"));
        for reopened in [false, true] {
            assert_eq!(
                chat.page("cleo", "everyone", Span::default()),
                [
                    "1 ann in everyone, deleted by ann",
                    "2 ben: banana to all",
                    "2 1!+1",
                    "12 ann in everyone, deleted by ann",
                    "end"
                ]
            );
            assert_eq!(chat.page("cleo", "#ops", Span::default()), ["3 Ann in #ops, deleted by Ann", "end"]);
            assert_eq!(chat.page("ben", "ann", Span::default()), ["end"]);
            assert_eq!(chat.page("ann", "ann", Span::default()), ["end"]);
            assert_eq!(chat.find("cleo", "cherry").len(), 2);
            assert_eq!(chat.find("ben", "banana").len(), 2);
            assert_eq!(chat.find("ann", "apricot"), ["end"]);
            // The acts stay, without what anybody said of it.
            let acts = modlog::read(&chat, None);
            assert!(acts[0].contains("kick zoe - off") && acts[1].contains("ban ann 3600 on"), "{acts:?}");
            assert!(acts[2].contains("cherry") && !acts.concat().contains("pricot"), "{acts:?}");
            if !reopened {
                chat.indexed();
                chat.reopen();
            }
        }
        let again = erase(&mut chat, "ann");
        assert_eq!((again.counts, again.marks.len()), (ErasureCounts::default(), 0));
        assert_eq!(erase(&mut chat, "zoe").step, ErasureStep::Nobody);
    }
}

#[test]
fn of_much_that_is_erased_no_word_stays_in_the_index() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    let said = |number: u64| {
        let who = if number.is_multiple_of(2) { "ann" } else { "ben" };
        (who.to_owned(), "everyone".to_owned(), format!("zyx{number}wvu by {who}"))
    };
    chat.say_all((0..4 * ERASED_SLOWLY).map(said));
    chat.indexed();
    let mut erasure = Erasure::of(Requester(7), name("ann"), MessageId(chat.last_number()));
    let mut most = 0;
    while !matches!(erasure.step, ErasureStep::Done { .. }) {
        let before = erasure.counts.marked;
        let numbers = (0..100).map(|_| MessageId(chat.next_number())).collect();
        chat.submit(Job::Erase(Box::new(Erasure { numbers, ..erasure })));
        let Report::Erased(done) = chat.report() else { panic!("no report of it") };
        erasure = *done;
        let slice = erasure.counts.marked - before;
        assert!(slice <= if before < ERASED_SLOWLY { PRUNE_CHUNK as u64 } else { 100 }, "{before}: {slice}");
        most = most.max(slice);
    }
    assert_eq!((erasure.counts.marked, most), (2 * ERASED_SLOWLY, 100));
    // The index does not repeat how a word begins.
    let files: Vec<_> =
        fs::read_dir(folder.path()).unwrap().map(|file| fs::read(file.unwrap().path()).unwrap()).collect();
    let found = regex_lite::Regex::new("yx([0-9]+)wvu").unwrap();
    let text = String::from_utf8_lossy(&files.concat()).to_ascii_lowercase();
    let numbers: Vec<u64> = found.captures_iter(&text).map(|word| word[1].parse().unwrap()).collect();
    assert!(numbers.len() as u64 >= 2 * ERASED_SLOWLY, "those of the other are there");
    assert_eq!(numbers.into_iter().find(|number| number.is_multiple_of(2)), None);
    assert_eq!(chat.find("ben", "zyx5wvu").len(), 2);
    chat.reopen();
    assert_eq!(chat.find("ben", "zyx5wvu").len(), 2);
}

#[test]
fn a_former_holder_of_the_name_keeps_what_they_said() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    let own = |chat: &Chat, key: u8| {
        let proof = Proof { identity: Identity::Key(Fingerprint([key; 32])), login: None, since: Timestamp(1) };
        let owner = Owner { name: name("ann"), since: Timestamp(1), proofs: vec![proof] };
        chat.submit(Job::Keep(Update::Own(owner)));
    };
    own(&chat, 1);
    chat.say("ann", "everyone", "said by the first");
    chat.say("ben", "ann", "told to the first");
    own(&chat, 2);
    chat.say("ann", "everyone", "said by the second");
    chat.say("ben", "ann", "told to the second");
    let done = erase(&mut chat, "ann");
    assert_eq!((done.counts.marked, done.counts.expunged), (1, 1));
    own(&chat, 3);
    chat.say("ben", "zoe", "to another");
    // Whoever has the name now has nothing to do with what was told to the others.
    let done = erase(&mut chat, "ben");
    assert_eq!(done.counts.expunged, 2);
    let present = |mark: &ErasedMark| match &mark.place {
        ErasedPlace::Private { present, .. } => Some((mark.id.0, present.clone())),
        ErasedPlace::Everyone | ErasedPlace::Room(_) => None,
    };
    let told: Vec<_> = done.marks.iter().filter_map(present).collect();
    assert_eq!(told, [(15, vec![name("ben"), name("zoe")]), (2, vec![name("ben")])]);
    let page = chat.page("ben", "everyone", Span::default());
    assert_eq!(page, ["1 ann: said by the first", "3 ann in everyone, deleted by ann", "end"]);
    assert_eq!(chat.page("ben", "ann", Span::default()), ["end"]);
}

#[test]
fn a_damaged_message_goes_too() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    talk(&mut chat);
    chat.sqlite().execute("UPDATE message SET body = 'spoilt apricot' WHERE id = 1", []).unwrap();
    assert_eq!(erase(&mut chat, "ann").counts.marked, 3);
    assert!(!holds(folder.path(), "spoilt"));
}

#[test]
fn what_could_not_be_erased_is_told_and_goes_the_next_time() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    talk(&mut chat);
    let conn = chat.sqlite();
    conn.execute_batch("BEGIN IMMEDIATE").unwrap();
    let done = erase(&mut chat, "ann");
    assert!(done.trouble.unwrap().contains("another program is using the history"));
    conn.execute_batch("ROLLBACK").unwrap();
    // Somebody who reads for long keeps the log from being emptied; what was asked for is done all the same.
    conn.execute_batch("BEGIN; SELECT count(*) FROM message").unwrap();
    conn.query_row("SELECT count(*) FROM message", [], |row| row.get::<_, i64>(0)).unwrap();
    let done = erase(&mut chat, "ann");
    assert_eq!((done.step, done.counts.marked), (ErasureStep::Done { wiped: false }, 3));
    conn.execute_batch("COMMIT").unwrap();
    crate::chat::wait_for(|| !holds(folder.path(), "pricot"));
}

#[test]
fn a_store_in_memory_says_that_it_keeps_nothing() {
    let folder = Folder::new();
    let options = Options { durability: Durability::Memory, ..Options::default() };
    let mut chat = Chat::open_with(folder.path(), options, "");
    chat.say("ann", "everyone", "apricot");
    assert!(erase(&mut chat, "ann").trouble.unwrap().contains("in memory only"));
}

#[test]
fn everything_by_somebody_and_to_them_is_read_and_nothing_else() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    talk(&mut chat);
    let rooms = |named: &[&str]| named.iter().map(|named| room(named)).collect::<Vec<(RoomId, RoomName)>>();
    let read = |whose: &str, rooms: Vec<(RoomId, RoomName)>| {
        let mut read = Vec::new();
        let there = Survey::open(folder.path()).unwrap().sayings(&name(whose), rooms, |saying| {
            read.push(match saying {
                Saying::Message(record, reactions) => {
                    let reactions: Vec<String> = reactions.iter().map(|(by, text)| format!(" [{by} {text}]")).collect();
                    format!("{} {}: {}{}", record.id.0, record.from, record.text, reactions.concat())
                }
                Saying::Damaged(id) => format!("{} damaged", id.0),
                Saying::Reaction(id, text) => format!("{} {text}", id.0),
            });
            Ok::<_, StoreError>(())
        });
        (there.unwrap(), read)
    };
    let all = [
        "1 ann: apricot to all [ben ok]",
        "2 +1",
        "3 Ann: apricot in ops",
        "4 ann: apricot to ben",
        "5 ben: banana to ann [ann ok]",
        "6 ann: apricot to myself",
        "12 ann: apricot again",
    ];
    let all: Vec<String> = all.map(str::to_owned).to_vec();
    assert_eq!(read("Ann", rooms(&["#ops"])), (true, all.clone()));
    // A room that has ended has no name any more.
    let rest: Vec<String> = all.into_iter().filter(|line| !line.starts_with('3')).collect();
    assert_eq!(read("ann", Vec::new()), (true, rest));
    assert_eq!(read("zoe", Vec::new()), (false, Vec::new()));
    chat.sqlite().execute("UPDATE message SET body = 'spoilt' WHERE id = 4", []).unwrap();
    assert!(read("ann", Vec::new()).1.contains(&"4 damaged".to_owned()));
}

#[test]
fn an_older_history_is_not_read_as_a_new_one() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    talk(&mut chat);
    chat.close();
    rusqlite::Connection::open(folder.path().join("history.db"))
        .unwrap()
        .execute_batch("PRAGMA user_version = 7")
        .unwrap();
    let refused = Survey::open(folder.path()).unwrap_err().to_string();
    assert!(
        refused.contains("an older tr2 (version 7; this one reads version 11); start the server once"),
        "{refused}"
    );
}
