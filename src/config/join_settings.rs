//! The client's configuration file: its keys, and the settings that it leads to.
//!
//! Must not know: what follows from a setting.

use std::fs;
use std::io;
use std::sync::LazyLock;

use super::file::{self, FileKind};
use super::given::{Given, Problem, Word};
use super::keys::{ConfigKey, ValueKind};
use crate::client::settings::table::{
    CONVERSATIONS_TABLE, KEYS_SAMPLE, KEYS_TABLE, RULE_SAMPLE, SETTINGS, Setting, SettingKind,
};
use crate::client::settings::{SettingKey, SettingSource, Settings};
use crate::language::settings as say;

/// The keys outside tables.
static KEYS: LazyLock<Vec<ConfigKey>> = LazyLock::new(|| SETTINGS.iter().map(config_key).collect());
static TABLES: [ConfigKey; 2] = [
    ConfigKey { name: KEYS_TABLE, kind: ValueKind::TextOrTexts, live: true, sample: KEYS_SAMPLE },
    ConfigKey { name: CONVERSATIONS_TABLE, kind: ValueKind::Text, live: true, sample: RULE_SAMPLE },
];

/// The client's file. It names the server that gets what the person says, so nobody else may write it.
pub(super) fn kind() -> FileKind {
    FileKind { keys: &KEYS, tables: &TABLES, manual: "tr2-join.conf(5)", private: true, ends_with_line_feed: false }
}

fn config_key(setting: &Setting) -> ConfigKey {
    let kind = match setting.kind {
        SettingKind::Word => ValueKind::Text,
        SettingKind::Words => ValueKind::Texts,
        SettingKind::WordOrWords => ValueKind::TextOrTexts,
        SettingKind::Switch => ValueKind::Switch,
    };
    ConfigKey { name: setting.name, kind, live: setting.live, sample: setting.sample }
}

/// Whether there is no file of this name, not even a link that leads nowhere.
pub(super) fn is_missing(path: &str) -> bool {
    let missing = |error: io::Error| matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory);
    fs::symlink_metadata(path).is_err_and(missing)
}

/// Reads the file, and everything that is wrong with it: each of them is a mistake in the configuration.
pub(super) fn read(path: &str) -> (Settings, Vec<Problem>) {
    let (given, problems) = file::read(path, &kind());
    let mut problems: Vec<Problem> = problems.into_iter().map(|problem| Problem { usage: true, ..problem }).collect();
    let settings = given.map(|given| mean(&given, &mut problems)).unwrap_or_default();
    (settings, problems)
}

/// The settings that a file leads to.
pub(super) fn mean(given: &Given, problems: &mut Vec<Problem>) -> Settings {
    let mut settings = Settings::default();
    for setting in &SETTINGS {
        let words = given.words(setting.name);
        if !words.is_empty() {
            set(&mut settings, &SettingKey::Plain(setting), words, problems, |problem| Problem {
                key: Some(setting.name),
                ..problem
            });
        }
    }
    type Named = fn(&str) -> Result<SettingKey, String>;
    let tables: [(&'static str, Named); 2] =
        [(KEYS_TABLE, SettingKey::keys_of), (CONVERSATIONS_TABLE, SettingKey::conversation)];
    for (table, named) in tables {
        for entry in given.entries(table) {
            let about = |problem: Problem| Problem { key: Some(table), word: Some(entry.name.text.clone()), ..problem };
            let at_name = |what: String| {
                let position = entry.name.position;
                about(Problem { position, ..Problem::usage(what) })
            };
            match named(&entry.name.text) {
                Ok(key) if settings.source(&key) == SettingSource::File => {
                    problems.push(at_name(say::conversation_twice().to_owned()));
                }
                Ok(key) if entry.words.is_empty() => {
                    // An empty list: no keys at all.
                    if settings.set(&key, &[]).is_ok() {
                        settings.note_source(&key, SettingSource::File);
                    }
                }
                Ok(key) => set(&mut settings, &key, &entry.words, problems, about),
                Err(what) => problems.push(at_name(what)),
            }
        }
    }
    settings
}

/// Sets a setting from its words; a wrong one becomes a problem at its position.
fn set(
    settings: &mut Settings,
    key: &SettingKey,
    words: &[Word],
    problems: &mut Vec<Problem>,
    about: impl Fn(Problem) -> Problem,
) {
    let texts: Vec<String> = words.iter().map(|word| word.text.clone()).collect();
    match settings.set(key, &texts) {
        Ok(()) => settings.note_source(key, SettingSource::File),
        Err(wrong) => {
            let word = words.get(wrong.at).or(words.first());
            let position = word.and_then(|word| word.position);
            let word = word.map(|word| word.text.clone());
            problems.push(about(Problem { position, word, ..Problem::usage(wrong.what) }));
        }
    }
}
