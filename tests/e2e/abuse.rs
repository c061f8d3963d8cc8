//! The real server among hostile peers: it refuses, slows down or cuts them, and goes on serving the others.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::process::Command;
use std::time::{Duration, Instant};

use tr2::server::limits::CLOSE_GRACE;

use crate::original::Original;
use crate::secure::{Talk, credential, tls_of};
use crate::serving::{Folder, PATIENCE, Peer, Server, TR2};

#[test]
fn malformed_frames_are_refused_and_the_connection_stays_open() {
    let server = Server::start(&["--flood", "off"]);
    let mut alice = Peer::join(server.address, "alice");
    let long = format!("@ref=1 alice | alice | echo | {}\n", "x".repeat(100_000));
    for (bytes, answer) in [
        (long.as_bytes(), "@ref=1 server | alice | refused | bad_frame A frame has at most 8192 bytes."),
        (
            b"@ref=2 alice | alice | echo | \xff\n",
            "@ref=2 server | alice | refused | bad_frame A frame must be UTF-8 text.",
        ),
        (b"@ref=3 alice | alice | echo | \x1b[2J\n", "@ref=3 server | alice | refused | bad_frame "),
        (b"GET / HTTP/1.1\r\n", "server | alice | refused | bad_frame "),
        (b"\n", "server | alice | refused | bad_frame "),
        (b"@ref=4 alice | alice | echo | still here\r\n", "@ref=4 alice | alice | echo | still here"),
    ] {
        alice.send(bytes);
        let heard = alice.hear();
        assert!(heard.starts_with(answer), "{heard}");
    }
    // A line without an end is refused at the limit, not buffered.
    alice.send(&vec![b'x'; 1 << 20]);
    assert!(alice.hear().contains("A frame has at most 8192 bytes."));
    alice.send(b"\n");
    alice.ask("alice | alice | echo | and here", "and here");
}

#[test]
fn a_client_that_never_reads_is_cut_and_delays_nobody() {
    let server = Server::start(&["--flood", "off"]);
    let deaf = Peer::join(server.address, "deaf");
    rustix::net::sockopt::set_socket_recv_buffer_size(deaf.stream(), 64 * 1024).unwrap();
    let mut alice = Peer::join(server.address, "alice");
    let mut bob = Peer::join(server.address, "bob");
    let text = "x".repeat(7000);
    // Each message is answered before the next one: only the client that never reads lags.
    let left = (0..4000).find_map(|number| {
        alice.say(&format!("@ref={number} alice | all clients | broadcast_not_me | {text}"));
        bob.until("broadcast_not_me");
        let heard = alice.hear();
        heard.contains(" | left | deaf").then(|| heard.clone()).or_else(|| heard.contains("slow").then_some(heard))
    });
    assert_eq!(left.as_deref(), Some("@why=slow\\sconsumer server | all clients | left | deaf"));
    server.logs("why=\"slow consumer\"");
    // Once it reads, it learns why.
    let rest = deaf.rest();
    let last = rest.lines().last().unwrap_or_default();
    assert!(
        last.starts_with("server | client | refused | slow_consumer Your connection was too slow"),
        "{} bytes",
        rest.len()
    );
}

#[test]
fn a_flood_is_slowed_down() {
    let server = Server::start(&["--flood", "3/20"]);
    let mut alice = Peer::join(server.address, "alice");
    let start = Instant::now();
    let lines: String = (0..22).map(|number| format!("alice | alice | echo | {number}\n")).collect();
    alice.send(lines.as_bytes());
    for number in 0..22 {
        assert_eq!(alice.hear(), format!("alice | alice | echo | {number}"));
    }
    // 23 frames including the name: a burst of 3, then 20 a second.
    assert!(start.elapsed() > Duration::from_millis(900), "{:?}", start.elapsed());
}

#[test]
fn a_flood_of_packets_in_one_write_is_slowed_down() {
    let server = Server::start(&["--flood", "3/20"]);
    let mut alice = Peer::join(server.address, "alice");
    let mut velho = Original::join(server.address, "velho");
    velho.recv();
    let start = Instant::now();
    let glued = "velho | all clients | broadcast_not_me | x".repeat(20);
    velho.send_as(&format!("{glued}velho"), "all clients", "broadcast_not_me", "last");
    alice.until(" | last");
    assert!(start.elapsed().as_millis() >= 900, "20 packets went by in {:?}", start.elapsed());
}

#[test]
fn a_silent_connection_is_cut_after_ten_seconds() {
    let server = Server::start(&[]);
    let start = Instant::now();
    let silent = Peer::connect(server.address);
    assert!(silent.rest().contains("connection_error | "));
    assert!((9..15).contains(&start.elapsed().as_secs()), "{:?}", start.elapsed());
}

