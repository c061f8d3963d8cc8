//! Metrics: they are right, they are OpenMetrics, the alerts that come with them are about them, and their clients harm
//! nobody.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::os::unix::net::UnixStream;
use std::process::Command;
use std::time::{Duration, Instant};

use tr2::model::Timestamp;
use tr2::server::limits::{METRICS_CLIENTS, METRICS_DEADLINE, METRICS_REQUEST};
use tr2::server::telemetry::metrics::{
    Census, ClusterReport, Counts, DELAYS, Histogram, Meter, Relayed, Snapshot, Upkeep,
};
use tr2::server::telemetry::openmetrics as exposition;
use tr2::server::transport::http::{self, Status};

use crate::original::Original;
use crate::serving::{Folder, PATIENCE, Peer, Server, TR2};

// ----------------------------------------------------------------------------------------------------- as they are

/// Parses a page as strictly as OpenMetrics 1.0.0 demands, and returns its samples.
fn parse(page: &str) -> BTreeMap<String, f64> {
    let body = page.strip_suffix("# EOF\n").expect("the page ends in # EOF");
    let (mut families, mut samples): (BTreeSet<&str>, _) = (BTreeSet::new(), BTreeMap::new());
    let (mut family, mut kind) = ("", "");
    for line in body.lines() {
        if let Some(rest) = line.strip_prefix("# ") {
            let (word, rest) = rest.split_once(' ').unwrap();
            let (name, text) = rest.split_once(' ').unwrap();
            match word {
                "TYPE" => {
                    assert!(families.insert(name), "{name} comes twice");
                    assert!(["counter", "gauge", "histogram", "info"].contains(&text), "{line}");
                    assert!(kind != "counter" || !name.ends_with("_total"), "{line}");
                    (family, kind) = (name, text);
                }
                "UNIT" => assert!(name == family && name.ends_with(&format!("_{text}")), "{line}"),
                "HELP" => assert!(name == family && !text.contains(['\\', '"', '\n']), "{line}"),
                _ => panic!("{line}"),
            }
            continue;
        }
        let (what, value) = line.rsplit_once(' ').unwrap();
        let name = what.split('{').next().unwrap();
        let suffix = name.strip_prefix(family).unwrap_or_else(|| panic!("{line} is no part of {family}"));
        let fine = match kind {
            "counter" => suffix == "_total",
            "info" => suffix == "_info",
            "histogram" => ["_bucket", "_count", "_sum"].contains(&suffix),
            _ => suffix.is_empty(),
        };
        assert!(fine, "{line} in a {kind}");
        if let Some(labels) = what.strip_prefix(name).filter(|labels| !labels.is_empty()) {
            let inner = labels.strip_prefix('{').unwrap().strip_suffix('}').unwrap();
            for label in inner.split(',') {
                let (label, word) = label.split_once('=').unwrap();
                assert!(label.chars().all(|c| c.is_ascii_lowercase() || c == '_'), "{line}");
                let word = word.strip_prefix('"').unwrap().strip_suffix('"').unwrap();
                assert!(!word.contains(['"', '\\', '\n']), "{line}");
            }
        }
        let value: f64 = value.parse().unwrap();
        assert!(samples.insert(what.to_owned(), value).is_none(), "{what} comes twice");
    }
    for family in families {
        let bucket = format!("{family}_bucket{{le=\"");
        let mut buckets: Vec<(f64, f64)> = samples
            .iter()
            .filter_map(|(name, value)| {
                Some((name.strip_prefix(&bucket)?.trim_end_matches("\"}").parse().unwrap(), *value))
            })
            .collect();
        buckets.sort_by(|one, other| one.0.total_cmp(&other.0));
        assert!(buckets.is_sorted_by(|one, other| one.1 <= other.1), "{family} grows from bucket to bucket");
        if let Some((last, all)) = buckets.last() {
            assert!(last.is_infinite() && *all == samples[&format!("{family}_count")], "{family}");
        }
    }
    samples
}

const ALL_KNOWN: Upkeep = Upkeep {
    free: Some(14),
    history: Some(15),
    log: Some(16),
    last_backup: Some(Timestamp(17_500)),
    certificate_end: Some(Timestamp(18_000)),
};

