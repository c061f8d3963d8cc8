//! Calls: who is rung, who answers, how a call ends, and whose key is known.

use expect_test::expect;

use crate::check;
use crate::script::play;

#[test]
fn a_call_rings_is_answered_and_becomes_a_channel() {
    check(
        "start name=alice
        size 80x24
        calls bob
        say /direct bob
        screen
        server @ref=5-0002 server | alice | ringing | id=ID
        server @verified=yes bob | alice | answer | id=ID yes key=SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI
        server server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
        channel ready lusab-babad-gutih-tugad
        channel goes server
        say hello there
        channel said hello, you
        screen",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x24
            say /direct bob
                send @ref=5-0006 alice | bob | call | id=ID what=chat key=SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
             1 everyone     │ ⇄ bob  only here: not kept by the server
            *2 ⇄ bob        │
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
             7 Search       │ ─────────────────────── the beginning of this conversation ──
             8 Rooms        │ ─────────────────────────────────────── Sunday 22 November ──
             9 Moderate     │ 12:00         *  Calling bob…
             0 Call         │ ⇄> █alling… /hangup gives up
             ● alice  calling bob  ⇄ bob                    Ctrl-K go  Ctrl-F find  F1 keys
            server @ref=5-0002 server | alice | ringing | id=ID
            server @verified=yes bob | alice | answer | id=ID yes key=SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI
            server server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
                channel open ID Caller 2
            channel ready lusab-babad-gutih-tugad
                RememberPerson(KnownPerson { name: "bob", key: SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI, verified: false })
                Bell
                Notify { title: "⇄ bob", body: "You can talk directly with bob now." }
            channel goes server
            say hello there
                channel say "hello there"
            channel said hello, you
             1 everyone     │ ⇄ bob  only here: not kept by the server        by the server
            *2 ⇄ bob        │
                            │
                            │
                            │
                            │
                            │
                            │
                            │
                            │ ─────────────────────── the beginning of this conversation ──
                            │ ─────────────────────────────────────── Sunday 22 November ──
                            │ 12:00         *  Calling bob…
                            │               *  It rings at bob's.
             1 Echo         │               *  bob has answered. Connecting…
             2 List clients │               *  The channel to bob is open: only the two of
             3 Private mes… │                  you read what is said here, and nothing of
             4 Broadcast    │                  it is kept. You have not spoken directly
             5 Exit         │                  with bob before; key
             6 Close server │                  SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICA
             7 Search       │                  gICAgI. /verify compares words.
             8 Rooms        │             you  hello there
             9 Moderate     │             bob  hello, you
             0 Call         │ ⇄> _
             ● alice  ⇄ bob by the server                   Ctrl-K go  Ctrl-F find  F1 keys
        "#]],
    );
}

#[test]
fn a_call_asks_without_a_default_answer() {
    check(
        "start name=alice
        size 80x24
        calls bob
        rings bob 2 verified
        key Enter
        +1s
        key Enter
        screen
        key Right
        key Enter
        server server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
        channel ready lusab-babad-gutih-tugad
        say /hangup
        screen",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x24
            rings bob 2 verified
                Bell
                Notify { title: "bob", body: "bob calls (to talk directly): /answer or /decline" }
            key Enter
            +1s
            key Enter
            *1 everyone     │ everyone                                             2 people
                            │
                            │
                            │
                            │
                            │
                            │
                            │ ┌ bob calls ───────────────────────────────────────────────┐
                            │ │ bob calls to talk directly.                              │
                            │ │ bob is verified by the server.                           │
                            │ │ First time: you have not spoken directly with bob        │
                            │ │ before. Key                                              │
                            │ │ SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI.      │
             1 Echo         │ │ [Answer] [Decline]                                       │
             2 List clients │ └──────────────────────────────────────────────────────────┘
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │
             6 Close server │
             7 Search       │ You are in everyone: all who are online read what you write
             8 Rooms        │ here.
             9 Moderate     │ Type and press Enter · F1 keys (or /help) · F2 menu
             0 Call         │ >
             ● alice  bob calls                             Ctrl-K go  Ctrl-F find  F1 keys
            key Right
            key Enter
                send @ref=5-0006 alice | bob | answer | id=ID yes key=SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
            server server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
                channel open ID Callee 2
            channel ready lusab-babad-gutih-tugad
                RememberPerson(KnownPerson { name: "bob", key: SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI, verified: false })
            say /hangup
                channel close ID
                send @ref=5-0007 alice | bob | hang_up | id=ID done
             1 everyone     │ ⇄ bob  only here: not kept by the server
            *2 ⇄ bob        │
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
                            │ ─────────────────────── the beginning of this conversation ──
             1 Echo         │ ─────────────────────────────────────── Sunday 22 November ──
             2 List clients │ 12:00         *  You answered bob. Connecting…
             3 Private mes… │               *  The channel to bob is open: only the two of
             4 Broadcast    │                  you read what is said here, and nothing of
             5 Exit         │                  it is kept. You have not spoken directly
             6 Close server │                  with bob before; key
             7 Search       │                  SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICA
             8 Rooms        │                  gICAgI. /verify compares words.
             9 Moderate     │               *  You ended the call with bob.
             0 Call         │ ⇄> █ver: /direct bob calls again
             ● alice  ⇄ bob                                 Ctrl-K go  Ctrl-F find  F1 keys
        "#]],
    );
}

