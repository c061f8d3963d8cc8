//! The line mode: the chat line by line, for pipes, scripts and screen readers.
//!
//! - `run` ties it to the session. [`line_reader`] reads its input.
//!
//! Must not know: the full screen.

pub mod line_reader;
pub(crate) mod run;
