//! Crashes: every accepted message is there once, unaltered and in order, however the server or the machine ends.
//!
//! | what is tested                                               | where     |
//! | ------------------------------------------------------------ | --------- |
//! | `kill -9` under load                                         | `kill`    |
//! | `kill -9` while a moderator acts                             | `acts`    |
//! | a disk that fails to sync                                    | `failing_sync` |
//! | `kill -9` while a backup is put in place                     | `restores` |
//! | power cuts: writes that are lost or torn since the last sync | `power`   |
//! | lines that break at any byte                                 | `cuts`    |
//! | helper: what senders were told against what is kept          | `checker` |
//! | helper: users who write in several sessions                  | `senders` |
//! | helper: the system calls of a child                          | `trace`   |
//!
//! `TR2_LONG=1 cargo test --test crash` runs more of everything.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "tests say what they saw, and why they were skipped")]
#![allow(missing_docs, unreachable_pub, dead_code, reason = "each file uses a part of what is shared")]

#[path = "../common/chance.rs"]
mod chance;
#[path = "../common/count.rs"]
mod count;
#[path = "../common/serving.rs"]
mod serving;

mod acts;
mod checker;
mod cuts;
mod failing_sync;
mod kill;
mod power;
mod restores;
mod senders;
mod trace;

/// Whether to run more of everything (`TR2_LONG`).
pub fn long() -> bool {
    std::env::var_os("TR2_LONG").is_some()
}
