//! The real server: old and new clients, its start and its end.

use std::fs;
use std::io::Read as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::original::{Original, OriginalServer};
use crate::serving::{Folder, PATIENCE, Peer, Server, TR2, ended};

// ------------------------------------------------------------------------------------------------ the old dialect

#[test]
fn the_originals_client_holds_a_whole_conversation() {
    let server = Server::start(&[]);
    let mut alice = Original::join(server.address, "alice");
    let local = alice.recv();
    let welcome = "server | alice | connection_confirmation | You are now connected to the server in ('127.0.0.1', ";
    assert!(local.starts_with(welcome), "{local}");
    let mut bob = Original::join(server.address, "bob");
    bob.recv();

    assert_eq!(alice.ask("alice", "echo", "olá, às três | e um"), "alice | alice | echo | olá, às três | e um");
    assert_eq!(
        alice.ask("server", "list_clients", "no data"),
        "server | alice | list_clients | clients connected: alice ,bob"
    );
    alice.send("bob", "private_message", "oi bob | pipe");
    assert_eq!(bob.recv(), "alice | bob | private_message | oi bob | pipe");
    assert_eq!(
        alice.ask("zed", "private_message", "oi"),
        "server | alice | private_message | Destination client (zed) not found!"
    );
    alice.send("all clients", "broadcast_not_me", "not for me");
    assert_eq!(bob.recv(), "alice | all clients | broadcast_not_me | not for me");
    assert_eq!(alice.ask("all clients", "4", "for me too"), "alice | all clients | broadcast | for me too");
    assert_eq!(bob.recv(), "alice | all clients | broadcast | for me too");
    assert_eq!(
        alice.ask("server", "Unknown operation", "9"),
        "server | alice | Unknown_operation | Operation not supported!"
    );
    let refused = alice.ask("server", "close_server", "close server");
    assert!(refused.starts_with("server | alice | private_message | Only a moderator"), "{refused}");
    alice.send_as("bob", "bob", "private_message", "as bob himself");
    assert_eq!(bob.recv(), "alice | bob | private_message | as bob himself");
    assert_eq!(alice.ask("server", "exit", "client alice closed"), "server | alice | exit | client disconnected");
    assert_eq!(alice.recv(), "");
}

// F24: on a slow line the end of the first frame comes later than that of a TR2.23 client's packet would.
#[test]
fn a_line_feed_that_comes_late_is_still_one() {
    let server = Server::start(&[]);
    let mut other = Peer::join(server.address, "other");
    // A whole frame but for its end could be a packet, and is answered as one; what follows is in frames.
    let mut carol = Peer::connect(server.address);
    carol.send(b"carol | server | name | carol");
    other.until("joined | carol");
    carol.send(b"\n");
    let welcome = carol.hear();
    assert!(welcome.starts_with("server | carol | connection_confirmation | "), "{welcome}");
    carol.say("@ref=1 carol | all clients | broadcast | two\\nlines");
    let accepted = carol.until("accepted");
    assert!(accepted.contains("ref=1;") && accepted.contains("id="), "{accepted}");
    assert!(other.until("| two").ends_with("carol | all clients | broadcast | two\\nlines"));
    other.say("other | all clients | broadcast | to all");
    assert!(carol.until("to all").contains("id="));
    carol.ask("@ref=2 carol | server | join | #ops", "ref=2 ");
    server.logs("name=carol dialect=TR2.23");
    // A frame that is cut anywhere else is no packet, however long its end takes.
    for (at, frame) in [
        (3, "dave | server | name | dave"),
        (20, "me | server | name | erin"),
        (9, "@ref=9 me | server | name | frank"),
    ] {
        let mut peer = Peer::connect(server.address);
        let (first, rest) = frame.split_at(at);
        peer.send(first.as_bytes());
        std::thread::sleep(Duration::from_millis(400));
        peer.send(format!("{rest}\n").as_bytes());
        let name = frame.rsplit(' ').next().unwrap();
        peer.until(&format!("server | {name} | connection_confirmation | "));
        server.logs(&format!("name={name} dialect=TR2.26"));
    }
}

#[test]
fn a_taken_name_is_refused_and_others_still_join() {
    let server = Server::start(&[]);
    let mut alice = Original::join(server.address, "alice");
    alice.recv();
    let mut second = Original::join(server.address, "alice");
    assert_eq!(
        second.recv(),
        "server | new_client: alice | connection_error | This username is already taken. You need to connect again and \
         use another one"
    );
    assert_eq!(second.recv(), "");
    let mut third = Original::join(server.address, "carol");
    assert!(third.recv().starts_with("server | carol | connection_confirmation | "));
    third.send("alice", "private_message", "still there?");
    assert_eq!(alice.recv(), "carol | alice | private_message | still there?");
}

