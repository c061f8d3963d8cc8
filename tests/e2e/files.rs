//! The data folder of a real server: what happens to its files is noticed while it runs, and at the next start.

use std::fs;

use crate::serving::{Peer, Server};

#[test]
fn a_server_whose_history_was_replaced_accepts_nothing_and_says_so() {
    let server = Server::start(&[]);
    let mut ann = Peer::join(server.address, "ann");
    ann.ask(&format!("ann | server | moderator | {}", server.passphrase()), " | moderator | ");
    ann.ask("@ref=1 x | all clients | broadcast_not_me | before", "accepted");
    let path = server.data.path().join("history.db");
    let away = server.data.path().join("away");
    fs::rename(&path, &away).unwrap();
    let line = server.logs("event=history_fails");
    assert!(line.starts_with("time=") && line.contains("level=error") && line.contains("history.db was removed"));
    let told = ann.until("Messages cannot be stored");
    assert!(told.contains("put the right files back"), "{told}");
    let refused = ann.ask("@ref=2 x | all clients | broadcast_not_me | lost", "ref=2");
    assert!(refused.contains("store_unavailable"), "{refused}");
    fs::rename(&away, &path).unwrap();
    ann.ask("@ref=3 x | all clients | broadcast_not_me | after", "ref=3;");
    ann.until("Messages can be stored again.");
    server.logs("event=store_works");
}
