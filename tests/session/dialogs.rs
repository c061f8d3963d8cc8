//! Menu, dialogs, commands, focus, small screens.

use expect_test::expect;

use crate::check;

#[test]
fn closing_the_server_asks_for_the_passphrase_and_again() {
    check(
        "
        start name=alice
        size 80x24
        online bob
        key F2
        key 6
        screen
        type wrong
        key Enter
        server @ref=5-0004 server | alice | refused | wrong_passphrase That is not the passphrase.
        type right
        key Enter
        server @ref=5-0005 server | alice | moderator | You are a moderator.
        screen
        key Enter
        key F2
        key 6
        key Left
        key Enter
        server server | all clients | broadcast | server closed
        ",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x24
            key F2
            key 6
            ┌ Menu ─────────────┬ everyone ─────────────────────────────────┬ Online · 2 ──┐
            │ 1 Echo            │                                           │ alice    you │
            │ 2 List clients    │                                           │ bob          │
            │ 3 Private message │                                           │              │
            │ 4 Broadcast       │                                           │              │
            │ 5 Exit            │                                           │              │
            │ 6 Close server    │                                           │              │
            │ 7 Search          │                                           │              │
            ├ Conversations ────┤                                           │              │
            * everyo┌ Close server ════════════════════════════════════════════════┐       │
            │       │ Only a moderator may close the server.                       │       │
            │       │ The server printed the passphrase when it first started.     │       │
            │       │ Passphrase: _                                                │       │
            │       │ [Go on] [Cancel]                                             │       │
            │       └══════════════════════════════════════════════════════════════┘       │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   ├───────────────────────────────────────────┤              │
            │                   │ >                                         │              │
            └───────────────────┴───────────────────────────────────────────┴──────────────┘
             alice@localhost · online · 0 ms                F1 help  F2 menu  Tab next pane
            key Enter
                send @ref=5-0004 alice | server | moderator | wrong
            server @ref=5-0004 server | alice | refused | wrong_passphrase That is not the passphrase.
            key Enter
                send @ref=5-0005 alice | server | moderator | right
            server @ref=5-0005 server | alice | moderator | You are a moderator.
            ┌ Menu ─────────────┬ everyone ─────────────────────────────────┬ Online · 2 ──┐
            │ 1 Echo            │                                           │ alice    you │
            │ 2 List clients    │                                           │ bob          │
            │ 3 Private message │                                           │              │
            │ 4 Broadcast       │                                           │              │
            │ 5 Exit            │                                           │              │
            │ 6 Close server    │                                           │              │
            │ 7 Search          │                                           │              │
            ├ Conversations ────┤                                           │              │
            * everyo┌ Close server ════════════════════════════════════════════════┐       │
            │       │ Close tcp://localhost:1234 for everyone? One other user is   │       │
            │       │ online.                                                      │       │
            │       │ [Close the server] <Cancel>                                  │       │
            │       └══════════════════════════════════════════════════════════════┘       │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   ├───────────────────────────────────────────┤              │
            │                   │ >                                         │              │
            └───────────────────┴───────────────────────────────────────────┴──────────────┘
             alice@localhost · online · 0 ms                F1 help  F2 menu  Tab next pane
            key Enter
            key F2
            key 6
            key Left
            key Enter
                send @ref=5-0006 alice | server | close_server | close server
            server server | all clients | broadcast | server closed
                Disconnect
        "#]],
    );
}

