//! The labels of changes: what is asked for again under its label gets the answer of the first time, and is not done
//! again.

use tr2::model::{Identity, MessageId, Reaction, Text, Timestamp};
use tr2::protocol::Span;
use tr2::server::store::api::{Alteration, ChangeAgain, Changed, Job, Owner, Proof, ReactionRemoval, Revision, Update};
use tr2::server::store::limits::{MAX_CHANGE_LABELS, MAX_CHANGE_LABELS_IN_MEMORY};
use tr2::server::store::{Durability, Options, Report, Retention};

use crate::chat::{Chat, MINUTE, name, wait_for};
use crate::serving::Folder;

fn edit(text: &str) -> Alteration {
    Alteration::Edit(Text::block(text))
}

fn react(text: &str) -> Alteration {
    Alteration::React(Reaction::parse(text).unwrap())
}

fn unreact(text: &str) -> Alteration {
    Alteration::Unreact(Reaction::parse(text).unwrap())
}

fn remove(text: &str) -> Alteration {
    let reaction = Reaction::parse(text).unwrap();
    Alteration::Remove(ReactionRemoval { reaction, of: None, spared: Vec::new(), reason: Text::line("rude") })
}

/// What became of a change under a label.
fn ask(chat: &mut Chat, label: &str, by: &str, within: &str, id: u64, how: Alteration) -> Changed {
    chat.time += MINUTE;
    let change = chat.change(by, within, id, how);
    chat.changed(Revision { label: Some(label.to_owned()), ..change })
}

/// The answer of the first time to a change, when it is asked for again.
fn again(first: &Changed, number: u64, time: i64) -> Changed {
    let Changed::Done(done) = first else { panic!("{first:?}") };
    Changed::Again(Box::new(ChangeAgain { done: done.clone(), number: MessageId(number), time: Timestamp(time) }))
}

/// A store on a disk, and one in memory; after a restart, too, where there is one.
fn both(test: impl Fn(&mut Chat, &dyn Fn(&mut Chat))) {
    for durability in [Durability::Normal, Durability::Memory] {
        let folder = Folder::new();
        let mut chat = Chat::open_with(folder.path(), Options { durability, ..Options::default() }, "");
        test(&mut chat, &|chat| {
            if durability != Durability::Memory {
                chat.reopen();
            }
        });
    }
}

#[test]
fn what_is_asked_for_again_under_its_label_gets_the_same_answer_and_changes_nothing() {
    both(|chat, restart| {
        chat.say("ann", "everyone", "said");
        chat.say("ann", "ben", "for ben");
        chat.alter("ben", "everyone", 1, react("+1"));
        let steps: [(&str, &str, &str, u64, Alteration); 7] = [
            ("e1", "ann", "everyone", 1, edit("edited")),
            // It changes nothing, as long as nobody else does.
            ("e2", "ann", "everyone", 1, edit("edited")),
            ("r1", "ann", "everyone", 1, react("+1")),
            ("u1", "ann", "everyone", 1, unreact("+1")),
            ("u2", "ann", "everyone", 1, unreact("+1")),
            ("p1", "ann", "ben", 2, edit("for ben, edited")),
            ("p2", "ben", "ann", 2, react("x")),
        ];
        let mut answers = Vec::new();
        for (label, by, within, id, how) in steps {
            let first = ask(chat, label, by, within, id, how.clone());
            answers.push((label, by, within, id, how, again(&first, chat.last_number(), chat.time)));
        }
        chat.alter("ann", "everyone", 1, edit("edited at last"));
        chat.alter("ann", "ben", 2, edit("for ben at last"));
        let known = |chat: &mut Chat| {
            let page = |chat: &mut Chat, with: &str| chat.page("ben", with, Span::default());
            (page(chat, "everyone"), page(chat, "ann"), chat.changes("ben", "everyone", 0))
        };
        let before = known(chat);
        assert_eq!(before.0, ["1 ann: edited at last (edited)", "1 1!+1", "end"]);
        for _ in 0..2 {
            for (label, by, within, id, how, first) in &answers {
                assert_eq!(ask(chat, label, by, within, *id, how.clone()), *first, "{label}");
            }
            assert_eq!(known(chat), before);
            restart(chat);
        }
        // What became of the first is the answer whatever has become of the message.
        let first = ask(chat, "d1", "ann", "everyone", 1, Alteration::Retract);
        let retracted = again(&first, chat.last_number(), chat.time);
        restart(chat);
        assert_eq!(ask(chat, "d1", "ann", "everyone", 1, Alteration::Retract), retracted);
        for (label, by, within, id, how, first) in &answers {
            assert_eq!(ask(chat, label, by, within, *id, how.clone()), *first, "{label}");
        }
        assert_eq!(chat.page("ben", "everyone", Span::default()), ["1 ann in everyone, deleted by ann", "end"]);
        // Without its label, or under another, it is asked for anew.
        assert_eq!(ask(chat, "d2", "ann", "everyone", 1, Alteration::Retract), Changed::NotThere);
        let change = chat.change("ann", "everyone", 1, Alteration::Retract);
        assert_eq!(chat.changed(Revision { label: None, ..change }), Changed::NotThere);
    });
}

