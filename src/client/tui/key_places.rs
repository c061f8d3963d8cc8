//! The places of keys: which Latin letter a key writes on a keyboard whose layout has other letters.
//!
//! With Control and Alt, people press keys by their place. Terminals that tell the place are believed; for the others
//! there are the standard layouts of Russian and Ukrainian, Greek, Hebrew and Arabic.
//!
//! Must not know: how a terminal tells the place, or what the keys do.

/// The keys of a Latin keyboard, from the upper left, as the rows below have them.
const LATIN: &str = "qwertyuiop[]asdfghjkl;'zxcvbnm,.";

/// The same keys in other layouts.
const LAYOUTS: [&str; 4] = [
    "йцукенгшщзхъфывапролджэячсмитьбю",
    // The blanks are keys that write no letter.
    " ςερτυθιοπ  ασδφγηξκλ  ζχψωβνμ  ",
    "  קראטוןםפ  שדגכעיחלךף זסבהנמצתץ",
    "ضصثقفغعهخحجدشسيبلاتنمكطئءؤر ىةوز",
];

/// Letters of other languages at places of the first layout.
const UKRAINIAN: [(char, char); 4] = [('і', 's'), ('ї', ']'), ('є', '\''), ('ґ', '\\')];

/// The Latin letter at the place where a standard layout has this one; `None` for all letters that are in no layout.
#[must_use]
pub(super) fn latin(c: char) -> Option<char> {
    if c.is_ascii() {
        return None;
    }
    let c = c.to_lowercase().next()?;
    let place = |layout: &str| layout.chars().position(|letter| letter == c);
    let listed = LAYOUTS.iter().find_map(|layout| place(layout)).and_then(|place| LATIN.chars().nth(place));
    listed.or_else(|| UKRAINIAN.iter().find(|(letter, _)| *letter == c).map(|(_, latin)| *latin))
}

/// The character that a binding goes by: the one written with Shift or without, if it is in ASCII; else the one at the
/// same place on a Latin keyboard, as the terminal told it or by the standard layouts.
#[must_use]
pub(super) fn bound(written: char, shifted: Option<char>, place: Option<char>) -> char {
    let symbol = shifted.filter(|c| c.is_ascii() && !c.is_ascii_alphanumeric());
    if written.is_ascii() {
        return symbol.unwrap_or(written);
    }
    place.filter(char::is_ascii_graphic).or_else(|| latin(written)).unwrap_or(written)
}
