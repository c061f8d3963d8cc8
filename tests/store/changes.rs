//! Messages that are edited, deleted by their senders, answered and reacted to.

use tr2::model::{Identity, MessageId, Reaction, Text, Timestamp};
use tr2::protocol::{Quote, Span};
use tr2::server::store::api::{
    Alteration, Changed, Job, Outcome, OwnBound, Owner, Proof, ReactionRemoval, Revision, Update, What,
};
use tr2::server::store::limits::{MAX_REACTIONS, MAX_REACTIONS_IN_ALL, MAX_REACTIONS_OF_ONE};
use tr2::server::store::{Durability, Options, Report, backup};

use crate::chat::{Chat, MINUTE, name, wait_for, with};
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

/// A moderator removes a reaction of a user, or of everybody but these.
fn remove(text: &str, of: Option<&str>, spared: &[&str]) -> Alteration {
    let (reaction, of) = (Reaction::parse(text).unwrap(), of.map(name));
    let spared = spared.iter().map(|who| name(who).folded()).collect();
    Alteration::Remove(ReactionRemoval { reaction, of, spared, reason: Text::line("rude") })
}

/// A store on a disk and one in memory.
fn both(test: impl Fn(Chat)) {
    for durability in [Durability::Full, Durability::Memory] {
        let folder = Folder::new();
        test(Chat::open_with(folder.path(), Options { durability, ..Options::default() }, ""));
    }
}

#[test]
fn an_edit_replaces_the_text_everywhere_whether_indexed_or_not() {
    for indexed in [false, true] {
        let folder = Folder::new();
        let mut chat = Chat::open(folder.path());
        chat.know("ben");
        for (to, text) in
            [("everyone", "the secret word aloud"), ("#ops", "a secret in ops"), ("ben", "a secret for ben")]
        {
            chat.join("ben", "#ops");
            chat.say("ann", to, text);
        }
        if indexed {
            chat.indexed();
        }
        for (id, to) in [(1, "everyone"), (2, "#ops"), (3, "ben")] {
            let done = chat.alter("ann", to, id, edit(&format!("plain words {id}")));
            assert!(done.fresh && done.present && done.from == name("ann"));
        }
        // Two edits in a row end in the second.
        chat.alter("ann", "everyone", 1, edit("plain words at last"));
        for restart in [false, true] {
            assert_eq!(chat.page("ben", "everyone", Span::default()), ["1 ann: plain words at last (edited)", "end"]);
            assert_eq!(chat.page("ben", "#ops", Span::default()), ["2 ann in #ops: plain words 2 (edited)", "end"]);
            assert_eq!(chat.page("ben", "ann", Span::default()), ["3 ann to ben: plain words 3 (edited)", "end"]);
            assert_eq!(chat.find("ben", "secret"), ["end"]);
            assert_eq!(chat.find("ben", "secr*"), ["end"]);
            assert_eq!(chat.find("ben", "plain").len(), 4);
            assert_eq!(chat.find("ben", "last"), ["1 ann: plain words at last (edited)", "end"]);
            if !restart {
                chat.indexed();
                chat.reopen();
            }
        }
        let done = backup(folder.path(), &folder.path().join("copy")).unwrap();
        assert_eq!((done.messages, done.damaged), (3, 0));
        // The files hold the old text no more, once it has left the log.
        let holds = |text: &str| {
            std::fs::read_dir(folder.path()).unwrap().any(|file| {
                let bytes = std::fs::read(file.unwrap().path()).unwrap_or_default();
                bytes.windows(text.len()).any(|window| window == text.as_bytes())
            })
        };
        wait_for(|| !holds("secret"));
        chat.close();
        assert!(!holds("secret") && holds("plain words at last"));
    }
}

