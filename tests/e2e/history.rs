//! History in the real server: across restarts, for offline users, in searches, and in backups.

use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::secure::Talk;
use crate::serving::{Folder, Peer, Server, TR2, tag};

impl Server {
    /// Ends the server after its peers have left, and starts it again on the same data.
    fn restart(mut self, signal: Signal, peers: impl IntoIterator<Item = Peer>) -> Self {
        peers.into_iter().for_each(drop);
        self.signal(signal);
        self.end();
        let data = std::mem::replace(&mut self.data, Folder::new());
        Self::on(data, &[])
    }

    fn on(data: Folder, options: &[&str]) -> Self {
        let mut command = Command::new(TR2);
        command.arg("serve");
        Self::run(command, data, options)
    }
}

/// Runs `tr2 serve` on a data folder, where it must end by itself.
fn tr2_serve(data: &Folder, options: &[&str]) -> Output {
    Command::new(TR2).args(["serve", "--data"]).arg(data.path()).args(options).output().unwrap()
}

fn said(output: &Output) -> (i32, String) {
    let text = String::from_utf8_lossy(&[&*output.stdout, &*output.stderr].concat()).into_owned();
    (output.status.code().unwrap(), text)
}

#[test]
fn accepted_messages_are_there_after_a_restart() {
    for signal in [Signal::TERM, Signal::KILL] {
        let server = Server::start(&[]);
        let mut alice = Peer::join(server.address, "alice");
        let bob = Peer::join(server.address, "bob");
        let first = alice.ask("@ref=1 x | all clients | broadcast | for everyone", "accepted");
        let second = alice.ask("@ref=2 x | bob | private_message | for bob \\\\ and\\nnobody else", "accepted");
        let server = server.restart(signal, [alice, bob]);
        let mut bob = Peer::join(server.address, "bob");
        let page = bob.ask("@ref=h x | all clients | history", "alice | all clients | broadcast | for everyone");
        assert_eq!((tag(&page, "id"), tag(&page, "time")), (tag(&first, "id"), tag(&first, "time")));
        bob.until("history_end");
        let page = bob.ask("@ref=h x | alice | history", "private_message | for bob \\\\ and\\nnobody else");
        assert_eq!(tag(&page, "id"), tag(&second, "id"));
        let mut alice = Peer::join(server.address, "alice");
        let again = alice.ask("@ref=1 x | all clients | broadcast | for everyone", "accepted");
        assert_eq!((tag(&again, "id"), tag(&again, "time")), (tag(&first, "id"), tag(&first, "time")));
        let third = alice.ask("@ref=3 x | all clients | broadcast | new", "accepted");
        assert!(tag(&third, "id").parse::<u64>().unwrap() > tag(&second, "id").parse().unwrap());
        assert!(bob.until(" | broadcast | ").ends_with("| new"), "what is sent again is heard once");
    }
}

#[test]
fn a_message_waits_for_an_offline_user_and_is_unread_until_read() {
    let server = Server::start(&[]);
    Peer::join(server.address, "bob").ask("@ref=1 x | server | exit | no data", "exit");
    let mut alice = Peer::join(server.address, "alice");
    assert!(alice.ask("@ref=1 x | bob | private_message | later", "accepted").ends_with("| accepted | offline"));
    assert!(alice.ask("@ref=2 x | zed | private_message | never", "@ref=2").contains("refused | no_such_user"));
    let server = server.restart(Signal::TERM, [alice]);
    let mut bob = Peer::join(server.address, "bob");
    let standing = bob.ask("x | server | conversations | no data", "read=0 unread=1 alice");
    let last = standing.split("last=").nth(1).unwrap().split(' ').next().unwrap().to_owned();
    bob.ask(&format!("x | alice | read | {last}"), "| read | ");
    bob.ask("x | server | conversations | no data", &format!("last={last} read={last} unread=0 alice"));
    let server = server.restart(Signal::TERM, [bob]);
    let mut bob = Peer::join(server.address, "bob");
    bob.ask("x | server | conversations | no data", &format!("last={last} read={last} unread=0 alice"));
}

#[test]
fn calls_stay_off_in_a_room_after_a_restart() {
    let folder = Folder::new();
    let socket = folder.path().join("s").display().to_string();
    let listen = ["--listen", &format!("unix:{socket}")];
    let call = format!("@ref=2 x | #ops | call | id={:032x} what=chat key=SHA256:{}", 1, "A".repeat(43));
    for signal in [Signal::TERM, Signal::KILL] {
        let mut server = Server::start(&listen);
        let mut alice = Talk::unix(&socket).join("alice");
        alice.ask("x | #ops | join_room | no data", " | room | open members=1 you=maker topic=");
        alice.ask("x | #ops | allow_calls | off exam", " | act | allow_calls - - off exam");
        drop(alice);
        server.signal(signal);
        server.end();
        let data = std::mem::replace(&mut server.data, Folder::new());
        let _server = Server::on(data, &listen);
        let mut alice = Talk::unix(&socket).join("alice");
        alice.until(" | #ops | room | open members=1 you=maker no_calls topic=");
        alice.ask(&call, "@ref=2 server | alice | refused | calls_off ");
        alice.ask("x | #ops | allow_calls | on over", " | act | allow_calls - - on over");
        alice.ask(&call, "@ref=2 server | alice | relay | ");
    }
}

