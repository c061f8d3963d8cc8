//! Several servers with one key: a client whose server is gone is at another one within three seconds. Each has a data folder
//! of its own here, in place of the log that nodes share.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;
use tr2::net::certificate;

use crate::person::{Launch, Person};
use crate::secure::{Talk, credential, tls_of};
use crate::serving::{Folder, PATIENCE, Server, TR2, lines_of};

/// Within this time, a client is to be at another server.
const MOVED: Duration = Duration::from_secs(3);

/// The key that all of them have.
struct SharedKey(Folder);

impl SharedKey {
    fn new() -> Self {
        let folder = Folder::new();
        let key = certificate::make_key().unwrap();
        fs::write(folder.path().join("key.pem"), &key).unwrap();
        fs::write(folder.path().join("cert.pem"), certificate::self_signed(&key, "test").unwrap()).unwrap();
        Self(folder)
    }

    /// A server with this key, and its address.
    fn serve(&self) -> (Server, String) {
        self.serve_at("127.0.0.1:0")
    }

    fn serve_at(&self, address: &str) -> (Server, String) {
        let path = |name: &str| self.0.path().join(name).display().to_string();
        let listen = format!("tls://{address}");
        let server = Server::start(&["--listen", &listen, "--cert", &path("cert.pem"), "--key", &path("key.pem")]);
        let address = tls_of(&server).0;
        (server, format!("tls://{address}"))
    }
}

/// The address and port in a `tls://` address.
fn socket(url: &str) -> SocketAddr {
    url.trim_start_matches("tls://").parse().unwrap()
}

/// Whether somebody has joined a server; its log takes a moment.
fn has_joined(server: &Server) -> bool {
    let lines = std::iter::from_fn(|| server.log.recv_timeout(Duration::from_secs(1)).ok());
    lines.into_iter().any(|line| line.contains("event=joined"))
}

/// A client on pipes, in a home of its own.
struct Piped {
    child: Child,
    input: ChildStdin,
    said: Receiver<String>,
    _home: Folder,
}

impl Piped {
    fn join(options: &[&str]) -> Self {
        Self::join_through(&[], options)
    }

    /// Joins by way of another program, which ends in what it is given.
    fn join_through(through: &[&str], options: &[&str]) -> Self {
        let home = Folder::new();
        let words = [through, &[TR2, "join", "--name", "ann"]].concat();
        let mut command = Command::new(words[0]);
        command.args(&words[1..]).args(options).env("HOME", home.path()).env("LC_ALL", "C.UTF-8");
        for variable in ["XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME"] {
            command.env_remove(variable);
        }
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().unwrap();
        let (input, said) = (child.stdin.take().unwrap(), lines_of(child.stdout.take().unwrap()));
        Self { child, input, said, _home: home }
    }

    fn writes(&mut self, line: &str) {
        writeln!(self.input, "{line}").unwrap();
    }

    #[track_caller]
    fn says(&self, words: &str) -> String {
        loop {
            let line = self.said.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("no line with {words}"));
            if line.contains(words) {
                return line;
            }
        }
    }
}

