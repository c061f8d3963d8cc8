//! The store: keeps every message before anyone sees it, and finds it again.
//!
//! One thread owns the one connection that writes, and commits together whatever waits ([`Job::Append`] and the rest);
//! another answers questions from a connection that only reads. What came of it is told by a [`Report`].
//!
//! Kept where: `disk` opens the file, `schema` forms it. Written by: `writer`, which decides when, and `pen`, which does it
//! in one transaction or not at all, with `append`, `deleting`, `register`, `owning`, `facts`, `acts`, `index` and `prune`.
//! Read by: `reader`, with `answer`, `page`, `standing`, `found`, `acts`; a row comes back through `row`, which holds it
//! against its `checksum`. `look` only looks whether there is one.
//!
//! Where nothing is to be written, `memory` is all of the store, with `recall` and `seeking` for its answers. It has no thread:
//! a job takes it less time than to wake one, and questions wait until it is tended.
//!
//! Must not know: who is connected, or what is said to whom (`broker`).

pub mod api;
mod error;
pub mod limits;
mod memory;
mod page_builder;
pub mod sqlite;

use std::cell::RefCell;
use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use rusqlite::Connection;

pub use self::error::StoreError;
use self::memory::Keeper;
pub use self::sqlite::backup::{BackupDone, backup};
use self::sqlite::file::Disk;
pub use self::sqlite::inspect::look;
use self::sqlite::queue::{Giver, queue};
use self::sqlite::row::message_id;
use self::sqlite::writer::Writer;
use crate::model::name::lenient;
use crate::model::{MessageId, Name};
pub use crate::server::store::api::Keep;
use crate::server::store::api::Owner;
use crate::server::store::api::{Answer, Deletion, Job, Question, Receipt};

/// How sure an accepted message is to be there after a crash.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Durability {
    /// It is on the disk: it survives a power cut.
    #[default]
    Full,
    /// The system has it: it survives the end of the process, not of the machine.
    Normal,
    /// It is in memory: it ends with the process, and nothing is written.
    Memory,
}

/// How the store works.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// When a message counts as kept.
    pub durability: Durability,
    /// How long it is kept.
    pub keep: Keep,
}

/// What the store tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Report {
    /// What became of the records of one [`Job::Append`]; in the order of these jobs.
    Stored(Receipt),
    /// What came of a [`Job::Delete`].
    Deleted(Deletion),
    /// The answer to a question.
    Answered(Answer),
}

/// What was found when the store was opened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Opening {
    /// The highest number that a message ever had.
    pub last_id: MessageId,
    /// Everyone who was ever there, as spelled last.
    pub users: Vec<Name>,
    /// Whose which name is.
    pub owners: Vec<Owner>,
    /// What holds, as it was last kept: every one has a value.
    pub facts: Vec<(String, String, String)>,
}

/// Transactions, counted.
#[derive(Debug, Default)]
struct Done {
    committed: AtomicU64,
    failed: AtomicU64,
}

/// An open store.
pub struct Store {
    place: Place,
    done: Arc<Done>,
}

/// Where the history is.
enum Place {
    /// On a disk, which threads see to; the channel ends when they have.
    Disk(Ways, Receiver<()>),
    /// Here.
    Memory(Box<RefCell<Keeper>>),
}

/// The ways into the threads.
#[derive(Clone)]
struct Ways {
    jobs: Giver<Option<Job>>,
    questions: Questions,
}

/// The way to the reader; `None` is the end.
type Questions = Sender<Option<Question>>;

impl Store {
    /// Opens the history in `folder`, making what is missing; `report` is called on the store's own threads, or, where all is
    /// in memory, by whoever submits and tends.
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

