//! The acts of moderators, as they are shown in the place where they happen.
//!
//! Must not know: how an act is asked for, or who may do what.

use super::Chat;
use crate::client::chat::act_words::act_sentence;
use crate::client::chat::entry::ChatEntry;
use crate::client::session::effects::Effects;
use crate::client::session::link::Me;
use crate::client::text::print;
use crate::language::chat as say;
use crate::model::{Name, Target, Text};
use crate::protocol::{Done, Verb};

impl Chat {
    /// Shows an act; `mine` if the person asked for it.
    pub(in crate::client::session) fn take_act(
        &mut self,
        mine: bool,
        by: &Name,
        place: &Target,
        done: &Done,
        me: &Me,
        out: &mut Effects,
    ) {
        let subject = done.subject.as_ref().and_then(|subject| Name::parse(subject.as_str()).ok());
        if let (Verb::Grant | Verb::Revoke, Some(name)) = (done.verb, &subject) {
            self.rooms.promoted(place, name, done.verb == Verb::Grant);
        }
        let words = act_sentence(done, by.as_str());
        let to_me = subject.is_some_and(|name| me.is(&name));
        let announced = done.verb == Verb::Announce;
        // Only the server's moderators announce to everyone; and the person must learn of acts against themselves.
        let to_all = announced && *place == Target::Everyone;
        if self.ignored.has(by) && !mine && !to_me && !to_all {
            return;
        }
        let elsewhere = out.is_screen() && !self.is_in_view(place);
        if !mine && (announced || to_me) {
            if elsewhere {
                self.talk(place).count_unread(true);
            }
            return self.alarm(place, &words, out);
        }
        if announced && out.is_screen() {
            let entry = ChatEntry::loud(out.wall(), Text::block(&words));
            self.talk(place).add(entry);
        } else {
            self.event(place, &words, out);
        }
        if mine && elsewhere {
            self.news(print::room_prefix(place) + &words, out);
        }
    }

    /// The announced closing is called off.
    pub(in crate::client::session) fn tell_called_off(&mut self, by: &Name, out: &mut Effects) {
        let words = say::called_off(by);
        self.event(&Target::Everyone, &words, out);
        if out.is_screen() && !self.is_in_view(&Target::Everyone) {
            self.news(words, out);
        }
    }
}
