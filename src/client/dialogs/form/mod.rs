//! A dialog as a form: texts, fields, lists, choices and buttons, and the keys that move among them.
//!
//! Must not know: what the dialog is for, or what its answer leads to.

pub mod list;
pub mod values;
pub(in crate::client) mod view;

use crate::client::key::Key;
use crate::client::text::editor::{Editor, names_like};
use crate::model::{Name, Text};

pub use list::{Item, List};
pub use values::{Button, Choice, FieldKey, Pick, Press};

/// Rows that PageUp and PageDown scroll: most of a page at 80x24.
const PAGE: usize = 18;

/// One part of a form.
#[derive(Clone, Debug)]
pub enum FormPart {
    /// Something to read.
    Text(String),
    /// What was wrong with what was filled in, or what came of it.
    Note(String),
    /// A heading to read.
    Heading(String),
    /// A word and what it means, beside each other where there is room.
    Pair(String, String),
    /// Somewhere to write.
    Field(FormField),
    /// A list to pick from.
    List(List),
    /// A few possibilities, of which one is on.
    Radio {
        /// What each stands for, and its words.
        choices: Vec<(Choice, String)>,
        /// Which one is on.
        on: usize,
        /// Whether marks show which one; a plain list has none.
        marked: bool,
    },
    /// What can be done; the first is what Enter does elsewhere in the form.
    Buttons {
        /// The buttons, from the left.
        buttons: Vec<Button>,
        /// Which has the cursor.
        at: usize,
    },
}

/// Somewhere to write one line.
#[derive(Clone, Debug)]
pub struct FormField {
    /// Which field it is.
    pub key: FieldKey,
    /// What stands before it.
    pub label: String,
    /// What is written.
    pub editor: Editor,
    /// Whether it is shown as dots.
    pub secret: bool,
    /// What Tab completes to.
    pub names: Vec<Name>,
}

/// A form, and where its keys go.
#[derive(Clone, Debug)]
pub struct Form {
    /// In the border.
    pub title: String,
    /// From the top.
    pub parts: Vec<FormPart>,
    /// Which part the keys go to.
    pub focus: usize,
    /// How many rows to read are scrolled away, where nothing but text is there.
    pub scroll: usize,
}

/// What a key led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormAnswer {
    /// The form goes on.
    Open,
    /// The form is given up.
    Cancelled,
    /// This button was pressed.
    Pressed(Press),
}

impl FormField {
    /// A field that holds `text`.
    #[must_use]
    pub fn plain(key: FieldKey, label: &str, text: &str) -> FormPart {
        let editor = Editor::with(Text::line(text).as_str());
        FormPart::Field(Self { key, label: label.to_owned(), editor, secret: false, names: Vec::new() })
    }

    /// A field for a secret.
    #[must_use]
    pub fn secret(key: FieldKey, label: &str) -> FormPart {
        FormPart::Field(Self {
            key,
            label: label.to_owned(),
            editor: Editor::default(),
            secret: true,
            names: Vec::new(),
        })
    }

    /// A field that completes names.
    #[must_use]
    pub fn name(key: FieldKey, label: &str, text: &str, names: Vec<Name>) -> FormPart {
        let editor = Editor::with(Text::line(text).as_str());
        FormPart::Field(Self { key, label: label.to_owned(), editor, secret: false, names })
    }

    /// Completes what is typed; whether there was more than one way to, so that the person looks at it before going on.
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
    /// A form whose keys go to its first part that takes any.
    #[must_use]
    pub fn new(title: &str, parts: Vec<FormPart>) -> Self {
        let focus = parts.iter().position(FormPart::takes_keys).unwrap_or(0);
        Self { title: title.to_owned(), parts, focus, scroll: 0 }
    }

    /// The form with the keys going to its buttons.
    #[must_use]
    pub fn at_buttons(mut self) -> Self {
        self.focus = self.parts.iter().position(|part| matches!(part, FormPart::Buttons { .. })).unwrap_or(self.focus);
        self
    }

    /// Whether the keys go to its buttons.
    #[must_use]
    pub fn on_buttons(&self) -> bool {
        matches!(self.parts.get(self.focus), Some(FormPart::Buttons { .. }))
    }

    /// The form with the keys going to a field.
    #[must_use]
    pub fn at_field(mut self, key: FieldKey) -> Self {
        let there = |part: &FormPart| matches!(part, FormPart::Field(field) if field.key == key);
        self.focus = self.parts.iter().position(there).unwrap_or(self.focus);
        self
    }

