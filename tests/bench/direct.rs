//! Messages between two: round trips a second between many pairs, beside a bare router and the other servers that are
//! installed.
//!
//! `cargo bench --bench direct`; words after `--` choose who is measured, as in `-- 'tr2 memory, TCP' peers`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]
#![allow(clippy::string_slice)]

mod kit;

use std::time::Duration;

use kit::limit;
use kit::load::{self, Figures};
use kit::machine::{self, or_quick};
use kit::server::{Kind, Transport};
use kit::table::Table;
use kit::turns::{Contender, in_turns, others, word};

const PAIRS: usize = 50;
const ROUNDS: usize = 5;

fn main() {
    if limit::was_it() {
        return;
    }
    machine::most_people();
    let mut table = Table::new("direct");
    let (limit, ours) = (Kind::Router, Kind::Tr2("memory"));
    let mut contenders = Vec::new();
    for transport in Transport::ALL {
        if let Some(why) = transport.missing() {
            table.line(why);
            continue;
        }
        let kinds = [limit, ours].into_iter().skip(usize::from(transport == Transport::Tls));
        let kinds = kinds.filter(|&kind| machine::wanted(&word(kind, transport)));
        contenders.extend(kinds.map(|kind| Contender::new(kind, transport, 2 * PAIRS)));
    }
    let durable = Kind::Tr2("full");
    if machine::wanted(&word(durable, Transport::Tcp)) {
        contenders.push(Contender::new(durable, Transport::Tcp, 2 * PAIRS));
    }
    let duration = Duration::from_millis(or_quick(500, 50));
    let run = |one: &mut Contender| {
        let mut figures = load::to_and_fro(&one.server, &mut one.crowd, duration);
        figures.afterwards = one.settle();
        figures
    };
    if machine::wanted("peers") {
        contenders.extend(others(2 * PAIRS));
    }
    let results = in_turns(&mut contenders, ROUNDS, run);
    for &(kind, transport, _) in &results.0 {
        let median = |figure: &dyn Fn(&Figures) -> f64| results.median(kind, transport, figure).unwrap_or(f64::NAN);
        // Nothing bare speaks TLS; what it costs shows beside the limit without.
        let beside = if transport == Transport::Unix { transport } else { Transport::Tcp };
        let note = format!(
            "p50 {:.2}, p99 {:.2} ms; {:.0} k in a CPU second; of its core: server {:.0} %, load {:.0} %",
            median(&|figures| figures.delay_ms(0.5)),
            median(&|figures| figures.delay_ms(0.99)),
            median(&Figures::per_cpu_second) / 1e3,
            median(&Figures::server_share) * 100.0,
            median(&Figures::load_share) * 100.0,
        );
        let rate = format!("{:.1} k trips/s", median(&Figures::per_second) / 1e3);
        let ratio = results.ratio((kind, transport), (limit, beside), Figures::per_second);
        table.row(&format!("{PAIRS} pairs"), &word(kind, transport), &rate, ratio, &note);
    }
    let ratio = results.ratio((ours, Transport::Tcp), (limit, Transport::Tcp), Figures::per_second);
    table.at_least("private messages between 50 pairs, at least 0.8 of the limit's", ratio, 0.8);
    table.end();
}
