//! The help: keys first, then commands, then settings, filtered by typing.
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
use crate::client::settings::table::SETTINGS;
use crate::language::settings::{keys_of_action_help, rule_help};
use crate::language::{Say, arguments, helping as say};

/// The settings in tables of their own.
const SET_KEYS: &str = "/set keys.ACTION";
const SET_CONVERSATION: &str = "/set conversations.NAME";

/// The help, filtered.
#[must_use]
pub fn help(bindings: &Bindings, filter: &str) -> OpenDialog {
    let go = bindings.instead_of(Key::Ctrl('k')).map_or_else(|| "/go".to_owned(), |key| key.to_string());
    let glossary = Glossary {
        what: say::entries(),
        note: say::this_explains(go),
        ..glossary([help::keys(bindings), help::commands(Some(bindings)), vec![settings()]].concat(), filter)
    };
    OpenDialog::new(Dialog::Help, Form::new(say::title(), vec![FormPart::Glossary(glossary)]))
}

/// The commands and settings as lines of plain mode: those that match the filter.
#[must_use]
pub fn lines(filter: &str) -> Vec<String> {
    let glossary = glossary([help::commands(None), vec![settings()]].concat(), filter);
    let line = |(word, meaning): &(String, String)| format!("{word:<24} {meaning}");
    glossary.shown().into_iter().flat_map(|(_, entries)| entries.into_iter().map(line)).collect()
}

/// The settings, each as the command that changes it.
fn settings() -> HelpSection {
    let plain = SETTINGS.iter().map(|setting| (format!("/set {}", setting.name), setting.help().to_owned()));
    let tables = [(SET_KEYS, keys_of_action_help as Say), (SET_CONVERSATION, rule_help)];
    let tables = tables.iter().map(|(term, help)| (arguments::said(term).into_owned(), help().to_owned()));
    HelpSection { title: say::settings(), entries: plain.chain(tables).collect() }
}

fn glossary(sections: Vec<HelpSection>, filter: &str) -> Glossary {
    let section = |section: HelpSection| GlossarySection { title: section.title.to_owned(), entries: section.entries };
    Glossary {
        sections: sections.into_iter().map(section).collect(),
        filter: filter.trim().to_owned(),
        ..Glossary::default()
    }
}
