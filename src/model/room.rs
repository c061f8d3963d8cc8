//! Names of rooms: `#` and a word that follows the rules of user names, but may consist of digits alone.
//!
//! Must not know: which rooms exist. The broker decides whether a name is taken, with the [`NameKey`]s made here.

use std::borrow::Borrow;
use std::fmt;
use std::sync::{Arc, LazyLock};

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;
use unicode_security::MixedScript as _;

use super::name::{MAX_NAME_CHARS, NameKey, fold, well_formed};

/// The first character of a room's name.
pub(crate) const ROOM_SIGN: char = '#';

/// Words that mean the room that everyone is in; names that look like them are reserved too.
const RESERVED: [&str; 2] = ["everyone", "all"];

/// Computed once, because every room name is compared with them.
static RESERVED_KEYS: LazyLock<Vec<NameKey>> = LazyLock::new(|| RESERVED.map(NameKey::of).to_vec());

/// The name of a room, with its `#`: 1 to 32 characters of one script after it, normalised to NFC.
///
/// Equality is by spelling; [`RoomName::key`] says whether two names are the same room.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RoomName(Arc<str>);

/// Why a room's name was refused. Its `Display` is a sentence for the user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RoomNameError {
    /// It has no `#` in front.
    #[error("A room's name begins with {ROOM_SIGN}, as in #ops.")]
    NoSign,
    /// It has nothing after the `#`.
    #[error("A room's name needs at least one character after the {ROOM_SIGN}.")]
    Empty,
    /// It has more than [`MAX_NAME_CHARS`].
    #[error("A room's name has at most {MAX_NAME_CHARS} characters after the {ROOM_SIGN}.")]
    TooLong,
    /// It has a character other than letters, digits, `-`, `_` and `.`.
    #[error("A room's name is made of letters, digits, '-', '_' and '.'.")]
    BadCharacter,
    /// It mixes scripts.
    #[error("A room's name is written in one script; this one mixes several.")]
    MixedScript,
    /// It looks like the room that everyone is in.
    #[error("This name is reserved.")]
    Reserved,
}

impl RoomName {
    /// Checks a room's name as a user wrote it.
    ///
    /// # Errors
    /// The first rule that the name breaks.
    pub fn parse(raw: &str) -> Result<Self, RoomNameError> {
        let word = raw.strip_prefix(ROOM_SIGN).ok_or(RoomNameError::NoSign)?;
        if word.is_empty() {
            return Err(RoomNameError::Empty);
        }
        // This bounds the work before the composition.
        if word.len() > MAX_NAME_CHARS * 16 {
            return Err(RoomNameError::TooLong);
        }
        let word: String = word.nfc().collect();
        if word.chars().count() > MAX_NAME_CHARS {
            return Err(RoomNameError::TooLong);
        }
        if !well_formed(&word) || !word.chars().any(char::is_alphanumeric) {
            return Err(RoomNameError::BadCharacter);
        }
        if !word.as_str().is_single_script() {
            return Err(RoomNameError::MixedScript);
        }
        let key = NameKey::of(&word);
        if RESERVED_KEYS.iter().any(|reserved| key.clashes(reserved)) {
            return Err(RoomNameError::Reserved);
        }
        Ok(Self(format!("{ROOM_SIGN}{word}").into()))
    }

    /// The name as it is shown, with its `#`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name, with its `#` and its case folded: a key for look-ups among names that are known to be unique.
    #[must_use]
    pub fn folded(&self) -> String {
        fold(&self.0)
    }

    /// What must be unique among rooms.
    #[must_use]
    pub fn key(&self) -> NameKey {
        NameKey::of(self.0.strip_prefix(ROOM_SIGN).unwrap_or(&self.0))
    }
}

impl Borrow<str> for RoomName {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RoomName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for RoomName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", &*self.0)
    }
}
