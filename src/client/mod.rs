//! The client: what a person sees and does.
//!
//! The core is pure: [`session`] takes a [`msg::Msg`] and gives back [`msg::Effect`]s; [`view`] is what it shows, as
//! plain data. The shells carry it out: `driver` the connection, `tui` the screen, `plain` the line mode, `run` the
//! wiring.
//!
//! Must not know: the server.

pub mod key;
pub mod layout;
pub mod msg;
pub mod tui;
pub mod view;
