//! Writes the metrics as text: OpenMetrics 1.0.0.
//!
//! Must not know: where the metrics come from, or who reads them.

use std::fmt::{self, Display, Write as _};
use std::time::Duration;

use super::metrics::{ByWord, ClusterReport, Histogram, Snapshot, Upkeep};
use crate::model::Timestamp;
use crate::protocol::Code;

/// The content type of the text.
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Writes the metrics of a server that started at `start`.
#[must_use]
pub fn write(snapshot: &Snapshot, upkeep: &Upkeep, start: Timestamp) -> String {
    let mut page = Page::default();
    let Snapshot { counts, meter, census, inbox, backlog, store, sick, relayed, cluster } = snapshot;
    page.family("tr2_build", "info", "Build information.");
    page.sample("tr2_build_info", &[("version", env!("CARGO_PKG_VERSION"))], 1);
    page.family("process_start_time_seconds", "gauge", "When the server started.");
    page.sample("process_start_time_seconds", &[], Seconds(since_1970(start)));

    page.family("tr2_sessions", "gauge", "Connected users, by dialect and kind of identity.");
    for ((dialect, proof), count) in &census.sessions {
        page.sample("tr2_sessions", &[("dialect", dialect), ("proof", proof)], count);
    }
    page.gauge("tr2_unnamed_connections", "Connections without a name yet.", census.unnamed);
    page.family("tr2_connections", "gauge", "Open connections.");
    page.samples("tr2_connections", "transport", &census.open);
    page.counters("tr2_connections_accepted", "transport", "Accepted connections.", &counts.connections);
    page.counters("tr2_turned_away", "code", "Refused connections.", &counts.turned_away);
    page.counter("tr2_joins", "Users who joined.", counts.joins);
    page.counter("tr2_leaves", "Users who left.", counts.leaves);
    page.counters("tr2_names_refused", "code", "Refused names.", &counts.names_refused);

    page.counter("tr2_messages_accepted", "Accepted messages.", counts.accepted);
    page.counter("tr2_messages_again", "Accepted messages that were sent again.", counts.again);
    page.counter("tr2_deliveries", "Messages, once for each connection that was sent one.", meter.deliveries);
    let mut refused: ByWord = Code::ALL.into_iter().map(|code| (code.as_str(), 0)).collect();
    refused.extend(&meter.refused);
    page.counters("tr2_refused", "code", "Refusals.", &refused);
    page.counter("tr2_slow_consumers", "Connections that were cut because they read too slowly.", counts.slow);
    page.counter("tr2_received_bytes", "Bytes received, without the overhead of TLS.", counts.received);
    page.counter("tr2_sent_bytes", "Bytes sent to connections, without the overhead of TLS.", meter.bytes);

    page.family("tr2_calls", "gauge", "Calls that ring, and calls that were answered.");
    page.samples("tr2_calls", "state", &census.calls);
    page.counter("tr2_calls_begun", "Calls that have rung.", counts.calls_begun);
    page.counter("tr2_calls_answered", "Calls that were taken.", counts.calls_answered);
    page.counters("tr2_calls_ended", "outcome", "Calls that are over.", &counts.calls_ended);

    page.gauge("tr2_inbox_events", "Arrivals waiting for the broker.", *inbox);
    page.gauge("tr2_pending_messages", "Messages waiting for the store.", census.pending);
    page.gauge("tr2_pending_bytes", "Bytes of text waiting for the store.", census.pending_bytes);
    page.gauge("tr2_backlog_bytes", "Bytes waiting for slow readers.", *backlog);
    page.histogram("tr2_accept_delay_seconds", "Time from reading a message to accepting it.", &counts.delays);
    page.histogram("tr2_round_duration_seconds", "Duration of a round of the broker.", &counts.rounds);
    page.counter("tr2_store_commits", "Committed transactions.", store.0);
    page.counter("tr2_store_failures", "Failed transactions.", store.1);
    page.gauge("tr2_store_sick", "Whether the store fails: 1, until something is stored again.", u8::from(*sick));
    page.counters("tr2_reloads", "outcome", "Reloads of the settings.", &counts.reloads);
    page.upkeep(upkeep);
    page.counter("tr2_relayed_packets", "Relayed packets of calls.", relayed.packets);
    page.counter("tr2_relayed_bytes", "Bytes of relayed packets.", relayed.bytes);
    page.counters("tr2_relay_dropped", "reason", "Packets of calls that were not relayed.", &relayed.dropped);
    if let Some(report) = cluster {
        page.cluster(report);
    }
    page.0.push_str("# EOF\n");
    page.0
}

/// The seconds since 1970.
fn since_1970(time: Timestamp) -> Duration {
    Duration::from_millis(u64::try_from(time.0).unwrap_or(0))
}

