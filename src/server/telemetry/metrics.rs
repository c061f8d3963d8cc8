//! What the server counts of itself.
//!
//! Counting is done once for each round, never for each receiver: a broadcast to a thousand users costs one addition.
//!
//! Must not know: who asks for the metrics, or how they are written (`openmetrics`).

use std::collections::BTreeMap;
use std::time::Duration;

use super::events::Note;
use crate::model::{Identity, Origin, Timestamp};
use crate::protocol::{CallRefusal, Code, Dialect, Event, HangUp, RoomEvent};

/// The upper bounds, in microseconds, for the time until a message is accepted.
pub const DELAYS: [u64; 13] =
    [500, 1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000];
/// The upper bounds, in microseconds, for a round of the broker.
pub const ROUNDS: [u64; 12] = [10, 25, 50, 100, 250, 500, 1000, 2500, 10_000, 50_000, 250_000, 1_000_000];

/// Counts by the value of a label.
pub type ByWord = BTreeMap<&'static str, u64>;

/// A histogram of durations.
#[derive(Clone, Debug)]
pub struct Histogram {
    bounds: &'static [u64],
    /// How many were within each bound and above the one before; the last are above all bounds.
    counts: Vec<u64>,
    sum: Duration,
}

impl Histogram {
    /// An empty histogram.
    #[must_use]
    pub fn new(bounds: &'static [u64]) -> Self {
        Self { bounds, counts: vec![0; bounds.len() + 1], sum: Duration::ZERO }
    }

    /// Adds `times` events of this duration.
    pub fn add(&mut self, span: Duration, times: u64) {
        let micros = span.as_micros();
        let place = self.bounds.partition_point(|&bound| u128::from(bound) < micros);
        if let Some(count) = self.counts.get_mut(place) {
            *count += times;
        }
        self.sum += span.saturating_mul(u32::try_from(times).unwrap_or(u32::MAX));
    }

    /// For each bound, how many are within it; and at the end, without a bound, how many there are in all.
    pub fn within(&self) -> impl Iterator<Item = (Option<u64>, u64)> {
        let bounds = self.bounds.iter().copied().map(Some).chain([None]);
        bounds.zip(self.counts.iter().scan(0, |sum, count| {
            *sum += count;
            Some(*sum)
        }))
    }

    /// The sum of all durations.
    #[must_use]
    pub fn sum(&self) -> Duration {
        self.sum
    }
}

/// What is sent to connections, counted while it is written.
#[derive(Clone, Debug, Default)]
pub struct Meter {
    /// Messages, once for each receiver.
    pub deliveries: u64,
    /// Bytes, before any encryption.
    pub bytes: u64,
    /// Refusals, by code.
    pub refused: ByWord,
}

impl Meter {
    /// Counts an event that is sent to `hearers` connections, in `bytes` bytes each.
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

/// Counts since the server started.
#[derive(Clone, Debug)]
pub struct Counts {
    /// Connections that were let in, by transport.
    pub connections: ByWord,
    /// Connections that were turned away, by code.
    pub turned_away: ByWord,
    /// Names that were refused, by code.
    pub names_refused: ByWord,
    /// Users who joined.
    pub joins: u64,
    /// Users who left.
    pub leaves: u64,
    /// Accepted messages.
    pub accepted: u64,
    /// Messages that were accepted before and were sent again.
    pub again: u64,
    /// Connections that were cut because they read too slowly.
    pub slow: u64,
    /// Bytes received, after any decryption.
    pub received: u64,
    /// Reloads of the settings, by outcome.
    pub reloads: ByWord,
    /// Calls that have rung.
    pub calls_begun: u64,
    /// Calls that were taken.
    pub calls_answered: u64,
    /// Calls that are over, by outcome: why they were not taken, or why they ended.
    pub calls_ended: ByWord,
    /// How long messages took from being read to being accepted.
    pub delays: Histogram,
    /// How long the broker's rounds took.
    pub rounds: Histogram,
}

impl Default for Counts {
    fn default() -> Self {
        let outcomes = HangUp::ALL.into_iter().map(HangUp::as_str);
        let outcomes = outcomes.chain(CallRefusal::ALL.into_iter().map(CallRefusal::as_str));
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
            reloads: ["done", "refused"].map(|outcome| (outcome, 0)).into(),
            calls_begun: 0,
            calls_answered: 0,
            calls_ended: outcomes.map(|outcome| (outcome, 0)).collect(),
            delays: Histogram::new(&DELAYS),
            rounds: Histogram::new(&ROUNDS),
        }
    }
}

