//! Packets of a channel that bypass the server, between two networks of their own.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Instant;

use crate::machine::{Process, in_network_of};
use crate::serving::{Folder, PATIENCE, Server, TR2};

/// The network of the server and of alice, whose other end is in the network of the process `$OTHER`.
const NETWORK: &str = "ip link add v0 type veth peer name v1 netns \"$OTHER\" && ip addr add 10.9.8.1/24 dev v0 \
                       && ip link set v0 up && ip link set lo up && exec \"$@\"";
/// The other end.
const OTHER_END: &str = "ip addr add 10.9.8.2/24 dev v1 && ip link set v1 up && ip link set lo up";

/// A client in plain mode that takes commands, in the network of a process.
pub(crate) struct Client {
    _process: Process,
    input: ChildStdin,
    lines: Receiver<String>,
    /// Everything that it has printed and that was waited through.
    pub(crate) heard: Vec<String>,
    _home: Folder,
}

impl Client {
    pub(crate) fn join(network: u32, name: &str, server: &str) -> Self {
        let home = Folder::new();
        let mut child = Command::new("nsenter")
            .arg(in_network_of(network))
            .args([TR2, "join", "--plain", "--sound", "none", "--commands", "--name", name, "--server", server])
            .env("HOME", home.path())
            .env("LC_ALL", "C.UTF-8")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let (input, output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let (told, lines) = channel();
        thread::spawn(move || {
            BufReader::new(output).lines().map_while(Result::ok).try_for_each(|line| told.send(line))
        });
        Self { _process: Process(child), input, lines, heard: Vec::new(), _home: home }
    }

    pub(crate) fn says(&mut self, line: &str) {
        writeln!(self.input, "{line}").unwrap();
    }

    /// Waits for a line with these words.
    #[track_caller]
    pub(crate) fn until(&mut self, words: &str) -> String {
        let end = Instant::now() + PATIENCE;
        loop {
            let Ok(line) = self.lines.recv_timeout(end.saturating_duration_since(Instant::now())) else {
                panic!("no {words} in {:#?}", self.heard);
            };
            self.heard.push(line.clone());
            if line.contains(words) {
                return line;
            }
        }
    }
}

/// Two networks with a line between them, and the server in one.
pub(crate) struct Networks {
    pub(crate) server: Server,
    /// Where both reach the server.
    pub(crate) url: String,
    /// Processes in the server's network and in the other.
    pub(crate) processes: [u32; 2],
    _other: Process,
}

impl Networks {
    /// Makes them; `None` where that cannot be, which is said.
    pub(crate) fn make() -> Option<Self> {
        let mut other = Command::new("unshare");
        other.args(["--net", "sh", "-c", "ip link set lo up && echo ready && exec sleep 120"]).stdout(Stdio::piped());
        let Ok(mut other) = other.spawn() else {
            println!("skipped: there is no unshare here");
            return None;
        };
        let mut ready = String::new();
        BufReader::new(other.stdout.take().unwrap()).read_line(&mut ready).unwrap();
        let other = Process(other);
        if ready.trim() != "ready" {
            println!("skipped: no network can be made here, which takes root, unshare and ip");
            return None;
        }
        let theirs = other.0.id();
        let mut command = Command::new("unshare");
        command.env("OTHER", theirs.to_string()).args(["--net", "sh", "-c", NETWORK, "sh", TR2, "serve"]);
        let server = Server::run(command, Folder::new(), &["--listen", "tls://0.0.0.0:0"]);
        let line = server.printed.recv_timeout(PATIENCE).unwrap();
        let port = line.split("tls://").nth(1).and_then(|rest| rest.split([';', ' ']).next()?.rsplit(':').next());
        let url = format!("tls://10.9.8.1:{}", port.unwrap());
        let made = Command::new("nsenter").args([&*in_network_of(theirs), "sh", "-c", OTHER_END]).status();
        assert!(made.unwrap().success());
        let ours = u32::try_from(server.pid().as_raw_nonzero().get()).unwrap();
        Some(Self { server, url, processes: [ours, theirs], _other: other })
    }
}

#[test]
fn two_people_go_on_without_the_server_once_their_packets_bypass_it() {
    let Some(Networks { server, url, processes: [ours, theirs], _other }) = Networks::make() else { return };
    let mut alice = Client::join(ours, "alice", &url);
    // Somebody can be called once they are there.
    alice.says("/list");
    alice.until("alice");
    let mut bob = Client::join(theirs, "bob", &url);
    alice.until("bob joined");
    alice.says("/direct bob");
    bob.until("alice calls");
    bob.says("/answer");
    alice.until("is open");
    bob.until("is open");
    alice.says("/bypass");
    bob.until("alice wants packets to bypass the server");
    bob.says("/bypass");
    alice.until("direct to 10.9.8.2");
    bob.until("direct to 10.9.8.1");
    alice.says("straight to you");
    bob.until("straight to you");
    drop(server);
    alice.until("The server is gone");
    alice.says("and still here");
    bob.until("and still here");
    bob.says("so am I");
    alice.until("so am I");
}
