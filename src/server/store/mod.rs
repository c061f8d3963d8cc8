//! The store: keeps every message before anyone sees it, and finds it again.
//!
//! - [`api`]: what the store is given ([`api::Job`]) and what it reports ([`Report`]).
//! - `sqlite`: the history in a file, with one thread that writes and one that reads.
//! - `memory`: the history of a server that writes nothing to a disk. It has no thread: a job takes it less time than to
//!   wake one, and questions wait until the store is tended.
//! - [`node_store`]: the same file, written step by step by a node of a chat that several servers serve.
//! - What both share stands above both: `members` says who sees a conversation, `terms` are the words of a search, `reply`
//!   and `page_builder` write answers, [`limits`] names every bound, `error` says why there is no store.
//!
//! Must not know: who is connected, or what is said to whom (`broker`).

pub mod api;
pub(crate) mod backup_mark;
mod error;
pub mod limits;
mod members;
mod memory;
pub mod node_store;
mod page_builder;
mod reply;
pub(crate) mod sqlite;
mod terms;
mod transaction_counts;

use std::cell::RefCell;
use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use self::api::Job;
pub use self::api::{Decisions, Durability, Opening, Options, Report, Retention};
pub use self::error::StoreError;
use self::memory::MemoryStore;
use self::sqlite::SqliteStore;
pub use self::sqlite::StepKept;
pub(crate) use self::sqlite::files;
pub use self::sqlite::{BackupDone, Examined, Saying, Standing, Survey, backup, examine, look};
pub use self::sqlite::{HISTORY, HISTORY_FILES};
use self::transaction_counts::TransactionCounts;
use crate::sys::trusted_time::TrustedTime;

/// An open store.
pub struct Store {
    backend: Backend,
    counts: Arc<TransactionCounts>,
    time: TrustedTime,
}

/// Where the history is kept.
enum Backend {
    /// In a file, by threads.
    Sqlite(SqliteStore),
    /// In this process, by whoever submits and tends.
    Memory(Box<RefCell<MemoryStore>>),
}

impl Store {
    /// Opens the history in `folder`, making what is missing; `report` is called on the store's own threads, or, if all is
    /// kept in memory, by whoever submits and tends.
    ///
    /// # Errors
    /// What stands in the way, with what to do.
    pub fn open(
        folder: &Path,
        options: Options,
        report: impl Fn(Report) + Clone + Send + 'static,
    ) -> Result<(Self, Opening), StoreError> {
        Self::open_with(folder, options, "", report)
    }

    /// Opens a store as [`Store::open`] does, which trusts the machine's clock only as far as it agrees with the last
    /// time that the history knows.
    ///
    /// # Errors
    /// What stands in the way, with what to do.
    pub fn open_watched(
        folder: &Path,
        options: Options,
        decisions: Decisions,
        report: impl Fn(Report) + Clone + Send + 'static,
    ) -> Result<(Self, Opening), StoreError> {
        Self::open_by(folder, (options, decisions), "", report, TrustedTime::watched())
    }

    /// Opens a store whose writing connection executes `extra` statements of SQLite: for tests that make it fail.
    #[doc(hidden)]
    pub fn open_with(
        folder: &Path,
        options: Options,
        extra: &str,
        report: impl Fn(Report) + Clone + Send + 'static,
    ) -> Result<(Self, Opening), StoreError> {
        Self::open_by(folder, (options, Decisions::default()), extra, report, TrustedTime::believed())
    }

    fn open_by(
        folder: &Path,
        (options, decisions): (Options, Decisions),
        extra: &str,
        report: impl Fn(Report) + Clone + Send + 'static,
        time: TrustedTime,
    ) -> Result<(Self, Opening), StoreError> {
        let counts = Arc::default();
        if options.durability == Durability::Memory {
            let backend = Backend::Memory(Box::new(RefCell::new(MemoryStore::new(options.keep, report, time.clone()))));
            return Ok((Self { backend, counts, time }, Opening::default()));
        }
        let (store, opening) = SqliteStore::open(folder, options, extra, report, (&counts, &time, decisions))?;
        Ok((Self { backend: Backend::Sqlite(store), counts, time }, opening))
    }

    /// The time by which messages get too old.
    #[must_use]
    pub fn time(&self) -> &TrustedTime {
        &self.time
    }

    /// Gives the store a job; never waits. `false` if the store has ended, which it never does by itself.
    pub fn submit(&self, job: Job) -> bool {
        match &self.backend {
            Backend::Sqlite(store) => store.submit(job),
            Backend::Memory(store) => {
                store.borrow_mut().take(job, &self.counts);
                true
            }
        }
    }

    /// Lets a store without threads answer a question, and go on with a search for less than a millisecond. Says whether there
    /// is more to do: then this is to be called again soon.
    pub fn tend(&self) -> bool {
        match &self.backend {
            Backend::Sqlite(_) => false,
            Backend::Memory(store) => store.borrow_mut().tend(),
        }
    }

    /// How many transactions were committed, and how many failed.
    #[must_use]
    pub fn transactions(&self) -> (u64, u64) {
        self.counts.get()
    }

    /// Whether the history fails: something could not be written, and nothing that was asked for has been stored since.
    #[must_use]
    pub fn is_sick(&self) -> bool {
        self.counts.is_sick()
    }

    /// Finishes all jobs, and closes; waits no longer than `patience`.
    pub fn close(self, patience: Duration) {
        if let Backend::Sqlite(store) = &self.backend {
            store.close(patience);
        }
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Store")
    }
}
