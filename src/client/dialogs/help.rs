//! The help: keys first, then commands, filtered by typing.
//!
//! It only explains. What it explains is run by its key or command, or from the quick switch; so nothing in it has a
//! cursor, and no digit or letter acts.
//!
//! Must not know: when it is opened.

use super::form::{Form, FormPart, Glossary, GlossarySection};
use super::open::{Dialog, OpenDialog};
use crate::client::action::Bindings;
use crate::client::action::help::{self, HelpSection};
use crate::client::key::Key;

/// The help, filtered.
#[must_use]
pub fn help(bindings: &Bindings, filter: &str) -> OpenDialog {
    let go = bindings.instead_of(Key::Ctrl('k')).map_or_else(|| "/go".to_owned(), |key| key.to_string());
    let glossary = Glossary {
        what: "entries",
        note: format!("This explains; {go} runs an action by its name."),
        ..glossary(help::keys(bindings).into_iter().chain(help::commands(Some(bindings))), filter)
    };
    OpenDialog::new(Dialog::Help, Form::new("Help · Esc closes", vec![FormPart::Glossary(glossary)]))
}

/// The commands as lines of plain mode: those that match the filter.
#[must_use]
pub fn lines(filter: &str) -> Vec<String> {
    let glossary = glossary(help::commands(None).into_iter(), filter);
    let line = |(word, meaning): &(String, String)| format!("{word:<24} {meaning}");
    glossary.shown().into_iter().flat_map(|(_, entries)| entries.into_iter().map(line)).collect()
}

fn glossary(sections: impl Iterator<Item = HelpSection>, filter: &str) -> Glossary {
    let section = |section: HelpSection| GlossarySection { title: section.title.to_owned(), entries: section.entries };
    Glossary { sections: sections.map(section).collect(), filter: filter.trim().to_owned(), ..Glossary::default() }
}
