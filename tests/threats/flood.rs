//! Floods of connections, messages and malformed frames: connected users hardly notice.

use std::io::Write as _;
use std::net::{SocketAddr, TcpStream};
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tr2::server::limits::{INBOX, READ_SIZE};

use super::load::{Cost, Talk, named, quiet, raise_file_limit, slack};
use super::serving::{Folder, Peer, Server, TR2};

/// Connects at a rate and keeps the newest connections open, more than the server has room for.
fn storm(address: SocketAddr, (rate, held): (u32, usize), until: Instant) -> usize {
    let pause = Duration::from_secs(1) / rate;
    let (begun, mut made) = (Instant::now(), 0);
    let mut open: std::collections::VecDeque<rustix::fd::OwnedFd> = std::collections::VecDeque::new();
    while Instant::now() < until {
        use rustix::net::{AddressFamily, SocketFlags, SocketType, connect, socket_with, sockopt};
        let flags = SocketFlags::NONBLOCK | SocketFlags::CLOEXEC;
        let socket = socket_with(AddressFamily::INET, SocketType::STREAM, flags, None).unwrap();
        // Closed with a reset, so that no port is in use for another minute.
        sockopt::set_socket_linger(&socket, Some(Duration::ZERO)).unwrap();
        let _ = connect(&socket, &address);
        open.push_back(socket);
        if open.len() > held {
            open.pop_front();
        }
        made += 1;
        if let Some(early) = (pause * u32::try_from(made).unwrap()).checked_sub(begun.elapsed()) {
            std::thread::sleep(early);
        }
    }
    made
}

// T13: 5,000 connections a second for 20 s with 256 descriptors: no connected user is dropped, a new client joins
// within 2 s afterwards, and it costs less than half a core.
#[test]
fn five_thousand_connections_a_second_with_256_descriptors_drop_nobody() {
    let _quiet = quiet();
    let span = Duration::from_secs(if super::long() { 20 } else { 1 });
    let mut shell = Command::new("sh");
    shell.args(["-c", "ulimit -n 256; exec \"$@\"", "sh", TR2, "serve"]);
    let server = Server::run(shell, Folder::new(), &["--flood", "off", "--log", "error"]);
    let (address, over) = (server.address, AtomicBool::new(false));
    let before = Cost::of(server.pid());
    let (made, delays, others, took) = std::thread::scope(|scope| {
        let talk = Talk::start(scope, (address, &over), ("speaker", "reader"), (20, 100));
        let begun = Instant::now();
        let storms: Vec<_> = (0..2).map(|_| scope.spawn(move || storm(address, (2500, 300), begun + span))).collect();
        let made: usize = storms.into_iter().map(|storm| storm.join().unwrap()).sum();
        let start = Instant::now();
        Peer::join(address, "after");
        let took = start.elapsed();
        let (said, delays, others) = talk.end();
        assert_eq!(delays.0.len(), said, "everything that was said is heard");
        (made, delays, others, took)
    });
    let spent = Cost::of(server.pid()).time - before.time;
    println!(
        "{made} connections in {span:?}: a new client in after {took:?}, p99 {:?}, {spent:?} of time",
        delays.p99()
    );
    assert!(others.iter().all(|line| !line.contains("| left | speaker")), "{others:?}");
    assert!(took <= Duration::from_secs(2), "a new client waits {took:?}");
    if super::long() {
        assert!(made >= 90_000, "{made} connections are no flood");
        assert!(spent < span / 2, "{spent:?} of processor time in {span:?}");
    }
}

// T12: 20 clients that send 10,000 messages a second each: the others' p99 stays within 50 ms, and no more is taken
// than the flood limit allows.
#[test]
fn twenty_floods_of_ten_thousand_a_second_delay_nobody_else() {
    let _quiet = quiet();
    let span = Duration::from_secs(if super::long() { 20 } else { 2 });
    let server = Server::start(&["--log", "error"]);
    let (address, over) = (server.address, AtomicBool::new(false));
    let (sent, taken) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let delays = std::thread::scope(|scope| {
        // Within the flood limit, as real users are.
        let talk = Talk::start(scope, (address, &over), ("speaker", "reader"), (4, 100));
        let begun = Instant::now();
        let mut floods: Vec<TcpStream> = (0..20).map(|at| named(address, &format!("mallory{at}"))).collect();
        floods.iter().for_each(|flood| flood.set_nonblocking(true).unwrap());
        let batch = "x | all clients | broadcast_not_me | flood\n".repeat(100);
        let mut rounds = 0;
        while begun.elapsed() < span {
            for flood in &mut floods {
                let wrote = flood.write(batch.as_bytes()).unwrap_or(0);
                sent.fetch_add(100 * wrote / batch.len(), Ordering::Relaxed);
            }
            rounds += 1;
            // A hundred batches of a hundred each second.
            std::thread::sleep((Duration::from_millis(10) * rounds).saturating_sub(begun.elapsed()));
        }
        let (said, delays, others) = talk.end();
        assert_eq!(delays.0.len(), said);
        taken.store(others.iter().filter(|line| line.ends_with("| flood")).count(), Ordering::Relaxed);
        delays
    });
    let (sent, taken) = (sent.into_inner(), taken.into_inner());
    println!("20 floods for {span:?}: {sent} written, {taken} taken, p99 {:?} of {}", delays.p99(), delays.0.len());
    let allowed = 20 * (20 + 5 * (usize::try_from(span.as_secs()).unwrap() + 1));
    assert!(taken <= allowed, "{taken} of at most {allowed} are taken");
    assert!(taken >= 20, "a flood is slowed down, not shut out");
    assert!(delays.p99() <= Duration::from_millis(50) + slack(), "{:?}", delays.p99());
}

