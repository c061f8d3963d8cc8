//! The store: what was kept is found again, by those who may, as it was said, whatever happens in between.
//!
//! | what is tested                                                 | where        |
//! | -------------------------------------------------------------- | ------------ |
//! | messages are kept once, in order                               | `keeping`    |
//! | pages: which messages, in which order, for whom                | `pages`      |
//! | messages in rooms                                              | `rooms`      |
//! | searches                                                       | `searching`  |
//! | summaries of conversations, read marks                         | `standing`   |
//! | deleting one message                                           | `deleting`   |
//! | retention: by age and by number                                | `forgetting` |
//! | the audit log of moderation                                    | `modlog`     |
//! | owners of names                                                | `owning`     |
//! | facts: what holds until it is changed                          | `facts`      |
//! | the file: permissions, versions, migration                     | `form`       |
//! | copies of a live history                                       | `backup`     |
//! | damaged rows                                                   | `damage`     |
//! | a disk that fails, a thread that dies                          | `sick`       |
//! | disk, memory and `tests/common/shelf.rs` give the same answers | `shelved`    |
//! | helper: people who talk over a store                           | `chat`       |
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "tests say what they saw, and why they were skipped")]
#![allow(missing_docs, unreachable_pub, dead_code, reason = "each file uses a part of what is shared")]

#[path = "../common/alone.rs"]
mod alone;
#[path = "../common/count.rs"]
mod count;
#[path = "../common/serving.rs"]
mod serving;
#[path = "../common/shelf.rs"]
mod shelf;

mod backup;
mod chat;
mod damage;
mod deleting;
mod facts;
mod forgetting;
mod form;
mod keeping;
mod modlog;
mod owning;
mod pages;
mod rooms;
mod searching;
mod shelved;
mod sick;
mod standing;
