//! Handles of a stream against real NATS servers.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use async_std::task::{block_on, spawn};
use bytes::Bytes;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, SanType};
use rustix::process::Signal;
use tr2::model::Timestamp;
use tr2::net::late_tls::Authorities;
use tr2::server::log::nats::check::{self, Founded};
use tr2::server::log::nats::connection::{NatsLog, NatsOptions, open};
use tr2::server::log::nats::dial::NatsAccess;
use tr2::server::log::nats::login::NatsCredentials;
use tr2::server::log::nats::stream::StreamNames;
use tr2::server::log::{AppendError, Log as _, LogEnd, LogPosition, Tail};

use crate::nats_servers::{NatsServer, nats_program, stream_leader};
use crate::serving::{Folder, PATIENCE};
use crate::shared_log::reading::Reading;

/// Options that reach some servers.
pub(crate) fn options_for(servers: &[NatsServer]) -> NatsOptions {
    options_at(&servers.iter().map(NatsServer::url).collect::<Vec<_>>())
}

fn options_at(urls: &[String]) -> NatsOptions {
    NatsOptions {
        urls: urls.iter().map(|url| url.parse().unwrap()).collect(),
        names: StreamNames::of("x").unwrap(),
        access: NatsAccess { name: "test".to_owned(), ..NatsAccess::default() },
        inbox: "_INBOX.check".to_owned(),
    }
}

/// Opens a stream after a position, with an inbox of its own.
pub(crate) fn opened(options: &NatsOptions, after: u64) -> (NatsLog, Tail) {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let inbox = format!("_INBOX.{}x{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let (log, tail, work) = open(NatsOptions { inbox, ..options.clone() }, LogPosition(after));
    spawn(work);
    (log, tail)
}

/// One node: it appends numbered entries, each again until it has come out.
struct Node {
    name: &'static str,
    log: NatsLog,
    reading: Reading,
}

impl Node {
    fn new(name: &'static str, options: &NatsOptions, after: u64) -> Self {
        let (log, tail) = opened(options, after);
        Self { name, log, reading: Reading::new(tail) }
    }

    fn text(&self, number: usize) -> String {
        format!("{}{number}", self.name)
    }

    fn append(&self, text: &str) -> Result<(), AppendError> {
        self.log.append(Bytes::copy_from_slice(text.as_bytes())).map(drop)
    }

    /// Appends one entry, and waits until it is out. Returns how long that took.
    #[track_caller]
    fn carries(&mut self, number: usize) -> Duration {
        let (text, begun) = (self.text(number), Instant::now());
        self.append(&text).unwrap();
        let end = begun + PATIENCE;
        while self.reading.entries.iter().rev().take(50).all(|(_, known)| *known != text) {
            assert!(
                self.reading.next(end - Instant::now()).is_some(),
                "{text} does not come back: {:?}",
                self.reading.heard
            );
            if !self.reading.not_taken.is_empty() {
                self.reading.not_taken.clear();
                self.append(&text).unwrap();
            }
        }
        begun.elapsed()
    }
}

fn found(options: &NatsOptions, replicas: u64) {
    assert_eq!(block_on(check::found(options, replicas, LogPosition::START, false)), Ok(Founded::Made));
}

fn now() -> Timestamp {
    tr2::sys::clock::wall()
}

#[test]
fn nothing_is_lost_when_the_leader_is_killed() {
    let Some(program) = nats_program() else { return };
    let mut servers = NatsServer::three(&program, "");
    let options = options_for(&servers);
    found(&options, 3);
    assert_eq!(block_on(check::found(&options, 3, LogPosition::START, false)), Ok(Founded::WasThere));
    // Everything is as it should be.
    let monitors: Vec<String> = servers.iter().map(NatsServer::monitor).collect();
    let findings = block_on(check::check(&options, &monitors, now));
    assert!(findings.iter().all(|finding| !finding.is_fatal()), "{findings:?}");

    let mut nodes: Vec<Node> = ["a", "b", "c"]
        .into_iter()
        .zip(0..)
        .map(|(name, at)| {
            let mut options = options.clone();
            options.urls.rotate_left(at);
            Node::new(name, &options, 0)
        })
        .collect();
    for number in 0..20 {
        for node in &mut nodes {
            node.carries(number);
        }
    }
    let leader = stream_leader(&servers).unwrap();
    servers[leader].kill();
    let stall = nodes.iter_mut().map(|node| node.carries(20)).max().unwrap();
    println!("the longest append while the leader is replaced: {stall:?}");
    for number in 21..40 {
        for node in &mut nodes {
            node.carries(number);
        }
    }
    servers[leader].starts_again();
    for number in 40..60 {
        for node in &mut nodes {
            node.carries(number);
        }
    }
    let newest = nodes.iter().map(|node| node.reading.entries.last().unwrap().0).max().unwrap();
    for node in &mut nodes {
        node.reading.until_entries(usize::try_from(newest).unwrap());
        assert_eq!(node.reading.ended, None);
    }
    assert!(
        nodes[0].reading.entries == nodes[1].reading.entries && nodes[1].reading.entries == nodes[2].reading.entries
    );
    let texts = nodes[0].reading.texts();
    for node in &nodes {
        let places: Vec<usize> =
            (0..60).map(|number| texts.iter().position(|text| *text == node.text(number)).unwrap()).collect();
        assert!(places.is_sorted(), "each first comes out in order");
    }
}

#[test]
fn a_stream_is_made_while_the_servers_still_look_for_each_other() {
    let Some(program) = nats_program() else { return };
    let servers = NatsServer::three_fresh(&program);
    found(&options_for(&servers), 3);
}

/// Carries the bytes of clients to and from a server. The first connection falls silent as soon as the server says this.
fn falls_silent_at(server: &NatsServer, words: &'static [u8]) -> String {
    let (listener, place) = (TcpListener::bind("127.0.0.1:0").unwrap(), server.place.clients);
    let url = format!("nats://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for (number, client) in listener.incoming().enumerate() {
            let (mut client, mut server) = (client.unwrap(), TcpStream::connect(place).unwrap());
            let (mut from_client, mut to_server) = (client.try_clone().unwrap(), server.try_clone().unwrap());
            thread::spawn(move || std::io::copy(&mut from_client, &mut to_server));
            thread::spawn(move || {
                let mut said = Vec::new();
                let mut bytes = [0; 4096];
                while let Ok(read @ 1..) = server.read(&mut bytes) {
                    said.extend_from_slice(&bytes[..read]);
                    if number == 0 && said.windows(words.len()).any(|part| part == words) {
                        continue;
                    }
                    if client.write_all(&bytes[..read]).is_err() {
                        return;
                    }
                }
            });
        }
    });
    url
}

