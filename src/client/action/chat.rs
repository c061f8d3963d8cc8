//! The rows of the table that any chat has: the original's menu, conversations, scrolling, identity.
//!
//! Must not know: how any of it is carried out.

use super::{Action, ROW, Row};
use crate::client::key::Key;

const NUMBERS: [Key; 10] = [
    Key::Alt('1'),
    Key::Alt('2'),
    Key::Alt('3'),
    Key::Alt('4'),
    Key::Alt('5'),
    Key::Alt('6'),
    Key::Alt('7'),
    Key::Alt('8'),
    Key::Alt('9'),
    Key::Alt('0'),
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
        aliases: &["names", "who", "users"],
        help: "Lists who is online; Enter opens a conversation.",
        ..ROW
    },
    Row {
        action: Action::Private,
        name: "Private message",
        digit: Some('3'),
        command: "msg",
        argument: "NAME TEXT",
        aliases: &["tell", "w", "dm"],
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
        argument: "[WORD]",
        aliases: &["shortcuts"],
        keys: &[Key::F(1)],
        help: "Shows the keys and the commands, or those with a word.",
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
        help: "Opens a conversation by its number in the list; 0 is the tenth.",
        ..ROW
    },
    Row {
        action: Action::Jump,
        name: "Jump to number",
        command: "jump",
        argument: "[NUMBER]",
        aliases: &["window", "win", "buffer"],
        keys: &[Key::Alt('j')],
        help: "Opens a conversation by its number: two digits, or one and Enter.",
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
    Row {
        action: Action::Switch,
        name: "Go to",
        command: "go",
        keys: &[Key::Ctrl('k')],
        help: "Goes to a conversation, a user, a room or an action by a few letters.",
        ..ROW
    },
    Row {
        action: Action::MoveUp,
        name: "Move conversation up",
        keys: &[Key::AltShiftUp],
        help: "Moves the conversation up in the list.",
        ..ROW
    },
    Row {
        action: Action::MoveDown,
        name: "Move conversation down",
        keys: &[Key::AltShiftDown],
        help: "Moves the conversation down in the list.",
        ..ROW
    },
    Row {
        action: Action::Mentions,
        name: "Mentions",
        command: "mentions",
        keys: &[Key::F(3)],
        help: "Lists the messages that mention you.",
        ..ROW
    },
    Row {
        action: Action::EarlierMention,
        name: "Earlier mention",
        keys: &[Key::Alt('p')],
        help: "Goes to the mention before, in this conversation.",
        ..ROW
    },
    Row {
        action: Action::LaterMention,
        name: "Later mention",
        keys: &[Key::Alt('n')],
        help: "Goes to the mention after, in this conversation.",
        ..ROW
    },
    Row {
        action: Action::PickUp,
        name: "Pick message",
        keys: &[Key::CtrlUp],
        help: "Picks a message to act on, then the one before it.",
        ..ROW
    },
    Row {
        action: Action::PickDown,
        name: "Pick later message",
        keys: &[Key::CtrlDown],
        help: "Picks the message after.",
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
        action: Action::Me,
        name: "Action",
        command: "me",
        argument: "ACTION",
        help: "Says what you do: /me waves.",
        ..ROW
    },
    Row {
        action: Action::Reply,
        name: "Reply",
        command: "reply",
        argument: "[NAME] TEXT",
        help: "Answers the newest message of somebody, with a quote of it.",
        ..ROW
    },
    Row {
        action: Action::Edit,
        name: "Edit",
        command: "edit",
        argument: "TEXT",
        help: "Replaces the text of your last message.",
        ..ROW
    },
    Row {
        action: Action::React,
        name: "React",
        command: "react",
        argument: "SIGN",
        help: "Puts a reaction on the newest message of somebody else, or takes it back.",
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
        keys: &[Key::F(5)],
        help: "Reconnects to the server now.",
        ..ROW
    },
    Row {
        action: Action::Status,
        name: "Status",
        command: "status",
        help: "Shows how the connection is, and the bytes of the last minute.",
        ..ROW
    },
    Row {
        action: Action::Close,
        name: "Close conversation",
        command: "close",
        help: "Closes the conversation with a user; it comes back when something is said.",
        ..ROW
    },
    Row {
        action: Action::Clear,
        name: "Clear",
        command: "clear",
        help: "Clears the messages from view; PageUp brings them back.",
        ..ROW
    },
    Row {
        action: Action::Nick,
        name: "Change name",
        command: "nick",
        argument: "NAME",
        help: "Says how to take another name.",
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
    Row {
        action: Action::Editor,
        name: "Edit in editor",
        keys: &[Key::Alt('e')],
        help: "Opens what you are writing in your editor, $VISUAL or $EDITOR.",
        ..ROW
    },
    Row {
        action: Action::Mouse,
        name: "Mouse",
        keys: &[Key::Alt('m')],
        help: "Turns the mouse on or off until you leave; when off, the terminal selects.",
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
