//! Parses what the terminal sends into [`Msg`]s: keys, and pasted text with or without paste marks.
//!
//! It works on the byte stream, and not through a library's reader, because the timing matters: a lone escape is a key
//! when nothing follows, and lines that arrive at once were pasted, not typed.
//!
//! Must not know: what the keys do.

use std::time::Duration;

use super::keymap::{PASTE_END, Token, first};
use crate::client::key::Key;
use crate::client::msg::Msg;

/// How long to wait for the rest of a sequence before its beginning counts as a key.
pub(crate) const SEQUENCE_WAIT: Duration = Duration::from_millis(40);
/// How long a marked paste may pause before its end counts as lost.
pub(crate) const PASTE_WAIT: Duration = Duration::from_secs(2);
/// The longest paste that is kept, in bytes.
pub const MAX_PASTE: usize = 1 << 20;

/// The parser of the input stream.
#[derive(Debug, Default)]
pub struct InputParser {
    /// The beginning of a sequence.
    begun: Vec<u8>,
    /// The beginning of a marked paste.
    paste: Option<Vec<u8>>,
    /// Whether the last read was an unmarked paste, which may continue in the next.
    pasting: bool,
}

impl InputParser {
    /// Parses the bytes of one read.
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<Msg> {
        self.begun.extend_from_slice(bytes);
        let buffer = std::mem::take(&mut self.begun);
        let mut rest = buffer.as_slice();
        let mut messages = Vec::new();
        let mut keys = Vec::new();
        loop {
            if self.paste.is_some() {
                match self.take_paste(rest) {
                    Some((text, used)) => {
                        messages.push(Msg::Paste(text));
                        rest = rest.get(used..).unwrap_or_default();
                    }
                    None => break,
                }
            }
            let Some((token, used)) = first(rest) else {
                self.begun = rest.to_vec();
                break;
            };
            rest = rest.get(used..).unwrap_or_default();
            match token {
                Token::Key(key) => keys.push(key),
                Token::PasteStart => {
                    self.settle(&mut keys, &mut messages);
                    self.paste = Some(Vec::new());
                }
                Token::Noise => {}
            }
        }
        self.settle(&mut keys, &mut messages);
        messages
    }

    /// How long to wait for more before calling [`Self::idle`]; `None` if nothing is incomplete.
    #[must_use]
    pub fn wait(&self) -> Option<Duration> {
        if self.paste.is_some() {
            Some(PASTE_WAIT)
        } else if self.pasting || !self.begun.is_empty() {
            Some(SEQUENCE_WAIT)
        } else {
            None
        }
    }

    /// Nothing more came in time: completes what has begun.
    pub fn idle(&mut self) -> Vec<Msg> {
        self.pasting = false;
        let begun = std::mem::take(&mut self.begun);
        if let Some(mut paste) = self.paste.take() {
            paste.extend_from_slice(&begun);
            return vec![Msg::Paste(text_of_paste(&paste))];
        }
        match begun.as_slice() {
            [0x1b] => vec![Msg::Key(Key::Esc)],
            [0x1b, c @ (b'[' | b'O')] => vec![Msg::Key(Key::Alt(char::from(*c)))],
            _ => Vec::new(),
        }
    }

    /// Takes bytes of a marked paste. When the paste ends, returns its text and how many bytes of `rest` were used.
    fn take_paste(&mut self, rest: &[u8]) -> Option<(String, usize)> {
        let end = rest.windows(PASTE_END.len()).position(|window| window == PASTE_END);
        // The end mark may be split between two reads: its beginning waits for the next.
        let tail = (1..PASTE_END.len()).rev().find(|&n| PASTE_END.get(..n).is_some_and(|mark| rest.ends_with(mark)));
        let length = end.unwrap_or(rest.len() - tail.unwrap_or(0));
        let paste = self.paste.get_or_insert_default();
        let room = MAX_PASTE.saturating_sub(paste.len());
        paste.extend(rest.iter().take(length.min(room)));
        if end.is_none() {
            self.begun = rest.get(length..).unwrap_or_default().to_vec();
            return None;
        }
        let paste = self.paste.take().unwrap_or_default();
        Some((text_of_paste(&paste), length + PASTE_END.len()))
    }

    /// Turns the keys of one read into messages: several lines of text at once are a paste.
    fn settle(&mut self, keys: &mut Vec<Key>, messages: &mut Vec<Msg>) {
        let keys = std::mem::take(keys);
        let mut pasting = self.pasting;
        for run in keys.chunk_by(|a, b| written(*a).is_some() == written(*b).is_some()) {
            let text = run.first().copied().and_then(written).is_some();
            if several_lines(run) || (pasting && text) {
                pasting = true;
                messages.push(Msg::Paste(text_of_keys(run)));
            } else {
                messages.extend(run.iter().copied().map(Msg::Key));
            }
        }
        self.pasting = pasting;
    }
}

/// The character that a key stands for in pasted text.
fn written(key: Key) -> Option<char> {
    match key {
        Key::Char(c) => Some(c),
        Key::Enter | Key::AltEnter => Some('\n'),
        Key::Tab => Some('\t'),
        _ => None,
    }
}

/// Whether these keys contain the end of one line and the beginning of another.
fn several_lines(run: &[Key]) -> bool {
    run.iter().skip_while(|key| **key != Key::Enter).any(|key| matches!(key, Key::Char(_)))
}

fn text_of_keys(run: &[Key]) -> String {
    let after_enter = std::iter::once(false).chain(run.iter().map(|key| *key == Key::Enter));
    let kept = run.iter().zip(after_enter).filter(|(key, after)| !(*after && **key == Key::AltEnter));
    kept.filter_map(|(key, _)| written(*key)).collect()
}

/// Terminals paste a line feed as a carriage return.
fn text_of_paste(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).replace("\r\n", "\n").replace('\r', "\n")
}
