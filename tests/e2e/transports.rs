//! The same chat over every transport, whole and byte by byte; and TLS that is renewed while people talk.

use std::fs;
use std::io::{Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};

use futures_lite::future::yield_now;
use rustix::process::Signal;
use rustls::sign::CertifiedKey;
use tr2::net::certificate::{self, Credential};
use tr2::net::socket::Socket;
use tr2::server::transport::executor::Executor;

use crate::secure::{Talk, credential, tls_of};
use crate::serving::{Folder, PATIENCE, Server};

/// What two people say, and the end of the answer to each line.
const CONVERSATION: &[(usize, &str, &str)] = &[
    (0, "@ref=1 x | server | nonsense", "no_name"),
    (0, "no frame", "refused | bad_frame"),
    (0, "@ref=2 ann | all clients | broadcast | too early", "refused | no_name"),
    (0, "ann | server | name | ann", "connection_confirmation"),
    (1, "bob | server | name | a b", "refused | bad_name"),
    (2, "bob | server | name | bob", "connection_confirmation"),
    (0, "", "joined | bob"),
    (0, "@ref=3 x | x | echo | ol\u{e1} \\n | \u{1f600}", "echo"),
    (0, "@ref=4 ann | all clients | broadcast | to all and me", "accepted"),
    (2, "", "to all and me"),
    (2, "@ref=5 ann | ann | private_message | whose name is this?", "accepted"),
    (0, "", "bob | ann | private_message"),
    (0, "@ref=6 ann | nobody | private_message | hello?", "no_such_user"),
    (0, "@ref=7 x | server | list_clients | no data", "list_end"),
    (0, "@ref=8 x | all clients | history | limit=1", "history_end"),
    (2, "@ref=9 x | server | whois | ann", "whois"),
    (0, "ann | server | ping | 1", "pong | 1"),
    (0, "@ref=a ann | all clients | broadcast | LONG", "too_long"),
    (0, "ann | server | exit | bye", "exit"),
    (2, "", "left | ann"),
];

/// What is heard of the conversation, without parts that differ each time.
fn hold(mut connect: impl FnMut(usize) -> Talk, whole: bool) -> Vec<String> {
    let mut talks: Vec<Option<Talk>> = vec![None, None, None];
    let mut heard = Vec::new();
    for &(who, said, last) in CONVERSATION {
        let talk = talks[who].get_or_insert_with(|| connect(who));
        if !said.is_empty() {
            talk.send(format!("{}\n", said.replace("LONG", &"x".repeat(7500))).as_bytes(), whole);
        }
        loop {
            let line = talk.hear();
            assert!(!line.is_empty(), "nothing comes any more before {last:?}: {heard:?}");
            let (tags, rest) = match line.strip_prefix('@').and_then(|line| line.split_once(' ')) {
                Some((tags, rest)) => (tags, rest),
                None => ("", line.as_str()),
            };
            let tags: Vec<&str> = tags.split(';').filter(|tag| tag.starts_with("ref=") || *tag == "id").collect();
            let rest = rest.split(" in ('").next().unwrap().split("proof=").next().unwrap();
            let rest = rest.split("online=").next().unwrap();
            heard.push(format!("{who} {} {rest}", tags.join(";")));
            if line.contains(last) {
                break;
            }
        }
    }
    heard
}

