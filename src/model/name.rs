//! User names: what is allowed, and when two of them are the same.
//!
//! Must not know: who is connected. Uniqueness is decided by the broker, with the [`NameKey`]s made here.

use std::borrow::Borrow;
use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, LazyLock};

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use unicode_security::{GeneralSecurityProfile, MixedScript, skeleton};

use super::text;

/// The longest name, in characters after NFC.
pub const MAX_NAME_CHARS: usize = 32;

/// Combining marks that may follow one another in a name; Burmese syllables have up to four (`မြို့`).
const MAX_MARKS: usize = text::MAX_MARKS;

/// Names that would be taken for the server, for everybody or for an office, and whatever looks like them.
const RESERVED: [&str; 10] =
    ["server", "client", "all", "everyone", "broadcast", "admin", "system", "moderator", "you", "me"];

/// Made once: every name is held against them.
static RESERVED_KEYS: LazyLock<Vec<NameKey>> = LazyLock::new(|| RESERVED.map(NameKey::of).to_vec());

/// What each ASCII character looks like: most names are made of these alone, and their skeleton is that of each in turn.
static ASCII_ALIKE: LazyLock<Vec<String>> =
    LazyLock::new(|| (0..0x80_u8).map(|byte| skeleton(char::from(byte).encode_utf8(&mut [0])).collect()).collect());

/// A user's name: 1 to 32 characters of one script, normalised to NFC.
///
/// Equality is by spelling; [`Name::key`] says whether two names are the same user name.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name(Arc<str>);

/// Why a name was refused. Its `Display` is a sentence for the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// No character at all.
    #[error("A name needs at least one character.")]
    Empty,
    /// More than [`MAX_NAME_CHARS`].
    #[error("A name has at most {MAX_NAME_CHARS} characters.")]
    TooLong,
    /// A character other than letters, digits, `-`, `_` and `.`.
    #[error("A name is made of letters, digits, '-', '_' and '.'.")]
    BadCharacter,
    /// Letters of several scripts, as in a Latin name with a Cyrillic letter.
    #[error("A name is written in one script; this one mixes several.")]
    MixedScript,
    /// Nothing but digits and signs.
    #[error("A name needs a letter.")]
    NoLetter,
    /// Looks like a name that the chat itself uses.
    #[error("This name is reserved.")]
    Reserved,
}

/// A name with its case folded: equal for all spellings of one name, so that maps are keyed by it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FoldedName(String);

/// What makes a name unique: two names that share either part are the same name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NameKey {
    /// The name with its case folded.
    pub folded: FoldedName,
    /// The case-folded confusable skeleton (Unicode TR39, section 4): equal for names that look alike.
    pub skeleton: String,
}

impl Name {
    /// Takes a name as a person wrote it.
    ///
    /// # Errors
    /// The first rule that it breaks.
    pub fn parse(raw: &str) -> Result<Self, NameError> {
        if raw.is_empty() {
            return Err(NameError::Empty);
        }
        // Characters only shrink in number under NFC composition, but bound the work before it.
        if raw.len() > MAX_NAME_CHARS * 16 {
            return Err(NameError::TooLong);
        }
        let name: String = if raw.is_ascii() { raw.to_owned() } else { raw.nfc().collect() };
        if name.chars().count() > MAX_NAME_CHARS {
            return Err(NameError::TooLong);
        }
        if !well_formed(&name) {
            return Err(NameError::BadCharacter);
        }
        if !name.is_ascii() && !name.as_str().is_single_script() {
            return Err(NameError::MixedScript);
        }
        if !name.chars().any(char::is_alphabetic) {
            return Err(NameError::NoLetter);
        }
        let key = NameKey::of(&name);
        if RESERVED_KEYS.iter().any(|reserved| key.clashes(reserved)) {
            return Err(NameError::Reserved);
        }
        Ok(Self(name.into()))
    }

    /// The name as it is shown.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name with its case folded, alone: what it is looked up by where nobody could take another for it.
    #[must_use]
    pub fn folded(&self) -> FoldedName {
        FoldedName(fold(&self.0))
    }

    /// What has to be unique among those connected.
    #[must_use]
    pub fn key(&self) -> NameKey {
        NameKey::of(&self.0)
    }
}

impl NameKey {
    pub(super) fn of(name: &str) -> Self {
        // The skeleton comes before the folding: "paypaI" ends in a capital i that only looks like an l.
        let alike: String = if name.is_ascii() {
            name.bytes().filter_map(|byte| ASCII_ALIKE.get(usize::from(byte))).map(String::as_str).collect()
        } else {
            skeleton(name).collect()
        };
        Self { folded: FoldedName(fold(name)), skeleton: fold(&alike) }
    }

    /// Whether the two are the same name.
    #[must_use]
    pub fn clashes(&self, other: &Self) -> bool {
        self.folded == other.folded || self.skeleton == other.skeleton
    }
}

/// A name as another server may know it, whose rules are not ours (TR2.23 allows spaces): harmless to show, one line,
/// at most twice the length of our own. `None` if nothing is left of it.
#[must_use]
pub fn lenient(raw: &str) -> Option<Name> {
    Name::parse(raw).ok().or_else(|| {
        let shown: String = text::Text::line(raw).as_str().trim().chars().take(2 * MAX_NAME_CHARS).collect();
        (!shown.is_empty()).then(|| Name(shown.into()))
    })
}

/// A name with its case folded, by way of capitals, where `ß` is `SS` and a final `ς` is any other `Σ`.
pub(super) fn fold(name: &str) -> String {
    if name.is_ascii() {
        return name.to_ascii_lowercase();
    }
    name.to_uppercase().to_lowercase().nfc().collect()
}

/// Whether a name holds nothing but letters, digits, `-`, `_` and `.`, and can be shown.
pub(super) fn well_formed(name: &str) -> bool {
    if name.is_ascii() {
        return name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
    }
    let mut marks = MAX_MARKS;
    for c in name.chars() {
        if is_combining_mark(c) {
            marks += 1;
        } else {
            marks = 0;
        }
        let letter = (c.is_alphanumeric() || is_combining_mark(c)) && c.identifier_allowed();
        if marks > MAX_MARKS || !(letter || matches!(c, '-' | '_' | '.')) {
            return false;
        }
    }
    !text::has_unprintable_cluster(name)
}

impl FoldedName {
    /// The folded name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A folded name as it was written down before, by `Display`.
    #[must_use]
    pub fn restored(written: &str) -> Self {
        Self(written.to_owned())
    }
}

impl Deref for FoldedName {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for FoldedName {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for FoldedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<FoldedName> for String {
    fn from(name: FoldedName) -> Self {
        name.0
    }
}

impl Borrow<str> for Name {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", &*self.0)
    }
}
