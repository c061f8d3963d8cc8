//! Text as people write and read it. Pure.
//!
//! - [`editor`]: text with a cursor. [`composer`]: the draft, recall and completion.
//! - [`wrap`]: widths, wrapping and cutting. [`layout`]: the areas of the panes.
//!
//! Must not know: the session, terminals.

pub mod composer;
pub mod editor;
pub mod layout;
pub mod scrollback;
pub mod wrap;
