//! One sender to many receivers over loopback: deliveries a second, delay, and what they cost the server.
//!
//! `cargo bench --bench fanout` runs the real server and, on the same work, the limit of this machine: a bare loop
//! that writes each line to every other socket. Messages are stored in memory and, once more, on the disk. Read the ratio of the two: it holds on a noisy machine. With `taskset`
//! installed, server and load are kept on a core each. `-- 1000` takes another number of receivers.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::print_stdout, unreachable_pub)]

mod load;
mod relay;

use std::time::Duration;

use load::{Figures, Server, Work};

/// Where no number is given behind `--`.
const RECEIVERS: usize = 100;
const SECONDS: u64 = 4;
/// Deliveries a second of the paced load.
const PACED: u64 = 50_000;

fn main() {
    if std::env::args().any(|word| word == relay::ARGUMENT) {
        return relay::run();
    }
    let receivers = std::env::args().find_map(|word| word.parse().ok()).unwrap_or(RECEIVERS);
    println!("one sender to {receivers} receivers, 100-byte texts, {SECONDS} s each");
    println!("{:<12} {:>14} {:>10} {:>10} {:>18}", "", "deliveries/s", "p50 ms", "p99 ms", "CPU s/M delivered");
    let full = Work { receivers, duration: Duration::from_secs(SECONDS), per_second: None };
    let paced = Work { per_second: Some(PACED / receivers as u64), ..full };
    for (title, work) in [("full", full), ("paced", paced)] {
        let limit = measure(&format!("{title}, limit"), Server::relay(), work);
        for durability in ["memory", "full"] {
            let server = Server::tr2(&["--durability", durability]);
            let ours = measure(&format!("{title}, tr2 {durability}"), server, work);
            println!(
                "{title}, {durability}: {:.2} of the limit's deliveries, {:.2} times its CPU",
                ours.per_second() / limit.per_second(),
                ours.cpu_per_million() / limit.cpu_per_million(),
            );
        }
    }
}

fn measure(title: &str, server: Server, work: Work) -> Figures {
    let figures = load::drive(&server, work);
    println!(
        "{title:<18} {:>8.0} k {:>10.2} {:>10.2} {:>18.2}",
        figures.per_second() / 1e3,
        figures.delay_ms(0.5),
        figures.delay_ms(0.99),
        figures.cpu_per_million(),
    );
    figures
}
