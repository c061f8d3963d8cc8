//! The read mark of the conversation in view.
//!
//! Must not know: when the server is told.

use super::Chat;
use super::messages::mentions;
use crate::client::chat::conversation::Anchor;
use crate::client::chat::reach::Older;
use crate::client::session::link::Me;
use crate::model::{MessageId, Target};

impl Chat {
    /// Moves the read mark to the end, if the end is in view and the person does not look elsewhere.
    pub(in crate::client::session) fn read_to_end(&mut self) {
        if self.notifier.looks_elsewhere() {
            return;
        }
        let conversation = self.conversations.current_mut();
        let at_bottom = conversation.anchor == Anchor::Bottom;
        let reach = &mut conversation.reach;
        if at_bottom && reach.older != Older::Unknown && !reach.detached {
            reach.read = reach.read.max(reach.newest);
        }
    }

    /// Whether the read mark moved since the server was told.
    pub(in crate::client::session) fn has_read_on(&self) -> bool {
        let reach = &self.current().reach;
        reach.read > reach.told
    }

    /// The person has read a conversation up to a message in another session.
    pub(in crate::client::session) fn read_elsewhere(&mut self, with: &Target, id: MessageId, me: &Me) {
        let Some(conversation) = self.known(with) else { return };
        conversation.read_elsewhere(id, |entry| mentions(entry, me));
        self.changed = true;
    }

    /// The read mark, to be sent to the server now; `None` for a direct conversation.
    pub(in crate::client::session) fn take_read_mark(&mut self) -> Option<(Target, MessageId)> {
        let conversation = self.conversations.current_mut();
        conversation.reach.told = conversation.reach.read;
        Some((conversation.target()?.clone(), conversation.reach.read))
    }
}
