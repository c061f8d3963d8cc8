//! Closing a server under load: it ends in time, for everyone, and loses no accepted message.

use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::serving::{Folder, Peer, Server, TR2};
use crate::count::Count;

const SENDERS: usize = 10;

// T30: a user's attempt has no effect; a moderator's ends the server within 5 s under load, and every accepted message
// is there afterwards.
#[test]
fn a_server_that_is_closed_under_load_ends_in_time_and_loses_nothing() {
    let rounds = if super::long() { 20 } else { 1 };
    for round in 0..rounds {
        let mut server = Server::start(&["--flood", "off", "--log", "error"]);
        let passphrase = server.passphrase();
        let address = server.address;
        let mut root = Peer::join(address, "root");
        root.ask(&format!("x | server | moderator | {passphrase}"), "| moderator |");
        let (accepted, stop) = (Count::default(), AtomicBool::new(false));
        let took = std::thread::scope(|scope| {
            for at in 0..SENDERS {
                let mut peer = Peer::join(address, &format!("sender{at}"));
                let (accepted, stop) = (&accepted, &stop);
                scope.spawn(move || {
                    peer.say("x | server | close_server | close server");
                    assert!(peer.until("| refused |").contains("not_moderator"));
                    for number in 0.. {
                        let line = format!("@ref={number} x | all clients | broadcast_not_me | {number}");
                        if std::io::Write::write_all(&mut peer.stream(), format!("{line}\n").as_bytes()).is_err() {
                            return;
                        }
                        loop {
                            let heard = peer.hear();
                            if heard.ends_with("| accepted") {
                                accepted.add_one();
                                break;
                            }
                            if heard.is_empty() || heard.contains("| refused |") || heard.ends_with("server closed") {
                                assert!(stop.load(Ordering::Relaxed), "{heard}");
                                return;
                            }
                        }
                    }
                });
            }
            accepted.wait_for(200);
            stop.store(true, Ordering::Relaxed);
            let begun = Instant::now();
            root.say("x | server | close_server | close server");
            root.until("| server closed");
            drop(root);
            let (status, _) = server.end();
            assert!(status.success(), "{status}");
            begun.elapsed()
        });
        assert!(took <= Duration::from_secs(5), "{took:?}");
        let data = std::mem::replace(&mut server.data, Folder::new());
        let mut again = Command::new(TR2);
        again.arg("serve");
        let server = Server::run(again, data, &["--flood", "off", "--log", "error"]);
        let mut reader = Peer::join(server.address, "reader");
        let (mut kept, mut since) = (0, 0_u64);
        loop {
            reader.say(&format!("@ref=h x | all clients | history | limit=1000 since={since}"));
            let end = loop {
                let line = reader.until("ref=h");
                if line.contains("| history_end") {
                    break line;
                }
                kept += 1;
                since = line.split("id=").nth(1).unwrap().split(';').next().unwrap().parse().unwrap();
            };
            if !end.ends_with("more") {
                break;
            }
        }
        let accepted = accepted.get();
        println!("round {round}: closed after {took:?}, {accepted} accepted, {kept} there");
        assert!(kept >= accepted, "{accepted} accepted, {kept} there");
    }
}