#[test]
fn the_menu_does_the_six() {
    check(
        "
        start name=alice
        size 80x24
        online bob carol
        key F2
        key 1
        type hello?
        key Enter
        server @ref=5-0004 alice | alice | echo | hello?
        key F2
        key 2
        type car
        screen
        key Enter
        key F2
        key Down
        key Down
        key Enter
        type bo
        key Tab
        type psst
        screen
        key Enter
        key F2
        key 4
        type all of you
        key Down
        key Down
        screen
        key Enter
        key F2
        key 5
        screen
        key Esc
        key Ctrl-C
        key Ctrl-C
        ",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x24
            key F2
            key 1
            key Enter
                send @ref=5-0004 alice | alice | echo | hello?
            server @ref=5-0004 alice | alice | echo | hello?
            key F2
            key 2
                send @ref=5-0005 alice | server | list_clients | no data
            ┌ Menu ─────────────┬ everyone ─────────────────────────────────┬ Online · 3 ──┐
            │ 1 Echo            │                                           │ alice    you │
            │ 2 List clients    │                                           │ bob          │
            │ 3 Private message │                                           │ carol        │
            │ 4 Broadcast       │                                           │              │
            │ 5 Exit            │                                           │              │
            │ 6 Close server    │                                           │              │
            │ 7 Search          │                                           │              │
            ├ Conversations ────┤                                           │              │
            * everyo┌ Online ══════════════════════════════════════════════════════┐       │
            │       │ 1 with "car"                                                 │       │
            │       │ >carol                                                       │       │
            │       │ [Write] [Close]                                              │       │
            │       └══════════════════════════════════════════════════════════════┘       │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │ ──────── Sunday 22 November 2026 ──────── │              │
            │                   │ 12:00 * Echo: hello?                      │              │
            │                   ├───────────────────────────────────────────┤              │
            │                   │ >                                         │              │
            └───────────────────┴───────────────────────────────────────────┴──────────────┘
             alice@localhost · online · 0 ms                F1 help  F2 menu  Tab next pane
            key Enter
            key F2
            key Down
            key Down
            key Enter
            key Tab
            ┌ Menu ─────────────┬ carol ────────────────────────────────────┬ Online · 3 ──┐
            │ 1 Echo            │                                           │ alice    you │
            │ 2 List clients    │                                           │ bob          │
            │ 3 Private message │                                           │ carol        │
            │ 4 Broadcast       │                                           │              │
            │ 5 Exit            │                                           │              │
            │ 6 Close server    │                                           │              │
            │ 7 Search          │                                           │              │
            ├ Conver┌ Private message ═════════════════════════════════════════════┐       │
            │ everyo│ To: bob                                                      │       │
            * carol │ Text: psst_                                                  │       │
            │       │ 2 online; type to narrow                                     │       │
            │       │  bob                                                         │       │
            │       │  carol                                                       │       │
            │       │ [Send] [Cancel]                                              │       │
            │       └══════════════════════════════════════════════════════════════┘       │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   ├───────────────────────────────────────────┤              │
            │                   │ >                                         │              │
            └───────────────────┴───────────────────────────────────────────┴──────────────┘
             alice@localhost · online · 0 ms                F1 help  F2 menu  Tab next pane
            key Enter
                send @ref=5-0006 alice | bob | private_message | psst
            key F2
            key 4
            key Down
            key Down
            ┌ Menu ─────────────┬ bob ──────────────────────────────────────┬ Online · 3 ──┐
            │ 1 Echo            │                                           │ alice    you │
            │ 2 List clients    │                                           │ bob          │
            │ 3 Private message │                                           │ carol        │
            │ 4 Broadcast       │                                           │              │
            │ 5 Exit            │                                           │              │
            │ 6 Close server    │                                           │              │
            │ 7 Search          │                                           │              │
            ├ Conversations ────┤                                           │              │
            │ everyo┌ Broadcast ═══════════════════════════════════════════════════┐       │
            │ carol │ Text: all of you                                             │       │
            * bob   │  ( )to everyone but me                                       │       │
            │       │ >(•)to everyone, me too                                      │       │
            │       │ [Send] [Cancel]                                              │       │
            │       └══════════════════════════════════════════════════════════════┘       │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │ ──────── Sunday 22 November 2026 ──────── │              │
            │                   │ 12:00 alice   psst [sending]              │              │
            │                   ├───────────────────────────────────────────┤              │
            │                   │ >                                         │              │
            └───────────────────┴───────────────────────────────────────────┴──────────────┘
             alice@localhost · online · 0 ms                F1 help  F2 menu  Tab next pane
            key Enter
                send @ref=5-0007 alice | all clients | broadcast | all of you
            key F2
            key 5
            ┌ Menu ─────────────┬ everyone ─────────────────────────────────┬ Online · 3 ──┐
            │ 1 Echo            │                                           │ alice    you │
            │ 2 List clients    │                                           │ bob          │
            │ 3 Private message │                                           │ carol        │
            │ 4 Broadcast       │                                           │              │
            │ 5 Exit            │                                           │              │
            │ 6 Close server    │                                           │              │
            │ 7 Search          │                                           │              │
            ├ Conversations ────┤                                           │              │
            * everyone          │                                           │              │
            │ carol ┌ Exit ════════════════════════════════════════════════════════┐       │
            │ bob   │ 2 messages are not sent. Leave all the same?                 │       │
            │       │ <Leave> [Stay]                                               │       │
            │       └══════════════════════════════════════════════════════════════┘       │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │ ──────── Sunday 22 November 2026 ──────── │              │
            │                   │ 12:00 * Echo: hello?                      │              │
            │                   │ 12:00 alice   all of you [sending]        │              │
            │                   ├───────────────────────────────────────────┤              │
            │                   │ >                                         │              │
            └───────────────────┴───────────────────────────────────────────┴──────────────┘
             alice@localhost · online · 0 ms                F1 help  F2 menu  Tab next pane
            key Esc
            key Ctrl-C
            key Ctrl-C
                send alice | server | exit | no data
                Disconnect
                Leave(Done)
        "#]],
    );
}

