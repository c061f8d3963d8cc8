//! What the client feels like: how soon its screen is there, how soon a key shows, what is written to the terminal, and
//! what it costs when nothing happens or much does.
//!
//! `cargo bench --bench client` runs the real program in a pseudo-terminal of 24 rows and 80 columns.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]
#![allow(clippy::string_slice, dead_code)]

mod kit;
#[path = "../common/person.rs"]
mod person;

use std::time::{Duration, Instant};

use kit::machine::{self, or_quick};
use kit::serving::{self, Peer, Server};
use kit::slow_line::SlowLine;
use kit::table::Table;
use kit::turns::median;
use person::Person;

const STARTS: usize = 15;
const KEYS: usize = 30;
/// Messages that arrive one by one, once the pane is full.
const ARRIVALS: usize = 50;
const IDLE: Duration = Duration::from_secs(10);
/// Messages a second of the floods, and for how long.
const RATES: [u64; 2] = [1000, 10_000];
const FLOOD: Duration = Duration::from_secs(4);
/// Begins a frame that the terminal shows at once.
const FRAME: &[u8] = b"\x1b[?2026h";

fn main() {
    let mut table = Table::new("client");
    let server = Server::start(&["--flood", "off", "--log", "warn"]);
    starts(&mut table, &server);
    let mut person = online(&server, "alice");
    let mut other = Peer::join(server.address, "bob");
    person.sees("bob");
    keys(&mut table, &mut person, 0);
    arrivals(&mut table, &mut person, &mut other);
    idle(&mut table, &mut person);
    other.hears_nothing();
    for rate in RATES {
        other = flood(&mut table, &mut person, other, rate);
    }
    drop(person);
    slow_line(&mut table, &server, other);
    table.end();
}

