//! The keys of a keyboard, and their names for people.
//!
//! Must not know: how a terminal sends them (`tui::keymap`), or what they do (`action`).

use std::fmt;
use std::str::FromStr;

use crate::language::settings as say;

/// A key press.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "each is the key it is named after")]
pub enum Key {
    /// A character to write.
    Char(char),
    /// Control and a character: a letter in lower case, a blank, or one of `\`, `]`, `^` and `_`.
    Ctrl(char),
    /// Alt and a character; a letter in lower case.
    Alt(char),
    /// A function key, from 1.
    F(u8),
    Enter,
    AltEnter,
    Tab,
    BackTab,
    Esc,
    Up,
    Down,
    Left,
    Right,
    ShiftUp,
    ShiftDown,
    CtrlUp,
    CtrlDown,
    CtrlLeft,
    CtrlRight,
    AltUp,
    AltDown,
    AltLeft,
    AltRight,
    AltShiftUp,
    AltShiftDown,
    Home,
    End,
    CtrlHome,
    CtrlEnd,
    AltHome,
    AltEnd,
    PageUp,
    PageDown,
    ShiftPageUp,
    ShiftPageDown,
    Insert,
    Delete,
    Backspace,
    AltBackspace,
}

impl Key {
    /// The key that this one stands for where nothing is bound to it: what the hand meant without the modifier, or the
    /// modifier that other programs use. `None` for most keys.
    #[must_use]
    pub fn stand_in(self) -> Option<Self> {
        Some(match self {
            Self::ShiftUp => Self::Up,
            Self::ShiftDown => Self::Down,
            Self::ShiftPageUp => Self::PageUp,
            Self::ShiftPageDown => Self::PageDown,
            Self::AltLeft => Self::CtrlLeft,
            Self::AltRight => Self::CtrlRight,
            Self::AltHome => Self::CtrlHome,
            Self::AltEnd => Self::CtrlEnd,
            _ => return None,
        })
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Char(' ') => f.write_str("Space"),
            Self::Char(c) => write!(f, "{c}"),
            Self::Ctrl(' ') => f.write_str("Ctrl-Space"),
            Self::Ctrl(c) => write!(f, "Ctrl-{}", c.to_ascii_uppercase()),
            Self::Alt(' ') => f.write_str("Alt-Space"),
            Self::Alt(c) => write!(f, "Alt-{}", c.to_ascii_uppercase()),
            Self::F(number) => write!(f, "F{number}"),
            Self::Enter => f.write_str("Enter"),
            Self::AltEnter => f.write_str("Alt-Enter"),
            Self::Tab => f.write_str("Tab"),
            Self::BackTab => f.write_str("Shift-Tab"),
            Self::Esc => f.write_str("Esc"),
            Self::Up => f.write_str("Up"),
            Self::Down => f.write_str("Down"),
            Self::Left => f.write_str("Left"),
            Self::Right => f.write_str("Right"),
            Self::ShiftUp => f.write_str("Shift-Up"),
            Self::ShiftDown => f.write_str("Shift-Down"),
            Self::CtrlUp => f.write_str("Ctrl-Up"),
            Self::CtrlDown => f.write_str("Ctrl-Down"),
            Self::CtrlLeft => f.write_str("Ctrl-Left"),
            Self::CtrlRight => f.write_str("Ctrl-Right"),
            Self::AltUp => f.write_str("Alt-Up"),
            Self::AltDown => f.write_str("Alt-Down"),
            Self::AltLeft => f.write_str("Alt-Left"),
            Self::AltRight => f.write_str("Alt-Right"),
            Self::AltShiftUp => f.write_str("Alt-Shift-Up"),
            Self::AltShiftDown => f.write_str("Alt-Shift-Down"),
            Self::Home => f.write_str("Home"),
            Self::End => f.write_str("End"),
            Self::CtrlHome => f.write_str("Ctrl-Home"),
            Self::CtrlEnd => f.write_str("Ctrl-End"),
            Self::AltHome => f.write_str("Alt-Home"),
            Self::AltEnd => f.write_str("Alt-End"),
            Self::PageUp => f.write_str("PageUp"),
            Self::PageDown => f.write_str("PageDown"),
            Self::ShiftPageUp => f.write_str("Shift-PageUp"),
            Self::ShiftPageDown => f.write_str("Shift-PageDown"),
            Self::Insert => f.write_str("Insert"),
            Self::Delete => f.write_str("Delete"),
            Self::Backspace => f.write_str("Backspace"),
            Self::AltBackspace => f.write_str("Alt-Backspace"),
        }
    }
}

/// The keys that are known by name alone.
const NAMED: [Key; 35] = [
    Key::Enter,
    Key::AltEnter,
    Key::Tab,
    Key::BackTab,
    Key::Esc,
    Key::Up,
    Key::Down,
    Key::Left,
    Key::Right,
    Key::CtrlLeft,
    Key::CtrlRight,
    Key::Home,
    Key::End,
    Key::CtrlHome,
    Key::CtrlEnd,
    Key::PageUp,
    Key::PageDown,
    Key::Backspace,
    Key::AltBackspace,
    Key::Delete,
    Key::Insert,
    Key::ShiftUp,
    Key::ShiftDown,
    Key::CtrlUp,
    Key::CtrlDown,
    Key::AltUp,
    Key::AltDown,
    Key::AltLeft,
    Key::AltRight,
    Key::AltShiftUp,
    Key::AltShiftDown,
    Key::AltHome,
    Key::AltEnd,
    Key::ShiftPageUp,
    Key::ShiftPageDown,
];

impl FromStr for Key {
    type Err = String;

    /// Reads the name that a key shows, in any case: `Ctrl-K`, `Alt-a`, `F5`, `PageUp`, or one character.
    ///
    /// # Errors
    /// There is no such key; says how keys are written.
    fn from_str(name: &str) -> Result<Self, String> {
        let named = |key: &&Self| key.to_string().eq_ignore_ascii_case(name);
        if let Some(key) = NAMED.iter().find(named) {
            return Ok(*key);
        }
        let lower = name.to_lowercase();
        let one = |text: &str| text.chars().next().filter(|c| text.chars().nth(1).is_none() && !c.is_control());
        let number = |text: &str| text.parse::<u8>().ok().filter(|number| (1..=12).contains(number));
        let found = match (lower.strip_prefix("ctrl-"), lower.strip_prefix("alt-"), lower.strip_prefix('f')) {
            (Some(rest), ..) => one(rest).map(Self::Ctrl),
            (None, Some(rest), _) => one(rest).map(Self::Alt),
            (None, None, Some(rest)) if !rest.is_empty() => number(rest).map(Self::F),
            _ if lower == "space" => Some(Self::Char(' ')),
            _ => one(name).map(Self::Char),
        };
        found.ok_or_else(|| say::no_such_key().to_owned())
    }
}
