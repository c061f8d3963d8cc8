//! Attacks that stay within every limit on bytes and frames: much work for each request, and endless comings and goings.
//! Everybody else hardly notices, and nobody is cut who reads.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::load::{Delays, Talk, named, quiet, raise_file_limit, slack};
use super::serving::{Peer, Server, tag};

/// The most that a message may take, at the 99th percentile.
const MOST_DELAY: Duration = Duration::from_millis(50);

/// Users who are in rooms of this kind, ten each, and read what they are told.
fn hermits(address: SocketAddr, count: usize, kind: &str) -> Vec<TcpStream> {
    let hermit = |number: usize| {
        let mut peer = Peer::join(address, &format!("hermit{number}"));
        let rooms: String = (0..10).map(|room| format!("x | #cell-{number}-{room} | join_room | {kind}\n")).collect();
        peer.send(rooms.as_bytes());
        peer.ask("x | x | echo | in", "| in");
        peer.stream().try_clone().unwrap()
    };
    (0..count).map(hermit).collect()
}

/// Reads until a connection ends or the time is over; says whether it is still open.
fn read_on(mut stream: TcpStream, over: &AtomicBool) -> bool {
    let mut buffer = vec![0; 64 * 1024];
    stream.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
    while !over.load(Ordering::Relaxed) {
        match stream.read(&mut buffer) {
            Ok(0) => return false,
            Ok(_) => {}
            Err(error) if matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut) => {}
            Err(_) => return false,
        }
    }
    true
}

/// 26 users, each within the flood limit, ask for something at once and then five times a second, for so long; how many
/// of them are still open in the end, and what others who chat meanwhile notice.
fn ask_for(address: SocketAddr, asks: &'static str, span: Duration, tag: &str) -> (usize, Delays) {
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let (speaker, reader) = (format!("speaker-{tag}"), format!("reader-{tag}"));
        let talk = Talk::start(scope, (address, &over), (&speaker, &reader), (4, 100));
        let begun = Instant::now();
        let attackers: Vec<_> = (b'a'..=b'z')
            .map(|letter| {
                let over = &over;
                let name = format!("ÄÖßéñžäöüéèêëçñíìâôû{}-{tag}", char::from(letter));
                let mut stream = named(address, &name);
                stream.write_all(asks.repeat(19).as_bytes()).unwrap();
                let reading = stream.try_clone().unwrap();
                scope.spawn(move || {
                    while !over.load(Ordering::Relaxed) && stream.write_all(asks.as_bytes()).is_ok() {
                        std::thread::sleep(Duration::from_millis(200));
                    }
                });
                scope.spawn(move || read_on(reading, over))
            })
            .collect();
        std::thread::sleep(span.saturating_sub(begun.elapsed()));
        let (said, delays, _) = talk.end();
        assert_eq!(delays.0.len(), said, "everything that was said is heard");
        (attackers.into_iter().map(|attacker| attacker.join().unwrap()).filter(|open| *open).count(), delays)
    })
}

fn assert_quick(what: &str, (open, delays): &(usize, Delays)) {
    println!("26 ask for {what}: p50 {:?}, p99 {:?}, most {:?}", delays.at(50), delays.p99(), delays.at(100));
    assert_eq!(*open, 26, "they are answered, not cut");
    assert!(delays.p99() <= MOST_DELAY + slack(), "{:?}", delays.p99());
}

// T34: what one may not see costs nothing to ask for: the rooms of a server with 7,000 private ones.
#[test]
fn asking_for_rooms_that_one_may_not_see_delays_nobody() {
    let _quiet = quiet();
    raise_file_limit();
    let (span, count) = if super::long() { (Duration::from_secs(15), 700) } else { (Duration::from_secs(1), 50) };
    let server = Server::start(&["--log", "error"]);
    let _hermits = hermits(server.address, count, "private");
    let seen = ask_for(server.address, "x | server | rooms | no data\n", span, "r");
    assert_quick(&format!("{} private rooms", 10 * count), &seen);
}

// T35: whoever asks for much waits for the others: lists as long as they get.
#[test]
fn asking_for_long_lists_delays_nobody() {
    let _quiet = quiet();
    raise_file_limit();
    let (span, count) = if super::long() { (Duration::from_secs(15), 700) } else { (Duration::from_secs(1), 50) };
    let server = Server::start(&["--log", "error"]);
    let _hermits = hermits(server.address, count, "open");
    let seen = ask_for(server.address, "x | server | rooms | no data\n", span, "r");
    assert_quick(&format!("{} open rooms", 10 * count), &seen);
    let seen = ask_for(server.address, "x | server | list_clients | no data\n", span, "u");
    assert_quick(&format!("{count} users"), &seen);
}

// T35: edits, reactions and what has changed: messages with as many reactions as one user after the other can put there.
#[test]
fn changing_messages_again_and_again_delays_nobody() {
    /// As many as one user may say at once.
    const MESSAGES: usize = 15;
    let _quiet = quiet();
    raise_file_limit();
    let (span, fans) = if super::long() { (Duration::from_secs(15), 200) } else { (Duration::from_secs(1), 20) };
    let server = Server::start(&["--log", "error"]);
    let mut anna = Peer::join(server.address, "anna");
    let say = |at: usize| format!("@ref=s{at} x | all clients | broadcast_not_me | much liked {at}\n");
    anna.send((0..MESSAGES).map(say).collect::<String>().as_bytes());
    let numbers: Vec<String> = (0..MESSAGES).map(|_| tag(&anna.until("| accepted"), "id").to_owned()).collect();
    let most = &numbers[MESSAGES - 1];
    for at in 0..fans {
        let mut fan = Peer::join(server.address, &format!("fan{at}"));
        fan.say("x | server | capabilities | reply edit react");
        for number in [&numbers[at % MESSAGES], most] {
            (0..5).for_each(|word| fan.say(&format!("x | all clients | react | {number} w{word}")));
        }
        fan.ask(&format!("@ref=last x | all clients | unreact | {most} none"), "@ref=last");
    }
    let react = format!("x | all clients | react | {most} z\nx | all clients | unreact | {most} z\n");
    let changes = "x | all clients | changes | since=0 limit=1000\n".to_owned();
    for (asks, what) in [(react, "reactions"), (changes, "changes")] {
        // The requests of the attack live as long as the test.
        let seen = ask_for(server.address, asks.leak(), span, &what[..1]);
        assert_quick(what, &seen);
    }
}

