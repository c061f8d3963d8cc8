//! What refusals and the ends of lists mean for every part, and what ends the session for good.
//!
//! Must not know: the handshake, or how anything is shown.

use super::Session;
use super::flows::changing::Changing;
use super::link::Hindrance;
use super::notice::Notice;
use super::outbound::awaited::Awaited;
use crate::client::msg::Effect;
use crate::language::chat as say;
use crate::model::Text;
use crate::protocol::Code;

impl Session {
    pub(super) fn changing(&mut self) -> Changing<'_> {
        let Self { link, outbound, chat, history, out, .. } = self;
        Changing::new(link, outbound, chat, history, out)
    }

    /// The list of who is online is complete.
    pub(super) fn list_ended(&mut self, reference: Option<&str>) {
        self.outbound.answered(reference, &Awaited::List);
        self.chat.list_ended();
        if self.link.abilities().rooms {
            for room in self.chat.rooms_gone() {
                self.viewing().close_room(&room);
                self.tell(Notice::News(say::no_longer_in(&room)));
            }
        }
        self.listed();
        if self.plain.take_print_list() {
            self.tell(Notice::News(self.chat.online_sentence()));
        }
    }

    /// If a request was refused because there is no such user or room: a sentence with what was probably meant.
    fn unknown_words(&mut self, label: &str, code: Code) -> Option<String> {
        let typed = self.outbound.take_named(label, code)?;
        if code == Code::NoSuchRoom { self.chat.no_room(&typed) } else { self.chat.no_user(&typed, self.link.me()) }
    }

    /// The server refuses a request.
    pub(super) fn refused(&mut self, label: &str, code: Code, text: &Text) {
        if self.refused_to_program(label, code, text) || self.viewing().refused(label, code, text) {
            return;
        }
        if self.history.search().awaits(Some(label)) {
            if self.history.postpone_mention(code, self.out.steady()) {
                return;
            }
            return self.viewing().search_failed(text.to_string());
        }
        // With a label it answers a request, such as joining a room.
        if self.calling().refused(label) {
            return;
        }
        let removed = label.is_empty() && matches!(code, Code::Kicked | Code::Banned);
        if removed || code == Code::TakenOver {
            self.end_here();
            self.ui.settle();
            let text = text.clone();
            let banned = code == Code::Banned;
            let kept_out = Hindrance::KeptOut { text: text.clone(), banned };
            return self.hinder(&if removed { kept_out } else { Hindrance::TakenOver(text) });
        }
        // This node serves nobody for now; what it has not accepted is sent to another one.
        if label.is_empty() && code == Code::Elsewhere {
            self.out.emit(Effect::Disconnect);
            return self.lost(text.as_str());
        }
        let reworded = self.unknown_words(label, code).map(|words| Text::line(&words));
        let text = reworded.as_ref().unwrap_or(text);
        let awaited = self.outbound.take(label);
        self.ui.answer_refused(label, text.as_str());
        match awaited {
            Some(Awaited::Message(message)) => {
                let target = message.target().clone();
                self.sending().refused(message, code, text);
                if code == Code::NoSuchUser {
                    self.viewing().found_nobody(&target);
                }
                return;
            }
            Some(Awaited::Moderator) if self.out.is_screen() => return self.presiding().ask_passphrase(text.as_str()),
            Some(Awaited::Inquiry(inquiry)) => return self.inquiring().refused(&inquiry, text),
            Some(Awaited::Change(target, id, edit)) => return self.changing().refused((&target, id, edit), text),
            Some(Awaited::List) => self.chat.forget_listing(),
            Some(Awaited::Close | Awaited::Moderator) => {
                self.moderating.set_wants_close(false);
                self.plain.count_refused();
            }
            // Without a label it answers a request that the client makes by itself, such as a ping.
            None if label.is_empty() && code == Code::RateLimited => return,
            Some(Awaited::Call(id)) => return self.calling().ring_refused(id, text),
            Some(Awaited::Conference) => return self.calling().conference_refused(text),
            Some(Awaited::Echo | Awaited::About) | None => {}
        }
        self.tell(Notice::trouble(text.as_str()));
    }
}
