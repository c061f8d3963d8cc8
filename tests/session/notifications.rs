//! What calls the person: mentions, private messages, rules of conversations, and whether anybody looks.

use expect_test::expect;

use crate::check;
use crate::script::play;

/// How often a message rings and notifies, given steps before it.
fn calls(start: &str, before: &[&str], message: &str) -> (usize, usize) {
    let mut script = format!("start name=alice file=/c/j {start}\nsize 80x24\nrooms bob\n");
    for step in before {
        script += &format!("{step}\n");
    }
    script += "status\n";
    script += &format!("server @id=9;time=2026-11-22T12:01:00Z {message}\n");
    let written = play(&script);
    let rest = written.rsplit("  [").next().unwrap();
    (rest.matches("    Bell").count(), rest.matches("    Notify").count())
}

const EVERYONE: &str = "bob | all clients | broadcast_not_me | hello";
const MENTION: &str = "bob | all clients | broadcast_not_me | hello @Alice!";
const WORD: &str = "bob | all clients | broadcast_not_me | web3 is down";
const PRIVATE: &str = "bob | alice | private_message | psst";

#[test]
fn the_rules_say_what_rings_and_notifies() {
    let cases: &[(&str, [bool; 4])] = &[
        // everyone, mention, own word, private
        ("", [false, true, false, true]),
        ("words=web3", [false, true, true, true]),
        ("notify=all", [true, true, true, true]),
        ("notify=nothing words=web3", [false, false, false, false]),
        ("conversations.everyone=all", [true, true, true, true]),
        ("conversations.everyone=nothing words=web3", [false, false, false, true]),
        ("notify=nothing conversations.everyone=mentions", [false, true, false, false]),
        ("notify=nothing conversations.BOB=mentions", [false, false, false, true]),
        ("conversations.bob=nothing", [false, true, false, false]),
    ];
    for (start, expected) in cases {
        for (message, expected) in [EVERYONE, MENTION, WORD, PRIVATE].iter().zip(expected) {
            let count = usize::from(*expected);
            assert_eq!(calls(start, &[], message), (count, count), "{start}: {message}");
        }
    }
    assert_eq!(calls("bell=false", &[], PRIVATE), (0, 1), "without the bell");
    assert_eq!(calls("", &["say /dnd"], PRIVATE), (0, 0), "not to be disturbed");
    let own = "alice | all clients | broadcast | alice alice";
    assert_eq!(calls("notify=all", &[], own), (0, 0), "one's own");
    let to_bob = "alice | bob | private_message | from another session";
    assert_eq!(calls("notify=all", &[], to_bob), (0, 0), "one's own, from elsewhere");
    let ignored = ["server alice | all clients | ignored | bob", "say /ignore bob"];
    assert_eq!(
        calls("notify=all", &[ignored[1], "server @ref=5-0004 server | alice | ignored | bob"], PRIVATE),
        (0, 0)
    );
}

#[test]
fn what_is_in_view_calls_unless_the_terminal_has_the_focus() {
    let query = "say /query bob";
    let cases: &[(&[&str], usize)] = &[
        (&[query], 1),
        (&[query, "focus on"], 0),
        (&[query, "focus off"], 1),
        (&[query, "focus off", "focus on"], 0),
        (&[query, "focus on", "focus off"], 1),
        // Whoever types looks.
        (&[query, "focus on", "focus off", "key x"], 0),
        (&[query, "focus on", "focus off", "paste x"], 0),
        // The focus helps only for what is in view.
        (&["focus on"], 1),
    ];
    for (before, expected) in cases {
        assert_eq!(calls("", before, PRIVATE), (*expected, *expected), "{before:?}");
    }
}

