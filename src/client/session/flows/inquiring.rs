//! Requests about people, rooms and members, and their answers.
//!
//! Must not know: how people and rooms are stored, or how a request is decided.

use crate::client::dialogs;
use crate::client::session::chat::Chat;
use crate::client::session::commands::decision::ListStep;
use crate::client::session::effects::Effects;
use crate::client::session::link::Link;
use crate::client::session::link::identity::session_sentence;
use crate::client::session::outbound::Outbound;
use crate::client::session::outbound::awaited::{Awaited, Inquiry};
use crate::client::session::plain::Plain;
use crate::client::session::ui::Ui;
use crate::language::{chat as chat_say, connecting, sending as say};
use crate::model::{Name, RoomName, Target, Text};
use crate::protocol::{Command, RoomCommand, SessionEvent, UserCommand};

/// The parts involved in requests about people and rooms.
#[derive(Debug)]
pub(in crate::client::session) struct Inquiring<'a> {
    /// Knows whether there is a server, and the person's name.
    link: &'a Link,
    outbound: &'a mut Outbound,
    /// Stores the answers.
    chat: &'a mut Chat,
    /// Knows what plain mode waits for.
    plain: &'a mut Plain,
    /// Shows the dialogs.
    ui: &'a mut Ui,
    out: &'a mut Effects,
}

impl<'a> Inquiring<'a> {
    pub(in crate::client::session) fn new(
        link: &'a Link,
        outbound: &'a mut Outbound,
        chat: &'a mut Chat,
        plain: &'a mut Plain,
        ui: &'a mut Ui,
        out: &'a mut Effects,
    ) -> Self {
        Self { link, outbound, chat, plain, ui, out }
    }

    /// Carries out a step.
    pub(in crate::client::session) fn list(&mut self, step: ListStep) {
        let screen = self.out.is_screen();
        match step {
            ListStep::People => {
                self.plain.set_print_list(!screen);
                self.ask_people();
                if screen {
                    self.ui.open(dialogs::clients(self.chat.online_rows(self.link.me()), self.link.abilities().rooms));
                }
            }
            ListStep::Rooms => {
                self.chat.forget_other_rooms();
                if screen {
                    let in_view = self.chat.current().target().unwrap_or(&Target::Everyone);
                    self.ui.open(dialogs::rooms::list(self.chat.room_rows(), in_view));
                }
                self.outbound.ask_for(Awaited::Inquiry(Inquiry::Rooms), Command::Room(RoomCommand::List), self.out);
            }
            ListStep::Members(room) => {
                if screen {
                    self.ui.open(dialogs::rooms::members(room.clone(), self.chat.member_rows(&room)));
                }
                self.ask_members(room, true);
            }
        }
    }

    /// Requests the list of who is online, unless it is on its way.
    pub(in crate::client::session) fn ask_people(&mut self) {
        if self.link.is_online() && !self.outbound.awaits(&Awaited::List) {
            self.chat.list_asked();
            self.outbound.ask_for(Awaited::List, Command::User(UserCommand::List), self.out);
        }
    }

    /// Requests the members of a room; `asked` if for the person, rather than for the pane beside the messages.
    fn ask_members(&mut self, room: RoomName, asked: bool) {
        self.chat.expect_members(&room);
        let command = Command::Room(RoomCommand::Members(room.to_string()));
        self.outbound.ask_for(Awaited::Inquiry(Inquiry::Members(room, asked)), command, self.out);
    }

    /// Requests the members of the room in view, once.
    pub(in crate::client::session) fn ask_members_in_view(&mut self) {
        if let Some(room) = self.chat.members_wanted().filter(|_| self.out.is_screen()) {
            self.ask_members(room, false);
        }
    }

    /// The list of rooms is complete, but for `more`.
    pub(in crate::client::session) fn rooms_ended(&mut self, label: &str, more: bool) {
        if self.outbound.take_inquiry(label) != Some(Inquiry::Rooms) {
            return;
        }
        self.ui.rooms_ended(more);
        if self.out.is_plain() {
            self.chat.news(self.chat.rooms_sentence(more), self.out);
        }
    }

    /// The list of a room's members is complete, but for `more`.
    pub(in crate::client::session) fn members_ended(&mut self, label: &str, room: &RoomName, more: bool) {
        self.chat.members_ended(room, more);
        let asked = self.outbound.take_inquiry(label) == Some(Inquiry::Members(room.clone(), true));
        if asked && self.out.is_plain() {
            self.chat.news(self.chat.members_sentence(room), self.out);
        }
    }

    /// The topic of a place changed.
    pub(in crate::client::session) fn topic_set(&mut self, label: &str, by: &Name, place: &Target, text: &Text) {
        self.outbound.take_inquiry(label);
        self.chat.topic_set(by, place, text, self.out);
    }

    /// A user is invited into a room: the person, or by the person.
    pub(in crate::client::session) fn invited(&mut self, label: &str, by: &Name, room: &RoomName) {
        match self.outbound.take_inquiry(label) {
            Some(Inquiry::Invite(room, user)) => {
                self.chat.news(say::is_invited(&user, &room), self.out);
            }
            Some(_) | None => self.chat.invited(by, room, self.link.me(), self.out),
        }
    }

    /// A user is away, or back if the text is blank.
    pub(in crate::client::session) fn turned_away(&mut self, label: &str, name: &Name, text: &Text) {
        let own = self.chat.turned_away(name, text, self.link.me());
        if !own {
            return;
        }
        if label.is_empty() && self.link.abilities().sessions {
            // What others see of all the person's sessions together.
            if text.is_blank() && self.chat.is_away() {
                self.chat.news(chat_say::present_elsewhere(), self.out);
            }
            return;
        }
        self.chat.set_own_away(text);
        if self.outbound.take_inquiry(label).is_some() {
            self.chat.news(self.chat.own_away_sentence(), self.out);
        }
    }

    /// The server tells of the person's sessions.
    pub(in crate::client::session) fn told_of_sessions(&mut self, label: &str, about: SessionEvent) {
        let goes_on = matches!(about, SessionEvent::Line(_));
        if !goes_on && self.outbound.awaited(label) == Some(&Awaited::About) {
            self.outbound.take(label);
        }
        match about {
            SessionEvent::Line(line) => self.chat.news_of_list(session_sentence(&line, self.out), self.out),
            SessionEvent::End => self.out.end_list(),
            // These end the connection (`connection`).
            SessionEvent::Renamed(_) | SessionEvent::LeftForGood | SessionEvent::Nodes(_) => {}
            SessionEvent::Ended(number) => self.chat.news(connecting::session_ended(number), self.out),
            SessionEvent::Undisturbed(text) => {
                let changed = self.chat.is_undisturbed() == text.is_blank();
                self.chat.set_undisturbed(!text.is_blank());
                self.chat.set_own_away(&text);
                if self.outbound.take_inquiry(label).is_some() || changed {
                    self.chat.news(self.chat.own_away_sentence(), self.out);
                }
            }
        }
    }

    /// A request is refused.
    pub(in crate::client::session) fn refused(&mut self, inquiry: &Inquiry, why: &Text) {
        // The pane beside the messages asks without the person, so nothing is said.
        if matches!(inquiry, Inquiry::Members(_, false)) {
            return;
        }
        self.plain.count_refused();
        if *inquiry == Inquiry::DryRun && self.ui.note_ban(why.as_str()) {
            return;
        }
        self.chat.trouble(why, self.out);
        if matches!(inquiry, Inquiry::Join(_)) && self.out.is_plain() {
            self.plain.aim_at(None);
        }
    }
}
