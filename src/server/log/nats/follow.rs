//! Follows a stream: puts what is published live and what is asked for into one order without gaps, and sees when the
//! stream is not the one that was followed.
//!
//! Sequence numbers decide. What was missed live is asked for; an answer may be stale, doubled or cut short, as any
//! replica gives it. What speaks against the stream itself must hold for some time before it counts, since a leader that
//! has lost its followers may still answer with an older state.
//!
//! Must not know: JSON, subjects, sockets.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use bytes::Bytes;

use super::super::{LogEnd, LogPosition};

/// How long what speaks against the stream must hold: longer than a leader without followers stays one, which is 10 s.
pub const DOUBT: Duration = Duration::from_secs(15);
/// How long there may be between two answers that speak against the stream for one to confirm the other: a leader that was
/// paused may say once more what it said before.
pub const DOUBT_PAUSE: Duration = Duration::from_secs(8);
/// How long to wait for entries that were asked for, after the last one that came.
pub const FETCH_DEADLINE: Duration = Duration::from_secs(2);
/// The most entries that one request asks for.
pub const BATCH: usize = 256;
/// The most bytes that one request asks for.
pub const BATCH_BYTES: usize = 1024 * 1024;
/// The most bytes of entries that wait for the reader of the tail.
pub const MAX_READY: usize = 4 * 1024 * 1024;
/// The most bytes of entries that came live before others that are asked for.
pub const MAX_EARLY: usize = 4 * 1024 * 1024;

/// An entry that is known to be in the stream may still be on its way.
const GRACE: Duration = Duration::from_millis(30);
/// The pause after a request that brought nothing; it doubles up to the second.
const PAUSES: (Duration, Duration) = (Duration::from_millis(50), Duration::from_millis(500));
/// The pause after the leader has said that it has not what follows.
const MISSING_PAUSE: Duration = Duration::from_secs(1);
/// Of how many of the last entries the sums are kept.
const SUMS: usize = 1024;

/// What to ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fetch {
    /// Any replica, for the entries from this one on.
    From(u64),
    /// The leader, for one entry.
    One(u64),
}

/// The end of a request for entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FetchEnd {
    /// What was there has come.
    Done,
    /// The leader has not the entry.
    Missing,
    /// There was no proper answer.
    Failed,
}

/// How far a stream was followed.
#[derive(Debug, Default)]
pub struct Follow {
    /// The last entry in order.
    tailed: u64,
    /// Sums of the last entries in order, the newest last.
    sums: VecDeque<u32>,
    /// When the stream was made.
    created: Option<String>,
    /// Whether the stream was looked at since the connection began.
    verified: bool,
    /// Whether the last entry has to be compared with the stream's.
    rechecks: bool,
    /// Whether the stream should be looked at.
    wants_look: bool,
    known: u64,
    early: BTreeMap<u64, Bytes>,
    early_bytes: usize,
    ready: VecDeque<(LogPosition, Bytes)>,
    ready_bytes: usize,
    fetch: Option<Fetching>,
    asks_leader: bool,
    not_before: Duration,
    pause: Duration,
    doubt: Option<Doubt>,
    /// The entry after those that a replica lacked.
    beyond: Option<u64>,
    ended: Option<LogEnd>,
}

/// What speaks against the stream.
#[derive(Debug)]
struct Doubt {
    end: LogEnd,
    since: Duration,
    last: Duration,
}

#[derive(Debug)]
struct Fetching {
    what: Fetch,
    deadline: Duration,
    progress: bool,
    /// The entry that came in the place of one that was asked for.
    beyond: Option<u64>,
}

impl Follow {
    /// Follows a stream after a position.
    #[must_use]
    pub fn after(position: LogPosition) -> Self {
        Self { tailed: position.0, ..Self::default() }
    }

    /// The last entry in order.
    #[must_use]
    pub fn tailed(&self) -> LogPosition {
        LogPosition(self.tailed)
    }

    /// The newest entry that is known to be in the stream; `None` before anything is.
    #[must_use]
    pub fn known(&self) -> Option<LogPosition> {
        self.created.is_some().then_some(LogPosition(self.known.max(self.tailed)))
    }

    /// Whether the stream is the one that was followed, as far as is known.
    #[must_use]
    pub fn is_verified(&self) -> bool {
        self.verified && self.doubt.is_none() && self.ended.is_none()
    }

    /// What speaks against the stream.
    #[must_use]
    pub fn doubt(&self) -> Option<LogEnd> {
        self.doubt.as_ref().map(|doubt| doubt.end)
    }

    /// Why it cannot be followed on.
    #[must_use]
    pub fn ended(&self) -> Option<LogEnd> {
        self.ended
    }

