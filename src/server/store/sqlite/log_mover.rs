//! Moves the write-ahead log into the history, on a thread of its own: writing many pages and syncing them takes longer
//! than everything else that a message waits for.
//!
//! What is added meanwhile is moved as well, a few times over, until only the newest pages are left. These are the
//! writer's: the log begins anew only if nothing is added while the last of it is moved.
//!
//! Must not know: what is written, or who waits for it.

use std::fs::{File, Metadata};
use std::os::unix::fs::MetadataExt as _;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, Result};

use super::errors::store_error;
use super::file::HistoryFile;
use crate::server::store::error::StoreError;

/// How often what was added meanwhile is moved as well.
const PASSES: usize = 4;
/// So few pages are left to the writer.
const FEW: i64 = 64;
/// With so many times as much in the log as there should be, the writer waits for it to be moved.
const TOO_MANY: i64 = 4;

/// The thread, seen from the writer.
#[derive(Debug)]
pub(super) struct LogMover {
    moves: Moves,
    thread: Option<JoinHandle<()>>,
    /// Pages that may be in the log before they are moved.
    most: i64,
    /// How far the log had come when it was last moved.
    begun_at: i64,
}

/// What the thread is doing.
#[derive(Clone, Debug, Default)]
pub(super) struct Moves(Arc<(Mutex<MoverState>, Condvar)>);

#[derive(Debug, Default)]
struct MoverState {
    step: MoveStep,
    /// Counts the beginnings and the ends of moves.
    turns: u64,
    /// When the history was last written to, once the last move had ended.
    left: Option<(i64, i64)>,
}

/// What is seen of the thread.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen {
    /// How many moves have begun and ended, together.
    pub(super) turns: u64,
    /// Whether one is under way.
    pub(super) moving: bool,
    /// When the history was last written to, once the last one had ended, in seconds and nanoseconds.
    pub(super) left: Option<(i64, i64)>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum MoveStep {
    #[default]
    Idle,
    /// It is to move the log, or does so.
    Moving,
    /// Only the newest pages are left.
    NewestLeft,
    /// It is to end.
    Ending,
}

