//! Messages: their marks, their order, their conversations.

use expect_test::expect;

use crate::{check, script};

#[test]
fn messages_are_marked_until_accepted_and_then_ordered_by_id() {
    check(
        "
        start name=alice
        size 80x24
        online bob
        say good morning
        screen
        server @id=8;time=2026-11-22T12:00:01Z bob | all clients | broadcast_not_me | said before yours
        server @ref=5-0004;id=7;time=2026-11-22T12:00:01Z server | alice | accepted
        server @id=8;time=2026-11-22T12:00:01Z bob | all clients | broadcast_not_me | said before yours
        screen
        ",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x24
            say good morning
                send @ref=5-0004 alice | all clients | broadcast_not_me | good morning
            *1 everyone     │ everyone                                             2 people
                            │
                            │
                            │
                            │
                            │
                            │
                            │
                            │
                            │
                            │
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
             9 Moderate     │ 12:00       you  good morning ◌
             0 Call         │ > _
             ● alice                                        Ctrl-K go  Ctrl-F find  F1 keys
            server @id=8;time=2026-11-22T12:00:01Z bob | all clients | broadcast_not_me | said before yours
            server @ref=5-0004;id=7;time=2026-11-22T12:00:01Z server | alice | accepted
            server @id=8;time=2026-11-22T12:00:01Z bob | all clients | broadcast_not_me | said before yours
            *1 everyone     │ everyone                                             2 people
                            │
                            │
                            │
                            │
                            │
                            │
                            │
                            │
                            │
                            │
                            │
                            │
             1 Echo         │
             2 List clients │
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │
             6 Close server │
             7 Search       │ ─────────────────────────────────────── Sunday 22 November ──
             8 Rooms        │ 12:00       you  good morning
             9 Moderate     │            ~bob  said before yours
             0 Call         │ > _
             ● alice                                        Ctrl-K go  Ctrl-F find  F1 keys
        "#]],
    );
}

#[test]
fn an_own_message_is_shown_once_whichever_copy_comes_first() {
    check(
        "
        start name=alice
        size 40x10
        online bob
        say /broadcast me too
        server @id=1;time=2026-11-22T12:00:01Z alice | all clients | broadcast | me too
        server @ref=5-0004;id=1;time=2026-11-22T12:00:01Z server | alice | accepted
        say /broadcast and again
        server @ref=5-0005;id=2;time=2026-11-22T12:00:01Z server | alice | accepted
        server @id=2;time=2026-11-22T12:00:01Z alice | all clients | broadcast | and again
        screen
        ",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 40x10
            say /broadcast me too
                send @ref=5-0004 alice | all clients | broadcast | me too
            server @id=1;time=2026-11-22T12:00:01Z alice | all clients | broadcast | me too
            server @ref=5-0004;id=1;time=2026-11-22T12:00:01Z server | alice | accepted
            say /broadcast and again
                send @ref=5-0005 alice | all clients | broadcast | and again
            server @ref=5-0005;id=2;time=2026-11-22T12:00:01Z server | alice | accepted
            server @id=2;time=2026-11-22T12:00:01Z alice | all clients | broadcast | and again





             ──────────────── Sunday 22 November ──
             12:00 you me too
                   and again
             > _
             ● alice             Ctrl-K go  F1 keys
        "#]],
    );
}

