//! What an escape begins, and what can only be the rest of a sequence.
//!
//! Must not know: what sequences mean.

use super::answers::StringKind;

/// What follows an escape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Escaped {
    /// Another escape.
    Escape,
    /// A sequence: after an `O` with `single_shift`, after a bracket without.
    Sequence { single_shift: bool },
    /// A control string.
    Text(StringKind),
    /// A key with Alt.
    Alt,
}

impl Escaped {
    /// What an escape and this byte begin.
    #[must_use]
    pub(super) fn of(byte: u8) -> Self {
        match byte {
            0x1b => Self::Escape,
            b'[' => Self::Sequence { single_shift: false },
            b'O' => Self::Sequence { single_shift: true },
            byte => StringKind::of(byte).map_or(Self::Alt, Self::Text),
        }
    }
}

/// Whether a read can only be the rest of a sequence whose escape came long before: nobody types it at once, and it is
/// hardly ever pasted.
#[must_use]
pub(super) fn late_tail(bytes: &[u8]) -> bool {
    match bytes {
        // The cursor keys, the function keys, the focus.
        [b'[', b'A'..=b'D' | b'F' | b'H' | b'I' | b'O'..=b'S' | b'Z' | b'a'..=b'd'] => true,
        [b'O', b'A'..=b'D' | b'F' | b'H' | b'M' | b'P'..=b'S' | b'a'..=b'd' | b'j'..=b'y'] => true,
        // With numbers.
        [b'[', rest @ ..] => {
            let numbers = rest.iter().take_while(|byte| matches!(byte, 0x30..=0x3f)).count();
            let after = rest.iter().skip(numbers).find(|byte| !matches!(byte, 0x20..=0x2f));
            numbers > 0
                && after.is_some_and(|byte| matches!(byte, b'A'..=b'Z' | b'c' | b'm' | b'n' | b'u' | b'y' | b'~'))
        }
        [b']', b'0'..=b'9', .., 0x07 | b'\\'] | [b'P', b'0'..=b'9' | b'>' | b'!', .., b'\\'] => true,
        _ => false,
    }
}
