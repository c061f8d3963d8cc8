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
            ┌ Menu ─────────────┬ everyone ─────────────────────────────────┬ Online · 2 ──┐
            │ 1 Echo            │                                           │ alice    you │
            │ 2 List clients    │                                           │ bob          │
            │ 3 Private message │                                           │              │
            │ 4 Broadcast       │                                           │              │
            │ 5 Exit            │                                           │              │
            │ 6 Close server    │                                           │              │
            │ 7 Search          │                                           │              │
            │ 8 Rooms           │                                           │              │
            │ 9 Moderate        │                                           │              │
            ├ Conversations ────┤                                           │              │
            * everyone          │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │ ──────── Sunday 22 November 2026 ──────── │              │
            │                   │ 12:00 alice   good morning [sending]      │              │
            │                   ├═══════════════════════════════════════════┤              │
            │                   │ > _                                       │              │
            └───────────────────┴═══════════════════════════════════════════┴──────────────┘
             alice@localhost · online · 0 ms                F1 help  F2 menu  Tab next pane
            server @id=8;time=2026-11-22T12:00:01Z bob | all clients | broadcast_not_me | said before yours
            server @ref=5-0004;id=7;time=2026-11-22T12:00:01Z server | alice | accepted
            server @id=8;time=2026-11-22T12:00:01Z bob | all clients | broadcast_not_me | said before yours
            ┌ Menu ─────────────┬ everyone ─────────────────────────────────┬ Online · 2 ──┐
            │ 1 Echo            │                                           │ alice    you │
            │ 2 List clients    │                                           │ bob          │
            │ 3 Private message │                                           │              │
            │ 4 Broadcast       │                                           │              │
            │ 5 Exit            │                                           │              │
            │ 6 Close server    │                                           │              │
            │ 7 Search          │                                           │              │
            │ 8 Rooms           │                                           │              │
            │ 9 Moderate        │                                           │              │
            ├ Conversations ────┤                                           │              │
            * everyone          │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │ ──────── Sunday 22 November 2026 ──────── │              │
            │                   │ 12:00 alice   good morning                │              │
            │                   │ 12:00 bob     said before yours           │              │
            │                   ├═══════════════════════════════════════════┤              │
            │                   │ > _                                       │              │
            └───────────────────┴═══════════════════════════════════════════┴──────────────┘
             alice@localhost · online · 0 ms                F1 help  F2 menu  Tab next pane
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





            ─────── Sunday 22 November 2026 ────────
            12:00 alice   me too
            12:00 alice   and again
            > _
             alice@localhost · online · 0 ms
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
                Title("tr2 (1)")
            server @id=2;time=2026-11-22T12:00:00Z BOB | alice | private_message | same bob
                Title("tr2 (2)")
            server @id=3;time=2026-11-22T12:00:01Z carol | all clients | broadcast_not_me | for Alice: hello
            ┌ Menu ─────────────┬ everyone ─────────────────────────────────┬ Online · 3 ──┐
            │ 1 Echo            │                                           │ alice    you │
            │ 2 List clients    │                                           │ bob          │
            │ 3 Private message │                                           │ carol        │
            │ 4 Broadcast       │                                           │              │
            │ 5 Exit            │                                           │              │
            │ 6 Close server    │                                           │              │
            │ 7 Search          │                                           │              │
            │ 8 Rooms           │                                           │              │
            │ 9 Moderate        │                                           │              │
            ├ Conversations ────┤                                           │              │
            * everyone          │                                           │              │
            │ bob           (2) │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │ ──────── Sunday 22 November 2026 ──────── │              │
            │                   │ 12:00 carol   for Alice: hello            │              │
            │                   ├═══════════════════════════════════════════┤              │
            │                   │ > a draft_                                │              │
            └───────────────────┴═══════════════════════════════════════════┴──────────────┘
             alice@localhost · online · 0 ms                F1 help  F2 menu  Tab next pane
            key Alt-A
                Title("tr2")
            say hello bob
                send @ref=5-0004 alice | bob | private_message | hello bob
            ┌ Menu ─────────────┬ bob ──────────────────────────────────────┬ Online · 3 ──┐
            │ 1 Echo            │                                           │ alice    you │
            │ 2 List clients    │                                           │ bob          │
            │ 3 Private message │                                           │ carol        │
            │ 4 Broadcast       │                                           │              │
            │ 5 Exit            │                                           │              │
            │ 6 Close server    │                                           │              │
            │ 7 Search          │                                           │              │
            │ 8 Rooms           │                                           │              │
            │ 9 Moderate        │                                           │              │
            ├ Conversations ────┤                                           │              │
            │ everyone          │                                           │              │
            * bob               │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │ ──────── Sunday 22 November 2026 ──────── │              │
            │                   │ 12:00 bob     psst                        │              │
            │                   │ 12:00 BOB     same bob                    │              │
            │                   │ 12:00 alice   hello bob [sending]         │              │
            │                   ├═══════════════════════════════════════════┤              │
            │                   │ > _                                       │              │
            └───────────────────┴═══════════════════════════════════════════┴──────────────┘
             alice@localhost · online · 0 ms                F1 help  F2 menu  Tab next pane
            size 40x10
            server @id=4;time=2026-11-22T12:00:01Z carol | all clients | broadcast_not_me | alice?
                Title("tr2 (1 @1)")
              [ 1 @1 unread · alice · online · 0 ms|]
            key Alt-1
                Title("tr2")




            ─────── Sunday 22 November 2026 ────────
            12:00 carol   for Alice: hello
            ───────────────── new ──────────────────
            12:00 carol   alice?
            > a draft_
             alice@localhost · online · 0 ms
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





            ─────── Sunday 22 November 2026 ────────
            12:00 * bob, carol, dave joined; carol
              left
            > _
             alice@localhost · online · 0 ms
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


        ┌ Long message ════════════════════════┐
        │ This is too long for one message. It │
        │ can be sent as 2.                    │
        │ <Send 2 parts> [Edit]                │
        └══════════════════════════════════════┘
          xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
          xxxxxxxxxxxxxxxxxxxxxxxxxxxx
         1 bytes over: Enter offers 2 parts · o…
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
            ┌ Menu ─────────────┬ everyone ────────────────────────────┐
            │ 1 Echo            │ 12:00 alice   4 [sending]            │
            │ 2 List clients    │ 12:00 alice   5 [sending]            │
            │ 3 Private message │ 12:00 alice   6 [sending]            │
            │ 4 Broadcast       │ 12:00 alice   7 [sending]            │
            │ 5 Exit            │ 12:00 alice   8 [sending]            │
            │ 6 Close server    │ 12:00 alice   9 [sending]            │
            │ 7 Search          │ 12:00 alice   10 [sending]           │
            │ 8 Rooms           │ 12:00 alice   11 [sending]           │
            │ 9 Moderate        │ 12:00 alice   12 [sending]           │
            ├ Conversations ────┤ 12:00 alice   13 [sending]           │
            * everyone          │ 12:00 alice   14 [sending]           │
            │                   │ 12:00 alice   15 [sending]           │
            │                   │ 12:00 alice   16 [sending]           │
            │                   │ 12:00 alice   17 [sending]           │
            │                   │ 12:00 alice   18 [sending]           │
            │                   │ 12:00 * The server is slow to accept │
            │                   │         messages; marked messages    │
            │                   │         are on their way.            │
            │                   │ 12:00 alice   last [sending]         │
            │                   ├══════════════════════════════════════┤
            │                   │ > _                                  │
            └───────────────────┴══════════════════════════════════════┘
             alice@localhost · online · 0 ms           F1 help  F2 menu
            tick at 1s
                send @ref=5-0006 alice | all clients | broadcast_not_me | 3
                send @ref=5-0007 alice | all clients | broadcast_not_me | 4
            lost It is gone.
            ┌ Menu ─────────────┬ everyone ────────────────────────────┐
            │ 1 Echo            │ 12:00 alice   9 [not confirmed]      │
            │ 2 List clients    │ 12:00 alice   10 [not confirmed]     │
            │ 3 Private message │ 12:00 alice   11 [not confirmed]     │
            │ 4 Broadcast       │ 12:00 alice   12 [not confirmed]     │
            │ 5 Exit            │ 12:00 alice   13 [not confirmed]     │
            │ 6 Close server    │ 12:00 alice   14 [not confirmed]     │
            │ 7 Search          │ 12:00 alice   15 [not confirmed]     │
            │ 8 Rooms           │ 12:00 alice   16 [not confirmed]     │
            │ 9 Moderate        │ 12:00 alice   17 [not confirmed]     │
            ├ Conversations ────┤ 12:00 alice   18 [not confirmed]     │
            * everyone          │ 12:00 * The server is slow to accept │
            │                   │         messages; marked messages    │
            │                   │         are on their way.            │
            │                   │ 12:00 alice   last [queued]          │
            │                   │ 12:00 * Connection lost: It is gone. │
            │                   │         Reconnecting…                │
            │                   │ 12:00 * Messages marked as not       │
            │                   │         confirmed may have arrived:  │
            │                   │         the server could not say so. │
            │                   ├══════════════════════════════════════┤
            │                   │ > _                                  │
            └───────────────────┴══════════════════════════════════════┘
             alice@localhost · reconnecting in 1 s     F1 help  F2 menu
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
            tick at 31s
                send @ref=5-0004 alice | all clients | broadcast | too fast
            server @ref=5-0004 server | alice | refused | rate_limited Slower.
            ┌ everyone ────────────────────────────────────────────────┐
            │                                                          │
            │                                                          │
            │ ─────────────── Sunday 22 November 2026 ──────────────── │
            │ 12:00 alice   too fast [not sent]                        │
            │ 12:00 * The server is slow to accept messages; marked    │
            │         messages are on their way.                       │
            │ 12:00 * Not sent: Slower. Alt-R resends it.              │
            ├══════════════════════════════════════════════════════════┤
            │ > _                                                      │
            └══════════════════════════════════════════════════════════┘
             alice@localhost · online · 0 ms           F1 help  F2 menu
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
            ┌ Menu ─────────────┬ everyone ────────────────────────────┐
            │ 1 Echo            │                                      │
            │ 2 List clients    │                                      │
            │ 3 Private message │                                      │
            │ 4 Broadcast       │                                      │
            │ 5 Exit            │ ───── Sunday 22 November 2026 ────── │
            │ 6 Close server    │ 12:00 bob     � three times          │
            │ 7 Search          │ 12:00 bob     ó́́́k                     │
            │ 8 Rooms           │ 12:00 bob     �]52;c;ZXZpbA==�       │
            │ 9 Moderate        │               copied?                │
            ├ Conversations ────┤ 12:00 bob     �live� and �alone      │
            * everyone          │ 12:00 * 12:00 carol   trust me       │
            │ �[31mred      (1) ├══════════════════════════════════════┤
            │                   │ > _                                  │
            └───────────────────┴══════════════════════════════════════┘
             alice@localhost · online · TR2.23         F1 help  F2 menu
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
            ┌ everyone ────────────────────────────────────────────────┐
            │ 12:00 bob     message 25                                 │
            │ 12:00 bob     message 26                                 │
            │ 12:00 bob     message 27                                 │
            │ 12:00 bob     message 28                                 │
            │ 12:00 bob     message 29                                 │
            │ 12:00 bob     message 30                                 │
            │ ─────────────── Monday 23 November 2026 ──────────────── │
            │ ───────────────────────── new ────────────────────────── │
            │ 08:00 bob     next day                                   │
            ├══════════════════════════════════════════════════════════┤
            │ > _                                                      │
            └══════════════════════════════════════════════════════════┘
             alice@localhost · online · 0 ms           F1 help  F2 menu
            key PageUp
            key Up
            server @id=32;time=2026-11-23T08:00:00Z bob | all clients | broadcast_not_me | unseen
            ┌ everyone ────────────────────────────────────────────────┐
            │ 12:00 bob     message 17                                 │
            │ 12:00 bob     message 18                                 │
            │ 12:00 bob     message 19                                 │
            │ 12:00 bob     message 20                                 │
            │ 12:00 bob     message 21                                 │
            │ 12:00 bob     message 22                                 │
            │ 12:00 bob     message 23                                 │
            │ 12:00 bob     message 24                                 │
            │ 12:00 bob     message 25                                 │
            ├═ 7 newer below ══════════════════════════════════════════┤
            │ > /query bob_                                            │
            └══════════════════════════════════════════════════════════┘
             alice@localhost · online · 0 ms           F1 help  F2 menu
            key Ctrl-Home
            ┌ everyone ────────────────────────────────────────────────┐
            │ ─────────────── Sunday 22 November 2026 ──────────────── │
            │ 12:00 bob     message 1                                  │
            │ 12:00 bob     message 2                                  │
            │ 12:00 bob     message 3                                  │
            │ 12:00 bob     message 4                                  │
            │ 12:00 bob     message 5                                  │
            │ 12:00 bob     message 6                                  │
            │ 12:00 bob     message 7                                  │
            │ 12:00 bob     message 8                                  │
            ├═ 24 newer below ═════════════════════════════════════════┤
            │ > /query bob_                                            │
            └══════════════════════════════════════════════════════════┘
             alice@localhost · online · 0 ms           F1 help  F2 menu
            key Esc
            ┌ everyone ────────────────────────────────────────────────┐
            │ 12:00 bob     message 26                                 │
            │ 12:00 bob     message 27                                 │
            │ 12:00 bob     message 28                                 │
            │ 12:00 bob     message 29                                 │
            │ 12:00 bob     message 30                                 │
            │ ─────────────── Monday 23 November 2026 ──────────────── │
            │ ───────────────────────── new ────────────────────────── │
            │ 08:00 bob     next day                                   │
            │ 08:00 bob     unseen                                     │
            ├══════════════════════════════════════════════════════════┤
            │ > /query bob_                                            │
            └══════════════════════════════════════════════════════════┘
             alice@localhost · online · 0 ms           F1 help  F2 menu
        "#]],
    );
}
