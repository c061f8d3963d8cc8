//! Menu, dialogs, commands, focus, small screens.

use expect_test::expect;

use crate::check;

#[test]
fn closing_the_server_asks_for_the_passphrase_and_for_confirmation() {
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
            │ 8 Rooms           │                                           │              │
            │ 9 Mode┌ Close server ════════════════════════════════════════════════┐       │
            ├ Conver│ Only a moderator may close the server.                       │       │
            * everyo│ The server printed the passphrase when it first started.     │       │
            │       │ Passphrase: _                                                │       │
            │       │ [Continue] [Cancel]                                          │       │
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
            │ 8 Rooms           │                                           │              │
            │ 9 Mode┌ Close server ════════════════════════════════════════════════┐       │
            ├ Conver│ Close tcp://localhost:1234 for everyone? One other user is   │       │
            * everyo│ online.                                                      │       │
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
fn the_menu_does_the_originals_six_actions() {
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
        key Ctrl-C
        key Left
        key Enter
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
            │ 8 Rooms           │                                           │              │
            │ 9 Mode┌ Online ══════════════════════════════════════════════════════┐       │
            ├ Conver│ 1 with "car"                                                 │       │
            * everyo│ >carol                                                       │       │
            │       │ [Write] [Who is] [Ignore] [Away] [Close]                     │       │
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
            │ 8 Room┌ Private message ═════════════════════════════════════════════┐       │
            │ 9 Mode│ To: bob                                                      │       │
            ├ Conver│ Text: psst_                                                  │       │
            │ everyo│ 1 with "bo"                                                  │       │
            * carol │  bob                                                         │       │
            │       │ [Send] [Cancel]                                              │       │
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
            │ 8 Rooms           │                                           │              │
            │ 9 Mode┌ Broadcast ═══════════════════════════════════════════════════┐       │
            ├ Conver│ Text: all of you                                             │       │
            │ everyo│  ( )to everyone but me                                       │       │
            │ carol │ >(•)to everyone, me too                                      │       │
            * bob   │ [Send] [Cancel]                                              │       │
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
            │ 8 Rooms           │                                           │              │
            │ 9 Moderate        │                                           │              │
            ├ Conver┌ Exit ════════════════════════════════════════════════════════┐       │
            * everyo│ 2 messages are not sent. Leave all the same?                 │       │
            │ carol │ [Leave] <Stay>                                               │       │
            │ bob   └══════════════════════════════════════════════════════════════┘       │
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
            key Ctrl-C
            key Left
            key Enter
                send alice | server | exit | no data
                Disconnect
                Leave(Done)
        "#]],
    );
}

