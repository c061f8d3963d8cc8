//! What goes through several parts: each flow borrows the parts that it needs, names them, and keeps nothing itself.
//!
//! Must not know: the session, or what else its parts are there for.

pub(in crate::client::session) mod inquiring;
pub(in crate::client::session) mod presiding;
pub(in crate::client::session) mod sending;
pub(in crate::client::session) mod viewing;