    /// Whether the stream should be looked at now; it is told once.
    pub fn takes_look(&mut self) -> bool {
        std::mem::take(&mut self.wants_look)
    }

    /// The next entry for the reader.
    pub fn pop(&mut self) -> Option<(LogPosition, Bytes)> {
        let (position, bytes) = self.ready.pop_front()?;
        self.ready_bytes = self.ready_bytes.saturating_sub(bytes.len());
        Some((position, bytes))
    }

    /// The connection is lost: whatever is there next must prove to be the same stream.
    pub fn lost(&mut self) {
        (self.verified, self.fetch, self.asks_leader) = (false, None, false);
        self.rechecks = !self.sums.is_empty();
        self.early.clear();
        self.early_bytes = 0;
    }

    /// The stream's own word, from its leader: when it was made, its first and its last entry. It was asked for when `tailed`
    /// was the last entry here; more may have come before the answer.
    pub fn looked(&mut self, now: Duration, tailed: LogPosition, (created, first, last): (&str, u64, u64)) {
        if self.created.as_ref().is_some_and(|known| known != created) {
            self.ended = self.ended.or(Some(LogEnd::Replaced { tailed: self.tailed() }));
            return;
        }
        self.created = Some(created.to_owned());
        if last < tailed.0 {
            return self.speaks_against(now, LogEnd::Shorter { tailed, newest: LogPosition(last) });
        }
        let next = self.tailed().next();
        if first > next.0 {
            self.ended = self.ended.or(Some(LogEnd::Gap { wanted: next, oldest: LogPosition(first) }));
            return;
        }
        if !self.lacks_entry() {
            self.doubt = None;
        }
        self.verified = true;
        // What is deleted cannot be compared.
        self.rechecks &= first <= self.tailed;
        self.hears_of(now, last);
        if self.is_verified() && !self.rechecks {
            self.drain();
        }
    }

    /// There is no such stream.
    pub fn is_missing(&mut self, now: Duration) {
        if self.created.is_some() {
            self.speaks_against(now, LogEnd::Replaced { tailed: self.tailed() });
        }
    }

    /// An append was confirmed at a place. It was sent when `tailed` was the last entry here, so that its place is after it
    /// in every log that has lost nothing.
    pub fn confirmed(&mut self, now: Duration, place: u64, tailed: LogPosition) {
        if place <= tailed.0 {
            let end = LogEnd::Shorter { tailed, newest: LogPosition(place) };
            self.ended = self.ended.or(Some(end));
            return;
        }
        self.hears_of(now, place);
    }

    /// An entry was published live.
    pub fn live(&mut self, place: u64, bytes: Bytes) {
        if place <= self.tailed {
            // Late, or of a stream that has begun again further back.
            if self.sum_at(place) != Some(crc32fast::hash(&bytes)) {
                self.rechecks = !self.sums.is_empty();
                self.wants_look = true;
            }
            return;
        }
        self.known = self.known.max(place);
        if place == self.tailed.saturating_add(1) && self.is_verified() && !self.rechecks {
            if self.put(bytes) {
                self.drain();
            }
            return;
        }
        if self.early_bytes.saturating_add(bytes.len()) <= MAX_EARLY {
            self.early_bytes = self.early_bytes.saturating_add(bytes.len());
            if let Some(doubled) = self.early.insert(place, bytes) {
                self.early_bytes = self.early_bytes.saturating_sub(doubled.len());
            }
        }
    }

    /// What to ask for now, if anything; it counts as asked.
    pub fn take_fetch(&mut self, now: Duration) -> Option<Fetch> {
        if self.fetch.as_ref().is_some_and(|fetch| now >= fetch.deadline) {
            self.fetched_all(now, FetchEnd::Failed);
        }
        if self.is_verified() && !self.rechecks {
            self.drain();
        }
        if now < self.fetch_at()? {
            return None;
        }
        let next = self.tailed.saturating_add(1);
        let what = match (self.asks_leader, self.rechecks) {
            (true, true) => Fetch::One(self.tailed),
            (true, false) => Fetch::One(next),
            (false, true) => Fetch::From(self.tailed),
            (false, false) => Fetch::From(next),
        };
        let deadline = now.saturating_add(FETCH_DEADLINE);
        self.fetch = Some(Fetching { what, deadline, progress: false, beyond: None });
        Some(what)
    }

    /// When there is something to do; `None` if only others can change that.
    #[must_use]
    pub fn fetch_at(&self) -> Option<Duration> {
        if let Some(fetch) = &self.fetch {
            return Some(fetch.deadline);
        }
        let is_behind = self.rechecks || self.known > self.tailed;
        let has_room = self.ready_bytes <= MAX_READY / 2;
        let is_open = self.verified && self.ended.is_none() && (self.doubt.is_none() || self.lacks_entry());
        (is_open && is_behind && has_room).then_some(self.not_before)
    }

