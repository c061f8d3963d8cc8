//! What durable history costs those who chat: the delay of `accepted`, the delay of live messages while others leaf through
//! the past, and how soon the screen is there on a server with a long history.
//!
//! `cargo bench --bench history` runs the real server and client on a history of 200,000 messages; `-- 1000000` takes
//! another number.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]
#![allow(clippy::string_slice, unreachable_pub, dead_code)]

#[path = "../common/person.rs"]
mod person;
#[path = "../common/serving.rs"]
mod serving;

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use person::Person;
use serving::{Folder, Peer, Server};
use tr2::model::{MessageId, Name, Text, Timestamp};
use tr2::server::store::api::{Job, Recipient, Record};
use tr2::server::store::{Options, Report, Store};

const MESSAGES: u64 = 200_000;
const SENDERS: usize = 8;
/// Messages a second of all senders.
const RATE: u64 = 5_000;
/// Messages a second while others leaf through the past.
const LIVE_RATE: u64 = 200;
const READERS: usize = 50;
const TRIES: usize = 5;

fn main() {
    let usual = if quick() { MESSAGES / 100 } else { MESSAGES };
    let messages = std::env::args().find_map(|word| word.parse().ok()).unwrap_or(usual);
    for durability in ["full", "normal", "memory"] {
        let server = Server::start(&["--flood", "off", "--durability", durability]);
        let delays = accepted(server.address, RATE);
        report(&format!("accepted at {RATE}/s, {durability} (target for full: p99 25 ms)"), &delays);
    }
    let empty = Server::start(&["--flood", "off"]);
    report("the client's screen on an empty server", &screens(&empty, "· online ·"));
    drop(empty);

    let data = Folder::new();
    let start = Instant::now();
    fill(&data, messages);
    println!("{messages} messages stored in {:.1} s", start.elapsed().as_secs_f64());
    let mut command = Command::new(serving::TR2);
    command.arg("serve");
    let start = Instant::now();
    let server = Server::run(command, data, &["--flood", "off"]);
    println!("the server on {messages} messages is there after {:.0} ms", start.elapsed().as_secs_f64() * 1e3);
    report(&format!("the client's screen on {messages} messages"), &screens(&server, "· online ·"));
    report("the same, until the newest message is there", &screens(&server, &format!("number {} ", messages - 1)));
    report("live messages, nobody leafing", &live(server.address));
    let readers = Readers::start(server.address, messages);
    let delays = live(server.address);
    let pages = readers.end();
    report(&format!("live messages, {READERS} leafing (target: p99 50 ms)"), &delays);
    println!("{:<52} {:>8.0} pages of 200 a second", "", pages as f64 / span().as_secs_f64());
}

/// Whether it shall only be seen that everything runs.
fn quick() -> bool {
    std::env::var_os("TR2_QUICK").is_some_and(|value| value != "0")
}

/// For how long messages are sent.
fn span() -> Duration {
    Duration::from_millis(if quick() { 300 } else { 3000 })
}

/// Prints delays given in milliseconds.
fn report(title: &str, delays: &[f64]) {
    let mut sorted = delays.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = |share: f64| sorted[((sorted.len() as f64 * share) as usize).min(sorted.len() - 1)];
    println!("{title:<60} p50 {:>7.2} ms  p99 {:>7.2} ms  most {:>7.2} ms", at(0.5), at(0.99), at(1.0));
}

/// The delays from sending to `accepted`, at so many messages a second.
fn accepted(address: SocketAddr, rate: u64) -> Vec<f64> {
    let start = Instant::now();
    let (sender, delays) = channel();
    let mut streams: Vec<TcpStream> = (0..SENDERS)
        .map(|at| {
            let peer = Peer::join(address, &format!("sender{at}"));
            let stream = peer.stream().try_clone().unwrap();
            let sender = sender.clone();
            std::thread::spawn(move || {
                let mut reader = BufReader::with_capacity(256 * 1024, peer.stream());
                let mut line = String::new();
                while reader.read_line(&mut line).is_ok_and(|read| read > 0) {
                    if line.trim_end().ends_with("| accepted") {
                        let stamp: u64 =
                            line.strip_prefix("@ref=").unwrap().split([';', '-']).next().unwrap().parse().unwrap();
                        sender.send((start.elapsed().as_nanos() as u64 - stamp) as f64 / 1e6).unwrap();
                    }
                    line.clear();
                }
            });
            stream
        })
        .collect();
    let begin = Instant::now();
    let mut sent = 0;
    while begin.elapsed() < span() {
        let due = begin.elapsed().as_micros() as u64 * rate / 1_000_000;
        for number in sent..due {
            let stamp = start.elapsed().as_nanos();
            let stream = &mut streams[number as usize % SENDERS];
            writeln!(stream, "@ref={stamp}-{number} x | all clients | broadcast_not_me | {number:0>100}").unwrap();
        }
        sent = due;
        std::thread::sleep(Duration::from_micros(500));
    }
    let delays =
        (0..sent).map(|_| delays.recv_timeout(serving::PATIENCE).expect("every message is accepted")).collect();
    for stream in streams {
        stream.shutdown(std::net::Shutdown::Both).unwrap();
    }
    delays
}

