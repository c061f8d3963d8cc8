//! Moves the write-ahead log into the history, on a thread of its own: writing many pages and syncing them takes longer
//! than everything else that a message waits for.
//!
//! Pages that are added meanwhile are moved in further passes, until only the newest are left. The writer moves those
//! itself: SQLite begins the log anew only if nothing is added while the last page is moved.
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

/// The most passes of one move.
const PASSES: usize = 4;
/// A move ends once a pass begins with at most this many pages more than the one before; the writer moves those that come
/// after it.
const FEW: i64 = 64;
/// If the log has this many times as many pages as it should, the writer waits until they are moved.
const TOO_MANY: i64 = 4;

/// The writer's handle of the thread.
#[derive(Debug)]
pub(super) struct LogMover {
    moves: Moves,
    thread: Option<JoinHandle<()>>,
    /// Pages that may be in the log before they are moved.
    most: i64,
    /// The pages of the log when the last move began.
    begun_at: i64,
}

/// What the thread is doing, shared with the watch over the files.
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

/// The state of the thread at one moment.
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
    /// It moves the log, or is about to.
    Moving,
    /// Only the newest pages are left.
    NewestLeft,
    /// It is to end.
    Ending,
}

impl LogMover {
    /// Starts the thread for an open history. From now on `writing`, the connection that writes, no longer moves the log by
    /// itself. The modification time of the history is read from `opened`.
    ///
    /// # Errors
    /// The thread cannot be started, or the history cannot be opened a second time.
    pub(super) fn start(file: &HistoryFile, writing: &Connection, opened: Arc<File>) -> Result<Self, StoreError> {
        let failed = |error| store_error(file.path(), &error);
        let most = writing.query_row("PRAGMA wal_autocheckpoint", [], |row| row.get(0)).map_err(failed)?;
        let conn = file.open_to_write().map_err(failed)?;
        leave_alone(&conn).map_err(failed)?;
        // Only the writer empties the log when it closes.
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true).map_err(failed)?;
        leave_alone(writing).map_err(failed)?;
        let moves = Moves::default();
        let seen = moves.clone();
        let thread = thread::Builder::new().name("mover".to_owned()).spawn(move || run(&seen, &conn, &opened));
        Ok(Self { moves, thread: Some(thread.map_err(StoreError::Thread)?), most, begun_at: 0 })
    }

    /// What the thread is doing, for the watch over the files.
    pub(super) fn moves(&self) -> Moves {
        self.moves.clone()
    }

    /// Moves the pages that the thread has left to the writer; to be called after a commit.
    pub(super) fn finish(&self, writing: &Connection) {
        let mut state = self.moves.lock();
        if state.step == MoveStep::NewestLeft {
            state.step = MoveStep::Idle;
            drop(state);
            // What cannot be moved stays in the log.
            let _ = pass(writing);
        }
    }

    /// Starts a move if the log is long enough: it has `frames` pages, of which `moved` are in the history already. Returns
    /// whether the log was so long that this call has moved it.
    pub(super) fn move_if_due(&mut self, writing: &Connection, (frames, moved): (i64, i64)) -> bool {
        if frames - moved >= TOO_MANY * self.most {
            self.settle();
            let _ = pass(writing);
            return true;
        }
        // While a reader keeps the log from being moved, a move is not tried again after each commit.
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

    /// Ends the thread and waits for it; a move that is under way is completed first.
    pub(super) fn end(&mut self) {
        self.settle();
        self.moves.end();
        // A panic of the thread has been logged already.
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

/// A move that is under way. It ends when this is dropped, even by a panic, since the writer may wait for the end.
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
        // SQLite syncs the history only when the last page is moved, which the writer does; so it has little left to sync.
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

/// Turns off automatic checkpoints on a connection.
pub(super) fn leave_alone(conn: &Connection) -> Result<()> {
    conn.query_row("PRAGMA wal_autocheckpoint = 0", [], |_| Ok(()))
}

/// When a file was last written to, in seconds and nanoseconds.
pub(super) fn time_of(found: &Metadata) -> (i64, i64) {
    (found.mtime(), found.mtime_nsec())
}