    /// An entry that was asked for has come.
    pub fn fetched(&mut self, now: Duration, place: u64, bytes: Bytes) {
        let next = self.tailed.saturating_add(1);
        let Some(fetch) = &mut self.fetch else { return };
        fetch.deadline = now.saturating_add(FETCH_DEADLINE);
        let wanted = if self.rechecks { self.tailed } else { next };
        if place > wanted {
            fetch.beyond.get_or_insert(place);
            return;
        }
        if place < wanted {
            return;
        }
        if self.rechecks {
            fetch.progress = true;
            self.rechecks = false;
            if self.sums.back() != Some(&crc32fast::hash(&bytes)) {
                self.ended = self.ended.or(Some(LogEnd::Altered { position: LogPosition(place) }));
            }
            self.drain();
            return;
        }
        if self.put(bytes) {
            if let Some(fetch) = &mut self.fetch {
                fetch.progress = true;
            }
            if self.lacks_entry() {
                self.doubt = None;
            }
            self.drain();
        }
    }

    /// No more comes of what was asked for.
    pub fn fetched_all(&mut self, now: Duration, end: FetchEnd) {
        let Some(fetch) = self.fetch.take() else { return };
        if fetch.progress {
            (self.pause, self.not_before, self.asks_leader) = (Duration::ZERO, now, false);
            return;
        }
        self.pause = self.pause.saturating_mul(2).clamp(PAUSES.0, PAUSES.1);
        self.not_before = now.saturating_add(self.pause);
        match (fetch.what, fetch.beyond, end) {
            // A replica lacks an entry that is there, or nobody has it: the leader knows.
            (Fetch::From(_), Some(beyond), _) => {
                (self.asks_leader, self.beyond, self.not_before) = (true, Some(beyond), now);
            }
            (Fetch::From(_), None, _) => {}
            (Fetch::One(place), _, FetchEnd::Missing) => {
                self.asks_leader = false;
                self.not_before = now.saturating_add(MISSING_PAUSE);
                let wanted = LogPosition(place);
                let oldest = self.beyond.map_or(wanted.next(), LogPosition);
                self.speaks_against(now, LogEnd::Gap { wanted, oldest });
            }
            (Fetch::One(_), _, FetchEnd::Done | FetchEnd::Failed) => {}
        }
    }

    /// Takes it that the stream has an entry.
    fn hears_of(&mut self, now: Duration, place: u64) {
        // Not if it is behind already: then it has waited.
        if place > self.tailed && self.known <= self.tailed && self.tailed > 0 {
            self.not_before = self.not_before.max(now.saturating_add(GRACE));
        }
        self.known = self.known.max(place);
    }

    /// Whether only an entry is missing, which may still be found.
    fn lacks_entry(&self) -> bool {
        matches!(self.doubt, Some(Doubt { end: LogEnd::Gap { .. }, .. }))
    }

    fn speaks_against(&mut self, now: Duration, end: LogEnd) {
        let is_same = |before: &LogEnd| std::mem::discriminant(before) == std::mem::discriminant(&end);
        let since = match &self.doubt {
            Some(Doubt { end: before, since, last }) if is_same(before) && now.saturating_sub(*last) <= DOUBT_PAUSE => {
                *since
            }
            Some(_) | None => now,
        };
        self.doubt = Some(Doubt { end, since, last: now });
        if now.saturating_sub(since) >= DOUBT {
            self.ended = self.ended.or(Some(end));
        }
    }

    /// Puts the next entry in order; `false` if there is no room.
    fn put(&mut self, bytes: Bytes) -> bool {
        if self.ended.is_some() || self.ready_bytes >= MAX_READY {
            return false;
        }
        self.tailed = self.tailed.saturating_add(1);
        self.sums.push_back(crc32fast::hash(&bytes));
        if self.sums.len() > SUMS {
            self.sums.pop_front();
        }
        self.ready_bytes = self.ready_bytes.saturating_add(bytes.len());
        self.ready.push_back((LogPosition(self.tailed), bytes));
        true
    }

    /// Puts what came early and is next now.
    fn drain(&mut self) {
        while let Some(first) = self.early.first_entry() {
            let place = *first.key();
            if place > self.tailed.saturating_add(1) || self.ready_bytes >= MAX_READY {
                return;
            }
            let bytes = first.remove();
            self.early_bytes = self.early_bytes.saturating_sub(bytes.len());
            if place > self.tailed {
                self.put(bytes);
            }
        }
    }

    fn sum_at(&self, place: u64) -> Option<u32> {
        let back = usize::try_from(self.tailed.checked_sub(place)?).ok()?;
        self.sums.iter().rev().nth(back).copied()
    }
}
