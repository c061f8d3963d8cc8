//! What calls put on the screen at several sizes: captions, one's own picture, what is said of who is seen and heard.

use expect_test::expect;
use tr2::client::view::View;
use tr2::language::{self, Language};

use crate::check;
use crate::script::{Play, play};

/// A call with pictures that bob has made and alice has answered.
const CALLED: &str = "calls bob
        rings bob 2 verified video,chat,voice
        say /answer
        server server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
        channel ready lusab-babad-gutih-tugad
        channel goes server";

/// The view after these steps on a screen of a size.
fn view(cols: u16, rows: u16, steps: &str) -> View {
    let mut play = Play::new("start");
    let script = format!("start name=alice\nsize {cols}x{rows}\n{CALLED}\n{steps}");
    script.lines().map(str::trim).filter(|line| !line.is_empty()).for_each(|step| play.step(step));
    play.session.view()
}

const SIZES: [(u16, u16); 6] = [(60, 16), (80, 24), (100, 30), (120, 40), (200, 24), (200, 60)];

#[test]
fn a_call_without_a_picture_takes_two_rows_of_words() {
    for (cols, rows) in SIZES {
        let with = view(cols, rows, "");
        let caption: Vec<String> = with.tiles[0].caption.iter().map(|line| line.text()).collect();
        assert!(with.tiles[0].area.is_empty() && with.tiles[0].caption_area.height == 2, "{cols}x{rows}");
        assert_eq!(caption, ["bob  by the server", "your camera is off  F7 camera  F8 speak"], "{cols}x{rows}");
        assert_eq!(with.messages.area.y, 3, "{cols}x{rows}");
        // With the first picture it has its place.
        let with = view(cols, rows, "channel camera on");
        assert!(with.tiles[0].area.height >= 6, "{cols}x{rows}");
    }
    check(
        &format!(
            "start name=alice\nsize 80x24\n{CALLED}\nsound runs\nkey F8\nchannel speaks on\nscreen\nkey F5\nstatus"
        ),
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x24
            rings bob 2 verified video,chat,voice
                Bell
                Notify { title: "bob", body: "bob calls (to see each other, to talk directly): /answer or /decline" }
            say /answer
                send @ref=5-0006 alice | bob | answer | id=ID yes key=SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
            server server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
                channel open ID Callee 2
            channel ready lusab-babad-gutih-tugad
                RememberPerson(KnownPerson { name: "bob", key: SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI, verified: false })
                channel watch 80
                Sound(Some(""))
            channel goes server
            sound runs
                channel hear true
            key F8
                channel talk true
                Talk(true)
            channel speaks on
             1 everyone     │ ⇄ bob  only here: not kept by the server        by the server
            *2 ⇄ bob        │ bob speaks  by the server  ● you speak
                            │ your camera is off  F7 camera  F8 speak
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
             1 Echo         │ ─────────────────────── the beginning of this conversation ──
             2 List clients │ ─────────────────────────────────────── Sunday 22 November ──
             3 Private mes… │ 12:00         *  You answered bob. Connecting…
             4 Broadcast    │               *  The channel to bob is open: only the two of
             5 Exit         │                  you read what is said here, and nothing of
             6 Close server │                  it is kept. You have not spoken directly
             7 Search       │                  with bob before; key
             8 Rooms        │                  SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICA
             9 Moderate     │                  gICAgI. /verify compares words.
             0 Call         │ ⇄> _
             ● alice  ● voice  bob does not hear you: there is no sound there, or it is off.
            key F5
              [● alice  ● voice  There is no picture in view.|]
        "#]],
    );
}

#[test]
fn pictures_have_what_the_rows_allow_and_words_a_third() {
    for (cols, rows) in SIZES {
        for steps in ["channel camera on", "channel camera on\ncamera picture\nsay /camera on"] {
            let with = view(cols, rows, steps);
            let (tile, words) = (with.tiles[0].area, with.messages.area.height);
            let middle = with.messages.area.y + words - tile.y;
            assert!(words * 3 >= middle, "{cols}x{rows}: {words} of {middle} rows are left for words");
            // No row or column more would fit: it is bounded by the words, by its caption or by the width.
            let caption = with.tiles[0].caption_area;
            let is_beside = caption.height > 1;
            let by_words = (words - 1) * 3 < middle;
            let by_width = if is_beside { caption.width < 24 } else { (tile.height + 1) * 10 / 3 > tile.width };
            assert!(by_words || by_width, "{cols}x{rows}: {tile:?} {caption:?} {words}");
        }
    }
    let large = view(120, 40, "channel camera on").tiles[0].area;
    assert!((large.width, large.height) >= (76, 23), "{large:?}");
}

