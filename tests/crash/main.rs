//! Crashes: what was accepted is there, once, unaltered, in its order, whatever ends the server or the machine.
//!
//! `TR2_LONG=1 cargo test --test crash` runs more of everything.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]
#![allow(clippy::print_stdout, reason = "what was seen is told")]
#![allow(missing_docs, unreachable_pub, dead_code)]

#[path = "../common/serving.rs"]
mod serving;

mod chance;
mod checker;
mod cuts;
mod kill;
mod power;
mod trace;

/// More of everything, where one has the time.
pub fn long() -> bool {
    std::env::var_os("TR2_LONG").is_some()
}
