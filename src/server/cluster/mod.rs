//! Several servers that serve the same chat: each applies the same log, in the same order, with the same broker.
//!
//! - [`front`]: what concerns all servers, and goes into the log, and what concerns one alone.
//!
//! Must not know: sockets, clocks, or what keeps the log.

pub mod front;