#[test]
fn commands_are_never_sent_by_mistake() {
    check(
        "
        start name=alice
        size 80x24
        online bob
        say /brodcast x
        key Ctrl-U
        say /home/alice is full
        key Ctrl-U
        say //home/alice is full
        say /msg bob hi
        say /help
        screen
        key Esc
        say /quit
        ",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x24
            say /brodcast x
            key Ctrl-U
            say /home/alice is full
            key Ctrl-U
            say //home/alice is full
                send @ref=5-0004 alice | all clients | broadcast_not_me | /home/alice is full
            say /msg bob hi
                send @ref=5-0005 alice | bob | private_message | hi
            say /help
            ┌ Menu ─┌ Help · Up and Down scroll, Esc closes ═══════════════════════┐ · 2 ──┐
            │ 1 Echo│ What can be done                                             │   you │
            │ 2 List│ /echo TEXT            Has the server send a text back.       │       │
            │ 3 Priv│ /list                 Shows who is online; Enter writes to   │       │
            │ 4 Broa│                       the one chosen. Also /names. Also      │       │
            │ 5 Exit│                       /who.                                  │       │
            │ 6 Clos│ /msg NAME TEXT        Sends a message to one user.           │       │
            │ 7 Sear│ /broadcast TEXT       Sends a message to everyone, with you  │       │
            ├ Conver│                       or without you.                        │       │
            │ everyo│ /exit  Ctrl-C         Leaves the chat. Also /quit.           │       │
            * bob   │ /close-server [PASSPHRASE]                                   │       │
            │       │   Ends the server for everyone; only a moderator may.        │       │
            │       │ /search WORDS  Ctrl-F Searches everything that you may see.  │       │
            │       │                       Also /find. Also /lastlog.             │       │
            │       │ /help  F1             Shows the keys and the commands.       │       │
            │       │ F2                    Goes to the menu; a digit chooses      │       │
            │       │                       there.                                 │       │
            │       │ /query NAME           Opens the conversation with one user.  │       │
            │       │ /everyone             Opens the conversation with everyone.  │       │
            │       │ Alt-1…9               Opens a conversation by its place in   │       │
            │       │                       the list.                              │       │
            │       │ Ctrl-N                Opens the next conversation.           │       │
            └───────│ Ctrl-P                Opens the previous conversation.       │───────┘
             alice@l└══════════════════════════════════════════════════════════════┘xt pane
            key Esc
            say /quit
        "#]],
    );
}

#[test]
fn narrow_and_low_screens() {
    check(
        "
        start name=alice
        size 40x10
        online bob
        server @id=1;time=2026-11-22T12:00:00Z bob | all clients | broadcast_not_me | a text that is longer than a row of this screen
        type one\u{20}
        key Alt-Enter
        type two
        screen
        key F2
        screen
        key 1
        screen
        key Esc
        size 20x5
        screen
        ",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 40x10
            server @id=1;time=2026-11-22T12:00:00Z bob | all clients | broadcast_not_me | a text that is longer than a row of this screen
            key Alt-Enter




            ─────── Sunday 22 November 2026 ────────
            12:00 bob     a text that is longer than
              a row of this screen
            > one
              two_
             alice@localhost · online · 0 ms
            key F2
            ┌ Menu ════════════════════════════════┐
            │ >1 Echo                              │
            │  2 List clients                      │
            │  3 Private message                   │
            │  4 Broadcast                         │
            │  5 Exit                              │
            │  6 Close server                      │
            │  7 Search                            │
            │ [Choose] [Cancel]                    │
            └══════════════════════════════════════┘
            key 1



            ┌ Echo ════════════════════════════════┐
            │ Text: _                              │
            │ [Send] [Cancel]                      │
            └══════════════════════════════════════┘
            > one
              two
             alice@localhost · online · 0 ms
            key Esc
            size 20x5
            bob   a text that is
              longer than a row
              of this screen
            > two_
             2 lines · online ·…
        "#]],
    );
}

