//! The client: what a person sees and does.
//!
//! The core is pure: [`session`] takes a [`msg::Msg`] and returns [`msg::Effect`]s; [`view`] is what it shows, as plain data.
//!
//! - [`chat`]: conversations, people, rooms. [`text`]: editing and wrapping. [`dialogs`]: forms.
//! - [`action`]: the one table of what a person can do; [`key`]: the keys that the table names.
//! - [`link`]: the connection to the server. [`tui`]: the full screen. [`plain`]: the chat line by line.
//! - `run` ties them together.
//!
//! Must not know: the server.

pub mod action;
pub mod chat;
pub mod dialogs;
pub mod key;
pub mod link;
pub mod msg;
pub mod plain;
pub(crate) mod run;
pub mod session;
pub mod text;
pub mod tui;
pub mod view;
