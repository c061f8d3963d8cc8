//! Packets for a leg that is not bound yet. Of the two who open a channel, one often has its leg first, and what it sends
//! then is all that there is to begin with: were it lost, the other side would wait until it is repeated.
//!
//! The newest are kept. Each repetition of a handshake's first packet holds all that the first one held, and the answer to
//! a new one tells the sender how long the way is; to an old one, how long it waited here.
//!
//! Must not know: sockets, clocks, or what packets hold.

use std::collections::VecDeque;

use crate::model::Timestamp;
use crate::server::limits::{EARLY_BYTES, EARLY_OF_ONE, EARLY_TIME, PIECE_COST};

/// The packets that wait for one leg.
#[derive(Clone, Debug, Default)]
pub(super) struct EarlyPackets {
    /// The oldest first.
    packets: VecDeque<EarlyPacket>,
    /// What they cost together.
    cost: usize,
}

#[derive(Clone, Debug)]
struct EarlyPacket {
    /// The sender's place in its call or conference.
    from: usize,
    came: Timestamp,
    packet: Vec<u8>,
}

impl EarlyPacket {
    fn cost(&self) -> usize {
        self.packet.len() + PIECE_COST
    }
}

impl EarlyPackets {
    /// Keeps a packet of a sender. Returns how many older ones had to go: no more than [`EARLY_OF_ONE`] of one sender and
    /// [`EARLY_BYTES`] of all are kept, each no longer than [`EARLY_TIME`].
    pub(super) fn keep(&mut self, from: usize, packet: Vec<u8>, now: Timestamp) -> u64 {
        let mut gone = self.forget_old(now);
        if self.packets.iter().filter(|early| early.from == from).count() >= EARLY_OF_ONE
            && let Some(at) = self.packets.iter().position(|early| early.from == from)
        {
            gone += self.drop_at(at);
        }
        let early = EarlyPacket { from, came: now, packet };
        self.cost += early.cost();
        self.packets.push_back(early);
        while self.cost > EARLY_BYTES {
            gone += self.drop_at(0);
        }
        gone
    }

    /// Takes what was kept, the oldest first; and returns how many were too old.
    pub(super) fn take(&mut self, now: Timestamp) -> (Vec<Vec<u8>>, u64) {
        let gone = self.forget_old(now);
        self.cost = 0;
        (std::mem::take(&mut self.packets).into_iter().map(|early| early.packet).collect(), gone)
    }

    /// Drops what has waited for too long; returns how many.
    pub(super) fn forget_old(&mut self, now: Timestamp) -> u64 {
        let old = self.packets.iter().take_while(|early| now.since(early.came) >= EARLY_TIME).count();
        (0..old).map(|_| self.drop_at(0)).sum()
    }

    fn drop_at(&mut self, at: usize) -> u64 {
        let dropped = self.packets.remove(at);
        self.cost -= dropped.as_ref().map_or(0, EarlyPacket::cost);
        dropped.is_some().into()
    }
}
