//! Messages that were not sent are picked like others: edited, sent again or withdrawn, also by the commands that change
//! the last message.

use expect_test::{Expect, expect};

use crate::script::play;

const JOIN: &str = "start name=alice
    size 80x14
    connected 2.26
    server server | client | name | TR2.26 accepted presence ping history read search reply edit react
    server server | alice | connection_confirmation | hi
    server @id=1;time=2026-11-22T12:00:00Z bob | all clients | broadcast_not_me | a question
";

/// A message that the server has refused, after an answer to bob that it has accepted.
const REFUSED: &str = "say /reply fine
    server @ref=5-0006;id=2;time=2026-11-22T12:00:01Z server | alice | accepted
    say may I?
    server @ref=5-0007 server | alice | refused | muted You are muted.
    key Esc
";

/// What happens after a message was refused.
fn check(steps: &str, expected: Expect) {
    let whole = play(&format!("{JOIN}{REFUSED}key Esc\n{steps}"));
    let (_, rest) = whole.split_once("key Esc\nkey Esc\n").unwrap();
    expected.assert_eq(rest);
}

#[test]
fn a_message_that_was_not_sent_is_picked_and_sent_again() {
    check(
        "key Ctrl-Up
         screen
         key r
         status
         key +
         status
         key s
         screen
         key s
         server @ref=5-0008;id=3;time=2026-11-22T12:00:02Z server | alice | accepted
         key Ctrl-Up
         key s
         status",
        expect![[r#"
            key Ctrl-Up
            *1 everyone     │ everyone                                             0 people
                            │
                            │
             1 Echo         │
             2 List clients │
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │ ─────────────────────────────────────── Sunday 22 November ──
             6 Close server │ 12:00      ~bob  a question
             7 Search       │             you  › bob: a question
             8 Rooms        │                  fine
             9 Moderate     │>                 may I? not sent
             0 Call         │ >
             ● alice                                  s send  e edit  d delete  c copy  Esc
            key r
              [● alice  This message was not sent; s sends it again.|]
            key +
              [● alice  This message was not sent; s sends it again.|]
            key s
                send @ref=5-0008 alice | all clients | broadcast_not_me | may I?
            *1 everyone     │ everyone                                             0 people
                            │
                            │
             1 Echo         │
             2 List clients │
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │ ─────────────────────────────────────── Sunday 22 November ──
             6 Close server │ 12:00      ~bob  a question
             7 Search       │             you  › bob: a question
             8 Rooms        │                  fine
             9 Moderate     │                  may I? ◌
             0 Call         │ > _
             ● alice  This message was not sent; s sends it again.
            key s
            server @ref=5-0008;id=3;time=2026-11-22T12:00:02Z server | alice | accepted
            key Ctrl-Up
            key s
              [● alice  Only a message marked "not sent" can be sent again.|]
        "#]],
    );
}

#[test]
fn edited_it_is_sent_anew_and_keeps_what_it_answers() {
    check(
        "key Ctrl-Up
         key e
         key Enter
         server @ref=5-0008 server | alice | refused | muted You are muted.
         key Esc
         key Ctrl-Up
         key e
         type  please
         key Enter
         screen
         key Ctrl-Up
         key Up
         key Up
         key r
         say answered
         server @ref=5-000a server | alice | refused | muted You are muted.
         key Ctrl-Up
         key e
         type !
         key Enter",
        expect![[r#"
            key Ctrl-Up
            key e
            key Enter
                send @ref=5-0008 alice | all clients | broadcast_not_me | may I?
            server @ref=5-0008 server | alice | refused | muted You are muted.
            key Esc
            key Ctrl-Up
            key e
            key Enter
                send @ref=5-0009 alice | all clients | broadcast_not_me | may I? please
            *1 everyone     │ everyone                                             0 people
                            │
                            │
             1 Echo         │
             2 List clients │
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │ ─────────────────────────────────────── Sunday 22 November ──
             6 Close server │ 12:00      ~bob  a question
             7 Search       │             you  › bob: a question
             8 Rooms        │                  fine
             9 Moderate     │                  may I? please ◌
             0 Call         │ > _
             ● alice                                        Ctrl-K go  Ctrl-F find  F1 keys
            key Ctrl-Up
            key Up
            key Up
            key r
            say answered
                send @ref=5-000a;reply=1 alice | all clients | broadcast_not_me | answered
            server @ref=5-000a server | alice | refused | muted You are muted.
            key Ctrl-Up
            key e
            key Enter
                send @ref=5-000b;reply=1 alice | all clients | broadcast_not_me | answered!
        "#]],
    );
}

#[test]
fn an_edit_that_empties_it_sends_nothing_and_one_that_is_given_up_leaves_it() {
    check(
        "key Ctrl-Up
         key e
         key Ctrl-U
         key Enter
         status
         key Esc
         screen",
        expect![[r#"
            key Ctrl-Up
            key e
            key Ctrl-U
            key Enter
              [● alice  An edited message needs a text; /delete deletes it.|]
            key Esc
            *1 everyone     │ everyone                                             0 people
                            │
                            │
             1 Echo         │
             2 List clients │
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │ ─────────────────────────────────────── Sunday 22 November ──
             6 Close server │ 12:00      ~bob  a question
             7 Search       │             you  › bob: a question
             8 Rooms        │                  fine
             9 Moderate     │                  may I? not sent
             0 Call         │ > _
             ● alice  An edited message needs a text; /delete deletes it.
        "#]],
    );
}

#[test]
fn it_is_withdrawn_after_a_question() {
    check(
        "key Ctrl-Up
         key d
         screen
         key Left
         key Enter
         screen
         key Ctrl-Y
         screen",
        expect![[r#"
            key Ctrl-Up
            key d
            *1 everyone     │ everyone                                             0 people
                            │
                            │
             1 Echo         │ ┌ Withdraw ────────────────────────────────────────────────┐
             2 List clients │ │ Withdraw your message? It was not sent.                  │
             3 Private mes… │ │ › may I?                                                 │
             4 Broadcast    │ │ [Withdraw] <Keep>                                        │
             5 Exit         │ └──────────────────────────────────────────────────────────┘─
             6 Close server │ 12:00      ~bob  a question
             7 Search       │             you  › bob: a question
             8 Rooms        │                  fine
             9 Moderate     │>                 may I? not sent
             0 Call         │ >
             ● alice                                        Ctrl-K go  Ctrl-F find  F1 keys
            key Left
            key Enter
            *1 everyone     │ everyone                                             0 people
                            │
                            │
             1 Echo         │
             2 List clients │
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │
             6 Close server │ ─────────────────────────────────────── Sunday 22 November ──
             7 Search       │ 12:00      ~bob  a question
             8 Rooms        │             you  › bob: a question
             9 Moderate     │                  fine
             0 Call         │ > _
             ● alice  Withdrawn; Ctrl-Y brings back what you wrote.
            key Ctrl-Y
            *1 everyone     │ everyone                                             0 people
                            │
                            │
             1 Echo         │
             2 List clients │
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │
             6 Close server │ ─────────────────────────────────────── Sunday 22 November ──
             7 Search       │ 12:00      ~bob  a question
             8 Rooms        │             you  › bob: a question
             9 Moderate     │                  fine
             0 Call         │ > may I?_
             ● alice  Withdrawn; Ctrl-Y brings back what you wrote.
        "#]],
    );
}

#[test]
fn offline_it_waits_to_be_sent_again_and_can_be_withdrawn() {
    check(
        "lost the line broke
         key Esc
         key Ctrl-Up
         key s
         status
         key d
         key Left
         key Enter
         status
         say /resend
         status",
        expect![[r#"
            lost the line broke
            key Esc
            key Ctrl-Up
            key s
              [○ alice  You are not online; marked messages can be resent once you are.|]
            key d
            key Left
            key Enter
              [○ alice  Withdrawn; Ctrl-Y brings back what you wrote.|]
            say /resend
                Dial(tcp://localhost:1234)
              [○ alice  You are not online; marked messages can be resent once you are.|]
        "#]],
    );
}

#[test]
fn what_may_have_arrived_says_so_before_it_is_withdrawn() {
    let whole = play(
        "start name=alice
         size 80x14
         connected 2.26
         server server | client | name | TR2.26 accepted presence ping
         server server | alice | connection_confirmation | hi
         say perhaps
         lost the line broke
         +1s
         connected 2.23
         server server | client | name | accepted
         server server | alice | connection_confirmation | hi
         key Esc
         key Ctrl-Up
         key d
         screen",
    );
    expect![[r#"
        key d
        *1 everyone     │ everyone                                             0 people
                        │
                        │
         1 Echo         │ ┌ Withdraw ────────────────────────────────────────────────┐
         2 List clients │ │ Withdraw your message here? It may have arrived all the  │
         3 Private mes… │ │ same.                                                    │
         4 Broadcast    │ │ › perhaps                                                │
         5 Exit         │ │ [Withdraw] <Keep>                                        │
         6 Close server │ └──────────────────────────────────────────────────────────┘
         7 Search       │
         8 Rooms        │ ─────────────────────────────────────── Sunday 22 November ──
         9 Moderate     │>12:00       you  perhaps not confirmed
         0 Call         │ >
         ● alice TR2.23                                 Ctrl-K go  Ctrl-F find  F1 keys
    "#]]
    .assert_eq(whole.split_once("key Ctrl-Up\n").unwrap().1);
}

#[test]
fn commands_reach_the_last_message_whatever_became_of_it() {
    check(
        "say /edit may I now?
         server @ref=5-0008 server | alice | refused | muted You are muted.
         key Esc
         say /delete
         status
         say /edit fine!
         server @ref=5-0009;id=2;time=2026-11-22T12:00:03Z;change=3 alice | all clients | edited | fine!
         lost the line broke
         say one
         say /edit two
         screen
         say /delete
         status
         screen",
        expect![[r#"
            say /edit may I now?
                send @ref=5-0008 alice | all clients | broadcast_not_me | may I now?
            server @ref=5-0008 server | alice | refused | muted You are muted.
            key Esc
            say /delete
              [● alice  Withdrawn; Ctrl-Y brings back what you wrote.|]
            say /edit fine!
                send @ref=5-0009 alice | all clients | edit | 2 fine!
            server @ref=5-0009;id=2;time=2026-11-22T12:00:03Z;change=3 alice | all clients | edited | fine!
            lost the line broke
            say one
                Dial(tcp://localhost:1234)
            say /edit two
            *1 everyone     │ everyone
                            │
                            │
             1 Echo         │
             2 List clients │
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │ ─────────────────────────────────────── Sunday 22 November ──
             6 Close server │ 12:00      ~bob  a question
             7 Search       │             you  › bob: a question
             8 Rooms        │                  fine! edited
             9 Moderate     │                  two queued
             0 Call         │ > _
             ○ alice  reconnecting…  Connection lost. Reconnecting… the line broke.
            say /delete
              [○ alice  reconnecting…  Withdrawn; Ctrl-Y brings back what you wrote.|]
            *1 everyone     │ everyone
                            │
                            │
             1 Echo         │
             2 List clients │
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │
             6 Close server │ ─────────────────────────────────────── Sunday 22 November ──
             7 Search       │ 12:00      ~bob  a question
             8 Rooms        │             you  › bob: a question
             9 Moderate     │                  fine! edited
             0 Call         │ > _
             ○ alice  reconnecting…  Withdrawn; Ctrl-Y brings back what you wrote.
        "#]],
    );
}

#[test]
fn a_refusal_while_it_is_edited_leaves_the_edit_which_then_sends_it() {
    let whole = play(&format!(
        "{JOIN}lost the line broke
         say one
         key Ctrl-Up
         key e
         type !
         +1s
         connected 2.26
         server server | client | name | TR2.26 accepted presence ping history read search reply edit react
         server server | alice | connection_confirmation | hi
         server @ref=5-0006 server | alice | refused | muted You are muted.
         key Enter
         screen"
    ));
    expect![[r#"
        key e
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
        server @ref=5-0006 server | alice | refused | muted You are muted.
        key Enter
            send @ref=5-000c alice | all clients | broadcast_not_me | one!
        *1 everyone     │ everyone                                             0 people
                        │
                        │
         1 Echo         │
         2 List clients │
         3 Private mes… │
         4 Broadcast    │
         5 Exit         │
         6 Close server │
         7 Search       │ ─────────────────────────────────────── Sunday 22 November ──
         8 Rooms        │ 12:00      ~bob  a question
         9 Moderate     │             you  one! ◌
         0 Call         │ > _
         ● alice  Not sent: You are muted. Alt-R resends it.
    "#]]
    .assert_eq(whole.split_once("key Ctrl-Up\n").unwrap().1);
}