#[test]
fn in_memory_a_search_finishes_while_messages_pass() {
    let server = Server::start(&["--durability", "memory", "--flood", "off", "--log", "error"]);
    let mut alice = Peer::join(server.address, "alice");
    // Several times as many messages as one slice of a search covers.
    for number in 0..160 {
        alice.ask(&format!("@ref={number} x | all clients | broadcast_not_me | {}", "word ".repeat(800)), "accepted");
    }
    let mut bob = Peer::join(server.address, "bob");
    bob.say("@ref=s x | server | search | missing");
    bob.say("@ref=m x | alice | private_message | said meanwhile");
    let mut answers = vec![bob.until("ref=m"), bob.until("search_end")];
    alice.until("said meanwhile");
    // Somebody joining or leaving would also let it continue; here nothing does but the tick, once a second.
    let times = [(); 3].map(|()| {
        let start = Instant::now();
        answers.push(bob.ask("@ref=s x | server | search | missing", "search_end"));
        start.elapsed()
    });
    assert!(times.iter().min() < Some(&Duration::from_secs(2)), "{times:?}: {answers:?}");
}

#[test]
fn a_search_finds_only_what_its_user_may_see() {
    let server = Server::start(&[]);
    let mut alice = Peer::join(server.address, "alice");
    let mut bob = Peer::join(server.address, "bob");
    let mut carol = Peer::join(server.address, "carol");
    alice.ask("x | all clients | broadcast | The Backup ran", "accepted");
    alice.ask("x | bob | private_message | the backup password is secret", "accepted");
    let found = |peer: &mut Peer, query: &str| {
        peer.say(&format!("@ref=s x | server | search | {query}"));
        let mut texts = Vec::new();
        loop {
            let line = peer.until("@ref=s");
            if line.contains("search_end") {
                return texts;
            }
            texts.push(line.rsplit(" | ").next().unwrap().to_owned());
        }
    };
    assert_eq!(found(&mut bob, "backup"), ["the backup password is secret", "The Backup ran"]);
    assert_eq!(found(&mut carol, "backup"), ["The Backup ran"]);
    assert_eq!(found(&mut bob, "in:alice backup"), ["the backup password is secret"]);
    assert_eq!(found(&mut carol, "in:alice backup"), [""; 0]);
    assert_eq!(found(&mut carol, "\\\" OR NEAR( body:"), [""; 0]);
}

