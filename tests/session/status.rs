//! `/status`: the connection, what waits, and the bytes of the last minute.

use expect_test::expect;

use crate::check;

#[test]
fn the_status_tells_the_connection_and_the_bytes_of_the_last_minute() {
    check(
        "start name=alice
        size 70x14
        rooms bob
        +9s
        server server | you | pong | 3
        say /status
        traffic 950 1 123456
        screen
        key Esc
        say on its way
        say /away lunch
        server alice | all clients | away | lunch
        server alice | alice | moderator | You are a moderator now.
        say /status
        traffic 1049 0 1999999
        screen",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 70x14
            +9s
            server server | you | pong | 3
            say /status
                MeasureTraffic
            traffic 950 1 123456
            *1 everyone     │ everyone                                   2 people
                            │
                            │
             1 Echo         │ You are in everyone: all who are online read what
             2 List clients │ you write here.
             3 Private mes… │ Type and press Enter · F1 keys (or /help) · F2 menu
             4 Broadcast    │───────────────────────────────────────── Esc closes
             5 Exit         │ alice on tcp://localhost:1234: online for 9
             6 Close server │ seconds, round trip 0 ms.
             7 Search       │ You are unverified.
             8 Rooms        │ In the last minute: 950 bytes received, 1 byte
             9 Moderate     │ sent, 123.4 kB to the terminal.
             0 Call         │ > _
             ● alice                              Ctrl-K go  Ctrl-F find  F1 keys
            key Esc
            say on its way
                send @ref=5-0004 alice | all clients | broadcast_not_me | on its way
            say /away lunch
                send @ref=5-0005 alice | server | away | lunch
            server alice | all clients | away | lunch
            server alice | alice | moderator | You are a moderator now.
            say /status
                MeasureTraffic
            traffic 1049 0 1999999
            *1 everyone     │ everyone                                   2 people
                            │
                            │
             1 Echo         │ ───────────────────────────── Sunday 22 November ──
             2 List clients │ 12:00     you  on its way ◌
             3 Private mes… │───────────────────────────────────────── Esc closes
             4 Broadcast    │ alice on tcp://localhost:1234: online for 9
             5 Exit         │ seconds, round trip 0 ms.
             6 Close server │ You are unverified and a moderator, away: lunch.
             7 Search       │ 1 message waits to be accepted.
             8 Rooms        │ In the last minute: 1.0 kB received, 0 bytes sent,
             9 Moderate     │ 1.9 MB to the terminal.
             0 Call         │ > _
             ● alice away                         Ctrl-K go  Ctrl-F find  F1 keys
        "#]],
    );
}

#[test]
fn without_a_connection_the_status_says_so_and_what_waits() {
    check(
        "start name=alice
        size 70x14
        online bob
        lost The server closed the connection.
        say one
        say two
        key Esc
        say /status
        traffic 0 0 12345
        screen",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 70x14
            lost The server closed the connection.
            say one
                Dial(tcp://localhost:1234)
            say two
            key Esc
            say /status
                MeasureTraffic
            traffic 0 0 12345
            *1 everyone     │ everyone
                            │
                            │
             1 Echo         │
             2 List clients │ ───────────────────────────── Sunday 22 November ──
             3 Private mes… │ 12:00     you  one queued
             4 Broadcast    │                two queued
             5 Exit         │───────────────────────────────────────── Esc closes
             6 Close server │ alice on tcp://localhost:1234: connecting.
             7 Search       │ 2 messages wait to be accepted.
             8 Rooms        │ In the last minute: 0 bytes received, 0 bytes sent,
             9 Moderate     │ 12.3 kB to the terminal.
             0 Call         │ > _
             ○ alice  reconnecting…               Ctrl-K go  Ctrl-F find  F1 keys
        "#]],
    );
}

#[test]
fn plain_mode_has_a_status_too() {
    check(
        "start plain name=alice
        online bob
        line /status
        traffic 2000 99 400",
        expect![[r#"
            start plain name=alice
                Dial(tcp://localhost:1234)
            line /status
                MeasureTraffic
            traffic 2000 99 400
                stdout 12:00 * alice on tcp://localhost:1234: online for 0 seconds, round trip 0 ms.
                You are unverified.
                In the last minute: 2.0 kB received, 99 bytes sent, 400 bytes printed.
        "#]],
    );
}
