//! What is asked about rooms: to go in and out, make them, set topics, invite.
//!
//! Must not know: what the server tells of them (`rooming`), or how a dialog's answers are read (`asking`).

use crate::client::action::Action;
use crate::client::dialogs::order::first_word;
use crate::client::dialogs::{self, Dialog};
use crate::client::session::outbound::messages::Awaited;
use crate::client::session::targets::Asked;
use crate::client::session::{Mode, Session};
use crate::model::room::ROOM_SIGN;
use crate::model::{RoomName, Target, Text};
use crate::protocol::limits::MAX_TOPIC;
use crate::protocol::place::destination;
use crate::protocol::{Command, RoomCommand};

/// What takes a topic away.
const NO_TOPIC: &str = "-";
/// What makes a room private.
const PRIVATE: &str = "private";

impl Session {
    /// What a person named as a room; its sign may be missing. Says so if it cannot be one.
    pub(in crate::client::session) fn room_named(&mut self, typed: &str) -> Option<RoomName> {
        let typed = typed.trim();
        let signed = if typed.starts_with(ROOM_SIGN) { typed.to_owned() } else { format!("{ROOM_SIGN}{typed}") };
        match RoomName::parse(&signed) {
            Ok(room) => Some(room),
            Err(error) => {
                self.complain(format!("'{}' is no room's name. {error}", Text::line(typed)));
                None
            }
        }
    }

    /// Says that one is not in a room.
    pub(in crate::client::session) fn not_inside(&mut self, room: RoomName) -> bool {
        self.complain(format!("You are not in {room}; /join {room} goes in."));
        if self.mode == Mode::Plain {
            self.input.failed(false);
            self.missed(|aim| *aim == Target::Room(room.clone()));
        }
        false
    }

    pub(in crate::client::session) fn rooms_action(&mut self, action: Action, argument: &str) -> bool {
        if !self.needs_rooms() {
            return false;
        }
        match action {
            Action::Rooms => self.list_rooms(),
            Action::Join => return self.join(argument),
            Action::Topic => return self.topic(argument),
            Action::Leave => {
                let Some(room) = self.room_meant(argument, action) else { return false };
                self.ask(Command::Room(RoomCommand::Leave(room.to_string())), Some(Awaited::Asked(Asked::Leave(room))));
            }
            _ => {
                let Some(room) = self.room_meant(argument, action) else { return false };
                if self.mode == Mode::Screen {
                    self.open(
                        Dialog::Members(room.clone()),
                        dialogs::rooms::members(room.as_str(), self.member_rows(&room)),
                    );
                }
                self.send_for_members(room, true);
            }
        }
        true
    }

    /// The room that is named, or else in view, if one is in it; says so if not.
    fn room_meant(&mut self, argument: &str, action: Action) -> Option<RoomName> {
        let room = match (argument.is_empty(), self.room_in_view()) {
            (true, None) => {
                self.explain(action);
                return None;
            }
            (true, room) => room?,
            (false, _) => self.room_named(argument)?,
        };
        (self.rooms.is_inside(&room) || self.not_inside(room.clone())).then_some(room)
    }

    fn list_rooms(&mut self) {
        self.rooms.forget_others();
        if self.mode == Mode::Screen {
            let rows = dialogs::rooms::rows(&self.rooms.listed());
            let in_view = self.conversations.current().target.clone();
            self.open(Dialog::Rooms, dialogs::rooms::list(rows, &in_view));
        }
        self.ask(Command::Room(RoomCommand::List), Some(Awaited::Asked(Asked::Rooms)));
    }

    fn join(&mut self, argument: &str) -> bool {
        let (name, rest) = first_word(argument);
        if name.is_empty() || !matches!(rest, "" | PRIVATE) {
            if name.is_empty() && self.mode == Mode::Screen {
                self.list_rooms();
                return true;
            }
            return self.explain(Action::Join);
        }
        self.room_named(name).is_some_and(|room| self.go_in(room, rest == PRIVATE))
    }

    /// Goes into a room, or makes it; shows it if one is in it already.
    pub(in crate::client::session) fn go_in(&mut self, room: RoomName, private: bool) -> bool {
        if self.rooms.is_inside(&room) {
            let target = Target::Room(room);
            if self.mode == Mode::Plain {
                self.aim_at(Some(target));
            } else {
                self.show_target(&target);
            }
            return true;
        }
        self.ask(
            Command::Room(RoomCommand::Join { room: room.to_string(), private }),
            Some(Awaited::Asked(Asked::Join(room))),
        );
        true
    }

    fn topic(&mut self, argument: &str) -> bool {
        let place = self.place_in_view();
        let topic = self.rooms.get(&place).map(|room| room.topic.clone()).unwrap_or_default();
        match argument {
            "" if self.mode == Mode::Screen => {
                self.open(Dialog::Topic(place.clone()), dialogs::rooms::topic(&place, topic.as_str()));
                true
            }
            "" => {
                let words =
                    if topic.is_blank() { "There is no topic.".to_owned() } else { format!("The topic: {topic}") };
                self.happened(&place, &words);
                true
            }
            NO_TOPIC => self.set_topic(&place, ""),
            text => self.set_topic(&place, text),
        }
    }

    pub(in crate::client::session) fn set_topic(&mut self, place: &Target, text: &str) -> bool {
        let text = Text::line(text.trim());
        if text.as_str().len() > MAX_TOPIC {
            self.complain(format!("This topic is too long: {MAX_TOPIC} bytes are the most."));
            return false;
        }
        self.ask(
            Command::Room(RoomCommand::Topic { place: destination(place).to_owned(), text }),
            Some(Awaited::Asked(Asked::Topic)),
        );
        true
    }

    /// `/invite NAME [#ROOM]`.
    pub(in crate::client::session) fn invite(&mut self, argument: &str) -> bool {
        if !self.needs_rooms() {
            return false;
        }
        let (user, room) = first_word(argument);
        let Some(room) = self.room_meant(room, Action::Invite) else { return false };
        self.invite_into(room, user)
    }

    pub(in crate::client::session) fn invite_into(&mut self, room: RoomName, user: &str) -> bool {
        let Some(name) = self.named(user) else { return false };
        let command = Command::Room(RoomCommand::Invite { room: room.to_string(), user: name.to_string() });
        self.ask(command, Some(Awaited::Asked(Asked::Invite(room, name.to_string()))));
        true
    }
}
