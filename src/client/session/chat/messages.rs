//! The messages as they are shown: incoming ones, and the person's own with their marks.
//!
//! Must not know: how a message is sent, or what else is asked of the server.

use super::Chat;
use super::told::Header;
use crate::client::chat::conversation::{Anchor, Conversation};
use crate::client::chat::entry::{ChatEntry, EntryExtra, EntryKind, Mark};
use crate::client::chat::lookup_keys::folded;
use crate::client::chat::notify;
use crate::client::chat::venue::Venue;
use crate::client::msg::{Effect, Printed, Unsent};
use crate::client::session::effects::Effects;
use crate::client::session::link::Me;
use crate::client::session::outbound::awaited::Outgoing;
use crate::client::text::action_text::beside_sender;
use crate::client::text::editor::Editor;
use crate::client::text::print;
use crate::language::chat as say;
use crate::language::places::place;
use crate::model::{MessageId, Name, Target, Text, Timestamp};
use crate::protocol::{ReplyTo, packet};

/// How many messages of a conversation plain mode remembers, so that they can be answered, changed, and deleted by
/// position.
pub(in crate::client::session) const MAX_NOTED: usize = 50;

impl Chat {
    /// Shows or prints an incoming message.
    pub(in crate::client::session) fn incoming(
        &mut self,
        header: &Header,
        target: Target,
        kind: EntryKind,
        me: &Me,
        out: &mut Effects,
    ) {
        let id = header.id();
        let entry =
            ChatEntry { time: header.time().unwrap_or(out.wall()), id, kind: self.hidden(kind), extra: header.extra() };
        let (own, hidden) = match &entry.kind {
            EntryKind::Message { own, .. } => (*own, false),
            EntryKind::Notice(_)
            | EntryKind::Loud(_)
            | EntryKind::Deleted { .. }
            | EntryKind::Hidden(_)
            | EntryKind::File { .. }
            | EntryKind::Presence { .. } => (false, true),
        };
        if out.is_plain() {
            return self.incoming_plain(&target, entry, own, me, out);
        }
        // A user who is ignored does not open a conversation.
        if hidden && self.conversations.position(&target).is_none() {
            return;
        }
        let mention = mentions(&entry, me);
        if let Target::User(name) = &target {
            self.closed.remove(&folded(name));
            self.is_somebody(name);
        }
        let called = !own && !hidden && self.notifier.concerns(&target, mention);
        let told = if called { self.notification(&target, &entry, mention) } else { None };
        let conversation = self.conversations.with(&target);
        if conversation.reach.detached {
            // It follows messages that are not loaded yet, and is loaded with them.
            conversation.reach.saw(id);
            conversation.reach.again = true;
        } else if !conversation.add(entry) {
            return;
        }
        let scrolled = conversation.anchor != Anchor::Bottom;
        if !own && !hidden {
            conversation.count_arrived();
        }
        let in_view = self.is_in_view(&target);
        if (!in_view || self.notifier.looks_elsewhere()) && !own && !hidden {
            self.conversations.with(&target).count_unread(mention);
        }
        // A terminal that is behind other windows shows nobody what is in view.
        let seen = in_view && !scrolled && self.notifier.surely_looks();
        if let Some((title, body)) = told.filter(|_| !seen) {
            self.call(&target, title, body, out);
        }
    }

    /// The title and the text of a notification about a message.
    fn notification(&self, target: &Target, entry: &ChatEntry, mention: bool) -> Option<(String, String)> {
        let EntryKind::Message { from, verified, text, .. } = &entry.kind else { return None };
        let name = format!("{}{from}", print::unverified_mark(*verified || self.verifies_nobody));
        let title = match target {
            Target::User(_) => name.clone(),
            Target::Everyone | Target::Room(_) => say::name_in_place(&name, place(target)),
        };
        let body = match (self.notifier.shows_content(), target) {
            (true, _) => beside_sender(&name, text.as_str()).into_owned(),
            (false, Target::User(_)) => say::private_message().to_owned(),
            (false, Target::Everyone | Target::Room(_)) if mention => say::message_mentions_you().to_owned(),
            (false, Target::Everyone | Target::Room(_)) => say::a_message().to_owned(),
        };
        Some((title, body))
    }

