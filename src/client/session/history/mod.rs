//! What was said before: pages, jumps, search, read marks.
//!
//! Must not know: terminals, sockets.

pub(in crate::client::session) mod jump;
pub(in crate::client::session) mod read_marks;
pub(in crate::client::session) mod replies;
pub(in crate::client::session) mod requests;
pub(in crate::client::session) mod search;
