//! The end of a round: what was decided is given to the store, written to the sockets and logged.
//!
//! Must not know: what was decided.

use std::io;

use async_std::channel::Receiver;

use super::{BrokerTask, PartEnded};
use crate::server::broker::Input;
use crate::server::limits::MERGE_PATIENCE;
use crate::server::store::Report;
use crate::server::store::api::Job;

impl BrokerTask {
    /// Writes the round, and passes on what is to be stored, logged and checked.
    pub(super) fn end_round(&mut self) -> io::Result<()> {
        self.order_relay();
        let now = self.clock.elapsed();
        let mut slow = self.senders.flush(&mut self.outbox, now);
        // A slow consumer's departure is told to the others, one of whom may turn out to be slow in turn.
        while !slow.is_empty() {
            self.counts.slow += slow.len() as u64;
            for conn in slow {
                self.handle(Input::Disconnected(conn, "slow consumer"));
            }
            slow = self.senders.flush(&mut self.outbox, now);
        }
        self.hand_over_legs();
        for note in self.outbox.notes.drain(..) {
            if self.decider.concerns(&note) {
                self.counts.note(&note);
                note.log();
            }
        }
        for (conn, outcome) in self.outbox.outcomes.drain(..) {
            // An asker that is gone no longer wants it.
            let _ = self.askers.remove(&conn).map(|asker| asker.try_send(outcome));
        }
        for check in self.outbox.checks.drain(..) {
            // The broker lets no more checks wait than the channel holds.
            let _ = self.services.checks.try_send(check);
        }
        for lookup in self.outbox.lookups.drain(..) {
            // The broker lets no more look-ups wait than the channel holds.
            let _ = self.services.lookups.try_send(lookup);
        }
        self.submit()
    }

    /// Adds the store's reports so far to this round; while many messages wait, also the next report: two small rounds
    /// cost more than one large one, and everybody waits longer.
    pub(super) async fn wait_for_more(&mut self, reports: &Receiver<Report>) {
        while !self.outbox.is_full()
            && let Ok(report) = reports.try_recv()
        {
            self.take_report(report);
        }
        if self.outbox.has_room()
            && self.decider.broker().awaits_many()
            && let Ok(Ok(report)) = async_std::future::timeout(MERGE_PATIENCE, reports.recv()).await
        {
            self.take_report(report);
        }
    }

    /// Gives the store its jobs.
    pub(super) fn submit(&mut self) -> io::Result<()> {
        let messages = self.outbox.jobs.iter().filter(|job| matches!(job, Job::Append(_))).count();
        self.submitted.extend(std::iter::repeat_n(self.round_began, messages));
        if self.decider.submit(&mut self.outbox) { Ok(()) } else { Err(io::Error::other(PartEnded::Store)) }
    }
}
