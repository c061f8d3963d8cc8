//! Untrustworthy servers: the real client sends them nothing and keeps its list of known servers, which must be whole.

use std::fs::{self, Permissions};
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustls::sign::CertifiedKey;
use rustls::{Connection, ServerConnection};
use tr2::client::destination::Proved;
use tr2::client::link::trust::{self, Expected, KeyCheck, KnownServer};
use tr2::model::Fingerprint;
use tr2::model::url::Host;
use tr2::net::certificate::Credential;
use tr2::net::tls_config::Acceptor;

use crate::secure::{credential, tls_of};
use crate::serving::{Folder, Server, TR2};

/// A person's own files.
struct Home(Folder);

impl Home {
    fn new() -> Self {
        Self(Folder::new())
    }

    fn known_servers(&self) -> PathBuf {
        self.0.path().join("tr2/known_servers")
    }

    fn identity(&self) -> PathBuf {
        self.0.path().join("tr2/identity")
    }

    fn command(&self, server: &str, options: &[&str]) -> Command {
        let mut command = Command::new(TR2);
        command.env("LC_ALL", "C.UTF-8").args(["join", "--commands", "--server", server]).args(options);
        command
            .env("XDG_DATA_HOME", self.0.path())
            .env("HOME", self.0.path())
            .env_remove("SSL_CERT_FILE")
            .env("LOGNAME", "ann");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn begin(&self, server: &str, options: &[&str]) -> Child {
        self.command(server, options).spawn().unwrap()
    }

    /// Runs the client, which tries to send something secret, and waits for its end.
    fn join(&self, server: &str, options: &[&str]) -> Output {
        finish(self.begin(server, options))
    }
}

fn finish(mut child: Child) -> Output {
    // A client that does not get that far does not read its input.
    let _ = child.stdin.take().unwrap().write_all(b"a secret\n");
    child.wait_with_output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout)
}

/// Serves one connection after another with `serve`, on a free port.
fn serve<T: Send + 'static>(
    count: usize,
    serve: impl Fn(TcpStream) -> T + Send + 'static,
) -> (SocketAddr, thread::JoinHandle<Vec<T>>) {
    serve_at(TcpListener::bind("127.0.0.1:0").unwrap(), count, serve)
}

fn serve_at<T: Send + 'static>(
    listener: TcpListener,
    count: usize,
    serve: impl Fn(TcpStream) -> T + Send + 'static,
) -> (SocketAddr, thread::JoinHandle<Vec<T>>) {
    let address = listener.local_addr().unwrap();
    let served = thread::spawn(move || {
        let one = || {
            let mut waits = [PollFd::new(&listener, PollFlags::IN)];
            let patience = Timespec::try_from(crate::serving::PATIENCE).unwrap();
            assert_eq!(poll(&mut waits, Some(&patience)), Ok(1), "nobody connects");
            let stream = listener.accept().unwrap().0;
            stream.set_read_timeout(Some(crate::serving::PATIENCE)).unwrap();
            serve(stream)
        };
        (0..count).map(|_| one()).collect()
    });
    (address, served)
}

/// Speaks TLS as a server with this credential, greets each client, and returns the plaintext that it sent.
fn tls_server(credential: &Credential) -> impl Fn(TcpStream) -> Vec<u8> + Send + use<> {
    let acceptor = Acceptor::new(credential).unwrap();
    move |mut stream| {
        let mut tls: Connection = ServerConnection::into(acceptor.accept().unwrap());
        let mut plain = Vec::new();
        loop {
            while tls.wants_write() {
                if tls.write_tls(&mut stream).is_err() {
                    return plain;
                }
            }
            match tls.read_tls(&mut stream) {
                Ok(0) | Err(_) => return plain,
                Ok(_) => {}
            }
            if tls.process_new_packets().is_err() {
                return plain;
            }
            let _ = tls.reader().read_to_end(&mut plain);
        }
    }
}