#[test]
fn a_label_is_for_one_change_of_one_user() {
    both(|chat, restart| {
        chat.join("ann", "#ops");
        for to in ["everyone", "everyone", "#ops"] {
            chat.say("ann", to, "said");
        }
        assert!(matches!(ask(chat, "e", "ann", "everyone", 1, edit("edited")), Changed::Done(_)));
        assert!(matches!(ask(chat, "r", "ann", "everyone", 1, react("+1")), Changed::Done(_)));
        assert!(matches!(ask(chat, "o", "ann", "#ops", 3, react("+1")), Changed::Done(_)));
        assert!(matches!(ask(chat, "e2", "ann", "everyone", 2, edit("edited last")), Changed::Done(_)));
        for _ in 0..2 {
            for (label, within, id, how) in [
                ("e", "everyone", 2, edit("edited")),
                ("e", "#ops", 1, edit("edited")),
                ("e", "everyone", 1, react("+1")),
                ("e", "everyone", 1, Alteration::Retract),
                ("e", "everyone", 99, Alteration::Retract),
                ("r", "everyone", 1, react("-1")),
                ("r", "everyone", 1, unreact("+1")),
                ("o", "everyone", 3, react("+1")),
                // The text that it gave the message can still be compared.
                ("e2", "everyone", 2, edit("other words")),
            ] {
                assert_eq!(ask(chat, label, "ann", within, id, how), Changed::RefUsed, "{label} {within} {id}");
            }
            restart(chat);
        }
        assert_eq!(chat.page("ben", "everyone", Span::default())[2], "2 ann: edited last (edited)");
        // Others have labels of their own, and so have messages.
        assert!(matches!(ask(chat, "r", "ben", "everyone", 1, react("-1")), Changed::Done(_)));
        let mut record = chat.record("ann", "everyone", "a message");
        record.reference = Some("e".to_owned());
        assert_eq!(chat.keep(vec![record]).kept(), 1);
        // What was refused leaves its label free.
        assert_eq!(ask(chat, "later", "ben", "everyone", 1, edit("forged")), Changed::NotYours);
        assert!(matches!(ask(chat, "later", "ben", "everyone", 1, react("x")), Changed::Done(_)));
        // A moderator's removal has no label that is kept: it is done again, if there is something to do.
        assert!(matches!(ask(chat, "m", "mod", "everyone", 1, remove("x")), Changed::Done(_)));
        assert_eq!(ask(chat, "m", "mod", "everyone", 1, remove("x")), Changed::NoSuchReaction);
    });
}

