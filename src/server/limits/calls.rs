//! How many calls there may be, how long they ring, and how much of them is relayed.
//!
//! Must not know: who calls whom, or how packets are relayed.

use std::time::Duration;

use super::Rate;

/// How long a call rings before it ends unanswered.
pub const RING_TIME: Duration = Duration::from_secs(45);

/// Calls that one user may start within [`CALL_WINDOW`].
pub const CALLS_STARTED: usize = 3;

/// Calls of rooms that one user may join within [`CALL_WINDOW`] while others are in them.
pub const CALLS_JOINED: usize = 20;

/// The time within which [`CALLS_STARTED`] and [`CALLS_JOINED`] are counted.
pub const CALL_WINDOW: Duration = Duration::from_secs(60);

/// Calls that one user may be in at once; calls that the user has started and that still ring count, too.
pub const MAX_CALLS_OF_ONE: usize = 2;

/// Calls of others that may ring at one user at once.
pub const MAX_RINGING_AT_ONE: usize = 16;

/// The default for `--relay-rate`: 1 MiB at once from each leg of a call, and as much every second.
pub const RELAY_RATE: Rate = Rate { burst: 1024 * 1024, per_second: 1024 * 1024 };

/// The default for `--relay-total`: 8 MiB at once from all legs together, and as much every second.
pub const RELAY_TOTAL: Rate = Rate { burst: 8 * 1024 * 1024, per_second: 8 * 1024 * 1024 };
