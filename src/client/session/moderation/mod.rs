//! What moderators ask for and are shown.
//!
//! Must not know: terminals, sockets.

pub(in crate::client::session) mod closing;
pub(in crate::client::session) mod commands;
pub(in crate::client::session) mod lists;
