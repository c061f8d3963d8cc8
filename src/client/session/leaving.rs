//! Leaving: at once, after a question, once everything is sent; and what stands in the way of being on the server.
//!
//! Must not know: keys, or what is said in the chat.

use super::Session;
use super::link::Hindrance;
use crate::client::dialogs;
use crate::client::msg::Farewell;

impl Session {
    pub(super) fn leave(&mut self, farewell: Farewell) {
        self.viewing().tell_read(true);
        self.calling().leave();
        self.link.hang_up(&mut self.out);
        self.out.leave(farewell);
    }

    /// The person cannot be on the server: a dialog asks what to do; plain mode has no dialogs and leaves.
    pub(super) fn hinder(&mut self, hindrance: &Hindrance) {
        self.link.stop();
        if self.out.is_plain() {
            let farewell = self.link.hindrance_farewell(hindrance);
            return self.leave(farewell);
        }
        self.ui.open_answer(self.link.hindrance_dialog(hindrance));
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
