//! A dialog as a form: texts, fields, lists, choices and buttons, and the keys that move among them.
//!
//! Must not know: what the dialog is for, or what its answer leads to.

mod click;
mod enter;
pub mod glossary;
pub mod list;
mod list_view;
pub mod values;
pub(in crate::client) mod view;

use crate::client::key::Key;
use crate::client::text::completion::names_like;
use crate::client::text::editor::Editor;
use crate::client::text::kill_ring::KillRing;
use crate::model::{Name, Text};

pub use glossary::{Glossary, GlossarySection};
pub use list::{Item, List};
pub use values::{Button, Choice, FieldKey, Pick, Press};

/// One part of a form.
#[derive(Clone, Debug)]
pub enum FormPart {
    /// A paragraph of text.
    Text(String),
    /// A note about the input: what is wrong with it, or what came of it.
    Note(String),
    /// A heading.
    Heading(String),
    /// A text field.
    Field(FormField),
    /// A term and its meaning, side by side where there is room.
    Pair(String, String),
    /// Terms and their meanings, to be read.
    Glossary(Glossary),
    /// A list to pick a row from.
    List(List),
    /// A group of choices, of which exactly one is on.
    Radio {
        /// The value and the label of each choice.
        choices: Vec<(Choice, String)>,
        /// The index of the choice that is on.
        on: usize,
        /// Whether a mark shows the choice that is on; a plain list has none.
        marked: bool,
    },
    /// A row of buttons; Enter elsewhere in the form presses the first.
    Buttons {
        /// The buttons, from the left.
        buttons: Vec<Button>,
        /// The index of the button under the cursor; `None` while there is none, so that Enter presses nothing.
        at: Option<usize>,
    },
}

/// A text field of one line.
#[derive(Clone, Debug)]
pub struct FormField {
    /// Identifies the field within its dialog.
    pub key: FieldKey,
    /// The label in front of the field.
    pub label: String,
    /// The text, with its cursor.
    pub editor: Editor,
    /// Whether the text is shown as dots.
    pub secret: bool,
    /// The names that Tab completes to.
    pub names: Vec<Name>,
    /// The text that it began with.
    pub began: String,
    /// Whether Enter has put the first row of its list into it: another Enter leaves the text as it is.
    pub took: bool,
}

/// A form and its focus.
#[derive(Clone, Debug)]
pub struct Form {
    /// The title, in the border.
    pub title: String,
    /// The parts, from top to bottom.
    pub parts: Vec<FormPart>,
    /// The index of the part that has the focus.
    pub focus: usize,
    /// How many rows are scrolled off the top, in a form that is only read.
    pub scroll: usize,
}

/// The outcome of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormAnswer {
    /// The form stays open.
    Open,
    /// The form is cancelled.
    Cancelled,
    /// A button is pressed.
    Pressed(Press),
}

impl FormField {
    fn new(key: FieldKey, label: &str, text: &str) -> Self {
        let editor = Editor::with(Text::line(text).as_str());
        let (label, began) = (label.to_owned(), editor.text());
        Self { key, label, editor, secret: false, names: Vec::new(), began, took: false }
    }

    /// A field that holds `text`.
    #[must_use]
    pub fn plain(key: FieldKey, label: &str, text: &str) -> FormPart {
        FormPart::Field(Self::new(key, label, text))
    }

    /// A field for a secret.
    #[must_use]
    pub fn secret(key: FieldKey, label: &str) -> FormPart {
        FormPart::Field(Self { secret: true, ..Self::new(key, label, "") })
    }

    /// A field in which Tab completes names.
    #[must_use]
    pub fn name(key: FieldKey, label: &str, text: &str, names: Vec<Name>) -> FormPart {
        FormPart::Field(Self { names, ..Self::new(key, label, text) })
    }

    /// Completes the text. Returns whether there was more than one completion: then the focus stays, so that the person can
    /// check it.
    fn complete(&mut self) -> bool {
        let typed = self.editor.text();
        let choices = names_like(&typed, self.names.iter());
        match choices.first() {
            Some(choice) if *choice != typed => {
                self.editor = Editor::with(choice);
                choices.len() > 1
            }
            _ => false,
        }
    }
}

impl FormPart {
    fn takes_keys(&self) -> bool {
        !matches!(self, Self::Text(_) | Self::Note(_) | Self::Heading(_) | Self::Pair(..))
    }
}

impl Form {
    /// A form with the focus on the first part that takes keys.
    #[must_use]
    pub fn new(title: &str, parts: Vec<FormPart>) -> Self {
        let focus = parts.iter().position(FormPart::takes_keys).unwrap_or(0);
        Self { title: title.to_owned(), parts, focus, scroll: 0 }
    }

