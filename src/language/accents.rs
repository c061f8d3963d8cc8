//! Portuguese without accents: `ç` as `c`, `ã` as `a`. It is read as well, and takes as many columns.
//!
//! Only sentences of our own lose them. What they show of other people keeps its letters: between two marks, which the text
//! of people cannot have.
//!
//! Must not know: what is said.

use std::fmt::{self, Display, Write as _};

/// Before and after what keeps its letters.
const MARKS: [char; 2] = ['\u{1}', '\u{2}'];

/// The letter without its accent, given the second byte of its UTF-8; the first is C3 for all that Portuguese has.
const fn letter(second: u8) -> Option<u8> {
    Some(match second {
        0x80..=0x84 => b'A',
        0x87 => b'C',
        0x88..=0x8b => b'E',
        0x8c..=0x8f => b'I',
        0x92..=0x96 => b'O',
        0x99..=0x9c => b'U',
        0xa0..=0xa4 => b'a',
        0xa7 => b'c',
        0xa8..=0xab => b'e',
        0xac..=0xaf => b'i',
        0xb2..=0xb6 => b'o',
        0xb9..=0xbc => b'u',
        _ => return None,
    })
}

/// The first byte of a text without accents, and the text after it.
const fn next(text: &[u8]) -> Option<(u8, &[u8])> {
    if let [0xc3, second, rest @ ..] = text
        && let Some(letter) = letter(*second)
    {
        return Some((letter, rest));
    }
    match text {
        [] => None,
        [first, rest @ ..] => Some((*first, rest)),
    }
}

/// The length of a text without its accents, in bytes.
pub(crate) const fn plain_length(mut text: &[u8]) -> usize {
    let mut length = 0;
    while let Some((_, rest)) = next(text) {
        text = rest;
        length += 1;
    }
    length
}

/// The bytes of a text without its accents.
pub(crate) const fn plain_bytes<const LENGTH: usize>(mut text: &[u8]) -> [u8; LENGTH] {
    let mut plain = [0; LENGTH];
    let mut left: &mut [u8] = &mut plain;
    while let (Some((place, others)), Some((byte, rest))) = (left.split_first_mut(), next(text)) {
        *place = byte;
        (left, text) = (others, rest);
    }
    plain
}

/// A literal without its accents, as a constant.
macro_rules! plain {
    ($text:literal) => {{
        const BYTES: [u8; $crate::language::accents::plain_length($text.as_bytes())] =
            $crate::language::accents::plain_bytes($text.as_bytes());
        match std::str::from_utf8(&BYTES) {
            Ok(plain) => plain,
            Err(_) => $text,
        }
    }};
}

pub(crate) use plain;

/// Writes what is to keep its letters.
pub(super) fn write_kept(f: &mut fmt::Formatter<'_>, kept: &impl Display) -> fmt::Result {
    let [before, after] = MARKS;
    f.write_char(before)?;
    kept.to_string().split(MARKS).try_for_each(|part| f.write_str(part))?;
    f.write_char(after)
}

/// A sentence without accents, but for what is between marks; the marks are taken out.
pub(super) fn without(text: &str) -> String {
    let [before, after] = MARKS;
    let mut kept = false;
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            _ if c == before => kept = true,
            _ if c == after => kept = false,
            _ if kept => plain.push(c),
            _ => match c.encode_utf8(&mut [0; 4]).as_bytes() {
                [0xc3, second] => plain.push(letter(*second).map_or(c, char::from)),
                _ => plain.push(c),
            },
        }
    }
    plain
}
