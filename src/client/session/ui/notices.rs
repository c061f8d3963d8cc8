//! What the person is told, and where: beside the messages, in a dialog, by the bell.
//!
//! Must not know: what is told.

use crate::client::chat::conversation::Conversation;
use crate::client::chat::entry::Entry;
use crate::client::dialogs::Dialog;
use crate::client::dialogs::form::Form;
use crate::client::msg::{Effect, Printed};
use crate::client::plain::print as plain;
use crate::client::session::{Mode, Session};
use crate::model::{Target, Text};

impl Session {
    pub(in crate::client::session) fn emit(&mut self, effect: Effect) {
        if !self.left {
            self.effects.push(effect);
        }
    }

    /// Tells the person something, in the conversation in view.
    pub(in crate::client::session) fn tell(&mut self, words: impl AsRef<str>) {
        let text = Text::block(words.as_ref());
        if self.mode == Mode::Plain {
            return self.emit(Effect::Print(Printed::Notice(self.now.wall, text)));
        }
        self.conversations.current_mut().add(Entry::notice(self.now.wall, text));
    }

    /// Tells the person what went wrong, and what to do.
    pub(in crate::client::session) fn complain(&mut self, words: impl AsRef<str>) {
        if self.mode == Mode::Plain {
            return self.emit(Effect::Print(Printed::Error(Text::block(words.as_ref()))));
        }
        self.tell(words);
    }

    /// Tells something about a conversation, there.
    pub(in crate::client::session) fn remark(&mut self, target: &Target, words: &str) {
        let notice = Entry::notice(self.now.wall, Text::block(words));
        self.talk(target).add(notice);
    }

    /// Tells what happened in a place, there; in plain mode, with its name before it.
    pub(in crate::client::session) fn happened(&mut self, place: &Target, words: &str) {
        if self.mode == Mode::Plain {
            return self.tell(plain::place(place) + words);
        }
        self.remark(place, words);
    }

    /// Tells what nobody is to miss: in its place, in view, and by the bell.
    pub(in crate::client::session) fn proclaim(&mut self, place: &Target, words: &str) {
        self.ring();
        if self.mode == Mode::Plain {
            return self.tell(plain::place(place) + words);
        }
        let loud = |now, words: &str| Entry::loud(now, Text::block(words));
        let now = self.now.wall;
        if !self.is_in_view(place) {
            let words = plain::place(place) + words;
            self.conversations.current_mut().add(loud(now, &words));
        }
        self.talk(place).add(loud(now, words));
    }

    /// The conversation in a place; for a room that one is not in, the one with everyone.
    pub(in crate::client::session) fn talk(&mut self, place: &Target) -> &mut Conversation {
        let outside = matches!(place, Target::Room(room) if self.rooms.is_outside(room));
        self.conversations.with(if outside { &Target::Everyone } else { place })
    }

    pub(in crate::client::session) fn is_in_view(&self, target: &Target) -> bool {
        self.conversations.position(target) == Some(self.conversations.index())
    }

    /// Rings, unless it rang just now, or the person does not want to be disturbed.
    pub(in crate::client::session) fn ring(&mut self) {
        if self.mode == Mode::Screen && !self.undisturbed && self.bell.ring(self.now.steady) {
            self.emit(Effect::Bell);
        }
    }

    pub(in crate::client::session) fn open(&mut self, dialog: Dialog, form: Form) {
        // One thing at a time lies over the chat.
        self.search.open = false;
        self.dialog = Some((dialog, form));
    }
}
