//! Rows for lists in dialogs: people, members, rooms and messages.
//!
//! Must not know: which dialog shows them.

use super::Chat;
use crate::client::chat::entry::{ChatEntry, EntryKind};
use crate::client::chat::room_members::RoomMember;
use crate::client::chat::venue::Venue;
use crate::client::dialogs;
use crate::client::dialogs::form::{Item, Pick};
use crate::client::session::effects::Effects;
use crate::client::session::link::Me;
use crate::client::text::action_text::with_sender;
use crate::client::view::{Scope, StyledLine};
use crate::language::chat as say;
use crate::model::{MessageId, Name, RoomName, RoomRole, Target};

impl Chat {
    pub(in crate::client::session) fn people_rows(&self, names: &[Name]) -> Vec<Item> {
        let row = |name: &Name| Item::person(name, self.people.is_verified(name), &self.person_note(name));
        names.iter().map(row).collect()
    }

    fn person_note(&self, name: &Name) -> String {
        if self.ignored.has(name) { say::ignored().to_owned() } else { self.away_of(name).unwrap_or_default() }
    }

    /// All other users who are online.
    pub(in crate::client::session) fn online_rows(&self, me: &Me) -> Vec<Item> {
        self.people_rows(&self.online_others(me))
    }

    /// The known members of a room, and whether each is online.
    pub(super) fn members(&self, room: &RoomName) -> impl Iterator<Item = (&RoomMember, bool)> {
        let known = self.rooms.get(&Target::Room(room.clone()));
        known.and_then(|known| known.members.as_ref()).into_iter().flat_map(|members| members.iter())
    }

    /// The note beside the name of a member.
    pub(super) fn member_words(&self, member: &RoomMember, online: bool) -> String {
        let role = (member.role > RoomRole::Member).then(|| role_name(member.role).to_owned());
        let away = self.away_of(&member.name);
        let words = [role, (!online).then(|| say::offline().to_owned()), away.filter(|_| online)];
        words.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }

    pub(in crate::client::session) fn member_rows(&self, room: &RoomName) -> Vec<Item> {
        let row = |(member, online): (&RoomMember, bool)| {
            Item::person(&member.name, self.people.is_verified(&member.name), &self.member_words(member, online))
        };
        self.members(room).map(row).collect()
    }

    /// Everywhere that one can go: the conversations, then people and rooms without one.
    pub(in crate::client::session) fn place_rows(&self, me: &Me) -> Vec<Item> {
        let row = |venue: &Venue, note: String| Item {
            value: match venue {
                Venue::Server(target) => Pick::Place(target.clone()),
                Venue::Direct(name) => Pick::Direct(name.clone()),
            },
            left: StyledLine::of(Scope::Text, venue.shown()),
            right: StyledLine::of(Scope::Dim, note),
            ..Item::default()
        };
        let unread = |count: usize| if count > 0 { say::unread(count) } else { String::new() };
        let mut rows: Vec<Item> = self.conversations.iter().map(|one| row(&one.venue, unread(one.unread))).collect();
        let open: Vec<Target> = self.conversations.iter().filter_map(|one| one.target().cloned()).collect();
        rows.extend(
            self.people_rows(&self.online_others(me))
                .into_iter()
                .filter(|row| !matches!(&row.value, Pick::Person(name) if open.contains(&Target::User(name.clone())))),
        );
        let rooms = self.room_rows().into_iter();
        rows.extend(rooms.filter(|row| !matches!(&row.value, Pick::Place(target) if open.contains(target))));
        rows
    }

    pub(in crate::client::session) fn room_rows(&self) -> Vec<Item> {
        dialogs::rooms::rows(&self.rooms.listed())
    }

    /// The newest messages of a place, for choosing one to delete.
    pub(in crate::client::session) fn message_rows(&self, place: &Target, most: usize, out: &Effects) -> Vec<Item> {
        let messages = self.conversations.find(place).into_iter().flat_map(|one| one.newest_messages());
        messages.take(most).map(|entry| message_row(entry, out)).collect()
    }

    /// One message of a place.
    pub(in crate::client::session) fn message_row(&self, place: &Target, id: MessageId, out: &Effects) -> Option<Item> {
        Some(message_row(self.conversations.find(place)?.message(id)?, out))
    }

    /// The reactions to the newest messages of a place, for choosing one to remove; each with the place of its message.
    pub(in crate::client::session) fn reaction_rows(
        &self,
        place: &Target,
        most: usize,
        out: &Effects,
    ) -> Vec<(usize, Item)> {
        let messages = self.conversations.find(place).into_iter().flat_map(|one| one.newest_messages());
        let messages = messages.zip(self.message_rows(place, usize::MAX, out)).enumerate();
        let rows = messages.flat_map(|(at, (entry, message))| {
            let id = entry.id.unwrap_or_default();
            entry.reactions().iter().map(move |tally| {
                let value = Pick::Reaction(id, tally.reaction.to_string());
                let left = StyledLine::of(Scope::Text, format!("{} {} · ", tally.reaction, tally.count));
                let left = message.left.0.iter().fold(left, |left, part| left.and(part.scope, part.text.clone()));
                (at + 1, Item { value, left, ..Item::default() })
            })
        });
        rows.take(most).collect()
    }
}

fn message_row(entry: &ChatEntry, out: &Effects) -> Item {
    let EntryKind::Message { from, text, .. } = &entry.kind else { return Item::default() };
    let flat = text.as_str().replace('\n', " ");
    let left = StyledLine::of(Scope::Dim, out.times().before(entry.time, out.zone()));
    let left = left.and(Scope::Text, with_sender(from, &flat));
    Item { value: Pick::Message(entry.id.unwrap_or_default()), left, ..Item::default() }
}

/// A role in words.
pub(super) fn role_name(role: RoomRole) -> &'static str {
    match role {
        RoomRole::Member => say::member(),
        RoomRole::Moderator => say::moderator(),
        RoomRole::Maker => say::maker(),
    }
}
