//! Flows through several parts: each borrows the parts that it needs, names them, and has no state of its own.
//!
//! Must not know: the session, or parts that a flow does not borrow.

pub(in crate::client::session) mod calling;
pub(in crate::client::session) mod changing;
pub(in crate::client::session) mod inquiring;
pub(in crate::client::session) mod presiding;
pub(in crate::client::session) mod reporting;
pub(in crate::client::session) mod sending;
pub(in crate::client::session) mod viewing;