/// The delays of live messages from one to one other.
fn live(address: SocketAddr) -> Vec<f64> {
    let mut receiver = Peer::join(address, "receiver");
    let mut sender = Peer::join(address, "sender");
    let start = Instant::now();
    let hears = std::thread::spawn(move || {
        let mut delays = Vec::new();
        loop {
            let line = receiver.until("| broadcast_not_me | ");
            match line.rsplit(' ').next().unwrap().parse::<u64>() {
                Ok(stamp) => delays.push((start.elapsed().as_nanos() as u64 - stamp) as f64 / 1e6),
                Err(_) => return delays,
            }
        }
    });
    let mut sent = 0;
    while start.elapsed() < span() {
        if start.elapsed().as_micros() as u64 * LIVE_RATE / 1_000_000 > sent {
            sender.say(&format!("x | all clients | broadcast_not_me | {}", start.elapsed().as_nanos()));
            sent += 1;
        }
        std::thread::sleep(Duration::from_micros(500));
    }
    sender.say("x | all clients | broadcast_not_me | end");
    hears.join().unwrap()
}

/// Those who ask for page after page, each from the newest to the oldest.
struct Readers {
    ended: Arc<AtomicBool>,
    pages: Arc<AtomicU64>,
    threads: Vec<std::thread::JoinHandle<()>>,
}

impl Readers {
    fn start(address: SocketAddr, messages: u64) -> Self {
        let (ended, pages) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let threads = (0..READERS)
            .map(|at| {
                let (ended, pages) = (Arc::clone(&ended), Arc::clone(&pages));
                let mut peer = Peer::join(address, &format!("reader{at}"));
                let mut before = messages / READERS as u64 * (at as u64 + 1);
                std::thread::spawn(move || {
                    while !ended.load(Ordering::Relaxed) {
                        peer.ask(&format!("x | all clients | history | limit=200 before={before}"), "| history_end");
                        before = before.saturating_sub(200).max(1);
                        pages.fetch_add(1, Ordering::Relaxed);
                    }
                })
            })
            .collect();
        Self { ended, pages, threads }
    }

    fn end(self) -> u64 {
        self.ended.store(true, Ordering::Relaxed);
        for thread in self.threads {
            thread.join().unwrap();
        }
        self.pages.load(Ordering::Relaxed)
    }
}

/// How long it takes from the start of the client until its screen shows these words.
fn screens(server: &Server, words: &str) -> Vec<f64> {
    (0..TRIES)
        .map(|at| {
            let start = Instant::now();
            let mut person = Person::join(&format!("tcp://{}", server.address), &format!("person{at}"));
            person.sees(words);
            start.elapsed().as_secs_f64() * 1e3
        })
        .collect()
}

/// A history of everyone and of some pairs, written by the store itself.
fn fill(data: &Folder, messages: u64) {
    let (sender, reports) = channel();
    let report = move |report| {
        let _ = sender.send(report);
    };
    let (store, _) = Store::open(data.path(), Options::default(), report).unwrap();
    let names: Vec<Name> = (0..100).map(|at| Name::parse(&format!("user{at}")).unwrap()).collect();
    let mut waiting = 0;
    for first in (0..messages).step_by(1000) {
        let record = |number: u64| Record {
            id: MessageId(number + 1),
            time: Timestamp(1_700_000_000_000 + i64::try_from(number).unwrap() * 1000),
            from: names[number as usize % 100].clone(),
            verified: number.is_multiple_of(2),
            to: if number.is_multiple_of(10) {
                Recipient::User(names[number as usize / 10 % 100].clone())
            } else {
                Recipient::Everyone { me_too: false }
            },
            reference: Some(format!("fill-{number}")),
            text: Text::block(&format!(
                "message number {number} about topic {} and nothing else of note",
                number % 977
            )),
            deleted: None,
            extra: Default::default(),
        };
        assert!(store.submit(Job::Append((first..(first + 1000).min(messages)).map(record).collect())));
        waiting += 1;
        while waiting > 8 {
            let Report::Stored(receipt) = reports.recv().unwrap() else { continue };
            assert_eq!(receipt.trouble, None);
            waiting -= 1;
        }
    }
    while waiting > 0 {
        let Report::Stored(receipt) = reports.recv().unwrap() else { continue };
        assert_eq!(receipt.trouble, None);
        waiting -= 1;
    }
    store.close(Duration::from_secs(300));
}