#[test]
fn focus_goes_round_and_writing_comes_back() {
    check(
        "
        start name=alice
        size 80x14
        online bob carol
        key Tab
        key Down
        screen
        key Tab
        key Tab
        key Down
        key Enter
        screen
        key Shift-Tab
        key Up
        type x
        screen
        key Ctrl-N
        key Ctrl-L
        key Ctrl-Z
        key Ctrl-C
        screen
        key Enter
        ",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x14
            key Tab
            key Down
            ┌ Menu ═════════════┬ everyone ─────────────────────────────────┬ Online · 3 ──┐
            │ 1 Echo            │                                           │ alice    you │
            > 2 List clients    │                                           │ bob          │
            │ 3 Private message │                                           │ carol        │
            │ 4 Broadcast       │                                           │              │
            │ 5 Exit            │                                           │              │
            │ 6 Close server    │                                           │              │
            │ 7 Search          │                                           │              │
            ├ Conversations ────┤                                           │              │
            * everyone          │                                           │              │
            │                   ├───────────────────────────────────────────┤              │
            │                   │ >                                         │              │
            └───────────────────┴───────────────────────────────────────────┴──────────────┘
             alice@localhost · online · 0 ms                F1 help  F2 menu  Tab next pane
            key Tab
            key Tab
            key Down
            key Enter
            ┌ Menu ─────────────┬ bob ──────────────────────────────────────┬ Online · 3 ──┐
            │ 1 Echo            │                                           │ alice    you │
            │ 2 List clients    │                                           │ bob          │
            │ 3 Private message │                                           │ carol        │
            │ 4 Broadcast       │                                           │              │
            │ 5 Exit            │                                           │              │
            │ 6 Close server    │                                           │              │
            │ 7 Search          │                                           │              │
            ├ Conversations ────┤                                           │              │
            │ everyone          │                                           │              │
            * bob               ├═══════════════════════════════════════════┤              │
            │                   │ > _                                       │              │
            └───────────────────┴═══════════════════════════════════════════┴──────────────┘
             alice@localhost · online · 0 ms                F1 help  F2 menu  Tab next pane
            key Shift-Tab
            key Up
            ┌ Menu ─────────────┬ bob ──────────────────────────────────────┬ Online · 3 ──┐
            │ 1 Echo            │                                           │ alice    you │
            │ 2 List clients    │                                           │ bob          │
            │ 3 Private message │                                           │ carol        │
            │ 4 Broadcast       │                                           │              │
            │ 5 Exit            │                                           │              │
            │ 6 Close server    │                                           │              │
            │ 7 Search          │                                           │              │
            ├ Conversations ────┤                                           │              │
            │ everyone          │                                           │              │
            * bob               ├═══════════════════════════════════════════┤              │
            │                   │ > x_                                      │              │
            └───────────────────┴═══════════════════════════════════════════┴──────────────┘
             alice@localhost · online · 0 ms                F1 help  F2 menu  Tab next pane
            key Ctrl-N
            key Ctrl-L
                Redraw
            key Ctrl-Z
                Suspend
            key Ctrl-C
            ┌ Menu ─────────────┬ everyone ─────────────────────────────────┬ Online · 3 ──┐
            │ 1 Echo            │                                           │ alice    you │
            │ 2 List clients    │                                           │ bob          │
            │ 3 Private message │                                           │ carol        │
            │ 4 Broadcast       │                                           │              │
            │ 5 Exit┌ Exit ════════════════════════════════════════════════════════┐       │
            │ 6 Clos│ What you are writing is not sent. Leave all the same?        │       │
            │ 7 Sear│ <Leave> [Stay]                                               │       │
            ├ Conver└══════════════════════════════════════════════════════════════┘       │
            * everyone          │                                           │              │
            │ bob               ├───────────────────────────────────────────┤              │
            │                   │ >                                         │              │
            └───────────────────┴───────────────────────────────────────────┴──────────────┘
             alice@localhost · online · 0 ms                F1 help  F2 menu  Tab next pane
            key Enter
                send alice | server | exit | no data
                Disconnect
                Leave(Done)
        "#]],
    );
}

