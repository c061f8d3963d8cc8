//! The help: keys first, filtered by typing, and nothing in it acts.

use expect_test::expect;
use tr2::client::key::Key;
use tr2::client::msg::Msg;
use tr2::client::view::{Scope, StyledLine};

use crate::check;
use crate::script::Play;

#[test]
fn the_help_begins_with_the_keys_and_scrolls_by_pages_to_the_commands() {
    check(
        "start name=alice
        size 80x24
        online bob
        key F1
        screen
        key PageDown
        key Down
        screen
        key End
        screen",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x24
            key F1
            *1 everyone     │ ┌ Help · Esc closes ───────────────────────────────────────┐e
                            │ │ 162 entries · type to filter · PageDown for more         │
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
             5 Exit         │ │ Getting around                                           │
             6 Close server │ │ Ctrl-K          Goes to a conversation, a user, a room   │
             7 Search       │ │                 or an action by a few letters.           │
             8 Rooms        │ │ Alt-A           Opens the next conversation with unread  │
             9 Moderate     │ │                 messages, those that mention you first.  │
             0 Call         │ └──────────────────────────────────────────────────────────┘
             ● alice                                        Ctrl-K go  Ctrl-F find  F1 keys
            key PageDown
            key Down
            *1 everyone     │ ┌ Help · Esc closes ───────────────────────────────────────┐e
                            │ │ 162 entries · type to filter · PageDown for more         │
                            │ │ Alt-1…9, Alt-0  Opens a conversation by its number in    │
                            │ │                 the list; 0 is the tenth.                │
                            │ │ Alt-J           Opens a conversation by its number: two  │
                            │ │                 digits, or one and Enter.                │
                            │ │ Ctrl-N          Opens the next conversation.             │
                            │ │ Ctrl-P          Opens the previous conversation.         │
                            │ │ F3              Lists the messages that mention you.     │
                            │ │ Alt-P           Goes to the mention before, in this      │
                            │ │                 conversation.                            │
                            │ │ Alt-N           Goes to the mention after, in this       │
                            │ │                 conversation.                            │
             1 Echo         │ │ Ctrl-O          Lists the rooms: join, make or leave     │
             2 List clients │ │                 them, set topics, invite users.          │
             3 Private mes… │ │ Ctrl-F          Searches all messages that you can see.  │
             4 Broadcast    │ │ F1              Shows keys, commands and settings, or    │
             5 Exit         │ │                 those with a word.                       │
             6 Close server │ │ F2              Opens the menu; a digit chooses an       │
             7 Search       │ │                 entry.                                   │
             8 Rooms        │ │ Alt-Shift-Up    Moves the conversation up in the list.   │
             9 Moderate     │ │ Alt-Shift-Down  Moves the conversation down in the list. │
             0 Call         │ └──────────────────────────────────────────────────────────┘
             ● alice                                        Ctrl-K go  Ctrl-F find  F1 keys
            key End
            *1 everyone     │ ┌ Help · Esc closes ───────────────────────────────────────┐e
                            │ │ 162 entries · type to filter                             │
                            │ │ /set downloads        The folder for files that others   │
                            │ │                       send you.                          │
                            │ │ /set camera           Your camera: none, test, FILE.y4m, │
                            │ │                       a device, or a command.            │
                            │ │ /set sound            Your microphone and loudspeaker:   │
                            │ │                       auto, none, pulse, pipewire, alsa, │
                            │ │                       ffmpeg or FILE.wav.                │
                            │ │ /set direct           When calls may bypass the server,  │
                            │ │                       and tell your address: ask, known  │
                            │ │                       or never.                          │
                            │ │ /set video            How pictures are drawn: auto,      │
             1 Echo         │ │                       true, 256, 16, quadrants, text or  │
             2 List clients │ │                       off.                               │
             3 Private mes… │ │ /set lang             The language: auto, en or pt-BR.   │
             4 Broadcast    │ │ /set keys.ACTION      The keys of an action, such as     │
             5 Exit         │ │                       Ctrl-K or F5; none takes them      │
             6 Close server │ │                       away.                              │
             7 Search       │ │ /set conversations.NAME                                  │
             8 Rooms        │ │   Which messages of a conversation notify you: all,      │
             9 Moderate     │ │   mentions or nothing.                                   │
             0 Call         │ └──────────────────────────────────────────────────────────┘
             ● alice                                        Ctrl-K go  Ctrl-F find  F1 keys
        "#]],
    );
}

