//! The rows of the table that are about rooms and people.
//!
//! Must not know: how any of it is carried out.

use super::{Action, ROW, Row};
use crate::client::key::Key;
use crate::language::acts as say;

/// Rooms.
pub(super) const ROOMS: &[Row] = &[
    Row {
        action: Action::Rooms,
        name: say::rooms,
        digit: Some('8'),
        command: "rooms",
        aliases: &["channels"],
        keys: &[Key::Ctrl('o')],
        help: say::rooms_help,
        ..ROW
    },
    Row {
        action: Action::Join,
        name: say::join,
        command: "join",
        argument: "#ROOM [private]",
        aliases: &["j"],
        help: say::join_help,
        ..ROW
    },
    Row {
        action: Action::Leave,
        name: say::leave,
        command: "leave",
        argument: "[#ROOM]",
        aliases: &["part"],
        help: say::leave_help,
        ..ROW
    },
    Row {
        action: Action::Topic,
        name: say::topic,
        command: "topic",
        argument: "[TEXT]",
        aliases: &["header"],
        help: say::topic_help,
        ..ROW
    },
    Row {
        action: Action::Members,
        name: say::members,
        command: "members",
        argument: "[#ROOM]",
        help: say::members_help,
        ..ROW
    },
    Row {
        action: Action::Invite,
        name: say::invite,
        command: "invite",
        argument: "[NAME [#ROOM] | N [TIME]]",
        help: say::invite_help,
        ..ROW
    },
];

/// People: ignoring, and being away.
pub(super) const PEOPLE: &[Row] = &[
    Row {
        action: Action::Ignore,
        name: say::ignore,
        command: "ignore",
        argument: "NAME",
        help: say::ignore_help,
        ..ROW
    },
    Row {
        action: Action::Unignore,
        name: say::unignore,
        command: "unignore",
        argument: "NAME",
        help: say::unignore_help,
        ..ROW
    },
    Row { action: Action::Ignored, name: say::ignored, command: "ignored", help: say::ignored_help, ..ROW },
    Row { action: Action::Away, name: say::away, command: "away", argument: "[TEXT]", help: say::away_help, ..ROW },
    Row { action: Action::Back, name: say::back, command: "back", help: say::back_help, ..ROW },
    Row {
        action: Action::DoNotDisturb,
        name: say::dnd,
        command: "dnd",
        argument: "[TEXT]",
        help: say::dnd_help,
        ..ROW
    },
];
