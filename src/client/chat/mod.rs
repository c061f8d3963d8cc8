//! What the session knows of the chat: conversations, people, rooms. Pure.
//!
//! Must not know: the session, terminals, sockets.

pub mod conversation;
pub mod conversations;
pub mod entry;
pub mod keys;
pub mod notify;
pub mod people;
pub mod reach;
pub mod rooms;
pub mod search;
