//! The dialog that lies over the chat: which one it is, and its form as it is filled in so far.
//!
//! Must not know: when a dialog is opened, or what its answer leads to.

use super::form::{FieldKey, Form, FormAnswer, FormPart, Item, Pick, Press};
use super::order::Lack;
use crate::client::key::Key;
use crate::client::view::DialogView;
use crate::model::{Name, RoomName, Target};
use crate::protocol::Verb;

/// Which dialog it is, and what it is about.
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
    Members(RoomName),
    Moderate,
    Act(Verb, Target),
    Bans(Target),
    Modlog(Target),
}

/// A dialog and its form.
#[derive(Clone, Debug)]
pub struct OpenDialog {
    which: Dialog,
    form: Form,
}

impl OpenDialog {
    /// A dialog that nobody has filled in yet.
    #[must_use]
    pub fn new(which: Dialog, form: Form) -> Self {
        Self { which, form }
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

    /// The dialog at the size of the screen.
    #[must_use]
    pub fn view(&self, cols: u16, rows: u16) -> DialogView {
        self.form.view(cols, rows)
    }

    /// Takes a key, on a screen of this size.
    pub fn key(&mut self, key: Key, cols: u16, rows: u16) -> FormAnswer {
        let answer = self.form.key(key);
        if answer == FormAnswer::Open {
            self.form.stop_at_end(cols, rows);
        }
        answer
    }

    /// Pasted text goes into the field that has the keys, on one line.
    pub fn paste(&mut self, raw: &str) {
        self.form.paste(raw);
    }

    /// Puts another set of rows into the list; `more` if there are others beyond them.
    pub fn set_rows(&mut self, rows: Vec<Item>, more: bool) {
        self.form.set_list(rows);
        self.form.list_goes_on(more);
    }

    /// Puts another set of rows into the list; whether there are others beyond them stays as it was.
    pub fn replace_rows(&mut self, rows: Vec<Item>) {
        self.form.set_list(rows);
    }

    /// Says whether there are others beyond the rows of the list.
    pub fn rows_go_on(&mut self, more: bool) {
        self.form.list_goes_on(more);
    }

    /// Shows another form of the same dialog, scrolled as far as this one.
    pub fn replace_form(&mut self, dialog: Self) {
        self.form = Form { scroll: self.form.scroll, ..dialog.form };
    }

    /// The dialog with words about what was filled in, above its buttons.
    #[must_use]
    pub fn noted(self, words: &str) -> Self {
        Self { form: self.form.noted(words), ..self }
    }

    /// The dialog with the keys going to a field.
    #[must_use]
    pub fn at_field(self, key: FieldKey) -> Self {
        Self { form: self.form.at_field(key), ..self }
    }

    /// The dialog with the keys going to a button.
    #[must_use]
    pub fn at_button(self, press: Press) -> Self {
        Self { form: self.form.at_button(press), ..self }
    }

    /// The dialog of an act with the keys going to what is missing or wrong, and with that said.
    #[must_use]
    pub fn lacking(self, lack: &Lack) -> Self {
        let key = match lack {
            Lack::Subject(_) => FieldKey::Whom,
            Lack::Time(_) => FieldKey::Time,
            Lack::Reason(_) => FieldKey::Reason,
        };
        self.at_field(key).noted(lack.words())
    }

    /// In the dialog of a private message, Enter on a row of the list writes its user into the form.
    pub fn take_recipient(&mut self) {
        let in_list = matches!(self.form.parts.get(self.form.focus), Some(FormPart::List(_)));
        if self.which == Dialog::Private
            && in_list
            && let Some(name) = self.person()
        {
            self.form.set_field(FieldKey::To, name.as_str());
        }
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
