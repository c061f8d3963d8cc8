//! The open dialog: which one it is, and its form as filled in so far.
//!
//! Must not know: when a dialog is opened, or what its answer leads to.

use super::form::{FieldKey, Form, FormAnswer, FormPart, Item, List, Pick, Press};
use super::order::Lack;
use crate::client::key::Key;
use crate::client::view::{DialogView, Rect};
use crate::language::dialogs as say;
use crate::model::{MessageId, Name, RoomName, Target};
use crate::protocol::{CallId, Verb};

/// The kind of a dialog, and its object.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the functions that make the dialogs say what each is")]
pub enum Dialog {
    Help,
    Menu,
    Echo,
    Clients,
    Private,
    Broadcast,
    Exit,
    Passphrase,
    Close,
    NameRefused,
    NameKept,
    Maintenance,
    Nobody,
    TakeOver,
    TakenOver,
    Removed,
    Away,
    Moderator,
    Rooms,
    Make,
    Leave(RoomName),
    Topic(Target),
    InviteTo(RoomName),
    Newcomers,
    Members(RoomName),
    Moderate,
    Act(Verb, Target),
    Bans(Target),
    Modlog(Target),
    Switch,
    Slip,
    Parts,
    Paste,
    React(Target, MessageId),
    DeleteOwn(Target, MessageId),
    Withdraw(String),
    Links,
    Whom,
    Call(CallId),
    Words(CallId),
    Offered(CallId, u32),
    LeaveServer,
}

impl Dialog {
    /// Whether it is about this call, and goes with it.
    #[must_use]
    pub fn is_about_call(&self, id: CallId) -> bool {
        matches!(self, Self::Call(other) | Self::Words(other) | Self::Offered(other, _) if *other == id)
    }
}

/// A dialog and its form.
#[derive(Clone, Debug)]
pub struct OpenDialog {
    which: Dialog,
    form: Form,
}

/// What was typed in the fields of a dialog that was closed. Never a secret.
#[derive(Clone, Debug)]
pub struct KeptText {
    which: Dialog,
    /// Each field with the text that it began with, and the one that was typed.
    fields: Vec<(FieldKey, String, String)>,
}

impl KeptText {
    /// Whether it was typed in a dialog of the same kind and object.
    #[must_use]
    pub fn is_of(&self, dialog: &OpenDialog) -> bool {
        self.which == dialog.which
    }
}

impl OpenDialog {
    /// A dialog with its form.
    #[must_use]
    pub fn new(which: Dialog, form: Form) -> Self {
        Self { which, form }
    }

    /// Whether no button is under the cursor, so that Enter presses none.
    #[must_use]
    pub fn is_undecided(&self) -> bool {
        self.form.is_undecided()
    }

    /// Which dialog it is.
    #[must_use]
    pub fn which(&self) -> &Dialog {
        &self.which
    }

    /// The form, to be read.
    pub(in crate::client::dialogs) fn form(&self) -> &Form {
        &self.form
    }

    /// The dialog on a screen of this size, over the middle of an area.
    #[must_use]
    pub fn view(&self, cols: u16, rows: u16, over: Rect) -> DialogView {
        self.form.view(cols, rows, over)
    }

    /// Handles a key, on a screen of this size.
    pub fn key(&mut self, key: Key, cols: u16, rows: u16) -> FormAnswer {
        let answer = self.form.key(key, self.form.page(cols, rows));
        if answer == FormAnswer::Open {
            self.form.stop_at_end(cols, rows);
        }
        answer
    }

    /// Handles a click inside the border, at a column and a row counted from there, on a screen of this size.
    pub fn click(&mut self, at: (u16, u16), cols: u16, rows: u16) -> FormAnswer {
        self.form.click(cols, rows, at)
    }

    /// Scrolls its list, or else its text, by rows.
    pub fn wheel(&mut self, by: isize, cols: u16, rows: u16) {
        self.form.wheel(by);
        self.form.stop_at_end(cols, rows);
    }

    /// Inserts pasted text into the field that has the focus, on one line; `false` if no field has it.
    pub fn paste(&mut self, raw: &str) -> bool {
        self.form.paste(raw)
    }

