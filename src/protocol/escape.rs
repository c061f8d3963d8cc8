//! The two escapings of TR2.26: that of DATA, and that of tag values (as in IRCv3 message tags).
//!
//! Must not know: where in a frame they are used.

use std::borrow::Cow;

/// Appends `data` with line feed, carriage return and backslash escaped.
pub fn escape_data(out: &mut Vec<u8>, data: &str) {
    escape(out, data, |byte| match byte {
        b'\n' => Some(b'n'),
        b'\r' => Some(b'r'),
        b'\\' => Some(b'\\'),
        _ => None,
    });
}

/// The length of `data` when escaped, in bytes.
#[must_use]
pub fn escaped_len(data: &str) -> usize {
    data.len() + data.bytes().filter(|byte| matches!(byte, b'\n' | b'\r' | b'\\')).count()
}

/// Undoes [`escape_data`]; a backslash in front of anything else stands for itself.
#[must_use]
pub fn unescape_data(data: &str) -> Cow<'_, str> {
    unescape(data, true, |c| match c {
        'n' => Some('\n'),
        'r' => Some('\r'),
        '\\' => Some('\\'),
        _ => None,
    })
}

/// Appends a tag's value, escaped.
pub fn escape_tag(out: &mut Vec<u8>, value: &str) {
    escape(out, value, |byte| match byte {
        b';' => Some(b':'),
        b' ' => Some(b's'),
        b'\\' => Some(b'\\'),
        b'\r' => Some(b'r'),
        b'\n' => Some(b'n'),
        _ => None,
    });
}

/// Undoes [`escape_tag`]; a backslash in front of anything else is dropped, as in IRCv3.
#[must_use]
pub fn unescape_tag(value: &str) -> Cow<'_, str> {
    unescape(value, false, |c| match c {
        ':' => Some(';'),
        's' => Some(' '),
        '\\' => Some('\\'),
        'r' => Some('\r'),
        'n' => Some('\n'),
        _ => None,
    })
}

/// Escapes a text: `letter` gives what follows the backslash for each byte that needs one. Such bytes are all ASCII, so
/// what stands between them is whole characters.
fn escape(out: &mut Vec<u8>, text: &str, letter: impl Fn(u8) -> Option<u8>) {
    let mut rest = text.as_bytes();
    // Most texts have none. Looks at all bytes: a loop without an exit compares many at once, which is quicker.
    if !rest.iter().fold(false, |found, &byte| found | letter(byte).is_some()) {
        return out.extend_from_slice(rest);
    }
    while let Some(at) = rest.iter().position(|&byte| letter(byte).is_some()) {
        let (plain, tail) = rest.split_at(at);
        out.extend_from_slice(plain);
        let Some((&byte, tail)) = tail.split_first() else { break };
        out.push(b'\\');
        out.extend(letter(byte));
        rest = tail;
    }
    out.extend_from_slice(rest);
}

fn unescape(text: &str, keep_lone: bool, meaning: impl Fn(char) -> Option<char>) -> Cow<'_, str> {
    if !text.contains('\\') {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '\\' {
            plain.push(c);
        } else if let Some(meant) = chars.peek().copied().and_then(&meaning) {
            plain.push(meant);
            chars.next();
        } else if keep_lone {
            plain.push('\\');
        }
    }
    Cow::Owned(plain)
}
