//! The metrics, as the broker's task knows them.
//!
//! Must not know: who asks for them, or how they are written.

use super::BrokerTask;
use crate::server::telemetry::metrics::{Relayed, Snapshot};
use crate::server::transport::relay_task::shared::RelayReport;

impl BrokerTask {
    /// Answers the requests for the metrics.
    pub(super) fn answer_metrics(&mut self, inbox: usize) {
        if self.metrics_requests.is_empty() {
            return;
        }
        let snapshot = Snapshot {
            counts: self.counts.clone(),
            meter: self.outbox.meter.clone(),
            census: self.broker.census(),
            inbox,
            backlog: self.senders.waiting(),
            store: self.store.transactions(),
            sick: self.store.is_sick(),
            relayed: relayed(self.services.relay.report()),
        };
        for request in self.metrics_requests.drain(..) {
            // A requester that is gone does not want them any more.
            let _ = request.try_send(snapshot.clone());
        }
    }
}

fn relayed(report: RelayReport) -> Relayed {
    let RelayReport { counts, too_slow, .. } = report;
    let dropped = [("over_rate", counts.over_rate), ("nowhere", counts.nowhere), ("too_slow", too_slow)];
    Relayed { packets: counts.packets, bytes: counts.bytes, dropped: dropped.into() }
}
