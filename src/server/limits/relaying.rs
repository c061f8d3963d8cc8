//! What the relay of calls may hold, and how long it waits.
//!
//! Must not know: how many calls there may be, or what is relayed.

use std::time::Duration;

/// What may wait for the stream of one leg, in bytes; each packet counts for [`PIECE_COST`](super::PIECE_COST) more. Beyond
/// this the oldest packets go.
pub const LEG_QUEUE: usize = 96 * 1024;

/// Bytes that one read of a leg's stream takes.
pub const LEG_READ_SIZE: usize = 16 * 1024;

/// Bytes that are written to a leg's stream at once, beside the last packet. They cannot be dropped any more.
pub const LEG_WRITE_SIZE: usize = 16 * 1024;

/// Reads of all legs' streams that wait for the relay.
pub const LEG_ARRIVALS: usize = 64;

/// How long the stream of a leg may take nothing before it is closed.
pub const LEG_STALL: Duration = Duration::from_secs(30);

/// How long nothing is read from the stream of a leg that was over its rate, so that whoever sends too much for long costs
/// little.
pub const OVER_RATE_PAUSE: Duration = Duration::from_millis(20);

/// UDP packets that are taken before others have their turn.
pub const RELAY_BATCH: usize = 32;

/// Hosts at which the relay has a UDP socket.
pub const MAX_RELAY_HOSTS: usize = 8;

/// Orders of the broker that wait for the relay.
pub const MAX_RELAY_ORDERS: usize = 256;

/// Connections that have shown a leg's token and wait for the relay.
pub const MAX_SHOWN_LEGS: usize = 64;

/// Packets of one sender that are kept for a leg which is not bound yet: the last repetitions of a handshake's beginning.
pub const EARLY_OF_ONE: usize = 4;

/// What is kept for a leg that is not bound yet, in bytes; each packet counts for [`PIECE_COST`](super::PIECE_COST) more.
/// It is room for one packet of each other member of a conference, and beyond this the oldest packets go. All legs that
/// there can be have 12 MiB together.
pub const EARLY_BYTES: usize = 16 * 1024;

/// How long a packet is kept for a leg that is not bound yet. Whoever opens a channel repeats its first packet more often
/// than that for four seconds, and later it has given up or begun anew.
pub const EARLY_TIME: Duration = Duration::from_secs(2);

/// Packets for one address that leave over UDP together: half of what Linux takes, and with the largest packets less than a
/// datagram can hold.
pub const DEPARTING_TOGETHER: usize = 32;

/// Groups of such packets that wait for the end of the relay's round; beyond this they leave at once.
pub const DEPARTING_GROUPS: usize = 64;
