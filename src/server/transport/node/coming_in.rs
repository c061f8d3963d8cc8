//! A node comes in: the log is the one that it knows, it has been read to its end, and nobody else speaks for the node.
//!
//! Must not know: what is in an entry.

use super::{NodeDesk, follow};
use crate::model::Now;
use crate::server::cluster::fault::Fault;
use crate::server::limits::TWIN_PATIENCE;
use crate::server::log::{Log as _, LogEnd, LogPosition};

impl NodeDesk {
    /// Comes in once the log has been read to its end, and nobody else speaks for this node.
    pub(super) fn come_in_at_the_end(&mut self, now: Now) -> Result<(), Fault> {
        let follower = self.replica.follower();
        let position = follower.turn().state().position;
        if self.came_in || self.known.is_some() || self.log.newest().is_none_or(|newest| newest.0 > position) {
            return Ok(());
        }
        let own = follower.lane().node().clone();
        let next = follower.turn().state().roll.get(&own).filter(|record| record.alive).map(|record| record.next);
        if let Some(next) = next {
            // An epoch is alive that is not of this run: of one that was killed, or of a program that still runs.
            let (seen, since) = *self.before_me.get_or_insert((next, now.steady));
            // One entry may have been on its way when a program was killed.
            if next > seen + 1 {
                return Err(self.replica.follower_mut().stop(Fault::Twin(own)));
            }
            if now.steady.since(since) < TWIN_PATIENCE {
                return Ok(());
            }
        }
        self.came_in = true;
        self.replica.follower_mut().come_in();
        Ok(())
    }

    /// The tail has ended.
    pub(super) fn take_end(&mut self, end: LogEnd) -> Result<(), Fault> {
        let position = self.position();
        let fault = match end {
            // A log that was founded from this very place begins behind it.
            LogEnd::Gap { wanted, oldest }
                if self.known == Some(wanted.0) && oldest.0 <= position.saturating_add(1) =>
            {
                self.known = None;
                (self.log, self.tail) = follow(&self.options, self.executor, LogPosition(position));
                return Ok(());
            }
            LogEnd::Gap { wanted, oldest } => Fault::Gap { expected: wanted.0.max(position + 1), found: oldest.0 },
            LogEnd::Shorter { tailed, newest } => Fault::Shorter { applied: tailed.0.max(position), newest: newest.0 },
            LogEnd::Altered { position } => Fault::Rewritten { position: position.0 },
            LogEnd::Replaced { .. } => Fault::FoundedAnew,
        };
        Err(self.replica.follower_mut().stop(fault))
    }
}
