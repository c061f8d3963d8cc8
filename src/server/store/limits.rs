//! The store's limits, in one place.
//!
//! Must not know: the server's other limits (`server::limits`), or the wire's (`protocol::limits`).

use std::time::Duration;

/// Records in one transaction.
pub const BATCH_RECORDS: usize = 1024;

/// A transaction with at least this many records pauses to take more.
pub const MANY_RECORDS: usize = 8;

/// How long such a transaction pauses.
pub const GATHER_PAUSE: Duration = Duration::from_micros(100);

/// Bytes of text in one transaction.
pub const BATCH_BYTES: usize = 1024 * 1024;

/// Bytes of messages in one answer; one message is given in any case.
pub const PAGE_BYTES: usize = 96 * 1024;

/// Damaged messages that one answer passes over; at this many it ends.
pub const MAX_DAMAGED: usize = 1000;

/// Conversations in one summary beside everyone's: those with the newest messages.
pub const MAX_CONVERSATIONS: usize = 500;

/// Unread messages are counted up to this number.
pub const MAX_UNREAD: usize = 1000;

/// Messages after a read mark that are scanned to count those of others.
pub const UNREAD_SCAN: usize = 5000;

/// Different reactions to one message.
pub const MAX_REACTIONS: usize = 20;

/// Reactions of one user to one message.
pub const MAX_REACTIONS_OF_ONE: usize = 5;

/// Reactions to one message in all: each page that shows it counts them.
pub const MAX_REACTIONS_IN_ALL: usize = 1000;

/// Labels of changes that are kept of one message: those of its latest changes.
pub const MAX_CHANGE_LABELS: usize = 1000;

/// Labels of changes that a store in memory keeps: the latest.
pub const MAX_CHANGE_LABELS_IN_MEMORY: usize = 50_000;

/// Reactions that a store in memory keeps.
pub const MAX_REACTIONS_IN_MEMORY: usize = 50_000;

/// Users who are known without having sent or received a message.
pub const MAX_USERS: usize = 100_000;

/// Holders of one name, one after the other, with whom a user's conversations are shown: the latest.
pub const MAX_HOLDERS: usize = 100;

/// Names and conversations whose numbers are cached; a full cache is emptied.
pub const MAX_CACHED: usize = 8192;

/// Messages that a store in memory keeps.
pub const MAX_IN_MEMORY: usize = 50_000;

/// Bytes of their text.
pub const MAX_BYTES_IN_MEMORY: usize = 64 * 1024 * 1024;

/// Moderators' acts that a store in memory keeps.
pub const MAX_ACTS_IN_MEMORY: usize = 10_000;

/// Users and read marks that could not be written and wait to be written again.
pub const MAX_RETRIES: usize = 1000;

/// Owners, facts and acts that could not be written and wait to be written again.
pub const MAX_RETRY_FACTS: usize = 4000;

/// Jobs of a failed batch that may fail alone before the rest is given up.
pub const MAX_POISON: usize = 8;

/// Messages that enter the search index in one transaction; nothing else is written meanwhile.
pub const INDEX_CHUNK: usize = 256;

/// The same while messages come without a pause.
pub const INDEX_LITTLE: usize = 128;

/// The same when pruning waits for the index, and on a node, which indexes between two commits.
pub const INDEX_MOST: usize = 1024;

/// How often [`INDEX_LITTLE`] messages enter it while messages come without a pause.
pub const INDEX_EVERY: Duration = Duration::from_millis(125);

/// From this many messages outside the search index on, they enter it whatever else waits: a search reads them one by
/// one.
pub const INDEX_NOW: u64 = 50_000;

/// From this many messages on that are not placed in their conversations, they are, all together: whoever reads a
/// conversation reads the others one by one.
pub const PLACE_NOW: u64 = 4096;

/// Messages outside the search index that a search reads; it does not find older ones.
pub const MAX_TAIL: usize = 100_000;

/// The length of a time slot in milliseconds; the first and last message of each slot are recorded.
pub const SLOT: i64 = 10 * 60 * 1000;

/// One page of the search index is merged for each of these: so many messages that enter it, and so many bytes of their
/// texts. A page holds some 4,000 bytes of words, and each word is merged a few times.
pub const MERGED_AT: (usize, usize) = (8, 500);

/// Pages of the search index that are written anew in one transaction.
pub const MERGE_PAGES: i64 = 64;

/// Messages that are deleted as too old, or with their room, in one transaction; nothing else is written meanwhile.
pub const PRUNE_CHUNK: usize = 32;

/// Bytes of their texts, after which the transaction ends: each word has to be found in the search index.
pub const PRUNE_BYTES: usize = 4096;

/// Messages whose words are taken out of the search index at once, when pruning begins; the words of the others leave it
/// when it is written anew, after they are deleted.
pub const PRUNE_ERASED: usize = 4096;

/// Messages that are deleted in one transaction from then on.
pub const PRUNE_FAST: usize = 256;

/// The same number after every batch while pruning is late.
pub const PRUNE_MOST: usize = 2 * BATCH_RECORDS;

/// New messages since pruning began after which it no longer waits for a pause.
pub const PRUNE_LATE: u64 = 10_000;

/// How often messages that are too old are looked for.
pub const PRUNE_EVERY: Duration = Duration::from_secs(60 * 60);

/// How often the time is kept that is known to be right.
pub const KNOW_EVERY: Duration = Duration::from_secs(10 * 60);

/// New messages after which pruning begins: a tenth of what is kept, within these bounds.
pub const PRUNE_GROWTH: (u64, u64) = (100, 100_000);

/// How long nothing must have come before the search index is brought up to date.
pub const QUIET: Duration = Duration::from_millis(200);

/// How long maintenance waits for a pause.
pub const MAINTAIN_EVERY: Duration = Duration::from_secs(1);

/// How long a search in memory may go on before other work is done.
pub const SEARCH_SLICE: Duration = Duration::from_micros(300);

/// How soon after a deletion what was deleted leaves the write-ahead log too.
pub const WIPE_AFTER: Duration = Duration::from_millis(200);

/// How often the log is emptied after an erasure before whoever asked is told that somebody reads, and the pause between.
pub const WIPE_TRIES: u32 = 10;
/// See [`WIPE_TRIES`].
pub const WIPE_PAUSE: Duration = Duration::from_millis(20);

/// Messages that one slice of an erasure looks at; nothing else is written meanwhile.
pub const ERASE_SCAN: usize = 2000;

/// Messages whose words are taken out of the search index at once; the words of the others leave it when it is written
/// anew, after they are erased, which takes longer the more is said, and not the more is erased.
pub const ERASED_SLOWLY: u64 = 256;

/// Acts that it looks at.
pub const ERASE_ACTS: usize = 500;

/// How long maintenance pauses after it has failed.
pub const REST: Duration = Duration::from_secs(10);

/// How often the files of the history are looked at while nothing is written.
pub const WATCH_EVERY: Duration = Duration::from_millis(500);

/// How long the structure of a history is checked at a start after its server was killed.
pub const SOUNDNESS_TIME: Duration = Duration::from_secs(5);

/// How long to wait for another program that writes to the history.
pub const BUSY: Duration = Duration::from_millis(1000);

/// The page cache, in KiB, of the writing and of the reading connection each.
pub const CACHE_KIB: i64 = 16 * 1024;

/// The write-ahead log is moved into the main file once it has this many pages. Syncing more at once would delay the syncs
/// that messages wait for.
pub const CHECKPOINT_PAGES: i64 = 1000;

/// The length that an empty write-ahead log is cut to, in bytes.
pub const LOG_BYTES: i64 = 16 * 1024 * 1024;