impl Drop for Piped {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn on_a_screen_a_person_whose_server_dies_is_at_the_next_one_within_three_seconds() {
    let shared = SharedKey::new();
    let ((one, here), (_two, there)) = (shared.serve(), shared.serve());
    let home = Arc::new(Folder::new());
    let server = format!("{here},{there}");
    let mut ann = Person::at_home(&home, &["--name", "ann", "--server", &server], Launch::default());
    let mut eve = Talk::tls(socket(&here), &credential()).join("eve");
    eve.until(" | joined | ann");
    ann.says("first said here");
    eve.until("first said here");
    let mut bob = Talk::tls(socket(&there), &credential()).join("bob");
    one.signal(Signal::KILL);
    let begun = Instant::now();
    let host = there.trim_start_matches("tls://").to_owned();
    ann.sees(&format!("Online again, by {host}."));
    let took = begun.elapsed();
    println!("on the screen: {took:?}");
    assert!(took < MOVED, "{took:?}");
    bob.until(" | joined | ann");
    ann.says("and here I am");
    bob.until("and here I am");
    ann.sees(&format!("ann@{host}"));
}

#[test]
fn a_program_goes_on_at_the_next_server_and_loses_no_order() {
    let shared = SharedKey::new();
    let ((one, here), (_two, there)) = (shared.serve(), shared.serve());
    let mut ann = Piped::join(&["--json", "--server", &here, "--server", &there]);
    let first = ann.says("\"event\":\"online\"");
    assert!(first.contains(&format!("\"server\":\"{here}\"")), "{first}");
    let mut bob = Talk::tls(socket(&there), &credential()).join("bob");
    one.signal(Signal::KILL);
    let begun = Instant::now();
    ann.writes(r#"{"op":"say","text":"while it is gone","label":"a"}"#);
    let again = ann.says("\"event\":\"online\"");
    println!("a program: {:?}", begun.elapsed());
    assert!(begun.elapsed() < MOVED, "{:?}", begun.elapsed());
    assert!(again.contains(&format!("\"server\":\"{there}\"")), "{again}");
    ann.says("\"label\":\"a\"");
    bob.until("while it is gone");
}

#[test]
fn a_pipe_goes_on_at_the_next_server() {
    let shared = SharedKey::new();
    let ((one, here), (_two, there)) = (shared.serve(), shared.serve());
    let mut ann = Piped::join(&["--plain", "--server", &format!("{here},{there}")]);
    let mut bob = Talk::tls(socket(&there), &credential()).join("bob");
    one.logs("event=joined");
    one.signal(Signal::KILL);
    let begun = Instant::now();
    ann.writes("on a pipe");
    bob.until("on a pipe");
    println!("a pipe: {:?}", begun.elapsed());
    assert!(begun.elapsed() < MOVED, "{:?}", begun.elapsed());
}

#[test]
fn a_server_with_another_key_gets_nothing_of_those_who_come_from_the_first() {
    let (shared, other) = (SharedKey::new(), SharedKey::new());
    let ((one, here), (two, there)) = (shared.serve(), other.serve());
    let home = Arc::new(Folder::new());
    let server = format!("{here},{there}");
    let mut ann = Person::at_home(&home, &["--name", "ann", "--server", &server], Launch::default());
    let mut eve = Talk::tls(socket(&here), &credential()).join("eve");
    eve.until(" | joined | ann");
    ann.says("first said here");
    eve.until("first said here");
    one.signal(Signal::KILL);
    ann.sees("is not the one of this");
    two.signal(Signal::TERM);
    let log: Vec<String> = two.log.iter().collect();
    assert!(!log.iter().any(|line| line.contains("event=joined")), "{log:?}");
    let known = fs::read_to_string(home.path().join("data/tr2/known_servers")).unwrap();
    assert_eq!(known.lines().count(), 1, "{known}");
}

#[test]
fn the_second_address_is_joined_if_the_first_is_gone_at_the_start_but_not_under_another_key() {
    let shared = SharedKey::new();
    let ((one, here), (two, there)) = (shared.serve(), shared.serve());
    let ask = |server: &str, home: &Folder| {
        let mut command = Command::new(TR2);
        command.args(["join", "--name", "ann", "--plain", "--server", server]).env("HOME", home.path());
        command.env("XDG_DATA_HOME", home.path()).env("LC_ALL", "C.UTF-8").stdin(Stdio::null());
        command.output().unwrap()
    };
    let home = Folder::new();
    assert!(ask(&here, &home).status.success());
    drop(one);
    let both = format!("{here},{there}");
    assert!(ask(&both, &home).status.success());
    let known = fs::read_to_string(home.path().join("tr2/known_servers")).unwrap();
    let keys: Vec<&str> = known.lines().filter_map(|line| line.split(' ').nth(1)).collect();
    assert!(keys.len() == 2 && keys[0] == keys[1], "one key, remembered under each: {known}");
    two.logs("event=joined");
    let (_other, elsewhere) = SharedKey::new().serve();
    let output = ask(&format!("{here},{elsewhere}"), &home);
    assert_eq!(output.status.code(), Some(3), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stderr).contains("is not the one of this chat's"), "{output:?}");
}

#[test]
fn a_name_with_several_addresses_leads_to_the_one_that_is_left() {
    if !Command::new("unshare").args(["-Urm", "true"]).status().is_ok_and(|status| status.success()) {
        return println!("skipped: no namespace in which a name could have two addresses");
    }
    let hosts = Folder::new();
    let names = hosts.path().join("hosts");
    fs::write(&names, "127.0.0.1 chat.test\n127.0.0.2 chat.test\n").unwrap();
    let shared = SharedKey::new();
    let (one, here) = shared.serve();
    let port = here.rsplit(':').next().unwrap().to_owned();
    let (two, _) = shared.serve_at(&format!("127.0.0.2:{port}"));
    let mount = r#"mount --bind "$0" /etc/hosts && exec "$@""#;
    let through = ["unshare", "-Urm", "sh", "-c", mount, names.to_str().unwrap()];
    let server = format!("tls://chat.test:{port}");
    let ann = Piped::join_through(&through, &["--json", "--server", &server]);
    ann.says("\"event\":\"online\"");
    let gone = if has_joined(&one) { &one } else { &two };
    gone.signal(Signal::KILL);
    let begun = Instant::now();
    let again = ann.says("\"event\":\"online\"");
    println!("one name: {:?}", begun.elapsed());
    assert!(again.contains("\"again\":true") && begun.elapsed() < MOVED, "{again} {:?}", begun.elapsed());
}

/// Greets one client as a server that is a node, accepts its name, tells it of `nodes`, and ends the connection once the
/// client has been told.
fn told(nodes: &str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("tcp://{}", listener.local_addr().unwrap());
    let frames = format!(
        "server | ann | connection_confirmation | hi\nserver | ann | nodes | {url} {nodes}\nserver | ann | ping | told\n"
    );
    thread::spawn(move || {
        let mut stream: TcpStream = listener.accept().unwrap().0;
        stream.write_all(b"server | client | name | TR2.26 accepted ping nodes\n").unwrap();
        for line in BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok) {
            match line.split(" | ").nth(2) {
                Some("name") => stream.write_all(frames.as_bytes()).unwrap(),
                Some("pong") => return,
                _ => {}
            }
        }
    });
    url
}

#[test]
fn a_client_goes_where_its_server_has_said_that_the_others_are() {
    let server = Server::start(&[]);
    let first = told(&format!("tls://127.0.0.1:1 tcp://{}", server.address));
    let mut ann = Piped::join(&["--json", "--server", &first]);
    ann.says("\"again\":false");
    let begun = Instant::now();
    let again = ann.says("\"again\":true");
    assert!(again.contains(&server.address.to_string()), "{again}");
    assert!(begun.elapsed() < MOVED, "{:?}", begun.elapsed());
    ann.writes(r#"{"op":"say","text":"followed","label":"b"}"#);
    ann.says("\"label\":\"b\"");
}
