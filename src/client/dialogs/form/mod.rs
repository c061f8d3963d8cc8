//! A dialog as a form: texts, fields, lists, choices and buttons, and the keys that move among them.
//!
//! Must not know: what the dialog is for, or what its answer leads to.

pub mod list;
pub(in crate::client) mod view;

use crate::client::key::Key;
use crate::client::text::editor::{Editor, names_like};
use crate::model::{Name, Text};

pub use list::{Item, List};

/// Rows that PageUp and PageDown scroll: most of a page at 80x24.
const PAGE: usize = 18;

/// One part of a form.
#[derive(Clone, Debug)]
pub enum Part {
    /// Something to read.
    Text(String),
    /// What was wrong with what was filled in, or what came of it.
    Note(String),
    /// A heading to read.
    Heading(String),
    /// A word and what it means, beside each other where there is room.
    Pair(String, String),
    /// Somewhere to write.
    Field(Field),
    /// A list to pick from.
    List(List),
    /// A few possibilities, of which one is on.
    Radio {
        /// What they are.
        choices: Vec<String>,
        /// Which one is on.
        on: usize,
        /// Whether marks show which one; a plain list has none.
        marked: bool,
    },
    /// What can be done; the first is what Enter does elsewhere in the form.
    Buttons {
        /// What they say.
        labels: Vec<String>,
        /// Which has the cursor.
        at: usize,
    },
}

/// Somewhere to write one line.
#[derive(Clone, Debug)]
pub struct Field {
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
    pub parts: Vec<Part>,
    /// Which part the keys go to.
    pub focus: usize,
    /// How many rows to read are scrolled away, where nothing but text is there.
    pub scroll: usize,
}

/// What a key led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The form goes on.
    Open,
    /// The form is given up.
    Cancelled,
    /// This button was pressed.
    Pressed(usize),
}

impl Field {
    /// A field that holds `text`.
    #[must_use]
    pub fn plain(label: &str, text: &str) -> Part {
        let editor = Editor::with(Text::line(text).as_str());
        Part::Field(Self { label: label.to_owned(), editor, secret: false, names: Vec::new() })
    }

    /// A field for a secret.
    #[must_use]
    pub fn secret(label: &str) -> Part {
        Part::Field(Self { label: label.to_owned(), editor: Editor::default(), secret: true, names: Vec::new() })
    }

