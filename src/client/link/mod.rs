//! The connection to a server.
//!
//! - [`driver`]: the task that owns the connection. `handle`: the session's side of it.
//! - [`dialer`]: connects, with [`keyring`] (the key files) and [`trust`] (which servers are trusted).
//! - `outlet`: where tasks put their messages for the session. `nearby`: listens for servers in the networks around.
//! - `state` and [`backoff`]: what the session knows of the connection, and when it dials again.
//!
//! Must not know: the screen.

pub mod backoff;
pub mod dialer;
pub mod driver;
pub(crate) mod handle;
pub mod keyring;
mod nearby;
pub(crate) mod outlet;
pub(crate) mod state;
pub mod trust;
