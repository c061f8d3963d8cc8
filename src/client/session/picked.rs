//! What people do with a message that they have picked: answer, edit, delete, react, copy, open a link in it, go to what
//! it answers.
//!
//! Must not know: which keys these are, or how a message is sent or changed.

use super::Session;
use super::commands::decision::{CommandStep, Decision};
use super::commands::moderation;
use super::notice::Notice;
use super::ui::draft_marks::{DraftEdit, DraftMark};
use super::ui::picking::{deletes_as_moderator, hindrance};
use crate::client::action::PickedAct;
use crate::client::action::reading;
use crate::client::chat::entry::{EntryKind, Mark};
use crate::client::dialogs;
use crate::client::msg::Effect;
use crate::client::text::action_text::beside_sender;
use crate::client::text::editor::Editor;
use crate::client::text::links;
use crate::client::text::wrap::{cells, fit};
use crate::client::view::MessageRef;
use crate::language::picking as say;
use crate::model::{MessageId, Target};
use crate::protocol::{Quote, ReplyTo};

impl Session {
    /// Does something with the picked message, or says why that cannot be done.
    pub(super) fn act_on_picked(&mut self, act: PickedAct) {
        let conversation = self.chat.current();
        let Some(entry) = self.ui.picked().and_then(|picked| conversation.entry(picked)) else { return };
        let (Some(message), EntryKind::Message { from, text, mark, .. }) = (entry.reference(), &entry.kind) else {
            return;
        };
        if let Some(why) = hindrance(act, entry, &self.chat, (&self.link, &self.outbound)) {
            return self.tell(Notice::trouble(why));
        }
        let Some(target) = conversation.target().cloned() else { return };
        match (act, message) {
            (PickedAct::Edit, message) => self.ui.begin_edit(message, text.as_str(), &self.chat),
            (PickedAct::Reply, MessageRef::Number(id)) => self.ui.begin_reply(id, &self.chat),
            (PickedAct::Delete, MessageRef::Number(id)) if deletes_as_moderator(entry, &self.chat, &self.link) => {
                let decision = moderation::delete_one(id, &self.here());
                self.carry_out(decision);
            }
            (PickedAct::Delete, message) => {
                let words = Quote::of(from, text).words;
                let words = beside_sender(from, words.as_str());
                self.ui.open(match (message, mark) {
                    (MessageRef::Number(id), _) => dialogs::picked::delete(target, id, &words),
                    (MessageRef::Label(label), Mark::NotSent { unsure, .. }) => {
                        dialogs::picked::drop_not_sent(label, &words, *unsure)
                    }
                    (MessageRef::Label(label), _) => dialogs::picked::withdraw(label, &words),
                });
            }
            (PickedAct::SendAgain, MessageRef::Label(label)) => self.sending().resend_one(&label),
            (PickedAct::React, MessageRef::Number(id)) => {
                self.ui.open(dialogs::picked::react(target, id, entry.reactions()));
            }
            // These need a number.
            (PickedAct::Reply | PickedAct::React, MessageRef::Label(_)) => {}
            // This needs none.
            (PickedAct::SendAgain, MessageRef::Number(_)) => {}
            (PickedAct::Copy, _) => {
                let text = beside_sender(from, text.as_str()).into_owned();
                self.copy(text);
            }
            (PickedAct::Open, _) => match links::all(text.as_str()).as_slice() {
                [link] => self.follow(link.clone()),
                several => self.ui.open(dialogs::picked::links(several.to_vec(), self.out.opens_links())),
            },
            (PickedAct::Jump, _) => {
                if let Some(reply) = entry.reply_to().map(|reply| reply.id) {
                    self.jump(reply);
                }
            }
            (PickedAct::LetGo, _) => self.ui.pick(None),
        }
    }

    /// Goes to a message of the conversation in view, also to one that is not loaded.
    fn jump(&mut self, id: MessageId) {
        let loaded = self.chat.current().loaded(id).is_some();
        match (self.link.is_online(), self.link.abilities().history) {
            _ if loaded => self.viewing().jump(id),
            (false, _) => self.tell(Notice::trouble(say::try_once_online())),
            (true, false) => self.tell(Notice::trouble(say::keeps_no_earlier())),
            (true, true) => self.viewing().jump(id),
        }
    }

    /// Copies a text, and says how much. The terminal may refuse, and says so itself.
    fn copy(&mut self, text: String) {
        let (characters, lines) = (text.chars().count(), text.lines().count());
        self.out.emit(Effect::Copy(text));
        self.tell(Notice::News(match lines {
            0 | 1 => say::copied(characters),
            lines => say::copied_lines(characters, lines),
        }));
    }