#[derive(Default)]
struct Page(String);

impl Page {
    fn line(&mut self, line: fmt::Arguments<'_>) {
        // Writing to a string does not fail.
        let _ = self.0.write_fmt(line);
        self.0.push('\n');
    }

    fn family(&mut self, name: &str, kind: &str, help: &str) {
        self.line(format_args!("# TYPE {name} {kind}"));
        if let Some(unit) = ["seconds", "bytes"].into_iter().find(|unit| name.ends_with(&format!("_{unit}"))) {
            self.line(format_args!("# UNIT {name} {unit}"));
        }
        self.line(format_args!("# HELP {name} {help}"));
    }

    /// Names and values of labels are words of this program: none of them needs escaping.
    fn sample(&mut self, name: &str, labels: &[(&str, &str)], value: impl Display) {
        let labels: Vec<String> = labels.iter().map(|(label, word)| format!("{label}=\"{word}\"")).collect();
        match labels.as_slice() {
            [] => self.line(format_args!("{name} {value}")),
            labels => self.line(format_args!("{name}{{{}}} {value}", labels.join(","))),
        }
    }

    fn samples(&mut self, name: &str, label: &str, values: &ByWord) {
        for (word, count) in values {
            self.sample(name, &[(label, word)], count);
        }
    }

    fn gauge(&mut self, name: &str, help: &str, value: impl Display) {
        self.family(name, "gauge", help);
        self.sample(name, &[], value);
    }

    /// The part of a node in the log.
    fn cluster(&mut self, report: &ClusterReport) {
        let ClusterReport { position, newest, age, nodes, out_of_touch, engine_lost, accepted: _ } = report;
        self.gauge("tr2_cluster_position", "The last entry of the log that this node has read.", position);
        self.gauge("tr2_cluster_newest", "The last entry that the log is known to have.", newest);
        let help = "How old what this node shows is; missing while it is not in.";
        self.known_gauge("tr2_cluster_age_seconds", help, age.map(|age| age.as_secs_f64()));
        self.gauge("tr2_cluster_nodes", "Nodes that are in.", nodes);
        let help = "How many times this node has sent its users elsewhere because it was out of touch.";
        self.counter("tr2_cluster_out_of_touch", help, *out_of_touch);
        self.counter("tr2_cluster_engine_lost", "How many times the log was not heard.", *engine_lost);
    }

    fn known_gauge(&mut self, name: &str, help: &str, value: Option<impl Display>) {
        if let Some(value) = value {
            self.gauge(name, help, value);
        }
    }

    fn upkeep(&mut self, &Upkeep { free, history, log, last_backup, certificate_end }: &Upkeep) {
        let time = |time: Option<Timestamp>| time.map(|time| Seconds(since_1970(time)));
        self.known_gauge("tr2_disk_free_bytes", "Bytes that can still be written on the disk of the data.", free);
        self.known_gauge("tr2_history_bytes", "Size of the history.", history);
        self.known_gauge("tr2_history_log_bytes", "Size of the write-ahead log of the history.", log);
        let help = "When the last backup was made; 0 if there was none.";
        self.known_gauge("tr2_last_backup_timestamp_seconds", help, time(last_backup));
        let help = "When the first of the certificates that are shown ends.";
        self.known_gauge("tr2_certificate_end_timestamp_seconds", help, time(certificate_end));
    }

    fn counter(&mut self, name: &str, help: &str, value: u64) {
        self.family(name, "counter", help);
        self.sample(&format!("{name}_total"), &[], value);
    }

    fn counters(&mut self, name: &str, label: &str, help: &str, values: &ByWord) {
        self.family(name, "counter", help);
        self.samples(&format!("{name}_total"), label, values);
    }

    fn histogram(&mut self, name: &str, help: &str, histogram: &Histogram) {
        self.family(name, "histogram", help);
        let mut all = 0;
        for (bound, within) in histogram.within() {
            let bound = bound.map_or("+Inf".to_owned(), |micros| Seconds(Duration::from_micros(micros)).to_string());
            self.sample(&format!("{name}_bucket"), &[("le", &bound)], within);
            all = within;
        }
        self.sample(&format!("{name}_count"), &[], all);
        self.sample(&format!("{name}_sum"), &[], Seconds(histogram.sum()));
    }
}

/// Seconds in decimal notation: at least one decimal place, and no zeros at the end.
struct Seconds(Duration);

impl Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let micros = format!("{:06}", self.0.subsec_micros());
        let places = micros.trim_end_matches('0');
        write!(f, "{}.{}", self.0.as_secs(), if places.is_empty() { "0" } else { places })
    }
}
