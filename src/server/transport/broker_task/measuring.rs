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
        let now = self.clock.now();
        let (store, sick) = self.decider.transactions();
        let cluster = self.decider.node().map(|node| node.report(now));
        let mut counts = self.counts.clone();
        if let Some(report) = &cluster {
            (counts.accepted, counts.again) = report.accepted;
        }
        let snapshot = Snapshot {
            counts,
            meter: self.outbox.meter.clone(),
            census: self.decider.broker().census(),
            inbox,
            backlog: self.senders.waiting(),
            store,
            sick,
            cluster,
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
