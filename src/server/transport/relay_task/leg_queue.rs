//! What waits for the stream of a leg: a bounded queue, from which the oldest packets go when it is full. A picture or a
//! word that comes late is of no use, and a channel repeats what it needs.
//!
//! Must not know: sockets, or what packets hold.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::protocol::leg::write_on_stream;
use crate::server::limits::{LEG_QUEUE, PIECE_COST};

/// A queue of packets, shared between the relay and the writer of a stream.
#[derive(Debug, Default)]
pub struct LegQueue(Mutex<WaitingPackets>);

#[derive(Debug, Default)]
struct WaitingPackets {
    packets: VecDeque<Vec<u8>>,
    /// What they cost together.
    cost: usize,
}

impl WaitingPackets {
    fn pop(&mut self) -> Option<Vec<u8>> {
        let packet = self.packets.pop_front()?;
        self.cost -= cost(&packet);
        Some(packet)
    }
}

fn cost(packet: &[u8]) -> usize {
    packet.len() + PIECE_COST
}

impl LegQueue {
    /// Adds a packet, and returns how many older ones had to go: more than [`LEG_QUEUE`] never waits.
    pub fn push(&self, packet: Vec<u8>) -> u64 {
        let mut waiting = self.lock();
        waiting.cost += cost(&packet);
        waiting.packets.push_back(packet);
        let mut dropped = 0;
        while waiting.cost > LEG_QUEUE && waiting.pop().is_some() {
            dropped += 1;
        }
        dropped
    }

    /// Moves packets to `out`, as they are on a stream, until nothing waits or `out` has `enough` bytes; `false` if
    /// nothing waits.
    pub fn gather(&self, out: &mut Vec<u8>, enough: usize) -> bool {
        let mut waiting = self.lock();
        let mut some = false;
        while out.len() < enough
            && let Some(packet) = waiting.pop()
        {
            write_on_stream(&packet, out);
            some = true;
        }
        some
    }

    fn lock(&self) -> MutexGuard<'_, WaitingPackets> {
        // Nothing in here panics.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