fn online(server: &Server, name: &str) -> Person {
    let mut person = Person::join(&format!("tcp://{}", server.address), name);
    person.sees("●");
    person
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// From the start to the screen that says that it is online, beside a bare connection that takes up a name.
fn starts(table: &mut Table, server: &Server) {
    let (mut bare, mut screen) = (Vec::new(), Vec::new());
    for at in 0..or_quick(STARTS, 3) {
        let start = Instant::now();
        let _peer = Peer::join(server.address, &format!("peer{at}"));
        bare.push(ms(start.elapsed()));
        let start = Instant::now();
        let _person = online(server, &format!("person{at}"));
        screen.push(ms(start.elapsed()));
    }
    let most = screen.iter().copied().fold(0.0, f64::max);
    let (bare, screen) = (median(bare), median(screen));
    let note = format!("at most {most:.1}; a bare connection is in after {bare:.1} ms");
    table.row("start to first screen", "client", &format!("{screen:.1} ms"), None, &note);
    table.at_most("client: ms from the start to the first screen beyond the connection, 50", Some(screen - bare), 50.0);
}

/// One key after another, each a while after the one before is there: nobody types thirty in a second.
fn keys(table: &mut Table, person: &mut Person, arriving: u64) {
    let mut delays = Vec::new();
    let mut typed = String::new();
    for at in 0..or_quick(KEYS, 10) {
        // Not in step with the frames.
        person.idles(Duration::from_millis(50 + at as u64 * 7 % 33));
        typed.push(char::from(b"qzxj"[at % 4]));
        let start = Instant::now();
        person.types(&typed[at..]).sees(&typed);
        delays.push(ms(start.elapsed()));
    }
    // And away with it.
    person.types(&"\x7f".repeat(typed.len())).misses("qzx");
    delays.sort_by(f64::total_cmp);
    let (p50, most) = (delays[delays.len() / 2], delays[delays.len() - 1]);
    let p95 = delays[delays.len() * 95 / 100];
    let note = format!("p95 {p95:.2}, at most {most:.2} ms");
    table.row(&format!("a key, {arriving}/s arriving"), "client", &format!("{p50:.2} ms"), None, &note);
    // The next frame is at most a frame away.
    let target = if arriving == 0 { 16.0 } else { 50.0 };
    let what = format!("client: ms until a key shows (p95) while {arriving}/s arrive, {target}");
    table.at_most(&what, Some(p95), target);
}

/// A full pane, and one message after another.
fn arrivals(table: &mut Table, person: &mut Person, other: &mut Peer) {
    let mut arrive = |count: usize, kind: &str| {
        for at in 0..count {
            let start = format!("{kind} {at:03}");
            other.say(&format!("bob | all clients | broadcast_not_me | {start} {}", words(at as u64)));
            person.sees(&start);
        }
        person.raw.len()
    };
    let full = arrive(30, "filling");
    let count = or_quick(ARRIVALS, 10);
    let each = (arrive(count, "message") - full) as f64 / count as f64;
    table.row("a message, full pane", "client", &format!("{each:.0} bytes"), None, "to the terminal, 80x24");
    table.at_most("client: bytes to the terminal for a message that arrives, 400", Some(each), 400.0);
}

fn idle(table: &mut Table, person: &mut Person) {
    person.idles(Duration::from_millis(500));
    let (bytes, cpu, time) = (person.raw.len(), machine::cpu(person.id()), or_quick(IDLE, IDLE / 20));
    person.idles(time);
    let (bytes, cpu) = (person.raw.len() - bytes, machine::cpu(person.id()) - cpu);
    let share = cpu.as_secs_f64() / time.as_secs_f64() * 100.0;
    let figure = format!("{bytes} bytes");
    table.row(&format!("idle for {time:?}"), "client", &figure, None, &format!("{share:.3} % CPU"));
    table.target("client: an idle one sends nothing to the terminal", Some(figure), bytes == 0);
    table.at_most("client: % CPU of an idle one, 0.2", Some(share), 0.2);
}

/// Many messages a second, and keys meanwhile.
fn flood(table: &mut Table, person: &mut Person, other: Peer, rate: u64) -> Peer {
    let flood = Flood::start(other, rate, or_quick(FLOOD, FLOOD / 8));
    person.sees("flood 00");
    let (from, cpu, begun) = (person.raw.len(), machine::cpu(person.id()), Instant::now());
    keys(table, person, rate);
    person.sees("the end of it");
    let (took, cpu) = (begun.elapsed(), machine::cpu(person.id()) - cpu);
    let (other, sent) = flood.0.join().unwrap();
    let written = &person.raw[from..];
    let frames = written.windows(FRAME.len()).filter(|window| *window == FRAME).count();
    let frames = frames as f64 / took.as_secs_f64();
    let share = cpu.as_secs_f64() / took.as_secs_f64() * 100.0;
    let note = format!(
        "{:.0} KB/s to the terminal, {share:.1} % CPU, {sent} messages",
        written.len() as f64 / 1e3 / took.as_secs_f64()
    );
    table.row(&format!("{rate}/s arriving"), "client", &format!("{frames:.1} frames/s"), None, &note);
    table.at_most(&format!("client: frames a second while {rate}/s arrive, 30"), Some(frames), 30.0);
    other
}

/// Somebody who says this many messages a second for a time, then the end of it; gives the number of messages.
struct Flood(std::thread::JoinHandle<(Peer, u64)>);

impl Flood {
    fn start(mut other: Peer, rate: u64, time: Duration) -> Self {
        let start = Instant::now();
        Self(std::thread::spawn(move || {
            let mut sent = 0;
            while start.elapsed() < time {
                let due = start.elapsed().as_micros() as u64 * rate / 1_000_000;
                for number in sent..due {
                    other.say(&format!("bob | all clients | broadcast_not_me | flood {number:06} {}", words(number)));
                }
                sent = due;
                std::thread::sleep(Duration::from_micros(500));
            }
            other.say("bob | all clients | broadcast_not_me | the end of it");
            (other, sent)
        }))
    }
}

/// Some words, others for each number: a row that repeats those of another costs fewer bytes.
fn words(number: u64) -> String {
    const WORDS: [&str; 16] = [
        "reboot", "the", "backup", "of", "web3", "finished", "disk", "almost", "full", "again", "who", "changed",
        "this", "alert", "deploy", "rollback",
    ];
    let mixed = number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let chosen = (0..6).map(|at| WORDS[(mixed >> (at * 4 + 20)) as usize % WORDS.len()]);
    chosen.collect::<Vec<_>>().join(" ")
}

/// Keys over a line of 20 kB/s and 200 ms there and back, such as SSH over a phone; beside a terminal that does not say
/// what has arrived.
fn slow_line(table: &mut Table, server: &Server, mut other: Peer) {
    for (rate, answers) in [(0, true), (20, true), (1000, false), (1000, true)] {
        let line = SlowLine { rate: 20_000, delay: Duration::from_millis(100), answers };
        let mut person = Person::at(&format!("tcp://{}", server.address), &format!("far{rate}{answers}"), 40, 120);
        person = person.over(|written, input| line.lay(written, input));
        person.sees("●");
        person.idles(Duration::from_millis(500));
        let flood = Flood::start(other, rate, or_quick(FLOOD, FLOOD / 4));
        let mut delays = Vec::new();
        let from = person.raw.len();
        for at in 0..or_quick(10, 3) {
            person.idles(Duration::from_millis(200 + at as u64 * 7 % 33));
            let key = &"qzxjwvkyuf"[at..=at];
            let start = Instant::now();
            person.types(key).sees(&"qzxjwvkyuf"[..=at]);
            delays.push(ms(start.elapsed()));
        }
        let written = person.raw.len() - from;
        person.types("\x03\r");
        other = flood.0.join().unwrap().0;
        delays.sort_by(f64::total_cmp);
        let (p50, most) = (delays[delays.len() / 2], delays[delays.len() - 1]);
        let what = if answers { "" } else { ", a terminal that answers nothing" };
        let note = format!("at most {most:.0} ms; {written} bytes meanwhile");
        table.row(
            &format!("a key over 20 kB/s, 200 ms, 120x40, {rate}/s arriving{what}"),
            "client",
            &format!("{p50:.0} ms"),
            None,
            &note,
        );
        if answers {
            let target = if rate == 1000 { 500.0 } else { 250.0 };
            let what =
                format!("client: ms until a key shows over 20 kB/s and 200 ms, {rate}/s arriving (p50), {target}");
            table.at_most(&what, Some(p50), target);
        }
    }
}
