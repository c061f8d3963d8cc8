//! The keys of one sender as a receiver has them: the newest, and for a moment those before, so that nothing is lost when
//! the key changes. Each packet is opened once.
//!
//! Must not know: who the sender is, or what packets hold.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::frame_key::{BaseKey, FrameKey, key_of};

/// So long a key is kept after a newer one came.
pub const KEPT: Duration = Duration::from_secs(1);
/// The most keys of a sender.
pub const MAX_KEYS: usize = 8;
/// A packet that comes so many after later ones is dropped.
pub const WINDOW: u64 = 128;

/// What became of a packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OpenedPacket {
    /// It was opened.
    Plain(Vec<u8>),
    /// It is sealed with a key that has not come yet.
    KeyMissing,
    /// It was opened before, is too old, or is not what the sender sealed.
    Bad,
}

#[derive(Debug)]
struct ReadingKey {
    key: FrameKey,
    seen: ReplayWindow,
    /// Until when it is kept; the newest for ever.
    until: Option<Instant>,
}

/// The keys of a sender.
#[derive(Debug, Default)]
pub struct ReceiverKeys {
    /// The newest at the end.
    keys: VecDeque<ReadingKey>,
}

impl ReceiverKeys {
    /// Takes a key; `false` if it is not newer than those before.
    pub fn add(&mut self, id: u64, base: &BaseKey, now: Instant) -> bool {
        if self.newest().is_some_and(|newest| newest >= id) {
            return false;
        }
        let Some(key) = FrameKey::new(id, base) else { return false };
        if let Some(before) = self.keys.back_mut() {
            before.until = Some(now + KEPT);
        }
        self.keys.push_back(ReadingKey { key, seen: ReplayWindow::default(), until: None });
        if self.keys.len() > MAX_KEYS {
            self.keys.pop_front();
        }
        true
    }

    /// Whether there is a key.
    #[must_use]
    pub fn has_any(&self) -> bool {
        !self.keys.is_empty()
    }

    /// Opens a packet with these metadata.
    pub fn open(&mut self, metadata: &[u8], sealed: &[u8], now: Instant) -> OpenedPacket {
        self.keys.retain(|key| key.until.is_none_or(|until| now < until));
        let Some(id) = key_of(sealed) else { return OpenedPacket::Bad };
        if self.newest().is_none_or(|newest| newest < id) {
            return OpenedPacket::KeyMissing;
        }
        let Some(key) = self.keys.iter_mut().find(|key| key.key.id() == id) else { return OpenedPacket::Bad };
        // Only what was sealed by the sender moves the window.
        match key.key.open(metadata, sealed) {
            Some((counter, plain)) if key.seen.is_new(counter) => OpenedPacket::Plain(plain),
            Some(_) | None => OpenedPacket::Bad,
        }
    }

    fn newest(&self) -> Option<u64> {
        self.keys.back().map(|key| key.key.id())
    }
}

/// Which counters were seen (RFC 4303, section 3.4.3): those of the last [`WINDOW`].
#[derive(Clone, Copy, Debug, Default)]
struct ReplayWindow {
    /// The number after the highest that was seen.
    next: u64,
    /// Bit n is set if `next - 1 - n` was seen.
    seen: u128,
}

impl ReplayWindow {
    /// Notes a counter; `false` if it was seen before or is too old.
    fn is_new(&mut self, counter: u64) -> bool {
        let Some(after) = counter.checked_add(1) else { return false };
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
