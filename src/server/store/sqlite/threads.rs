//! The store on a disk: opens the history, and runs the thread that writes and the thread that reads; a third one moves the
//! log into the history. A node of a chat has no thread that writes.
//!
//! Must not know: what the jobs are, or how they are done (`writer`, `reader`).

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use rusqlite::Connection;

use super::errors::store_error;
use super::facts;
use super::file::HistoryFile;
use super::format;
use super::high_water::{self, Counter};
use super::history_id;
use super::known_time;
use super::log_mark::LogMark;
use super::log_mover::LogMover;
use super::node_place;
use super::owners;
use super::owners_check;
use super::preflight;
use super::queue::{QueueSender, queue};
use super::reader::{self, QuestionSender};
use super::schema;
use super::soundness;
use super::values::{message_id, room_id};
use super::watch::FileWatch;
use super::writer::Writer;
use super::writer::steps::StepWriter;
use crate::model::Name;
use crate::model::name::lenient;
use crate::server::store::api::{Decisions, Durability, Job, NodePlace, Opening, Options, Report};
use crate::server::store::error::StoreError;
use crate::server::store::limits::MAX_USERS;
use crate::server::store::transaction_counts::TransactionCounts;
use crate::sys::trusted_time::TrustedTime;

/// A store whose history is in a file.
pub(in crate::server::store) struct SqliteStore {
    threads: Threads,
    /// Disconnects once both threads have ended; nothing is ever sent.
    ended: Receiver<()>,
}

/// The channels to the two threads.
#[derive(Clone)]
struct Threads {
    jobs: QueueSender<Option<Job>>,
    questions: QuestionSender,
}

/// An open history, before anything works on it.
struct OpenHistory {
    file: HistoryFile,
    watch: FileWatch,
    conn: Connection,
    to_read: Connection,
    newest: i64,
    has_log: bool,
    opening: Opening,
}

/// A node's writer, what was found, and from what the node goes on; `None` if the history is not a node's.
pub(in crate::server::store) type OpenNode = (StepWriter, Opening, Option<NodePlace>);

impl OpenHistory {
    fn open(
        folder: &Path,
        options: Options,
        extra: &str,
        (time, decisions): (&TrustedTime, Decisions),
    ) -> Result<Self, StoreError> {
        let file = HistoryFile::new(folder, options.durability, extra);
        let failed = |error: rusqlite::Error| store_error(file.path(), &error);
        let has_log = preflight::check(file.path(), rustix::process::geteuid().as_raw(), decisions.new_history)?;
        file.make()?;
        // Looked at before anything is changed: it may be another program's, or a newer one's.
        let id = if has_log { history_id::in_main_file(file.path()) } else { None };
        let unchanged = file.open_unchanged().map_err(failed)?;
        if format::version(&unchanged, file.path())? > 0 && has_log {
            soundness::check(&unchanged, file.path(), id)?;
        }
        drop(unchanged);
        // It comes back with the first commit.
        LogMark::new(file.path(), options.durability)
            .clear()
            .map_err(|error| StoreError::Unusable(file.path().to_owned(), error.to_string()))?;
        let conn = file.open_to_write().map_err(failed)?;
        schema::prepare(&conn, file.path())?;
        soundness::check_small_tables(&conn, file.path())?;
        history_id::begin(&conn).map_err(failed)?;
        let newest = high_water::highest(&conn, Counter::Message).map_err(failed)?;
        let last_room = room_id(high_water::highest(&conn, Counter::Room).map_err(failed)?);
        let users = users(&conn).map_err(failed)?;
        let (owners, mut lost) = owners::all(&conn).map_err(failed)?;
        let (facts, lost_facts) = facts::all(&conn, decisions.without_damaged).map_err(failed)?;
        lost.extend(lost_facts);
        if lost.is_empty() || decisions.without_damaged {
            owners::give_up_lost(&conn, &owners).map_err(failed)?;
            let settle = if decisions.without_damaged { owners_check::accept } else { owners_check::begin };
            settle(&conn).map_err(failed)?;
        }
        let to_read = file.open_to_read().map_err(failed)?;
        let watch = FileWatch::new(file.path());
        let watch = watch.map_err(|why| StoreError::Unusable(file.path().to_owned(), why))?;
        time.start_from(known_time::read(&conn).map_err(failed)?);
        let opening = Opening { last_id: message_id(newest), last_room, users, owners, facts, lost };
        Ok(Self { file, watch, conn, to_read, newest, has_log, opening })
    }
}

