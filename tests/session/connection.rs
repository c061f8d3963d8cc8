//! Losing the connection and reconnecting.

use expect_test::expect;

use crate::check;

#[test]
fn the_session_reconnects_by_itself_and_offers_unsent_messages() {
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
        key F5
        connected 2.26
        server server | client | name | TR2.26
        server server | alice | connection_confirmation | hello
        screen
        key Alt-R
        ",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x24
            say on its way
                send @ref=5-0004 alice | all clients | broadcast_not_me | on its way
            lost The server went away.
              [ alice@localhost · reconnecting in 1 s|F1 help  F2 menu  Tab next pane ]
            say while away
            tick at 382ms
                Dial(tcp://localhost:1234)
            failed Connection refused.
              [ alice@localhost · reconnecting in 1 s|F1 help  F2 menu  Tab next pane ]
            key F5
                Dial(tcp://localhost:1234)
            connected 2.26
            server server | client | name | TR2.26
                send @ref=5-0006 alice | server | name | alice
            server server | alice | connection_confirmation | hello
                send @ref=5-0007 alice | server | list_clients | no data
                send alice | server | ping | 8
                send @ref=5-0005 alice | all clients | broadcast_not_me | while away
            ┌ Menu ─────────────┬ everyone ─────────────────────────────────┬ Online · 0 ──┐
            │ 1 Echo            │                                           │              │
            │ 2 List clients    │                                           │              │
            │ 3 Private message │                                           │              │
            │ 4 Broadcast       │                                           │              │
            │ 5 Exit            │                                           │              │
            │ 6 Close server    │                                           │              │
            │ 7 Search          │ ──────── Sunday 22 November 2026 ──────── │              │
            │ 8 Rooms           │ 12:00 alice   on its way [not confirmed]  │              │
            │ 9 Moderate        │ 12:00 * Connection lost: The server went  │              │
            ├ Conversations ────┤         away. Reconnecting…               │              │
            * everyone          │ 12:00 * Messages marked as not confirmed  │              │
            │                   │         may have arrived: the server      │              │
            │                   │         could not say so.                 │              │
            │                   │ 12:00 alice   while away [sending]        │              │
            │                   │ 12:00 * Online again.                     │              │
            │                   │ 12:00 * 1 message was not sent, or not    │              │
            │                   │         confirmed. Alt-R or /resend       │              │
            │                   │         resends the marked messages of a  │              │
            │                   │         conversation.                     │              │
            │                   ├═══════════════════════════════════════════┤              │
            │                   │ > _                                       │              │
            └───────────────────┴═══════════════════════════════════════════┴──────────────┘
             alice@localhost · online                       F1 help  F2 menu  Tab next pane
            key Alt-R
                send @ref=5-0009 alice | all clients | broadcast_not_me | on its way
        "#]],
    );
}

#[test]
fn a_closed_server_does_not_end_the_session() {
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
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x24
            server server | all clients | broadcast | server closed
                Disconnect
              [ alice@localhost · reconnecting in 1 s|F1 help  F2 menu  Tab next pane ]
            tick at 382ms
                Dial(tcp://localhost:1234)
        "#]],
    );
}

#[test]
fn ones_own_stale_session_is_waited_out() {
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
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x24
            lost cut
            tick at 382ms
                Dial(tcp://localhost:1234)
            connected 2.26
            server server | client | name | TR2.26
                send @ref=5-0004 alice | server | name | alice
            server server | client | refused | name_taken alice is taken.
                Disconnect
              [ alice@localhost · reconnecting in 1 s|F1 help  F2 menu  Tab next pane ]
            +100s
                Dial(tcp://localhost:1234)
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
            │ 7 Search          │                                           │              │
            │ 8 Room┌ Name ════════════════════════════════════════════════════════┐       │
            │ 9 Mode│ alice is taken.                                              │       │
            ├ Conver│ Join under another name, or elsewhere:                       │       │
            * everyo│ Name: alice_                                                 │       │
            │       │ Server: tcp://localhost:1234                                 │       │
            │       │ [Join] [Quit]                                                │       │
            │       └══════════════════════════════════════════════════════════════┘       │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │ ──────── Sunday 22 November 2026 ──────── │              │
            │                   │ 12:00 * Connection lost: cut.             │              │
            │                   │         Reconnecting…                     │              │
            │                   ├───────────────────────────────────────────┤              │
            │                   │ >                                         │              │
            └───────────────────┴───────────────────────────────────────────┴──────────────┘
             alice@localhost · offline · F5 tries again     F1 help  F2 menu  Tab next pane
        "#]],
    );
}

#[test]
fn a_silent_server_is_disconnected_from() {
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
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 40x10
            connected 2.26
            tick at 10s
                Disconnect
            key Enter
                Dial(tcp://localhost:1234)
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
                Dial(tcp://localhost:1234)
            server server | client | name | TR2.26
            hangup
                Disconnect
                Leave(Done)
            key x
        "#]],
    );
}

#[test]
fn setting_the_wall_clock_moves_no_timer() {
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
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x24
            wall +2h
            +1s
            lost It broke.
            wall -5h
            tick at 1.382s
                Dial(tcp://localhost:1234)
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
                Dial(tcp://localhost:1234)
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
            │ 7 Search          │                                           │              │
            │ 8 Rooms           │                                           │              │
            │ 9 Moderate        │                                           │              │
            ├ Conversations ────┤                                           │              │
            * everyone          │                                           │              │
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
