//! The stored state of rooms, as text: their names, modes, members and invitations.
//!
//! An unreadable fact is ignored, except that a room's number is not used again.
//!
//! Must not know: where facts are stored, or what follows from them.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::members::Member;
use super::room::{Modes, Room};
use crate::model::{FoldedName, Name, RoomName, RoomRole, Text};
use crate::server::broker::facts::{self, ends, holds, kind};
use crate::server::ids::RoomId;
use crate::server::store::api::Fact;

/// A fact about rooms that was read.
#[derive(Debug)]
pub enum RoomFact {
    /// A room exists: its number, name, whether it is private, and its modes.
    Room(RoomId, RoomName, bool, Modes),
    /// Room numbers up to this one were given.
    LastRoom(RoomId),
    /// The modes of the room that everyone is in.
    Everyone(Modes),
    /// A member of a room.
    Member(RoomId, Member),
    /// A user who is invited to a room.
    Invited(RoomId, Name),
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
    /// Histories before version 8 do not have it.
    #[serde(default)]
    no_calls: bool,
}

#[derive(Serialize, Deserialize)]
struct MemberText {
    name: String,
    role: String,
    proved: bool,
}

impl From<&Modes> for ModesText {
    fn from(modes: &Modes) -> Self {
        let Modes { topic, slow, read_only, locked, no_calls, said: _, said_before: _ } = modes;
        let (topic, slow) = (topic.to_string(), slow.as_secs());
        Self { topic, slow, read_only: *read_only, locked: *locked, no_calls: *no_calls }
    }
}

impl From<ModesText> for Modes {
    fn from(text: ModesText) -> Self {
        let ModesText { topic, slow, read_only, locked, no_calls } = text;
        let (topic, slow) = (Text::line(&topic), Duration::from_secs(slow));
        Self { topic, slow, read_only, locked, no_calls, ..Self::default() }
    }
}

/// A room exists with these modes.
pub(super) fn room(room: &Room) -> Fact {
    let Room { name, private, modes, .. } = room;
    let text = RoomText { name: name.to_string(), private: *private, modes: modes.into() };
    holds(kind::ROOM, room.id.0.to_string(), &text)
}

/// A room has ended.
pub(super) fn no_room(id: RoomId) -> Fact {
    ends(kind::ROOM, id.0.to_string())
}

/// Room numbers up to this one were given.
pub(super) fn last_room(id: RoomId) -> Fact {
    holds(kind::LAST_ROOM, String::new(), &id.0)
}

/// The room that everyone is in has these modes.
pub(super) fn everyone(modes: &Modes) -> Fact {
    holds(kind::EVERYONE, String::new(), &ModesText::from(modes))
}

/// A user is a member of a room.
pub(super) fn member(room: RoomId, member: &Member) -> Fact {
    let Member { name, role, proved } = member;
    let text = MemberText { name: name.to_string(), role: role.to_string(), proved: *proved };
    holds(kind::MEMBER, in_room(room, &name.folded()), &text)
}

/// A user is no longer a member of a room.
pub(super) fn no_member(room: RoomId, user: &FoldedName) -> Fact {
    ends(kind::MEMBER, in_room(room, user))
}

/// A user is invited to a room.
pub(super) fn invited(room: RoomId, name: &Name) -> Fact {
    holds(kind::INVITED, in_room(room, &name.folded()), &name.as_str())
}

/// A user is no longer invited to a room.
pub(super) fn not_invited(room: RoomId, user: &FoldedName) -> Fact {
    ends(kind::INVITED, in_room(room, user))
}

fn in_room(room: RoomId, user: &FoldedName) -> String {
    format!("{} {user}", room.0)
}

/// What the key of a fact of this kind is about: a room, and a user of it with whether they are a member or invited;
/// `None` for what is not about one room.
pub(super) fn subject(kind: &str, key: &str) -> Option<(RoomId, Option<FoldedName>, bool)> {
    let (room, user) = key.split_once(' ').map_or((key, None), |(room, user)| (room, Some(FoldedName::restored(user))));
    match kind {
        kind::ROOM | kind::MEMBER | kind::INVITED => Some((RoomId(room.parse().ok()?), user, kind == kind::MEMBER)),
        _ => None,
    }
}

/// Reads a fact about rooms; `None` if it makes no sense, or is about something else.
#[must_use]
pub fn read(kind: &str, key: &str, value: &str) -> Option<RoomFact> {
    // Names hold no spaces.
    let room = || key.split_once(' ')?.0.parse().ok().map(RoomId);
    Some(match kind {
        kind::ROOM => {
            let text: RoomText = facts::read(value)?;
            let id = RoomId(key.parse().ok()?);
            RoomFact::Room(id, RoomName::parse(&text.name).ok()?, text.private, text.modes.into())
        }
        kind::LAST_ROOM => RoomFact::LastRoom(RoomId(facts::read(value)?)),
        kind::EVERYONE => RoomFact::Everyone(facts::read::<ModesText>(value)?.into()),
        kind::MEMBER => {
            let text: MemberText = facts::read(value)?;
            let role = RoomRole::parse(&text.role)?;
            RoomFact::Member(room()?, Member { name: Name::restored(&text.name).ok()?, role, proved: text.proved })
        }
        kind::INVITED => RoomFact::Invited(room()?, facts::name(value)?),
        _ => return None,
    })
}