impl SqliteStore {
    /// Opens the history in `folder`, and starts the threads.
    ///
    /// # Errors
    /// What stands in the way, with what to do.
    pub(in crate::server::store) fn open(
        folder: &Path,
        options: Options,
        extra: &str,
        report: impl Fn(Report) + Clone + Send + 'static,
        (counts, time, decisions): (&Arc<TransactionCounts>, &TrustedTime, Decisions),
    ) -> Result<(Self, Opening), StoreError> {
        let history = OpenHistory::open(folder, options, extra, (time, decisions))?;
        let OpenHistory { file, watch, conn, to_read, newest, has_log, opening } = history;
        let failed = |error: rusqlite::Error| store_error(file.path(), &error);
        if node_place::is_there(&conn).map_err(failed)? {
            if !decisions.alone {
                return Err(StoreError::OfNode(file.path().to_owned()));
            }
            node_place::forget(&conn).map_err(failed)?;
        }
        let (jobs, waiting) = queue();
        let (alive, ended) = channel();
        let (questions, asked) = channel();
        let threads = Threads { jobs, questions: questions.clone() };
        let mover = LogMover::start(&file, &conn, watch.opened())?;
        let parts = ((file.clone(), watch.clone(), mover), conn, Arc::clone(counts), time.clone());
        let writer = Writer::new(parts, (newest, has_log), options.keep, questions, report.clone()).map_err(failed)?;
        let ends_both = EndsBoth { threads: threads.clone(), _alive: alive };
        let with_reader = ends_both.clone();
        spawn("reader", move || {
            let _ends_both = with_reader;
            reader::run((file, watch), to_read, &asked, report);
        })?;
        spawn("writer", move || {
            let _ends_both = ends_both;
            writer.run(waiting);
        })?;
        Ok((Self { threads, ended }, opening))
    }

    /// Opens the history of a node, and starts the thread that reads.
    ///
    /// # Errors
    /// What stands in the way, with what to do.
    pub(in crate::server::store) fn open_node(
        folder: &Path,
        options: Options,
        extra: &str,
        report: impl Fn(Report) + Send + 'static,
        (counts, time, decisions): (&Arc<TransactionCounts>, &TrustedTime, Decisions),
    ) -> Result<OpenNode, StoreError> {
        // What a power cut takes is in the log of the chat; what must be on this disk as well is synced after its commit.
        let unsynced = Options { durability: Durability::Normal, ..options };
        let history = OpenHistory::open(folder, unsynced, extra, (time, decisions))?;
        let OpenHistory { file, watch, conn, to_read, newest, has_log, opening } = history;
        let failed = |error: rusqlite::Error| store_error(file.path(), &error);
        let place = node_place::read(&conn).map_err(failed)?;
        if place.is_none() && node_place::is_there(&conn).map_err(failed)? {
            return Err(StoreError::PlaceLost(file.path().to_owned()));
        }
        let sizes = place.as_ref().map(|place| (place.deeds.iter().map(Vec::len).sum(), place.chat.len()));
        let (questions, asked) = channel();
        let told_nobody: fn(Report) = |_| ();
        let mover = LogMover::start(&file, &conn, watch.opened())?;
        let parts = ((file.clone(), watch.clone(), mover), conn, Arc::clone(counts), time.clone());
        let writer = Writer::new(parts, (newest, has_log), options.keep, questions, told_nobody).map_err(failed)?;
        spawn("reader", move || reader::run((file, watch), to_read, &asked, report))?;
        let syncs = options.durability == Durability::Full;
        Ok((StepWriter::new(writer, (options.keep, syncs), sizes), opening, place))
    }

    /// Gives the writer a job; `false` if it has ended.
    pub(in crate::server::store) fn submit(&self, job: Job) -> bool {
        self.threads.jobs.send(Some(job))
    }

    /// Lets both threads finish all jobs and end; waits no longer than `patience`.
    pub(in crate::server::store) fn close(&self, patience: Duration) {
        self.threads.end();
        // Both ends of waiting are fine: nothing is ever sent, and what takes longer is finished without anyone waiting.
        let _ = self.ended.recv_timeout(patience);
    }
}

impl Drop for SqliteStore {
    fn drop(&mut self) {
        self.threads.end();
    }
}

impl Threads {
    /// Lets both threads end once they have done their jobs. A thread that has ended already is not told.
    fn end(&self) {
        let _ = self.questions.send(None);
        self.jobs.send(None);
    }
}

/// Ends the other thread when one has ended, for whatever reason: half a store is none.
#[derive(Clone)]
struct EndsBoth {
    threads: Threads,
    _alive: Sender<()>,
}

impl Drop for EndsBoth {
    fn drop(&mut self) {
        self.threads.end();
    }
}

fn spawn(name: &str, run: impl FnOnce() + Send + 'static) -> Result<(), StoreError> {
    thread::Builder::new().name(name.to_owned()).spawn(run).map(drop).map_err(StoreError::Thread)
}

/// All known users.
pub(super) fn users(conn: &Connection) -> rusqlite::Result<Vec<Name>> {
    let mut select = conn.prepare("SELECT shown FROM user WHERE retired = 0 ORDER BY id LIMIT ?1")?;
    let shown = select.query_map([MAX_USERS], |row| row.get::<_, String>(0))?;
    shown.filter_map(|shown| shown.map(|shown| lenient(&shown)).transpose()).collect()
}