    fn incoming_plain(&mut self, target: &Target, entry: ChatEntry, own: bool, me: &Me, out: &mut Effects) {
        let conversation = self.conversations.with(target);
        if conversation.reach.hole.is_some() && !own {
            // It is printed in its place, after the messages missed before it.
            return conversation.wait(entry);
        }
        conversation.reach.saw(entry.id);
        // A returned broadcast was requested, and what the person wrote to somebody else comes from another session of
        // theirs; a note to themselves is on the screen already.
        let is_note = own && matches!(target, Target::User(name) if me.is(name));
        if !is_note {
            self.print(target, entry, false, me, out);
        }
    }

    /// Prints a message, and remembers it so that it can be answered or changed; `old` if it was said before the client
    /// joined.
    pub(super) fn print(&mut self, target: &Target, entry: ChatEntry, old: bool, me: &Me, out: &mut Effects) {
        let mention = mentions(&entry, me);
        self.talk(target).note(entry.clone(), MAX_NOTED);
        let reply = entry.reply_to().cloned();
        if let EntryKind::Message { from, verified, text, .. } = entry.kind {
            let (id, time, to) = (entry.id, entry.time, target.clone());
            out.emit(Effect::Print(Printed::Message { id, time, from, verified, to, text, reply, mention, old }));
        }
    }

    /// Shows a message that the person sends, perhaps as an answer to another.
    pub(in crate::client::session) fn add_own(
        &mut self,
        target: &Target,
        (text, reply_to): (Text, Option<ReplyTo>),
        mark: Mark,
        me: &Me,
        now: Timestamp,
    ) {
        let Some(from) = me.name().cloned() else { return };
        let kind = EntryKind::Message { from, own: true, verified: me.is_verified(), text, mark };
        let conversation = self.conversations.with(target);
        conversation.attach();
        let extra = reply_to.map(|reply| Box::new(EntryExtra { reply_to: Some(reply), ..EntryExtra::default() }));
        conversation.add(ChatEntry { time: now, id: None, kind, extra });
        conversation.leave();
    }

    /// A message of the person is accepted.
    pub(in crate::client::session) fn accept(
        &mut self,
        message: &Outgoing,
        id: Option<MessageId>,
        time: Option<Timestamp>,
        me: &Me,
        out: &Effects,
    ) {
        let target = message.target();
        if let (true, Some(from), Some(_)) = (out.is_plain(), me.name().cloned(), id) {
            let (verified, text) = (me.is_verified(), message.text().clone());
            let kind = EntryKind::Message { from, own: true, verified, text, mark: Mark::Accepted };
            self.talk(target).note(ChatEntry { time: time.unwrap_or(out.wall()), id, kind, extra: None }, MAX_NOTED);
        }
        if let Target::User(name) = target {
            self.is_somebody(name);
        }
        if let Some(conversation) = self.known(target) {
            conversation.accept(message.label(), id, time);
            conversation.reach.saw(id);
        }
    }

    /// A message that waits has another text.
    pub(in crate::client::session) fn rewrite(&mut self, target: &Target, label: &str, text: Text) {
        if let Some(conversation) = self.known(target) {
            conversation.rewrite(label, text);
        }
    }

    /// A message that waits is not to be sent.
    pub(in crate::client::session) fn withdraw(&mut self, target: &Target, label: &str) {
        if let Some(conversation) = self.known(target) {
            conversation.withdraw(label);
        }
    }

    /// A message was sent to a TR2.23 server, which does not acknowledge it.
    pub(in crate::client::session) fn accept_unseen(&mut self, message: &Outgoing) {
        self.conversations.with(message.target()).accept(message.label(), None, None);
    }

    /// Says once that the recipient of an accepted message is offline.
    pub(in crate::client::session) fn tell_if_offline(&mut self, target: &Target, offline: bool, out: &mut Effects) {
        let told = std::mem::replace(&mut self.talk(target).told_offline, offline);
        if offline && !told {
            let words = say::is_offline(target);
            if out.is_screen() && !self.is_in_view(target) {
                self.news(say::query_goes_there(&words, target), out);
            }
            self.news(words, out);
        }
    }

    /// Marks a message as not sent; `unsure` if it may have arrived all the same.
    pub(in crate::client::session) fn mark_not_sent(&mut self, message: &Outgoing, unsure: bool) {
        if let Some(conversation) = self.known(message.target()) {
            conversation.fail(message.label(), message.is_me_too(), unsure);
        }
    }

    /// Marks the last message as not sent, under this label, if these words of a TR2.23 server report its recipient as
    /// unknown; returns that recipient.
    pub(in crate::client::session) fn recipient_unknown(&mut self, words: &Text, label: String) -> Option<Name> {
        let missing = |one: &&mut Conversation| one.target().is_some_and(|target| says_missing(words, target));
        let conversation = self.conversations.iter_mut().find(missing)?;
        conversation.fail_last(label);
        if let Some(Target::User(name)) = conversation.target() { Some(name.clone()) } else { None }
    }

