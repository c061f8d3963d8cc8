//! The two dialects, and which one a peer speaks.
//!
//! Must not know: how long to wait for the bytes that tell.

use std::fmt;

use super::words::{SEPARATOR, op};
use serde::{Deserialize, Serialize};

/// A dialect of the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Dialect {
    /// The original's: packets without framing, no acknowledgements.
    Tr223,
    /// Ours: lines, tags, acknowledgements.
    Tr226,
}

impl Dialect {
    /// The dialect of a peer's first bytes: with an LF anywhere it is TR2.26; without one, it is too early to say.
    #[must_use]
    pub fn of(first_bytes: &[u8]) -> Option<Self> {
        first_bytes.contains(&b'\n').then_some(Self::Tr226)
    }

    /// Whether the first bytes, without an LF, look like a frame whose end is still to come rather than like a packet
    /// of the original's: they have tags, or fewer than four fields, or ask for another name than the sender's.
    #[must_use]
    pub fn may_be_cut(first_bytes: &[u8]) -> bool {
        let Some(text) = plain(first_bytes) else { return false };
        let mut fields = text.splitn(4, SEPARATOR);
        let (sender, _, operation, data) = (fields.next(), fields.next(), fields.next(), fields.next());
        text.starts_with('@') || data.is_none() || operation == Some(op::NAME) && data != sender
    }

    /// Whether a server's first bytes, without an LF, look like a TR2.26 greeting whose end is still to come.
    #[must_use]
    pub fn greeting_may_be_cut(first_bytes: &[u8]) -> bool {
        let Some(text) = plain(first_bytes) else { return false };
        let word = Self::Tr226.to_string();
        text.splitn(4, SEPARATOR).nth(3).is_none_or(|data| data.starts_with(&word) || word.starts_with(data))
    }

    /// Whether bytes from a peer that seems to speak TR2.23 are frames after all: no packet of the original's has an LF
    /// at its end or its beginning.
    #[must_use]
    pub fn is_framed(bytes: &[u8]) -> bool {
        bytes.ends_with(b"\n") || bytes.starts_with(b"\n") || bytes.starts_with(b"\r\n")
    }
}

/// Bytes as text, without the character that is cut at their end; `None` if they are none, or have control characters.
fn plain(bytes: &[u8]) -> Option<&str> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) if error.error_len().is_some() => return None,
        Err(error) => std::str::from_utf8(bytes.get(..error.valid_up_to())?).ok()?,
    };
    (!text.chars().any(char::is_control)).then_some(text)
}

impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Tr223 => "TR2.23",
            Self::Tr226 => "TR2.26",
        })
    }
}
