//! The line mode: the chat line by line, for pipes, scripts and screen readers.
//!
//! - `run` ties it to the session. [`line_reader`] reads its input, [`print`] formats its output.
//!
//! Must not know: the full screen.

pub mod line_reader;
pub mod print;
pub(crate) mod run;
