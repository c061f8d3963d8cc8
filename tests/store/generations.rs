//! The past of a name belongs to whoever held it then: every way in which a name can change hands, in both stores.

use rusqlite::Connection;
use tr2::model::{Fingerprint, Identity, MessageId, Timestamp};
use tr2::protocol::Span;
use tr2::server::store::api::Decisions;
use tr2::server::store::api::{Job, Outcome, Owner, Proof, Update};
use tr2::server::store::limits::MAX_HOLDERS;
use tr2::server::store::{Durability, Options, Store};

use crate::chat::{Chat, MINUTE, START, name};
use crate::serving::{Folder, PATIENCE};

const KEY: Identity = Identity::Key(Fingerprint([7; 32]));
const UID: Identity = Identity::Uid(104);

fn proof(identity: Identity, login: Option<&str>) -> Proof {
    Proof { identity, login: login.map(str::to_owned), since: Timestamp(1) }
}

fn own(chat: &Chat, of: &str, proofs: &[Proof]) {
    chat.submit(Job::Keep(Update::Own(Owner { name: name(of), since: Timestamp(1), proofs: proofs.to_vec() })));
}

/// A step that leaves a name with these proofs, and whether the name changes hands by it.
type Step = (Vec<Proof>, bool);

/// A store that stays as it is, and one that is opened anew after every step.
fn both_stores(test: impl Fn(&mut Chat, &dyn Fn(&mut Chat))) {
    let folder = Folder::new();
    test(&mut Chat::open(folder.path()), &Chat::reopen);
    let options = Options { durability: Durability::Memory, ..Options::default() };
    test(&mut Chat::open_with(folder.path(), options, ""), &|_| {});
}

/// All that a user is told of their talk with another: pages, summaries, what a search finds.
fn told(chat: &Chat, user: &str, other: &str) -> Vec<String> {
    let mut told = chat.page(user, other, Span::default());
    told.extend(chat.page(user, other, Span::since(MessageId(0))));
    told.extend(chat.page(user, user, Span::default()));
    told.extend(chat.conversations(user));
    for query in ["pin", &format!("in:{other}"), &format!("in:{user}"), &format!("from:{other} pin"), "from:redis pin"]
    {
        told.extend(chat.find(user, query));
    }
    told
}

#[test]
fn a_name_that_changes_hands_leaves_its_past_behind() {
    let uid = |login| proof(UID, Some(login));
    let key = || proof(KEY, None);
    let histories: [Vec<Step>; 6] = [
        // Claimed, bound by a key, taken back by a login.
        vec![(vec![key()], true), (vec![uid("redis")], true)],
        // One more key, one less, and the login at last: still the same person.
        vec![(vec![uid("redis")], true), (vec![uid("redis"), key()], false), (vec![key()], false)],
        // The number of the login is another's.
        vec![(vec![uid("redis")], true), (vec![uid("mallory")], true)],
        // A login that nobody knew at first.
        vec![(vec![proof(UID, None)], true), (vec![uid("redis")], false)],
        // Evicted, claimed by whoever comes, bound anew by the same key.
        vec![(vec![key()], true), (vec![], true), (vec![], false), (vec![key()], true)],
        // Two names' worth of proofs, none of which stays.
        vec![(vec![uid("redis"), key()], true), (vec![proof(Identity::Uid(105), Some("redis"))], true)],
    ];
    for steps in histories {
        both_stores(|chat, reopen| {
            for user in ["redis", "anna", "carol"] {
                chat.know(user);
            }
            let mut whole = 0;
            for (round, (proofs, changes)) in steps.iter().enumerate() {
                chat.say("anna", "redis", &format!("my pin is {round}"));
                chat.say("redis", "anna", &format!("redis knows the pin {round}"));
                chat.say("redis", "redis", &format!("anna's pin {round}"));
                chat.mark("redis", "anna", u64::MAX);
                whole += 2;
                own(chat, "redis", proofs);
                reopen(chat);
                let seen = told(chat, "redis", "anna");
                let pins = seen.iter().filter(|line| line.contains("pin")).count();
                assert_eq!(pins > 0, !changes, "{steps:?} {round}: {seen:?}");
                if *changes {
                    let nothing = ["end", "end", "end", "everyone 0/0 0", "end", "end", "end", "end", "end", "end"];
                    assert_eq!(seen, nothing, "{steps:?} {round}");
                }
                // The other side keeps all of it, in one conversation.
                assert_eq!(chat.page("anna", "redis", Span::default()).len(), whole + 1, "{steps:?} {round}");
                assert_eq!(chat.find("anna", "pin").len(), whole + 1);
                assert_eq!(chat.find("anna", "in:redis from:redis pin").len(), whole / 2 + 1);
                assert_eq!(chat.conversations("anna").len(), 3);
            }
        });
    }
}

