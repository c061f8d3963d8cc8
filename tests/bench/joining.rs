//! What it costs the server to let people in: in the clear, over a socket file, and over TLS with a key that is proved;
//! and how long a thousand take to come back when the server was started anew.
//!
//! `cargo bench --bench joining`
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, clippy::panic, clippy::indexing_slicing)]

use std::fs;
use std::net::TcpStream;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;
use tr2::client::reconnect::Reconnect;
use tr2::net::certificate::Credential;

use self::secure::{Talk, credential, tls_of};
use self::serving::{Folder, Server, TR2};

#[path = "../common/secure.rs"]
mod secure;
#[path = "../common/serving.rs"]
mod serving;

/// Joins that are measured.
const JOINS: usize = 1000;
/// People who join at the same time.
const AT_ONCE: usize = 8;
/// People who come back.
const CROWD: usize = 1000;
/// What letting somebody in may cost the server, and how long it may take until the crowd is back: more is a failure.
const MOST_CPU: Duration = Duration::from_millis(5);
const MOST_WAIT: Duration = Duration::from_secs(10);

fn main() {
    let keys: Vec<Credential> = (0..JOINS).map(|_| credential()).collect();
    println!("{JOINS} joins, {AT_ONCE} at a time; CPU of the server for each:");
    let folder = Folder::new();
    let path = folder.path().join("s");
    let unix = format!("unix:{}", path.display());
    for transport in ["tcp", "unix", "tls"] {
        let server = Server::start(&["--listen", "tls://127.0.0.1:0", "--listen", &unix, "--log", "off"]);
        let tls = tls_of(&server).0;
        let before = cpu(&server);
        let next = AtomicUsize::new(0);
        thread::scope(|scope| {
            for worker in 0..AT_ONCE {
                let (next, address, path, keys) = (&next, server.address, &path, &keys);
                scope.spawn(move || {
                    loop {
                        let at = next.fetch_add(1, Ordering::Relaxed);
                        if at >= JOINS {
                            return;
                        }
                        let talk = match transport {
                            "tcp" => Talk::tcp(address),
                            "unix" => Talk::unix(path.to_str().unwrap()),
                            _ => Talk::tls(tls, &keys[at]),
                        };
                        // One who has proved who they are has eight names at most.
                        let name = if transport == "unix" { format!("n{worker}") } else { format!("n{at}") };
                        join(talk, &name);
                    }
                });
            }
        });
        let used = cpu(&server) - before;
        println!("  {transport:4} {:6.3} ms", used.as_secs_f64() * 1000.0 / JOINS as f64);
        assert!(used < MOST_CPU * JOINS as u32, "letting somebody in over {transport} costs too much");
    }
    come_back(&keys);
}

/// Joins, and leaves once the server has said so.
fn join(mut talk: Talk, name: &str) {
    talk.send(format!("{name} | server | take_over | {name}\n").as_bytes(), true);
    talk.until(" | connection_confirmation | ");
    talk.send(b"x | server | exit\n", true);
    talk.until(" | exit | ");
}

/// A crowd over TLS is there; the server ends and starts anew; each comes back as the client does.
fn come_back(keys: &[Credential]) {
    let mut server = Server::start(&["--listen", "tls://127.0.0.1:0", "--log", "off"]);
    let address = tls_of(&server).0;
    let (online, back) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let crowd = keys.get(..CROWD).unwrap();
    thread::scope(|scope| {
        for (at, key) in crowd.iter().enumerate() {
            let (online, back) = (&online, &back);
            scope.spawn(move || {
                let mut talk = Talk::tls(address, key).join(&format!("n{at}"));
                online.fetch_add(1, Ordering::Relaxed);
                while !talk.hear().is_empty() {}
                let mut waits = Reconnect::new(at as u64);
                loop {
                    thread::sleep(waits.next_wait());
                    if TcpStream::connect(address).is_err() {
                        continue;
                    }
                    let mut talk = Talk::tls(address, key);
                    talk.send(format!("n{at} | server | name | n{at}\n").as_bytes(), true);
                    loop {
                        let line = talk.hear();
                        if line.is_empty() {
                            break;
                        }
                        if line.contains(" | connection_confirmation | ") {
                            back.fetch_add(1, Ordering::Relaxed);
                            return talk;
                        }
                    }
                }
            });
        }
        while online.load(Ordering::Relaxed) < CROWD {
            thread::sleep(Duration::from_millis(5));
        }
        server.signal(Signal::TERM);
        server.end();
        let data = std::mem::replace(&mut server.data, Folder::new());
        let start = Instant::now();
        let mut command = Command::new(TR2);
        command.arg("serve");
        let server = Server::run(command, data, &["--listen", &format!("tls://{address}"), "--log", "off"]);
        while back.load(Ordering::Relaxed) < CROWD {
            if start.elapsed() > MOST_WAIT {
                println!("{} of {CROWD} came back within {MOST_WAIT:?}", back.load(Ordering::Relaxed));
                // Those who are still on their way would be waited for otherwise.
                drop(server);
                std::process::exit(1);
            }
            thread::sleep(Duration::from_millis(5));
        }
        println!("{CROWD} come back over TLS: all in after {:.1} s", start.elapsed().as_secs_f64());
        println!("  CPU of the server until then: {:.3} ms each", cpu(&server).as_secs_f64() * 1000.0 / CROWD as f64);
    });
}

/// The time that the server's process has computed.
fn cpu(server: &Server) -> Duration {
    let stat = fs::read_to_string(format!("/proc/{}/stat", server.pid().as_raw_nonzero())).unwrap();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    let ticks: u64 = fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap();
    // A tick is a hundredth of a second on Linux, for programs at least (proc(5)).
    Duration::from_millis(ticks * 10)
}
