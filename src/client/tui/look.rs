//! What the terminal can show, according to the environment.
//!
//! Must not know: what is shown.

/// The capabilities of a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// The colours that may be used; without, effects say the same.
    pub colours: Colours,
    /// Whether drawing characters beyond ASCII may be used.
    pub unicode: bool,
    /// Whether it is an emulator that knows window titles and key reports, or skips them silently.
    pub emulator: bool,
}

/// How many colours a terminal shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colours {
    /// None.
    None,
    /// The sixteen of its own palette.
    Sixteen,
    /// The 256 of xterm, or more.
    Many,
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
        let many = ["256color", "direct", "kitty", "alacritty", "foot", "ghostty", "wezterm", "contour"];
        let many = many.iter().any(|kind| term.contains(kind));
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(set).unwrap_or_default().to_ascii_lowercase();
        Self {
            colours: match (set("NO_COLOR"), set("COLORTERM")) {
                _ if term == "dumb" => Colours::None,
                (Some(_), _) => Colours::None,
                (None, Some(_)) => Colours::Many,
                (None, None) if mono => Colours::None,
                (None, None) if many => Colours::Many,
                (None, None) => Colours::Sixteen,
            },
            unicode: term != "dumb" && (locale.contains("utf-8") || locale.contains("utf8")),
            emulator: !old && term != "linux",
        }
    }
}
