//! Which language somebody reads: from the locale, as POSIX and gettext have it, or by name.
//!
//! Must not know: the environment itself, or settings.

use super::Language;

impl Language {
    /// Reads a name such as `en`, `pt`, `pt-BR` or `pt_BR.UTF-8`: what comes after the language makes no difference.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let language = name.split(['-', '_', '.', '@']).next().unwrap_or_default();
        match language.to_ascii_lowercase().as_str() {
            "en" => Some(Self::English),
            "pt" => Some(Self::Portuguese),
            _ => None,
        }
    }

    /// Reads an environment: the first of `LC_ALL`, `LC_MESSAGES` and `LANG` that is set and not empty is the locale. Unless
    /// that is C or POSIX, `LANGUAGE` wins, a list from which the first known language is taken. English is for all others.
    #[must_use]
    pub fn of(variable: impl Fn(&str) -> Option<String>) -> Self {
        let set = |name: &str| variable(name).filter(|value| !value.is_empty());
        let Some(locale) = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(set) else {
            return Self::English;
        };
        if matches!(locale.split('.').next(), Some("C" | "POSIX")) {
            return Self::English;
        }
        let list = set("LANGUAGE").unwrap_or(locale);
        list.split(':').find_map(Self::named).unwrap_or_default()
    }

    /// The language for a terminal or a reader that does not take UTF-8.
    #[must_use]
    pub fn without_accents(self) -> Self {
        match self {
            Self::English => Self::English,
            Self::Portuguese | Self::PlainPortuguese => Self::PlainPortuguese,
        }
    }
}
