//! Calls of rooms, as one person sees them.

use expect_test::expect;

use crate::check;

#[test]
fn the_call_of_a_room_is_begun_others_come_and_faces_are_shown() {
    check(
        "start name=alice
        size 80x24
        calls bob carol
        server server | #ops | room | open members=3 you=member topic=
        key Alt-2
        say /call #ops
        server @ref=5-0007 server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
        in-call #ops 0:alice:1
        key F7
        camera picture
        conference watched on
        in-call #ops 0:alice:1 1:bob:2+ 2:carol:3
        conference reached 1
        conference camera 1 on
        conference picture 1
        conference reached 2
        screen
        conference camera 2 on
        screen
        key F5
        key Alt-1
        key Alt-2
        in-call #ops 0:alice:1 2:carol:3
        key F7
        screen
        say /hangup
        screen",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x24
            server server | #ops | room | open members=3 you=member topic=
            key Alt-2
                send @ref=5-0006 alice | #ops | members | no data
            say /call #ops
                send @ref=5-0007 alice | #ops | call | id=ID what=video,voice key=SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
            server @ref=5-0007 server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
            in-call #ops 0:alice:1
                conference attend as 0 with
                Sound(Some(""))
            key F7
                Camera(Some(""))
                conference camera true
            camera picture
            conference watched on
            in-call #ops 0:alice:1 1:bob:2+ 2:carol:3
                conference members 1:bob 2:carol
            conference reached 1
                RememberPerson(KnownPerson { name: "bob", key: SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI, verified: false })
            conference camera 1 on
                conference show 1:Small
            conference picture 1
            conference reached 2
                RememberPerson(KnownPerson { name: "carol", key: SHA256:AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM, verified: false })
             1 everyone     │ #ops                                   3 in a call · 3 people
            *2 #ops         │ ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒ ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
                            │ ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒ ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
                            │ ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒ ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
                            │ ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒ ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
                            │ ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒ ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
                            │ ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒ ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
                            │ ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒ ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
                            │ ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒ ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
                            │ ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒ ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
                            │  you                            bob
                            │  ● your camera is on  F7 camera  F8 speak  F5 large  ~carol
                            │                  window shows pictures can see you. /camera
             1 Echo         │                  off turns it off.
             2 List clients │               *  bob joined the call.
             3 Private mes… │               *  carol joined the call.
             4 Broadcast    │               *  First time with bob. Key remembered:
             5 Exit         │                  SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICA
             6 Close server │                  gICAgI.
             7 Search       │               *  First time with carol. Key remembered:
             8 Rooms        │                  SHA256:AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA
             9 Moderate     │                  wMDAwM.
             0 Call         │ > _
             ● alice  ● camera  #ops                        Ctrl-K go  Ctrl-F find  F1 keys
            conference camera 2 on
                conference show 1:Small 2:Small
             1 everyone     │ #ops                                   3 in a call · 3 people
            *2 #ops         │ ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒ ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
                            │ ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒ ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
                            │ ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒ ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
                            │ ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒ ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒          …
                            │ ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒ ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
                            │ ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒ ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
                            │  you                  bob                  ~carol
                            │  ● your camera is on  F7 camera  F8 speak  F5 large
                            │                  is in it yet. F7 turns your camera on, F8
                            │                  speaks, /hangup leaves.
                            │               *  Your camera is on: those in the call whose
                            │                  window shows pictures can see you. /camera
             1 Echo         │                  off turns it off.
             2 List clients │               *  bob joined the call.
             3 Private mes… │               *  carol joined the call.
             4 Broadcast    │               *  First time with bob. Key remembered:
             5 Exit         │                  SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICA
             6 Close server │                  gICAgI.
             7 Search       │               *  First time with carol. Key remembered:
             8 Rooms        │                  SHA256:AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA
             9 Moderate     │                  wMDAwM.
             0 Call         │ > _
             ● alice  ● camera  #ops                        Ctrl-K go  Ctrl-F find  F1 keys
            key F5
            key Alt-1
                conference show
            key Alt-2
                conference show 1:Small 2:Small
            in-call #ops 0:alice:1 2:carol:3
                conference members 2:carol
                conference show 2:Small
            key F7
                conference camera false
                Camera(None)
             1 everyone     │ #ops                                   2 in a call · 3 people
            *2 #ops         │
                            │
                            │
                            │
                            │
                            │
                            │                               …
                            │
                            │
                            │
                            │
                            │
             1 Echo         │             ~carol
             2 List clients │  your camera is off  F7 camera  F8 speak  F5 large
             3 Private mes… │                  gICAgI.
             4 Broadcast    │               *  First time with carol. Key remembered:
             5 Exit         │                  SHA256:AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA
             6 Close server │                  wMDAwM.
             7 Search       │               *  bob left the call.
             8 Rooms        │               *  Your camera is off: nobody in the call sees
             9 Moderate     │                  you.
             0 Call         │ > _
             ● alice  #ops                                  Ctrl-K go  Ctrl-F find  F1 keys
            say /hangup
                conference leave
                send @ref=5-0008 alice | #ops | leave_call | no data
                Sound(None)
             1 everyone     │ #ops                                   2 in a call · 3 people
            *2 #ops         │
                            │
                            │ ─────────────────────────────────────── Sunday 22 November ──
                            │ 12:00         *  You have begun a call in #ops; nobody else
                            │                  is in it yet. F7 turns your camera on, F8
                            │                  speaks, /hangup leaves.
                            │               *  Your camera is on: those in the call whose
                            │                  window shows pictures can see you. /camera
                            │                  off turns it off.
                            │               *  bob joined the call.
                            │               *  carol joined the call.
                            │               *  First time with bob. Key remembered:
             1 Echo         │                  SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICA
             2 List clients │                  gICAgI.
             3 Private mes… │               *  First time with carol. Key remembered:
             4 Broadcast    │                  SHA256:AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA
             5 Exit         │                  wMDAwM.
             6 Close server │               *  bob left the call.
             7 Search       │               *  Your camera is off: nobody in the call sees
             8 Rooms        │                  you.
             9 Moderate     │               *  You left the call of #ops.
             0 Call         │ > _
             ● alice  #ops                                  Ctrl-K go  Ctrl-F find  F1 keys
        "#]],
    );
}