    /// Opens a link, or copies it where nothing can open it.
    pub(super) fn follow(&mut self, link: String) {
        let (word, effect): (_, fn(String) -> Effect) = if self.out.opens_links() {
            (say::opening(), Effect::OpenLink)
        } else {
            (say::copied_the_link(), Effect::Copy)
        };
        // A link of any length fits the status bar.
        let room = self.ui.toast_room().saturating_sub(cells(word) + 1);
        self.tell(Notice::News(format!("{word} {}", fit(&link, room))));
        self.out.emit(effect(link));
    }

    /// Enters a draft that is for more than a new message. `None` if the draft is to be entered as usual.
    pub(super) fn enter_marked(&mut self, written: Editor) -> Option<Editor> {
        match self.ui.draft_mark(&self.chat).cloned() {
            Some(DraftMark::Edit(edit)) => {
                self.enter_edit(&edit, written);
                None
            }
            Some(DraftMark::Reply(_)) | None => Some(written),
        }
    }

    /// Gives a message the text that was written. If that fails, the text stays in the composer.
    fn enter_edit(&mut self, edit: &DraftEdit, written: Editor) {
        let text = written.text();
        let Some(target) = self.chat.current().target().cloned() else { return self.ui.put_draft(written) };
        let secret = reading::holds_secret(&text);
        if secret {
            self.tell(Notice::trouble(say::may_hold_passphrase()));
        }
        // A message that was not sent is to be sent, also as it was.
        let unchanged = text == edit.began && !self.is_not_sent(&edit.message);
        if secret || !unchanged && !self.change_text(&target, &edit.message, &text) {
            return self.ui.put_draft(written);
        }
        if unchanged {
            self.tell(Notice::news(say::nothing_changed()));
        } else {
            // The server may still refuse: Up brings it back.
            self.remember(self.place_in_view(), text);
        }
        self.ui.end_mark(&self.place_in_view());
    }

    fn is_not_sent(&self, message: &MessageRef) -> bool {
        matches!(message, MessageRef::Label(label) if self.chat.not_sent_as(label).is_some())
    }

    /// Gives a message another text, also one that still waits or was not sent. `false` if that fails.
    pub(super) fn change_text(&mut self, target: &Target, message: &MessageRef, text: &str) -> bool {
        match message {
            MessageRef::Number(id) => self.changing().edit(target, *id, text),
            MessageRef::Label(label) => self.sending().rewrite(target, label, text),
        }
    }

    /// Takes back a message that waits or was not sent. `false` if that fails.
    pub(super) fn withdraw(&mut self, label: &str) -> bool {
        let Some(text) = self.sending().withdraw(label) else { return false };
        self.ui.pick(None);
        self.ui.keep_cut(text.as_str());
        true
    }

    /// The message that the draft in view answers.
    pub(super) fn reply_mark(&self) -> Option<ReplyTo> {
        match self.ui.draft_mark(&self.chat)? {
            DraftMark::Reply(reply) => Some(self.chat.current().still_quoted(reply)),
            DraftMark::Edit(_) => None,
        }
    }

    /// A decision on a draft that may answer a message: what it sends to the conversation in view is the answer. Returns
    /// whether it is one.
    pub(super) fn answering(&self, decision: Decision) -> (Decision, bool) {
        let Some(reply) = self.reply_mark() else { return (decision, false) };
        let here = self.chat.current().target();
        let one = decision.as_deref().ok().filter(|steps| steps.len() == 1).and_then(<[_]>::first);
        match one {
            Some(CommandStep::Send { target, me_too: false, text }) if Some(target) == here => {
                let step = CommandStep::Reply { target: target.clone(), reply, text: text.clone() };
                (Ok(vec![step]), true)
            }
            _ => (decision, false),
        }
    }

    /// The program ends: what edits have replaced are drafts again, with what was written meanwhile.
    pub(super) fn end_edits(&mut self) {
        for (place, began, before) in self.ui.take_edits() {
            let found = self.chat.conversations().iter().find(|one| one.key().unwrap_or_default() == place);
            let Some(target) = found.and_then(|one| one.target().cloned()) else { continue };
            let both = |written: &Editor| {
                let (before, written) = (before.text(), written.text());
                let written = if written == began { String::new() } else { written };
                let gap = if before.is_empty() || written.is_empty() { "" } else { "\n" };
                Editor::with(&format!("{before}{gap}{written}"))
            };
            self.replace_draft(&target, both);
        }
    }

    fn replace_draft(&mut self, target: &Target, with: impl Fn(&Editor) -> Editor) {
        if self.chat.is_in_view(target) {
            let draft = self.ui.take_draft();
            self.ui.put_draft(with(&draft));
        } else {
            self.chat.add_to_draft(target, with);
        }
    }
}
