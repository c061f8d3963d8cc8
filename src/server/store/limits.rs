//! The numbers of the store, in one place.
//!
//! Must not know: the server's other limits (`server::limits`), or the wire's (`protocol::limits`).

use std::time::Duration;

/// Records that are committed together, at most.
pub const BATCH_RECORDS: usize = 1024;

/// Bytes of text that are committed together, at most.
pub const BATCH_BYTES: usize = 1024 * 1024;

/// Bytes of an answer's messages; one message is given in any case.
pub const PAGE_BYTES: usize = 96 * 1024;

/// Damaged messages that one answer passes over; at more it ends.
pub const MAX_DAMAGED: usize = 1000;

/// Conversations that a user is told of: everyone, and so many that had a message last.
pub const MAX_CONVERSATIONS: usize = 500;

/// How far unread messages are counted.
pub const MAX_UNREAD: usize = 1000;

/// How many messages after a read mark are looked at to count those of others.
pub const UNREAD_SCAN: usize = 5000;

/// Users who are known without having said or been sent anything.
pub const MAX_USERS: usize = 100_000;

/// Names and conversations whose numbers are remembered; at more they are looked up again.
pub const MAX_CACHED: usize = 8192;

/// Messages that are kept where nothing is written to a disk.
pub const MAX_IN_MEMORY: usize = 50_000;

/// Bytes of their text.
pub const MAX_BYTES_IN_MEMORY: usize = 64 * 1024 * 1024;

/// The same of what moderators did.
pub const MAX_ACTS_IN_MEMORY: usize = 10_000;

/// Users whose spelling or read mark could not be written, and is tried again with the next messages.
pub const MAX_RETRIES: usize = 1000;

/// The same of owners, of what holds and of what moderators did.
pub const MAX_RETRY_FACTS: usize = 4000;

/// Jobs of a failed batch that may fail alone before the rest is given up.
pub const MAX_POISON: usize = 8;

/// Messages that enter the search index in one transaction; nothing else is written meanwhile.
pub const INDEX_CHUNK: usize = 256;

/// The same where too many wait for it.
pub const INDEX_MOST: usize = 1024;

/// Messages beside the search index from which on they enter it whatever waits: a search reads them one by one.
pub const INDEX_NOW: u64 = 50_000;

/// Messages beside the search index that a search reads; older ones of them it does not find.
pub const MAX_TAIL: usize = 100_000;

/// The stretch of time, in milliseconds, whose first and last message are known.
pub const SLOT: i64 = 10 * 60 * 1000;

/// Messages that are forgotten in one transaction; nothing else is written meanwhile.
pub const PRUNE_CHUNK: usize = 256;

/// The same after every batch where too many wait for it.
pub const PRUNE_MOST: usize = 2 * BATCH_RECORDS;

/// New messages since forgetting began after which it no longer waits until nothing is to be written.
pub const PRUNE_LATE: u64 = 10_000;

/// How often old messages are looked for.
pub const PRUNE_EVERY: Duration = Duration::from_secs(60 * 60);

/// New messages after which old ones are looked for: a tenth of what is kept, within these bounds.
pub const PRUNE_GROWTH: (u64, u64) = (100, 100_000);

/// How long nothing is to be written before the search index is brought up to date.
pub const QUIET: Duration = Duration::from_millis(200);

/// How long what is done in pauses waits for one.
pub const MAINTAIN_EVERY: Duration = Duration::from_secs(1);

/// How long a search in memory goes on before whatever else came is done.
pub const SEARCH_SLICE: Duration = Duration::from_micros(300);

/// How long work that failed while nothing was to be written rests.
pub const REST: Duration = Duration::from_secs(10);

/// How long another program that writes to the history is waited for.
pub const BUSY: Duration = Duration::from_millis(1000);

/// What of the history is held in memory, in KiB, for writing and for reading each.
pub const CACHE_KIB: i64 = 16 * 1024;

/// Pages of the log of writes after which they are brought into the history proper.
pub const CHECKPOINT_PAGES: i64 = 4000;

/// What the log of writes is cut to once it is empty, in bytes.
pub const LOG_BYTES: i64 = 16 * 1024 * 1024;
