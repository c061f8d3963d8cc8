//! The connection as the session sees it: dialing, the handshake, who one is, deadlines.
//!
//! Must not know: terminals, sockets.

pub(in crate::client::session) mod deadlines;
pub(in crate::client::session) mod handshake;
pub(in crate::client::session) mod identity;
