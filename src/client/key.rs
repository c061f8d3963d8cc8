//! The keys of a keyboard, and their names for people.
//!
//! Must not know: how a terminal sends them (`tui::keymap`), or what they do (`action`).

use std::fmt;

/// A key press.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "each is the key it is named after")]
pub enum Key {
    /// A character to write.
    Char(char),
    /// Control and a letter (lower case).
    Ctrl(char),
    /// Alt and a character.
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
    CtrlLeft,
    CtrlRight,
    Home,
    End,
    CtrlHome,
    CtrlEnd,
    PageUp,
    PageDown,
    Backspace,
    AltBackspace,
    Delete,
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Char(' ') => f.write_str("Space"),
            Self::Char(c) => write!(f, "{c}"),
            Self::Ctrl(c) => write!(f, "Ctrl-{}", c.to_ascii_uppercase()),
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
            Self::CtrlLeft => f.write_str("Ctrl-Left"),
            Self::CtrlRight => f.write_str("Ctrl-Right"),
            Self::Home => f.write_str("Home"),
            Self::End => f.write_str("End"),
            Self::CtrlHome => f.write_str("Ctrl-Home"),
            Self::CtrlEnd => f.write_str("Ctrl-End"),
            Self::PageUp => f.write_str("PageUp"),
            Self::PageDown => f.write_str("PageDown"),
            Self::Backspace => f.write_str("Backspace"),
            Self::AltBackspace => f.write_str("Alt-Backspace"),
            Self::Delete => f.write_str("Delete"),
        }
    }
}
