//! How often sessions may come and go, and how many new names may be bound: from one network or local user, and by the
//! owner of a name.
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
use crate::server::limits::{
    BINDING_TOKENS, BINDINGS, BINDINGS_HERE, COMINGS, COMINGS_HERE, MAX_SOURCES, Rate, SHORT_STAY,
};

/// Whom comings and goings count for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Visitor {
    /// Everyone from there.
    From(Source),
    /// The owner of a name.
    Owner(Identity),
}

/// What was used up lately.
#[derive(Debug, Default)]
pub(super) struct Comings {
    budgets: BTreeMap<Visitor, VisitBudget>,
    /// The sessions: whose each is, and when it began.
    here: ByConn<(Visitor, Timestamp)>,
    /// The latest moment of the steady clock that is known here.
    now: Timestamp,
}

#[derive(Clone, Copy, Debug)]
struct VisitBudget {
    comings: Bucket,
    bindings: Bucket,
}

impl Visitor {
    /// How often they may come and go, and how many names they may bind.
    fn rates(self) -> (Rate, Rate) {
        match self {
            // Everybody of this machine may come from there, over a tunnel or a proxy.
            Self::From(source) if source.is_local_network() => (COMINGS_HERE, BINDINGS_HERE),
            Self::From(_) | Self::Owner(_) => (COMINGS, BINDINGS),
        }
    }
}

impl Comings {
    /// The clock ticks.
    pub(super) fn tick(&mut self, now: Timestamp) {
        self.now = self.now.max(now);
    }

    /// How long a visitor has to wait before another session may begin; `None` if it may now.
    pub(super) fn wait_to_come(&self, visitor: Visitor, now: Timestamp) -> Option<Duration> {
        let mut budget = *self.budgets.get(&visitor)?;
        let (rate, _) = visitor.rates();
        (!budget.comings.has_any(rate, now)).then(|| budget.comings.wait(rate))
    }

    /// How long a visitor has to wait before another name may be bound; `None` if it may now.
    pub(super) fn wait_to_bind(&self, visitor: Visitor, now: Timestamp) -> Option<Duration> {
        let mut budget = *self.budgets.get(&visitor)?;
        let (_, rate) = visitor.rates();
        (!budget.bindings.has_any(rate, now)).then(|| budget.bindings.wait(rate))
    }

    /// A session begins.
    pub(super) fn come(&mut self, conn: ConnId, visitor: Visitor, now: Timestamp) {
        self.tick(now);
        self.here.insert(conn, (visitor, now));
    }

    /// A session has ended; a short one counts.
    pub(super) fn go(&mut self, conn: ConnId) {
        let Some((visitor, since)) = self.here.remove(&conn) else { return };
        if self.now.since(since) < SHORT_STAY {
            let (rate, _) = visitor.rates();
            let now = self.now;
            self.budget(visitor).comings.take_anyway(rate, now, 1);
        }
    }

    /// A visitor has bound a name that had no owner.
    pub(super) fn bind(&mut self, visitor: Visitor, now: Timestamp) {
        self.tick(now);
        let (_, rate) = visitor.rates();
        self.budget(visitor).bindings.take_anyway(rate, now, BINDING_TOKENS);
    }

    fn budget(&mut self, visitor: Visitor) -> &mut VisitBudget {
        if self.budgets.len() >= MAX_SOURCES && !self.budgets.contains_key(&visitor) {
            self.make_room();
        }
        let (comings, bindings) = visitor.rates();
        let now = self.now;
        let fresh = || VisitBudget { comings: Bucket::full(comings, now), bindings: Bucket::full(bindings, now) };
        self.budgets.entry(visitor).or_insert_with(fresh)
    }

    /// Forgets those who have used up nothing of late; or else whoever has used up least.
    fn make_room(&mut self) {
        let now = self.now;
        self.budgets.retain(|visitor, budget| {
            let (comings, bindings) = visitor.rates();
            budget.comings.fill(comings, now);
            budget.bindings.fill(bindings, now);
            !budget.comings.is_full(comings) || !budget.bindings.is_full(bindings)
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