fn remember(home: &Home, address: SocketAddr, known: KnownServer) {
    let host = Host { name: address.ip().to_string(), port: address.port() };
    fs::create_dir_all(home.known_servers().parent().unwrap()).unwrap();
    fs::write(home.known_servers(), trust::with("# mine\n", &host, known)).unwrap();
}

#[test]
fn a_server_with_a_changed_key_gets_nothing_a_hundred_times() {
    let (home, other) = (Home::new(), credential());
    let (address, served) = serve(100, tls_server(&other));
    remember(&home, address, KnownServer::Key(credential().fingerprint));
    let before = fs::read(home.known_servers()).unwrap();
    for round in 0..25 {
        let children: Vec<Child> = (0..4).map(|_| home.begin(&format!("tls://{address}"), &[])).collect();
        for child in children {
            let output = finish(child);
            let words = said(&output);
            assert_eq!(output.status.code(), Some(3), "{round}: {words}");
            assert!(words.contains(&other.fingerprint.to_string()) && words.contains("--fingerprint"), "{words}");
        }
    }
    assert!(served.join().unwrap().iter().all(Vec::is_empty));
    assert_eq!(fs::read(home.known_servers()).unwrap(), before);
}

#[test]
fn a_server_with_a_wrong_pin_gets_nothing_and_is_not_remembered() {
    let (home, other) = (Home::new(), credential());
    let (address, served) = serve(1, tls_server(&other));
    let pin = Fingerprint([7; 32]).to_string();
    let output = home.join(&format!("tls://{address}"), &["--fingerprint", &pin]);
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    assert!(served.join().unwrap().iter().all(Vec::is_empty));
    assert!(!home.known_servers().exists());
}

#[test]
fn a_copied_certificate_without_its_key_gets_nothing() {
    let (real, thief) = (credential(), credential());
    let stolen = CertifiedKey::new(real.certified.cert.clone(), Arc::clone(&thief.certified.key));
    let stolen = Credential { certified: Arc::new(stolen), fingerprint: real.fingerprint };
    let home = Home::new();
    let (address, served) = serve(3, tls_server(&stolen));
    let url = format!("tls://{address}");
    // The same holds for known, pinned and new servers.
    let first = home.join(&url, &[]);
    assert!(!home.known_servers().exists());
    let pinned = home.join(&url, &["--fingerprint", &real.fingerprint.to_string()]);
    remember(&home, address, KnownServer::Key(real.fingerprint));
    let known = home.join(&url, &[]);
    for output in [first, pinned, known] {
        assert_eq!(output.status.code(), Some(3), "{}", said(&output));
        assert!(said(&output).contains("a certificate whose private key it does not have"), "{}", said(&output));
    }
    assert!(served.join().unwrap().iter().all(Vec::is_empty));
}

/// The ServerHello of a server that knows only TLS 1.2.
fn old_hello() -> Vec<u8> {
    let mut body = vec![3, 3];
    body.extend([9; 32]);
    body.extend([0, 0xC0, 0x2F, 0]);
    let mut hello = vec![22, 3, 3, 0, 4 + body.len() as u8, 2, 0, 0, body.len() as u8];
    hello.extend(body);
    hello
}

