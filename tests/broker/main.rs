//! The broker, which decides who hears what: transcripts on a virtual clock, and its parts by tables. No socket, no thread,
//! no file. `tests/common/transcript.rs` says how to read a transcript.
//!
//! | what is tested                                                                      | where        |
//! | ----------------------------------------------------------------------------------- | ------------ |
//! | joining, leaving, time-outs, the limits on connections, presence                    | `joining`    |
//! | greeting, echo, the list of users, messages to one and to all, frames that are none | `messages`   |
//! | names, logins, keys and codes: who gets which name                                  | `identity`   |
//! | rooms: made, joined, left, listed, restored                                         | `rooms`      |
//! | kicks, bans, mutes, modes, deletions, rights, announced closing                     | `moderation` |
//! | reserved names, the passphrase, who may close the server                            | `moderators` |
//! | stored messages, pages, unread counts, a disk that fails                            | `history`    |
//! | rate limits, connection limits, presence, names, passphrases, the outbox            | `parts`      |
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]
#![allow(missing_docs, unreachable_pub, dead_code, reason = "each file uses a part of what is shared")]

#[path = "../common/shelf.rs"]
mod shelf;
#[path = "../common/transcript.rs"]
mod transcript;

mod history;
mod identity;
mod joining;
mod messages;
mod moderation;
mod moderators;
mod parts;
mod rooms;
