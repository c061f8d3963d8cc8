//! Legs of calls on the real server: connections that show a token, and chat beside them.

use std::io::{BufRead as _, BufReader, Read as _};
use std::net::{SocketAddr, TcpStream, UdpSocket};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;
use tr2::protocol::leg::{LegToken, write_on_stream};

use crate::chance::Chance;
use crate::legs::{Both, HERE, StreamLeg, UdpLeg, number, packet};
use crate::secure::{Talk, credential, tls_of, tls_stream};
use crate::serving::{Folder, PATIENCE, Peer, Server, TR2};

const WRONG: &str = "@ref=7 x | server | relay | leg=0123456789abcdef0123456789abcdef";

#[test]
fn a_wrong_token_is_refused_and_its_connection_closed() {
    let folder = Folder::new();
    let path = folder.path().join("s");
    let unix = format!("unix:{}", path.display());
    let server = Server::start(&["--listen", "tls://127.0.0.1:0", "--listen", &unix]);
    let tls = tls_of(&server).0;
    let mut alice = Peer::join(server.address, "alice");
    for over in ["tcp", "tls", "unix"] {
        // Whether the greeting is waited for or not; and nothing that follows the frame is taken.
        for (waits, follows) in
            [(true, ""), (false, ""), (false, "x | server | name | mallory\n"), (true, "\u{40}\u{1}")]
        {
            let mut talk = match over {
                "tcp" => Talk::tcp(server.address),
                "tls" => Talk::tls(tls, &credential()),
                _ => Talk::unix(path.to_str().unwrap()),
            };
            if waits {
                talk.until("TR2.26");
            }
            talk.send(format!("{WRONG}\n{follows}").as_bytes(), true);
            if !waits {
                talk.until("TR2.26");
            }
            let refused = talk.hear();
            assert!(refused.starts_with("@ref=7 server | client | refused | no_such_call "), "{over}: {refused:?}");
            assert_eq!(talk.hear(), "", "{over}: it is closed");
        }
    }
    // Nobody came, and as a later frame it is refused as what it is.
    alice.say("x | x | echo | here");
    assert_eq!(alice.hear(), "alice | alice | echo | here");
    alice.ask(WRONG, "@ref=7 server | alice | refused | ");
    alice.ask("x | x | echo | still here", "still here");
}

/// A call that was answered: each one's token, and the UDP port.
fn call(callers: [&mut Talk; 2], names: [&str; 2], id: u8) -> ([LegToken; 2], u16) {
    let [alice, bob] = callers;
    let (id, key) = (format!("{id:02x}").repeat(16), format!("SHA256:{}", "A".repeat(43)));
    bob.send(b"x | server | capabilities | reply edit react calls\n", true);
    bob.ask("x | x | echo | said", "said");
    alice.ask(&format!("x | {} | call | id={id} what=chat key={key}", names[1]), "| ringing |");
    bob.until(" | call | ");
    let of_bob = bob.ask(&format!("x | {} | answer | id={id} yes key={key}", names[0]), "| relay |");
    let of_alice = alice.until("| relay |");
    let word = |line: &str, key: &str| {
        line.split(' ').find_map(|word| word.strip_prefix(key)).unwrap_or_else(|| panic!("{key} in {line}")).to_owned()
    };
    let tokens = [&of_alice, &of_bob].map(|line| word(line, "leg=").parse().unwrap());
    (tokens, word(&of_bob, "port=").parse().unwrap())
}

/// A connection that carries a leg.
fn leg(stream: Box<dyn Both>, token: LegToken) -> StreamLeg {
    let mut leg = StreamLeg::over(stream);
    assert!(leg.line().starts_with("server | client | name | TR2.26 "));
    leg.write(format!("x | server | relay | leg={token}\n").as_bytes()).unwrap();
    assert_eq!(leg.line(), "server | client | relay | ready");
    leg
}

fn tcp(address: SocketAddr) -> Box<dyn Both> {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.set_nodelay(true).unwrap();
    Box::new(stream)
}