#[test]
fn the_page_is_openmetrics() {
    let mut counts = Counts::default();
    for micros in [0, 500, 501, 2_000_000, 9_000_000] {
        counts.delays.add(Duration::from_micros(micros), 1);
    }
    let mut meter = Meter::default();
    meter.refused.insert("busy", 3);
    let dropped = [("over_rate", 13)].into();
    let relayed = Relayed { packets: 12, bytes: 1200, dropped };
    counts.reloaded(false);
    let census = Census::default();
    let cluster = Some(ClusterReport {
        position: 20,
        newest: 21,
        age: Some(Duration::from_millis(1500)),
        nodes: 3,
        out_of_touch: 4,
        engine_lost: 5,
        accepted: (0, 0),
    });
    let snapshot =
        Snapshot { counts, meter, census, inbox: 7, backlog: 8, store: (9, 10), sick: true, relayed, cluster };
    let start = Timestamp(1_795_000_000_250);
    let page = exposition::write(&snapshot, &ALL_KNOWN, start);
    let samples = parse(&page);
    for (name, value) in [
        ("process_start_time_seconds", 1_795_000_000.25),
        ("tr2_accept_delay_seconds_bucket{le=\"0.0005\"}", 2.0),
        ("tr2_accept_delay_seconds_bucket{le=\"0.001\"}", 3.0),
        ("tr2_accept_delay_seconds_bucket{le=\"1.0\"}", 3.0),
        ("tr2_accept_delay_seconds_bucket{le=\"2.5\"}", 4.0),
        ("tr2_accept_delay_seconds_bucket{le=\"+Inf\"}", 5.0),
        ("tr2_accept_delay_seconds_sum", 11.001_001),
        ("tr2_refused_total{code=\"busy\"}", 3.0),
        ("tr2_refused_total{code=\"name_taken\"}", 0.0),
        ("tr2_inbox_events", 7.0),
        ("tr2_backlog_bytes", 8.0),
        ("tr2_store_commits_total", 9.0),
        ("tr2_store_failures_total", 10.0),
        ("tr2_store_sick", 1.0),
        ("tr2_reloads_total{outcome=\"done\"}", 0.0),
        ("tr2_reloads_total{outcome=\"refused\"}", 1.0),
        ("tr2_disk_free_bytes", 14.0),
        ("tr2_history_bytes", 15.0),
        ("tr2_history_log_bytes", 16.0),
        ("tr2_last_backup_timestamp_seconds", 17.5),
        ("tr2_certificate_end_timestamp_seconds", 18.0),
        ("tr2_relayed_packets_total", 12.0),
        ("tr2_relayed_bytes_total", 1200.0),
        ("tr2_relay_dropped_total{reason=\"over_rate\"}", 13.0),
        ("tr2_cluster_position", 20.0),
        ("tr2_cluster_newest", 21.0),
        ("tr2_cluster_age_seconds", 1.5),
        ("tr2_cluster_nodes", 3.0),
        ("tr2_cluster_out_of_touch_total", 4.0),
        ("tr2_cluster_engine_lost_total", 5.0),
    ] {
        assert_eq!(samples.get(name), Some(&value), "{name}");
    }
    assert!(page.contains("# TYPE tr2_build info\n") && page.contains("# UNIT tr2_backlog_bytes bytes\n"));
    // What does not exist, or cannot be told, is left out.
    let samples = parse(&exposition::write(&snapshot, &Upkeep::default(), start));
    assert!(
        !samples.contains_key("tr2_disk_free_bytes") && !samples.contains_key("tr2_certificate_end_timestamp_seconds")
    );
    assert!(DELAYS.is_sorted() && Histogram::new(&DELAYS).within().count() == DELAYS.len() + 1);
}

