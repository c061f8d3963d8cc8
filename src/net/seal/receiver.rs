//! The keys of one sender as a receiver has them: the newest, and for a moment those before, so that nothing is lost when
//! the key changes. Each packet is opened once.
//!
//! Must not know: who the sender is, or what packets hold.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::frame_key::{BaseKey, FrameKey, key_of};
use crate::net::replay_window::ReplayWindow;

/// So long a key is kept after a newer one came.
pub const KEPT: Duration = Duration::from_secs(1);
/// The most keys of a sender.
pub const MAX_KEYS: usize = 8;

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
            Some((counter, plain)) if key.seen.take(counter) => OpenedPacket::Plain(plain),
            Some(_) | None => OpenedPacket::Bad,
        }
    }

    fn newest(&self) -> Option<u64> {
        self.keys.back().map(|key| key.key.id())
    }
}
