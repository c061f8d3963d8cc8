//! Text as people write and read it. Pure.
//!
//! - [`editor`]: text with a cursor. [`composer`]: the draft, recall and completion.
//! - [`codes`]: what a line of a program's output comes to on a terminal. [`json`]: plain mode for programs.
//! - [`wrap`]: widths, wrapping and cutting. [`layout`]: the areas of the panes.
//! - [`mod@ascii`]: text for terminals without UTF-8.
//! - [`unsent`]: what the client could not send before it had to end.
//! - [`mod@print`]: messages as lines of plain text, and how long input is split.
//!
//! Must not know: the session, terminals.

pub mod ascii;
pub mod codes;
pub mod composer;
pub mod editor;
pub mod json;
pub mod layout;
pub mod print;
pub mod unsent;
pub mod wrap;
