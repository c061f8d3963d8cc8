//! Direct conversations: what is said in them, and the lines about calls and files.
//!
//! What stands here is kept nowhere else, and nothing here goes to the server.
//!
//! Must not know: channels, or how a call is made.

use super::Chat;
use crate::client::chat::conversation::{Anchor, Conversation};
use crate::client::chat::entry::{ChatEntry, EntryKind, Mark};
use crate::client::chat::venue::Venue;
use crate::client::direct::orders::FileKey;
use crate::client::msg::{Effect, Printed};
use crate::client::session::effects::Effects;
use crate::client::session::link::Me;
use crate::client::text::editor::Editor;
use crate::language::chat as say;
use crate::model::{Name, Target, Text};
use crate::protocol::CallId;

impl Chat {
    /// Another user says something directly.
    pub(in crate::client::session) fn said_directly(
        &mut self,
        name: &Name,
        verified: bool,
        text: Text,
        out: &mut Effects,
    ) {
        let kind = EntryKind::Message { from: name.clone(), own: false, verified, text, mark: Mark::Accepted };
        let hidden = matches!(self.hidden(kind.clone()), EntryKind::Hidden(_));
        let EntryKind::Message { text, .. } = &kind else { return };
        if hidden {
            return;
        }
        if out.is_plain() {
            let (time, from, text) = (out.wall(), name.clone(), text.clone());
            return out.emit(Effect::Print(Printed::Direct { time, from, verified, text }));
        }
        let body = if self.notifier.shows_content() { text.to_string() } else { say::private_message().to_owned() };
        let conversation = self.conversations.at_venue(&Venue::Direct(name.clone()));
        conversation.add(ChatEntry { time: out.wall(), id: None, kind, extra: None });
        conversation.count_arrived();
        if !self.is_directly_in_view(name) || self.notifier.looks_elsewhere() {
            self.conversations.at_venue(&Venue::Direct(name.clone())).count_unread(false);
        }
        if self.notifier.concerns(&Target::User(name.clone()), false) {
            self.call_directly(name, body, out);
        }
    }

    /// Calls the person about a direct conversation, unless they surely see it.
    pub(in crate::client::session) fn call_directly(&mut self, name: &Name, body: String, out: &mut Effects) {
        let at_end = self.current().anchor == Anchor::Bottom;
        if !(self.is_directly_in_view(name) && at_end && self.notifier.surely_looks()) {
            let venue = Venue::Direct(name.clone());
            self.call(&Target::User(name.clone()), venue.shown(), body, out);
        }
    }

    /// Shows what the person says directly.
    pub(in crate::client::session) fn say_directly(&mut self, name: &Name, text: Text, me: &Me, out: &Effects) {
        let Some(from) = me.name().cloned().filter(|_| out.is_screen()) else { return };
        let kind = EntryKind::Message { from, own: true, verified: me.is_verified(), text, mark: Mark::Accepted };
        let conversation = self.conversations.at_venue(&Venue::Direct(name.clone()));
        conversation.attach();
        conversation.add(ChatEntry { time: out.wall(), id: None, kind, extra: None });
        conversation.leave();
    }

    /// Takes back what the person said last in these words: it was not said.
    pub(in crate::client::session) fn unsay(&mut self, name: &Name, said: &Text) {
        if let Some(conversation) = self.direct_mut(name) {
            conversation.take_last_own(said);
        }
    }

    /// Shows a notice in a direct conversation; `false` if there is none with this user.
    pub(in crate::client::session) fn direct_remark(&mut self, name: &Name, words: &str, out: &Effects) -> bool {
        let conversation = self.direct_mut(name).filter(|_| out.is_screen());
        let notice = ChatEntry::notice(out.wall(), Text::block(words));
        conversation.map(|conversation| conversation.add(notice)).is_some()
    }

    /// Shows the line of a file in a direct conversation, in place of the one before; `over` if it stays so.
    pub(in crate::client::session) fn file_line(
        &mut self,
        name: &Name,
        (call, file): (CallId, &FileKey),
        words: &str,
        over: bool,
        out: &Effects,
    ) {
        let text = Text::block(words);
        let conversation = self.conversations.at_venue(&Venue::Direct(name.clone()));
        if !conversation.replace_file_line((call, file), &text, over) {
            let kind = EntryKind::File { call, file: file.clone(), text, over };
            conversation.add(ChatEntry { time: out.wall(), id: None, kind, extra: None });
        }
    }

    /// Counts a missed call as unread where its line stands, unless that is in view.
    pub(in crate::client::session) fn count_missed(&mut self, name: &Name) {
        let direct = Venue::Direct(name.clone());
        let there = self.conversations.position_of(&direct).is_some();
        let venue = if there { direct } else { Venue::Server(Target::User(name.clone())) };
        if self.current().venue.key() != venue.key() || self.notifier.looks_elsewhere() {
            self.conversations.at_venue(&venue).count_unread(true);
        }
    }

    /// Whether the direct conversation with a user is in view.
    pub(in crate::client::session) fn is_directly_in_view(&self, name: &Name) -> bool {
        self.current().venue.key() == Venue::Direct(name.clone()).key()
    }

    /// Changes the draft of a direct conversation that is not in view.
    pub(in crate::client::session) fn change_direct_draft(&mut self, name: &Name, change: impl Fn(&str) -> String) {
        if let Some(conversation) = self.direct_mut(name) {
            conversation.draft = Editor::with(&change(&conversation.draft.text()));
        }
    }

    fn direct_mut(&mut self, name: &Name) -> Option<&mut Conversation> {
        let at = self.conversations.position_of(&Venue::Direct(name.clone()))?;
        self.conversations.iter_mut().nth(at)
    }
}
