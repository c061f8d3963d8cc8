//! Reading, showing and resetting one setting.
//!
//! Must not know: where the words were written.

use super::setting_key::place_key;
use super::table::SettingKind;
use super::values::{DirectRule, LanguageChoice, NamedValue, NotifyLevel, ThemeChoice, Times};
use super::{MAX_FOLDER, MAX_KEYS, MAX_RULES, MAX_WORD, MAX_WORDS, SettingKey, Settings};
use crate::client::action::{self, Action};
use crate::client::camera::source::CameraSource;
use crate::client::key::Key;
use crate::client::server_list;
use crate::client::sound::source::SoundSource;
use crate::client::view::PictureStyle;
use crate::language::names;
use crate::language::settings as say;
use crate::model::Name;
use crate::model::text::is_clean;

/// The setting with the addresses of the chat.
const SERVER: &str = "server";

/// The word that stands for no keys at all.
pub const NO_KEYS: &str = "none";

/// What is wrong with the words of a setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrongWord {
    /// The index of the wrong word.
    pub at: usize,
    /// What is wrong, and what is expected.
    pub what: String,
}

impl WrongWord {
    fn first(what: impl Into<String>) -> Self {
        Self { at: 0, what: what.into() }
    }
}

impl Settings {
    /// Sets a setting from its words.
    ///
    /// # Errors
    /// A word is wrong; nothing has changed then.
    pub fn set(&mut self, key: &SettingKey, words: &[String]) -> Result<(), WrongWord> {
        let single = || match words {
            [word] => Ok(word.as_str()),
            [] => Err(WrongWord::first(say::value_missing())),
            [_, ..] => Err(WrongWord { at: 1, what: say::only_one_value().to_owned() }),
        };
        match key {
            SettingKey::Plain(setting) if setting.kind == SettingKind::Words => self.words = own_words(words)?,
            SettingKey::Plain(setting) if setting.name == SERVER && !words.is_empty() => {
                self.server =
                    server_list::read(words).map(|urls| server_list::joined(&urls)).map_err(WrongWord::first)?;
            }
            SettingKey::Plain(setting) => self.set_plain(setting.name, single()?)?,
            SettingKey::Keys(action) => {
                let keys = self.keys(*action, words)?;
                replace(&mut self.keys, keys, |(other, _)| other == action);
            }
            SettingKey::Conversation(place) => {
                let level = one::<NotifyLevel>(single()?)?;
                let found = place_key(place);
                if self.rule(place).is_none() && self.conversations.len() >= MAX_RULES {
                    return Err(WrongWord::first(say::too_many_rules(MAX_RULES)));
                }
                replace(&mut self.conversations, (place.clone(), level), |(other, _)| place_key(other) == found);
            }
        }
        Ok(())
    }

    fn set_plain(&mut self, name: &str, word: &str) -> Result<(), WrongWord> {
        match name {
            "name" => {
                self.name = Name::parse(word).map_err(|error| WrongWord::first(names::name(&error)))?.to_string();
            }
            "theme" => self.theme = one(word)?,
            "times" => self.times = one(word)?,
            "notify" => self.notify = one(word)?,
            "notify_content" => self.notify_content = one(word)?,
            "mouse" => self.mouse = one(word)?,
            "join_notices" => self.join_notices = one(word)?,
            "change_notices" => self.change_notices = one(word)?,
            "bell" => self.bell = one(word)?,
            "downloads" => self.downloads = folder(word)?,
            "camera" => self.camera = named_device(word, |word| CameraSource::named(word).map(drop))?,
            "sound" => self.sound = named_device(word, |word| SoundSource::named(word).map(drop))?,
            "direct" => self.direct = one(word)?,
            "video" => self.video = one(word)?,
            "lang" => self.lang = one(word)?,
            _ => {}
        }
        Ok(())
    }