#[test]
fn the_new_holder_begins_anew_and_the_other_side_goes_on() {
    both_stores(|chat, reopen| {
        chat.know("anna");
        chat.know("redis");
        own(chat, "redis", &[proof(KEY, None)]);
        chat.say("anna", "redis", "one");
        chat.say("redis", "anna", "two");
        chat.mark("anna", "redis", 1);
        own(chat, "redis", &[proof(UID, Some("redis"))]);
        reopen(chat);
        chat.say("anna", "redis", "three");
        chat.say("redis", "anna", "four");
        chat.say("redis", "anna", "five");
        assert_eq!(
            chat.page("redis", "anna", Span::default()),
            ["3 anna to redis: three", "4 redis to anna: four", "5 redis to anna: five", "end"]
        );
        assert_eq!(chat.conversations("redis"), ["everyone 0/0 0", "anna 0/5 1", "end"]);
        let all = ["1 anna to redis: one", "2 redis to anna: two", "3 anna to redis: three", "4 redis to anna: four"];
        for limit in 1..5 {
            let newest = Span { since: None, before: Some(MessageId(5)), limit };
            let page = chat.page("anna", "redis", newest);
            assert_eq!(page[..limit], all[4 - limit..]);
            assert_eq!(page[limit], if limit < 4 { "end more" } else { "end" });
            let oldest = Span { since: Some(MessageId(0)), before: Some(MessageId(5)), limit };
            let page = chat.page("anna", "redis", oldest);
            assert_eq!(page[..limit], all[..limit]);
            assert_eq!(page[limit], if limit < 4 { "end more" } else { "end" });
        }
        assert_eq!(chat.conversations("anna"), ["everyone 0/0 0", "redis 1/5 3", "end"]);
        chat.mark("anna", "redis", 4);
        assert_eq!(chat.conversations("anna"), ["everyone 0/0 0", "redis 4/5 1", "end"]);
        assert_eq!(chat.find("anna", "in:redis").len(), 6);
    });
}

#[test]
fn labels_of_the_former_holder_tell_nothing() {
    both_stores(|chat, reopen| {
        own(chat, "redis", &[proof(KEY, None)]);
        let mut record = chat.record("redis", "anna", "hi");
        record.reference = Some("1".to_owned());
        assert_eq!(chat.keep(vec![record]).outcomes, [Outcome::Kept]);
        own(chat, "redis", &[proof(UID, Some("redis"))]);
        reopen(chat);
        for text in ["hi", "ho"] {
            let mut record = chat.record("redis", "anna", text);
            record.reference = Some(if text == "hi" { "1" } else { "2" }.to_owned());
            assert_eq!(chat.keep(vec![record]).outcomes, [Outcome::Kept], "{text}");
        }
    });
}

#[test]
fn what_is_said_in_the_same_breath_belongs_to_whom_it_was_said() {
    // All of it is committed together.
    both_stores(|chat, _| {
        own(chat, "redis", &[proof(KEY, None)]);
        let before = chat.record("anna", "redis", "for the former");
        let after = chat.record("anna", "redis", "for the new one");
        chat.submit(Job::Append(vec![before]));
        own(chat, "redis", &[proof(UID, Some("redis"))]);
        chat.submit(Job::Append(vec![after]));
        assert_eq!((chat.receipt().kept(), chat.receipt().kept()), (1, 1));
        assert_eq!(chat.page("redis", "anna", Span::default()), ["2 anna to redis: for the new one", "end"]);
        assert_eq!(chat.page("anna", "redis", Span::default()).len(), 3);
    });
}

#[test]
fn damage_among_several_conversations_is_passed_over() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    for round in 0..3 {
        own(&chat, "redis", &[proof(Identity::Uid(round), None)]);
        for n in 0..4 {
            chat.say("anna", "redis", &format!("{round} {n}"));
        }
    }
    chat.sqlite().execute("UPDATE message SET body = 'x' WHERE id IN (4, 5, 6, 9)", []).unwrap();
    let numbers = |span| -> Vec<String> {
        chat.page("anna", "redis", span).iter().map(|line| line.split(' ').next().unwrap().to_owned()).collect()
    };
    assert_eq!(numbers(Span { since: Some(MessageId(0)), before: None, limit: 5 }), ["1", "2", "3", "7", "8", "end"]);
    assert_eq!(numbers(Span::newest(4)), ["8", "10", "11", "12", "end"]);
    assert_eq!(numbers(Span::newest(100)).len(), 9);
}

