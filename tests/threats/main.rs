//! Order under attack: a test for each threat T1 to T35 that no other test target holds to its numbers already. Each
//! test says at its head which one it is, and `.ci/mutants` shows that it fails where its defence is taken out.
//!
//! | what is tested                                                  | where                               |
//! | --------------------------------------------------------------- | ----------------------------------- |
//! | who may do what to whom, every act by every rank                | `matrix`                            |
//! | ways around a ban                                               | `evasion`                           |
//! | names that pass for others                                      | `names`                             |
//! | names and rooms that are another's now, and their past          | `past`                              |
//! | edits, answers and reactions against their rules                 | `changes`                           |
//! | the same by whoever is silenced, elsewhere or below              | `changes_refused`                   |
//! | the microphone, and whoever sends voice as they like              | `voice`                             |
//! | calls against their limits, and by whoever is ignored           | `calls`                             |
//! | logins, numbers of users, directories that hang                 | `logins`                            |
//! | frames and packets of chance                                    | `frames`                            |
//! | mutated input to the decoder and the broker                     | `mutated`                           |
//! | stories of chance against a model of the chat                   | `stories`                           |
//! | floods                                                          | `flood`                             |
//! | much work for each request, endless comings and goings          | `attack`                            |
//! | silent connections                                              | `silent`                            |
//! | slow readers                                                    | `slow`                              |
//! | messages sent again, guessed passphrases                        | `replay`                            |
//! | a server that means harm, against the session                   | `hostile_server`                    |
//! | log lines stay lines, and a log that nobody reads               | `log`                               |
//! | the end of a server                                             | `closing`                           |
//! | files that are replaced or damaged, a clock that lies           | `data`                              |
//! | faults of the server itself                                     | `faults`                            |
//! | answers before, and without, what they promise                  | `promises`                          |
//! | what whoever controls the server can still do                   | `sandbox`                           |
//! | helpers: the model of a chat, what changes in it, its moderators | `model`, `model_changes`, `model_moderation` |
//! | helper: the sessions in that model                              | `model_sessions`                    |
//! | helper: what a load costs                                       | `load`                              |
//!
//! `TR2_LONG=1 cargo test --release --test threats` runs the whole numbers; without, there is less of what takes long.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "tests say what they saw, and why they were skipped")]
#![allow(missing_docs, unreachable_pub, dead_code, reason = "each file uses a part of what is shared")]

#[path = "../common/chance.rs"]
mod chance;
#[path = "../common/count.rs"]
mod count;
#[path = "../common/paint.rs"]
mod paint;
#[path = "../common/script.rs"]
mod script;
#[path = "../common/serving.rs"]
mod serving;
#[path = "../common/simple_store.rs"]
mod simple_store;
#[path = "../common/world.rs"]
mod world;

mod attack;
mod calls;
mod changes;
mod changes_refused;
mod closing;
mod data;
mod evasion;
mod faults;
mod flood;
mod frames;
mod hostile_server;
mod load;
mod log;
mod logins;
mod matrix;
mod model;
mod model_changes;
mod model_moderation;
mod model_sessions;
mod mutated;
mod names;
mod past;
mod promises;
mod replay;
mod sandbox;
mod silent;
mod slow;
mod stories;
mod voice;

/// Whether to run the full numbers (`TR2_LONG`).
pub fn long() -> bool {
    std::env::var_os("TR2_LONG").is_some()
}

/// A seed of one's own, to see a story again: `TR2_SEED=7 cargo test --test threats stories`.
pub fn seed() -> Option<u64> {
    std::env::var("TR2_SEED").ok()?.parse().ok()
}
