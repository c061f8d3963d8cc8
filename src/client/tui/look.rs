//! What the terminal can show, according to the environment.
//!
//! Must not know: what is shown.

/// The capabilities of a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// Whether colours may be used; without, effects say the same.
    pub colours: bool,
    /// Whether drawing characters beyond ASCII may be used.
    pub unicode: bool,
    /// Whether it is an emulator that knows window titles and key reports, or skips them silently.
    pub emulator: bool,
}

impl Look {
    /// Reads the environment of the process.
    #[must_use]
    pub fn from_env() -> Self {
        Self::of(|name| std::env::var(name).ok())
    }

    /// Reads an environment.
    #[must_use]
    pub fn of(variable: impl Fn(&str) -> Option<String>) -> Self {
        let set = |name: &str| variable(name).filter(|value| !value.is_empty());
        let term = set("TERM").unwrap_or_else(|| "dumb".to_owned());
        let old = ["dumb", "vt", "ansi", "cons25", "unknown"].iter().any(|kind| term.starts_with(kind));
        let mono = (old && term != "vte") || term.ends_with("-m") || term.ends_with("-mono");
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(set).unwrap_or_default().to_ascii_lowercase();
        Self {
            colours: set("NO_COLOR").is_none() && term != "dumb" && (!mono || set("COLORTERM").is_some()),
            unicode: term != "dumb" && (locale.contains("utf-8") || locale.contains("utf8")),
            emulator: !old && term != "linux",
        }
    }
}
