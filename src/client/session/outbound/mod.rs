//! What is sent, in which order, and what is awaited of it.
//!
//! Must not know: terminals, sockets.

pub(in crate::client::session) mod messages;
pub(in crate::client::session) mod queue;