#[test]
fn private_messages_open_a_conversation_and_ring() {
    check(
        "
        start name=alice
        size 80x24
        online bob carol
        server @id=1;time=2026-11-22T12:00:00Z bob | alice | private_message | psst
        server @id=2;time=2026-11-22T12:00:00Z BOB | alice | private_message | same bob
        server @id=3;time=2026-11-22T12:00:01Z carol | all clients | broadcast_not_me | for Alice: hello
        type a draft
        screen
        key Alt-A
        say hello bob
        screen
        size 40x10
        server @id=4;time=2026-11-22T12:00:01Z carol | all clients | broadcast_not_me | alice?
        status
        key Alt-1
        screen
        ",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x24
            server @id=1;time=2026-11-22T12:00:00Z bob | alice | private_message | psst
                Bell
                Notify { title: "~bob", body: "psst" }
                Title("tr2 (1)")
            server @id=2;time=2026-11-22T12:00:00Z BOB | alice | private_message | same bob
                Title("tr2 (2)")
            server @id=3;time=2026-11-22T12:00:01Z carol | all clients | broadcast_not_me | for Alice: hello
                Notify { title: "~carol in everyone", body: "for Alice: hello" }
            *1 everyone     │ everyone                                             3 people
             2 bob       @2 │
                            │
                            │
                            │
                            │
                            │
                            │
                            │
                            │
                            │
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
             9 Moderate     │▌12:00    ~carol  for Alice: hello
             0 Call         │ > a draft_
             ● alice   2 bob @2                             Ctrl-K go  Ctrl-F find  F1 keys
            key Alt-A
                Title("tr2")
            say hello bob
                send @ref=5-0004 alice | bob | private_message | hello bob
             1 everyone     │ bob
            *2 bob          │
                            │
                            │
                            │
                            │
                            │
                            │
                            │
                            │
                            │
                            │
                            │
             1 Echo         │
             2 List clients │
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │
             6 Close server │ ─────────────────────────────────────── Sunday 22 November ──
             7 Search       │ 12:00      ~bob  psst
             8 Rooms        │            ~BOB  same bob
             9 Moderate     │             you  hello bob ◌
             0 Call         │ > _
             ● alice  bob                                   Ctrl-K go  Ctrl-F find  F1 keys
            size 40x10
            server @id=4;time=2026-11-22T12:00:01Z carol | all clients | broadcast_not_me | alice?
                Title("tr2 (1 @1)")
              [● alice  bob +1|Ctrl-K go  F1 keys]
            key Alt-1
                Title("tr2")




             ──────────────── Sunday 22 November ──
            ▌12:00 ~carol for Alice: hello
             ── 1 new ─────────────────────────────
            ▌12:00 ~carol alice?
             > a draft_
             ● alice             Ctrl-K go  F1 keys
        "#]],
    );
}

#[test]
fn presence_is_one_dim_line() {
    check(
        "
        start name=alice
        size 40x10
        online
        server server | all clients | joined | bob carol
        server @why=quit server | all clients | left | carol
        server server | all clients | joined | dave
        screen
        ",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 40x10
            server server | all clients | joined | bob carol
            server @why=quit server | all clients | left | carol
            server server | all clients | joined | dave






             ──────────────── Sunday 22 November ──
                   bob, dave joined · carol left
             > _
             ● alice             Ctrl-K go  F1 keys
        "#]],
    );
}

