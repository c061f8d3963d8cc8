//! What a draft is for, if not for a new message: an answer, or another text for a message.
//!
//! Keeps true: the draft that an edit replaced comes back, whatever becomes of the edit.
//!
//! Must not know: how an answer or an edit is sent.

use std::collections::BTreeMap;

use super::Ui;
use super::view_source::ViewSource;
use crate::client::chat::conversation::Conversation;
use crate::client::chat::entry::EntryKind;
use crate::client::session::chat::Chat;
use crate::client::text::action_text::with_sender;
use crate::client::text::editor::Editor;
use crate::client::text::wrap::{cells, fit};
use crate::client::view::{MessageRef, Scope, StyledLine};
use crate::language::picking as say;
use crate::model::MessageId;
use crate::protocol::ReplyTo;

/// What a draft is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::client::session) enum DraftMark {
    /// It answers a message, which said this when the answer was begun.
    Reply(ReplyTo),
    /// It is another text for a message of the person.
    Edit(DraftEdit),
}

/// An edit that is being written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::client::session) struct DraftEdit {
    /// The message.
    pub(in crate::client::session) message: MessageRef,
    /// The text that the edit began with.
    pub(in crate::client::session) began: String,
    /// The draft before the edit, and the message that it answers.
    before: Editor,
    reply: Option<ReplyTo>,
}

/// The marks of the drafts, by the keys of their conversations.
#[derive(Clone, Debug, Default)]
pub(super) struct DraftMarks(BTreeMap<String, DraftMark>);

impl Ui {
    /// What the draft in view is for.
    pub(in crate::client::session) fn draft_mark(&self, chat: &Chat) -> Option<&DraftMark> {
        self.marks.0.get(key(chat.current()))
    }

    /// What is being written answers a message from now on.
    pub(in crate::client::session) fn begin_reply(&mut self, id: MessageId, chat: &Chat) {
        self.leave_edit(chat);
        self.pick(None);
        let conversation = chat.current();
        self.marks.0.insert(key(conversation).to_owned(), DraftMark::Reply(conversation.reply_to(id)));
        self.focus_composer();
    }

    /// The text of a message comes into the composer, in place of the draft.
    pub(in crate::client::session) fn begin_edit(&mut self, message: MessageRef, text: &str, chat: &Chat) {
        self.leave_edit(chat);
        self.pick(None);
        let reply = match self.draft_mark(chat) {
            Some(DraftMark::Reply(reply)) => Some(reply.clone()),
            Some(DraftMark::Edit(_)) | None => None,
        };
        let before = self.composer.swap(Editor::with(text));
        let edit = DraftEdit { message, began: self.composer.editor().text(), before, reply };
        self.marks.0.insert(key(chat.current()).to_owned(), DraftMark::Edit(edit));
        self.focus_composer();
    }

    /// The message with this label has a number now: what edits it goes on.
    pub(super) fn edits_accepted(&mut self, label: &str, id: MessageId) {
        for mark in self.marks.0.values_mut() {
            if let DraftMark::Edit(edit) = mark
                && edit.message == MessageRef::Label(label.to_owned())
            {
                edit.message = MessageRef::Number(id);
            }
        }
    }

    /// The draft in view is sent: what it was for is done. The draft before an edit comes back.
    pub(in crate::client::session) fn end_mark(&mut self, place: &str) {
        if let Some(DraftMark::Edit(edit)) = self.marks.0.remove(place) {
            let before = self.take_back(place, edit);
            self.composer.swap(before);
        }
    }

    /// Ends what the draft in view is for; `false` if it is for nothing but a new message.
    pub(super) fn drop_mark(&mut self, chat: &Chat) -> bool {
        let place = key(chat.current());
        self.leave_edit(chat) || self.marks.0.remove(place).is_some()
    }

    /// Ends an edit without sending it: the draft before it comes back, and Ctrl-Y brings back what was written.
    fn leave_edit(&mut self, chat: &Chat) -> bool {
        let place = key(chat.current());
        if !matches!(self.marks.0.get(place), Some(DraftMark::Edit(_))) {
            return false;
        }
        let written = self.composer.editor().text();
        if let Some(DraftMark::Edit(edit)) = self.marks.0.remove(place) {
            let changed = written != edit.began;
            let before = self.take_back(place, edit);
            self.composer.swap(before);
            if changed {
                self.composer.keep_cut(&written);
            }
        }
        true
    }

    /// The draft before an edit, with its own mark.
    fn take_back(&mut self, place: &str, edit: DraftEdit) -> Editor {
        if let Some(reply) = edit.reply {
            self.marks.0.insert(place.to_owned(), DraftMark::Reply(reply));
        }
        edit.before
    }

    /// A conversation is removed: its mark goes. What an edit had replaced goes where Ctrl-Y finds it.
    pub(in crate::client::session) fn forget_mark(&mut self, conversation: &Conversation) {
        if let Some(DraftMark::Edit(edit)) = self.marks.0.remove(key(conversation)) {
            self.composer.keep_cut(&edit.before.text());
        }
    }

    /// Takes the drafts that edits have replaced, each with the key of its conversation and the text that its edit
    /// began with.
    pub(in crate::client::session) fn take_edits(&mut self) -> Vec<(String, String, Editor)> {
        let marks = std::mem::take(&mut self.marks.0).into_iter();
        let edits = marks.filter_map(|(place, mark)| match mark {
            DraftMark::Edit(DraftEdit { began, before, .. }) => Some((place, began, before)),
            DraftMark::Reply(_) => None,
        });
        edits.collect()
    }
}

impl ViewSource<'_> {
    /// What stands above the draft: what it is for, and how to leave that.
    pub(super) fn draft_heading(&self, width: usize) -> Option<StyledLine> {
        let cancels = say::esc_cancels();
        let conversation = self.chat.current();
        let words = match self.ui.draft_mark(self.chat)? {
            DraftMark::Reply(reply) => match conversation.still_quoted(reply).quote {
                Some(quote) => say::reply_to(with_sender(&quote.from, &quote.words.as_str().replace('\n', " "))),
                None => say::reply_to_gone().to_owned(),
            },
            DraftMark::Edit(edit) => {
                let kind = conversation.entry(&edit.message).map(|entry| &entry.kind);
                let gone = matches!(kind, Some(EntryKind::Deleted { .. }));
                (if gone { say::editing_gone() } else { say::editing_yours() }).to_owned()
            }
        };
        let room = width.saturating_sub(cells(cancels));
        Some(StyledLine::of(Scope::Focus, fit(&words, room)).and(Scope::Dim, fit(cancels, width)))
    }
}

/// The key of a conversation; empty for everyone.
fn key(conversation: &Conversation) -> &str {
    conversation.key().unwrap_or_default()
}