#[test]
fn the_help_scrolls_from_end_to_end() {
    check(
        "
        start name=alice
        size 60x10
        online
        key F1
        key Down
        screen
        key PageDown
        key PageDown
        key PageDown
        key PageDown
        key PageDown
        key PageDown
        key PageDown
        key PageDown
        key PageDown
        key PageDown
        key PageDown
        key PageDown
        key PageDown
        screen
        key Up
        screen
        size 30x8
        screen
        key Enter
        key q
        screen
        ",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 60x10
            key F1
            key Down
            ┌ Help · Up and Down scroll, Esc closes ═══════════════════┐
            │ /echo TEXT            Has the server send a text back.   │
            │ /list                 Shows who is online; Enter writes  │
            │                       to the one chosen. Also /names.    │
            │                       Also /who.                         │
            │ /msg NAME TEXT        Sends a message to one user.       │
            │ /broadcast TEXT       Sends a message to everyone, with  │
            │                       you or without you.                │
            │ /exit  Ctrl-C         Leaves the chat. Also /quit.       │
            └══════════════════════════════════════════════════════════┘
            key PageDown
            key PageDown
            key PageDown
            key PageDown
            key PageDown
            key PageDown
            key PageDown
            key PageDown
            key PageDown
            key PageDown
            key PageDown
            key PageDown
            key PageDown
            ┌ Help · Up and Down scroll, Esc closes ═══════════════════┐
            │                       Backspace do.                      │
            │ Ctrl-U, Ctrl-K        Cut to the start and to the end of │
            │                       the line.                          │
            │ Ctrl-W, Alt-D         Cut the word before and after the  │
            │                       cursor; Alt-Backspace is Ctrl-W.   │
            │ Ctrl-Y                Puts back what was cut.            │
            │ //text sends a text that begins with a slash.            │
            │ <Close>                                                  │
            └══════════════════════════════════════════════════════════┘
            key Up
            ┌ Help · Up and Down scroll, Esc closes ═══════════════════┐
            │                       before the cursor, as Delete and   │
            │                       Backspace do.                      │
            │ Ctrl-U, Ctrl-K        Cut to the start and to the end of │
            │                       the line.                          │
            │ Ctrl-W, Alt-D         Cut the word before and after the  │
            │                       cursor; Alt-Backspace is Ctrl-W.   │
            │ Ctrl-Y                Puts back what was cut.            │
            │ //text sends a text that begins with a slash.            │
            └══════════════════════════════════════════════════════════┘
            size 30x8
            ┌════════════════════════════┐
            │ /whois [NAME]              │
            │   Tells how a user has     │
            │   proved who they are, and │
            │   since when.              │
            │ /keys                      │
            │   Lists what your name     │
            └════════════════════════════┘
            key Enter
            key q






            > q_
             alice · online · 0 ms
        "#]],
    );
}

#[test]
fn small_screens_show_what_matters() {
    check(
        "
        start name=alice
        size 40x10
        online bob
        server @id=1;time=2026-11-22T12:00:00Z bob | alice | private_message | a text so long that on the smallest of all screens its own beginning is out of sight
        key Ctrl-N
        paste one\\ntwo\\nthree\\nfour\\nfive
        screen
        size 20x5
        screen
        size 60x24
        paste \\n6\\n7\\n8\\n9
        screen
        ",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 40x10
            server @id=1;time=2026-11-22T12:00:00Z bob | alice | private_message | a text so long that on the smallest of all screens its own beginning is out of sight
                Bell
                Title("tr2 (1)")
            key Ctrl-N
                Title("tr2")
            paste one\ntwo\nthree\nfour\nfive

            ─────── Sunday 22 November 2026 ────────
            ───────────────── new ──────────────────
            12:00 bob     a text so long that on the
              smallest of all screens its own
              beginning is out of sight
            bob> three
                 four
                 five_
             5 lines · alice · online · 0 ms
            size 20x5
            bob …
              beginning is out
              of sight
            bob> five_
             5 lines · online ·…
            size 60x24
            paste \n6\n7\n8\n9
            ┌ Menu ─────────────┬ bob ─────────────────────────────────┐
            │ 1 Echo            │                                      │
            │ 2 List clients    │                                      │
            │ 3 Private message │                                      │
            │ 4 Broadcast       │                                      │
            │ 5 Exit            │                                      │
            │ 6 Close server    │                                      │
            │ 7 Search          │ ───── Sunday 22 November 2026 ────── │
            ├ Conversations ────┤ ─────────────── new ──────────────── │
            │ everyone          │ 12:00 bob     a text so long that on │
            * bob               │               the smallest of all    │
            │                   │               screens its own        │
            │                   │               beginning is out of    │
            │                   │               sight                  │
            │                   ├═ 9 lines ════════════════════════════┤
            │                   │ > three                              │
            │                   │   four                               │
            │                   │   five                               │
            │                   │   6                                  │
            │                   │   7                                  │
            │                   │   8                                  │
            │                   │   9_                                 │
            └───────────────────┴══════════════════════════════════════┘
             alice@localhost · online · 0 ms           F1 help  F2 menu
        "#]],
    );
}