#[test]
fn a_message_that_is_too_long_stays_in_the_composer() {
    let long = "x".repeat(7169);
    let steps = format!(
        "start name=alice\nsize 40x10\nonline bob\npaste {long}\nkey Enter\nscreen\nkey Esc\nkey Backspace\nkey Enter"
    );
    let written = script::play(&steps).replace(&long, "LONG").replace(&"x".repeat(7168), "FITS");
    expect![[r#"
        start name=alice
            Dial(tcp://localhost:1234)
            Title("tr2")
        size 40x10
        paste LONG
        key Enter
        ┌ Long message ────────────────────────┐
        │ This is too long for one message. It │
        │ can be sent as 2.                    │
        │ <Send 2 parts> [Edit]                │
        └──────────────────────────────────────┘
         /help) · F2 menu
         > xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
           xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
           xxxxxxxxxxxxxxxxxxxxxxxxxxxxx
         ●   1 bytes over: Enter offers 2 parts
        key Esc
        key Backspace
        key Enter
            send @ref=5-0004 alice | all clients | broadcast_not_me | FITS
    "#]]
    .assert_eq(&written);
}

#[test]
fn many_messages_go_out_in_order_as_fast_as_the_server_takes_them() {
    let quickly = (1..=18).map(|n| format!("say {n}\n")).collect::<String>();
    check(
        &format!(
            "
        start name=alice
        size 60x24
        online
        {quickly}
        server @ref=5-0004;id=1 server | alice | accepted
        server @ref=5-0005;id=2 server | alice | accepted
        server @ref=5-0006 server | alice | refused | rate_limited Slower, please.
        server @ref=5-0007 server | alice | refused | rate_limited Slower, please.
        server server | alice | refused | rate_limited A ping came too fast.
        say last
        screen
        tick
        lost It is gone.
        screen
        "
        ),
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 60x24
            say 1
                send @ref=5-0004 alice | all clients | broadcast_not_me | 1
            say 2
                send @ref=5-0005 alice | all clients | broadcast_not_me | 2
            say 3
                send @ref=5-0006 alice | all clients | broadcast_not_me | 3
            say 4
                send @ref=5-0007 alice | all clients | broadcast_not_me | 4
            say 5
                send @ref=5-0008 alice | all clients | broadcast_not_me | 5
            say 6
                send @ref=5-0009 alice | all clients | broadcast_not_me | 6
            say 7
                send @ref=5-000a alice | all clients | broadcast_not_me | 7
            say 8
                send @ref=5-000b alice | all clients | broadcast_not_me | 8
            say 9
                send @ref=5-000c alice | all clients | broadcast_not_me | 9
            say 10
                send @ref=5-000d alice | all clients | broadcast_not_me | 10
            say 11
                send @ref=5-000e alice | all clients | broadcast_not_me | 11
            say 12
                send @ref=5-000f alice | all clients | broadcast_not_me | 12
            say 13
                send @ref=5-0010 alice | all clients | broadcast_not_me | 13
            say 14
                send @ref=5-0011 alice | all clients | broadcast_not_me | 14
            say 15
                send @ref=5-0012 alice | all clients | broadcast_not_me | 15
            say 16
                send @ref=5-0013 alice | all clients | broadcast_not_me | 16
            say 17
            say 18
            server @ref=5-0004;id=1 server | alice | accepted
                send @ref=5-0014 alice | all clients | broadcast_not_me | 17
            server @ref=5-0005;id=2 server | alice | accepted
                send @ref=5-0015 alice | all clients | broadcast_not_me | 18
            server @ref=5-0006 server | alice | refused | rate_limited Slower, please.
            server @ref=5-0007 server | alice | refused | rate_limited Slower, please.
            server server | alice | refused | rate_limited A ping came too fast.
            say last
            *1 everyone     │ everyone                         1 person
                            │       2
                            │       3 ◌
                            │       4 ◌
                            │       5 ◌
                            │       6 ◌
                            │       7 ◌
                            │       8 ◌
                            │       9 ◌
                            │       10 ◌
                            │       11 ◌
                            │       12 ◌
                            │       13 ◌
             1 Echo         │       14 ◌
             2 List clients │       15 ◌
             3 Private mes… │       16 ◌
             4 Broadcast    │       17 ◌
             5 Exit         │       18 ◌
             6 Close server │       last ◌
             7 Search       │─────────────────────────────── Esc closes
             8 Rooms        │ The server is slow; marked messages are
             9 Moderate     │ on their way.
             0 Call         │ > _
             ● alice                    Ctrl-K go  Ctrl-F find  F1 keys
            tick at 1s
                send @ref=5-0006 alice | all clients | broadcast_not_me | 3
                send @ref=5-0007 alice | all clients | broadcast_not_me | 4
            lost It is gone.
            *1 everyone     │ everyone
                            │       4 not confirmed
                            │       5 not confirmed
                            │       6 not confirmed
                            │       7 not confirmed
                            │       8 not confirmed
                            │       9 not confirmed
                            │       10 not confirmed
                            │       11 not confirmed
                            │       12 not confirmed
                            │       13 not confirmed
                            │       14 not confirmed
                            │       15 not confirmed
             1 Echo         │       16 not confirmed
             2 List clients │       17 not confirmed
             3 Private mes… │       18 not confirmed
             4 Broadcast    │       last queued
             5 Exit         │─────────────────────────────── Esc closes
             6 Close server │ Connection lost. Reconnecting… It is
             7 Search       │ gone.
             8 Rooms        │ Messages marked as not confirmed may have
             9 Moderate     │ arrived: the server could not say so.
             0 Call         │ > _
             ○ alice  reconnecting in 1 s · /reconnect at once  F1 keys
        "#]],
    );
}

#[test]
fn an_unanswered_message_is_given_up_and_can_be_resent() {
    let tries: String =
        (0..5).map(|_| "server @ref=5-0004 server | alice | refused | rate_limited Slower.\ntick\n").collect();
    check(
        &format!(
            "
        start name=alice
        size 60x12
        online
        say /broadcast too fast
        {tries}
        server server | alice | pong | 5
        tick
        server @ref=5-0004 server | alice | refused | rate_limited Slower.
        screen
        key Alt-R
        "
        ),
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 60x12
            say /broadcast too fast
                send @ref=5-0004 alice | all clients | broadcast | too fast
            server @ref=5-0004 server | alice | refused | rate_limited Slower.
            tick at 1s
                send @ref=5-0004 alice | all clients | broadcast | too fast
            server @ref=5-0004 server | alice | refused | rate_limited Slower.
            tick at 3s
                send @ref=5-0004 alice | all clients | broadcast | too fast
            server @ref=5-0004 server | alice | refused | rate_limited Slower.
            tick at 7s
                send @ref=5-0004 alice | all clients | broadcast | too fast
            server @ref=5-0004 server | alice | refused | rate_limited Slower.
            tick at 15s
                send @ref=5-0004 alice | all clients | broadcast | too fast
            server @ref=5-0004 server | alice | refused | rate_limited Slower.
            tick at 20s
                send alice | server | ping | 5
            server server | alice | pong | 5
            tick at 31s
                send @ref=5-0004 alice | all clients | broadcast | too fast
            server @ref=5-0004 server | alice | refused | rate_limited Slower.
            *1 everyone     │ everyone                         1 person
                            │
                            │
                            │
                            │
                            │ ─────────────────── Sunday 22 November ──
                            │ 12:00 you too fast not sent
                            │─────────────────────────────── Esc closes
                            │ The server is slow; marked messages are
                            │ on their way.
             menu F2        │ > _
             ● alice  Not sent: Slower. Alt-R resends it.
            key Alt-R
                send @ref=5-0006 alice | all clients | broadcast | too fast
        "#]],
    );
}

#[test]
fn hostile_text_is_shown_harmless() {
    let marks = format!("o{}k", "\u{301}".repeat(500));
    let steps = format!(
        "
        start name=alice
        size 60x16
        connected 2.23
        packet server | client | name | no data
        packet server | alice | connection_confirmation | hello
        packet bob | all clients | broadcast | \u{1100}\u{1100}\u{1100} three times
        packet bob | all clients | broadcast | {marks}
        packet bob | all clients | broadcast | \\e]52;c;ZXZpbA==\\a copied?
        packet bob | all clients | broadcast | \u{202e}live\u{202c} and \u{2066}alone
        packet \\e[31mred | alice | private_message | one\\ntwo
        packet server | all clients | broadcast | 12:00 carol   trust me
        screen
        "
    );
    check(
        &steps,
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 60x16
            connected 2.23
            *1 everyone     │ everyone                         0 people
             2 �[31mred  @1 │
                            │
                            │
                            │
             1 Echo         │
             2 List clients │
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │ ─────────────────── Sunday 22 November ──
             6 Close server │ 12:00 bob � three times
             7 Search       │       ó́́́k
             8 Rooms        │       �]52;c;ZXZpbA==� copied?
             9 Moderate     │       �live� and �alone
             0 Call         │ > _
             ● alice TR2.23  12:00 carol   trust me
        "#]],
    );
}

#[test]
fn scrolling_back_keeps_the_line_before_new_messages() {
    check(
        "
        start name=alice
        size 60x14
        online bob
        many 30
        say /query bob
        server @id=31;time=2026-11-23T08:00:00Z bob | all clients | broadcast_not_me | next day
        key Alt-1
        screen
        key PageUp
        key Up
        server @id=32;time=2026-11-23T08:00:00Z bob | all clients | broadcast_not_me | unseen
        screen
        key Ctrl-Home
        screen
        key Esc
        screen
        ",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 60x14
            say /query bob
            server @id=31;time=2026-11-23T08:00:00Z bob | all clients | broadcast_not_me | next day
                Title("tr2 (1)")
            key Alt-1
                Title("tr2")
            *1 everyone     │ everyone                         2 people
             2 bob          │       message 23
                            │       message 24
             1 Echo         │       message 25
             2 List clients │       message 26
             3 Private mes… │       message 27
             4 Broadcast    │       message 28
             5 Exit         │       message 29
             6 Close server │       message 30
             7 Search       │ ─────────────────── Monday 23 November ──
             8 Rooms        │ ── 1 new ────────────────────────────────
             9 Moderate     │ 08:00 ~bob next day
             0 Call         │ > _
             ● alice                    Ctrl-K go  Ctrl-F find  F1 keys
            key PageUp
            key Up
            server @id=32;time=2026-11-23T08:00:00Z bob | all clients | broadcast_not_me | unseen
            *1 everyone     │ everyone                         2 people
             2 bob          │       message 13
                            │       message 14
             1 Echo         │       message 15
             2 List clients │       message 16
             3 Private mes… │       message 17
             4 Broadcast    │       message 18
             5 Exit         │       message 19
             6 Close server │       message 20
             7 Search       │       message 21
             8 Rooms        │       message 22
             9 Moderate     │       message 23
             0 Call         │ > /query bob_
             ● alice  1 new below       Ctrl-K go  Ctrl-F find  F1 keys
            key Ctrl-Home
            *1 everyone     │ everyone                         2 people
             2 bob          │ ─────────────────── Sunday 22 November ──
                            │ 12:00 ~bob message 1
             1 Echo         │       message 2
             2 List clients │       message 3
             3 Private mes… │       message 4
             4 Broadcast    │       message 5
             5 Exit         │       message 6
             6 Close server │       message 7
             7 Search       │       message 8
             8 Rooms        │       message 9
             9 Moderate     │       message 10
             0 Call         │ > /query bob_
             ● alice  1 new below       Ctrl-K go  Ctrl-F find  F1 keys
            key Esc
            *1 everyone     │ everyone                         2 people
             2 bob          │       message 24
                            │       message 25
             1 Echo         │       message 26
             2 List clients │       message 27
             3 Private mes… │       message 28
             4 Broadcast    │       message 29
             5 Exit         │       message 30
             6 Close server │ ─────────────────── Monday 23 November ──
             7 Search       │ ── 2 new ────────────────────────────────
             8 Rooms        │ 08:00 ~bob next day
             9 Moderate     │       unseen
             0 Call         │ > /query bob_
             ● alice                    Ctrl-K go  Ctrl-F find  F1 keys
        "#]],
    );
}

#[test]
fn pasted_colours_are_left_out() {
    let written =
        script::play("start name=alice\nsize 60x12\nonline\npaste \u{1b}[31mred\u{1b}[m\\nplain [31m\nscreen");
    assert!(written.contains("> red ") && written.contains("plain [31m_"), "{written}");
}

#[test]
fn a_refusal_is_said_in_the_status_bar_with_a_full_stop() {
    check(
        "start name=alice
         size 80x14
         rooms bob
         say hello
         server @ref=5-0004 server | alice | refused | muted You are muted here: insults
         screen
         key Alt-2
         say /query bob
         say psst
         key Alt-1
         server @ref=5-0005 server | alice | refused | not_allowed bob does not want this
         status",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x14
            say hello
                send @ref=5-0004 alice | all clients | broadcast_not_me | hello
            server @ref=5-0004 server | alice | refused | muted You are muted here: insults
            *1 everyone     │ everyone                                             2 people
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
             9 Moderate     │ 12:00       you  hello not sent
             0 Call         │ > _
             ● alice  Not sent: You are muted here: insults. Alt-R resends it.
            key Alt-2
            say /query bob
            say psst
                send @ref=5-0005 alice | bob | private_message | psst
            key Alt-1
            server @ref=5-0005 server | alice | refused | not_allowed bob does not want this
              [● alice  To bob: not sent. bob does not want this.|]
        "#]],
    );
}

#[test]
fn a_private_message_that_was_erased_goes_and_with_the_last_one_the_conversation() {
    check(
        "
        start name=alice
        size 60x9
        back bob
        server @ref=5-0003 server | alice | conversations_end
        server @id=7;time=2026-11-22T12:00:00.000Z bob | alice | private_message | one
        server @id=8;time=2026-11-22T12:00:00.000Z alice | bob | private_message | two
        server @id=9;time=2026-11-22T12:00:00.000Z bob | alice | private_message | three
        server @id=9 bob | alice | deleted | server
        key Alt-2
        screen
        server @id=8 alice | bob | deleted | server
        type a draft
        server @id=7 bob | alice | deleted | server
        server @id=7 bob | alice | deleted | server
        screen
        ",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 60x9
            server @ref=5-0003 server | alice | conversations_end
            server @id=7;time=2026-11-22T12:00:00.000Z bob | alice | private_message | one
                Bell
                Notify { title: "~bob", body: "one" }
                Title("tr2 (1)")
            server @id=8;time=2026-11-22T12:00:00.000Z alice | bob | private_message | two
            server @id=9;time=2026-11-22T12:00:00.000Z bob | alice | private_message | three
                Title("tr2 (2)")
            server @id=9 bob | alice | deleted | server
                Title("tr2 (1)")
            key Alt-2
                Title("tr2")



             ──────────────────────────────────── Sunday 22 November ──
             ── 1 new ─────────────────────────────────────────────────
             12:00      ~bob  one
                         you  two
             bob> _
             ● alice  bob               Ctrl-K go  Ctrl-F find  F1 keys
            server @id=8 alice | bob | deleted | server
            server @id=7 bob | alice | deleted | server
            server @id=7 bob | alice | deleted | server




             You are in everyone: all who are online read what you
             write here.
             Type and press Enter · F1 keys (or /help) · F2 menu
             > _
             ● alice                    Ctrl-K go  Ctrl-F find  F1 keys
        "#]],
    );
}