#[test]
fn the_dialects_mix_and_long_texts_survive() {
    let server = Server::start(&[]);
    let mut old = Original::join(server.address, "old");
    old.recv();
    let mut new = Peer::join(server.address, "new");
    let long = "é".repeat(1500);
    new.say(&format!("@ref=1 new | old | private_message | one\\n{long}"));
    new.until("@ref=1;");
    let head = "new | old | private_message | ";
    // However the reads are split, the packets without their heads are the text.
    let mut heard = Vec::new();
    let said = format!("one{long}");
    while String::from_utf8_lossy(&heard).replace(head, "") != said {
        assert!(heard.len() < 2 * said.len(), "{}", String::from_utf8_lossy(&heard));
        heard.extend(old.recv_bytes());
    }
    old.send("new", "private_message", &long);
    assert!(new.until(" old | new | ").ends_with(&format!(" | {long}")));
    old.send("all clients", "broadcast_not_me", "caf\u{e9} \u{1b}[31m");
    assert!(new.until(" broadcast_not_me ").ends_with(" | café \u{FFFD}[31m"));
}

#[test]
fn with_trusted_names_a_client_closes_the_server_as_in_the_original() {
    let mut server = Server::start(&["--moderator", "root", "--trust-names"]);
    server.logs("event=trusting_names");
    let mut alice = Original::join(server.address, "alice");
    alice.recv();
    let mut root = Original::join(server.address, "root");
    root.recv();
    root.send("server", "close_server", "close server");
    for client in [&mut alice, &mut root] {
        assert_eq!(client.recv(), "server | all clients | broadcast | server closed");
        assert_eq!(client.recv(), "");
    }
    assert_eq!(server.end().0.code(), Some(0));
}

#[test]
fn the_test_server_behaves_like_the_original() {
    let server = OriginalServer::start();
    assert_eq!(server.url(), format!("tcp://{}", server.address()));
    let mut alice = Original::join(server.address(), "alice");
    assert!(alice.recv().starts_with("server | alice | connection_confirmation | "));
    let mut second = Original::join(server.address(), "alice");
    assert!(second.recv().starts_with("server | new_client: alice | connection_error | "));
    assert_eq!(alice.ask("alice", "echo", "a | b"), "alice | alice | echo | a");
    assert_eq!(
        alice.ask("server", "list_clients", "no data"),
        "server | alice | list_clients | clients connected: alice"
    );
    assert_eq!(
        alice.ask("x", "private_message", "hi"),
        "server | alice | private_message | Destination client (x) not found!"
    );
    assert_eq!(alice.ask("x", "dance", "x"), "server | alice | Unknown_operation | Operation not supported!");
    server.push("alice", "bob | alice | private_message | pushed");
    assert_eq!(alice.recv(), "bob | alice | private_message | pushed");
    alice.send("server", "close_server", "close server");
    assert_eq!(alice.recv(), "server | all clients | broadcast | server closed");
}

// --------------------------------------------------------------------------------------------------- start and end

