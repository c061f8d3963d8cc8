//! The name of a file that somebody else sends, made harmless: one name in one folder, that shows what it is.
//!
//! Must not know: which files there are.

use std::fmt;

use super::text::{REPLACEMENT, Text};

/// The longest name, in bytes: file systems take 255, and a number may have to be put into it.
pub const MAX_FILE_NAME: usize = 200;
/// The longest ending that is kept when a name is shortened, in bytes.
const MAX_ENDING: usize = 20;
/// The name of a file that has none.
const NAMELESS: &str = "file";

/// A harmless name: no folder, no hidden file, nothing that a shell or a terminal takes for something else.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FileName(String);

impl FileName {
    /// The harmless name that comes closest. Only what follows the last slash or backslash counts; characters that a
    /// terminal would act on, and those that have a meaning in paths, patterns or other systems' names, become `_`; dots
    /// and hyphens at the beginning and blanks and dots at the end go.
    #[must_use]
    pub fn harmless(raw: &str) -> Self {
        let base = raw.rsplit(['/', '\\']).next().unwrap_or_default();
        let clean = Text::line(base);
        let plain: String = clean.as_str().chars().map(|c| if is_special(c) { '_' } else { c }).collect();
        let plain = plain.trim_start_matches(['.', '-', '~', ' ']).trim_end_matches([' ', '.']);
        Self(if plain.is_empty() { NAMELESS.to_owned() } else { shortened(plain) })
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The same name with a number before its ending, for where the name is taken: `log (2).txt`.
    #[must_use]
    pub fn numbered(&self, number: u32) -> String {
        let (stem, ending) = parts(&self.0);
        format!("{stem} ({number}){ending}")
    }
}

impl fmt::Display for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn is_special(c: char) -> bool {
    matches!(c, REPLACEMENT | '<' | '>' | ':' | '"' | '|' | '?' | '*' | '$' | '`' | '\'' | ';' | '&' | '!' | '#')
        || c.is_control()
}

/// A name without its ending, and the ending with its dot.
fn parts(name: &str) -> (&str, &str) {
    match name.rfind('.') {
        Some(at) if at > 0 && name.len() - at <= MAX_ENDING => name.split_at(at),
        _ => (name, ""),
    }
}

fn shortened(name: &str) -> String {
    if name.len() <= MAX_FILE_NAME {
        return name.to_owned();
    }
    let (stem, ending) = parts(name);
    let most = MAX_FILE_NAME - ending.len();
    let end = stem.char_indices().map(|(at, c)| at + c.len_utf8()).take_while(|end| *end <= most).last().unwrap_or(0);
    let stem = stem.get(..end).unwrap_or_default().trim_end_matches([' ', '.']);
    format!("{stem}{ending}")
}
