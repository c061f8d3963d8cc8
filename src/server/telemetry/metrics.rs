//! The numbers that a server keeps of itself.
//!
//! They are counted where a round is made up, never for each receiver: a broadcast to a thousand costs one addition.
//!
//! Must not know: who asks for them, or how they are written (`exposition`).

use std::collections::BTreeMap;
use std::time::Duration;

use super::events::Note;
use crate::model::{Identity, Origin};
use crate::protocol::{Code, Dialect, Event, RoomEvent};
use crate::server::store::api::{Outcome, Receipt};

/// The upper bounds of how long a message may take until it is accepted, in microseconds.
pub const DELAYS: [u64; 13] =
    [500, 1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000];
/// The same of how long a round of the broker takes.
pub const ROUNDS: [u64; 12] = [10, 25, 50, 100, 250, 500, 1000, 2500, 10_000, 50_000, 250_000, 1_000_000];

/// How often something was seen, for each word that it may be.
pub type ByWord = BTreeMap<&'static str, u64>;

/// How long things took.
#[derive(Clone, Debug)]
pub struct Histogram {
    bounds: &'static [u64],
    /// How many were within each bound and over the one before; the last were over all.
    counts: Vec<u64>,
    sum: Duration,
}

impl Histogram {
    /// Nothing so far.
    #[must_use]
    pub fn new(bounds: &'static [u64]) -> Self {
        Self { bounds, counts: vec![0; bounds.len() + 1], sum: Duration::ZERO }
    }

    /// So many took so long.
    pub fn add(&mut self, span: Duration, times: u64) {
        let micros = span.as_micros();
        let place = self.bounds.partition_point(|&bound| u128::from(bound) < micros);
        if let Some(count) = self.counts.get_mut(place) {
            *count += times;
        }
        self.sum += span.saturating_mul(u32::try_from(times).unwrap_or(u32::MAX));
    }

    /// Each bound with how many were within it, and then how many there are in all.
    pub fn within(&self) -> impl Iterator<Item = (Option<u64>, u64)> {
        let bounds = self.bounds.iter().copied().map(Some).chain([None]);
        bounds.zip(self.counts.iter().scan(0, |sum, count| {
            *sum += count;
            Some(*sum)
        }))
    }

    /// How long all took together.
    #[must_use]
    pub fn sum(&self) -> Duration {
        self.sum
    }
}

/// What is said to connections, counted while it is written.
#[derive(Clone, Debug, Default)]
pub struct Meter {
    /// Messages, for each who hears one.
    pub deliveries: u64,
    /// Bytes that were given out, before any encryption.
    pub bytes: u64,
    /// Refusals by their code.
    pub refused: ByWord,
}

impl Meter {
    /// Something is said to so many, in so many bytes each.
    pub fn said(&mut self, event: &Event, hearers: usize, bytes: usize) {
        self.bytes += hearers as u64 * bytes as u64;
        match event {
            Event::Broadcast { .. } | Event::Private { .. } | Event::Room(RoomEvent::Message { .. }) => {
                self.deliveries += hearers as u64;
            }
            Event::Refused(code, _) => *self.refused.entry(code.as_str()).or_default() += 1,
            _ => {}
        }
    }
}

/// What was counted since the server started.
#[derive(Clone, Debug)]
pub struct Counts {
    /// Connections that were let in, by how they came.
    pub connections: ByWord,
    /// Connections that were not, by the code.
    pub turned_away: ByWord,
    /// Names that were not given, by the code.
    pub names_refused: ByWord,
    /// Users who came.
    pub joins: u64,
    /// Users who went.
    pub leaves: u64,
    /// Messages that were accepted.
    pub accepted: u64,
    /// Messages that were accepted before and came again.
    pub again: u64,
    /// Connections that were cut since they read too slowly.
    pub slow: u64,
    /// Bytes that came in, after any encryption.
    pub received: u64,
    /// From the moment a message was read to the one it was accepted.
    pub delays: Histogram,
    /// Rounds of the broker.
    pub rounds: Histogram,
}

impl Default for Counts {
    fn default() -> Self {
        Self {
            connections: ["tcp", "tls", "unix"].map(|transport| (transport, 0)).into(),
            turned_away: [Code::ServerFull, Code::TooManyConnections].map(|code| (code.as_str(), 0)).into(),
            names_refused: ByWord::new(),
            joins: 0,
            leaves: 0,
            accepted: 0,
            again: 0,
            slow: 0,
            received: 0,
            delays: Histogram::new(&DELAYS),
            rounds: Histogram::new(&ROUNDS),
        }
    }
}

impl Counts {
    /// What the log is told of is counted too.
    pub fn note(&mut self, note: &Note) {
        match note {
            Note::Connected { from, .. } => *self.connections.entry(transport(*from)).or_default() += 1,
            Note::TurnedAway { code, .. } => *self.turned_away.entry(code.as_str()).or_default() += 1,
            Note::NameRefused { code, .. } => *self.names_refused.entry(code.as_str()).or_default() += 1,
            Note::Joined { .. } => self.joins += 1,
            Note::Left { name: Some(_), .. } => self.leaves += 1,
            _ => {}
        }
    }

    /// The store tells of messages that came so long ago.
    pub fn stored(&mut self, receipt: &Receipt, delay: Duration) {
        let count =
            |wanted: fn(&Outcome) -> bool| receipt.outcomes.iter().filter(|outcome| wanted(outcome)).count() as u64;
        let kept = count(|outcome| *outcome == Outcome::Kept);
        self.accepted += kept;
        self.again += count(|outcome| matches!(outcome, Outcome::Again(..)));
        if kept > 0 {
            self.delays.add(delay, kept);
        }
    }
}

/// Who is there and what waits, at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Census {
    /// Users, by their dialect and by what proves who they are.
    pub sessions: BTreeMap<(&'static str, &'static str), u64>,
    /// Connections that have no name.
    pub unnamed: u64,
    /// Open connections, by how they came.
    pub open: ByWord,
    /// Messages that wait for the store.
    pub pending: usize,
    /// Bytes of their text.
    pub pending_bytes: usize,
}

/// Everything, at one moment.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// Since the start.
    pub counts: Counts,
    /// What was said.
    pub meter: Meter,
    /// Who is there.
    pub census: Census,
    /// Events that wait for the broker.
    pub inbox: usize,
    /// Bytes that wait for slow readers.
    pub backlog: usize,
    /// Transactions of the store that were committed, and that failed.
    pub store: (u64, u64),
}

/// How a connection came, in a word.
#[must_use]
pub fn transport(origin: Origin) -> &'static str {
    match origin {
        Origin::Tcp(_) => "tcp",
        Origin::Tls(_) => "tls",
        Origin::Unix(_) => "unix",
    }
}

/// What proves who somebody is, in a word.
#[must_use]
pub fn proof(identity: Option<Identity>) -> &'static str {
    match identity {
        None => "none",
        Some(Identity::Key(_)) => "key",
        Some(Identity::Uid(_)) => "uid",
    }
}

/// A dialect, in a word.
#[must_use]
pub fn dialect(dialect: Option<Dialect>) -> &'static str {
    match dialect {
        Some(Dialect::Tr223) => "TR2.23",
        Some(Dialect::Tr226) | None => "TR2.26",
    }
}
