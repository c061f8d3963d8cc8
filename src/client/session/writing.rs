//! What becomes of what is written: entered, pasted, edited elsewhere, or held back with a question.
//!
//! Must not know: keys, or how a message is sent.

use super::Session;
use super::commands::actions;
use super::commands::decision::{Declined, WriteStep};
use super::notice::Notice;
use super::ui::writing::Pasted;
use crate::client::action::reading::{self, Reading};
use crate::client::chat::venue::Venue;
use crate::client::dialogs;
use crate::client::msg::{Effect, Sent, SentText};
use crate::client::text::editor::{Editor, MAX_DRAFT};
use crate::client::text::print;
use crate::client::view::DIRECT_SIGN;
use crate::language::chat as say;
use crate::model::Text;

impl Session {
    /// Takes over what was sent before this run, oldest first; `trouble` if it cannot be used.
    pub(super) fn recall(&mut self, sent: Vec<SentText>) {
        for SentText { place, text } in sent {
            let text = Text::block(&text).to_string();
            if !text.trim().is_empty() && !reading::holds_secret(&text) {
                self.ui.remember(SentText { place, text });
            }
        }
    }

    /// Pasted text.
    pub(super) fn paste(&mut self, raw: &str) {
        if self.history.search().open && !self.ui.has_dialog() {
            return self.history.search_paste(raw);
        }
        match self.ui.paste(raw, self.out.steady()) {
            Pasted::Taken => {}
            Pasted::Aside => self.tell(Notice::news(say::paste_aside())),
            Pasted::Cut => self.tell_cut(say::paste_cut(MAX_DRAFT)),
            Pasted::Asks(lines) => self.ui.open(dialogs::writing::paste(lines)),
        }
    }

    /// The editor that the draft was given to has ended: with the text, or a sentence about what went wrong.
    pub(super) fn edited(&mut self, text: Result<String, String>) {
        match text {
            Ok(text) => {
                let text = text.trim_end_matches('\n');
                // Meanwhile the person may have been put out of the room that they wrote in.
                if self.ui.end_outside().is_some_and(|place| place != self.place_in_view()) {
                    self.ui.keep_cut(text);
                    self.tell(Notice::trouble(say::not_in_view_any_more()));
                } else if !self.ui.replace_draft(text) {
                    self.tell_cut(say::text_cut(MAX_DRAFT));
                }
            }
            Err(why) => {
                self.ui.end_outside();
                self.tell(Notice::Trouble(why));
            }
        }
    }

    fn tell_cut(&mut self, words: String) {
        self.tell(Notice::Trouble(words));
    }

    /// Carries out what was written, a message or a /command. `false` if that failed.
    pub(super) fn enter(&mut self, text: &str) -> bool {
        let decision = actions::written(text, &self.here());
        self.carry_out(decision)
    }

    /// Enters the draft, which was taken out of the composer. A message that cannot be sent goes back there; a command
    /// that cannot be carried out does not, lest the next message be written behind it: Up brings it back.
    pub(super) fn enter_draft(&mut self, written: Editor) {
        let Some(written) = self.enter_marked(written) else { return };
        let text = written.text();
        if text.trim().is_empty() {
            return self.ui.put_draft(written);
        }
        let place = self.place_in_view();
        let (decision, answers) = self.answering(actions::written(&text, &self.here()));
        let stays = !matches!(reading::read(&text), Reading::Command(..)) || matches!(decision, Err(Declined::Ask(_)));
        let done = self.carry_out(decision);
        if done && answers {
            self.ui.end_mark(&place);
        }
        if done || !stays {
            self.remember(place, text);
        } else {
            self.ui.put_draft(written);
        }
    }

    pub(super) fn place_in_view(&self) -> String {
        self.chat.current().key().unwrap_or_default().to_owned()
    }

    /// Remembers what was sent, here and for the next run; a passphrase only for Ctrl-Y.
    pub(super) fn remember(&mut self, place: String, text: String) {
        if reading::holds_secret(&text) {
            return self.ui.keep_cut(&text);
        }
        let sent = SentText { place, text };
        // What is said directly is kept nowhere.
        let kept = self.out.is_screen() && !sent.place.starts_with(DIRECT_SIGN);
        if self.ui.remember(sent.clone()) && kept {
            let (server, name) = (self.link.server().clone(), self.link.wanted().to_owned());
            self.out.emit(Effect::Remember(Sent { server, name, sent }));
        }
    }

    /// Carries out a step about what is being written.
    pub(super) fn take_write_step(&mut self, step: WriteStep) {
        match step {
            WriteStep::SendAsText => self.send_draft(|text| vec![text.to_owned()]),
            WriteStep::SendInParts => self.send_draft(print::split),
            WriteStep::RunMeant => {
                let draft = self.ui.take_draft();
                match reading::read(&draft.text()) {
                    Reading::Slip(command) => self.enter_draft(Editor::with(&command)),
                    Reading::Message(_) | Reading::Command(..) | Reading::Secret(_) => self.ui.put_draft(draft),
                }
            }
            WriteStep::SendPaste => {
                self.write_paste();
                let draft = self.ui.take_draft();
                self.enter_draft(draft);
            }
            WriteStep::OpenEditor => {
                let draft = self.ui.begin_outside(self.place_in_view());
                self.out.emit(Effect::EditText(draft));
            }
            WriteStep::EditPaste => self.write_paste(),
            WriteStep::DropPaste => {
                if let Some(text) = self.ui.take_paste() {
                    self.ui.keep_cut(&text);
                    self.tell(Notice::news(say::paste_dropped()));
                }
            }
        }
    }

    /// Puts the paste that was asked about into the draft.
    fn write_paste(&mut self) {
        if let Some(text) = self.ui.take_paste()
            && !self.ui.write(&text)
        {
            self.tell_cut(say::paste_cut(MAX_DRAFT));
        }
    }

    /// Sends the draft to the conversation in view, in the parts that `split` makes of it. What is not sent stays.
    fn send_draft(&mut self, split: fn(&str) -> Vec<String>) {
        let draft = self.ui.take_draft();
        let text = match reading::read(&draft.text()) {
            Reading::Message(text) => text,
            Reading::Command(..) | Reading::Slip(_) | Reading::Secret(_) => draft.text(),
        };
        let venue = self.chat.current().venue.clone();
        let mut reply = self.reply_mark();
        let mut rest = split(&text);
        while let Some(part) = rest.first() {
            let sent = match (&venue, reply.clone()) {
                (Venue::Server(target), Some(reply)) => self.sending().reply_to(target.clone(), reply, part),
                (Venue::Server(target), None) => self.sending().send(target.clone(), false, part),
                (Venue::Direct(name), _) => self.calling().say(name, part),
            };
            if !sent {
                return self.ui.put_draft(Editor::with(&rest.join("\n")));
            }
            if reply.take().is_some() {
                self.ui.end_mark(&self.place_in_view());
            }
            rest.remove(0);
        }
        self.remember(self.place_in_view(), draft.text());
    }
}