#[test]
fn a_stripped_or_downgraded_handshake_gets_no_byte_from_the_client() {
    let cases: Vec<(&str, Option<Vec<u8>>)> = vec![
        ("plain tr2", Some(b"server | client | name | TR2.26 accepted identity\n".to_vec())),
        ("TR2.23", Some(b"server | client | name | no data".to_vec())),
        ("http", Some(b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec())),
        ("TLS 1.2", Some(old_hello())),
        ("an alert", Some(vec![21, 3, 3, 0, 2, 2, 70])),
        ("garbage", Some(vec![0xFF; 4096])),
        ("the end", Some(Vec::new())),
        ("a reset", None),
    ];
    for (name, answer) in cases {
        let home = Home::new();
        let (address, served) = serve(1, move |mut stream| {
            let mut hello = vec![0; 16 * 1024];
            let length = stream.read(&mut hello).unwrap();
            hello.truncate(length);
            match &answer {
                Some(bytes) => stream.write_all(bytes).unwrap(),
                None => {
                    let at_once = rustix::net::sockopt::set_socket_linger(&stream, Some(Duration::ZERO));
                    at_once.unwrap();
                    return hello;
                }
            }
            stream.shutdown(std::net::Shutdown::Write).unwrap();
            let _ = stream.read_to_end(&mut hello);
            hello
        });
        let output = home.join(&format!("tls://{address}"), &["--name", "ann"]);
        assert!(matches!(output.status.code(), Some(1 | 3)), "{name}: {}", said(&output));
        assert!(!home.known_servers().exists(), "{name}");
        for sent in served.join().unwrap() {
            // Handshake records, alerts and the compatibility ChangeCipherSpec of TLS 1.3 carry no data.
            let mut rest = sent.as_slice();
            while let [kind, _, _, high, low, tail @ ..] = rest {
                assert!([20, 21, 22].contains(kind), "{name}: a record of kind {kind}");
                rest = tail.get(usize::from(*high) * 256 + usize::from(*low)..).unwrap_or_default();
            }
            let holds = |words: &[u8]| sent.windows(words.len()).any(|bytes| bytes == words);
            assert!(!holds(b"ann") && !holds(b"secret"), "{name}");
        }
    }
}

#[test]
fn twenty_first_connections_at_once_leave_a_valid_list() {
    let home = Home::new();
    let servers: Vec<Server> = (0..4).map(|_| Server::start(&["--listen", "tls://127.0.0.1:0"])).collect();
    let places: Vec<_> = servers.iter().map(tls_of).collect();
    let children: Vec<Child> =
        (0..20).map(|at| home.begin(&format!("tls://{}", places[at % 4].0), &["--name", &format!("n{at}")])).collect();
    for child in children {
        let output = finish(child);
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    }
    let list = fs::read_to_string(home.known_servers()).unwrap();
    assert_eq!(list.lines().count(), 4, "{list}");
    for (address, key) in places {
        let host = Host { name: "127.0.0.1".to_owned(), port: address.port() };
        assert_eq!(trust::find(&list, &host), Some(KnownServer::Key(key)));
    }
    let mut files: Vec<_> =
        fs::read_dir(home.0.path().join("tr2")).unwrap().map(|file| file.unwrap().file_name()).collect();
    files.sort();
    assert_eq!(files, ["identity", "known_servers", "known_servers.lock"]);
}

#[test]
fn a_key_readable_by_others_is_not_used() {
    use std::os::unix::fs::PermissionsExt as _;
    let home = Home::new();
    let server = Server::start(&["--listen", "tls://127.0.0.1:0"]);
    let url = format!("tls://{}", tls_of(&server).0);
    assert_eq!(home.join(&url, &[]).status.code(), Some(0));
    let identity = home.0.path().join("tr2/identity");
    for (mode, code) in [(0o640, 1), (0o604, 1), (0o620, 1), (0o400, 0)] {
        fs::set_permissions(&identity, Permissions::from_mode(mode)).unwrap();
        let output = home.join(&url, &[]);
        assert_eq!(output.status.code(), Some(code), "{mode:o} {}", said(&output));
        assert!(code == 0 || said(&output).contains("other users can read it"), "{mode:o} {}", said(&output));
    }
}

/// A certificate authority, and a key with a certificate that it issued, all in PEM.
fn vouched_for(name: &str) -> (String, String, String) {
    let authority_key = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).unwrap();
    let mut params = rcgen::CertificateParams::default();
    params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let authority = params.self_signed(&authority_key).unwrap();
    let issuer = rcgen::Issuer::from_params(&params, &authority_key);
    let key = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).unwrap();
    let leaf = rcgen::CertificateParams::new(vec![name.to_owned()]).unwrap().signed_by(&key, &issuer).unwrap();
    (authority.pem(), leaf.pem(), key.serialize_pem())
}