#[test]
fn requests_are_judged_by_their_head() {
    let whole = |line: &str| format!("{line}\r\nHost: x\r\n\r\n").into_bytes();
    for (head, status) in [
        (whole("GET /metrics HTTP/1.1"), Status::Page),
        (whole("GET /metrics?name=x HTTP/1.0"), Status::Page),
        (b"GET /metrics HTTP/1.1\n\n".to_vec(), Status::Page),
        (whole("GET / HTTP/1.1"), Status::NotFound),
        (whole("GET /metrics/ HTTP/1.1"), Status::NotFound),
        (whole("POST /other HTTP/1.1"), Status::NotFound),
        (whole("POST /metrics HTTP/1.1"), Status::NotAllowed),
        (whole("HEAD /metrics HTTP/1.1"), Status::NotAllowed),
        (whole("GET /metrics HTTP/2"), Status::BadRequest),
        (whole("GET  /metrics HTTP/1.1"), Status::BadRequest),
        (whole("get /metrics HTTP/1.1"), Status::BadRequest),
        (whole("GET metrics HTTP/1.1"), Status::BadRequest),
        (whole("G\u{1b}T /metrics HTTP/1.1"), Status::BadRequest),
        (b"GET /metrics HTTP/1.1\r\n".to_vec(), Status::BadRequest),
        (b"\x16\x03\x01\x02\x00\x01\n\n".to_vec(), Status::BadRequest),
        (b"alice | server | name | alice\n\n".to_vec(), Status::BadRequest),
        (Vec::new(), Status::BadRequest),
    ] {
        assert_eq!(http::judge(&head), status, "{:?}", String::from_utf8_lossy(&head));
    }
}

// -------------------------------------------------------------------------------------------------- the real server

const GET: &[u8] = b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n";

/// A server with metrics, and the address of its metrics endpoint.
fn start(options: &[&str]) -> (Server, SocketAddr) {
    let server = Server::start(&[&["--metrics", "tcp://127.0.0.1:0"], options].concat());
    let mut line = server.printed.recv_timeout(PATIENCE).unwrap();
    if line.starts_with("tr2 serves at tls://") {
        line = server.printed.recv_timeout(PATIENCE).unwrap();
    }
    let place = line.strip_prefix("OpenMetrics at http://").and_then(|rest| rest.strip_suffix("/metrics"));
    let address = place.unwrap_or_else(|| panic!("{line}")).parse().unwrap();
    (server, address)
}

fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// Sends a request of these bytes and returns the head and the body of the answer.
fn ask(mut stream: impl Read + Write, request: &[u8]) -> (String, String) {
    stream.write_all(request).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{answer:?}"));
    let length = format!("Content-Length: {}", body.len());
    assert!(head.lines().any(|line| line == length), "{head}");
    (head.to_owned(), body.to_owned())
}

/// Asks again until the page has these values.
#[track_caller]
fn becomes(address: SocketAddr, wanted: &[(&str, f64)]) -> BTreeMap<String, f64> {
    let start = Instant::now();
    loop {
        let samples = parse(&ask(connect(address), GET).1);
        let missing: Vec<_> = wanted.iter().filter(|(name, value)| samples.get(*name) != Some(value)).collect();
        if missing.is_empty() {
            return samples;
        }
        assert!(start.elapsed() < PATIENCE, "{missing:?} in {samples:#?}");
    }
}

