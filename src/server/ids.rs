//! The numbers that the server gives: to connections and to rooms.
//!
//! Must not know: what they are given to.

use std::collections::HashMap;
use std::fmt;
use std::hash::{BuildHasherDefault, Hasher};

use serde::{Deserialize, Serialize};

/// A room's number: never another's, also not that of a later room of the same name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RoomId(pub u64);

/// The seat of a node among those that serve one chat; 0 for a server that stands alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeSeat(pub u16);

/// A connection's number; never used again while the server runs. Its highest 16 bits are the seat of the node that it is
/// connected to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ConnId(pub u64);

/// How many bits of a connection's number count the connections to one node.
const OF_ONE_NODE: u32 = 48;

impl ConnId {
    /// The connection of this number to a node.
    #[must_use]
    pub fn to(seat: NodeSeat, number: u64) -> Self {
        Self(u64::from(seat.0) << OF_ONE_NODE | number & ((1 << OF_ONE_NODE) - 1))
    }

    /// Its number among the connections to its node.
    #[must_use]
    pub fn number(self) -> u64 {
        self.0 & ((1 << OF_ONE_NODE) - 1)
    }

    /// The seat of the node that it is connected to.
    #[must_use]
    pub fn seat(self) -> NodeSeat {
        NodeSeat(u16::try_from(self.0 >> OF_ONE_NODE).unwrap_or_default())
    }
}

/// Things by the connection that they are of.
pub type ByConn<T> = HashMap<ConnId, T, BuildHasherDefault<ConnHasher>>;

/// Spreads numbers that we give ourselves: nobody outside chooses them, so that none needs a secret.
#[derive(Clone, Copy, Debug, Default)]
pub struct ConnHasher(u64);

impl Hasher for ConnHasher {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|&byte| self.write_u64(byte.into()));
    }

    fn write_u64(&mut self, number: u64) {
        // The golden ratio as a fraction of 2^64: neighbours come to lie far apart (Knuth, 6.4).
        self.0 = (self.0 ^ number).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }

    fn finish(&self) -> u64 {
        // A table looks at the lowest and the highest bits; the lowest of a product know little of the number.
        self.0.rotate_left(32)
    }
}

impl fmt::Display for ConnId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
