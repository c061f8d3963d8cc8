//! Several nodes that serve one chat: the log that they have in common, without a socket, a file or a clock.
//!
//! | what is tested                                                          | where        |
//! | ----------------------------------------------------------------------- | ------------ |
//! | the bytes of entries: there and back, altered, cut, with another key    | `entries`    |
//! | what each entry means, as transcripts: epochs, numbers, time, who is in | `turns`      |
//! | what a node says and makes of what comes back, as transcripts           | `lanes`      |
//! | what is held back: how much, and for how long                           | `holding`    |
//! | thousands of simulated worlds, each by its seed                         | `simulation` |
//! | the sum over the settings that all nodes share                          | `shared_settings` |
//! | people on three nodes with the real broker                              | `replicas`   |
//! | helper: how a transcript is played                                      | `script`     |
//! | helpers: one world, what goes wrong in it, and what its clients do      | `sim`, `trouble`, `acting` |
//! | helpers: its log, its nodes, their clients                              | `faulty_log`, `node`, `clients` |
//! | helpers: what the nodes agree on, and what must hold                    | `machine`, `checker` |
//! | helper: the real broker as what they agree on                           | `chat`       |
//!
//! `TR2_LONG=1 cargo test --release --test broker cluster` plays a hundred times as many worlds.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "tests say what they saw")]

mod acting;
mod chat;
mod checker;
mod clients;
mod entries;
mod faulty_log;
mod holding;
mod lanes;
mod machine;
mod node;
mod replicas;
mod script;
mod shared_settings;
mod sim;
mod simulation;
mod trouble;
mod turns;