#[test]
fn a_moderator_closes_the_server_with_the_printed_passphrase() {
    let mut server = Server::start(&["--moderator", "root"]);
    let passphrase = server.passphrase();
    let mut bystander = Peer::join(server.address, "alice");
    let mut root = Peer::connect(server.address);
    root.ask("@ref=1 root | server | moderator | not it", "@ref=1 server | client | refused | wrong_passphrase ");
    root.ask(
        &format!("@ref=2 root | server | moderator | {}", passphrase.to_uppercase()),
        "@ref=2 server | client | moderator | ",
    );
    root.ask("@ref=3 root | server | name | root", "connection_confirmation");
    root.say("root | server | close_server | close server");
    root.until("server | all clients | broadcast | server closed");
    bystander.until("server | all clients | broadcast | server closed");
    drop((root, bystander));
    let (status, took) = server.end();
    assert_eq!(status.code(), Some(0));
    assert!(took < Duration::from_secs(2), "{took:?}");
    // The passphrase is stored as a hash and not shown again.
    let folder = &server.data;
    let hash = fs::read_to_string(folder.path().join("moderator")).unwrap();
    assert!(hash.starts_with("$argon2id$") && !hash.contains(&passphrase));
    for file in ["moderator", "lock"] {
        let mode = fs::metadata(folder.path().join(file)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
    let shown = ran(&[
        "serve",
        "--listen",
        "tcp://127.0.0.1:1",
        "--data",
        folder.path().to_str().unwrap(),
        "--log",
        "nonsense",
    ]);
    assert!(!shown.1.contains("passphrase"));
}

#[test]
fn signals_end_the_server_in_time_and_everyone_is_notified() {
    for signal in [Signal::TERM, Signal::INT] {
        let mut server = Server::start(&[]);
        let named = Peer::join(server.address, "alice");
        let unnamed = Peer::connect(server.address);
        let mut old = Original::join(server.address, "old");
        old.recv();
        server.signal(signal);
        assert_eq!(old.recv(), "server | all clients | broadcast | server closed");
        assert_eq!(old.recv(), "");
        for peer in [named, unnamed] {
            assert!(peer.rest().ends_with("server | all clients | broadcast | server closed\n"));
        }
        drop(old);
        let (status, took) = server.end();
        assert_eq!(status.code(), Some(0));
        assert!(took < Duration::from_secs(2), "{took:?}");
    }
}

#[test]
fn lingering_peers_do_not_delay_shutdown_and_a_second_signal_ends_at_once() {
    let mut server = Server::start(&[]);
    let staying = Peer::join(server.address, "alice");
    server.signal(Signal::TERM);
    let (status, took) = server.end();
    assert_eq!(status.code(), Some(0));
    assert!(took < Duration::from_secs(2), "{took:?}");
    drop(staying);

    let mut server = Server::start(&[]);
    let staying = Peer::join(server.address, "alice");
    server.signal(Signal::TERM);
    server.logs("event=closing");
    server.signal(Signal::TERM);
    let (status, took) = server.end();
    assert_eq!(status.code(), Some(1));
    assert!(took < Duration::from_millis(1400), "{took:?}");
    drop(staying);
}

/// Runs the program to its end and returns its exit status and its output.
fn ran(words: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(TR2).env("LC_ALL", "C.UTF-8").args(words).output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(text).unwrap())
}

/// Runs `tr2 serve`, which must end by itself with this status and these words.
fn fails(data: &Path, options: &[&str], status: i32, words: &[&str]) {
    let data = data.to_str().unwrap();
    let (code, said) = ran(&[&["serve", "--data", data][..], options].concat());
    assert_eq!(code, Some(status), "{options:?}: {said}");
    for word in words {
        assert!(said.contains(word), "{options:?} without {word:?}: {said}");
    }
}

#[test]
fn every_obstacle_to_serving_is_explained() {
    let folder = Folder::new();
    let here = "tcp://127.0.0.1:0";
    fails(folder.path(), &["--listen", "tcp://0.0.0.0:0"], 2, &["is not encrypted", "--insecure-plaintext"]);
    fails(folder.path(), &["--listen", "http://x"], 2, &["write tcp://HOST:PORT"]);
    fails(folder.path(), &["--lisen", here], 2, &["'--lisen' is unknown; did you mean '--listen'?"]);
    fails(folder.path(), &["--max-connections", "0"], 2, &["--max-connections 0", "1 or more"]);
    fails(folder.path(), &["--flood", "x"], 2, &["BURST/RATE"]);
    fails(folder.path(), &["--moderator", "a b"], 2, &["--moderator a b: A name is made of"]);
    fails(folder.path(), &["--log", "loud"], 2, &["off, error, warn, info or debug"]);
    fails(folder.path(), &["--config", "/nonexistent"], 1, &["/nonexistent"]);
    let config = folder.path().join("bad.toml");
    for (text, word) in [("lisen = []", "lisen"), ("max-connections = 0", "max-connections"), ("listen = 3", "listen")]
    {
        fs::write(&config, text).unwrap();
        fails(folder.path(), &["--config", config.to_str().unwrap()], 2, &[word, "bad.toml"]);
    }
    assert_eq!(ran(&["sevre"]).0, Some(2));
    assert!(ran(&["sevre"]).1.contains("did you mean 'serve'?"));
    assert_eq!(ran(&["--version"]), (Some(0), format!("tr2 {}\n", env!("CARGO_PKG_VERSION"))));

    // A file in place of a folder is unusable for everybody, whatever their rights.
    fails(&config, &["--listen", here], 1, &["bad.toml cannot be used", "--data"]);
    let open = folder.path().join("open");
    fs::create_dir(&open).unwrap();
    fs::set_permissions(&open, fs::Permissions::from_mode(0o755)).unwrap();
    fails(&open, &["--listen", here], 1, &["other users can enter", "chmod 700"]);
    fs::set_permissions(&open, fs::Permissions::from_mode(0o700)).unwrap();
    fs::write(open.join("moderator"), "nonsense").unwrap();
    fails(&open, &["--listen", here], 1, &["is damaged"]);
    if !rustix::process::geteuid().is_root() {
        fs::set_permissions(&open, fs::Permissions::from_mode(0o500)).unwrap();
        fails(&open, &["--listen", here], 1, &["cannot be used"]);
    }
}

#[test]
fn two_servers_share_neither_a_port_nor_a_folder() {
    let server = Server::start(&[]);
    fails(server.data.path(), &["--listen", "tcp://127.0.0.1:0"], 1, &["another server is using the data"]);
    let other = Folder::new();
    let taken = format!("tcp://{}", server.address);
    fails(other.path(), &["--listen", &taken], 1, &["cannot listen at", "another program is listening there"]);
    // A passphrase that nobody has seen is not stored: the next start shows a new one.
    let second = Server::run(serve(), other, &[]);
    assert!(!second.passphrase().is_empty());
}

fn serve() -> Command {
    let mut command = Command::new(TR2);
    command.arg("serve");
    command
}

// ------------------------------------------------------------------------------------------------ signals of habit

// S55: whoever sends a signal out of habit, as to programs that reopen their log, does not end the server.
#[test]
fn signals_of_habit_do_nothing() {
    let mut server = Server::start(&[]);
    let mut alice = Peer::join(server.address, "alice");
    for signal in [Signal::USR1, Signal::USR2, Signal::ALARM, Signal::VTALARM, Signal::PROF, Signal::IO, Signal::PIPE] {
        server.signal(signal);
    }
    alice.ask("@ref=1 x | x | echo | here", "@ref=1 ");
    server.signal(Signal::TERM);
    assert!(alice.rest().ends_with("server closed\n"));
    assert_eq!(server.end().0.code(), Some(0));
}

// S57: a server in a terminal that is closed gives its port and its data back, with a word to all; under nohup it stays.
#[test]
fn closing_the_terminal_closes_the_server() {
    for nohup in [false, true] {
        let folder = Folder::new();
        let log = folder.path().join("log");
        // Its log is elsewhere, to see the last words.
        let streams = if nohup { "</dev/null >out 2>log" } else { "2>log" };
        let script = format!("cd {} && exec \"$@\" {streams}", folder.path().display());
        let (mut pty, pts) = pty_process::blocking::open().unwrap();
        let mut command = pty_process::blocking::Command::new("sh").args(["-c", &script, "sh"]);
        if nohup {
            command = command.arg("nohup");
        }
        let options = ["serve", "--listen", "tcp://127.0.0.1:0", "--data"];
        let mut child = command.arg(TR2).args(options).arg(folder.path().join("data")).spawn(pts).unwrap();
        let start = Instant::now();
        let address = loop {
            let said = fs::read_to_string(&log).unwrap_or_default();
            if let Some((_, rest)) = said.split_once("listen=tcp://") {
                break rest.split(' ').next().unwrap().parse().unwrap();
            }
            assert!(start.elapsed() < PATIENCE, "{said}");
            std::thread::sleep(Duration::from_millis(10));
        };
        let mut alice = Peer::join(address, "alice");
        if nohup {
            drop(pty);
            alice.ask("@ref=1 x | x | echo | here", "@ref=1 ");
            kill_process(Pid::from_child(&child), Signal::HUP).unwrap();
            while !fs::read_to_string(&log).unwrap().contains("event=reloaded") {
                assert!(start.elapsed() < PATIENCE);
                std::thread::sleep(Duration::from_millis(10));
            }
            alice.ask("@ref=2 x | x | echo | still here", "@ref=2 ");
            kill_process(Pid::from_child(&child), Signal::TERM).unwrap();
        } else {
            // With its terminal, the signal means a reload.
            kill_process(Pid::from_child(&child), Signal::HUP).unwrap();
            let mut shown = [0; 4096];
            assert!(pty.read(&mut shown).unwrap() > 0);
            while !fs::read_to_string(&log).unwrap().contains("event=reloaded") {
                assert!(start.elapsed() < PATIENCE);
                std::thread::sleep(Duration::from_millis(10));
            }
            drop(pty);
        }
        assert!(alice.rest().ends_with("server closed\n"));
        assert_eq!(ended(&mut child), Some(0));
        assert_eq!(fs::read_to_string(&log).unwrap().contains("event=terminal_closed"), !nohup);
    }
}
