//! What is told of rooms: how they are, who goes in and out, who is in them.
//!
//! Must not know: what is asked (`roomwork`), what moderators do there (`moderating`), or what is said there.

use crate::client::chat::entry::Kind;
use crate::client::chat::rooms::Room;
use crate::client::dialogs::form::Item;
use crate::client::dialogs::{self, Dialog};
use crate::client::session::inbound::Frame;
use crate::client::session::outbound::messages::Awaited;
use crate::client::session::targets::Asked;
use crate::client::session::{Mode, Session};
use crate::client::text::editor::Editor;
use crate::model::{Name, RoomName, RoomRole, Target, Text};
use crate::protocol::{Command, Place, RoomCommand, RoomEvent, RoomInfo};

impl Session {
    /// What the server says about rooms and what moderators did.
    pub(in crate::client::session) fn room_event(&mut self, frame: Frame, event: RoomEvent) {
        let label = frame.reference.clone().unwrap_or_default();
        match event {
            RoomEvent::Told(info) => self.told_room(&label, info),
            RoomEvent::RoomsEnd { more } => self.rooms_end(&label, more),
            RoomEvent::Members { room, role, online, names } => {
                self.rooms.members(&room, role, online, names);
                self.people_changed();
            }
            RoomEvent::MembersEnd { room, more } => self.members_end(&label, &room, more),
            RoomEvent::Topic { by, place, text } => self.topic_set(&label, &by, &place, &text),
            RoomEvent::Joined { room, names } => {
                self.rooms.moved(&room, &names, true);
                self.presence(&Target::Room(room), names, true, None);
            }
            RoomEvent::Left { room, names, why } => self.left_room(&label, &room, names, why),
            RoomEvent::Invited { by, room } => self.invited(&label, &by, &room),
            RoomEvent::Deleted { from, place, by } => {
                let kind = Kind::Deleted { from, by };
                match (frame.batch.is_some(), frame.id, kind) {
                    (true, _, kind) => self.remembered(frame, place, kind),
                    (false, Some(id), Kind::Deleted { from, by }) => {
                        self.talk(&place).delete(id, from, by);
                        self.search.delete(id);
                    }
                    _ => {}
                }
            }
            // Messages come another way.
            RoomEvent::Message { .. } => {}
            event => self.moderated(frame, event),
        }
    }

    fn told_room(&mut self, label: &str, info: RoomInfo) {
        let place = info.place.clone();
        let entered = self.rooms.told(info);
        if let Target::Room(room) = &place {
            let inside = self.rooms.is_inside(room);
            if inside {
                self.conversations.begin(&place);
            } else if self.conversations.position(&place).is_some() {
                self.close_room(room);
            }
            if inside && self.awaits(Some(label), |asked| matches!(asked, Asked::Join(_))) {
                self.done(label);
                self.went_in(room, entered);
            }
        }
        self.rooms_changed();
    }

    /// We are in a room that we asked for.
    fn went_in(&mut self, room: &RoomName, entered: bool) {
        let target = Target::Room(room.clone());
        if self.mode == Mode::Plain {
            return self.aim_at(Some(target));
        }
        let made = self.rooms.get(&target).filter(|known| known.you == Place::Inside(RoomRole::Maker));
        let words = match made {
            Some(known) if entered && known.count <= 1 => format!("You made {room}. /invite NAME asks somebody in."),
            _ => format!("You are in {room} now. /leave goes out of it for good."),
        };
        let now = self.now.wall;
        let conversation = self.conversations.with(&target);
        conversation.active = conversation.active.max(now);
        self.remark(&target, &words);
        self.show_target(&target);
    }

    fn rooms_end(&mut self, label: &str, more: bool) {
        if self.done(label) != Some(Asked::Rooms) {
            return;
        }
        self.rooms_changed();
        if let Some((Dialog::Rooms, form)) = &mut self.dialog {
            form.list_goes_on(more);
        }
        if self.mode == Mode::Plain {
            let mut words: Vec<String> = self.rooms.listed().into_iter().map(room_line).collect();
            words.extend(more.then(|| "There are more.".to_owned()));
            self.tell(if words.is_empty() {
                "There are no rooms yet; /join #NAME makes one.".to_owned()
            } else {
                words.join("\n")
            });
        }
    }

    /// The list of rooms that is open goes along with what is known.
    pub(in crate::client::session) fn rooms_changed(&mut self) {
        if matches!(self.dialog, Some((Dialog::Rooms, _))) {
            let rows = dialogs::rooms::rows(&self.rooms.listed());
            if let Some((_, form)) = &mut self.dialog {
                form.set_list(rows);
            }
        }
    }

    fn members_end(&mut self, label: &str, room: &RoomName, more: bool) {
        if more {
            self.rooms.more_members(room);
        }
        self.people_changed();
        if self.done(label) != Some(Asked::Members(room.clone(), true)) || self.mode != Mode::Plain {
            return;
        }
        let known = self.rooms.get(&Target::Room(room.clone()));
        let members = known.and_then(|known| known.members.as_ref()).into_iter().flat_map(|members| members.iter());
        let names: Vec<String> = members
            .map(|(member, online)| {
                let words = self.member_words(&member.name, member.role, online);
                if words.is_empty() { member.name.to_string() } else { format!("{} ({words})", member.name) }
            })
            .collect();
        let more = if self.rooms.has_more_members(room) { " and more" } else { "" };
        self.tell(format!("Members of {room}: {}{more}", names.join(", ")));
    }

