//! Text for terminals and readers that do not take UTF-8: the same width, in ASCII alone.
//!
//! A terminal of eight bits takes the bytes 80 to 9F, which are in the middle of UTF-8 characters, for commands: there,
//! other people's letters could clear the screen. So nothing above 7E may reach it.
//!
//! Must not know: where the text goes.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// What the environment says about characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Charset {
    /// The locale uses UTF-8.
    Utf8,
    /// The locale uses something else.
    Other,
    /// No locale is set, as in services and cron jobs. Terminals get ASCII then.
    Unset,
}

impl Charset {
    /// Reads an environment: the first of `LC_ALL`, `LC_CTYPE` and `LANG` that is set and not empty decides.
    #[must_use]
    pub fn of(variable: impl Fn(&str) -> Option<String>) -> Self {
        let set = |name: &&str| variable(name).filter(|value| !value.is_empty());
        match ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(set).map(|locale| locale.to_ascii_lowercase()) {
            Some(locale) if locale.contains("utf-8") || locale.contains("utf8") => Self::Utf8,
            Some(_) => Self::Other,
            None => Self::Unset,
        }
    }

    /// Whether text for this reader has to be ASCII. A pipe or a file without a locale gets the text as it is.
    #[must_use]
    pub fn needs_ascii(self, terminal: bool) -> bool {
        match self {
            Self::Utf8 => false,
            Self::Other => true,
            Self::Unset => terminal,
        }
    }
}

/// The text in ASCII, each cluster in as many columns as before: drawing and punctuation by what looks alike, everything
/// else as `?`. Letters never become other letters: `álice` must not look like `alice`.
#[must_use]
pub fn ascii(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.graphemes(true).map(stand_in).collect())
}

fn stand_in(cluster: &str) -> Cow<'_, str> {
    let like = match cluster {
        _ if cluster.is_ascii() => return Cow::Borrowed(cluster),
        "\u{a0}" | "\u{2002}" | "\u{2009}" | "\u{202f}" => " ",
        "─" | "━" | "═" | "‐" | "‑" | "–" | "—" | "−" | "·" => "-",
        "│" | "┃" | "║" | "▏" | "▕" | "┊" | "┆" => "|",
        "┌" | "┐" | "└" | "┘" | "├" | "┤" | "┬" | "┴" | "┼" | "╭" | "╮" | "╰" | "╯" | "╔" | "╗" | "╚" | "╝" => {
            "+"
        }
        "…" => ".",
        "⇄" => "=",
        "•" | "✓" | "★" | "●" | "×" => "*",
        "○" | "◌" => "o",
        "›" | "▸" | "▌" | "▶" | "→" | "»" => ">",
        "‹" | "◂" | "◀" | "←" | "«" => "<",
        "↑" | "▲" => "^",
        "↓" | "▼" => "v",
        "‘" | "’" => "'",
        "“" | "”" => "\"",
        "█" | "▓" | "▒" | "░" => "#",
        _ => return Cow::Owned("?".repeat(cluster.width())),
    };
    Cow::Borrowed(like)
}