    /// The form with the focus on its buttons.
    #[must_use]
    pub fn at_buttons(mut self) -> Self {
        self.focus = self.parts.iter().position(|part| matches!(part, FormPart::Buttons { .. })).unwrap_or(self.focus);
        self
    }

    /// Whether no button is under the cursor, so that Enter presses none.
    #[must_use]
    pub fn is_undecided(&self) -> bool {
        matches!(self.parts.get(self.focus), Some(FormPart::Buttons { at: None, .. }))
    }

    /// Whether the buttons have the focus.
    #[must_use]
    pub fn on_buttons(&self) -> bool {
        matches!(self.parts.get(self.focus), Some(FormPart::Buttons { .. }))
    }

    /// The form with the focus on a field.
    #[must_use]
    pub fn at_field(mut self, key: FieldKey) -> Self {
        let there = |part: &FormPart| matches!(part, FormPart::Field(field) if field.key == key);
        self.focus = self.parts.iter().position(there).unwrap_or(self.focus);
        self
    }

    /// The text in a field; empty if the form has no such field.
    #[must_use]
    pub fn field(&self, key: FieldKey) -> String {
        self.fields().find(|field| field.key == key).map(|field| field.editor.text()).unwrap_or_default()
    }

    /// Whether the form has such a field.
    #[must_use]
    pub fn has_field(&self, key: FieldKey) -> bool {
        self.fields().any(|field| field.key == key)
    }

    /// All fields.
    pub fn fields(&self) -> impl Iterator<Item = &FormField> {
        self.parts.iter().filter_map(|part| if let FormPart::Field(field) = part { Some(field) } else { None })
    }

    /// Replaces the text in a field.
    pub fn set_field(&mut self, key: FieldKey, text: &str) {
        for part in &mut self.parts {
            if let FormPart::Field(field) = part
                && field.key == key
            {
                field.editor = Editor::with(Text::line(text).as_str());
            }
        }
    }

    /// The row under the cursor of the list, if there is one.
    #[must_use]
    pub fn picked(&self) -> Option<&Item> {
        self.parts.iter().find_map(|part| if let FormPart::List(list) = part { list.picked() } else { None })
    }

    /// The result of `read` for the choice that is on; of several groups, the first that `read` recognizes.
    #[must_use]
    pub fn chosen<T>(&self, read: impl Fn(&Choice) -> Option<T>) -> Option<T> {
        let on = |part: &FormPart| {
            let FormPart::Radio { choices, on, .. } = part else { return None };
            choices.get(*on).and_then(|(choice, _)| read(choice))
        };
        self.parts.iter().find_map(on)
    }

    /// The list of the form, if there is one.
    pub fn list(&mut self) -> Option<&mut List> {
        self.parts.iter_mut().find_map(|part| if let FormPart::List(list) = part { Some(list) } else { None })
    }

    /// Replaces the rows of the list.
    pub fn set_list(&mut self, rows: Vec<Item>) {
        if let Some(list) = self.list() {
            list.set(rows);
        }
    }

    /// Puts a list before the buttons, or its rows into the list that is there; what has the focus keeps it.
    pub fn put_list(&mut self, list: List) {
        if self.list().is_some() {
            return self.set_list(list.rows);
        }
        let buttons = self.parts.iter().position(|part| matches!(part, FormPart::Buttons { .. }));
        let at = buttons.unwrap_or(self.parts.len());
        self.parts.insert(at, FormPart::List(list));
        self.focus += usize::from(self.focus >= at);
    }

    /// Sets whether there are more rows than the list holds.
    pub fn list_goes_on(&mut self, more: bool) {
        if let Some(list) = self.list() {
            list.more = more;
        }
    }

    /// The form with a note about the input, above its buttons.
    #[must_use]
    pub fn noted(mut self, words: &str) -> Self {
        let old = self.parts.iter_mut().find(|part| matches!(part, FormPart::Note(_)));
        if let Some(note) = old {
            *note = FormPart::Note(words.to_owned());
            return self;
        }
        let at =
            self.parts.iter().position(|part| matches!(part, FormPart::Buttons { .. })).unwrap_or(self.parts.len());
        self.parts.insert(at, FormPart::Note(words.to_owned()));
        self.focus += usize::from(self.focus >= at);
        self
    }

    /// The form with the focus on a button.
    #[must_use]
    pub fn at_button(mut self, press: Press) -> Self {
        self = self.at_buttons();
        if let Some(FormPart::Buttons { at, buttons }) = self.parts.get_mut(self.focus) {
            *at = buttons.iter().position(|button| button.press == press).or(*at);
        }
        self
    }

