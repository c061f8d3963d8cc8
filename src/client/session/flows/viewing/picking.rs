//! Picking messages: the one before and after, holding the view still meanwhile, and going to what a message answers.
//!
//! Must not know: what is done with a picked message.

use super::Viewing;
use crate::client::chat::entry::{ChatEntry, EntryKind};
use crate::client::chat::notify;
use crate::client::session::commands::decision::{Direction, PickWhich};
use crate::client::view::MessageRef;
use crate::language::{picking, sending as say};
use crate::model::MessageId;
use crate::protocol::Dialect;

impl Viewing<'_> {
    /// Picks a message before or after the one that is picked, and brings it into view.
    pub(super) fn pick(&mut self, direction: Direction, wanted: PickWhich) {
        let called = self.link.me().called();
        let conversation = self.chat.current();
        let picked = self.ui.picked().and_then(|picked| conversation.index_of(picked));
        let fits = |entry: &ChatEntry| match &entry.kind {
            EntryKind::Message { own, text, .. } if entry.reference().is_some() => {
                wanted == PickWhich::Any || !own && called.iter().any(|word| notify::mentions(text.as_str(), word))
            }
            _ => false,
        };
        let entries = conversation.entries();
        let found = match (direction, picked) {
            (Direction::Earlier, from) => {
                let from = from.unwrap_or(entries.len());
                entries.iter().take(from).rposition(fits)
            }
            (Direction::Later, None) => None,
            (Direction::Later, Some(from)) => {
                entries.iter().enumerate().skip(from + 1).find(|(_, entry)| fits(entry)).map(|(at, _)| at)
            }
        };
        match (found, direction) {
            (Some(at), _) => {
                self.ui.pick(entries.get(at).and_then(ChatEntry::reference));
                self.hold(at);
            }
            (None, Direction::Later) if wanted == PickWhich::Any => {
                self.ui.pick(None);
                self.chat.attach();
            }
            (None, _) if wanted == PickWhich::Any => {
                let unnumbered = self.link.dialect() == Some(Dialect::Tr223) && picked.is_none();
                if unnumbered && entries.iter().any(|entry| entry.mark().is_some()) {
                    self.chat.news(picking::cannot_pick(), self.out);
                }
            }
            (None, direction) => {
                let earlier = direction == Direction::Earlier;
                self.chat.news(if earlier { say::no_earlier_mention() } else { say::no_later_mention() }, self.out);
            }
        }
    }

    /// Picks a message that is in view, or none.
    pub(in crate::client::session) fn pick_shown(&mut self, message: Option<MessageRef>) {
        let picks = message.is_some();
        self.ui.pick(message);
        if picks {
            self.stay();
        }
    }

    /// What is in view stays there, whatever is said meanwhile.
    fn stay(&mut self) {
        let top = self.ui.top(self.chat, self.link, self.out.zone());
        self.chat.scroll_to(top);
    }

    /// Brings an entry into view, and has it stay there.
    fn hold(&mut self, at: usize) {
        if self.ui.shows(at, self.chat, self.link, self.out.zone()) {
            self.stay();
        } else {
            self.look_at(at);
        }
    }

    /// Whether the newest message is in view.
    pub(in crate::client::session) fn is_at_end(&self) -> bool {
        self.ui.is_at_end(self.chat, self.link, self.out.zone())
    }

    /// The picked message stays in view on a screen of another size.
    pub(in crate::client::session) fn hold_picked(&mut self) {
        if let Some(at) = self.ui.picked().and_then(|picked| self.chat.current().index_of(picked)) {
            self.hold(at);
        }
    }

    /// Goes to a message of the conversation in view, and picks it if it is loaded.
    pub(in crate::client::session) fn jump(&mut self, id: MessageId) {
        match self.chat.current().loaded(id) {
            Some(at) => {
                self.ui.pick(Some(MessageRef::Number(id)));
                self.hold(at);
            }
            None => {
                self.ui.pick(None);
                if let Some(target) = self.chat.current().target().cloned() {
                    self.go_to(target, id);
                }
            }
        }
    }
}
