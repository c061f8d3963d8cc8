//! What was probably meant by a word that is not known: the known word that is nearest to it.
//!
//! Must not know: what the words stand for, or how a suggestion is put into a sentence.

use strsim::damerau_levenshtein;

use super::name::NameKey;
use super::search_words::fold;

/// The fewest letters of a word that a slip of the hand can make of another: one letter alone is wrong as a whole.
const LEAST: usize = 2;
/// The fewest letters of the beginning of a name by which it is suggested.
const LEAST_BEGINNING: usize = 2;
/// The longest word for which others are looked up, in bytes.
const LONGEST: usize = 200;

/// How many letters must be changed, added, dropped or exchanged with the next to make one word of another.
#[must_use]
pub fn distance(one: &str, other: &str) -> usize {
    damerau_levenshtein(one, other)
}

/// The known word nearest to `typed`, if it takes at most `most` steps to it; of several, the first by the alphabet. A word
/// of one letter is near to none.
#[must_use]
pub fn nearest<'a>(typed: &str, known: impl Iterator<Item = &'a str>, most: impl Fn(&str) -> usize) -> Option<&'a str> {
    if typed.len() > LONGEST || typed.chars().count() < LEAST {
        return None;
    }
    known
        .map(|word| (distance(typed, word), word))
        .filter(|(distance, word)| *distance <= most(word))
        .min()
        .map(|(_, word)| word)
}

/// The most steps to a word that is one of few: with more than half of its letters wrong, it is no slip of the hand.
#[must_use]
pub fn half(word: &str) -> usize {
    word.len() / 2
}

/// The most steps to a word that is one of many. Of one letter, nothing would be left.
#[must_use]
pub fn third(word: &str) -> usize {
    let letters = word.chars().count();
    if letters < LEAST { 0 } else { (letters / 3).max(1) }
}

/// A known name that was probably meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NearName<'a> {
    /// The known name.
    pub name: &'a str,
    /// Whether the two look alike, or differ only by separators or marks: then they are easily taken for each other.
    pub alike: bool,
}

/// The known name nearest to the one that was typed, whatever its case and accents: one that looks like it, one that
/// begins with it, or one that a slip of the hand makes of it. The same name is none.
#[must_use]
pub fn nearest_name<'a>(typed: &str, known: impl Iterator<Item = &'a str>) -> Option<NearName<'a>> {
    if typed.len() > LONGEST {
        return None;
    }
    let key = NameKey::of(typed);
    let (folded, unmarked) = (key.folded.as_str(), fold(typed));
    let count = folded.chars().count();
    let rate = |name: &str| {
        let other = NameKey::of(name);
        if other.folded == key.folded {
            return None;
        }
        let alike = key.is_near(&other) || !unmarked.is_empty() && unmarked == fold(name);
        let begins = count >= LEAST_BEGINNING && other.folded.starts_with(folded);
        let most = third(folded).min(third(&other.folded));
        // Names of very different lengths need not be compared letter by letter: there may be many.
        let far = !begins && count.abs_diff(other.folded.chars().count()) > most;
        let steps = if far { usize::MAX } else { distance(folded, &other.folded) };
        (alike || begins || steps <= most).then_some((!alike, if begins { 1 } else { steps }, steps))
    };
    let rated = known.filter_map(|name| rate(name).map(|rating| (rating, name)));
    rated.min().map(|(rating, name)| NearName { name, alike: !rating.0 })
}
