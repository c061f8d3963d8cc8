//! The store: stored messages are found again, unaltered, by those who may read them, whatever happens in between.
//!
//! | what is tested                                                        | where          |
//! | --------------------------------------------------------------------- | -------------- |
//! | messages are kept once, in order                                      | `messages`     |
//! | pages: which messages, in which order, for whom                       | `pages`        |
//! | messages that are placed in their conversations later                | `placing`      |
//! | messages in rooms                                                     | `rooms`        |
//! | searches                                                              | `search`       |
//! | summaries of conversations, read marks                                | `summaries`    |
//! | deleting one message                                                  | `deletion`     |
//! | what is deleted is in no file any more                                | `erased`       |
//! | what one person said is erased, or read for them                      | `erasure`      |
//! | numbers that are never given twice                                    | `numbers`      |
//! | retention: by age and by number                                       | `retention`    |
//! | the audit log of moderation                                           | `modlog`       |
//! | owners of names                                                       | `owners`       |
//! | names that change hands: whose the past is                            | `generations`  |
//! | users who take other names                                            | `renames`      |
//! | facts: what holds until it is changed                                 | `facts`        |
//! | the file: permissions, versions, migration                            | `file_format`  |
//! | changes that somebody is told of, kept together and in order          | `promises`     |
//! | what a node keeps step by step, with its place in the common log      | `node_steps`   |
//! | copies of a live history                                              | `backup`       |
//! | damaged rows                                                          | `damage`       |
//! | edits, replies, reactions                                             | `changes`      |
//! | changes that are asked for again under their labels                   | `change_labels`|
//! | a disk that fails, a thread that dies                                 | `failing_disk` |
//! | what a killed process leaves                                          | `killed`       |
//! | files that are replaced, removed or shortened                         | `watched_files`|
//! | disk, memory and `tests/common/simple_store.rs` give the same answers | `same_answers` |
//! | the log that several nodes share, in memory and in real NATS servers  | `shared_log`   |
//! | helper: people who talk over a store                                  | `chat`         |
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "tests say what they saw, and why they were skipped")]
#![allow(missing_docs, unreachable_pub, dead_code, reason = "each file uses a part of what is shared")]

#[path = "../common/alone.rs"]
mod alone;
#[path = "../common/count.rs"]
mod count;
#[path = "../common/nats_servers.rs"]
mod nats_servers;
#[path = "../common/serving.rs"]
mod serving;
#[path = "../common/simple_store.rs"]
mod simple_store;

mod backup;
mod change_labels;
mod changes;
mod chat;
mod damage;
mod deletion;
mod erased;
mod erasure;
mod facts;
mod failing_disk;
mod file_format;
mod generations;
mod killed;
mod messages;
mod modlog;
mod moved_log;
mod node_steps;
mod numbers;
mod owners;
mod pages;
mod placing;
mod promises;
mod renames;
mod retention;
mod rooms;
mod same_answers;
mod search;
mod shared_log;
mod summaries;
mod watched_files;