#[test]
fn the_same_is_heard_over_every_transport_however_the_bytes_come() {
    let folder = Folder::new();
    let mut held = Vec::new();
    for transport in ["tcp", "tls", "unix"] {
        for whole in [true, false] {
            let path = folder.path().join("s");
            let unix = format!("unix:{}", path.display());
            // A login in use would collide with the names.
            let server = Server::start(&["--listen", "tls://127.0.0.1:0", "--listen", &unix, "--flood", "off"]);
            let tls = tls_of(&server).0;
            let heard = hold(
                |_| match transport {
                    "tcp" => Talk::tcp(server.address),
                    "tls" => Talk::tls(tls, &credential()),
                    _ => Talk::unix(path.to_str().unwrap()),
                },
                whole,
            );
            held.push((transport, whole, heard));
        }
    }
    let lists = |line: &String| !line.contains("clients connected");
    let first: Vec<String> = held[0].2.iter().filter(|line| lists(line)).cloned().collect();
    assert!(first.len() > CONVERSATION.len(), "{first:?}");
    for (transport, whole, heard) in held {
        let heard: Vec<String> = heard.into_iter().filter(lists).collect();
        let claimed = |line: &String| line.replace("bound=", "").trim_end().to_owned();
        let different: Vec<_> =
            first.iter().zip(&heard).filter(|(one, other)| claimed(one) != claimed(other)).collect();
        let known = |(one, _): &&(&String, &String)| one.contains("whois");
        assert!(different.iter().all(|pair| known(&pair)), "{transport}, whole: {whole}: {different:#?}");
        assert_eq!(first.len(), heard.len(), "{transport}, whole: {whole}");
    }
}

/// Stops the flooding threads, even if the test fails.
struct Stop<'a>(&'a AtomicBool);

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[test]
fn a_flood_over_tls_delays_nobody_on_other_transports() {
    const FLOODS: usize = 4;
    let server = Server::start(&["--listen", "tls://127.0.0.1:0", "--flood", "off", "--log", "error"]);
    let (tls, stopped) = (tls_of(&server).0, AtomicBool::new(false));
    let (joined, join) = channel();
    thread::scope(|scope| {
        let _stop = Stop(&stopped);
        for at in 0..FLOODS {
            let (joined, stopped) = (joined.clone(), &stopped);
            scope.spawn(move || {
                let mut talk = Talk::tls(tls, &credential()).join(&format!("flood{at}"));
                joined.send(()).unwrap();
                let words = format!("x | server | pong | {}\n", "y".repeat(500)).repeat(30);
                while !stopped.load(Ordering::Relaxed) {
                    talk.try_send(words.as_bytes());
                }
            });
        }
        join.iter().take(FLOODS).for_each(drop);
        let start = Instant::now();
        let mut alice = Talk::tcp(server.address).join("alice");
        for n in 0..3 {
            alice.ask(&format!("alice | alice | echo | {n}"), &format!(" | echo | {n}"));
        }
        // An unoptimised program may take this long to get through what came before.
        assert!(start.elapsed() < PATIENCE / 2, "{:?}", start.elapsed());
    });
}

#[test]
fn a_socket_is_read_and_written_however_busy_its_thread_is() {
    let (ours, mut theirs) = UnixStream::pair().unwrap();
    let socket = Socket::new(ours.into()).unwrap();
    theirs.set_nonblocking(true).unwrap();
    let executor = Executor::start();
    let (read, heard) = channel();
    let (written, all) = channel();
    let (reader, writer) = (socket.clone(), socket);
    executor.spawn(async move { read.send(reader.read(16, <[u8]>::to_vec).await.unwrap()).unwrap() });
    executor.spawn(async move {
        writer.write_all(&[7; 1_000_000], PATIENCE).await.unwrap();
        written.send(()).unwrap();
    });
    let (mut said, mut full) = (None, false);
    let mut bytes = vec![0; 1 << 20];
    let work = async {
        for turn in 0..1000 {
            // Stands for a computation of this length.
            thread::sleep(Duration::from_millis(10));
            yield_now().await;
            if turn == 3 {
                theirs.write_all(b"hi").unwrap();
            }
            while turn > 3 && theirs.read(&mut bytes).is_ok_and(|count| count > 0) {}
            said = said.take().or_else(|| heard.try_recv().ok());
            full |= all.try_recv().is_ok();
            if full && said.is_some() {
                return;
            }
        }
        panic!("{said:?} was read, and all was written: {full}");
    };
    async_std::task::block_on(executor.run(work));
    assert_eq!(said.unwrap(), b"hi");
}

fn write_pair(folder: &Path, chain: &str, key: &str) {
    fs::write(folder.join("cert.pem"), chain).unwrap();
    fs::write(folder.join("key.pem"), key).unwrap();
}

