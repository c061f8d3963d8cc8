//! The rows of the table that are about rooms and people.
//!
//! Must not know: how any of it is carried out.

use super::{Action, ROW, Row};
use crate::client::key::Key;

/// Rooms.
pub(super) const ROOMS: &[Row] = &[
    Row {
        action: Action::Rooms,
        name: "Rooms",
        digit: Some('8'),
        command: "rooms",
        aliases: &["channels"],
        keys: &[Key::Ctrl('o')],
        help: "Lists the rooms: join, make or leave them, set topics, invite users.",
        ..ROW
    },
    Row {
        action: Action::Join,
        name: "Join room",
        command: "join",
        argument: "#ROOM [private]",
        aliases: &["j"],
        help: "Joins a room, or makes it: open, or private (by invitation).",
        ..ROW
    },
    Row {
        action: Action::Leave,
        name: "Leave room",
        command: "leave",
        argument: "[#ROOM]",
        aliases: &["part"],
        help: "Leaves a room; going offline does not.",
        ..ROW
    },
    Row {
        action: Action::Topic,
        name: "Topic",
        command: "topic",
        argument: "[TEXT]",
        aliases: &["header"],
        help: "Shows or sets the topic; - removes it.",
        ..ROW
    },
    Row {
        action: Action::Members,
        name: "Members",
        command: "members",
        argument: "[#ROOM]",
        help: "Lists the members of a room.",
        ..ROW
    },
    Row {
        action: Action::Invite,
        name: "Invite",
        command: "invite",
        argument: "[NAME [#ROOM]]",
        help: "Invites a user into a room; without a name, makes a code for a new user.",
        ..ROW
    },
];

/// People: ignoring, and being away.
pub(super) const PEOPLE: &[Row] = &[
    Row {
        action: Action::Ignore,
        name: "Ignore",
        command: "ignore",
        argument: "NAME",
        help: "Hides a user's messages from you.",
        ..ROW
    },
    Row {
        action: Action::Unignore,
        name: "Stop ignoring",
        command: "unignore",
        argument: "NAME",
        help: "Shows a user's messages again.",
        ..ROW
    },
    Row { action: Action::Ignored, name: "Ignored", command: "ignored", help: "Lists the users you ignore.", ..ROW },
    Row {
        action: Action::Away,
        name: "Away",
        command: "away",
        argument: "[TEXT]",
        help: "Marks you as away; anyone who writes to you sees the text.",
        ..ROW
    },
    Row { action: Action::Back, name: "Back", command: "back", help: "Marks you as back.", ..ROW },
    Row {
        action: Action::DoNotDisturb,
        name: "Do not disturb",
        command: "dnd",
        argument: "[TEXT]",
        help: "Marks you as away and silences the bell.",
        ..ROW
    },
];
