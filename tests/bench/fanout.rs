//! One message to many: as many a second as go, over each transport, with and without durable history, and the delay at
//! a pace; beside the limit of this machine and the other servers that are installed.
//!
//! `cargo bench --bench fanout`. Read the ratios: they hold on a noisy machine. `TR2_WINDOW=256` has more messages on their
//! way at a time than 64, so that more goes out with one write; a row of the table does so too. A word or two measure only
//! what ends so: `-- '1 -> 100'`, `-- pace`, `-- transports`, `-- "many on their way"`, `-- kept` (ten minutes with
//! `TR2_LONG=1`).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]
#![allow(clippy::string_slice)]

mod kit;

use std::time::Duration;

use kit::load::{self, Figures, Work};
use kit::machine::{self, or_quick};
use kit::server::{Kind, Transport};
use kit::table::Table;
use kit::turns::{Contender, Results, commit_ms, in_turns, others, word};
use kit::{limit, peers};

const ROUNDS: usize = 5;
/// Deliveries a second of the paced load, and how many get them.
const PACED: u64 = 50_000;
const RECEIVERS: usize = 100;
/// Messages a second that are kept on the disk, in a small group.
const KEPT: u64 = 5_000;
const GROUP: usize = 10;

const LIMIT: (Kind, Transport) = (Kind::Relay, Transport::Tcp);
const MEMORY: (Kind, Transport) = (Kind::Tr2("memory"), Transport::Tcp);
const FULL: (Kind, Transport) = (Kind::Tr2("full"), Transport::Tcp);

fn main() {
    if limit::was_it() {
        return;
    }
    machine::most_people();
    let mut table = Table::new("fanout");
    for missing in peers::missing() {
        table.line(&format!("{missing} is not installed, and left out"));
    }
    let sizes = [(1, 10), (1, RECEIVERS), (1, 1000), (16, RECEIVERS)];
    let mut linear = Vec::new();
    for (senders, receivers) in or_quick(sizes.as_slice(), &sizes[..1]).iter().copied() {
        let title = title(senders, receivers);
        if !machine::wanted(&title) {
            continue;
        }
        let results = at_full_speed(&mut table, &title, senders, receivers, load::window());
        judge(&mut table, senders, receivers, &results);
        linear.extend(results.median(MEMORY.0, MEMORY.1, Figures::per_cpu_second));
    }
    let grows = linear.get(2).map(|thousand| thousand / linear[0]);
    if linear.len() == sizes.len() {
        table.at_least("deliveries per CPU second, 1,000 receivers to 10: at least 0.8", grows, 0.8);
    }
    let many = 4 * load::window();
    if machine::wanted("many on their way") && !machine::quick() {
        at_full_speed(&mut table, &format!("1 -> {RECEIVERS}, {many} on their way"), 1, RECEIVERS, many);
    }
    if machine::wanted("transports") {
        over_each_transport(&mut table);
    }
    if machine::wanted("pace") {
        at_a_pace(&mut table);
    }
    if machine::wanted("kept") {
        kept(&mut table);
    }
    table.end();
}

/// The limit, ours with and without durable history, and the others.
fn everyone(people: usize, rounds: usize, work: Work) -> Results<Figures> {
    let ours = [LIMIT, MEMORY, FULL].map(|(kind, transport)| Contender::new(kind, transport, people));
    let few = people <= 2 * RECEIVERS;
    let mut contenders: Vec<_> = ours.into_iter().chain(few.then(|| others(people)).into_iter().flatten()).collect();
    let results = in_turns(&mut contenders, rounds, |one| run(one, work));
    if few { results } else { results.and_peers(people, |one| run(one, work)) }
}

fn run(contender: &mut Contender, work: Work) -> Figures {
    let mut figures = load::broadcast(&contender.server, &mut contender.crowd, work);
    figures.afterwards = contender.settle();
    figures
}

fn title(senders: usize, receivers: usize) -> String {
    format!("fan-out {senders} -> {receivers}")
}

