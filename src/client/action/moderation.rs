//! The rows of the table that are about moderation.
//!
//! A moderator's action applies to the room in view, or else to the whole server; with `-all` in front of its arguments
//! it applies to the whole server from within a room, too.
//!
//! Must not know: how any of it is carried out.

use super::{Action, ROW, Row};
use crate::language::acts as say;
use crate::protocol::Verb;

/// Moderation.
pub(super) const MODERATION: &[Row] = &[
    Row {
        action: Action::Moderate,
        name: say::moderate,
        digit: Some('9'),
        command: "moderate",
        help: say::moderate_help,
        ..ROW
    },
    Row {
        action: Action::Act(Verb::Kick),
        name: say::kick,
        command: "kick",
        argument: "NAME REASON",
        help: say::kick_help,
        ..ROW
    },
    Row {
        action: Action::Act(Verb::Ban),
        name: say::ban,
        command: "ban",
        argument: "[--dry-run] WHOM [TIME] REASON",
        help: say::ban_help,
        ..ROW
    },
    Row {
        action: Action::Act(Verb::Unban),
        name: say::unban,
        command: "unban",
        argument: "WHOM REASON",
        help: say::unban_help,
        ..ROW
    },
    Row {
        action: Action::Act(Verb::Mute),
        name: say::mute,
        command: "mute",
        argument: "NAME [TIME] REASON",
        help: say::mute_help,
        ..ROW
    },
    Row {
        action: Action::Act(Verb::Unmute),
        name: say::unmute,
        command: "unmute",
        argument: "NAME REASON",
        help: say::unmute_help,
        ..ROW
    },
    Row {
        action: Action::Act(Verb::SlowMode),
        name: say::slow,
        command: "slow",
        argument: "SECONDS|off REASON",
        help: say::slow_help,
        ..ROW
    },
    Row {
        action: Action::Act(Verb::ReadOnly),
        name: say::read_only,
        command: "read-only",
        argument: "on|off REASON",
        help: say::read_only_help,
        ..ROW
    },
    Row {
        action: Action::Act(Verb::LockTopic),
        name: say::lock_topic,
        command: "lock-topic",
        argument: "on|off REASON",
        help: say::lock_topic_help,
        ..ROW
    },
    Row {
        action: Action::Act(Verb::AllowCalls),
        name: say::calls,
        command: "calls",
        argument: "[#ROOM] on|off REASON",
        help: say::calls_help,
        ..ROW
    },
    Row {
        action: Action::Act(Verb::Delete),
        name: say::delete,
        command: "delete",
        argument: "[N REASON]",
        help: say::delete_help,
        ..ROW
    },
    Row {
        action: Action::Act(Verb::RemoveReaction),
        name: say::remove_reaction,
        command: "remove-reaction",
        argument: "N REACTION NAME|- REASON",
        help: say::remove_reaction_help,
        ..ROW
    },
    Row {
        action: Action::Act(Verb::Announce),
        name: say::announce,
        command: "announce",
        argument: "TEXT",
        help: say::announce_help,
        ..ROW
    },
    Row {
        action: Action::Act(Verb::Grant),
        name: say::grant,
        command: "grant",
        argument: "NAME REASON",
        aliases: &["op"],
        help: say::grant_help,
        ..ROW
    },
    Row {
        action: Action::Act(Verb::Revoke),
        name: say::revoke,
        command: "revoke",
        argument: "NAME REASON",
        aliases: &["deop"],
        help: say::revoke_help,
        ..ROW
    },
    Row {
        action: Action::Act(Verb::Free),
        name: say::free,
        command: "free",
        argument: "NAME REASON",
        help: say::free_help,
        ..ROW
    },
    Row { action: Action::Bans, name: say::bans, command: "bans", help: say::bans_help, ..ROW },
    Row {
        action: Action::Modlog,
        name: say::modlog,
        command: "modlog",
        argument: "[COUNT]",
        help: say::modlog_help,
        ..ROW
    },
    Row {
        action: Action::Moderator,
        name: say::moderator,
        command: "moderator",
        argument: "[PASSPHRASE]",
        aliases: &["oper"],
        help: say::moderator_help,
        ..ROW
    },
];
