//! Reads a tail in a test.

use std::time::Duration;

use async_std::future::timeout;
use async_std::task::block_on;
use tr2::server::log::{AppendId, LogEnd, LogPosition, Tail, Tailed};

use crate::serving::PATIENCE;

/// What a tail has said so far.
pub(crate) struct Reading {
    tail: Tail,
    /// The entries, with their places.
    pub(crate) entries: Vec<(u64, String)>,
    pub(crate) taken: Vec<(AppendId, LogPosition)>,
    pub(crate) not_taken: Vec<(AppendId, String)>,
    pub(crate) heard: Option<Result<(), String>>,
    pub(crate) ended: Option<LogEnd>,
}

impl Reading {
    pub(crate) fn new(tail: Tail) -> Self {
        Self { tail, entries: Vec::new(), taken: Vec::new(), not_taken: Vec::new(), heard: None, ended: None }
    }

    /// Waits for the next that it says; `None` if it says nothing for that long, or never again.
    pub(crate) fn next(&mut self, patience: Duration) -> Option<Tailed> {
        let tailed = block_on(timeout(patience, self.tail.recv())).ok()?.ok()?;
        match tailed.clone() {
            Tailed::Entry { position, bytes } => {
                let last = self.entries.last().map(|(place, _)| *place);
                assert!(last.is_none_or(|last| last + 1 == position.0), "{position} comes after {last:?}");
                self.entries.push((position.0, String::from_utf8(bytes.to_vec()).unwrap()));
            }
            Tailed::Taken { append, position } => self.taken.push((append, position)),
            Tailed::NotTaken { append, why } => self.not_taken.push((append, why)),
            Tailed::Heard => self.heard = Some(Ok(())),
            Tailed::Silent(why) => self.heard = Some(Err(why)),
            Tailed::Ended(end) => self.ended = Some(end),
        }
        Some(tailed)
    }

    /// Reads until something holds.
    #[track_caller]
    pub(crate) fn until(&mut self, what: &str, holds: impl Fn(&Self) -> bool) {
        while !holds(self) {
            let next = self.next(PATIENCE);
            assert!(
                next.is_some(),
                "the tail does not say {what}: {:?}",
                (self.heard.as_ref(), self.ended, self.entries.last())
            );
        }
    }

    /// Reads until the log is heard.
    #[track_caller]
    pub(crate) fn until_heard(&mut self) {
        self.until("that the log is heard", |reading| reading.heard == Some(Ok(())));
    }

    /// Reads until so many entries have come.
    #[track_caller]
    pub(crate) fn until_entries(&mut self, number: usize) {
        self.until(&format!("{number} entries"), |reading| reading.entries.len() >= number);
    }

    /// What the entries say.
    pub(crate) fn texts(&self) -> Vec<&str> {
        self.entries.iter().map(|(_, text)| &**text).collect()
    }
}