#[test]
fn a_new_certificate_is_used_after_a_hangup_and_nobody_is_dropped() {
    let folder = Folder::new();
    let (one, two) = (certificate::make_key().unwrap(), certificate::make_key().unwrap());
    let paper = |key: &str| certificate::self_signed(key, "test").unwrap();
    write_pair(folder.path(), &paper(&one), &one);
    let path = |file: &str| folder.path().join(file).to_str().unwrap().to_owned();
    let server =
        Server::start(&["--listen", "tls://127.0.0.1:0", "--cert", &path("cert.pem"), "--key", &path("key.pem")]);
    let (address, key) = tls_of(&server);
    assert_eq!(key, certificate::load(&paper(&one), &one).unwrap().fingerprint);
    let mut ann = Talk::tls(address, &credential()).join("ann");
    for (bad_chain, bad_key) in [("", ""), (paper(&two).as_str(), one.as_str()), ("nonsense", &two)] {
        write_pair(folder.path(), bad_chain, bad_key);
        server.signal(Signal::HUP);
        server.logs("event=reload_failed");
    }
    let mut bob = Talk::tls(address, &credential()).join("bob");
    write_pair(folder.path(), &paper(&two), &two);
    server.signal(Signal::HUP);
    let told = server.logs("event=reloaded key=");
    let shown = certificate::load(&paper(&two), &two).unwrap().fingerprint;
    assert!(told.contains(&shown.to_string()), "{told}");
    let mut eve = Talk::tls(address, &credential()).join("eve");
    for (at, talk) in [&mut ann, &mut bob, &mut eve].into_iter().enumerate() {
        talk.ask(&format!("@ref={at} x | all clients | broadcast | still here"), "accepted");
    }
    assert!(server.printed.recv_timeout(PATIENCE).is_ok(), "the passphrase is printed");
}

#[test]
fn a_certificate_without_its_key_proves_nothing() {
    let server = Server::start(&["--listen", "tls://127.0.0.1:0"]);
    let (address, _) = tls_of(&server);
    let (ann, thief) = (credential(), credential());
    let mut real = Talk::tls(address, &ann).join("ann");
    let copied = CertifiedKey::new(ann.certified.cert.clone(), Arc::clone(&thief.certified.key));
    let copied = Credential { certified: Arc::new(copied), fingerprint: ann.fingerprint };
    let mut talk = Talk::tls(address, &copied);
    talk.try_send(b"ann | server | take_over | ann\n");
    assert_eq!(talk.hear(), "", "not even a greeting");
    real.ask("@ref=1 x | x | echo | still here", "still here");
    // And nobody else got in.
    real.ask("@ref=2 x | server | list_clients", "clients connected: ann");
}

#[test]
fn a_server_on_all_addresses_prints_only_reachable_ones() {
    let server = Server::start(&["--listen", "tls://0.0.0.0:0"]);
    let line = server.printed.recv_timeout(PATIENCE).unwrap();
    let (address, way) = line.split_once("; join with: ").unwrap();
    let port = address.rsplit(':').next().unwrap();
    assert!(way.contains(&format!(" --server tls://HOST:{port} --fingerprint SHA256:")), "{line}");
}

#[test]
fn an_unfinished_handshake_is_cut() {
    use std::io::Read as _;
    let server = Server::start(&["--listen", "tls://127.0.0.1:0"]);
    let (address, _) = tls_of(&server);
    let mut silent = std::net::TcpStream::connect(address).unwrap();
    silent.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut plain = std::net::TcpStream::connect(address).unwrap();
    plain.set_read_timeout(Some(PATIENCE)).unwrap();
    std::io::Write::write_all(&mut plain, b"ann | server | name | ann\n").unwrap();
    let mut said = Vec::new();
    let _ = plain.read_to_end(&mut said);
    assert!(!said.windows(4).any(|bytes| bytes == b"TR2."), "{said:?}");
    // Others come in meanwhile.
    Talk::tls(address, &credential()).join("bob");
    let mut said = Vec::new();
    let _ = silent.read_to_end(&mut said);
    assert!(!said.windows(4).any(|bytes| bytes == b"TR2."), "{said:?}");
}
