//! What was probably meant by the name of a user or a room that is not known.
//!
//! Must not know: what was asked about it.

use super::Chat;
use crate::client::chat::entry::{ChatEntry, EntryKind};
use crate::client::chat::venue::Venue;
use crate::client::session::link::Me;
use crate::language::commands as say;
use crate::model::nearest::{NearName, nearest_name};
use crate::model::room::ROOM_SIGN;
use crate::model::{Name, RoomName, Target, Text};

/// How many of the newest entries tell who spoke.
const MAX_SPOKEN: usize = 500;

impl Chat {
    /// A sentence that there is no such user, with the one that was probably meant; `None` if nobody is near, or if the
    /// name is known as it was typed.
    pub(in crate::client::session) fn no_user(&self, typed: &str, me: &Me) -> Option<String> {
        if Name::parse(typed).is_ok_and(|name| self.has_seen(&name)) {
            return None;
        }
        let others = self.known_names().filter(|name| !me.is(name)).map(Name::as_str);
        let near = nearest_name(typed, others)?;
        Some(say::no_user(Text::line(typed), did_you_mean(&near, "")))
    }

    /// A sentence that there is no such room, with the one that was probably meant; `None` if none is near, or if the room
    /// is known.
    pub(in crate::client::session) fn no_room(&self, typed: &str) -> Option<String> {
        let meant = self.meant_room(typed)?;
        Some(say::no_room(Text::line(typed), meant))
    }

    /// The question whether another room was meant.
    pub(in crate::client::session) fn meant_room(&self, typed: &str) -> Option<String> {
        let target = Target::Room(RoomName::parse(typed).ok()?);
        let rooms: Vec<&RoomName> = self.rooms.named().collect();
        let others = rooms.iter().filter(|room| Target::Room((**room).clone()) != target);
        let bare = |name: &'_ str| name.trim_start_matches(ROOM_SIGN).to_owned();
        let names: Vec<String> = others.map(|room| bare(room.as_str())).collect();
        let near = nearest_name(&bare(typed), names.iter().map(String::as_str))?;
        Some(did_you_mean(&near, "#"))
    }

    /// A sentence that this user is not ignored, with the one that was probably meant; `None` if nobody is near.
    pub(in crate::client::session) fn not_ignored(&self, name: &Name) -> Option<String> {
        if self.ignored.has(name) {
            return None;
        }
        let near = nearest_name(name.as_str(), self.ignored.iter().map(Name::as_str))?;
        Some(say::not_ignoring(name, did_you_mean(&near, "")))
    }

    /// Everybody who is known here: who is online, has a conversation, is a member of a room, or spoke.
    fn known_names(&self) -> impl Iterator<Item = &Name> {
        // A conversation with somebody who never spoke may be with nobody.
        let spoke = |entry: &ChatEntry| matches!(entry.kind, EntryKind::Message { own: false, .. });
        let talks = self.conversations.iter().filter_map(move |one| match &one.venue {
            Venue::Server(Target::User(name)) | Venue::Direct(name) if one.entries().iter().any(spoke) => Some(name),
            Venue::Server(_) | Venue::Direct(_) => None,
        });
        let newest = self.current().entries().iter().rev().take(MAX_SPOKEN).filter_map(|entry| match &entry.kind {
            EntryKind::Message { from, own: false, .. } => Some(from),
            _ => None,
        });
        self.people.iter().chain(talks).chain(self.rooms.member_names()).chain(newest)
    }
}

/// The question whether somebody or something else was meant. What only looks like it is quoted as a whole.
fn did_you_mean(near: &NearName<'_>, sign: &str) -> String {
    let NearName { name, alike } = near;
    let name = format!("{sign}{name}");
    if *alike { say::meant_alike(name) } else { say::perhaps(name) }
}