#[test]
fn a_reaction_that_a_moderator_removed_does_not_come_back_and_is_in_no_file() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    chat.say("ann", "everyone", "said");
    let first = ask(&mut chat, "r", "ben", "everyone", 1, react("zebrine"));
    let put = again(&first, chat.last_number(), chat.time);
    let first = ask(&mut chat, "k", "ben", "everyone", 1, react("zebroid"));
    let kept = again(&first, chat.last_number(), chat.time);
    assert!(matches!(ask(&mut chat, "m", "mod", "everyone", 1, remove("zebrine")), Changed::Done(_)));
    let holds = |text: &str| {
        std::fs::read_dir(folder.path()).unwrap().any(|file| {
            let bytes = std::fs::read(file.unwrap().path()).unwrap_or_default();
            bytes.windows(text.len()).any(|window| window == text.as_bytes())
        })
    };
    wait_for(|| !holds("zebrine"));
    assert!(holds("zebroid"));
    assert_eq!(ask(&mut chat, "r", "ben", "everyone", 1, react("zebrine")), put);
    assert_eq!(ask(&mut chat, "k", "ben", "everyone", 1, react("zebroid")), kept);
    assert_eq!(chat.page("ann", "everyone", Span::default())[1], "1 1zebroid");
    assert!(matches!(ask(&mut chat, "d", "ann", "everyone", 1, Alteration::Retract), Changed::Done(_)));
    wait_for(|| !holds("zebr"));
    assert_eq!(ask(&mut chat, "k", "ben", "everyone", 1, react("zebroid")), kept);
}

#[test]
fn labels_go_with_their_messages_and_with_their_users() {
    both(|chat, _| {
        chat.join("ann", "#ops");
        let (room, _) = crate::chat::room("#ops");
        chat.say("ann", "#ops", "goes with the room");
        chat.say("ann", "everyone", "stays");
        assert!(matches!(ask(chat, "o", "ann", "#ops", 1, react("+1")), Changed::Done(_)));
        assert!(matches!(ask(chat, "r", "ann", "everyone", 2, react("+1")), Changed::Done(_)));
        chat.submit(Job::Promise(vec![Update::EndRoom(room)]));
        assert_eq!(chat.report(), Report::Promised(Ok(())));
        wait_for(|| ask(chat, "o", "ann", "everyone", 2, unreact("x")) != Changed::RefUsed);
        // The next holder of the name has used no label.
        let proofs = vec![Proof { identity: Identity::Uid(7), login: None, since: Timestamp(5) }];
        chat.submit(Job::Promise(vec![Update::Own(Owner { name: name("ann"), since: Timestamp(5), proofs })]));
        assert_eq!(chat.report(), Report::Promised(Ok(())));
        let Changed::Done(done) = ask(chat, "r", "ann", "everyone", 2, react("+1")) else { panic!("not done") };
        assert_eq!(done.count, 2);
    });
    for durability in [Durability::Normal, Durability::Memory] {
        let folder = Folder::new();
        let mut chat = Chat::open_with(folder.path(), Options { durability, ..Options::default() }, "");
        chat.say("ann", "everyone", "old");
        assert!(matches!(ask(&mut chat, "r", "ann", "everyone", 1, react("+1")), Changed::Done(_)));
        for _ in 0..20 {
            chat.say("ann", "everyone", "new");
        }
        chat.submit(Job::KeepFor(Retention { days: None, messages: Some(20) }));
        wait_for(|| ask(&mut chat, "r", "ann", "everyone", 21, react("x")) != Changed::RefUsed);
    }
}

/// Puts a reaction on a message and takes it off again, under labels that are numbers.
fn toggle(chat: &mut Chat, id: u64, labels: std::ops::Range<usize>) {
    let changes: Vec<Revision> = labels
        .map(|label| {
            let how = if label % 2 == 0 { react("+1") } else { unreact("+1") };
            Revision { label: Some(label.to_string()), ..chat.change("ann", "everyone", id, how) }
        })
        .collect();
    let count = changes.len();
    for change in changes {
        chat.submit(Job::Change(change));
    }
    for _ in 0..count {
        assert!(matches!(chat.report(), Report::Changed(Revision { outcome: Some(Changed::Done(_)), .. })));
    }
}