#[test]
fn only_the_sender_may_change_a_message_and_only_for_a_time() {
    both(|mut chat| {
        chat.say("ann", "everyone", "of ann, claimed");
        chat.say("vera", "everyone", "of vera, verified");
        chat.say("ann", "ben", "of ann for ben");
        chat.say("ben", "#ops", "of ben in ops");
        let deleted = chat.delete("mod", "#ops", 4);
        assert!(matches!(deleted, tr2::server::store::api::Deleted::Done(_)));
        for how in [edit("other words"), Alteration::Retract] {
            let cases = [
                ("ben", "everyone", 1, Changed::NotYours),
                ("vera", "everyone", 1, Changed::NotYours),
                ("ann", "everyone", 2, Changed::NotYours),
                ("ben", "ann", 3, Changed::NotYours),
                // What one may not see is refused as what does not exist.
                ("vera", "ann", 3, Changed::NotThere),
                ("vera", "ben", 3, Changed::NotThere),
                ("ann", "everyone", 3, Changed::NotThere),
                ("ann", "ben", 1, Changed::NotThere),
                ("ann", "#ops", 1, Changed::NotThere),
                ("ann", "everyone", 99, Changed::NotThere),
                ("ann", "everyone", u64::MAX, Changed::NotThere),
                // A deleted message stays deleted.
                ("ben", "#ops", 4, Changed::NotThere),
            ];
            for (by, within, id, wanted) in cases {
                let change = chat.change(by, within, id, how.clone());
                assert_eq!(chat.changed(change), wanted, "{by} {within} {id}");
            }
            // Somebody verified is not who only claimed the name, and the other way round.
            for (by, id, verified) in [("ann", 1, true), ("vera", 2, false)] {
                let change = chat.change(by, "everyone", id, how.clone());
                let own = OwnBound { verified, ..change.own };
                assert_eq!(chat.changed(Revision { own, ..change }), Changed::NotYours);
            }
            // Who claims a name is not who claimed it before.
            let change = chat.change("ann", "everyone", 1, how.clone());
            let own = OwnBound { after: MessageId(1), ..change.own };
            assert_eq!(chat.changed(Revision { own, ..change }), Changed::NotYours);
            // The message is of the first minute: at the bound it may be changed, and not a millisecond later.
            let change = chat.change("vera", "everyone", 2, how.clone());
            let said = Timestamp(crate::chat::START + MINUTE);
            let late = OwnBound { since: Timestamp(said.0 + 1), ..change.own };
            assert_eq!(chat.changed(Revision { own: late, ..change.clone() }), Changed::TooLate);
            let own = OwnBound { since: said, ..change.own };
            assert!(matches!(chat.changed(Revision { own, ..change }), Changed::Done(_)));
        }
        assert_eq!(chat.page("ben", "everyone", Span::default())[0], "1 ann: of ann, claimed");
    });
}

#[test]
fn a_message_deleted_by_its_sender_becomes_a_marker() {
    both(|mut chat| {
        chat.join("ben", "#ops");
        for to in ["everyone", "#ops", "ben"] {
            chat.say("ann", to, "rude words");
        }
        for (id, to) in [(1, "everyone"), (2, "#ops"), (3, "ben")] {
            chat.alter("ben", if to == "ben" { "ann" } else { to }, id, react("x"));
            chat.alter("ann", to, id, Alteration::Retract);
            let change = chat.change("ann", to, id, Alteration::Retract);
            assert_eq!(chat.changed(change), Changed::NotThere);
        }
        assert_eq!(chat.page("ben", "everyone", Span::default()), ["1 ann in everyone, deleted by ann", "end"]);
        assert_eq!(chat.page("ben", "#ops", Span::default()), ["2 ann in #ops, deleted by ann", "end"]);
        assert_eq!(chat.page("ben", "ann", Span::default()), ["3 ann in ben, deleted by ann", "end"]);
        assert_eq!(chat.find("ben", "rude"), ["end"]);
        // It is no act of a moderator.
        assert_eq!(chat.ask("ben", What::Modlog { room: None, whole: true, span: Span::default() }), ["end"]);
        assert_eq!(chat.conversations("ben")[1..], ["ann 0/3 0", "#ops 0/2 0", "end"]);
    });
}

