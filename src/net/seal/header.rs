//! The header of a sealed packet (RFC 9605, section 4.3): the numbers of its key and of the packet, as short as they can be.
//!
//! Must not know: keys.

/// The numbers in a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SealHeader {
    /// The key's ID.
    pub(super) key: u64,
    /// How many packets were sealed with the key before.
    pub(super) counter: u64,
}

/// What is below this stands in the first byte.
const SHORT: u64 = 8;
/// In four bits of the first byte: the number follows, and its length less one is in the other three.
const FOLLOWS: u8 = 8;

impl SealHeader {
    /// The header as bytes: at most 17.
    pub(super) fn write(self) -> Vec<u8> {
        let (key, key_bytes) = half(self.key);
        let (counter, counter_bytes) = half(self.counter);
        [&[key << 4 | counter], &key_bytes[..], &counter_bytes[..]].concat()
    }

    /// Reads a header; returns the number of its bytes, too. `None` if it is none, or longer than it must be.
    pub(super) fn read(bytes: &[u8]) -> Option<(Self, usize)> {
        let (first, mut rest) = bytes.split_first()?;
        let key = number(first >> 4, &mut rest)?;
        let counter = number(first & 0x0F, &mut rest)?;
        Some((Self { key, counter }, bytes.len() - rest.len()))
    }
}

/// Four bits of the first byte, and the bytes that follow.
fn half(number: u64) -> (u8, Vec<u8>) {
    let bytes: Vec<u8> = number.to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect();
    match bytes.as_slice() {
        [] => (0, Vec::new()),
        [byte] if u64::from(*byte) < SHORT => (*byte, Vec::new()),
        // At most eight bytes.
        more => (FOLLOWS | (more.len() - 1) as u8, bytes),
    }
}

fn number(half: u8, rest: &mut &[u8]) -> Option<u64> {
    if half & FOLLOWS == 0 {
        return Some(half.into());
    }
    let (bytes, after) = rest.split_at_checked(usize::from(half & !FOLLOWS) + 1)?;
    *rest = after;
    let is_shortest = bytes.first().is_some_and(|first| *first != 0);
    let number = bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte));
    (is_shortest && number >= SHORT).then_some(number)
}
