//! Changing messages: the person's edits, deletions and reactions, and what the server tells of anybody's.
//!
//! Must not know: dialogs, keys, or how a message is sent.

use crate::client::chat::entry::{ChatEntry, EntryKind, Mark};
use crate::client::session::chat::Chat;
use crate::client::session::chat::changes::Reacted;
use crate::client::session::chat::told::Header;
use crate::client::session::effects::Effects;
use crate::client::session::history::History;
use crate::client::session::link::Link;
use crate::client::session::outbound::Outbound;
use crate::client::session::outbound::awaited::Awaited;
use crate::client::text::emoji::emoji_named;
use crate::language::names;
use crate::language::sending as say;
use crate::model::{MessageId, Reaction, Target, Text};
use crate::protocol::addressing::destination;
use crate::protocol::escape::escaped_len;
use crate::protocol::limits::MAX_DATA;
use crate::protocol::{ChangeEvent, Command, MessageChange, MessageCommand};

/// The parts involved in changing messages.
#[derive(Debug)]
pub(in crate::client::session) struct Changing<'a> {
    /// Knows the person's name, and the abilities of the server.
    link: &'a Link,
    outbound: &'a mut Outbound,
    /// Shows the messages.
    chat: &'a mut Chat,
    /// Holds answers that come in, and the results of a search.
    history: &'a mut History,
    out: &'a mut Effects,
}

impl<'a> Changing<'a> {
    pub(in crate::client::session) fn new(
        link: &'a Link,
        outbound: &'a mut Outbound,
        chat: &'a mut Chat,
        history: &'a mut History,
        out: &'a mut Effects,
    ) -> Self {
        Self { link, outbound, chat, history, out }
    }

    /// Gives a message of the person another text, which is shown at once. On failure it says why and returns `false`.
    pub(in crate::client::session) fn edit(&mut self, target: &Target, id: MessageId, text: &str) -> bool {
        let text = Text::block(text.trim_matches('\n'));
        let over = escaped_len(text.as_str()).saturating_sub(MAX_DATA);
        let message = self.message(target, id);
        // What is not loaded any more was the person's own when the edit began; the server knows.
        let own = message.is_none_or(is_own);
        let gone = message.is_some_and(|entry| matches!(entry.kind, EntryKind::Deleted { .. }));
        let hindrance = match () {
            () if !self.able(self.link.abilities().edit, say::no_editing()) => return false,
            () if gone => say::message_is_gone().to_owned(),
            () if !own => say::not_your_message().to_owned(),
            () if text.is_blank() => say::edit_needs_text().to_owned(),
            () if over > 0 => say::message_too_long(over, MAX_DATA),
            () => {
                self.chat.begin_edit(target, id, text.clone());
                self.ask(target, id, MessageChange::Edit(text));
                return true;
            }
        };
        self.chat.trouble(hindrance, self.out);
        false
    }

    /// Deletes a message of the person.
    pub(in crate::client::session) fn delete(&mut self, target: &Target, id: MessageId) -> bool {
        if !self.able(self.link.abilities().edit, say::no_editing()) {
            return false;
        }
        if !self.message(target, id).is_some_and(is_own) {
            self.chat.trouble(say::not_your_message(), self.out);
            return false;
        }
        self.ask(target, id, MessageChange::Retract);
        true
    }

    /// Puts a reaction on a message, or takes it back if the person has put it there.
    pub(in crate::client::session) fn react(&mut self, target: &Target, id: MessageId, written: &str) -> bool {
        if !self.able(self.link.abilities().react, say::cannot_do_that()) {
            return false;
        }
        let written = emoji_named(written.trim()).unwrap_or(written);
        let Ok(reaction) = Reaction::parse(written) else {
            self.chat.trouble(names::reaction(), self.out);
            return false;
        };
        let there = |entry: &ChatEntry| entry.reactions().iter().any(|tally| tally.reaction == reaction && tally.mine);
        let taken_back = self.message(target, id).is_some_and(there);
        let written = reaction.to_string();
        let how = if taken_back { MessageChange::Unreact(written) } else { MessageChange::React(written) };
        self.ask(target, id, how);
        true
    }

    /// A message has changed, either live or in an answer.
    pub(in crate::client::session) fn changed(&mut self, header: &Header, verified: bool, change: ChangeEvent) {
        let me = self.link.me();
        match change {
            ChangeEvent::Edited { from, place, text } => {
                self.outbound.take(header.label());
                let place = Chat::conversation_of(&from, place, me);
                self.chat.edited(header, (&from, verified), &place, &text, self.out);
                header.id().into_iter().for_each(|id| self.history.edited(id, &text));
            }
            ChangeEvent::Reacted { by, place, to: author, reaction, on, count, removed_by } => {
                self.outbound.take(header.label());
                let place = Chat::conversation_of(&by, place, me);
                let reacted = Reacted { by, author, reaction, on, count, removed_by };
                self.chat.reacted(header, (place, verified), reacted, me, self.out);
            }
            ChangeEvent::Reactions(all) => self.history.take_reactions(header, all),
            // The end of an answer is the history's.
            ChangeEvent::End { .. } => {}
        }
    }

    /// A change was refused: the message is as it was, and the person learns why.
    pub(in crate::client::session) fn refused(&mut self, (target, id, edit): (&Target, MessageId, bool), why: &Text) {
        if edit {
            self.chat.undo_edit(target, id);
        }
        self.chat.trouble(why, self.out);
    }

    fn message(&self, target: &Target, id: MessageId) -> Option<&ChatEntry> {
        self.chat.conversations().find(target)?.message(id)
    }

    /// Asks for a change of any message; `false` if the server cannot do that.
    pub(in crate::client::session) fn request(&mut self, target: &Target, id: MessageId, how: MessageChange) -> bool {
        let abilities = self.link.abilities();
        let able = match how {
            MessageChange::Edit(_) | MessageChange::Retract => abilities.edit,
            MessageChange::React(_) | MessageChange::Unreact(_) => abilities.react,
        };
        if able {
            self.ask(target, id, how);
        }
        able
    }

    /// Whether there is a server that can do it; otherwise says so, in the words for a server that cannot.
    fn able(&mut self, able: bool, unable: &'static str) -> bool {
        if self.link.is_online() && able {
            return true;
        }
        let online = self.link.is_online();
        let words = if online { unable } else { say::try_once_online() };
        self.chat.trouble(words, self.out);
        false
    }

    fn ask(&mut self, target: &Target, id: MessageId, how: MessageChange) {
        let edit = matches!(how, MessageChange::Edit(_));
        let command = MessageCommand::Change { with: destination(target).to_owned(), id, how };
        self.outbound.ask_for(Awaited::Change(target.clone(), id, edit), Command::Message(command), self.out);
    }
}

fn is_own(entry: &ChatEntry) -> bool {
    matches!(entry.kind, EntryKind::Message { own: true, mark: Mark::Accepted, .. }) && entry.id.is_some()
}
