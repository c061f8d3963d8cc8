//! The back-off: how long to wait before dialing again. From half a second, doubling to half a minute, with jitter.
//!
//! Must not know: why the connection ended.

use std::time::Duration;

/// The first wait.
pub const FIRST_WAIT: Duration = Duration::from_millis(500);
/// The longest wait.
pub const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// How long one of several addresses may take at first.
pub const DIAL_PATIENCE: Duration = Duration::from_secs(1);
/// The longest time that one of several addresses may take.
pub const LONGEST_PATIENCE: Duration = Duration::from_secs(15);

/// The back-off of one client.
#[derive(Clone, Debug)]
pub struct Backoff {
    attempt: u32,
    random: u64,
}

impl Backoff {
    /// The state before the first attempt; `seed` makes the waits of each client differ.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { attempt: 0, random: seed }
    }

    /// The next wait: at random up to a quarter shorter than its turn, so that a crowd does not return all at once.
    pub fn next_wait(&mut self) -> Duration {
        let full = FIRST_WAIT.saturating_mul(1 << self.attempt.min(16)).min(LONGEST_WAIT);
        self.attempt = self.attempt.saturating_add(1);
        let millis = u64::try_from(full.as_millis()).unwrap_or(u64::MAX);
        Duration::from_millis(millis - self.draw() % (millis / 4).max(1))
    }

    /// How long one of several addresses may take to answer before the next is tried: a second, and longer each time that
    /// none of them has, as on a slow line.
    #[must_use]
    pub fn patience(&self) -> Duration {
        DIAL_PATIENCE.saturating_mul(1 << self.attempt.min(16)).min(LONGEST_PATIENCE)
    }

    /// One of so many addresses: a crowd whose server is gone spreads over the others.
    pub fn choose(&mut self, count: usize) -> usize {
        let count = u64::try_from(count).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.draw() % count).unwrap_or(0)
    }

    /// The number of waits since the last success.
    #[must_use]
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// The connection lasted: the next wait is the shortest again.
    pub fn succeed(&mut self) {
        self.attempt = 0;
    }

    /// The next number of splitmix64 (Steele, Lea and Flood 2014), which is random enough for a wait.
    fn draw(&mut self) -> u64 {
        self.random = self.random.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.random;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
}
