//! The appends under way: which are sent, and what becomes of each.
//!
//! Must not know: JSON, subjects, sockets.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use bytes::Bytes;

use super::super::{AppendId, LogPosition};

/// How long an append waits for its answer, from when it was asked for.
pub const APPEND_DEADLINE: Duration = Duration::from_secs(2);
/// How long after the start of an append its refusal is told at the earliest, so that whoever appends again at once does
/// so a few times a second.
pub const REFUSAL_PAUSE: Duration = Duration::from_millis(200);

/// What became of an append.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AppendReport {
    /// It has this place.
    Taken(AppendId, LogPosition),
    /// The end of a sentence that says why it is not known to have one.
    NotTaken(AppendId, String),
}

/// The appends of one handle.
#[derive(Debug, Default)]
pub struct Appends {
    unsent: VecDeque<(AppendId, Bytes, Duration)>,
    sent: BTreeMap<AppendId, SentAppend>,
    refused: BTreeMap<(Duration, AppendId), String>,
    reports: VecDeque<AppendReport>,
    /// The bytes that have ceased to wait since this was last asked.
    released: usize,
}

#[derive(Debug)]
struct SentAppend {
    begun: Duration,
    /// The last entry that had come out of the tail when it was sent.
    tailed: LogPosition,
}

impl Appends {
    /// Takes an append.
    pub fn begin(&mut self, now: Duration, append: AppendId, entry: Bytes) {
        self.unsent.push_back((append, entry, now));
    }

    /// The next one to send; it counts as sent.
    pub fn take_next(&mut self, tailed: LogPosition) -> Option<(AppendId, Bytes)> {
        let (append, entry, begun) = self.unsent.pop_front()?;
        self.released = self.released.saturating_add(entry.len());
        self.sent.insert(append, SentAppend { begun, tailed });
        Some((append, entry))
    }

    /// One has its place. Returns the last entry that had come out of the tail when it was sent; `None` if it is not
    /// awaited any longer.
    pub fn taken(&mut self, append: AppendId, position: LogPosition) -> Option<LogPosition> {
        let sent = self.sent.remove(&append)?;
        self.reports.push_back(AppendReport::Taken(append, position));
        Some(sent.tailed)
    }

    /// One was refused.
    pub fn refuse(&mut self, append: AppendId, why: String) {
        if let Some(sent) = self.sent.remove(&append) {
            self.refused.insert((sent.begun.saturating_add(REFUSAL_PAUSE), append), why);
        }
    }

    /// Nobody knows what became of those that are sent.
    pub fn lost(&mut self, why: &str) {
        let sent = std::mem::take(&mut self.sent);
        self.reports.extend(sent.into_keys().map(|append| AppendReport::NotTaken(append, why.to_owned())));
    }

    /// Gives up those for which the time has come.
    pub fn tick(&mut self, now: Duration) {
        while let Some(first) = self.refused.first_entry() {
            let (due, append) = *first.key();
            if due > now {
                break;
            }
            self.reports.push_back(AppendReport::NotTaken(append, first.remove()));
        }
        let is_late = |begun: Duration| now >= begun.saturating_add(APPEND_DEADLINE);
        while self.unsent.front().is_some_and(|(_, _, begun)| is_late(*begun)) {
            if let Some((append, entry, _)) = self.unsent.pop_front() {
                self.released = self.released.saturating_add(entry.len());
                self.reports.push_back(AppendReport::NotTaken(append, "it could not be sent in time".to_owned()));
            }
        }
        while let Some(first) = self.sent.first_entry() {
            if !is_late(first.get().begun) {
                break;
            }
            let (append, _) = first.remove_entry();
            self.reports.push_back(AppendReport::NotTaken(append, "no answer came in time".to_owned()));
        }
    }

    /// When the next is given up.
    #[must_use]
    pub fn wake_at(&self) -> Option<Duration> {
        let refused = self.refused.first_key_value().map(|((due, _), _)| *due);
        let unsent = self.unsent.front().map(|(_, _, begun)| begun.saturating_add(APPEND_DEADLINE));
        let sent = self.sent.first_key_value().map(|(_, sent)| sent.begun.saturating_add(APPEND_DEADLINE));
        [refused, unsent, sent].into_iter().flatten().min()
    }

    /// How many bytes of entries have ceased to wait since this was last asked.
    pub fn take_released(&mut self) -> usize {
        std::mem::take(&mut self.released)
    }

    /// What is to be told next.
    pub fn pop(&mut self) -> Option<AppendReport> {
        self.reports.pop_front()
    }
}