#[test]
fn who_is_in_the_room_learns_of_the_call_and_of_its_end() {
    check(
        "start name=alice
        size 80x24
        calls bob carol
        server server | #ops | room | open members=3 you=member topic=
        key Alt-2
        in-call #ops 0:bob:2 1:carol:3
        in-call #ops 0:bob:2
        screen
        in-call #ops
        screen",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x24
            server server | #ops | room | open members=3 you=member topic=
            key Alt-2
                send @ref=5-0006 alice | #ops | members | no data
            in-call #ops 0:bob:2 1:carol:3
            in-call #ops 0:bob:2
             1 everyone     │ #ops                                   1 in a call · 3 people
            *2 #ops         │
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
             7 Search       │ ─────────────────────────────────────── Sunday 22 November ──
             8 Rooms        │ 12:00         *  There is a call here, with bob, carol: /call
             9 Moderate     │                  #ops joins it.
             0 Call         │ > _
             ● alice  #ops                                  Ctrl-K go  Ctrl-F find  F1 keys
            in-call #ops
             1 everyone     │ #ops                                                 3 people
            *2 #ops         │
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
             7 Search       │ 12:00         *  There is a call here, with bob, carol: /call
             8 Rooms        │                  #ops joins it.
             9 Moderate     │               *  The call is over.
             0 Call         │ > _
             ● alice  #ops                                  Ctrl-K go  Ctrl-F find  F1 keys
        "#]],
    );
}