#[test]
fn a_stream_whose_making_is_not_answered_is_asked_for_again() {
    let Some(program) = nats_program() else { return };
    let server = NatsServer::alone(&program, "");
    let options = options_for(std::slice::from_ref(&server));
    found(&options_at(&[falls_silent_at(&server, b"stream_create_response")]), 1);
    assert_eq!(block_on(check::found(&options, 1, LogPosition::START, false)), Ok(Founded::WasThere));
    // And so is its end. What came before is gone once.
    let mut node = Node::new("a", &options, 0);
    node.carries(0);
    let silent = options_at(&[falls_silent_at(&server, b"stream_delete_response")]);
    assert_eq!(block_on(check::found(&silent, 1, LogPosition(1), true)), Ok(Founded::Made));
    let mut node = Node::new("b", &options, 1);
    node.carries(0);
    assert_eq!(node.reading.entries, [(2, "b0".to_owned())]);
}

#[test]
fn a_server_that_stands_still_is_noticed_and_heard_again() {
    let Some(program) = nats_program() else { return };
    let server = NatsServer::alone(&program, "");
    let options = options_for(std::slice::from_ref(&server));
    found(&options, 1);
    let mut node = Node::new("a", &options, 0);
    node.carries(0);
    server.signal(Signal::STOP);
    let stopped = Instant::now();
    node.append("a1").unwrap();
    node.reading.until("silence", |reading| matches!(reading.heard, Some(Err(_))));
    let noticed = stopped.elapsed();
    assert!(noticed < Duration::from_millis(4500), "{noticed:?}");
    assert!(!node.reading.not_taken.is_empty(), "the append is not known to be taken");
    server.signal(Signal::CONT);
    node.reading.until_heard();
    node.carries(2);
}

