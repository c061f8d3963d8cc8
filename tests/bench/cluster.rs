//! Three nodes of one chat over a log in three NATS servers: how soon a message is accepted and a ban holds everywhere, what
//! a node delivers beside a server alone, and how long people wait where a NATS server or a node ends.
//!
//! `cargo bench --bench cluster`. All of it is on this machine: three nodes and three NATS servers share its cores, and what
//! they take from one another they would not on machines of their own. Deliveries are therefore judged by what the node
//! itself computes. The files are in the folder for temporary files, which must be on a disk.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]
#![allow(clippy::string_slice, dead_code, unreachable_pub)]

#[path = "../e2e/cluster/checker.rs"]
mod checker;
#[path = "../common/cluster.rs"]
mod cluster_nodes;
mod kit;
#[path = "../common/nats_servers.rs"]
mod nats_servers;
#[path = "../e2e/cluster/people.rs"]
mod people;

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use cluster_nodes::{Cluster, Node, Site, until};
use kit::crowd::Crowd;
use kit::load::{self, Figures, Work};
use kit::machine::{self, Core, or_quick};
use kit::server::{Kind, Server, Transport};
use kit::serving::{self, PATIENCE, Peer};
use kit::table::Table;
use kit::turns::{commit_ms, median};
use nats_servers::{nats_program, stream_leader};
use people::Person;

/// Messages a second in all, and how many say them.
const PACED: u64 = 1000;
const SPEAKERS: usize = 30;
const NODES: usize = 3;
/// How often somebody is banned meanwhile.
const BAN_PACE: Duration = Duration::from_millis(50);
/// Bytes of a text.
const TEXT: usize = 100;
/// How many hear one, where deliveries are measured.
const RECEIVERS: [usize; 2] = [100, 1000];
/// Messages that may be on their way to them: more come in while a node waits for its log than in a round of a server alone.
const WINDOW: u64 = 1000;
const ROUNDS: usize = 5;
/// How often a NATS server or a node is killed.
const KILLS: usize = 3;
/// How often each of them says something who wait for a fail-over.
const PACE: Duration = Duration::from_millis(20);
/// How long a fail-over may take before the benchmark fails.
const GOES_ON: Duration = Duration::from_secs(60);

fn main() {
    machine::most_people();
    let mut table = Table::new("cluster");
    let Some(program) = nats_program() else {
        table.line("there is no nats-server of version 2.14 or later in target/nats or in the PATH");
        table.target("three nodes", None, false);
        return table.end();
    };
    machine::unpin();
    let mut cluster = Cluster::found(&program, Site::three_here(), &["--log", "info"]);
    machine::pin(Core::Load);
    at_a_pace(&mut table, &cluster);
    for receivers in RECEIVERS {
        deliveries(&mut table, &cluster, receivers);
    }
    engines_end(&mut table, &mut cluster);
    nodes_end(&mut table, &mut cluster);
    table.end();
}

fn servers(cluster: &Cluster) -> Vec<Server> {
    cluster.nodes.iter().map(|node| Server::node(node.address(), node.pid())).collect()
}

/// At a share of some times, in milliseconds.
fn at_share(times: &mut [Duration], share: f64) -> f64 {
    times.sort_unstable();
    let at = ((times.len() as f64 * share) as usize).min(times.len().saturating_sub(1));
    times.get(at).map_or(f64::NAN, |time| time.as_secs_f64() * 1e3)
}

/// A thousand messages a second over three nodes, and bans meanwhile.
fn at_a_pace(table: &mut Table, cluster: &Cluster) {
    let mut crowd = Crowd::new();
    for server in &servers(cluster) {
        assert_eq!(crowd.join(server, SPEAKERS / NODES, None).refused, 0, "nodes refuse");
    }
    crowd.hush(Duration::from_millis(300));
    let (ended, mut bans) = (AtomicBool::new(false), Vec::new());
    let mut times = thread::scope(|scope| {
        let nodes = cluster.nodes.each_ref().map(Node::address);
        let (passphrase, ended) = (&cluster.passphrase, &ended);
        let banning = scope.spawn(move || ban(nodes, passphrase, ended));
        let times = speak(&mut crowd, Duration::from_millis(or_quick(15_000, 500)));
        ended.store(true, Ordering::Relaxed);
        bans = banning.join().unwrap();
        times
    });
    let title = format!("{PACED}/s over three nodes");
    let [p50, p99] = [0.5, 0.99].map(|share| at_share(&mut times, share));
    let commit = commit_ms(&std::env::temp_dir());
    let note = format!("p99 {p99:.1} ms, of {} by {SPEAKERS} people; one to disk takes {commit:.2} ms", times.len());
    table.row(&title, "tr2 x 3", &format!("accepted: {p50:.1} ms"), None, &note);
    table.at_most(&format!("{title}: p50 to accepted, at most 5 ms"), Some(p50), 5.0);
    table.at_most(&format!("{title}: p99 to accepted, at most 50 ms"), Some(p99), 50.0);
    let [p50, p99] = [0.5, 0.99].map(|share| at_share(&mut bans, share));
    let note = format!("p99 {p99:.1} ms, of {}", bans.len());
    table.row("a ban meanwhile", "tr2 x 3", &format!("holds: {p50:.1} ms"), None, &note);
    table.at_most("a ban: p99 until it holds on every node, at most 100 ms", Some(p99), 100.0);
}

