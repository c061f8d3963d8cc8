//! Clients that never read under load: they are cut and told why, and nobody else waits for them.

use std::net::TcpStream;
use std::os::unix::net::UnixStream;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use tr2::model::{Name, Text};
use tr2::net::socket::Socket;
use tr2::protocol::{Envelope, Event};
use tr2::server::broker::outbox::Outbox;
use tr2::server::ids::ConnId;
use tr2::server::limits::PIECE_COST;
use tr2::server::transport::backlog::WriterContext;
use tr2::server::transport::executor::Executor;
use tr2::server::transport::sender::Senders;

use super::load::{Cost, Delays, Talk, last_words, named, quiet, raise_file_limit, slack};
use super::serving::{Peer, Server};

/// Messages a second, of 1 KB.
fn rate() -> u32 {
    if super::long() { 2000 } else { 500 }
}

fn percentile(server: &Server, span: Duration, deaf: usize) -> (Delays, Cost, Duration) {
    let (address, over) = (server.address, AtomicBool::new(false));
    let mut watch = Peer::join(address, if deaf == 0 { "watch1" } else { "watch2" });
    let mut deaf: Vec<TcpStream> = (0..deaf).map(|at| named(address, &format!("deaf{at}"))).collect();
    let count = deaf.len();
    // A user who comes and goes within a second is not announced.
    let mut came = 0;
    while came < count {
        came += names_in(&watch.until("| joined |"));
    }
    std::thread::scope(|scope| {
        let names = if deaf.is_empty() { ("speaker1", "reader1") } else { ("speaker2", "reader2") };
        let talk = Talk::start(scope, (address, &over), names, (rate(), 1000));
        let begun = Instant::now();
        let (mut most, mut cut) = (Cost::of(server.pid()), Duration::ZERO);
        // A cut is announced at once, or batched.
        let all_cut = scope.spawn(move || {
            let mut gone = 0;
            while gone < count {
                gone += names_in(&watch.until("| left |"));
            }
        });
        let mut words = Vec::new();
        while begun.elapsed() < span {
            if all_cut.is_finished() && words.is_empty() {
                // Some read after all, while there is still time; all at once, since the kernel resumes a stalled
                // connection when it sees fit.
                let reading = deaf.split_off(deaf.len().saturating_sub(20));
                words.extend(reading.into_iter().map(|stream| scope.spawn(|| last_words(stream))));
            }
            std::thread::sleep(Duration::from_millis(50));
            let now = Cost::of(server.pid());
            if now.files > 30 + count / 100 {
                cut = begun.elapsed();
            }
            most = Cost { memory: now.memory.max(most.memory), tcp: now.tcp.max(most.tcp), ..now };
        }
        let (said, delays, others) = talk.end();
        assert_eq!(delays.0.len(), said, "all is heard");
        assert!(
            said >= usize::try_from(u64::from(rate()) * span.as_secs() / 2).unwrap(),
            "{said} messages are no load"
        );
        let gone: usize = others.iter().filter(|line| line.contains("| left |")).map(|line| names_in(line)).sum();
        assert_eq!(gone, count, "the others are told who went");
        assert_eq!(words.len(), count.min(20), "all are cut in time");
        for words in words.into_iter().map(|words| words.join().unwrap()) {
            let last = words.last().map_or("", String::as_str);
            assert!(last.contains("| refused | slow_consumer "), "{}", &last[..last.len().min(200)]);
        }
        (delays, most, cut)
    })
}

/// How many of the clients that never read a line names.
fn names_in(line: &str) -> usize {
    line.rsplit("| ").next().unwrap().split(' ').filter(|name| name.starts_with("deaf")).count()
}