#[test]
fn a_server_out_of_file_descriptors_keeps_serving() {
    let mut shell = Command::new("sh");
    shell.args(["-c", "ulimit -n 64; exec \"$@\"", "sh", TR2, "serve"]);
    let server = Server::run(shell, Folder::new(), &["--log", "debug"]);
    let mut before = Peer::join(server.address, "before");
    let crowd: Vec<TcpStream> = (0..100).map(|_| TcpStream::connect(server.address).unwrap()).collect();
    server.logs("event=accept_failed");
    before.ask("before | before | echo | served meanwhile", "served meanwhile");
    drop(crowd);
    server.logs("event=accepting_again");
    Peer::join(server.address, "after");
}

#[test]
fn connections_from_one_address_are_limited_if_the_admin_says_so() {
    let server = Server::start(&["--max-per-address", "1"]);
    let alice = Peer::join(server.address, "alice");
    let mut turned_away = TcpStream::connect(server.address).unwrap();
    turned_away.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut told = String::new();
    turned_away.read_to_string(&mut told).unwrap();
    assert!(told.contains(" | connection_error | There are too many connections"), "{told}");
    drop(alice);
    server.logs("event=left");
    Peer::join(server.address, "bob");
}

#[test]
fn half_a_message_is_no_message() {
    let server = Server::start(&[]);
    let mut bob = Peer::join(server.address, "bob");
    let mut alice = Peer::join(server.address, "alice");
    alice.send(b"alice | bob | private_message | half");
    let _ = alice.stream().shutdown(std::net::Shutdown::Write);
    assert_eq!(alice.rest(), "");
    assert!(bob.until(" | left | ").contains("alice"));
    let mut carol = Peer::connect(server.address);
    carol.stream().write_all(b"carol | server | name | carol\nca").unwrap();
    carol.stream().write_all(b"rol | carol | echo | in two parts\n").unwrap();
    carol.until("carol | carol | echo | in two parts");
}

#[test]
fn a_client_that_asks_for_more_than_fits_is_cut_and_costs_little() {
    let server = Server::start(&["--flood", "off"]);
    let _crowd: Vec<Peer> =
        (0..60).map(|number| Peer::join(server.address, &format!("{number}{}", "n".repeat(28)))).collect();
    let mut greedy = Peer::join(server.address, "greedy");
    greedy.send("greedy | server | list_clients\n".repeat(4000).as_bytes());
    server.logs("name=greedy why=\"slow consumer\"");
    let mut alice = Peer::join(server.address, "alice");
    alice.ask("alice | alice | echo | still here", "still here");
}

#[test]
fn a_flooding_client_that_leaves_is_soon_forgotten() {
    let server = Server::start(&["--flood", "1/2"]);
    let mut mallory = Peer::join(server.address, "mallory");
    mallory.send("x | s | pong\n".repeat(1200).as_bytes());
    drop(mallory);
    // At two a second all frames would take ten minutes.
    let left = server.logs("event=left conn=1 from=tcp://127.0.0.1:");
    assert!(left.contains(" name=mallory "), "{left}");
}

#[test]
fn whoever_is_turned_away_over_tls_is_told_why() {
    let server = Server::start(&["--max-connections", "1", "--listen", "tls://127.0.0.1:0"]);
    let (tls, _) = tls_of(&server);
    let alice = Peer::join(server.address, "alice");
    let mut late = Talk::tls(tls, &credential());
    late.until("connection_error | The server is full");
    drop(alice);
}

#[test]
fn whoever_is_turned_away_and_closes_holds_no_descriptor() {
    const TURNED_AWAY: usize = 300;
    let server = Server::start(&["--max-per-address", "1", "--log", "error"]);
    let _alice = Peer::join(server.address, "alice");
    let files = || std::fs::read_dir(format!("/proc/{}/fd", server.pid().as_raw_nonzero())).unwrap().count();
    let before = files();
    for _ in 0..TURNED_AWAY {
        let mut turned_away = TcpStream::connect(server.address).unwrap();
        turned_away.set_read_timeout(Some(PATIENCE)).unwrap();
        turned_away.read_to_string(&mut String::new()).unwrap();
    }
    // Less than the time for which a connection may linger whose peer keeps it open.
    let deadline = Instant::now() + CLOSE_GRACE / 2;
    while files() > before + TURNED_AWAY / 10 {
        assert!(Instant::now() < deadline, "{} files, {before} before", files());
        std::thread::yield_now();
    }
}
