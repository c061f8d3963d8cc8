//! The line mode: the chat line by line, for pipes, scripts and screen readers.
//!
//! - `run` ties it to the session. `input` reads keys and lines, [`line_reader`] in parts; `screen` prints.
//! - [`line_edit`]: the line that a person types, on a `terminal`.
//!
//! Must not know: the full screen.

mod input;
pub mod line_edit;
pub mod line_reader;
pub(crate) mod run;
mod screen;
mod terminal;