    /// The action of the button with this index; `Confirm` if there is none.
    fn press(&self, number: usize) -> Press {
        let pressed = |part: &FormPart| {
            let FormPart::Buttons { buttons, .. } = part else { return None };
            buttons.get(number).map(|button| button.press)
        };
        self.parts.iter().find_map(pressed).unwrap_or(Press::Confirm)
    }

    /// Inserts pasted text into the field that has the focus, on one line; `false` if no field has it.
    pub fn paste(&mut self, raw: &str) -> bool {
        let Some(FormPart::Field(field)) = self.parts.get_mut(self.focus) else { return false };
        field.editor.insert(Text::line(raw).as_str());
        self.narrow();
        true
    }

    /// Handles a key; a page has `page` rows.
    pub fn key(&mut self, key: Key, page: usize) -> FormAnswer {
        match key {
            Key::Esc => return FormAnswer::Cancelled,
            Key::BackTab => self.turn(false),
            Key::Tab => {
                let unsure = if let Some(FormPart::Field(field)) = self.parts.get_mut(self.focus) {
                    field.complete()
                } else {
                    false
                };
                let unsure = unsure || self.take_first(true);
                if !unsure {
                    self.turn(true);
                }
            }
            Key::Enter => return self.enter(),
            Key::PageUp if !self.has_list() => self.scroll = self.scroll.saturating_sub(page),
            Key::PageDown if !self.has_list() => self.scroll = self.scroll.saturating_add(page),
            _ => {
                let taken = self.parts.get_mut(self.focus).is_some_and(|part| part_key(part, key));
                match key {
                    Key::Home | Key::CtrlHome if !taken && self.only_reads() => self.scroll = 0,
                    Key::End | Key::CtrlEnd if !taken && self.only_reads() => self.scroll = usize::MAX,
                    Key::Up if !taken && self.only_reads() => self.scroll = self.scroll.saturating_sub(1),
                    Key::Down if !taken && self.only_reads() => self.scroll = self.scroll.saturating_add(1),
                    Key::Up if !taken => self.turn(false),
                    Key::Down if !taken => self.turn(true),
                    _ => {}
                }
                if taken {
                    self.narrow();
                    // What is filtered is read from its beginning.
                    self.scroll *= usize::from(self.glossary().is_none());
                }
            }
        }
        FormAnswer::Open
    }

    fn has_list(&self) -> bool {
        self.parts.iter().any(|part| matches!(part, FormPart::List(_)))
    }

    fn only_reads(&self) -> bool {
        self.parts.iter().filter(|part| part.takes_keys()).count() <= 1
    }

    /// Moves the focus to the next part that takes keys, or to the previous one.
    fn turn(&mut self, forward: bool) {
        let count = self.parts.len();
        let around = (1..=count).map(|step| if forward { self.focus + step } else { self.focus + count - step });
        let next = around.map(|at| at % count.max(1)).find(|&at| self.parts.get(at).is_some_and(FormPart::takes_keys));
        self.focus = next.unwrap_or(self.focus);
        if let Some(FormPart::Buttons { at, .. }) = self.parts.get_mut(self.focus) {
            *at = Some(0);
        }
    }
}

/// Passes a key to the part that has the focus; `false` if the part does not use it.
fn part_key(part: &mut FormPart, key: Key) -> bool {
    match part {
        FormPart::Text(_) | FormPart::Note(_) | FormPart::Heading(_) | FormPart::Pair(..) => false,
        FormPart::Glossary(glossary) => glossary.key(key),
        FormPart::Field(field) => field.editor.key(key, &mut KillRing::default()),
        FormPart::List(list) => list.key(key),
        // Space cycles through the choices, for those who do not find the arrow keys.
        FormPart::Radio { choices, on, .. } if key == Key::Char(' ') => {
            *on = (*on + 1) % choices.len().max(1);
            true
        }
        FormPart::Radio { choices, on, .. } => step(on, choices.len(), key, (Key::Up, Key::Down)),
        // The words of whoever types on do not choose another button.
        FormPart::Buttons { buttons, at: Some(at) } => step(at, buttons.len(), key, (Key::Left, Key::Right)),
        FormPart::Buttons { buttons, at } => {
            let to = match key {
                Key::Right => Some(0),
                Key::Left => buttons.len().checked_sub(1),
                _ => None,
            };
            *at = to;
            to.is_some()
        }
    }
}

fn step(at: &mut usize, count: usize, key: Key, (back, on): (Key, Key)) -> bool {
    let to = match key {
        key if key == back => at.checked_sub(1),
        key if key == on => Some(*at + 1).filter(|&to| to < count),
        _ => None,
    };
    *at = to.unwrap_or(*at);
    to.is_some()
}
