//! What the person does and sees: keys, commands, dialogs, panes.
//!
//! Must not know: terminals, sockets.

pub(in crate::client::session) mod commands;
pub(in crate::client::session) mod dialog_answers;
pub(in crate::client::session) mod dialog_buttons;
pub(in crate::client::session) mod keys;
pub(in crate::client::session) mod notices;
pub(in crate::client::session) mod panes;
pub(in crate::client::session) mod render;