impl LogMover {
    /// Starts the thread for an open history. `writing` is the connection that writes: from now on it does not move the
    /// log by itself. `opened` is the history, to see when it was written to.
    ///
    /// # Errors
    /// There are no more threads, or the history cannot be opened once more.
    pub(super) fn start(file: &HistoryFile, writing: &Connection, opened: Arc<File>) -> Result<Self, StoreError> {
        let failed = |error| store_error(file.path(), &error);
        let most = writing.query_row("PRAGMA wal_autocheckpoint", [], |row| row.get(0)).map_err(failed)?;
        let conn = file.open_to_write().map_err(failed)?;
        leave_alone(&conn).map_err(failed)?;
        // What the last connection leaves in the log is the writer's.
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true).map_err(failed)?;
        leave_alone(writing).map_err(failed)?;
        let moves = Moves::default();
        let seen = moves.clone();
        let thread = thread::Builder::new().name("mover".to_owned()).spawn(move || run(&seen, &conn, &opened));
        Ok(Self { moves, thread: Some(thread.map_err(StoreError::Thread)?), most, begun_at: 0 })
    }

    /// What it is doing, for whoever wants to know.
    pub(super) fn moves(&self) -> Moves {
        self.moves.clone()
    }

    /// Moves what the thread has left, after a commit of the writer's connection.
    pub(super) fn finish(&self, writing: &Connection) {
        let mut state = self.moves.lock();
        if state.step == MoveStep::NewestLeft {
            state.step = MoveStep::Idle;
            drop(state);
            // What cannot be moved stays in the log.
            let _ = pass(writing);
        }
    }

    /// Has the log moved if there is enough in it: `frames` pages, of which `moved` are in the history. Says whether it was
    /// moved at once, since there was too much.
    pub(super) fn move_if_due(&mut self, writing: &Connection, (frames, moved): (i64, i64)) -> bool {
        if frames - moved >= TOO_MANY * self.most {
            self.settle();
            let _ = pass(writing);
            return true;
        }
        // It is not tried again after each commit while somebody reads what is to be moved.
        let grown = frames < self.begun_at || frames - self.begun_at >= self.most / TOO_MANY;
        let mut state = self.moves.lock();
        if frames - moved >= self.most && grown && state.step == MoveStep::Idle {
            state.step = MoveStep::Moving;
            state.turns += 1;
            self.begun_at = frames;
            self.moves.0.1.notify_all();
        }
        false
    }

    /// Waits until nothing is being moved.
    pub(super) fn settle(&self) {
        let mut state = self.moves.lock();
        while state.step == MoveStep::Moving {
            state = self.moves.0.1.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Ends the thread, once it has moved what it is moving.
    pub(super) fn end(&mut self) {
        self.settle();
        self.moves.end();
        // If it has panicked, that is in the log already.
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

impl Drop for LogMover {
    fn drop(&mut self) {
        self.end();
    }
}

impl Moves {
    /// What it did so far.
    pub(super) fn seen(&self) -> Seen {
        let MoverState { step, turns, left } = *self.lock();
        Seen { turns, moving: step == MoveStep::Moving, left }
    }

    fn end(&self) {
        self.lock().step = MoveStep::Ending;
        self.0.1.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, MoverState> {
        // It is whole after each statement.
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Ends a move whatever becomes of it: the writer may wait for it.
struct Move<'a> {
    moves: &'a Moves,
    opened: &'a File,
    ended: MoveStep,
}

impl Drop for Move<'_> {
    fn drop(&mut self) {
        let left = self.opened.metadata().ok().as_ref().map(time_of);
        let mut state = self.moves.lock();
        state.turns += 1;
        state.left = left;
        if thread::panicking() {
            // From now on the writer moves the log.
            state.step = MoveStep::Ending;
        } else if state.step == MoveStep::Moving {
            state.step = self.ended;
        }
        self.moves.0.1.notify_all();
    }
}

fn run(moves: &Moves, conn: &Connection, opened: &File) {
    loop {
        let mut state = moves.lock();
        while !matches!(state.step, MoveStep::Moving | MoveStep::Ending) {
            state = moves.0.1.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        if state.step == MoveStep::Ending {
            return;
        }
        drop(state);
        let mut this = Move { moves, opened, ended: MoveStep::Idle };
        // SQLite leaves the sync to whoever moves the last page, and that is the writer.
        if move_most(conn) && opened.sync_data().is_ok() {
            this.ended = MoveStep::NewestLeft;
        }
    }
}

/// Moves the log until only few pages are left, or until it was tried often enough. `false` if it is not moved at all: the
/// next commit that finds too much in the log has it tried again.
fn move_most(conn: &Connection) -> bool {
    let mut before = None;
    for _ in 0..PASSES {
        let Ok(Pass { busy: false, frames }) = pass(conn) else { return false };
        if before.is_some_and(|before| (0..=FEW).contains(&(frames - before))) {
            break;
        }
        before = Some(frames);
    }
    true
}

/// What became of one pass.
struct Pass {
    /// Whether somebody else moves the log.
    busy: bool,
    /// The pages of the log when it began.
    frames: i64,
}

fn pass(conn: &Connection) -> Result<Pass> {
    conn.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| Ok(Pass { busy: row.get(0)?, frames: row.get(1)? }))
}

/// Keeps a connection from moving the log after its commits.
pub(super) fn leave_alone(conn: &Connection) -> Result<()> {
    conn.query_row("PRAGMA wal_autocheckpoint = 0", [], |_| Ok(()))
}

/// When a file was last written to, in seconds and nanoseconds.
pub(super) fn time_of(found: &Metadata) -> (i64, i64) {
    (found.mtime(), found.mtime_nsec())
}