#[test]
fn what_comes_while_nobody_looks_is_new() {
    check(
        "
        start name=alice
        size 60x14
        back bob
        server @ref=5-0004;batch=c server | alice | conversations_end
        server @ref=5-0005;batch=h server | alice | history_end
        focus on
        server @id=1;time=2026-11-22T12:00:00Z bob | all clients | broadcast_not_me | seen
        +5s
        focus off
        server @id=2;time=2026-11-22T12:01:00Z bob | all clients | broadcast_not_me | unseen
        server @id=3;time=2026-11-22T12:01:00Z bob | all clients | broadcast_not_me | alice?
        +5s
        screen
        focus on
        +5s
        screen
        focus off
        server @id=4;time=2026-11-22T12:02:00Z bob | all clients | broadcast_not_me | and again
        focus on
        screen
        ",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 60x14
            server @ref=5-0004;batch=c server | alice | conversations_end
            server @ref=5-0005;batch=h server | alice | history_end
            focus on
            server @id=1;time=2026-11-22T12:00:00Z bob | all clients | broadcast_not_me | seen
                send @ref=5-0006 alice | all clients | read | 1
            +5s
            focus off
            server @id=2;time=2026-11-22T12:01:00Z bob | all clients | broadcast_not_me | unseen
                Title("tr2 (1)")
            server @id=3;time=2026-11-22T12:01:00Z bob | all clients | broadcast_not_me | alice?
                Bell
                Notify { title: "~bob in everyone", body: "alice?" }
                Title("tr2 (2 @1)")
            +5s
            *1 everyone  @1 │ everyone                         2 people
                            │
                            │
             1 Echo         │
             2 List clients │
             3 Private mes… │
             4 Broadcast    │ ─── the beginning of this conversation ──
             5 Exit         │ ─────────────────── Sunday 22 November ──
             6 Close server │ 12:00 ~bob seen
             7 Search       │ ── 2 new ────────────────────────────────
             8 Rooms        │ 12:01 ~bob unseen
             9 Moderate     │▌      alice?
             0 Call         │ > _
             ● alice   1 everyone @1    Ctrl-K go  Ctrl-F find  F1 keys
            focus on
                send @ref=5-0007 alice | all clients | read | 3
                Title("tr2")
            +5s
            *1 everyone     │ everyone                         2 people
                            │
                            │
             1 Echo         │
             2 List clients │
             3 Private mes… │
             4 Broadcast    │ ─── the beginning of this conversation ──
             5 Exit         │ ─────────────────── Sunday 22 November ──
             6 Close server │ 12:00 ~bob seen
             7 Search       │ ── 2 new ────────────────────────────────
             8 Rooms        │ 12:01 ~bob unseen
             9 Moderate     │▌      alice?
             0 Call         │ > _
             ● alice                    Ctrl-K go  Ctrl-F find  F1 keys
            focus off
            server @id=4;time=2026-11-22T12:02:00Z bob | all clients | broadcast_not_me | and again
                Title("tr2 (1)")
            focus on
                send @ref=5-0008 alice | all clients | read | 4
                Title("tr2")
            *1 everyone     │ everyone                         2 people
                            │
                            │
             1 Echo         │
             2 List clients │
             3 Private mes… │ ─── the beginning of this conversation ──
             4 Broadcast    │ ─────────────────── Sunday 22 November ──
             5 Exit         │ 12:00 ~bob seen
             6 Close server │ 12:01 unseen
             7 Search       │▌      alice?
             8 Rooms        │ ── 1 new ────────────────────────────────
             9 Moderate     │ 12:02 ~bob and again
             0 Call         │ > _
             ● alice                    Ctrl-K go  Ctrl-F find  F1 keys
        "#]],
    );
}