/// Everybody says something in turns for so long; from when each message was due until it was accepted, all of them.
fn speak(crowd: &mut Crowd, duration: Duration) -> Vec<Duration> {
    let mut parts: Vec<Vec<u8>> = crowd.lines.iter().map(|_| Vec::new()).collect();
    let due = |number: u64| Duration::from_secs_f64(number as f64 / PACED as f64);
    let (start, mut sent, mut times) = (Instant::now(), 0, Vec::new());
    while start.elapsed() < duration || times.len() < usize::try_from(sent).unwrap() {
        while start.elapsed() < duration && due(sent) <= start.elapsed() {
            let at = usize::try_from(sent).unwrap() % crowd.lines.len();
            let text = ".".repeat(TEXT);
            crowd.say(at, format!("@ref={sent} x | all clients | broadcast_not_me | {text}\n").as_bytes());
            sent += 1;
        }
        let pause = due(sent).saturating_sub(start.elapsed()).min(Duration::from_millis(50));
        crowd.turn(pause, |at, _, bytes| {
            assert!(!bytes.is_empty(), "a node cut {at}");
            let part = &mut parts[at];
            part.extend_from_slice(bytes);
            let whole = part.iter().rposition(|&byte| byte == b'\n').map_or(0, |end| end + 1);
            for line in part[..whole].split(|&byte| byte == b'\n').filter(|line| line.ends_with(b"| accepted")) {
                let number = serving::tag(std::str::from_utf8(line).unwrap(), "ref").parse().unwrap();
                times.push(start.elapsed().saturating_sub(due(number)));
            }
            part.drain(..whole);
        });
        assert!(start.elapsed() < duration + PATIENCE, "{} of {sent} were accepted", times.len());
    }
    times
}

/// A moderator bans one after the other, on each node in turn; how long each was still there.
fn ban(nodes: [SocketAddr; NODES], passphrase: &str, ended: &AtomicBool) -> Vec<Duration> {
    let mut keeper = Peer::connect(nodes[0]);
    keeper.say(&format!("x | server | moderator | {passphrase}"));
    keeper.ask("keeper | server | name | keeper", " | connection_confirmation | ");
    keeper.hears_nothing();
    let (start, mut times) = (Instant::now(), Vec::new());
    while !ended.load(Ordering::Relaxed) {
        thread::sleep((BAN_PACE * u32::try_from(times.len()).unwrap()).saturating_sub(start.elapsed()));
        let name = format!("victim{}", times.len());
        let victim = Peer::join(nodes[times.len() % NODES], &name);
        let begun = Instant::now();
        keeper.say(&format!("x | all clients | ban | {name} for=60s spam"));
        let told = victim.rest();
        times.push(begun.elapsed());
        assert!(told.contains(" | refused | banned "), "{told}");
    }
    times
}

