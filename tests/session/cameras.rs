//! Cameras across calls, and what is typed while the dialog about a call waits for its key.

use expect_test::expect;

use crate::check;

const RELAY: &str = "server server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
        channel ready lusab-babad-gutih-tugad
        channel goes server";

#[test]
fn a_command_entered_while_a_dialog_waits_is_carried_out() {
    check(
        &format!(
            "start name=alice
        size 80x24
        calls bob
        rings bob 2 verified video,chat
        say /answer
        {RELAY}
        channel offered 7 10 notes.txt
        say /accept
        channel offered 8 10 more.txt
        +1s
        say /decline
        say /hangup
        rings bob 2 verified chat
        +1s
        say /decline
        status
        rings bob 2 verified chat
        +1s
        say /whois bob
        screen"
        ),
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x24
            rings bob 2 verified video,chat
                Bell
                Notify { title: "bob", body: "bob calls (to see each other, to talk directly): /answer or /decline" }
            say /answer
                send @ref=5-0006 alice | bob | answer | id=ID yes key=SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
            server server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
                channel open ID Callee 2
            channel ready lusab-babad-gutih-tugad
                RememberPerson(KnownPerson { name: "bob", key: SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI, verified: false })
                channel watch 80
            channel goes server
            channel offered 7 10 notes.txt
            say /accept
                channel accept 7
            channel offered 8 10 more.txt
            +1s
            say /decline
                channel decline 8
            say /hangup
                channel close ID
                send @ref=5-0007 alice | bob | hang_up | id=ID done
            rings bob 2 verified chat
            +1s
            say /decline
                send @ref=5-0008 alice | bob | answer | id=ID no declined
              [● alice  You declined bob's call.|]
            rings bob 2 verified chat
                Bell
                Notify { title: "bob", body: "bob calls (to talk directly): /answer or /decline" }
            +1s
            say /whois bob
                send @ref=5-0009 alice | server | whois | bob
             1 everyone     │ ⇄ bob  only here: not kept by the server
            *2 ⇄ bob        │
                            │
                            │
                            │
                            │
                            │
                            │
                            │ ┌ bob calls ───────────────────────────────────────────────┐
                            │ │ bob calls to talk directly.                              │─
                            │ │ bob is verified by the server.                           │─
                            │ │ You know this key as bob's, but have not compared words. │
                            │ │ [Answer] [Decline]                                       │
             1 Echo         │ └──────────────────────────────────────────────────────────┘
             2 List clients │                  it is kept. You have not spoken directly
             3 Private mes… │                  with bob before; key
             4 Broadcast    │                  SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICA
             5 Exit         │                  gICAgI. /verify compares words.
             6 Close server │               *  notes.txt was cut off. If bob sends it
             7 Search       │                  again, it goes on where it stopped.
             8 Rooms        │               *  You did not take more.txt.
             9 Moderate     │               *  You ended the call with bob.
             0 Call         │ ⇄> calling… /hangup gives up
             ● alice  bob calls  You declined bob's call.
        "#]],
    );
}

#[test]
fn a_text_entered_while_a_dialog_waits_is_neither_sent_nor_lost() {
    check(
        "start name=alice
        size 80x24
        calls bob
        type hello every
        rings bob 2 verified video,chat
        say one
        +1s
        key Enter
        key Enter
        screen
        key Tab
        key Enter
        key Right
        key Right
        key Enter
        screen
        key Alt-1
        screen
        key Enter",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x24
            rings bob 2 verified video,chat
                Bell
                Notify { title: "bob", body: "bob calls (to see each other, to talk directly): /answer or /decline" }
            say one
            +1s
            key Enter
            key Enter
            *1 everyone     │ everyone                                             2 people
                            │
                            │
                            │
                            │
                            │
                            │
                            │ ┌ bob calls · Tab to answer ───────────────────────────────┐
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
             0 Call         │ > hello everyone
             ● alice  bob calls                             Ctrl-K go  Ctrl-F find  F1 keys
            key Tab
            key Enter
            key Right
            key Right
            key Enter
                send @ref=5-0006 alice | bob | answer | id=ID yes key=SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
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
             9 Moderate     │ 12:00         *  You answered bob. Connecting…
             0 Call         │ ⇄> █onnecting…
             ● alice  ⇄ bob                                 Ctrl-K go  Ctrl-F find  F1 keys
            key Alt-1
            *1 everyone     │ everyone                                             2 people
             2 ⇄ bob        │
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
             0 Call         │ > hello everyone_
             ● alice                                        Ctrl-K go  Ctrl-F find  F1 keys
            key Enter
                send @ref=5-0007 alice | all clients | broadcast_not_me | hello everyone
        "#]],
    );
}

#[test]
fn a_camera_that_is_off_in_one_call_stays_on_in_another() {
    check(
        &format!(
            "start name=alice
        size 80x24
        calls bob carol
        rings bob 2 verified video,chat
        say /answer
        {RELAY}
        channel watched on
        say /camera on
        rings carol 3 verified video,chat
        say /answer
        {RELAY}
        channel watched on
        say /camera on
        status
        say /camera bob off
        camera picture
        status
        screen
        say /camera bob on
        say /hangup carol
        status
        say /hangup bob
        status"
        ),
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x24
            rings bob 2 verified video,chat
                Bell
                Notify { title: "bob", body: "bob calls (to see each other, to talk directly): /answer or /decline" }
            say /answer
                send @ref=5-0006 alice | bob | answer | id=ID yes key=SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
            server server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
                channel open ID Callee 2
            channel ready lusab-babad-gutih-tugad
                RememberPerson(KnownPerson { name: "bob", key: SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI, verified: false })
                channel watch 80
            channel goes server
            channel watched on
            say /camera on
                Camera(Some(""))
                channel camera true
            rings carol 3 verified video,chat
                Notify { title: "carol", body: "carol calls (to see each other, to talk directly): /answer or /decline" }
            say /answer
                send @ref=5-0007 alice | carol | answer | id=ID yes key=SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
                channel watch 0
            server server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
                channel open ID Callee 3
            channel ready lusab-babad-gutih-tugad
                RememberPerson(KnownPerson { name: "carol", key: SHA256:AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM, verified: false })
                channel watch 80
            channel goes server
            channel watched on
            say /camera on
                channel camera true
              [● alice  ● camera  ⇄ carol by the server|Ctrl-K go  Ctrl-F find  F1 keys]
            say /camera bob off
                channel camera false
            camera picture
              [● alice  ● camera  Your camera is off: bob does not see you.|]
             1 everyone     │ ⇄ carol  only here: not kept by the server      by the server
             2 ⇄ bob        │                                           carol
            *3 ⇄ carol      │                                           by the server
                            │                                           ● your camera is on
                            │
                            │                                           F7 camera  F8 speak
                            │                                           F5 large
                            │                camera off
                            │                                           ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
                            │                                           ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
                            │                                           ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
                            │                                           ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
                            │                                           ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
             1 Echo         │ 12:00         *  You answered carol. Connecting…
             2 List clients │               *  The channel to carol is open: only the two
             3 Private mes… │                  of you read what is said here, and nothing
             4 Broadcast    │                  of it is kept. You have not spoken directly
             5 Exit         │                  with carol before; key
             6 Close server │                  SHA256:AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA
             7 Search       │                  wMDAwM. /verify compares words.
             8 Rooms        │               *  Your camera is on: carol can see you.
             9 Moderate     │                  /camera off turns it off.
             0 Call         │ ⇄> _
             ● alice  ● camera  Your camera is off: bob does not see you.
            say /camera bob on
                channel camera true
            say /hangup carol
                channel close ID
                send @ref=5-0008 alice | carol | hang_up | id=ID done
              [● alice  ● camera  Your camera is on: bob can see you. /camera off turns it off.|]
            say /hangup bob
                channel close 01000000000000000000000000000000
                send @ref=5-0009 alice | bob | hang_up | id=01000000000000000000000000000000 done
                Camera(None)
              [● alice  You ended the call with bob.|]
        "#]],
    );
}

#[test]
fn a_camera_that_was_to_go_on_does_so_in_the_call_that_remains_of_two() {
    check(
        &format!(
            "start name=alice
        size 80x24
        calls bob
        say /call bob
        say /camera on
        rings bob 2 verified chat
        {RELAY}
        channel watched on
        status
        screen"
        ),
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x24
            say /call bob
                send @ref=5-0006 alice | bob | call | id=ID what=chat,video,voice key=SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
            say /camera on
            rings bob 2 verified chat
                send @ref=5-0007 alice | bob | hang_up | id=63033b0ca389c35ac097314d939736f8 done
                send @ref=5-0008 alice | bob | answer | id=ID yes key=SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
            server server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
                channel open ID Callee 2
            channel ready lusab-babad-gutih-tugad
                RememberPerson(KnownPerson { name: "bob", key: SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI, verified: false })
                channel watch 80
                Camera(Some(""))
                channel camera true
            channel goes server
            channel watched on
              [● alice  ● camera  ⇄ bob by the server|Ctrl-K go  Ctrl-F find  F1 keys]
             1 everyone     │ ⇄ bob  only here: not kept by the server        by the server
            *2 ⇄ bob        │                                           bob
                            │                                           by the server
                            │                                           ● your camera is on
                            │
                            │                                           F7 camera  F8 speak
                            │                                           F5 large
                            │                camera off
                            │                                           ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
                            │                                           ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
                            │                                           ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
                            │                                           ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
                            │                                           ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
             1 Echo         │                  it is kept. You have not spoken directly
             2 List clients │                  with bob before; key
             3 Private mes… │                  SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICA
             4 Broadcast    │                  gICAgI. /verify compares words.
             5 Exit         │               *  Your camera is on; bob does not see you yet:
             6 Close server │                  no picture is shown there. /camera off turns
             7 Search       │                  it off.
             8 Rooms        │               *  bob can see you now. /camera off turns your
             9 Moderate     │                  camera off.
             0 Call         │ ⇄> _
             ● alice  ● camera  ⇄ bob by the server         Ctrl-K go  Ctrl-F find  F1 keys
        "#]],
    );
}

#[test]
fn the_keys_stay_in_a_caption_that_is_short_of_room() {
    check(
        &format!(
            "start name=alice
        size 60x16
        calls bob
        rings bob 2 verified video,chat
        say /answer
        {RELAY}
        channel camera on
        screen
        size 80x24
        key F5
        channel goes 203.0.113.200:40000
        screen"
        ),
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 60x16
            rings bob 2 verified video,chat
                Bell
                Notify { title: "bob", body: "bob calls (to see each other, to talk directly): /answer or /decline" }
            say /answer
                send @ref=5-0006 alice | bob | answer | id=ID yes key=SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
            server server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
                channel open ID Callee 2
            channel ready lusab-babad-gutih-tugad
                RememberPerson(KnownPerson { name: "bob", key: SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI, verified: false })
                channel watch 40
            channel goes server
            channel camera on
             1 everyone     │ ⇄ bob  only here            by the server
            *2 ⇄ bob        │                       bob
                            │                       by the server
                            │                       your camera is off
                            │ the picture is comi…
             1 Echo         │                       F7 camera  F8 speak
             2 List clients │                       F5 large
             3 Private mes… │       * The channel to bob is open: only
             4 Broadcast    │   the two of you read what is said here,
             5 Exit         │   and nothing of it is kept. You have not
             6 Close server │   spoken directly with bob before; key
             7 Search       │   SHA256:AgICAgICAgICAgICAgICAgICAgICAgIC
             8 Rooms        │   AgICAgICAgI. /verify compares words.
             9 Moderate     │       * bob's camera is on.
             0 Call         │ ⇄> _
             ● alice  ⇄ bob by the server            Ctrl-K go  F1 keys
            size 80x24
                channel watch 80
            key F5
                channel watch 120
            channel goes 203.0.113.200:40000
             1 everyone     │ ⇄ bob  only here                      direct to 203.0.113.200
            *2 ⇄ bob        │
                            │
                            │
                            │
                            │
                            │
                            │
                            │
                            │
                            │                    the picture is coming…
                            │
                            │
             1 Echo         │
             2 List clients │
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │
             6 Close server │
             7 Search       │ bob  your camera is off  F7 camera  F8 speak  F5 small
             8 Rooms        │               *  bob's camera is on.
             9 Moderate     │               *  It goes direct to 203.0.113.200 now.
             0 Call         │ ⇄> _
             ● alice  ⇄ bob direct to 203.0.113.200         Ctrl-K go  Ctrl-F find  F1 keys
        "#]],
    );
}