#[test]
fn the_metrics_are_right() {
    let (server, address) = start(&["--max-connections", "3"]);
    let (head, _) = ask(connect(address), GET);
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
    assert!(head.contains("Content-Type: application/openmetrics-text; version=1.0.0; charset=utf-8\r\n"), "{head}");
    let mut alice = Peer::join(server.address, "alice");
    let mut bob = Peer::join(server.address, "bob");
    let mut old = Original::join(server.address, "old");
    old.recv();
    assert!(Peer::over(server.address).contains("full"));
    for number in 0..3 {
        alice.ask(&format!("@ref={number} x | all clients | broadcast_not_me | hello"), "accepted");
        bob.until("hello");
        old.recv();
    }
    alice.ask("@ref=4 x | bob | private_message | psst", "accepted");
    alice.ask("@ref=4 x | bob | private_message | psst", "accepted");
    alice.ask("@ref=5 x | nobody | private_message | psst", "no_such_user");
    bob.say("x | server | capabilities | calls");
    for id in ["1", "2"] {
        let id = id.repeat(32);
        let key = format!("key=SHA256:{}", "A".repeat(43));
        alice.ask(&format!("x | bob | call | id={id} what=chat {key}"), "| ringing |");
        bob.until("| call |");
        if id.starts_with('1') {
            bob.ask(&format!("x | alice | answer | id={id} yes {key}"), "| relay |");
            bob.say(&format!("x | alice | hang_up | id={id} done"));
            alice.until("| hang_up |");
        }
    }
    let samples = becomes(
        address,
        &[
            ("tr2_calls{state=\"ringing\"}", 1.0),
            ("tr2_calls{state=\"established\"}", 0.0),
            ("tr2_calls_begun_total", 2.0),
            ("tr2_calls_answered_total", 1.0),
            ("tr2_calls_ended_total{outcome=\"done\"}", 1.0),
            ("tr2_calls_ended_total{outcome=\"declined\"}", 0.0),
            ("tr2_sessions{dialect=\"TR2.26\",proof=\"none\"}", 2.0),
            ("tr2_sessions{dialect=\"TR2.23\",proof=\"none\"}", 1.0),
            ("tr2_connections{transport=\"tcp\"}", 3.0),
            ("tr2_connections_accepted_total{transport=\"tcp\"}", 3.0),
            ("tr2_turned_away_total{code=\"server_full\"}", 1.0),
            ("tr2_joins_total", 3.0),
            ("tr2_leaves_total", 0.0),
            ("tr2_messages_accepted_total", 4.0),
            ("tr2_messages_again_total", 1.0),
            ("tr2_deliveries_total", 7.0),
            ("tr2_refused_total{code=\"no_such_user\"}", 1.0),
            ("tr2_accept_delay_seconds_count", 4.0),
            ("tr2_pending_messages", 0.0),
            ("tr2_backlog_bytes", 0.0),
            ("tr2_slow_consumers_total", 0.0),
            ("tr2_store_failures_total", 0.0),
        ],
    );
    assert!(samples["tr2_store_commits_total"] >= 4.0 && samples["tr2_accept_delay_seconds_sum"] > 0.0);
    assert!(samples["tr2_received_bytes_total"] > 200.0 && samples["tr2_sent_bytes_total"] > 500.0);
    assert!(samples["tr2_round_duration_seconds_count"] >= 10.0);
    drop((alice, old));
    // Also when nobody is connected and the broker is idle.
    drop(bob);
    becomes(address, &[("tr2_leaves_total", 3.0), ("tr2_connections{transport=\"tcp\"}", 0.0)]);
}

#[test]
fn metrics_are_served_over_a_socket_file_and_nowhere_else() {
    let folder = Folder::new();
    let path = folder.path().join("metrics.sock");
    let server = Server::start(&["--metrics", &format!("unix:{}", path.display())]);
    server.printed.recv_timeout(PATIENCE).unwrap();
    let stream = UnixStream::connect(&path).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    parse(&ask(stream, GET).1);
    for place in ["tcp://0.0.0.0:0", "tls://127.0.0.1:0", "tcp://[::]:0", "ssh://localhost"] {
        let data = folder.path().display().to_string();
        let words = ["serve", "--listen", "tcp://127.0.0.1:0", "--data", &data, "--metrics", place];
        let output = Command::new(TR2).args(words).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.code() == Some(2) && said.contains("to this machine only"), "{place}: {said}");
    }
}

#[test]
fn any_other_request_is_refused_and_closed() {
    let (_server, address) = start(&[]);
    let long = format!("GET /metrics HTTP/1.1\r\nX: {}\r\n\r\n", "x".repeat(METRICS_REQUEST));
    for (request, status) in [
        (&b"GET / HTTP/1.1\r\n\r\n"[..], "404 Not Found"),
        (b"POST /metrics HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc", "405 Method Not Allowed"),
        (b"nonsense\r\n\r\n", "400 Bad Request"),
        (long.as_bytes(), "400 Bad Request"),
    ] {
        let (head, _) = ask(connect(address), request);
        assert!(head.starts_with(&format!("HTTP/1.1 {status}\r\n")), "{head}");
        assert!(head.contains("Connection: close"), "{head}");
    }
}