#[test]
fn typing_filters_keys_commands_and_sentences_and_says_how_many() {
    check(
        "start name=alice
        size 60x16
        online bob
        key F1
        type mute
        screen
        key Ctrl-U
        type ctrl k
        screen
        key Backspace
        type 5
        screen",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 60x16
            key F1
            ┌ Help · Esc closes ───────────────────────────────────────┐
            │ 3 with "mute"                                            │
            │ Moderators                                               │
            │ /mute NAME [TIME] REASON                                 │
            │   Mutes a user, permanently or for a time.               │
            │ /unmute NAME REASON   Lifts a mute.                      │
            │ /bans                 Lists the bans and mutes in force. │
            │                                                          │
            │                                                          │
            │                                                          │
            │                                                          │
            │                                                          │
            │                                                          │
            │                                                          │
            └──────────────────────────────────────────────────────────┘
             ● alice                    Ctrl-K go  Ctrl-F find  F1 keys
            key Ctrl-U
            ┌ Help · Esc closes ───────────────────────────────────────┐
            │ 4 with "ctrl k" · PageDown for more                      │
            │ Getting around                                           │
            │ Ctrl-K          Goes to a conversation, a user, a room   │
            │                 or an action by a few letters.           │
            │                                                          │
            │ Editing                                                  │
            │ Ctrl-U, Ctrl-K  Cut to the start and to the end of the   │
            │                 line.                                    │
            │                                                          │
            │ Commands                                                 │
            │ /go                   Goes to a conversation, a user, a  │
            │                       room or an action by a few         │
            │                       letters. Also Ctrl-K.              │
            └──────────────────────────────────────────────────────────┘
             ● alice                    Ctrl-K go  Ctrl-F find  F1 keys
            key Backspace
            ┌ Help · Esc closes ───────────────────────────────────────┐
            │ 1 with "ctrl 5"                                          │
            │ Settings                                                 │
            │ /set keys.ACTION      The keys of an action, such as     │
            │                       Ctrl-K or F5; none takes them      │
            │                       away.                              │
            │                                                          │
            │                                                          │
            │                                                          │
            │                                                          │
            │                                                          │
            │                                                          │
            │                                                          │
            │                                                          │
            └──────────────────────────────────────────────────────────┘
             ● alice                    Ctrl-K go  Ctrl-F find  F1 keys
        "#]],
    );
}

#[test]
fn in_the_help_no_letter_digit_or_enter_acts_and_none_gets_into_the_draft() {
    let mut play = Play::new("start name=alice");
    for step in ["start name=alice", "size 80x24", "online bob", "key F1"] {
        play.step(step);
    }
    for c in ('!'..='~').chain("éß日".chars()) {
        assert_eq!(play.update(Msg::Key(Key::Char(c))), [], "{c}");
        assert!(play.session.view().dialog.is_some(), "{c}");
    }
    assert_eq!(play.update(Msg::Key(Key::Enter)), []);
    let view = play.session.view();
    assert!(view.dialog.is_none(), "Enter closes the help, and nothing more");
    assert_eq!(view.composer.lines, [StyledLine::of(Scope::Text, "")]);
}

