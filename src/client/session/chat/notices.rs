//! Where notices are shown: in the conversation in view, in another one, or as a printed line, some with the bell.
//!
//! Must not know: what a notice is about.

use super::Chat;
use crate::client::chat::entry::ChatEntry;
use crate::client::chat::lookup_keys::shortened;
use crate::client::msg::{Effect, Printed};
use crate::client::session::effects::Effects;
use crate::client::session::notice::Notice;
use crate::client::text::print;
use crate::model::{Target, Text};
use crate::protocol::CallId;

/// The title of a notification that comes from nobody.
const ALARM: &str = "tr2";
/// The longest text of a notification, in bytes.
pub(super) const MAX_BODY: usize = 240;

impl Chat {
    /// Shows a notice.
    pub(in crate::client::session) fn notify(&mut self, notice: Notice, out: &mut Effects) {
        match notice {
            Notice::News(words) => self.news(words, out),
            Notice::Trouble(words) => self.trouble(words, out),
            Notice::Event(place, words) => self.event(&place, &words, out),
            Notice::Alarm(place, words) => self.alarm(&place, &words, out),
        }
    }

    /// See [`Notice::News`].
    pub(in crate::client::session) fn news(&mut self, words: impl AsRef<str>, out: &mut Effects) {
        let text = Text::block(words.as_ref());
        if out.is_plain() {
            return out.print_notice(text);
        }
        out.tell(text, false);
    }

    /// Says that a call rings, on the screen, while it does.
    pub(in crate::client::session) fn news_of_call(&self, id: CallId, words: &str, out: &mut Effects) {
        out.tell_of_call(Text::block(words), id);
    }

    /// A line of a list, of which [`Effects::end_list`] tells the end.
    pub(in crate::client::session) fn news_of_list(&mut self, words: impl AsRef<str>, out: &mut Effects) {
        let text = Text::block(words.as_ref());
        if out.is_plain() {
            return out.print_notice(text);
        }
        out.tell_listed(text);
    }

    /// See [`Notice::Trouble`].
    pub(in crate::client::session) fn trouble(&mut self, words: impl AsRef<str>, out: &mut Effects) {
        if out.is_plain() {
            return out.emit(Effect::Print(Printed::Error(Text::block(words.as_ref()))));
        }
        out.tell(Text::block(words.as_ref()), true);
    }

    /// Shows a notice in the conversation that it is about.
    pub(in crate::client::session) fn remark(&mut self, target: &Target, words: &str, out: &Effects) {
        let notice = ChatEntry::notice(out.wall(), Text::block(words));
        self.talk(target).add(notice);
    }

    /// See [`Notice::Event`].
    pub(in crate::client::session) fn event(&mut self, place: &Target, words: &str, out: &mut Effects) {
        if out.is_plain() {
            return self.news(print::room_prefix(place) + words, out);
        }
        self.remark(place, words, out);
    }

    /// See [`Notice::Alarm`].
    pub(in crate::client::session) fn alarm(&mut self, place: &Target, words: &str, out: &mut Effects) {
        if out.is_plain() {
            return self.news(print::room_prefix(place) + words, out);
        }
        self.call(place, ALARM.to_owned(), print::room_prefix(place) + words, out);
        let loud = |words: &str| ChatEntry::loud(out.wall(), Text::block(words));
        if !self.is_in_view(place) {
            self.conversations.current_mut().add(loud(&(print::room_prefix(place) + words)));
        }
        self.talk(place).add(loud(words));
    }

    /// Calls the person about a conversation: with the bell, and with a notification.
    pub(in crate::client::session) fn call(&mut self, place: &Target, title: String, body: String, out: &mut Effects) {
        if out.is_plain() {
            return;
        }
        let call = self.notifier.call(place, out.steady());
        if call.rings {
            out.emit(Effect::Bell);
        }
        if call.notifies {
            let body = shortened(&Text::line(&body), MAX_BODY).to_string();
            out.emit(Effect::Notify { title, body });
        }
    }
}
