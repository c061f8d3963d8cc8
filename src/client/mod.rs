//! The client: what a person sees and does.
//!
//! The core is pure: [`session`] takes a [`msg::Msg`] and gives back [`msg::Effect`]s; [`view`] is what it shows, as
//! plain data. The shells carry it out: [`driver`] the connection, [`tui`] the screen, [`line_mode`] the same without
//! one ([`line_reader`] cuts its input), [`run`] the wiring.
//!
//! Reading order: [`msg`], [`session`], [`connection`]; [`conversation`], [`scrollback`]; [`editor`], [`composer`];
//! [`action`], [`form`], [`dialogs`]; [`rooms`], [`people`], [`acts`]; [`plain`] has the lines of the line mode.
//!
//! Must not know: the server.

pub mod action;
pub mod acts;
pub mod composer;
pub mod connection;
pub mod conversation;
pub mod conversations;
pub mod dialogs;
pub mod driver;
pub mod editor;
pub mod entry;
pub mod form;
mod form_view;
pub mod key;
pub mod keyring;
pub mod layout;
pub mod line_mode;
pub mod line_reader;
pub mod msg;
pub mod notify;
pub mod people;
pub mod plain;
pub mod reach;
pub mod reconnect;
pub mod rooms;
pub mod run;
pub mod scrollback;
pub mod search;
pub mod session;
pub mod trust;
pub mod tui;
pub mod view;
pub mod way;
pub mod wrap;
