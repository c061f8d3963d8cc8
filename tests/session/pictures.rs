//! Pictures in calls, as one person sees them.

use expect_test::expect;

use crate::check;

const OPEN: &str = "server @ref=5-0002 server | alice | ringing | id=ID
        server @verified=yes bob | alice | answer | id=ID yes key=SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI
        server server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
        channel ready lusab-babad-gutih-tugad
        channel goes server";

#[test]
fn a_call_has_a_place_for_the_face() {
    check(
        &format!(
            "start name=alice
        size 80x24
        calls bob
        say /call bob
        {OPEN}
        screen
        channel camera on
        channel picture
        channel watched on
        key F7
        camera picture
        screen
        key F5
        screen
        key F7
        key F5
        channel camera off
        screen"
        ),
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x24
            say /call bob
                send @ref=5-0006 alice | bob | call | id=ID what=chat,video,voice key=SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
            server @ref=5-0002 server | alice | ringing | id=ID
            server @verified=yes bob | alice | answer | id=ID yes key=SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI
            server server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
                channel open ID Caller 2
            channel ready lusab-babad-gutih-tugad
                RememberPerson(KnownPerson { name: "bob", key: SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI, verified: false })
                Bell
                Notify { title: "⇄ bob", body: "You can talk directly with bob now." }
                channel watch 80
                Sound(Some(""))
            channel goes server
             1 everyone     │ ⇄ bob  only here: not kept by the server        by the server
            *2 ⇄ bob        │ bob  by the server
                            │ your camera is off  F7 camera  F8 speak
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
             2 List clients │               *  It rings at bob's.
             3 Private mes… │               *  bob has answered. Connecting…
             4 Broadcast    │               *  The channel to bob is open: only the two of
             5 Exit         │                  you read what is said here, and nothing of
             6 Close server │                  it is kept. You have not spoken directly
             7 Search       │                  with bob before; key
             8 Rooms        │                  SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICA
             9 Moderate     │                  gICAgI. /verify compares words.
             0 Call         │ ⇄> _
             ● alice  ⇄ bob by the server                   Ctrl-K go  Ctrl-F find  F1 keys
            channel camera on
            channel picture
            channel watched on
            key F7
                Camera(Some(""))
                channel camera true
            camera picture
             1 everyone     │ ⇄ bob  only here: not kept by the server        by the server
            *2 ⇄ bob        │ ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒  bob
                            │ ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒  by the server
                            │ ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒  ● your camera is on
                            │ ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
                            │ ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒  F7 camera  F8 speak
                            │ ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒  F5 large
                            │ ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
                            │ ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒  ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
                            │ ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒  ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
                            │ ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒  ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
                            │ ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒  ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
                            │ ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒  ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
             1 Echo         │               *  The channel to bob is open: only the two of
             2 List clients │                  you read what is said here, and nothing of
             3 Private mes… │                  it is kept. You have not spoken directly
             4 Broadcast    │                  with bob before; key
             5 Exit         │                  SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICA
             6 Close server │                  gICAgI. /verify compares words.
             7 Search       │               *  bob's camera is on.
             8 Rooms        │               *  Your camera is on: bob can see you. /camera
             9 Moderate     │                  off turns it off.
             0 Call         │ ⇄> _
             ● alice  ● camera  ⇄ bob by the server         Ctrl-K go  Ctrl-F find  F1 keys
            key F5
                channel watch 120
             1 everyone     │ ⇄ bob  only here: not kept by the server        by the server
            *2 ⇄ bob        │▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
                            │▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
                            │▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
                            │▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
                            │▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
                            │▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
                            │▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
                            │▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
                            │▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
                            │▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
                            │▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
                            │▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
             1 Echo         │▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
             2 List clients │▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
             3 Private mes… │▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
             4 Broadcast    │▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
             5 Exit         │▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
             6 Close server │▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
             7 Search       │ bob  ● your camera is on  F7 camera  F8 speak  F5 small
             8 Rooms        │               *  Your camera is on: bob can see you. /camera
             9 Moderate     │                  off turns it off.
             0 Call         │ ⇄> _
             ● alice  ● camera  ⇄ bob by the server         Ctrl-K go  Ctrl-F find  F1 keys
            key F7
                channel camera false
                Camera(None)
            key F5
                channel watch 80
            channel camera off
             1 everyone     │ ⇄ bob  only here: not kept by the server        by the server
            *2 ⇄ bob        │ bob  by the server
                            │ your camera is off  F7 camera  F8 speak
                            │
                            │
                            │
                            │ ─────────────────────── the beginning of this conversation ──
                            │ ─────────────────────────────────────── Sunday 22 November ──
                            │ 12:00         *  Calling bob…
                            │               *  It rings at bob's.
                            │               *  bob has answered. Connecting…
                            │               *  The channel to bob is open: only the two of
                            │                  you read what is said here, and nothing of
             1 Echo         │                  it is kept. You have not spoken directly
             2 List clients │                  with bob before; key
             3 Private mes… │                  SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICA
             4 Broadcast    │                  gICAgI. /verify compares words.
             5 Exit         │               *  bob's camera is on.
             6 Close server │               *  Your camera is on: bob can see you. /camera
             7 Search       │                  off turns it off.
             8 Rooms        │               *  Your camera is off: bob does not see you.
             9 Moderate     │               *  bob's camera is off.
             0 Call         │ ⇄> _
             ● alice  ⇄ bob by the server                   Ctrl-K go  Ctrl-F find  F1 keys
        "#]],
    );
}

