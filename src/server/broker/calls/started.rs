//! How many calls each user has started lately. Users are counted by name, so that a new connection does not help.
//!
//! Must not know: whom they called, or what became of it.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use crate::model::{FoldedName, Timestamp};
use crate::server::limits::{CALL_WINDOW, CALLS_STARTED};

/// The calls that were started within [`CALL_WINDOW`]: at most [`CALLS_STARTED`] of each user.
#[derive(Debug, Default)]
pub(super) struct StartedCalls {
    of: BTreeMap<FoldedName, VecDeque<Timestamp>>,
    in_order: VecDeque<(Timestamp, FoldedName)>,
}

impl StartedCalls {
    /// Counts a call.
    ///
    /// # Errors
    /// The user has started [`CALLS_STARTED`]: how long until another can be.
    pub(super) fn start(&mut self, user: FoldedName, now: Timestamp) -> Result<(), Duration> {
        self.forget(now);
        let times = self.of.entry(user.clone()).or_default();
        match times.front().filter(|_| times.len() >= CALLS_STARTED) {
            Some(first) => Err(CALL_WINDOW.saturating_sub(now.since(*first))),
            None => {
                times.push_back(now);
                self.in_order.push_back((now, user));
                Ok(())
            }
        }
    }

    /// Forgets those that were started longer ago.
    pub(super) fn forget(&mut self, now: Timestamp) {
        let old = self.in_order.partition_point(|(at, _)| now.since(*at) >= CALL_WINDOW);
        for (_, user) in self.in_order.drain(..old) {
            if let Some(times) = self.of.get_mut(&user) {
                times.pop_front();
                if times.is_empty() {
                    self.of.remove(&user);
                }
            }
        }
    }
}
