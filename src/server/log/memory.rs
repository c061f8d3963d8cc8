//! A log in this process, which several handles share, for tests and simulations. It is gone with its last handle.
//!
//! Must not know: other logs.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_std::channel::{Sender, unbounded};
use bytes::Bytes;

use super::{AppendError, AppendId, Log, LogEnd, LogPosition, MAX_ENTRY, MAX_UNDER_WAY, Tail, Tailed};

/// The log itself, from which handles are opened.
#[derive(Clone, Debug, Default)]
pub struct SharedLog(Arc<Mutex<Entries>>);

#[derive(Debug, Default)]
struct Entries {
    /// How many entries were before those that are kept.
    before: u64,
    entries: VecDeque<Bytes>,
    tails: Vec<OpenTail>,
    opened: u64,
}

#[derive(Debug)]
struct OpenTail {
    number: u64,
    told: u64,
    /// It holds what is unread of entries that the log keeps anyway.
    sender: Sender<Tailed>,
}

/// A handle of a [`SharedLog`].
#[derive(Debug)]
pub struct SharedLogHandle {
    log: SharedLog,
    number: u64,
    appends: Mutex<u64>,
}

impl SharedLog {
    /// Opens the log after a position.
    #[must_use]
    pub fn open(&self, after: LogPosition) -> (SharedLogHandle, Tail) {
        let (sender, tail) = unbounded();
        let mut kept = self.kept();
        kept.opened += 1;
        let number = kept.opened;
        let mut opened = OpenTail { number, told: after.0, sender };
        opened.say(Tailed::Heard);
        if kept.go_on(&mut opened) {
            kept.tails.push(opened);
        }
        drop(kept);
        (SharedLogHandle { log: self.clone(), number, appends: Mutex::default() }, tail)
    }

    /// Loses the entries after a position, as an engine does that is restored to an older state.
    pub fn lose_after(&self, position: LogPosition) {
        let mut kept = self.kept();
        let left = usize::try_from(position.0.saturating_sub(kept.before)).unwrap_or(usize::MAX);
        kept.entries.truncate(left);
        kept.tell_all();
    }

    fn kept(&self) -> MutexGuard<'_, Entries> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entries {
    fn newest(&self) -> u64 {
        self.before.saturating_add(u64::try_from(self.entries.len()).unwrap_or(u64::MAX))
    }

    fn tell_all(&mut self) {
        let mut tails = std::mem::take(&mut self.tails);
        tails.retain_mut(|tail| self.go_on(tail));
        self.tails = tails;
    }

    /// Tells a tail what it has not been told; whether it can go on.
    fn go_on(&self, tail: &mut OpenTail) -> bool {
        let told = LogPosition(tail.told);
        if self.newest() < tail.told {
            tail.say(Tailed::Ended(LogEnd::Shorter { tailed: told, newest: LogPosition(self.newest()) }));
            return false;
        }
        let Some(skipped) = tail.told.checked_sub(self.before) else {
            let oldest = LogPosition(self.before).next();
            tail.say(Tailed::Ended(LogEnd::Gap { wanted: told.next(), oldest }));
            return false;
        };
        for bytes in self.entries.iter().skip(usize::try_from(skipped).unwrap_or(usize::MAX)) {
            tail.told += 1;
            tail.say(Tailed::Entry { position: LogPosition(tail.told), bytes: bytes.clone() });
        }
        !tail.sender.is_closed()
    }
}

impl OpenTail {
    /// A reader that is gone need not be told.
    fn say(&self, tailed: Tailed) {
        let _ = self.sender.try_send(tailed);
    }
}

impl Log for SharedLogHandle {
    fn append(&self, entry: Bytes) -> Result<AppendId, AppendError> {
        if entry.len() > MAX_ENTRY {
            return Err(AppendError::TooLarge);
        }
        let mut kept = self.log.kept();
        let own = kept.tails.iter().find(|tail| tail.number == self.number);
        let own = own.filter(|tail| !tail.sender.is_closed()).map(|tail| tail.sender.clone());
        let own = own.ok_or(AppendError::Closed)?;
        // What waits is what was appended over this handle, and by others meanwhile.
        if own.len() >= MAX_UNDER_WAY {
            return Err(AppendError::Busy);
        }
        let mut appends = self.appends.lock().unwrap_or_else(PoisonError::into_inner);
        *appends += 1;
        let append = AppendId(*appends);
        kept.entries.push_back(entry);
        let position = LogPosition(kept.newest());
        kept.tell_all();
        let _ = own.try_send(Tailed::Taken { append, position });
        Ok(append)
    }

    fn newest(&self) -> Option<LogPosition> {
        Some(LogPosition(self.log.kept().newest()))
    }

    fn keep(&self, from: LogPosition) {
        let mut kept = self.log.kept();
        while kept.before.saturating_add(1) < from.0 && kept.entries.pop_front().is_some() {
            kept.before += 1;
        }
    }
}

impl Drop for SharedLogHandle {
    fn drop(&mut self) {
        self.log.kept().tails.retain(|tail| tail.number != self.number);
    }
}
