//! The rows of the table that are about rooms, people and moderation.
//!
//! A moderator's action applies to the room in view, or else to the whole server; with `-all` in front of its arguments
//! it applies to the whole server from within a room, too.
//!
//! Must not know: how any of it is carried out.

use super::{Action, ROW, Row};
use crate::client::key::Key;
use crate::protocol::Verb;

/// Rooms.
pub const ROOMS: &[Row] = &[
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
pub const PEOPLE: &[Row] = &[
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
        name: "Do not ignore",
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

/// Moderation.
pub const MODERATION: &[Row] = &[
    Row {
        action: Action::Moderate,
        name: "Moderate",
        digit: Some('9'),
        command: "moderate",
        help: "Shows what moderators can do here.",
        ..ROW
    },
    Row {
        action: Action::Act(Verb::Kick),
        name: "Kick",
        command: "kick",
        argument: "NAME REASON",
        help: "Disconnects a user; they may rejoin.",
        ..ROW
    },
    Row {
        action: Action::Act(Verb::Ban),
        name: "Ban",
        command: "ban",
        argument: "[--dry-run] WHOM [TIME] REASON",
        help: "Bans a user, permanently or for a time.",
        ..ROW
    },
    Row {
        action: Action::Act(Verb::Unban),
        name: "Unban",
        command: "unban",
        argument: "WHOM REASON",
        help: "Lifts a ban.",
        ..ROW
    },
    Row {
        action: Action::Act(Verb::Mute),
        name: "Mute",
        command: "mute",
        argument: "NAME [TIME] REASON",
        help: "Mutes a user, permanently or for a time.",
        ..ROW
    },
    Row {
        action: Action::Act(Verb::Unmute),
        name: "Unmute",
        command: "unmute",
        argument: "NAME REASON",
        help: "Lifts a mute.",
        ..ROW
    },
    Row {
        action: Action::Act(Verb::SlowMode),
        name: "Slow mode",
        command: "slow",
        argument: "SECONDS|off REASON",
        help: "Limits how often each user may write.",
        ..ROW
    },
    Row {
        action: Action::Act(Verb::ReadOnly),
        name: "Read-only",
        command: "read-only",
        argument: "on|off REASON",
        help: "Lets only moderators write.",
        ..ROW
    },
    Row {
        action: Action::Act(Verb::LockTopic),
        name: "Lock topic",
        command: "lock-topic",
        argument: "on|off REASON",
        help: "Lets only moderators set the topic.",
        ..ROW
    },
    Row {
        action: Action::Act(Verb::Delete),
        name: "Delete message",
        command: "delete",
        argument: "[N REASON]",
        help: "Deletes a message; a marker stays.",
        ..ROW
    },
    Row {
        action: Action::Act(Verb::Announce),
        name: "Announce",
        command: "announce",
        argument: "TEXT",
        help: "Sends an announcement to everyone.",
        ..ROW
    },
    Row {
        action: Action::Act(Verb::Grant),
        name: "Make moderator",
        command: "grant",
        argument: "NAME REASON",
        aliases: &["op"],
        help: "Makes a user a moderator.",
        ..ROW
    },
    Row {
        action: Action::Act(Verb::Revoke),
        name: "Unmake moderator",
        command: "revoke",
        argument: "NAME REASON",
        aliases: &["deop"],
        help: "Takes moderator rights away.",
        ..ROW
    },
    Row {
        action: Action::Bans,
        name: "Bans and mutes",
        command: "bans",
        help: "Lists the bans and mutes in force.",
        ..ROW
    },
    Row {
        action: Action::Modlog,
        name: "What was done",
        command: "modlog",
        argument: "[COUNT]",
        help: "Shows moderators' actions, newest first.",
        ..ROW
    },
    Row {
        action: Action::Moderator,
        name: "Be a moderator",
        command: "moderator",
        argument: "[PASSPHRASE]",
        aliases: &["oper"],
        help: "Makes you a moderator, with the passphrase.",
        ..ROW
    },
];