    fn topic_set(&mut self, label: &str, by: &Name, place: &Target, text: &Text) {
        self.done(label);
        self.rooms.topic(place, text);
        self.rooms_changed();
        if self.ignored.has(by) {
            return;
        }
        let words =
            if text.is_blank() { format!("{by} took the topic away") } else { format!("{by} set the topic: {text}") };
        self.happened(place, &words);
    }

    fn left_room(&mut self, label: &str, room: &RoomName, names: Vec<Name>, why: Option<Text>) {
        self.done(label);
        if names.iter().any(|name| self.is_me(name)) {
            return self.out_of_room(room, why);
        }
        self.rooms.moved(room, &names, false);
        // With a reason, the act that it comes of is told.
        let told = if why.is_some() { Vec::new() } else { names };
        self.presence(&Target::Room(room.clone()), told, false, None);
    }

    /// We are in a room no more.
    fn out_of_room(&mut self, room: &RoomName, why: Option<Text>) {
        if !self.rooms.is_inside(room) {
            return;
        }
        self.close_room(room);
        let target = Target::Room(room.clone());
        self.missed(|aim| *aim == target);
        match why {
            None => self.tell(format!("You left {room}.")),
            Some(why) => self.proclaim(&Target::Everyone, &format!("You are in {room} no more: {why}")),
        }
        self.rooms_changed();
    }

    /// Takes a room out of the list of conversations. What was being written there can be recalled.
    fn close_room(&mut self, room: &RoomName) {
        let target = Target::Room(room.clone());
        self.rooms.left(room);
        self.forget_wishes(&target);
        if self.is_in_view(&target) {
            let draft = self.composer.swap(Editor::default());
            self.conversations.current_mut().draft = draft;
            self.conversations.show(0);
            let draft = std::mem::take(&mut self.conversations.current_mut().draft);
            self.composer.swap(draft);
        }
        let at = self.conversations.position(&target);
        if let Some(gone) = self.conversations.remove(&target)
            && !gone.draft.is_empty()
        {
            self.composer.remember(gone.draft.text());
        }
        self.conversations_at -= usize::from(at.is_some_and(|at| at < self.conversations_at));
        self.conversations_at = self.conversations_at.min(self.conversations.count() - 1);
    }

    /// Rooms that one was in before a cut and is in no more.
    pub(in crate::client::session) fn prune_rooms(&mut self) {
        if !self.abilities.rooms {
            return;
        }
        self.rooms.settle();
        let gone = |target: &Target| match target {
            Target::Room(room) if !self.rooms.is_inside(room) => Some(room.clone()),
            _ => None,
        };
        let gone: Vec<RoomName> = self.conversations.iter().filter_map(|one| gone(&one.target)).collect();
        for room in gone {
            self.close_room(&room);
            self.tell(format!("You are in {room} no more."));
        }
    }

    fn invited(&mut self, label: &str, by: &Name, room: &RoomName) {
        if let Some(Asked::Invite(room, user)) = self.done(label) {
            return self.tell(format!("{user} is invited into {room}."));
        }
        if self.is_me(by) || self.ignored.has(by) || self.rooms.is_inside(room) {
            return;
        }
        self.rooms.invited(room);
        self.rooms_changed();
        self.proclaim(&Target::Everyone, &format!("{by} invites you into {room}; /join {room} goes in."));
    }

    /// Asks who is in the room in view, once.
    pub(in crate::client::session) fn ask_members(&mut self) {
        let Target::Room(room) = &self.conversations.current().target else { return };
        let known = self.rooms.get(&self.conversations.current().target);
        let wanted = known.is_some_and(|known| known.is_inside() && known.members.is_none());
        if wanted && self.mode == Mode::Screen && self.connection.online().is_some() && !self.left {
            self.send_for_members(room.clone(), false);
        }
    }

    pub(in crate::client::session) fn send_for_members(&mut self, room: RoomName, asked: bool) {
        self.rooms.expect_members(&room);
        self.ask(
            Command::Room(RoomCommand::Members(room.to_string())),
            Some(Awaited::Asked(Asked::Members(room, asked))),
        );
    }

    /// What is to be said of a member beside the name.
    pub(in crate::client::session) fn member_words(&self, name: &Name, role: RoomRole, online: bool) -> String {
        let role = (role > RoomRole::Member).then(|| role.to_string());
        let away = self.away_of(name);
        let words = [role, (!online).then(|| "offline".to_owned()), away.filter(|_| online)];
        words.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }

    pub(in crate::client::session) fn member_rows(&self, room: &RoomName) -> Vec<Item> {
        let known = self.rooms.get(&Target::Room(room.clone()));
        let members = known.and_then(|known| known.members.as_ref()).into_iter().flat_map(|members| members.iter());
        let row = |(member, online): (&crate::client::chat::rooms::Member, bool)| {
            let words = self.member_words(&member.name, member.role, online);
            Item::person(&member.name, self.people.is_verified(&member.name), &words)
        };
        members.map(row).collect()
    }
}

/// A room as plain mode lists it.
fn room_line(room: &Room) -> String {
    let you = match room.you {
        Place::Inside(role) => format!(" ({role})"),
        Place::Invited => " (invited)".to_owned(),
        Place::Outside => String::new(),
    };
    let private = if room.private { " (private)" } else { "" };
    format!("{}  {}{private}{you}  {}", room.place, room.count, room.topic).trim_end().to_owned()
}
