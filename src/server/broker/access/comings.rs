//! How often sessions may come and go, how many new names may be bound, and how much may be said that is stored: from one
//! network or local user, and by the owner of a name.
//!
//! Sessions that stay are not counted: a class that joins at once behind one address may. Owners who come back under
//! their own names are counted by their identity, so that they need not suffer for others behind their address.
//!
//! Must not know: who may have which name.

use std::collections::BTreeMap;
use std::time::Duration;

use super::connection_limits::Source;
use crate::model::{Identity, Timestamp};
use crate::server::bucket::Bucket;
use crate::server::ids::{ByConn, ConnId};
use crate::server::in_order;
use crate::server::limits::{
    BINDING_TOKENS, BINDINGS, BINDINGS_HERE, COMINGS, COMINGS_HERE, COMINGS_OF_OWNERS, MAX_SOURCES, MESSAGE_COST, Rate,
    SHORT_STAY, STORED_BYTES, STORED_BYTES_HERE,
};
use serde::{Deserialize, Serialize};

/// Whom comings and goings count for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
enum Visitor {
    /// Everyone from there.
    From(Source),
    /// The owner of a name.
    Owner(Identity),
    /// All owners of names who come from there.
    OwnersFrom(Source),
}

/// Whom a session counts for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Visit {
    /// For everyone from there.
    Claimed(Source),
    /// For an owner, and for all owners from there: keys cost nothing.
    Owned(Identity, Source),
}

/// What was used up lately.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Comings {
    budgets: BTreeMap<Visitor, VisitBudget>,
    /// The sessions: whose each is, and when it began.
    #[serde(serialize_with = "in_order::map")]
    here: ByConn<(Visit, Timestamp)>,
    /// The latest moment of the steady clock that is known here.
    now: Timestamp,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct VisitBudget {
    comings: Bucket,
    bindings: Bucket,
    bytes: Bucket,
}

impl Visitor {
    /// How much may be said that is stored.
    fn byte_rate(self) -> Rate {
        match self {
            Self::From(source) | Self::OwnersFrom(source) if source.is_local_network() => STORED_BYTES_HERE,
            Self::From(_) | Self::OwnersFrom(_) | Self::Owner(_) => STORED_BYTES,
        }
    }

    /// How often they may come and go, and how many names they may bind.
    fn rates(self) -> (Rate, Rate) {
        match self {
            // Everybody of this machine may come from there, over a tunnel or a proxy.
            Self::From(source) | Self::OwnersFrom(source) if source.is_local_network() => (COMINGS_HERE, BINDINGS_HERE),
            Self::OwnersFrom(_) => (COMINGS_OF_OWNERS, BINDINGS),
            Self::From(_) | Self::Owner(_) => (COMINGS, BINDINGS),
        }
    }
}

impl Visit {
    fn visitors(self) -> impl Iterator<Item = Visitor> {
        let (first, second) = match self {
            Self::Claimed(source) => (Visitor::From(source), None),
            Self::Owned(owner, source) => (Visitor::Owner(owner), Some(Visitor::OwnersFrom(source))),
        };
        [first].into_iter().chain(second)
    }
}

impl Comings {
    /// The clock ticks.
    pub(super) fn tick(&mut self, now: Timestamp) {
        self.now = self.now.max(now);
    }

    /// How long to wait before another session may begin; `None` if it may now.
    pub(super) fn wait_to_come(&self, visit: Visit, now: Timestamp) -> Option<Duration> {
        let wait = |visitor: Visitor| {
            let mut budget = *self.budgets.get(&visitor)?;
            let (rate, _) = visitor.rates();
            (!budget.comings.has_any(rate, now)).then(|| budget.comings.wait(rate))
        };
        visit.visitors().filter_map(wait).max()
    }

    /// How long to wait before another name may be bound from there; `None` if it may now.
    pub(super) fn wait_to_bind(&self, source: Source, now: Timestamp) -> Option<Duration> {
        let visitor = Visitor::From(source);
        let mut budget = *self.budgets.get(&visitor)?;
        let (_, rate) = visitor.rates();
        (!budget.bindings.has_any(rate, now)).then(|| budget.bindings.wait(rate))
    }

    /// A session begins.
    pub(super) fn come(&mut self, conn: ConnId, visit: Visit, now: Timestamp) {
        self.tick(now);
        self.here.insert(conn, (visit, now));
    }

    /// A session has ended; a short one counts.
    pub(super) fn go(&mut self, conn: ConnId) {
        let Some((visit, since)) = self.here.remove(&conn) else { return };
        if self.now.since(since) >= SHORT_STAY {
            return;
        }
        let now = self.now;
        for visitor in visit.visitors() {
            let (rate, _) = visitor.rates();
            self.budget(visitor).comings.take_anyway(rate, now, 1);
        }
    }

    /// A name that had no owner was bound from there.
    pub(super) fn bind(&mut self, source: Source, now: Timestamp) {
        self.tick(now);
        let visitor = Visitor::From(source);
        let (_, rate) = visitor.rates();
        self.budget(visitor).bindings.take_anyway(rate, now, BINDING_TOKENS);
    }

    /// Counts what is said from there and stored; how long to wait, if that is too much for now.
    pub(super) fn store(&mut self, source: Source, bytes: usize, now: Timestamp) -> Option<Duration> {
        self.tick(now);
        let visitor = Visitor::From(source);
        let rate = visitor.byte_rate();
        let budget = self.budget(visitor);
        if !budget.bytes.has_any(rate, now) {
            return Some(budget.bytes.wait(rate));
        }
        budget.bytes.take_anyway(rate, now, bytes + MESSAGE_COST);
        None
    }

    fn budget(&mut self, visitor: Visitor) -> &mut VisitBudget {
        if self.budgets.len() >= MAX_SOURCES && !self.budgets.contains_key(&visitor) {
            self.make_room();
        }
        let (comings, bindings) = visitor.rates();
        let now = self.now;
        let fresh = || VisitBudget {
            comings: Bucket::full(comings, now),
            bindings: Bucket::full(bindings, now),
            bytes: Bucket::full(visitor.byte_rate(), now),
        };
        self.budgets.entry(visitor).or_insert_with(fresh)
    }

    /// Forgets those who have used up nothing of late; or else whoever has used up least.
    fn make_room(&mut self) {
        let now = self.now;
        self.budgets.retain(|visitor, budget| {
            let (comings, bindings) = visitor.rates();
            budget.comings.fill(comings, now);
            budget.bindings.fill(bindings, now);
            let bytes = visitor.byte_rate();
            budget.bytes.fill(bytes, now);
            !budget.comings.is_full(comings) || !budget.bindings.is_full(bindings) || !budget.bytes.is_full(bytes)
        });
        if self.budgets.len() >= MAX_SOURCES {
            let least =
                self.budgets.iter().max_by_key(|(_, budget)| (budget.comings.tokens(), budget.bindings.tokens()));
            if let Some(least) = least.map(|(visitor, _)| *visitor) {
                self.budgets.remove(&least);
            }
        }
    }
}