#[test]
fn each_end_of_a_call_has_its_sentence() {
    check(
        "start name=alice
        size 80x24
        calls bob
        say /direct bob
        server @ref=5-0006 server | alice | ringing | id=ID
        server bob | alice | answer | id=ID no declined
        status
        key Esc
        say /direct bob
        server bob | alice | answer | id=ID no busy
        status
        say /direct bob
        server bob | alice | answer | id=ID no cannot
        say /direct bob
        server server | alice | hang_up | id=ID unanswered
        say /direct bob
        server server | alice | hang_up | id=ID gone
        say /direct bob
        server server | alice | hang_up | id=ID muted
        say /direct bob
        server server | alice | hang_up | id=ID off
        say /direct bob
        server @ref=5-000d server | alice | refused | not_here bob is not online.
        say /direct bob
        server @ref=5-000e server | alice | refused | too_many_calls You call too often.
        say /direct bob
        +60s
        say /direct bob
        say /hangup
        size 80x50
        screen",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x24
            say /direct bob
                send @ref=5-0006 alice | bob | call | id=ID what=chat key=SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
            server @ref=5-0006 server | alice | ringing | id=ID
            server bob | alice | answer | id=ID no declined
              [● alice  bob declined the call.|]
            key Esc
            say /direct bob
                send @ref=5-0007 alice | bob | call | id=ID what=chat key=SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
            server bob | alice | answer | id=ID no busy
              [● alice  bob is busy with another call.|]
            say /direct bob
                send @ref=5-0008 alice | bob | call | id=ID what=chat key=SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
            server bob | alice | answer | id=ID no cannot
            say /direct bob
                send @ref=5-0009 alice | bob | call | id=ID what=chat key=SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
            server server | alice | hang_up | id=ID unanswered
            say /direct bob
                send @ref=5-000a alice | bob | call | id=ID what=chat key=SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
            server server | alice | hang_up | id=ID gone
            say /direct bob
                send @ref=5-000b alice | bob | call | id=ID what=chat key=SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
            server server | alice | hang_up | id=ID muted
            say /direct bob
                send @ref=5-000c alice | bob | call | id=ID what=chat key=SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
            server server | alice | hang_up | id=ID off
            say /direct bob
                send @ref=5-000d alice | bob | call | id=ID what=chat key=SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
            server @ref=5-000d server | alice | refused | not_here bob is not online.
            say /direct bob
                send @ref=5-000e alice | bob | call | id=ID what=chat key=SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
            server @ref=5-000e server | alice | refused | too_many_calls You call too often.
            say /direct bob
                send @ref=5-000f alice | bob | call | id=ID what=chat key=SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
            +60s
                send @ref=5-0010 alice | bob | hang_up | id=ID unanswered
                Disconnect
            say /direct bob
                Dial(tcp://localhost:1234)
            say /hangup
            size 80x50
             1 everyone     │ ⇄ bob  only here: not kept by the server
            *2 ⇄ bob        │
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
                            │
                            │
                            │
                            │
                            │
                            │ ─────────────────────── the beginning of this conversation ──
                            │ ─────────────────────────────────────── Sunday 22 November ──
                            │ 12:00         *  Calling bob…
                            │               *  It rings at bob's.
                            │               *  bob declined the call.
                            │               *  Calling bob…
                            │               *  bob is busy with another call.
                            │               *  Calling bob…
                            │               *  bob cannot take the call: their program
                            │                  cannot, or it knows another key as yours.
                            │               *  Calling bob…
                            │               *  bob did not answer.
                            │               *  Calling bob…
                            │               *  bob went offline, so the call is over.
                            │               *  Calling bob…
                            │               *  A moderator muted one of you, so the call
                            │                  with bob is over.
                            │               *  Calling bob…
                            │               *  Calls were switched off, so the call with
                            │                  bob is over.
             1 Echo         │               *  Calling bob…
             2 List clients │               *  bob is not online.
             3 Private mes… │               *  Calling bob…
             4 Broadcast    │               *  You call too often.
             5 Exit         │               *  Calling bob…
             6 Close server │ 12:01         *  bob did not answer.
             7 Search       │─────────────────────────────────────────────────── Esc closes
             8 Rooms        │ Connection lost. Reconnecting… Nothing came from the server
             9 Moderate     │ for 60 s.
             0 Call         │ ⇄> █ver: /direct bob calls again
             ○ alice  reconnecting…  There is no call.
        "#]],
    );
}

#[test]
fn the_ends_of_a_channel_have_theirs() {
    check(
        "start name=alice known=bob:2+
        size 80x60
        calls bob
        rings bob 2
        +1s
        key Esc
        say /answer
        server server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
        channel ready w
        channel ended by-peer
        rings bob 2
        +1s
        key Esc
        say /answer
        server server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
        channel ended wrong-key
        rings bob 2
        +1s
        key Esc
        say /answer
        server server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
        channel ready w
        channel ended silent
        rings bob 2
        +1s
        key Esc
        say /answer
        server server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
        channel ended commitment
        rings bob 2
        +1s
        key Esc
        say /answer
        server server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
        channel ended version
        rings bob 2
        +1s
        key Esc
        say /answer
        server server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
        channel ended no-way
        rings bob 2
        +1s
        key Esc
        say /answer
        server server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
        channel ready w
        channel ended a frame of 0 bytes
        rings bob 2
        +1s
        key Esc
        say /answer
        server server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
        channel ready w
        server bob | alice | hang_up | id=ID done
        channel ended closed
        channel said late
        rings bob 2
        +1s
        key Esc
        say /answer
        server server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
        channel ready w
        server server | alice | hang_up | id=ID idle
        rings bob 2
        +1s
        key Esc
        say /answer
        server server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
        channel ready w
        lost It broke.
        key Alt-3
        screen",
        expect![[r#"
            start name=alice known=bob:2+
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x60
            rings bob 2
                Bell
                Notify { title: "bob", body: "bob calls (to talk directly): /answer or /decline" }
            +1s
            key Esc
            say /answer
                send @ref=5-0006 alice | bob | answer | id=ID yes key=SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
            server server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
                channel open ID Callee 2
            channel ready w
            channel ended by-peer
                send @ref=5-0007 alice | bob | hang_up | id=ID done
            rings bob 2
            +1s
            key Esc
            say /answer
                send @ref=5-0008 alice | bob | answer | id=ID yes key=SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
            server server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
                channel open ID Callee 2
            channel ended wrong-key
                send @ref=5-0009 alice | bob | hang_up | id=ID failed
            rings bob 2
                Bell
                Notify { title: "bob", body: "bob calls (to talk directly): /answer or /decline" }
            +1s
            key Esc
            say /answer
                send @ref=5-000a alice | bob | answer | id=ID yes key=SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
            server server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
                channel open ID Callee 2
            channel ready w
            channel ended silent
                send @ref=5-000b alice | bob | hang_up | id=ID failed
            rings bob 2
            +1s
            key Esc
            say /answer
                send @ref=5-000c alice | bob | answer | id=ID yes key=SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
            server server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
                channel open ID Callee 2
            channel ended commitment
                send @ref=5-000d alice | bob | hang_up | id=ID failed
            rings bob 2
                Bell
                Notify { title: "bob", body: "bob calls (to talk directly): /answer or /decline" }
            +1s
            key Esc
            say /answer
                send @ref=5-000e alice | bob | answer | id=ID yes key=SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
            server server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
                channel open ID Callee 2
            channel ended version
                send @ref=5-000f alice | bob | hang_up | id=ID failed
            rings bob 2
            +1s
            key Esc
            say /answer
                send @ref=5-0010 alice | bob | answer | id=ID yes key=SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
            server server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
                channel open ID Callee 2
            channel ended no-way
                send @ref=5-0011 alice | bob | hang_up | id=ID failed
            rings bob 2
                Bell
                Notify { title: "bob", body: "bob calls (to talk directly): /answer or /decline" }
            +1s
            key Esc
            say /answer
                send @ref=5-0012 alice | bob | answer | id=ID yes key=SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
            server server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
                channel open ID Callee 2
            channel ready w
            channel ended a frame of 0 bytes
                send @ref=5-0013 alice | bob | hang_up | id=ID failed
            rings bob 2
            +1s
            key Esc
            say /answer
                send @ref=5-0014 alice | bob | answer | id=ID yes key=SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
            server server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
                channel open ID Callee 2
            channel ready w
            server bob | alice | hang_up | id=ID done
                channel close ID
            channel ended closed
            channel said late
            rings bob 2
                Bell
                Notify { title: "bob", body: "bob calls (to talk directly): /answer or /decline" }
            +1s
            key Esc
            say /answer
                send @ref=5-0015 alice | bob | answer | id=ID yes key=SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
            server server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
                channel open ID Callee 2
            channel ready w
            server server | alice | hang_up | id=ID idle
                channel close ID
            rings bob 2
            +1s
            key Esc
            say /answer
                send @ref=5-0016 alice | bob | answer | id=ID yes key=SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
            server server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
                channel open ID Callee 2
            channel ready w
            lost It broke.
                channel close ID
            key Alt-3
             1 everyone     │ ⇄ bob  only here: not kept by the server
            *2 ⇄ bob        │                  you read what is said here, and nothing of
                            │                  it is kept. This is bob's key: you have
                            │                  compared words.
                            │               *  bob hung up.
                            │               *  You answered bob. Connecting…
                            │               *  Whoever is at the other end does not have
                            │                  bob's key, so nothing was said: somebody
                            │                  stands between you.
                            │               *  You answered bob. Connecting…
                            │               *  The channel to bob is open: only the two of
                            │                  you read what is said here, and nothing of
                            │                  it is kept. This is bob's key: you have
                            │                  compared words.
                            │               *  Nothing comes from bob any more, so the
                            │                  channel is closed. /direct bob calls again.
                            │               *  You answered bob. Connecting…
                            │               *  The other end tried to choose the words that
                            │                  you compare, so the channel is closed: it is
                            │                  not bob, or their program is broken.
                            │               *  You answered bob. Connecting…
                            │               *  bob's program speaks version 9 of what is
                            │                  said directly, which this one does not know.
                            │                  One of you needs a newer tr2.
                            │               *  You answered bob. Connecting…
                            │               *  There is no way to bob: no packet got
                            │                  through.
                            │               *  You answered bob. Connecting…
                            │               *  The channel to bob is open: only the two of
                            │                  you read what is said here, and nothing of
                            │                  it is kept. This is bob's key: you have
                            │                  compared words.
                            │               *  The channel to bob failed: a frame of 0
                            │                  bytes.
                            │               *  You answered bob. Connecting…
                            │               *  The channel to bob is open: only the two of
                            │                  you read what is said here, and nothing of
                            │                  it is kept. This is bob's key: you have
                            │                  compared words.
                            │               *  bob hung up.
                            │               *  You answered bob. Connecting…
                            │               *  The channel to bob is open: only the two of
                            │                  you read what is said here, and nothing of
                            │                  it is kept. This is bob's key: you have
                            │                  compared words.
                            │               *  Nothing came through any more, so the call
                            │                  with bob is over.
                            │               *  You answered bob. Connecting…
                            │               *  The channel to bob is open: only the two of
             1 Echo         │                  you read what is said here, and nothing of
             2 List clients │                  it is kept. This is bob's key: you have
             3 Private mes… │                  compared words.
             4 Broadcast    │               *  The connection to the server is lost, and
             5 Exit         │                  with it the call with bob.
             6 Close server │─────────────────────────────────────────────────── Esc closes
             7 Search       │ The other end tried to choose the words that you compare, so
             8 Rooms        │ the channel is closed: it is not bob, or their program is
             9 Moderate     │ broken.
             0 Call         │ ⇄> █ver: /direct bob calls again
             ○ alice  There is no conversation 3; the last is 2.
        "#]],
    );
}

#[test]
fn a_channel_past_the_server_outlives_it_and_the_session_there() {
    check(
        "start name=alice known=bob:2
        size 80x24
        calls bob
        rings bob 2
        +1s
        key Esc
        say /answer
        server server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
        channel ready w
        channel goes server
        channel goes 203.0.113.3:4711
        channel goes 203.0.113.3:4711
        server server | alice | hang_up | id=ID gone
        say still here
        lost It broke.
        say and without the server
        channel said me too
        screen
        channel goes udp
        say /hangup
        screen",
        expect![[r#"
            start name=alice known=bob:2
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x24
            rings bob 2
                Bell
                Notify { title: "bob", body: "bob calls (to talk directly): /answer or /decline" }
            +1s
            key Esc
            say /answer
                send @ref=5-0006 alice | bob | answer | id=ID yes key=SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
            server server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
                channel open ID Callee 2
            channel ready w
            channel goes server
            channel goes 203.0.113.3:4711
            channel goes 203.0.113.3:4711
            server server | alice | hang_up | id=ID gone
            say still here
                channel say "still here"
            lost It broke.
            say and without the server
                Dial(tcp://localhost:1234)
                channel say "and without the server"
            channel said me too
             1 everyone     │ ⇄ bob  only here                        direct to 203.0.113.3
            *2 ⇄ bob        │
                            │
                            │
                            │
                            │
                            │
                            │
                            │
                            │ ─────────────────────── the beginning of this conversation ──
                            │ ─────────────────────────────────────── Sunday 22 November ──
                            │ 12:00         *  You answered bob. Connecting…
                            │               *  The channel to bob is open: only the two of
             1 Echo         │                  you read what is said here, and nothing of
             2 List clients │                  it is kept. You know this key as bob's, but
             3 Private mes… │                  have not compared words.
             4 Broadcast    │               *  It goes direct to 203.0.113.3 now.
             5 Exit         │             you  still here
             6 Close server │               *  The server is gone; what goes directly to
             7 Search       │                  bob goes on.
             8 Rooms        │             you  and without the server
             9 Moderate     │            ~bob  me too
             0 Call         │ ⇄> _
             ○ alice  reconnecting…  Connection lost. Reconnecting… It broke.
            channel goes udp
            say /hangup
                channel close ID
             1 everyone     │ ⇄ bob  only here: not kept by the server
            *2 ⇄ bob        │
                            │
                            │
                            │
                            │
                            │
                            │ ─────────────────────── the beginning of this conversation ──
                            │ ─────────────────────────────────────── Sunday 22 November ──
                            │ 12:00         *  You answered bob. Connecting…
                            │               *  The channel to bob is open: only the two of
                            │                  you read what is said here, and nothing of
                            │                  it is kept. You know this key as bob's, but
             1 Echo         │                  have not compared words.
             2 List clients │               *  It goes direct to 203.0.113.3 now.
             3 Private mes… │             you  still here
             4 Broadcast    │               *  The server is gone; what goes directly to
             5 Exit         │                  bob goes on.
             6 Close server │             you  and without the server
             7 Search       │            ~bob  me too
             8 Rooms        │               *  It goes by the server now.
             9 Moderate     │               *  You ended the call with bob.
             0 Call         │ ⇄> █ver: /direct bob calls again
             ○ alice  reconnecting…  Connection lost. Reconnecting… It broke.
        "#]],
    );
}

#[test]
fn another_key_than_the_known_one_makes_no_call() {
    check(
        "start name=alice known=bob:3+
        size 80x24
        calls bob
        rings bob 2
        screen
        key Esc
        say /direct bob
        server @ref=5-0007 server | alice | ringing | id=ID
        server @verified=yes bob | alice | answer | id=ID yes key=SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI
        server server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
        screen
        key Esc
        say /forget-key bob
        rings bob 2
        +1s
        key Esc
        say /answer
        server server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
        channel ready w",
        expect![[r#"
            start name=alice known=bob:3+
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x24
            rings bob 2
                send @ref=5-0006 alice | bob | answer | id=ID no cannot
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
                            │ You are in everyone: all who are online read what you write
             1 Echo         │ here.
             2 List clients │ Type and press Enter · F1 keys (or /help) · F2 menu
             3 Private mes… │─────────────────────────────────────────────────── Esc closes
             4 Broadcast    │ bob calls with another key than the one you know, so the call
             5 Exit         │ was not let through: somebody may stand between you.
             6 Close server │   known: SHA256:AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM
             7 Search       │   shown: SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI
             8 Rooms        │ Ask bob some other way. If the new key is theirs: /forget-key
             9 Moderate     │ bob, and then call each other again.
             0 Call         │ > _
             ● alice                                        Ctrl-K go  Ctrl-F find  F1 keys
            key Esc
            say /direct bob
                send @ref=5-0007 alice | bob | call | id=ID what=chat key=SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
            server @ref=5-0007 server | alice | ringing | id=ID
            server @verified=yes bob | alice | answer | id=ID yes key=SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI
                send @ref=5-0008 alice | bob | hang_up | id=ID failed
            server server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
             1 everyone     │ ⇄ bob  only here: not kept by the server
            *2 ⇄ bob        │
                            │
                            │
                            │
                            │
                            │
                            │
                            │
                            │ ─────────────────────── the beginning of this conversation ──
                            │ ─────────────────────────────────────── Sunday 22 November ──
                            │ 12:00         *  Calling bob…
                            │               *  It rings at bob's.
             1 Echo         │               *  There is no call: the key is another one
             2 List clients │                  than the one you know.
             3 Private mes… │─────────────────────────────────────────────────── Esc closes
             4 Broadcast    │ bob answered with another key than the one you know, so
             5 Exit         │ nothing was said: somebody may stand between you.
             6 Close server │   known: SHA256:AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM
             7 Search       │   shown: SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI
             8 Rooms        │ Ask bob some other way. If the new key is theirs: /forget-key
             9 Moderate     │ bob, and then call again.
             0 Call         │ ⇄> █ver: /direct bob calls again
             ● alice  ⇄ bob                                 Ctrl-K go  Ctrl-F find  F1 keys
            key Esc
            say /forget-key bob
                ForgetPerson("bob")
            rings bob 2
                Bell
                Notify { title: "bob", body: "bob calls (to talk directly): /answer or /decline" }
            +1s
            key Esc
            say /answer
                send @ref=5-0009 alice | bob | answer | id=ID yes key=SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
            server server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
                channel open ID Callee 2
            channel ready w
                RememberPerson(KnownPerson { name: "bob", key: SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI, verified: false })
        "#]],
    );
}

#[test]
fn what_rings_while_another_call_rings_is_told_busy_and_who_is_ignored_rings_nowhere() {
    check(
        "start name=alice
        size 80x24
        calls bob carol mallory
        server @ref=5-0001 server | alice | ignored | mallory
        rings mallory 9
        rings bob 2
        rings carol 3 file
        +1s
        key Esc
        screen
        key Alt-2
        say /decline carol
        say /decline
        say /decline
        say /answer
        screen",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x24
            server @ref=5-0001 server | alice | ignored | mallory
            rings mallory 9
            rings bob 2
                Bell
                Notify { title: "bob", body: "bob calls (to talk directly): /answer or /decline" }
            rings carol 3 file
                send @ref=5-0006 alice | carol | answer | id=ID no busy
            +1s
            key Esc
            *1 everyone     │ everyone                                             4 people
             2 carol        │
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
             4 Broadcast    │ You are in everyone: all who are online read what you write
             5 Exit         │ here.
             6 Close server │ Type and press Enter · F1 keys (or /help) · F2 menu
             7 Search       │─────────────────────────────────────────────────── Esc closes
             8 Rooms        │ carol called (to send a file) while you were busy with a
             9 Moderate     │ call, and was told so.
             0 Call         │ > _
             ● alice  bob calls  bob calls (to talk directly): /answer or /decline
            key Alt-2
            say /decline carol
            say /decline
                send @ref=5-0007 alice | bob | answer | id=02000000000000000000000000000000 no declined
            say /decline
            say /answer
             1 everyone     │ carol
            *2 carol        │
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
             4 Broadcast    │ ─────────────────────────────────────── Sunday 22 November ──
             5 Exit         │ 12:00         *  carol called (to send a file) while you were
             6 Close server │                  busy with a call, and was told so.
             7 Search       │─────────────────────────────────────────────────── Esc closes
             8 Rooms        │ carol called (to send a file) while you were busy with a
             9 Moderate     │ call, and was told so.
             0 Call         │ > _
             ● alice  Nobody is calling you.
        "#]],
    );
}

#[test]
fn who_is_not_to_be_disturbed_gets_a_line_only() {
    check(
        "start name=alice
        size 80x24
        calls bob
        say /dnd
        server @ref=5-0006 alice | all clients | away | do not disturb
        rings bob 2
        screen
        server server | alice | hang_up | id=ID unanswered
        key Alt-2
        screen",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x24
            say /dnd
                send @ref=5-0006 alice | server | away | do not disturb
            server @ref=5-0006 alice | all clients | away | do not disturb
            rings bob 2
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
             4 Broadcast    │ You are in everyone: all who are online read what you write
             5 Exit         │ here.
             6 Close server │ Type and press Enter · F1 keys (or /help) · F2 menu
             7 Search       │─────────────────────────────────────────────────── Esc closes
             8 Rooms        │ You are shown as away: do not disturb. The bell is silenced.
             9 Moderate     │ /back ends it.
             0 Call         │ > _
             ● alice away  bob calls  bob calls (to talk directly): /answer or /decline
            server server | alice | hang_up | id=ID unanswered
                Title("tr2 (1 @1)")
            key Alt-2
                Title("tr2")
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
             4 Broadcast    │ ─────────────────────────────────────── Sunday 22 November ──
             5 Exit         │ ── new ──────────────────────────────────────────────────────
             6 Close server │ 12:00         *  Missed call from bob (to talk directly).
             7 Search       │─────────────────────────────────────────────────── Esc closes
             8 Rooms        │ You are shown as away: do not disturb. The bell is silenced.
             9 Moderate     │ /back ends it.
             0 Call         │ > _
             ● alice away  Missed call from bob (to talk directly).
        "#]],
    );
}

#[test]
fn the_dialog_goes_with_the_call_and_tab_while_writing_answers_nothing() {
    check(
        "start name=alice
        size 60x16
        calls bob
        type hello
        rings bob 2
        +1s
        type there
        key Tab
        key Enter
        screen
        server bob | alice | hang_up | id=ID done
        screen",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 60x16
            rings bob 2
                Bell
                Notify { title: "bob", body: "bob calls (to talk directly): /answer or /decline" }
            +1s
            key Tab
            key Enter
            *1 everyone     │ everyone                         2 people
                            │
                            │
            ┌ bob calls ───────────────────────────────────────────────┐
            │ bob calls to talk directly.                              │
            │ ~bob only claims this name: anyone could be calling.     │
            │ First time: you have not spoken directly with bob        │
            │ before. Key                                              │
            │ SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI.      │
            │ [Answer] [Decline]                                       │
            └──────────────────────────────────────────────────────────┘
             7 Search       │ read what you write here.
             8 Rooms        │ Type and press Enter · F1 keys (or /help)
             9 Moderate     │ · F2 menu
             0 Call         │ > hellothere
             ● alice  bob calls         Ctrl-K go  Ctrl-F find  F1 keys
            server bob | alice | hang_up | id=ID done
                Title("tr2 (1 @1)")
            *1 everyone     │ everyone                         2 people
             2 bob       @1 │
                            │
                            │
                            │
             1 Echo         │
             2 List clients │
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │
             6 Close server │ You are in everyone: all who are online
             7 Search       │ read what you write here.
             8 Rooms        │ Type and press Enter · F1 keys (or /help)
             9 Moderate     │ · F2 menu
             0 Call         │ > hellothere_
             ● alice  Missed call from bob (to talk directly).
        "#]],
    );
}

#[test]
fn both_call_each_other_and_one_call_remains() {
    check(
        "start name=alice
        size 80x24
        calls bob
        say /direct bob
        rings bob 2
        say /hangup
        start name=alice
        size 80x24
        calls bob
        say /direct bob
        server bob | alice | call | id=00000000000000000000000000000001 what=chat key=SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI
        server bob | alice | call | id=ffffffffffffffffffffffffffffffff what=chat key=SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x24
            say /direct bob
                send @ref=5-0006 alice | bob | call | id=ID what=chat key=SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
            rings bob 2
                send @ref=5-0007 alice | bob | hang_up | id=63033b0ca389c35ac097314d939736f8 done
                send @ref=5-0008 alice | bob | answer | id=ID yes key=SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
            say /hangup
                send @ref=5-0009 alice | bob | hang_up | id=ID done
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x24
            say /direct bob
                send @ref=5-0006 alice | bob | call | id=ID what=chat key=SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
            server bob | alice | call | id=00000000000000000000000000000001 what=chat key=SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI
                send @ref=5-0007 alice | bob | hang_up | id=ID done
                send @ref=5-0008 alice | bob | answer | id=00000000000000000000000000000001 yes key=SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
            server bob | alice | call | id=ffffffffffffffffffffffffffffffff what=chat key=SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI
                send @ref=5-0009 alice | bob | answer | id=ffffffffffffffffffffffffffffffff no busy
        "#]],
    );
}

#[test]
fn what_calls_need_is_said() {
    check(
        "start name=alice no-key
        size 120x24
        calls bob
        say /direct bob
        status
        start name=alice
        size 120x24
        online bob
        say /direct bob
        status
        start name=alice
        size 120x24
        calls bob
        say /direct alice
        status
        say /direct b!b
        status
        say /hangup
        status
        say /answer bob
        status
        say /decline
        status
        say /verify
        status
        say /verify bob
        status
        say /send bob
        status
        say /send
        status
        say /accept
        status
        say /stop
        status
        say /forget-key
        status
        say /forget-key bob
        status
        say /direct bob
        status
        say /direct bob
        status
        say /verify
        status
        lost It broke.
        say /direct bob
        status",
        expect![[r#"
            start name=alice no-key
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 120x24
            say /direct bob
              [● alice@localhost 0 ms|Ctrl-K go  Ctrl-F find  F1 keys]
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 120x24
            say /direct bob
              [● alice@localhost 0 ms  This server has no calls.|]
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 120x24
            say /direct alice
              [● alice@localhost 0 ms  You cannot call yourself.|]
            say /direct b!b
              [● alice@localhost 0 ms|Ctrl-K go  Ctrl-F find  F1 keys]
            say /hangup
              [● alice@localhost 0 ms  There is no call.|]
            say /answer bob
              [● alice@localhost 0 ms  bob is not calling you.|]
            say /decline
              [● alice@localhost 0 ms  Nobody is calling you, and no file is offered.|]
            say /verify
              [● alice@localhost 0 ms  There is no call.|]
            say /verify bob
              [● alice@localhost 0 ms  There is no call with bob.|]
            say /send bob
              [● alice@localhost 0 ms  Which file? /send NAME FILE|]
            say /send
              [● alice@localhost 0 ms|Ctrl-K go  Ctrl-F find  F1 keys]
            say /accept
              [● alice@localhost 0 ms  No file is offered to you.|]
            say /stop
              [● alice@localhost 0 ms  There is no call.|]
            say /forget-key
              [● alice@localhost 0 ms|Ctrl-K go  Ctrl-F find  F1 keys]
            say /forget-key bob
              [● alice@localhost 0 ms  No key of bob is known.|]
            say /direct bob
                send @ref=5-0006 alice | bob | call | id=ID what=chat key=SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
              [● alice@localhost 0 ms  calling bob  No key of bob is known.|]
            say /direct bob
              [● alice@localhost 0 ms  calling bob  A call with bob is under way; /hangup gives it up.|]
            say /verify
              [● alice@localhost 0 ms  calling bob  ⇄ bob|Ctrl-K go  Ctrl-F find  F1 keys]
            lost It broke.
            say /direct bob
                Dial(tcp://localhost:1234)
              [○ alice@localhost  reconnecting…  You are not online. F5 or /reconnect tries at once.|]
        "#]],
    );
}

#[test]
fn lines_of_plain_mode_go_on_directly_without_the_server() {
    let told = play(
        "start name=alice plain known=bob:2
        calls bob
        rings bob 2
        line /answer
        server server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
        channel ready w
        channel goes 203.0.113.3:4711
        lost It broke.
        line and without the server
        line /whois bob
        line this waits behind a question to the server
        ",
    );
    assert!(told.contains("channel say \"and without the server\""), "{told}");
    assert!(!told.contains("channel say \"this waits"), "lines keep their order: {told}");
}

#[test]
fn the_keys_that_are_known_on_another_server_guard_there_too() {
    check(
        "start name=alice known=bob:2
        size 80x24
        failed refused Nobody answers.
        key Up
        key Ctrl-U
        paste tcp://other:1234
        key Enter
        connected 2.26
        server server | client | name | TR2.26 accepted presence ping moderator identity calls
        server server | alice | connection_confirmation | hi
        known-people tcp://other:1234 bob:9
        rings bob 2 verified
        screen
        rings bob 9 verified
        +1s
        screen",
        expect![[r#"
            start name=alice known=bob:2
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x24
            failed refused Nobody answers.
                LookAround
            key Up
            key Ctrl-U
            paste tcp://other:1234
            key Enter
                Dial(tcp://other:1234)
            connected 2.26
            server server | client | name | TR2.26 accepted presence ping moderator identity calls
                send alice | server | capabilities | calls
                send @ref=5-0001 alice | server | name | alice
            server server | alice | connection_confirmation | hi
                send @ref=5-0002 alice | server | list_clients | no data
                RecallPeople
                send alice | server | ping | 3
            known-people tcp://other:1234 bob:9
            rings bob 2 verified
                send @ref=5-0004 alice | bob | answer | id=ID no cannot
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
                            │ You are in everyone, alone so far. Others join with: tr2 join
             1 Echo         │ --server tcp://other:1234
             2 List clients │ Type and press Enter · F1 keys (or /help) · F2 menu
             3 Private mes… │─────────────────────────────────────────────────── Esc closes
             4 Broadcast    │ bob calls with another key than the one you know, so the call
             5 Exit         │ was not let through: somebody may stand between you.
             6 Close server │   known: SHA256:CQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQk
             7 Search       │   shown: SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI
             8 Rooms        │ Ask bob some other way. If the new key is theirs: /forget-key
             9 Moderate     │ bob, and then call each other again.
             0 Call         │ > _
             ● alice                                        Ctrl-K go  Ctrl-F find  F1 keys
            rings bob 9 verified
                Bell
                Notify { title: "bob", body: "bob calls (to talk directly): /answer or /decline" }
            +1s
            *1 everyone     │ everyone                                             0 people
                            │
                            │
                            │
                            │
                            │
                            │
                            │
                            │ ┌ bob calls ───────────────────────────────────────────────┐
                            │ │ bob calls to talk directly.                              │
                            │ │ bob is verified by the server.                           │
                            │ │ You know this key as bob's, but have not compared words. │
                            │ │ [Answer] [Decline]                                       │n
             1 Echo         │ └──────────────────────────────────────────────────────────┘
             2 List clients │ Type and press Enter · F1 keys (or /help) · F2 menu
             3 Private mes… │─────────────────────────────────────────────────── Esc closes
             4 Broadcast    │ bob calls with another key than the one you know, so the call
             5 Exit         │ was not let through: somebody may stand between you.
             6 Close server │   known: SHA256:CQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQk
             7 Search       │   shown: SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI
             8 Rooms        │ Ask bob some other way. If the new key is theirs: /forget-key
             9 Moderate     │ bob, and then call each other again.
             0 Call         │ >
             ● alice  bob calls                             Ctrl-K go  Ctrl-F find  F1 keys
        "#]],
    );
}

#[test]
fn a_program_that_answers_hears_and_speaks_only_once_it_asks_for_sound() {
    let answered = |start: &str, answer: &str, then: &str| {
        play(&format!(
            "start name=alice {start}
            calls bob
            rings bob 2 verified video,chat,voice
            {answer}
            server server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
            channel ready w
            channel speaks on
            {then}"
        ))
    };
    for (start, answer, sound) in [
        ("plain", "line /answer", "line /sound on"),
        ("plain json", r#"line {"op":"command","line":"/answer"}"#, r#"line {"op":"command","line":"/sound on"}"#),
    ] {
        let before = answered(start, answer, "tick");
        assert!(before.contains("channel open ID Callee 2"), "{before}");
        assert!(!before.contains("Sound(") && !before.contains("channel hear"), "{before}");
        let after = answered(start, answer, sound);
        assert!(after.contains("Sound(Some(\"\"))"), "{after}");
    }
    // A person at a screen hears at once.
    assert!(answered("", "say /answer", "tick").contains("Sound(Some(\"\"))"));
}