impl Counts {
    /// Counts an event of the log.
    pub fn note(&mut self, note: &Note) {
        match note {
            Note::Connected { from, .. } => *self.connections.entry(transport(*from)).or_default() += 1,
            Note::TurnedAway { code, .. } => *self.turned_away.entry(code.as_str()).or_default() += 1,
            Note::NameRefused { code, .. } => *self.names_refused.entry(code.as_str()).or_default() += 1,
            Note::Joined { .. } => self.joins += 1,
            Note::CallBegun { .. } => self.calls_begun += 1,
            Note::CallAnswered { .. } => self.calls_answered += 1,
            Note::CallEnded { outcome, .. } => *self.calls_ended.entry(outcome).or_default() += 1,
            Note::Left { name: Some(_), .. } => self.leaves += 1,
            _ => {}
        }
    }

    /// Counts a reload of the settings.
    pub fn reloaded(&mut self, done: bool) {
        *self.reloads.entry(if done { "done" } else { "refused" }).or_default() += 1;
    }

    /// Counts messages that the store has kept, now or before, `delay` after they were read.
    pub fn stored(&mut self, kept: usize, repeated: usize, delay: Duration) {
        self.accepted += kept as u64;
        self.again += repeated as u64;
        if kept > 0 {
            self.delays.add(delay, kept as u64);
        }
    }
}

/// Who is connected and what waits, at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Census {
    /// Users, by dialect and by what proves who they are.
    pub sessions: BTreeMap<(&'static str, &'static str), u64>,
    /// Connections without a name.
    pub unnamed: u64,
    /// Open connections, by transport.
    pub open: ByWord,
    /// Messages waiting for the store.
    pub pending: usize,
    /// Bytes of their text.
    pub pending_bytes: usize,
    /// Calls that ring, and calls that were answered.
    pub calls: ByWord,
}

/// What was relayed between users who call each other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Relayed {
    /// Packets that were relayed.
    pub packets: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Packets that were dropped, by reason.
    pub dropped: ByWord,
}

/// What a keeper has to look after before it fails, at one moment. `None` is what does not exist here, or cannot be told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Upkeep {
    /// Bytes that the server can still write on the disk of its data.
    pub free: Option<u64>,
    /// Bytes of the history.
    pub history: Option<u64>,
    /// Bytes of its write-ahead log.
    pub log: Option<u64>,
    /// When the last backup was made; 0 if there was none.
    pub last_backup: Option<Timestamp>,
    /// When the first of the certificates that are shown ends.
    pub certificate_end: Option<Timestamp>,
}

/// What a node of a chat says of its part in the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ClusterReport {
    /// The last position that it has read.
    pub position: u64,
    /// The last position that the log is known to have.
    pub newest: u64,
    /// How old its picture of the chat is; `None` while it is not in.
    pub age: Option<Duration>,
    /// How many nodes are in.
    pub nodes: usize,
    /// How many times it has sent its clients elsewhere because it was out of touch.
    pub out_of_touch: u64,
    /// How many times the engine was not heard.
    pub engine_lost: u64,
    /// Messages that were accepted on all nodes, and those of them that were sent again.
    pub accepted: (u64, u64),
}

/// All metrics of the broker's task, at one moment.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// Counts since the start.
    pub counts: Counts,
    /// What was sent.
    pub meter: Meter,
    /// Who is connected.
    pub census: Census,
    /// Arrivals waiting for the broker.
    pub inbox: usize,
    /// Bytes waiting for slow readers.
    pub backlog: usize,
    /// Transactions of the store that were committed, and that failed.
    pub store: (u64, u64),
    /// Whether the store fails.
    pub sick: bool,
    /// What was relayed.
    pub relayed: Relayed,
    /// Its part in the log, if it is a node.
    pub cluster: Option<ClusterReport>,
}

/// The label value for a connection's transport.
#[must_use]
pub(in crate::server) fn transport(origin: Origin) -> &'static str {
    match origin {
        Origin::Tcp(_) | Origin::Proxied { secure: false, .. } => "tcp",
        Origin::Tls(_) | Origin::Proxied { secure: true, .. } => "tls",
        Origin::Unix(_) | Origin::Unmapped => "unix",
    }
}

/// The label value for what proves who a user is.
#[must_use]
pub(in crate::server) fn proof(identity: Option<Identity>) -> &'static str {
    match identity {
        None => "none",
        Some(Identity::Key(_)) => "key",
        Some(Identity::Uid(_)) => "uid",
    }
}

/// The label value for a dialect.
#[must_use]
pub(in crate::server) fn dialect(dialect: Option<Dialect>) -> &'static str {
    match dialect {
        Some(Dialect::Tr223) => "TR2.23",
        Some(Dialect::Tr226) | None => "TR2.26",
    }
}
