//! What is said: permission to speak, posting, history.
//!
//! Must not know: sockets, the form of the store.

pub(in crate::server) mod history;
pub(in crate::server) mod may_speak;
pub(in crate::server) mod post;