#[test]
fn a_message_has_a_bounded_number_of_labels_the_latest() {
    both(|chat, restart| {
        chat.say("ann", "everyone", "said");
        chat.say("ann", "everyone", "other");
        assert!(matches!(ask(chat, "other", "ann", "everyone", 2, react("+1")), Changed::Done(_)));
        toggle(chat, 1, 0..MAX_CHANGE_LABELS);
        restart(chat);
        assert!(matches!(ask(chat, "0", "ann", "everyone", 1, react("+1")), Changed::Again(_)));
        toggle(chat, 1, MAX_CHANGE_LABELS..MAX_CHANGE_LABELS + 1);
        restart(chat);
        assert!(matches!(ask(chat, "1", "ann", "everyone", 1, unreact("+1")), Changed::Again(_)));
        assert!(matches!(ask(chat, "other", "ann", "everyone", 2, react("+1")), Changed::Again(_)));
        assert!(matches!(ask(chat, "0", "ann", "everyone", 1, react("+1")), Changed::Done(_)), "it is forgotten");
    });
}

#[test]
fn a_store_in_memory_has_a_bounded_number_of_labels_the_latest() {
    let folder = Folder::new();
    let mut chat = Chat::open_with(folder.path(), Options { durability: Durability::Memory, ..Options::default() }, "");
    let messages = MAX_CHANGE_LABELS_IN_MEMORY / MAX_CHANGE_LABELS;
    for _ in 0..=messages {
        chat.say("ann", "everyone", "said");
    }
    for at in 0..messages {
        toggle(&mut chat, at as u64 + 1, at * MAX_CHANGE_LABELS..(at + 1) * MAX_CHANGE_LABELS);
    }
    assert!(matches!(ask(&mut chat, "0", "ann", "everyone", 1, react("+1")), Changed::Again(_)));
    let last = messages as u64 + 1;
    assert!(matches!(ask(&mut chat, "last", "ann", "everyone", last, react("+1")), Changed::Done(_)));
    assert!(matches!(ask(&mut chat, "1", "ann", "everyone", 1, unreact("+1")), Changed::Again(_)));
    assert!(matches!(ask(&mut chat, "0", "ann", "everyone", last, unreact("+1")), Changed::Done(_)), "it is forgotten");
}

#[test]
fn a_damaged_label_answers_nobody() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    chat.say("ann", "everyone", "said");
    chat.say("ann", "everyone", "said");
    for alter in ["message = 2", "kind = 2", "kind = 9", "number = number + 1", "time = 0", "count = 7", "fresh = 0"] {
        assert!(matches!(ask(&mut chat, alter, "ben", "everyone", 1, react("+1")), Changed::Done(_)));
        let altered = chat.sqlite().execute(&format!("UPDATE change_label SET {alter} WHERE ref = ?1"), [alter]);
        assert_eq!(altered, Ok(1));
        // As if it had not been asked for.
        let Changed::Done(done) = ask(&mut chat, alter, "ben", "everyone", 1, react("+1")) else { panic!("{alter}") };
        assert!(!done.fresh, "{alter}");
        assert!(matches!(ask(&mut chat, alter, "ben", "everyone", 1, react("+1")), Changed::Again(_)), "{alter}");
        assert!(matches!(ask(&mut chat, "off", "ben", "everyone", 1, unreact("+1")), Changed::Done(_)));
        chat.sqlite().execute("DELETE FROM change_label WHERE ref = 'off'", []).unwrap();
    }
    // A damaged reaction is another one.
    assert!(matches!(ask(&mut chat, "r", "ben", "everyone", 1, react("+1")), Changed::Done(_)));
    chat.sqlite().execute("UPDATE change_label SET reaction = '+2' WHERE ref = 'r'", []).unwrap();
    assert_eq!(ask(&mut chat, "r", "ben", "everyone", 1, react("+1")), Changed::RefUsed);
}
