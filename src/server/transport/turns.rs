//! Turns: whoever asks for much waits for the others. What a connection asks beyond its turn, or beyond what it may use up
//! in a while, waits here in order.
//!
//! Must not know: what is asked, or who asks.

use std::collections::VecDeque;

use super::inbox::Arrival;
use crate::model::Timestamp;
use crate::server::bucket::Bucket;
use crate::server::ids::{ByConn, ConnId};
use crate::server::limits::{MAX_HELD, WORK};

/// The connections that have asked for much lately.
#[derive(Debug, Default)]
pub(super) struct Turns {
    budgets: ByConn<WorkBudget>,
    /// Those of which something waits, in the order of their turns.
    order: VecDeque<ConnId>,
}

#[derive(Debug)]
struct WorkBudget {
    bucket: Bucket,
    held: VecDeque<Arrival>,
    bytes: usize,
}

impl Turns {
    /// Whether what arrives from a connection has to wait: something of it waits already, or it has used up too much.
    pub(super) fn must_wait(&mut self, conn: ConnId, now: Timestamp) -> bool {
        self.budgets.get_mut(&conn).is_some_and(|budget| !budget.held.is_empty() || !budget.bucket.has_any(WORK, now))
    }

    /// Whether anything waits.
    pub(super) fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// Lets an arrival wait, behind those of its connection; gives it back if too many bytes of it wait.
    pub(super) fn hold(&mut self, conn: ConnId, arrival: Arrival, bytes: usize, now: Timestamp) -> Option<Arrival> {
        let budget = self.budget(conn, now);
        if budget.bytes + bytes > MAX_HELD {
            return Some(arrival);
        }
        budget.bytes += bytes;
        budget.held.push_back(arrival);
        if budget.held.len() == 1 {
            self.order.push_back(conn);
        }
        None
    }

    /// Puts the rest of an arrival back in front.
    pub(super) fn put_back(&mut self, conn: ConnId, rest: Arrival, bytes: usize, now: Timestamp) {
        let budget = self.budget(conn, now);
        budget.bytes += bytes;
        budget.held.push_front(rest);
        if budget.held.len() == 1 {
            self.order.push_back(conn);
        }
    }

    /// A connection has used up so much work.
    pub(super) fn charge(&mut self, conn: ConnId, items: usize, now: Timestamp) {
        if items > 0 {
            self.budget(conn, now).bucket.take_anyway(WORK, now, items);
        }
    }

    /// The next arrival whose turn it is; `length` tells the bytes of an arrival.
    pub(super) fn next(&mut self, now: Timestamp, length: impl Fn(&Arrival) -> usize) -> Option<Arrival> {
        for _ in 0..self.order.len() {
            let conn = self.order.pop_front()?;
            let Some(budget) = self.budgets.get_mut(&conn) else { continue };
            // A connection that has ended asks for nothing more.
            let ends = matches!(budget.held.back(), Some(Arrival::Ended(..)));
            if !ends && !budget.bucket.has_any(WORK, now) {
                self.order.push_back(conn);
                continue;
            }
            let Some(arrival) = budget.held.pop_front() else { continue };
            budget.bytes = budget.bytes.saturating_sub(length(&arrival));
            if !budget.held.is_empty() {
                self.order.push_back(conn);
            }
            return Some(arrival);
        }
        None
    }

    /// The connections whose end waits for its turn.
    pub(super) fn ending(&self) -> impl Iterator<Item = ConnId> {
        let ends = |budget: &WorkBudget| matches!(budget.held.back(), Some(Arrival::Ended(..)));
        self.budgets.iter().filter(move |(_, budget)| ends(budget)).map(|(conn, _)| *conn)
    }

    /// Forgets a connection.
    pub(super) fn forget(&mut self, conn: ConnId) {
        self.budgets.remove(&conn);
    }

    /// Forgets connections that have asked for little since; to be called once in a while.
    pub(super) fn tidy(&mut self, now: Timestamp) {
        self.budgets.retain(|_, budget| {
            budget.bucket.fill(WORK, now);
            !budget.held.is_empty() || !budget.bucket.is_full(WORK)
        });
    }

    fn budget(&mut self, conn: ConnId, now: Timestamp) -> &mut WorkBudget {
        let fresh = || WorkBudget { bucket: Bucket::full(WORK, now), held: VecDeque::new(), bytes: 0 };
        self.budgets.entry(conn).or_insert_with(fresh)
    }
}
