//! Sixteen bytes as 32 hexadecimal digits.
//!
//! Must not know: what they stand for.

use std::fmt;
use std::str::FromStr;

/// The text is not 32 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("32 hexadecimal digits are needed")]
pub struct NoHex;

/// Sixteen bytes.
pub(super) struct Hex16(pub(super) [u8; 16]);

impl fmt::Display for Hex16 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromStr for Hex16 {
    type Err = NoHex;

    fn from_str(text: &str) -> Result<Self, NoHex> {
        let digits = text.as_bytes();
        if digits.len() != 32 || !digits.iter().all(u8::is_ascii_hexdigit) {
            return Err(NoHex);
        }
        let mut bytes = [0; 16];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            let pair = std::str::from_utf8(pair).map_err(|_| NoHex)?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| NoHex)?;
        }
        Ok(Self(bytes))
    }
}
