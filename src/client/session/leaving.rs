//! Leaving: at once, after a question, once everything is sent; and what stands in the way of being on the server.
//!
//! Must not know: keys, or what is said in the chat.

use super::Session;
use super::link::{Hindrance, LISTENS};
use crate::client::dialogs;
use crate::client::msg::{Effect, Farewell, Printed};
use crate::language::connecting as say;
use crate::model::Text;
use crate::protocol::beacon::NearbyServer;

impl Session {
    pub(super) fn leave(&mut self, farewell: Farewell) {
        self.viewing().tell_read(true);
        self.calling().leave();
        self.keep_arrangement(true);
        self.link.hang_up(&mut self.out);
        self.out.leave(farewell);
    }

    /// The person cannot be on the server: a dialog asks what to do; plain mode has no dialogs and leaves.
    pub(super) fn hinder(&mut self, hindrance: &Hindrance) {
        self.link.stop();
        if let Hindrance::NoAnswer(failure) = hindrance
            && self.link.may_go_elsewhere()
            && (self.out.is_screen() || self.link.is_to_look_around())
        {
            self.out.emit(Effect::LookAround);
            if self.out.is_plain() {
                self.out
                    .emit(Effect::Print(Printed::Error(Text::line(&say::listening_for_servers(LISTENS.as_secs())))));
                return self.link.look_around(failure.clone(), self.out.steady());
            }
        }
        if self.out.is_plain() {
            let farewell = self.link.hindrance_farewell(hindrance);
            return self.leave(farewell);
        }
        self.ui.open_answer(self.link.hindrance_dialog(hindrance));
    }

    /// A server nearby was heard: the dialog that nobody was reached lists it.
    pub(super) fn heard_nearby(&mut self, server: NearbyServer) {
        if self.link.may_go_elsewhere()
            && let Some(nearby) = self.link.hear_nearby(server)
        {
            self.ui.list_nearby(dialogs::nearby(nearby));
        }
    }

    pub(super) fn ask_exit(&mut self) {
        let unsent = self.ui.unsent(self.outbound.pending(), &self.chat);
        self.ui.open(dialogs::exit(unsent));
    }

    /// Leaves, but asks first if something would be lost.
    pub(super) fn exit(&mut self) {
        if self.out.is_plain() || self.ui.unsent(self.outbound.pending(), &self.chat).is_none() {
            return self.leave(Farewell::Done);
        }
        self.ask_exit();
    }
}