    /// The keys of an action from their names; another action of the settings must not have them.
    fn keys(&self, action: Action, words: &[String]) -> Result<(Action, Vec<Key>), WrongWord> {
        if matches!(words, [word] if word == NO_KEYS) {
            return Ok((action, Vec::new()));
        }
        let mut keys = Vec::new();
        for (at, word) in words.iter().enumerate() {
            let wrong = |what: String| WrongWord { at, what };
            let key: Key = word.parse().map_err(wrong)?;
            if action::is_fixed_key(key) {
                return Err(wrong(say::key_is_fixed(key)));
            }
            let other = self.keys.iter().find(|(other, keys)| *other != action && keys.contains(&key));
            if let Some((other, _)) = other {
                let name = action::row(*other).map(action::Row::id).unwrap_or_default();
                return Err(wrong(say::key_given_twice_to(key, name)));
            }
            if keys.contains(&key) {
                return Err(wrong(say::key_given_twice(key)));
            }
            if keys.len() >= MAX_KEYS {
                return Err(wrong(say::too_many_keys(MAX_KEYS)));
            }
            keys.push(key);
        }
        Ok((action, keys))
    }

    /// Resets a setting to its default.
    pub fn reset(&mut self, key: &SettingKey) {
        let default = Self::default();
        match key {
            SettingKey::Plain(setting) => match setting.name {
                "theme" => self.theme = default.theme,
                "times" => self.times = default.times,
                "words" => self.words = default.words,
                "notify" => self.notify = default.notify,
                "notify_content" => self.notify_content = default.notify_content,
                "mouse" => self.mouse = default.mouse,
                "join_notices" => self.join_notices = default.join_notices,
                "change_notices" => self.change_notices = default.change_notices,
                "bell" => self.bell = default.bell,
                "camera" => self.camera = default.camera,
                "sound" => self.sound = default.sound,
                "direct" => self.direct = default.direct,
                "video" => self.video = default.video,
                "lang" => self.lang = default.lang,
                // The others have no default of their own: it depends on the machine.
                _ => {}
            },
            SettingKey::Keys(action) => self.keys.retain(|(other, _)| other != action),
            SettingKey::Conversation(place) => {
                let found = place_key(place);
                self.conversations.retain(|(other, _)| place_key(other) != found);
            }
        }
    }

    /// The words of a setting; none if it is not set.
    #[must_use]
    pub fn get(&self, key: &SettingKey) -> Vec<String> {
        let named = |name: &str| vec![name.to_owned()];
        match key {
            SettingKey::Plain(setting) => match setting.name {
                SERVER => named(&self.server),
                "name" => named(&self.name),
                "theme" => named(self.theme.name()),
                "times" => named(self.times.name()),
                "words" => self.words.clone(),
                "notify" => named(self.notify.name()),
                "notify_content" => named(self.notify_content.name()),
                "mouse" => named(self.mouse.name()),
                "join_notices" => named(self.join_notices.name()),
                "change_notices" => named(self.change_notices.name()),
                "bell" => named(self.bell.name()),
                "downloads" => named(&self.downloads),
                "camera" => named(&self.camera),
                "sound" => named(&self.sound),
                "direct" => named(self.direct.name()),
                "video" => named(self.video.name()),
                "lang" => named(self.lang.name()),
                _ => Vec::new(),
            },
            SettingKey::Keys(action) => match self.keys.iter().find(|(other, _)| other == action) {
                Some((_, keys)) => keys.iter().map(Key::to_string).collect(),
                None => action::row(*action).map_or(&[][..], |row| row.keys).iter().map(Key::to_string).collect(),
            },
            SettingKey::Conversation(place) => named(self.rule(place).unwrap_or(self.notify).name()),
        }
    }

    /// A setting as `/set` shows it and takes it.
    #[must_use]
    pub fn shown(&self, key: &SettingKey) -> String {
        let words = self.get(key);
        match key {
            _ if words.iter().any(|word| !word.is_empty()) => words.join(", "),
            SettingKey::Keys(_) => NO_KEYS.to_owned(),
            SettingKey::Plain(_) | SettingKey::Conversation(_) => say::no_value().to_owned(),
        }
    }

