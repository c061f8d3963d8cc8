//! Joining: names, passphrases, unreachable servers.

use expect_test::expect;

use crate::check;
use crate::script::play;

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
              [○ alice  connecting…|Ctrl-K go  Ctrl-F find  F1 keys]
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
              [● alice|Ctrl-K go  Ctrl-F find  F1 keys]
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
                LookAround
            *1 everyone     │ everyone
                            │
                            │
                            │
                            │
                            │
                            │
                            │
                            │ ┌ No server ───────────────────────────────────────────────┐
                            │ │ No answer from tcp://localhost:1234: Connection refused. │
                            │ │ Start a server with: tr2 serve                           │
                            │ │ Server: tcp://localhost:1234                             │
                            │ │ <Try again> [Quit]                                       │
             1 Echo         │ └──────────────────────────────────────────────────────────┘
             2 List clients │
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │
             6 Close server │
             7 Search       │
             8 Rooms        │
             9 Moderate     │
             0 Call         │ >
             ○ alice  offline · /reconnect tries again      Ctrl-K go  Ctrl-F find  F1 keys
            key Enter
                Dial(tcp://localhost:1234)
            failed Connection refused.
                LookAround
            key Up
            key Ctrl-U
            key Enter
                Dial(tcp://example.org:99)
            failed Connection refused.
                LookAround
            key Tab
            key Ctrl-U
            key Enter
            *1 everyone     │ everyone
                            │
                            │
                            │
                            │
                            │
                            │
                            │ ┌ No server ───────────────────────────────────────────────┐
                            │ │ 'http://x' is not a server address; write                │
                            │ │ tcp://HOST:PORT, tls://HOST:PORT, unix:PATH or           │
                            │ │ ssh://HOST.                                              │
                            │ │ Server: http://x_                                        │
                            │ │ [Try again] [Quit]                                       │
             1 Echo         │ └──────────────────────────────────────────────────────────┘
             2 List clients │
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │
             6 Close server │
             7 Search       │
             8 Rooms        │
             9 Moderate     │
             0 Call         │ >
             ○ alice  offline · /reconnect tries again      Ctrl-K go  Ctrl-F find  F1 keys
            key Esc
              [○ alice  You are not online. F5 tries again, Ctrl-C leaves.|]
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
            *1 everyone     │ everyone
                            │
                            │
                            │
                            │
                            │
                            │
                            │ ┌ Name ────────────────────────────────────────────────────┐
                            │ │ alice is taken; choose another name.                     │
                            │ │ Join under another name, or elsewhere:                   │
                            │ │ Name: alice_                                             │
                            │ │ Server: tcp://localhost:1234                             │
                            │ │ [Join] [Quit]                                            │
             1 Echo         │ └──────────────────────────────────────────────────────────┘
             2 List clients │
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │
             6 Close server │
             7 Search       │
             8 Rooms        │
             9 Moderate     │
             0 Call         │ >
             ○ alice  offline · /reconnect tries again      Ctrl-K go  Ctrl-F find  F1 keys
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
            *1 everyone     │ everyone
                            │
                            │
                            │
                            │
                            │
                            │
                            │ ┌ Kept name ───────────────────────────────────────────────┐
                            │ │ root is kept for who knows the passphrase.               │
                            │ │ Give the moderator passphrase, or another name.          │
                            │ │ Passphrase: _                                            │
                            │ │ Name: root                                               │
                            │ │ [Join] [Quit]                                            │
             1 Echo         │ └──────────────────────────────────────────────────────────┘
             2 List clients │
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │
             6 Close server │
             7 Search       │
             8 Rooms        │
             9 Moderate     │
             0 Call         │ >
             ○ root  offline · /reconnect tries again       Ctrl-K go  Ctrl-F find  F1 keys
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
            *1 everyone     │ everyone
                            │
                            │
                            │
                            │
                            │
                            │
                            │ ┌ Name ────────────────────────────────────────────────────┐
                            │ │ '1000' cannot be your name here. A name needs a letter.  │
                            │ │ Join under another name, or elsewhere:                   │
                            │ │ Name: 1000_                                              │
                            │ │ Server: tcp://localhost:1234                             │
                            │ │ [Join] [Quit]                                            │
             1 Echo         │ └──────────────────────────────────────────────────────────┘
             2 List clients │
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │
             6 Close server │
             7 Search       │
             8 Rooms        │
             9 Moderate     │
             0 Call         │ >
             ○ 1000  offline · /reconnect tries again       Ctrl-K go  Ctrl-F find  F1 keys
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

#[test]
fn each_failure_to_reach_a_server_has_advice_that_fits() {
    let cases = [
        (
            "no server is listening there",
            "No answer from S: no server is listening there. Start a server with: tr2 serve",
        ),
        (
            "own-file the file /h/identity cannot be used: No space left on device",
            "S was not asked: the file /h/identity cannot be used: No space left on device. Make the file usable, then join again.",
        ),
        (
            "name the name nowhere.example cannot be resolved",
            "S was not reached: the name nowhere.example cannot be resolved. Check the spelling, and whether this machine is online.",
        ),
        (
            "forbidden permission denied",
            "No answer from S: permission denied. Ask who runs the server to let you use it.",
        ),
        (
            "timed-out connection timed out",
            "No answer from S: connection timed out. Check the address; a firewall may be in between.",
        ),
        (
            "unreachable the network cannot reach it",
            "No answer from S: the network cannot reach it. Check whether this machine is online.",
        ),
        (
            "tls it does not speak TLS",
            "No answer from S: it does not speak TLS. Check the port and the scheme: tls:// and tcp:// servers listen at different ports.",
        ),
        (
            "not-tr2 it is not a tr2 server",
            "No answer from S: it is not a tr2 server. Check the port: another program is listening there.",
        ),
        ("other it closed the connection at once", "No answer from S: it closed the connection at once."),
    ];
    for (failure, expected) in cases {
        let expected = expected.replace("S ", "tcp://localhost:1234 ").replace("S:", "tcp://localhost:1234:");
        let written = play(&format!("start plain name=alice\nfailed {failure}"));
        assert!(written.contains(&format!("Leave(Failed({expected:?}))")), "{written}");
        let screen = play(&format!("start name=alice\nsize 120x24\nfailed {failure}\nscreen"));
        let advice = expected.rsplit_once(". ").map_or("", |(_, advice)| advice);
        // Its beginning: it may go on in the next row.
        assert!(screen.contains(&advice[..advice.len().min(20)]), "{screen}");
        assert_eq!(screen.contains("with: tr2 serve"), failure.starts_with("no server"), "{screen}");
    }
}

#[test]
fn a_moderator_gives_the_passphrase_during_maintenance() {
    check(
        "
        start name=alice
        size 60x14
        connected 2.26
        server server | client | name | TR2.26
        server server | client | refused | maintenance Back at noon.
        screen
        type wrong
        key Enter
        connected 2.26
        server server | client | name | TR2.26
        server @ref=5-0002 server | client | refused | wrong_passphrase That is not the passphrase.
        screen
        type right
        key Enter
        connected 2.26
        server server | client | name | TR2.26
        server @ref=5-0003 server | client | moderator | You are a moderator.
        start name=alice plain
        connected 2.26
        server server | client | name | TR2.26
        server server | client | refused | maintenance Back at noon.
        ",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 60x14
            connected 2.26
            server server | client | name | TR2.26
                send @ref=5-0001 alice | server | name | alice
            server server | client | refused | maintenance Back at noon.
                Disconnect
            *1 everyone     │ everyone
                            │
            ┌ Maintenance ─────────────────────────────────────────────┐
            │ Back at noon.                                            │
            │ Only moderators can join now. Give the moderator         │
            │ passphrase, or try again later.                          │
            │ Passphrase: _                                            │
            │ [Try again] [Quit]                                       │
            └──────────────────────────────────────────────────────────┘
             7 Search       │
             8 Rooms        │
             9 Moderate     │
             0 Call         │ >
             ○ alice  offline · /reconnect tries again          F1 keys
            key Enter
                Dial(tcp://localhost:1234)
            connected 2.26
            server server | client | name | TR2.26
                send @ref=5-0002 alice | server | moderator | wrong
            server @ref=5-0002 server | client | refused | wrong_passphrase That is not the passphrase.
                Disconnect
            *1 everyone     │ everyone
                            │
            ┌ Maintenance ─────────────────────────────────────────────┐
            │ That is not the passphrase.                              │
            │ Only moderators can join now. Give the moderator         │
            │ passphrase, or try again later.                          │
            │ Passphrase: _                                            │
            │ [Try again] [Quit]                                       │
            └──────────────────────────────────────────────────────────┘
             7 Search       │
             8 Rooms        │
             9 Moderate     │
             0 Call         │ >
             ○ alice  offline · /reconnect tries again          F1 keys
            key Enter
                Dial(tcp://localhost:1234)
            connected 2.26
            server server | client | name | TR2.26
                send @ref=5-0003 alice | server | moderator | right
            server @ref=5-0003 server | client | moderator | You are a moderator.
                send @ref=5-0004 alice | server | name | alice
            start name=alice plain
                Dial(tcp://localhost:1234)
            connected 2.26
            server server | client | name | TR2.26
                send @ref=5-0001 alice | server | name | alice
            server server | client | refused | maintenance Back at noon.
                Disconnect
                Leave(Refused("Back at noon. Whoever is a moderator by the passphrase joins on the full screen, which asks for it."))
        "#]],
    );
}
