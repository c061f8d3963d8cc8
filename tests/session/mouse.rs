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
                            │
             1 Echo         │
             2 List clients │
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │
             6 Close server │ ─────────────────────────────────────── Sunday 22 November ──
             7 Search       │ ── 1 new ────────────────────────────────────────────────────
             8 Rooms        │ 12:00       bob  psst
             9 Moderate     │ > _
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
                send @ref=5-0004 alice | server | list_clients | no data
            *1 everyone     │ everyone                                             3 people
             2 bob          │
                            │
                            │ ┌ Online ──────────────────────────────────────────────────┐
             1 Echo         │ │ 2 online · type to filter                                │
             2 List clients │ │ >~bob                                                    │
             3 Private mes… │ │  ~carol                                                  │
             4 Broadcast    │ │ [Write] [Who is] [Ignore] [Away] [Close]                 │
             5 Exit         │ └──────────────────────────────────────────────────────────┘
             6 Close server │ ─────────────────────────────────────── Sunday 22 November ──
             7 Search       │ 12:00       bob  one
             8 Rooms        │           carol  two
             9 Moderate     │ >
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
                                │                                                                                  │
             Menu               │                                                                                  │
             1 Echo             │                                                                                  │
             2 List clients     │                                                                                  │
             3 Private message  │                                                                                  │
             4 Broadcast        │                                                                                  │
             5 Exit             │                                                                                  │
             6 Close server     │                                                                                  │
             7 Search           │ ────────────────────────────────────────────────────────── Sunday 22 November ── │
             8 Rooms            │ 12:00       bob  psst                                                            │
             9 Moderate         │ > _                                                                              │
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
                            │
             1 Echo         │
             2 List clients │
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │ ─────────────────────────────────────── Sunday 22 November ──
             6 Close server │ 12:00       bob  one
             7 Search       │           carol  two
             8 Rooms        │ > hZ█lXlo thereY                                      2 lines
             9 Moderate     │   second
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
                            │                  message 19
             1 Echo         │                  message 20
             2 List clients │                  message 21
             3 Private mes… │                  message 22
             4 Broadcast    │                  message 23
             5 Exit         │                  message 24
             6 Close server │                  message 25
             7 Search       │                  message 26
             8 Rooms        │                  message 27
             9 Moderate     │ > _
             ● alice                                        Ctrl-K go  Ctrl-F find  F1 keys
            wheel-down 40 5
              [● alice|Ctrl-K go  Ctrl-F find  F1 keys]
            wheel-up 40 13
            wheel-down 3 3
            say /set
            *1 everyone     │ everyone                                             2 people
                            │                  message 30
                            │──────────────────────── PageUp, PageDown: 5 more · Esc closes
                            │ server = (none) (default)
             1 Echo         │ name = (none) (default)
             2 List clients │ theme = auto (default)
             3 Private mes… │ times = 24h (default)
             4 Broadcast    │ words = (none) (default)
             5 Exit         │ notify = mentions (default)
             6 Close server │ notify_content = true (default)
             7 Search       │ mouse = true (file)
             8 Rooms        │ join_notices = true (default)
             9 Moderate     │ > _
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
                            │──────────────────────── PageUp, PageDown: 5 more · Esc closes
                            │ theme = auto (default)
             1 Echo         │ times = 24h (default)
             2 List clients │ words = (none) (default)
             3 Private mes… │ notify = mentions (default)
             4 Broadcast    │ notify_content = true (default)
             5 Exit         │ mouse = true (file)
             6 Close server │ join_notices = true (default)
             7 Search       │ change_notices = true (default)
             8 Rooms        │ bell = true (default)
             9 Moderate     │ > _
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
                send @ref=5-0004 alice | server | list_clients | no data
            click 40 6
            *1 everyone     │ everyone                                             3 people
             2 bob       @1 │
                            │
                            │ ┌ Online ──────────────────────────────────────────────────┐
             1 Echo         │ │ 2 online · type to filter                                │
             2 List clients │ │  ~bob                                                    │
             3 Private mes… │ │ >~carol                                                  │
             4 Broadcast    │ │ [Write] [Who is] [Ignore] [Away] [Close]                 │
             5 Exit         │ └──────────────────────────────────────────────────────────┘
             6 Close server │ ─────────────────────────────────────── Sunday 22 November ──
             7 Search       │ 12:00       bob  one
             8 Rooms        │           carol  two
             9 Moderate     │ >
             ● alice   2 bob @1                             Ctrl-K go  Ctrl-F find  F1 keys
            wheel-up 40 6
            *1 everyone     │ everyone                                             3 people
             2 bob       @1 │
                            │
                            │ ┌ Online ──────────────────────────────────────────────────┐
             1 Echo         │ │ 2 online · type to filter                                │
             2 List clients │ │ >~bob                                                    │
             3 Private mes… │ │  ~carol                                                  │
             4 Broadcast    │ │ [Write] [Who is] [Ignore] [Away] [Close]                 │
             5 Exit         │ └──────────────────────────────────────────────────────────┘
             6 Close server │ ─────────────────────────────────────── Sunday 22 November ──
             7 Search       │ 12:00       bob  one
             8 Rooms        │           carol  two
             9 Moderate     │ >
             ● alice   2 bob @1                             Ctrl-K go  Ctrl-F find  F1 keys
            click 2 2
            click 40 3
            click 31 7
            click 35 7
            *1 everyone     │ everyone                                             3 people
             2 bob       @1 │
                            │
                            │
             1 Echo         │
             2 List clients │
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │
             6 Close server │ ─────────────────────────────────────── Sunday 22 November ──
             7 Search       │ 12:00       bob  one
             8 Rooms        │           carol  two
             9 Moderate     │ > _
             ● alice  That needs a connection to a server that verifies users.
            key Esc
            key Esc
            click 3 7
            click 40 6
            *1 everyone     │ everyone                                             3 people
             2 bob       @1 │
                            │
                            │ ┌ Broadcast ───────────────────────────────────────────────┐
             1 Echo         │ │ Text:                                                    │
             2 List clients │ │  ( )to everyone but me                                   │
             3 Private mes… │ │ >(•)to everyone, me too                                  │
             4 Broadcast    │ │ [Send] [Cancel]                                          │
             5 Exit         │ └──────────────────────────────────────────────────────────┘
             6 Close server │ ─────────────────────────────────────── Sunday 22 November ──
             7 Search       │ 12:00       bob  one
             8 Rooms        │           carol  two
             9 Moderate     │ >
             ● alice  That needs a connection to a server that verifies users.
            click 40 4
            click 40 7
                send @ref=5-0005 alice | all clients | broadcast | hi
            say /search
            click 40 6
            *1 everyone     │ everyone                                             3 people
             2 bob       @1 │
                            │
                            │
             1 Echo         │
             2 List clients │
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │ ─────────────────────────────────────── Sunday 22 November ──
             6 Close server │ 12:00       bob  one
             7 Search       │           carol  two
             8 Rooms        │             you  hi ◌
             9 Moderate     │ > _
             ● alice  This server cannot search.
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
             6 Close server │
             7 Search       │
             8 Rooms        │
             9 Moderate     │ >
             ○ alice  offline · /reconnect tries again          F1 keys
            click 20 5
            click 35 5
            +1s
            click 20 5
                Dial(tcp://localhost:1234)
            *1 everyone     │ everyone
                            │
             1 Echo         │
             2 List clients │
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │
             6 Close server │
             7 Search       │
             8 Rooms        │
             9 Moderate     │ > _
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