    /// The text in a field; empty if the form has no such field.
    #[must_use]
    pub fn field(&self, key: FieldKey) -> String {
        let fields =
            self.parts.iter().filter_map(|part| if let FormPart::Field(field) = part { Some(field) } else { None });
        fields.filter(|field| field.key == key).map(|field| field.editor.text()).next().unwrap_or_default()
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

    /// The row picked in the list, if there is one.
    #[must_use]
    pub fn picked(&self) -> Option<&Item> {
        self.parts.iter().find_map(|part| if let FormPart::List(list) = part { list.picked() } else { None })
    }

    /// What `read` makes of the first choice that is on and that it knows.
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

    /// Puts another set of rows into the list.
    pub fn set_list(&mut self, rows: Vec<Item>) {
        if let Some(list) = self.list() {
            list.set(rows);
        }
    }

    /// Says whether there is more than the rows of the list.
    pub fn list_goes_on(&mut self, more: bool) {
        if let Some(list) = self.list() {
            list.more = more;
        }
    }

    /// The form with words about what was filled in, above its buttons.
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

    /// The form with the keys going to a button.
    #[must_use]
    pub fn at_button(mut self, press: Press) -> Self {
        self = self.at_buttons();
        if let Some(FormPart::Buttons { at, buttons }) = self.parts.get_mut(self.focus) {
            *at = buttons.iter().position(|button| button.press == press).unwrap_or(*at);
        }
        self
    }

    /// What the button of this number does; the first one does what the form is there for.
    fn press(&self, number: usize) -> Press {
        let pressed = |part: &FormPart| {
            let FormPart::Buttons { buttons, .. } = part else { return None };
            buttons.get(number).map(|button| button.press)
        };
        self.parts.iter().find_map(pressed).unwrap_or(Press::Confirm)
    }

    /// Pasted text goes into the field that has the keys, on one line.
    pub fn paste(&mut self, raw: &str) {
        if let Some(FormPart::Field(field)) = self.parts.get_mut(self.focus) {
            field.editor.insert(Text::line(raw).as_str());
        }
    }

    /// Takes a key.
    pub fn key(&mut self, key: Key) -> FormAnswer {
        match key {
            Key::Esc => return FormAnswer::Cancelled,
            Key::BackTab => self.turn(false),
            Key::Tab => {
                let unsure = match self.parts.get_mut(self.focus) {
                    Some(FormPart::Field(field)) => field.complete(),
                    _ => false,
                };
                if !unsure {
                    self.turn(true);
                }
            }
            Key::Enter => return self.enter(),
            Key::PageUp if !self.has_list() => self.scroll = self.scroll.saturating_sub(PAGE),
            Key::PageDown if !self.has_list() => self.scroll = self.scroll.saturating_add(PAGE),
            _ => {
                let taken = self.parts.get_mut(self.focus).is_some_and(|part| part_key(part, key));
                match key {
                    Key::Up if !taken && self.only_reads() => self.scroll = self.scroll.saturating_sub(1),
                    Key::Down if !taken && self.only_reads() => self.scroll = self.scroll.saturating_add(1),
                    Key::Up if !taken => self.turn(false),
                    Key::Down if !taken => self.turn(true),
                    _ => {}
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

    /// Enter goes on to the next field if that is still empty, or does what the button says. In a list that fills a
    /// field it does that, and goes on to the next thing to fill in.
    fn enter(&mut self) -> FormAnswer {
        if let Some(FormPart::List(List { fills: Some(key), .. })) = self.parts.get(self.focus) {
            let key = *key;
            if let Some(written) = self.picked().map(|item| item.value.written()) {
                self.set_field(key, &written);
            }
            let empty = |part: &FormPart| matches!(part, FormPart::Field(field) if field.editor.is_empty());
            if let Some(next) = self.parts.iter().position(empty) {
                self.focus = next;
                return FormAnswer::Open;
            }
            return FormAnswer::Pressed(self.press(0));
        }
        if let Some(FormPart::Buttons { at, .. }) = self.parts.get(self.focus) {
            return FormAnswer::Pressed(self.press(*at));
        }
        let next = (self.focus + 1..self.parts.len()).find(|&at| self.parts.get(at).is_some_and(FormPart::takes_keys));
        let from_field = matches!(self.parts.get(self.focus), Some(FormPart::Field(_)));
        if let (true, Some(next)) = (from_field, next)
            && matches!(self.parts.get(next), Some(FormPart::Field(field)) if field.editor.text().is_empty())
        {
            self.focus = next;
            return FormAnswer::Open;
        }
        FormAnswer::Pressed(self.press(0))
    }

    /// The keys go to the next part that takes any, or the one before.
    fn turn(&mut self, forward: bool) {
        let count = self.parts.len();
        let around = (1..=count).map(|step| if forward { self.focus + step } else { self.focus + count - step });
        let next = around.map(|at| at % count.max(1)).find(|&at| self.parts.get(at).is_some_and(FormPart::takes_keys));
        self.focus = next.unwrap_or(self.focus);
        if let Some(FormPart::Buttons { at, .. }) = self.parts.get_mut(self.focus) {
            *at = 0;
        }
    }
}

/// A key for the part that has the keys; `false` if it is not for it.
fn part_key(part: &mut FormPart, key: Key) -> bool {
    match part {
        FormPart::Text(_) | FormPart::Note(_) | FormPart::Heading(_) | FormPart::Pair(..) => false,
        FormPart::Field(field) => field.editor.key(key, &mut String::new()),
        FormPart::List(list) => list.key(key),
        FormPart::Radio { choices, on, .. } => step(on, choices.len(), key, (Key::Up, Key::Down)),
        FormPart::Buttons { buttons, at } => step(at, buttons.len(), key, (Key::Left, Key::Right)),
    }
}

fn step(at: &mut usize, count: usize, key: Key, (back, on): (Key, Key)) -> bool {
    let to = match key {
        key if key == back => at.checked_sub(1),
        key if key == on => Some(*at + 1).filter(|&to| to < count),
        // A space goes round, for who does not find the arrows.
        Key::Char(' ') => Some((*at + 1) % count.max(1)),
        _ => None,
    };
    *at = to.unwrap_or(*at);
    to.is_some()
}