#[test]
fn slow_deaf_and_numerous_clients_delay_nobody() {
    let (server, address) = start(&["--flood", "off"]);
    let mut alice = Peer::join(server.address, "alice");
    // Every slot is taken by clients that never read or send half a request; many more wait.
    let start = Instant::now();
    let mut crowd: Vec<TcpStream> = (0..100).map(|_| connect(address)).collect();
    let (deaf, dripping) = crowd.split_at_mut(METRICS_CLIENTS / 2);
    deaf.iter_mut().for_each(|stream| stream.write_all(GET).unwrap());
    dripping.iter_mut().for_each(|stream| stream.write_all(&GET[..20]).unwrap());
    for number in 0..100 {
        alice.ask(&format!("@ref={number} alice | alice | echo | quick"), &format!("@ref={number} "));
    }
    assert!(start.elapsed() < METRICS_DEADLINE, "the chat goes on: {:?}", start.elapsed());
    let mut rest = Vec::new();
    for stream in dripping.iter_mut().take(METRICS_CLIENTS / 2) {
        // Cut without an answer, or with a reset.
        let _ = stream.read_to_end(&mut rest);
    }
    assert!(rest.is_empty() && start.elapsed() >= METRICS_DEADLINE, "{:?}", start.elapsed());
    // The others hang up halfway.
    drop(crowd);
    let samples = parse(&ask(connect(address), GET).1);
    assert_eq!(samples["tr2_joins_total"], 1.0);
}

#[test]
fn a_hundred_requests_at_once_are_answered_and_the_broker_is_asked_rarely() {
    let (server, address) = start(&[]);
    let before = parse(&ask(connect(address), GET).1)["tr2_round_duration_seconds_count"];
    let start = Instant::now();
    let mut crowd: Vec<TcpStream> = (0..100).map(|_| connect(address)).collect();
    crowd.iter_mut().for_each(|stream| stream.write_all(GET).unwrap());
    for stream in crowd {
        parse(&ask(stream, b"").1);
    }
    let spent = start.elapsed();
    let after = parse(&ask(connect(address), GET).1)["tr2_round_duration_seconds_count"];
    let most = 3.0 + spent.as_secs_f64() * 4.0;
    assert!(after - before <= most, "{} rounds in {spent:?}", after - before);
    drop(server);
}

// ------------------------------------------------------------------------------------------- what answers a pager

