//! Reactions: a short word or sign that a user puts on a message.
//!
//! Must not know: who reacts to what, or how many may.

use std::fmt;

use unicode_width::UnicodeWidthStr as _;

use super::Text;

/// The longest reaction, in bytes.
pub const MAX_REACTION: usize = 32;

/// The widest reaction, in terminal cells.
pub const MAX_REACTION_CELLS: usize = 16;

/// One word or sign: visible, without blanks, and as harmless as [`Text`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Reaction(String);

/// The text is no reaction. Its `Display` is a sentence for the user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("A reaction is one word or sign, at most {MAX_REACTION} bytes long and {MAX_REACTION_CELLS} cells wide.")]
pub struct ReactionError;

impl Reaction {
    /// Reads a reaction; blanks around it are dropped.
    ///
    /// # Errors
    /// The text is blank, has blanks inside, is too long or too wide.
    pub fn parse(written: &str) -> Result<Self, ReactionError> {
        let text = Text::line(written.trim());
        let word = text.as_str();
        let fits = word.len() <= MAX_REACTION && (1..=MAX_REACTION_CELLS).contains(&word.width());
        if fits && !word.contains(char::is_whitespace) { Ok(Self(word.to_owned())) } else { Err(ReactionError) }
    }

    /// The reaction itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Reaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
