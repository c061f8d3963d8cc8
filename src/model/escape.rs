//! Escapes values for log lines: one event stays one line, whatever a name or a text holds.
//!
//! Must not know: who logs.

use std::fmt::{self, Write};

use super::text::is_harmless;

/// The most characters of one value that a log line shows.
pub const MAX_LOGGED_CHARS: usize = 200;

/// Writes a value as a JSON string (RFC 8259), quoted, with the same characters escaped as in [`Logged`], as `\uXXXX`.
#[derive(Clone, Copy, Debug)]
pub struct Json<'a>(pub &'a str);

/// Writes a value for a log line: bare when it is simple, otherwise quoted, with everything that could act on a
/// terminal or end the line escaped as `\u{..}`. It is cut at [`MAX_LOGGED_CHARS`].
#[derive(Clone, Copy, Debug)]
pub struct Logged<'a>(pub &'a str);

impl fmt::Display for Logged<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let simple = |b: u8| b.is_ascii_graphic() && !matches!(b, b'"' | b'\\' | b'=');
        if !self.0.is_empty() && self.0.len() <= MAX_LOGGED_CHARS && self.0.bytes().all(simple) {
            return f.write_str(self.0);
        }
        f.write_char('"')?;
        for (at, c) in self.0.chars().enumerate() {
            if at == MAX_LOGGED_CHARS {
                f.write_char('…')?;
                break;
            }
            match c {
                '"' | '\\' => write!(f, "\\{c}")?,
                '\n' => f.write_str("\\n")?,
                c if shows_itself(c) => f.write_char(c)?,
                c => write!(f, "\\u{{{:x}}}", u32::from(c))?,
            }
        }
        f.write_char('"')
    }
}

impl fmt::Display for Json<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        for (at, c) in self.0.chars().enumerate() {
            if at == MAX_LOGGED_CHARS {
                f.write_char('…')?;
                break;
            }
            match c {
                '"' | '\\' => write!(f, "\\{c}")?,
                '\n' => f.write_str("\\n")?,
                c if shows_itself(c) => f.write_char(c)?,
                c => c.encode_utf16(&mut [0; 2]).iter().try_for_each(|unit| write!(f, "\\u{unit:04x}"))?,
            }
        }
        f.write_char('"')
    }
}

/// Whether a character does nothing but show itself.
fn shows_itself(c: char) -> bool {
    matches!(c, ' '..='~') || c.is_alphanumeric() && is_harmless(c)
}