#[test]
fn a_word_behind_the_command_filters_the_help() {
    check(
        "start name=alice
        size 40x10
        online bob
        say /help invite
        screen
        key PageDown
        screen
        key Esc
        say /help xyzzy
        screen
        key Esc
        say /shortcuts
        key PageDown
        screen",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 40x10
            say /help invite
            ┌ Help · Esc closes ───────────────────┐
            │ 4 with "invite" · PageDown for more  │
            │ Getting around                       │
            │ Ctrl-O                               │
            │   Lists the rooms: join, make or     │
            │   leave them, set topics, invite     │
            │   users.                             │
            │                                      │
            │ Commands                             │
            └──────────────────────────────────────┘
            key PageDown
            ┌ Help · Esc closes ───────────────────┐
            │ 4 with "invite" · PageDown for more  │
            │ Commands                             │
            │ /rooms                               │
            │   Lists the rooms: join, make or     │
            │   leave them, set topics, invite     │
            │   users. Also Ctrl-O, /channels.     │
            │ /invite [NAME [#ROOM] | N [TIME]]    │
            │   Invites a user into a room;        │
            └──────────────────────────────────────┘
            key Esc
            say /help xyzzy
            ┌ Help · Esc closes ───────────────────┐
            │ Nothing matches "xyzzy".             │
            │                                      │
            │                                      │
            │                                      │
            │                                      │
            │                                      │
            │                                      │
            │                                      │
            └──────────────────────────────────────┘
            key Esc
            say /shortcuts
            key PageDown
            ┌ Help · Esc closes ───────────────────┐
            │ 162 entries · type to filter         │
            │ Alt-Enter                            │
            │   Starts a new line in the same      │
            │   message.                           │
            │ Tab                                  │
            │   Completes names, rooms, commands,  │
            │   their options, and emoji such as   │
            │   :smile.                            │
            └──────────────────────────────────────┘
        "#]],
    );
}

#[test]
fn the_smallest_help_can_be_read_too() {
    check(
        "start name=alice\nsize 20x5\nonline\nkey F1\nscreen\ntype nick\nscreen",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 20x5
            key F1
            ┌──────────────────┐
            │ 162 entries      │
            │ This explains;   │
            │ Ctrl-K runs an   │
            └──────────────────┘
            ┌──────────────────┐
            │ 1 with "nick"    │
            │ Your name        │
            │ /rename NAME     │
            └──────────────────┘
        "#]],
    );
}

#[test]
fn in_plain_mode_the_help_lists_the_commands_with_the_word() {
    check(
        "start plain name=alice
        online bob
        line /help mute
        line /help xyzzy",
        expect![[r#"
            start plain name=alice
                Dial(tcp://localhost:1234)
            line /help mute
                stdout 12:00 * /mute NAME [TIME] REASON Mutes a user, permanently or for a time.
                stdout 12:00 * /unmute NAME REASON      Lifts a mute.
                stdout 12:00 * /bans                    Lists the bans and mutes in force.
            line /help xyzzy
                stdout 12:00 * Nothing matches "xyzzy"; /help lists all commands.
        "#]],
    );
}

#[test]
fn the_help_shows_the_keys_that_are_in_force() {
    check(
        "start name=alice keys.rooms=F7 keys.go=none
        size 60x12
        online bob
        key F1
        screen
        type rooms
        screen",
        expect![[r#"
            start name=alice keys.rooms=F7 keys.go=none
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 60x12
            key F1
            ┌ Help · Esc closes ───────────────────────────────────────┐
            │ 160 entries · type to filter · PageDown for more         │
            │ This explains; /go runs an action by its name.           │
            │                                                          │
            │ Writing                                                  │
            │ Enter           Sends the message.                       │
            │ Alt-Enter       Starts a new line in the same message.   │
            │ Tab             Completes names, rooms, commands, their  │
            │                 options, and emoji such as :smile.       │
            │ Up, Down        Move by one row; Up at the first recalls │
            └──────────────────────────────────────────────────────────┘
             ● alice                               Ctrl-F find  F1 keys
            ┌ Help · Esc closes ───────────────────────────────────────┐
            │ 3 with "rooms" · PageDown for more                       │
            │ Writing                                                  │
            │ Tab             Completes names, rooms, commands, their  │
            │                 options, and emoji such as :smile.       │
            │                                                          │
            │ Getting around                                           │
            │ F7              Lists the rooms: join, make or leave     │
            │                 them, set topics, invite users.          │
            │                                                          │
            └──────────────────────────────────────────────────────────┘
             ● alice                               Ctrl-F find  F1 keys
        "#]],
    );
}

#[test]
fn settings_are_found_by_their_beginning() {
    check(
        "start name=alice
        size 80x24
        online bob
        key F1
        type mou
        screen
        start plain name=cron
        online bob
        line /help mou
        line /help keys.",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x24
            key F1
            *1 everyone     │ ┌ Help · Esc closes ───────────────────────────────────────┐e
                            │ │ 4 with "mou"                                             │
                            │ │ Messages                                                 │
                            │ │ Alt-L           Shows only the messages, for copying     │
                            │ │                 with the mouse; again, everything.       │
                            │ │ Alt-M           Turns the mouse on or off until you      │
                            │ │                 leave; when off, the terminal selects.   │
                            │ │                                                          │
                            │ │ Commands                                                 │
                            │ │ /bare                 Shows only the messages, for       │
                            │ │                       copying with the mouse; again,     │
                            │ │                       everything. Also Alt-L.            │
                            │ │                                                          │
             1 Echo         │ │ Settings                                                 │
             2 List clients │ │ /set mouse            Whether the mouse works in the     │
             3 Private mes… │ │                       screen.                            │
             4 Broadcast    │ │                                                          │
             5 Exit         │ │                                                          │
             6 Close server │ │                                                          │
             7 Search       │ │                                                          │
             8 Rooms        │ │                                                          │
             9 Moderate     │ │                                                          │
             0 Call         │ └──────────────────────────────────────────────────────────┘
             ● alice                                        Ctrl-K go  Ctrl-F find  F1 keys
            start plain name=cron
                Dial(tcp://localhost:1234)
            line /help mou
                stdout 12:00 * /bare                    Shows only the messages, for copying with the mouse; again, everything.
                stdout 12:00 * /set mouse               Whether the mouse works in the screen.
            line /help keys.
                stdout 12:00 * /set keys.ACTION         The keys of an action, such as Ctrl-K or F5; none takes them away.
        "#]],
    );
}

#[test]
fn a_wide_screen_gives_the_help_more_room_and_its_status_bar_stays_in_view() {
    let mut play = Play::new("start name=alice");
    ["start name=alice", "size 80x24", "online bob", "key F1"].iter().for_each(|step| play.step(step));
    for (size, width) in [
        ("20x5", 20),
        ("59x11", 59),
        ("80x24", 60),
        ("84x24", 63),
        ("100x12", 75),
        ("120x40", 90),
        ("132x40", 99),
        ("136x40", 100),
        ("200x60", 100),
    ] {
        play.step(&format!("size {size}"));
        let view = play.session.view();
        let area = view.dialog.unwrap().area;
        assert_eq!(area.width, width, "{size}");
        // A low screen has no row to spare.
        assert_eq!(area.y + area.height < view.rows, view.rows >= 12, "{size}");
        assert!(area.y + area.height <= view.rows && area.x + area.width <= view.cols, "{size}");
    }
}