#[test]
fn a_stream_that_is_made_anew_is_not_followed() {
    let Some(program) = nats_program() else { return };
    let server = NatsServer::alone(&program, "");
    let options = options_for(std::slice::from_ref(&server));
    found(&options, 1);
    let mut node = Node::new("a", &options, 0);
    for number in 0..5 {
        node.carries(number);
    }
    assert_eq!(block_on(check::found(&options, 1, LogPosition(5), true)), Ok(Founded::Made));
    node.reading.until("its end", |reading| reading.ended.is_some());
    assert_eq!(node.reading.ended, Some(LogEnd::Replaced { tailed: LogPosition(5) }));
    assert_eq!(node.append("late"), Err(AppendError::Closed));
    // It goes on where it was founded to.
    let mut node = Node::new("b", &options, 5);
    node.carries(0);
    assert_eq!(node.reading.entries, [(6, "b0".to_owned())]);
    let mut node = Node::new("c", &options, 4);
    node.reading.until("its end", |reading| reading.ended.is_some());
    assert_eq!(node.reading.ended, Some(LogEnd::Gap { wanted: LogPosition(5), oldest: LogPosition(6) }));
}

#[test]
fn a_stream_that_was_restored_and_went_on_is_not_followed() {
    let Some(program) = nats_program() else { return };
    let mut server = NatsServer::alone(&program, "");
    let options = options_for(std::slice::from_ref(&server));
    found(&options, 1);
    let mut node = Node::new("a", &options, 0);
    for number in 0..5 {
        node.carries(number);
    }
    server.kill();
    let older = Folder::new();
    let copy = |from: &std::path::Path, to: &std::path::Path| {
        let _ = std::fs::remove_dir_all(to);
        assert!(std::process::Command::new("cp").arg("-a").arg(from).arg(to).status().unwrap().success());
    };
    copy(&server.data(), &older.path().join("data"));
    server.starts_again();
    for number in 5..10 {
        node.carries(number);
    }
    server.kill();
    copy(&older.path().join("data"), &server.data());
    // Whoever knows nothing of the entries after the fifth appends others, before the node is there again.
    let other_options = NatsOptions { names: options.names.clone(), ..options_for(std::slice::from_ref(&server)) };
    server.starts_again();
    let mut other = Node::new("b", &other_options, 5);
    for number in 0..8 {
        other.carries(number);
    }
    node.reading.until("its end", |reading| reading.ended.is_some());
    // An append of which nobody knew whether it was taken is there twice.
    let (last, _) = *node.reading.entries.last().unwrap();
    let altered = LogEnd::Altered { position: LogPosition(last) };
    assert_eq!(node.reading.ended, Some(altered));
    let mut texts = node.reading.texts();
    texts.dedup();
    assert_eq!(texts, (0..10).map(|number| format!("a{number}")).collect::<Vec<_>>());
}

#[test]
fn a_reader_that_rests_gets_everything_afterwards() {
    let Some(program) = nats_program() else { return };
    // The server cuts a client that leaves this much unread.
    let server = NatsServer::alone(&program, "max_pending: 2MB");
    let options = options_for(std::slice::from_ref(&server));
    found(&options, 1);
    let (_idle, tail) = opened(&options, 0);
    let mut busy = Node::new("a", &options, 0);
    let large = "x".repeat(100_000);
    for number in 0..200 {
        let text = format!("{large}{number}");
        while busy.append(&text) == Err(AppendError::Busy) {
            busy.reading.next(PATIENCE);
        }
        busy.reading.until("that it is taken", |reading| reading.taken.len() + reading.not_taken.len() > number);
    }
    busy.reading.until("all", |reading| reading.texts().len() >= 200 - reading.not_taken.len());
    let mut rested = Reading::new(tail);
    let end = busy.reading.entries.len();
    rested.until_entries(end);
    assert!(rested.entries == busy.reading.entries);
}

#[test]
fn a_server_lets_in_who_proves_it() {
    let Some(program) = nats_program() else { return };
    let seed = "SUACSSL3UAHUDXKFSNVUZRF5UHPMWZ6BFDTJ7M6USDXIEDNPPQYYYCU3VY";
    let credentials = NatsCredentials::parse(seed).unwrap();
    let nkey = "UDXU4RCSJNZOIQHZNWXHXORDPRTGNJAHAHFRGZNEEJCPQTT2M7NLCNF4";
    let cases = [
        ("authorization { user: u, password: \"p@ss\" }".to_owned(), "u:p%40ss@", None),
        ("authorization { token: secret }".to_owned(), "secret@", None),
        (format!("authorization {{ users: [ {{ nkey: {nkey} }} ] }}"), "", Some(credentials)),
    ];
    for (config, userinfo, credentials) in cases {
        let server = NatsServer::alone(&program, &config);
        let at = |userinfo: &str| options_at(&[server.url().replace("nats://", &format!("nats://{userinfo}"))]);
        let mut options = at(userinfo);
        options.access.credentials = credentials;
        found(&options, 1);
        Node::new("a", &options, 0).carries(0);
        // Nobody else is let in.
        let refused = block_on(check::found(&at(""), 1, LogPosition::START, false)).unwrap_err();
        assert!(refused.contains("Authorization Violation"), "{refused}");
        let mut stranger = Node::new("b", &at("u:wrong@"), 0);
        stranger.reading.until("why", |reading| reading.heard.is_some());
        assert_eq!(stranger.reading.heard, Some(Err("the NATS server says: Authorization Violation".to_owned())));
    }
}

