//! The rows of the table that any chat has: the original's menu, conversations, scrolling, identity.
//!
//! Must not know: how any of it is carried out.

use super::{Action, ROW, Row};
use crate::client::key::Key;
use crate::language::actions as say;

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
        name: say::echo,
        digit: Some('1'),
        command: "echo",
        argument: "TEXT",
        help: say::echo_help,
        ..ROW
    },
    Row {
        action: Action::List,
        name: say::list,
        digit: Some('2'),
        command: "list",
        aliases: &["names", "who", "users"],
        help: say::list_help,
        ..ROW
    },
    Row {
        action: Action::Private,
        name: say::msg,
        digit: Some('3'),
        command: "msg",
        argument: "NAME TEXT",
        aliases: &["tell", "w", "dm"],
        help: say::msg_help,
        ..ROW
    },
    Row {
        action: Action::Broadcast,
        name: say::broadcast,
        digit: Some('4'),
        command: "broadcast",
        argument: "TEXT",
        help: say::broadcast_help,
        ..ROW
    },
    Row {
        action: Action::Exit,
        name: say::exit,
        digit: Some('5'),
        command: "exit",
        aliases: &["quit"],
        keys: &[Key::Ctrl('c')],
        help: say::exit_help,
        ..ROW
    },
    Row {
        action: Action::CloseServer,
        name: say::close_server,
        digit: Some('6'),
        command: "close-server",
        argument: "[PASSPHRASE | in TIME because TEXT | off]",
        help: say::close_server_help,
        ..ROW
    },
    Row {
        action: Action::Search,
        name: say::search,
        digit: Some('7'),
        command: "search",
        argument: "WORDS",
        aliases: &["find", "lastlog"],
        keys: &[Key::Ctrl('f')],
        help: say::search_help,
        ..ROW
    },
];

