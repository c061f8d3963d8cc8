//! The person's settings: what each may be, where it comes from, and how it is written.
//!
//! - [`table`]: the names, and what to say about each. [`values`]: the values that are one of a few words.
//! - [`setting_key`]: the name of one setting, also of those in tables, such as `keys.rooms`.
//! - `change`: reads, shows and resets a setting.
//!
//! Must not know: files, the environment, or what follows from a setting.

mod change;
pub mod setting_key;
pub mod table;
pub mod values;

use std::collections::BTreeMap;

pub use self::change::{NO_KEYS, WrongWord, typed};
pub use self::setting_key::SettingKey;
pub use self::values::{DirectRule, LanguageChoice, NotifyLevel, ThemeChoice, Times};
use super::action::Action;
use super::key::Key;
use super::view::PictureStyle;
use crate::language::settings as say;
use crate::model::Target;

/// The value that resets a setting.
pub const RESET: &str = "-";
/// The most own words.
pub const MAX_WORDS: usize = 32;
/// The longest own word, in bytes.
pub const MAX_WORD: usize = 64;
/// The longest path of a folder, in bytes.
pub const MAX_FOLDER: usize = 1024;
/// The most keys of one action.
pub const MAX_KEYS: usize = 8;
/// The most conversations with a rule of their own.
pub const MAX_RULES: usize = 1000;

/// The settings in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The colours.
    pub theme: ThemeChoice,
    /// How times are written.
    pub times: Times,
    /// Words that call the person, beside the name.
    pub words: Vec<String>,
    /// Which messages notify, where a conversation has no rule of its own.
    pub notify: NotifyLevel,
    /// Whether a notification carries the text of the message.
    pub notify_content: bool,
    /// Whether the mouse works in the screen.
    pub mouse: bool,
    /// Whether it is shown who joins and leaves.
    pub join_notices: bool,
    /// Whether plain mode prints reactions, edits and deletions.
    pub change_notices: bool,
    /// Whether the bell rings.
    pub bell: bool,
    /// The folder for files that others send, as it is shown; empty for the usual one.
    pub downloads: String,
    /// The camera, as it was named; empty for the first of this machine.
    pub camera: String,
    /// Microphone and loudspeaker, as they were named; empty for what is found.
    pub sound: String,
    /// When packets of a call may bypass the server.
    pub direct: DirectRule,
    /// How pictures are drawn.
    pub video: PictureStyle,
    /// The language.
    pub lang: LanguageChoice,
    /// The actions whose keys were changed; an action without keys has none.
    pub keys: Vec<(Action, Vec<Key>)>,
    /// The conversations with a rule of their own.
    pub conversations: Vec<(Target, NotifyLevel)>,
    /// The address of the server, as it is shown.
    pub server: String,
    /// The name that was asked for, as it is shown.
    pub name: String,
    /// The file in which settings are kept, as it is shown; `None` if there is no folder for it.
    pub file: Option<String>,
    /// Where the settings come from that are not defaults, by name.
    sources: BTreeMap<String, SettingSource>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: ThemeChoice::Auto,
            times: Times::Day,
            words: Vec::new(),
            notify: NotifyLevel::Mentions,
            notify_content: true,
            mouse: false,
            join_notices: true,
            change_notices: true,
            bell: true,
            downloads: String::new(),
            camera: String::new(),
            sound: String::new(),
            direct: DirectRule::Ask,
            video: PictureStyle::Auto,
            lang: LanguageChoice::Auto,
            keys: Vec::new(),
            conversations: Vec::new(),
            server: String::new(),
            name: String::new(),
            file: None,
            sources: BTreeMap::new(),
        }
    }
}

/// Where the value of a setting comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SettingSource {
    /// It is the default.
    #[default]
    Default,
    /// The file.
    File,
    /// This variable of the environment.
    Environment(&'static str),
    /// An option of the command line.
    Option,
    /// It was set while the client runs.
    Session,
}

impl SettingSource {
    /// Whether it wins over the file.
    #[must_use]
    pub fn is_above_file(self) -> bool {
        matches!(self, Self::Environment(_) | Self::Option)
    }

    /// The source in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Default => say::source_default(),
            Self::File => say::source_file(),
            Self::Environment(name) => name,
            Self::Option => say::source_option(),
            Self::Session => say::source_session(),
        }
    }
}

impl Settings {
    /// Where the value of a setting comes from.
    #[must_use]
    pub fn source(&self, key: &SettingKey) -> SettingSource {
        self.sources.get(&key.lookup()).copied().unwrap_or_default()
    }

    /// Records where the value of a setting comes from.
    pub fn note_source(&mut self, key: &SettingKey, source: SettingSource) {
        match source {
            SettingSource::Default => drop(self.sources.remove(&key.lookup())),
            source => drop(self.sources.insert(key.lookup(), source)),
        }
    }

    /// The rule of a conversation, if it has one of its own.
    #[must_use]
    pub fn rule(&self, target: &Target) -> Option<NotifyLevel> {
        let key = setting_key::place_key(target);
        self.conversations.iter().find(|(place, _)| setting_key::place_key(place) == key).map(|(_, level)| *level)
    }

    /// All settings, those of the tables last.
    #[must_use]
    pub fn all(&self) -> Vec<SettingKey> {
        let plain = table::SETTINGS.iter().map(SettingKey::Plain);
        let keys = self.keys.iter().map(|(action, _)| SettingKey::Keys(*action));
        let places = self.conversations.iter().map(|(place, _)| SettingKey::Conversation(place.clone()));
        plain.chain(keys).chain(places).collect()
    }
}
