//! Events about rooms: their state, who enters and leaves, their members.
//!
//! Must not know: what is requested about rooms, what moderators do there, or what is said there.

use super::Chat;
use super::rows::role_name;
use super::told::RoomTold;
use crate::client::chat::entry::EntryKind;
use crate::client::chat::rooms::KnownRoom;
use crate::client::chat::venue::Venue;
use crate::client::session::effects::Effects;
use crate::client::session::link::Me;
use crate::language::chat as say;
use crate::model::{Name, RoomName, RoomRole, Target, Text};
use crate::protocol::{Relation, RoomInfo};

impl Chat {
    /// The server is about to list the person's rooms again.
    pub(in crate::client::session) fn rooms_begin_anew(&mut self) {
        self.rooms.begin_anew();
    }

    /// The server is about to list all rooms again.
    pub(in crate::client::session) fn forget_other_rooms(&mut self) {
        self.rooms.forget_others();
    }

    /// The server describes a place.
    pub(in crate::client::session) fn room_told(&mut self, info: RoomInfo) -> RoomTold {
        let place = info.place.clone();
        let entered = self.rooms.told(info);
        self.changed = true;
        let Target::Room(room) = &place else { return RoomTold::Other };
        if self.rooms.is_inside(room) {
            let room = room.clone();
            self.conversations.begin(&Venue::Server(place));
            return RoomTold::Inside(room, entered);
        }
        if self.conversations.position(&place).is_some() { RoomTold::Gone(room.clone()) } else { RoomTold::Other }
    }

    /// Says that the person is in the room that they asked to join; `entered` if that is new.
    pub(in crate::client::session) fn tell_entered(&mut self, room: &RoomName, entered: bool, out: &mut Effects) {
        let target = Target::Room(room.clone());
        let made = self.rooms.get(&target).filter(|known| known.you == Relation::Inside(RoomRole::Maker));
        let words = match made {
            Some(known) if entered && known.count <= 1 => match self.meant_room(room.as_str()) {
                Some(meant) => say::created_room(room) + " " + &meant,
                None => say::created_room(room),
            },
            Some(_) | None => say::joined_room(room),
        };
        let conversation = self.conversations.with(&target);
        conversation.active = conversation.active.max(out.wall());
        self.news(words, out);
    }

    /// The list of rooms, for plain mode; `more` if it is incomplete.
    pub(in crate::client::session) fn rooms_sentence(&self, more: bool) -> String {
        let mut words: Vec<String> = self.rooms.listed().into_iter().map(room_line).collect();
        words.extend(more.then(|| say::there_are_more().to_owned()));
        if words.is_empty() { say::no_rooms_yet().to_owned() } else { words.join("\n") }
    }

    /// The server is about to list the members of a room.
    pub(in crate::client::session) fn expect_members(&mut self, room: &RoomName) {
        self.rooms.expect_members(room);
    }

    /// Takes a part of the list of members.
    pub(in crate::client::session) fn members_told(
        &mut self,
        room: &RoomName,
        role: RoomRole,
        online: bool,
        names: Vec<Name>,
    ) {
        self.rooms.members(room, role, online, names);
        self.changed = true;
    }

    /// The list of members is complete, but for `more`.
    pub(in crate::client::session) fn members_ended(&mut self, room: &RoomName, more: bool) {
        if more {
            self.rooms.more_members(room);
        }
        self.changed = true;
    }

    /// The list of members, for plain mode.
    pub(in crate::client::session) fn members_sentence(&self, room: &RoomName) -> String {
        let named = self.members(room).map(|(member, online)| {
            let words = self.member_words(member, online);
            if words.is_empty() { member.name.to_string() } else { format!("{} ({words})", member.name) }
        });
        let names: Vec<String> = named.collect();
        let names = names.join(", ");
        if self.rooms.has_more_members(room) {
            say::members_of_and_more(room, names)
        } else {
            say::members_of(room, names)
        }
    }

    /// The room in view, if its members are not known yet.
    pub(in crate::client::session) fn members_wanted(&self) -> Option<RoomName> {
        let target = self.current().target()?;
        let Target::Room(room) = target else { return None };
        let known = self.rooms.get(target)?;
        (known.is_inside() && known.members.is_none()).then(|| room.clone())
    }

    /// The topic of a place changed.
    pub(in crate::client::session) fn topic_set(&mut self, by: &Name, place: &Target, text: &Text, out: &mut Effects) {
        self.rooms.topic(place, text);
        self.changed = true;
        if self.ignored.has(by) {
            return;
        }
        let words = if text.is_blank() { say::removed_topic(by) } else { say::set_topic(by, text) };
        self.event(place, &words, out);
    }

    /// Users entered a room.
    pub(in crate::client::session) fn entered_room(&mut self, room: RoomName, names: Vec<Name>, out: &mut Effects) {
        self.rooms.moved(&room, &names, true);
        self.presence(&Target::Room(room), names, true, None, out);
    }

    /// Other users left a room.
    pub(in crate::client::session) fn left_room(
        &mut self,
        room: RoomName,
        names: Vec<Name>,
        why: Option<&Text>,
        out: &mut Effects,
    ) {
        self.rooms.moved(&room, &names, false);
        // With a reason, the act behind it is shown instead.
        let told = if why.is_some() { Vec::new() } else { names };
        self.presence(&Target::Room(room), told, false, None, out);
    }

    /// All of the person's rooms are listed; returns those among the conversations that the person is no longer in.
    pub(in crate::client::session) fn rooms_gone(&mut self) -> Vec<RoomName> {
        self.rooms.settle();
        let gone = |target: &Target| match target {
            Target::Room(room) if !self.rooms.is_inside(room) => Some(room.clone()),
            Target::Everyone | Target::User(_) | Target::Room(_) => None,
        };
        self.conversations.iter().filter_map(|one| gone(one.target()?)).collect()
    }

    /// The lists of rooms have to be made again.
    pub(in crate::client::session) fn rooms_changed(&mut self) {
        self.changed = true;
    }

    /// An invitation of the person into a room.
    pub(in crate::client::session) fn invited(&mut self, by: &Name, room: &RoomName, me: &Me, out: &mut Effects) {
        if me.is(by) || self.ignored.has(by) || self.rooms.is_inside(room) {
            return;
        }
        self.rooms.invited(room);
        self.changed = true;
        self.alarm(&Target::Everyone, &say::invited_you(by, room), out);
    }

    /// The entry as it is shown, hidden if its sender is ignored.
    pub(in crate::client::session) fn hidden(&self, kind: EntryKind) -> EntryKind {
        kind.hidden(&|name| self.ignored.has(name))
    }
}

/// A room as plain mode lists it.
fn room_line(room: &KnownRoom) -> String {
    let you = match room.you {
        Relation::Inside(role) => format!(" ({})", role_name(role)),
        Relation::Invited => format!(" ({})", say::is_invited()),
        Relation::Outside => String::new(),
    };
    let private = if room.private { format!(" ({})", say::private()) } else { String::new() };
    format!("{}  {}{private}{you}  {}", room.place, room.count, room.topic).trim_end().to_owned()
}
