//! Text as a person writes and reads it: editing, wrapping, scrolling. Pure.
//!
//! Must not know: the session, terminals.

pub mod composer;
pub mod editor;
pub mod layout;
pub mod scrollback;
pub mod wrap;
