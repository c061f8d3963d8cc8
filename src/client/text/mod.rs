//! Text as people write and read it. Pure.
//!
//! - [`editor`]: text with a cursor. [`composer`]: the draft, recall and completion.
//! - [`wrap`]: widths, wrapping and cutting. [`layout`]: the areas of the panes.
//! - [`mod@ascii`]: text for terminals without UTF-8.
//! - [`mod@print`]: messages as lines of plain text, and how long input is split.
//!
//! Must not know: the session, terminals.

pub mod ascii;
pub mod composer;
pub mod editor;
pub mod layout;
pub mod print;
pub mod wrap;
