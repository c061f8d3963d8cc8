//! The rows of the table that any chat has: the menu of the original, conversations, keys.
//!
//! Must not know: how any of it is carried out.

use super::{Action, ROW, Row};
use crate::client::key::Key;

const NUMBERS: [Key; 9] = [
    Key::Alt('1'),
    Key::Alt('2'),
    Key::Alt('3'),
    Key::Alt('4'),
    Key::Alt('5'),
    Key::Alt('6'),
    Key::Alt('7'),
    Key::Alt('8'),
    Key::Alt('9'),
];

/// The menu of the original, in its order, and the search.
pub const MENU: &[Row] = &[
    Row {
        action: Action::Echo,
        name: "Echo",
        digit: Some('1'),
        command: "echo",
        argument: "TEXT",
        help: "Has the server send a text back.",
        ..ROW
    },
    Row {
        action: Action::List,
        name: "List clients",
        digit: Some('2'),
        command: "list",
        aliases: &["names", "who"],
        help: "Shows who is online; Enter writes to the one chosen.",
        ..ROW
    },
    Row {
        action: Action::Private,
        name: "Private message",
        digit: Some('3'),
        command: "msg",
        argument: "NAME TEXT",
        help: "Sends a message to one user.",
        ..ROW
    },
    Row {
        action: Action::Broadcast,
        name: "Broadcast",
        digit: Some('4'),
        command: "broadcast",
        argument: "TEXT",
        help: "Sends a message to everyone, with you or without you.",
        ..ROW
    },
    Row {
        action: Action::Exit,
        name: "Exit",
        digit: Some('5'),
        command: "exit",
        aliases: &["quit"],
        keys: &[Key::Ctrl('c')],
        help: "Leaves the chat.",
        ..ROW
    },
    Row {
        action: Action::CloseServer,
        name: "Close server",
        digit: Some('6'),
        command: "close-server",
        argument: "[PASSPHRASE | in TIME because TEXT | off]",
        help: "Ends the server for everyone, now or in a while; only a moderator may.",
        ..ROW
    },
    Row {
        action: Action::Search,
        name: "Search",
        digit: Some('7'),
        command: "search",
        argument: "WORDS",
        aliases: &["find", "lastlog"],
        keys: &[Key::Ctrl('f')],
        help: "Searches everything that you may see.",
    },
];

/// Getting about, and who one is.
pub const REST: &[Row] = &[
    Row {
        action: Action::Help,
        name: "Help",
        command: "help",
        keys: &[Key::F(1)],
        help: "Shows the keys and the commands.",
        ..ROW
    },
    Row {
        action: Action::Menu,
        name: "Menu",
        keys: &[Key::F(2)],
        help: "Goes to the menu; a digit chooses there.",
        ..ROW
    },
    Row {
        action: Action::Query,
        name: "Open conversation",
        command: "query",
        argument: "NAME",
        help: "Opens the conversation with one user, or with a room that you are in.",
        ..ROW
    },
    Row {
        action: Action::Everyone,
        name: "Everyone",
        command: "everyone",
        help: "Opens the conversation with everyone.",
        ..ROW
    },
    Row {
        action: Action::Goto,
        name: "Conversation by number",
        keys: &NUMBERS,
        help: "Opens a conversation by its place in the list.",
        ..ROW
    },
    Row {
        action: Action::Next,
        name: "Next conversation",
        keys: &[Key::Ctrl('n')],
        help: "Opens the next conversation.",
        ..ROW
    },
    Row {
        action: Action::Previous,
        name: "Previous conversation",
        keys: &[Key::Ctrl('p')],
        help: "Opens the previous conversation.",
        ..ROW
    },
    Row {
        action: Action::NextUnread,
        name: "Next unread",
        keys: &[Key::Alt('a')],
        help: "Opens the next conversation with unread messages, those that mention you first.",
        ..ROW
    },
    Row { action: Action::PageUp, name: "Page up", keys: &[Key::PageUp], help: "Scrolls back.", ..ROW },
    Row { action: Action::PageDown, name: "Page down", keys: &[Key::PageDown], help: "Scrolls on.", ..ROW },
    Row {
        action: Action::Top,
        name: "Oldest",
        keys: &[Key::CtrlHome],
        help: "Scrolls back to the oldest message.",
        ..ROW
    },
    Row {
        action: Action::Bottom,
        name: "Newest",
        keys: &[Key::CtrlEnd],
        help: "Scrolls on to the newest message.",
        ..ROW
    },
    Row {
        action: Action::Resend,
        name: "Send again",
        command: "resend",
        keys: &[Key::Alt('r')],
        help: "Sends again what could not be sent in this conversation.",
        ..ROW
    },
    Row {
        action: Action::Reconnect,
        name: "Reconnect",
        command: "reconnect",
        keys: &[Key::Ctrl('r')],
        help: "Tries at once to reach the server again.",
        ..ROW
    },
    Row {
        action: Action::Whois,
        name: "Who is",
        command: "whois",
        argument: "[NAME]",
        help: "Tells how a user has proved who they are, and since when.",
        ..ROW
    },
    Row { action: Action::Keys, name: "Keys", command: "keys", help: "Lists what your name belongs to.", ..ROW },
    Row {
        action: Action::RevokeKey,
        name: "Revoke key",
        command: "revoke-key",
        argument: "KEY",
        help: "Takes a key from your name; /keys lists them.",
        ..ROW
    },
    Row {
        action: Action::InviteKey,
        name: "Invite key",
        command: "invite-key",
        help: "Makes a code with which another key of yours joins under your name.",
        ..ROW
    },
    Row { action: Action::Redraw, name: "Redraw", keys: &[Key::Ctrl('l')], help: "Paints the screen anew.", ..ROW },
    Row {
        action: Action::Suspend,
        name: "Suspend",
        keys: &[Key::Ctrl('z')],
        help: "Goes back to the shell for a while; fg comes back.",
        ..ROW
    },
];

/// The keys that write, for the help and the man page: the editor carries them out.
pub const WRITING: &[(&str, &str)] = &[
    ("Enter", "Sends the message."),
    ("Alt-Enter", "Begins another line of the same message."),
    ("Up, Down", "In an empty composer, recall what you sent."),
    ("Tab, Shift-Tab", "Tab completes a name or a command; otherwise they go from pane to pane."),
    ("Esc", "Closes a dialog; goes back to the composer and to the newest message."),
    ("Ctrl-A, Ctrl-E", "Go to the start and the end of the line, as Home and End do."),
    ("Ctrl-B", "Goes back by one character, as Left does."),
    ("Alt-B, Alt-F", "Go back and forward by one word, as Ctrl-Left and Ctrl-Right do."),
    ("Ctrl-D, Ctrl-H", "Delete the character under and before the cursor, as Delete and Backspace do."),
    ("Ctrl-U, Ctrl-K", "Cut to the start and to the end of the line."),
    ("Ctrl-W, Alt-D", "Cut the word before and after the cursor; Alt-Backspace is Ctrl-W."),
    ("Ctrl-Y", "Puts back what was cut."),
];