    /// The labels of the messages marked as not sent in the conversation in view, oldest first.
    pub(in crate::client::session) fn labels_not_sent(&self) -> Vec<String> {
        let label = |entry: &ChatEntry| match entry.mark() {
            Some(Mark::NotSent { label, .. }) => Some(label.clone()),
            Some(Mark::Accepted | Mark::Sending(_)) | None => None,
        };
        self.current().entries().iter().filter_map(label).collect()
    }

    /// A message marked as not sent, and the conversation that it is in.
    pub(in crate::client::session) fn not_sent_as(&self, label: &str) -> Option<(&Target, &ChatEntry)> {
        self.conversations.iter().find_map(|one| Some((one.target()?, one.unsent(label)?)))
    }

    /// Removes a message marked as not sent; returns its text.
    pub(in crate::client::session) fn take_not_sent(&mut self, label: &str) -> Option<Text> {
        let mut entry = self.conversations.iter_mut().find_map(|one| one.take_unsent(label))?;
        entry.kind.text_mut().map(std::mem::take)
    }

    /// What could not be sent in a conversation.
    pub(in crate::client::session) fn not_sent_to(&self, target: &Target) -> String {
        let entries = self.conversations.find(target).into_iter().flat_map(Conversation::entries);
        let texts = entries.filter(|entry| entry.is_not_sent()).filter_map(|entry| match &entry.kind {
            EntryKind::Message { text, .. } => Some(text.as_str()),
            _ => None,
        });
        texts.collect::<Vec<_>>().join("\n")
    }

    /// The number of messages marked as not sent, in all conversations.
    pub(in crate::client::session) fn not_sent(&self) -> usize {
        self.conversations.iter().map(Conversation::not_sent).sum()
    }

    /// The messages marked as not sent, in all conversations.
    pub(in crate::client::session) fn unsent(&self) -> Vec<Unsent> {
        let marked = |conversation: &Conversation, entry: &ChatEntry| match &entry.kind {
            EntryKind::Message { text, mark: Mark::NotSent { unsure, .. }, .. } => {
                let to = conversation.target()?.clone();
                Some(Unsent { to, text: text.clone(), unsure: *unsure, draft: false })
            }
            _ => None,
        };
        let of_one = |conversation| {
            Conversation::entries(conversation).iter().filter_map(move |entry| marked(conversation, entry))
        };
        self.conversations.iter().flat_map(of_one).collect()
    }

    /// The drafts of all conversations; `in_view` is that of the conversation in view. What was to be said directly is
    /// kept nowhere.
    pub(in crate::client::session) fn drafts(&self, in_view: Editor) -> Vec<Unsent> {
        let current = &self.current().venue;
        let others = self.conversations.iter().filter(|one| one.venue != *current).map(|one| (&one.venue, &one.draft));
        let drafts =
            std::iter::once((current, &in_view)).chain(others).filter(|(_, draft)| !draft.text().trim().is_empty());
        let draft = |(venue, draft): (&Venue, &Editor)| {
            let to = venue.target()?.clone();
            Some(Unsent { to, text: Text::block(&draft.text()), unsure: false, draft: true })
        };
        drafts.filter_map(draft).collect()
    }

    /// Changes the draft of a conversation out of view, begun if there is none.
    pub(in crate::client::session) fn add_to_draft(&mut self, target: &Target, longer: impl Fn(&Editor) -> Editor) {
        let conversation = self.conversations.with(target);
        conversation.draft = longer(&conversation.draft);
    }

    /// Whether a conversation out of view has a draft.
    pub(in crate::client::session) fn has_draft(&self) -> bool {
        self.conversations.iter().any(|conversation| !conversation.draft.is_empty())
    }
}

/// Whether these words of a TR2.23 server report this user as unknown.
pub(in crate::client::session) fn says_missing(words: &Text, target: &Target) -> bool {
    matches!(target, Target::User(name) if packet::not_found(name.as_str()) == *words)
}

/// Whether a message of somebody else mentions the person: by name, or by a word of their own.
pub(super) fn mentions(entry: &ChatEntry, me: &Me) -> bool {
    let EntryKind::Message { own: false, text, .. } = &entry.kind else { return false };
    me.called().iter().any(|word| notify::mentions(text.as_str(), word))
}
