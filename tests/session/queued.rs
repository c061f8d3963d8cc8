//! Messages that wait to be sent are picked, edited and withdrawn like others; each is still sent once, under its label.

use expect_test::{Expect, expect};

use crate::script::play;

const JOIN: &str = "connected 2.26
    server server | client | name | TR2.26 accepted presence ping history read search reply edit react
    server server | alice | connection_confirmation | hi
";

/// A session that has lost its connection, and what is written then.
fn check(steps: &str, expected: Expect) {
    let script = format!("start name=alice\nsize 80x14\n{JOIN}lost the line broke\n{steps}");
    let whole = play(&script.replace("JOIN", JOIN));
    let (_, rest) = whole.split_once("lost the line broke\n").unwrap();
    expected.assert_eq(rest);
}

#[test]
fn a_message_that_waits_is_picked_and_edited_and_keeps_its_place_and_label() {
    check(
        "say one
         say two
         key Ctrl-Up
         key Up
         screen
         key e
         type !
         screen
         key Enter
         screen
         +1s
         JOIN",
        expect![[r#"
            say one
                Dial(tcp://localhost:1234)
            say two
            key Ctrl-Up
            key Up
            *1 everyone     │ everyone
                            │
                            │
             1 Echo         │
             2 List clients │
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │
             6 Close server │
             7 Search       │ ─────────────────────────────────────── Sunday 22 November ──
             8 Rooms        │>12:00       you  one queued
             9 Moderate     │                  two queued
             0 Call         │ >
             ○ alice  reconnecting…                           e edit  d delete  c copy  Esc
            key e
            *1 everyone     │ everyone
                            │
                            │
             1 Echo         │
             2 List clients │
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │
             6 Close server │ ─────────────────────────────────────── Sunday 22 November ──
             7 Search       │ 12:00       you  one queued
             8 Rooms        │                  two queued
             9 Moderate     │ editing your message · Esc cancels
             0 Call         │ > one!_
             ○ alice  reconnecting…                         Ctrl-K go  Ctrl-F find  F1 keys
            key Enter
            *1 everyone     │ everyone
                            │
                            │
             1 Echo         │
             2 List clients │
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │
             6 Close server │
             7 Search       │ ─────────────────────────────────────── Sunday 22 November ──
             8 Rooms        │ 12:00       you  one! queued
             9 Moderate     │                  two queued
             0 Call         │ > _
             ○ alice  reconnecting…                         Ctrl-K go  Ctrl-F find  F1 keys
            +1s
            connected 2.26
            server server | client | name | TR2.26 accepted presence ping history read search reply edit react
                send alice | server | capabilities | reply edit react
                send @ref=5-0008 alice | server | name | alice
            server server | alice | connection_confirmation | hi
                send @ref=5-0009 alice | server | list_clients | no data
                send alice | server | ping | a
                send @ref=5-0006 alice | all clients | broadcast_not_me | one!
                send @ref=5-0007 alice | all clients | broadcast_not_me | two
                send @ref=5-000b alice | server | conversations | no data
                send @ref=5-000c alice | all clients | history | limit=100
        "#]],
    );
}

#[test]
fn a_message_that_waits_is_withdrawn_after_a_question() {
    check(
        "say one
         say two
         key Ctrl-Up
         key d
         screen
         key Enter
         key d
         key Left
         key Enter
         screen
         key Ctrl-Y
         status
         +1s
         JOIN",
        expect![[r#"
            say one
                Dial(tcp://localhost:1234)
            say two
            key Ctrl-Up
            key d
            *1 everyone     │ everyone
                            │
                            │
             1 Echo         │ ┌ Withdraw ────────────────────────────────────────────────┐
             2 List clients │ │ Withdraw your message? It was not sent yet.              │
             3 Private mes… │ │ › two                                                    │
             4 Broadcast    │ │ [Withdraw] <Keep>                                        │
             5 Exit         │ └──────────────────────────────────────────────────────────┘
             6 Close server │
             7 Search       │ ─────────────────────────────────────── Sunday 22 November ──
             8 Rooms        │ 12:00       you  one queued
             9 Moderate     │>                 two queued
             0 Call         │ >
             ○ alice  reconnecting…                         Ctrl-K go  Ctrl-F find  F1 keys
            key Enter
            key d
            key Left
            key Enter
            *1 everyone     │ everyone
                            │
                            │
             1 Echo         │
             2 List clients │
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │
             6 Close server │
             7 Search       │
             8 Rooms        │ ─────────────────────────────────────── Sunday 22 November ──
             9 Moderate     │ 12:00       you  one queued
             0 Call         │ > _
             ○ alice  reconnecting…  Withdrawn; Ctrl-Y brings back what you wrote.
            key Ctrl-Y
              [○ alice  reconnecting…  Withdrawn; Ctrl-Y brings back what you wrote.|]
            +1s
            connected 2.26
            server server | client | name | TR2.26 accepted presence ping history read search reply edit react
                send alice | server | capabilities | reply edit react
                send @ref=5-0008 alice | server | name | alice
            server server | alice | connection_confirmation | hi
                send @ref=5-0009 alice | server | list_clients | no data
                send alice | server | ping | a
                send @ref=5-0006 alice | all clients | broadcast_not_me | one
                send @ref=5-000b alice | server | conversations | no data
                send @ref=5-000c alice | all clients | history | limit=100
        "#]],
    );
}

#[test]
fn an_edit_that_is_given_up_leaves_the_message_as_it_was_and_one_without_text_says_so() {
    check(
        "say one
         key Ctrl-Up
         key e
         type !
         key Esc
         key Ctrl-Up
         key e
         key Ctrl-U
         key Enter
         status
         key Esc
         +1s
         JOIN",
        expect![[r#"
            say one
                Dial(tcp://localhost:1234)
            key Ctrl-Up
            key e
            key Esc
            key Ctrl-Up
            key e
            key Ctrl-U
            key Enter
              [○ alice  reconnecting…  An edited message needs a text; /delete deletes it.|]
            key Esc
            +1s
            connected 2.26
            server server | client | name | TR2.26 accepted presence ping history read search reply edit react
                send alice | server | capabilities | reply edit react
                send @ref=5-0007 alice | server | name | alice
            server server | alice | connection_confirmation | hi
                send @ref=5-0008 alice | server | list_clients | no data
                send alice | server | ping | 9
                send @ref=5-0006 alice | all clients | broadcast_not_me | one
                send @ref=5-000a alice | server | conversations | no data
                send @ref=5-000b alice | all clients | history | limit=100
        "#]],
    );
}

#[test]
fn what_needs_a_number_waits_for_it() {
    check(
        "say see https://a.org
         key Ctrl-Up
         status
         key r
         status
         key +
         status
         key Enter
         status
         key c
         key o",
        expect![[r#"
            say see https://a.org
                Dial(tcp://localhost:1234)
            key Ctrl-Up
              [○ alice  reconnecting…|e edit  d delete  c copy  o open  Esc]
            key r
              [○ alice  reconnecting…  This message is not accepted yet; try again once it is.|]
            key +
              [○ alice  reconnecting…  This message is not accepted yet; try again once it is.|]
            key Enter
              [○ alice  reconnecting…  This message answers no other.|]
            key c
                Copy("see https://a.org")
            key o
                Copy("https://a.org")
        "#]],
    );
}

#[test]
fn a_message_that_a_server_may_have_is_left_alone_until_it_is_accepted() {
    check(
        "+1s
         JOIN
         say one
         lost the line broke
         key Ctrl-Up
         status
         key e
         status
         key d
         status",
        expect![[r#"
            +1s
                Dial(tcp://localhost:1234)
            connected 2.26
            server server | client | name | TR2.26 accepted presence ping history read search reply edit react
                send alice | server | capabilities | reply edit react
                send @ref=5-0006 alice | server | name | alice
            server server | alice | connection_confirmation | hi
                send @ref=5-0007 alice | server | list_clients | no data
                send alice | server | ping | 8
                send @ref=5-0009 alice | server | conversations | no data
                send @ref=5-000a alice | all clients | history | limit=100
            say one
                send @ref=5-000b alice | all clients | broadcast_not_me | one
            lost the line broke
            key Ctrl-Up
              [○ alice  reconnecting in 1 s · /reconnect at once|c copy  Esc]
            key e
              [○ alice  This message is not accepted yet; try again once it is.|]
            key d
              [○ alice  This message is not accepted yet; try again once it is.|]
        "#]],
    );
}

#[test]
fn the_pick_and_the_edit_go_on_when_the_message_is_accepted() {
    check(
        "say one
         say two
         key Ctrl-Up
         key e
         type !
         +1s
         JOIN
         key Enter
         status
         server @ref=5-0006;id=1;time=2026-11-22T12:00:02Z server | alice | accepted
         server @ref=5-0007;id=2;time=2026-11-22T12:00:02Z server | alice | accepted
         key Enter
         server @ref=5-000d;id=2;time=2026-11-22T12:00:03Z;change=3 alice | all clients | edited | two!
         lost the line broke
         say three
         key Ctrl-Up
         +2s
         JOIN
         server @ref=5-000e;id=4;time=2026-11-22T12:00:05Z server | alice | accepted
         screen
         key c",
        expect![[r#"
            say one
                Dial(tcp://localhost:1234)
            say two
            key Ctrl-Up
            key e
            +1s
            connected 2.26
            server server | client | name | TR2.26 accepted presence ping history read search reply edit react
                send alice | server | capabilities | reply edit react
                send @ref=5-0008 alice | server | name | alice
            server server | alice | connection_confirmation | hi
                send @ref=5-0009 alice | server | list_clients | no data
                send alice | server | ping | a
                send @ref=5-0006 alice | all clients | broadcast_not_me | one
                send @ref=5-0007 alice | all clients | broadcast_not_me | two
                send @ref=5-000b alice | server | conversations | no data
                send @ref=5-000c alice | all clients | history | limit=100
            key Enter
              [● alice  This message is no longer queued; try again once it is accepted.|]
            server @ref=5-0006;id=1;time=2026-11-22T12:00:02Z server | alice | accepted
            server @ref=5-0007;id=2;time=2026-11-22T12:00:02Z server | alice | accepted
            key Enter
                send @ref=5-000d alice | all clients | edit | 2 two!
            server @ref=5-000d;id=2;time=2026-11-22T12:00:03Z;change=3 alice | all clients | edited | two!
            lost the line broke
            say three
                Dial(tcp://localhost:1234)
            key Ctrl-Up
            +2s
            connected 2.26
            server server | client | name | TR2.26 accepted presence ping history read search reply edit react
                send alice | server | capabilities | reply edit react
                send @ref=5-000f alice | server | name | alice
            server server | alice | connection_confirmation | hi
                send @ref=5-0010 alice | server | list_clients | no data
                send alice | server | ping | 11
                send @ref=5-000e alice | all clients | broadcast_not_me | three
                send @ref=5-0012 alice | server | conversations | no data
                send @ref=5-0013 alice | all clients | history | limit=100
            server @ref=5-000e;id=4;time=2026-11-22T12:00:05Z server | alice | accepted
            *1 everyone     │ everyone                                             0 people
                            │
                            │
             1 Echo         │
             2 List clients │
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │
             6 Close server │ ─────────────────────────────────────── Sunday 22 November ──
             7 Search       │ 12:00       you  one
             8 Rooms        │                  two! edited
             9 Moderate     │>                 three
             0 Call         │ >
             ● alice  Online again.
            key c
                Copy("three")
        "#]],
    );
}

#[test]
fn what_was_sent_meanwhile_is_not_withdrawn() {
    check(
        "say one
         key Ctrl-Up
         key d
         +1s
         JOIN
         key Left
         key Enter
         status",
        expect![[r#"
            say one
                Dial(tcp://localhost:1234)
            key Ctrl-Up
            key d
            +1s
            connected 2.26
            server server | client | name | TR2.26 accepted presence ping history read search reply edit react
                send alice | server | capabilities | reply edit react
                send @ref=5-0007 alice | server | name | alice
            server server | alice | connection_confirmation | hi
                send @ref=5-0008 alice | server | list_clients | no data
                send alice | server | ping | 9
                send @ref=5-0006 alice | all clients | broadcast_not_me | one
                send @ref=5-000a alice | server | conversations | no data
                send @ref=5-000b alice | all clients | history | limit=100
            key Left
            key Enter
              [● alice  This message is no longer queued; try again once it is accepted.|]
        "#]],
    );
}

#[test]
fn a_click_picks_a_message_that_waits() {
    check(
        "say one
         click 40 11
         status
         click 40 11
         status",
        expect![[r#"
            say one
                Dial(tcp://localhost:1234)
            click 40 11
              [○ alice  reconnecting…  Connection lost. Reconnecting… the line broke.|]
            click 40 11
              [○ alice  reconnecting…  Connection lost. Reconnecting… the line broke.|]
        "#]],
    );
}
