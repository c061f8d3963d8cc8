//! What another member has sealed: opened with its keys, in whatever order keys and packets come.
//!
//! Must not know: what is in it, or channels.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crate::net::seal::frame_key::BaseKey;
use crate::net::seal::receiver::{OpenedPacket, ReceiverKeys};

/// Packets that came before their key wait for so long.
pub const HOLD: Duration = Duration::from_secs(1);
/// The most packets that wait for a key, what comes of voice and of pictures in that time: the oldest are dropped.
pub const MAX_HELD: usize = 48;

/// The keys of another member, and what waits for one.
#[derive(Debug, Default)]
pub(super) struct SealedByMember {
    keys: ReceiverKeys,
    held: VecDeque<(Instant, Vec<u8>)>,
}

impl SealedByMember {
    /// Whether a key has come.
    pub(super) fn has_key(&self) -> bool {
        self.keys.has_any()
    }

    /// A key has come. Returns the packets that waited for it: they are to be opened again.
    pub(super) fn add_key(&mut self, id: u64, base: &BaseKey, now: Instant) -> Vec<Vec<u8>> {
        if !self.keys.add(id, base, now) {
            return Vec::new();
        }
        let in_time = |(came, _): &(Instant, Vec<u8>)| now.saturating_duration_since(*came) <= HOLD;
        std::mem::take(&mut self.held).into_iter().filter(in_time).map(|(_, packet)| packet).collect()
    }

    /// Opens a packet, of which so many bytes are a head in the clear. One whose key has not come waits for it.
    pub(super) fn open(&mut self, packet: &[u8], head: usize, now: Instant) -> Option<Vec<u8>> {
        let (metadata, sealed) = packet.split_at_checked(head)?;
        match self.keys.open(metadata, sealed, now) {
            OpenedPacket::Plain(plain) => Some(plain),
            OpenedPacket::KeyMissing => {
                self.held.push_back((now, packet.to_vec()));
                if self.held.len() > MAX_HELD {
                    self.held.pop_front();
                }
                None
            }
            OpenedPacket::Bad => None,
        }
    }
}
