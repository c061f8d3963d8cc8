//! The order of the conversations: asked for once the person is online under a name, and kept when it changed.
//!
//! Must not know: where it is kept, or how conversations are put in order.

use super::Session;
use crate::client::msg::{Effect, KeptArrangement};
use crate::model::Target;

impl Session {
    /// Asks for the order that belongs to this name.
    pub(super) fn recall_arrangement(&mut self) {
        if self.out.is_screen() {
            let (server, name) = (self.link.server().clone(), self.link.wanted().to_owned());
            self.out.emit(Effect::RecallArrangement { server, name });
            self.chat.put_off_keeping(self.out.steady());
        }
    }

    /// The order from before is known.
    pub(super) fn restore_arrangement(&mut self, places: Vec<Target>) {
        self.chat.restore_order(places);
        self.ui.showed(self.chat.conversations().index());
    }

    /// Keeps the order if it changed; `at_once` when the session ends.
    pub(super) fn keep_arrangement(&mut self, at_once: bool) {
        for at in self.chat.take_inserted() {
            self.ui.conversation_inserted(at);
        }
        if !self.out.is_screen() || !self.link.has_been_online() {
            return;
        }
        if let Some(places) = self.chat.order_to_keep(self.out.steady(), at_once) {
            let (server, name) = (self.link.server().clone(), self.link.wanted().to_owned());
            self.out.emit(Effect::KeepArrangement(KeptArrangement { server, name, places }));
        }
    }

    /// The server has listed people and rooms, or the conversations: once it has listed all, no other place has a number.
    pub(super) fn listed(&mut self) {
        if self.history.knows_read_marks() && self.chat.rooms().is_settled() {
            self.chat.forget_idle_numbers();
        }
    }
}