#[test]
fn in_memory_nothing_is_written_and_everything_else_works() {
    let server = Server::start(&["--durability", "memory"]);
    let mut alice = Peer::join(server.address, "alice");
    alice.ask("@ref=1 x | all clients | broadcast | here", "accepted");
    alice.ask("@ref=h x | all clients | history", "| broadcast | here");
    alice.until("history_end");
    alice.ask("x | server | search | here", "search_end");
    let files: Vec<_> = std::fs::read_dir(server.data.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert!(files.iter().all(|file| !file.to_str().unwrap().contains("history")), "{files:?}");
    let server = server.restart(Signal::TERM, [alice]);
    let mut alice = Peer::join(server.address, "alice");
    assert!(alice.ask("@ref=h x | all clients | history", "@ref=h").contains("history_end"));
}

#[test]
fn a_full_disk_refuses_messages_reports_it_and_recovers_by_itself() {
    // A limit on file sizes stands for a full disk: with its signal ignored, writes fail as on a full disk.
    let mut command = Command::new("sh");
    command.args(["-c", "trap '' XFSZ; ulimit -S -f 400; exec \"$0\" \"$@\"", TR2, "serve"]);
    let server = Server::run(command, Folder::new(), &["--flood", "off"]);
    let passphrase = server.passphrase();
    let mut root = Peer::join(server.address, "root");
    root.ask(&format!("x | server | moderator | {passphrase}"), "| moderator |");
    let mut alice = Peer::join(server.address, "alice");
    let text = "x".repeat(5000);
    let mut accepted = 0;
    loop {
        let answer = alice
            .ask(&format!("@ref={accepted} x | all clients | broadcast_not_me | {text}"), &format!("@ref={accepted}"));
        if answer.contains("refused | store_unavailable") {
            break;
        }
        assert!(answer.ends_with("accepted") && accepted < 1000, "{answer}");
        accepted += 1;
    }
    root.until("Messages cannot be stored");
    server.logs("event=store_fails");
    alice.ask("x | alice | echo | still there", "| echo | still there");
    alice.ask("@ref=h x | all clients | history | limit=1", "history_end");
    let most = rustix::process::getrlimit(rustix::process::Resource::Fsize).maximum;
    let unlimited = rustix::process::Rlimit { current: most, maximum: most };
    rustix::process::prlimit(Some(server.pid()), rustix::process::Resource::Fsize, unlimited).unwrap();
    let again =
        alice.ask(&format!("@ref={accepted} x | all clients | broadcast_not_me | {text}"), &format!("@ref={accepted}"));
    assert!(again.ends_with("accepted"), "{again}");
    root.until("Messages can be stored again");
    server.logs("event=store_works");
    let server = server.restart(Signal::KILL, [alice, root]);
    let mut bob = Peer::join(server.address, "bob");
    let mut count = 0;
    let mut before = String::new();
    loop {
        bob.say(&format!("@ref=h x | all clients | history | limit=1000{before}"));
        let first = bob.until("ref=h");
        before = format!(" before={}", tag(&first, "id"));
        count += 1;
        let end = loop {
            let line = bob.until("ref=h");
            if line.contains("history_end") {
                break line;
            }
            count += 1;
        };
        if !end.ends_with("more") {
            break;
        }
    }
    assert_eq!(count, accepted + 1, "all that was accepted, and nothing that was refused");
}

#[test]
fn the_files_are_readable_by_their_owner_only() {
    let mut command = Command::new("sh");
    command.args(["-c", "umask 000; exec \"$0\" \"$@\"", TR2, "serve"]);
    let server = Server::run(command, Folder::new(), &[]);
    Peer::join(server.address, "alice").ask("x | all clients | broadcast | hi", "accepted");
    let copy = server.data.path().join("copy.db");
    let output = tr2_serve(&server.data, &["--backup", copy.to_str().unwrap()]);
    assert!(output.status.success(), "{output:?}");
    for file in std::fs::read_dir(server.data.path()).unwrap().map(Result::unwrap) {
        let mode = file.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode & 0o077, 0, "{:?} has mode {mode:o}", file.file_name());
    }
}

#[test]
fn a_backup_of_a_running_server_holds_accepted_messages_and_can_be_served() {
    let server = Server::start(&["--flood", "off"]);
    let mut alice = Peer::join(server.address, "alice");
    for number in 0..50 {
        alice.ask(&format!("@ref={number} x | all clients | broadcast | number {number}"), "accepted");
    }
    let (other, back) = (Folder::new(), Folder::new());
    let copy = other.path().join("copy.tar");
    let copy = copy.to_str().unwrap();
    let (status, words) = said(&tr2_serve(&server.data, &["--backup", copy, "--format", "text"]));
    assert!(status == 0 && words.contains("50 messages"), "{status}: {words}");
    let (status, words) = said(&tr2_serve(&server.data, &["--backup", copy]));
    assert!(status == 1 && words.contains(copy), "an existing file stays: {status}: {words}");
    let (status, words) = said(&tr2_serve(&other, &["--backup", "/tmp/nothing-to-copy.tar"]));
    assert!(status == 1 && words.contains("no history"), "{status}: {words}");
    alice.ask("x | all clients | broadcast | the server goes on", "accepted");

    let (status, words) = said(&tr2_serve(&back, &["--restore", copy]));
    assert!(status == 0, "{words}");
    let server = Server::on(back, &[]);
    let mut bob = Peer::join(server.address, "bob");
    bob.say("@ref=h x | all clients | history | limit=1000");
    for number in 0..50 {
        bob.until(&format!("| number {number}"));
    }
    assert!(bob.hear().contains("history_end"));
}

#[test]
fn an_unusable_history_is_refused_in_one_line() {
    let data = Folder::new();
    let damage = "garbage that is no database at all, but long enough to look like one ".repeat(99);
    std::fs::write(data.path().join("history.db"), damage).unwrap();
    let (status, output) = said(&tr2_serve(&data, &["--listen", "tcp://127.0.0.1:0"]));
    assert!(status == 1 && output.lines().last().unwrap().contains("history.db"), "{status}: {output}");
}

#[test]
fn wrong_option_values_are_explained() {
    let data = Folder::new();
    for (options, words) in [
        (["--durability", "paranoid"], "full, normal or memory"),
        (["--keep-days", "0"], "a number, 1 or more"),
        (["--keep-messages", "many"], "a number, 1 or more"),
        (["--backup", ""], "--backup"),
    ] {
        let (status, output) = said(&tr2_serve(&data, &options));
        assert!(status == 2 && output.contains(words), "{options:?}: {status}: {output}");
    }
}