#[test]
fn a_name_whose_owner_is_lost_leaves_nothing_to_whoever_claims_it() {
    for lost in
        ["UPDATE proof SET identity = 'x'", "DELETE FROM proof", "DELETE FROM owner", "UPDATE owner SET name = ''"]
    {
        let folder = Folder::new();
        let mut chat = Chat::open(folder.path());
        own(&chat, "redis", &[proof(KEY, None)]);
        chat.say("anna", "redis", "my pin");
        chat.settle();
        chat.sqlite().execute(lost, []).unwrap();
        chat.close();
        // A server does not start with it before a person decides to go on without.
        let decisions = Decisions { without_damaged: true, ..Decisions::default() };
        let options = Options::default();
        let (store, opening) = Store::open_watched(folder.path(), options, decisions, drop).unwrap();
        assert!(!opening.lost.is_empty() && opening.owners.is_empty(), "{lost}");
        store.close(PATIENCE);
        let mut chat = Chat::open(folder.path());
        for _ in 0..2 {
            chat.reopen();
            assert_eq!(chat.page("redis", "anna", Span::default()), ["end"], "{lost}");
            assert_eq!(chat.page("anna", "redis", Span::default()).len(), 2, "{lost}");
        }
        // It is given up once.
        chat.say("anna", "redis", "anybody there?");
        chat.reopen();
        assert_eq!(chat.page("redis", "anna", Span::default()).len(), 2, "{lost}");
    }
}

#[test]
fn the_latest_holders_of_a_name_are_shown_as_one() {
    both_stores(|chat, reopen| {
        chat.know("anna");
        for round in 0..=MAX_HOLDERS as u32 {
            own(chat, "redis", &[proof(Identity::Uid(round), None)]);
            chat.say("anna", "redis", "hello");
            if round as usize == MAX_HOLDERS - 1 {
                assert_eq!(chat.page("anna", "redis", Span::default()).len(), MAX_HOLDERS + 1);
            }
        }
        reopen(chat);
        // The very first of them is left out.
        let page = chat.page("anna", "redis", Span::default());
        assert_eq!((page[0].as_str(), page.len()), ("2 anna to redis: hello", MAX_HOLDERS + 1));
        assert_eq!(chat.find("anna", "in:redis").len(), MAX_HOLDERS + 1);
        assert_eq!(chat.page("redis", "anna", Span::default()).len(), 2);
    });
}

#[test]
fn a_user_whose_row_is_lost_leaves_nothing_to_the_next() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    chat.say("anna", "redis", "my pin");
    for lost in ["user", "name", "conversation"] {
        chat.close();
        let conn = Connection::open(folder.path().join("history.db")).unwrap();
        conn.execute(&format!("DELETE FROM {lost} WHERE id = (SELECT max(id) FROM {lost})"), []).unwrap();
        conn.execute("DELETE FROM meta WHERE key IN ('last_user', 'last_conversation')", []).unwrap();
        chat = Chat::open(folder.path());
        let newcomer = format!("new-{lost}");
        chat.say(&newcomer, "anna", "hello");
        let pins = told(&chat, &newcomer, "anna").iter().filter(|line| line.contains("pin")).count();
        assert_eq!((pins, chat.page(&newcomer, "anna", Span::default()).len()), (0, 2), "{lost}");
        assert_eq!(chat.conversations(&newcomer)[1], format!("anna 0/{} 0", chat.opening.last_id.0 + 1), "{lost}");
    }
}

/// What version 4 kept of a name that was claimed, and then bound by a key; `anna` owned hers from the beginning.
#[test]
fn owners_of_an_older_history_are_parted_from_what_is_older() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    for user in ["anna", "redis"] {
        chat.know(user);
    }
    for n in 0..3 {
        chat.say("anna", "redis", &format!("my pin {n}"));
        chat.say("redis", "anna", &format!("the pin {n}"));
        chat.say("redis", "everyone", &format!("loud {n}"));
    }
    chat.mark("redis", "anna", 5);
    chat.mark("redis", "everyone", 6);
    chat.mark("anna", "redis", 5);
    chat.settle();
    chat.close();
    crate::file_format::age(&folder.path().join("history.db"), 4);
    // The name is theirs since after the second round.
    let conn = Connection::open(folder.path().join("history.db")).unwrap();
    for (user, since) in [("anna", START), ("redis", START + 6 * MINUTE)] {
        conn.execute("INSERT INTO owner VALUES (?1, ?1, ?2)", (user, since)).unwrap();
        conn.execute("INSERT INTO proof VALUES (?1, 'uid:104', ?2)", (user, since)).unwrap();
    }
    drop(conn);
    let mut chat = Chat::open(folder.path());
    let own = ["7 anna to redis: my pin 2", "8 redis to anna: the pin 2", "end"];
    assert_eq!(chat.page("redis", "anna", Span::default()), own);
    assert_eq!(chat.find("redis", "pin").len(), 3);
    assert_eq!(chat.conversations("redis"), ["everyone 6/9 0", "anna 5/8 1", "end"]);
    assert_eq!(chat.page("anna", "redis", Span::default()).len(), 7);
    assert_eq!(chat.find("anna", "in:redis pin").len(), 7);
    assert_eq!(chat.conversations("anna"), ["everyone 0/9 3", "redis 5/8 1", "end"]);
    assert_eq!(chat.page("carol", "everyone", Span::default()).len(), 4);
    assert_eq!(chat.say("anna", "redis", "on"), 10);
    assert_eq!(chat.page("redis", "anna", Span::default()).len(), 4);
}
