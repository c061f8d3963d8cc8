//! The dialogs that are open, that wait to be shown, and what was typed in those that were closed.
//!
//! A dialog that nobody asked for waits until no other is open. For its first second it takes no key, and as long as
//! something is being written, only one that is meant for it: Tab, an arrow, Esc. What is typed goes on into the draft.
//!
//! Keeps true: no dialog throws away what was typed in another.
//!
//! Must not know: what a dialog is about.

use std::collections::VecDeque;
use std::time::Duration;

use crate::client::dialogs::open::{Dialog, KeptText, OpenDialog};
use crate::client::key::Key;
use crate::model::Timestamp;

/// How long a dialog that nobody asked for takes no key.
pub const GRACE: Duration = Duration::from_secs(1);
/// The most dialogs that lie over each other, that wait, that are kept for an answer, and whose text is kept; beyond
/// that, the oldest is dropped.
pub const MAX_DIALOGS: usize = 16;

/// A dialog on the screen.
#[derive(Clone, Debug)]
struct StackedDialog {
    dialog: OpenDialog,
    /// Since when it is shown, if nobody asked for it and no key meant for it came yet.
    unasked: Option<Timestamp>,
}

#[derive(Clone, Debug, Default)]
pub(in crate::client::session) struct DialogStack {
    open: Vec<StackedDialog>,
    waiting: VecDeque<OpenDialog>,
    kept: VecDeque<KeptText>,
    /// The dialog whose button is being carried out.
    pressed: Option<OpenDialog>,
    /// The dialogs whose requests await an answer, by the label of the request.
    sent: VecDeque<(String, OpenDialog)>,
    /// Whether the person has just asked for something whose answer may be a dialog, and has written nothing since.
    expects: bool,
}

impl DialogStack {
    /// Opens a dialog that the person asked for, over any other. What was typed when it was last closed is in it again.
    pub(super) fn open(&mut self, mut dialog: OpenDialog) {
        if let Some(at) = self.kept.iter().position(|kept| kept.is_of(&dialog))
            && let Some(kept) = self.kept.remove(at)
        {
            dialog.restore(kept);
        }
        self.open.push(StackedDialog { dialog, unasked: None });
        if self.open.len() > MAX_DIALOGS {
            let StackedDialog { dialog, .. } = self.open.remove(0);
            self.keep(&dialog);
        }
    }

    /// Opens a dialog that nobody asked for, once no other is open.
    pub(super) fn open_unasked(&mut self, dialog: OpenDialog) {
        push(&mut self.waiting, dialog);
    }

    /// Opens a dialog that answers what the person did, if nothing was written since; otherwise nobody asked for it.
    pub(super) fn open_answer(&mut self, dialog: OpenDialog) {
        if self.expects { self.open(dialog) } else { self.open_unasked(dialog) }
    }

    /// The person asked for something: a dialog may be the answer.
    pub(super) fn await_answer(&mut self) {
        self.expects = true;
    }

    /// The answer is there, or the person has turned to something else.
    pub(super) fn settle(&mut self) {
        self.expects = false;
    }

    /// Shows the next dialog that waits, if none is open and the screen is `free`.
    pub(super) fn show_waiting(&mut self, free: bool, now: Timestamp) {
        if free
            && self.open.is_empty()
            && let Some(dialog) = self.waiting.pop_front()
        {
            self.open(dialog);
            if let Some(shown) = self.open.last_mut() {
                shown.unasked = Some(now);
            }
        }
    }

    /// Forgets the dialogs that wait: what they are about is over.
    pub(super) fn drop_waiting(&mut self) {
        self.waiting.clear();
    }

    /// Takes dialogs away whose object is gone, open or waiting.
    pub(super) fn withdraw(&mut self, gone: impl Fn(&Dialog) -> bool) {
        self.open.retain(|shown| !gone(shown.dialog.which()));
        self.waiting.retain(|dialog| !gone(dialog.which()));
    }

    /// The dialog on top.
    pub(super) fn top(&self) -> Option<&OpenDialog> {
        self.open.last().map(|shown| &shown.dialog)
    }