#[test]
fn ones_own_picture_stands_in_a_corner_of_the_large_one() {
    let steps = "channel camera on
        channel watched on
        say /camera on
        camera picture
        key F5";
    for (cols, rows, own_rows) in [(80, 24, 5), (120, 40, 6), (60, 16, 0)] {
        let with = view(cols, rows, steps);
        let (theirs, own) = (&with.tiles[0], with.tiles.get(1));
        assert_eq!(own.map_or(0, |own| own.area.height), own_rows, "{cols}x{rows}");
        let Some(own) = own else { continue };
        assert!(own.picture.is_some());
        // The picture is five to three, in the middle of its area.
        let whole = (theirs.area.height * 10 / 3).min(theirs.area.width);
        let right = theirs.area.x + (theirs.area.width - whole) / 2 + whole;
        assert_eq!(own.area.x + own.area.width, right, "at the right edge");
        assert_eq!(own.area.y + own.area.height, theirs.area.y + theirs.area.height, "at the lower edge");
        assert!(own.area.width * 2 < theirs.area.width, "{:?} in {:?}", own.area, theirs.area);
    }
}

#[test]
fn a_caption_is_whole_in_both_languages() {
    for language in [Language::English, Language::Portuguese] {
        for steps in [
            "channel camera on",
            "channel camera on\nsay /camera on",
            "channel camera on\nsay /camera on\ncamera picture\nchannel watched on",
        ] {
            for (cols, rows) in SIZES {
                let with = language::with(language, || view(cols, rows, steps));
                for line in with.tiles.iter().flat_map(|tile| &tile.caption) {
                    let text = line.text();
                    let is_meant = text.ends_with("your camera starts…") || text.ends_with("sua câmera ligando…");
                    assert!(!text.ends_with('…') || is_meant, "{cols}x{rows}: {text}");
                }
            }
        }
    }
}

#[test]
fn whoever_shows_no_pictures_is_not_said_to_see_one() {
    check(
        &format!(
            "start name=alice
        size 80x24
        {CALLED}
        say /camera on
        camera picture
        status
        channel watched on
        status
        +6s
        status
        channel watched off
        status
        channel watched on
        +6s
        status"
        ),
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x24
            rings bob 2 verified video,chat,voice
                Bell
                Notify { title: "bob", body: "bob calls (to see each other, to talk directly): /answer or /decline" }
            say /answer
                send @ref=5-0006 alice | bob | answer | id=ID yes key=SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
            server server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
                channel open ID Callee 2
            channel ready lusab-babad-gutih-tugad
                RememberPerson(KnownPerson { name: "bob", key: SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI, verified: false })
                channel watch 80
                Sound(Some(""))
            channel goes server
            say /camera on
                Camera(Some(""))
                channel camera true
            camera picture
              [● alice  ⇄ bob by the server|Ctrl-K go  Ctrl-F find  F1 keys]
            channel watched on
              [● alice  ● camera  ⇄ bob by the server|Ctrl-K go  Ctrl-F find  F1 keys]
            +6s
              [● alice  ● camera  ⇄ bob by the server|Ctrl-K go  Ctrl-F find  F1 keys]
            channel watched off
              [● alice  ⇄ bob by the server|Ctrl-K go  Ctrl-F find  F1 keys]
            channel watched on
            +6s
              [● alice  ● camera  ⇄ bob by the server|Ctrl-K go  Ctrl-F find  F1 keys]
        "#]],
    );
}

