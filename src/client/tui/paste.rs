//! Pastes: between marks, or as lines that arrive at once.
//!
//! Must not know: how the marks are found, or when the bytes came.

use crate::client::key::Key;

/// The longest paste that is kept, in bytes; the end of a longer one is left out.
pub const MAX_PASTE: usize = 1 << 20;

/// The end mark.
const END: &[u8] = b"\x1b[201~";

/// A paste between marks.
#[derive(Debug, Default)]
pub(super) struct MarkedPaste {
    /// What has not been handed on.
    text: Vec<u8>,
    /// How many bytes of the end mark the last bytes are.
    matched: usize,
    /// How many bytes were handed on, because the paste has paused.
    handed_on: usize,
}

impl MarkedPaste {
    /// Takes a byte. If it is the last of the end mark, returns the text, or nothing if all of it was handed on.
    pub(super) fn byte(&mut self, byte: u8) -> Option<Option<String>> {
        if END.get(self.matched) == Some(&byte) {
            self.matched += 1;
            if self.matched < END.len() {
                return None;
            }
            let text = text_of(&std::mem::take(&mut self.text));
            return Some(Some(text).filter(|text| self.handed_on == 0 || !text.is_empty()));
        }
        // It was not the mark. Only its first byte is an escape, so that it can begin again only here.
        let unmatched = std::mem::take(&mut self.matched);
        END.iter().take(unmatched).for_each(|&byte| self.keep(byte));
        if END.first() == Some(&byte) {
            self.matched = 1;
        } else {
            self.keep(byte);
        }
        None
    }

    fn keep(&mut self, byte: u8) {
        if self.handed_on + self.text.len() < MAX_PASTE {
            self.text.push(byte);
        }
    }

    /// What there is so far; a character or a line end that may be cut stays, unless this is the `last` of it.
    pub(super) fn so_far(&mut self, last: bool) -> Option<String> {
        let whole = if last { self.text.len() } else { whole(&self.text) };
        let rest = self.text.split_off(whole);
        let text = std::mem::replace(&mut self.text, rest);
        self.handed_on += text.len();
        Some(text_of(&text)).filter(|text| !text.is_empty())
    }
}

/// How many bytes are whole characters, without a carriage return at the end.
fn whole(bytes: &[u8]) -> usize {
    if let Some(before) = bytes.strip_suffix(b"\r") {
        return before.len();
    }
    let tail = bytes.len().saturating_sub(3);
    let lead = (tail..bytes.len()).rev().find(|&at| bytes.get(at).is_some_and(|byte| !matches!(byte, 0x80..=0xbf)));
    let Some(lead) = lead else { return bytes.len() };
    let cut = bytes.get(lead..).is_some_and(|last| {
        std::str::from_utf8(last).is_err_and(|error| error.valid_up_to() == 0 && error.error_len().is_none())
    });
    if cut { lead } else { bytes.len() }
}

/// Terminals paste a line feed as a carriage return.
fn text_of(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).replace("\r\n", "\n").replace('\r', "\n")
}

/// The character that a key stands for in pasted text.
#[must_use]
pub(super) fn written(key: Key) -> Option<char> {
    match key {
        Key::Char(c) => Some(c),
        Key::Enter | Key::AltEnter => Some('\n'),
        Key::Tab => Some('\t'),
        _ => None,
    }
}

/// Whether these keys contain the end of one line and the beginning of another.
#[must_use]
pub(super) fn several_lines(run: &[Key]) -> bool {
    run.iter().skip_while(|key| **key != Key::Enter).any(|key| matches!(key, Key::Char(_)))
}

/// The text of keys that were pasted.
#[must_use]
pub(super) fn text_of_keys(run: &[Key]) -> String {
    let after_enter = std::iter::once(false).chain(run.iter().map(|key| *key == Key::Enter));
    let kept = run.iter().zip(after_enter).filter(|(key, after)| !(*after && **key == Key::AltEnter));
    kept.filter_map(|(key, _)| written(*key)).collect()
}
