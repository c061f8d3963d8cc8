//! The values of settings that are one of a few words.
//!
//! Must not know: which setting has them, or what follows.

use crate::client::view::PictureStyle;
use crate::language::Language;
use crate::language::settings as say;
use crate::model::{Timestamp, Zone};

/// A value that is one of a few words.
pub trait NamedValue: Copy + PartialEq + 'static {
    /// All words and what they mean.
    const ALL: &'static [(&'static str, Self)];

    /// Reads a word; `None` if it is none of these.
    fn read(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(name, _)| *name == word).map(|(_, value)| *value)
    }

    /// Reads a word.
    ///
    /// # Errors
    /// The words that are possible, as a sentence.
    fn parse(word: &str) -> Result<Self, String> {
        Self::read(word).ok_or_else(|| match Self::names().split_last() {
            Some((last, rest)) => say::must_be(rest.join(", "), last),
            None => String::new(),
        })
    }

    /// All words.
    #[must_use]
    fn names() -> Vec<&'static str> {
        Self::ALL.iter().map(|(name, _)| *name).collect()
    }

    /// The word.
    fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, value)| *value == self).map_or("", |(name, _)| *name)
    }
}

/// The colours of the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ThemeChoice {
    /// By the background, as the terminal says.
    #[default]
    Auto,
    /// For a dark background.
    Dark,
    /// For a light background.
    Light,
    /// No colours.
    Mono,
}

impl NamedValue for ThemeChoice {
    const ALL: &'static [(&'static str, Self)] =
        &[("auto", Self::Auto), ("dark", Self::Dark), ("light", Self::Light), ("mono", Self::Mono)];
}

/// How times are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Times {
    /// `17:01`.
    #[default]
    Day,
    /// `5:01pm`.
    HalfDay,
    /// Not at all beside what was said or happened; where a time is the answer, as [`Times::Day`].
    Off,
}

impl NamedValue for Times {
    const ALL: &'static [(&'static str, Self)] = &[("24h", Self::Day), ("12h", Self::HalfDay), ("off", Self::Off)];
}

impl Times {
    /// The columns of a time, without a blank behind it.
    #[must_use]
    pub fn width(self) -> usize {
        match self {
            Self::Day => "17:01".len(),
            Self::HalfDay => "12:01pm".len(),
            Self::Off => 0,
        }
    }

    /// A time of day where it is what one wants to know: `17:01` or `5:01pm`.
    #[must_use]
    pub fn clock(self, time: Timestamp, zone: &Zone) -> String {
        let clock = time.clock(zone);
        if self == Self::Off { clock } else { self.shown(&clock).trim_start().to_owned() }
    }

    /// A time of day in front of something, with a blank behind it; empty if none is wanted.
    #[must_use]
    pub fn before(self, time: Timestamp, zone: &Zone) -> String {
        if self == Self::Off { String::new() } else { self.clock(time, zone) + " " }
    }

    /// A time written as `17:01`, as it is shown, right-aligned in its columns.
    #[must_use]
    pub fn shown(self, clock: &str) -> String {
        let (hour, minute) = clock.split_once(':').unwrap_or((clock, ""));
        match (self, hour.parse::<u8>()) {
            (Self::Off, _) => String::new(),
            (Self::Day, _) | (Self::HalfDay, Err(_)) => clock.to_owned(),
            (Self::HalfDay, Ok(hour)) => {
                let half = if hour < 12 { "am" } else { "pm" };
                let hour = if hour.is_multiple_of(12) { 12 } else { hour % 12 };
                format!("{:>width$}", format!("{hour}:{minute}{half}"), width = self.width())
            }
        }
    }
}

/// Which messages of others notify the person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NotifyLevel {
    /// All.
    All,
    /// Private messages, and those that mention the person.
    #[default]
    Mentions,
    /// None.
    Nothing,
}

impl NamedValue for NotifyLevel {
    const ALL: &'static [(&'static str, Self)] =
        &[("all", Self::All), ("mentions", Self::Mentions), ("nothing", Self::Nothing)];
}

/// When packets of a call may bypass the server, which tells the two people each other's address.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DirectRule {
    /// When the person says so in the call.
    #[default]
    Ask,
    /// With people whose words were compared, at once.
    Known,
    /// Never.
    Never,
}

impl NamedValue for DirectRule {
    const ALL: &'static [(&'static str, Self)] = &[("ask", Self::Ask), ("known", Self::Known), ("never", Self::Never)];
}

/// The language of the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LanguageChoice {
    /// As the environment says.
    Auto,
    /// English.
    En,
    /// Brazilian Portuguese.
    PtBr,
}

impl NamedValue for LanguageChoice {
    const ALL: &'static [(&'static str, Self)] = &[("auto", Self::Auto), ("en", Self::En), ("pt-BR", Self::PtBr)];

    /// Takes `pt` and `pt_BR` too.
    fn read(word: &str) -> Option<Self> {
        match word {
            "pt" | "pt_BR" => Some(Self::PtBr),
            _ => Self::ALL.iter().find(|(name, _)| *name == word).map(|(_, value)| *value),
        }
    }
}

impl LanguageChoice {
    /// The language; `None` to ask the environment.
    #[must_use]
    pub fn language(self) -> Option<Language> {
        match self {
            Self::Auto => None,
            Self::En => Some(Language::English),
            Self::PtBr => Some(Language::Portuguese),
        }
    }
}

impl NamedValue for PictureStyle {
    const ALL: &'static [(&'static str, Self)] = &Self::WORDS;
}

/// A boolean as the file writes it.
impl NamedValue for bool {
    const ALL: &'static [(&'static str, Self)] = &[("true", true), ("false", false)];
}