#[test]
fn a_member_with_another_key_than_the_known_one_is_left_out() {
    check(
        "start name=alice known=bob:9
        size 80x24
        calls bob carol
        server server | #ops | room | open members=3 you=member topic=
        key Alt-2
        say /call #ops
        server @ref=5-0007 server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
        in-call #ops 0:bob:2 1:carol:3 2:alice:1
        conference reached 1
        conference lost 1 wrong-key
        screen",
        expect![[r#"
            start name=alice known=bob:9
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x24
            server server | #ops | room | open members=3 you=member topic=
            key Alt-2
                send @ref=5-0006 alice | #ops | members | no data
            say /call #ops
                send @ref=5-0007 alice | #ops | call | id=ID what=video,voice key=SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
            server @ref=5-0007 server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
            in-call #ops 0:bob:2 1:carol:3 2:alice:1
                conference attend as 2 with 1:carol
                Sound(Some(""))
            conference reached 1
                RememberPerson(KnownPerson { name: "carol", key: SHA256:AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM, verified: false })
            conference lost 1 wrong-key
             1 everyone     │ #ops                                   3 in a call · 3 people
            *2 #ops         │
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
                            │ ─────────────────────────────────────── Sunday 22 November ──
             1 Echo         │ 12:00         *  You are in the call of #ops, with bob,
             2 List clients │                  carol. F7 turns your camera on, F8 speaks,
             3 Private mes… │                  /hangup leaves.
             4 Broadcast    │               *  First time with carol. Key remembered:
             5 Exit         │                  SHA256:AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA
             6 Close server │                  wMDAwM.
             7 Search       │─────────────────────────────────────────────────── Esc closes
             8 Rooms        │ Whoever is at the other end does not have carol's key, so
             9 Moderate     │ nothing was said: somebody stands between you.
             0 Call         │ > _
             ● alice  #ops                                  Ctrl-K go  Ctrl-F find  F1 keys
        "#]],
    );
}

#[test]
fn one_is_put_out_of_a_call_and_told_why() {
    for (end, words) in [
        ("server server | alice | hang_up | id=ID muted", "A moderator muted you"),
        ("server server | alice | hang_up | id=ID off", "Calls were switched off"),
        ("server server | alice | hang_up | id=ID idle", "Nothing came through any more"),
        ("conference ended It broke.", "There is no way to the call: It broke."),
        ("lost gone", "is lost, and with it the call of"),
    ] {
        let written = crate::script::play(&format!(
            "start name=alice
            size 120x40
            calls bob carol
            server server | #ops | room | open members=3 you=member topic=
            key Alt-2
            say /call #ops
            server @ref=5-0007 server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
            in-call #ops 0:bob:2 1:alice:1
            say /camera on
            {end}
            screen"
        ));
        let flat = written.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(flat.contains(words), "{end}: {written}");
        assert!(flat.contains("conference leave"), "{end}: {written}");
        assert!(flat.contains("conference camera true") && flat.contains("Camera(None)"), "{end}: {written}");
    }
}

#[test]
fn what_cannot_be_is_said_of_calls_of_rooms() {
    check(
        "start name=alice
        size 80x24
        calls bob carol
        say /call #ops
        server server | #ops | room | open members=3 you=member topic=
        server server | #dev | room | open members=3 you=member topic=
        say /direct #ops
        status
        say /call #ops
        server @ref=5-0006 server | alice | refused | call_full There are 12 in the call of #ops, which is the most.
        say /call #ops
        server @ref=5-0008 server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
        in-call #ops 0:bob:2 1:alice:1
        say /call #ops
        say /call #dev
        screen
        say /camera #ops on
        say /hangup #ops
        say /call #dev
        +61s
        screen",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x24
            say /call #ops
            server server | #ops | room | open members=3 you=member topic=
            server server | #dev | room | open members=3 you=member topic=
            say /direct #ops
              [● alice  Only two can talk directly. /call #room joins a room's call.|]
            say /call #ops
                send @ref=5-0006 alice | #ops | call | id=ID what=video,voice key=SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
                send @ref=5-0007 alice | #ops | members | no data
            server @ref=5-0006 server | alice | refused | call_full There are 12 in the call of #ops, which is the most.
            say /call #ops
                send @ref=5-0008 alice | #ops | call | id=ID what=video,voice key=SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
            server @ref=5-0008 server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
            in-call #ops 0:bob:2 1:alice:1
                conference attend as 1 with 0:bob
                Sound(Some(""))
            say /call #ops
            say /call #dev
             1 everyone     │ #ops                                   2 in a call · 3 people
            *2 #ops         │
             3 #dev         │
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
             7 Search       │ 12:00         *  You are in the call of #ops, with bob. F7
             8 Rooms        │                  turns your camera on, F8 speaks, /hangup
             9 Moderate     │                  leaves.
             0 Call         │ > _
             ● alice  You are in the call of #ops: leave that first, with /hangup.
            say /camera #ops on
                Camera(Some(""))
                conference camera true
            say /hangup #ops
                conference leave
                send @ref=5-0009 alice | #ops | leave_call | no data
                Camera(None)
                Sound(None)
            say /call #dev
                send @ref=5-000a alice | #dev | call | id=ID what=video,voice key=SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
                send @ref=5-000b alice | #dev | members | no data
            +61s
                Disconnect
             1 everyone     │ #dev
             2 #ops         │
            *3 #dev         │
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
             5 Exit         │─────────────────────────────────────────────────── Esc closes
             6 Close server │ The server did not let you into the call of #dev in time. Try
             7 Search       │ again.
             8 Rooms        │ Connection lost. Reconnecting… Nothing came from the server
             9 Moderate     │ for 60 s.
             0 Call         │ > _
             ○ alice  reconnecting in 1 s · /reconnect at once           Ctrl-K go  F1 keys
        "#]],
    );
}

#[test]
fn the_calls_of_a_room_are_switched_off_and_on() {
    check(
        "start name=alice
        size 80x24
        calls bob carol
        server server | #ops | room | open members=3 you=maker topic=disks
        key Alt-2
        say /calls off exam
        server server | #ops | room | open members=3 no_calls topic=disks
        server @ref=5-0007 alice | #ops | act | allow_calls - - off exam
        say /call #ops
        server @ref=5-0008 server | alice | refused | calls_off A moderator has switched calls off in #ops.
        say /calls
        screen
        key Tab
        type the exam is over
        key Enter
        server server | #ops | room | open members=3 topic=disks
        server @ref=5-0009 alice | #ops | act | allow_calls - - on the exam is over
        say /calls
        screen
        key Esc
        say /calls #den off quiet
        say /calls #ops perhaps
        screen
        key Esc
        size 60x6
        say /calls #a:b off quiet
        screen
        say /calls -all off quiet
        screen
        key Alt-1
        say /calls off quiet
        screen
        say /calls #ops off again
        ",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x24
            server server | #ops | room | open members=3 you=maker topic=disks
            key Alt-2
                send @ref=5-0006 alice | #ops | members | no data
            say /calls off exam
                send @ref=5-0007 alice | #ops | allow_calls | off exam
            server server | #ops | room | open members=3 no_calls topic=disks
            server @ref=5-0007 alice | #ops | act | allow_calls - - off exam
            say /call #ops
                send @ref=5-0008 alice | #ops | call | id=ID what=video,voice key=SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
            server @ref=5-0008 server | alice | refused | calls_off A moderator has switched calls off in #ops.
            say /calls
             1 everyone     │ #ops  disks                               no calls · 3 people
            *2 #ops         │
                            │
                            │
                            │
                            │
                            │
                            │
                            │ ┌ Calls · #ops ────────────────────────────────────────────┐
                            │ │ >(•)on                                                   │
                            │ │  ( )off                                                  │
                            │ │ Why:                                                     │
                            │ │ [Calls] [Cancel]                                         │
             1 Echo         │ └──────────────────────────────────────────────────────────┘
             2 List clients │
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │
             6 Close server │
             7 Search       │
             8 Rooms        │ ─────────────────────────────────────── Sunday 22 November ──
             9 Moderate     │ 12:00         *  alice switched calls off: exam
             0 Call         │ >
             ● alice  A moderator has switched calls off in #ops.
            key Tab
            key Enter
                send @ref=5-0009 alice | #ops | allow_calls | on the exam is over
            server server | #ops | room | open members=3 topic=disks
            server @ref=5-0009 alice | #ops | act | allow_calls - - on the exam is over
            say /calls
             1 everyone     │ #ops  disks                                          3 people
            *2 #ops         │
                            │
                            │
                            │
                            │
                            │
                            │
                            │ ┌ Calls · #ops ────────────────────────────────────────────┐
                            │ │  ( )on                                                   │
                            │ │ >(•)off                                                  │
                            │ │ Why:                                                     │
                            │ │ [Calls] [Cancel]                                         │
             1 Echo         │ └──────────────────────────────────────────────────────────┘
             2 List clients │
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │
             6 Close server │
             7 Search       │ ─────────────────────────────────────── Sunday 22 November ──
             8 Rooms        │ 12:00         *  alice switched calls off: exam
             9 Moderate     │               *  alice switched calls on: the exam is over
             0 Call         │ >
             ● alice  A moderator has switched calls off in #ops.
            key Esc
            say /calls #den off quiet
                send @ref=5-000a alice | #den | allow_calls | off quiet
            say /calls #ops perhaps
             1 everyone     │ #ops  disks                                          3 people
            *2 #ops         │
                            │
                            │
                            │
                            │
                            │
                            │ ┌ Calls · #ops ────────────────────────────────────────────┐
                            │ │ >(•)on                                                   │
                            │ │  ( )off                                                  │
                            │ │ Why:                                                     │
                            │ │ Say on or off.                                           │
                            │ │ [Calls] [Cancel]                                         │
             1 Echo         │ └──────────────────────────────────────────────────────────┘
             2 List clients │
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │
             6 Close server │
             7 Search       │ ─────────────────────────────────────── Sunday 22 November ──
             8 Rooms        │ 12:00         *  alice switched calls off: exam
             9 Moderate     │               *  alice switched calls on: the exam is over
             0 Call         │ >
             ● alice  A moderator has switched calls off in #ops.
            key Esc
            size 60x6
            say /calls #a:b off quiet
                           *  alice switched calls on: the exam is over
            ──────────────────────────────────────────────── Esc closes
             '#a:b' is not a valid room name. A room's name is made of
             letters, digits, '-', '_' and '.'.
             #ops> _
             ● alice  #ops              Ctrl-K go  Ctrl-F find  F1 keys
            say /calls -all off quiet
                           *  alice switched calls on: the exam is over
            ──────────────────────────────────────────────── Esc closes
             Calls are switched off and on in one room at a time:
             /calls #room off REASON.
             #ops> _
             ● alice  #ops              Ctrl-K go  Ctrl-F find  F1 keys
            key Alt-1
            say /calls off quiet
             You are in everyone: all who are online read what you
            ──────────────────────────────────────────────── Esc closes
             Calls are switched off and on in one room at a time:
             /calls #room off REASON.
             > _
             ● alice                    Ctrl-K go  Ctrl-F find  F1 keys
            say /calls #ops off again
                send @ref=5-000b alice | #ops | allow_calls | off again
        "#]],
    );
}

#[test]
fn who_comes_into_a_room_learns_of_its_call_whatever_comes_first() {
    for frames in [
        "in-call #ops 0:bob:2\nserver @ref=5-0006 server | #ops | room | open members=3 you=member topic=",
        "server @ref=5-0006 server | #ops | room | open members=3 you=member topic=\nin-call #ops 0:bob:2",
    ] {
        let script = format!(
            "start name=alice\nsize 80x24\ncalls bob carol\nsay /join #ops\n{frames}\nin-call #ops 0:bob:2\nscreen"
        );
        let written = crate::script::play(&script);
        assert_eq!(written.matches("There is a call here, with bob").count(), 1, "{written}");
    }
}

#[test]
fn who_is_seen_in_a_call_that_is_out_of_view_knows_who_comes_and_no_ignored_user_sees_them() {
    check(
        "start name=alice
        size 80x24
        calls bob carol
        server server | #ops | room | open members=3 you=member topic=
        key Alt-2
        say /ignore carol
        server @ref=5-0007 server | alice | ignored | carol
        say /call #ops
        server @ref=5-0008 server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
        in-call #ops 0:alice:1
        key F7
        camera picture
        key Alt-1
        in-call #ops 0:alice:1 1:bob:2
        conference watched on
        status
        in-call #ops 0:alice:1 1:bob:2 2:carol:3
        key F7
        status
        in-call #ops 0:alice:1 2:carol:3
        status",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x24
            server server | #ops | room | open members=3 you=member topic=
            key Alt-2
                send @ref=5-0006 alice | #ops | members | no data
            say /ignore carol
                send @ref=5-0007 alice | server | ignore | carol
            server @ref=5-0007 server | alice | ignored | carol
            say /call #ops
                send @ref=5-0008 alice | #ops | call | id=ID what=video,voice key=SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
            server @ref=5-0008 server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
            in-call #ops 0:alice:1
                conference attend as 0 with
                Sound(Some(""))
            key F7
                Camera(Some(""))
                conference camera true
            camera picture
            key Alt-1
            in-call #ops 0:alice:1 1:bob:2
                conference members 1:bob
            conference watched on
              [● alice  ● camera  #ops: bob joined the call.|]
            in-call #ops 0:alice:1 1:bob:2 2:carol:3
                conference members 1:bob
            key F7
                conference camera false
                Camera(None)
              [● alice  #ops: carol joined the call.|]
            in-call #ops 0:alice:1 2:carol:3
                conference members
              [● alice  #ops: carol joined the call.|]
        "#]],
    );
}

const JOINED: &str = "start name=alice
        size 80x24
        calls bob carol
        server server | #ops | room | open members=3 you=member topic=
        key Alt-2
        say /call #ops
        server @ref=5-0007 server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
        in-call #ops 0:alice:1 1:bob:2+ 2:carol:3";

#[test]
fn whoever_speaks_in_the_call_of_a_room_is_marked_and_seen_larger() {
    check(
        &format!(
            "{JOINED}
        conference heard on
        sound runs
        conference reached 1
        conference camera 1 on
        conference picture 1
        conference reached 2
        key F8
        conference speaks 2 on
        screen
        conference camera 2 on
        conference picture 2
        conference speaks 1 on
        conference speaks 2 off
        screen
        conference speaks 1 off
        say /status
        in-call #ops 0:alice:1 2:carol:3
        +1s
        key F8
        conference camera 2 off
        conference speaks 2 on
        screen
        say /hangup"
        ),
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x24
            server server | #ops | room | open members=3 you=member topic=
            key Alt-2
                send @ref=5-0006 alice | #ops | members | no data
            say /call #ops
                send @ref=5-0007 alice | #ops | call | id=ID what=video,voice key=SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
            server @ref=5-0007 server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
            in-call #ops 0:alice:1 1:bob:2+ 2:carol:3
                conference attend as 0 with 1:bob 2:carol
                Sound(Some(""))
            conference heard on
            sound runs
                conference hear true
            conference reached 1
                RememberPerson(KnownPerson { name: "bob", key: SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI, verified: false })
            conference camera 1 on
                conference show 1:Small
            conference picture 1
            conference reached 2
                RememberPerson(KnownPerson { name: "carol", key: SHA256:AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM, verified: false })
            key F8
                conference talk true
                Talk(true)
            conference speaks 2 on
             1 everyone     │ #ops                                   3 in a call · 3 people
            *2 #ops         │            ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
                            │            ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
                            │            ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
                            │            ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
                            │            ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
                            │            ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
                            │            ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
                            │            ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
                            │            ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
                            │            ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
                            │            ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
                            │            ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
             1 Echo         │             bob
             2 List clients │  your camera is off  F7 camera  F5 large  ~carol speaks
             3 Private mes… │                  /hangup leaves.
             4 Broadcast    │               *  First time with bob. Key remembered:
             5 Exit         │                  SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICA
             6 Close server │                  gICAgI.
             7 Search       │               *  First time with carol. Key remembered:
             8 Rooms        │                  SHA256:AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA
             9 Moderate     │                  wMDAwM.
             0 Call         │ > _
             ● alice  ● voice  #ops                         Ctrl-K go  Ctrl-F find  F1 keys
            conference camera 2 on
                conference show 1:Small 2:Medium
            conference picture 2
            conference speaks 1 on
                conference show 1:Medium 2:Medium
            conference speaks 2 off
                conference show 1:Medium 2:Small
             1 everyone     │ #ops                                   3 in a call · 3 people
            *2 #ops         │ ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒ ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
                            │ ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒ ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
                            │ ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒ ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
                            │ ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒ ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
                            │ ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒ ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
                            │ ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒ ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
                            │ ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒ ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
                            │ ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒ ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
                            │ ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒ ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
                            │  bob speaks                     ~carol
                            │  your camera is off  F7 camera  F8 speak  F5 large
                            │ ─────────────────────────────────────── Sunday 22 November ──
             1 Echo         │ 12:00         *  You are in the call of #ops, with bob,
             2 List clients │                  carol. F7 turns your camera on, F8 speaks,
             3 Private mes… │                  /hangup leaves.
             4 Broadcast    │               *  First time with bob. Key remembered:
             5 Exit         │                  SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICA
             6 Close server │                  gICAgI.
             7 Search       │               *  First time with carol. Key remembered:
             8 Rooms        │                  SHA256:AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA
             9 Moderate     │                  wMDAwM.
             0 Call         │ > _
             ● alice  ● voice  #ops                         Ctrl-K go  Ctrl-F find  F1 keys
            conference speaks 1 off
            say /status
                MeasureTraffic
            in-call #ops 0:alice:1 2:carol:3
                conference members 2:carol
                conference show 2:Small
            +1s
            key F8
                conference talk false
                Talk(false)
            conference camera 2 off
                conference show
            conference speaks 2 on
             1 everyone     │ #ops                 2 in a call · speaking: carol · 3 people
            *2 #ops         │
                            │
                            │
                            │
                            │
                            │
                            │
                            │
                            │
                            │
                            │ ─────────────────────────────────────── Sunday 22 November ──
                            │ 12:00         *  You are in the call of #ops, with bob,
             1 Echo         │                  carol. F7 turns your camera on, F8 speaks,
             2 List clients │                  /hangup leaves.
             3 Private mes… │               *  First time with bob. Key remembered:
             4 Broadcast    │                  SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICA
             5 Exit         │                  gICAgI.
             6 Close server │               *  First time with carol. Key remembered:
             7 Search       │                  SHA256:AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA
             8 Rooms        │                  wMDAwM.
             9 Moderate     │               *  bob left the call.
             0 Call         │ > _
             ● alice  #ops                                  Ctrl-K go  Ctrl-F find  F1 keys
            say /hangup
                conference leave
                send @ref=5-0008 alice | #ops | leave_call | no data
                Sound(None)
        "#]],
    );
}

#[test]
fn the_key_to_speak_works_in_the_call_of_a_room_as_in_any_other() {
    check(
        &format!(
            "{JOINED}
        key F8
        screen
        sound runs
        +100ms
        key F8
        +300ms
        key F8
        +500ms
        conference heard on
        say /talk on
        say /talk on
        say /talk off
        say /sound off
        say /talk #ops on
        sound runs
        say /sound on
        screen
        key Ctrl-Z
        key Ctrl-Z
        say /sound on
        sound runs
        sound The sound card is gone.
        screen"
        ),
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x24
            server server | #ops | room | open members=3 you=member topic=
            key Alt-2
                send @ref=5-0006 alice | #ops | members | no data
            say /call #ops
                send @ref=5-0007 alice | #ops | call | id=ID what=video,voice key=SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
            server @ref=5-0007 server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
            in-call #ops 0:alice:1 1:bob:2+ 2:carol:3
                conference attend as 0 with 1:bob 2:carol
                Sound(Some(""))
            key F8
             1 everyone     │ #ops                                   3 in a call · 3 people
            *2 #ops         │
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
             7 Search       │ 12:00         *  You are in the call of #ops, with bob,
             8 Rooms        │                  carol. F7 turns your camera on, F8 speaks,
             9 Moderate     │                  /hangup leaves.
             0 Call         │ > _
             ● alice  #ops                                  Ctrl-K go  Ctrl-F find  F1 keys
            sound runs
                conference hear true
                conference talk true
                Talk(true)
            +100ms
            key F8
            +300ms
            key F8
            +500ms
                conference talk false
                Talk(false)
            conference heard on
            say /talk on
                conference talk true
                Talk(true)
            say /talk on
            say /talk off
                conference talk false
                Talk(false)
            say /sound off
                Sound(None)
                conference hear false
            say /talk #ops on
                Sound(Some(""))
            sound runs
                conference hear true
                conference talk true
                Talk(true)
            say /sound on
             1 everyone     │ #ops                                   3 in a call · 3 people
            *2 #ops         │
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
             5 Exit         │ 12:00         *  You are in the call of #ops, with bob,
             6 Close server │                  carol. F7 turns your camera on, F8 speaks,
             7 Search       │                  /hangup leaves.
             8 Rooms        │               *  Sound is off: you neither hear the others
             9 Moderate     │                  nor are heard.
             0 Call         │ > _
             ● alice  ● voice  Sound is on already.
            key Ctrl-Z
                Sound(None)
                conference hear false
                conference talk false
                Talk(false)
            key Ctrl-Z
                Suspend
            say /sound on
                Sound(Some(""))
            sound runs
                conference hear true
            sound The sound card is gone.
                conference hear false
             1 everyone     │ #ops                                   3 in a call · 3 people
            *2 #ops         │
                            │
                            │
                            │
                            │
                            │
                            │
                            │ ─────────────────────────────────────── Sunday 22 November ──
                            │ 12:00         *  You are in the call of #ops, with bob,
                            │                  carol. F7 turns your camera on, F8 speaks,
                            │                  /hangup leaves.
                            │               *  Sound is off: you neither hear the others
             1 Echo         │                  nor are heard.
             2 List clients │               *  Sound is off: you neither hear the others
             3 Private mes… │                  nor are heard.
             4 Broadcast    │               *  Sound is on: you hear the others. F8 speaks
             5 Exit         │                  while you hold it, or until you press it
             6 Close server │                  again.
             7 Search       │─────────────────────────────────────────────────── Esc closes
             8 Rooms        │ Camera and sound are off now. The key once more leaves to the
             9 Moderate     │ shell.
             0 Call         │ > _
             ● alice  The sound card is gone.
        "#]],
    );
}

#[test]
fn a_machine_without_sound_says_so_only_to_who_would_speak() {
    let quiet = crate::script::play(&format!("{JOINED}\nsound There is no sound.\nscreen"));
    let is_told = |screen: &str| screen.lines().any(|line| line.contains("● alice  There is no sound."));
    assert!(!is_told(&quiet) && quiet.contains("● alice"), "{quiet}");
    let told = crate::script::play(&format!("{JOINED}\nkey F8\nsound There is no sound.\nscreen"));
    assert!(is_told(&told), "{told}");
}
