//! The server's own life: settings that change, what is restored at the start, the countdown, the end.
//!
//! Must not know: what is said, sockets.

pub(in crate::server) mod census;
pub(in crate::server) mod countdown;
pub mod facts;
pub(in crate::server) mod reload;
pub(in crate::server) mod restore;
