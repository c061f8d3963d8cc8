//! The log of a node that has no others: an append comes straight back with the next position, and nothing is kept, since
//! what the log led to is kept elsewhere.
//!
//! Must not know: other logs, where entries lead.

use std::sync::{Mutex, PoisonError};

use async_std::channel::{Sender, unbounded};
use bytes::Bytes;

use super::{AppendError, AppendId, Log, LogPosition, MAX_ENTRY, MAX_UNDER_WAY, Tail, Tailed};

/// The appender of a log of one node.
#[derive(Debug)]
pub struct SingleLog {
    /// It holds at most two for each append under way.
    sender: Sender<Tailed>,
    state: Mutex<Counters>,
}

#[derive(Debug)]
struct Counters {
    newest: u64,
    appends: u64,
}

impl SingleLog {
    /// Opens the log: the first append gets the position after this one.
    #[must_use]
    pub fn open(after: LogPosition) -> (Self, Tail) {
        let (sender, tail) = unbounded();
        // The channel is new, so that it takes it.
        let _ = sender.try_send(Tailed::Heard);
        (Self { sender, state: Mutex::new(Counters { newest: after.0, appends: 0 }) }, tail)
    }
}

impl Log for SingleLog {
    fn append(&self, entry: Bytes) -> Result<AppendId, AppendError> {
        if entry.len() > MAX_ENTRY {
            return Err(AppendError::TooLarge);
        }
        if self.sender.len() >= 2 * MAX_UNDER_WAY {
            return Err(AppendError::Busy);
        }
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let position = LogPosition(state.newest).next();
        self.sender.try_send(Tailed::Entry { position, bytes: entry }).map_err(|_| AppendError::Closed)?;
        state.newest = position.0;
        state.appends += 1;
        let append = AppendId(state.appends);
        // The reader may have gone meanwhile.
        let _ = self.sender.try_send(Tailed::Taken { append, position });
        Ok(append)
    }

    fn newest(&self) -> Option<LogPosition> {
        Some(LogPosition(self.state.lock().unwrap_or_else(PoisonError::into_inner).newest))
    }

    fn keep(&self, _: LogPosition) {
        // Nothing is kept.
    }
}
