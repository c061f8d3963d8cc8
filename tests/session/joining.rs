//! Joining: names, passphrases, unreachable servers.

use expect_test::expect;

use crate::check;

#[test]
fn joining_asks_for_the_list_of_users() {
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
                Dial(tcp://localhost:1234)
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
fn an_unreachable_server_opens_a_dialog() {
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
                Dial(tcp://localhost:1234)
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
            │ 7 Search          │                                           │              │
            │ 8 Rooms           │                                           │              │
            │ 9 Mode┌ No server ═══════════════════════════════════════════════════┐       │
            ├ Conver│ No answer from tcp://localhost:1234: Connection refused.     │       │
            * everyo│ To start a server on this machine: tr2 serve                 │       │
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
             alice@localhost · offline · F5 tries again     F1 help  F2 menu  Tab next pane
            key Enter
                Dial(tcp://localhost:1234)
            failed Connection refused.
            key Up
            key Ctrl-U
            key Enter
                Dial(tcp://example.org:99)
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
            │ 7 Search          │                                           │              │
            │ 8 Room┌ No server ═══════════════════════════════════════════════════┐       │
            │ 9 Mode│ 'http://x' is not a server address; write tcp://HOST:PORT,   │       │
            ├ Conver│ tls://HOST:PORT, unix:PATH or ssh://HOST.                    │       │
            * everyo│ To start a server on this machine: tr2 serve                 │       │
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
             alice@example.org:99 · offline · F5 tries again               F1 help  F2 menu
            key Esc
              [ alice@example.org:99 · offline · F5 tries again|F1 help  F2 menu ]
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
                Dial(tcp://localhost:1234)
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
            │ 7 Search          │                                           │              │
            │ 8 Room┌ Name ════════════════════════════════════════════════════════┐       │
            │ 9 Mode│ alice is taken; choose another name.                         │       │
            ├ Conver│ Join under another name, or elsewhere:                       │       │
            * everyo│ Name: alice_                                                 │       │
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
             alice@localhost · offline · F5 tries again     F1 help  F2 menu  Tab next pane
            key Ctrl-U
            key Enter
                Dial(tcp://localhost:1234)
        "#]],
    );
}

#[test]
fn a_reserved_name_asks_for_the_passphrase() {
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
                Dial(tcp://localhost:1234)
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
            │ 7 Search          │                                           │              │
            │ 8 Room┌ Kept name ═══════════════════════════════════════════════════┐       │
            │ 9 Mode│ root is kept for who knows the passphrase.                   │       │
            ├ Conver│ Give the moderator passphrase, or another name.              │       │
            * everyo│ Passphrase: _                                                │       │
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
             root@localhost · offline · F5 tries again      F1 help  F2 menu  Tab next pane
            key Enter
                Dial(tcp://localhost:1234)
            connected 2.26
            server server | client | name | TR2.26
                send @ref=5-0002 root | server | moderator | wrong
            server @ref=5-0002 server | client | refused | wrong_passphrase That is not the passphrase.
                Disconnect
            key Tab
            key Enter
                Dial(tcp://localhost:1234)
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
fn an_invalid_login_name_is_replaced_before_dialing() {
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
            │ 7 Search          │                                           │              │
            │ 8 Room┌ Name ════════════════════════════════════════════════════════┐       │
            │ 9 Mode│ '1000' cannot be your name here. A name needs a letter.      │       │
            ├ Conver│ Join under another name, or elsewhere:                       │       │
            * everyo│ Name: 1000_                                                  │       │
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
             1000@localhost · offline · F5 tries again      F1 help  F2 menu  Tab next pane
            start plain login=1000
                Leave(Refused("'1000' cannot be your name here. A name needs a letter. Give one with --name."))
        "#]],
    );
}

#[test]
fn the_passphrase_is_not_sent_again_to_a_later_server() {
    check(
        "
        start name=alice
        size 80x24
        online
        say /close-server open-sesame
        server @ref=5-0004 server | alice | moderator | You are a moderator.
        key Esc
        lost The server restarts.
        tick
        connected 2.26
        server server | client | name | TR2.26
        server server | alice | connection_confirmation | hello
        ",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x24
            say /close-server open-sesame
                send @ref=5-0004 alice | server | moderator | open-sesame
            server @ref=5-0004 server | alice | moderator | You are a moderator.
            key Esc
            lost The server restarts.
            tick at 382ms
                Dial(tcp://localhost:1234)
            connected 2.26
            server server | client | name | TR2.26
                send @ref=5-0005 alice | server | name | alice
            server server | alice | connection_confirmation | hello
                send @ref=5-0006 alice | server | list_clients | no data
                send alice | server | ping | 7
        "#]],
    );
}