// T14: 1,000 clients never read during 2,000 messages of 1 KB a second for 30 s: a reading client's p99 stays within
// twice its value without them and within 20 ms, memory grows by at most 50 MB and the kernel's TCP memory by at most
// 300 MB, and all 1,000 are cut within 15 s and told why if they read.
#[test]
fn a_thousand_clients_that_never_read_delay_nobody() {
    let _quiet = quiet();
    raise_file_limit();
    let (deaf, span) = if super::long() { (1000, 30) } else { (100, 3) };
    let span = Duration::from_secs(span);
    let server = Server::start(&["--flood", "off", "--log", "error"]);
    let (control, ..) = percentile(&server, span, 0);
    let before = Cost::of(server.pid());
    let (delays, most, cut) = percentile(&server, span, deaf);
    let (memory, tcp) = (most.memory.saturating_sub(before.memory), most.tcp.saturating_sub(before.tcp));
    println!(
        "{deaf} never read, {span:?}: p50 {:?} and {:?} without, p99 {:?} and {:?} without, {} MB of memory, {} MB of the \
         kernel's, all cut after {cut:?}",
        delays.at(50),
        control.at(50),
        delays.p99(),
        control.p99(),
        memory >> 20,
        tcp >> 20,
    );
    assert!(memory <= 50 << 20, "{memory} bytes more");
    assert!(tcp <= 300 << 20, "{tcp} bytes more in the kernel");
    assert!(cut <= Duration::from_secs(15), "the last is cut after {cut:?}");
    assert!(delays.p99() <= 2 * control.p99() + slack(), "{:?} and {:?} without", delays.p99(), control.p99());
    assert!(delays.p99() <= Duration::from_millis(20) + slack(), "{:?}", delays.p99());
}

/// Users who read nothing: their sockets, and the other ends.
fn deaf(count: u64) -> (Senders, Outbox, Vec<UnixStream>) {
    let (alive, _) = async_std::channel::unbounded();
    let mut senders = Senders::new(WriterContext { alive, limit: 1 << 20, executor: Executor::start() });
    let mut outbox = Outbox::default();
    let mut peers = Vec::new();
    for at in 0..count {
        let (ours, theirs) = UnixStream::pair().unwrap();
        senders.open(ConnId(at), Socket::new(ours.into()).unwrap());
        outbox.open(ConnId(at));
        outbox.enter(ConnId(at), &Name::parse(&format!("user{at}")).unwrap());
        peers.push(theirs);
    }
    (senders, outbox, peers)
}

// What waits for all of them together is bounded in bytes: at the limit nobody is cut, and over it whoever holds most.
#[test]
fn all_backlogs_together_are_bounded_and_the_largest_is_cut_first() {
    let (mut senders, mut outbox, _peers) = deaf(4);
    for at in 0..4 {
        outbox.send_lines(ConnId(at), &vec![b'x'; 500_000 + 1000 * usize::try_from(at).unwrap()]);
    }
    assert_eq!(senders.flush(&mut outbox, Duration::ZERO), []);
    let waiting = senders.waiting();
    assert!(waiting > 4 * 100_000, "{waiting}");
    senders.set_limit_in_all(waiting);
    assert_eq!(senders.flush(&mut outbox, Duration::ZERO), []);
    // One byte over it, and it is enough to cut one.
    senders.set_limit_in_all(waiting - 1);
    assert_eq!(senders.flush(&mut outbox, Duration::ZERO), [ConnId(3)]);
    let left = senders.waiting();
    assert!(left < waiting - 100_000, "{left}");
    senders.set_limit_in_all(left);
    assert_eq!(senders.flush(&mut outbox, Duration::ZERO), []);
    senders.set_limit_in_all(1);
    assert_eq!(senders.flush(&mut outbox, Duration::ZERO), [ConnId(2), ConnId(1), ConnId(0)]);
    assert_eq!(senders.waiting(), 0);
}

#[test]
fn what_waits_for_many_counts_once_in_all() {
    let (mut senders, mut outbox, _peers) = deaf(8);
    let text = "x".repeat(4000);
    for _ in 0..100 {
        outbox.broadcast(None, &Envelope::from(Event::Notice(Text::line(&text))));
    }
    assert_eq!(senders.flush(&mut outbox, Duration::ZERO), []);
    // For each it counts in full, for all of them it is in memory once.
    let (waiting, once) = (senders.waiting(), 100 * 4100 + 8 * (PIECE_COST + 4096));
    assert!(waiting > 8 * 100_000 && waiting > 2 * once, "{waiting}");
    senders.set_limit_in_all(once);
    assert_eq!(senders.flush(&mut outbox, Duration::ZERO), []);
    senders.set_limit_in_all(100 * 4000);
    assert_eq!(senders.flush(&mut outbox, Duration::ZERO).len(), 8, "as long as one holds it, it is there");
    senders.set_limit_in_all(1);
    outbox.broadcast(None, &Envelope::from(Event::Notice(Text::line("nobody is left"))));
    assert_eq!(senders.flush(&mut outbox, Duration::ZERO), []);
}