#[test]
fn a_notification_says_who_and_where_and_what() {
    check(
        "
        start name=alice file=/c/j
        size 80x24
        rooms bob
        server server | alice | room | #ops 2 member open
        server @id=1;verified=1;time=2026-11-22T12:01:00Z bob | alice | private_message | psst
        server @id=2;time=2026-11-22T12:01:00Z bob | all clients | broadcast_not_me | alice:\\n\\ttwo lines
        +3s
        say /set notify_content false
        server @id=3;time=2026-11-22T12:01:00Z bob | alice | private_message | psst
        server @id=4;time=2026-11-22T12:01:00Z bob | all clients | broadcast_not_me | alice
        +3s
        say /notify all
        server @id=5;time=2026-11-22T12:01:00Z bob | all clients | broadcast_not_me | hello
        ",
        expect![[r#"
            start name=alice file=/c/j
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x24
            server server | alice | room | #ops 2 member open
            server @id=1;verified=1;time=2026-11-22T12:01:00Z bob | alice | private_message | psst
                Bell
                Notify { title: "bob", body: "psst" }
                Title("tr2 (1)")
            server @id=2;time=2026-11-22T12:01:00Z bob | all clients | broadcast_not_me | alice:\n\ttwo lines
                Notify { title: "~bob in everyone", body: "alice: \\ttwo lines" }
            +3s
            say /set notify_content false
                SaveSetting { key: "notify_content", value: Some("false") }
            server @id=3;time=2026-11-22T12:01:00Z bob | alice | private_message | psst
                Bell
                Notify { title: "~bob", body: "A private message" }
                Title("tr2 (2)")
            server @id=4;time=2026-11-22T12:01:00Z bob | all clients | broadcast_not_me | alice
                Notify { title: "~bob in everyone", body: "A message that mentions you" }
            +3s
            say /notify all
                SaveSetting { key: "conversations.everyone", value: Some("\"all\"") }
            server @id=5;time=2026-11-22T12:01:00Z bob | all clients | broadcast_not_me | hello
                Bell
                Notify { title: "~bob in everyone", body: "A message" }
        "#]],
    );
    let long = "x".repeat(2000);
    let written = play(&format!(
        "start name=alice\nsize 80x24\nonline bob\nserver @id=1 bob | alice | private_message | {long}\n"
    ));
    let body = written.split("body: \"").nth(1).unwrap().split('"').next().unwrap();
    assert_eq!(body.len(), 240, "a notification is short");
}

#[test]
fn a_flood_rings_and_notifies_no_more_than_it_should() {
    let mut script = "start name=alice notify=all\nsize 80x24\nonline bob\n".to_owned();
    for id in 1..=20 {
        script += &format!("server @id={id} bob | all clients | broadcast_not_me | {id}\n+100ms\n");
    }
    let written = play(&script);
    assert_eq!((written.matches("Bell").count(), written.matches("Notify").count()), (1, 1), "{written}");
    script += "server @id=21 bob | all clients | broadcast_not_me | after two seconds\n";
    let written = play(&script);
    assert_eq!((written.matches("Bell").count(), written.matches("Notify").count()), (2, 2), "{written}");
    // Two people are two conversations: both notify, and the bell rings once.
    let two = "start name=alice\nsize 80x24\nonline bob\nserver @id=1 bob | alice | private_message | a\n\
               server @id=2 carol | alice | private_message | b\n";
    let written = play(two);
    assert_eq!((written.matches("Bell").count(), written.matches("Notify").count()), (1, 2), "{written}");
    // However many they are.
    let mut crowd = "start name=alice\nsize 80x24\nonline bob\n".to_owned();
    for id in 1..=60 {
        crowd += &format!("server @id={id} user{id} | alice | private_message | a\n");
    }
    assert_eq!(play(&crowd).matches("Notify").count(), tr2::client::chat::notify::MAX_TOLD);
}

#[test]
fn notify_shows_and_changes_the_rule_of_the_conversation_in_view() {
    check(
        "
        start name=alice file=/c/j
        size 60x6
        online bob
        say /notify
        screen
        say /notify all
        kept conversations.everyone
        screen
        say /query bob
        say /notify nothing
        server @id=1 bob | alice | private_message | psst
        say /notify
        screen
        say /notify -
        kept conversations.bob
        +3s
        server @id=2 bob | alice | private_message | psst
        say /notify sometimes
        screen
        ",
        expect![[r#"
            start name=alice file=/c/j
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 60x6
            say /notify
             You are in everyone: all who are online read what you
             write here.
            ──────────────────────────────────────────────── Esc closes
             Notifications of everyone: mentions, as everywhere.
             > _
             ● alice                    Ctrl-K go  Ctrl-F find  F1 keys
            say /notify all
                SaveSetting { key: "conversations.everyone", value: Some("\"all\"") }
            kept conversations.everyone
             You are in everyone: all who are online read what you
             write here.
            ──────────────────────────────────────────────── Esc closes
             conversations.everyone = all, written to /c/join.toml.
             > _
             ● alice                    Ctrl-K go  Ctrl-F find  F1 keys
            say /query bob
            say /notify nothing
                SaveSetting { key: "conversations.bob", value: Some("\"nothing\"") }
            server @id=1 bob | alice | private_message | psst
            say /notify
             ──────────────────────────────────── Sunday 22 November ──
             12:00      ~bob  psst
            ──────────────────────────────────────────────── Esc closes
             Notifications of bob: nothing. /notify - resets it.
             bob> _
             ● alice  bob               Ctrl-K go  Ctrl-F find  F1 keys
            say /notify -
                SaveSetting { key: "conversations.bob", value: None }
            kept conversations.bob
            +3s
            server @id=2 bob | alice | private_message | psst
                Bell
                Notify { title: "~bob", body: "psst" }
            say /notify sometimes
             12:00      ~bob  psst
                              psst
            ──────────────────────────────────────────────── Esc closes
             conversations.bob: must be all, mentions or nothing
             bob> _
             ● alice  bob               Ctrl-K go  Ctrl-F find  F1 keys
        "#]],
    );
}

#[test]
fn the_mouse_is_taken_at_the_start_and_when_that_changes() {
    check(
        "
        start name=alice mouse=true
        start plain name=alice mouse=true
        start name=alice mouse=false
        ",
        expect![[r#"
            start name=alice mouse=true
                Mouse(true)
                Dial(tcp://localhost:1234)
                Title("tr2")
            start plain name=alice mouse=true
                Dial(tcp://localhost:1234)
            start name=alice mouse=false
                Dial(tcp://localhost:1234)
                Title("tr2")
        "#]],
    );
}

#[test]
fn nobody_is_marked_where_the_server_verifies_nobody() {
    check(
        "
        start name=alice
        size 80x24
        connected 2.23
        server server | client | name | no data
        server server | alice | connection_confirmation | You are now connected
        server server | alice | list_clients | clients connected: bob ,alice
        server bob | alice | private_message | psst
        ",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x24
            connected 2.23
            server server | client | name | no data
                send @ref=5-0001 alice | server | name | alice
            server server | alice | connection_confirmation | You are now connected
                send @ref=5-0002 alice | server | list_clients | no data
            server server | alice | list_clients | clients connected: bob ,alice
            server bob | alice | private_message | psst
                Bell
                Notify { title: "bob", body: "psst" }
                Title("tr2 (1)")
        "#]],
    );
}
