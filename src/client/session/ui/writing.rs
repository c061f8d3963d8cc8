//! What is written: the composer's part of the user interface, pasted text, and dialogs that come while one writes.
//!
//! Must not know: what becomes of a message.

use super::Ui;
use super::intent::Focus;
use crate::client::dialogs::form::List;
use crate::client::dialogs::open::{Dialog, OpenDialog};
use crate::client::msg::SentText;
use crate::client::session::chat::Chat;
use crate::client::text::print;
use crate::client::text::wrap::{cells, fit};
use crate::client::view::{DialogView, Rect};
use crate::language::screen as say;
use crate::model::{Text, Timestamp};
use crate::protocol::CallId;

/// A paste of more lines than this asks before it goes anywhere.
pub const MAX_PASTED_LINES: usize = 10;

/// What became of a paste.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::client::session) enum Pasted {
    /// It is where the cursor is.
    Taken,
    /// It is in the draft, because the open dialog has no field for it.
    Aside,
    /// It is in the draft, but for its end, which did not fit.
    Cut,
    /// It has so many lines that the person has to decide.
    Asks(usize),
}

impl Ui {
    /// Opens a dialog that answers what the person did last.
    pub(in crate::client::session) fn open_answer(&mut self, dialog: OpenDialog) {
        self.dialogs.open_answer(dialog);
    }

    /// Opens a dialog that nobody asked for.
    pub(in crate::client::session) fn open_unasked(&mut self, dialog: OpenDialog) {
        self.dialogs.open_unasked(dialog);
    }

    /// Takes a dialog away: its object is gone.
    pub(in crate::client::session) fn withdraw(&mut self, dialog: &Dialog) {
        self.dialogs.withdraw(|which| which == dialog);
    }

    /// Takes such dialogs away.
    pub(in crate::client::session) fn withdraw_if(&mut self, gone: impl Fn(&Dialog) -> bool) {
        self.dialogs.withdraw(gone);
    }

    /// A call rings no longer.
    pub(in crate::client::session) fn rings_no_more(&mut self, id: CallId) {
        self.notes.rings_no_more(id);
    }

    /// Puts a list of servers nearby into the dialogs that nobody was reached.
    pub(in crate::client::session) fn list_nearby(&mut self, list: List) {
        for dialog in self.dialogs.all_mut().filter(|dialog| *dialog.which() == Dialog::Nobody) {
            dialog.put_list(list.clone());
        }
    }

    /// The person asked for something: a dialog may be the answer.
    pub(in crate::client::session) fn await_answer(&mut self) {
        self.dialogs.await_answer();
    }

    /// The answer is there.
    pub(in crate::client::session) fn settle(&mut self) {
        self.dialogs.settle();
    }

    /// Shows the next dialog that nobody asked for, if the screen is `free`.
    pub(in crate::client::session) fn show_waiting(&mut self, free: bool, now: Timestamp) {
        self.dialogs.show_waiting(free, now);
    }

    /// The person is online: dialogs about that are over.
    pub(in crate::client::session) fn drop_waiting(&mut self) {
        self.dialogs.drop_waiting();
    }

    /// A button of a dialog is about to be carried out; `None` once it is.
    pub(in crate::client::session) fn press(&mut self, dialog: Option<OpenDialog>) {
        match dialog {
            Some(dialog) => self.dialogs.press(dialog),
            None => self.dialogs.pressed(),
        }
    }

    /// A request was sent under this label.
    pub(in crate::client::session) fn asked(&mut self, label: &str) {
        self.dialogs.asked(label);
    }

    /// A request was refused: the dialog that it comes from opens again, with what was typed in it.
    pub(in crate::client::session) fn answer_refused(&mut self, label: &str, why: &str) {
        self.dialogs.refused(label, why);
    }

    /// Whether something is being written.
    pub(super) fn is_writing(&self) -> bool {
        !self.composer.editor().is_empty()
    }

    /// Tells the composer which conversation is in view, and how wide its rows are.
    pub(super) fn place_composer(&mut self, chat: &Chat) {
        let prompt = cells(&self.prompt(chat));
        let width = self.composer_width(chat).saturating_sub(prompt);
        self.composer.set_place(chat.current().key().unwrap_or_default(), width);
    }

    /// Remembers a sent text, so that Up brings it back; `false` if it is the same as the one before it.
    pub(in crate::client::session) fn remember(&mut self, sent: SentText) -> bool {
        self.composer.remember(sent)
    }

    /// Keeps a text for Ctrl-Y.
    pub(in crate::client::session) fn keep_cut(&mut self, text: &str) {
        self.composer.keep_cut(text);
    }

    /// Replaces the draft; `false` if the text was too long and was cut.
    pub(in crate::client::session) fn replace_draft(&mut self, text: &str) -> bool {
        self.focus = Focus::Composer;
        self.composer.replace(text)
    }

    /// The draft goes to the person's own editor; `place` is the key of its conversation.
    pub(in crate::client::session) fn begin_outside(&mut self, place: String) -> String {
        self.outside = Some(place);
        self.composer.editor().text()
    }

    /// The editor has ended: the key of the conversation whose draft it had.
    pub(in crate::client::session) fn end_outside(&mut self) -> Option<String> {
        self.outside.take()
    }

    /// Takes the paste that a dialog asked about.
    pub(in crate::client::session) fn take_paste(&mut self) -> Option<String> {
        self.pasted.take()
    }

    /// Inserts text into the draft; `false` if it was too long and was cut.
    pub(in crate::client::session) fn write(&mut self, text: &str) -> bool {
        self.pick(None);
        self.focus = Focus::Composer;
        self.composer.insert(text)
    }

    /// Takes pasted text: into the field of the open dialog, or else into the draft.
    pub(in crate::client::session) fn paste(&mut self, raw: &str, now: Timestamp) -> Pasted {
        let covered = self.has_dialog();
        let takes = self.dialogs.takes_text(self.is_writing(), now);
        if takes && self.dialogs.top_mut().is_some_and(|dialog| dialog.paste(raw)) {
            return Pasted::Taken;
        }
        self.dialogs.settle();
        let text = Text::block(raw);
        let lines = text.as_str().trim_end_matches('\n').split('\n').count();
        if !covered && lines > MAX_PASTED_LINES {
            self.pasted = Some(text.to_string());
            return Pasted::Asks(lines);
        }
        match self.write(raw) {
            false => Pasted::Cut,
            true if covered => Pasted::Aside,
            true => Pasted::Taken,
        }
    }

    /// The open dialog on the screen, over the middle of an area. If it does not have the keys yet, its title says which key gives them.
    pub(super) fn dialog_view(&self, over: Rect) -> Option<DialogView> {
        let mut view = self.dialogs.top()?.view(self.cols, self.rows, over);
        if self.dialogs.waits_for_key(self.is_writing()) {
            view.title = fit(&say::tab_to_answer(&view.title), usize::from(view.area.width.saturating_sub(4)));
        }
        Some(view)
    }

    /// A note about the draft while it is being written: that it is too long for one message.
    pub(super) fn draft_note(&self) -> Option<String> {
        let text = self.composer.editor().text();
        let over = print::excess(&text);
        let parts = print::parts(&text);
        (over > 0).then(|| say::bytes_over(over, parts))
    }
}
