//! The session as transcripts: steps, and what they lead to.
//!
//! Must not know: sockets, terminals, clocks.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]
#![allow(unreachable_pub, dead_code, reason = "each test file uses a part of what is common")]

#[path = "common/paint.rs"]
mod paint;
#[path = "common/script.rs"]
mod script;

use expect_test::{Expect, expect};

fn check(steps: &str, expected: Expect) {
    expected.assert_eq(&script::play(steps));
}

#[test]
fn joins_and_asks_who_is_there() {
    check(
        "
        start name=alice
        size 80x24
        status
        connected 2.26
        server server | client | name | TR2.26 accepted presence ping moderator
        server server | alice | connection_confirmation | hello
        server @ref=5-0002 server | alice | list_clients | clients connected: alice ,bob
        server @ref=5-0002 server | alice | list_end
        +1ms
        server server | alice | pong | 3
        status
        ",
        expect![[r#"
            start name=alice
                Dial(Url { host: "localhost", port: 1234 })
                Title("tr2")
            size 80x24
              [ alice@localhost · connecting…|F1 help  F2 menu  Tab next pane ]
            connected 2.26
            server server | client | name | TR2.26 accepted presence ping moderator
                send @ref=5-0001 alice | server | name | alice
            server server | alice | connection_confirmation | hello
                send @ref=5-0002 alice | server | list_clients | no data
                send alice | server | ping | 3
            server @ref=5-0002 server | alice | list_clients | clients connected: alice ,bob
            server @ref=5-0002 server | alice | list_end
            +1ms
            server server | alice | pong | 3
              [ alice@localhost · online · 1 ms|F1 help  F2 menu  Tab next pane ]
        "#]],
    );
}

#[test]
fn messages_are_marked_until_accepted_and_go_to_their_place() {
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
                Dial(Url { host: "localhost", port: 1234 })
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
            ├ Conversations ────┤                                           │              │
            * everyone          │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
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
            ├ Conversations ────┤                                           │              │
            * everyone          │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
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
fn a_copy_of_ones_own_is_shown_once_whichever_comes_first() {
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
                Dial(Url { host: "localhost", port: 1234 })
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
fn private_messages_have_their_conversation_and_ring() {
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
                Dial(Url { host: "localhost", port: 1234 })
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
            ├ Conversations ────┤                                           │              │
            * everyone          │                                           │              │
            │ bob           (2) │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
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
            ├ Conversations ────┤                                           │              │
            │ everyone          │                                           │              │
            * bob               │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
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
                Title("tr2 (1)")
              [ 1 unread · alice · online · 0 ms|]
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
fn comes_back_by_itself_and_offers_what_was_not_sent() {
    check(
        "
        start name=alice
        size 80x24
        online bob
        say on its way
        lost The server went away.
        status
        say while away
        tick
        failed Connection refused.
        status
        key Ctrl-R
        connected 2.26
        server server | client | name | TR2.26
        server server | alice | connection_confirmation | hello
        screen
        key Alt-R
        ",
        expect![[r#"
            start name=alice
                Dial(Url { host: "localhost", port: 1234 })
                Title("tr2")
            size 80x24
            say on its way
                send @ref=5-0004 alice | all clients | broadcast_not_me | on its way
            lost The server went away.
              [ alice@localhost · reconnecting in 1 s|F1 help  F2 menu  Tab next pane ]
            say while away
            tick at 382ms
                Dial(Url { host: "localhost", port: 1234 })
            failed Connection refused.
              [ alice@localhost · reconnecting in 1 s|F1 help  F2 menu  Tab next pane ]
            key Ctrl-R
                Dial(Url { host: "localhost", port: 1234 })
            connected 2.26
            server server | client | name | TR2.26
                send @ref=5-0005 alice | server | name | alice
            server server | alice | connection_confirmation | hello
                send @ref=5-0006 alice | server | list_clients | no data
                send alice | server | ping | 7
            ┌ Menu ─────────────┬ everyone ─────────────────────────────────┬ Online · 0 ──┐
            │ 1 Echo            │                                           │              │
            │ 2 List clients    │                                           │              │
            │ 3 Private message │                                           │              │
            │ 4 Broadcast       │                                           │              │
            │ 5 Exit            │                                           │              │
            │ 6 Close server    │                                           │              │
            ├ Conversations ────┤ ──────── Sunday 22 November 2026 ──────── │              │
            * everyone          │ 12:00 alice   on its way [not sent]       │              │
            │                   │ 12:00 * The connection is gone: The       │              │
            │                   │         server went away. Trying again by │              │
            │                   │         itself.                           │              │
            │                   │ 12:00 * What is marked as not sent may    │              │
            │                   │         have arrived all the same: the    │              │
            │                   │         server did not get to say so.     │              │
            │                   │ 12:00 alice   while away [not sent]       │              │
            │                   │ 12:00 * Online again.                     │              │
            │                   │ 12:00 * 2 messages were not sent. Alt-R   │              │
            │                   │         or /resend sends what is marked   │              │
            │                   │         in a conversation.                │              │
            │                   ├═══════════════════════════════════════════┤              │
            │                   │ > _                                       │              │
            └───────────────────┴═══════════════════════════════════════════┴──────────────┘
             alice@localhost · online                       F1 help  F2 menu  Tab next pane
            key Alt-R
                send @ref=5-0008 alice | all clients | broadcast_not_me | on its way
                send @ref=5-0009 alice | all clients | broadcast_not_me | while away
        "#]],
    );
}

#[test]
fn server_closed_is_not_the_end() {
    check(
        "
        start name=alice
        size 80x24
        online
        server server | all clients | broadcast | server closed
        status
        tick
        ",
        expect![[r#"
            start name=alice
                Dial(Url { host: "localhost", port: 1234 })
                Title("tr2")
            size 80x24
            server server | all clients | broadcast | server closed
                Disconnect
              [ alice@localhost · reconnecting in 1 s|F1 help  F2 menu  Tab next pane ]
            tick at 382ms
                Dial(Url { host: "localhost", port: 1234 })
        "#]],
    );
}

#[test]
fn nobody_serving_asks_what_to_do() {
    check(
        "
        start name=alice
        size 80x24
        failed Connection refused.
        screen
        key Enter
        failed Connection refused.
        key Up
        key Ctrl-U
        type tcp://example.org:99
        key Enter
        failed Connection refused.
        key Tab
        key Ctrl-U
        type http://x
        key Enter
        screen
        key Esc
        status
        ",
        expect![[r#"
            start name=alice
                Dial(Url { host: "localhost", port: 1234 })
                Title("tr2")
            size 80x24
            failed Connection refused.
            ┌ Menu ─────────────┬ everyone ─────────────────────────────────┬ Online · 0 ──┐
            │ 1 Echo            │                                           │              │
            │ 2 List clients    │                                           │              │
            │ 3 Private message │                                           │              │
            │ 4 Broadcast       │                                           │              │
            │ 5 Exit            │                                           │              │
            │ 6 Close server    │                                           │              │
            ├ Conversations ────┤                                           │              │
            * everyone          │                                           │              │
            │       ┌ No server ═══════════════════════════════════════════════════┐       │
            │       │ No answer from tcp://localhost:1234: Connection refused.     │       │
            │       │ To start a server on this machine: tr2 serve                 │       │
            │       │ Server: tcp://localhost:1234                                 │       │
            │       │ <Try again> [Quit]                                           │       │
            │       └══════════════════════════════════════════════════════════════┘       │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   ├───────────────────────────────────────────┤              │
            │                   │ >                                         │              │
            └───────────────────┴───────────────────────────────────────────┴──────────────┘
             alice@localhost · offline · Ctrl-R tries again                F1 help  F2 menu
            key Enter
                Dial(Url { host: "localhost", port: 1234 })
            failed Connection refused.
            key Up
            key Ctrl-U
            key Enter
                Dial(Url { host: "example.org", port: 99 })
            failed Connection refused.
            key Tab
            key Ctrl-U
            key Enter
            ┌ Menu ─────────────┬ everyone ─────────────────────────────────┬ Online · 0 ──┐
            │ 1 Echo            │                                           │              │
            │ 2 List clients    │                                           │              │
            │ 3 Private message │                                           │              │
            │ 4 Broadcast       │                                           │              │
            │ 5 Exit            │                                           │              │
            │ 6 Close server    │                                           │              │
            ├ Conversations ────┤                                           │              │
            * everyo┌ No server ═══════════════════════════════════════════════════┐       │
            │       │ 'http://x' is no address that tr2 knows; write               │       │
            │       │ tcp://HOST:PORT.                                             │       │
            │       │ To start a server on this machine: tr2 serve                 │       │
            │       │ Server: http://x_                                            │       │
            │       │ [Try again] [Quit]                                           │       │
            │       └══════════════════════════════════════════════════════════════┘       │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   ├───────────────────────────────────────────┤              │
            │                   │ >                                         │              │
            └───────────────────┴───────────────────────────────────────────┴──────────────┘
             alice@example.org:99 · offline · Ctrl-R tries again           F1 help  F2 menu
            key Esc
              [ alice@example.org:99 · offline · Ctrl-R tries again|F1 help  F2 menu ]
        "#]],
    );
}

#[test]
fn a_taken_name_asks_for_another() {
    check(
        "
        start name=alice
        size 80x24
        connected 2.26
        server server | client | name | TR2.26
        server @ref=5-0001 server | client | refused | name_taken alice is taken; choose another name.
        lost closed
        screen
        key Ctrl-U
        type alice2
        key Enter
        ",
        expect![[r#"
            start name=alice
                Dial(Url { host: "localhost", port: 1234 })
                Title("tr2")
            size 80x24
            connected 2.26
            server server | client | name | TR2.26
                send @ref=5-0001 alice | server | name | alice
            server @ref=5-0001 server | client | refused | name_taken alice is taken; choose another name.
                Disconnect
            lost closed
            ┌ Menu ─────────────┬ everyone ─────────────────────────────────┬ Online · 0 ──┐
            │ 1 Echo            │                                           │              │
            │ 2 List clients    │                                           │              │
            │ 3 Private message │                                           │              │
            │ 4 Broadcast       │                                           │              │
            │ 5 Exit            │                                           │              │
            │ 6 Close server    │                                           │              │
            ├ Conversations ────┤                                           │              │
            * everyo┌ Name ════════════════════════════════════════════════════════┐       │
            │       │ alice is taken; choose another name.                         │       │
            │       │ Join under another name, or elsewhere:                       │       │
            │       │ Name: alice_                                                 │       │
            │       │ Server: tcp://localhost:1234                                 │       │
            │       │ [Join] [Quit]                                                │       │
            │       └══════════════════════════════════════════════════════════════┘       │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   ├───────────────────────────────────────────┤              │
            │                   │ >                                         │              │
            └───────────────────┴───────────────────────────────────────────┴──────────────┘
             alice@localhost · offline · Ctrl-R tries again                F1 help  F2 menu
            key Ctrl-U
            key Enter
                Dial(Url { host: "localhost", port: 1234 })
        "#]],
    );
}

#[test]
fn a_kept_name_needs_the_passphrase_first() {
    check(
        "
        start name=root
        size 80x24
        connected 2.26
        server server | client | name | TR2.26
        server @ref=5-0001 server | client | refused | name_kept root is kept for who knows the passphrase.
        screen
        type wrong
        key Enter
        connected 2.26
        server server | client | name | TR2.26
        server @ref=5-0002 server | client | refused | wrong_passphrase That is not the passphrase.
        type right
        key Tab
        key Enter
        connected 2.26
        server server | client | name | TR2.26
        server @ref=5-0003 server | client | moderator | You are a moderator.
        server @ref=5-0004 server | root | connection_confirmation | hello
        ",
        expect![[r#"
            start name=root
                Dial(Url { host: "localhost", port: 1234 })
                Title("tr2")
            size 80x24
            connected 2.26
            server server | client | name | TR2.26
                send @ref=5-0001 root | server | name | root
            server @ref=5-0001 server | client | refused | name_kept root is kept for who knows the passphrase.
                Disconnect
            ┌ Menu ─────────────┬ everyone ─────────────────────────────────┬ Online · 0 ──┐
            │ 1 Echo            │                                           │              │
            │ 2 List clients    │                                           │              │
            │ 3 Private message │                                           │              │
            │ 4 Broadcast       │                                           │              │
            │ 5 Exit            │                                           │              │
            │ 6 Close server    │                                           │              │
            ├ Conversations ────┤                                           │              │
            * everyo┌ Kept name ═══════════════════════════════════════════════════┐       │
            │       │ root is kept for who knows the passphrase.                   │       │
            │       │ Give the moderator passphrase, or another name.              │       │
            │       │ Passphrase: _                                                │       │
            │       │ Name: root                                                   │       │
            │       │ [Join] [Quit]                                                │       │
            │       └══════════════════════════════════════════════════════════════┘       │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   ├───────────────────────────────────────────┤              │
            │                   │ >                                         │              │
            └───────────────────┴───────────────────────────────────────────┴──────────────┘
             root@localhost · offline · Ctrl-R tries again  F1 help  F2 menu  Tab next pane
            key Enter
                Dial(Url { host: "localhost", port: 1234 })
            connected 2.26
            server server | client | name | TR2.26
                send @ref=5-0002 root | server | moderator | wrong
            server @ref=5-0002 server | client | refused | wrong_passphrase That is not the passphrase.
                Disconnect
            key Tab
            key Enter
                Dial(Url { host: "localhost", port: 1234 })
            connected 2.26
            server server | client | name | TR2.26
                send @ref=5-0003 root | server | moderator | right
            server @ref=5-0003 server | client | moderator | You are a moderator.
                send @ref=5-0004 root | server | name | root
            server @ref=5-0004 server | root | connection_confirmation | hello
                send @ref=5-0005 root | server | list_clients | no data
                send root | server | ping | 6
        "#]],
    );
}

#[test]
fn a_bad_login_name_is_asked_about_before_dialing() {
    check(
        "
        start login=1000
        size 80x24
        screen
        start plain login=1000
        ",
        expect![[r#"
            start login=1000
                Title("tr2")
            size 80x24
            ┌ Menu ─────────────┬ everyone ─────────────────────────────────┬ Online · 0 ──┐
            │ 1 Echo            │                                           │              │
            │ 2 List clients    │                                           │              │
            │ 3 Private message │                                           │              │
            │ 4 Broadcast       │                                           │              │
            │ 5 Exit            │                                           │              │
            │ 6 Close server    │                                           │              │
            ├ Conversations ────┤                                           │              │
            * everyo┌ Name ════════════════════════════════════════════════════════┐       │
            │       │ '1000' cannot be your name here. A name needs a letter.      │       │
            │       │ Join under another name, or elsewhere:                       │       │
            │       │ Name: 1000_                                                  │       │
            │       │ Server: tcp://localhost:1234                                 │       │
            │       │ [Join] [Quit]                                                │       │
            │       └══════════════════════════════════════════════════════════════┘       │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   ├───────────────────────────────────────────┤              │
            │                   │ >                                         │              │
            └───────────────────┴───────────────────────────────────────────┴──────────────┘
             1000@localhost · offline · Ctrl-R tries again  F1 help  F2 menu  Tab next pane
            start plain login=1000
                Leave(Refused("'1000' cannot be your name here. A name needs a letter. Give one with --name."))
        "#]],
    );
}

#[test]
fn our_own_ghost_is_waited_for() {
    check(
        "
        start name=alice
        size 80x24
        online
        lost cut
        tick
        connected 2.26
        server server | client | name | TR2.26
        server server | client | refused | name_taken alice is taken.
        status
        +100s
        connected 2.26
        server server | client | name | TR2.26
        server server | client | refused | name_taken alice is taken.
        screen
        ",
        expect![[r#"
            start name=alice
                Dial(Url { host: "localhost", port: 1234 })
                Title("tr2")
            size 80x24
            lost cut
            tick at 382ms
                Dial(Url { host: "localhost", port: 1234 })
            connected 2.26
            server server | client | name | TR2.26
                send @ref=5-0004 alice | server | name | alice
            server server | client | refused | name_taken alice is taken.
                Disconnect
              [ alice@localhost · reconnecting in 1 s|F1 help  F2 menu  Tab next pane ]
            +100s
                Dial(Url { host: "localhost", port: 1234 })
            connected 2.26
            server server | client | name | TR2.26
                send @ref=5-0005 alice | server | name | alice
            server server | client | refused | name_taken alice is taken.
                Disconnect
            ┌ Menu ─────────────┬ everyone ─────────────────────────────────┬ Online · 0 ──┐
            │ 1 Echo            │                                           │              │
            │ 2 List clients    │                                           │              │
            │ 3 Private message │                                           │              │
            │ 4 Broadcast       │                                           │              │
            │ 5 Exit            │                                           │              │
            │ 6 Close server    │                                           │              │
            ├ Conversations ────┤                                           │              │
            * everyo┌ Name ════════════════════════════════════════════════════════┐       │
            │       │ alice is taken.                                              │       │
            │       │ Join under another name, or elsewhere:                       │       │
            │       │ Name: alice_                                                 │       │
            │       │ Server: tcp://localhost:1234                                 │       │
            │       │ [Join] [Quit]                                                │       │
            │       └══════════════════════════════════════════════════════════════┘       │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │ ──────── Sunday 22 November 2026 ──────── │              │
            │                   │ 12:00 * The connection is gone: cut.      │              │
            │                   │         Trying again by itself.           │              │
            │                   ├───────────────────────────────────────────┤              │
            │                   │ >                                         │              │
            └───────────────────┴───────────────────────────────────────────┴──────────────┘
             alice@localhost · offline · Ctrl-R tries again                F1 help  F2 menu
        "#]],
    );
}

#[test]
fn tr223_has_no_acceptance_no_presence_and_no_ping() {
    check(
        "
        start name=alice
        size 80x24
        connected 2.23
        server server | client | name | no data
        server server | alice | connection_confirmation | You are now connected
        server server | alice | list_clients | clients connected: bob ,alice
        say hi
        say /broadcast hi to me
        server alice | all clients | broadcast | hi to me
        server bob | all clients | broadcast_not_me | hello
        server server | alice | private_message | Destination client (zed) not found!
        +10s
        tick
        screen
        say /close-server
        key Left
        key Enter
        ",
        expect![[r#"
            start name=alice
                Dial(Url { host: "localhost", port: 1234 })
                Title("tr2")
            size 80x24
            connected 2.23
            server server | client | name | no data
                send @ref=5-0001 alice | server | name | alice
            server server | alice | connection_confirmation | You are now connected
                send @ref=5-0002 alice | server | list_clients | no data
            server server | alice | list_clients | clients connected: bob ,alice
            say hi
                send @ref=5-0003 alice | all clients | broadcast_not_me | hi
            say /broadcast hi to me
                send @ref=5-0004 alice | all clients | broadcast | hi to me
            server alice | all clients | broadcast | hi to me
            server bob | all clients | broadcast_not_me | hello
            server server | alice | private_message | Destination client (zed) not found!
            +10s
            tick at 30s
                send @ref=5-0005 alice | server | list_clients | no data
            ┌ Menu ─────────────┬ everyone ─────────────────────────────────┬ Online · 2 ──┐
            │ 1 Echo            │                                           │ alice    you │
            │ 2 List clients    │                                           │ bob          │
            │ 3 Private message │                                           │              │
            │ 4 Broadcast       │                                           │              │
            │ 5 Exit            │                                           │              │
            │ 6 Close server    │                                           │              │
            ├ Conversations ────┤                                           │              │
            * everyone          │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │ ──────── Sunday 22 November 2026 ──────── │              │
            │                   │ 12:00 alice   hi                          │              │
            │                   │ 12:00 alice   hi to me                    │              │
            │                   │ 12:00 bob     hello                       │              │
            │                   │ 12:00 * Destination client (zed) not      │              │
            │                   │         found!                            │              │
            │                   ├═══════════════════════════════════════════┤              │
            │                   │ > _                                       │              │
            └───────────────────┴═══════════════════════════════════════════┴──────────────┘
             alice@localhost · online · TR2.23              F1 help  F2 menu  Tab next pane
            say /close-server
            key Left
            key Enter
                send @ref=5-0006 alice | server | close_server | close server
        "#]],
    );
}

#[test]
fn closing_the_server_asks_for_the_passphrase_and_again() {
    check(
        "
        start name=alice
        size 80x24
        online bob
        key F2
        key 6
        screen
        type wrong
        key Enter
        server @ref=5-0004 server | alice | refused | wrong_passphrase That is not the passphrase.
        type right
        key Enter
        server @ref=5-0005 server | alice | moderator | You are a moderator.
        screen
        key Enter
        key F2
        key 6
        key Left
        key Enter
        server server | all clients | broadcast | server closed
        ",
        expect![[r#"
            start name=alice
                Dial(Url { host: "localhost", port: 1234 })
                Title("tr2")
            size 80x24
            key F2
            key 6
            ┌ Menu ─────────────┬ everyone ─────────────────────────────────┬ Online · 2 ──┐
            │ 1 Echo            │                                           │ alice    you │
            │ 2 List clients    │                                           │ bob          │
            │ 3 Private message │                                           │              │
            │ 4 Broadcast       │                                           │              │
            │ 5 Exit            │                                           │              │
            │ 6 Close server    │                                           │              │
            ├ Conversations ────┤                                           │              │
            * everyone          │                                           │              │
            │       ┌ Close server ════════════════════════════════════════════════┐       │
            │       │ Only a moderator may close the server.                       │       │
            │       │ The server printed the passphrase when it first started.     │       │
            │       │ Passphrase: _                                                │       │
            │       │ [Go on] [Cancel]                                             │       │
            │       └══════════════════════════════════════════════════════════════┘       │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   ├───────────────────────────────────────────┤              │
            │                   │ >                                         │              │
            └───────────────────┴───────────────────────────────────────────┴──────────────┘
             alice@localhost · online · 0 ms                F1 help  F2 menu  Tab next pane
            key Enter
                send @ref=5-0004 alice | server | moderator | wrong
            server @ref=5-0004 server | alice | refused | wrong_passphrase That is not the passphrase.
            key Enter
                send @ref=5-0005 alice | server | moderator | right
            server @ref=5-0005 server | alice | moderator | You are a moderator.
            ┌ Menu ─────────────┬ everyone ─────────────────────────────────┬ Online · 2 ──┐
            │ 1 Echo            │                                           │ alice    you │
            │ 2 List clients    │                                           │ bob          │
            │ 3 Private message │                                           │              │
            │ 4 Broadcast       │                                           │              │
            │ 5 Exit            │                                           │              │
            │ 6 Close server    │                                           │              │
            ├ Conversations ────┤                                           │              │
            * everyone          │                                           │              │
            │       ┌ Close server ════════════════════════════════════════════════┐       │
            │       │ Close tcp://localhost:1234 for everyone? One other user is   │       │
            │       │ online.                                                      │       │
            │       │ [Close the server] <Cancel>                                  │       │
            │       └══════════════════════════════════════════════════════════════┘       │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   ├───────────────────────────────────────────┤              │
            │                   │ >                                         │              │
            └───────────────────┴───────────────────────────────────────────┴──────────────┘
             alice@localhost · online · 0 ms                F1 help  F2 menu  Tab next pane
            key Enter
            key F2
            key 6
            key Left
            key Enter
                send @ref=5-0006 alice | server | close_server | close server
            server server | all clients | broadcast | server closed
                Disconnect
        "#]],
    );
}

#[test]
fn the_menu_does_the_six() {
    check(
        "
        start name=alice
        size 80x24
        online bob carol
        key F2
        key 1
        type hello?
        key Enter
        server @ref=5-0004 alice | alice | echo | hello?
        key F2
        key 2
        type car
        screen
        key Enter
        key F2
        key Down
        key Down
        key Enter
        type bo
        key Tab
        key Tab
        type psst
        screen
        key Enter
        key F2
        key 4
        type all of you
        key Down
        key Down
        screen
        key Enter
        key F2
        key 5
        screen
        key Esc
        key Ctrl-C
        key Ctrl-C
        ",
        expect![[r#"
            start name=alice
                Dial(Url { host: "localhost", port: 1234 })
                Title("tr2")
            size 80x24
            key F2
            key 1
            key Enter
                send @ref=5-0004 alice | alice | echo | hello?
            server @ref=5-0004 alice | alice | echo | hello?
            key F2
            key 2
                send @ref=5-0005 alice | server | list_clients | no data
            ┌ Menu ─────────────┬ everyone ─────────────────────────────────┬ Online · 3 ──┐
            │ 1 Echo            │                                           │ alice    you │
            │ 2 List clients    │                                           │ bob          │
            │ 3 Private message │                                           │ carol        │
            │ 4 Broadcast       │                                           │              │
            │ 5 Exit            │                                           │              │
            │ 6 Close server    │                                           │              │
            ├ Conversations ────┤                                           │              │
            * everyone          │                                           │              │
            │       ┌ Online ══════════════════════════════════════════════════════┐       │
            │       │ 1 with "car"                                                 │       │
            │       │ >carol                                                       │       │
            │       │ [Write] [Close]                                              │       │
            │       └══════════════════════════════════════════════════════════════┘       │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │ ──────── Sunday 22 November 2026 ──────── │              │
            │                   │ 12:00 * Echo: hello?                      │              │
            │                   ├───────────────────────────────────────────┤              │
            │                   │ >                                         │              │
            └───────────────────┴───────────────────────────────────────────┴──────────────┘
             alice@localhost · online · 0 ms                F1 help  F2 menu  Tab next pane
            key Enter
            key F2
            key Down
            key Down
            key Enter
            key Tab
            key Tab
            ┌ Menu ─────────────┬ carol ────────────────────────────────────┬ Online · 3 ──┐
            │ 1 Echo            │                                           │ alice    you │
            │ 2 List clients    │                                           │ bob          │
            │ 3 Private message │                                           │ carol        │
            │ 4 Broadcast       │                                           │              │
            │ 5 Exit            │                                           │              │
            │ 6 Close server    │                                           │              │
            ├ Conversations ────┤                                           │              │
            │ everyo┌ Private message ═════════════════════════════════════════════┐       │
            * carol │ To: bob                                                      │       │
            │       │ Text: psst_                                                  │       │
            │       │ 2 online; type to narrow                                     │       │
            │       │  bob                                                         │       │
            │       │  carol                                                       │       │
            │       │ [Send] [Cancel]                                              │       │
            │       └══════════════════════════════════════════════════════════════┘       │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   ├───────────────────────────────────────────┤              │
            │                   │ >                                         │              │
            └───────────────────┴───────────────────────────────────────────┴──────────────┘
             alice@localhost · online · 0 ms                F1 help  F2 menu  Tab next pane
            key Enter
                send @ref=5-0006 alice | bob | private_message | psst
            key F2
            key 4
            key Down
            key Down
            ┌ Menu ─────────────┬ bob ──────────────────────────────────────┬ Online · 3 ──┐
            │ 1 Echo            │                                           │ alice    you │
            │ 2 List clients    │                                           │ bob          │
            │ 3 Private message │                                           │ carol        │
            │ 4 Broadcast       │                                           │              │
            │ 5 Exit            │                                           │              │
            │ 6 Close server    │                                           │              │
            ├ Conversations ────┤                                           │              │
            │ everyone          │                                           │              │
            │ carol ┌ Broadcast ═══════════════════════════════════════════════════┐       │
            * bob   │ Text: all of you                                             │       │
            │       │  ( )to everyone but me                                       │       │
            │       │ >(•)to everyone, me too                                      │       │
            │       │ [Send] [Cancel]                                              │       │
            │       └══════════════════════════════════════════════════════════════┘       │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │ ──────── Sunday 22 November 2026 ──────── │              │
            │                   │ 12:00 alice   psst [sending]              │              │
            │                   ├───────────────────────────────────────────┤              │
            │                   │ >                                         │              │
            └───────────────────┴───────────────────────────────────────────┴──────────────┘
             alice@localhost · online · 0 ms                F1 help  F2 menu  Tab next pane
            key Enter
                send @ref=5-0007 alice | all clients | broadcast | all of you
            key F2
            key 5
            ┌ Menu ─────────────┬ everyone ─────────────────────────────────┬ Online · 3 ──┐
            │ 1 Echo            │                                           │ alice    you │
            │ 2 List clients    │                                           │ bob          │
            │ 3 Private message │                                           │ carol        │
            │ 4 Broadcast       │                                           │              │
            │ 5 Exit            │                                           │              │
            │ 6 Close server    │                                           │              │
            ├ Conversations ────┤                                           │              │
            * everyone          │                                           │              │
            │ carol             │                                           │              │
            │ bob   ┌ Exit ════════════════════════════════════════════════════════┐       │
            │       │ 2 messages are not sent. Leave all the same?                 │       │
            │       │ <Leave> [Stay]                                               │       │
            │       └══════════════════════════════════════════════════════════════┘       │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │ ──────── Sunday 22 November 2026 ──────── │              │
            │                   │ 12:00 * Echo: hello?                      │              │
            │                   │ 12:00 alice   all of you [sending]        │              │
            │                   ├───────────────────────────────────────────┤              │
            │                   │ >                                         │              │
            └───────────────────┴───────────────────────────────────────────┴──────────────┘
             alice@localhost · online · 0 ms                F1 help  F2 menu  Tab next pane
            key Esc
            key Ctrl-C
            key Ctrl-C
                send alice | server | exit | no data
                Disconnect
                Leave(Done)
        "#]],
    );
}

#[test]
fn commands_are_never_sent_by_mistake() {
    check(
        "
        start name=alice
        size 80x24
        online bob
        say /brodcast x
        key Ctrl-U
        say /home/alice is full
        key Ctrl-U
        say //home/alice is full
        say /msg bob hi
        say /help
        screen
        key Esc
        say /quit
        ",
        expect![[r#"
            start name=alice
                Dial(Url { host: "localhost", port: 1234 })
                Title("tr2")
            size 80x24
            say /brodcast x
            key Ctrl-U
            say /home/alice is full
            key Ctrl-U
            say //home/alice is full
                send @ref=5-0004 alice | all clients | broadcast_not_me | /home/alice is full
            say /msg bob hi
                send @ref=5-0005 alice | bob | private_message | hi
            say /help
            ┌ Menu ─┌ Help · Up and Down scroll, Esc closes ═══════════════════════┐ · 2 ──┐
            │ 1 Echo│ What can be done                                             │   you │
            │ 2 List│ /echo TEXT            Has the server send a text back.       │       │
            │ 3 Priv│ /list                 Shows who is online; Enter writes to   │       │
            │ 4 Broa│                       the one chosen. Also /names. Also      │       │
            │ 5 Exit│                       /who.                                  │       │
            │ 6 Clos│ /msg NAME TEXT        Sends a message to one user.           │       │
            ├ Conver│ /broadcast TEXT       Sends a message to everyone, with you  │       │
            │ everyo│                       or without you.                        │       │
            * bob   │ /exit  Ctrl-C         Leaves the chat. Also /quit.           │       │
            │       │ /close-server [PASSPHRASE]                                   │       │
            │       │   Ends the server for everyone; only a moderator may.        │       │
            │       │ /help  F1             Shows the keys and the commands.       │       │
            │       │ F2                    Goes to the menu; a digit chooses      │       │
            │       │                       there.                                 │       │
            │       │ /query NAME           Opens the conversation with one user.  │       │
            │       │ /everyone             Opens the conversation with everyone.  │       │
            │       │ Alt-1…9               Opens a conversation by its place in   │       │
            │       │                       the list.                              │       │
            │       │ Ctrl-N                Opens the next conversation.           │       │
            │       │ Ctrl-P                Opens the previous conversation.       │       │
            │       │ Alt-A                 Opens the next conversation with       │       │
            └───────│                       unread messages.                       │───────┘
             alice@l└══════════════════════════════════════════════════════════════┘xt pane
            key Esc
            say /quit
        "#]],
    );
}

#[test]
fn narrow_and_low_screens() {
    check(
        "
        start name=alice
        size 40x10
        online bob
        server @id=1;time=2026-11-22T12:00:00Z bob | all clients | broadcast_not_me | a text that is longer than a row of this screen
        type one\u{20}
        key Alt-Enter
        type two
        screen
        key F2
        screen
        key 1
        screen
        key Esc
        size 20x5
        screen
        ",
        expect![[r#"
            start name=alice
                Dial(Url { host: "localhost", port: 1234 })
                Title("tr2")
            size 40x10
            server @id=1;time=2026-11-22T12:00:00Z bob | all clients | broadcast_not_me | a text that is longer than a row of this screen
            key Alt-Enter




            ─────── Sunday 22 November 2026 ────────
            12:00 bob     a text that is longer than
              a row of this screen
            > one
              two_
             alice@localhost · online · 0 ms
            key F2
            ┌ Menu ════════════════════════════════┐
            │ >1 Echo                              │
            │  2 List clients                      │
            │  3 Private message                   │
            │  4 Broadcast                         │
            │  5 Exit                              │
            │  6 Close server                      │
            │ [Choose] [Cancel]                    │
            └══════════════════════════════════════┘
             alice@localhost · online · 0 ms
            key 1



            ┌ Echo ════════════════════════════════┐
            │ Text: _                              │
            │ [Send] [Cancel]                      │
            └══════════════════════════════════════┘
            > one
              two
             alice@localhost · online · 0 ms
            key Esc
            size 20x5
            bob   a text that is
              longer than a row
              of this screen
            > two_
             2 lines · online ·…
        "#]],
    );
}

#[test]
fn scrolling_back_and_the_new_line() {
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
                Dial(Url { host: "localhost", port: 1234 })
                Title("tr2")
            size 60x14
            say /query bob
            server @id=31;time=2026-11-23T08:00:00Z bob | all clients | broadcast_not_me | next day
                Title("tr2 (1)")
            key Alt-1
                Title("tr2")
            ┌ Menu ─────────────┬ everyone ────────────────────────────┐
            │ 1 Echo            │ 12:00 bob     message 25             │
            │ 2 List clients    │ 12:00 bob     message 26             │
            │ 3 Private message │ 12:00 bob     message 27             │
            │ 4 Broadcast       │ 12:00 bob     message 28             │
            │ 5 Exit            │ 12:00 bob     message 29             │
            │ 6 Close server    │ 12:00 bob     message 30             │
            ├ Conversations ────┤ ───── Monday 23 November 2026 ────── │
            * everyone          │ ─────────────── new ──────────────── │
            │ bob               │ 08:00 bob     next day               │
            │                   ├══════════════════════════════════════┤
            │                   │ > _                                  │
            └───────────────────┴══════════════════════════════════════┘
             alice@localhost · online · 0 ms           F1 help  F2 menu
            key PageUp
            key Up
            server @id=32;time=2026-11-23T08:00:00Z bob | all clients | broadcast_not_me | unseen
            ┌ Menu ─────────────┬ everyone ────────────────────────────┐
            │ 1 Echo            │ 12:00 bob     message 17             │
            │ 2 List clients    │ 12:00 bob     message 18             │
            │ 3 Private message │ 12:00 bob     message 19             │
            │ 4 Broadcast       │ 12:00 bob     message 20             │
            │ 5 Exit            │ 12:00 bob     message 21             │
            │ 6 Close server    │ 12:00 bob     message 22             │
            ├ Conversations ────┤ 12:00 bob     message 23             │
            * everyone          │ 12:00 bob     message 24             │
            │ bob               │ 12:00 bob     message 25             │
            │                   ├═ 7 newer below ══════════════════════┤
            │                   │ > /query bob_                        │
            └───────────────────┴══════════════════════════════════════┘
             alice@localhost · online · 0 ms           F1 help  F2 menu
            key Ctrl-Home
            ┌ Menu ─────────────┬ everyone ────────────────────────────┐
            │ 1 Echo            │ ───── Sunday 22 November 2026 ────── │
            │ 2 List clients    │ 12:00 bob     message 1              │
            │ 3 Private message │ 12:00 bob     message 2              │
            │ 4 Broadcast       │ 12:00 bob     message 3              │
            │ 5 Exit            │ 12:00 bob     message 4              │
            │ 6 Close server    │ 12:00 bob     message 5              │
            ├ Conversations ────┤ 12:00 bob     message 6              │
            * everyone          │ 12:00 bob     message 7              │
            │ bob               │ 12:00 bob     message 8              │
            │                   ├═ 24 newer below ═════════════════════┤
            │                   │ > /query bob_                        │
            └───────────────────┴══════════════════════════════════════┘
             alice@localhost · online · 0 ms           F1 help  F2 menu
            key Esc
            ┌ Menu ─────────────┬ everyone ────────────────────────────┐
            │ 1 Echo            │ 12:00 bob     message 26             │
            │ 2 List clients    │ 12:00 bob     message 27             │
            │ 3 Private message │ 12:00 bob     message 28             │
            │ 4 Broadcast       │ 12:00 bob     message 29             │
            │ 5 Exit            │ 12:00 bob     message 30             │
            │ 6 Close server    │ ───── Monday 23 November 2026 ────── │
            ├ Conversations ────┤ ─────────────── new ──────────────── │
            * everyone          │ 08:00 bob     next day               │
            │ bob               │ 08:00 bob     unseen                 │
            │                   ├══════════════════════════════════════┤
            │                   │ > /query bob_                        │
            └───────────────────┴══════════════════════════════════════┘
             alice@localhost · online · 0 ms           F1 help  F2 menu
        "#]],
    );
}

#[test]
fn who_comes_and_goes_is_one_dim_line() {
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
                Dial(Url { host: "localhost", port: 1234 })
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
fn too_long_a_message_stays_in_the_composer() {
    let long = "x".repeat(7169);
    let steps =
        format!("start name=alice\nsize 40x10\nonline bob\npaste {long}\nkey Enter\nscreen\nkey Backspace\nkey Enter");
    let written = script::play(&steps).replace(&long, "LONG").replace(&"x".repeat(7168), "FITS");
    expect![[r#"
        start name=alice
            Dial(Url { host: "localhost", port: 1234 })
            Title("tr2")
        size 40x10
        paste LONG
        key Enter


        ─────── Sunday 22 November 2026 ────────
        12:00 * This message is 1 bytes too
          long: 7168 is the most. Send it in
          parts.
        > xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
          xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
          xxxxxxxxxxxxxxxxxxxxxxxxx_
         189 lines · alice · online · 0 ms
        key Backspace
        key Enter
            send @ref=5-0004 alice | all clients | broadcast_not_me | FITS
    "#]]
    .assert_eq(&written);
}

#[test]
fn plain_mode_leaves_after_everything_is_accepted() {
    check(
        "
        start plain name=cron
        line 12:00 up 3 days
        eof
        online alice
        +1s
        server @ref=5-0004;id=1 server | cron | accepted
        ",
        expect![[r#"
            start plain name=cron
                Dial(Url { host: "localhost", port: 1234 })
            line 12:00 up 3 days
            eof
            +1s
            server @ref=5-0004;id=1 server | cron | accepted
                send cron | server | exit | no data
                Disconnect
                Leave(Done)
        "#]],
    );
}

#[test]
fn plain_mode_prints_and_complains() {
    check(
        "
        start plain name=cron
        online alice
        server @id=1;time=2026-11-22T12:01:00Z alice | all clients | broadcast_not_me | one\\ntwo
        server @id=2;time=2026-11-22T12:01:00Z alice | cron | private_message | for you
        server @why=timeout server | all clients | left | alice
        line /list
        server @ref=5-0004 server | cron | list_clients | clients connected: cron
        server @ref=5-0004 server | cron | list_end
        line /msg zed hi
        server @ref=5-0005 server | cron | refused | no_such_user There is no zed.
        line /etc/passwd
        eof
        ",
        expect![[r#"
            start plain name=cron
                Dial(Url { host: "localhost", port: 1234 })
            server @id=1;time=2026-11-22T12:01:00Z alice | all clients | broadcast_not_me | one\ntwo
                stdout 12:01 alice: one
                two
            server @id=2;time=2026-11-22T12:01:00Z alice | cron | private_message | for you
                stdout 12:01 alice -> you: for you
            server @why=timeout server | all clients | left | alice
                stdout 12:00 * alice left (timeout)
            line /list
                send @ref=5-0004 cron | server | list_clients | no data
            server @ref=5-0004 server | cron | list_clients | clients connected: cron
            server @ref=5-0004 server | cron | list_end
                stdout 12:00 * Online: cron
            line /msg zed hi
                send @ref=5-0005 cron | zed | private_message | hi
            server @ref=5-0005 server | cron | refused | no_such_user There is no zed.
                stderr tr2: There is no zed. Not sent: hi
            line /etc/passwd
                stderr tr2: There is no command /etc/passwd; /help lists them. //etc/passwd sends it as text.
            eof
                send cron | server | exit | no data
                Disconnect
                Leave(Refused("The server refused part of the input."))
        "#]],
    );
}

#[test]
fn plain_mode_goes_with_the_flow() {
    let lines = (1..=18).map(|n| format!("line {n}\n")).collect::<String>();
    check(
        &format!(
            "
        start plain name=cron
        online
        {lines}
        eof
        server @ref=5-0004;id=1 server | cron | accepted
        server @ref=5-0005 server | cron | refused | rate_limited Slower, please.
        server @ref=5-0006;id=2 server | cron | accepted
        tick
        +40s
        "
        ),
        expect![[r#"
            start plain name=cron
                Dial(Url { host: "localhost", port: 1234 })
            line 1
                send @ref=5-0004 cron | all clients | broadcast_not_me | 1
            line 2
                send @ref=5-0005 cron | all clients | broadcast_not_me | 2
            line 3
                send @ref=5-0006 cron | all clients | broadcast_not_me | 3
            line 4
                send @ref=5-0007 cron | all clients | broadcast_not_me | 4
            line 5
                send @ref=5-0008 cron | all clients | broadcast_not_me | 5
            line 6
                send @ref=5-0009 cron | all clients | broadcast_not_me | 6
            line 7
                send @ref=5-000a cron | all clients | broadcast_not_me | 7
            line 8
                send @ref=5-000b cron | all clients | broadcast_not_me | 8
            line 9
                send @ref=5-000c cron | all clients | broadcast_not_me | 9
            line 10
                send @ref=5-000d cron | all clients | broadcast_not_me | 10
            line 11
                send @ref=5-000e cron | all clients | broadcast_not_me | 11
            line 12
                send @ref=5-000f cron | all clients | broadcast_not_me | 12
            line 13
                send @ref=5-0010 cron | all clients | broadcast_not_me | 13
            line 14
                send @ref=5-0011 cron | all clients | broadcast_not_me | 14
            line 15
                send @ref=5-0012 cron | all clients | broadcast_not_me | 15
            line 16
                send @ref=5-0013 cron | all clients | broadcast_not_me | 16
            line 17
            line 18
            eof
            server @ref=5-0004;id=1 server | cron | accepted
                send @ref=5-0014 cron | all clients | broadcast_not_me | 17
            server @ref=5-0005 server | cron | refused | rate_limited Slower, please.
            server @ref=5-0006;id=2 server | cron | accepted
            tick at 1s
                send @ref=5-0015 cron | all clients | broadcast_not_me | 2
                send @ref=5-0016 cron | all clients | broadcast_not_me | 18
            +40s
                send cron | server | ping | 17
                send cron | server | exit | no data
                Disconnect
                Leave(Failed("16 lines were not sent."))
        "#]],
    );
}

#[test]
fn plain_mode_ends_when_it_cannot_begin() {
    check(
        "
        start plain name=cron
        failed Connection refused.
        start plain name=cron
        connected 2.26
        server server | client | name | TR2.26
        server server | client | refused | name_taken cron is taken.
        start plain name=cron
        online
        line lost
        lost The line was cut.
        eof
        start plain name=cron
        connected 2.23
        server server | client | name | no data
        server server | cron | connection_confirmation | You are now connected
        server server | cron | list_clients | clients connected: cron
        line old friend
        eof
        start plain name=cron
        online
        hangup
        ",
        expect![[r#"
            start plain name=cron
                Dial(Url { host: "localhost", port: 1234 })
            failed Connection refused.
                Leave(Failed("No answer from tcp://localhost:1234: Connection refused. Start a server with: tr2 serve"))
            start plain name=cron
                Dial(Url { host: "localhost", port: 1234 })
            connected 2.26
            server server | client | name | TR2.26
                send @ref=5-0001 cron | server | name | cron
            server server | client | refused | name_taken cron is taken.
                Disconnect
                Leave(Refused("cron is taken."))
            start plain name=cron
                Dial(Url { host: "localhost", port: 1234 })
            line lost
                send @ref=5-0004 cron | all clients | broadcast_not_me | lost
            lost The line was cut.
                stderr tr2: The connection was lost before the server had accepted it. Not sent: lost
                stderr tr2: The connection is gone: The line was cut. Trying again by itself.
            eof
                Leave(Failed("1 line was not sent."))
            start plain name=cron
                Dial(Url { host: "localhost", port: 1234 })
            connected 2.23
            server server | client | name | no data
                send @ref=5-0001 cron | server | name | cron
            server server | cron | connection_confirmation | You are now connected
                send @ref=5-0002 cron | server | list_clients | no data
            server server | cron | list_clients | clients connected: cron
            line old friend
                send @ref=5-0003 cron | all clients | broadcast_not_me | old friend
            eof
                send cron | server | exit | no data
                Disconnect
                Leave(Done)
            start plain name=cron
                Dial(Url { host: "localhost", port: 1234 })
            hangup
                send cron | server | exit | no data
                Disconnect
                Leave(Done)
        "#]],
    );
}

#[test]
fn plain_mode_closes_the_server_with_the_passphrase() {
    check(
        "
        start plain name=root
        online
        line /close-server
        server @ref=5-0004 server | root | refused | not_moderator Only a moderator may close the server.
        line /close-server correct horse
        line said before it closes
        server @ref=5-0005 server | root | moderator | You are a moderator.
        server server | all clients | broadcast | server closed
        eof
        +30s
        ",
        expect![[r#"
            start plain name=root
                Dial(Url { host: "localhost", port: 1234 })
            line /close-server
                send @ref=5-0004 root | server | close_server | close server
            server @ref=5-0004 server | root | refused | not_moderator Only a moderator may close the server.
                stderr tr2: Only a moderator may close the server.
            line /close-server correct horse
                send @ref=5-0005 root | server | moderator | correct horse
            line said before it closes
            server @ref=5-0005 server | root | moderator | You are a moderator.
                send @ref=5-0006 root | server | close_server | close server
            server server | all clients | broadcast | server closed
                Disconnect
                stderr tr2: The connection is gone: The server was closed. Trying again by itself.
            eof
            +30s
                Dial(Url { host: "localhost", port: 1234 })
                Disconnect
                Leave(Refused("The server refused part of the input."))
        "#]],
    );
}

#[test]
fn focus_goes_round_and_writing_comes_back() {
    check(
        "
        start name=alice
        size 80x14
        online bob carol
        key Tab
        key Down
        screen
        key Tab
        key Tab
        key Down
        key Enter
        screen
        key Shift-Tab
        key Up
        type x
        screen
        key Ctrl-N
        key Ctrl-L
        key Ctrl-Z
        key Ctrl-C
        screen
        key Enter
        ",
        expect![[r#"
            start name=alice
                Dial(Url { host: "localhost", port: 1234 })
                Title("tr2")
            size 80x14
            key Tab
            key Down
            ┌ Menu ═════════════┬ everyone ─────────────────────────────────┬ Online · 3 ──┐
            │ 1 Echo            │                                           │ alice    you │
            > 2 List clients    │                                           │ bob          │
            │ 3 Private message │                                           │ carol        │
            │ 4 Broadcast       │                                           │              │
            │ 5 Exit            │                                           │              │
            │ 6 Close server    │                                           │              │
            ├ Conversations ────┤                                           │              │
            * everyone          │                                           │              │
            │                   │                                           │              │
            │                   ├───────────────────────────────────────────┤              │
            │                   │ >                                         │              │
            └───────────────────┴───────────────────────────────────────────┴──────────────┘
             alice@localhost · online · 0 ms                F1 help  F2 menu  Tab next pane
            key Tab
            key Tab
            key Down
            key Enter
            ┌ Menu ─────────────┬ bob ──────────────────────────────────────┬ Online · 3 ──┐
            │ 1 Echo            │                                           │ alice    you │
            │ 2 List clients    │                                           │ bob          │
            │ 3 Private message │                                           │ carol        │
            │ 4 Broadcast       │                                           │              │
            │ 5 Exit            │                                           │              │
            │ 6 Close server    │                                           │              │
            ├ Conversations ────┤                                           │              │
            │ everyone          │                                           │              │
            * bob               │                                           │              │
            │                   ├═══════════════════════════════════════════┤              │
            │                   │ > _                                       │              │
            └───────────────────┴═══════════════════════════════════════════┴──────────────┘
             alice@localhost · online · 0 ms                F1 help  F2 menu  Tab next pane
            key Shift-Tab
            key Up
            ┌ Menu ─────────────┬ bob ──────────────────────────────────────┬ Online · 3 ──┐
            │ 1 Echo            │                                           │ alice    you │
            │ 2 List clients    │                                           │ bob          │
            │ 3 Private message │                                           │ carol        │
            │ 4 Broadcast       │                                           │              │
            │ 5 Exit            │                                           │              │
            │ 6 Close server    │                                           │              │
            ├ Conversations ────┤                                           │              │
            │ everyone          │                                           │              │
            * bob               │                                           │              │
            │                   ├═══════════════════════════════════════════┤              │
            │                   │ > x_                                      │              │
            └───────────────────┴═══════════════════════════════════════════┴──────────────┘
             alice@localhost · online · 0 ms                F1 help  F2 menu  Tab next pane
            key Ctrl-N
            key Ctrl-L
                Redraw
            key Ctrl-Z
                Suspend
            key Ctrl-C
            ┌ Menu ─────────────┬ everyone ─────────────────────────────────┬ Online · 3 ──┐
            │ 1 Echo            │                                           │ alice    you │
            │ 2 List clients    │                                           │ bob          │
            │ 3 Private message │                                           │ carol        │
            │ 4 Broadcast       │                                           │              │
            │ 5 Exit┌ Exit ════════════════════════════════════════════════════════┐       │
            │ 6 Clos│ What you are writing is not sent. Leave all the same?        │       │
            ├ Conver│ <Leave> [Stay]                                               │       │
            * everyo└══════════════════════════════════════════════════════════════┘       │
            │ bob               │                                           │              │
            │                   ├───────────────────────────────────────────┤              │
            │                   │ >                                         │              │
            └───────────────────┴───────────────────────────────────────────┴──────────────┘
             alice@localhost · online · 0 ms                F1 help  F2 menu  Tab next pane
            key Enter
                send alice | server | exit | no data
                Disconnect
                Leave(Done)
        "#]],
    );
}

#[test]
fn the_kept_passphrase_makes_a_moderator_again() {
    check(
        "
        start name=alice
        size 80x24
        online
        say /close-server open sesame
        server @ref=5-0004 server | alice | moderator | You are a moderator.
        key Esc
        lost The server restarts.
        tick
        connected 2.26
        server server | client | name | TR2.26
        server @ref=5-0005 server | client | moderator | You are a moderator.
        server server | alice | connection_confirmation | hello
        ",
        expect![[r#"
            start name=alice
                Dial(Url { host: "localhost", port: 1234 })
                Title("tr2")
            size 80x24
            say /close-server open sesame
                send @ref=5-0004 alice | server | moderator | open sesame
            server @ref=5-0004 server | alice | moderator | You are a moderator.
            key Esc
            lost The server restarts.
            tick at 382ms
                Dial(Url { host: "localhost", port: 1234 })
            connected 2.26
            server server | client | name | TR2.26
                send @ref=5-0005 alice | server | moderator | open sesame
            server @ref=5-0005 server | client | moderator | You are a moderator.
                send @ref=5-0006 alice | server | name | alice
            server server | alice | connection_confirmation | hello
                send @ref=5-0007 alice | server | list_clients | no data
                send alice | server | ping | 8
        "#]],
    );
}

#[test]
fn a_silent_server_is_left() {
    check(
        "
        start name=alice
        size 40x10
        connected 2.26
        tick
        key Enter
        connected 2.26
        server server | client | name | TR2.26
        server server | alice | connection_confirmation | hello
        tick
        server server | alice | pong | 3
        tick
        tick
        tick
        tick
        server server | client | name | TR2.26
        hangup
        key x
        ",
        expect![[r#"
            start name=alice
                Dial(Url { host: "localhost", port: 1234 })
                Title("tr2")
            size 40x10
            connected 2.26
            tick at 10s
                Disconnect
            key Enter
                Dial(Url { host: "localhost", port: 1234 })
            connected 2.26
            server server | client | name | TR2.26
                send @ref=5-0001 alice | server | name | alice
            server server | alice | connection_confirmation | hello
                send @ref=5-0002 alice | server | list_clients | no data
                send alice | server | ping | 3
            tick at 30s
                send alice | server | ping | 4
            server server | alice | pong | 3
            tick at 50s
                send alice | server | ping | 5
            tick at 70s
                send alice | server | ping | 6
            tick at 90s
                Disconnect
            tick at 90.382s
                Dial(Url { host: "localhost", port: 1234 })
            server server | client | name | TR2.26
            hangup
                Disconnect
                Leave(Done)
            key x
        "#]],
    );
}

#[test]
fn what_peers_mean_to_harm_is_shown_harmless() {
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
                Dial(Url { host: "localhost", port: 1234 })
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
            ├ Conversations ────┤ 12:00 bob     ó́́́k                     │
            * everyone          │ 12:00 bob     �]52;c;ZXZpbA==�       │
            │ �[31mred      (1) │               copied?                │
            │                   │ 12:00 bob     �live� and �alone      │
            │                   │ 12:00 * 12:00 carol   trust me       │
            │                   ├══════════════════════════════════════┤
            │                   │ > _                                  │
            └───────────────────┴══════════════════════════════════════┘
             alice@localhost · online · TR2.23         F1 help  F2 menu
        "#]],
    );
}

#[test]
fn the_help_scrolls_from_end_to_end() {
    check(
        "
        start name=alice
        size 60x10
        online
        key F1
        key Down
        screen
        key PageDown
        key PageDown
        key PageDown
        key PageDown
        key PageDown
        key PageDown
        key PageDown
        key PageDown
        key PageDown
        key PageDown
        key PageDown
        key PageDown
        key PageDown
        screen
        key Up
        screen
        size 30x8
        screen
        key Enter
        key q
        screen
        ",
        expect![[r#"
            start name=alice
                Dial(Url { host: "localhost", port: 1234 })
                Title("tr2")
            size 60x10
            key F1
            key Down
            ┌ Help · Up and Down scroll, Esc closes ═══════════════════┐
            │ /echo TEXT            Has the server send a text back.   │
            │ /list                 Shows who is online; Enter writes  │
            │                       to the one chosen. Also /names.    │
            │                       Also /who.                         │
            │ /msg NAME TEXT        Sends a message to one user.       │
            │ /broadcast TEXT       Sends a message to everyone, with  │
            │                       you or without you.                │
            │ /exit  Ctrl-C         Leaves the chat. Also /quit.       │
            └══════════════════════════════════════════════════════════┘
            key PageDown
            key PageDown
            key PageDown
            key PageDown
            key PageDown
            key PageDown
            key PageDown
            key PageDown
            key PageDown
            key PageDown
            key PageDown
            key PageDown
            key PageDown
            ┌ Help · Up and Down scroll, Esc closes ═══════════════════┐
            │                       Backspace do.                      │
            │ Ctrl-U, Ctrl-K        Cut to the start and to the end of │
            │                       the line.                          │
            │ Ctrl-W, Alt-D         Cut the word before and after the  │
            │                       cursor; Alt-Backspace is Ctrl-W.   │
            │ Ctrl-Y                Puts back what was cut.            │
            │ //text sends a text that begins with a slash.            │
            │ <Close>                                                  │
            └══════════════════════════════════════════════════════════┘
            key Up
            ┌ Help · Up and Down scroll, Esc closes ═══════════════════┐
            │                       before the cursor, as Delete and   │
            │                       Backspace do.                      │
            │ Ctrl-U, Ctrl-K        Cut to the start and to the end of │
            │                       the line.                          │
            │ Ctrl-W, Alt-D         Cut the word before and after the  │
            │                       cursor; Alt-Backspace is Ctrl-W.   │
            │ Ctrl-Y                Puts back what was cut.            │
            │ //text sends a text that begins with a slash.            │
            └══════════════════════════════════════════════════════════┘
            size 30x8
            ┌════════════════════════════┐
            │   Scrolls on to the newest │
            │   message.                 │
            │ /resend  Alt-R             │
            │   Sends again what could   │
            │   not be sent in this      │
            │   conversation.            │
            └════════════════════════════┘
            key Enter
            key q






            > q_
             alice · online · 0 ms
        "#]],
    );
}

#[test]
fn plain_mode_never_sends_to_all_what_was_meant_for_one() {
    check(
        "
        start plain name=cron
        online bob
        line //exit is a text
        line /query bob
        line secret for bob
        server @ref=5-0005;id=2 server | cron | accepted
        line /query zed
        line secret for zed
        server @ref=5-0006 server | cron | refused | no_such_user There is no zed.
        line more for zed
        line /query no|name
        line held too
        line /everyone
        line for all
        line /qurey bob
        line not for all
        line /query
        line nor this
        line /msg bob by name
        ",
        expect![[r#"
            start plain name=cron
                Dial(Url { host: "localhost", port: 1234 })
            line //exit is a text
                send @ref=5-0004 cron | all clients | broadcast_not_me | /exit is a text
            line /query bob
                stdout 12:00 * What you write goes to bob now; /everyone goes back to all.
            line secret for bob
                send @ref=5-0005 cron | bob | private_message | secret for bob
            server @ref=5-0005;id=2 server | cron | accepted
            line /query zed
                stdout 12:00 * What you write goes to zed now; /everyone goes back to all.
            line secret for zed
                send @ref=5-0006 cron | zed | private_message | secret for zed
            server @ref=5-0006 server | cron | refused | no_such_user There is no zed.
                stderr tr2: There is no zed. Not sent: secret for zed
            line more for zed
                stderr tr2: Say first to whom, with /query NAME or /everyone. Not sent: more for zed
            line /query no|name
                stderr tr2: 'no|name' is nobody's name. A name is made of letters, digits, '-', '_' and '.'.
            line held too
                stderr tr2: Say first to whom, with /query NAME or /everyone. Not sent: held too
            line /everyone
                stdout 12:00 * What you write goes to everyone now.
            line for all
                send @ref=5-0007 cron | all clients | broadcast_not_me | for all
            line /qurey bob
                stderr tr2: There is no command /qurey; perhaps /query. //qurey sends it as text.
            line not for all
                stderr tr2: Say first to whom, with /query NAME or /everyone. Not sent: not for all
            line /query
                stderr tr2: Write /query NAME. Opens the conversation with one user.
            line nor this
                stderr tr2: Say first to whom, with /query NAME or /everyone. Not sent: nor this
            line /msg bob by name
                send @ref=5-0008 cron | bob | private_message | by name
        "#]],
    );
}

#[test]
fn what_a_long_line_goes_on_with_is_no_command_and_goes_where_it_went() {
    check(
        "
        start plain name=cron
        line to all
        rest /exit
        online bob
        line /msg bob for bob
        rest /msg zed still for bob
        line /broadcast me too
        rest and this
        line /unknown command
        rest is not said
        line /help
        rest nor this
        ",
        expect![[r#"
            start plain name=cron
                Dial(Url { host: "localhost", port: 1234 })
            line to all
            rest /exit
            line /msg bob for bob
                send @ref=5-0006 cron | bob | private_message | for bob
            rest /msg zed still for bob
                send @ref=5-0007 cron | bob | private_message | /msg zed still for bob
            line /broadcast me too
                send @ref=5-0008 cron | all clients | broadcast | me too
            rest and this
                send @ref=5-0009 cron | all clients | broadcast | and this
            line /unknown command
                stderr tr2: There is no command /unknown; /help lists them. //unknown sends it as text.
            rest is not said
                stderr tr2: The line it belongs to was no message. Not sent: is not said
            line /help
                stdout 12:00 * /echo TEXT               Has the server send a text back.
                stdout 12:00 * /list                    Shows who is online; Enter writes to the one chosen.
                stdout 12:00 * /msg NAME TEXT           Sends a message to one user.
                stdout 12:00 * /broadcast TEXT          Sends a message to everyone, with you or without you.
                stdout 12:00 * /exit                    Leaves the chat.
                stdout 12:00 * /close-server [PASSPHRASE] Ends the server for everyone; only a moderator may.
                stdout 12:00 * /help                    Shows the keys and the commands.
                stdout 12:00 * /query NAME              Opens the conversation with one user.
                stdout 12:00 * /everyone                Opens the conversation with everyone.
                stdout 12:00 * /resend                  Sends again what could not be sent in this conversation.
                stdout 12:00 * /reconnect               Tries at once to reach the server again.
            rest nor this
                stderr tr2: The line it belongs to was no message. Not sent: nor this
        "#]],
    );
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
                Dial(Url { host: "localhost", port: 1234 })
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
            ├ Conversations ────┤ 12:00 alice   10 [sending]           │
            * everyone          │ 12:00 alice   11 [sending]           │
            │                   │ 12:00 alice   12 [sending]           │
            │                   │ 12:00 alice   13 [sending]           │
            │                   │ 12:00 alice   14 [sending]           │
            │                   │ 12:00 alice   15 [sending]           │
            │                   │ 12:00 alice   16 [sending]           │
            │                   │ 12:00 alice   17 [sending]           │
            │                   │ 12:00 alice   18 [sending]           │
            │                   │ 12:00 * The server takes messages    │
            │                   │         slowly; what is marked is on │
            │                   │         its way.                     │
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
            │ 1 Echo            │ 12:00 alice   11 [not sent]          │
            │ 2 List clients    │ 12:00 alice   12 [not sent]          │
            │ 3 Private message │ 12:00 alice   13 [not sent]          │
            │ 4 Broadcast       │ 12:00 alice   14 [not sent]          │
            │ 5 Exit            │ 12:00 alice   15 [not sent]          │
            │ 6 Close server    │ 12:00 alice   16 [not sent]          │
            ├ Conversations ────┤ 12:00 alice   17 [not sent]          │
            * everyone          │ 12:00 alice   18 [not sent]          │
            │                   │ 12:00 * The server takes messages    │
            │                   │         slowly; what is marked is on │
            │                   │         its way.                     │
            │                   │ 12:00 alice   last [not sent]        │
            │                   │ 12:00 * The connection is gone: It   │
            │                   │         is gone. Trying again by     │
            │                   │         itself.                      │
            │                   │ 12:00 * What is marked as not sent   │
            │                   │         may have arrived all the     │
            │                   │         same: the server did not get │
            │                   │         to say so.                   │
            │                   ├══════════════════════════════════════┤
            │                   │ > _                                  │
            └───────────────────┴══════════════════════════════════════┘
             alice@localhost · reconnecting in 1 s     F1 help  F2 menu
        "#]],
    );
}

#[test]
fn a_message_that_is_never_taken_is_given_up_and_can_be_sent_again() {
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
                Dial(Url { host: "localhost", port: 1234 })
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
            │ 12:00 * The server takes messages slowly; what is marked │
            │         is on its way.                                   │
            │ 12:00 * Not sent: Slower. Alt-R sends it again.          │
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
fn a_wall_clock_that_is_set_moves_no_timer() {
    check(
        "
        start name=alice
        size 80x24
        online bob
        wall +2h
        +1s
        lost It broke.
        wall -5h
        tick
        connected 2.26
        wall +24h
        +9s
        say not yet online
        tick
        status
        ",
        expect![[r#"
            start name=alice
                Dial(Url { host: "localhost", port: 1234 })
                Title("tr2")
            size 80x24
            wall +2h
            +1s
            lost It broke.
            wall -5h
            tick at 1.382s
                Dial(Url { host: "localhost", port: 1234 })
            connected 2.26
            wall +24h
            +9s
            say not yet online
            tick at 11.382s
                Disconnect
              [ alice@localhost · reconnecting in 1 s|F1 help  F2 menu  Tab next pane ]
        "#]],
    );
}

#[test]
fn plain_mode_says_how_it_ends_when_the_server_is_closed() {
    check(
        "
        start plain name=root
        online
        line /close-server
        eof
        server server | all clients | broadcast | server closed
        start plain name=cron
        online
        line on its way
        eof
        server server | all clients | broadcast | server closed
        start plain name=cron
        online
        line /echo hi
        eof
        lost The line was cut.
        ",
        expect![[r#"
            start plain name=root
                Dial(Url { host: "localhost", port: 1234 })
            line /close-server
                send @ref=5-0004 root | server | close_server | close server
            eof
            server server | all clients | broadcast | server closed
                Disconnect
                stdout 12:00 * The server was closed.
                Leave(Done)
            start plain name=cron
                Dial(Url { host: "localhost", port: 1234 })
            line on its way
                send @ref=5-0004 cron | all clients | broadcast_not_me | on its way
            eof
            server server | all clients | broadcast | server closed
                Disconnect
                stderr tr2: The connection was lost before the server had accepted it. Not sent: on its way
                stderr tr2: The server was closed.
                Leave(Failed("1 line was not sent."))
            start plain name=cron
                Dial(Url { host: "localhost", port: 1234 })
            line /echo hi
                send @ref=5-0004 cron | cron | echo | hi
            eof
            lost The line was cut.
                stderr tr2: The line was cut.
                Leave(Done)
        "#]],
    );
}

#[test]
fn small_screens_show_what_matters() {
    check(
        "
        start name=alice
        size 40x10
        online bob
        server @id=1;time=2026-11-22T12:00:00Z bob | alice | private_message | a text so long that on the smallest of all screens its own beginning is out of sight
        key Ctrl-N
        paste one\\ntwo\\nthree\\nfour\\nfive
        screen
        size 20x5
        screen
        size 60x24
        paste \\n6\\n7\\n8\\n9
        screen
        ",
        expect![[r#"
            start name=alice
                Dial(Url { host: "localhost", port: 1234 })
                Title("tr2")
            size 40x10
            server @id=1;time=2026-11-22T12:00:00Z bob | alice | private_message | a text so long that on the smallest of all screens its own beginning is out of sight
                Bell
                Title("tr2 (1)")
            key Ctrl-N
                Title("tr2")
            paste one\ntwo\nthree\nfour\nfive

            ─────── Sunday 22 November 2026 ────────
            ───────────────── new ──────────────────
            12:00 bob     a text so long that on the
              smallest of all screens its own
              beginning is out of sight
            bob> three
                 four
                 five_
             5 lines · alice · online · 0 ms
            size 20x5
            bob …
              beginning is out
              of sight
            bob> five_
             5 lines · online ·…
            size 60x24
            paste \n6\n7\n8\n9
            ┌ Menu ─────────────┬ bob ─────────────────────────────────┐
            │ 1 Echo            │                                      │
            │ 2 List clients    │                                      │
            │ 3 Private message │                                      │
            │ 4 Broadcast       │                                      │
            │ 5 Exit            │                                      │
            │ 6 Close server    │                                      │
            ├ Conversations ────┤ ───── Sunday 22 November 2026 ────── │
            │ everyone          │ ─────────────── new ──────────────── │
            * bob               │ 12:00 bob     a text so long that on │
            │                   │               the smallest of all    │
            │                   │               screens its own        │
            │                   │               beginning is out of    │
            │                   │               sight                  │
            │                   ├═ 9 lines ════════════════════════════┤
            │                   │ > three                              │
            │                   │   four                               │
            │                   │   five                               │
            │                   │   6                                  │
            │                   │   7                                  │
            │                   │   8                                  │
            │                   │   9_                                 │
            └───────────────────┴══════════════════════════════════════┘
             alice@localhost · online · 0 ms           F1 help  F2 menu
        "#]],
    );
}
