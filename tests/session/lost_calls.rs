//! A room's call that was lost with the connection to the server: it is joined again if it still runs soon after.

use expect_test::expect;

use crate::check;
use crate::script::play;

/// In the call of #ops with bob, our camera on; then the line is cut.
const LOST: &str = "start name=alice
        size 80x24
        calls bob carol
        server server | #ops | room | open members=3 you=member topic=
        key Alt-2
        say /call #ops
        server @ref=5-0007 server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
        in-call #ops 0:alice:1 1:bob:2
        sound runs
        key F8
        key F7
        lost It broke.";

/// The server is back, and the room is known.
const BACK: &str = "+1s
        calls bob carol
        server server | #ops | room | open members=3 you=member topic=";

#[test]
fn a_room_s_call_that_still_runs_is_joined_again_without_the_microphone() {
    check(
        &format!(
            "{LOST}
        {BACK}
        in-call #ops 1:bob:2
        in-call #ops 1:bob:2 2:carol:3
        server @ref=5-000d server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
        in-call #ops 1:bob:2 2:carol:3 3:alice:1
        sound runs
        key Alt-2
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
            in-call #ops 0:alice:1 1:bob:2
                conference attend as 0 with 1:bob
                Sound(Some(""))
            sound runs
                conference hear true
            key F8
                conference talk true
                Talk(true)
            key F7
                Camera(Some(""))
                conference camera true
            lost It broke.
                conference leave
                Camera(None)
                Sound(None)
                Talk(false)
            +1s
                Dial(tcp://localhost:1234)
            server server | #ops | room | open members=3 you=member topic=
            in-call #ops 1:bob:2
                send @ref=5-000d alice | #ops | call | id=ID what=video,voice key=SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
            in-call #ops 1:bob:2 2:carol:3
            server @ref=5-000d server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
            in-call #ops 1:bob:2 2:carol:3 3:alice:1
                conference attend as 3 with 1:bob 2:carol
                Sound(Some(""))
            sound runs
                conference hear true
            key Alt-2
                send @ref=5-000e alice | #ops | members | no data
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
             7 Search       │ 12:00         *  You are back in the call of #ops, with bob,
             8 Rooms        │                  carol. Microphone and camera are off: F8
             9 Moderate     │                  speaks, F7 turns your camera on.
             0 Call         │ > _
             ● alice  You are no longer in #ops.
        "#]],
    );
}

#[test]
fn a_camera_that_is_still_on_in_another_call_is_on_in_the_one_that_is_joined_again() {
    let with_bob = "rings bob 2 verified video,chat
        say /answer
        server server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
        channel ready w
        channel goes 203.0.113.200:40000
        say /camera bob on";
    let lost = LOST.replace("size 80x24", "size 200x60").replace("key Alt-2", &format!("{with_bob}\nkey Alt-3"));
    for (meanwhile, camera) in [("", true), ("say /camera bob off", false)] {
        let written = play(&format!(
            "{lost}
            {meanwhile}
            {BACK}
            in-call #ops 1:bob:2
            server @ref=5-000e server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
            in-call #ops 1:bob:2 3:alice:1
            key Alt-3
            screen"
        ));
        let words = if camera { "Your camera is on." } else { "Microphone and camera are off" };
        assert_eq!(written.matches("conference camera true").count(), 1 + usize::from(camera), "{written}");
        assert!(written.contains(words), "{written}");
    }
}

#[test]
fn a_call_that_is_over_late_or_given_up_is_not_joined_again() {
    for (meanwhile, call) in [
        ("", "in-call #ops"),
        ("", "in-call #ops 4:alice:1"),
        ("+61s", "in-call #ops 1:bob:2"),
        ("say /hangup", "in-call #ops 1:bob:2"),
        ("say /hangup #ops", "in-call #ops 1:bob:2"),
    ] {
        let written = play(&format!("{LOST}\n{meanwhile}\n{BACK}\n{call}\n+61s"));
        assert_eq!(written.matches("#ops | call |").count(), 1, "{meanwhile} {call}: {written}");
        assert_eq!(written.matches("Camera(None)").count(), 1, "it went off: {written}");
    }
}
