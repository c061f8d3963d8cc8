//! Reads lines of any length in parts: a line begins as [`Msg::Line`], and an overlong one continues as [`Msg::Rest`].
//!
//! Must not know: where the input comes from, or what a line means.

use std::io::{BufRead, Read as _};

use crate::client::msg::Msg;

/// Lines longer than this are read in parts, in bytes.
pub const MAX_LINE: usize = 64 * 1024;

/// Reads lines until the input ends; from then on, it returns [`Msg::EndOfInput`].
#[derive(Debug)]
pub struct LineReader<R> {
    input: R,
    /// The first bytes of a character that did not fit into the last part.
    carried: Vec<u8>,
    /// Whether a part of the line was returned already.
    inside: bool,
}

impl<R: BufRead> LineReader<R> {
    /// A reader at the beginning of a line.
    pub fn new(input: R) -> Self {
        Self { input, carried: Vec::new(), inside: false }
    }

    /// The next line, or the next part of one.
    pub fn next_part(&mut self) -> Msg {
        loop {
            let mut part = std::mem::take(&mut self.carried);
            let room = u64::try_from(MAX_LINE - part.len()).unwrap_or(0);
            let read = self.input.by_ref().take(room).read_until(b'\n', &mut part).unwrap_or(0);
            if read == 0 && part.is_empty() {
                return Msg::EndOfInput;
            }
            let ends = part.ends_with(b"\n") || part.len() < MAX_LINE;
            if ends {
                let kept = part.strip_suffix(b"\n").unwrap_or(&part);
                let kept = kept.strip_suffix(b"\r").unwrap_or(kept).len();
                part.truncate(kept);
            } else {
                self.carried = part.split_off(whole_characters(&part));
            }
            let text = String::from_utf8_lossy(&part).into_owned();
            match std::mem::replace(&mut self.inside, !ends) {
                false => return Msg::Line(text),
                // A line that ends exactly where it was cut has no rest.
                true if text.is_empty() => {}
                true => return Msg::Rest(text),
            }
        }
    }
}

/// How many of the bytes are whole characters of UTF-8: a character that is cut at the end is left out.
fn whole_characters(bytes: &[u8]) -> usize {
    let Some(back) = bytes.iter().rev().take(4).position(|byte| !(0x80..0xC0).contains(byte)) else {
        return bytes.len();
    };
    let start = bytes.len() - 1 - back;
    let wanted = match bytes.get(start) {
        Some(0xC0..0xE0) => 2,
        Some(0xE0..0xF0) => 3,
        Some(0xF0..) => 4,
        _ => 1,
    };
    if wanted > back + 1 { start } else { bytes.len() }
}
