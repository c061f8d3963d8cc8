//! The rows of the table that any chat has: the original's menu, conversations, scrolling, identity.
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

/// The original's menu, in its order, and the search.
pub(super) const MENU: &[Row] = &[
    Row {
        action: Action::Echo,
        name: "Echo",
        digit: Some('1'),
        command: "echo",
        argument: "TEXT",
        help: "Asks the server to send a text back.",
        ..ROW
    },
    Row {
        action: Action::List,
        name: "List clients",
        digit: Some('2'),
        command: "list",
        aliases: &["names", "who"],
        help: "Lists who is online; Enter opens a conversation.",
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
        help: "Sends a message to everyone, with or without a copy to you.",
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
        help: "Closes the server, now or later; moderators only.",
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
        help: "Searches all messages that you can see.",
    },
];

/// Moving around, and the user's own identity.
pub(super) const REST: &[Row] = &[
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
        help: "Opens the menu; a digit chooses an entry.",
        ..ROW
    },
    Row {
        action: Action::Query,
        name: "Open conversation",
        command: "query",
        argument: "NAME",
        help: "Opens the conversation with a user, or with a room you are in.",
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
        help: "Opens a conversation by its number in the list.",
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
    Row { action: Action::PageDown, name: "Page down", keys: &[Key::PageDown], help: "Scrolls forward.", ..ROW },
    Row { action: Action::Top, name: "Oldest", keys: &[Key::CtrlHome], help: "Scrolls to the oldest message.", ..ROW },
    Row {
        action: Action::Bottom,
        name: "Newest",
        keys: &[Key::CtrlEnd],
        help: "Scrolls to the newest message.",
        ..ROW
    },
    Row {
        action: Action::Resend,
        name: "Send again",
        command: "resend",
        keys: &[Key::Alt('r')],
        help: "Resends the failed messages of this conversation.",
        ..ROW
    },
    Row {
        action: Action::Reconnect,
        name: "Reconnect",
        command: "reconnect",
        keys: &[Key::Ctrl('r')],
        help: "Reconnects to the server now.",
        ..ROW
    },
    Row {
        action: Action::Whois,
        name: "Who is",
        command: "whois",
        argument: "[NAME]",
        help: "Shows how a user is verified, and since when.",
        ..ROW
    },
    Row {
        action: Action::Keys,
        name: "Keys",
        command: "keys",
        help: "Lists the keys and logins that own your name.",
        ..ROW
    },
    Row {
        action: Action::RevokeKey,
        name: "Revoke key",
        command: "revoke-key",
        argument: "KEY",
        help: "Removes a key from your name; /keys lists them.",
        ..ROW
    },
    Row {
        action: Action::InviteKey,
        name: "Invite key",
        command: "invite-key",
        help: "Makes a code that adds another key of yours to your name.",
        ..ROW
    },
    Row {
        action: Action::Set,
        name: "Settings",
        command: "set",
        argument: "[KEY [VALUE]]",
        help: "Shows or changes a setting, and keeps it; - as the value resets it.",
        ..ROW
    },
    Row {
        action: Action::Notify,
        name: "Notifications",
        command: "notify",
        argument: "[all|mentions|nothing]",
        help: "Sets which messages of this conversation notify you; - resets it.",
        ..ROW
    },
    Row {
        action: Action::Bare,
        name: "Bare view",
        command: "bare",
        keys: &[Key::Alt('l')],
        help: "Shows only the messages, for copying with the mouse; again, everything.",
        ..ROW
    },
    Row { action: Action::Redraw, name: "Redraw", keys: &[Key::Ctrl('l')], help: "Redraws the screen.", ..ROW },
    Row {
        action: Action::Suspend,
        name: "Suspend",
        keys: &[Key::Ctrl('z')],
        help: "Suspends tr2; fg resumes it.",
        ..ROW
    },
];

/// The keys of the composer, for the help and the man page; the editor carries them out.
pub const WRITING: &[(&str, &str)] = &[
    ("Enter", "Sends the message."),
    ("Alt-Enter", "Starts a new line in the same message."),
    ("Up, Down", "In an empty composer, recall what you sent."),
    ("Tab, Shift-Tab", "Tab completes names and commands; otherwise both move between panes."),
    ("Esc", "Closes a dialog; returns to the composer and the newest message."),
    ("Ctrl-A, Ctrl-E", "Move to the start and the end of the line, like Home and End."),
    ("Ctrl-B", "Moves back by one character, like Left."),
    ("Alt-B, Alt-F", "Move back and forward by one word, like Ctrl-Left and Ctrl-Right."),
    ("Ctrl-D, Ctrl-H", "Delete the character under and before the cursor, like Delete and Backspace."),
    ("Ctrl-U, Ctrl-K", "Cut to the start and to the end of the line."),
    ("Ctrl-W, Alt-D", "Cut the word before and after the cursor; Alt-Backspace is Ctrl-W."),
    ("Ctrl-Y", "Pastes what was cut."),
];
