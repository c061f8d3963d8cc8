//! The name of one setting: `theme`, or `keys.rooms` and `conversations.#ops` in the tables.
//!
//! Must not know: values.

use std::fmt;

use super::table::{self, CONVERSATIONS_TABLE, KEYS_TABLE, SETTINGS, Setting, SettingKind};
use crate::client::action::{self, Action};
use crate::model::nearest::{half, nearest};
use crate::model::room::ROOM_SIGN;
use crate::model::{Name, RoomName, Target};

/// The name of the conversation with everyone.
const EVERYONE: &str = "everyone";
/// The longest part of an unknown name that is shown, in characters.
const SHOWN: usize = 60;

/// The name of one setting.
#[derive(Clone, Debug, PartialEq)]
pub enum SettingKey {
    /// One of the settings outside the tables.
    Plain(&'static Setting),
    /// The keys of an action.
    Keys(Action),
    /// The rule of a conversation.
    Conversation(Target),
}

impl SettingKey {
    /// Reads a name, such as `theme`, `keys.rooms` or `conversations.#ops`.
    ///
    /// # Errors
    /// There is no such setting; says which may have been meant.
    pub fn parse(name: &str) -> Result<Self, String> {
        match name.split_once('.') {
            Some((KEYS_TABLE, action)) => Self::keys_of(action),
            Some((CONVERSATIONS_TABLE, place)) => Self::conversation(place),
            _ => table::find(name).map(Self::Plain).ok_or_else(|| {
                let known = SETTINGS.iter().map(|setting| setting.name);
                unknown("setting", name, known, "/set lists them")
            }),
        }
    }

    /// Reads the name of an action.
    ///
    /// # Errors
    /// There is no such action, or its keys cannot be changed.
    pub fn keys_of(name: &str) -> Result<Self, String> {
        let Some(row) = action::table().find(|row| row.id() == name) else {
            let known: Vec<String> = action::table().map(action::Row::id).collect();
            return Err(unknown("action", name, known.iter().map(String::as_str), "tr2-join.conf(5) lists them"));
        };
        if action::has_fixed_keys(row.action) {
            return Err(format!("the keys of {name} cannot be changed"));
        }
        Ok(Self::Keys(row.action))
    }

    /// Reads the name of a conversation: `everyone`, `#room`, or a user's name.
    ///
    /// # Errors
    /// It cannot be the name of a room or of a user.
    pub fn conversation(name: &str) -> Result<Self, String> {
        let target = if name == EVERYONE {
            Target::Everyone
        } else if name.starts_with(ROOM_SIGN) {
            Target::Room(RoomName::parse(name).map_err(|error| error.to_string())?)
        } else {
            Target::User(Name::parse(name).map_err(|error| error.to_string())?)
        };
        Ok(Self::Conversation(target))
    }

    /// The kind of its value.
    #[must_use]
    pub fn kind(&self) -> SettingKind {
        match self {
            Self::Plain(setting) => setting.kind,
            Self::Keys(_) => SettingKind::WordOrWords,
            Self::Conversation(_) => SettingKind::Word,
        }
    }

    /// Whether a running client applies a change.
    #[must_use]
    pub fn is_live(&self) -> bool {
        match self {
            Self::Plain(setting) => setting.live,
            Self::Keys(_) | Self::Conversation(_) => true,
        }
    }

    /// What it is: one sentence.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self {
            Self::Plain(setting) => setting.help,
            Self::Keys(_) => "The keys of an action, such as Ctrl-K or F5; none takes them away.",
            Self::Conversation(_) => "Which messages of a conversation notify you: all, mentions or nothing.",
        }
    }

    /// Its name, equal for all spellings.
    #[must_use]
    pub fn lookup(&self) -> String {
        match self {
            Self::Conversation(place) => format!("{CONVERSATIONS_TABLE}.{}", place_key(place)),
            other => other.to_string(),
        }
    }

    /// The table that it stands in, if any, and its name there.
    #[must_use]
    pub fn parts(&self) -> (Option<&'static str>, String) {
        match self {
            Self::Plain(setting) => (None, setting.name.to_owned()),
            Self::Keys(action) => (Some(KEYS_TABLE), action::row(*action).map(action::Row::id).unwrap_or_default()),
            Self::Conversation(place) => (Some(CONVERSATIONS_TABLE), place.to_string()),
        }
    }
}

impl fmt::Display for SettingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.parts() {
            (Some(table), name) => write!(f, "{table}.{name}"),
            (None, name) => f.write_str(&name),
        }
    }
}

/// The look-up key of a conversation, equal for all spellings of its name.
#[must_use]
pub fn place_key(place: &Target) -> String {
    match place {
        Target::Everyone => EVERYONE.to_owned(),
        Target::Room(room) => room.folded(),
        // No name has an '@', so that nobody is taken for everyone.
        Target::User(name) => format!("@{}", String::from(name.folded())),
    }
}

/// The sentence about an unknown name, with the known one that is nearest.
fn unknown<'a>(what: &str, name: &str, known: impl Iterator<Item = &'a str>, where_listed: &str) -> String {
    let shown: String = name.chars().take(SHOWN).collect();
    match nearest(name, known, half) {
        Some(near) => format!("unknown {what} '{shown}'; did you mean '{near}'?"),
        None => format!("unknown {what} '{shown}'; {where_listed}"),
    }
}