fn at_full_speed(table: &mut Table, title: &str, senders: usize, receivers: usize, window: u64) -> Results<Figures> {
    let work = Work { senders, duration: Duration::from_millis(or_quick(500, 100)), per_second: None, window };
    let results = everyone(senders + receivers, ROUNDS, work);
    show(table, title, &results, |_| LIMIT);
    results
}

fn show(table: &mut Table, work: &str, results: &Results<Figures>, limit: impl Fn(Transport) -> (Kind, Transport)) {
    for &(kind, transport, _) in &results.0 {
        let rate = results.median(kind, transport, Figures::per_second).unwrap_or(f64::NAN);
        let ratio = results.ratio((kind, transport), limit(transport), Figures::per_second);
        let of = |figure: fn(&Figures) -> f64| results.median(kind, transport, figure).unwrap_or(f64::NAN);
        // A load that has no time to spare measures itself.
        let more = if of(Figures::load_share) > 0.95 { "over " } else { "" };
        let afterwards = of(|figures| figures.afterwards.as_secs_f64() / figures.server_cpu.as_secs_f64());
        let afterwards = match kind {
            Kind::Tr2("full") => format!("; {:.0} % more CPU afterwards", afterwards * 100.0),
            _ => String::new(),
        };
        let note = format!(
            "{:.0} bytes each; {:.2} M in a CPU second; of its core: server {:.0} %, load {:.0} %{afterwards}",
            of(Figures::bytes_each),
            of(Figures::per_cpu_second) / 1e6,
            of(Figures::server_share) * 100.0,
            of(Figures::load_share) * 100.0,
        );
        table.row(work, &word(kind, transport), &format!("{more}{:.0} k/s", rate / 1e3), ratio, &note);
    }
}

fn judge(table: &mut Table, senders: usize, receivers: usize, results: &Results<Figures>) {
    let work = title(senders, receivers);
    let ratio = results.ratio(MEMORY, LIMIT, Figures::per_second);
    if receivers >= RECEIVERS {
        let least = if senders == 1 { 0.85 } else { 0.75 };
        table.at_least(&format!("{work}: deliveries a second, at least {least} of the limit's"), ratio, least);
        let ours = results.median(MEMORY.0, MEMORY.1, Figures::per_second).unwrap_or(f64::NAN);
        if senders == 1 {
            let best = results.peers(Figures::per_second).max_by(|one, other| one.1.total_cmp(&other.1));
            let figure = best.map(|(name, best)| format!("{:.2} of {name}", ours / best));
            let reached = best.is_some_and(|(_, best)| ours / best >= 2.0);
            table.target(&format!("{work}: at least twice the best of the others"), figure, reached);
        }
    }
    let durable = results.ratio(FULL, MEMORY, Figures::per_second);
    table.at_least(&format!("{work}: durable history, at least 0.75 of the rate without"), durable, 0.75);
}

fn over_each_transport(table: &mut Table) {
    let people = or_quick(RECEIVERS, 10) + 1;
    let mut contenders = Vec::new();
    for transport in Transport::ALL {
        if let Some(why) = transport.missing() {
            table.line(why);
            continue;
        }
        if transport != Transport::Tls {
            contenders.push(Contender::new(LIMIT.0, transport, people));
        }
        contenders.push(Contender::new(MEMORY.0, transport, people));
    }
    let duration = Duration::from_millis(or_quick(500, 100));
    let work = Work { senders: 1, duration, per_second: None, window: load::window() };
    let results = in_turns(&mut contenders, 3, |one| run(one, work));
    // Nothing bare speaks TLS; what it costs shows beside the limit without.
    let limit = |transport| if transport == Transport::Unix { (LIMIT.0, Transport::Unix) } else { LIMIT };
    show(table, &format!("fan-out 1 -> {}", people - 1), &results, limit);
}

