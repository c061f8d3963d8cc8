//! The limits of the protocol, in one place.
//!
//! Must not know: the server's own limits (`server::limits`), which an admin may set.

use std::ops::RangeInclusive;
use std::time::Duration;

/// The longest TR2.26 frame, with its tags and LF, in bytes.
pub const MAX_FRAME: usize = 8192;

/// The longest TR2.23 packet, in bytes: what the original reads at once.
pub const MAX_PACKET: usize = 1024;

/// The longest `ref`, in bytes.
pub const MAX_REFERENCE: usize = 64;

/// The longest text of a message, escaped as on the wire, in bytes. Leaves room in a frame for two names of 128 bytes
/// and the server's tags.
pub const MAX_DATA: usize = 7168;

/// The longest destination that is accepted, in bytes.
pub const MAX_DESTINATION: usize = 256;

/// A peer that sends bytes without an LF and then nothing for this long speaks TR2.23.
pub const DIALECT_QUIET: Duration = Duration::from_millis(200);

/// The same for a peer whose bytes look like a TR2.26 frame that is cut.
pub const DIALECT_PATIENCE: Duration = Duration::from_secs(2);

/// A TR2.23 packet ends when nothing follows for this long.
pub const PACKET_QUIET: Duration = Duration::from_millis(10);

/// The pause between two packets to a TR2.23 peer, so that one read never gets both.
pub const PACKET_GAP: Duration = Duration::from_millis(40);

/// The port of the original.
pub const DEFAULT_PORT: u16 = crate::model::url::DEFAULT_PORT;

/// The length of a history page, in messages, unless the request sets it.
pub const PAGE: usize = 200;

/// The longest history page, in messages.
pub const MAX_PAGE: usize = 1000;

/// The most messages that one search finds.
pub const MAX_FOUND: usize = 100;

/// The longest search query, in bytes.
pub(crate) const MAX_QUERY: usize = 512;

/// The longest reason of an action, in bytes.
pub const MAX_REASON: usize = 256;

/// The longest quote of a message that is answered, in bytes. With its escapes it fits into a frame beside the longest
/// text.
pub const MAX_QUOTE: usize = 100;

/// The longest topic of a room, in bytes.
pub const MAX_TOPIC: usize = 256;

/// How many people may come in with one invitation.
pub const INVITATION_PEOPLE: RangeInclusive<u32> = 1..=1000;

/// The shortest time for which an invitation holds.
pub const INVITATION_SHORTEST: Duration = Duration::from_secs(60);

/// The longest time for which an invitation holds.
pub const INVITATION_LONGEST: Duration = Duration::from_secs(90 * 24 * 60 * 60);

/// The most addresses of nodes in one event.
pub const MAX_NODES: usize = 16;

/// The longest away message, in bytes.
pub const MAX_AWAY: usize = 128;

/// The longest block of a PROXY protocol header that is read, in bytes: its addresses, and what a proxy adds to them.
pub const MAX_PROXY_BLOCK: usize = 2048;
