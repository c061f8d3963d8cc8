//! A user who takes another name keeps their past, and everybody sees it under that name; the file and the memory say the
//! same of it.

use proptest::prelude::*;
use tr2::model::{Identity, MessageId, Reaction, Text, Timestamp};
use tr2::protocol::{Query, Span};
use tr2::server::store::api::{
    Alteration, Changed, Deleted, Deletion, Job, Outcome, OwnBound, Owner, Proof, Recipient, Requester, Revision,
    Update, What,
};
use tr2::server::store::{Durability, Options, Report, backup, examine};

use crate::chat::{Chat, name, with};
use crate::serving::Folder;

fn owner(of: &str, uid: Option<u32>) -> Owner {
    let proof = |uid| Proof { identity: Identity::Uid(uid), login: None, since: Timestamp(5) };
    Owner { name: name(of), since: Timestamp(5), proofs: uid.map(proof).into_iter().collect() }
}

fn promise(chat: &Chat, update: Update) {
    chat.submit(Job::Promise(vec![update]));
    assert_eq!(chat.report(), Report::Promised(Ok(())));
}

fn rename(chat: &Chat, from: &str, to: &str, uid: u32) {
    promise(chat, Update::Rename { from: owner(from, Some(uid)), to: owner(to, Some(uid)) });
}

/// A store in a file, and one in memory; the first is opened anew whenever the test says so.
fn both_stores(test: impl Fn(&mut Chat, &dyn Fn(&mut Chat))) {
    let folder = Folder::new();
    test(&mut Chat::open(folder.path()), &Chat::reopen);
    let options = Options { durability: Durability::Memory, ..Options::default() };
    test(&mut Chat::open_with(folder.path(), options, ""), &|_| {});
}

#[test]
fn what_a_user_said_and_was_told_is_theirs_under_the_other_name() {
    both_stores(|chat, reopen| {
        for user in ["ann", "ben", "cem"] {
            chat.know(user);
        }
        promise(chat, Update::Own(owner("ann", Some(1))));
        let aloud = chat.say("ann", "everyone", "my dog barks");
        let private = chat.say("ann", "ben", "a dog to ben");
        let back = chat.say("ben", "ann", "a dog to ann");
        let own = chat.say("ann", "ann", "a dog to myself");
        let gone = chat.say("ann", "everyone", "no dog");
        chat.alter("ann", "everyone", gone, Alteration::Retract);
        chat.mark("ann", "ben", back);
        let react = |text: &str| Alteration::React(Reaction::parse(text).unwrap());
        chat.alter("ann", "everyone", aloud, react("woof"));
        chat.answer_to(private, "ben", "ann", "which?");
        let mut labelled = chat.record("ann", "everyone", "labelled");
        labelled.reference = Some("l1".to_owned());
        assert_eq!(chat.keep(vec![labelled.clone()]).outcomes, [Outcome::Kept]);

        rename(chat, "ann", "Zoe", 1);
        for _ in 0..2 {
            assert_eq!(
                chat.page("zoe", "ben", Span::default())[..2],
                ["2 Zoe to ben: a dog to ben", "3 ben to Zoe: a dog to ann"]
            );
            assert_eq!(chat.page("ben", "zoe", Span::default()).last().unwrap(), "end");
            assert_eq!(chat.page("ben", "zoe", Span::default())[2], "8 ben to Zoe: which? (to 2: Zoe a dog to ben)");
            assert_eq!(chat.page("ben", "ann", Span::default()), ["end"]);
            assert_eq!(
                chat.page("zoe", "zoe", Span::default()),
                [&format!("{own} Zoe to Zoe: a dog to myself"), "end"]
            );
            let heard = chat.page("cem", "everyone", Span::default());
            assert_eq!(heard[..3], ["1 Zoe: my dog barks", "1 1woof", "5 Zoe in everyone, deleted by Zoe"]);
            assert_eq!(chat.page("zoe", "everyone", Span::default())[1], "1 1!woof");
            assert_eq!(chat.conversations("zoe")[1..], ["ben 3/8 1", "Zoe 0/4 0", "end"]);
            assert_eq!(chat.conversations("ben")[1], "Zoe 0/8 1");
            assert_eq!(chat.find("zoe", "from:zoe dog").len(), 4);
            assert_eq!(chat.find("cem", "from:zoe dog").len(), 2);
            assert_eq!(chat.find("ben", "from:ann dog"), ["end"]);
            reopen(chat);
        }
        // What may have arrived is known under its label, whoever the sender is now.
        let again =
            tr2::server::store::api::Record { from: name("Zoe"), id: MessageId(chat.next_number()), ..labelled };
        assert!(matches!(chat.keep(vec![again]).outcomes[..], [Outcome::Again(MessageId(9), _)]));
        // A later holder of the name that was left is somebody else.
        chat.know("ann");
        chat.say("ann", "ben", "I am new");
        assert_eq!(chat.page("ben", "ann", Span::default()), ["11 ann to ben: I am new", "end"]);
        assert_eq!(chat.page("ann", "ben", Span::default()), ["11 ann to ben: I am new", "end"]);
        assert_eq!(chat.page("ben", "zoe", Span::default()).len(), 4);
        let change = chat.change("ann", "everyone", aloud, Alteration::Edit(Text::line("mine")));
        assert_eq!(chat.changed(change), Changed::NotYours);
        assert_eq!(chat.alter("Zoe", "everyone", aloud, Alteration::Edit(Text::line("my cat"))).from, name("Zoe"));
        assert_eq!(chat.page("cem", "everyone", Span::default())[0], "1 Zoe: my cat (edited)");
        // A moderator deletes the message of the user who has the name now.
        assert_eq!(chat.delete("mod", "everyone", aloud), Deleted::Done(name("Zoe")));
    });
}

