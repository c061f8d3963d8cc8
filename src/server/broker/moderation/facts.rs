//! The stored state of moderation, as text: bans, mutes, and the appointed moderators of the server.
//!
//! Must not know: where facts are stored, or what follows from them.

use serde::{Deserialize, Serialize};

use super::Moderation;
use super::bans::Ban;
use crate::model::{BanTarget, FoldedName, Name, Text, Timestamp};
use crate::server::broker::facts::{self, ends, holds, kind};
use crate::server::ids::RoomId;
use crate::server::store::api::Fact;

#[derive(Serialize, Deserialize)]
struct BanText {
    room: Option<u64>,
    mute: bool,
    whom: Vec<String>,
    by: String,
    until: Option<i64>,
    reason: String,
    /// When it was made; not known of those of before that was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    made: Option<i64>,
}

/// The fact that a ban or a mute is in force.
pub(super) fn ban(number: u64, ban: &Ban, made: Option<Timestamp>) -> Fact {
    let text = BanText {
        room: ban.room.map(|room| room.0),
        mute: ban.mute,
        whom: ban.whom.iter().map(BanTarget::to_string).collect(),
        by: ban.by.to_string(),
        until: ban.until.map(|until| until.0),
        reason: ban.reason.to_string(),
        made: made.map(|made| made.0),
    };
    holds(kind::BAN, number.to_string(), &text)
}

/// Deletes the fact of a ban or a mute.
pub(super) fn no_ban(number: u64) -> Fact {
    ends(kind::BAN, number.to_string())
}

/// Stores or deletes the fact that a user is a moderator of the server.
#[must_use]
pub fn moderator(name: &Name, is: bool) -> Fact {
    let key = name.folded().into();
    if is { holds(kind::MODERATOR, key, &name.as_str()) } else { ends(kind::MODERATOR, key) }
}

impl Moderation {
    /// Restores a stored ban or mute; `false` if it cannot be read.
    pub(in crate::server::broker) fn restore_ban(&mut self, key: &str, value: &str) -> bool {
        let Some((number, (ban, made))) = key.parse::<u64>().ok().zip(read_ban(value)) else { return false };
        self.bans.insert(number, ban);
        self.made.extend(made.map(|made| (number, made)));
        true
    }

    /// Takes back a change of a ban or a mute: this held before under its number.
    pub(in crate::server::broker) fn take_back_ban(&mut self, key: &str, value: Option<&str>) {
        match (key.parse(), value) {
            (Ok(number), None) => {
                self.bans.remove(number);
                self.made.remove(&number);
            }
            (_, Some(value)) => drop(self.restore_ban(key, value)),
            (Err(_), None) => {}
        }
    }

    /// Takes back that a user was appointed or dismissed: this held before.
    pub(in crate::server::broker) fn take_back_moderator(&mut self, key: &str, value: Option<&str>) {
        match value {
            None => drop(self.moderators.remove(&FoldedName::restored(key))),
            Some(value) => drop(self.restore_moderator(value)),
        }
    }

    /// Restores a stored moderator; `false` if the entry cannot be read.
    pub(in crate::server::broker) fn restore_moderator(&mut self, value: &str) -> bool {
        facts::name(value).map(|name| self.moderators.insert(name.folded(), name)).is_some()
    }
}

/// Reads a ban or a mute, with the time when it was made; `None` if that cannot be read.
pub(in crate::server::broker) fn read_ban(value: &str) -> Option<(Ban, Option<Timestamp>)> {
    let text: BanText = facts::read(value)?;
    let ban = Ban {
        room: text.room.map(RoomId),
        mute: text.mute,
        whom: text.whom.iter().map(|whom| whom.parse().ok()).collect::<Option<_>>()?,
        by: Name::restored(&text.by).ok()?,
        until: text.until.map(Timestamp),
        reason: Text::line(&text.reason),
    };
    Some((ban, text.made.map(Timestamp)))
}
