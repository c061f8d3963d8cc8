//! T40: the machine under the server: files that are replaced or damaged, and a clock that lies, lift no ban, free no name
//! and lose no message that was accepted.

use std::fs;
use std::path::Path;
use std::process::Command;

use rustix::process::Signal;

use crate::serving::{Folder, Peer, Server, TR2};

/// A server that runs on this data.
fn start(data: Folder, options: &[&str]) -> Server {
    let mut command = Command::new(TR2);
    command.arg("serve");
    Server::run(command, data, options)
}

/// The data of a server that was ended by this signal, with an owner, a ban and a message.
fn used(signal: Signal) -> Folder {
    let mut server = Server::start(&[]);
    let passphrase = server.passphrase();
    let mut ann = Peer::join(server.address, "ann");
    ann.ask(&format!("x | server | moderator | {passphrase}"), "| moderator |");
    ann.ask("x | all clients | ban | 192.0.2.0/24 spam", "| act | ban");
    ann.ask("@ref=1 x | all clients | broadcast_not_me | kept", "accepted");
    server.signal(signal);
    server.end();
    std::mem::replace(&mut server.data, Folder::new())
}

fn execute(data: &Path, sql: &str) {
    let conn = rusqlite::Connection::open(data.join("history.db")).unwrap();
    assert_eq!(conn.execute(sql, []).unwrap(), 1, "{sql}");
}

/// A start that must fail, for this reason.
#[track_caller]
fn refuses(data: &Path, reason: &str) {
    let mut command = Command::new("timeout");
    command.args(["10", TR2, "serve", "--listen", "tcp://127.0.0.1:0", "--data"]).arg(data);
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code() == Some(1) && said.contains(reason), "{:?}: {said}", output.status.code());
}

#[test]
fn nothing_is_accepted_into_a_history_that_was_moved_away() {
    let server = Server::start(&[]);
    let mut ann = Peer::join(server.address, "ann");
    ann.ask("@ref=1 x | all clients | broadcast_not_me | kept", "accepted");
    fs::rename(server.data.path().join("history.db"), server.data.path().join("away")).unwrap();
    let answer = ann.ask("@ref=2 x | all clients | broadcast_not_me | lost", "@ref=2");
    assert!(answer.contains("store_unavailable"), "{answer}");
}

#[test]
fn a_damaged_ban_is_not_lifted() {
    let data = used(Signal::TERM);
    execute(data.path(), "UPDATE fact SET value = replace(value, '192', '193') WHERE kind = 'ban'");
    refuses(data.path(), "--without-damaged");
}

#[test]
fn a_lost_history_is_not_begun_anew() {
    let data = used(Signal::TERM);
    fs::remove_file(data.path().join("history.db")).unwrap();
    refuses(data.path(), "--new-history");
}

#[test]
fn the_log_of_another_server_is_not_mixed_in() {
    let (data, other) = (used(Signal::KILL), used(Signal::KILL));
    fs::copy(other.path().join("history.db-wal"), data.path().join("history.db-wal")).unwrap();
    fs::remove_file(data.path().join("history.db-shm")).unwrap();
    refuses(data.path(), "do not belong together");
}

#[test]
fn without_the_log_of_a_killed_server_no_ban_is_forgotten() {
    let data = used(Signal::KILL);
    fs::remove_file(data.path().join("history.db-wal")).unwrap();
    refuses(data.path(), "is not whole");
}

#[test]
fn a_clock_that_is_years_ahead_is_doubted() {
    let data = used(Signal::TERM);
    execute(data.path(), "UPDATE meta SET value = value - 126144000000 WHERE key = 'known_time'");
    start(data, &["--keep-days", "30"]).logs("event=clock_doubted");
}
