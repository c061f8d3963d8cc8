//! What many people cost who say nothing, and whether what one of them does costs more, the more there are.
//!
//! `cargo bench --bench crowd`: memory and CPU of a thousand and of ten thousand idle connections; the list of all of them;
//! what one who comes or goes costs each of the others.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]
#![allow(clippy::string_slice)]

mod kit;

use std::time::{Duration, Instant};

use kit::crowd::Crowd;
use kit::machine::{self, or_quick};
use kit::server::{Kind, Server, Transport};
use kit::table::Table;
use kit::turns::word;
use kit::{limit, peers};

const SIZES: [usize; 2] = [1000, 10_000];
/// How long nobody says anything.
const IDLE: Duration = Duration::from_secs(3);
/// Processor time of so long that is too little to measure: a tick of the kernel's own account.
const NO_CPU: Duration = Duration::from_millis(10);
/// People who come and go.
const NEWCOMERS: usize = 100;
/// The number in the name of the first, so that all their names are as long whoever is there.
const FIRST_NEWCOMER: usize = 20_000;
/// How often it is asked who is there.
const LISTS: u32 = 20;

/// What it is that ours promises.
const OURS: Kind = Kind::Tr2("full");

/// What a crowd costs when one of it asks, or when others come and go.
struct Costs {
    people: usize,
    list_us: f64,
    list_bytes: usize,
    /// Bytes to each of the others, for each who came, and for each who left.
    came: f64,
    left: f64,
    cpu_us: f64,
}

fn main() {
    if limit::was_it() {
        return;
    }
    let most = machine::most_people().saturating_sub(NEWCOMERS);
    let mut table = Table::new("crowd");
    let mut costs = Vec::new();
    for people in SIZES.map(|people| or_quick(people, people / 100)) {
        if people > most {
            table.line(&format!("{people} people are left out: only {most} files may be open (ulimit -n)"));
            continue;
        }
        let others = if people == SIZES[0] { peers::installed() } else { Vec::new() };
        let kinds = [Kind::Relay, OURS].into_iter().chain(others.into_iter().map(Kind::Peer));
        for kind in kinds {
            costs.extend(idle(&mut table, kind, Transport::Tcp, people));
        }
        for transport in [Transport::Unix, Transport::Tls] {
            match transport.missing() {
                Some(why) => table.line(why),
                None => drop(idle(&mut table, OURS, transport, people)),
            }
        }
    }
    let (Some(few), Some(many)) = (costs.first(), costs.get(1)) else {
        table.target("a crowd of ten thousand", None, false);
        return table.end();
    };
    for costs in [few, many] {
        let work = format!("{} people", costs.people);
        let list = format!("{:.0} us CPU a list", costs.list_us);
        table.row(&work, "tr2 full, TCP", &list, None, &format!("{} bytes", costs.list_bytes));
        let each = format!("{:.1} bytes a join", costs.came);
        let note = format!("{:.1} a leave, to each other user; {:.0} us CPU for both", costs.left, costs.cpu_us);
        table.row(&work, "tr2 full, TCP", &each, None, &note);
    }
    let each = |costs: &Costs| costs.list_us / costs.people as f64;
    let grows = each(many) / each(few);
    table.at_most("a list of 10,000: CPU for each on it, at most twice that of 1,000", Some(grows), 2.0);
    let grows = (many.came + many.left) / (few.came + few.left);
    table.at_most("a join and a leave among 10,000: bytes to each other, at most 1.1 of 1,000", Some(grows), 1.1);
    let per_other = |costs: &Costs| costs.cpu_us / costs.people as f64;
    let grows = per_other(many) / per_other(few);
    table.at_most("a join and a leave among 10,000: CPU per other, at most twice that of 1,000", Some(grows), 2.0);
    table.end();
}

/// After which nothing comes any more of those who came: in a large room it is told once a second.
fn told() -> Duration {
    Duration::from_millis(or_quick(1300, 100))
}

/// Lets so many in, and has them do nothing.
fn idle(table: &mut Table, kind: Kind, transport: Transport, people: usize) -> Option<Costs> {
    let server = Server::start(kind, transport);
    let mut crowd = Crowd::new();
    let before = server.resident();
    let joins = crowd.join(&server, people, None);
    assert_eq!(joins.refused, 0, "{kind:?} refuses");
    crowd.hush(told());
    let each = server.resident().saturating_sub(before) as f64 / people as f64;
    let cpu = server.cpu();
    let time = or_quick(IDLE, IDLE / 20);
    let start = Instant::now();
    while start.elapsed() < time {
        crowd.hush(time.saturating_sub(start.elapsed()));
    }
    let cpu = server.cpu() - cpu;
    let note = format!(
        "{:.1} ms CPU in {time:?}; {:.0} us CPU a join",
        cpu.as_secs_f64() * 1e3,
        joins.server_cpu.as_secs_f64() * 1e6 / people as f64,
    );
    table.row(&format!("{people} idle"), &word(kind, transport), &format!("{each:.0} bytes each"), None, &note);
    if kind != OURS {
        return None;
    }
    let kilobytes = match transport {
        Transport::Tcp => 2.5,
        Transport::Tls => 20.0,
        Transport::Unix => return None,
    };
    if people == SIZES[1] {
        let title = format!("{people} idle over {}", transport.word());
        let what = format!("{title}: KB of memory each, at most {kilobytes}");
        table.at_most(&what, Some(each / 1000.0), kilobytes);
        let figure = Some(format!("{:.1} ms in {time:?}", cpu.as_secs_f64() * 1e3));
        table.target(&format!("{title}: no measurable CPU"), figure, cpu < NO_CPU);
    }
    (transport == Transport::Tcp).then(|| come_and_go(&server, &mut crowd, people))
}

fn come_and_go(server: &Server, crowd: &mut Crowd, people: usize) -> Costs {
    let cpu = server.cpu();
    let list_bytes = (0..LISTS).map(|_| list(crowd)).max().unwrap_or(0);
    let list_us = (server.cpu() - cpu).as_secs_f64() * 1e6 / f64::from(LISTS);
    let cpu = server.cpu();
    let mut newcomers = Crowd::beginning_at(FIRST_NEWCOMER);
    newcomers.join(server, NEWCOMERS, None);
    let per = |bytes: u64| bytes as f64 / NEWCOMERS as f64 / people as f64;
    let came = per(crowd.hush(told()));
    drop(newcomers);
    let left = per(crowd.hush(told()));
    let cpu_us = (server.cpu() - cpu).as_secs_f64() * 1e6 / NEWCOMERS as f64;
    Costs { people, list_us, list_bytes, came, left, cpu_us }
}

/// Somebody asks who is there: the bytes of the answer.
fn list(crowd: &mut Crowd) -> usize {
    let start = Instant::now();
    crowd.say(0, b"u0 | server | list_clients\n");
    let mut heard = Vec::new();
    while !heard.windows(10).rev().take(200).any(|window| window == b"| list_end") {
        crowd.turn(Duration::from_secs(1), |at, _, bytes| {
            assert!(at == 0 && !bytes.is_empty());
            heard.extend_from_slice(bytes);
        });
        assert!(start.elapsed() < Duration::from_secs(10), "the list has no end");
    }
    heard.len()
}
