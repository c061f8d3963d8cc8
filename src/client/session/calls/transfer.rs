//! One file on its way: how far it is, and how fast.
//!
//! Must not know: files on disk, or how a line about it looks.

use std::time::Duration;

use crate::client::direct::orders::{FileKey, FileProgress, FileStep};
use crate::model::Timestamp;

/// The rate is that of this last while.
const RATE_SPAN: Duration = Duration::from_secs(5);
/// The least time between two notes of how far it was.
const NOTE_EVERY: Duration = Duration::from_millis(250);
/// The most notes.
const MAX_NOTES: usize = 24;

/// A file that is offered or on its way.
#[derive(Clone, Debug)]
pub(in crate::client::session) struct Transfer {
    file: FileKey,
    /// Its name, made harmless.
    name: String,
    size: u64,
    done: u64,
    step: FileStep,
    /// Whether the other one's offer awaits the person's answer.
    asked: bool,
    /// How far it was, and when, over the last while; oldest first.
    notes: Vec<(Timestamp, u64)>,
    /// The tenths that a program or plain mode was told of.
    told: u64,
}

impl Transfer {
    pub(super) fn new(file: FileKey, name: String, size: u64, asked: bool) -> Self {
        Self { file, name, size, done: 0, step: FileStep::Waiting, asked, notes: Vec::new(), told: 0 }
    }

    pub(in crate::client::session) fn file(&self) -> &FileKey {
        &self.file
    }

    /// Its name.
    pub(in crate::client::session) fn name(&self) -> &str {
        &self.name
    }

    /// All its bytes; 0 while that is not known.
    pub(in crate::client::session) fn size(&self) -> u64 {
        self.size
    }

    /// So many of them are done.
    pub(in crate::client::session) fn done(&self) -> u64 {
        self.done
    }

    /// What is being done with it.
    pub(in crate::client::session) fn step(&self) -> FileStep {
        self.step
    }

    /// Whether it awaits the person's answer.
    pub(in crate::client::session) fn is_asked(&self) -> bool {
        self.asked
    }

    /// The person has answered.
    pub(super) fn answered(&mut self) {
        self.asked = false;
    }

    /// Takes how far it is.
    pub(super) fn take(&mut self, progress: &FileProgress, now: Timestamp) {
        let FileProgress { step, done, size, .. } = *progress;
        if step != self.step || done < self.done {
            self.notes.clear();
        }
        (self.step, self.done, self.size) = (step, done.min(size), size);
        if self.notes.last().is_none_or(|(at, _)| now.since(*at) >= NOTE_EVERY) {
            self.notes.push((now, done));
        }
        // One note older than the span stays: the rate is measured from there.
        while self.notes.get(1).is_some_and(|(at, _)| now.since(*at) >= RATE_SPAN) || self.notes.len() > MAX_NOTES {
            self.notes.remove(0);
        }
    }

    /// Bytes a second over the last while; `None` until that can be told.
    pub(in crate::client::session) fn rate(&self, now: Timestamp) -> Option<u64> {
        let (from, before) = self.notes.first()?;
        let span = u64::try_from(now.since(*from).as_millis()).unwrap_or(u64::MAX);
        let bytes = self.done.checked_sub(*before)?;
        (span >= 500).then(|| bytes.saturating_mul(1000) / span)
    }

    /// How long the rest takes at that rate.
    pub(in crate::client::session) fn left(&self, now: Timestamp) -> Option<Duration> {
        let rate = self.rate(now).filter(|rate| *rate > 0)?;
        Some(Duration::from_secs((self.size - self.done).div_ceil(rate)))
    }

    /// How much is done, in parts of a hundred.
    pub(in crate::client::session) fn percent(&self) -> u64 {
        let parts = u128::from(self.done) * 100 / u128::from(self.size.max(1));
        if self.size == 0 { 100 } else { u64::try_from(parts).unwrap_or(100).min(100) }
    }

    /// Whether another quarter of it has moved since this was last asked, for those who see no bar.
    pub(super) fn passes_quarter(&mut self) -> bool {
        let quarter = if self.step == FileStep::Moving { self.percent() / 25 } else { 0 };
        let passes = quarter > self.told && quarter < 4;
        self.told = self.told.max(quarter);
        passes
    }
}
