//! The person's settings, and what is being kept of them.
//!
//! Keeps true: the settings in force are those that were read and changed since, and each change that is not answered yet
//! is counted.
//!
//! Must not know: what follows from a setting, or how it is kept.

use crate::client::msg::Effect;
use crate::client::session::effects::Effects;
use crate::client::session::notice::Notice;
use crate::client::settings::{SettingKey, SettingSource, Settings};
use crate::client::text::wrap::cells;
use crate::language::settings as say;

/// A change of a setting.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::client::session) struct SettingChange {
    /// The setting.
    pub(in crate::client::session) key: SettingKey,
    /// Its words; `None` to reset it.
    pub(in crate::client::session) words: Option<Vec<String>>,
}

#[derive(Clone, Debug, Default)]
pub(in crate::client::session) struct Preferences {
    settings: Settings,
    /// The changes that wait to be kept.
    saving: usize,
}

impl Preferences {
    pub(in crate::client::session) fn new(settings: Settings) -> Self {
        Self { settings, saving: 0 }
    }

    pub(in crate::client::session) fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Whether a change is still to be kept.
    pub(in crate::client::session) fn is_saving(&self) -> bool {
        self.saving > 0
    }

    /// Changes a setting, and has it kept. What an option or the environment says stays in force.
    pub(in crate::client::session) fn change(&mut self, change: SettingChange, out: &mut Effects) -> Option<Notice> {
        let SettingChange { key, words } = change;
        let mut changed = self.settings.clone();
        let value = match &words {
            Some(words) => {
                if let Err(wrong) = changed.set(&key, words) {
                    return Some(Notice::Trouble(format!("{key}: {}", wrong.what)));
                }
                Some(Settings::written(&key, words))
            }
            None => {
                changed.reset(&key);
                None
            }
        };
        if key.is_live() && !self.settings.source(&key).is_above_file() {
            let source = if words.is_some() { SettingSource::Session } else { SettingSource::Default };
            changed.note_source(&key, source);
            self.settings = changed;
        }
        if self.settings.file.is_none() {
            return Some(Notice::trouble(say::no_folder()));
        }
        self.saving += 1;
        out.emit(Effect::SaveSetting { key: key.to_string(), value });
        None
    }

    /// A change was kept, or could not be; says so. Where the path is too long for `room` cells, its last part does.
    pub(in crate::client::session) fn saved(
        &mut self,
        name: &str,
        outcome: Result<String, String>,
        room: usize,
    ) -> Option<Notice> {
        self.saving = self.saving.saturating_sub(1);
        let key = SettingKey::parse(name).ok()?;
        let source = self.settings.source(&key);
        if source == SettingSource::Session && outcome.is_ok() {
            self.settings.note_source(&key, SettingSource::File);
        }
        let now = self.settings.shown(&key);
        let above_file = source.is_above_file();
        let path = match outcome {
            Ok(path) => path,
            Err(why) if above_file || !key.is_live() => return Some(Notice::Trouble(say::not_written(&key, why))),
            Err(why) => return Some(Notice::Trouble(say::until_you_leave(&key, now, why))),
        };
        let words = |path: &str| match source {
            _ if above_file => say::written_but(&key, path, above(source), &now),
            _ if !key.is_live() => say::written_for_next_start(&key, path),
            SettingSource::Default => say::default_again(&key, &now, path),
            _ => say::written(&key, &now, path),
        };
        let whole = words(&path);
        let short = path.rsplit('/').next().filter(|_| cells(&whole) > room).map(words);
        Some(Notice::News(short.filter(|short| cells(short) <= room).unwrap_or(whole)))
    }

    /// All settings with their values, and where they come from.
    pub(in crate::client::session) fn list(&self) -> String {
        let mut lines: Vec<String> = self.settings.all().iter().map(|key| self.line(key)).collect();
        lines.push(match &self.settings.file {
            Some(file) => say::how_to_set(file),
            None => say::how_to_set_until_you_leave().to_owned(),
        });
        lines.join("\n")
    }

    /// One setting: its value, where it comes from, and what it is.
    pub(in crate::client::session) fn describe(&self, key: &SettingKey) -> String {
        format!("{}. {}", self.line(key), key.help())
    }

    fn line(&self, key: &SettingKey) -> String {
        format!("{key} = {} ({})", self.settings.shown(key), self.settings.source(key).words())
    }
}

fn above(source: SettingSource) -> String {
    match source {
        SettingSource::Environment(name) => say::environment_variable(name),
        SettingSource::Option => say::option_of_command_line().to_owned(),
        SettingSource::Default | SettingSource::File | SettingSource::Session => source.words().to_owned(),
    }
}