#[test]
fn an_answer_quotes_a_message_of_its_own_conversation() {
    both(|mut chat| {
        chat.join("ann", "#ops");
        chat.say("ben", "everyone", &format!("first words\nand more {}", "é".repeat(100)));
        chat.say("ben", "ann", "for ann alone");
        chat.say("ben", "#ops", "in ops");
        let words = |text: &str| Outcome::KeptReply(Quote { from: name("ben"), words: Text::line(text) });
        let cut = format!("first words and more {}…", "é".repeat(38));
        assert_eq!(cut.len(), 100);
        assert_eq!(chat.answer_to(1, "ann", "everyone", "yes"), words(&cut));
        assert_eq!(chat.answer_to(2, "ann", "ben", "yes"), words("for ann alone"));
        assert_eq!(chat.answer_to(3, "ann", "#ops", "yes"), words("in ops"));
        // What is in another conversation is refused as what does not exist.
        for (id, from, to) in [
            (2, "ann", "everyone"),
            (3, "ann", "everyone"),
            (1, "ann", "ben"),
            (2, "cem", "ben"),
            (2, "cem", "ann"),
            (99, "ann", "everyone"),
            (0, "ann", "everyone"),
            (u64::MAX, "ann", "everyone"),
        ] {
            assert_eq!(chat.answer_to(id, from, to, "no"), Outcome::NoSuchMessage, "{id} {from} {to}");
        }
        assert_eq!(chat.page("ann", "#ops", Span::default())[1], "6 ann in #ops: yes (to 3: ben in ops)");
        assert_eq!(chat.find("ann", "yes in:#ops"), ["6 ann in #ops: yes (to 3: ben in ops)", "end"]);
        // The quote is of what the message says now, and goes with it.
        chat.alter("ben", "#ops", 3, edit("in ops, edited"));
        assert_eq!(chat.page("ann", "#ops", Span::default())[1], "6 ann in #ops: yes (to 3: ben in ops, edited)");
        chat.alter("ben", "#ops", 3, Alteration::Retract);
        assert_eq!(chat.page("ann", "#ops", Span::default())[1], "6 ann in #ops: yes (to 3)");
        assert_eq!(chat.answer_to(3, "ann", "#ops", "no"), Outcome::NoSuchMessage);
    });
}

#[test]
fn an_answer_that_is_sent_again_is_the_same_one_whatever_became_of_its_message() {
    both(|mut chat| {
        chat.say("ben", "everyone", "first");
        let mut record = chat.record("ann", "everyone", "yes");
        (record.extra.reply, record.reference) = (Some(MessageId(1)), Some("r".to_owned()));
        let id = record.id;
        assert!(matches!(chat.keep(vec![record.clone()]).outcomes[..], [Outcome::KeptReply(_)]));
        chat.alter("ben", "everyone", 1, Alteration::Retract);
        let again = |chat: &mut Chat, edit: &dyn Fn(&mut tr2::server::store::api::Record)| {
            let mut record = record.clone();
            record.id = MessageId(chat.next_number());
            edit(&mut record);
            chat.keep(vec![record]).outcomes.remove(0)
        };
        assert!(matches!(again(&mut chat, &|_| {}), Outcome::Again(same, _) if same == id));
        assert_eq!(again(&mut chat, &|record| record.extra.reply = None), Outcome::RefUsed);
        assert_eq!(again(&mut chat, &|record| record.text = Text::line("no")), Outcome::RefUsed);
        // What an edited message said at first cannot be compared.
        chat.alter("ann", "everyone", id.0, edit("yes, indeed"));
        assert!(matches!(again(&mut chat, &|_| {}), Outcome::Again(same, _) if same == id));
        assert_eq!(chat.page("ben", "everyone", Span::default()).len(), 3);
    });
}

#[test]
fn reactions_are_counted_and_each_person_has_each_of_them_once() {
    both(|mut chat| {
        chat.say("ann", "everyone", "good news");
        assert_eq!((chat.alter("ben", "everyone", 1, react("+1")).count, 1), (1, 1));
        assert_eq!(chat.alter("cem", "everyone", 1, react("+1")).count, 2);
        let again = chat.alter("ben", "everyone", 1, react("+1"));
        assert_eq!((again.count, again.fresh), (2, false));
        assert_eq!(chat.alter("ann", "everyone", 1, react("🎉")).count, 1);
        assert_eq!(chat.page("ben", "everyone", Span::default()), ["1 ann: good news", "1 2!+1 1🎉", "end"]);
        assert_eq!(chat.page("ann", "everyone", Span::default())[1], "1 2+1 1!🎉");
        // The first one that is left comes first.
        assert_eq!(chat.alter("ben", "everyone", 1, unreact("+1")).count, 1);
        assert_eq!(chat.alter("cem", "everyone", 1, unreact("+1")).count, 0);
        assert!(!chat.alter("cem", "everyone", 1, unreact("+1")).fresh);
        chat.alter("cem", "everyone", 1, react("+1"));
        assert_eq!(chat.page("ben", "everyone", Span::default())[1], "1 1🎉 1+1");
        for (by, within, id) in [("cem", "ben", 1), ("ann", "everyone", 2), ("ann", "#ops", 1)] {
            let change = chat.change(by, within, id, react("+1"));
            assert_eq!(chat.changed(change), Changed::NotThere);
        }
    });
}

