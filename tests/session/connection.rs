//! Losing the connection and reconnecting.

use expect_test::expect;

use crate::check;
use crate::script::Play;

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
              [○ alice  reconnecting in 1 s · /reconnect at once|Ctrl-K go  F1 keys]
            say while away
                Dial(tcp://localhost:1234)
            failed Connection refused.
              [○ alice  reconnecting in 1 s · /reconnect at once|Ctrl-K go  F1 keys]
            key F5
                Dial(tcp://localhost:1234)
            connected 2.26
            server server | client | name | TR2.26
                send @ref=5-0006 alice | server | name | alice
            server server | alice | connection_confirmation | hello
                send @ref=5-0007 alice | server | list_clients | no data
                send alice | server | ping | 8
                send @ref=5-0005 alice | all clients | broadcast_not_me | while away
            *1 everyone     │ everyone                                             0 people
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
             3 Private mes… │ ─────────────────────────────────────── Sunday 22 November ──
             4 Broadcast    │ 12:00       you  on its way not confirmed
             5 Exit         │                  while away ◌
             6 Close server │─────────────────────────────────────────────────── Esc closes
             7 Search       │ Online again.
             8 Rooms        │ 1 message was not sent, or not confirmed. Alt-R or /resend
             9 Moderate     │ resends the marked messages of a conversation.
             0 Call         │ > _
             ● alice                                        Ctrl-K go  Ctrl-F find  F1 keys
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
              [○ alice  Connection lost. Reconnecting… The server was closed.|]
            tick at 382ms
                Dial(tcp://localhost:1234)
        "#]],
    );
}

#[test]
fn while_the_server_is_maintained_the_session_tries_again_by_itself() {
    check(
        "
        start name=alice
        size 80x24
        online bob
        lost The server went away.
        +2s
        connected 2.26
        server server | client | name | TR2.26
        server server | client | refused | maintenance Back at noon.
        status
        screen
        +5s
        connected 2.26
        server server | client | name | TR2.26
        server server | alice | connection_confirmation | hello
        status
        ",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x24
            lost The server went away.
            +2s
                Dial(tcp://localhost:1234)
            connected 2.26
            server server | client | name | TR2.26
                send @ref=5-0004 alice | server | name | alice
            server server | client | refused | maintenance Back at noon.
                Disconnect
              [○ alice  reconnecting in 1 s · /reconnect at once  Back at noon.|]
            *1 everyone     │ everyone
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
             8 Rooms        │
             9 Moderate     │
             0 Call         │ > _
             ○ alice  reconnecting in 1 s · /reconnect at once  Back at noon.
            +5s
                Dial(tcp://localhost:1234)
            connected 2.26
            server server | client | name | TR2.26
                send @ref=5-0005 alice | server | name | alice
            server server | alice | connection_confirmation | hello
                send @ref=5-0006 alice | server | list_clients | no data
                send alice | server | ping | 7
              [● alice  Online again.|]
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
              [○ alice  Connection lost. Reconnecting… cut.|]
            +100s
                Dial(tcp://localhost:1234)
            connected 2.26
            server server | client | name | TR2.26
                send @ref=5-0005 alice | server | name | alice
            server server | client | refused | name_taken alice is taken.
                Disconnect
            *1 everyone     │ everyone
                            │
                            │
                            │
                            │
                            │
                            │
                            │ ┌ Name ────────────────────────────────────────────────────┐
                            │ │ alice is taken.                                          │
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
        server server | alice | pong | 3
        +20s
        status
        tick
        status
        +15s
        +19s
        status
        +1s
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
            server server | alice | pong | 3
            +20s
                send alice | server | ping | 4
              [● alice|Ctrl-K go  F1 keys]
            tick at 35s
              [○ alice  no answer for 5 s|F1 keys]
            +15s
                send alice | server | ping | 5
            +19s
              [○ alice  no answer for 35 s|F1 keys]
            +1s
                Disconnect
            tick at 70.382s
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
                send alice | server | ping | 4
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
              [○ alice  reconnecting in 1 s · /reconnect at once|Ctrl-K go  F1 keys]
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
                send @ref=5-0006 alice | server | list_clients | no data
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
             6 Close server │ ─────────────────────────────────────── Sunday 22 November ──
             7 Search       │ 12:00       you  hi
             8 Rooms        │                  hi to me
             9 Moderate     │             bob  hello
             0 Call         │ > _
             ● alice TR2.23                                 Ctrl-K go  Ctrl-F find  F1 keys
            say /close-server
            key Left
            key Enter
                send @ref=5-0007 alice | server | close_server | close server
        "#]],
    );
}

#[test]
fn after_a_sleep_the_server_is_asked_at_once() {
    check(
        "
        start name=alice
        size 80x24
        online bob
        +1s
        wall +2h
        +1s
        +9s
        status
        +1s
        ",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x24
            +1s
            wall +2h
            +1s
                send alice | server | ping | 4
            +9s
              [○ alice  no answer for 5 s|Ctrl-K go  Ctrl-F find  F1 keys]
            +1s
                Disconnect
        "#]],
    );
    check(
        "
        start name=alice
        size 80x24
        online bob
        continued
        lost It broke.
        failed It is still broken.
        status
        continued
        ",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x24
            continued
                send alice | server | ping | 4
            lost It broke.
            failed It is still broken.
              [○ alice  Connection lost. Reconnecting… It broke.|]
            continued
                Dial(tcp://localhost:1234)
        "#]],
    );
    check(
        "
        start name=alice
        size 80x24
        online bob
        +1s
        wall -2h
        +8s
        ",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x24
            +1s
            wall -2h
            +8s
        "#]],
    );
}

#[test]
fn writing_while_a_wait_goes_on_tries_at_once_and_makes_no_later_wait_longer() {
    let mut play = Play::new("start name=alice");
    let state = |play: &Play| play.session.view().status.left.text();
    for step in [
        "start name=alice",
        "size 80x8",
        "online bob",
        "lost cut",
        "+1s",
        "failed no",
        "+1s",
        "failed no",
        "+3s",
        "failed no",
    ] {
        play.step(step);
    }
    let before = state(&play);
    assert!(before.contains("reconnecting in 4 s"), "{before}");
    for text in ["one", "two", "three"] {
        play.step(&format!("say {text}"));
        play.step("failed no");
    }
    assert_eq!(state(&play), before);
}
