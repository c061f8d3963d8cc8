//! User names: which are allowed, and when two of them are the same.
//!
//! Must not know: who is connected. The broker decides whether a name is taken, with the [`NameKey`]s made here.

use std::borrow::Borrow;
use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, LazyLock};

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use unicode_security::{GeneralSecurityProfile, MixedScript, skeleton};

use super::text;

/// The longest name, in characters after NFC.
pub const MAX_NAME_CHARS: usize = 32;

/// The most combining marks in a row in a name; Burmese syllables have up to four (`မြို့`).
const MAX_MARKS: usize = text::MAX_MARKS;

/// Names that could be taken for the server, for everybody or for an office. Names that look like them are reserved too,
/// also with separators or marks more: `.server`, `aḍmin`.
const RESERVED: [&str; 10] =
    ["server", "client", "all", "everyone", "broadcast", "admin", "system", "moderator", "you", "me"];

/// Words that are refused like those, but stay their owners' who had them before: `all.clients` looks like everybody's place
/// in a frame (`all clients`), and the others are what the client calls the person, everybody and the offices in Portuguese.
const RESERVED_LATER: [&str; 6] = ["allclients", "todos", "você", "servidor", "sistema", "moderador"];

/// Computed once, because every name is compared with them.
static RESERVED_KEYS: LazyLock<Vec<NameKey>> = LazyLock::new(|| RESERVED.map(NameKey::of).to_vec());

/// What is left of them without separators.
static RESERVED_NEAR: LazyLock<Vec<String>> = LazyLock::new(|| {
    let unmarked = |word: &str| NameKey::of(&without_marks(word));
    let later = RESERVED_LATER.map(unmarked);
    RESERVED_KEYS.iter().chain(&later).flat_map(NameKey::near).collect()
});

/// The skeleton of each ASCII character. Most names are pure ASCII, and their skeleton is that of each character in
/// turn.
static ASCII_ALIKE: LazyLock<Vec<String>> =
    LazyLock::new(|| (0..0x80_u8).map(|byte| skeleton(char::from(byte).encode_utf8(&mut [0])).collect()).collect());

/// A user's name: 1 to 32 characters of one script, normalised to NFC.
///
/// Equality is by spelling; [`Name::key`] says whether two names are the same user name.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Name(Arc<str>);

/// Why a name was refused. Its `Display` is a sentence for the user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// It has no characters.
    #[error("A name needs at least one character.")]
    Empty,
    /// It has more than [`MAX_NAME_CHARS`].
    #[error("A name has at most {MAX_NAME_CHARS} characters.")]
    TooLong,
    /// It has a character other than letters, digits, `-`, `_` and `.`.
    #[error("A name is made of letters, digits, '-', '_' and '.'.")]
    BadCharacter,
    /// It mixes scripts, as a Latin name with a Cyrillic letter does.
    #[error("A name is written in one script; this one mixes several.")]
    MixedScript,
    /// It has nothing but digits and signs.
    #[error("A name needs a letter.")]
    NoLetter,
    /// It looks like a name that the chat itself uses.
    #[error("This name is reserved.")]
    Reserved,
}

/// A name with its case folded: equal for all spellings of one name, so that maps are keyed by it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
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
    /// Checks a name as a user wrote it.
    ///
    /// # Errors
    /// The first rule that the name breaks.
    pub fn parse(raw: &str) -> Result<Self, NameError> {
        let name = Self::restored(raw)?;
        let reserved = name.unmarked().iter().any(|near| RESERVED_NEAR.contains(near));
        if reserved { Err(NameError::Reserved) } else { Ok(name) }
    }

    /// A name that was given to its owner before. What was allowed then stays allowed: a reserved name with separators
    /// or marks more.
    ///
    /// # Errors
    /// The first rule that the name breaks.
    pub fn restored(raw: &str) -> Result<Self, NameError> {
        if raw.is_empty() {
            return Err(NameError::Empty);
        }
        // NFC never makes a name longer in characters; this bounds the work before it.
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

    /// As [`NameKey::near`], and without marks such as accents: what it could be taken for by somebody who does not look
    /// closely.
    #[must_use]
    pub fn unmarked(&self) -> Vec<String> {
        // A mark may be part of a letter, or come off only in the skeleton: ḍ, đ.
        NameKey::of(&without_marks(&self.0)).near().iter().map(|near| without_marks(near)).collect()
    }

    /// Whether it looks like another name, or differs from it by separators or by marks more.
    #[must_use]
    pub fn passes_for(&self, other: &NameKey) -> bool {
        let near = other.near();
        self.key().near().iter().chain(&self.unmarked()).any(|seen| near.contains(seen))
    }

    /// The name as it is shown.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name with its case folded: a key for look-ups among names that are known to be unique.
    #[must_use]
    pub fn folded(&self) -> FoldedName {
        FoldedName(fold(&self.0))
    }

    /// What must be unique among connected users.
    #[must_use]
    pub fn key(&self) -> NameKey {
        NameKey::of(&self.0)
    }
}

impl NameKey {
    pub(super) fn of(name: &str) -> Self {
        // The skeleton comes before the case folding: "paypaI" ends in a capital i that only looks like an l.
        let alike: String = if name.is_ascii() {
            name.bytes().filter_map(|byte| ASCII_ALIKE.get(usize::from(byte))).map(String::as_str).collect()
        } else {
            skeleton(name).collect()
        };
        Self { folded: FoldedName(fold(name)), skeleton: fold(&alike) }
    }

    /// The keys of a login of the system, which may be spelled in ways that no [`Name`] is.
    #[must_use]
    pub fn of_login(login: &str) -> Self {
        Self::of(login)
    }

    /// What is left of the name and of its skeleton without dots, dashes and the like: one or two texts, none of them
    /// empty. Names that share one differ only by those, or look alike, and could be taken for each other.
    #[must_use]
    pub fn near(&self) -> Vec<String> {
        let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric() || is_combining_mark(*c)).collect();
        let mut near: Vec<String> = vec![letters(&self.folded), letters(&self.skeleton)];
        near.dedup();
        near.retain(|near| !near.is_empty());
        near
    }

    /// Whether the two differ by separators at most, or look alike.
    #[must_use]
    pub fn is_near(&self, other: &Self) -> bool {
        let theirs = other.near();
        self.near().iter().any(|near| theirs.contains(near))
    }

    /// Whether the two are the same name.
    #[must_use]
    pub fn clashes(&self, other: &Self) -> bool {
        self.folded == other.folded || self.skeleton == other.skeleton
    }
}

/// A name from another server, whose rules may differ (TR2.23 allows spaces): harmless to show, one line, at most twice
/// as long as our own. `None` if nothing is left of it.
#[must_use]
pub fn lenient(raw: &str) -> Option<Name> {
    Name::restored(raw).ok().or_else(|| {
        let shown: String = text::Text::line(raw).as_str().trim().chars().take(2 * MAX_NAME_CHARS).collect();
        (!shown.is_empty()).then(|| Name(shown.into()))
    })
}

/// A name with its case folded by way of upper case, so that `ß` equals `SS` and a final `ς` equals any other `Σ`.
pub(super) fn fold(name: &str) -> String {
    if name.is_ascii() {
        return name.to_ascii_lowercase();
    }
    name.to_uppercase().to_lowercase().nfc().collect()
}

/// A text without its combining marks.
fn without_marks(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    text.nfd().filter(|c| !is_combining_mark(*c)).collect()
}

/// Whether a name has only letters, digits, `-`, `_` and `.`, and can be shown.
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
