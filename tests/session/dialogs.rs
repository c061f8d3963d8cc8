//! Menu, dialogs, commands, focus, small screens.

use expect_test::expect;

use crate::check;
use crate::script::Play;

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
            *1 everyone     │ everyone                                             2 people
                            │
                            │
                            │
                            │
                            │
                            │
                            │
                            │ ┌ Close server ────────────────────────────────────────────┐
                            │ │ Only a moderator may close the server.                   │
                            │ │ The server printed the passphrase when it first started. │
                            │ │ Passphrase: _                                            │
                            │ │ [Continue] [Cancel]                                      │
             1 Echo         │ └──────────────────────────────────────────────────────────┘
             2 List clients │
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │
             6 Close server │
             7 Search       │ You are in everyone: all who are online read what you write
             8 Rooms        │ here.
             9 Moderate     │ Type and press Enter · F1 keys (or /help) · F2 menu
             0 Call         │ >
             ● alice                                        Ctrl-K go  Ctrl-F find  F1 keys
            key Enter
                send @ref=5-0004 alice | server | moderator | wrong
            server @ref=5-0004 server | alice | refused | wrong_passphrase That is not the passphrase.
            key Enter
                send @ref=5-0005 alice | server | moderator | right
            server @ref=5-0005 server | alice | moderator | You are a moderator.
            *1 everyone     │ everyone                                             2 people
                            │
                            │
                            │
                            │
                            │
                            │
                            │
                            │ ┌ Close server ────────────────────────────────────────────┐
                            │ │ Close tcp://localhost:1234 for everyone? One other user  │
                            │ │ is online.                                               │
                            │ │ [Close the server] <Cancel>                              │
                            │ └──────────────────────────────────────────────────────────┘
             1 Echo         │
             2 List clients │
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │
             6 Close server │
             7 Search       │ You are in everyone: all who are online read what you write
             8 Rooms        │ here.
             9 Moderate     │ Type and press Enter · F1 keys (or /help) · F2 menu
             0 Call         │ >
             ● alice                                        Ctrl-K go  Ctrl-F find  F1 keys
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
            *1 everyone     │ everyone                                             3 people
                            │
                            │
                            │
                            │
                            │
                            │
                            │
                            │ ┌ Online ──────────────────────────────────────────────────┐
                            │ │ 1 with "car"                                             │
                            │ │ >~carol                                                  │
                            │ │ [Write] [Who is] [Ignore] [Away] [Close]                 │
                            │ └──────────────────────────────────────────────────────────┘
             1 Echo         │
             2 List clients │
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │
             6 Close server │
             7 Search       │ You are in everyone: all who are online read what you write
             8 Rooms        │ here.
             9 Moderate     │ Type and press Enter · F1 keys (or /help) · F2 menu
             0 Call         │ >
             ● alice  Echo: hello?
            key Enter
            key F2
            key Down
            key Down
            key Enter
            key Tab
             1 everyone     │ carol
            *2 carol        │
                            │
                            │
                            │
                            │
                            │
                            │ ┌ Private message ─────────────────────────────────────────┐
                            │ │ To: bob                                                  │
                            │ │ Text: psst_                                              │
                            │ │ 1 with "bo"                                              │
                            │ │  ~bob                                                    │
                            │ │ [Send] [Cancel]                                          │
             1 Echo         │ └──────────────────────────────────────────────────────────┘
             2 List clients │
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │
             6 Close server │
             7 Search       │
             8 Rooms        │ Only carol and you read what you write here.
             9 Moderate     │ Type and press Enter · F1 keys (or /help) · F2 menu
             0 Call         │ >
             ● alice  Echo: hello?
            key Enter
                send @ref=5-0006 alice | bob | private_message | psst
            key F2
            key 4
            key Down
            key Down
             1 everyone     │ bob
             2 carol        │
            *3 bob          │
                            │
                            │
                            │
                            │
                            │
                            │ ┌ Broadcast ───────────────────────────────────────────────┐
                            │ │ Text: all of you                                         │
                            │ │  ( )to everyone but me                                   │
                            │ │ >(•)to everyone, me too                                  │
                            │ │ [Send] [Cancel]                                          │
             1 Echo         │ └──────────────────────────────────────────────────────────┘
             2 List clients │
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │
             6 Close server │
             7 Search       │
             8 Rooms        │ ─────────────────────────────────────── Sunday 22 November ──
             9 Moderate     │ 12:00       you  psst ◌
             0 Call         │ >
             ● alice  Echo: hello?
            key Enter
                send @ref=5-0007 alice | all clients | broadcast | all of you
            key F2
            key 5
            *1 everyone     │ everyone                                             3 people
             2 carol        │
             3 bob          │
                            │
                            │
                            │
                            │
                            │
                            │
                            │ ┌ Exit ────────────────────────────────────────────────────┐
                            │ │ 2 messages are not sent. Leave all the same?             │
                            │ │ [Leave] <Stay>                                           │
                            │ └──────────────────────────────────────────────────────────┘
             1 Echo         │
             2 List clients │
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │
             6 Close server │
             7 Search       │
             8 Rooms        │ ─────────────────────────────────────── Sunday 22 November ──
             9 Moderate     │ 12:00       you  all of you ◌
             0 Call         │ >
             ● alice  Echo: hello?
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
             1 everyone     │ ┌ Help · Esc closes ───────────────────────────────────────┐
            *2 bob          │ │ 162 entries · type to filter · PageDown for more         │
                            │ │ This explains; Ctrl-K runs an action by its name.        │
                            │ │                                                          │
                            │ │ Writing                                                  │
                            │ │ Enter           Sends the message.                       │
                            │ │ Alt-Enter       Starts a new line in the same message.   │
                            │ │ Tab             Completes names, rooms, commands, their  │
                            │ │                 options, and emoji such as :smile.       │
                            │ │ Up, Down        Move by one row; Up at the first recalls │
                            │ │                 what was sent in this conversation.      │
                            │ │ Ctrl-R          Searches what was sent in this           │
                            │ │                 conversation; again goes on, Esc gives   │
             1 Echo         │ │                 up.                                      │
             2 List clients │ │ Esc Esc         Puts the message you are writing away;   │
             3 Private mes… │ │                 Ctrl-Y brings it back.                   │
             4 Broadcast    │ │                                                          │
             5 Exit         │ │ Getting around                                           │─
             6 Close server │ │ Ctrl-K          Goes to a conversation, a user, a room   │
             7 Search       │─│                 or an action by a few letters.           │s
             8 Rooms        │ │ Alt-A           Opens the next conversation with unread  │
             9 Moderate     │ │                 messages, those that mention you first.  │
             0 Call         │ └──────────────────────────────────────────────────────────┘
             ● alice  bob                                   Ctrl-K go  Ctrl-F find  F1 keys
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




             ──────────────── Sunday 22 November ──
             12:00 ~bob a text that is longer than
               a row of this screen
             > one                          2 lines
               two_
             ● alice             Ctrl-K go  F1 keys
            key F2
            ┌ Menu ────────────────────────────────┐
            │ >1 Echo                              │
            │  2 List clients                      │
            │  3 Private message                   │
            │  4 Broadcast                         │
            │  5 Exit                              │
            │  6 Close server                      │
            │  7 Search                            │
            │ [Choose] [Cancel]                    │
            └──────────────────────────────────────┘
            key 1

            ┌ Echo ────────────────────────────────┐
            │ Text: _                              │
            │ [Send] [Cancel]                      │
            └──────────────────────────────────────┘
             12:00 ~bob a text that is longer than
               a row of this screen
             > one                          2 lines
               two
             ● alice             Ctrl-K go  F1 keys
            key Esc
            size 20x5
            ~bob a text that is
              longer than a row
              of this screen
             > two_     2 lines
             ● alice    F1 keys
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
            *1 everyone     │ everyone                                             3 people
                            │
                            │
                            │
                            │
            »1 Echo         │
            >2 List clients │
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │
             6 Close server │
             7 Search       │ You are in everyone: all who are online read what you write
             8 Rooms        │ here.
             9 Moderate     │ Type and press Enter · F1 keys (or /help) · F2 menu
             0 Call         │ >
             ● alice                                        Ctrl-K go  Ctrl-F find  F1 keys
            key Tab
            key Tab
            key Down
            key Enter
            *1 everyone     │ everyone                                             3 people
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
             ● alice                                        Ctrl-K go  Ctrl-F find  F1 keys
            key Shift-Tab
            key Up
            *1 everyone     │ everyone                                             3 people
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
             0 Call         │ > x_
             ● alice                                        Ctrl-K go  Ctrl-F find  F1 keys
            key Ctrl-N
            key Ctrl-L
                Redraw
            key Ctrl-Z
                Suspend
            key Ctrl-C
            *1 everyone     │ everyone                                             3 people
                            │
                            │
                            │
                            │
             1 Echo         │ ┌ Exit ────────────────────────────────────────────────────┐
             2 List clients │ │ What you are writing is not sent. Leave all the same?    │
             3 Private mes… │ │ [Leave] <Stay>                                           │
             4 Broadcast    │ └──────────────────────────────────────────────────────────┘
             5 Exit         │
             6 Close server │
             7 Search       │ You are in everyone: all who are online read what you write
             8 Rooms        │ here.
             9 Moderate     │ Type and press Enter · F1 keys (or /help) · F2 menu
             0 Call         │ > x
             ● alice                                        Ctrl-K go  Ctrl-F find  F1 keys
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
        key End
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
            ┌ Help · Esc closes ───────────────────────────────────────┐
            │ 162 entries · type to filter · PageDown for more         │
            │                                                          │
            │ Writing                                                  │
            │ Enter           Sends the message.                       │
            │ Alt-Enter       Starts a new line in the same message.   │
            │ Tab             Completes names, rooms, commands, their  │
            │                 options, and emoji such as :smile.       │
            │ Up, Down        Move by one row; Up at the first recalls │
            └──────────────────────────────────────────────────────────┘
            key End
            ┌ Help · Esc closes ───────────────────────────────────────┐
            │ 162 entries · type to filter                             │
            │ /set lang             The language: auto, en or pt-BR.   │
            │ /set keys.ACTION      The keys of an action, such as     │
            │                       Ctrl-K or F5; none takes them      │
            │                       away.                              │
            │ /set conversations.NAME                                  │
            │   Which messages of a conversation notify you: all,      │
            │   mentions or nothing.                                   │
            └──────────────────────────────────────────────────────────┘
            key Up
            ┌ Help · Esc closes ───────────────────────────────────────┐
            │ 162 entries · type to filter · PageDown for more         │
            │                       off.                               │
            │ /set lang             The language: auto, en or pt-BR.   │
            │ /set keys.ACTION      The keys of an action, such as     │
            │                       Ctrl-K or F5; none takes them      │
            │                       away.                              │
            │ /set conversations.NAME                                  │
            │   Which messages of a conversation notify you: all,      │
            └──────────────────────────────────────────────────────────┘
            size 30x8
            ┌ Help · Esc closes ─────────┐
            │ 162 entries                │
            │   you; - resets it.        │
            │ /ignore NAME               │
            │   Hides a user's messages  │
            │   from you.                │
            │ /unignore NAME             │
            └────────────────────────────┘
            key Enter
            key q
             You are in everyone, alone
             so far. Others join with:
             tr2 join --server
             tcp://localhost:1234
             Type and press Enter · F1
             keys (or /help) · F2 menu
             > q_
             ● alice   Ctrl-K go  F1 keys
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
                Notify { title: "~bob", body: "a text so long that on the smallest of all screens its own beginning is out of sight" }
                Title("tr2 (1)")
            key Ctrl-N
                Title("tr2")
            paste one\ntwo\nthree\nfour\nfive

             ──────────────── Sunday 22 November ──
             ── 1 new ─────────────────────────────
             12:00 ~bob a text so long that on the
               smallest of all screens its own
               beginning is out of sight
             bob> three                     5 lines
                  four
                  five_
             ● alice  bob        Ctrl-K go  F1 keys
            size 20x5
            ~bob …
              beginning is out
              of sight
             bob> five_ 5 lines
             ● alice  bob
            size 60x24
            paste \n6\n7\n8\n9
             1 everyone     │ bob
            *2 bob          │
                            │
                            │
                            │
                            │
                            │
                            │
                            │
                            │
                            │
                            │ ─────────────────── Sunday 22 November ──
                            │ ── 1 new ────────────────────────────────
             1 Echo         │ 12:00 ~bob a text so long that on the
             2 List clients │   smallest of all screens its own
             3 Private mes… │   beginning is out of sight
             4 Broadcast    │ > three                           9 lines
             5 Exit         │   four
             6 Close server │   five
             7 Search       │   6
             8 Rooms        │   7
             9 Moderate     │   8
             0 Call         │   9_
             ● alice  bob               Ctrl-K go  Ctrl-F find  F1 keys
        "#]],
    );
}

#[test]
fn blanks_of_whoever_types_on_choose_no_button() {
    let mut play = Play::new("start name=alice");
    ["start name=alice", "size 80x24", "online bob", r"paste 1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12"]
        .into_iter()
        .for_each(|step| play.step(step));
    let buttons = |play: &Play| format!("{:?}", play.session.view().dialog.map(|dialog| dialog.rows));
    let before = buttons(&play);
    assert!(before.contains("Edit"), "{before}");
    play.step("type two more words");
    assert_eq!(buttons(&play), before);
    play.step("key Right");
    assert_ne!(buttons(&play), before);
}