#[test]
fn a_server_at_a_tls_address_proves_who_it_is() {
    let Some(program) = nats_program() else { return };
    let folder = Folder::new();
    let ca_key = KeyPair::generate().unwrap();
    let mut ca = CertificateParams::new(Vec::<String>::new()).unwrap();
    ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let ca = CertifiedIssuer::self_signed(ca, ca_key).unwrap();
    let key = KeyPair::generate().unwrap();
    let mut leaf = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    // Addresses are only known once the server has started; any of them is good.
    for low in 1..=60 {
        let place = crate::nats_servers::loopback(low);
        leaf.subject_alt_names.push(SanType::IpAddress(place));
    }
    let certificate = leaf.signed_by(&key, &ca).unwrap();
    let [cert_file, key_file] = ["cert.pem", "key.pem"].map(|name| folder.path().join(name));
    std::fs::write(&cert_file, certificate.pem()).unwrap();
    std::fs::write(&key_file, key.serialize_pem()).unwrap();
    let server = NatsServer::alone(&program, &format!("tls {{ cert_file: {cert_file:?}, key_file: {key_file:?} }}"));
    let mut options = options_at(&[server.url().replace("nats://", "tls://")]);
    options.access.authorities = Some(Authorities::from_pem(ca.pem().as_bytes()).unwrap());
    found(&options, 1);
    Node::new("a", &options, 0).carries(0);
    // Without the authority, nobody vouches for it; without TLS, it lets nobody in.
    let mut stranger = options.clone();
    let other_key = KeyPair::generate().unwrap();
    let mut other = CertificateParams::new(vec!["other".to_owned()]).unwrap();
    other.distinguished_name.push(DnType::CommonName, "another authority");
    let other = other.self_signed(&other_key).unwrap();
    stranger.access.authorities = Some(Authorities::from_pem(other.pem().as_bytes()).unwrap());
    let refused = block_on(check::found(&stranger, 1, LogPosition::START, false)).unwrap_err();
    assert!(refused.contains("UnknownIssuer"), "{refused}");
    let clear = options_for(std::slice::from_ref(&server));
    let refused = block_on(check::found(&clear, 1, LogPosition::START, false)).unwrap_err();
    assert!(refused.contains("begins with tls://"), "{refused}");
    assert!(Authorities::from_pem(b"").is_err());
}

#[test]
fn what_is_wrong_is_said_with_what_to_do() {
    let Some(program) = nats_program() else { return };
    let server = NatsServer::alone(&program, "max_payload: 65536");
    let options = options_for(std::slice::from_ref(&server));
    let mut node = Node::new("a", &options, 0);
    node.reading.until("why", |reading| reading.heard.is_some());
    let Some(Err(why)) = &node.reading.heard else { panic!("it is heard") };
    assert!(why.contains("set max_payload to"), "{why}");

    let server = NatsServer::alone(&program, "");
    let options = options_for(std::slice::from_ref(&server));
    let findings = block_on(check::check(&options, &[server.monitor()], now));
    let said: Vec<String> = findings.iter().map(ToString::to_string).collect();
    assert_eq!(said, ["the stream tr2-x: the stream does not exist; one node has to make it with --found"]);
    found(&options, 1);
    let far = || Timestamp(now().0 + 10_000);
    let findings = block_on(check::check(&options, &["http://127.0.0.1:1".to_owned()], far));
    let said: Vec<String> = findings.iter().map(ToString::to_string).collect();
    assert!(said.len() == 3 && said[0].contains("kept on 1 servers"), "{said:?}");
    assert!(said[1].contains("differ by") && said[2].contains("127.0.0.1:1 is not reached"), "{said:?}");
    let nobody = options_at(&["nats://127.0.0.1:1".to_owned()]);
    let findings = block_on(check::check(&nobody, &[server.monitor()], now));
    assert!(
        findings.len() == 1 && findings[0].to_string().contains("nats://127.0.0.1:1 is not reached"),
        "{findings:?}"
    );
}
