//! The session as transcripts: steps, and what they lead to.
//!
//! Must not know: sockets, terminals, clocks.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]
#![allow(unreachable_pub, dead_code, reason = "each test file uses a part of what is common")]

#[path = "../common/paint.rs"]
mod paint;
#[path = "../common/script.rs"]
mod script;

mod arriving;
mod connection;
mod dialogs;
mod identity;
mod limits;
mod messages;
mod moderation;
mod past;
mod people;
mod plain;
mod rooms;

use expect_test::Expect;

/// Plays the steps and holds what they lead to.
fn check(steps: &str, expected: Expect) {
    expected.assert_eq(&script::play(steps));
}
