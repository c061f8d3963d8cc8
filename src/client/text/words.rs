//! Words and grapheme clusters of a text, counted and changed.
//!
//! Must not know: cursors, or what the text is for.

use unicode_segmentation::UnicodeSegmentation as _;

/// The length of the first `count` clusters, in bytes.
pub(super) fn bytes(text: &str, count: usize) -> usize {
    text.graphemes(true).take(count).map(str::len).sum()
}

/// The number of clusters up to the end of the next word.
pub(super) fn clusters_of_word<'a>(clusters: impl Iterator<Item = &'a str>) -> usize {
    let mut inside = false;
    clusters
        .take_while(|cluster| {
            let letter = cluster.chars().any(char::is_alphanumeric);
            let done = inside && !letter;
            inside |= letter;
            !done
        })
        .count()
}

/// The text in upper case.
pub(super) fn upper(text: &str) -> String {
    text.to_uppercase()
}

/// The text with its first letter in upper case, and the others in lower case.
pub(super) fn capitalized(text: &str) -> String {
    let start = text.find(char::is_alphanumeric).unwrap_or(text.len());
    let (before, word) = text.split_at(start);
    let mut letters = word.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    [before, &first, &letters.as_str().to_lowercase()].concat()
}

/// The last word of a text, as Alt-. brings it back; empty if there is none.
pub(super) fn last_word(text: &str) -> &str {
    text.split_whitespace().next_back().unwrap_or_default()
}