#[test]
fn a_call_for_pictures_is_answered_with_the_camera_or_without() {
    check(
        "start name=alice
        size 80x24
        calls bob
        rings bob 2 verified video,chat
        +1s
        screen
        key Right
        key Enter
        server server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
        channel ready lusab-babad-gutih-tugad",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x24
            rings bob 2 verified video,chat
                Bell
                Notify { title: "bob", body: "bob calls (to see each other, to talk directly): /answer or /decline" }
            +1s
            *1 everyone     │ everyone                                             2 people
                            │
                            │
                            │
                            │
                            │
                            │
                            │ ┌ bob calls ───────────────────────────────────────────────┐
                            │ │ bob calls to see each other, to talk directly.           │
                            │ │ bob is verified by the server.                           │
                            │ │ First time: you have not spoken directly with bob        │
                            │ │ before. Key                                              │
                            │ │ SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI.      │
             1 Echo         │ │ [With camera] [Without camera] [Decline]                 │
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
                channel watch 80
                Camera(Some(""))
                channel camera true
        "#]],
    );
}

#[test]
fn what_cannot_be_is_said() {
    check(
        "start name=alice
        size 60x16
        calls bob
        say /camera
        say /large
        say /call bob
        say /camera on
        say /camera on
        say /hangup
        size 59x16
        rings bob 2 verified chat
        say /answer
        server server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
        channel ready lusab-babad-gutih-tugad
        channel camera on
        screen",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 60x16
            say /camera
            say /large
            say /call bob
                send @ref=5-0006 alice | bob | call | id=ID what=chat,video,voice key=SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
            say /camera on
            say /camera on
            say /hangup
                send @ref=5-0007 alice | bob | hang_up | id=ID done
            size 59x16
            rings bob 2 verified chat
                Bell
                Notify { title: "bob", body: "bob calls (to talk directly): /answer or /decline" }
            say /answer
                send @ref=5-0008 alice | bob | answer | id=ID yes key=SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
            server server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
                channel open ID Callee 2
            channel ready lusab-babad-gutih-tugad
                RememberPerson(KnownPerson { name: "bob", key: SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI, verified: false })
            channel camera on
             ⇄ bob  only here: not kept by the server    by the server
             12:00       *  Calling bob…
                         *  Your camera goes on once the channel to
                            bob is open.
                         *  You ended the call with bob.
                         *  You answered bob. Connecting…
                         *  The channel to bob is open: only the two
                            of you read what is said here, and nothing
                            of it is kept. You have not spoken
                            directly with bob before; key
                            SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgI
                            CAgICAgI. /verify compares words.
                         *  bob's camera is on, but this window is too
                            small for pictures.
             ⇄> _
             ● alice  Your camera is on already.
        "#]],
    );
}

#[test]
fn line_mode_says_that_pictures_need_the_screen() {
    check(
        "start plain name=alice
        calls bob
        line /call bob
        line /camera on
        line /large
        rings bob 2 verified video,chat
        line /answer
        server server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
        channel ready lusab-babad-gutih-tugad
        channel camera on
        channel picture
        channel camera off",
        expect![[r#"
            start plain name=alice
                Dial(tcp://localhost:1234)
            line /call bob
                stderr tr2: Pictures need the full screen. /direct NAME calls to talk directly.
            line /camera on
                stderr tr2: Pictures need the full screen. /direct NAME calls to talk directly.
            line /large
                stderr tr2: Pictures need the full screen. /direct NAME calls to talk directly.
            rings bob 2 verified video,chat
                stdout 12:00 * bob calls (to see each other, to talk directly): /answer or /decline
            line /answer
                send @ref=5-0005 alice | bob | answer | id=ID yes key=SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
                stdout 12:00 * Your lines go directly to bob from now on, once the channel is open; /everyone or /query NAME goes back.
                stdout 12:00 * You answered bob. Connecting…
            server server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
                channel open ID Callee 2
            channel ready lusab-babad-gutih-tugad
                RememberPerson(KnownPerson { name: "bob", key: SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI, verified: false })
                stdout 12:00 * The channel to bob is open: only the two of you read what is said here, and nothing of it is kept. You have not spoken directly with bob before; key SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI. /verify compares words.
            channel camera on
                stdout 12:00 * bob's camera is on. Pictures need the full screen.
            channel picture
            channel camera off
                stdout 12:00 * bob's camera is off.
        "#]],
    );
}
