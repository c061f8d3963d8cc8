//! The mouse: what a click and the wheel do wherever they are, and what they never do.

use expect_test::expect;

use crate::check;

/// Everyone's conversation with some messages, and one with bob.
const TALK: &str = r"
    start name=alice mouse=on
    size 80x14
    online bob carol
    server @id=1;time=2026-11-22T12:00:00Z;verified=yes bob | all clients | broadcast_not_me | one
    server @id=2;time=2026-11-22T12:00:01Z;verified=yes carol | all clients | broadcast_not_me | two
    server @id=3;time=2026-11-22T12:00:02Z;verified=yes bob | alice | private_message | psst
";

#[test]
fn a_click_shows_chooses_and_picks() {
    check(
        &format!(
            "{TALK} click 3 1
             screen
             click 3 0\n click 40 10
             status
             click 40 11\n click 40 11
             status
             middle-click 40 11\n right-click 40 11\n click 40 5
             status
             click 3 5
             screen
             size 120x20
             key Esc\n click 110 2
             screen"
        ),
        expect![[r#"
            start name=alice mouse=on
                Mouse(true)
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x14
            server @id=1;time=2026-11-22T12:00:00Z;verified=yes bob | all clients | broadcast_not_me | one
            server @id=2;time=2026-11-22T12:00:01Z;verified=yes carol | all clients | broadcast_not_me | two
            server @id=3;time=2026-11-22T12:00:02Z;verified=yes bob | alice | private_message | psst
                Bell
                Notify { title: "bob", body: "psst" }
                Title("tr2 (1)")
            click 3 1
                Title("tr2")
             1 everyone     │ bob
            *2 bob          │
                            │
             1 Echo         │
             2 List clients │
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │
             6 Close server │
             7 Search       │ ─────────────────────────────────────── Sunday 22 November ──
             8 Rooms        │ ── 1 new ────────────────────────────────────────────────────
             9 Moderate     │ 12:00       bob  psst
             0 Call         │ > _
             ● alice  bob                                   Ctrl-K go  Ctrl-F find  F1 keys
            click 3 0
            click 40 10
              [● alice|c copy  Esc]
            click 40 11
            click 40 11
              [● alice|Ctrl-K go  Ctrl-F find  F1 keys]
            middle-click 40 11
            right-click 40 11
            click 40 5
              [● alice|Ctrl-K go  Ctrl-F find  F1 keys]
            click 3 5
            *1 everyone     │ everyone                                             3 people
             2 bob          │
                            │ ┌ Private message ─────────────────────────────────────────┐
             1 Echo         │ │ To: _                                                    │
             2 List clients │ │ Text:                                                    │
             3 Private mes… │ │ 2 online · type to filter                                │
             4 Broadcast    │ │  ~bob                                                    │
             5 Exit         │ │  ~carol                                                  │
             6 Close server │ │ [Send] [Cancel]                                          │
             7 Search       │ └──────────────────────────────────────────────────────────┘─
             8 Rooms        │ 12:00       bob  one
             9 Moderate     │           carol  two
             0 Call         │ >
             ● alice                                        Ctrl-K go  Ctrl-F find  F1 keys
            size 120x20
            key Esc
            click 110 2
             1 everyone         │ bob                                                                              │ 3 online
            *2 bob              │                                                                                  │ ~alice     you
                                │                                                                                  │ ~bob
                                │                                                                                  │ ~carol
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
             8 Rooms            │ ────────────────────────────────────────────────────────── Sunday 22 November ── │
             9 Moderate         │ 12:00       bob  psst                                                            │
             0 Call             │ > _                                                                              │
             ● alice@localhost 0 ms  bob                                                            Ctrl-K go  Ctrl-F find  F1 keys
        "#]],
    );
}

#[test]
fn a_click_puts_the_cursor_into_the_draft() {
    check(
        &format!(
            "{TALK} type hello there
             click 23 12\n type X
             click 78 12\n type Y
             key Alt-Enter\n type second
             click 21 11\n type Z
             screen"
        ),
        expect![[r#"
            start name=alice mouse=on
                Mouse(true)
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x14
            server @id=1;time=2026-11-22T12:00:00Z;verified=yes bob | all clients | broadcast_not_me | one
            server @id=2;time=2026-11-22T12:00:01Z;verified=yes carol | all clients | broadcast_not_me | two
            server @id=3;time=2026-11-22T12:00:02Z;verified=yes bob | alice | private_message | psst
                Bell
                Notify { title: "bob", body: "psst" }
                Title("tr2 (1)")
            click 23 12
            click 78 12
            key Alt-Enter
            click 21 11
            *1 everyone     │ everyone                                             3 people
             2 bob       @1 │
                            │
             1 Echo         │
             2 List clients │
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │
             6 Close server │ ─────────────────────────────────────── Sunday 22 November ──
             7 Search       │ 12:00       bob  one
             8 Rooms        │           carol  two
             9 Moderate     │ > hZ█lXlo thereY                                      2 lines
             0 Call         │   second
             ● alice   2 bob @1                             Ctrl-K go  Ctrl-F find  F1 keys
        "#]],
    );
}

#[test]
fn the_wheel_scrolls_what_is_under_it() {
    check(
        "
        start name=alice mouse=on
        size 80x14
        online bob
        many 30
        wheel-up 40 5
        screen
        wheel-down 40 5
        status
        wheel-up 40 13\n wheel-down 3 3
        say /set
        screen
        wheel-down 40 9
        wheel-down 40 9\n wheel-down 40 9\n wheel-down 40 9\n wheel-down 40 9\n wheel-down 40 9\n wheel-down 40 9
        wheel-up 40 9
        screen
        ",
        expect![[r#"
            start name=alice mouse=on
                Mouse(true)
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x14
            wheel-up 40 5
            *1 everyone     │ everyone                                             2 people
                            │                  message 17
                            │                  message 18
             1 Echo         │                  message 19
             2 List clients │                  message 20
             3 Private mes… │                  message 21
             4 Broadcast    │                  message 22
             5 Exit         │                  message 23
             6 Close server │                  message 24
             7 Search       │                  message 25
             8 Rooms        │                  message 26
             9 Moderate     │                  message 27
             0 Call         │ > _
             ● alice  3 newer below                         Ctrl-K go  Ctrl-F find  F1 keys
            wheel-down 40 5
              [● alice|Ctrl-K go  Ctrl-F find  F1 keys]
            wheel-up 40 13
            wheel-down 3 3
            say /set
            *1 everyone     │ everyone                                             2 people
                            │                  message 30
                            │─────────────────────── PageUp, PageDown: 10 more · Esc closes
             1 Echo         │ server = (none) (default)
             2 List clients │ name = (none) (default)
             3 Private mes… │ theme = auto (default)
             4 Broadcast    │ times = 24h (default)
             5 Exit         │ words = (none) (default)
             6 Close server │ notify = mentions (default)
             7 Search       │ notify_content = true (default)
             8 Rooms        │ mouse = true (file)
             9 Moderate     │ join_notices = true (default)
             0 Call         │ > _
             ● alice                                        Ctrl-K go  Ctrl-F find  F1 keys
            wheel-down 40 9
            wheel-down 40 9
            wheel-down 40 9
            wheel-down 40 9
            wheel-down 40 9
            wheel-down 40 9
            wheel-down 40 9
            wheel-up 40 9
            *1 everyone     │ everyone                                             2 people
                            │                  message 30
                            │─────────────────────── PageUp, PageDown: 10 more · Esc closes
             1 Echo         │ mouse = true (file)
             2 List clients │ join_notices = true (default)
             3 Private mes… │ change_notices = true (default)
             4 Broadcast    │ bell = true (default)
             5 Exit         │ downloads = (none) (default)
             6 Close server │ camera = (none) (default)
             7 Search       │ sound = (none) (default)
             8 Rooms        │ direct = ask (default)
             9 Moderate     │ video = auto (default)
             0 Call         │ > _
             ● alice                                        Ctrl-K go  Ctrl-F find  F1 keys
        "#]],
    );
}

#[test]
fn in_a_dialog_a_click_focuses_selects_and_presses() {
    check(
        &format!(
            "{TALK} click 3 5
             click 40 6
             screen
             wheel-up 40 6
             screen
             click 2 2\n click 40 3\n click 31 7
             click 35 7
             screen
             key Esc\n key Esc
             click 3 7
             click 40 6
             screen
             click 40 4\n type hi
             click 40 7
             say /search
             click 40 6
             screen"
        ),
        expect![[r#"
            start name=alice mouse=on
                Mouse(true)
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x14
            server @id=1;time=2026-11-22T12:00:00Z;verified=yes bob | all clients | broadcast_not_me | one
            server @id=2;time=2026-11-22T12:00:01Z;verified=yes carol | all clients | broadcast_not_me | two
            server @id=3;time=2026-11-22T12:00:02Z;verified=yes bob | alice | private_message | psst
                Bell
                Notify { title: "bob", body: "psst" }
                Title("tr2 (1)")
            click 3 5
            click 40 6
            *1 everyone     │ everyone                                             3 people
             2 bob       @1 │
                            │ ┌ Private message ─────────────────────────────────────────┐
             1 Echo         │ │ To:                                                      │
             2 List clients │ │ Text:                                                    │
             3 Private mes… │ │ 2 online · type to filter                                │
             4 Broadcast    │ │ >~bob                                                    │
             5 Exit         │ │  ~carol                                                  │
             6 Close server │ │ [Send] [Cancel]                                          │
             7 Search       │ └──────────────────────────────────────────────────────────┘─
             8 Rooms        │ 12:00       bob  one
             9 Moderate     │           carol  two
             0 Call         │ >
             ● alice   2 bob @1                             Ctrl-K go  Ctrl-F find  F1 keys
            wheel-up 40 6
            *1 everyone     │ everyone                                             3 people
             2 bob       @1 │
                            │ ┌ Private message ─────────────────────────────────────────┐
             1 Echo         │ │ To:                                                      │
             2 List clients │ │ Text:                                                    │
             3 Private mes… │ │ 2 online · type to filter                                │
             4 Broadcast    │ │ >~bob                                                    │
             5 Exit         │ │  ~carol                                                  │
             6 Close server │ │ [Send] [Cancel]                                          │
             7 Search       │ └──────────────────────────────────────────────────────────┘─
             8 Rooms        │ 12:00       bob  one
             9 Moderate     │           carol  two
             0 Call         │ >
             ● alice   2 bob @1                             Ctrl-K go  Ctrl-F find  F1 keys
            click 2 2
            click 40 3
            click 31 7
            click 35 7
            *1 everyone     │ everyone                                             3 people
             2 bob       @1 │
                            │ ┌ Private message ─────────────────────────────────────────┐
             1 Echo         │ │ To:                                                      │
             2 List clients │ │ Text:                                                    │
             3 Private mes… │ │ 2 online · type to filter                                │
             4 Broadcast    │ │  ~bob                                                    │
             5 Exit         │ │ >~carol                                                  │
             6 Close server │ │ [Send] [Cancel]                                          │
             7 Search       │ └──────────────────────────────────────────────────────────┘─
             8 Rooms        │ 12:00       bob  one
             9 Moderate     │           carol  two
             0 Call         │ >
             ● alice   2 bob @1                             Ctrl-K go  Ctrl-F find  F1 keys
            key Esc
            key Esc
            click 3 7
                send alice | server | exit | no data
                Disconnect
                Leave(Done)
            click 40 6
            *1 everyone     │ everyone                                             3 people
             2 bob       @1 │
                            │
             1 Echo         │
             2 List clients │
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │
             6 Close server │
             7 Search       │ ─────────────────────────────────────── Sunday 22 November ──
             8 Rooms        │ 12:00       bob  one
             9 Moderate     │           carol  two
             0 Call         │ > _
             ● alice   2 bob @1                             Ctrl-K go  Ctrl-F find  F1 keys
            click 40 4
            click 40 7
            say /search
            click 40 6
            *1 everyone     │ everyone                                             3 people
             2 bob       @1 │
                            │
             1 Echo         │
             2 List clients │
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │
             6 Close server │
             7 Search       │ ─────────────────────────────────────── Sunday 22 November ──
             8 Rooms        │ 12:00       bob  one
             9 Moderate     │           carol  two
             0 Call         │ > _
             ● alice   2 bob @1                             Ctrl-K go  Ctrl-F find  F1 keys
        "#]],
    );
}

#[test]
fn a_dialog_that_nobody_asked_for_takes_no_click_in_its_first_second() {
    check(
        "
        start name=alice mouse=on
        size 60x12
        online bob
        server server | alice | refused | kicked bob made you leave: spam
        screen
        click 20 5\n click 35 5
        +1s
        click 20 5
        screen
        ",
        expect![[r#"
            start name=alice mouse=on
                Mouse(true)
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 60x12
            server server | alice | refused | kicked bob made you leave: spam
                Disconnect
            *1 everyone     │ everyone
                            │
            ┌ Removed ─────────────────────────────────────────────────┐
            │ bob made you leave: spam                                 │
            │ F5 tries to come back.                                   │
            │ [Try again] <Stay offline>                               │
            └──────────────────────────────────────────────────────────┘
                            │
                            │
                            │
             menu F2        │ >
             ○ alice  offline · /reconnect tries again          F1 keys
            click 20 5
            click 35 5
            +1s
            click 20 5
                Dial(tcp://localhost:1234)
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
             menu F2        │ > _
             ○ alice  reconnecting…     Ctrl-K go  Ctrl-F find  F1 keys
        "#]],
    );
}

#[test]
fn the_mouse_is_the_terminals_until_it_is_asked_for() {
    check(
        "
        start name=alice
        size 60x12
        online bob
        server @id=1;time=2026-11-22T12:00:00Z;verified=yes bob | all clients | broadcast_not_me | one
        click 30 9
        status
        key Alt-M
        status
        click 30 9
        key Alt-M
        say /set mouse on
        key Alt-M
        say /set mouse off
        ",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 60x12
            server @id=1;time=2026-11-22T12:00:00Z;verified=yes bob | all clients | broadcast_not_me | one
            click 30 9
              [● alice|Ctrl-K go  Ctrl-F find  F1 keys]
            key Alt-M
                Mouse(true)
              [● alice  The mouse works here; Alt-M ends it.|]
            click 30 9
            key Alt-M
                Mouse(false)
            say /set mouse on
                Mouse(true)
            key Alt-M
                Mouse(false)
            say /set mouse off
        "#]],
    );
}