#[test]
fn a_name_is_taken_back_and_whoever_had_it_meanwhile_is_somebody_else() {
    both_stores(|chat, reopen| {
        for user in ["ann", "ben"] {
            chat.know(user);
        }
        promise(chat, Update::Own(owner("ann", Some(1))));
        // Somebody who claimed the name before it is taken.
        chat.say("zoe", "ben", "the first zoe");
        chat.say("ann", "ben", "as ann");
        rename(chat, "ann", "zoe", 1);
        chat.say("zoe", "ben", "as zoe");
        chat.say("ann", "ben", "the second ann");
        rename(chat, "zoe", "ann", 1);
        reopen(chat);
        let all = ["2 ann to ben: as ann", "3 ann to ben: as zoe", "end"];
        assert_eq!(chat.page("ann", "ben", Span::default()), all);
        chat.say("ann", "ben", "as ann again");
        // To the other side, all who ever had a name are one.
        let seen = chat.page("ben", "ann", Span::default());
        assert_eq!(seen.iter().filter(|line| line.contains("ann to ben")).count(), 4);
        assert_eq!(chat.page("ben", "zoe", Span::default()), ["1 zoe to ben: the first zoe", "end"]);
        // Nobody owns the name any more: nothing happens.
        rename(chat, "zoe", "yve", 1);
        assert_eq!(chat.page("ben", "zoe", Span::default()), ["1 zoe to ben: the first zoe", "end"]);
        assert_eq!(chat.page("ann", "ben", Span::default()).len(), 4);
    });
}

#[test]
fn checksums_stay_whole_and_damage_is_found_as_before() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    promise(&chat, Update::Own(owner("ann", Some(1))));
    chat.say("ann", "everyone", "one");
    chat.say("ben", "ann", "two");
    rename(&chat, "ann", "zoe", 1);
    chat.say("zoe", "ben", "three");
    chat.alter("zoe", "everyone", 1, Alteration::Edit(Text::line("one, edited")));
    rename(&chat, "zoe", "yve", 1);
    chat.say("yve", "everyone", "four");
    chat.reopen();
    assert_eq!(chat.opening.owners, [owner("yve", Some(1))]);
    assert_eq!(chat.opening.lost, [""; 0]);
    let copy = folder.path().join("copy.db");
    let done = backup(folder.path(), &copy).unwrap();
    assert_eq!((done.messages, done.damaged), (4, 0));
    chat.close();
    let uid = rustix::process::geteuid().as_raw();
    let examined = examine(folder.path(), uid, false).unwrap();
    assert_eq!((examined.damaged, examined.lost), (0, Vec::new()));
    let conn = rusqlite::Connection::open(folder.path().join("history.db")).unwrap();
    conn.execute("UPDATE message SET body = 'forged' WHERE id = 2", []).unwrap();
    assert_eq!(examine(folder.path(), uid, false).unwrap().damaged, 1);
    conn.execute("UPDATE user SET sealed = 'ben' WHERE sealed = 'ann'", []).unwrap();
    assert_eq!(examine(folder.path(), uid, false).unwrap().damaged, 4);
}

#[test]
fn a_mark_where_nothing_was_said_marks_nothing() {
    let listed = [Durability::Normal, Durability::Memory].map(|durability| {
        let folder = Folder::new();
        let mut chat = Chat::open_with(folder.path(), Options { durability, ..Options::default() }, "");
        // Nobody but ann knows cem yet, who has no mark.
        chat.say("ann", "cem", "hello");
        chat.mark("cem", "everyone", 1);
        chat.say("ann", "everyone", "hello all");
        chat.conversations("cem")
    });
    assert_eq!(listed[0], listed[1]);
    assert!(listed[0].contains(&"everyone 2/2 0".to_owned()), "{listed:?}");
}

const USERS: [&str; 4] = ["ann", "ben", "cem", "dan"];
const PLACES: [&str; 5] = ["everyone", "ann", "ben", "cem", "dan"];

