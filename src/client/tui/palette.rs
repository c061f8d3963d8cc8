//! The colours of the screen: which of xterm's 256 stand on a dark background, which on a light one, and which anywhere.
//!
//! Must not know: what they are for beyond their names, or how they are written.

use crate::client::view::NAME_HUES;

/// The colours for one background, as numbers of xterm's 256 colours. Each has a contrast of at least 4.5 to 1 with black
/// and with solarized's dark background, or with white and with its light one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Palette {
    /// The names of users.
    pub names: [u8; NAME_HUES as usize],
    /// What is less important than text.
    pub dim: u8,
    /// What has the attention.
    pub focus: u8,
    /// Messages for the person.
    pub mention: u8,
    /// Errors.
    pub error: u8,
    /// Behind a message for the person.
    pub tint: u8,
    /// Text on the tint that has no other colour.
    pub text: u8,
}

/// Text on a colour of its own, which can be read whatever the background of the terminal is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Badge {
    /// The text.
    pub text: u8,
    /// The colour behind it.
    pub behind: u8,
}

/// A count of messages for the person, on an unknown background. No single colour has a contrast of 4.5 to 1 with black,
/// white and both backgrounds of solarized.
pub const MENTION_BADGE: Badge = Badge { text: 16, behind: 215 };

/// An error, on an unknown background.
pub const ERROR_BADGE: Badge = Badge { text: 231, behind: 124 };

/// For a dark background.
pub const DARK: Palette = Palette {
    names: [110, 114, 179, 174, 139, 109, 150, 216, 146, 181, 152, 180],
    dim: 247,
    focus: 75,
    mention: 215,
    error: 210,
    tint: 235,
    text: 255,
};

/// For a light background.
pub const LIGHT: Palette = Palette {
    names: [24, 25, 94, 88, 54, 22, 95, 60, 90, 23, 58, 124],
    dim: 241,
    focus: 25,
    mention: 94,
    error: 124,
    tint: 255,
    text: 234,
};

/// The red, green and blue of one of xterm's colours from 16 on.
#[must_use]
pub fn rgb(number: u8) -> [u8; 3] {
    let level = |step: u8| if step == 0 { 0 } else { 55 + 40 * step };
    match number {
        232.. => [8 + 10 * (number - 232); 3],
        16.. => {
            let cube = number - 16;
            [level(cube / 36), level(cube / 6 % 6), level(cube % 6)]
        }
        // The first sixteen are the terminal's own, and not known.
        _ => [0; 3],
    }
}
