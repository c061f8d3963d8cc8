//! Watches the files of an open history: what is written must go into the files that the next start will find.
//!
//! Their names are looked at, and the first bytes of the history and of its log. To close a file that SQLite has open would drop SQLite's
//! locks (POSIX), so the history is opened once and closed last.
//!
//! Must not know: what is written, or who is told.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::{FileExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rusqlite::Connection;

use super::log_file::{self, HEAD, LOG_HEAD};
use super::log_mover::{Moves, Seen, time_of};
use crate::sys::clock::Clock;

/// The file in the data folder that only the running server has locked.
const LOCK: &str = "lock";
/// What is added to the history's name for its write-ahead log and the index of that.
const LOG: &str = "-wal";
const LOG_INDEX: &str = "-shm";
/// The length of the header of each of the log's frames, in bytes (SQLite file format, section 4).
const FRAME_HEAD: u64 = 24;
/// Where a database's header says that it has a write-ahead log, and how (section 1.3).
const FORMAT_AT: usize = 18;
const HAS_LOG: [u8; 2] = [2, 2];

/// What is looked at after each commit anyway need not be looked at again before the next one for this long.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// The files of an open history, as they were when it was opened.
#[derive(Clone, Debug)]
pub(super) struct FileWatch {
    history: FileOfHistory,
    log: FileOfHistory,
    log_index: FileOfHistory,
    lock: FileOfHistory,
    /// The history, to see what was written over it.
    opened: Arc<File>,
    /// The log, to see whether its header was written over; nobody has locks on it.
    opened_log: Option<Arc<File>>,
    /// When the history was last written to, in seconds and nanoseconds, and how far its log had come then.
    written: ((i64, i64), Option<LogState>),
    /// Its header then.
    head: [u8; HEAD],
    /// The thread that moves the log into the history, and how many of its moves had begun and ended at the last look.
    moves: Option<(Moves, u64)>,
    clock: Clock,
    /// When it was last found that all is well.
    looked: Option<Duration>,
}

/// How far a log has come.
#[derive(Clone, Copy, Debug)]
struct LogState {
    /// Its frames.
    frames: i64,
    /// How many of them are in the history already.
    moved: i64,
}

impl LogState {
    /// Whether frames were moved into the history since an earlier state.
    fn has_moved_since(self, before: Self) -> bool {
        // SQLite begins a log anew once all of it is moved.
        if self.frames < before.frames || self.moved < before.moved {
            self.moved > 0 || before.moved < before.frames
        } else {
            self.moved > before.moved
        }
    }
}

/// What we ourselves did since the last look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OwnWriting {
    /// Nothing.
    Nothing,
    /// One commit, after which we may have moved the log into the history.
    Commit,
    /// The history was opened, after which the log tells nothing of before.
    Opening,
}

/// What the thread that moves the log did since the last look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meanwhile {
    Nothing,
    /// It was moving the log, and may have written before or after the history was looked at.
    UnderWay,
    /// It has moved the log; the modification time of the history after that, in seconds and nanoseconds.
    Ended(Option<(i64, i64)>),
}

#[derive(Clone, Debug)]
struct FileOfHistory {
    path: PathBuf,
    /// Device, inode and owner; `None` while there was no such file yet.
    seen: Option<(u64, u64, u32)>,
    /// The greatest length since the last time that SQLite itself made it shorter.
    length: u64,
}

impl FileWatch {
    /// Watches the files of a history that was just opened.
    ///
    /// # Errors
    /// Which of them is not as it should be, and why.
    pub(super) fn new(path: &Path) -> Result<Self, String> {
        let beside = |suffix: &str| FileOfHistory::new(log_file::beside(path, suffix));
        let mut watch = Self {
            history: FileOfHistory::new(path.to_owned()),
            log: beside(LOG),
            log_index: beside(LOG_INDEX),
            lock: FileOfHistory::new(path.with_file_name(LOCK)),
            opened: Arc::new(File::open(path).map_err(|error| error.to_string())?),
            opened_log: None,
            written: ((0, 0), None),
            head: [0; HEAD],
            moves: None,
            clock: Clock::start(),
            looked: None,
        };
        watch.look(None, OwnWriting::Opening)?;
        if watch.history.seen.is_none() { Err(watch.history.removed()) } else { Ok(watch) }
    }

    /// From now on a thread moves the log into the history, whatever the writer does.
    pub(super) fn moved_by(&mut self, moves: Moves) {
        self.moves = Some((moves, 0));
    }

