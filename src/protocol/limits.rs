//! The numbers of the wire, in one place.
//!
//! Must not know: the server's own limits (`server::limits`), which are an admin's to set.

use std::time::Duration;

/// The longest TR2.26 frame in bytes, with its tags and LF.
pub const MAX_FRAME: usize = 8192;

/// The longest TR2.23 packet in bytes: what the original reads at once.
pub const MAX_PACKET: usize = 1024;

/// The longest `ref` in bytes.
pub const MAX_REFERENCE: usize = 64;

/// The longest text of a message in bytes, as escaped on the wire. Leaves room in a frame for two names of 128
/// bytes and the server's tags.
pub const MAX_DATA: usize = 7168;

/// The longest room name or other destination that is looked at, in bytes.
pub const MAX_DESTINATION: usize = 256;

/// Bytes without an LF, and then nothing for this long, are TR2.23.
pub const DIALECT_QUIET: Duration = Duration::from_millis(200);

/// A TR2.23 packet ends when nothing more comes for this long.
pub const PACKET_QUIET: Duration = Duration::from_millis(10);

/// The pause between two packets to a TR2.23 peer, so that no two reach one read.
pub const PACKET_GAP: Duration = Duration::from_millis(40);

/// The port of the original.
pub const DEFAULT_PORT: u16 = crate::model::url::DEFAULT_PORT;

/// Messages of a page of the past, where its asker does not say.
pub const PAGE: usize = 200;

/// The most messages of a page.
pub const MAX_PAGE: usize = 1000;

/// Messages found by one search, at most.
pub const MAX_FOUND: usize = 100;

/// The longest query of a search, in bytes.
pub const MAX_QUERY: usize = 512;

/// The longest reason of an act, in bytes.
pub const MAX_REASON: usize = 256;

/// The longest topic of a room, in bytes.
pub const MAX_TOPIC: usize = 256;

/// The longest text of who is away, in bytes.
pub const MAX_AWAY: usize = 128;