fn at_a_pace(table: &mut Table) {
    let receivers = or_quick(RECEIVERS, 10);
    let duration = Duration::from_millis(or_quick(2000, 300));
    let work = Work { senders: 1, duration, per_second: Some(PACED / receivers as u64), window: load::window() };
    let commit = commit_ms(&machine::disk());
    let results = everyone(receivers + 1, 3, work);
    let title = format!("{PACED}/s to {receivers}");
    for &(kind, transport, _) in &results.0 {
        let median = |figure: &dyn Fn(&Figures) -> f64| results.median(kind, transport, figure).unwrap_or(f64::NAN);
        let [p50, p99, p999] = [0.5, 0.99, 0.999].map(|share| median(&|figures| figures.delay_ms(share)));
        let late = median(&|figures| figures.late_ms(0.99));
        let note = format!("delay p50 {p50:.2}, p99 {p99:.2}, p99.9 {p999:.2} ms; sent {late:.2} ms late (p99)");
        let ratio = results.ratio((kind, transport), LIMIT, Figures::cpu_per_million);
        let cpu = format!("{:.2} CPU s/M", median(&Figures::cpu_per_million));
        table.row(&title, &word(kind, transport), &cpu, ratio, &note);
    }
    let ratio = results.ratio(MEMORY, LIMIT, Figures::cpu_per_million);
    table.at_most(&format!("{title}: CPU per delivery, at most 1.15 of the limit's"), ratio, 1.15);
    let of = |(kind, transport), share: f64| results.median(kind, transport, move |figures| figures.delay_ms(share));
    let best = results.peers(|figures| figures.delay_ms(0.99)).min_by(|one, other| one.1.total_cmp(&other.1));
    let ours = of(MEMORY, 0.99).unwrap_or(f64::NAN);
    let figure = best.map(|(name, best)| format!("{ours:.2} ms, {name} {best:.2} ms"));
    let reached = best.is_some_and(|(_, best)| ours <= best);
    table.target(&format!("{title}: p99 of the delay, no worse than the best of the others"), figure, reached);
    let durable = of(FULL, 0.5).zip(of(MEMORY, 0.5)).map(|(full, memory)| full - memory);
    let figure = durable.map(|durable| format!("{durable:.2} ms more, one to disk takes {commit:.2} ms"));
    // A message waits for the commit that is under way, and for its own.
    let reached = durable.is_some_and(|durable| durable <= 2.0 * commit);
    table.target(&format!("{title}: durable history delays by a group commit"), figure, reached);
}

/// A small group says something all the time, and the default history keeps it; how long each message takes to be kept
/// and heard. `TR2_LONG=1` goes on for ten minutes.
fn kept(table: &mut Table) {
    let (kind, transport) = FULL;
    let mut group = Contender::new(kind, transport, GROUP);
    let seconds = if std::env::var_os("TR2_LONG").is_some() { 600 } else { 20 };
    let duration = or_quick(Duration::from_secs(seconds), Duration::from_millis(300));
    // As many are on their way as have to be: a server that stands still is not waited for.
    let work = Work { senders: GROUP, duration, per_second: Some(KEPT), window: KEPT };
    let figures = run(&mut group, work);
    let title = format!("{KEPT}/s kept, {} s", duration.as_secs());
    let [p50, p99, p999] = [0.5, 0.99, 0.999].map(|share| figures.delay_ms(share));
    let note = format!(
        "p99 {p99:.2}, p99.9 {p999:.2} ms; sent {:.2} ms late (p99); one to disk takes {:.2} ms; server {:.0} % of its core",
        figures.late_ms(0.99),
        commit_ms(&machine::disk()),
        figures.server_share() * 100.0,
    );
    table.row(&title, &word(kind, transport), &format!("heard: {p50:.2} ms"), None, &note);
    table.at_most(&format!("{title}: p50 until it is heard, at most 1 ms"), Some(p50), 1.0);
    table.at_most(&format!("{title}: p99 until it is heard, at most 5 ms"), Some(p99), 5.0);
}
