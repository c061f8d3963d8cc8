//! The two dialects, and which one a peer speaks.
//!
//! Must not know: how long to wait for the bytes that tell.

use std::fmt;

/// A dialect of the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
}

impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Tr223 => "TR2.23",
            Self::Tr226 => "TR2.26",
        })
    }
}
