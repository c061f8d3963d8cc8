//! The chat line by line, for pipes, scripts and screen readers.
//!
//! Must not know: the full screen.

pub mod line_reader;
pub mod print;
pub mod run;
