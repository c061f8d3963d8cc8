//! The store in an SQLite file: one thread that writes, one that reads, and one that moves the log into the history.
//!
//! - `threads` opens the history and runs both; `watch` sees whether its files are still those that were opened. `file` opens the file, `format` and `schema` say what form it has; `preflight`,
//!   `soundness`, `history_id` and `inspect` look at it from outside, by what `log_file` reads of its log, of which `log_mark` says that it is needed and `log_loss` whether it is whole; `examine` reads
//!   all of one, `backup` copies one, `survey` reads it for whoever
//!   keeps the machine.
//! - Written by `writer`, which decides what is committed together (`batch`), and `transaction`, which does it as a whole or not at
//!   all, with `append`, `delete` and `change` (by `rewrite`, with `reactions` and `change_labels`), `intern`, `changes` (of `owners` with `owners_check`, `facts`, the `modlog` and rooms that
//!   end), `search_index`, `placing`, `prune`, `ended_rooms`, `expunge`, `erase` and `known_time`; a node keeps its `node_place` too, and deletes by `log_pruning`; `uncertain` is what a failed commit may have left. `high_water` knows which numbers were given.
//!   The `log_mover` moves the log into the history meanwhile. What nobody waits for and could not be written waits in `retry`; `trouble_log` says in the log when writing fails and works again.
//! - Read by `reader`, with `query`, `page`, `summaries`, `search` and `modlog`; `shown` adds what belongs to a message. A row comes back through `row`, which
//!   compares it with its `checksum`; `lookup` turns numbers into names.
//!
//! Must not know: the broker, connections, or the history in memory (`memory`).

mod append;
mod backup;
mod batch;
mod change;
mod change_labels;
mod changes;
mod checksum;
mod delete;
mod ended_rooms;
mod erase;
mod errors;
mod examine;
mod expunge;
mod facts;
mod file;
mod format;
mod former_owners;
mod high_water;
mod history_id;
mod inspect;
mod intern;
mod known_time;
mod log_file;
mod log_loss;
mod log_mark;
mod log_mover;
mod log_pruning;
mod lookup;
mod modlog;
mod node_place;
mod owners;
mod owners_check;
mod page;
mod placing;
mod preflight;
mod prune;
mod query;
mod queue;
mod reactions;
mod reader;
mod retry;
mod rewrite;
mod row;
mod schema;
mod search;
mod search_index;
mod shown;
mod soundness;
mod summaries;
mod survey;
mod threads;
mod transaction;
mod trouble_log;
mod uncertain;
mod values;
mod watch;
pub(crate) mod writer;

pub use self::backup::{BackupDone, backup};
pub use self::examine::{Examined, examine};
pub(crate) use self::file::files;
pub use self::file::{FILE as HISTORY, FILES as HISTORY_FILES};
pub use self::inspect::look;
pub use self::survey::{Saying, Standing, Survey};
pub(super) use self::threads::SqliteStore;
pub use self::writer::steps::StepKept;
pub(super) use self::writer::steps::StepWriter;