#[test]
fn mistyped_commands_are_never_sent_as_messages() {
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
                send @ref=5-0004 alice | all clients | broadcast_not_me | /home/alice is full
            key Ctrl-U
            say //home/alice is full
                send @ref=5-0005 alice | all clients | broadcast_not_me | /home/alice is full
            say /msg bob hi
                send @ref=5-0006 alice | bob | private_message | hi
            say /help
            ┌ Menu ─┌ Help · Up and Down scroll, Esc closes ═══════════════════════┐ · 2 ──┐
            │ 1 Echo│ Commands                                                     │   you │
            │ 2 List│ /echo TEXT            Asks the server to send a text back.   │       │
            │ 3 Priv│ /list                 Lists who is online; Enter opens a     │       │
            │ 4 Broa│                       conversation. Also /names. Also /who.  │       │
            │ 5 Exit│ /msg NAME TEXT        Sends a message to one user.           │       │
            │ 6 Clos│ /broadcast TEXT       Sends a message to everyone, with or   │       │
            │ 7 Sear│                       without a copy to you.                 │       │
            │ 8 Room│ /exit  Ctrl-C         Leaves the chat. Also /quit.           │       │
            │ 9 Mode│ /close-server [PASSPHRASE | in TIME because TEXT | off]      │       │
            ├ Conver│   Closes the server, now or later; moderators only.          │       │
            │ everyo│ /search WORDS  Ctrl-F Searches all messages that you can     │       │
            * bob   │                       see. Also /find. Also /lastlog.        │       │
            │       │ /rooms  Ctrl-O        Lists the rooms: join, make or leave   │       │
            │       │                       them, set topics, invite users. Also   │       │
            │       │                       /channels.                             │       │
            │       │ /join #ROOM [private] Joins a room, or makes it: open, or    │       │
            │       │                       private (by invitation). Also /j.      │       │
            │       │ /leave [#ROOM]        Leaves a room; going offline does not. │       │
            │       │                       Also /part.                            │       │
            │       │ /topic [TEXT]         Shows or sets the topic; - removes it. │       │
            │       │ /members [#ROOM]      Lists the members of a room.           │       │
            └───────│ <Close>                                                      │───────┘
             alice@l└══════════════════════════════════════════════════════════════┘xt pane
            key Esc
            say /quit
        "#]],
    );
}

#[test]
fn dialogs_fit_narrow_and_low_screens() {
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
fn focus_cycles_and_typing_returns_to_the_composer() {
    check(
        "
        start name=alice
        size 80x16
        online bob carol
        key F6
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
        key Left
        key Enter
        ",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x16
            key F6
            key Down
            ┌ Menu ═════════════┬ everyone ─────────────────────────────────┬ Online · 3 ──┐
            │ 1 Echo            │                                           │ alice    you │
            > 2 List clients    │                                           │ bob          │
            │ 3 Private message │                                           │ carol        │
            │ 4 Broadcast       │                                           │              │
            │ 5 Exit            │                                           │              │
            │ 6 Close server    │                                           │              │
            │ 7 Search          │                                           │              │
            │ 8 Rooms           │                                           │              │
            │ 9 Moderate        │                                           │              │
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
            │ 8 Rooms           │                                           │              │
            │ 9 Moderate        │                                           │              │
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
            │ 8 Rooms           │                                           │              │
            │ 9 Moderate        │                                           │              │
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
            │ 5 Exit            │                                           │              │
            │ 6 Clos┌ Exit ════════════════════════════════════════════════════════┐       │
            │ 7 Sear│ What you are writing is not sent. Leave all the same?        │       │
            │ 8 Room│ [Leave] <Stay>                                               │       │
            │ 9 Mode└══════════════════════════════════════════════════════════════┘       │
            ├ Conversations ────┤                                           │              │
            * everyone          │                                           │              │
            │ bob               ├───────────────────────────────────────────┤              │
            │                   │ >                                         │              │
            └───────────────────┴───────────────────────────────────────────┴──────────────┘
             alice@localhost · online · 0 ms                F1 help  F2 menu  Tab next pane
            key Left
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
            │ /echo TEXT            Asks the server to send a text     │
            │                       back.                              │
            │ /list                 Lists who is online; Enter opens a │
            │                       conversation. Also /names. Also    │
            │                       /who.                              │
            │ /msg NAME TEXT        Sends a message to one user.       │
            │ /broadcast TEXT       Sends a message to everyone, with  │
            │ <Close>                                                  │
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
            │                       capitals; begin it with a capital. │
            │ Alt-.                 Inserts the last word of what you  │
            │                       sent; again, that of the one       │
            │                       before.                            │
            │ //text sends a text that begins with a slash.            │
            │ -all behind a moderator's command, as in /ban -all NAME  │
            │ REASON, acts on the whole server from within a room.     │
            │ <Close>                                                  │
            └══════════════════════════════════════════════════════════┘
            key Up
            ┌ Help · Up and Down scroll, Esc closes ═══════════════════┐
            │ Alt-U, Alt-C          Put the word after the cursor into │
            │                       capitals; begin it with a capital. │
            │ Alt-.                 Inserts the last word of what you  │
            │                       sent; again, that of the one       │
            │                       before.                            │
            │ //text sends a text that begins with a slash.            │
            │ -all behind a moderator's command, as in /ban -all NAME  │
            │ <Close>                                                  │
            └══════════════════════════════════════════════════════════┘
            size 30x8
            ┌════════════════════════════┐
            │ Alt-A                      │
            │   Opens the next           │
            │   conversation with unread │
            │   messages, those that     │
            │   mention you first.       │
            │ <Close>                    │
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
            │ 8 Rooms           │ ─────────────── new ──────────────── │
            │ 9 Moderate        │ 12:00 bob     a text so long that on │
            ├ Conversations ────┤               the smallest of all    │
            │ everyone          │               screens its own        │
            * bob               │               beginning is out of    │
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
