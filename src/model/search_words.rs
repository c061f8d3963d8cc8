//! Words as the search sees them: the same letters are the same word, whatever their case and accents.
//!
//! The server's index holds words folded here, and so do the queries; the same rule searches messages that are not in
//! the index yet, and finds where in a text a word stands. Scripts without spaces between words are split into
//! characters.
//!
//! Must not know: where the words are stored.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::{canonical_combining_class, is_combining_mark};

/// Folds a text into its words, with one space between them.
#[must_use]
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        let mut folded = String::with_capacity(text.len());
        for byte in text.bytes() {
            if byte.is_ascii_alphanumeric() {
                folded.push(char::from(byte.to_ascii_lowercase()));
            } else {
                end_word(&mut folded);
            }
        }
        folded.truncate(folded.trim_end().len());
        return folded;
    }
    let mut folded = String::with_capacity(text.len());
    let mut alone = false;
    for c in text.nfd().filter(|&c| !is_accent(c)) {
        if is_combining_mark(c) {
            folded.push(c);
        } else if c.is_alphanumeric() {
            let stands_alone = is_unspaced(c);
            if alone || stands_alone {
                end_word(&mut folded);
            }
            alone = stands_alone;
            // By way of upper case, as with names: `ß` becomes `ss`, and a final `ς` any other sigma.
            folded.extend(c.to_uppercase().flat_map(char::to_lowercase).filter(|&c| !is_accent(c)));
        } else {
            end_word(&mut folded);
            alone = false;
        }
    }
    folded.trim().nfc().collect()
}

/// Whether a folded text contains the folded words `wanted` in a row; with `prefix`, the last one may be the beginning
/// of a word.
#[must_use]
pub fn holds(folded: &str, wanted: &str, prefix: bool) -> bool {
    // Tries only the beginnings of words: a search at every letter could be made to take the product of both lengths.
    let mut rest = folded;
    loop {
        if let Some(after) = rest.strip_prefix(wanted)
            && (prefix || after.is_empty() || after.starts_with(' '))
        {
            return true;
        }
        match rest.split_once(' ') {
            Some((_, next)) => rest = next,
            None => return false,
        }
    }
}

/// Where in a text the folded words `wanted` stand, by the rule of [`holds`]: the bytes from the first word to the
/// last.
#[must_use]
pub fn find(text: &str, wanted: &str, prefix: bool) -> Option<Range<usize>> {
    let words = places(text);
    let wanted: Vec<&str> = wanted.split(' ').filter(|word| !word.is_empty()).collect();
    let (last, before) = wanted.split_last()?;
    words.windows(wanted.len()).find_map(|row| {
        let ((end, word), first) = row.split_last()?;
        let fits = if prefix { word.starts_with(last) } else { word == last };
        let begins = first.iter().map(|(_, word)| word.as_str()).eq(before.iter().copied());
        (fits && begins).then(|| row.first().map_or(end.start, |(place, _)| place.start)..end.end)
    })
}

/// The words of a text, folded, with their byte ranges.
fn places(text: &str) -> Vec<(Range<usize>, String)> {
    let mut places: Vec<(Range<usize>, String)> = Vec::new();
    let mut run = 0..0;
    let mut close = |run: &mut Range<usize>, to: usize| {
        let word = fold(text.get(run.clone()).unwrap_or_default());
        places.extend(word.split(' ').filter(|word| !word.is_empty()).map(|word| (run.clone(), word.to_owned())));
        *run = to..to;
    };
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        if !(c.is_alphanumeric() || is_combining_mark(c) || is_accent(c)) {
            close(&mut run, end);
        } else if is_unspaced(c) {
            close(&mut run, at);
            run.end = end;
            close(&mut run, end);
        } else {
            run.end = end;
        }
    }
    close(&mut run, text.len());
    places
}

fn end_word(folded: &mut String) {
    if !folded.is_empty() && !folded.ends_with(' ') {
        folded.push(' ');
    }
}

/// Marks that do not turn a letter into another one: those of Latin, Greek, Cyrillic, Hebrew and Arabic, but not of
/// Indic scripts or kana.
fn is_accent(c: char) -> bool {
    matches!(canonical_combining_class(c), 10..=36 | 200..)
}

fn is_unspaced(c: char) -> bool {
    matches!(
        c,
        // Thai, Lao, Burmese, Khmer.
        '\u{0E00}'..='\u{0EFF}'
        | '\u{1000}'..='\u{109F}'
        | '\u{1780}'..='\u{17FF}'
        // Kana and ideographs.
        | '\u{3040}'..='\u{30FF}'
        | '\u{3400}'..='\u{4DBF}'
        | '\u{4E00}'..='\u{9FFF}'
        | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{3FFFF}'
    )
}
