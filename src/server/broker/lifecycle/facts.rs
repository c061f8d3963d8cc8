//! What holds until it is changed, as text that is kept: rooms and who is in them, bans, moderators, whom people hide.
//!
//! What cannot be read any more is left out: it is as if it did not hold, but for a room's number, which is not given again.
//!
//! Must not know: where facts are kept, or what follows from them.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::model::{Name, RoomName, RoomRole, Text, Timestamp, Whom};
use crate::server::broker::moderation::bans::Ban;
use crate::server::broker::rooms::{Member, Modes, Room};
use crate::server::ids::RoomId;
use crate::server::store::api::Fact;

/// The kinds, as they are kept.
mod kind {
    pub(in crate::server) const ROOM: &str = "room";
    pub(in crate::server) const LAST_ROOM: &str = "last_room";
    pub(in crate::server) const EVERYONE: &str = "everyone";
    pub(in crate::server) const MEMBER: &str = "member";
    pub(in crate::server) const INVITED: &str = "invited";
    pub(in crate::server) const BAN: &str = "ban";
    pub(in crate::server) const MODERATOR: &str = "moderator";
    pub(in crate::server) const IGNORED: &str = "ignored";
}

/// A fact, understood.
#[derive(Debug)]
pub enum Known {
    /// A room is there.
    Room(RoomId, RoomName, bool, Modes),
    /// Room numbers up to this were given.
    LastRoom(RoomId),
    /// How the room is that everyone is in.
    Everyone(Modes),
    /// Somebody is in a room.
    Member(RoomId, Member),
    /// Somebody is asked into a room.
    Invited(RoomId, Name),
    /// A ban or a mute, under its number.
    Ban(u64, Ban),
    /// Somebody was made a moderator of the server.
    Moderator(Name),
    /// A user hides another: by the first one's name with its case folded.
    Ignored(String, Name),
}

#[derive(Serialize, Deserialize)]
struct RoomText {
    name: String,
    private: bool,
    #[serde(flatten)]
    modes: ModesText,
}

#[derive(Serialize, Deserialize)]
struct ModesText {
    topic: String,
    slow: u64,
    read_only: bool,
    locked: bool,
}

#[derive(Serialize, Deserialize)]
struct MemberText {
    name: String,
    role: String,
    proved: bool,
}

#[derive(Serialize, Deserialize)]
struct BanText {
    room: Option<u64>,
    mute: bool,
    whom: Vec<String>,
    by: String,
    until: Option<i64>,
    reason: String,
}

impl From<&Modes> for ModesText {
    fn from(modes: &Modes) -> Self {
        let Modes { topic, slow, read_only, locked, .. } = modes;
        Self { topic: topic.to_string(), slow: slow.as_secs(), read_only: *read_only, locked: *locked }
    }
}

impl From<ModesText> for Modes {
    fn from(text: ModesText) -> Self {
        let ModesText { topic, slow, read_only, locked } = text;
        Self { topic: Text::line(&topic), slow: Duration::from_secs(slow), read_only, locked, ..Self::default() }
    }
}

/// A room is as it is now.
#[must_use]
pub fn room(room: &Room) -> Fact {
    let Room { name, private, modes, .. } = room;
    keep(
        kind::ROOM,
        room.id.0.to_string(),
        &RoomText { name: name.to_string(), private: *private, modes: modes.into() },
    )
}

/// A room is no more.
#[must_use]
pub fn no_room(id: RoomId) -> Fact {
    forget(kind::ROOM, id.0.to_string())
}

/// Room numbers up to this were given.
#[must_use]
pub fn last_room(id: RoomId) -> Fact {
    keep(kind::LAST_ROOM, String::new(), &id.0)
}

/// The room that everyone is in is as it is now.
#[must_use]
pub fn everyone(modes: &Modes) -> Fact {
    keep(kind::EVERYONE, String::new(), &ModesText::from(modes))
}

/// Somebody is in a room.
#[must_use]
pub fn member(room: RoomId, member: &Member) -> Fact {
    let Member { name, role, proved } = member;
    let text = MemberText { name: name.to_string(), role: role.to_string(), proved: *proved };
    keep(kind::MEMBER, in_room(room, &name.key().folded), &text)
}