/// Whether a server's program that is run with these words succeeds, and what it says.
fn run(words: &[&str]) -> (bool, String) {
    let output = Command::new(TR2).arg("serve").args(words).output().unwrap();
    (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn the_metrics_tell_what_has_to_be_looked_after() {
    let folder = Folder::new();
    let config = folder.path().join("tr2.conf");
    std::fs::write(&config, "keep-days = 30\n").unwrap();
    let (server, address) = start(&["--listen", "tls://127.0.0.1:0", "--config", config.to_str().unwrap()]);
    let data = server.data.path().to_owned();
    let mut alice = Peer::join(server.address, "alice");
    alice.ask("@ref=1 x | all clients | broadcast | hello", "| accepted");
    let nothing_yet = [
        ("tr2_last_backup_timestamp_seconds", 0.0),
        ("tr2_store_sick", 0.0),
        ("tr2_reloads_total{outcome=\"refused\"}", 0.0),
    ];
    let samples = becomes(address, &nothing_yet);
    let length = |file: &str| std::fs::metadata(data.join(file)).unwrap().len() as f64;
    let free = rustix::fs::statvfs(&data).unwrap();
    let free = (free.f_bavail * free.f_frsize) as f64;
    let told = samples["tr2_disk_free_bytes"];
    assert!((told - free).abs() < free / 2.0 + 1e9 && told > 0.0, "{told} of {free}");
    assert_eq!(samples["tr2_history_bytes"], length("history.db"));
    assert!(samples["tr2_history_log_bytes"] > 0.0);
    // Its own certificate outlives everybody.
    let decade = 10.0 * 365.0 * 86400.0;
    assert!(samples["tr2_certificate_end_timestamp_seconds"] > samples["process_start_time_seconds"] + decade);

    let (done, said) = run(&["--data", data.to_str().unwrap(), "--backup", folder.path().join("b").to_str().unwrap()]);
    assert!(done, "{said}");
    let begun = Instant::now();
    while parse(&ask(connect(address), GET).1)["tr2_last_backup_timestamp_seconds"]
        < samples["process_start_time_seconds"] - 1.0
    {
        assert!(begun.elapsed() < PATIENCE, "the backup is not seen");
    }
    let left = std::fs::read_to_string(data.join("last-backup")).unwrap();
    assert!(left.starts_with("The last backup was made at 2"), "{left}");
    // One that fails leaves the age as it is.
    let seen = std::fs::metadata(data.join("last-backup")).unwrap().modified().unwrap();
    assert!(!run(&["--data", data.to_str().unwrap(), "--backup", folder.path().join("b").to_str().unwrap()]).0);
    assert_eq!(std::fs::metadata(data.join("last-backup")).unwrap().modified().unwrap(), seen);

    std::fs::write(&config, "keep-days = 0\n").unwrap();
    assert!(!run(&["--reload", "--data", data.to_str().unwrap()]).0);
    std::fs::write(&config, "keep-days = 40\n").unwrap();
    assert!(run(&["--reload", "--data", data.to_str().unwrap()]).0);
    becomes(address, &[("tr2_reloads_total{outcome=\"refused\"}", 1.0), ("tr2_reloads_total{outcome=\"done\"}", 1.0)]);

    // Sick until something is stored again.
    std::fs::rename(data.join("history.db"), data.join("away")).unwrap();
    becomes(address, &[("tr2_store_sick", 1.0), ("tr2_history_bytes", 0.0)]);
    std::fs::rename(data.join("away"), data.join("history.db")).unwrap();
    alice.ask("@ref=2 x | all clients | broadcast | again", "| accepted");
    becomes(address, &[("tr2_store_sick", 0.0)]);
}

#[test]
fn a_server_that_writes_nothing_has_no_history_and_no_certificate_to_look_after() {
    let (_server, address) = start(&["--durability", "memory"]);
    let samples = parse(&ask(connect(address), GET).1);
    let named = |word: &str| samples.keys().any(|name| name.contains(word));
    assert!(named("disk_free") && !named("history") && !named("backup") && !named("certificate"), "{samples:#?}");
}

#[test]
fn the_example_of_alerts_names_only_metrics_that_exist_and_the_manual_explains_each() {
    let man = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("man");
    let alerts = std::fs::read_to_string(man.join("tr2-alerts.yml")).unwrap();
    let manual = std::fs::read_to_string(man.join("tr2-serving.7")).unwrap();
    let snapshot = Snapshot {
        counts: Counts::default(),
        meter: Meter::default(),
        census: Census::default(),
        inbox: 0,
        backlog: 0,
        store: (0, 0),
        sick: false,
        relayed: Relayed::default(),
        cluster: Some(ClusterReport { age: Some(Duration::ZERO), ..ClusterReport::default() }),
    };
    let samples = parse(&exposition::write(&snapshot, &ALL_KNOWN, Timestamp(0)));
    let (mut count, mut used) = (0, BTreeSet::new());
    for rule in alerts.split("      - alert: ").skip(1) {
        let (name, rest) = rule.split_once('\n').unwrap();
        let expr = rest.trim_start().strip_prefix("expr: ").unwrap().lines().next().unwrap();
        assert!(rest.contains("labels: {severity: page}") || rest.contains("labels: {severity: ticket}"), "{rule}");
        assert!(rest.contains("\n          summary: \""), "{rule}");
        for (open, close) in [('(', ')'), ('[', ']'), ('{', '}')] {
            assert_eq!(expr.matches(open).count(), expr.matches(close).count(), "{expr}");
        }
        let words = expr.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        for word in words.filter(|word| word.starts_with("tr2_") || word.starts_with("process_")) {
            let there = samples.keys().any(|sample| sample.split('{').next() == Some(word));
            assert!(there, "{name}: there is no {word}");
            used.insert(word.to_owned());
        }
        // A value of a label, with its metric.
        let with_label = samples.keys().filter(|sample| sample.ends_with('}'));
        for (metric, labels) in expr.split("tr2_").skip(1).filter_map(|part| part.split_once('{')) {
            let labels = labels.split('}').next().unwrap();
            if metric.chars().all(|c| c.is_ascii_lowercase() || c == '_') {
                let sample = format!("tr2_{metric}{{{labels}}}");
                assert!(with_label.clone().any(|known| *known == sample), "{name}: there is no {sample}");
            }
        }
        assert!(manual.contains(&format!("\n.It Li {name}\n")), "man/tr2-serving.7 does not explain {name}");
        count += 1;
    }
    assert!(count > 10 && used.len() > 8, "{count} alerts on {used:?}");
}
