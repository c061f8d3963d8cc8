//! What goes directly: what is said, compared words, files; on the screen, line by line and for programs.

use std::time::Duration;

use expect_test::expect;
use tr2::client::direct::orders::ChannelOrder;
use tr2::client::key::Key;
use tr2::client::msg::{Effect, Msg, Unsent};
use tr2::client::session::{CALL_PATIENCE, MAX_CALLS, MAX_TO_OFFER};
use tr2::model::{Target, Text};
use tr2::protocol::peer::MAX_DIRECT_TEXT;

use crate::check;
use crate::script::Play;

#[test]
fn nothing_that_is_said_directly_reaches_the_server_or_a_file() {
    check(
        "start name=alice known=bob:2
        size 80x24
        calls bob
        say /direct bob
        server @verified=yes bob | alice | answer | id=ID yes key=SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI
        server server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
        channel ready lusab-babad-gutih-tugad
        say in secret
        say /me waves
        say //not a command
        paste two lines\\nof it
        key Enter
        say /reply no
        say /edit no
        say /react +1
        key Ctrl-U
        say /notify all
        key Alt-1
        say aloud
        key Alt-2
        screen
        say /search secret
        key Esc
        type a draft of mine
        hangup",
        expect![[r#"
            start name=alice known=bob:2
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x24
            say /direct bob
                send @ref=5-0006 alice | bob | call | id=ID what=chat key=SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
            server @verified=yes bob | alice | answer | id=ID yes key=SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI
            server server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
                channel open ID Caller 2
            channel ready lusab-babad-gutih-tugad
                Bell
                Notify { title: "⇄ bob", body: "You can talk directly with bob now." }
            say in secret
                channel say "in secret"
            say /me waves
                channel say "/me waves"
            say //not a command
                channel say "/not a command"
            paste two lines\nof it
            key Enter
                channel say "two lines\nof it"
            say /reply no
            say /edit no
            say /react +1
            key Ctrl-U
            say /notify all
            key Alt-1
            say aloud
                send @ref=5-0007 alice | all clients | broadcast_not_me | aloud
            key Alt-2
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
                            │               *  bob has answered. Connecting…
             1 Echo         │               *  The channel to bob is open: only the two of
             2 List clients │                  you read what is said here, and nothing of
             3 Private mes… │                  it is kept. You know this key as bob's, but
             4 Broadcast    │                  have not compared words.
             5 Exit         │             you  in secret
             6 Close server │               *  ~alice waves
             7 Search       │             you  /not a command
             8 Rooms        │                  two lines
             9 Moderate     │                  of it
             0 Call         │ ⇄> _
             ● alice  This cannot be done with what goes directly.
            say /search secret
            key Esc
            hangup
                Keep([Unsent { to: Everyone, text: "aloud", unsure: true, draft: false }])
                channel close ID
                send alice | server | exit | no data
                Disconnect
                Leave(Failed("1 message was not sent."))
        "#]],
    );
}

#[test]
fn messages_count_ring_and_stand_apart_from_those_of_the_server() {
    check(
        "start name=alice known=bob:2
        size 120x40
        calls bob
        say /direct bob
        server @verified=yes bob | alice | answer | id=ID yes key=SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI
        server server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
        channel ready lusab-babad-gutih-tugad
        key Alt-1
        +3s
        channel said are you there?
        server @id=1;time=2026-11-22T12:00:00Z;verified=yes bob | alice | private_message | by the server
        screen
        key Ctrl-K
        type bob
        screen
        key Esc
        key Alt-A
        say yes
        key Alt-3
        say yes
        screen",
        expect![[r#"
            start name=alice known=bob:2
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 120x40
            say /direct bob
                send @ref=5-0006 alice | bob | call | id=ID what=chat key=SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
            server @verified=yes bob | alice | answer | id=ID yes key=SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI
            server server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
                channel open ID Caller 2
            channel ready lusab-babad-gutih-tugad
                Bell
                Notify { title: "⇄ bob", body: "You can talk directly with bob now." }
            key Alt-1
            +3s
            channel said are you there?
                Bell
                Notify { title: "⇄ bob", body: "are you there?" }
                Title("tr2 (1)")
            server @id=1;time=2026-11-22T12:00:00Z;verified=yes bob | alice | private_message | by the server
                Title("tr2 (2)")
            *1 everyone         │ everyone                                                                         │ 2 online
             2 ⇄ bob         @1 │                                                                                  │ ~alice     you
             3 bob           @1 │                                                                                  │ ~bob
                                │                                                                                  │
                                │                                                                                  │
                                │                                                                                  │
                                │                                                                                  │
                                │                                                                                  │
                                │                                                                                  │
                                │                                                                                  │
                                │                                                                                  │
                                │                                                                                  │
                                │                                                                                  │
                                │                                                                                  │
                                │                                                                                  │
                                │                                                                                  │
                                │                                                                                  │
                                │                                                                                  │
                                │                                                                                  │
                                │                                                                                  │
                                │                                                                                  │
                                │                                                                                  │
                                │                                                                                  │
                                │                                                                                  │
                                │                                                                                  │
                                │                                                                                  │
                                │                                                                                  │
                                │                                                                                  │
             Menu               │                                                                                  │
             1 Echo             │                                                                                  │
             2 List clients     │                                                                                  │
             3 Private message  │                                                                                  │
             4 Broadcast        │                                                                                  │
             5 Exit             │                                                                                  │
             6 Close server     │                                                                                  │
             7 Search           │                                                                                  │
             8 Rooms            │ You are in everyone: all who are online read what you write here.                │
             9 Moderate         │ Type and press Enter · F1 keys (or /help) · F2 menu                              │
             0 Call             │ > _                                                                              │
             ● alice@localhost 0 ms   2 ⇄ bob @1   3 bob @1                                         Ctrl-K go  Ctrl-F find  F1 keys
            key Ctrl-K
            *1 everyone         │ everyone                                                                         │ 2 online
             2 ⇄ bob         @1 │                                                                                  │ ~alice     you
             3 bob           @1 │                                                                                  │ ~bob
                                │                                                                                  │
                                │                                                                                  │
                                │                                                                                  │
                                │                                                                                  │
                                │                                                                                  │
                                │                                                                                  │
                                │                                                                                  │
                                │                                                                                  │
                                │                                                                                  │
                                │                                                                                  │
                                │                                                                                  │
                                │                                                                                  │
                                │                                                                                  │
                                │           ┌ Go to ───────────────────────────────────────────────────┐           │
                                │           │ 2 with "bob"                                             │           │
                                │           │ >bob                                            1 unread │           │
                                │           │  ⇄ bob                                          1 unread │           │
                                │           │ [Go] [Cancel]                                            │           │
                                │           └──────────────────────────────────────────────────────────┘           │
                                │                                                                                  │
                                │                                                                                  │
                                │                                                                                  │
                                │                                                                                  │
                                │                                                                                  │
                                │                                                                                  │
             Menu               │                                                                                  │
             1 Echo             │                                                                                  │
             2 List clients     │                                                                                  │
             3 Private message  │                                                                                  │
             4 Broadcast        │                                                                                  │
             5 Exit             │                                                                                  │
             6 Close server     │                                                                                  │
             7 Search           │                                                                                  │
             8 Rooms            │ You are in everyone: all who are online read what you write here.                │
             9 Moderate         │ Type and press Enter · F1 keys (or /help) · F2 menu                              │
             0 Call             │ >                                                                                │
             ● alice@localhost 0 ms   2 ⇄ bob @1   3 bob @1                                         Ctrl-K go  Ctrl-F find  F1 keys
            key Esc
            key Alt-A
                Title("tr2 (1)")
            say yes
                channel say "yes"
            key Alt-3
                Title("tr2")
            say yes
                send @ref=5-0007 alice | bob | private_message | yes
             1 everyone         │ bob                                                                              │ 2 online
             2 ⇄ bob            │                                                                                  │ ~alice     you
            *3 bob              │                                                                                  │ ~bob
                                │                                                                                  │
                                │                                                                                  │
                                │                                                                                  │
                                │                                                                                  │
                                │                                                                                  │
                                │                                                                                  │
                                │                                                                                  │
                                │                                                                                  │
                                │                                                                                  │
                                │                                                                                  │
                                │                                                                                  │
                                │                                                                                  │
                                │                                                                                  │
                                │                                                                                  │
                                │                                                                                  │
                                │                                                                                  │
                                │                                                                                  │
                                │                                                                                  │
                                │                                                                                  │
                                │                                                                                  │
                                │                                                                                  │
                                │                                                                                  │
                                │                                                                                  │
                                │                                                                                  │
                                │                                                                                  │
             Menu               │                                                                                  │
             1 Echo             │                                                                                  │
             2 List clients     │                                                                                  │
             3 Private message  │                                                                                  │
             4 Broadcast        │                                                                                  │
             5 Exit             │                                                                                  │
             6 Close server     │                                                                                  │
             7 Search           │ ────────────────────────────────────────────────────────── Sunday 22 November ── │
             8 Rooms            │ 12:00       bob  by the server                                                   │
             9 Moderate         │             you  yes ◌                                                           │
             0 Call             │ > _                                                                              │
             ● alice@localhost 0 ms  bob                                                            Ctrl-K go  Ctrl-F find  F1 keys
        "#]],
    );
}

#[test]
fn what_was_not_said_comes_back_to_where_it_was_written() {
    check(
        "start name=alice known=bob:2
        size 80x24
        calls bob
        say /direct bob
        server @verified=yes bob | alice | answer | id=ID yes key=SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI
        server server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
        channel ready lusab-babad-gutih-tugad
        say first
        say second
        type third
        channel unsaid full second
        screen
        key Alt-1
        channel ended silent
        channel unsaid early first
        key Alt-2
        screen",
        expect![[r#"
            start name=alice known=bob:2
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x24
            say /direct bob
                send @ref=5-0006 alice | bob | call | id=ID what=chat key=SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
            server @verified=yes bob | alice | answer | id=ID yes key=SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI
            server server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
                channel open ID Caller 2
            channel ready lusab-babad-gutih-tugad
                Bell
                Notify { title: "⇄ bob", body: "You can talk directly with bob now." }
            say first
                channel say "first"
            say second
                channel say "second"
            channel unsaid full second
             1 everyone     │ ⇄ bob  only here: not kept by the server        by the server
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
             2 List clients │ 12:00         *  Calling bob…
             3 Private mes… │               *  bob has answered. Connecting…
             4 Broadcast    │               *  The channel to bob is open: only the two of
             5 Exit         │                  you read what is said here, and nothing of
             6 Close server │                  it is kept. You know this key as bob's, but
             7 Search       │                  have not compared words.
             8 Rooms        │             you  first
             9 Moderate     │ ⇄> second                                             2 lines
             0 Call         │    third_
             ● alice  Too much waits to be sent to bob; try again in a moment.
            key Alt-1
            channel ended silent
                send @ref=5-0007 alice | bob | hang_up | id=ID failed
            channel unsaid early first
            key Alt-2
             1 everyone     │ ⇄ bob  only here: not kept by the server
            *2 ⇄ bob        │
                            │
                            │
                            │
                            │
                            │
                            │ ─────────────────────── the beginning of this conversation ──
                            │ ─────────────────────────────────────── Sunday 22 November ──
                            │ 12:00         *  Calling bob…
                            │               *  bob has answered. Connecting…
                            │               *  The channel to bob is open: only the two of
                            │                  you read what is said here, and nothing of
             1 Echo         │                  it is kept. You know this key as bob's, but
             2 List clients │                  have not compared words.
             3 Private mes… │               *  Nothing comes from bob any more, so the
             4 Broadcast    │                  channel is closed. /direct bob calls again.
             5 Exit         │─────────────────────────────────────────────────── Esc closes
             6 Close server │ This direct chat is over, so nothing can be sent. /direct bob
             7 Search       │ calls again; /query bob goes through the server.
             8 Rooms        │ ⇄> first                                              3 lines
             9 Moderate     │    second
             0 Call         │    third_
             ● alice  ⇄ bob                                 Ctrl-K go  Ctrl-F find  F1 keys
        "#]],
    );
}

#[test]
fn once_the_channel_is_over_what_is_written_stays_and_goes_nowhere() {
    check(
        "start name=alice known=bob:2
        size 80x24
        calls bob
        say /direct bob
        server @verified=yes bob | alice | answer | id=ID yes key=SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI
        server server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
        channel ready lusab-babad-gutih-tugad
        say one
        server bob | alice | hang_up | id=ID done
        say two
        screen
        key Ctrl-U
        say /direct bob
        say three
        key Ctrl-U
        say /close
        screen
        say /hangup bob",
        expect![[r#"
            start name=alice known=bob:2
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x24
            say /direct bob
                send @ref=5-0006 alice | bob | call | id=ID what=chat key=SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
            server @verified=yes bob | alice | answer | id=ID yes key=SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI
            server server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
                channel open ID Caller 2
            channel ready lusab-babad-gutih-tugad
                Bell
                Notify { title: "⇄ bob", body: "You can talk directly with bob now." }
            say one
                channel say "one"
            server bob | alice | hang_up | id=ID done
                channel close ID
            say two
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
                            │               *  bob has answered. Connecting…
             1 Echo         │               *  The channel to bob is open: only the two of
             2 List clients │                  you read what is said here, and nothing of
             3 Private mes… │                  it is kept. You know this key as bob's, but
             4 Broadcast    │                  have not compared words.
             5 Exit         │             you  one
             6 Close server │               *  bob hung up.
             7 Search       │─────────────────────────────────────────────────── Esc closes
             8 Rooms        │ This direct chat is over, so nothing can be sent. /direct bob
             9 Moderate     │ calls again; /query bob goes through the server.
             0 Call         │ ⇄> two_
             ● alice  ⇄ bob                                 Ctrl-K go  Ctrl-F find  F1 keys
            key Ctrl-U
            say /direct bob
                send @ref=5-0007 alice | bob | call | id=ID what=chat key=SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
            say three
            key Ctrl-U
            say /close
                send @ref=5-0008 alice | bob | hang_up | id=ID done
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
             8 Rooms        │ This direct chat is over, so nothing can be sent. /direct bob
             9 Moderate     │ calls again; /query bob goes through the server.
             0 Call         │ > _
             ● alice  The channel to bob is not open yet.
            say /hangup bob
        "#]],
    );
}

#[test]
fn compared_words_are_remembered() {
    check(
        "start name=alice
        size 80x24
        calls bob
        say /direct bob
        server @verified=yes bob | alice | answer | id=ID yes key=SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI
        server server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
        channel ready lusab-babad-gutih-tugad
        say /verify
        key Enter
        screen
        key Tab
        key Enter
        screen
        say /status
        traffic 10 20 30
        screen
        key Esc
        say /hangup
        rings bob 2
        screen",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x24
            say /direct bob
                send @ref=5-0006 alice | bob | call | id=ID what=chat key=SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
            server @verified=yes bob | alice | answer | id=ID yes key=SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI
            server server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
                channel open ID Caller 2
            channel ready lusab-babad-gutih-tugad
                RememberPerson(KnownPerson { name: "bob", key: SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI, verified: false })
                Bell
                Notify { title: "⇄ bob", body: "You can talk directly with bob now." }
            say /verify
            key Enter
             1 everyone     │ ⇄ bob  only here: not kept by the server        by the server
            *2 ⇄ bob        │
                            │
                            │
                            │
                            │
                            │
                            │ ┌ Compare words with bob ──────────────────────────────────┐
                            │ │ Read these words to bob, by telephone or face to face,   │
                            │ │ and not in this chat:                                    │
                            │ │ lusab  babad  gutih  tugad                               │
                            │ │ If both of you see the same words, nobody stands between │
                            │ │ you. If they differ in anything, somebody does.          │─
             1 Echo         │ │ [They match] [They differ] [Close]                       │─
             2 List clients │ └──────────────────────────────────────────────────────────┘
             3 Private mes… │               *  bob has answered. Connecting…
             4 Broadcast    │               *  The channel to bob is open: only the two of
             5 Exit         │                  you read what is said here, and nothing of
             6 Close server │                  it is kept. You have not spoken directly
             7 Search       │                  with bob before; key
             8 Rooms        │                  SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICA
             9 Moderate     │                  gICAgI. /verify compares words.
             0 Call         │ ⇄>
             ● alice  ⇄ bob by the server                   Ctrl-K go  Ctrl-F find  F1 keys
            key Tab
            key Enter
                RememberPerson(KnownPerson { name: "bob", key: SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI, verified: true })
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
                            │               *  bob has answered. Connecting…
             1 Echo         │               *  The channel to bob is open: only the two of
             2 List clients │                  you read what is said here, and nothing of
             3 Private mes… │                  it is kept. You have not spoken directly
             4 Broadcast    │                  with bob before; key
             5 Exit         │                  SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICA
             6 Close server │                  gICAgI. /verify compares words.
             7 Search       │               *  You have compared words with bob: nobody
             8 Rooms        │                  stands between you, and the key is
             9 Moderate     │                  remembered as bob's.
             0 Call         │ ⇄> _
             ● alice  ⇄ bob by the server                   Ctrl-K go  Ctrl-F find  F1 keys
            say /status
                MeasureTraffic
            traffic 10 20 30
             1 everyone     │ ⇄ bob  only here: not kept by the server        by the server
            *2 ⇄ bob        │
                            │ ─────────────────────── the beginning of this conversation ──
                            │ ─────────────────────────────────────── Sunday 22 November ──
                            │ 12:00         *  Calling bob…
                            │               *  bob has answered. Connecting…
                            │               *  The channel to bob is open: only the two of
                            │                  you read what is said here, and nothing of
                            │                  it is kept. You have not spoken directly
                            │                  with bob before; key
                            │                  SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICA
                            │                  gICAgI. /verify compares words.
                            │               *  You have compared words with bob: nobody
             1 Echo         │                  stands between you, and the key is
             2 List clients │                  remembered as bob's.
             3 Private mes… │─────────────────────────────────────────────────── Esc closes
             4 Broadcast    │ alice on tcp://localhost:1234: online for 0 seconds, round
             5 Exit         │ trip 0 ms.
             6 Close server │ You are unverified.
             7 Search       │ Directly with bob: by the server, words compared.
             8 Rooms        │ In the last minute: 10 bytes received, 20 bytes sent, 30
             9 Moderate     │ bytes to the terminal.
             0 Call         │ ⇄> _
             ● alice  ⇄ bob by the server                   Ctrl-K go  Ctrl-F find  F1 keys
            key Esc
            say /hangup
                channel close ID
                send @ref=5-0007 alice | bob | hang_up | id=ID done
            rings bob 2
             1 everyone     │ ⇄ bob  only here: not kept by the server
            *2 ⇄ bob        │
                            │
                            │
                            │
                            │
                            │
                            │
                            │ ┌ bob calls ───────────────────────────────────────────────┐─
                            │ │ bob calls to talk directly.                              │─
                            │ │ ~bob only claims this name: anyone could be calling.     │
                            │ │ This is bob's key: you have compared words.              │
                            │ │ [Answer] [Decline]                                       │
             1 Echo         │ └──────────────────────────────────────────────────────────┘
             2 List clients │                  it is kept. You have not spoken directly
             3 Private mes… │                  with bob before; key
             4 Broadcast    │                  SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICA
             5 Exit         │                  gICAgI. /verify compares words.
             6 Close server │               *  You have compared words with bob: nobody
             7 Search       │                  stands between you, and the key is
             8 Rooms        │                  remembered as bob's.
             9 Moderate     │               *  You ended the call with bob.
             0 Call         │ ⇄> calling… /hangup gives up
             ● alice  bob calls  ⇄ bob                      Ctrl-K go  Ctrl-F find  F1 keys
        "#]],
    );
}

#[test]
fn words_that_differ_end_the_channel_and_the_key_is_forgotten() {
    check(
        "start name=alice
        size 80x24
        calls bob
        say /direct bob
        server @verified=yes bob | alice | answer | id=ID yes key=SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI
        server server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
        channel ready lusab-babad-gutih-tugad
        say /verify
        key Right
        key Right
        key Enter
        screen
        channel said trust me
        channel ended closed",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x24
            say /direct bob
                send @ref=5-0006 alice | bob | call | id=ID what=chat key=SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
            server @verified=yes bob | alice | answer | id=ID yes key=SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI
            server server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
                channel open ID Caller 2
            channel ready lusab-babad-gutih-tugad
                RememberPerson(KnownPerson { name: "bob", key: SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI, verified: false })
                Bell
                Notify { title: "⇄ bob", body: "You can talk directly with bob now." }
            say /verify
            key Right
            key Right
            key Enter
                channel close ID
                send @ref=5-0007 alice | bob | hang_up | id=ID words_differ
                ForgetPerson("bob")
             1 everyone     │ ⇄ bob  only here: not kept by the server
            *2 ⇄ bob        │
                            │
                            │
                            │
                            │ ─────────────────────── the beginning of this conversation ──
                            │ ─────────────────────────────────────── Sunday 22 November ──
                            │ 12:00         *  Calling bob…
                            │               *  bob has answered. Connecting…
                            │               *  The channel to bob is open: only the two of
                            │                  you read what is said here, and nothing of
                            │                  it is kept. You have not spoken directly
                            │                  with bob before; key
             1 Echo         │                  SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICA
             2 List clients │                  gICAgI. /verify compares words.
             3 Private mes… │               *  The words differed: whoever this was, it was
             4 Broadcast    │                  not bob alone.
             5 Exit         │─────────────────────────────────────────────────── Esc closes
             6 Close server │ SOMEBODY STANDS BETWEEN YOU AND bob. The channel is closed,
             7 Search       │ and nothing that was said on it was secret. The key is
             8 Rooms        │ forgotten. Tell bob some other way than this server, and do
             9 Moderate     │ not use it for anything secret.
             0 Call         │ ⇄> █ver: /direct bob calls again
             ● alice  ⇄ bob                                 Ctrl-K go  Ctrl-F find  F1 keys
            channel said trust me
            channel ended closed
        "#]],
    );
}

#[test]
fn a_file_is_offered_taken_and_shown_as_it_comes() {
    check(
        "start name=alice known=bob:2+
        size 80x24
        calls bob
        say /direct bob
        server @verified=yes bob | alice | answer | id=ID yes key=SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI
        server server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
        channel ready lusab-babad-gutih-tugad
        +3s
        channel offered 1 3400000 ../../etc/pass;wd.tar.gz
        +1s
        key Enter
        screen
        key Tab
        key Enter
        +1s
        channel progress 1 moving 340000 3400000
        +1s
        channel progress 1 moving 680000 3400000
        screen
        channel progress 1 digest 3400000 3400000
        channel file 1 saved /home/alice/Downloads/pass_wd.tar.gz
        channel offered 2 10 notes.txt 4
        +1s
        screen
        key Esc
        say /decline
        channel offered 3 10 notes.txt
        channel file 3 withdrawn
        channel offered 4 10 notes.txt
        +1s
        key Esc
        say /accept bob
        channel file 4 wrong
        channel offered 5 10 notes.txt
        +1s
        key Esc
        say /accept
        channel file 5 failed the disk is full
        screen",
        expect![[r#"
            start name=alice known=bob:2+
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x24
            say /direct bob
                send @ref=5-0006 alice | bob | call | id=ID what=chat key=SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
            server @verified=yes bob | alice | answer | id=ID yes key=SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI
            server server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
                channel open ID Caller 2
            channel ready lusab-babad-gutih-tugad
                Bell
                Notify { title: "⇄ bob", body: "You can talk directly with bob now." }
            +3s
            channel offered 1 3400000 ../../etc/pass;wd.tar.gz
                Bell
                Notify { title: "bob", body: "bob offers a file: pass_wd.tar.gz, 3.4 MB." }
            +1s
            key Enter
             1 everyone     │ ⇄ bob  only here: not kept by the server        by the server
            *2 ⇄ bob        │
                            │
                            │
                            │
                            │
                            │
                            │ ┌ A file from bob ─────────────────────────────────────────┐
                            │ │ bob offers a file: pass_wd.tar.gz, 3.4 MB.               │
                            │ │ Its SHA-256 digest begins with d1d1d1d1d1d1d1d1; it is   │
                            │ │ checked once all has arrived.                            │
                            │ │ You have compared words with bob.                        │
                            │ │ [Accept] [Decline]                                       │─
             1 Echo         │ └──────────────────────────────────────────────────────────┘─
             2 List clients │ 12:00         *  Calling bob…
             3 Private mes… │               *  bob has answered. Connecting…
             4 Broadcast    │               *  The channel to bob is open: only the two of
             5 Exit         │                  you read what is said here, and nothing of
             6 Close server │                  it is kept. This is bob's key: you have
             7 Search       │                  compared words.
             8 Rooms        │               *  bob offers pass_wd.tar.gz, 3.4 MB: /accept
             9 Moderate     │                  or /decline
             0 Call         │ ⇄>
             ● alice  ⇄ bob by the server                   Ctrl-K go  Ctrl-F find  F1 keys
            key Tab
            key Enter
                channel accept 1
            +1s
            channel progress 1 moving 340000 3400000
            +1s
            channel progress 1 moving 680000 3400000
             1 everyone     │ ⇄ bob  only here: not kept by the server        by the server
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
             2 List clients │ 12:00         *  Calling bob…
             3 Private mes… │               *  bob has answered. Connecting…
             4 Broadcast    │               *  The channel to bob is open: only the two of
             5 Exit         │                  you read what is said here, and nothing of
             6 Close server │                  it is kept. This is bob's key: you have
             7 Search       │                  compared words.
             8 Rooms        │               *  pass_wd.tar.gz from bob  ██░░░░░░░░░░  20 %
             9 Moderate     │                  of 3.4 MB  340.0 kB/s  8 seconds left
             0 Call         │ ⇄> _
             ● alice  ⇄ bob by the server                   Ctrl-K go  Ctrl-F find  F1 keys
            channel progress 1 digest 3400000 3400000
            channel file 1 saved /home/alice/Downloads/pass_wd.tar.gz
            channel offered 2 10 notes.txt 4
                Bell
                Notify { title: "bob", body: "bob offers a file: notes.txt, 10 bytes." }
            +1s
             1 everyone     │ ⇄ bob  only here: not kept by the server        by the server
            *2 ⇄ bob        │
                            │
                            │
                            │
                            │
                            │ ┌ A file from bob ─────────────────────────────────────────┐
                            │ │ bob offers a file: notes.txt, 10 bytes.                  │
                            │ │ Its SHA-256 digest begins with d1d1d1d1d1d1d1d1; it is   │
                            │ │ checked once all has arrived.                            │─
                            │ │ 4 bytes of it are here from an earlier try; it goes on   │─
                            │ │ from there.                                              │
                            │ │ You have compared words with bob.                        │
             1 Echo         │ │ [Accept] [Decline]                                       │
             2 List clients │ └──────────────────────────────────────────────────────────┘
             3 Private mes… │                  it is kept. This is bob's key: you have
             4 Broadcast    │                  compared words.
             5 Exit         │               *  pass_wd.tar.gz, 3.4 MB, has arrived and is
             6 Close server │                  right. It is in
             7 Search       │                  /home/alice/Downloads/pass_wd.tar.gz
             8 Rooms        │               *  bob offers notes.txt, 10 bytes: /accept or
             9 Moderate     │                  /decline
             0 Call         │ ⇄>
             ● alice  ⇄ bob by the server                   Ctrl-K go  Ctrl-F find  F1 keys
            key Esc
            say /decline
                channel decline 2
            channel offered 3 10 notes.txt
            channel file 3 withdrawn
            channel offered 4 10 notes.txt
            +1s
            key Esc
            say /accept bob
                channel accept 4
            channel file 4 wrong
            channel offered 5 10 notes.txt
                Bell
                Notify { title: "bob", body: "bob offers a file: notes.txt, 10 bytes." }
            +1s
            key Esc
            say /accept
                channel accept 5
            channel file 5 failed the disk is full
             1 everyone     │ ⇄ bob  only here: not kept by the server        by the server
            *2 ⇄ bob        │
                            │
                            │
                            │
                            │ ─────────────────────── the beginning of this conversation ──
                            │ ─────────────────────────────────────── Sunday 22 November ──
                            │ 12:00         *  Calling bob…
                            │               *  bob has answered. Connecting…
                            │               *  The channel to bob is open: only the two of
                            │                  you read what is said here, and nothing of
                            │                  it is kept. This is bob's key: you have
                            │                  compared words.
             1 Echo         │               *  pass_wd.tar.gz, 3.4 MB, has arrived and is
             2 List clients │                  right. It is in
             3 Private mes… │                  /home/alice/Downloads/pass_wd.tar.gz
             4 Broadcast    │               *  You did not take notes.txt.
             5 Exit         │               *  bob no longer sends notes.txt.
             6 Close server │               *  What arrived of notes.txt is not what was
             7 Search       │                  offered: its digest differs. It was thrown
             8 Rooms        │                  away.
             9 Moderate     │               *  notes.txt: the disk is full
             0 Call         │ ⇄> _
             ● alice  ⇄ bob by the server                   Ctrl-K go  Ctrl-F find  F1 keys
        "#]],
    );
}

#[test]
fn a_file_is_sent_on_a_channel_or_after_a_call() {
    check(
        "start name=alice known=bob:2+
        size 80x24
        calls bob carol
        say /send bob ~/a b.txt
        screen
        server @verified=yes bob | alice | answer | id=ID yes key=SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI
        server server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
        channel ready w
        channel progress ~/x digest 1 2
        say /send bob /tmp/c.txt
        say /send bob /tmp/c.txt
        channel progress /tmp/c.txt digest 50 200
        channel progress /tmp/c.txt waiting 0 200
        screen
        channel progress /tmp/c.txt moving 0 200
        +1s
        channel progress /tmp/c.txt moving 100 200
        screen
        channel file /tmp/c.txt sent
        say /send bob /tmp/d.txt
        channel file /tmp/d.txt declined
        say /send bob /tmp/e.txt
        channel file /tmp/e.txt failed it cannot be read: permission denied
        say /send bob /tmp/f.txt
        channel progress /tmp/f.txt moving 100 2000000000
        say /stop
        say /send bob /tmp/g.txt
        channel progress /tmp/g.txt moving 100 2000000000
        channel file /tmp/g.txt cut
        channel ended silent
        screen",
        expect![[r#"
            start name=alice known=bob:2+
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x24
            say /send bob ~/a b.txt
                send @ref=5-0006 alice | bob | call | id=ID what=file key=SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
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
            server @verified=yes bob | alice | answer | id=ID yes key=SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI
            server server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
                channel open ID Caller 2
            channel ready w
                Bell
                Notify { title: "⇄ bob", body: "You can talk directly with bob now." }
                channel offer ~/a b.txt
            channel progress ~/x digest 1 2
            say /send bob /tmp/c.txt
                channel offer /tmp/c.txt
            say /send bob /tmp/c.txt
            channel progress /tmp/c.txt digest 50 200
            channel progress /tmp/c.txt waiting 0 200
             1 everyone     │ ⇄ bob  only here: not kept by the server        by the server
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
                            │ ─────────────────────── the beginning of this conversation ──
                            │ ─────────────────────────────────────── Sunday 22 November ──
             1 Echo         │ 12:00         *  Calling bob…
             2 List clients │               *  bob has answered. Connecting…
             3 Private mes… │               *  The channel to bob is open: only the two of
             4 Broadcast    │                  you read what is said here, and nothing of
             5 Exit         │                  it is kept. This is bob's key: you have
             6 Close server │                  compared words.
             7 Search       │               *  a b.txt: offered to bob, who has not
             8 Rooms        │                  answered
             9 Moderate     │               *  c.txt: offered to bob, who has not answered
             0 Call         │ ⇄> _
             ● alice  c.txt is on its way already.
            channel progress /tmp/c.txt moving 0 200
            +1s
            channel progress /tmp/c.txt moving 100 200
             1 everyone     │ ⇄ bob  only here: not kept by the server        by the server
            *2 ⇄ bob        │
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
             1 Echo         │               *  bob has answered. Connecting…
             2 List clients │               *  The channel to bob is open: only the two of
             3 Private mes… │                  you read what is said here, and nothing of
             4 Broadcast    │                  it is kept. This is bob's key: you have
             5 Exit         │                  compared words.
             6 Close server │               *  a b.txt: offered to bob, who has not
             7 Search       │                  answered
             8 Rooms        │               *  c.txt to bob  ██████░░░░░░  50 % of 200
             9 Moderate     │                  bytes  100 bytes/s  1 second left
             0 Call         │ ⇄> _
             ● alice  c.txt is on its way already.
            channel file /tmp/c.txt sent
            say /send bob /tmp/d.txt
                channel offer /tmp/d.txt
            channel file /tmp/d.txt declined
            say /send bob /tmp/e.txt
                channel offer /tmp/e.txt
            channel file /tmp/e.txt failed it cannot be read: permission denied
            say /send bob /tmp/f.txt
                channel offer /tmp/f.txt
            channel progress /tmp/f.txt moving 100 2000000000
            say /stop
                channel withdraw ~/a b.txt
                channel withdraw /tmp/f.txt
            say /send bob /tmp/g.txt
                channel offer /tmp/g.txt
            channel progress /tmp/g.txt moving 100 2000000000
            channel file /tmp/g.txt cut
            channel ended silent
                send @ref=5-0007 alice | bob | hang_up | id=ID failed
             1 everyone     │ ⇄ bob  only here: not kept by the server
            *2 ⇄ bob        │
                            │
                            │
                            │
                            │ ─────────────────────── the beginning of this conversation ──
                            │ ─────────────────────────────────────── Sunday 22 November ──
                            │ 12:00         *  Calling bob…
                            │               *  bob has answered. Connecting…
                            │               *  The channel to bob is open: only the two of
                            │                  you read what is said here, and nothing of
                            │                  it is kept. This is bob's key: you have
                            │                  compared words.
             1 Echo         │               *  You stopped sending a b.txt.
             2 List clients │               *  bob has all of c.txt, checked.
             3 Private mes… │               *  bob does not want d.txt.
             4 Broadcast    │               *  e.txt: it cannot be read: permission denied
             5 Exit         │               *  You stopped sending f.txt.
             6 Close server │               *  g.txt was cut off. /send bob again goes on
             7 Search       │                  where it stopped.
             8 Rooms        │               *  Nothing comes from bob any more, so the
             9 Moderate     │                  channel is closed. /direct bob calls again.
             0 Call         │ ⇄> █ver: /direct bob calls again
             ● alice  c.txt is on its way already.
        "#]],
    );
}

#[test]
fn files_of_a_call_that_comes_to_nothing_are_said_to_be_left() {
    check(
        "start name=alice
        size 80x24
        calls bob
        say /send bob /tmp/a.txt
        say /send bob /tmp/b.txt
        say /send bob /tmp/a.txt
        server bob | alice | answer | id=ID no declined
        rings bob 2 file
        +1s
        key Esc
        say /send bob /tmp/c.txt
        server server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
        channel ready w
        channel offered 1 10 x
        key Alt-1
        server bob | alice | hang_up | id=ID done
        key Alt-2
        screen",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x24
            say /send bob /tmp/a.txt
                send @ref=5-0006 alice | bob | call | id=ID what=file key=SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
            say /send bob /tmp/b.txt
            say /send bob /tmp/a.txt
            server bob | alice | answer | id=ID no declined
            rings bob 2 file
                Bell
                Notify { title: "bob", body: "bob calls (to send a file): /answer or /decline" }
            +1s
            key Esc
            say /send bob /tmp/c.txt
                send @ref=5-0007 alice | bob | answer | id=ID yes key=SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
            server server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
                channel open ID Callee 2
            channel ready w
                RememberPerson(KnownPerson { name: "bob", key: SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI, verified: false })
                channel offer /tmp/c.txt
            channel offered 1 10 x
            key Alt-1
            server bob | alice | hang_up | id=ID done
                channel close ID
            key Alt-2
             1 everyone     │ ⇄ bob  only here: not kept by the server
            *2 ⇄ bob        │
                            │
                            │
                            │
                            │
                            │ ─────────────────────── the beginning of this conversation ──
                            │ ─────────────────────────────────────── Sunday 22 November ──
                            │ 12:00         *  Calling bob…
                            │               *  a.txt was not sent.
                            │               *  b.txt was not sent.
                            │               *  bob declined the call.
                            │               *  You answered bob. Connecting…
             1 Echo         │               *  The channel to bob is open: only the two of
             2 List clients │                  you read what is said here, and nothing of
             3 Private mes… │                  it is kept. You have not spoken directly
             4 Broadcast    │                  with bob before; key
             5 Exit         │                  SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICA
             6 Close server │                  gICAgI. /verify compares words.
             7 Search       │               *  c.txt was not sent.
             8 Rooms        │               *  bob no longer sends x.
             9 Moderate     │               *  bob hung up.
             0 Call         │ ⇄> █ver: /direct bob calls again
             ● alice  ⇄ bob                                 Ctrl-K go  Ctrl-F find  F1 keys
        "#]],
    );
}

#[test]
fn line_by_line_a_call_makes_lines_go_directly_and_nowhere_else() {
    check(
        "start name=alice plain
        calls bob
        line to everyone
        server @ref=5-0005 server | alice | accepted | no data
        line /direct bob
        line waits for the channel
        server @ref=5-0003 server | alice | ringing | id=ID
        line /status
        traffic 1 2 3
        line waits too
        server @verified=yes bob | alice | answer | id=ID yes key=SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI
        server server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
        channel ready lusab-babad-gutih-tugad
        channel goes server
        channel said hello\\nthere
        line /status
        traffic 1 2 3
        line /verify
        line /verify match
        line /everyone
        line aloud
        server @ref=5-0007 server | alice | accepted | no data
        line /direct bob
        line quietly
        channel ended by-peer
        line to nobody
        line /everyone
        rings bob 2 verified
        line /decline
        rings bob 2
        line /answer
        line is it you?
        line /hangup
        rings bob 2
        line /answer
        line is it you?
        server server | alice | hang_up | id=ID gone
        line to nobody
        eof",
        expect![[r#"
            start name=alice plain
                Dial(tcp://localhost:1234)
            line to everyone
                send @ref=5-0005 alice | all clients | broadcast_not_me | to everyone
            server @ref=5-0005 server | alice | accepted | no data
            line /direct bob
                send @ref=5-0006 alice | bob | call | id=ID what=chat key=SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
                stdout 12:00 * Your lines go directly to bob from now on, once the channel is open; /everyone or /query NAME goes back.
                stdout 12:00 * Calling bob…
            line waits for the channel
            server @ref=5-0003 server | alice | ringing | id=ID
                stdout 12:00 * It rings at bob's.
            line /status
                MeasureTraffic
            traffic 1 2 3
                stdout 12:00 * alice on tcp://localhost:1234: online for 0 seconds, round trip 0 ms.
                You are unverified.
                Call: calling bob.
                1 message waits to be accepted.
                In the last minute: 1 byte received, 2 bytes sent, 3 bytes printed.
            line waits too
            server @verified=yes bob | alice | answer | id=ID yes key=SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI
                stdout 12:00 * bob has answered. Connecting…
            server server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
                channel open ID Caller 2
            channel ready lusab-babad-gutih-tugad
                RememberPerson(KnownPerson { name: "bob", key: SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI, verified: false })
                stdout 12:00 * The channel to bob is open: only the two of you read what is said here, and nothing of it is kept. You have not spoken directly with bob before; key SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI. /verify compares words.
                channel say "waits for the channel"
                channel say "waits too"
            channel goes server
            channel said hello\nthere
                stdout 12:00 [⇄ bob] bob: hello
                there
            line /status
                MeasureTraffic
            traffic 1 2 3
                stdout 12:00 * alice on tcp://localhost:1234: online for 0 seconds, round trip 0 ms.
                You are unverified.
                Directly with bob: by the server, words not compared.
                In the last minute: 1 byte received, 2 bytes sent, 3 bytes printed.
            line /verify
                stdout 12:00 * Read these words to bob, by telephone or face to face, and not in this chat: lusab-babad-gutih-tugad
                The same: /verify bob match. Different in anything: /verify bob differ.
            line /verify match
                RememberPerson(KnownPerson { name: "bob", key: SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI, verified: true })
                stdout 12:00 * You have compared words with bob: nobody stands between you, and the key is remembered as bob's.
            line /everyone
                stdout 12:00 * What you write goes to everyone now.
            line aloud
                send @ref=5-0007 alice | all clients | broadcast_not_me | aloud
            server @ref=5-0007 server | alice | accepted | no data
            line /direct bob
                stdout 12:00 * Your lines go directly to bob now; /everyone or /query NAME goes back.
            line quietly
                channel say "quietly"
            channel ended by-peer
                send @ref=5-0008 alice | bob | hang_up | id=ID done
                stdout 12:00 * bob hung up.
            line to nobody
                stderr tr2: Choose a recipient first, with /query NAME or /everyone. Not sent: to nobody
            line /everyone
                stdout 12:00 * What you write goes to everyone now.
            rings bob 2 verified
                stdout 12:00 * bob calls (to talk directly): /answer or /decline
            line /decline
                send @ref=5-0009 alice | bob | answer | id=ID no declined
                stdout 12:00 * You declined bob's call.
            rings bob 2
                stdout 12:00 * bob calls (to talk directly): /answer or /decline
            line /answer
                send @ref=5-000a alice | bob | answer | id=ID yes key=SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
                stdout 12:00 * Your lines go directly to bob from now on, once the channel is open; /everyone or /query NAME goes back.
                stdout 12:00 * You answered bob. Connecting…
            line is it you?
            line /hangup
                send @ref=5-000b alice | bob | hang_up | id=ID done
                stdout 12:00 * You ended the call with bob.
                stderr tr2: Choose a recipient first, with /query NAME or /everyone. Not sent: is it you?
            rings bob 2
                stdout 12:00 * bob calls (to talk directly): /answer or /decline
            line /answer
                send @ref=5-000c alice | bob | answer | id=ID yes key=SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
                stdout 12:00 * Your lines go directly to bob from now on, once the channel is open; /everyone or /query NAME goes back.
                stdout 12:00 * You answered bob. Connecting…
            line is it you?
            server server | alice | hang_up | id=ID gone
                stdout 12:00 * bob went offline, so the call is over.
                stderr tr2: Choose a recipient first, with /query NAME or /everyone. Not sent: is it you?
            line to nobody
                stderr tr2: Choose a recipient first, with /query NAME or /everyone. Not sent: to nobody
            eof
                send alice | server | exit | no data
                Disconnect
                Leave(Failed("4 lines were not sent."))
        "#]],
    );
}

#[test]
fn line_by_line_files_are_offered_and_taken() {
    check(
        "start name=alice plain known=bob:2
        calls bob
        line /send bob ~/a.txt
        server @ref=5-0002 server | alice | ringing | id=ID
        server @verified=yes bob | alice | answer | id=ID yes key=SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI
        server server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
        channel ready w
        channel progress ~/a.txt moving 10 100
        channel progress ~/a.txt moving 30 100
        channel progress ~/a.txt moving 40 100
        channel progress ~/a.txt moving 99 100
        channel file ~/a.txt sent
        channel offered 7 2048 b.txt
        line /accept
        channel progress 7 moving 1024 2048
        channel file 7 saved /tmp/b.txt
        channel offered 8 2048 c.txt
        line /decline
        line /verify bob differ",
        expect![[r#"
            start name=alice plain known=bob:2
                Dial(tcp://localhost:1234)
            line /send bob ~/a.txt
                send @ref=5-0005 alice | bob | call | id=ID what=file key=SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
                stdout 12:00 * Calling bob…
            server @ref=5-0002 server | alice | ringing | id=ID
                stdout 12:00 * It rings at bob's.
            server @verified=yes bob | alice | answer | id=ID yes key=SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI
                stdout 12:00 * bob has answered. Connecting…
            server server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
                channel open ID Caller 2
            channel ready w
                stdout 12:00 * The channel to bob is open: only the two of you read what is said here, and nothing of it is kept. You know this key as bob's, but have not compared words.
                channel offer ~/a.txt
            channel progress ~/a.txt moving 10 100
            channel progress ~/a.txt moving 30 100
                stdout 12:00 * [⇄ bob] a.txt: 30 %
            channel progress ~/a.txt moving 40 100
            channel progress ~/a.txt moving 99 100
                stdout 12:00 * [⇄ bob] a.txt: 99 %
            channel file ~/a.txt sent
                stdout 12:00 * [⇄ bob] bob has all of a.txt, checked.
            channel offered 7 2048 b.txt
                stdout 12:00 * [⇄ bob] bob offers b.txt, 2.0 kB, SHA-256 d1d1d1d1d1d1d1d1…: /accept or /decline
            line /accept
                channel accept 7
            channel progress 7 moving 1024 2048
                stdout 12:00 * [⇄ bob] b.txt: 50 %
            channel file 7 saved /tmp/b.txt
                stdout 12:00 * [⇄ bob] b.txt, 2.0 kB, has arrived and is right. It is in /tmp/b.txt
            channel offered 8 2048 c.txt
                stdout 12:00 * [⇄ bob] bob offers c.txt, 2.0 kB, SHA-256 d1d1d1d1d1d1d1d1…: /accept or /decline
            line /decline
                channel decline 8
                stdout 12:00 * [⇄ bob] You did not take c.txt.
            line /verify bob differ
                channel close ID
                send @ref=5-0006 alice | bob | hang_up | id=ID words_differ
                ForgetPerson("bob")
                stdout 12:00 * The words differed: whoever this was, it was not bob alone.
                stderr tr2: SOMEBODY STANDS BETWEEN YOU AND bob. The channel is closed, and nothing that was said on it was secret. The key is forgotten. Tell bob some other way than this server, and do not use it for anything secret.
        "#]],
    );
}

#[test]
fn a_pipe_without_commands_cannot_be_called() {
    check(
        "start name=bot plain text
        connected 2.26
        server server | client | name | TR2.26 accepted presence reply edit react calls
        rings bob 2
        start name=alice plain
        connected 2.26
        server server | client | name | TR2.26 accepted presence reply edit react calls
        start name=alice plain no-key
        connected 2.26
        server server | client | name | TR2.26 accepted presence calls
        start name=alice
        connected 2.26
        server server | client | name | TR2.26 accepted presence calls",
        expect![[r#"
            start name=bot plain text
                Dial(tcp://localhost:1234)
            connected 2.26
            server server | client | name | TR2.26 accepted presence reply edit react calls
                send bot | server | capabilities | reply edit react
                send @ref=5-0001 bot | server | name | bot
            rings bob 2
            start name=alice plain
                Dial(tcp://localhost:1234)
            connected 2.26
            server server | client | name | TR2.26 accepted presence reply edit react calls
                send alice | server | capabilities | reply edit react calls
                send @ref=5-0001 alice | server | name | alice
            start name=alice plain no-key
                Dial(tcp://localhost:1234)
            connected 2.26
            server server | client | name | TR2.26 accepted presence calls
                send @ref=5-0001 alice | server | name | alice
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            connected 2.26
            server server | client | name | TR2.26 accepted presence calls
                send alice | server | capabilities | calls
                send @ref=5-0001 alice | server | name | alice
        "#]],
    );
}

#[test]
fn programs_call_say_and_send() {
    check(
        "start name=bot plain json known=bob:2
        calls bob
        line {\"op\":\"direct\",\"to\":\"bob\",\"text\":\"too early\",\"label\":\"0\"}
        line {\"op\":\"command\",\"line\":\"/direct bob\",\"label\":\"1\"}
        server @ref=5-0005 server | bot | ringing | id=ID
        server @verified=yes bob | bot | answer | id=ID yes key=SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI
        server server | bot | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
        channel ready lusab-babad-gutih-tugad
        channel goes 203.0.113.3:4711
        channel goes 203.0.113.3:4712
        channel goes 203.0.113.4:4712
        line {\"op\":\"direct\",\"to\":\"bob\",\"text\":\"hello\",\"label\":\"2\"}
        line {\"op\":\"direct\",\"text\":\"hello\",\"label\":\"3\"}
        line {\"op\":\"say\",\"text\":\"to all\",\"label\":\"4\"}
        channel said hi
        channel offered 3 2048 b.txt
        line {\"op\":\"command\",\"line\":\"/accept bob\",\"label\":\"5\"}
        channel progress 3 moving 1024 2048
        channel file 3 saved /tmp/b.txt
        line {\"op\":\"command\",\"line\":\"/hangup\",\"label\":\"6\"}
        rings bob 2 chat,file
        line {\"op\":\"command\",\"line\":\"/answer\",\"label\":\"7\"}
        server @ref=5-0008 server | bot | refused | no_such_call There is no such call.
        line {\"op\":\"command\",\"line\":\"/direct bob\",\"label\":\"8\"}
        server @ref=5-0009 server | bot | refused | busy Too many calls.",
        expect![[r#"
            start name=bot plain json known=bob:2
                Dial(tcp://localhost:1234)
            line {"op":"direct","to":"bob","text":"too early","label":"0"}
                {"code":"not_said","event":"refused","label":"0","text":"This direct chat is over, so nothing can be sent. /direct bob calls again; /query bob goes through the server."}
            line {"op":"command","line":"/direct bob","label":"1"}
                send @ref=5-0005 bot | bob | call | id=ID what=chat key=SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
                {"event":"call","state":"calling","text":"Calling bob…","time":"2026-11-22T12:00:00.000Z","what":["chat"],"with":"bob"}
            server @ref=5-0005 server | bot | ringing | id=ID
                {"event":"call","state":"ringing","text":"It rings at bob's.","time":"2026-11-22T12:00:00.000Z","with":"bob"}
                {"event":"accepted","id":null,"label":"1","offline":false,"time":null}
            server @verified=yes bob | bot | answer | id=ID yes key=SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI
                {"event":"call","key":"SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI","state":"answered","text":"bob has answered. Connecting…","time":"2026-11-22T12:00:00.000Z","verified":true,"with":"bob"}
            server server | bot | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
                channel open ID Caller 2
            channel ready lusab-babad-gutih-tugad
                {"event":"call","key":"SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI","known":"seen","state":"open","text":"The channel to bob is open: only the two of you read what is said here, and nothing of it is kept. You know this key as bob's, but have not compared words.","time":"2026-11-22T12:00:00.000Z","with":"bob","words":"lusab-babad-gutih-tugad"}
            channel goes 203.0.113.3:4711
                {"event":"call","state":"way","text":"It goes direct to 203.0.113.3 now.","time":"2026-11-22T12:00:00.000Z","with":"bob"}
            channel goes 203.0.113.3:4712
            channel goes 203.0.113.4:4712
                {"event":"call","state":"way","text":"It goes direct to 203.0.113.4 now.","time":"2026-11-22T12:00:00.000Z","with":"bob"}
            line {"op":"direct","to":"bob","text":"hello","label":"2"}
                channel say "hello"
                {"event":"accepted","id":null,"label":"2","offline":false,"time":null}
            line {"op":"direct","text":"hello","label":"3"}
                {"code":"bad_request","event":"refused","label":"3","text":"The member \"to\" is missing."}
            line {"op":"say","text":"to all","label":"4"}
                send @ref=5-0006 bot | all clients | broadcast_not_me | to all
            channel said hi
                {"event":"direct","from":"bob","text":"hi","time":"2026-11-22T12:00:00.000Z","verified":true}
            channel offered 3 2048 b.txt
                {"done":0,"event":"file","incoming":true,"name":"b.txt","sha256":"d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1","size":2048,"state":"offered","text":"bob offers b.txt, 2.0 kB, SHA-256 d1d1d1d1d1d1d1d1…: /accept or /decline","time":"2026-11-22T12:00:00.000Z","with":"bob"}
            line {"op":"command","line":"/accept bob","label":"5"}
                channel accept 3
                {"event":"accepted","id":null,"label":"5","offline":false,"time":null}
            channel progress 3 moving 1024 2048
                {"done":1024,"event":"file","incoming":true,"name":"b.txt","size":2048,"state":"moving","text":"b.txt: 50 %","time":"2026-11-22T12:00:00.000Z","with":"bob"}
            channel file 3 saved /tmp/b.txt
                {"done":2048,"event":"file","incoming":true,"name":"b.txt","path":"/tmp/b.txt","size":2048,"state":"saved","text":"b.txt, 2.0 kB, has arrived and is right. It is in /tmp/b.txt","time":"2026-11-22T12:00:00.000Z","with":"bob"}
            line {"op":"command","line":"/hangup","label":"6"}
                channel close ID
                send @ref=5-0007 bot | bob | hang_up | id=ID done
                {"event":"call","reason":"done","state":"ended","text":"You ended the call with bob.","time":"2026-11-22T12:00:00.000Z","with":"bob"}
                {"event":"accepted","id":null,"label":"6","offline":false,"time":null}
            rings bob 2 chat,file
                {"event":"call","key":"SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI","known":"seen","state":"rings","text":"bob calls (to talk directly, to send a file): /answer or /decline","time":"2026-11-22T12:00:00.000Z","verified":false,"what":["chat","file"],"with":"bob"}
            line {"op":"command","line":"/answer","label":"7"}
                send @ref=5-0008 bot | bob | answer | id=ID yes key=SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
                {"event":"call","state":"answered","text":"You answered bob. Connecting…","time":"2026-11-22T12:00:00.000Z","with":"bob"}
                {"event":"accepted","id":null,"label":"7","offline":false,"time":null}
            server @ref=5-0008 server | bot | refused | no_such_call There is no such call.
                {"event":"call","reason":"done","state":"ended","text":"bob's call is over.","time":"2026-11-22T12:00:00.000Z","with":"bob"}
            line {"op":"command","line":"/direct bob","label":"8"}
                send @ref=5-0009 bot | bob | call | id=ID what=chat key=SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
                {"event":"call","state":"calling","text":"Calling bob…","time":"2026-11-22T12:00:00.000Z","what":["chat"],"with":"bob"}
            server @ref=5-0009 server | bot | refused | busy Too many calls.
                {"code":"busy","event":"refused","label":"8","text":"Too many calls."}
                {"event":"call","reason":"refused","state":"ended","text":"Too many calls.","time":"2026-11-22T12:00:00.000Z","with":"bob"}
        "#]],
    );
}

/// Alice, with an open channel to bob.
fn open() -> Play {
    let mut play = Play::new("start name=alice");
    for step in [
        "start name=alice known=bob:2",
        "size 80x24",
        "calls bob",
        "say /direct bob",
        "server bob | alice | answer | id=ID yes key=SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI",
        "server server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536",
        "channel ready w",
    ] {
        play.step(step);
    }
    play
}

fn enter(play: &mut Play, text: &str) -> Vec<Effect> {
    play.update(Msg::Paste(text.to_owned()));
    play.update(Msg::Key(Key::Enter))
}

#[test]
fn what_is_said_directly_is_remembered_here_and_in_no_file() {
    let mut play = open();
    assert_eq!(
        enter(&mut play, "in secret"),
        [Effect::Channel(ChannelOrder::Say(play.call(), Text::line("in secret")))]
    );
    play.update(Msg::Key(Key::Up));
    assert_eq!(play.session.view().composer.lines[0].text(), "in secret", "Up brings it back");
    play.update(Msg::Key(Key::Ctrl('u')));
    // What is written there and fails or leads elsewhere is kept in no file either.
    for text in ["/close", "aloud"] {
        let kept = enter(&mut play, text).into_iter().any(|effect| matches!(effect, Effect::Remember(_)));
        assert_eq!(kept, text == "aloud", "{text}");
    }
}

#[test]
fn a_draft_for_a_direct_conversation_is_in_no_file() {
    let mut play = open();
    play.update(Msg::Paste("half a secret".to_owned()));
    play.step("key Alt-1");
    play.update(Msg::Paste("half a message".to_owned()));
    let kept = play.update(Msg::Hangup).into_iter().find_map(|effect| match effect {
        Effect::Keep(unsent) => Some(unsent),
        _ => None,
    });
    let draft = Unsent { to: Target::Everyone, text: Text::line("half a message"), unsure: false, draft: true };
    assert_eq!(kept, Some(vec![draft]));
}

#[test]
fn a_text_has_the_length_that_the_channel_takes() {
    let mut play = open();
    let long = "x".repeat(MAX_DIRECT_TEXT);
    assert_eq!(enter(&mut play, &long), [Effect::Channel(ChannelOrder::Say(play.call(), Text::line(&long)))]);
    let asks = enter(&mut play, &format!("{long}y"));
    assert!(asks.is_empty() && play.session.view().dialog.is_some(), "one byte more asks");
    let parts = play.update(Msg::Key(Key::Enter));
    let said = [long, "y".to_owned()].map(|part| Effect::Channel(ChannelOrder::Say(play.call(), Text::line(&part))));
    assert_eq!(parts, said, "and goes in two parts");
}

#[test]
fn calls_files_that_wait_and_patience_have_their_bounds() {
    let mut play = Play::new("start name=alice");
    let names: Vec<String> = (0..=MAX_CALLS).map(|number| format!("u{number}")).collect();
    for step in ["start name=alice", "size 80x24", &format!("calls {}", names.join(" "))] {
        play.step(step);
    }
    let sent = |effects: &[Effect]| effects.iter().filter(|effect| matches!(effect, Effect::Send(_))).count();
    for (at, name) in names.iter().enumerate() {
        assert_eq!(sent(&enter(&mut play, &format!("/direct {name}"))), usize::from(at < MAX_CALLS), "{name}");
    }
    for number in 0..=MAX_TO_OFFER {
        play.step(&format!("say /send u0 /tmp/{number}"));
        let told = play.session.view().status.left.text().contains("Too many files");
        assert_eq!(told, number == MAX_TO_OFFER, "{number}");
    }
    play.wait(CALL_PATIENCE - Duration::from_millis(1));
    play.update(crate::script::server("server | alice | pong | 3"));
    assert_eq!(play.session.deadline().map(|at| at.since(play.now.steady)), Some(Duration::from_millis(1)));
    assert_eq!(sent(&play.update(Msg::Tick)), 0, "a moment before, they still ring");
    play.wait(Duration::from_millis(1));
    assert_eq!(sent(&play.update(Msg::Tick)), MAX_CALLS, "then each is given up");
}

#[test]
fn nobody_is_called_for_a_file_that_is_not_there() {
    check(
        "start name=alice
        size 80x24
        calls bob
        say /send bob ~/missing.txt
        screen
        say /send bob ~/there.txt",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x24
            say /send bob ~/missing.txt
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
             7 Search       │ You are in everyone: all who are online read what you write
             8 Rooms        │ here.
             9 Moderate     │ Type and press Enter · F1 keys (or /help) · F2 menu
             0 Call         │ > _
             ● alice  There is no ~/missing.txt.
            say /send bob ~/there.txt
                send @ref=5-0006 alice | bob | call | id=ID what=file key=SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
        "#]],
    );
}

#[test]
fn a_bypass_for_which_no_way_is_found_is_said_not_to_be() {
    let open = "server server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
        channel ready w
        channel goes server";
    let screen = crate::script::play(&format!(
        "start name=alice\nsize 80x24\ncalls bob\nrings bob 2 verified chat\nsay /answer\n{open}
        say /bypass\nchannel no-bypass\nscreen"
    ));
    assert!(screen.contains("No direct way was found; the call stays on"), "{screen}");
    let plain = crate::script::play(&format!(
        "start name=alice plain\ncalls bob\nrings bob 2 verified chat\nline /answer\n{open}
        line /bypass\nchannel no-bypass\nchannel goes 203.0.113.9:4000\nchannel no-bypass"
    ));
    assert_eq!(plain.matches("No direct way was found; the call stays on the server's relay.").count(), 1, "{plain}");
}