#[derive(Clone, Debug)]
enum Step {
    Say { from: usize, to: usize, text: u8, reference: Option<u8>, reply: Option<u64> },
    Change { by: usize, within: usize, id: u64, how: u8, reference: Option<u8> },
    Delete { id: u64 },
    Mark { user: usize, with: usize, id: u64 },
    Own { user: usize, uid: Option<u32> },
    Rename { from: usize, to: usize, uid: u32 },
    Restart,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => (0..4usize, 0..5usize, 0..3u8, prop::option::of(0..4u8), prop::option::weighted(0.2, 1..30u64))
            .prop_map(|(from, to, text, reference, reply)| Step::Say { from, to, text, reference, reply }),
        5 => (0..4usize, 0..5usize, 1..30u64, 0..5u8, prop::option::of(0..4u8))
            .prop_map(|(by, within, id, how, reference)| Step::Change { by, within, id, how, reference }),
        1 => (1..30u64).prop_map(|id| Step::Delete { id }),
        2 => (0..4usize, 0..5usize, 1..30u64).prop_map(|(user, with, id)| Step::Mark { user, with, id }),
        4 => (0..4usize, prop::option::of(0..3u32)).prop_map(|(user, uid)| Step::Own { user, uid }),
        4 => (0..4usize, 0..4usize, 0..3u32).prop_map(|(from, to, uid)| Step::Rename { from, to, uid }),
        1 => Just(Step::Restart),
    ]
}

/// Both stores get a job and report the same.
fn both(chats: &[Chat; 2], job: &Job, reports: bool) {
    chats.iter().for_each(|chat| chat.submit(job.clone()));
    if reports {
        let [file, memory] = chats.each_ref().map(Chat::report);
        assert_eq!(format!("{file:?}"), format!("{memory:?}"), "{job:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_file_and_the_memory_agree_on_users_who_take_other_names(steps in prop::collection::vec(step(), 1..50)) {
        let (folder, other) = (Folder::new(), Folder::new());
        let options = |durability| Options { durability, ..Options::default() };
        let mut chats = [
            Chat::open_with(folder.path(), options(Durability::Normal), ""),
            Chat::open_with(other.path(), options(Durability::Memory), ""),
        ];
        USERS.iter().for_each(|user| both(&chats, &Job::Know(name(user)), false));
        let mut number = 0;
        for step in steps {
            number += 1;
            let time = Timestamp(crate::chat::START + number as i64);
            match step {
                Step::Say { from, to, text, reference, reply } => {
                    let mut record = chats[0].record(USERS[from], PLACES[to], &format!("t{text}"));
                    (record.id, record.time) = (MessageId(number), time);
                    record.reference = reference.map(|reference| reference.to_string());
                    record.extra.reply = reply.map(MessageId);
                    assert!(!matches!(record.to, Recipient::Room { .. }));
                    both(&chats, &Job::Append(vec![record]), true);
                }
                Step::Change { by, within, id, how, reference } => {
                    let reaction = Reaction::parse(&format!("r{how}")).unwrap();
                    let how = match how {
                        0 => Alteration::Edit(Text::line("edited")),
                        1 => Alteration::Retract,
                        2 | 3 => Alteration::React(reaction),
                        _ => Alteration::Unreact(Reaction::parse("r2").unwrap()),
                    };
                    let own = OwnBound { since: Timestamp(0), verified: false, after: MessageId(0) };
                    let label = reference.map(|reference| reference.to_string());
                    let (by, within, id) = (name(USERS[by]), with(PLACES[within]), MessageId(id));
                    let change = Revision { requester: Requester(7), reference: label.clone(), label, by, within, id, number: MessageId(number), time, how, own, outcome: None };
                    both(&chats, &Job::Change(change), true);
                }
                Step::Delete { id } => {
                    let Job::Delete(deletion) = crate::chat::deletion("everyone", id) else { unreachable!() };
                    both(&chats, &Job::Delete(Deletion { number: MessageId(number), ..deletion }), true);
                }
                Step::Mark { user, with: place, id } => {
                    let (user, with, id) = (name(USERS[user]), with(PLACES[place]), MessageId(id));
                    both(&chats, &Job::Mark { user, with, id }, false);
                }
                Step::Own { user, uid } => {
                    both(&chats, &Job::Promise(vec![Update::Own(owner(USERS[user], uid))]), true);
                }
                Step::Rename { from, to, uid } => {
                    let rename = Update::Rename { from: owner(USERS[from], Some(uid)), to: owner(USERS[to], Some(uid)) };
                    if from != to {
                        both(&chats, &Job::Promise(vec![rename]), true);
                    }
                }
                Step::Restart => chats[0].reopen(),
            }
        }
        for user in USERS {
            let mut asked = vec![What::Conversations];
            asked.extend(PLACES.map(|place| What::Page { with: with(place), span: Span::default() }));
            asked.extend(PLACES.map(|place| What::Changes { with: with(place), span: Span::default() }));
            for query in ["t*", "from:ann t*", "from:dan t1", "in:ben", "from:dan in:everyone edited"] {
                asked.push(What::Found(Query::parse(query, &tr2::model::Zone::default()).unwrap()));
            }
            for what in asked {
                both(&chats, &chats[0].question(user, what), true);
            }
        }
        let done = backup(folder.path(), &folder.path().join("copy.db"));
        prop_assert!(done.as_ref().is_ok_and(|done| done.damaged == 0), "{done:?}");
    }
}
