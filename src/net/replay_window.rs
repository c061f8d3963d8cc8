//! Which numbers have come, so that each counts once: those who listen on the way may send again what they heard (RFC 4303,
//! section 3.4.3).
//!
//! Must not know: what the numbers are of.

/// A number that comes so many after later ones is not taken.
pub const WINDOW: u64 = 128;

/// Which numbers have come: those of the last [`WINDOW`].
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct ReplayWindow {
    /// The number after the highest that has come.
    next: u64,
    /// Bit n is set if `next - 1 - n` has come.
    seen: u128,
}

impl ReplayWindow {
    /// Takes a number; `false` if it has come before, or is too far back to know.
    pub(super) fn take(&mut self, number: u64) -> bool {
        let Some(after) = number.checked_add(1) else { return false };
        if after > self.next {
            let steps = u32::try_from(after - self.next).unwrap_or(u32::MAX);
            self.seen = self.seen.checked_shl(steps).unwrap_or(0) | 1;
            self.next = after;
            return true;
        }
        let back = self.next - after;
        let bit = u32::try_from(back).ok().and_then(|back| 1_u128.checked_shl(back));
        let is_new = bit.is_some_and(|bit| self.seen & bit == 0);
        self.seen |= bit.unwrap_or(0);
        is_new
    }
}
