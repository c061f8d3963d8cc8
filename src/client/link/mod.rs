//! The connection to the server: finding it, trusting it, speaking to it.
//!
//! Must not know: the screen.

pub mod backoff;
pub mod dialer;
pub mod driver;
pub mod handle;
pub mod keyring;
pub mod state;
pub mod trust;
