//! The rows of the table that are about moderation.
//!
//! A moderator's action applies to the room in view, or else to the whole server; with `-all` in front of its arguments
//! it applies to the whole server from within a room, too.
//!
//! Must not know: how any of it is carried out.

use super::{Action, ROW, Row};
use crate::protocol::Verb;

/// Moderation.
pub(super) const MODERATION: &[Row] = &[
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
        action: Action::Act(Verb::RemoveReaction),
        name: "Remove reaction",
        command: "remove-reaction",
        argument: "N REACTION NAME|- REASON",
        help: "Removes a reaction from a message.",
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
        name: "Moderation log",
        command: "modlog",
        argument: "[COUNT]",
        help: "Shows moderators' actions, newest first.",
        ..ROW
    },
    Row {
        action: Action::Moderator,
        name: "Become a moderator",
        command: "moderator",
        argument: "[PASSPHRASE]",
        aliases: &["oper"],
        help: "Makes you a moderator, with the passphrase.",
        ..ROW
    },
];