// T15: endless malformed frames from a client without a name that never reads cost at most 1 MB. With the flood limit
// off, a million of them are taken and cost at most that and the broker's full inbox.
#[test]
fn malformed_frames_with_unread_answers_cost_a_megabyte() {
    let _quiet = quiet();
    let frames = if super::long() { 1_000_000 } else { 100_000 };
    for (flood, most) in [("20/5", 1 << 20), ("off", (1 << 20) + INBOX * READ_SIZE)] {
        let server = Server::start(&["--flood", flood, "--log", "error"]);
        let mut alice = Peer::join(server.address, "alice");
        let batch = b"nonsense\n".repeat(1000);
        let storm = |stream: &mut TcpStream, frames: usize, memory: &mut u64| {
            stream.set_write_timeout(Some(Duration::from_millis(500))).unwrap();
            let mut written = 0;
            while written < frames && stream.write_all(&batch).is_ok() {
                written += 1000;
                *memory = Cost::of(server.pid()).memory.max(*memory);
            }
            written
        };
        // The memory that the allocator sets aside for the first slow client serves all later ones.
        storm(&mut TcpStream::connect(server.address).unwrap(), 20_000, &mut 0);
        alice.ask("x | x | echo | a", "| a");
        let before = Cost::of(server.pid()).memory;
        let mut peak = before;
        let mut mallory = TcpStream::connect(server.address).unwrap();
        let written = storm(&mut mallory, frames, &mut peak);
        alice.ask("x | x | echo | b", "| b");
        let grown = usize::try_from(peak - before).unwrap();
        println!("flood limit {flood}: {written} bad frames written, {grown} bytes for them");
        assert!(grown <= most, "{grown} bytes");
    }
}

// T8: a line without an end and another protocol's greeting cost little memory and little time.
#[test]
fn a_line_without_an_end_costs_a_frame() {
    let _quiet = quiet();
    let total = if super::long() { 1 << 30 } else { 1 << 25 };
    raise_file_limit();
    let server = Server::start(&["--log", "error"]);
    let mut alice = Peer::join(server.address, "alice");
    let mut mallory = Peer::join(server.address, "mallory");
    let before = Cost::of(server.pid());
    let chunk = vec![b'x'; 1 << 20];
    let mut most = 0;
    for _ in 0..total >> 20 {
        mallory.send(&chunk);
        most = most.max(Cost::of(server.pid()).memory);
    }
    alice.ask("x | x | echo | served", "served");
    let grown = most.saturating_sub(before.memory);
    println!("{total} bytes in one line: {grown} bytes for them, {:?}", Cost::of(server.pid()).time - before.time);
    assert!(grown <= 256 * 1024, "{grown} bytes");
    // A hundred clients send half a line and nothing more: the server does not spin.
    let idle: Vec<TcpStream> = (0..100)
        .map(|at| {
            let mut stream = TcpStream::connect(server.address).unwrap();
            let hello: &[u8] = if at % 2 == 0 { &[b'x'; 603] } else { b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" };
            stream.write_all(hello).unwrap();
            stream
        })
        .collect();
    alice.ask("x | x | echo | again", "again");
    let rest = Duration::from_secs(if super::long() { 8 } else { 1 });
    let before = Cost::of(server.pid());
    std::thread::sleep(rest);
    let spent = Cost::of(server.pid()).time - before.time;
    println!("100 that sent half a line: {spent:?} of processor time in {rest:?}");
    assert!(spent <= rest / 20, "{spent:?} in {rest:?}");
    drop(idle);
}