#[test]
fn a_moderator_takes_reactions_from_a_message_and_the_log_says_whose() {
    both(|mut chat| {
        chat.say("ann", "everyone", "hi");
        chat.say("ann", "ben", "hi ben");
        for who in ["ann", "Ben", "cem"] {
            chat.alter(who, "everyone", 1, react("rude"));
        }
        chat.say("ben", "ann", "hello");
        chat.alter("ben", "everyone", 1, react("+1"));
        chat.alter("ben", "ann", 2, react("rude"));
        for (within, id, how, wanted) in [
            ("everyone", 1, remove("-1", None, &[]), Changed::NoSuchReaction),
            ("everyone", 1, remove("+1", Some("ann"), &[]), Changed::NoSuchReaction),
            ("everyone", 1, remove("+1", Some("zoe"), &[]), Changed::NoSuchReaction),
            ("everyone", 1, remove("rude", None, &["zoe", "cem"]), Changed::Spared(name("cem"))),
            ("everyone", 1, remove("rude", Some("cem"), &["cem"]), Changed::Spared(name("cem"))),
            ("everyone", 9, remove("rude", None, &[]), Changed::NotThere),
            ("#ops", 1, remove("rude", None, &[]), Changed::NotThere),
            ("everyone", 2, remove("rude", None, &[]), Changed::NotThere),
            // What two users say to each other is their own matter, even if a moderator is one of them.
            ("ann", 2, remove("rude", None, &[]), Changed::NotThere),
        ] {
            for by in ["mod", "ben"] {
                let change = chat.change(by, within, id, how.clone());
                assert_eq!(chat.changed(change), wanted, "{within} {id} {how:?}");
            }
        }
        let one = chat.alter("mod", "everyone", 1, remove("rude", Some("Cem"), &["ann"]));
        assert_eq!((one.count, one.removed, one.from), (2, Some(name("Cem")), name("ann")));
        let page = chat.page("ben", "everyone", Span::default());
        assert_eq!(page[..2], ["1 ann: hi", "1 2!rude 1!+1"]);
        let all = chat.alter("mod", "everyone", 1, remove("rude", None, &[]));
        assert_eq!((all.count, all.removed), (0, None));
        // If it was from one user only, the log names that one, as the name is spelled now.
        let last = chat.alter("mod", "everyone", 1, remove("+1", None, &["ann"]));
        assert_eq!((last.count, last.removed), (0, Some(name("ben"))));
        assert_eq!(chat.page("ben", "everyone", Span::default())[..2], ["1 ann: hi", "end"]);
        assert_eq!(chat.changes("ben", "everyone", 1)[..2], ["1 ann: hi", "end"]);
        let log = chat.ask("mod", What::Modlog { room: None, whole: true, span: Span::default() });
        let log: Vec<&str> = log.iter().map(String::as_str).collect();
        assert_eq!(
            log,
            [
                "1 mod in everyone: remove_reaction Cem - off rude",
                "2 mod in everyone: remove_reaction - - off rude",
                "3 mod in everyone: remove_reaction ben - off rude",
                "end"
            ]
        );
    });
}

