//! Reads lines of any length in parts: a line begins as [`Msg::Line`], and an overlong one continues as [`Msg::Rest`].
//!
//! Must not know: where the input comes from, or what a line means.

use std::io::{BufRead, Read as _};

use crate::client::msg::Msg;
use crate::client::text::codes;
use crate::language::system::words;
use crate::language::terminal as say;

/// Lines longer than this are read in parts, in bytes.
pub const MAX_LINE: usize = 64 * 1024;

/// How lines are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineKind {
    /// Output of programs: what a terminal would show of it in the end.
    Output,
    /// As they are.
    Raw,
}

/// Reads lines until the input ends; from then on, it returns [`Msg::EndOfInput`].
#[derive(Debug)]
pub struct LineReader<R> {
    input: R,
    kind: LineKind,
    /// The end of the last part, which belongs to the next: the beginning of a character or of a sequence.
    carried: Vec<u8>,
    /// Whether a part of the line was returned already.
    inside: bool,
    ended: bool,
}

impl<R: BufRead> LineReader<R> {
    /// A reader at the beginning of a line.
    pub fn new(input: R, kind: LineKind) -> Self {
        Self { input, kind, carried: Vec::new(), inside: false, ended: false }
    }

    /// The next line, or the next part of one. A line that has begun when the input fails is dropped.
    pub fn next_part(&mut self) -> Msg {
        loop {
            if self.ended {
                return Msg::EndOfInput;
            }
            let mut part = std::mem::take(&mut self.carried);
            let room = u64::try_from(MAX_LINE.saturating_sub(part.len())).unwrap_or(0);
            match self.input.by_ref().take(room).read_until(b'\n', &mut part) {
                Ok(_) => {}
                Err(error) => {
                    self.ended = true;
                    return Msg::InputFailed(say::input_unreadable(words(&error)));
                }
            }
            if part.is_empty() {
                self.ended = true;
                continue;
            }
            let ends = part.ends_with(b"\n") || part.len() < MAX_LINE;
            if ends {
                let kept = part.strip_suffix(b"\n").unwrap_or(&part);
                let kept = kept.strip_suffix(b"\r").unwrap_or(kept).len();
                part.truncate(kept);
            } else if self.kind == LineKind::Output && drop_overwritten(&mut part) {
                // A progress bar of any length is as long as its last state.
                self.carried = part;
                continue;
            } else {
                self.carried = part.split_off(self.whole(&part));
            }
            let text = String::from_utf8_lossy(&part).into_owned();
            let text = if self.kind == LineKind::Output { codes::last_state(&text) } else { text };
            match std::mem::replace(&mut self.inside, !ends) {
                false => return Msg::Line(text),
                // A line that ends exactly where it was cut has no rest.
                true if text.is_empty() => {}
                true => return Msg::Rest(text),
            }
        }
    }

    /// How many bytes of a full part are whole characters and whole sequences.
    fn whole(&self, part: &[u8]) -> usize {
        let whole = whole_characters(part);
        if self.kind == LineKind::Raw {
            return whole;
        }
        let text = part.get(..whole).unwrap_or_default();
        let tail = text.get(text.len().saturating_sub(codes::MAX_SEQUENCE)..).unwrap_or_default();
        // Damaged bytes before the sequence become longer; those in it do not begin one.
        let unfinished = std::str::from_utf8(tail).map_or(0, codes::unfinished);
        whole - unfinished
    }
}

/// Drops what a later carriage return overwrites; `false` if there is nothing to drop.
fn drop_overwritten(part: &mut Vec<u8>) -> bool {
    // One at the very end may belong to the line's end.
    let before = part.get(..part.len().saturating_sub(1)).unwrap_or_default();
    let Some(at) = before.iter().rposition(|byte| *byte == b'\r') else { return false };
    part.drain(..=at);
    true
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
