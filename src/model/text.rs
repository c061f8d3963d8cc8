//! Text from others, made harmless: the one filter in front of screens, logs and window titles.
//!
//! Must not know: where the text comes from or goes to.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// The most combining marks on one base character; more would smear over the lines around it.
pub const MAX_MARKS: usize = 4;

/// The widest grapheme cluster that is shown, in terminal cells: the screen library prints none that is wider, and
/// several Indic conjuncts (`श्री`, `र्त्स्न्य`) are this wide. A wider one becomes U+FFFD.
pub const MAX_CLUSTER_CELLS: usize = 5;

/// Replaces a character that would have acted on the terminal or misled the reader.
pub(crate) const REPLACEMENT: char = '\u{FFFD}';

/// Text that is safe to show. It may hold line feeds, but no other control character.
///
/// Everything else is changed: controls (C0, C1, DEL), bidirectional overrides and isolates, and noncharacters become
/// U+FFFD; characters without width (zero-width spaces and joiners, variation selectors, tags, annotation marks,
/// fillers) are dropped; a tab becomes four spaces; U+2028 and U+2029 become line feeds; combining marks beyond
/// [`MAX_MARKS`] are dropped; a cluster wider than [`MAX_CLUSTER_CELLS`] becomes U+FFFD.
#[derive(Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Text(Arc<str>);

impl Text {
    /// Cleans text of several lines.
    #[must_use]
    pub fn block(raw: &str) -> Self {
        if plain_ascii(raw) { Self(raw.into()) } else { Self(clean(raw, '\n').into()) }
    }

    /// Cleans text that must stay on one line: a line feed becomes a space.
    #[must_use]
    pub fn line(raw: &str) -> Self {
        Self(clean(raw, ' ').into())
    }

    /// The clean text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing to see.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.0.trim().is_empty()
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", &*self.0)
    }
}

impl AsRef<str> for Text {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

/// Whether `text` is clean already: [`Text`] would change nothing, so it can be relayed as it is.
#[must_use]
pub fn is_clean(text: &str) -> bool {
    plain_ascii(text) || clean(text, '\n') == text
}

/// Whether [`Text`] leaves this character alone.
#[must_use]
pub fn is_harmless(c: char) -> bool {
    matches!(fate(c), CharFate::Keep)
}

/// Whether `text` has a cluster that is too wide for the screen library.
#[must_use]
pub(crate) fn has_unprintable_cluster(text: &str) -> bool {
    text.graphemes(true).any(|cluster| cluster.width() > MAX_CLUSTER_CELLS)
}

fn plain_ascii(text: &str) -> bool {
    // Reads to the end in any case: a loop without an exit compares many bytes at once, which is quicker.
    text.bytes().fold(true, |plain, b| plain & (matches!(b, b' '..=b'~') | (b == b'\n')))
}

fn clean(raw: &str, line_feed: char) -> String {
    if plain_ascii(raw) {
        return if line_feed == '\n' { raw.to_owned() } else { raw.replace('\n', " ") };
    }
    let mut harmless = String::with_capacity(raw.len());
    // A dropped character does not end a run of marks, because it does not separate them on the screen.
    let mut marks = 0;
    for c in raw.chars() {
        let fate = fate(c);
        marks = match fate {
            CharFate::Drop => marks,
            CharFate::Keep if is_combining_mark(c) => marks + 1,
            _ => 0,
        };
        match fate {
            CharFate::Keep if marks > MAX_MARKS => {}
            CharFate::Keep => harmless.push(c),
            CharFate::Replace => harmless.push(REPLACEMENT),
            CharFate::Break => harmless.push(line_feed),
            CharFate::Tab => harmless.push_str("    "),
            CharFate::Drop => {}
        }
    }
    narrow(harmless)
}

/// Replaces clusters that are too wide until none is left: a replacement may join its neighbours into a new one.
fn narrow(mut text: String) -> String {
    while has_unprintable_cluster(&text) {
        text = text
            .graphemes(true)
            .map(|cluster| if cluster.width() > MAX_CLUSTER_CELLS { "\u{FFFD}" } else { cluster })
            .collect();
    }
    text
}

enum CharFate {
    Keep,
    Replace,
    Break,
    Tab,
    Drop,
}

fn fate(c: char) -> CharFate {
    match c {
        '\n' | '\u{2028}' | '\u{2029}' => CharFate::Break,
        '\t' => CharFate::Tab,
        '\r' => CharFate::Drop,
        c if c.is_control() => CharFate::Replace,
        // Bidirectional embeddings, overrides and isolates: they reorder what follows them.
        '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => CharFate::Replace,
        // Characters without width: invisible, or shown differently by every terminal.
        '\u{00AD}'
        | '\u{034F}'
        | '\u{061C}'
        | '\u{115F}'
        | '\u{1160}'
        | '\u{17B4}'
        | '\u{17B5}'
        | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200F}'
        | '\u{2060}'..='\u{2065}'
        | '\u{206A}'..='\u{206F}'
        | '\u{3164}'
        | '\u{FE00}'..='\u{FE0F}'
        | '\u{FEFF}'
        | '\u{FFA0}'
        | '\u{FFF0}'..='\u{FFFB}'
        | '\u{1D173}'..='\u{1D17A}'
        | '\u{E0000}'..='\u{E0FFF}' => CharFate::Drop,
        c if u32::from(c) & 0xFFFE == 0xFFFE => CharFate::Replace,
        '\u{FDD0}'..='\u{FDEF}' => CharFate::Replace,
        _ => CharFate::Keep,
    }
}
