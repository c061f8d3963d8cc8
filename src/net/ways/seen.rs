//! Which numbers have come, so that each counts once: those who listen on the way may send again what they heard.
//!
//! Must not know: what the numbers are of.

/// How far back a number is known to have come or not.
const WIDTH: u64 = 64;

/// The numbers that have come: the highest, and for those before it a bit each.
#[derive(Debug, Default)]
pub(super) struct SeenNumbers {
    /// One more than the highest; 0 before any.
    end: u64,
    seen: u64,
}

impl SeenNumbers {
    /// Takes a number; `false` if it has come before or is too far back to know.
    pub(super) fn take(&mut self, number: u64) -> bool {
        if number >= self.end {
            let ahead = number - self.end + 1;
            self.seen = if ahead >= WIDTH { 0 } else { self.seen << ahead };
            self.seen |= 1;
            self.end = number.saturating_add(1);
            return true;
        }
        let back = self.end - 1 - number;
        if back >= WIDTH || self.seen & (1 << back) != 0 {
            return false;
        }
        self.seen |= 1 << back;
        true
    }
}