    /// What was typed in its fields, but for secrets; `None` if nothing was.
    #[must_use]
    pub fn typed(&self) -> Option<KeptText> {
        let typed = self.form.fields().filter(|field| !field.secret && field.editor.text() != field.began);
        let fields: Vec<_> = typed.map(|field| (field.key, field.began.clone(), field.editor.text())).collect();
        (!fields.is_empty()).then(|| KeptText { which: self.which.clone(), fields })
    }

    /// Fills in what was typed before, in fields that begin with the same text as then.
    pub fn restore(&mut self, kept: KeptText) {
        for (key, began, typed) in kept.fields {
            let same = self.form.fields().any(|field| field.key == key && field.began == began);
            if same && self.form.field(key) == began {
                self.form.set_field(key, &typed);
            }
        }
    }

    /// Replaces the rows of the list; `more` if there are more than these.
    pub fn set_rows(&mut self, rows: Vec<Item>, more: bool) {
        self.form.set_list(rows);
        self.form.list_goes_on(more);
    }

    /// Replaces the rows of the list, and leaves open whether there are more.
    pub fn replace_rows(&mut self, rows: Vec<Item>) {
        self.form.set_list(rows);
    }

    /// Sets whether there are more rows than the list holds.
    pub fn rows_go_on(&mut self, more: bool) {
        self.form.list_goes_on(more);
    }

    /// Puts a list before its buttons, or other rows into the one that is there.
    pub fn put_list(&mut self, list: List) {
        self.form.put_list(list);
    }

    /// Replaces the form, and keeps the scroll position.
    pub fn replace_form(&mut self, dialog: Self) {
        self.form = Form { scroll: self.form.scroll, ..dialog.form };
    }

    /// The dialog with a note about the input, above its buttons.
    #[must_use]
    pub fn noted(self, words: &str) -> Self {
        Self { form: self.form.noted(words), ..self }
    }

    /// The dialog with the focus on a field.
    #[must_use]
    pub fn at_field(self, key: FieldKey) -> Self {
        Self { form: self.form.at_field(key), ..self }
    }

    /// The dialog with the focus on a button.
    #[must_use]
    pub fn at_button(self, press: Press) -> Self {
        Self { form: self.form.at_button(press), ..self }
    }

    /// The dialog of an act with a note about what is missing or invalid, and the focus on that field.
    #[must_use]
    pub fn lacking(self, lack: &Lack) -> Self {
        let key = match lack {
            Lack::Subject(_) => FieldKey::Whom,
            Lack::Time(_) => FieldKey::Time,
            Lack::Reason(_) => FieldKey::Reason,
        };
        self.at_field(key).noted(lack.words())
    }

    /// In the dialog of a private message, fills in the recipient if the list has the focus.
    pub fn take_recipient(&mut self) {
        let in_list = matches!(self.form.parts.get(self.form.focus), Some(FormPart::List(_)));
        if self.which == Dialog::Private
            && in_list
            && let Some(name) = self.person()
        {
            self.form.set_field(FieldKey::To, name.as_str());
        }
    }

    /// The dialog with a note that nothing is picked, if it has a list with no row under the cursor; an empty list of
    /// rooms offers to make one.
    #[must_use]
    pub fn without_pick(mut self) -> Option<Self> {
        let list = self.form.list()?;
        if list.picked().is_some() {
            return None;
        }
        let rooms = self.which == Dialog::Rooms && list.rows.is_empty();
        let words = match (list.filter.is_empty(), list.nothing.is_empty()) {
            (true, true) => say::nothing_picked().to_owned(),
            // The button that helps says enough beside what the list says.
            (true, false) if rooms => return Some(self.at_button(Press::Make)),
            (true, false) => list.nothing.to_string(),
            (false, _) => say::nothing_matches(&list.filter),
        };
        Some(self.noted(&words))
    }

    /// The user in the row under the cursor.
    #[must_use]
    pub fn person(&self) -> Option<Name> {
        if let Pick::Person(name) = &self.form.picked()?.value { Some(name.clone()) } else { None }
    }

    /// The room in the row under the cursor.
    #[must_use]
    pub fn room(&self) -> Option<RoomName> {
        if let Pick::Place(Target::Room(room)) = &self.form.picked()?.value { Some(room.clone()) } else { None }
    }
}