    /// The value of a setting as the file has it.
    #[must_use]
    pub fn written(key: &SettingKey, words: &[String]) -> String {
        let quoted = |word: &String| format!("\"{}\"", word.replace('\\', "\\\\").replace('"', "\\\""));
        let of_keys = matches!(key, SettingKey::Keys(_));
        match (key.kind(), words) {
            (SettingKind::Switch, [word]) => word.clone(),
            (SettingKind::WordOrWords, [word]) if of_keys && word == NO_KEYS => "[]".to_owned(),
            (SettingKind::Word | SettingKind::WordOrWords, [word]) => quoted(word),
            (_, words) => format!("[{}]", words.iter().map(quoted).collect::<Vec<_>>().join(", ")),
        }
    }
}

impl SettingKey {
    /// The words that are possible as its value; none if it may be anything.
    #[must_use]
    pub fn values(&self) -> Vec<&'static str> {
        match self {
            Self::Plain(setting) => match setting.name {
                "theme" => ThemeChoice::names(),
                "times" => Times::names(),
                "notify" => NotifyLevel::names(),
                "direct" => DirectRule::names(),
                "video" => PictureStyle::names(),
                "lang" => LanguageChoice::names(),
                _ if setting.kind == SettingKind::Switch => bool::names(),
                _ => Vec::new(),
            },
            Self::Keys(_) => vec![NO_KEYS],
            Self::Conversation(_) => NotifyLevel::names(),
        }
    }
}

fn one<T: NamedValue>(word: &str) -> Result<T, WrongWord> {
    T::parse(word).map_err(WrongWord::first)
}

/// The name of a camera, or of sound.
fn named_device(word: &str, check: impl Fn(&str) -> Result<(), String>) -> Result<String, WrongWord> {
    if word.len() > MAX_FOLDER {
        return Err(WrongWord::first(say::device_too_long(MAX_FOLDER)));
    }
    if !is_clean(word) || word.contains('\n') {
        return Err(WrongWord::first(say::device_unclean()));
    }
    check(word).map_err(WrongWord::first)?;
    Ok(word.to_owned())
}

/// A folder: an absolute path, or one in the home folder.
fn folder(word: &str) -> Result<String, WrongWord> {
    let wrong = |what: String| Err(WrongWord { at: 0, what });
    if word.len() > MAX_FOLDER {
        return wrong(say::folder_too_long(MAX_FOLDER));
    }
    if !is_clean(word) || word.contains('\n') {
        return wrong(say::folder_unclean().to_owned());
    }
    if !(word.starts_with('/') || word == "~" || word.starts_with("~/")) {
        return wrong(say::folder_relative().to_owned());
    }
    Ok(word.to_owned())
}

fn own_words(words: &[String]) -> Result<Vec<String>, WrongWord> {
    let mut own: Vec<String> = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let wrong = |what: String| Err(WrongWord { at, what });
        let word = word.trim();
        if word.is_empty() {
            return wrong(say::word_empty().to_owned());
        }
        if word.len() > MAX_WORD {
            return wrong(say::word_too_long(MAX_WORD));
        }
        if !is_clean(word) || word.contains('\n') {
            return wrong(say::word_unclean().to_owned());
        }
        if own.len() >= MAX_WORDS {
            return wrong(say::too_many_words(MAX_WORDS));
        }
        own.push(word.to_owned());
    }
    Ok(own)
}

fn replace<T>(list: &mut Vec<T>, item: T, same: impl Fn(&T) -> bool) {
    match list.iter_mut().find(|other| same(other)) {
        Some(other) => *other = item,
        None => list.push(item),
    }
}

/// The words of a value that was typed. A switch may be `on` or `off`; where several words are taken, blanks or commas
/// separate them.
#[must_use]
pub fn typed(key: &SettingKey, text: &str) -> Vec<String> {
    match key.kind() {
        SettingKind::Word => vec![text.trim().to_owned()],
        // A path may have blanks and commas in it.
        SettingKind::WordOrWords if text.trim_start().starts_with("unix:") => vec![text.trim().to_owned()],
        SettingKind::Switch => vec![
            match text.trim() {
                "on" => "true",
                "off" => "false",
                word => word,
            }
            .to_owned(),
        ],
        SettingKind::Words | SettingKind::WordOrWords => text
            .split(|c: char| c.is_whitespace() || c == ',')
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect(),
    }
}