#[test]
fn a_message_has_a_bounded_number_of_reactions() {
    both(|mut chat| {
        chat.say("ann", "everyone", "much liked");
        let put = |chat: &mut Chat, by: &str, what: usize| {
            let change = chat.change(by, "everyone", 1, react(&format!("r{what}")));
            chat.changed(change)
        };
        for what in 0..MAX_REACTIONS {
            assert!(matches!(put(&mut chat, &format!("user{}", what / MAX_REACTIONS_OF_ONE), what), Changed::Done(_)));
        }
        // One more by the same person, and one more of all; but what is there can be joined.
        assert_eq!(put(&mut chat, "user0", MAX_REACTIONS - 1), Changed::TooMany);
        assert_eq!(put(&mut chat, "other", MAX_REACTIONS), Changed::TooMany);
        assert!(matches!(put(&mut chat, "other", 0), Changed::Done(_)));
        // Who takes one back has room for another.
        chat.alter("user0", "everyone", 1, unreact("r0"));
        assert!(matches!(put(&mut chat, "user0", MAX_REACTIONS - 1), Changed::Done(_)));
        let rest = MAX_REACTIONS_IN_ALL - MAX_REACTIONS - 1;
        for who in 0..rest {
            let change = chat.change(&format!("one{who}"), "everyone", 1, react("r1"));
            chat.submit(Job::Change(change));
        }
        for _ in 0..rest {
            assert!(matches!(chat.report(), Report::Changed(Revision { outcome: Some(Changed::Done(_)), .. })));
        }
        assert_eq!(put(&mut chat, "last", 1), Changed::TooMany);
    });
}

#[test]
fn a_client_that_was_away_learns_what_has_changed_in_the_order_of_the_changes() {
    both(|mut chat| {
        chat.join("ben", "#ops");
        for number in 0..4 {
            chat.say("ann", "everyone", &format!("message {number}"));
        }
        chat.say("ann", "#ops", "in ops");
        chat.say("ann", "ben", "for ben");
        let first = chat.next_number();
        chat.alter("ann", "everyone", 3, edit("third"));
        chat.alter("cem", "everyone", 1, react("+1"));
        chat.alter("ann", "everyone", 2, Alteration::Retract);
        chat.alter("ann", "#ops", 5, edit("in ops, edited"));
        chat.alter("ann", "ben", 6, edit("for ben, edited"));
        chat.delete("mod", "everyone", 4);
        let changes = chat.changes("ben", "everyone", first);
        let third = "3 ann: third (edited)";
        let rest = ["2 ann in everyone, deleted by ann", "4 ann in everyone, deleted by mod", "end"];
        assert_eq!(changes, [&[third, "1 ann: message 0", "1 1+1"][..], &rest].concat());
        assert_eq!(chat.changes("ben", "#ops", 0), ["5 ann in #ops: in ops, edited (edited)", "end"]);
        assert_eq!(chat.changes("ben", "ann", 0), ["6 ann to ben: for ben, edited (edited)", "end"]);
        // Each message once, as it is now, at its last change.
        chat.alter("ann", "everyone", 3, edit("third again"));
        assert_eq!(chat.changes("ben", "everyone", first).last().map(String::as_str), Some("end"));
        assert_eq!(chat.changes("ben", "everyone", first)[3], "3 ann: third again (edited)");
        // A page of it goes on at its last change.
        let span = Span { limit: 2, ..Span::since(MessageId(0)) };
        let page = chat.ask("ben", What::Changes { with: with("everyone"), span });
        assert_eq!(page, ["1 ann: message 0", "1 1+1", rest[0], "end more"]);
        // Nobody learns of what they may not see.
        for (user, place) in [("cem", "#ops"), ("cem", "ann"), ("cem", "ben")] {
            assert_eq!(chat.changes(user, place, 0), ["end"], "{user} {place}");
        }
    });
}

#[test]
fn numbers_of_changes_are_not_given_again_after_a_restart() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    chat.say("ann", "everyone", "hello");
    let change = chat.change("ben", "everyone", 1, react("+1"));
    let number = change.number;
    assert!(matches!(chat.changed(change), Changed::Done(_)));
    chat.close();
    assert_eq!(Chat::open(folder.path()).opening.last_id, number);
}