    /// The same, with statements of SQLite for the connection that writes: for tests that make it fail.
    #[doc(hidden)]
    pub fn open_with(
        folder: &Path,
        options: Options,
        extra: &str,
        report: impl Fn(Report) + Clone + Send + 'static,
    ) -> Result<(Self, Opening), StoreError> {
        if options.durability == Durability::Memory {
            let place = Place::Memory(Box::new(RefCell::new(Keeper::new(options.keep, report))));
            return Ok((Self { place, done: Arc::default() }, Opening::default()));
        }
        let disk = Disk::new(folder, options.durability, extra);
        let failed = |error: rusqlite::Error| StoreError::of(disk.path().to_owned(), &error);
        disk.make()?;
        // Looked at before anything is changed: it may be another program's, or a newer one's.
        sqlite::schema::version(&disk.looking().map_err(failed)?, disk.path())?;
        let conn = disk.writing().map_err(failed)?;
        sqlite::schema::prepare(&conn, disk.path())?;
        let (newest, users) = found_at_opening(&conn).map_err(failed)?;
        let owners = sqlite::owners::all(&conn).map_err(failed)?;
        let facts = sqlite::facts::all(&conn).map_err(failed)?;
        let reading = disk.reading().map_err(failed)?;
        let (jobs, waiting) = queue();
        let (alive, ended) = channel();
        let (questions, asked) = channel();
        let ways = Ways { jobs, questions: questions.clone() };
        let done = Arc::default();
        let parts = (disk.clone(), conn, Arc::clone(&done));
        let writer = Writer::new(parts, newest, options.keep, questions, report.clone()).map_err(failed)?;
        let last_words = LastWords { ways: ways.clone(), _alive: alive };
        let readers = last_words.clone();
        spawn("reader", move || {
            let _last_words = readers;
            sqlite::reader::run(&disk, reading, &asked, report);
        })?;
        spawn("writer", move || {
            let _last_words = last_words;
            writer.run(waiting);
        })?;
        let place = Place::Disk(ways, ended);
        Ok((Self { place, done }, Opening { last_id: message_id(newest), users, owners, facts }))
    }

    /// Gives the store something to do; never waits. `false` if the store has ended, which it never does by itself.
    pub fn submit(&self, job: Job) -> bool {
        match &self.place {
            Place::Disk(ways, _) => ways.jobs.give(Some(job)),
            Place::Memory(keeper) => {
                keeper.borrow_mut().take(job, &self.done);
                true
            }
        }
    }

    /// Lets a store without threads answer a question, and go on with a search for less than a millisecond. Says whether there is
    /// more: then this is to be called again soon.
    pub fn tend(&self) -> bool {
        match &self.place {
            Place::Disk(..) => false,
            Place::Memory(keeper) => keeper.borrow_mut().tend(),
        }
    }

    /// How many transactions were committed, and how many failed.
    #[must_use]
    pub fn transactions(&self) -> (u64, u64) {
        (self.done.committed.load(Ordering::Relaxed), self.done.failed.load(Ordering::Relaxed))
    }

    /// Finishes what was given, and closes; waits no longer than `patience`.
    pub fn close(self, patience: Duration) {
        if let Place::Disk(ways, ended) = &self.place {
            ways.end();
            // Both ends of waiting are fine: nothing is ever sent, and what takes longer is finished without anyone waiting.
            let _ = ended.recv_timeout(patience);
        }
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        if let Place::Disk(ways, _) = &self.place {
            ways.end();
        }
    }
}

impl Ways {
    /// Lets both threads end once they have done what was given. Who has ended already needs no telling.
    fn end(&self) {
        let _ = self.questions.send(None);
        self.jobs.give(None);
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Store")
    }
}

/// Ends the other thread when one has ended, for whatever reason: half a store is none.
#[derive(Clone)]
struct LastWords {
    ways: Ways,
    _alive: Sender<()>,
}

impl Drop for LastWords {
    fn drop(&mut self) {
        self.ways.end();
    }
}

fn spawn(name: &str, run: impl FnOnce() + Send + 'static) -> Result<(), StoreError> {
    thread::Builder::new().name(name.to_owned()).spawn(run).map(drop).map_err(StoreError::Thread)
}

/// The highest number that a message ever had, and everyone who is known.
fn found_at_opening(conn: &Connection) -> rusqlite::Result<(i64, Vec<Name>)> {
    let newest = conn.query_row(
        "SELECT max(value, (SELECT coalesce(max(id), 0) FROM message)) FROM meta WHERE key = 'last_id'",
        [],
        |row| row.get(0),
    )?;
    let mut select = conn.prepare("SELECT shown FROM user ORDER BY id LIMIT ?1")?;
    let shown = select.query_map([limits::MAX_USERS], |row| row.get::<_, String>(0))?;
    let users = shown.filter_map(|shown| shown.map(|shown| lenient(&shown)).transpose()).collect::<Result<_, _>>()?;
    Ok((newest, users))
}
