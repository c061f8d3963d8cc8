//! What a person asks for with a command or a dialog: each is decided here from what is known, and comes to a list of what
//! is to be done, or to why it cannot be.
//!
//! Must not know: how anything is done, or which key or command asked for it; it changes nothing.

pub(in crate::client::session) mod actions;
mod closing;
pub(in crate::client::session) mod decision;
pub(in crate::client::session) mod dialogs;
mod identity;
mod moderation;
mod people;
mod rooms;
pub(in crate::client::session) mod situation;
