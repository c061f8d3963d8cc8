//! The documentation and the sources as text: no test here runs the program.
//!
//! | what is tested                                                        | where    |
//! | --------------------------------------------------------------------- | -------- |
//! | the completions for shells against the options; bash's also in bash   | `completions` |
//! | the sources against the plan of the house: circles, floors, parts      | `house`  |
//! | the man pages and the README against the options, keys and operations | `manual` |
//! | sentences of the client outside of the catalogue                      | `sentences` |
//! | the sources against the rules of the house: layers, packages, sizes   | `tidy`   |
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]
#![allow(clippy::print_stdout, reason = "a test says why it was skipped")]
#![allow(missing_docs)]

mod completions;
mod house;
mod manual;
mod sentences;
mod sources;
mod tidy;
