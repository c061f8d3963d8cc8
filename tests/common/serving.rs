//! The real server as a process of its own, with a data folder of its own, and a TR2.26 client of a few lines.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

/// How long a test waits for something that must happen.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// The program.
pub(crate) const TR2: &str = env!("CARGO_BIN_EXE_tr2");

/// Copies the program to a file. Another process writes it: a file that this one has open to write, and with it any child
/// that another test starts just then, cannot be run.
pub(crate) fn copy_program(to: &Path) {
    assert!(Command::new("cp").arg(TR2).arg(to).status().unwrap().success());
}

/// A new temporary folder, deleted when this value is dropped.
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// A new folder that only this user may enter.
    pub(crate) fn new() -> Self {
        Self::below(&std::env::temp_dir())
    }

    /// A new folder within `parent`.
    pub(crate) fn below(parent: &Path) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = parent.join(format!("tr2-test-{}-{number}", std::process::id()));
        std::fs::DirBuilder::new().mode(0o700).create(&path).unwrap();
        Self(path)
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A running server, killed when this value is dropped.
pub(crate) struct Server {
    child: Child,
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// Its standard output, after the line with its address.
    pub(crate) printed: Receiver<String>,
    /// Its log (standard error).
    pub(crate) log: Receiver<String>,
    /// Its data.
    pub(crate) data: Folder,
}

impl Server {
    /// Starts a server on a free port, with these additional options.
    pub(crate) fn start(options: &[&str]) -> Self {
        let mut command = Command::new(TR2);
        command.arg("serve");
        Self::run(command, Folder::new(), options)
    }

    /// Starts a server through a command that ends in `tr2 serve`.
    pub(crate) fn run(mut command: Command, data: Folder, options: &[&str]) -> Self {
        command.args(["--listen", "tcp://127.0.0.1:0", "--data"]).arg(data.path()).args(options);
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let printed = lines_of(child.stdout.take().unwrap());
        let log = lines_of(child.stderr.take().unwrap());
        let Ok(first) = printed.recv_timeout(PATIENCE) else {
            panic!("no line says where it serves: {:?}", log.iter().collect::<Vec<_>>());
        };
        let address = first.split("tcp://").nth(1).and_then(|rest| rest.split(';').next()).unwrap();
        Self { child, address: address.parse().unwrap(), printed, log, data }
    }

    /// The moderator passphrase that it printed.
    pub(crate) fn passphrase(&self) -> String {
        let line = self.printed.recv_timeout(PATIENCE).expect("a moderator passphrase");
        line.rsplit(' ').next().unwrap().to_owned()
    }

    /// Its process.
    pub(crate) fn pid(&self) -> Pid {
        Pid::from_child(&self.child)
    }

    /// Sends it a signal.
    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Waits for a log line that holds these words.
    pub(crate) fn logs(&self, words: &str) -> String {
        loop {
            let line = self.log.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("no log line with {words}"));
            if line.contains(words) {
                return line;
            }
        }
    }

    /// Waits for its end and says how long that took.
    pub(crate) fn end(&mut self) -> (ExitStatus, Duration) {
        let start = Instant::now();
        // Its output ends when it does.
        while self.log.recv_timeout(PATIENCE).is_ok() {}
        assert!(start.elapsed() < PATIENCE, "it does not end");
        (self.child.wait().unwrap(), start.elapsed())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits for the end of a process; its exit status.
pub(crate) fn ended(child: &mut Child) -> Option<i32> {
    let start = Instant::now();
    while start.elapsed() < PATIENCE {
        if let Some(status) = child.try_wait().unwrap() {
            return status.code();
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill().unwrap();
    panic!("it does not end");
}

/// The lines of a stream as they come.
pub(crate) fn lines_of(stream: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    receiver
}

/// A TR2.26 client: lines out, lines in.
pub(crate) struct Peer(BufReader<TcpStream>);

impl Peer {
    /// Connects and reads the greeting.
    pub(crate) fn connect(address: SocketAddr) -> Self {
        Self::on(TcpStream::connect(address).unwrap())
    }

    /// Reads the greeting on a connection.
    pub(crate) fn on(stream: TcpStream) -> Self {
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_nodelay(true).unwrap();
        let mut peer = Self(BufReader::new(stream));
        let greeting = peer.hear();
        assert!(greeting.starts_with("server | client | name | TR2.26 "), "{greeting:?}");
        peer
    }

    /// Connects without waiting for a greeting.
    pub(crate) fn accepted(address: SocketAddr) -> TcpStream {
        TcpStream::connect(address).unwrap()
    }

    /// Connects and returns everything up to the end of the connection.
    pub(crate) fn over(address: SocketAddr) -> String {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        Self(BufReader::new(stream)).rest()
    }

    /// Connects and takes a name.
    pub(crate) fn join(address: SocketAddr, name: &str) -> Self {
        let mut peer = Self::connect(address);
        peer.say(&format!("{name} | server | name | {name}"));
        peer.until(" | connection_confirmation | ");
        peer
    }

    /// Says a line.
    pub(crate) fn say(&mut self, line: &str) {
        self.send(format!("{line}\n").as_bytes());
    }

    /// Sends bytes.
    pub(crate) fn send(&mut self, bytes: &[u8]) {
        self.0.get_mut().write_all(bytes).unwrap();
    }

    /// From now on, reads what comes and forgets it, so that it can say more than fits the buffers.
    pub(crate) fn hears_nothing(&mut self) {
        let mut stream = self.0.get_ref().try_clone().unwrap();
        std::thread::spawn(move || std::io::copy(&mut stream, &mut std::io::sink()));
    }

    /// The next line; empty at the end.
    pub(crate) fn hear(&mut self) -> String {
        let mut line = String::new();
        self.0.read_line(&mut line).expect("a line in time");
        line.trim_end_matches('\n').to_owned()
    }

    /// The next line that holds these words.
    pub(crate) fn until(&mut self, words: &str) -> String {
        loop {
            let line = self.hear();
            assert!(!line.is_empty(), "the connection ends before {words:?}");
            if line.contains(words) {
                return line;
            }
        }
    }

    /// Says a line and returns the next that holds these words.
    pub(crate) fn ask(&mut self, line: &str, words: &str) -> String {
        self.say(line);
        self.until(words)
    }

    /// Everything up to the end of the connection.
    pub(crate) fn rest(mut self) -> String {
        let mut rest = Vec::new();
        // A reset is an end too.
        let _ = self.0.read_to_end(&mut rest);
        String::from_utf8_lossy(&rest).into_owned()
    }

    /// Waits for the end of a connection, whatever is said on it.
    pub(crate) fn closes(mut stream: TcpStream) {
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let mut rest = Vec::new();
        // A reset is an end too.
        let _ = stream.read_to_end(&mut rest);
    }

    /// The socket.
    pub(crate) fn stream(&self) -> &TcpStream {
        self.0.get_ref()
    }
}

/// The value of a tag of a line.
pub(crate) fn tag<'a>(line: &'a str, key: &str) -> &'a str {
    let tags = line.split(' ').next().unwrap().trim_start_matches('@');
    tags.split(';')
        .find_map(|tag| tag.strip_prefix(key)?.strip_prefix('='))
        .unwrap_or_else(|| panic!("no {key} in {line}"))
}
