//! Faults of the server itself: in one connection a fault ends that connection, in the broker the whole process,
//! loudly.

use std::process::Command;
use std::time::{Duration, Instant};

use super::serving::{Folder, Peer, Server, TR2};

/// Connections that fail.
const FAILING: usize = 100;

/// A server whose code panics when a frame asks for it; `None` in a release build, which has no such code.
fn fragile() -> Option<Server> {
    if !cfg!(debug_assertions) {
        println!("skipped: a release does not fail on demand");
        return None;
    }
    let mut command = Command::new(TR2);
    command.arg("serve").env("TR2_FAULTS", "1").env("RUST_BACKTRACE", "0");
    Some(Server::run(command, Folder::new(), &[]))
}

// T32: a panic in the broker ends the process with a status that is not 0, within a second.
#[test]
fn a_fault_in_the_broker_ends_the_process_within_a_second() {
    let Some(mut server) = fragile() else { return };
    let mut alice = Peer::join(server.address, "alice");
    let mut bob = Peer::join(server.address, "bob");
    alice.ask("@ref=1 x | all clients | broadcast_not_me | before", "ref=1");
    bob.until("| before");
    let start = Instant::now();
    alice.say("x | x | echo | fault in the broker");
    let (status, _) = server.end();
    let took = start.elapsed();
    println!("{status} after {took:?}");
    assert!(!status.success());
    assert!(took <= Duration::from_secs(1), "{took:?}");
    // No client is left with a dead connection.
    assert_eq!(bob.rest(), "");
}

// T32: 100 connections whose tasks panic end, free their names, and drop nobody else.
#[test]
fn a_hundred_faults_in_connections_drop_nobody_else() {
    let Some(server) = fragile() else { return };
    let mut alice = Peer::join(server.address, "alice");
    let failing: Vec<Peer> = (0..FAILING).map(|at| Peer::join(server.address, &format!("faulty{at}"))).collect();
    for mut peer in failing {
        peer.say("x | x | echo | fault in the connection");
        // The connection ends at once, not only when a ping goes unanswered.
        peer.stream().set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        let rest = peer.rest();
        assert!(!rest.contains("echo"), "{rest}");
    }
    let mut gone = 0;
    while gone < FAILING {
        let line = alice.until("| left | ");
        gone += line.matches("faulty").count();
    }
    alice.ask("x | x | echo | still here", "still here");
    Peer::join(server.address, "faulty0");
    server.logs("event=connection_failed");
}

// S25: whoever cleans the socket file away does not put the server out of reach.
#[test]
fn a_socket_file_that_is_cleaned_away_is_there_again() {
    let folder = Folder::new();
    let path = folder.path().join("s");
    let server = Server::start(&["--listen", &format!("unix:{}", path.display())]);
    std::fs::remove_file(&path).unwrap();
    server.logs("event=socket_file_made_again");
    std::os::unix::net::UnixStream::connect(&path).unwrap();
}