    /// The dialog on top.
    pub(super) fn top_mut(&mut self) -> Option<&mut OpenDialog> {
        self.open.last_mut().map(|shown| &mut shown.dialog)
    }

    /// All open dialogs.
    pub(super) fn all_mut(&mut self) -> impl Iterator<Item = &mut OpenDialog> {
        self.open.iter_mut().map(|shown| &mut shown.dialog)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    /// Takes the dialog on top away.
    pub(super) fn pop(&mut self) -> Option<OpenDialog> {
        self.open.pop().map(|shown| shown.dialog)
    }

    /// Puts the dialog back that was taken away.
    pub(super) fn put_back(&mut self, dialog: OpenDialog) {
        self.open.push(StackedDialog { dialog, unasked: None });
    }

    /// Closes the dialog on top, and keeps what was typed in it.
    pub(super) fn close(&mut self) {
        if let Some(dialog) = self.pop() {
            self.keep(&dialog);
        }
    }

    /// Keeps what was typed in a dialog, for the next time that it opens.
    pub(super) fn keep(&mut self, dialog: &OpenDialog) {
        if let Some(kept) = dialog.typed() {
            self.kept.retain(|other| !other.is_of(dialog));
            push(&mut self.kept, kept);
        }
    }

    /// Whether the dialog on top waits for a key that is meant for it, because something is being written.
    pub(super) fn waits_for_key(&self, writing: bool) -> bool {
        writing && self.open.last().is_some_and(|shown| shown.unasked.is_some())
    }

    /// Whether the dialog on top takes this key; `writing` if there is a draft.
    pub(super) fn takes(&mut self, key: Key, writing: bool, now: Timestamp) -> bool {
        let Some(shown) = self.open.last_mut() else { return false };
        let Some(since) = shown.unasked else { return true };
        if now.since(since) < GRACE {
            return false;
        }
        let meant = !writing || is_meant(key);
        if meant {
            shown.unasked = None;
        }
        meant
    }

    /// Whether the dialog on top takes a click: not in its first second, if nobody asked for it.
    pub(super) fn takes_click(&mut self, now: Timestamp) -> bool {
        let Some(shown) = self.open.last_mut() else { return false };
        let early = shown.unasked.is_some_and(|since| now.since(since) < GRACE);
        if !early {
            shown.unasked = None;
        }
        !early
    }

    /// Whether the dialog on top takes pasted text.
    pub(super) fn takes_text(&self, writing: bool, now: Timestamp) -> bool {
        let waits = |since: Timestamp| writing || now.since(since) < GRACE;
        self.open.last().is_some_and(|shown| !shown.unasked.is_some_and(waits))
    }

    /// A button of a dialog is about to be carried out.
    pub(super) fn press(&mut self, dialog: OpenDialog) {
        self.pressed = Some(dialog);
    }

    /// A request was sent under this label: if a button did it, its dialog is kept for the answer.
    pub(super) fn asked(&mut self, label: &str) {
        if let Some(dialog) = self.pressed.take() {
            self.expects = true;
            push(&mut self.sent, (label.to_owned(), dialog));
        }
    }

    /// The button is carried out.
    pub(super) fn pressed(&mut self) {
        self.pressed = None;
    }

    /// A request was refused: if something was typed in the dialog that it comes from, that dialog opens again.
    pub(super) fn refused(&mut self, label: &str, why: &str) {
        let Some(at) = self.sent.iter().position(|(asked, _)| asked == label) else { return };
        let Some((_, dialog)) = self.sent.remove(at) else { return };
        let again = self.top().is_some_and(|top| top.which() == dialog.which());
        if dialog.typed().is_some() && !again {
            self.open_answer(dialog.noted(why));
        }
    }
}

/// Whether a key is meant for a dialog, and not for what is being written.
fn is_meant(key: Key) -> bool {
    matches!(key, Key::Tab | Key::BackTab | Key::Esc | Key::Up | Key::Down | Key::Left | Key::Right)
}

fn push<T>(queue: &mut VecDeque<T>, one: T) {
    if queue.len() >= MAX_DIALOGS {
        queue.pop_front();
    }
    queue.push_back(one);
}