fn unix(path: &Path) -> Box<dyn Both> {
    let stream = UnixStream::connect(path).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    Box::new(stream)
}

fn exchange(one: &mut StreamLeg, other: &mut StreamLeg) {
    for at in 0..50 {
        one.send(&packet(at, 1000));
        assert_eq!(other.receive(), Some(packet(at, 1000)));
        other.send(&packet(at, 100));
        assert_eq!(one.receive(), Some(packet(at, 100)));
    }
}

#[test]
fn a_call_is_relayed_over_every_transport_until_somebody_hangs_up() {
    let folder = Folder::new();
    let path = folder.path().join("s");
    let listen = format!("unix:{}", path.display());
    let server = Server::start(&["--listen", "tls://127.0.0.1:0", "--listen", &listen, "--log", "debug"]);
    let tls = tls_of(&server).0;
    let threads = || std::fs::read_dir(format!("/proc/{}/task", server.pid().as_raw_nonzero())).unwrap().count();
    let mut alice = Talk::tcp(server.address).join("alice");
    let mut bob = Talk::tcp(server.address).join("bob");
    let before = threads();
    let ([of_alice, of_bob], port) = call([&mut alice, &mut bob], ["alice", "bob"], 1);
    assert_eq!(port, server.address.port(), "the same number");
    let mut one = leg(tcp(server.address), of_alice);
    let mut other = leg(unix(&path), of_bob);
    exchange(&mut one, &mut other);
    assert!(threads() > before, "it has a thread of its own");
    // The connections are no users and no connections of the broker any more.
    server.logs("event=left conn=3");
    server.logs("why=\"carries a leg\"");
    // Another kind takes over, on both sides.
    let mut one = leg(Box::new(tls_stream(tls, &credential())), of_alice);
    exchange(&mut one, &mut other);
    let udp = UdpLeg::new(HERE, port).bind(of_bob);
    one.send(&packet(7, 500));
    assert_eq!(udp.receive(), packet(7, 500));
    udp.send(&packet(8, 500));
    assert_eq!(one.receive(), Some(packet(8, 500)));
    // The call is over, and with it the legs and the port.
    bob.send(format!("x | alice | hang_up | id={} done\n", "01".repeat(16)).as_bytes(), true);
    alice.until("hang_up");
    assert_eq!((one.receive(), other.receive()), (None, None));
    let deadline = Instant::now() + PATIENCE;
    while UdpSocket::bind((HERE, port)).is_err() {
        assert!(Instant::now() < deadline);
        thread::yield_now();
    }
    let mut late = StreamLeg::over(tcp(server.address));
    late.line();
    late.write(format!("x | server | relay | leg={of_alice}\n").as_bytes()).unwrap();
    assert!(late.line().contains("no_such_call"));
    // The next call has other tokens.
    let (again, port) = call([&mut bob, &mut alice], ["bob", "alice"], 2);
    assert!(!again.contains(&of_alice) && !again.contains(&of_bob) && port == server.address.port());
    let mut one = leg(unix(&path), again[0]);
    let mut other = leg(tcp(server.address), again[1]);
    exchange(&mut one, &mut other);
    // Whoever leaves takes the call with them.
    drop(bob);
    alice.until("hang_up");
    assert_eq!((one.receive(), other.receive()), (None, None));
}

