//! Packets that leave over UDP in one round of the relay. Those of one size for one address go together: the kernel cuts
//! them apart again, and most of what a packet costs is its way through the kernel.
//!
//! Must not know: sockets, or what packets hold.

use std::net::SocketAddr;

use crate::server::limits::{DEPARTING_GROUPS, DEPARTING_TOGETHER};

/// Of the newest groups, so many are looked through for one of the same address: in a conference nearly every packet has
/// an address of its own.
const LOOKED_THROUGH: usize = 16;

/// The packets that wait for the end of the round.
#[derive(Debug, Default)]
pub struct Departures {
    /// In the order in which they go. Those behind the first `used` are empty, and keep their memory for later ones.
    groups: Vec<Group>,
    used: usize,
}

#[derive(Debug)]
struct Group {
    to: SocketAddr,
    /// All packets, one after the other.
    bytes: Vec<u8>,
    /// The size of each but the last, which may be shorter.
    size: usize,
    packets: usize,
}

impl Group {
    /// Adds a packet, if it has the right size and there is room.
    fn add(&mut self, packet: &[u8]) -> bool {
        let are_whole = self.bytes.len() == self.size * self.packets;
        let fits = are_whole && packet.len() <= self.size && self.packets < DEPARTING_TOGETHER && !packet.is_empty();
        if fits {
            self.bytes.extend_from_slice(packet);
            self.packets += 1;
        }
        fits
    }
}

impl Departures {
    /// Adds a packet, after all others for its address. `false` if there are [`DEPARTING_GROUPS`] groups and it belongs to
    /// none: they have to leave first.
    #[must_use]
    pub fn add(&mut self, packet: &[u8], to: SocketAddr) -> bool {
        let groups = self.groups.get_mut(..self.used).unwrap_or_default();
        // Only the newest of an address: none overtakes another.
        let newest = groups.iter_mut().rev().take(LOOKED_THROUGH).find(|group| group.to == to);
        if newest.is_some_and(|group| group.add(packet)) {
            return true;
        }
        if self.used >= DEPARTING_GROUPS {
            return false;
        }
        if let Some(group) = self.groups.get_mut(self.used) {
            (group.to, group.size, group.packets) = (to, packet.len(), 1);
            group.bytes.clear();
            group.bytes.extend_from_slice(packet);
        } else {
            self.groups.push(Group { to, bytes: packet.to_vec(), size: packet.len(), packets: 1 });
        }
        self.used += 1;
        true
    }

    /// Has each group sent: its bytes, the size of each packet but the last, and the address. Returns the sum of what
    /// `send` returns.
    pub fn leave(&mut self, mut send: impl FnMut(&[u8], usize, SocketAddr) -> u64) -> u64 {
        let used = std::mem::take(&mut self.used);
        let groups = self.groups.get(..used).unwrap_or_default();
        groups.iter().map(|group| send(&group.bytes, group.size, group.to)).sum()
    }
}