/// One tells others, as often as goes: at a server alone, and at a node, in turns.
fn deliveries(table: &mut Table, cluster: &Cluster, receivers: usize) {
    let receivers = or_quick(receivers, receivers / 10);
    let alone = Server::start(Kind::Tr2("full"), Transport::Tcp);
    let node = servers(cluster).remove(0);
    let mut both = [&alone, &node].map(|server| (server, Crowd::settled(server, receivers + 1), Vec::new()));
    let duration = Duration::from_millis(or_quick(1000, 100));
    let work = Work { senders: 1, duration, per_second: None, window: WINDOW };
    for _ in 0..or_quick(ROUNDS, 1) {
        for (server, crowd, figures) in &mut both {
            figures.push(load::broadcast(server, crowd, work));
        }
    }
    let title = format!("fan-out 1 -> {receivers}");
    let of = |at: usize, figure: fn(&Figures) -> f64| median(both[at].2.iter().map(figure));
    let ratio = |figure: fn(&Figures) -> f64| of(1, figure) / of(0, figure);
    for (at, who) in ["tr2 alone", "a node of three"].into_iter().enumerate() {
        let per_message = |figures: &Figures| figures.server_cpu.as_secs_f64() * 1e6 / figures.done as f64;
        let note = format!(
            "{:.2} M in a CPU second, {:.0} us for each message; of a core: it {:.0} %, load {:.0} %",
            of(at, Figures::per_cpu_second) / 1e6,
            of(at, per_message) * receivers as f64,
            of(at, Figures::server_share) * 100.0,
            of(at, Figures::load_share) * 100.0,
        );
        let rate = format!("{:.0} k/s", of(at, Figures::per_second) / 1e3);
        table.row(&title, who, &rate, (at == 1).then(|| ratio(Figures::per_second)), &note);
    }
    let what = format!("{title}: deliveries in a CPU second of a node, at least 0.9 of a server alone");
    table.at_least(&what, Some(ratio(Figures::per_cpu_second)), 0.9);
}

/// People who say something all the time while something is done, which is given them; what it returns.
fn meanwhile<T>(people: &[Person], act: impl FnOnce() -> T) -> T {
    let ended = AtomicBool::new(false);
    let more = |person: &Person| {
        let wanted = person.record().accepted + 10;
        person.until("to be accepted", GOES_ON, |record| record.accepted >= wanted);
    };
    thread::scope(|scope| {
        for person in people {
            scope.spawn(|| person.writes_on(PACE, || !ended.load(Ordering::Relaxed)));
        }
        people.iter().for_each(more);
        for person in people {
            person.longest_wait();
        }
        let done = act();
        people.iter().for_each(more);
        ended.store(true, Ordering::Relaxed);
        done
    })
}

/// The NATS server that leads the stream is killed: how long nothing is accepted.
fn engines_end(table: &mut Table, cluster: &mut Cluster) {
    let urls = cluster.urls();
    let people: Vec<Person> = (0..NODES).map(|at| Person::join(&[], &urls[at..=at], &format!("writer{at}"))).collect();
    let mut waits = Vec::new();
    for _ in 0..or_quick(KILLS, 1) {
        let leader = stream_leader(&cluster.engines).expect("a leader");
        meanwhile(&people, || cluster.engines[leader].kill());
        waits.push(people.iter().map(Person::longest_wait).max().unwrap());
        cluster.engines[leader].starts_again();
        // Whoever comes back causes an election of its own.
        until("a leader", GOES_ON, || stream_leader(&cluster.engines).is_some());
        meanwhile(&people, || ());
    }
    judge(table, "its leader is killed", "NATS", &waits, 10.0);
}

/// A node is killed: how long its users wait until something is accepted elsewhere.
fn nodes_end(table: &mut Table, cluster: &mut Cluster) {
    let urls = cluster.urls();
    let mut waits = Vec::new();
    for kill in 0..or_quick(KILLS, 1) {
        let at = kill % NODES;
        let mut first = urls.clone();
        first.swap(0, at);
        let people: Vec<Person> =
            (0..NODES).map(|who| Person::join(&[], &first, &format!("mover{kill}-{who}"))).collect();
        assert!(people.iter().all(|person| person.record().server.as_deref() == Some(&*urls[at])));
        meanwhile(&people, || cluster.nodes[at].kill());
        waits.extend(people.iter().map(Person::longest_wait));
        assert!(people.iter().all(|person| person.record().server.as_deref() != Some(&*urls[at])));
        cluster.nodes[at].starts();
        cluster.nodes[at].serves();
    }
    judge(table, "a node is killed", "tr2 x 3", &waits, 3.0);
}

fn judge(table: &mut Table, what: &str, who: &str, waits: &[Duration], most: f64) {
    let seconds = waits.iter().map(Duration::as_secs_f64);
    let longest = seconds.clone().fold(0.0, f64::max);
    let figure = format!("{:.2} s to accepted", median(seconds));
    table.row(what, who, &figure, None, &format!("{longest:.2} s at most, of {}", waits.len()));
    table.at_most(&format!("{what}: seconds until accepted again, at most {most}"), Some(longest), most);
}