// T35: what has to wait for its turn is answered in order, and what is beyond that is refused.
#[test]
fn what_waits_for_its_turn_is_answered_in_order() {
    const ASKS: usize = 7;
    let _quiet = quiet();
    raise_file_limit();
    let server = Server::start(&["--flood", "off", "--log", "error"]);
    let _hermits = hermits(server.address, 40, "open");
    let mut mallory = Peer::join(server.address, "mallory");
    let mut bob = Peer::join(server.address, "bob");
    let mut asks: String = (0..ASKS).map(|ask| format!("@ref=r{ask} x | server | rooms | no data\n")).collect();
    asks.push_str("@ref=last x | x | echo | last\n");
    mallory.send(asks.as_bytes());
    let asked = Instant::now();
    bob.ask("x | x | echo | quick", "| quick");
    println!("others wait {:?}", asked.elapsed());
    let mut answered = Vec::new();
    while answered.last().is_none_or(|label| label != "last") {
        let line = mallory.hear();
        if line.contains("| rooms_end") || line.contains("| echo |") {
            answered.push(tag(&line, "ref").to_owned());
        }
    }
    let expected: Vec<String> = (0..ASKS).map(|ask| format!("r{ask}")).chain(["last".to_owned()]).collect();
    assert_eq!(answered, expected);
    // Far more than may wait: refused, each under its label, and the connection stays.
    let many: String = (0..3000).map(|ask| format!("@ref=m{ask} x | server | rooms | no data\n")).collect();
    mallory.send(many.as_bytes());
    mallory.until("| refused | rate_limited");
    bob.ask("x | x | echo | still quick", "| still quick");
}

// T33: one address joins and leaves as fast as it can, two connections at a time: the others are not flooded with lines, and
// it is told to wait.
#[test]
fn endless_comings_and_goings_delay_nobody_and_are_slowed_down() {
    const BYSTANDERS: usize = 50;
    let _quiet = quiet();
    raise_file_limit();
    let span = Duration::from_secs(if super::long() { 20 } else { 3 });
    let server = Server::start(&["--flood", "100/50", "--log", "error"]);
    let (address, over) = (server.address, AtomicBool::new(false));
    let (joined, refused, heard) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicUsize::new(0));
    let (delays, lines) = std::thread::scope(|scope| {
        let bystanders: Vec<_> = (0..BYSTANDERS)
            .map(|number| {
                let peer = Peer::join(address, &format!("bystander{number}"));
                let (stream, over) = (peer.stream().try_clone().unwrap(), &over);
                scope.spawn(move || {
                    let _peer = peer;
                    read_on(stream, over)
                })
            })
            .collect();
        let talk = Talk::start(scope, (address, &over), ("speaker", "reader"), (20, 100));
        let begun = Instant::now();
        for churn in 0..2 {
            let (over, joined, refused, heard) = (&over, &joined, &refused, &heard);
            scope.spawn(move || {
                let mut buffer = [0; 4096];
                for number in 0.. {
                    if over.load(Ordering::Relaxed) {
                        return;
                    }
                    let Ok(mut stream) = TcpStream::connect(address) else { continue };
                    let name = format!("m{churn}x{number}");
                    let lines = format!("x | server | name | {name}\nx | server | exit | no data\n");
                    let _ = stream.write_all(lines.as_bytes());
                    stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
                    let mut said = Vec::new();
                    while let Ok(read @ 1..) = stream.read(&mut buffer) {
                        said.extend_from_slice(&buffer[..read]);
                    }
                    heard.fetch_add(said.len(), Ordering::Relaxed);
                    let said = String::from_utf8_lossy(&said);
                    let counter = if said.contains("connection_confirmation") { joined } else { refused };
                    counter.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        std::thread::sleep(span.saturating_sub(begun.elapsed()));
        let (said, delays, others) = talk.end();
        assert_eq!(delays.0.len(), said, "everything that was said is heard");
        let open = bystanders.into_iter().map(|one| one.join().unwrap()).filter(|open| *open).count();
        assert_eq!(open, BYSTANDERS, "nobody is cut who reads");
        (delays, others)
    });
    let (joined, refused) = (joined.into_inner(), refused.into_inner());
    let told = lines.iter().filter(|line| line.contains("| joined |") || line.contains("| left |")).count();
    println!(
        "{joined} sessions of one address in {span:?}, {refused} refused: {told} lines of it for each, p50 {:?}, p99 {:?}, most {:?}",
        delays.at(50),
        delays.p99(),
        delays.at(100),
    );
    let seconds = usize::try_from(span.as_secs()).unwrap() + 3;
    assert!(joined <= 2000 + 50 * seconds, "{joined} may come and go");
    assert!(told <= 220 * seconds, "{told} lines");
    assert!(delays.p99() <= MOST_DELAY + slack(), "{:?}", delays.p99());
}
