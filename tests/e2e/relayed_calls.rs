//! Legs of calls on the real server: connections that show a token, and chat beside them.

use std::io::Read as _;
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::secure::{Talk, credential, tls_of};
use crate::serving::{Folder, PATIENCE, Peer, Server};

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
        over.store(true, Ordering::Relaxed);
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