#[test]
fn a_server_on_socket_files_alone_relays_over_streams() {
    let folder = Folder::new();
    let path = folder.path().join("s");
    let mut command = Command::new(TR2);
    let listen = format!("unix:{}", path.display());
    command.args(["serve", "--listen", &listen, "--data"]).arg(folder.path().join("data"));
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut first = String::new();
    // It has more to print.
    let mut printed = BufReader::new(child.stdout.take().unwrap());
    printed.read_line(&mut first).unwrap();
    let talk = |name| Talk::unix(path.to_str().unwrap()).join(name);
    let (mut alice, mut bob) = (talk("alice"), talk("bob"));
    let ([of_alice, of_bob], port) = call([&mut alice, &mut bob], ["alice", "bob"], 1);
    assert_eq!(port, 0);
    exchange(&mut leg(unix(&path), of_alice), &mut leg(unix(&path), of_bob));
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn garbage_over_udp_and_over_legs_leaves_chat_and_calls_working() {
    let server = Server::start(&["--flood", "off", "--log", "error"]);
    let mut alice = Talk::tcp(server.address).join("alice");
    let mut bob = Talk::tcp(server.address).join("bob");
    let ([of_alice, of_bob], port) = call([&mut alice, &mut bob], ["alice", "bob"], 1);
    let (mut one, mut other) = (leg(tcp(server.address), of_alice), leg(tcp(server.address), of_bob));
    let mut carol = Talk::tcp(server.address).join("carol");
    let ([of_carol, _], _) = call([&mut carol, &mut bob], ["carol", "bob"], 2);
    let (over, sent) = (AtomicBool::new(false), AtomicUsize::new(0));
    let (longest, longest_packet) = thread::scope(|scope| {
        let _over = Over(&over);
        for seed in 0..2 {
            let (over, sent) = (&over, &sent);
            scope.spawn(move || {
                let (socket, mut chance) = (UdpSocket::bind((HERE, 0)).unwrap(), Chance(seed));
                while !over.load(Ordering::Relaxed) {
                    let noise: Vec<u8> = (0..chance.below(80)).map(|_| chance.next() as u8).collect();
                    sent.fetch_add(usize::from(socket.send_to(&noise, (HERE, port)).is_ok()), Ordering::Relaxed);
                }
            });
        }
        scope.spawn(|| storm(server.address, &over, &sent));
        // A leg that sends as fast as it can, to nobody.
        let mut flood = leg(tcp(server.address), of_carol);
        scope.spawn({
            let over = &over;
            move || {
                let mut bytes = Vec::new();
                (0..50).for_each(|at| write_on_stream(&packet(at, 1200), &mut bytes));
                while !over.load(Ordering::Relaxed) && flood.write(&bytes).is_ok() {}
            }
        });
        let (start, mut longest, mut longest_packet) = (Instant::now(), Duration::ZERO, Duration::ZERO);
        let mut number = 0;
        while start.elapsed() < Duration::from_secs(2) || sent.load(Ordering::Relaxed) < 10_000 {
            assert!(start.elapsed() < PATIENCE);
            let asked = Instant::now();
            alice.ask(&format!("x | x | echo | n{number}"), &format!("| n{number}"));
            longest = longest.max(asked.elapsed());
            let asked = Instant::now();
            one.send(&packet(number, 600));
            assert_eq!(other.receive(), Some(packet(number, 600)));
            longest_packet = longest_packet.max(asked.elapsed());
            number += 1;
        }
        (longest, longest_packet)
    });
    println!("{sent:?} pieces of garbage; the longest echo took {longest:?}, the longest packet {longest_packet:?}");
    assert!(longest < Duration::from_secs(1) && longest_packet < Duration::from_secs(1));
}

#[test]
fn other_rates_come_into_force_while_calls_are_relayed() {
    let folder = Folder::new();
    let config = folder.path().join("tr2.conf");
    std::fs::write(&config, "relay-rate = 8192\n").unwrap();
    let server = Server::start(&["--config", config.to_str().unwrap()]);
    let mut alice = Talk::tcp(server.address).join("alice");
    let mut bob = Talk::tcp(server.address).join("bob");
    let ([of_alice, of_bob], _) = call([&mut alice, &mut bob], ["alice", "bob"], 1);
    let (mut one, mut other) = (leg(tcp(server.address), of_alice), leg(tcp(server.address), of_bob));
    let start = Instant::now();
    (0..100).for_each(|at| one.send(&packet(at, 1000)));
    // About eight at once and eight more each second.
    let few: Vec<u64> = (0..8).map(|_| number(&other.receive().unwrap())).collect();
    assert_eq!(few, (0..8).collect::<Vec<_>>());
    std::fs::write(&config, "relay-rate = 1048576\n").unwrap();
    server.signal(Signal::HUP);
    server.logs("event=reloaded");
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        let _over = Over(&over);
        scope.spawn(|| {
            for at in (1000..).take_while(|_| !over.load(Ordering::Relaxed)) {
                one.send(&packet(at, 1000));
                thread::sleep(Duration::from_millis(2));
            }
        });
        // At the old rate one in sixty got through.
        let (mut last, mut in_a_row) = (0, 0);
        while in_a_row < 100 {
            assert!(start.elapsed() < PATIENCE, "{in_a_row} in a row");
            let at = number(&other.receive().unwrap());
            in_a_row = if at == last + 1 { in_a_row + 1 } else { 0 };
            last = at;
        }
    });
}

