//! How far the person has read, and telling the server of it now and then.
//!
//! Must not know: how what is unread is asked for (`past`).

use std::time::Duration;

use super::requests::written;
use crate::client::chat::conversation::{Anchor, Conversation};
use crate::client::chat::reach::Older;
use crate::client::session::{Mode, Session};
use crate::protocol::{Command, HistoryCommand};

/// How often the server is told.
const READ_EVERY: Duration = Duration::from_secs(3);

impl Session {
    /// Whether the person has read on in the conversation in view since the server was told.
    pub(in crate::client::session) fn has_read_on(&self) -> bool {
        let reach = &self.conversations.current().reach;
        self.abilities.read && self.past.standing && self.mode == Mode::Screen && reach.read > reach.told
    }

    /// Tells the server how far the person has read the conversation in view; at once if it goes out of view.
    pub(in crate::client::session) fn tell_read(&mut self, at_once: bool) {
        let at_bottom = |conversation: &Conversation| conversation.anchor == Anchor::Bottom;
        if self.past.standing && at_bottom(self.conversations.current()) {
            let reach = &mut self.conversations.current_mut().reach;
            if reach.older != Older::Unknown && !reach.detached {
                reach.read = reach.read.max(reach.newest);
            }
        }
        if self.connection.online().is_none() || !self.has_read_on() || !at_once && self.past.read_at > self.now.steady
        {
            return;
        }
        self.past.read_at = self.now.steady.after(READ_EVERY);
        let conversation = self.conversations.current_mut();
        conversation.reach.told = conversation.reach.read;
        let command =
            Command::History(HistoryCommand::Read { with: written(&conversation.target), id: conversation.reach.read });
        self.ask(command, None);
    }
}
