//! Text as people write and read it. Pure.
//!
//! - [`editor`]: text with a cursor. [`kill_ring`]: what was cut. [`undo`]: the drafts before. [`draft_rows`]: a draft
//!   in rows.
//! - [`composer`]: the draft with all that belongs to it. [`recall`]: what was sent, and [`recall_search`] in it.
//!   [`sent_lines`]: the same as a file. [`completion`]: what a word may become. `emoji`: by name.
//! - [`codes`]: what a line of a program's output comes to on a terminal. [`json`]: plain mode for programs.
//! - [`wrap`]: widths, wrapping and cutting. [`names`]: names that stay distinct when cut. [`layout`]: the areas of the panes.
//! - [`join_line`]: the command that joins a server with a code.
//! - [`qr`]: texts as QR codes.
//! - [`links`]: where a link begins and ends, and how it is given to others.
//! - [`mod@ascii`]: text for terminals without UTF-8.
//! - [`arrangement_lines`]: the order of conversations, as a file.
//! - [`unsent`]: what the client could not send before it had to end.
//! - [`action_text`]: messages that say what their sender does.
//! - [`mod@print`]: messages as lines of plain text, and how long input is split.
//!
//! Must not know: the session, terminals.

pub mod action_text;
pub mod arrangement_lines;
pub mod ascii;
pub mod codes;
pub mod completion;
pub mod composer;
pub mod draft_rows;
pub mod editor;
pub(crate) mod emoji;
pub mod join_line;
pub mod json;
pub mod kill_ring;
pub mod layout;
pub mod links;
pub mod names;
pub mod print;
pub mod qr;
pub mod recall;
pub mod recall_search;
pub mod sent_lines;
pub mod undo;
pub mod unsent;
mod words;
pub mod wrap;