#[test]
fn a_fault_in_the_relay_ends_its_calls_and_nothing_else() {
    if !cfg!(debug_assertions) {
        return println!("skipped: a release does not fail on demand");
    }
    let mut command = Command::new(TR2);
    command.arg("serve").env("TR2_FAULTS", "1").env("RUST_BACKTRACE", "0");
    let server = Server::run(command, Folder::new(), &[]);
    let mut alice = Talk::tcp(server.address).join("alice");
    let mut bob = Talk::tcp(server.address).join("bob");
    for id in 1..=2 {
        let ([of_alice, of_bob], port) = call([&mut alice, &mut bob], ["alice", "bob"], id);
        let (mut one, mut other) = (leg(tcp(server.address), of_alice), leg(tcp(server.address), of_bob));
        exchange(&mut one, &mut other);
        one.send(b"\x40 fault in the relay");
        assert_eq!((one.receive(), other.receive()), (None, None), "the streams are closed");
        alice.until("hang_up");
        bob.until("hang_up");
        server.logs("event=relay_failed calls=1");
        UdpSocket::bind((HERE, port)).unwrap();
    }
}

/// Ends what goes on beside a test, even if it fails.
struct Over<'a>(&'a AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Opens connections that show wrong tokens, one after the other, until `over`.
fn storm(address: SocketAddr, over: &AtomicBool, made: &AtomicUsize) {
    while !over.load(Ordering::Relaxed) {
        let Ok(mut stream) = TcpStream::connect(address) else { continue };
        let _ = stream.set_read_timeout(Some(PATIENCE));
        let _ = std::io::Write::write_all(&mut stream, format!("{WRONG}\n").as_bytes());
        let mut rest = String::new();
        if stream.read_to_string(&mut rest).is_ok() && rest.contains("no_such_call") {
            made.fetch_add(1, Ordering::Relaxed);
        }
    }
}

#[test]
fn a_flood_of_wrong_tokens_leaves_the_chat_working() {
    let server = Server::start(&["--flood", "off", "--log", "error"]);
    let (over, made) = (AtomicBool::new(false), AtomicUsize::new(0));
    let mut alice = Peer::join(server.address, "alice");
    let longest = thread::scope(|scope| {
        let _over = Over(&over);
        for _ in 0..4 {
            scope.spawn(|| storm(server.address, &over, &made));
        }
        let (start, mut longest, mut number) = (Instant::now(), Duration::ZERO, 0);
        while start.elapsed() < Duration::from_secs(2) || made.load(Ordering::Relaxed) < 200 {
            assert!(start.elapsed() < PATIENCE);
            let asked = Instant::now();
            alice.ask(&format!("x | x | echo | {number}"), &format!("| {number}"));
            longest = longest.max(asked.elapsed());
            number += 1;
        }
        longest
    });
    println!("{made:?} connections with wrong tokens; the longest echo took {longest:?}");
    assert!(longest < Duration::from_secs(1), "{longest:?}");
    // None of them is left.
    let files = || std::fs::read_dir(format!("/proc/{}/fd", server.pid().as_raw_nonzero())).unwrap().count();
    let deadline = Instant::now() + PATIENCE;
    while files() > 60 {
        assert!(Instant::now() < deadline, "{} files", files());
        thread::yield_now();
    }
}
