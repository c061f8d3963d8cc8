//! The server under a service manager, which these tests play: notifications, the watchdog, and passed sockets.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::os::fd::OwnedFd;
use std::os::linux::net::SocketAddrExt as _;
use std::os::unix::net::{SocketAddr as UnixAddr, UnixDatagram, UnixListener, UnixStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tr2::cli::{self, Invocation};

use crate::serving::{Folder, PATIENCE, Peer, Server, TR2};

// --------------------------------------------------------------------------------------------------- what it is told

/// The manager's end of the notification socket.
struct Manager {
    socket: UnixDatagram,
    /// The value of `NOTIFY_SOCKET`.
    place: String,
}

impl Manager {
    fn at_a_path(folder: &Folder) -> Self {
        let path = folder.path().join("notify");
        Self::new(UnixDatagram::bind(&path).unwrap(), path.display().to_string())
    }

    fn without_a_file() -> Self {
        let name = format!("tr2-test-{}", std::process::id());
        let socket = UnixDatagram::bind_addr(&UnixAddr::from_abstract_name(&name).unwrap()).unwrap();
        Self::new(socket, format!("@{name}"))
    }

    fn new(socket: UnixDatagram, place: String) -> Self {
        socket.set_read_timeout(Some(PATIENCE)).unwrap();
        Self { socket, place }
    }

    /// The next message.
    fn told(&self) -> String {
        let mut bytes = [0; 4096];
        let length = self.socket.recv(&mut bytes).expect("the manager is told something");
        String::from_utf8(bytes[..length].to_vec()).unwrap()
    }

    /// The next message other than `WATCHDOG=1`.
    fn news(&self) -> String {
        loop {
            let told = self.told();
            if !told.starts_with("WATCHDOG=1\n") {
                return told;
            }
        }
    }

    /// Starts a server that knows the manager, through a command that ends in `tr2 serve`.
    fn run(&self, mut command: Command, watchdog: Duration, options: &[&str]) -> Server {
        command.env("NOTIFY_SOCKET", &self.place).env("WATCHDOG_USEC", watchdog.as_micros().to_string());
        Server::run(command, Folder::new(), options)
    }

    fn start(&self, watchdog: Duration, options: &[&str]) -> Server {
        let mut command = Command::new(TR2);
        command.arg("serve");
        self.run(command, watchdog, options)
    }
}

#[test]
fn the_manager_is_notified_of_start_reloads_and_stop() {
    let folder = Folder::new();
    for manager in [Manager::at_a_path(&folder), Manager::without_a_file()] {
        let config = folder.path().join("tr2.conf");
        std::fs::write(&config, "# all\n").unwrap();
        let mut server = manager.start(Duration::from_secs(60), &["--config", config.to_str().unwrap()]);
        assert_eq!(manager.news(), "READY=1\nSTATUS=no users yet");
        // It is ready when it says so.
        let mut alice = Peer::join(server.address, "alice");
        for (text, status) in
            [("log = 3\n", "the last reload was refused; the log says why"), ("# all\n", "settings reloaded")]
        {
            std::fs::write(&config, text).unwrap();
            server.signal(Signal::HUP);
            let told = manager.news();
            let micros = told.strip_prefix("RELOADING=1\nMONOTONIC_USEC=").unwrap_or_else(|| panic!("{told}"));
            let now = rustix::time::clock_gettime(rustix::time::ClockId::Monotonic);
            let now = Duration::try_from(now).unwrap();
            let then = Duration::from_micros(micros.parse().unwrap());
            assert!(then <= now && now - then < PATIENCE, "{told} at {now:?}");
            assert_eq!(manager.news(), format!("READY=1\nSTATUS={status}"));
        }
        alice.ask("@ref=1 x | alice | echo | here", "@ref=1 ");
        server.signal(Signal::TERM);
        assert!(manager.news().starts_with("STOPPING=1"));
        alice.rest();
        assert_eq!(server.end().0.code(), Some(0));
    }
}

#[test]
fn the_watchdog_is_fed_when_idle_and_without_free_descriptors() {
    let (folder, watchdog) = (Folder::new(), Duration::from_millis(400));
    let manager = Manager::at_a_path(&folder);
    let mut command = Command::new("sh");
    command.args(["-c", "ulimit -n 48; exec \"$@\"", "sh", TR2, "serve"]);
    let server = manager.run(command, watchdog, &[]);
    manager.news();
    let signs = |count: u32| {
        let start = Instant::now();
        for _ in 0..count {
            let told = manager.told();
            assert!(told.starts_with("WATCHDOG=1\nSTATUS=") && told.ends_with(" users online"), "{told}");
        }
        start.elapsed()
    };
    let took = signs(4);
    assert!(took >= watchdog && took < 4 * watchdog, "{took:?}");
    let crowd: Vec<_> = (0..100).map(|_| TcpStream::connect(server.address).unwrap()).collect();
    server.logs("event=accept_failed");
    signs(4);
    drop(crowd);
}

#[test]
fn a_hanging_broker_does_not_feed_the_watchdog() {
    let folder = Folder::new();
    let manager = Manager::at_a_path(&folder);
    let mut command = Command::new(TR2);
    command.arg("serve").env("TR2_FAULTS", "1");
    let mut server = manager.run(command, Duration::from_millis(100), &[]);
    manager.told();
    assert!(manager.told().starts_with("WATCHDOG=1"), "it lives");
    if cfg!(not(debug_assertions)) {
        return println!("skipped: only a build for tests hangs when asked to");
    }
    let mut peer = Peer::connect(server.address);
    peer.say("hang in the broker");
    manager.socket.set_read_timeout(Some(Duration::from_millis(500))).unwrap();
    let start = Instant::now();
    while manager.socket.recv(&mut [0; 4096]).is_ok() {
        assert!(start.elapsed() < PATIENCE, "it still gives signs of life");
    }
    // It does not close any more, but the second signal ends it. (Two that wait for the process at once are one.)
    loop {
        server.signal(Signal::TERM);
        match server.log.recv_timeout(Duration::from_millis(100)) {
            Ok(line) if line.contains("event=ended_at_once") => break,
            _ => assert!(start.elapsed() < PATIENCE, "it does not end"),
        }
    }
    assert_eq!(server.end().0.code(), Some(1));
}

/// The address in the first line of a server's output, without the scheme.
fn first_place(child: &mut Child) -> String {
    let mut line = String::new();
    let mut reader = BufReader::new(child.stdout.take().unwrap());
    reader.read_line(&mut line).unwrap();
    // It has more to print, and would end if nobody read it.
    child.stdout = Some(reader.into_inner());
    let place = line.split(" serves at ").nth(1).and_then(|rest| rest.split(';').next());
    let place = place.unwrap_or_else(|| panic!("{line:?}"));
    place.split_once("://").map_or(place, |(_, rest)| rest).to_owned()
}

// ------------------------------------------------------------------------------------------------ sockets handed over

/// A server that was passed a named socket; killed when this value is dropped.
struct Activated(Child);

impl Activated {
    fn start(socket: OwnedFd, name: &str, data: &Folder, options: &[&str]) -> Self {
        // As systemd does it: the first socket is number 3, and the number of the process is in the environment.
        let script = "exec env LISTEN_PID=$$ LISTEN_FDS=1 LISTEN_FDNAMES=\"$0\" \"$@\" 3<&0 </dev/null";
        let child = Command::new("sh")
            .args(["-c", script, name, TR2, "serve", "--data"])
            .arg(data.path())
            .args(options)
            .env_remove("XDG_RUNTIME_DIR")
            .stdin(Stdio::from(socket))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        Self(child)
    }

    fn end(mut self) {
        kill_process(Pid::from_child(&self.0), Signal::TERM).unwrap();
        assert_eq!(self.0.wait().unwrap().code(), Some(0));
    }

    /// The exit status and the output of a server that cannot start.
    fn fails(mut self) -> (Option<i32>, String) {
        let mut said = String::new();
        std::io::Read::read_to_string(&mut self.0.stderr.take().unwrap(), &mut said).unwrap();
        (self.0.wait().unwrap().code(), said)
    }
}

impl Drop for Activated {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_passed_tcp_socket_outlives_its_servers_and_new_clients_wait() {
    let (data, listener) = (Folder::new(), TcpListener::bind("127.0.0.1:0").unwrap());
    let address = listener.local_addr().unwrap();
    for name in ["alice", "bob"] {
        // No server runs yet, and the kernel accepts the connection.
        let waiting = TcpStream::connect(address).unwrap();
        let mut server = Activated::start(listener.try_clone().unwrap().into(), "tr2.socket", &data, &[]);
        assert_eq!(first_place(&mut server.0), address.to_string(), "and not the default one");
        Peer::join(address, name);
        drop(waiting);
        server.end();
    }
}

#[test]
fn a_passed_socket_file_is_not_removed() {
    let (data, folder) = (Folder::new(), Folder::new());
    let path = folder.path().join("tr2.sock");
    let listener = UnixListener::bind(&path).unwrap();
    for _ in 0..2 {
        let mut server = Activated::start(listener.try_clone().unwrap().into(), "tr2.socket", &data, &[]);
        assert_eq!(first_place(&mut server.0), format!("unix:{}", path.display()));
        let stream = UnixStream::connect(&path).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let mut reader = BufReader::new(stream);
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        assert!(line.starts_with("server | client | name | TR2.26"), "{line}");
        // The kernel tells who is connecting, as on a socket of the server's own.
        reader.get_mut().write_all(b"x | server | name | somebody\nx | server | whois | somebody\n").unwrap();
        let uid = format!("uid:{}", rustix::process::geteuid().as_raw());
        while !line.contains(&uid) {
            line.clear();
            assert!(reader.read_line(&mut line).unwrap() > 0, "the identity is told");
        }
        drop(reader);
        server.end();
        assert!(path.exists());
    }
}

#[test]
fn a_passed_socket_named_tls_speaks_tls() {
    let (data, listener) = (Folder::new(), TcpListener::bind("0.0.0.0:0").unwrap());
    let port = listener.local_addr().unwrap().port();
    let mut server = Activated::start(listener.into(), "tls", &data, &[]);
    assert_eq!(first_place(&mut server.0), format!("0.0.0.0:{port}"));
    // It greets nobody before a handshake.
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.write_all(b"x | server | name | x\n").unwrap();
    let mut said = Vec::new();
    let _ = std::io::Read::read_to_end(&mut stream, &mut said);
    assert!(!said.starts_with(b"server"), "{said:?}");
    assert!(data.path().join("tls-key.pem").exists());
    server.end();
}

// S42: what the unit binds, the configuration may name as well.
#[test]
fn a_passed_socket_that_the_configuration_names_too_is_one_and_the_same() {
    let (data, folder) = (Folder::new(), Folder::new());
    let path = folder.path().join("tr2.sock");
    let unix = format!("unix:{}", path.display());
    // Through a link to its folder, too, as /var/run is one.
    let link = folder.path().join("link");
    std::os::unix::fs::symlink(folder.path(), &link).unwrap();
    let linked = format!("unix:{}", link.join("tr2.sock").display());
    let socket: OwnedFd = UnixListener::bind(&path).unwrap().into();
    for named in [&unix, &linked] {
        let options = ["--listen", named, "--listen", "tcp://127.0.0.1:0"];
        let mut server = Activated::start(socket.try_clone().unwrap(), "tr2.socket", &data, &options);
        assert!(first_place(&mut server.0).starts_with("127.0.0.1:"));
        UnixStream::connect(&path).unwrap();
        server.end();
        assert!(path.exists());
    }
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    for (name, scheme) in [("tr2.socket", "tcp"), ("tls", "tls")] {
        let named = format!("{scheme}://127.0.0.1:{port}");
        let mut server = Activated::start(listener.try_clone().unwrap().into(), name, &data, &["--listen", &named]);
        assert_eq!(first_place(&mut server.0), format!("127.0.0.1:{port}"));
        server.end();
    }
    // One for every address covers each of them.
    let listener = TcpListener::bind("[::]:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    for named in ["0.0.0.0", "127.0.0.1", "[::]", "[::1]"] {
        let named = format!("tls://{named}:{port}");
        let mut server = Activated::start(listener.try_clone().unwrap().into(), "tls", &data, &["--listen", &named]);
        assert_eq!(first_place(&mut server.0), format!("[::]:{port}"));
        server.end();
    }
    // In plain text it is not what an address with TLS asks for.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let named = format!("tls://{}", listener.local_addr().unwrap());
    let (status, said) = Activated::start(listener.into(), "x", &data, &["--listen", &named]).fails();
    assert!(status == Some(1) && said.contains("another program is listening there"), "{said}");
}

#[test]
fn unusable_sockets_are_refused_and_foreign_descriptors_left_alone() {
    let data = Folder::new();
    let open = || TcpListener::bind("0.0.0.0:0").unwrap();
    let (status, said) = Activated::start(open().into(), "tr2.socket", &data, &[]).fails();
    assert!(
        status == Some(2) && said.contains("is not encrypted") && said.contains("FileDescriptorName=tls"),
        "{said}"
    );
    let listener = open();
    let mut server = Activated::start(listener.into(), "tr2.socket", &data, &["--insecure-plaintext"]);
    first_place(&mut server.0);
    server.end();
    let (datagrams, _other) = UnixDatagram::pair().unwrap();
    let (status, said) = Activated::start(datagrams.into(), "x", &data, &[]).fails();
    assert!(status == Some(1) && said.contains("neither TCP nor a Unix stream socket"), "{said}");
    let (connected, _other) = UnixStream::pair().unwrap();
    let (status, said) = Activated::start(connected.into(), "x", &data, &[]).fails();
    assert!(status == Some(1) && said.contains("does not listen"), "{said}");
    // Meant for another process: leftovers in an environment.
    let mut command = Command::new(TR2);
    command.arg("serve").env("LISTEN_PID", "1").env("LISTEN_FDS", "5");
    Peer::join(Server::run(command, data, &[]).address, "alice");
}

// ------------------------------------------------------------------------------------------------ the shipped units

#[test]
fn the_shipped_unit_starts_this_server() {
    let read = |name: &str| {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("man").join(name);
        std::fs::read_to_string(path).unwrap()
    };
    let (service, socket) = (read("tr2.service"), read("tr2.socket"));
    let start = service.lines().find_map(|line| line.strip_prefix("ExecStart=")).unwrap();
    let words: Vec<String> = start.split(' ').skip(1).map(str::to_owned).collect();
    assert!(matches!(cli::parse(&words), Ok(Invocation::Run(cli::Subcommand::Serve(_)))), "{start}");
    for line in [
        "Type=notify",
        "ExecReload=tr2 serve --reload --data /var/lib/tr2",
        "DynamicUser=yes",
        "StateDirectoryMode=0700",
    ] {
        assert!(service.lines().any(|there| there == line), "{line}");
    }
    assert!(service.contains("\nWatchdogSec=") && !service.contains("\nPrivateUsers="));
    // Where `tr2 join` looks.
    assert!(socket.contains("\nListenStream=/run/tr2/tr2.sock\n"));
}