#[test]
fn a_room_in_which_nobody_shows_pictures_turns_on_no_light() {
    check(
        "start name=alice
        size 80x24
        calls bob carol
        server server | #ops | room | open members=3 you=member topic=
        key Alt-2
        say /call #ops
        server @ref=5-0007 server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
        in-call #ops 0:alice:1 1:bob:2+
        conference reached 1
        key F7
        camera picture
        screen
        conference watched on
        status
        conference watched off
        status",
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
            in-call #ops 0:alice:1 1:bob:2+
                conference attend as 0 with 1:bob
                Sound(Some(""))
            conference reached 1
                RememberPerson(KnownPerson { name: "bob", key: SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI, verified: false })
            key F7
                Camera(Some(""))
                conference camera true
            camera picture
             1 everyone     │ #ops                                   2 in a call · 3 people
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
             1 Echo         │             you
             2 List clients │  ○ your camera is on  F7 camera  F8 speak  F5 large  bob
             3 Private mes… │                  leaves.
             4 Broadcast    │               *  First time with bob. Key remembered:
             5 Exit         │                  SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICA
             6 Close server │                  gICAgI.
             7 Search       │               *  Your camera is on: those in the call whose
             8 Rooms        │                  window shows pictures can see you. /camera
             9 Moderate     │                  off turns it off.
             0 Call         │ > _
             ● alice  #ops                                  Ctrl-K go  Ctrl-F find  F1 keys
            conference watched on
              [● alice  ● camera  #ops|Ctrl-K go  Ctrl-F find  F1 keys]
            conference watched off
              [● alice  #ops|Ctrl-K go  Ctrl-F find  F1 keys]
        "#]],
    );
}

#[test]
fn nobody_is_said_not_to_hear_before_that_is_known() {
    check(
        "start name=alice
        size 80x24
        calls bob carol
        server server | #ops | room | open members=3 you=member topic=
        key Alt-2
        say /call #ops
        server @ref=5-0007 server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
        in-call #ops 0:alice:1 1:bob:2+
        sound runs
        key F8
        status
        conference heard off
        status
        +6s
        key F8
        conference heard on
        +6s
        key F8
        status",
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
            in-call #ops 0:alice:1 1:bob:2+
                conference attend as 0 with 1:bob
                Sound(Some(""))
            sound runs
                conference hear true
            key F8
                conference talk true
                Talk(true)
              [● alice  ● voice  #ops|Ctrl-K go  Ctrl-F find  F1 keys]
            conference heard off
              [● alice  ● voice  Nobody in the call hears you: nobody else there has sound.|]
            +6s
            key F8
                conference talk false
                Talk(false)
            conference heard on
            +6s
            key F8
                conference talk true
                Talk(true)
              [● alice  ● voice  #ops|Ctrl-K go  Ctrl-F find  F1 keys]
        "#]],
    );
}

#[test]
fn what_is_said_of_a_call_that_rings_goes_with_it() {
    let rings = "start name=alice
        size 70x20
        calls bob
        say /dnd
        server @ref=5-0006 alice | all clients | away | do not disturb
        key Esc
        rings bob 2 verified chat,file,video,voice";
    let panel = |steps: &str| {
        let mut play = Play::new("start");
        steps.lines().map(str::trim).for_each(|step| play.step(step));
        play.session.view().panel.map(|panel| panel.rows.iter().map(|row| row.text()).collect::<String>())
    };
    assert!(panel(rings).is_some_and(|words| words.contains("/answer or /decline")));
    for end in ["server bob | alice | hang_up | id=ID done", "server server | alice | hang_up | id=ID unanswered"] {
        let left = panel(&format!("{rings}\n{end}"));
        assert!(left.is_some_and(|words| words.starts_with("Missed call from bob")), "{end}");
    }
    for end in ["say /answer", "say /decline"] {
        let left = panel(&format!("{rings}\n{end}"));
        assert!(left.is_none_or(|words| !words.contains("/answer")), "{end}");
    }
}

#[test]
fn words_that_differ_there_are_not_just_a_call_that_ends() {
    let differ = "server bob | alice | hang_up | id=ID words_differ";
    for ends in [differ.to_owned(), format!("channel ended closed-by-peer\n{differ}")] {
        let shown = play(&format!("start name=alice\nsize 80x24\n{CALLED}\n{ends}\nscreen"));
        assert!(shown.contains("bob compared the words and says that they DIFFER"), "{shown}");
    }
    let lines = play(&format!(
        "start name=alice plain
        calls bob
        rings bob 2 verified chat
        line /answer
        server server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536
        channel ready w
        {differ}"
    ));
    assert!(lines.contains("they DIFFER"), "{lines}");
    // While it rings, nothing was compared.
    let rings = play(&format!("start name=alice plain\ncalls bob\nrings bob 2 verified chat\n{differ}"));
    assert!(!rings.contains("DIFFER") && rings.contains("Missed call"), "{rings}");
}

#[test]
fn which_sound_is_used_is_said_where_it_is_not_the_first() {
    let words = "parec ended. Sound comes by arecord and goes by aplay instead.";
    let shown = play(&format!("start name=alice\nsize 120x40\n{CALLED}\nsound runs {words}\nstatus\nkey F8"));
    assert!(shown.contains(words) && shown.contains("channel talk true"), "{shown}");
}

#[test]
fn faces_take_no_more_rows_than_they_need_and_words_have_a_third() {
    let room = "server server | #ops | room | open members=6 you=member topic=
        key Alt-2
        say /call #ops
        server @ref=5-0007 server | alice | relay | id=ID leg=000102030405060708090a0b0c0d0e0f port=0 rate=65536";
    let names = ["bob", "carol", "dave", "eve", "frank"];
    for (cols, rows) in SIZES {
        for count in 1..=names.len() {
            let members: String =
                names[..count].iter().enumerate().map(|(at, name)| format!(" {}:{name}:{}", at + 1, at + 2)).collect();
            let mut script = format!("start name=alice\nsize {cols}x{rows}\ncalls {}\n{room}\n", names.join(" "));
            script += &format!("in-call #ops 0:alice:1{members}\n");
            for at in 1..=count {
                script += &format!("conference reached {at}\nconference camera {at} on\n");
            }
            let mut play = Play::new("start");
            script.lines().map(str::trim).for_each(|step| play.step(step));
            let with = play.session.view();
            let what = format!("{count} at {cols}x{rows}: {:?}", with.messages.area);
            let middle = with.messages.area.y + with.messages.area.height - 1;
            assert!(with.messages.area.height * 3 >= middle, "{what}");
            let faces: Vec<_> = with.tiles.iter().filter(|tile| !tile.area.is_empty()).collect();
            // On the smallest screen, three have a face and the others a name.
            assert_eq!(faces.len(), if rows == 16 { count.min(3) } else { count }, "{what}");
            // The names of the last row are right above the row of words, but for a tile of the fewest rows.
            let last = faces.iter().map(|tile| tile.caption_area.y).max().unwrap();
            let words = with.messages.area.y - 1;
            assert!(last + 1 == words || words < 7, "{what} {last}");
        }
    }
}