/// Somebody is not in a room any more.
#[must_use]
pub fn no_member(room: RoomId, folded: &str) -> Fact {
    forget(kind::MEMBER, in_room(room, folded))
}

/// Somebody is asked into a room.
#[must_use]
pub fn invited(room: RoomId, name: &Name) -> Fact {
    keep(kind::INVITED, in_room(room, &name.key().folded), &name.as_str())
}

/// Somebody is not asked any more.
#[must_use]
pub fn not_invited(room: RoomId, folded: &str) -> Fact {
    forget(kind::INVITED, in_room(room, folded))
}

/// A ban is in force.
#[must_use]
pub fn ban(number: u64, ban: &Ban) -> Fact {
    let text = BanText {
        room: ban.room.map(|room| room.0),
        mute: ban.mute,
        whom: ban.whom.iter().map(Whom::to_string).collect(),
        by: ban.by.to_string(),
        until: ban.until.map(|until| until.0),
        reason: ban.reason.to_string(),
    };
    keep(kind::BAN, number.to_string(), &text)
}

/// A ban is lifted.
#[must_use]
pub fn no_ban(number: u64) -> Fact {
    forget(kind::BAN, number.to_string())
}

/// Somebody is a moderator of the server, or not any more.
#[must_use]
pub fn moderator(name: &Name, is: bool) -> Fact {
    let key = name.key().folded;
    if is { keep(kind::MODERATOR, key, &name.as_str()) } else { forget(kind::MODERATOR, key) }
}

/// A user, by name with its case folded, hides another, or not any more.
#[must_use]
pub fn ignored(user: &str, other: &Name, is: bool) -> Fact {
    let key = format!("{user} {}", other.key().folded);
    if is { keep(kind::IGNORED, key, &other.as_str()) } else { forget(kind::IGNORED, key) }
}

/// Reads what was kept; `None` if it makes no sense.
#[must_use]
pub fn read(kind: &str, key: &str, value: &str) -> Option<Known> {
    let number = || key.parse::<u64>().ok();
    let name = || Name::parse(&serde_json::from_str::<String>(value).ok()?).ok();
    // Names hold no spaces.
    let room = || key.split_once(' ')?.0.parse().ok().map(RoomId);
    Some(match kind {
        kind::ROOM => {
            let text: RoomText = serde_json::from_str(value).ok()?;
            Known::Room(RoomId(number()?), RoomName::parse(&text.name).ok()?, text.private, text.modes.into())
        }
        kind::LAST_ROOM => Known::LastRoom(RoomId(serde_json::from_str(value).ok()?)),
        kind::EVERYONE => Known::Everyone(serde_json::from_str::<ModesText>(value).ok()?.into()),
        kind::MEMBER => {
            let text: MemberText = serde_json::from_str(value).ok()?;
            let role = RoomRole::parse(&text.role)?;
            Known::Member(room()?, Member { name: Name::parse(&text.name).ok()?, role, proved: text.proved })
        }
        kind::INVITED => Known::Invited(room()?, name()?),
        kind::BAN => {
            let text: BanText = serde_json::from_str(value).ok()?;
            let whom = text.whom.iter().map(|whom| whom.parse().ok()).collect::<Option<Vec<Whom>>>()?;
            let ban = Ban {
                room: text.room.map(RoomId),
                mute: text.mute,
                whom,
                by: Name::parse(&text.by).ok()?,
                until: text.until.map(Timestamp),
                reason: Text::line(&text.reason),
            };
            Known::Ban(number()?, ban)
        }
        kind::MODERATOR => Known::Moderator(name()?),
        kind::IGNORED => Known::Ignored(key.split_once(' ')?.0.to_owned(), name()?),
        _ => return None,
    })
}

fn in_room(room: RoomId, folded: &str) -> String {
    format!("{} {folded}", room.0)
}

fn keep(kind: &'static str, key: String, value: &impl Serialize) -> Fact {
    // Nothing that is kept here can fail to be written: no map with odd keys, no error of its own.
    Fact { kind, key, value: Some(serde_json::to_string(value).unwrap_or_default()) }
}

fn forget(kind: &'static str, key: String) -> Fact {
    Fact { kind, key, value: None }
}
