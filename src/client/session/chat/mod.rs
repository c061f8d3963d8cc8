//! Who is there, and in which rooms.
//!
//! Must not know: terminals, sockets.

pub(in crate::client::session) mod people;
pub(in crate::client::session) mod room_commands;
pub(in crate::client::session) mod room_events;
