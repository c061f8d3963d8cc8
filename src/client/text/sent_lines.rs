//! What was sent, as the lines of a file: a head, then one line for each text, the newest last.
//!
//! Must not know: files, or which texts are kept (`recall`).

use std::borrow::Cow;

use crate::client::msg::{Sent, SentText};

/// The first line: it says what the file is.
pub const HEAD: &str = "tr2 sent 1";
/// The longest name of such a file, in bytes, without what stands for the rest of a longer one.
const MAX_FILE_NAME: usize = 180;

/// The line of a text: its conversation and the text, apart by a tab, with tabs, line feeds and backslashes escaped.
#[must_use]
pub fn line(sent: &SentText) -> String {
    format!("{}\t{}\n", escaped(&sent.place), escaped(&sent.text))
}

/// Reads a whole file, oldest first. Text is as it stands there, and may be anything.
///
/// # Errors
/// The number of the first line that is none.
pub fn read(file: &str) -> Result<Vec<SentText>, usize> {
    let mut lines = file.strip_suffix('\n').unwrap_or(file).split('\n').enumerate();
    if lines.next().map(|(_, head)| head) != Some(HEAD) {
        return Err(1);
    }
    lines.map(|(at, line)| sent(line).ok_or(at + 1)).collect()
}

fn sent(line: &str) -> Option<SentText> {
    let (place, text) = line.split_once('\t')?;
    Some(SentText { place: unescaped(place)?, text: unescaped(text)? })
}

fn escaped(text: &str) -> Cow<'_, str> {
    if text.contains(['\\', '\n', '\t', '\r']) {
        text.replace('\\', "\\\\").replace('\n', "\\n").replace('\t', "\\t").replace('\r', "\\r").into()
    } else {
        text.into()
    }
}

fn unescaped(text: &str) -> Option<String> {
    let mut plain = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        plain.push(match letter {
            '\\' => match letters.next()? {
                '\\' => '\\',
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                _ => return None,
            },
            '\t' => return None,
            letter => letter,
        });
    }
    Some(plain)
}

/// The name of the file for a person on a server: letters and digits as they are, everything else as `%XX`.
#[must_use]
pub fn file_name(sent: &Sent) -> String {
    name_of(&sent.name, &sent.server.to_string())
}

/// As [`file_name`], for a name and the address of a server.
#[must_use]
pub fn name_of(name: &str, server: &str) -> String {
    let whole = format!("{name}@{server}");
    let mut encoded = String::new();
    for byte in whole.bytes() {
        if byte.is_ascii_alphanumeric() || byte == b'-' {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    if encoded.len() > MAX_FILE_NAME {
        encoded.truncate(MAX_FILE_NAME);
        encoded.push_str(&format!("-{:016x}", checksum(whole.as_bytes())));
    }
    encoded
}

/// FNV-1a: tells long names apart, and need not resist anybody.
fn checksum(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |sum, byte| (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}
