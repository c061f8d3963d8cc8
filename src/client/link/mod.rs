//! The connection to a server.
//!
//! - [`driver`]: the task that owns the connection. `handle`: the session's side of it.
//! - [`dialer`]: connects, with [`keyring`] ([`own_key`], perhaps a [`sealed_key`], and the known servers) and [`trust`] (which servers are trusted).
//! - [`people_list`]: the keys of people, a `known_list` as that of the servers is.
//! - [`outlet`]: where tasks put their messages for the session. `nearby`: listens for servers in the networks around.
//! - `state`, [`backoff`] and [`addresses`]: what the session knows of the connection, when it dials again, and where.
//!
//! Must not know: the screen.

pub mod addresses;
pub mod backoff;
pub mod dialer;
pub mod driver;
pub(crate) mod handle;
pub mod keyring;
mod known_list;
mod nearby;
pub mod outlet;
pub mod own_key;
pub mod people_list;
pub(crate) mod sealed_key;
pub(crate) mod state;
pub mod trust;
