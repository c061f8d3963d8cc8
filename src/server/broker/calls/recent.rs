//! How often each user has done something with calls lately: started one, or joined one. Users are counted by name, so that a
//! new connection does not help.
//!
//! Must not know: which calls these are, or what became of them.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use crate::model::{FoldedName, Timestamp};
use crate::server::limits::CALL_WINDOW;

/// What was done within [`CALL_WINDOW`]: at most so many times by each user.
#[derive(Debug)]
pub(super) struct RecentCalls {
    most: usize,
    of: BTreeMap<FoldedName, VecDeque<Timestamp>>,
    in_order: VecDeque<(Timestamp, FoldedName)>,
}

impl RecentCalls {
    /// Nothing was done yet; each user may do it `most` times within [`CALL_WINDOW`].
    pub(super) fn new(most: usize) -> Self {
        Self { most, of: BTreeMap::new(), in_order: VecDeque::new() }
    }

    /// Counts once more.
    ///
    /// # Errors
    /// The user has done it too often: how long until they can again.
    pub(super) fn count(&mut self, user: FoldedName, now: Timestamp) -> Result<(), Duration> {
        self.forget(now);
        let times = self.of.entry(user.clone()).or_default();
        match times.front().filter(|_| times.len() >= self.most) {
            Some(first) => Err(CALL_WINDOW.saturating_sub(now.since(*first))),
            None => {
                times.push_back(now);
                self.in_order.push_back((now, user));
                Ok(())
            }
        }
    }

    /// Forgets what was done longer ago.
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