    /// A field that completes names.
    #[must_use]
    pub fn name(label: &str, text: &str, names: Vec<Name>) -> Part {
        let editor = Editor::with(Text::line(text).as_str());
        Part::Field(Self { label: label.to_owned(), editor, secret: false, names })
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

impl Part {
    fn takes_keys(&self) -> bool {
        !matches!(self, Self::Text(_) | Self::Note(_) | Self::Heading(_) | Self::Pair(..))
    }
}

impl Form {
    /// A form whose keys go to its first part that takes any.
    #[must_use]
    pub fn new(title: &str, parts: Vec<Part>) -> Self {
        let focus = parts.iter().position(Part::takes_keys).unwrap_or(0);
        Self { title: title.to_owned(), parts, focus, scroll: 0 }
    }

    /// The form with the keys going to its buttons.
    #[must_use]
    pub fn at_buttons(mut self) -> Self {
        self.focus = self.parts.iter().position(|part| matches!(part, Part::Buttons { .. })).unwrap_or(self.focus);
        self
    }

    /// Whether the keys go to its buttons.
    #[must_use]
    pub fn on_buttons(&self) -> bool {
        matches!(self.parts.get(self.focus), Some(Part::Buttons { .. }))
    }

    /// The form with the keys going to its field of this number.
    #[must_use]
    pub fn at_field(mut self, number: usize) -> Self {
        let fields = self.parts.iter().enumerate().filter(|(_, part)| matches!(part, Part::Field(_)));
        self.focus = fields.map(|(at, _)| at).nth(number).unwrap_or(self.focus);
        self
    }

    /// What is written in the field of this number.
    #[must_use]
    pub fn field(&self, number: usize) -> String {
        let mut fields = self.parts.iter().filter_map(|part| match part {
            Part::Field(field) => Some(field.editor.text()),
            _ => None,
        });
        fields.nth(number).unwrap_or_default()
    }

    /// Writes something else into the field of this number.
    pub fn set_field(&mut self, number: usize, text: &str) {
        let mut fields = self.parts.iter_mut().filter_map(|part| match part {
            Part::Field(field) => Some(field),
            _ => None,
        });
        if let Some(field) = fields.nth(number) {
            field.editor = Editor::with(Text::line(text).as_str());
        }
    }

    /// The row picked in the list, if there is one.
    #[must_use]
    pub fn picked(&self) -> Option<&Item> {
        self.parts.iter().find_map(|part| if let Part::List(list) = part { list.picked() } else { None })
    }

    /// Which possibility is on, in the choice of this number.
    #[must_use]
    pub fn choice(&self, number: usize) -> usize {
        let mut radios = self.parts.iter().filter_map(|part| match part {
            Part::Radio { on, .. } => Some(*on),
            _ => None,
        });
        radios.nth(number).unwrap_or(0)
    }

    /// The list of the form, if there is one.
    pub fn list(&mut self) -> Option<&mut List> {
        self.parts.iter_mut().find_map(|part| if let Part::List(list) = part { Some(list) } else { None })
    }

    /// There is more than what is in the list.
    pub fn list_goes_on(&mut self, more: bool) {
        if let Some(list) = self.list() {
            list.more = more;
        }
    }

    /// Puts another set of rows into the list.
    pub fn set_list(&mut self, rows: Vec<Item>) {
        if let Some(list) = self.list() {
            list.set(rows);
        }
    }

    /// The form with words about what was filled in, above its buttons.
    #[must_use]
    pub fn noted(mut self, words: &str) -> Self {
        let old = self.parts.iter_mut().find(|part| matches!(part, Part::Note(_)));
        if let Some(note) = old {
            *note = Part::Note(words.to_owned());
            return self;
        }
        let at = self.parts.iter().position(|part| matches!(part, Part::Buttons { .. })).unwrap_or(self.parts.len());
        self.parts.insert(at, Part::Note(words.to_owned()));
        self.focus += usize::from(self.focus >= at);
        self
    }

    /// The form with the keys going to its button of this number.
    #[must_use]
    pub fn at_button(mut self, number: usize) -> Self {
        self = self.at_buttons();
        if let Some(Part::Buttons { at, labels }) = self.parts.get_mut(self.focus) {
            *at = number.min(labels.len().saturating_sub(1));
        }
        self
    }

    /// Pasted text goes into the field that has the keys, on one line.
    pub fn paste(&mut self, raw: &str) {
        if let Some(Part::Field(field)) = self.parts.get_mut(self.focus) {
            field.editor.insert(Text::line(raw).as_str());
        }
    }

    /// Takes a key.
    pub fn key(&mut self, key: Key) -> Answer {
        match key {
            Key::Esc => return Answer::Cancelled,
            Key::BackTab => self.turn(false),
            Key::Tab => {
                let unsure = match self.parts.get_mut(self.focus) {
                    Some(Part::Field(field)) => field.complete(),
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
        Answer::Open
    }

    fn has_list(&self) -> bool {
        self.parts.iter().any(|part| matches!(part, Part::List(_)))
    }

    fn only_reads(&self) -> bool {
        self.parts.iter().filter(|part| part.takes_keys()).count() <= 1
    }

    /// Enter goes on to the next field if that is still empty, or does what the button says. In a list that fills a
    /// field it does that, and goes on to the next thing to fill in.
    fn enter(&mut self) -> Answer {
        if let Some(Part::List(List { fills: Some(number), .. })) = self.parts.get(self.focus) {
            let number = *number;
            if let Some(value) = self.picked().map(|item| item.value.clone()) {
                self.set_field(number, &value);
            }
            let empty = |part: &Part| matches!(part, Part::Field(field) if field.editor.is_empty());
            if let Some(next) = self.parts.iter().position(empty) {
                self.focus = next;
                return Answer::Open;
            }
            return Answer::Pressed(0);
        }
        if let Some(Part::Buttons { at, .. }) = self.parts.get(self.focus) {
            return Answer::Pressed(*at);
        }
        let next = (self.focus + 1..self.parts.len()).find(|&at| self.parts.get(at).is_some_and(Part::takes_keys));
        let from_field = matches!(self.parts.get(self.focus), Some(Part::Field(_)));
        if let (true, Some(next)) = (from_field, next)
            && matches!(self.parts.get(next), Some(Part::Field(field)) if field.editor.text().is_empty())
        {
            self.focus = next;
            return Answer::Open;
        }
        Answer::Pressed(0)
    }

    /// The keys go to the next part that takes any, or the one before.
    fn turn(&mut self, forward: bool) {
        let count = self.parts.len();
        let around = (1..=count).map(|step| if forward { self.focus + step } else { self.focus + count - step });
        let next = around.map(|at| at % count.max(1)).find(|&at| self.parts.get(at).is_some_and(Part::takes_keys));
        self.focus = next.unwrap_or(self.focus);
        if let Some(Part::Buttons { at, .. }) = self.parts.get_mut(self.focus) {
            *at = 0;
        }
    }
}

/// A key for the part that has the keys; `false` if it is not for it.
fn part_key(part: &mut Part, key: Key) -> bool {
    match part {
        Part::Text(_) | Part::Note(_) | Part::Heading(_) | Part::Pair(..) => false,
        Part::Field(field) => field.editor.key(key, &mut String::new()),
        Part::List(list) => list.key(key),
        Part::Radio { choices, on, .. } => step(on, choices.len(), key, (Key::Up, Key::Down)),
        Part::Buttons { labels, at } => step(at, labels.len(), key, (Key::Left, Key::Right)),
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
