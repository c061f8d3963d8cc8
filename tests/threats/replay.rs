//! Replayed messages have no effect, and passphrases can be guessed three times a minute.

use std::io::Write as _;
use std::net::TcpStream;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use super::load::{Cost, Talk, quiet, raise_file_limit, slack};
use super::serving::{Peer, Server};

// T25: 10,000 captured frames sent again, from the same session and from a later one: no new message. There are no
// tokens to steal: a session returns by proving its identity.
#[test]
fn ten_thousand_replayed_frames_have_no_effect() {
    let frames = if super::long() { 10_000 } else { 2000 };
    let server = Server::start(&["--flood", "off", "--log", "error", "--durability", "normal"]);
    let mut bob = Peer::join(server.address, "bob");
    let listener = std::thread::spawn(move || {
        let mut heard = 0;
        loop {
            let line = bob.hear();
            assert!(!line.is_empty(), "bob is cut after {heard}");
            if line.ends_with("| end") {
                return heard;
            }
            heard += usize::from(line.contains("| broadcast_not_me |"));
        }
    });
    let captured: Vec<String> =
        (0..frames).map(|at| format!("@ref=r{at} alice | all clients | broadcast_not_me | {at}\n")).collect();
    let mut first: Vec<String> = Vec::new();
    // Twice from one session, and once from a later one over another connection.
    for repeats in [2, 1] {
        let mut alice = loop {
            let mut alice = Peer::connect(server.address);
            let answer = alice.ask("x | server | name | alice", "server | ");
            // The server may not have noticed yet that the earlier session ended.
            if answer.contains("| connection_confirmation |") {
                break alice;
            }
            assert!(answer.contains("name_taken"), "{answer}");
        };
        for _ in 0..repeats {
            let again = first.len() == frames;
            for (at, batch) in captured.chunks(500).enumerate() {
                alice.send(batch.concat().as_bytes());
                for number in 500 * at..500 * at + batch.len() {
                    let answer = alice.until("| accepted");
                    let id = answer.split("id=").nth(1).unwrap().split(';').next().unwrap().to_owned();
                    if again {
                        assert_eq!(first[number], id, "{answer}");
                    } else {
                        first.push(id);
                    }
                }
            }
        }
    }
    let mut alice = Peer::join(server.address, "carol");
    alice.ask("@ref=c x | all clients | broadcast_not_me | end", "ref=c");
    assert_eq!(listener.join().unwrap(), frames, "each is heard once");
    let mut count = 0;
    let mut since = 0_u64;
    loop {
        alice.say(&format!("@ref=h x | all clients | history | limit=1000 since={since}"));
        let mut page = 0;
        let more = loop {
            let line = alice.until("ref=h");
            if line.contains("| history_end") {
                break line.ends_with("more");
            }
            page += 1;
            since = line.split("id=").nth(1).unwrap().split(';').next().unwrap().parse().unwrap();
        };
        count += page;
        if !more {
            break;
        }
    }
    println!("{frames} frames sent three times: {count} messages with the last");
    assert_eq!(count, frames + 1);
}

// T26: 500 passphrases at once: chat p99 within 50 ms, 40 MB at most for it, three tries and no more.
#[test]
fn five_hundred_passphrases_at_once_delay_nobody() {
    let _quiet = quiet();
    raise_file_limit();
    let server = Server::start(&["--flood", "off", "--log", "warn"]);
    let span = Duration::from_secs(if super::long() { 10 } else { 1 });
    let over = AtomicBool::new(false);
    let (delays, grown, tries) = std::thread::scope(|scope| {
        let talk = Talk::start(scope, (server.address, &over), ("speaker", "reader"), (50, 100));
        let mut guessers: Vec<TcpStream> = (0..500)
            .map(|at| {
                let mut stream = TcpStream::connect(server.address).unwrap();
                // Without a name, so that it receives no broadcasts, which it would not read.
                stream.write_all(format!("x | server | ping | {at}\n").as_bytes()).unwrap();
                stream
            })
            .collect();
        Peer::join(server.address, "last").ask("x | x | echo | in", "| in");
        let before = Cost::of(server.pid()).memory;
        for (at, stream) in guessers.iter_mut().enumerate() {
            let frame = format!("@ref=1 x | server | moderator | wrong-{at}\n@ref=2 x | server | moderator | wrong\n");
            stream.write_all(frame.as_bytes()).unwrap();
        }
        let begun = std::time::Instant::now();
        let mut most = before;
        while begun.elapsed() < span {
            most = most.max(Cost::of(server.pid()).memory);
            std::thread::sleep(Duration::from_millis(10));
        }
        let (_, delays, _) = talk.end();
        guessers.iter_mut().for_each(|stream| drop(stream.shutdown(std::net::Shutdown::Both)));
        (delays, most.saturating_sub(before), guessers.len())
    });
    println!("{tries} guess at once: p99 {:?} of {}, {} MB", delays.p99(), delays.0.len(), grown >> 20);
    assert!(grown <= 40 << 20, "{grown} bytes");
    assert!(delays.p99() <= Duration::from_millis(50) + slack(), "{:?}", delays.p99());
    // A minute has not passed: the next guess is refused unchecked.
    let mut eve = Peer::connect(server.address);
    let answer = eve.ask("@ref=1 x | server | moderator | wrong", "ref=1");
    assert!(answer.contains("refused | too_many_tries"), "{answer}");
}