fn at(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn a_server_vouched_for_once_must_stay_vouched_for() {
    let (home, folder) = (Home::new(), Folder::new());
    let (authority, chain, key) = vouched_for("localhost");
    let roots = at(folder.path(), "roots.pem", &authority);
    let (chain, key) = (at(folder.path(), "chain.pem", &chain), at(folder.path(), "key.pem", &key));
    let server = Server::start(&["--listen", "tls://127.0.0.1:0", "--cert", &chain, "--key", &key]);
    let (address, _) = tls_of(&server);
    let url = format!("tls://localhost:{}", address.port());
    let join = |roots: &str, url: &str| {
        finish(home.command(url, &["--name", "ann"]).env("SSL_CERT_FILE", roots).spawn().unwrap())
    };
    let output = join(&roots, &url);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let list = fs::read_to_string(home.known_servers()).unwrap();
    assert_eq!(list, format!("localhost:{} authority\n", address.port()));
    assert_eq!(join(&roots, &url).status.code(), Some(0));
    // An IP address says nothing about its owner: there the key counts.
    assert_eq!(join(&roots, &format!("tls://{address}")).status.code(), Some(0));
    assert!(fs::read_to_string(home.known_servers()).unwrap().contains(&format!("{address} SHA256:")));
    // Without the authority neither the same server nor another one under the same name is known.
    let nobody = at(folder.path(), "nobody.pem", &vouched_for("localhost").0);
    let output = join(&nobody, &url);
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    assert!(said(&output).contains("a key that a certificate authority vouches for"), "{}", said(&output));
}

#[test]
fn server_keys_are_judged() {
    let [one, two] = [Fingerprint([1; 32]), Fingerprint([2; 32])];
    let (key, authority) = (KnownServer::Key, KnownServer::Authority);
    for (pin, known, vouched, verdict) in [
        (None, None, false, KeyCheck::First(key(one))),
        (None, None, true, KeyCheck::First(authority)),
        (None, Some(key(one)), false, KeyCheck::Same),
        (None, Some(key(two)), false, KeyCheck::Changed { known: key(two), shown: one }),
        // A server known by its key is not known by an authority.
        (None, Some(key(two)), true, KeyCheck::Changed { known: key(two), shown: one }),
        (None, Some(authority), true, KeyCheck::Same),
        (None, Some(authority), false, KeyCheck::Changed { known: authority, shown: one }),
        (Some(one), None, false, KeyCheck::First(key(one))),
        (Some(one), Some(key(one)), false, KeyCheck::Same),
        (Some(one), Some(key(two)), false, KeyCheck::First(key(one))),
        (Some(one), Some(authority), false, KeyCheck::First(key(one))),
        (Some(two), None, true, KeyCheck::Changed { known: key(two), shown: one }),
        (Some(two), Some(key(one)), true, KeyCheck::Changed { known: key(two), shown: one }),
    ] {
        assert_eq!(trust::check(pin, known, one, || vouched), verdict, "{pin:?} {known:?} {vouched}");
    }
}

#[test]
fn the_servers_of_one_chat_are_held_to_one_key() {
    let [one, two] = [Fingerprint([1; 32]), Fingerprint([2; 32])];
    let (key, authority) = (KnownServer::Key, KnownServer::Authority);
    let stranger = |known| KeyCheck::Stranger { known, shown: one };
    for (expected, known, vouched, verdict) in [
        (Expected::Nothing, None, false, KeyCheck::First(key(one))),
        (Expected::Key(one), None, false, KeyCheck::First(key(one))),
        (Expected::Key(one), None, true, KeyCheck::First(authority)),
        (Expected::Key(one), Some(key(one)), false, KeyCheck::Same),
        // What is remembered of the address itself counts as well.
        (Expected::Key(one), Some(key(two)), false, KeyCheck::Changed { known: key(two), shown: one }),
        (Expected::Key(two), None, false, stranger(key(two))),
        (Expected::Key(two), None, true, stranger(key(two))),
        (Expected::Key(two), Some(key(one)), false, stranger(key(two))),
        (Expected::Vouched(None), None, true, KeyCheck::First(authority)),
        (Expected::Vouched(None), None, false, stranger(authority)),
        (Expected::Vouched(Some(two)), None, false, stranger(authority)),
        (Expected::Vouched(Some(two)), None, true, KeyCheck::First(authority)),
        // The same key is proof enough, but nothing to be remembered: an authority vouches for the chat.
        (Expected::Vouched(Some(one)), None, false, KeyCheck::Same),
    ] {
        let judged = trust::check_node(expected, (None, known), one, || vouched);
        assert_eq!(judged, verdict, "{expected:?} {known:?} {vouched}");
    }
    let (by_key, by_authority) = (Proved { key: one, vouched: false }, Proved { key: one, vouched: true });
    for (proved, is_told, remembered, expected) in [
        (None, false, None, Expected::Nothing),
        (None, false, Some(key(one)), Expected::Key(one)),
        (None, false, Some(authority), Expected::Vouched(None)),
        (Some(by_key), false, Some(key(two)), Expected::Key(one)),
        (Some(by_key), true, None, Expected::Key(one)),
        (Some(by_authority), false, None, Expected::Vouched(Some(one))),
        // Anybody can have an authority vouch for a name of their own.
        (Some(by_authority), true, None, Expected::Key(one)),
    ] {
        assert_eq!(Expected::of(proved, is_told, remembered), expected, "{proved:?} {is_told} {remembered:?}");
    }
}

#[test]
fn the_list_of_known_servers_keeps_unknown_lines() {
    let host = |name: &str| Host { name: name.to_owned(), port: 1235 };
    let one = Fingerprint([1; 32]);
    let list = format!("# by hand\n\nHOST:1235 authority\nhost:1236 {one}\nnonsense\n[::1]:1235 {one}\n");
    assert_eq!(trust::find(&list, &host("host")), Some(KnownServer::Authority));
    assert_eq!(trust::find(&list, &host("::1")), Some(KnownServer::Key(one)));
    assert_eq!(trust::find(&list, &host("other")), None);
    let list = trust::with(&list, &host("Host"), KnownServer::Key(one));
    assert_eq!(list, format!("# by hand\n\nhost:1236 {one}\nnonsense\n[::1]:1235 {one}\nhost:1235 {one}\n"));
}

#[test]
fn a_damaged_key_of_a_known_server_never_makes_it_a_new_one() {
    let (host, key) = (Host { name: "host".to_owned(), port: 1235 }, Fingerprint([9; 32]));
    let list = trust::with("# mine\n", &host, KnownServer::Key(key));
    let start = list.find("host").unwrap() + "host:1235".len();
    for at in start..list.len() - 1 {
        for byte in 0..=u8::MAX {
            let mut damaged = list.clone().into_bytes();
            damaged[at] = byte;
            // What is no text is refused before it is looked at.
            let Ok(damaged) = String::from_utf8(damaged) else { continue };
            let new = trust::unreadable_line(&damaged).is_none() && trust::find(&damaged, &host).is_none();
            assert!(!new, "byte {at} is {byte}: {damaged:?}");
        }
    }
    assert_eq!(trust::unreadable_line(&list), None);
    assert_eq!(trust::unreadable_line("# a\n\nh:1 authority\nx y\n"), Some(4));
}

#[test]
fn a_list_that_is_not_whole_is_refused_before_anything_is_sent() {
    type Damage = fn(&Path);
    let damages: [(&str, Damage, &str); 6] = [
        ("half", |list| fs::write(list, &fs::read(list).unwrap()[..30]).unwrap(), "line 1 is damaged"),
        ("garbage", |list| fs::write(list, "\0\0\0\n").unwrap(), "line 1 is damaged"),
        ("text", |list| fs::write(list, b"\xff\xfe\n").unwrap(), "valid UTF-8"),
        ("empty", |list| fs::write(list, "").unwrap(), "it is empty, although servers were remembered"),
        ("missing", |list| fs::remove_file(list).unwrap(), "it is missing, although servers were remembered"),
        (
            "folder",
            |list| {
                fs::remove_file(list).unwrap();
                fs::create_dir(list).unwrap();
            },
            "known_servers cannot be used",
        ),
    ];
    let server = Server::start(&["--listen", "tls://127.0.0.1:0"]);
    let url = format!("tls://{}", tls_of(&server).0);
    for (what, damage, words) in damages {
        let home = Home::new();
        let output = home.join(&url, &["--name", what]);
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        damage(&home.known_servers());
        let output = home.join(&url, &["--name", what]);
        assert_ne!(output.status.code(), Some(0), "{what}");
        assert!(said(&output).contains(words), "{what}: {}", said(&output));
    }
}

#[test]
fn a_damaged_key_of_one_s_own_is_refused_and_stays_as_it_is() {
    let server = Server::start(&["--listen", "tls://127.0.0.1:0"]);
    let url = format!("tls://{}", tls_of(&server).0);
    let home = Home::new();
    assert_eq!(home.join(&url, &[]).status.code(), Some(0));
    let identity = home.known_servers().with_file_name("identity");
    let whole = fs::read(&identity).unwrap();
    for damaged in [&whole[..0], &whole[..whole.len() / 2], b"garbage\n", b"\xff\xff\n"] {
        fs::write(&identity, damaged).unwrap();
        let output = home.join(&url, &[]);
        assert!(output.status.code() != Some(0) && said(&output).contains("identity"), "{}", said(&output));
        assert_eq!(fs::read(&identity).unwrap(), damaged);
    }
    fs::write(&identity, whole).unwrap();
    assert_eq!(home.join(&url, &[]).status.code(), Some(0));
}

#[test]
fn what_is_wrong_with_one_s_own_files_is_said_and_no_server_is_advised() {
    type Damage = fn(&Path);
    let damages: [(&str, Damage, &str); 4] = [
        ("open", |key| fs::set_permissions(key, Permissions::from_mode(0o644)).unwrap(), "identity cannot be used: "),
        ("empty", |key| fs::write(key, "").unwrap(), "identity cannot be used: "),
        (
            "folder",
            |key| {
                fs::remove_file(key).unwrap();
                fs::create_dir(key).unwrap();
            },
            "identity cannot be used: ",
        ),
        (
            "home",
            |key| {
                let folder = key.parent().unwrap();
                fs::remove_dir_all(folder).unwrap();
                fs::write(folder, "in the way").unwrap();
            },
            "cannot be used: ",
        ),
    ];
    let server = Server::start(&["--listen", "tls://127.0.0.1:0"]);
    let url = format!("tls://{}", tls_of(&server).0);
    for (what, damage, words) in damages {
        let home = Home::new();
        assert_eq!(home.join(&url, &["--name", what]).status.code(), Some(0), "{what}");
        damage(&home.identity());
        let output = home.join(&url, &["--name", what]);
        let complaint = said(&output);
        assert_eq!(output.status.code(), Some(1), "{what}: {complaint}");
        assert!(complaint.contains(&format!("tr2: {url} was not asked: ")) && complaint.contains(words), "{complaint}");
        assert!(!complaint.contains("tr2 serve") && !complaint.contains("os error"), "{complaint}");
    }
}

#[test]
fn a_name_that_cannot_be_resolved_is_said_to_be_so() {
    for url in ["tcp://no-such-host.invalid", "tls://no-such-host.invalid:9"] {
        let output = Home::new().join(url, &["--name", "ann"]);
        assert_eq!(output.status.code(), Some(1));
        let complaint = said(&output);
        assert!(complaint.contains("the name no-such-host.invalid c"), "{complaint}");
        assert!(complaint.contains("resolved") && !complaint.contains("tr2 serve"), "{complaint}");
    }
}