#[test]
fn what_was_said_under_a_name_before_it_changed_hands_is_not_the_new_holders() {
    both(|mut chat| {
        chat.say("ann", "everyone", "before");
        chat.say("ann", "ben", "before, for ben");
        chat.say("ben", "ann", "before, for ann");
        chat.alter("ann", "everyone", 1, react("+1"));
        let proofs = vec![Proof { identity: Identity::Uid(7), login: None, since: Timestamp(5) }];
        let own = Update::Own(Owner { name: name("ann"), since: Timestamp(5), proofs });
        chat.submit(Job::Promise(vec![own]));
        assert_eq!(chat.report(), Report::Promised(Ok(())));
        for how in [edit("forged"), Alteration::Retract] {
            let change = chat.change("ann", "everyone", 1, how.clone());
            assert_eq!(chat.changed(change), Changed::NotYours);
            let change = chat.change("ann", "ben", 2, how);
            assert_eq!(chat.changed(change), Changed::NotThere);
        }
        let change = chat.change("ann", "ben", 3, react("+1"));
        assert_eq!(chat.changed(change), Changed::NotThere);
        assert_eq!(chat.answer_to(2, "ann", "ben", "what?"), Outcome::NoSuchMessage);
        // The reaction stays that of the former holder.
        assert_eq!(chat.page("ann", "everyone", Span::default())[1], "1 1+1");
        // The one at the other end still has it all, and tells nobody of a change.
        assert!(!chat.alter("ben", "ann", 3, edit("for whoever was ann")).present);
        assert_eq!(chat.changes("ann", "ben", 0), ["end"]);
    });
}

#[test]
fn a_change_that_cannot_be_written_does_not_happen() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    chat.say("ann", "everyone", "as it was");
    chat.alter("ben", "everyone", 1, react("+1"));
    chat.indexed();
    let conn = chat.sqlite();
    conn.execute_batch("BEGIN IMMEDIATE").unwrap();
    for how in [edit("not so"), Alteration::Retract, react("x"), unreact("+1")] {
        let change = chat.change("ann", "everyone", 1, how);
        assert_eq!(chat.changed(change), Changed::Unavailable);
    }
    conn.execute_batch("ROLLBACK").unwrap();
    for restart in [false, true] {
        assert_eq!(chat.page("ben", "everyone", Span::default()), ["1 ann: as it was", "1 1!+1", "end"]);
        assert_eq!(chat.find("ben", "was").len(), 2);
        if !restart {
            chat.reopen();
        }
    }
}

#[test]
fn nobody_can_alter_what_a_change_left_in_the_file() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    chat.say("ann", "everyone", "first");
    chat.answer_to(1, "ann", "everyone", "second");
    chat.alter("ann", "everyone", 2, edit("second, edited"));
    chat.alter("ben", "everyone", 2, react("+1"));
    let conn = chat.sqlite();
    for alter in
        ["reply = NULL", "reply = 2", "edited = NULL", "edited = edited + 1", "changed = changed + 1", "body = 'x'"]
    {
        conn.execute_batch("SAVEPOINT altered").unwrap();
        let before: (Option<i64>, Option<i64>, i64, String) = conn
            .query_row("SELECT reply, edited, changed, body FROM message WHERE id = 2", [], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
            })
            .unwrap();
        conn.execute(&format!("UPDATE message SET {alter} WHERE id = 2"), []).unwrap();
        conn.execute_batch("RELEASE altered").unwrap();
        let page = chat.answer("ben", What::Page { with: with("everyone"), span: Span::default() });
        assert_eq!(page.damaged, [MessageId(2)], "{alter}");
        conn.execute("UPDATE message SET reply = ?1, edited = ?2, changed = ?3, body = ?4 WHERE id = 2", before)
            .unwrap();
    }
    // A reaction that nobody made is not counted.
    conn.execute("INSERT INTO reaction SELECT message, user + 1, text, number, sum FROM reaction", []).unwrap();
    assert_eq!(chat.page("ben", "everyone", Span::default())[2], "2 1!+1");
}

#[test]
fn reactions_go_with_their_messages() {
    let folder = Folder::new();
    let mut chat = Chat::open(folder.path());
    chat.join("ann", "#ops");
    let (room, _) = crate::chat::room("#ops");
    chat.say("ann", "everyone", "stays");
    chat.say("ann", "everyone", "goes");
    chat.say("ann", "#ops", "goes with the room");
    for (id, within) in [(1, "everyone"), (2, "everyone"), (3, "#ops")] {
        chat.alter("ann", within, id, react("+1"));
    }
    chat.alter("ann", "everyone", 2, Alteration::Retract);
    chat.submit(Job::Promise(vec![Update::EndRoom(room)]));
    assert_eq!(chat.report(), Report::Promised(Ok(())));
    let conn = chat.sqlite();
    wait_for(|| {
        conn.query_row("SELECT group_concat(message) FROM reaction", [], |row| row.get::<_, String>(0)).unwrap() == "1"
    });
}