/// Moving around, and the user's own identity.
pub(super) const REST: &[Row] = &[
    Row {
        action: Action::Help,
        name: say::help,
        command: "help",
        argument: "[WORD]",
        aliases: &["shortcuts"],
        keys: &[Key::F(1)],
        help: say::help_help,
        ..ROW
    },
    Row { action: Action::Menu, name: say::menu, id: "menu", keys: &[Key::F(2)], help: say::menu_help, ..ROW },
    Row { action: Action::Query, name: say::query, command: "query", argument: "NAME", help: say::query_help, ..ROW },
    Row { action: Action::Everyone, name: say::everyone, command: "everyone", help: say::everyone_help, ..ROW },
    Row {
        action: Action::Goto,
        name: say::conversation_by_number,
        id: "conversation-by-number",
        keys: &NUMBERS,
        help: say::conversation_by_number_help,
        ..ROW
    },
    Row {
        action: Action::Jump,
        name: say::jump,
        command: "jump",
        argument: "[NUMBER]",
        aliases: &["window", "win", "buffer"],
        keys: &[Key::Alt('j')],
        help: say::jump_help,
        ..ROW
    },
    Row {
        action: Action::Next,
        name: say::next_conversation,
        id: "next-conversation",
        keys: &[Key::Ctrl('n')],
        help: say::next_conversation_help,
        ..ROW
    },
    Row {
        action: Action::Previous,
        name: say::previous_conversation,
        id: "previous-conversation",
        keys: &[Key::Ctrl('p')],
        help: say::previous_conversation_help,
        ..ROW
    },
    Row {
        action: Action::NextUnread,
        name: say::next_unread,
        id: "next-unread",
        keys: &[Key::Alt('a')],
        help: say::next_unread_help,
        ..ROW
    },
    Row { action: Action::Switch, name: say::go, command: "go", keys: &[Key::Ctrl('k')], help: say::go_help, ..ROW },
    Row {
        action: Action::MoveUp,
        name: say::move_conversation_up,
        id: "move-conversation-up",
        keys: &[Key::AltShiftUp],
        help: say::move_conversation_up_help,
        ..ROW
    },
    Row {
        action: Action::MoveDown,
        name: say::move_conversation_down,
        id: "move-conversation-down",
        keys: &[Key::AltShiftDown],
        help: say::move_conversation_down_help,
        ..ROW
    },
    Row {
        action: Action::Mentions,
        name: say::mentions,
        command: "mentions",
        keys: &[Key::F(3)],
        help: say::mentions_help,
        ..ROW
    },
    Row {
        action: Action::EarlierMention,
        name: say::earlier_mention,
        id: "earlier-mention",
        keys: &[Key::Alt('p')],
        help: say::earlier_mention_help,
        ..ROW
    },
    Row {
        action: Action::LaterMention,
        name: say::later_mention,
        id: "later-mention",
        keys: &[Key::Alt('n')],
        help: say::later_mention_help,
        ..ROW
    },
    Row {
        action: Action::PickUp,
        name: say::pick_message,
        id: "pick-message",
        keys: &[Key::CtrlUp],
        help: say::pick_message_help,
        ..ROW
    },
    Row {
        action: Action::PickDown,
        name: say::pick_later_message,
        id: "pick-later-message",
        keys: &[Key::CtrlDown],
        help: say::pick_later_message_help,
        ..ROW
    },
    Row {
        action: Action::PageUp,
        name: say::page_up,
        id: "page-up",
        keys: &[Key::PageUp],
        help: say::page_up_help,
        ..ROW
    },
    Row {
        action: Action::PageDown,
        name: say::page_down,
        id: "page-down",
        keys: &[Key::PageDown],
        help: say::page_down_help,
        ..ROW
    },
    Row { action: Action::Top, name: say::oldest, id: "oldest", keys: &[Key::CtrlHome], help: say::oldest_help, ..ROW },
    Row {
        action: Action::Bottom,
        name: say::newest,
        id: "newest",
        keys: &[Key::CtrlEnd],
        help: say::newest_help,
        ..ROW
    },
    Row { action: Action::Me, name: say::me, command: "me", argument: "ACTION", help: say::me_help, ..ROW },
    Row {
        action: Action::Reply,
        name: say::reply,
        command: "reply",
        argument: "[NAME] TEXT",
        help: say::reply_help,
        ..ROW
    },
    Row { action: Action::Edit, name: say::edit, command: "edit", argument: "TEXT", help: say::edit_help, ..ROW },
    Row { action: Action::React, name: say::react, command: "react", argument: "SIGN", help: say::react_help, ..ROW },
    Row {
        action: Action::Resend,
        name: say::resend,
        command: "resend",
        keys: &[Key::Alt('r')],
        help: say::resend_help,
        ..ROW
    },
    Row {
        action: Action::Reconnect,
        name: say::reconnect,
        command: "reconnect",
        keys: &[Key::F(5)],
        help: say::reconnect_help,
        ..ROW
    },
    Row { action: Action::Status, name: say::status, command: "status", help: say::status_help, ..ROW },
    Row { action: Action::Close, name: say::close, command: "close", help: say::close_help, ..ROW },
    Row { action: Action::Clear, name: say::clear, command: "clear", help: say::clear_help, ..ROW },
    Row {
        action: Action::Rename,
        name: say::rename,
        command: "rename",
        argument: "NAME",
        aliases: &["nick"],
        help: say::rename_help,
        ..ROW
    },
    Row { action: Action::Whois, name: say::whois, command: "whois", argument: "[NAME]", help: say::whois_help, ..ROW },
    Row { action: Action::Keys, name: say::keys, command: "keys", help: say::keys_help, ..ROW },
    Row {
        action: Action::RevokeKey,
        name: say::revoke_key,
        command: "revoke-key",
        argument: "KEY",
        help: say::revoke_key_help,
        ..ROW
    },
    Row { action: Action::InviteKey, name: say::invite_key, command: "invite-key", help: say::invite_key_help, ..ROW },
    Row {
        action: Action::Sessions,
        name: say::sessions,
        command: "sessions",
        argument: "[NUMBER]",
        help: say::sessions_help,
        ..ROW
    },
    Row {
        action: Action::Invitations,
        name: say::invitations,
        command: "invitations",
        help: say::invitations_help,
        ..ROW
    },
    Row {
        action: Action::RevokeInvitation,
        name: say::revoke_invitation,
        command: "revoke-invitation",
        argument: "ID",
        help: say::revoke_invitation_help,
        ..ROW
    },
    Row {
        action: Action::LeaveServer,
        name: say::leave_server,
        command: "leave-server",
        help: say::leave_server_help,
        ..ROW
    },
    Row { action: Action::Set, name: say::set, command: "set", argument: "[KEY [VALUE]]", help: say::set_help, ..ROW },
    Row {
        action: Action::Notify,
        name: say::notify,
        command: "notify",
        argument: "[all|mentions|nothing]",
        help: say::notify_help,
        ..ROW
    },
    Row { action: Action::Bare, name: say::bare, command: "bare", keys: &[Key::Alt('l')], help: say::bare_help, ..ROW },
    Row {
        action: Action::Editor,
        name: say::edit_in_editor,
        id: "edit-in-editor",
        keys: &[Key::Alt('e')],
        help: say::edit_in_editor_help,
        ..ROW
    },
    Row { action: Action::Mouse, name: say::mouse, id: "mouse", keys: &[Key::Alt('m')], help: say::mouse_help, ..ROW },
    Row {
        action: Action::Redraw,
        name: say::redraw,
        id: "redraw",
        keys: &[Key::Ctrl('l')],
        help: say::redraw_help,
        ..ROW
    },
    Row {
        action: Action::Suspend,
        name: say::suspend,
        id: "suspend",
        keys: &[Key::Ctrl('z')],
        help: say::suspend_help,
        ..ROW
    },
];
