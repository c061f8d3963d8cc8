//! A machine whose clock is far ahead of the last time that the server knows.

use std::process::Command;

use rustix::process::Signal;

use crate::serving::{Folder, PATIENCE, Peer, Server, TR2};

const DAY: i64 = 24 * 60 * 60 * 1000;

/// A server with a message that was said, whose last known time is this many days back.
fn after(days: i64) -> Folder {
    let mut server = Server::start(&[]);
    Peer::join(server.address, "ann").ask("@ref=1 x | all clients | broadcast_not_me | old", "accepted");
    server.signal(Signal::TERM);
    server.end();
    let data = std::mem::replace(&mut server.data, Folder::new());
    let conn = rusqlite::Connection::open(data.path().join("history.db")).unwrap();
    let known = conn.query_row("SELECT value FROM meta WHERE key = 'known_time'", [], |row| row.get::<_, i64>(0));
    assert!((tr2::sys::clock::wall().0 - known.unwrap()).abs() < DAY);
    conn.execute("UPDATE meta SET value = value - ?1 WHERE key = 'known_time'", [days * DAY]).unwrap();
    // Too old, if the clock is right.
    conn.execute("UPDATE message SET time = time - ?1", [days * DAY]).unwrap();
    conn.execute("UPDATE slot SET slot = slot - ?1", [days * DAY / 600_000]).unwrap();
    data
}

fn start(data: Folder, options: &[&str]) -> Server {
    let mut command = Command::new(TR2);
    command.arg("serve");
    Server::run(command, data, options)
}

/// The number of messages.
fn count(server: &Server) -> i64 {
    let conn = rusqlite::Connection::open(server.data.path().join("history.db")).unwrap();
    conn.query_row("SELECT count(*) FROM message", [], |row| row.get(0)).unwrap()
}

/// Waits until there are so many messages; nothing tells of a deletion.
fn comes_to(server: &Server, messages: i64) {
    let begun = std::time::Instant::now();
    while count(server) != messages {
        assert!(begun.elapsed() < PATIENCE, "the old message stays");
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
}

#[test]
fn a_clock_that_is_far_ahead_is_told_and_deletes_nothing_until_sigusr1() {
    let server = start(after(60), &["--keep-days", "30"]);
    let line = server.logs("event=clock_doubted");
    assert!(line.contains("level=warn") && line.contains(&format!("ahead={}", 60 * 24 * 3600)), "{line}");
    // What is newly said is stored after all that was to be done at the start.
    Peer::join(server.address, "bob").ask("@ref=1 x | all clients | broadcast_not_me | new", "accepted");
    assert_eq!(count(&server), 2);
    server.signal(Signal::USR1);
    server.logs("event=clock_confirmed");
    server.logs("event=clock_believed");
    comes_to(&server, 1);
}

#[test]
fn a_person_may_confirm_the_clock_at_the_start() {
    let server = start(after(60), &["--keep-days", "30", "--trust-clock"]);
    comes_to(&server, 0);
    let mut server = server;
    server.signal(Signal::TERM);
    let mut log = String::new();
    while let Ok(line) = server.log.recv_timeout(PATIENCE) {
        log += &line;
    }
    assert!(log.contains("event=closing") && !log.contains("clock_"), "{log}");
    server.end();
}