    /// Whether every file is still the one that was opened, and whole. `conn` has them open; `own` is what we
    /// ourselves did since the last look.
    ///
    /// # Errors
    /// Which of them is not, and why.
    pub(super) fn look(&mut self, conn: Option<&Connection>, own: OwnWriting) -> Result<(), String> {
        self.looked = None;
        let history = self.history.look()?;
        let log = self.log.look()?;
        self.log_index.look()?;
        self.lock.look()?;
        self.history.measure(history, || pages(conn?))?;
        // Read before anything that a move may change.
        let begun = self.moves.as_ref().map_or(0, |(moves, _)| moves.seen().turns);
        let state = conn.and_then(log_state);
        self.look_at_writing((state, begun), own)?;
        self.log.measure(log, || frames(conn?, state?))?;
        if log.is_some() {
            self.look_at_log()?;
        }
        self.looked = Some(self.clock.elapsed());
        Ok(())
    }

    /// The same before something is written, unless it was found a moment ago that all is well.
    ///
    /// # Errors
    /// Which of them is not, and why.
    pub(super) fn look_again(&mut self, conn: &Connection) -> Result<(), String> {
        let is_recent = |looked: Duration| self.clock.elapsed().saturating_sub(looked) < LOOK_AGAIN;
        let is_moved = self.moves.as_ref().is_some_and(|(moves, seen)| moves.seen().turns != *seen);
        if self.looked.is_some_and(is_recent) && !is_moved {
            Ok(())
        } else {
            self.look(Some(conn), OwnWriting::Nothing)
        }
    }

    /// Whether the log still begins like one, as far as it has a beginning. The rest of its header changes each time that
    /// SQLite begins it anew.
    fn look_at_log(&mut self) -> Result<(), String> {
        let failed = |error: io::Error| format!("{} cannot be read: {error}", self.log.path.display());
        let log = match &self.opened_log {
            Some(log) => Arc::clone(log),
            None => match log_file::open(&self.log.path).map_err(failed)? {
                Some(log) => Arc::clone(self.opened_log.insert(Arc::new(log))),
                None => return Err(self.log.removed()),
            },
        };
        let mut head = [0; LOG_HEAD];
        match log.read_exact_at(&mut head, 0) {
            Ok(()) if log_file::is_log_head(&head) => Ok(()),
            Ok(()) => Err(format!("{} was overwritten", self.log.path.display())),
            // SQLite has just emptied it.
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(()),
            Err(error) => Err(failed(error)),
        }
    }

    /// Whether the history is still the file that was opened; for a connection that only reads.
    pub(super) fn look_at_history(&mut self) -> Result<(), String> {
        self.history.look().map(|_| ())
    }

    /// Whether what was written into the history came from its log: then more of the log is in the history than before.
    /// A backup in its place does not even have a log.
    fn look_at_writing(&mut self, (state, begun): (Option<LogState>, u64), own: OwnWriting) -> Result<(), String> {
        let failed = |error: io::Error| error.to_string();
        let found = self.opened.metadata().map_err(failed)?;
        let time = time_of(&found);
        let meanwhile = self.meanwhile(begun);
        let (time_before, state_before) = self.written;
        if time != time_before || meanwhile != Meanwhile::Nothing {
            let mut head = [0; HEAD];
            self.opened.read_exact_at(&mut head, 0).map_err(failed)?;
            let moved = match (state, state_before) {
                // A log that was begun anew and moved whole may look as it did before.
                (Some(now), _) if own == OwnWriting::Commit && now.moved == now.frames => true,
                (Some(now), Some(before)) => now.has_moved_since(before),
                (None, _) | (_, None) => true,
            };
            let moved = match meanwhile {
                Meanwhile::UnderWay => true,
                Meanwhile::Ended(left) if own == OwnWriting::Nothing => left == Some(time),
                Meanwhile::Ended(left) => moved || left == Some(time),
                Meanwhile::Nothing => moved,
            };
            // The time alone proves nothing: some file systems set it late.
            let from_log = moved || time == time_before || own == OwnWriting::Opening || head == self.head;
            if head.get(FORMAT_AT..FORMAT_AT + HAS_LOG.len()) != Some(&HAS_LOG) || !from_log {
                return Err(format!("{} was overwritten", self.history.path.display()));
            }
            self.head = head;
        }
        self.written = (time, state.or(state_before));
        Ok(())
    }

    /// What the thread that moves the log has done since the last look. `begun` is how many moves had begun and ended before
    /// the history was looked at.
    fn meanwhile(&mut self, begun: u64) -> Meanwhile {
        let Some((moves, seen)) = &mut self.moves else { return Meanwhile::Nothing };
        let Seen { turns, moving, left } = moves.seen();
        let before = std::mem::replace(seen, begun);
        match (moving || turns != begun, before == turns) {
            (true, _) => Meanwhile::UnderWay,
            (false, true) => Meanwhile::Nothing,
            (false, false) => Meanwhile::Ended(left),
        }
    }

