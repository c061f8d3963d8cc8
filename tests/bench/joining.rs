//! What it costs the server to let people in: in the clear, over a socket file, and over TLS with a key that is proved;
//! whether it turns anyone away when thousands come in a second; and how long a thousand take to come back when the
//! server was started anew.
//!
//! `cargo bench --bench joining`

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::string_slice)]

mod kit;

use std::net::TcpStream;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;
use tr2::client::link::backoff::Backoff;
use tr2::net::certificate::Credential;

use kit::crowd::{Crowd, Joins};
use kit::machine::{self, Core, or_quick};
use kit::secure::{Talk, credential, tls_of};
use kit::server::{Kind, Server, Transport};
use kit::serving::{self, Folder, TR2};
use kit::table::Table;
use kit::turns::{median, word};
use kit::{limit, peers};

/// People who come as fast as they are let in; a tenth over TLS, where each costs ten times as much, and of other
/// servers, some of which tell each of them of all the others.
const JOINS: usize = 5000;
const ROUNDS: usize = 3;
/// People who come in a second, and for how many seconds.
const RATE: u32 = 5000;
const SECONDS: usize = 2;
/// People who come back.
const CROWD: usize = 1000;
/// How long it may take until the crowd is back: more is a failure.
const MOST_WAIT: Duration = Duration::from_secs(10);

fn main() {
    if limit::was_it() {
        return;
    }
    let most = machine::most_people();
    let mut table = Table::new("joining");
    let mut contenders = Vec::new();
    for transport in Transport::ALL {
        if let Some(why) = transport.missing() {
            table.line(why);
            continue;
        }
        if transport != Transport::Tls {
            contenders.push((Kind::Relay, transport));
        }
        contenders.push((Kind::Tr2("full"), transport));
    }
    contenders.extend(peers::installed().into_iter().map(|peer| (Kind::Peer(peer), Transport::Tcp)));
    let mut results: Vec<Vec<Joins>> = contenders.iter().map(|_| Vec::new()).collect();
    for _ in 0..or_quick(ROUNDS, 1) {
        for (&(kind, transport), results) in contenders.iter().zip(&mut results) {
            let few = transport == Transport::Tls || matches!(kind, Kind::Peer(_));
            let people = or_quick(if few { JOINS / 10 } else { JOINS }, 50).min(most);
            results.push(Crowd::new().join(&Server::start(kind, transport), people, None));
        }
    }
    let limit = median(results[0].iter().map(each_us));
    for (&(kind, transport), results) in contenders.iter().zip(&results) {
        let each = median(results.iter().map(each_us));
        let rate = median(results.iter().map(|joins| joins.joined as f64 / joins.elapsed.as_secs_f64()));
        let note = format!("{rate:.0} joins/s, {} of {} refused", results[0].refused, results[0].joined);
        table.row(
            "joins, one after another",
            &word(kind, transport),
            &format!("{each:.1} us CPU each"),
            Some(each / limit),
            &note,
        );
        if (kind, transport) == (Kind::Tr2("full"), Transport::Tcp) {
            table.at_most("joining over TCP: CPU of the server for each, at most 80 us", Some(each), 80.0);
        }
    }
    storm(&mut table, most);
    come_back(&mut table);
    table.end();
}

fn each_us(joins: &Joins) -> f64 {
    joins.server_cpu.as_secs_f64() * 1e6 / joins.joined as f64
}

/// So many come in a second, whatever becomes of those before them.
fn storm(table: &mut Table, most: usize) {
    let people = or_quick(RATE as usize * SECONDS, 500).min(most);
    for kind in [Kind::Relay, Kind::Tr2("full")] {
        let server = Server::start(kind, Transport::Tcp);
        let joins = Crowd::new().join(&server, people, Some(RATE));
        let [p50, slowest] = [0.5, 1.0].map(|share| {
            let at = ((joins.delays.len() as f64 * share) as usize).min(joins.delays.len() - 1);
            joins.delays[at].as_secs_f64() * 1e3
        });
        let rate = joins.joined as f64 / joins.elapsed.as_secs_f64();
        let note = format!("{rate:.0} joins/s; each took {p50:.1} ms, the slowest {slowest:.0} ms");
        let figure = format!("{} of {people} refused", joins.refused);
        table.row(&format!("{RATE} come in a second"), &format!("{}, TCP", kind.word()), &figure, None, &note);
        if kind != Kind::Relay {
            // Where the queue of the listener overflows, the kernel tries again after a second.
            let reached = joins.refused == 0 && slowest < 1000.0 && rate > 0.9 * f64::from(RATE);
            let what = format!("{RATE} joins a second: none refused, none has to try again");
            table.target(&what, Some(format!("{figure}, {rate:.0}/s, slowest {slowest:.0} ms")), reached);
        }
    }
}

/// A crowd over TLS is there; the server ends and starts anew; each comes back as the client does.
fn come_back(table: &mut Table) {
    let crowd_size = or_quick(CROWD, 50);
    let keys: Vec<Credential> = (0..crowd_size).map(|_| credential()).collect();
    machine::pin(Core::Server);
    let mut server = serving::Server::start(&["--listen", "tls://127.0.0.1:0", "--log", "off"]);
    machine::pin(Core::Load);
    let address = tls_of(&server).0;
    let (online, back) = (AtomicUsize::new(0), AtomicUsize::new(0));
    thread::scope(|scope| {
        for (at, key) in keys.iter().enumerate() {
            let (online, back) = (&online, &back);
            scope.spawn(move || {
                let mut talk = Talk::tls(address, key).join(&format!("n{at}"));
                online.fetch_add(1, Ordering::Relaxed);
                while !talk.hear().is_empty() {}
                let mut waits = Backoff::new(at as u64);
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
        while online.load(Ordering::Relaxed) < crowd_size {
            thread::sleep(Duration::from_millis(5));
        }
        server.signal(Signal::TERM);
        server.end();
        let data = std::mem::replace(&mut server.data, Folder::new());
        let start = Instant::now();
        let mut command = Command::new(TR2);
        command.arg("serve");
        machine::pin(Core::Server);
        let server = serving::Server::run(command, data, &["--listen", &format!("tls://{address}"), "--log", "off"]);
        machine::pin(Core::Load);
        while back.load(Ordering::Relaxed) < crowd_size {
            if start.elapsed() > MOST_WAIT {
                println!("{} of {crowd_size} came back within {MOST_WAIT:?}", back.load(Ordering::Relaxed));
                // Those who are still on their way would be waited for otherwise.
                drop(server);
                std::process::exit(1);
            }
            thread::sleep(Duration::from_millis(5));
        }
        let (all_in, process) = (start.elapsed().as_secs_f64(), server.pid().as_raw_nonzero().get().unsigned_abs());
        let each = machine::cpu(process).as_secs_f64() * 1e6 / crowd_size as f64;
        let note = format!("{each:.0} us CPU each, its start among them");
        table.row(
            &format!("{crowd_size} come back"),
            "tr2 full, TLS",
            &format!("all in after {all_in:.1} s"),
            None,
            &note,
        );
    });
}
