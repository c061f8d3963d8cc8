//! The life of a connection, as all parts go through it: joined, lost, given up, and what the clock brings.
//!
//! Must not know: how any part does what it is asked.

use super::Session;
use super::link::hindrance::sentence;
use super::link::{Due, Hindrance};
use super::notice::Notice;
use super::outbound::awaited::Awaited;
use crate::client::msg::{Effect, Farewell, Printed};
use crate::language::connecting as say;
use crate::model::{Name, Text};
use crate::protocol::{Command, Dialect, SessionCommand, UserCommand};

impl Session {
    /// The server accepted the name.
    pub(super) fn joined(&mut self, again: bool, renamed: bool) {
        let abilities = self.link.abilities();
        if !abilities.history || again && renamed {
            // The server cannot recognize a message that is sent again, so those that may have arrived are not resent.
            for message in self.outbound.take_sent() {
                self.sending().not_sent(&message, "unconfirmed", say::unconfirmed(), true);
            }
        }
        self.ui.settle();
        self.ui.drop_waiting();
        self.chat.rooms_begin_anew();
        self.chat.set_verifies_nobody(self.link.dialect() == Some(Dialect::Tr223));
        if self.link.dialect() == Some(Dialect::Tr226) {
            self.inquiring().ask_people();
        }
        // After a reconnect, the person is still away.
        if let Some(text) = self.chat.away().filter(|_| abilities.away) {
            self.outbound.ask(Command::User(UserCommand::Away(text.clone())), &mut self.out);
        }
        if self.out.is_confined()
            && let Some(name) = self.link.me().name()
        {
            self.out.emit(Effect::LetIn(name.clone()));
        }
        if !again || renamed {
            self.recall_arrangement();
        }
        if !self.calls.knows_people_of(self.link.server()) {
            self.out.emit(Effect::RecallPeople);
        }
        self.viewing().look_back();
        self.begin_program(again);
        // The notice of the other name says as much.
        if again && !self.link.is_newly_named() {
            self.tell(Notice::News(if self.link.is_away() {
                say::online_again_by(self.link.at().short_host())
            } else {
                say::online_again().to_owned()
            }));
        }
        let not_sent = self.chat.not_sent();
        if not_sent > 0 {
            self.tell(Notice::News(say::not_sent_or_confirmed(not_sent)));
        }
    }

    /// The connection is lost.
    pub(super) fn lost(&mut self, why: &str) {
        let asked_for = self.outbound.awaits(&Awaited::Close);
        let was_online = self.link.lose(self.out.steady());
        let unsure = self.forget_connection();
        self.out.tell_program(Printed::Offline(Text::line(&sentence(why))));
        if !self.link.has_been_online() {
            if self.link.dial_next(&mut self.out) {
                return;
            }
            return self.hinder(&Hindrance::NotLetIn(Text::line(why).to_string()));
        }
        if was_online && self.is_done() {
            // A closing that the person asked for is not an error.
            let words = sentence(why);
            self.tell(if asked_for { Notice::News(words) } else { Notice::Trouble(words) });
        } else if was_online {
            let why = sentence(why);
            self.tell(Notice::Trouble(say::connection_lost(&why)));
            if unsure > 0 && self.out.is_screen() {
                let words = say::unconfirmed_may_have_arrived();
                self.tell(Notice::news(words));
            }
        }
        self.link.go_on_or_wait(&mut self.out);
    }

    /// Another server than the right one was met. Before the first join, and where there is no other address, the client
    /// leaves: there is no question that a person could answer by pressing Enter.
    pub(super) fn distrusted(&mut self, why: String) {
        if self.link.has_been_online() && self.link.shun_address(&mut self.out) {
            return self.tell(Notice::Trouble(why));
        }
        self.leave(Farewell::Refused(why));
    }

    /// Drops everything that belonged to the connection. Returns how many messages may or may not have arrived.
    fn forget_connection(&mut self) -> usize {
        self.moderating.cut_off();
        self.calling().cut_off();
        self.chat.cut_off();
        self.out.forget_list();
        self.plain.set_print_list(false);
        self.lose_asked();
        let unsure = self.outbound.cut_off(self.link.abilities().history);
        for message in &unsure {
            self.sending().not_sent(message, "unconfirmed", say::unconfirmed(), true);
        }
        self.history.cut_off();
        if self.history.search().awaits_anything() {
            self.viewing().search_failed(say::search_again().to_owned());
        }
        self.chat.cut_history();
        self.chat.undo_edits();
        unsure.len()
    }

    /// Ends the session without reconnecting. This is not reported as a loss: the caller says why it ended.
    pub(super) fn end_here(&mut self) {
        self.out.emit(Effect::Disconnect);
        self.link.stop();
        self.link.lose(self.out.steady());
        self.forget_connection();
        self.calling().give_up_lost();
        self.link.give_up();
    }

    /// The person has another name, and the server ends the connection: the client joins again at once under that name.
    pub(super) fn renamed(&mut self, name: Name) {
        self.out.emit(Effect::Disconnect);
        self.link.lose(self.out.steady());
        self.forget_connection();
        let words = say::now_called(&name);
        self.out.tell_program(Printed::Offline(Text::line(&words)));
        self.tell(Notice::News(words));
        self.link.take_new_name(name, &mut self.out);
    }

    /// The person has left the server for good.
    pub(super) fn left_for_good(&mut self) {
        let name = self.link.me().name().map_or_else(String::new, Name::to_string);
        self.end_here();
        self.leave(Farewell::Told(say::left_for_good(name)));
    }

    pub(super) fn tick(&mut self) {
        let now = self.out.steady();
        self.history.tick(now);
        self.calling().tick();
        if let Some(number) = self.ui.tick(now) {
            self.show_number(number);
        }
        match self.link.due(now) {
            Due::Nothing => {}
            Due::Nobody(failure, nearby) => {
                let farewell = self.link.nobody_farewell(failure, &nearby);
                self.leave(farewell);
            }
            Due::Dial => self.link.dial(&mut self.out),
            Due::NextAddress => self.link.unanswered(&mut self.out),
            Due::Late => {
                self.out.emit(Effect::Disconnect);
                self.lost(say::takes_too_long());
            }
            Due::Silent(time) => {
                self.out.emit(Effect::Disconnect);
                self.lost(&say::nothing_came(time.as_secs()));
            }
            Due::List => {
                // An answer that is still missing was lost among packets that arrived together.
                self.outbound.forget(&Awaited::List);
                self.chat.forget_listing();
                self.inquiring().ask_people();
            }
            Due::Ping => {
                let token = self.outbound.token();
                self.link.pinged(&token, now);
                self.out.send(Command::Session(SessionCommand::Ping(Text::line(&token))));
            }
        }
    }
}