    /// The open history, to see when it was written to.
    pub(super) fn opened(&self) -> Arc<File> {
        Arc::clone(&self.opened)
    }

    /// The pages of the log at the last look, and how many of them were in the history.
    pub(super) fn log_pages(&self) -> Option<(i64, i64)> {
        self.written.1.map(|state| (state.frames, state.moved))
    }

    /// The log, if it was ever seen.
    pub(super) fn log(&self) -> Option<Arc<File>> {
        self.opened_log.clone()
    }

    /// No connection has the log open any more: the next one makes another.
    pub(super) fn forget_log(&mut self) {
        self.opened_log = None;
        for file in [&mut self.log, &mut self.log_index] {
            (file.seen, file.length) = (None, 0);
        }
    }

    /// Whether it is only the log that is not as it should be, so that what it holds can still be moved into the history.
    pub(super) fn is_history_there(&mut self) -> bool {
        let history = self.history.look();
        history.is_ok_and(|length| length.is_some_and(|length| length >= self.history.length))
    }
}

impl FileOfHistory {
    fn new(path: PathBuf) -> Self {
        Self { path, seen: None, length: 0 }
    }

    /// The file's length, if it is there and was seen before, or is seen for the first time.
    fn look(&mut self) -> Result<Option<u64>, String> {
        let found = match fs::symlink_metadata(&self.path) {
            Ok(found) => found,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return if self.seen.is_some() { Err(self.removed()) } else { Ok(None) };
            }
            Err(error) => return Err(format!("{} cannot be found: {error}", self.path.display())),
        };
        let (dev, ino, owner) = *self.seen.get_or_insert((found.dev(), found.ino(), found.uid()));
        if !found.is_file() || (dev, ino) != (found.dev(), found.ino()) {
            return Err(format!("another file has taken the place of {}", self.path.display()));
        }
        // A new owner is meant by somebody: also root's file, or one given away under root, may not open at the next start.
        if owner != found.uid() {
            return Err(format!("{} now belongs to another user (uid {})", self.path.display(), found.uid()));
        }
        Ok(Some(found.len()))
    }

    /// Notices a file that has become shorter than `needed` bytes, which is asked for only then.
    fn measure(&mut self, length: Option<u64>, needed: impl FnOnce() -> Option<u64>) -> Result<(), String> {
        let Some(length) = length else { return Ok(()) };
        if length < self.length && needed().is_none_or(|needed| length < needed) {
            return Err(format!("{} was truncated", self.path.display()));
        }
        self.length = length;
        Ok(())
    }

    fn removed(&self) -> String {
        format!("{} was removed", self.path.display())
    }
}

/// The bytes that the history needs; `None` if they cannot be told.
fn pages(conn: &Connection) -> Option<u64> {
    let ask = |pragma: &str| conn.query_row(pragma, [], |row| row.get::<_, u64>(0)).ok();
    ask("PRAGMA page_count")?.checked_mul(ask("PRAGMA page_size")?)
}

fn log_state(conn: &Connection) -> Option<LogState> {
    let mut ask = conn.prepare_cached("PRAGMA wal_checkpoint(NOOP)").ok()?;
    ask.query_row([], |row| Ok(LogState { frames: row.get(1)?, moved: row.get(2)? })).ok()
}

/// The bytes that the log needs; `None` if they cannot be told.
fn frames(conn: &Connection, LogState { frames, .. }: LogState) -> Option<u64> {
    let page_size = conn.query_row("PRAGMA page_size", [], |row| row.get::<_, u64>(0)).ok()?;
    match u64::try_from(frames) {
        Ok(0) | Err(_) => Some(0),
        Ok(frames) => frames.checked_mul(FRAME_HEAD + page_size)?.checked_add(LOG_HEAD as u64),
    }
}

#[cfg(test)]
mod tests {
    use super::LogState;

    #[test]
    fn only_frames_that_were_moved_explain_what_was_written_into_the_history() {
        let state = |frames, moved| LogState { frames, moved };
        for (before, now, moved) in [
            (state(0, 0), state(5, 0), false),
            (state(5, 0), state(9, 0), false),
            (state(5, 0), state(9, 5), true),
            (state(9, 9), state(9, 9), false),
            (state(9, 5), state(9, 9), true),
            // Begun anew: once everything was moved, or with something moved since.
            (state(9, 9), state(1, 0), false),
            (state(9, 5), state(1, 0), true),
            (state(9, 9), state(1, 1), true),
            (state(9, 9), state(0, 0), false),
            (state(9, 9), state(20, 0), false),
        ] {
            assert_eq!(now.has_moved_since(before), moved, "{before:?} {now:?}");
        }
    }
}
